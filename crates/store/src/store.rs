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
}

#[cfg(test)]
mod tests {
    use super::Store;
    use crate::{Outcome, Record, RecordActor, StoreError};
    use shuqiao_vocabulary::Moment;
    use sqlx::{Any, Pool};

    async fn open(folder: &tempfile::TempDir) -> Store {
        Store::open(&format!("sqlite://{}", folder.path().join("node.db").display())).await.unwrap()
    }

    fn record() -> Record {
        Record {
            at: Moment::from_microseconds(1),
            event: "Tested".to_owned(),
            actor: RecordActor::Nobody,
            subject: "node".to_owned(),
            related: Vec::new(),
            outcome: Outcome::Done,
            action: String::new(),
            policies: Vec::new(),
            policy_digest: String::new(),
            facts: [("filler".to_owned(), "x".repeat(20_000))].into(),
            request_id: String::new(),
            salt: [0; 16],
            idempotency: None,
        }
    }

    async fn number(pool: &Pool<Any>, text: &'static str) -> i64 {
        sqlx::query_scalar(text).fetch_one(pool).await.unwrap()
    }

    #[tokio::test]
    async fn every_commit_waits_for_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder).await;
        let journal: String = sqlx::query_scalar("pragma journal_mode").fetch_one(&store.pools.writer).await.unwrap();
        assert_eq!(journal, "wal");
        assert_eq!(number(&store.pools.writer, "pragma synchronous").await, 2, "full");
        assert_eq!(number(&store.pools.writer, "pragma foreign_keys").await, 1);
        assert_eq!(number(&store.pools.readers, "pragma query_only").await, 1);
    }

    /// INVARIANT (record-before-answer): a full disk refuses; it does not skip the record.
    #[tokio::test]
    async fn a_full_disk_refuses_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder).await;
        let pages = number(&store.pools.writer, "pragma page_count").await;
        let limit = format!("pragma max_page_count = {}", pages + 8);
        sqlx::query(sqlx::AssertSqlSafe(limit)).execute(&store.pools.writer).await.unwrap();
        let mut committed = 0;
        let refused = loop {
            match store.begin_write().await.unwrap().commit(record()).await {
                Ok(index) => committed = index + 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(refused, StoreError::Full), "{refused}");
        assert_eq!(store.begin_read().await.unwrap().log_head().await.unwrap(), committed);

        // There is room again: the log goes on where it stopped.
        sqlx::query("pragma max_page_count = 1000000").execute(&store.pools.writer).await.unwrap();
        assert_eq!(store.begin_write().await.unwrap().commit(record()).await.unwrap(), committed);
    }

    /// What SQLite does itself when a commit meets a full disk: the transaction is over, and the library's undoing fails.
    #[tokio::test]
    async fn a_transaction_that_sqlite_has_undone_does_not_take_the_writer_along() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder).await;
        let mut transaction = store.pools.writer.begin_with("begin immediate").await.unwrap();
        sqlx::query("rollback").execute(&mut *transaction).await.unwrap();
        drop(transaction);
        assert_eq!(store.begin_write().await.unwrap().commit(record()).await.unwrap(), 0);
    }
}
