//! Views: a provider's officer writes one SELECT over tables of the department's own sources, and it is served as one
//! table of a source of its own. Callers never see or send the SQL.
//!
//! What it is: the words in which a view is said, and the port behind which an engine reads it. The plane turns what a
//! caller may have into a [`ViewScan`]; how an engine answers it, in this process or another, on one machine or many, is
//! its own business. What it answers passes the enforcement point like the rows of any table.
//!
//! What it is not: it knows no query language and no engine. INVARIANT (one-door): conditions, order and limit reach an
//! engine as values, never as text.

use super::{Location, SourceError, sql::TypedTest};
use crate::value::Value;
use async_trait::async_trait;
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};
use shuqiao_vocabulary::ItemType;
use std::{collections::BTreeMap, fmt};

mod code;
mod form;
mod frame;
mod kind;
mod threshold;

pub use code::ViewCode;
pub use form::{JOB_BYTES_MAX, ViewJob, ViewLimits, ViewTask};
pub(crate) use kind::ViewSource;

pub use frame::{FRAME_BYTES_MAX, Frame, FrameError, frame_of};
pub use threshold::{SUBJECTS_MAX, SUBJECTS_MIN, SubjectThreshold};

/// The name of a view's one table.
pub const VIEW_TABLE: &str = "view";
/// Tables a view may read.
pub const INPUTS_MAX: usize = 32;
/// Bytes of a view's SQL.
pub const SQL_BYTES_MAX: usize = 20_000;
/// Columns that may name a row.
pub const KEY_COLUMNS_MAX: usize = 16;

/// A view as its officer wrote it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewSpec {
    /// One SELECT over the inputs.
    pub sql: String,
    /// The tables it may read.
    pub inputs: Vec<ViewInput>,
    /// Names of the columns that name a row of the view; empty when there are none.
    pub key: Vec<String>,
    /// How many distinct subjects each row must be summed up from, if that is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<SubjectThreshold>,
}

/// One table that a view may read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewInput {
    /// What the SELECT calls it.
    pub alias: String,
    /// Where its source is.
    pub location: Location,
    /// The table there.
    pub table: String,
}

/// Neither the SQL, which may hold values, nor where anything is.
impl fmt::Debug for ViewSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ViewSpec({} inputs)", self.inputs.len())
    }
}

/// What a view turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewStructure {
    /// Its columns, in order.
    pub columns: Vec<ViewColumn>,
    /// How many rows there were, when they were looked at.
    pub rows: Option<u64>,
}

/// How closely a view is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// What it is: it is planned, and no row is read.
    Shape,
    /// Also its rows: how many there are, and that the key names each of them once.
    Rows,
}

/// A column of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewColumn {
    /// Its name.
    pub name: String,
    /// The type of item it can be published as.
    pub item_type: ItemType,
    /// Whether it may be empty.
    pub nullable: bool,
    /// The engine's own word for its type.
    pub native_type: String,
}

/// What is asked of a view, after enforcement. Rows come in order of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewScan {
    /// The columns to fetch, by name, each with the type its cells must fit.
    pub columns: Vec<(String, ItemType)>,
    /// All must hold.
    pub conditions: Vec<ViewCondition>,
    /// The columns that name a row, with their types.
    pub key: Vec<(String, ItemType)>,
    /// Key values of the last row of the page before.
    pub after: Option<Vec<Value>>,
    /// Rows at most.
    pub limit: u32,
}

/// A test on a column of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewCondition {
    /// The column's name.
    pub column: String,
    /// Its type.
    pub item_type: ItemType,
    /// What must hold.
    pub test: TypedTest,
}

/// Why a view cannot be taken or read. Names and numbers only, never a value of the data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {params:?}")]
pub struct ViewRefusal {
    /// Which reason.
    pub code: ViewCode,
    /// What its text needs: `line` and `column` of the SQL, `name`, `what` …
    pub params: BTreeMap<String, String>,
}

impl ViewRefusal {
    /// A refusal without parameters.
    pub fn new(code: ViewCode) -> Self {
        Self { code, params: BTreeMap::new() }
    }

    /// With one parameter more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// With a place in the SQL, both counted from 1.
    #[must_use]
    pub fn at(self, line: u64, column: u64) -> Self {
        self.with("line", line).with("column", column)
    }
}

impl From<ViewRefusal> for SourceError {
    fn from(refusal: ViewRefusal) -> Self {
        Self::View(Box::new(refusal))
    }
}

/// Rows of a view as they come, in pages of any size.
pub type RowStream = BoxStream<'static, Result<Vec<Vec<Value>>, ViewRefusal>>;

/// What reads views. Whoever drops the stream ends the work behind it.
#[async_trait]
pub trait ViewEngine: Send + Sync {
    /// Checks a view and says what it is.
    ///
    /// # Errors
    /// Why it cannot be taken, with the place in its SQL where there is one.
    async fn describe(&self, view: &ViewSpec, look: Look) -> Result<ViewStructure, ViewRefusal>;

    /// Reads the rows.
    ///
    /// # Errors
    /// Why it cannot be read; also within the stream.
    async fn scan(&self, view: &ViewSpec, scan: &ViewScan) -> Result<RowStream, ViewRefusal>;
}
