//! Building the one statement a delivery needs: one table, chosen columns, a conjunction, order by key, a limit.
//!
//! Built, never edited: identifiers come from the described structure and are quoted, every value is bound. Text is
//! compared by bytes, so that all kinds of database and the check afterwards agree. What differs between them is in a
//! [`Dialect`] and, by type of column, in a module for each.

use super::{
    SourceError,
    describe::{Described, Native, PhysicalColumn},
};
use crate::value::{Number, Value};
use shuqiao_vocabulary::ItemType;
use std::{path::Path, sync::Arc};

mod dialect;
#[cfg(feature = "odbc")]
mod generic;
mod mysql;
mod postgres;
mod sqlite;

pub(crate) use dialect::{Dialect, RowLimit};

/// A test with its values typed as the item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypedTest {
    /// Equal to the value.
    Equals(Value),
    /// Equal to one of the values.
    OneOf(Vec<Value>),
    /// Between the two, both included.
    Between {
        /// Lower end.
        from: Option<Value>,
        /// Upper end.
        to: Option<Value>,
    },
    /// Text that starts with this.
    StartsWith(String),
}

/// A test on one of the plan's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypedCondition {
    /// Position among the plan's columns.
    pub(crate) column: usize,
    /// What must hold.
    pub(crate) test: TypedTest,
}

/// What is asked of a source, after enforcement.
pub(crate) struct ScanRequest<'a> {
    /// The table.
    pub(crate) plan: &'a TablePlan,
    /// Positions of the columns to fetch; the key is among them.
    pub(crate) columns: &'a [usize],
    /// All must hold.
    pub(crate) conditions: &'a [TypedCondition],
    /// Key values of the last row of the page before.
    pub(crate) after: Option<&'a [Value]>,
    /// Rows at most.
    pub(crate) limit: u32,
    /// For whom, so that callers share the source.
    pub(crate) whose: super::turns::Whose,
}

/// How one grant's columns are read from its table, as it is structured now.
pub(crate) struct TablePlan {
    described: Arc<Described>,
    from: String,
    /// The columns, in the order in which conditions and requests count them.
    pub(crate) columns: Vec<PlanColumn>,
    /// Positions of the key's columns; empty when the table has none.
    pub(crate) key: Vec<usize>,
}

/// How one column is read and compared.
pub(crate) struct PlanColumn {
    /// Its name.
    pub(crate) name: String,
    /// The type its cells must fit.
    pub(crate) item_type: ItemType,
    select: String,
    compare: String,
    order: String,
    /// How a bound value is turned into what `compare` yields, and into what `order` yields.
    cast: Cast,
    order_cast: Cast,
    /// The order by which to page when no unique index of the table vouches for the key: where the column's own order
    /// takes unequal values for equal, it would lose rows.
    order_unless_unique: Option<(String, Cast)>,
    /// A second, plainer comparison for equality that an index on the column can serve.
    indexed: Option<(String, Cast)>,
    digits: Digits,
    /// Whether the source's order of the values is known to be ours; a range is asked for only then.
    ordered: bool,
}

/// What stands around a bound value, and how it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cast {
    before: String,
    after: String,
    form: Form,
}

impl Cast {
    /// As bound.
    fn none() -> Self {
        Self::around("", "")
    }

    fn around(before: &str, after: &str) -> Self {
        Self { before: before.to_owned(), after: after.to_owned(), form: Form::Plain }
    }

    fn written(self, form: Form) -> Self {
        Self { form, ..self }
    }
}

/// How a value is written before it is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// As everywhere else.
    Plain,
    /// Date-times in the one form that SQLite's are brought to.
    SqliteDateTime,
    /// Date-times with a blank in the middle and without a zone.
    BlankDateTime,
}

/// The numbers a column can be compared with exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Digits {
    /// All.
    Any,
    /// Those with so many digits that count, for columns of floating point.
    Significant(usize),
    /// Those with at most so many digits before and behind the point.
    Places {
        /// Before.
        whole: i64,
        /// Behind.
        decimals: i64,
    },
}

/// A value to bind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// As text.
    Text(String),
    /// As a 64-bit integer.
    Integer(i64),
    /// As a boolean.
    Boolean(bool),
}

impl TablePlan {
    /// The plan for these columns (name and wanted type) of the table, or what no longer fits.
    pub(crate) fn of(
        described: &Arc<Described>,
        table: &str,
        wanted: &[(String, ItemType)],
        key: &[String],
    ) -> Result<Self, SourceError> {
        let changed = |what: &str| SourceError::Changed { what: what.to_owned() };
        let physical = described.tables.get(table).ok_or_else(|| changed(table))?;
        let mut columns = Vec::with_capacity(wanted.len() + key.len());
        for (name, item_type) in wanted {
            let column = physical.columns.get(name).ok_or_else(|| changed(name))?;
            columns.push(PlanColumn::of(name, column, *item_type).ok_or_else(|| changed(name))?);
        }
        let of_table = described.structure.table(table).map(|table| table.key.as_slice()).unwrap_or_default();
        let is_unique = !of_table.is_empty() && of_table.iter().all(|column| key.contains(column));
        let mut key_positions = Vec::with_capacity(key.len());
        for name in key {
            let known = columns.iter().position(|column| column.name == *name);
            key_positions.push(known.unwrap_or(columns.len()));
            if known.is_none() {
                let column = physical.columns.get(name).ok_or_else(|| changed(name))?;
                columns.push(PlanColumn::of(name, column, column.item_type).ok_or_else(|| changed(name))?);
            }
        }
        for at in key_positions.iter().copied().filter(|_| !is_unique) {
            if !columns[at].ordered {
                return Err(SourceError::KeyNotUnique);
            }
            if let Some((order, cast)) = columns[at].order_unless_unique.take() {
                (columns[at].order, columns[at].order_cast) = (order, cast);
            }
        }
        Ok(Self { described: described.clone(), from: physical.quoted.clone(), columns, key: key_positions })
    }

    /// Whether the plan was made for this structure.
    pub(crate) fn is_of(&self, described: &Arc<Described>) -> bool {
        Arc::ptr_eq(&self.described, described)
    }

    /// What the plan was made for.
    pub(super) fn described(&self) -> &Described {
        &self.described
    }

    /// The structure's edition.
    pub(super) fn edition(&self) -> u64 {
        self.described.edition
    }

    /// The file to open, for sources that are files.
    pub(super) fn file(&self) -> Option<&Path> {
        self.described.file.as_deref()
    }
}

impl PlanColumn {
    fn of(name: &str, column: &PhysicalColumn, item_type: ItemType) -> Option<Self> {
        let quoted = format!("t.{}", column.quoted);
        match &column.native {
            Native::Sqlite(affinity) => sqlite::column(name, &quoted, *affinity, item_type),
            #[cfg(feature = "odbc")]
            Native::Generic(native) => generic::column(name, &quoted, *native, item_type),
            Native::Mysql(native) => mysql::column(name, &quoted, native, item_type),
            Native::Postgres(native, spelling) => postgres::column(name, &quoted, *native, spelling, item_type),
            Native::Declared => (item_type == column.item_type).then(|| Self::declared(name, item_type)),
        }
    }

    /// A column that no statement is written for.
    fn declared(name: &str, item_type: ItemType) -> Self {
        Self {
            name: name.to_owned(),
            item_type,
            select: String::new(),
            compare: String::new(),
            order: String::new(),
            cast: Cast::none(),
            order_cast: Cast::none(),
            order_unless_unique: None,
            indexed: None,
            digits: Digits::Any,
            ordered: true,
        }
    }
}

impl PlanColumn {
    fn bound(&self, value: &Value) -> Result<Bound, SourceError> {
        bound(&self.name, self.digits, &self.cast, value)
    }
}

/// One statement with its values.
pub(crate) struct Statement {
    /// The text.
    pub(crate) sql: String,
    /// The values, in order of their numbers.
    pub(crate) values: Vec<Bound>,
}

struct Builder {
    dialect: Dialect,
    sql: String,
    values: Vec<Bound>,
}

impl ScanRequest<'_> {
    /// The statement that answers this request.
    pub(crate) fn statement(&self) -> Result<Statement, SourceError> {
        let mut builder =
            Builder { dialect: self.plan.described.dialect, sql: String::with_capacity(256), values: Vec::new() };
        builder.sql.push_str("SELECT ");
        #[cfg(feature = "odbc")]
        if builder.dialect.limit == RowLimit::Top {
            builder.sql.push_str(&format!("TOP {} ", self.limit));
        }
        let selects = self.columns.iter().map(|at| self.plan.columns[*at].select.as_str()).collect::<Vec<_>>();
        builder.sql.push_str(&if selects.is_empty() { "1".to_owned() } else { selects.join(", ") });
        builder.sql.push_str(&format!(" FROM {} t", self.plan.from));
        let mut joint = " WHERE ";
        for condition in self.conditions {
            builder.sql.push_str(joint);
            builder.condition(&self.plan.columns[condition.column], &condition.test)?;
            joint = " AND ";
        }
        if let Some(after) = self.after {
            builder.sql.push_str(joint);
            builder.after(self.plan, after)?;
        }
        if !self.plan.key.is_empty() {
            let order = self.plan.key.iter().map(|at| self.plan.columns[*at].order.as_str()).collect::<Vec<_>>();
            builder.sql.push_str(&format!(" ORDER BY {}", order.join(", ")));
        }
        match builder.dialect.limit {
            RowLimit::Limit => {
                builder.sql.push_str(" LIMIT ");
                builder.bind(Bound::Integer(i64::from(self.limit)), &Cast::none());
            }
            #[cfg(feature = "odbc")]
            RowLimit::FetchFirst => builder.sql.push_str(&format!(" FETCH FIRST {} ROWS ONLY", self.limit)),
            #[cfg(feature = "odbc")]
            RowLimit::Top => {}
        }
        Ok(Statement { sql: builder.sql, values: builder.values })
    }
}

impl Builder {
    fn bind(&mut self, value: Bound, cast: &Cast) {
        self.values.push(value);
        self.placeholder(self.values.len(), cast);
    }

    fn placeholder(&mut self, number: usize, cast: &Cast) {
        self.sql.push_str(&cast.before);
        self.sql.push_str(&if self.dialect.numbered { format!("${number}") } else { "?".to_owned() });
        self.sql.push_str(&cast.after);
    }

    fn condition(&mut self, column: &PlanColumn, test: &TypedTest) -> Result<(), SourceError> {
        if !column.ordered && matches!(test, TypedTest::Between { .. } | TypedTest::StartsWith(_)) {
            return Err(SourceError::LiteralTooFine { column: column.name.clone() });
        }
        match test {
            TypedTest::Equals(value) => self.one_of(column, std::slice::from_ref(value))?,
            TypedTest::OneOf(values) => self.one_of(column, values)?,
            TypedTest::Between { from, to } => {
                let mut joint = "";
                for (operator, end) in [(">=", from), ("<=", to)] {
                    if let Some(end) = end {
                        self.sql.push_str(&format!("{joint}{} {operator} ", column.compare));
                        let value = column.bound(end)?;
                        self.bind(value, &column.cast);
                        joint = " AND ";
                    }
                }
                if joint.is_empty() {
                    self.sql.push_str(&format!("{} IS NOT NULL", column.compare));
                }
            }
            TypedTest::StartsWith(prefix) => {
                self.sql.push_str(&format!("{} >= ", column.compare));
                self.bind(Bound::Text(prefix.clone()), &column.cast);
                if let Some(end) = after_prefix(prefix) {
                    self.sql.push_str(&format!(" AND {} < ", column.compare));
                    self.bind(Bound::Text(end), &column.cast);
                }
            }
        }
        Ok(())
    }

    /// Lists are filled up to the next power of two with their last value, so that a source sees few statement texts
    /// and can keep them prepared.
    fn one_of(&mut self, column: &PlanColumn, values: &[Value]) -> Result<(), SourceError> {
        let first = self.values.len() + 1;
        let mut bounds = values.iter().map(|value| column.bound(value)).collect::<Result<Vec<_>, _>>()?;
        let Some(last) = bounds.last().cloned() else {
            self.sql.push_str("1 = 0");
            return Ok(());
        };
        bounds.resize(values.len().next_power_of_two(), last);
        let indexed = column.indexed.iter().map(|(expression, cast)| (expression, cast));
        for (turn, (expression, cast)) in indexed.chain([(&column.compare, &column.cast)]).enumerate() {
            self.sql.push_str(&format!("{}{expression}", if turn > 0 { " AND " } else { "" }));
            self.sql.push_str(if values.len() == 1 { " = " } else { " IN (" });
            for (at, value) in bounds.iter().enumerate() {
                if at > 0 {
                    self.sql.push_str(", ");
                }
                if turn > 0 && self.dialect.numbered {
                    self.placeholder(first + at, cast);
                } else {
                    self.bind(value.clone(), cast);
                }
            }
            self.sql.push_str(if values.len() == 1 { "" } else { ")" });
        }
        Ok(())
    }

    fn after(&mut self, plan: &TablePlan, after: &[Value]) -> Result<(), SourceError> {
        let key: Vec<&PlanColumn> = plan.key.iter().map(|at| &plan.columns[*at]).collect();
        if !self.dialect.row_values {
            return self.after_spelled_out(&key, after);
        }
        let order: Vec<&str> = key.iter().map(|column| column.order.as_str()).collect();
        self.sql.push_str(&format!("({}) > (", order.join(", ")));
        for (at, (column, value)) in key.iter().zip(after).enumerate() {
            if at > 0 {
                self.sql.push_str(", ");
            }
            self.key_value(column, value)?;
        }
        self.sql.push(')');
        Ok(())
    }

    /// `a >= x AND (a > x OR (a = x AND b > y))`: the first part is for the index, which the second does not always find.
    fn after_spelled_out(&mut self, key: &[&PlanColumn], after: &[Value]) -> Result<(), SourceError> {
        if let ([first, _, ..], Some(value)) = (key, after.first()) {
            self.sql.push_str(&format!("{} >= ", first.order));
            self.key_value(first, value)?;
            self.sql.push_str(" AND ");
        }
        for at in 0..key.len().min(after.len()) {
            self.sql.push_str(if at == 0 { "(" } else { " OR (" });
            for (column, value) in key.iter().zip(after).take(at) {
                self.sql.push_str(&format!("{} = ", column.order));
                self.key_value(column, value)?;
                self.sql.push_str(" AND ");
            }
            self.sql.push_str(&format!("{} > ", key[at].order));
            self.key_value(key[at], &after[at])?;
        }
        self.sql.push_str(&")".repeat(key.len().min(after.len())));
        Ok(())
    }

    /// Key values came out of this source, so they go back in however many digits they have.
    fn key_value(&mut self, column: &PlanColumn, value: &Value) -> Result<(), SourceError> {
        let value = bound(&column.name, Digits::Any, &column.order_cast, value)?;
        self.bind(value, &column.order_cast);
        Ok(())
    }
}

fn bound(column: &str, digits: Digits, cast: &Cast, value: &Value) -> Result<Bound, SourceError> {
    let too_fine = || SourceError::LiteralTooFine { column: column.to_owned() };
    Ok(match value {
        Value::Integer(number) => Bound::Integer(*number),
        Value::Boolean(yes) => Bound::Boolean(*yes),
        Value::Decimal(text) => {
            let number = Number::parse(text).ok_or_else(too_fine)?;
            let (magnitude, significant) = (number.magnitude().unwrap_or(0), number.significant_digits());
            let is_exact = match digits {
                Digits::Any => true,
                Digits::Significant(limit) => significant <= limit && magnitude.abs() <= 35,
                Digits::Places { whole, decimals } => magnitude <= whole && significant as i64 - magnitude <= decimals,
            };
            if !is_exact {
                return Err(too_fine());
            }
            Bound::Text(text.clone())
        }
        Value::DateTime(microseconds) => {
            let text = crate::value::date_time_text(*microseconds);
            Bound::Text(match cast.form {
                Form::Plain => text,
                Form::SqliteDateTime => one_form(&text),
                Form::BlankDateTime => text.trim_end_matches('Z').replace('T', " "),
            })
        }
        Value::Text(text) => Bound::Text(text.clone()),
        Value::Date(date) => Bound::Text(date.to_string()),
        // A key that is empty was refused when it was read; a condition never holds a null.
        Value::Null => Bound::Text(String::new()),
    })
}

/// `2019-01-02 03:04:05.` and then the decimals without zeros at the end.
fn one_form(rfc_3339: &str) -> String {
    let plain = rfc_3339.trim_end_matches('Z').replace('T', " ");
    if plain.contains('.') { plain.trim_end_matches('0').to_owned() } else { plain + "." }
}

/// The least text that comes after every text with this prefix, by bytes of UTF-8.
fn after_prefix(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            char::MAX => None,
            other => char::from_u32(other as u32 + 1),
        };
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

/// A quoted identifier, in the form both databases read.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
