//! Databases behind an ODBC driver, by the name of a data source (DSN) that the administrator has set up on this machine.
//!
//! Only the name comes from a department, never an attribute of the connection: with attributes a driver can be pointed
//! at any host, any file, any library. Drivers block; each call runs on a thread of its own, of which a source has as
//! many as it may have calls, so that a driver that does not come back costs its own source only.

use super::{
    ColumnStructure, Location, SourceError, SourceSettings, Structure, TABLES_MAX, TableStructure,
    database::{Catalogue, check_counts},
    describe::{Described, FileIdentity, GenericType, Native, PhysicalColumn, PhysicalTable, PostgresType},
    pool::Session,
    postgres,
    sql::{Bound, Dialect, RowLimit, ScanRequest},
    sqlite::{self, GATHERED_BYTES_MAX},
};
use crate::value::{self, Value};
use odbc_api::{
    Connection, ConnectionOptions, Cursor, Error, IntoParameter, environment, escape_attribute_value,
    parameter::InputParameter, sys,
};
use shuqiao_vocabulary::ItemType;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// A location and the threads it may occupy.
pub(crate) struct OdbcTarget {
    location: Location,
    threads: Arc<Semaphore>,
}

impl OdbcTarget {
    /// The data source of this name; nothing is connected yet.
    pub(crate) fn new(location: Location, settings: &SourceSettings) -> Self {
        Self { location, threads: Arc::new(Semaphore::new(settings.calls_max.max(1))) }
    }
}

/// One connection.
pub(crate) struct OdbcSession {
    /// Away while a thread works with it.
    connection: Option<Connection<'static>>,
    threads: Arc<Semaphore>,
    database: Kind,
    quote: char,
    patience: Duration,
}

/// What stands behind the driver, as far as its texts and types are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
    SqlServer,
    Other,
}

impl Session for OdbcSession {
    type Target = OdbcTarget;

    async fn connect(target: &OdbcTarget, settings: &SourceSettings) -> Result<Self, SourceError> {
        let Location::Odbc { dsn, user, password } = &target.location else {
            return Err(SourceError::Failed);
        };
        let mut wanted = format!("DSN={}", escape_attribute_value(dsn));
        for (key, value) in [("UID", user), ("PWD", password)] {
            if !value.is_empty() {
                wanted.push_str(&format!(";{key}={}", escape_attribute_value(value)));
            }
        }
        let options =
            ConnectionOptions { login_timeout_sec: Some(seconds(settings.connect_timeout)), packet_size: None };
        let (connection, database, quote) = on_thread(&target.threads, move || {
            let environment = environment().map_err(|_| SourceError::Failed)?;
            let connection =
                environment.connect_with_connection_string(&wanted, options).map_err(|_| SourceError::Unreachable)?;
            let name = connection.database_management_system_name().map_err(failure)?;
            let database = match name.to_ascii_lowercase() {
                name if name.contains("sqlite") => Kind::Sqlite,
                name if name.contains("postgres") => Kind::Postgres,
                name if name.contains("sql server") => Kind::SqlServer,
                _ => Kind::Other,
            };
            for statement in read_only(database) {
                connection.execute(statement, (), None).map_err(failure)?;
            }
            let quote = connection.identifier_quote_char().map_err(failure)?.unwrap_or('"');
            Ok((connection, database, quote))
        })
        .await?;
        let threads = target.threads.clone();
        Ok(Self { connection: Some(connection), threads, database, quote, patience: settings.query_timeout })
    }

    async fn probe(&mut self) -> Result<(), SourceError> {
        self.work(|connection| {
            if connection.is_dead().map_err(failure)? {
                return Err(SourceError::Unreachable);
            }
            connection.tables("", "", "%", "TABLE").map(|_| ()).map_err(failure)
        })
        .await
    }

    async fn scan(&mut self, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
        let statement = request.statement()?;
        let columns: Vec<(String, ItemType)> = request
            .columns
            .iter()
            .map(|at| &request.plan.columns[*at])
            .map(|column| (column.name.clone(), column.item_type))
            .collect();
        let (limit, patience, database) = (request.limit as usize, self.patience, self.database);
        self.work(move |connection| {
            let values: Vec<Box<dyn InputParameter>> =
                statement.values.into_iter().map(|value| parameter(value, database)).collect();
            rows(connection, &statement.sql, &values, &columns, limit, patience)
        })
        .await
    }
}

impl Catalogue for OdbcSession {
    async fn describe(&mut self, edition: u64) -> Result<Described, SourceError> {
        let (database, quote) = (self.database, self.quote);
        self.work(move |connection| describe(connection, database, quote, edition)).await
    }
}

impl OdbcSession {
    /// Lets a thread work with the connection. When the caller leaves meanwhile, the thread closes it at the end.
    async fn work<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Connection<'static>) -> Result<T, SourceError> + Send + 'static,
    ) -> Result<T, SourceError> {
        let connection = self.connection.take().ok_or(SourceError::Failed)?;
        let (connection, answered) = on_thread(&self.threads, move || {
            let answered = work(&connection);
            Ok((connection, answered))
        })
        .await?;
        self.connection = Some(connection);
        answered
    }
}

/// Runs on a thread that counts as occupied until the work is really over.
async fn on_thread<T: Send + 'static>(
    threads: &Arc<Semaphore>,
    work: impl FnOnce() -> Result<T, SourceError> + Send + 'static,
) -> Result<T, SourceError> {
    let permit = threads.clone().acquire_owned().await.map_err(|_| SourceError::Failed)?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(permit);
        done
    });
    done.await.unwrap_or(Err(SourceError::Failed))
}

/// What makes a session read-only where we know how; elsewhere the login must not be able to write.
fn read_only(database: Kind) -> &'static [&'static str] {
    match database {
        Kind::Sqlite => &["PRAGMA query_only = ON", "PRAGMA trusted_schema = OFF"],
        Kind::Postgres => &["SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "SET TIME ZONE 'UTC'"],
        Kind::SqlServer | Kind::Other => &[],
    }
}

fn seconds(patience: Duration) -> u32 {
    u32::try_from(patience.as_secs()).unwrap_or(u32::MAX).max(1)
}

fn parameter(value: Bound, database: Kind) -> Box<dyn InputParameter> {
    match value {
        Bound::Text(text) => Box::new(text.into_parameter()),
        Bound::Integer(number) => Box::new(number),
        Bound::Boolean(yes) if database == Kind::Postgres => Box::new(yes.to_string().into_parameter()),
        Bound::Boolean(yes) => Box::new(i64::from(yes)),
    }
}

fn rows(
    connection: &Connection<'static>,
    sql: &str,
    values: &[Box<dyn InputParameter>],
    columns: &[(String, ItemType)],
    limit: usize,
    patience: Duration,
) -> Result<Vec<Vec<Value>>, SourceError> {
    let mut statement = connection.preallocate().map_err(failure)?;
    // Not every driver can; then the caller leaves and the thread stays occupied until the driver comes back.
    let _ = statement.set_query_timeout_sec(seconds(patience) as usize);
    let (mut rows, mut weight, mut text) = (Vec::new(), 0, Vec::new());
    let Some(mut cursor) = statement.execute(sql, values).map_err(failure)? else {
        return Ok(rows);
    };
    while rows.len() < limit
        && let Some(mut row) = cursor.next_row().map_err(failure)?
    {
        let mut values = Vec::with_capacity(columns.len());
        for (at, (name, item_type)) in (1..).zip(columns) {
            let there = row.get_wide_text(at, &mut text).map_err(failure)?;
            let value = if there { read_cell(&text, *item_type) } else { Some(Value::Null) };
            values.push(value.ok_or_else(|| SourceError::CellType { column: name.clone() })?);
        }
        weight += values.iter().map(Value::weight).sum::<usize>();
        if weight > GATHERED_BYTES_MAX {
            return Err(SourceError::TooLarge);
        }
        rows.push(values);
    }
    Ok(rows)
}

/// Every cell comes as text; a driver writes numbers and moments in the forms of ODBC.
fn read_cell(text: &[u16], item_type: ItemType) -> Option<Value> {
    let text = String::from_utf16(text).ok()?;
    match item_type {
        ItemType::Integer => text.parse().ok().map(Value::Integer),
        ItemType::Boolean => match text.as_str() {
            "0" | "f" | "false" => Some(Value::Boolean(false)),
            "1" | "t" | "true" => Some(Value::Boolean(true)),
            _ => None,
        },
        ItemType::Decimal => value::Number::parse(&text).map(|_| Value::Decimal(text.clone())),
        ItemType::Date => value::date(&text).map(Value::Date),
        ItemType::DateTime => value::date_time(&text).map(Value::DateTime),
        ItemType::Text => Some(Value::Text(text)),
    }
}

/// What the driver's catalogue functions say.
fn describe(
    connection: &Connection<'static>,
    database: Kind,
    quote_char: char,
    edition: u64,
) -> Result<Described, SourceError> {
    let quote =
        |name: &str| format!("{quote_char}{}{quote_char}", name.replace(quote_char, &quote_char.to_string().repeat(2)));
    let mut found = Vec::new();
    let mut statement = connection.preallocate().map_err(failure)?;
    let listed = statement.tables_cursor("", "", "%", "TABLE,VIEW").map_err(failure)?;
    for [schema, table] in listing(listed, [2, 3])? {
        let (schema, table) = (schema.filter(|schema| !schema.is_empty()), table.ok_or(SourceError::Failed)?);
        let is_own =
            matches!(schema.as_deref(), Some("pg_catalog" | "information_schema" | "sys" | "INFORMATION_SCHEMA"));
        if !is_own {
            found.push((schema, table));
        }
        if found.len() > TABLES_MAX {
            let (name, what) = ("source".to_owned(), "tables");
            return Err(SourceError::TooMany { name, what, found: found.len(), limit: TABLES_MAX });
        }
    }
    found.sort();
    let (mut tables, mut physical) = (Vec::new(), HashMap::new());
    for (schema, table) in found {
        let mut columns = Vec::new();
        let mut physical_columns = HashMap::new();
        // The names are patterns here, so that other tables may come too.
        let pattern = |name: &str| name.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let in_schema = schema.as_deref().map(pattern).unwrap_or_default();
        let mut statement = connection.preallocate().map_err(failure)?;
        let listed = statement.columns_cursor("", &in_schema, &pattern(&table), "%").map_err(failure)?;
        for [of_table, name, number, native_type, nullable] in listing(listed, [3, 4, 5, 6, 11])? {
            let (Some(name), Some(native_type)) = (name, native_type) else { return Err(SourceError::Failed) };
            if of_table.as_deref() != Some(table.as_str()) {
                continue;
            }
            let nullable = nullable.as_deref() != Some("0");
            let number = number.and_then(|number| number.parse().ok()).ok_or(SourceError::Failed)?;
            let (native, item_type) = read_as(database, number, &native_type);
            physical_columns.insert(name.clone(), PhysicalColumn { quoted: quote(&name), native, item_type });
            columns.push(ColumnStructure { name, item_type, nullable, native_type });
        }
        let mut key = Vec::new();
        // Not every driver knows keys; a table without one is served as far as one call reaches.
        let mut statement = connection.preallocate().map_err(failure)?;
        if let Ok(listed) = statement.primary_keys_cursor(None, schema.as_deref(), &table) {
            for [column, place] in listing(listed, [4, 5])? {
                let place: Option<u32> = place.and_then(|place| place.parse().ok());
                key.push(place.zip(column).ok_or(SourceError::Failed)?);
            }
        }
        key.sort();
        let name = match &schema {
            Some(schema) if schema != "public" => format!("{schema}.{table}"),
            _ => table.clone(),
        };
        let quoted = schema.iter().chain([&table]).map(|name| quote(name)).collect::<Vec<_>>().join(".");
        physical.insert(name.clone(), PhysicalTable { quoted, columns: physical_columns });
        let key = key.into_iter().map(|(_, column)| column).collect();
        tables.push(TableStructure { name, rows_estimate: None, columns, key });
    }
    check_counts(&tables)?;
    let limit = match database {
        Kind::Sqlite | Kind::Postgres => RowLimit::Limit,
        Kind::SqlServer => RowLimit::Top,
        Kind::Other => RowLimit::FetchFirst,
    };
    Ok(Described {
        structure: Structure::of(tables, None),
        tables: physical,
        dialect: Dialect { limit, ..Dialect::POSITIONAL },
        edition,
        file: None,
        identity: FileIdentity::default(),
        schema_version: 0,
    })
}

/// How a column is stored, and the type of item it stands for: by the database's own name where we know it, else by
/// ODBC's number of the type.
fn read_as(database: Kind, number: i16, name: &str) -> (Native, ItemType) {
    match database {
        Kind::Sqlite => {
            let (affinity, item_type) = sqlite::read_as(name);
            (Native::Sqlite(affinity), item_type)
        }
        Kind::Postgres => {
            // The driver does not tell how a text is collated.
            let (native, item_type) = postgres::read_as(name, false);
            let spelling = if native == PostgresType::Other { "text" } else { name };
            (Native::Postgres(native, spelling.to_owned()), item_type)
        }
        Kind::SqlServer | Kind::Other => {
            let (native, item_type) = generic(number);
            (Native::Generic(native), item_type)
        }
    }
}

fn generic(number: i16) -> (GenericType, ItemType) {
    use sys::SqlDataType as T;
    match T(number) {
        T::EXT_BIT => (GenericType::Bit, ItemType::Boolean),
        T::EXT_TINY_INT | T::SMALLINT | T::INTEGER | T::EXT_BIG_INT => (GenericType::Integer, ItemType::Integer),
        T::NUMERIC | T::DECIMAL => (GenericType::Decimal, ItemType::Decimal),
        T::REAL => (GenericType::Real, ItemType::Decimal),
        T::FLOAT | T::DOUBLE => (GenericType::Double, ItemType::Decimal),
        T::DATE => (GenericType::Date, ItemType::Date),
        T::TIMESTAMP => (GenericType::Timestamp, ItemType::DateTime),
        _ => (GenericType::Text, ItemType::Text),
    }
}

/// These columns of a listing of the catalogue. As wide text: what a driver makes of narrow text hangs on the locale.
fn listing<const N: usize>(
    mut cursor: impl Cursor,
    columns: [u16; N],
) -> Result<Vec<[Option<String>; N]>, SourceError> {
    let (mut rows, mut text) = (Vec::new(), Vec::new());
    while let Some(mut row) = cursor.next_row().map_err(failure)? {
        let mut found = [const { None }; N];
        for (place, column) in found.iter_mut().zip(columns) {
            if row.get_wide_text(column, &mut text).map_err(failure)? {
                *place = Some(String::from_utf16(&text).map_err(|_| SourceError::Failed)?);
            }
        }
        rows.push(found);
        if rows.len() > TABLES_MAX * 100 {
            let (name, what) = ("source".to_owned(), "columns");
            return Err(SourceError::TooMany { name, what, found: rows.len(), limit: TABLES_MAX * 100 });
        }
    }
    Ok(rows)
}

/// What an error of the driver means. Its message may hold values and is dropped here.
fn failure(error: Error) -> SourceError {
    let Error::Diagnostics { record, .. } = &error else {
        return SourceError::Failed;
    };
    match record.state.as_str() {
        // No such table, column or index; ODBC's and the standard's own states.
        "42S02" | "42S22" | "42S12" | "42P01" | "42703" => SourceError::Changed { what: "table or column".to_owned() },
        "HYT00" | "HYT01" | "57014" => SourceError::Slow,
        state if state.starts_with("08") || state.starts_with("28") => SourceError::Unreachable,
        _ => SourceError::Failed,
    }
}
