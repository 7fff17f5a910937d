//! What can go wrong, in words that say what the caller can do about it.

use std::error::Error;

/// Any result of this room.
pub(crate) type Result<T> = std::result::Result<T, StoreError>;

/// Why the store did not do it. After an error in a write transaction, drop the transaction: on no database can it be
/// committed any more.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such thing, or something that is referred to does not exist.
    #[error("not found")]
    NotFound,
    /// Somebody else saved it in between.
    #[error("revision {expected} was seen, revision {found} is there")]
    Stale {
        /// The revision the caller had seen.
        expected: u64,
        /// The revision that is there.
        found: u64,
    },
    /// Something that must be the only one of its kind already exists.
    #[error("{what} is already taken")]
    Taken {
        /// What is taken: `login`, `name`, …
        what: &'static str,
    },
    /// The disk is full. Nothing was written.
    #[error("the disk is full")]
    Full,
    /// The database cannot be reached, is busy for too long, or broke down.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// What is stored cannot be understood.
    #[error("stored data cannot be understood: {what}")]
    Corrupt {
        /// The table, the id and what is wrong with it; no personal data.
        what: String,
    },
    /// The database was written by a newer program.
    #[error("the database has migration {found}, this program knows migrations up to {known}")]
    TooNew {
        /// A migration that the database has and the program does not know.
        found: u64,
        /// The newest migration that the program knows.
        known: u64,
    },
    /// A decision would have been committed without its record. Always a mistake of the program.
    #[error("a decision cannot be committed without its record")]
    NoRecord,
}

impl StoreError {
    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into() }
    }

    pub(crate) fn unavailable(why: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(why.into())
    }

    /// For a write that may meet a unique constraint: what is taken then.
    pub(crate) fn of_write(error: sqlx::Error, what: &'static str) -> Self {
        match &error {
            sqlx::Error::Database(inner) if inner.is_unique_violation() => Self::Taken { what },
            // SQLITE_CONSTRAINT_TRIGGER: an append-only table has a row of this key already.
            sqlx::Error::Database(inner) if inner.code().as_deref() == Some("1811") => Self::Taken { what },
            sqlx::Error::Database(inner) if inner.is_foreign_key_violation() => Self::NotFound,
            _ => Self::from(error),
        }
    }
}

/// INVARIANT (one-door): the library's error type stays in this crate; outside it is only a source to be logged.
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(inner) = &error {
            match inner.code().as_deref() {
                // SQLITE_FULL; PostgreSQL's disk_full.
                Some("13" | "53100") => return Self::Full,
                // SQLITE_CORRUPT, SQLITE_NOTADB; PostgreSQL's data_corrupted, index_corrupted.
                Some("11" | "26" | "XX001" | "XX002") => return Self::corrupt(inner.message()),
                _ => {}
            }
        }
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::ColumnDecode { index, source } => Self::corrupt(format!("column {index}: {source}")),
            other => Self::unavailable(other),
        }
    }
}
