//! The store and how transactions begin.

use crate::{
    conn::{Conn, Dialect, ReadTx},
    connect::{self, Pools},
    error::Result,
    tx::Tx,
};
use std::sync::Arc;

/// The database of a node. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pools: Arc<Pools>,
}

impl Store {
    /// Opens the database at `sqlite:///absolute/path/node.db` or `postgres://…`, creating the file when there is none,
    /// and brings its tables up to date.
    ///
    /// # Errors
    /// `Unavailable` when it cannot be opened, `TooNew` when a newer program wrote it, `Corrupt` when its migrations
    /// are not this program's.
    pub async fn open(url: &str) -> Result<Self> {
        Ok(Self { pools: Arc::new(connect::open(url).await?) })
    }

    /// Begins to write. On SQLite this waits for the one writer; on PostgreSQL writers meet only at rows they share and
    /// at the head of the log, which is taken last, in the commit.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached or stays busy.
    pub async fn begin_write(&self) -> Result<Tx> {
        let (begin, locks) = match self.pools.dialect {
            Dialect::Sqlite => ("begin immediate", false),
            Dialect::Postgres => ("begin isolation level read committed", true),
        };
        let transaction = self.pools.writer.begin_with(begin).await?;
        Ok(Tx::new(Conn::new(transaction, locks)))
    }

    /// Begins to read: every read sees the same snapshot.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached or stays busy.
    pub async fn begin_read(&self) -> Result<ReadTx> {
        let begin = match self.pools.dialect {
            Dialect::Sqlite => "begin",
            Dialect::Postgres => "begin isolation level repeatable read read only",
        };
        let transaction = self.pools.readers.begin_with(begin).await?;
        Ok(ReadTx::new(Conn::new(transaction, false)))
    }

    /// Ends all connections; transactions under way are waited for.
    pub async fn close(&self) {
        self.pools.readers.close().await;
        self.pools.writer.close().await;
    }

    #[cfg(test)]
    pub(crate) fn writer(&self) -> &sqlx::Pool<sqlx::Any> {
        &self.pools.writer
    }
}
