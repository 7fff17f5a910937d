//! The structure of a source, and what can go wrong with one.

use super::view::{SubjectThreshold, ViewRefusal};
use sha2::{Digest, Sha256};
use shuqiao_vocabulary::ItemType;

/// Columns a table may have; one with more is refused.
pub const COLUMNS_MAX: usize = 1_000;
/// Tables a source may have; one with more is refused.
pub const TABLES_MAX: usize = 2_000;

/// What a source holds, by name and type, never by content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structure {
    /// Its tables and views, by name.
    pub tables: Vec<TableStructure>,
    /// The encoding of a CSV file, as detected: `utf-8`, `gb18030`, `big5`, or by its mark `utf-16le` or
    /// `utf-16be`.
    pub encoding: Option<String>,
    /// How many distinct subjects each row of a view is summed up from at least.
    pub threshold: Option<SubjectThreshold>,
    /// SHA-256 over names, types, keys and the threshold; estimates are left out.
    pub digest: [u8; 32],
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableStructure {
    /// Its name; of another schema than `public` as `schema.table`.
    pub name: String,
    /// About how many rows.
    pub rows_estimate: Option<u64>,
    /// Its columns, in order.
    pub columns: Vec<ColumnStructure>,
    /// The columns that name a row: the primary key, else a unique index without empty values, else SQLite's `rowid`.
    /// Empty when there is none; such a table can be read, but only as far as one call reaches.
    pub key: Vec<String>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnStructure {
    /// Its name.
    pub name: String,
    /// The type of item it can be published as.
    pub item_type: ItemType,
    /// Whether it may be empty.
    pub nullable: bool,
    /// The source's own word for its type.
    pub native_type: String,
}

impl Structure {
    /// The structure of these tables, with its digest.
    pub(crate) fn of(tables: Vec<TableStructure>, encoding: Option<String>) -> Self {
        let mut hasher = Sha256::new();
        let mut field = |text: &str| {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text.as_bytes());
        };
        for table in &tables {
            field("table");
            field(&table.name);
            for column in &table.columns {
                field("column");
                field(&column.name);
                field(column.item_type.as_str());
                field(if column.nullable { "null" } else { "not null" });
                field(&column.native_type);
            }
            for column in &table.key {
                field("key");
                field(column);
            }
        }
        let digest = hasher.finalize().into();
        Self { tables, encoding, threshold: None, digest }
    }

    /// The same under this threshold, which is part of the digest.
    pub(crate) fn under(mut self, threshold: Option<SubjectThreshold>) -> Self {
        if let Some(SubjectThreshold { input, column, minimum }) = &threshold {
            let mut hasher = Sha256::new();
            hasher.update(self.digest);
            for text in ["threshold", input, column] {
                hasher.update((text.len() as u64).to_be_bytes());
                hasher.update(text);
            }
            hasher.update(minimum.to_be_bytes());
            self.digest = hasher.finalize().into();
        }
        self.threshold = threshold;
        self
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&TableStructure> {
        self.tables.iter().find(|table| table.name == name)
    }
}

/// What is wrong with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadCell {
    /// A whole number of more than 15 digits in a number cell: the spreadsheet has already rounded it.
    TooManyDigits,
    /// An error of a formula (`#REF!`, `#N/A`).
    FormulaError,
    /// A formula without a stored result.
    FormulaWithoutResult,
    /// A date that there is not.
    NotADate,
    /// A number that is none, or that cannot be told exactly.
    NotANumber,
    /// More characters than a cell may have.
    TooLong,
}

impl BadCell {
    /// The word for it, for ever: texts in two languages hang on it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooManyDigits => "too_many_digits",
            Self::FormulaError => "formula_error",
            Self::FormulaWithoutResult => "formula_without_result",
            Self::NotADate => "not_a_date",
            Self::NotANumber => "not_a_number",
            Self::TooLong => "too_long",
        }
    }
}

/// Why a file cannot be read for what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadFile {
    /// It is of another form, or its end is missing.
    Damaged,
    /// It is protected by a password.
    Protected,
    /// It unpacks to more than may be unpacked.
    ExpandsTooFar,
    /// It takes values from other files, which may be out of date here.
    ExternalLinks,
    /// It holds no table.
    Empty,
}

impl BadFile {
    /// The word for it, for ever.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Damaged => "damaged",
            Self::Protected => "protected",
            Self::ExpandsTooFar => "expands_too_far",
            Self::ExternalLinks => "external_links",
            Self::Empty => "empty",
        }
    }
}

/// What went wrong with a source. No variant carries a value of the data or a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The file lies outside the configured folders, or the host is not on the list.
    #[error("this location is not among those the node may read")]
    NotAllowed,
    /// The file or server cannot be reached, or its login is refused.
    #[error("the source cannot be reached")]
    Unreachable,
    /// It did not answer in time, or has too many calls waiting.
    #[error("the source did not answer in time")]
    Slow,
    /// It no longer has the table or a column that is asked for, or its type is another.
    #[error("the source's structure no longer fits: {what}")]
    Changed {
        /// Table, column or type, by name.
        what: String,
    },
    /// A cell does not fit the type its item was published with.
    #[error("a cell of column `{column}` does not fit the item's type")]
    CellType {
        /// The column.
        column: String,
    },
    /// A number in a condition has more digits than the source can compare exactly, or it is not known how the source
    /// orders the texts of the column.
    #[error("the source cannot compare column `{column}` exactly with what the condition says")]
    LiteralTooFine {
        /// The column.
        column: String,
    },
    /// The key is empty in a row, or names more than one row.
    #[error("the table's key does not name each row once")]
    KeyNotUnique,
    /// There are more rows than one call may have, and no key to page by.
    #[error("the table has no key to page by")]
    KeyMissing,
    /// The rows weigh more than one answer may.
    #[error("the rows are larger than one answer may be")]
    TooLarge,
    /// More columns or tables than can be served.
    #[error("`{name}` has {found} {what}; at most {limit} can be served")]
    TooMany {
        /// The table, or the source.
        name: String,
        /// `columns` or `tables`.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A file larger than configured.
    #[error("the file has {found} bytes; at most {limit} are read")]
    FileTooLarge {
        /// Bytes found.
        found: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// The file or database is in an encoding that is not read.
    #[error("the encoding is not one that is read here: {found}")]
    Encoding {
        /// What it seems to be.
        found: String,
    },
    /// A line of a file is not what it should be.
    #[error("line {line}: {what}")]
    BadLine {
        /// The line of the file, counted from 1.
        line: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A cell of a file, or of an answer, is not what it should be.
    #[error("table `{table}`, row {row}, column {column}: {}", what.as_str())]
    BadCell {
        /// The sheet or table.
        table: String,
        /// The row, as a reader of the file counts it, from 1.
        row: u64,
        /// The column: a spreadsheet's letters, or a name.
        column: String,
        /// What is wrong with it.
        what: BadCell,
    },
    /// A file that cannot be read for what it is.
    #[error("the file cannot be read: {}", .0.as_str())]
    BadFile(BadFile),
    /// More rows than are read from a file, or sorted and filtered here for a service.
    #[error("there are more rows than the {limit} that can be gone through here")]
    TooManyRows {
        /// How many there may be.
        limit: u64,
    },
    /// What was said of a service cannot be, or cannot be found out.
    #[error("what was said of the service cannot be: {field}")]
    Misdescribed {
        /// The field of [`super::HttpService`].
        field: &'static str,
    },
    /// A view cannot be taken or read; the refusal says why.
    #[error("the view cannot be read: {0}")]
    View(Box<ViewRefusal>),
    /// The answer is not one that the source may give.
    #[error("the source answered with an error")]
    Failed,
}
