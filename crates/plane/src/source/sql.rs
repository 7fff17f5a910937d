//! Building the one statement a delivery needs: one table, chosen columns, a conjunction, order by key, a limit.
//!
//! Built, never edited: identifiers come from the described structure and are quoted, every value is bound. Text is
//! compared by bytes (`COLLATE BINARY`, `COLLATE "C"`), so that both kinds of database and the check afterwards agree.

use super::{
    SourceError,
    describe::{Affinity, Described, Native, PhysicalColumn, PostgresType},
};
use crate::value::{Number, Value};
use shuqiao_vocabulary::ItemType;
use std::{path::Path, sync::Arc};

/// A test with its values typed as the item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypedTest {
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
    /// A second, plainer comparison for equality that an index on the column can serve.
    indexed: Option<(String, Cast)>,
    digits_max: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cast {
    /// As bound.
    None,
    /// SQLite's `CAST(? AS NUMERIC)`.
    SqliteNumeric,
    /// As bound, in the one form that SQLite's date-times are brought to.
    SqliteDateTime,
    /// PostgreSQL's `$n::type`.
    Postgres(String),
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
        let mut key_positions = Vec::with_capacity(key.len());
        for name in key {
            let known = columns.iter().position(|column| column.name == *name);
            key_positions.push(known.unwrap_or(columns.len()));
            if known.is_none() {
                let column = physical.columns.get(name).ok_or_else(|| changed(name))?;
                columns.push(PlanColumn::of(name, column, column.item_type).ok_or_else(|| changed(name))?);
            }
        }
        Ok(Self { described: described.clone(), from: physical.quoted.clone(), columns, key: key_positions })
    }

    /// Whether the plan was made for this structure.
    pub(crate) fn is_of(&self, described: &Arc<Described>) -> bool {
        Arc::ptr_eq(&self.described, described)
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
        let quoted = format!("t.{}", quote(name));
        match &column.native {
            Native::Sqlite(affinity) => Self::of_sqlite(name, &quoted, *affinity, item_type),
            Native::Postgres(native, spelling) => Self::of_postgres(name, &quoted, *native, spelling, item_type),
        }
    }

    fn of_sqlite(name: &str, quoted: &str, affinity: Affinity, item_type: ItemType) -> Option<Self> {
        let plain = |compare: String, cast: Cast, digits_max| Self {
            name: name.to_owned(),
            item_type,
            select: quoted.to_owned(),
            order: compare.clone(),
            compare,
            order_cast: cast.clone(),
            cast,
            indexed: None,
            digits_max,
        };
        Some(match (item_type, affinity) {
            (ItemType::Text, Affinity::Numeric) => {
                let text = format!("CAST({quoted} AS TEXT)");
                Self { select: text.clone(), ..plain(format!("{text} COLLATE BINARY"), Cast::None, None) }
            }
            (ItemType::Text | ItemType::Date, _) => plain(format!("{quoted} COLLATE BINARY"), Cast::None, None),
            (ItemType::Integer | ItemType::Boolean, Affinity::Numeric | Affinity::Blob) => {
                plain(quoted.to_owned(), Cast::None, None)
            }
            (ItemType::Integer | ItemType::Boolean, Affinity::Text) => return None,
            (ItemType::Decimal, Affinity::Numeric) => plain(quoted.to_owned(), Cast::SqliteNumeric, Some(15)),
            (ItemType::Decimal, _) => plain(format!("CAST({quoted} AS NUMERIC)"), Cast::SqliteNumeric, Some(15)),
            // `T` or blank, with or without `Z` and decimals: brought to one form whose order by bytes is the order in time.
            (ItemType::DateTime, _) => {
                let blank = format!("replace(rtrim({quoted}, 'Z'), 'T', ' ')");
                let one_form =
                    format!("CASE WHEN instr({blank}, '.') THEN rtrim({blank}, '0') ELSE {blank} || '.' END");
                plain(format!("({one_form}) COLLATE BINARY"), Cast::SqliteDateTime, None)
            }
        })
    }

    fn of_postgres(
        name: &str,
        quoted: &str,
        native: PostgresType,
        spelling: &str,
        item_type: ItemType,
    ) -> Option<Self> {
        use PostgresType as P;
        let cast = |to: &str| Cast::Postgres(to.to_owned());
        let column = |select: String, compare: String, cast: Cast| Self {
            name: name.to_owned(),
            item_type,
            select,
            compare,
            order: quoted.to_owned(),
            cast,
            order_cast: Cast::Postgres(spelling.to_owned()),
            indexed: None,
            digits_max: None,
        };
        let as_text = format!("{quoted}::text");
        let by_bytes = format!("{as_text} COLLATE \"C\"");
        // `to_char` makes nothing of infinity, which would then be taken for an empty value.
        let finite = |form: &str, of: &str| {
            format!("CASE WHEN isfinite({quoted}) THEN to_char({of}, '{form} BC') ELSE {as_text} END")
        };
        let iso = |of: &str| finite("YYYY-MM-DD\"T\"HH24:MI:SS.US", of);
        Some(match (item_type, native) {
            (ItemType::Text, P::Text | P::Padded) => Self {
                indexed: Some((quoted.to_owned(), cast(spelling))),
                ..column(as_text.clone(), by_bytes, Cast::None)
            },
            (ItemType::Text, _) => column(as_text.clone(), by_bytes, Cast::None),
            (ItemType::Integer, P::Integer) => column(format!("{quoted}::int8"), quoted.to_owned(), Cast::None),
            (ItemType::Decimal, P::Numeric) => column(as_text.clone(), quoted.to_owned(), cast("numeric")),
            (ItemType::Decimal, P::Integer) => column(as_text.clone(), quoted.to_owned(), cast("numeric")),
            (ItemType::Decimal, P::Float4) => {
                Self { digits_max: Some(6), ..column(as_text.clone(), quoted.to_owned(), cast("float4")) }
            }
            (ItemType::Decimal, P::Float8) => {
                Self { digits_max: Some(15), ..column(as_text.clone(), quoted.to_owned(), cast("float8")) }
            }
            (ItemType::Date, P::Date) => column(finite("YYYY-MM-DD", quoted), quoted.to_owned(), cast("date")),
            (ItemType::DateTime, P::Timestamp) => column(iso(quoted), quoted.to_owned(), cast("timestamp")),
            (ItemType::DateTime, P::TimestampTz) => {
                column(iso(&format!("({quoted} AT TIME ZONE 'UTC')")), quoted.to_owned(), cast("timestamptz"))
            }
            (ItemType::Boolean, P::Boolean) => column(quoted.to_owned(), quoted.to_owned(), Cast::None),
            // Dates kept as text: read strictly, compared by bytes, which is their order.
            (ItemType::Date, P::Text | P::TextFolded | P::Padded) => column(as_text.clone(), by_bytes, Cast::None),
            _ => return None,
        })
    }
}

impl PlanColumn {
    fn bound(&self, value: &Value) -> Result<Bound, SourceError> {
        bound(&self.name, self.digits_max, &self.cast, value)
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
    sql: String,
    values: Vec<Bound>,
}

impl ScanRequest<'_> {
    /// The statement that answers this request.
    pub(crate) fn statement(&self) -> Result<Statement, SourceError> {
        let mut builder = Builder { sql: String::with_capacity(256), values: Vec::new() };
        builder.sql.push_str("SELECT ");
        let selects = self.columns.iter().map(|at| self.plan.columns[*at].select.as_str()).collect::<Vec<_>>();
        builder.sql.push_str(&if selects.is_empty() { "1".to_owned() } else { selects.join(", ") });
        builder.sql.push_str(&format!(" FROM {} AS t", self.plan.from));
        let mut joint = " WHERE ";
        for condition in self.conditions {
            builder.sql.push_str(joint);
            builder.condition(&self.plan.columns[condition.column], &condition.test)?;
            joint = " AND ";
        }
        if let Some(after) = self.after {
            builder.sql.push_str(joint);
            builder.after(self.plan, after);
        }
        if !self.plan.key.is_empty() {
            let order = self.plan.key.iter().map(|at| self.plan.columns[*at].order.as_str()).collect::<Vec<_>>();
            builder.sql.push_str(&format!(" ORDER BY {}", order.join(", ")));
        }
        builder.sql.push_str(" LIMIT ");
        builder.bind(Bound::Integer(i64::from(self.limit)), &Cast::None);
        Ok(Statement { sql: builder.sql, values: builder.values })
    }
}

impl Builder {
    fn bind(&mut self, value: Bound, cast: &Cast) {
        self.values.push(value);
        self.placeholder(self.values.len(), cast);
    }

    fn placeholder(&mut self, number: usize, cast: &Cast) {
        // `$1` is PostgreSQL's form and one of SQLite's.
        self.sql.push_str(&match cast {
            Cast::None | Cast::SqliteDateTime => format!("${number}"),
            Cast::SqliteNumeric => format!("CAST(${number} AS NUMERIC)"),
            Cast::Postgres(to) => format!("${number}::{to}"),
        });
    }

    fn condition(&mut self, column: &PlanColumn, test: &TypedTest) -> Result<(), SourceError> {
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
        for value in values {
            self.values.push(column.bound(value)?);
        }
        if let Some(last) = self.values.last().filter(|_| !values.is_empty()).cloned() {
            self.values.resize(first - 1 + values.len().next_power_of_two(), last);
        }
        let numbers = first..=self.values.len();
        if numbers.is_empty() {
            self.sql.push_str("1 = 0");
            return Ok(());
        }
        let indexed = column.indexed.iter().map(|(expression, cast)| (expression, cast));
        let mut joint = "";
        for (expression, cast) in indexed.chain([(&column.compare, &column.cast)]) {
            self.sql.push_str(&format!("{joint}{expression}"));
            self.sql.push_str(if values.len() == 1 { " = " } else { " IN (" });
            for number in numbers.clone() {
                if number > first {
                    self.sql.push_str(", ");
                }
                self.placeholder(number, cast);
            }
            self.sql.push_str(if values.len() == 1 { "" } else { ")" });
            joint = " AND ";
        }
        Ok(())
    }

    fn after(&mut self, plan: &TablePlan, after: &[Value]) {
        let key: Vec<&PlanColumn> = plan.key.iter().map(|at| &plan.columns[*at]).collect();
        let order: Vec<&str> = key.iter().map(|column| column.order.as_str()).collect();
        self.sql.push_str(&format!("({}) > (", order.join(", ")));
        for (at, (column, value)) in key.iter().zip(after).enumerate() {
            if at > 0 {
                self.sql.push_str(", ");
            }
            // Key values came out of this source, so they go back in however many digits they have.
            if let Ok(value) = bound(&column.name, None, &column.order_cast, value) {
                self.bind(value, &column.order_cast);
            }
        }
        self.sql.push(')');
    }
}

fn bound(column: &str, digits_max: Option<usize>, cast: &Cast, value: &Value) -> Result<Bound, SourceError> {
    let too_fine = || SourceError::LiteralTooFine { column: column.to_owned() };
    Ok(match value {
        Value::Integer(number) => Bound::Integer(*number),
        Value::Boolean(yes) => Bound::Boolean(*yes),
        Value::Decimal(text) => {
            let number = Number::parse(text).ok_or_else(too_fine)?;
            if let Some(limit) = digits_max {
                let far = number.magnitude().is_some_and(|magnitude| magnitude.abs() > 35);
                if number.significant_digits() > limit || far {
                    return Err(too_fine());
                }
            }
            Bound::Text(text.clone())
        }
        Value::DateTime(microseconds) => {
            let text = crate::value::date_time_text(*microseconds);
            Bound::Text(if *cast == Cast::SqliteDateTime { one_form(&text) } else { text })
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
