//! SQLite files: departments' own, and the private snapshots of CSV files.
//!
//! Read-only, with an untrusted schema, and every statement is interrupted when its time is up: the statement runs on a
//! thread of its own, which would otherwise go on after the caller has left.

use super::{
    COLUMNS_MAX, ColumnStructure, SourceError, SourceSettings, Structure, TABLES_MAX, TableStructure,
    describe::{Affinity, Described, FileIdentity, Native, PhysicalColumn, PhysicalTable},
    pool::Session,
    sql::{Bound, Dialect, PlanColumn, ScanRequest, quote},
};
use crate::value::{self, Value};
use futures_util::TryStreamExt;
use shuqiao_vocabulary::ItemType;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Row, SqliteConnection, TypeInfo, ValueRef,
    sqlite::{SqliteConnectOptions, SqliteRow, SqliteValueRef},
};
use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Bytes of rows gathered for one answer.
pub(crate) const GATHERED_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Instructions of SQLite's machine between two looks at the deadline.
const INSTRUCTIONS_BETWEEN: i32 = 20_000;

/// A connection whose statements end when their time is up.
pub(crate) struct SqliteSession {
    connection: SqliteConnection,
    opened: Instant,
    /// Milliseconds since `opened`.
    deadline: Arc<AtomicU64>,
}

impl Session for SqliteSession {
    type Target = Path;
    const OF_ONE_EDITION: bool = true;

    async fn connect(file: &Path, _settings: &SourceSettings) -> Result<Self, SourceError> {
        connect(file).await
    }

    async fn probe(&mut self) -> Result<(), SourceError> {
        schema_version(self).await.map(|_| ())
    }

    async fn scan(&mut self, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
        scan(self, request).await
    }

    fn must_end_within(&mut self, patience: Duration) {
        let deadline = self.opened.elapsed() + patience;
        self.deadline.store(u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// Opens the file, read-only.
async fn connect(file: &Path) -> Result<SqliteSession, SourceError> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .create_if_missing(false)
        .busy_timeout(Duration::from_millis(500))
        .statement_cache_capacity(256)
        .pragma("query_only", "ON")
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .disable_statement_logging();
    let mut connection = options.connect().await.map_err(|_| SourceError::Unreachable)?;
    let (opened, deadline) = (Instant::now(), Arc::new(AtomicU64::new(u64::MAX)));
    let seen = deadline.clone();
    let mut handle = connection.lock_handle().await.map_err(failure)?;
    handle.set_progress_handler(INSTRUCTIONS_BETWEEN, move || {
        opened.elapsed().as_millis() < u128::from(seen.load(Ordering::Relaxed))
    });
    drop(handle);
    Ok(SqliteSession { connection, opened, deadline })
}

/// SQLite's counter of structure changes.
pub(crate) async fn schema_version(session: &mut SqliteSession) -> Result<i64, SourceError> {
    let row = sqlx::query("PRAGMA schema_version").fetch_one(&mut session.connection).await.map_err(failure)?;
    row.try_get::<i64, _>(0).map_err(failure)
}

/// What the file holds.
pub(crate) async fn describe(
    session: &mut SqliteSession,
    file: &Path,
    identity: FileIdentity,
    schema_version: i64,
    edition: u64,
) -> Result<Described, SourceError> {
    const TABLES: &str = "SELECT name, type, wr FROM pragma_table_list \
        WHERE schema = 'main' AND type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    let rows = sqlx::query(TABLES).fetch_all(&mut session.connection).await.map_err(failure)?;
    if rows.len() > TABLES_MAX {
        return Err(SourceError::TooMany {
            name: "source".to_owned(),
            what: "tables",
            found: rows.len(),
            limit: TABLES_MAX,
        });
    }
    let (mut tables, mut physical) = (Vec::new(), HashMap::new());
    for row in &rows {
        let name: String = row.try_get(0).map_err(failure)?;
        let is_view = row.try_get::<String, _>(1).map_err(failure)? == "view";
        let without_rowid = row.try_get::<i64, _>(2).map_err(failure)? != 0;
        let (table, columns) = describe_table(session, &name, !is_view && !without_rowid).await?;
        physical.insert(name.clone(), PhysicalTable { quoted: quote(&name), columns });
        tables.push(table);
    }
    Ok(Described {
        structure: Structure::of(tables, None),
        tables: physical,
        dialect: Dialect::NUMBERED,
        edition,
        file: Some(file.to_owned()),
        identity,
        schema_version,
    })
}

async fn describe_table(
    session: &mut SqliteSession,
    table: &str,
    has_rowid: bool,
) -> Result<(TableStructure, HashMap<String, PhysicalColumn>), SourceError> {
    const COLUMNS: &str =
        "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo($1) WHERE hidden IN (0, 2, 3) ORDER BY cid";
    let rows = sqlx::query(COLUMNS).bind(table).fetch_all(&mut session.connection).await.map_err(failure)?;
    if rows.len() > COLUMNS_MAX {
        return Err(SourceError::TooMany {
            name: table.to_owned(),
            what: "columns",
            found: rows.len(),
            limit: COLUMNS_MAX,
        });
    }
    let (mut columns, mut physical, mut key) = (Vec::new(), HashMap::new(), Vec::new());
    for row in &rows {
        let name: String = row.try_get(0).map_err(failure)?;
        let declared: String = row.try_get(1).map_err(failure)?;
        let nullable = row.try_get::<i64, _>(2).map_err(failure)? == 0;
        let key_place: i64 = row.try_get(3).map_err(failure)?;
        let (affinity, item_type) = read_as(&declared);
        if key_place > 0 {
            key.push((key_place, name.clone()));
        }
        physical
            .insert(name.clone(), PhysicalColumn { quoted: quote(&name), native: Native::Sqlite(affinity), item_type });
        columns.push(ColumnStructure { name, item_type, nullable, native_type: declared });
    }
    key.sort();
    let mut key: Vec<String> = key.into_iter().map(|(_, name)| name).collect();
    let mut rows_estimate = None;
    let hidden = ["rowid", "_rowid_", "oid"].into_iter().find(|name| {
        has_rowid && !columns.iter().any(|column: &ColumnStructure| column.name.eq_ignore_ascii_case(name))
    });
    if let Some(rowid) = hidden {
        let last = format!("SELECT max(t.{}) FROM {} AS t", quote(rowid), quote(table));
        let row = sqlx::query(AssertSqlSafe(last)).fetch_one(&mut session.connection).await.map_err(failure)?;
        rows_estimate =
            row.try_get::<Option<i64>, _>(0).map_err(failure)?.map_or(Some(0), |last| u64::try_from(last).ok());
        if key.is_empty() {
            key.push(rowid.to_owned());
            let native = Native::Sqlite(Affinity::Numeric);
            physical.insert(
                rowid.to_owned(),
                PhysicalColumn { quoted: quote(rowid), native, item_type: ItemType::Integer },
            );
        }
    }
    Ok((TableStructure { name: table.to_owned(), rows_estimate, columns, key }, physical))
}

/// The affinity of a declared type by SQLite's rules, and the item type it stands for. `TEXT_DECIMAL`, `TEXT_DATE`
/// and `TEXT_DATETIME` are what snapshots of files use, to keep values as written.
pub(crate) fn read_as(declared: &str) -> (Affinity, ItemType) {
    let upper = declared.to_ascii_uppercase();
    let has = |part: &str| upper.contains(part);
    let affinity = if has("INT") {
        Affinity::Numeric
    } else if has("CHAR") || has("CLOB") || has("TEXT") {
        Affinity::Text
    } else if has("BLOB") || upper.is_empty() {
        Affinity::Blob
    } else {
        Affinity::Numeric
    };
    let item_type = match affinity {
        Affinity::Text if has("DECIMAL") => ItemType::Decimal,
        Affinity::Text if has("TEXT_DATETIME") => ItemType::DateTime,
        Affinity::Text if has("TEXT_DATE") => ItemType::Date,
        Affinity::Text | Affinity::Blob => ItemType::Text,
        Affinity::Numeric if has("INT") => ItemType::Integer,
        Affinity::Numeric if has("BOOL") => ItemType::Boolean,
        Affinity::Numeric if has("DATETIME") || has("TIMESTAMP") => ItemType::DateTime,
        Affinity::Numeric if has("DATE") => ItemType::Date,
        Affinity::Numeric if ["REAL", "FLOA", "DOUB", "NUM", "DEC", "MONEY"].iter().any(|part| has(part)) => {
            ItemType::Decimal
        }
        Affinity::Numeric => ItemType::Text,
    };
    (affinity, item_type)
}

/// The rows of one restricted query.
async fn scan(session: &mut SqliteSession, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
    let statement = request.statement()?;
    let mut query = sqlx::query(AssertSqlSafe(statement.sql));
    for value in statement.values {
        query = match value {
            Bound::Text(text) => query.bind(text),
            Bound::Integer(number) => query.bind(number),
            Bound::Boolean(yes) => query.bind(yes),
        };
    }
    let columns: Vec<&PlanColumn> = request.columns.iter().map(|at| &request.plan.columns[*at]).collect();
    let (mut rows, mut weight) = (Vec::new(), 0);
    let mut stream = query.fetch(&mut session.connection);
    while let Some(row) = stream.try_next().await.map_err(failure)? {
        let row = read_row(&row, &columns)?;
        weight += row.iter().map(Value::weight).sum::<usize>();
        if weight > GATHERED_BYTES_MAX {
            return Err(SourceError::TooLarge);
        }
        rows.push(row);
    }
    Ok(rows)
}

fn read_row(row: &SqliteRow, columns: &[&PlanColumn]) -> Result<Vec<Value>, SourceError> {
    let mut values = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        let cell = row.try_get_raw(at).map_err(failure)?;
        let value =
            read_cell(cell, column.item_type).ok_or_else(|| SourceError::CellType { column: column.name.clone() })?;
        values.push(value);
    }
    Ok(values)
}

/// SQLite keeps any value in any column, so each cell is checked against the type its item was published with.
fn read_cell(cell: SqliteValueRef<'_>, item_type: ItemType) -> Option<Value> {
    if cell.is_null() {
        return Some(Value::Null);
    }
    enum Stored {
        Integer,
        Real,
        Text,
    }
    let stored = match cell.type_info().name() {
        "INTEGER" => Stored::Integer,
        "REAL" => Stored::Real,
        "TEXT" => Stored::Text,
        _ => return None,
    };
    fn of<'r, T: sqlx::Decode<'r, sqlx::Sqlite>>(cell: SqliteValueRef<'r>) -> Option<T> {
        T::decode(cell).ok()
    }
    match (item_type, stored) {
        (ItemType::Text, Stored::Text) => of::<String>(cell).map(Value::Text),
        (ItemType::Integer, Stored::Integer) => of::<i64>(cell).map(Value::Integer),
        (ItemType::Boolean, Stored::Integer) => match of::<i64>(cell)? {
            0 => Some(Value::Boolean(false)),
            1 => Some(Value::Boolean(true)),
            _ => None,
        },
        (ItemType::Decimal, Stored::Integer) => of::<i64>(cell).map(|number| Value::Decimal(number.to_string())),
        (ItemType::Decimal, Stored::Real) => {
            of::<f64>(cell).filter(|number| number.is_finite()).map(|number| Value::Decimal(number.to_string()))
        }
        (ItemType::Decimal, Stored::Text) => {
            of::<String>(cell).filter(|text| value::Number::parse(text).is_some()).map(Value::Decimal)
        }
        (ItemType::Date, Stored::Text) => value::date(of::<&str>(cell)?).map(Value::Date),
        (ItemType::DateTime, Stored::Text) => value::date_time(of::<&str>(cell)?).map(Value::DateTime),
        _ => None,
    }
}

/// What an error of SQLite means. Its message may hold values and is dropped here.
pub(crate) fn failure(error: sqlx::Error) -> SourceError {
    match &error {
        sqlx::Error::Database(database) => {
            let message = database.message();
            let gone = message.starts_with("no such column") || message.starts_with("no such table");
            // Primary result codes: 9 interrupted, 5 busy, 6 locked, 10 input or output, 11 corrupt, 14 cannot open, 26 not a database.
            let code = database.code().and_then(|code| code.parse::<i32>().ok()).map_or(0, |code| code & 0xff);
            match code {
                _ if gone => SourceError::Changed { what: "table or column".to_owned() },
                5 | 6 | 9 => SourceError::Slow,
                10 | 11 | 14 | 26 => SourceError::Unreachable,
                _ => SourceError::Failed,
            }
        }
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => SourceError::Unreachable,
        _ => SourceError::Failed,
    }
}
