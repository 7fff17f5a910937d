//! Files as tables: rows of named, typed columns, whatever the file's form. Each form is a module that reads; the
//! [`super::snapshot`] keeps what was read.
//!
//! A reader goes over the file twice, first to find columns and types over all rows, then to hand the rows out; memory
//! does not grow with the rows. What does not fit is an error with its place and without its value.

use super::{SourceError, SourceSettings, csv};
use std::{fs::File, io::Read, path::Path};

pub(crate) mod infer;
pub(crate) mod json;
mod json_lines;
mod parquet;
mod workbook;

pub(crate) use infer::Column;

/// Rows that one file may have, over all its tables.
pub(crate) const ROWS_MAX: u64 = 50_000_000;

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Delimited text.
    Csv,
    /// A workbook, `.xlsx` or `.xls`; the file's first bytes decide.
    Workbook,
    /// Parquet.
    Parquet,
    /// One JSON object a line, or one array of objects.
    JsonLines,
}

impl Form {
    /// In the snapshot's name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Workbook => "workbook",
            Self::Parquet => "parquet",
            Self::JsonLines => "json",
        }
    }

    /// Bytes of the largest file of this form that is read.
    pub(crate) fn bytes_max(self, settings: &SourceSettings) -> u64 {
        match self {
            // A workbook is read by a library that keeps its texts in memory, the old form all of it.
            Self::Workbook => settings.csv_bytes_max.min(settings.workbook_bytes_max),
            Self::Csv | Self::Parquet | Self::JsonLines => settings.csv_bytes_max,
        }
    }

    /// Opens the file and finds its tables. Reads all of it.
    pub(crate) fn read(self, path: &Path, settings: &SourceSettings) -> Result<Box<dyn TabularFile>, SourceError> {
        Ok(match self {
            Self::Csv => Box::new(csv::CsvFile::of(path)?),
            Self::Workbook => Box::new(workbook::Workbook::of(path, settings)?),
            Self::Parquet => Box::new(parquet::ParquetFile::of(path)?),
            Self::JsonLines => Box::new(json_lines::JsonLines::of(path)?),
        })
    }
}

/// What a file says of a cell besides its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing: any type that fits the text may be claimed, and codes stay text.
    Untyped,
    /// Text; only dates and times are seen in it.
    Text,
    /// A number.
    Number,
    /// Yes or no, written `true` or `false`.
    Boolean,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// A date and time, `YYYY-MM-DDTHH:MM:SS` with up to six decimals.
    DateTime,
}

/// A cell that holds something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// What the file says of it.
    pub(crate) kind: Kind,
    /// Its written form.
    pub(crate) text: String,
}

impl Cell {
    /// A cell of this kind.
    pub(crate) fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

/// A row, as wide as its table has columns; `None` where a cell is empty.
pub(crate) type Row = Vec<Option<Cell>>;

/// A table of a file.
#[derive(Clone, Debug)]
pub(crate) struct FileTable {
    /// Its name; `None` takes the file's.
    pub(crate) name: Option<String>,
    /// Its columns, in order.
    pub(crate) columns: Vec<Column>,
}

/// A file whose tables are known and whose rows can be read.
pub(crate) trait TabularFile: Send + Sync {
    /// Its tables.
    fn tables(&self) -> &[FileTable];

    /// The encoding that was found, for files that have one.
    fn encoding(&self) -> Option<&'static str> {
        None
    }

    /// Hands out every row of the table at this position, in order.
    ///
    /// # Errors
    /// What is wrong with the file, by place, or what `take` answers.
    fn each_row(&self, table: usize, take: &mut dyn FnMut(Row) -> Result<(), SourceError>) -> Result<(), SourceError>;
}

/// The first bytes of a file, as many as there are up to this number.
fn first_bytes(path: &Path, count: u64) -> Result<Vec<u8>, SourceError> {
    let mut start = Vec::new();
    let file = File::open(path).map_err(|_| SourceError::Unreachable)?;
    file.take(count).read_to_end(&mut start).map_err(|_| SourceError::Unreachable)?;
    Ok(start)
}

/// One row more.
///
/// # Errors
/// When that is more than a file may have.
fn counted(rows: &mut u64) -> Result<(), SourceError> {
    *rows += 1;
    if *rows > ROWS_MAX { Err(SourceError::TooManyRows { limit: ROWS_MAX }) } else { Ok(()) }
}
