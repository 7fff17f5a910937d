//! What was found in a source: the structure that others see, and how each column is read and compared.

use super::{SourceError, Structure, sql::Dialect};
use std::{
    collections::HashMap,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

/// A source as it was found.
pub(crate) struct Described {
    /// What others see.
    pub(crate) structure: Structure,
    /// The same tables, as statements need them.
    pub(crate) tables: HashMap<String, PhysicalTable>,
    /// How statements on them are written.
    pub(crate) dialect: Dialect,
    /// Counts the structures seen; plans and connections belong to one edition.
    pub(crate) edition: u64,
    /// The file that connections open.
    pub(crate) file: Option<PathBuf>,
    /// The file that was described.
    pub(crate) identity: FileIdentity,
    /// SQLite's counter of structure changes.
    pub(crate) schema_version: i64,
}

impl Described {
    /// The edition after this one, or the first.
    pub(crate) fn next_edition(known: Option<&Self>) -> u64 {
        known.map_or(1, |known| known.edition + 1)
    }

    /// Whether the other shows the same tables, read and compared in the same way.
    pub(crate) fn is_as(&self, other: &Self) -> bool {
        self.structure.digest == other.structure.digest && self.tables == other.tables
    }
}

/// A table as statements need it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PhysicalTable {
    /// Quoted, with its schema.
    pub(crate) quoted: String,
    /// Columns by name, also the hidden `rowid` that may serve as key.
    pub(crate) columns: HashMap<String, PhysicalColumn>,
}

/// A column as statements need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PhysicalColumn {
    /// Its name, quoted.
    pub(crate) quoted: String,
    /// How it is stored.
    pub(crate) native: Native,
    /// The type it was described with.
    pub(crate) item_type: shuqiao_vocabulary::ItemType,
}

/// How a column is stored, as far as reading and comparing it differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Native {
    /// SQLite, by affinity of the declared type.
    Sqlite(Affinity),
    /// PostgreSQL, by base type; the text is the type as it is written in a cast.
    Postgres(PostgresType, String),
    /// Of a service or a view: no statement is written for it.
    Declared,
    /// MySQL or MariaDB.
    Mysql(MysqlType),
    /// A database that is known only by its ODBC driver.
    #[cfg(feature = "odbc")]
    Generic(GenericType),
}

/// SQLite's column affinities, told apart as far as they matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Affinity {
    /// Text; numbers put in become text.
    Text,
    /// Whatever is put in stays as it is.
    Blob,
    /// Numbers where they look like numbers.
    Numeric,
}

/// PostgreSQL's types, told apart as far as they matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PostgresType {
    /// `text`, `varchar`.
    Text,
    /// Text under a collation that takes unequal strings for equal.
    TextFolded,
    /// `char(n)`, padded.
    Padded,
    /// `int2`, `int4`, `int8`.
    Integer,
    /// `numeric`.
    Numeric,
    /// `float4`.
    Float4,
    /// `float8`.
    Float8,
    /// `bool`.
    Boolean,
    /// `date`.
    Date,
    /// `timestamp`, taken as UTC.
    Timestamp,
    /// `timestamptz`.
    TimestampTz,
    /// Anything else, read as text by cast.
    Other,
}

/// Types of the SQL standard, as ODBC counts them.
#[cfg(feature = "odbc")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GenericType {
    /// Texts of all kinds, and what is read as one.
    Text,
    /// Integers of all sizes.
    Integer,
    /// `DECIMAL`, `NUMERIC`.
    Decimal,
    /// `REAL`.
    Real,
    /// `FLOAT`, `DOUBLE PRECISION`.
    Double,
    /// `BIT`: yes or no.
    Bit,
    /// `DATE`.
    Date,
    /// `TIMESTAMP`, taken as UTC.
    Timestamp,
}

/// MySQL's types, told apart as far as they matter here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MysqlType {
    /// `char`, `varchar`, `text` and their sizes.
    Text(Charset),
    /// All sizes of integers, with and without a sign.
    Integer,
    /// `bit(n)`.
    Bits,
    /// `year`.
    Year,
    /// `decimal`.
    Decimal,
    /// `float`.
    Float,
    /// `double`.
    Double,
    /// `date`.
    Date,
    /// `datetime`, taken as UTC, and `timestamp`.
    DateTime,
    /// Bytes of any kind; read as text where they are UTF-8.
    Binary,
    /// Anything else, read as text by cast.
    Other,
}

/// The character set that a text is stored in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    /// UTF-8; an index on the column serves a comparison with any text.
    Utf8,
    /// Another whose every character is one of Unicode.
    Unicode,
    /// Another, by its name.
    Other(String),
}

/// Which file it is, and which edition of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileIdentity {
    /// The real path.
    pub(crate) path: PathBuf,
    device: u64,
    inode: u64,
    /// Bytes.
    pub(crate) size: u64,
    /// Last change, in nanoseconds.
    pub(crate) modified: i128,
}

impl FileIdentity {
    /// Looks at the file.
    pub(crate) fn of(path: &Path) -> Result<Self, SourceError> {
        let data = std::fs::metadata(path).map_err(|_| SourceError::Unreachable)?;
        if !data.is_file() {
            return Err(SourceError::Unreachable);
        }
        Ok(Self {
            path: path.to_owned(),
            device: data.dev(),
            inode: data.ino(),
            size: data.len(),
            modified: i128::from(data.mtime()) * 1_000_000_000 + i128::from(data.mtime_nsec()),
        })
    }

    /// Whether it is the same file, whatever was written to it since.
    pub(crate) fn is_same_file(&self, other: &Self) -> bool {
        self.path == other.path && self.device == other.device && self.inode == other.inode
    }
}
