//! A connection inside a transaction. Reads are methods of [`Conn`], so that they serve readers and writers alike.

use crate::error::{Result, StoreError};
use shuqiao_vocabulary::Moment;
use sqlx::{Any, Row as _, any::AnyArguments, any::AnyRow};
use std::{
    fmt::Display,
    ops::{Deref, DerefMut},
    str::FromStr,
};

/// A statement with its values.
pub(crate) type Query = sqlx::query::Query<'static, Any, AnyArguments>;

/// Which database it is. The SQL is the same but for locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// A connection inside a transaction; what both [`ReadTx`] and [`Tx`](crate::Tx) can read.
#[derive(Debug)]
pub struct Conn {
    pub(crate) transaction: sqlx::Transaction<'static, Any>,
    /// Rows that are read in order to be written are locked where other writers could be at work: on PostgreSQL. On
    /// SQLite there is one writer.
    pub(crate) locks: bool,
    /// A statement failed. PostgreSQL then turns a commit into a rollback without a word; we refuse it, on both.
    pub(crate) failed: bool,
}

impl Conn {
    pub(crate) fn new(transaction: sqlx::Transaction<'static, Any>, locks: bool) -> Self {
        Self { transaction, locks, failed: false }
    }

    /// The first row, if there is one.
    pub(crate) async fn optional(&mut self, query: Query) -> Result<Option<Row>> {
        let found = query.fetch_optional(&mut *self.transaction).await;
        Ok(self.noted(found)?.map(Row))
    }

    /// The one row that must be there.
    pub(crate) async fn one(&mut self, query: Query) -> Result<Row> {
        self.optional(query).await?.ok_or(StoreError::NotFound)
    }

    /// Every row.
    pub(crate) async fn all(&mut self, query: Query) -> Result<Vec<Row>> {
        let found = query.fetch_all(&mut *self.transaction).await;
        Ok(self.noted(found)?.into_iter().map(Row).collect())
    }

    /// Every row, each read by `read`.
    pub(crate) async fn each<T>(&mut self, query: Query, read: impl Fn(&Row) -> Result<T>) -> Result<Vec<T>> {
        self.all(query).await?.iter().map(read).collect()
    }

    /// Writes; answers the number of rows. `what` is taken when a unique constraint refuses.
    pub(crate) async fn write(&mut self, query: Query, what: &'static str) -> Result<u64> {
        match query.execute(&mut *self.transaction).await {
            Ok(done) => Ok(done.rows_affected()),
            Err(error) => {
                self.failed = true;
                Err(StoreError::of_write(error, what))
            }
        }
    }

    /// Writes a row that must be there.
    pub(crate) async fn write_one(&mut self, query: Query, what: &'static str) -> Result<()> {
        if self.write(query, what).await? == 0 { Err(StoreError::NotFound) } else { Ok(()) }
    }

    /// Runs an update of the row at the revision that was seen; answers the new revision. When it hits no row,
    /// `revision` tells whether somebody else saved in between or there is no such row.
    pub(crate) async fn revise(
        &mut self,
        update: Query,
        revision: Query,
        seen: u64,
        what: &'static str,
    ) -> Result<u64> {
        if self.write(update, what).await? > 0 {
            return Ok(seen.saturating_add(1));
        }
        let found = self.one(revision).await?.number(0)?;
        Err(StoreError::Stale { expected: seen, found })
    }

    fn noted<T>(&mut self, outcome: std::result::Result<T, sqlx::Error>) -> Result<T> {
        outcome.map_err(|error| {
            self.failed = true;
            StoreError::from(error)
        })
    }
}

/// A consistent snapshot for reading. Dropping it ends it.
#[derive(Debug)]
pub struct ReadTx {
    conn: Conn,
}

impl ReadTx {
    pub(crate) fn new(conn: Conn) -> Self {
        Self { conn }
    }
}

impl Deref for ReadTx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for ReadTx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

/// A row that was read. Columns are counted from 0, in the order of the statement.
pub(crate) struct Row(AnyRow);

impl Row {
    pub(crate) fn text(&self, column: usize) -> Result<String> {
        Ok(self.0.try_get(column)?)
    }

    pub(crate) fn optional_text(&self, column: usize) -> Result<Option<String>> {
        Ok(self.0.try_get(column)?)
    }

    pub(crate) fn integer(&self, column: usize) -> Result<i64> {
        Ok(self.0.try_get(column)?)
    }

    pub(crate) fn number(&self, column: usize) -> Result<u64> {
        let found = self.integer(column)?;
        u64::try_from(found).map_err(|_| StoreError::corrupt(format!("column {column}: {found} is negative")))
    }

    pub(crate) fn flag(&self, column: usize) -> Result<bool> {
        Ok(self.integer(column)? != 0)
    }

    pub(crate) fn moment(&self, column: usize) -> Result<Moment> {
        Ok(Moment::from_microseconds(self.integer(column)?))
    }

    pub(crate) fn optional_moment(&self, column: usize) -> Result<Option<Moment>> {
        let found: Option<i64> = self.0.try_get(column)?;
        Ok(found.map(Moment::from_microseconds))
    }

    pub(crate) fn bytes(&self, column: usize) -> Result<Vec<u8>> {
        Ok(self.0.try_get(column)?)
    }

    pub(crate) fn array<const N: usize>(&self, column: usize) -> Result<[u8; N]> {
        let bytes = self.bytes(column)?;
        bytes.try_into().map_err(|_| StoreError::corrupt(format!("column {column}: not {N} bytes")))
    }

    pub(crate) fn parsed<T: FromStr<Err: Display>>(&self, column: usize) -> Result<T> {
        parse(&self.text(column)?)
    }
}

/// A word of the vocabulary out of its spelling.
pub(crate) fn parse<T: FromStr<Err: Display>>(text: &str) -> Result<T> {
    text.parse().map_err(|error: T::Err| StoreError::corrupt(error.to_string()))
}

/// A number as the database holds it. Larger ones do not occur; they would compare as the largest.
pub(crate) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Whether a text from outside can stand in a statement: PostgreSQL's texts cannot hold the character NUL, so nothing
/// stored can be equal to one that does.
pub(crate) fn storable(text: &str) -> bool {
    !text.contains('\0')
}
