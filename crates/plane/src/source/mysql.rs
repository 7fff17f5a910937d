//! MySQL and MariaDB databases, and others that speak their protocol. The user needs no more than SELECT; the session is
//! read-only and its statements have a deadline on the server as well, so that a query whose caller has left does not
//! go on.

use super::{
    ColumnStructure, Location, SourceError, SourceSettings, Structure, TABLES_MAX, TableStructure,
    database::{Catalogue, check_counts},
    describe::{Charset, Described, FileIdentity, MysqlType, Native, PhysicalColumn, PhysicalTable},
    pool::Session,
    sql::{Bound, Dialect, PlanColumn, ScanRequest},
    sqlite::GATHERED_BYTES_MAX,
};
use crate::value::{self, Value};
use futures_util::TryStreamExt;
use shuqiao_vocabulary::ItemType;
use sqlx::{
    AssertSqlSafe, Column, ConnectOptions, Executor, MySqlConnection, Row, TypeInfo, ValueRef,
    mysql::{MySqlConnectOptions, MySqlDatabaseError, MySqlRow, MySqlSslMode},
};
use std::{collections::HashMap, time::Duration};

/// What makes a statement fail rather than mean something else: nothing is cut off or made zero, `"` quotes a name only
/// when it is asked to, blanks of `CHAR(n)` are not part of the value.
pub(crate) const SQL_MODE: &str = "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO";

/// One connection.
pub(crate) struct MysqlSession(MySqlConnection);

impl Session for MysqlSession {
    type Target = Location;

    async fn connect(location: &Location, settings: &SourceSettings) -> Result<Self, SourceError> {
        connect(location, settings).await.map(Self)
    }

    async fn probe(&mut self) -> Result<(), SourceError> {
        sqlx::query("SELECT 1").execute(&mut self.0).await.map(|_| ()).map_err(failure)
    }

    async fn scan(&mut self, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
        scan(&mut self.0, request).await
    }
}

impl Catalogue for MysqlSession {
    async fn describe(&mut self, edition: u64) -> Result<Described, SourceError> {
        describe(&mut self.0, edition).await
    }
}

/// Connects with a read-only session.
async fn connect(location: &Location, settings: &SourceSettings) -> Result<MySqlConnection, SourceError> {
    let Location::Mysql { host, port, database, user, password, tls } = location else {
        return Err(SourceError::Failed);
    };
    let options = login(*tls).host(host).port(*port).database(database).username(user).password(password);
    let connected = options.statement_cache_capacity(256).connect().await;
    let mut connection = connected.map_err(|_| SourceError::Unreachable)?;
    let session = format!("SET SESSION sql_mode = '{SQL_MODE}'");
    for statement in [session.as_str(), "SET SESSION TRANSACTION READ ONLY"] {
        connection.execute(AssertSqlSafe(statement.to_owned())).await.map_err(failure)?;
    }
    limit_statements(&mut connection, settings.query_timeout).await?;
    Ok(connection)
}

/// How every session is begun: texts as UTF-8, moments in UTC, nothing written to a log.
pub(crate) fn login(tls: bool) -> MySqlConnectOptions {
    MySqlConnectOptions::new()
        .ssl_mode(if tls { MySqlSslMode::VerifyIdentity } else { MySqlSslMode::Disabled })
        .charset("utf8mb4")
        .timezone(Some("+00:00".to_owned()))
        // These two would be added to what the server is set to; the session has a mode of its own.
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .disable_statement_logging()
}

/// MariaDB counts seconds, MySQL milliseconds, under different names. A server that knows neither is not read: a query
/// whose caller has left would go on there.
async fn limit_statements(connection: &mut MySqlConnection, patience: Duration) -> Result<(), SourceError> {
    let of_mariadb = format!("SET SESSION max_statement_time = {:.3}", patience.as_secs_f64());
    let of_mysql = format!("SET SESSION max_execution_time = {}", patience.as_millis().max(1));
    match connection.execute(AssertSqlSafe(of_mariadb)).await {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(_)) => {
            connection.execute(AssertSqlSafe(of_mysql)).await.map(|_| ()).map_err(|_| SourceError::Failed)
        }
        Err(error) => Err(failure(error)),
    }
}

const COLUMNS: &str = "
SELECT c.TABLE_NAME, t.TABLE_ROWS, c.COLUMN_NAME, c.IS_NULLABLE, c.DATA_TYPE, c.COLUMN_TYPE, c.CHARACTER_SET_NAME,
       c.COLLATION_NAME
  FROM information_schema.COLUMNS c
  JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
 WHERE c.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
   AND FIND_IN_SET('select', c.PRIVILEGES) > 0
 ORDER BY CAST(c.TABLE_NAME AS BINARY), c.ORDINAL_POSITION
 LIMIT ?";

const KEYS: &str = "
SELECT TABLE_NAME, INDEX_NAME, COLUMN_NAME, NULLABLE, SUB_PART
  FROM information_schema.STATISTICS
 WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 0
 ORDER BY TABLE_NAME, INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX";

/// What the database holds, as far as the user may read it.
async fn describe(connection: &mut MySqlConnection, edition: u64) -> Result<Described, SourceError> {
    let rows_max = TABLES_MAX * 100;
    let rows = sqlx::query(COLUMNS).bind(rows_max as i64 + 1).fetch_all(&mut *connection).await.map_err(failure)?;
    if rows.len() > rows_max {
        let found = rows.len();
        return Err(SourceError::TooMany { name: "source".to_owned(), what: "columns", found, limit: rows_max });
    }
    let mut keys = read_keys(connection).await?;
    let (mut tables, mut physical) = (Vec::<TableStructure>::new(), HashMap::<String, PhysicalTable>::new());
    for row in &rows {
        let name = text(row, 0)?.ok_or(SourceError::Failed)?;
        if tables.last().is_none_or(|table| table.name != name) {
            let rows_estimate = row.try_get_unchecked::<Option<u64>, _>(1).map_err(failure)?;
            let key = keys.remove(&name).unwrap_or_default();
            tables.push(TableStructure { name: name.clone(), rows_estimate, columns: Vec::new(), key });
            physical.insert(name.clone(), PhysicalTable { quoted: quote(&name), columns: HashMap::new() });
        }
        let column = text(row, 2)?.ok_or(SourceError::Failed)?;
        let nullable = text(row, 3)?.as_deref() != Some("NO");
        let declared = text(row, 5)?.unwrap_or_default();
        let (kind, item_type) = read_as(&text(row, 4)?.unwrap_or_default(), &declared, text(row, 6)?);
        // The collation belongs to what a reviewer should see: it says which texts the department takes for equal.
        let native_type = match text(row, 7)?.filter(|_| matches!(kind, MysqlType::Text(_))) {
            Some(collation) => format!("{declared} collate {collation}"),
            None => declared,
        };
        if let (Some(table), Some(physical)) = (tables.last_mut(), physical.get_mut(&name)) {
            let physical_column = PhysicalColumn { quoted: quote(&column), native: Native::Mysql(kind), item_type };
            physical.columns.insert(column.clone(), physical_column);
            table.columns.push(ColumnStructure { name: column, item_type, nullable, native_type });
        }
    }
    check_counts(&tables)?;
    Ok(Described {
        structure: Structure::of(tables, None),
        tables: physical,
        dialect: Dialect::POSITIONAL,
        edition,
        file: None,
        identity: FileIdentity::default(),
        schema_version: 0,
    })
}

/// The first usable key of each table: the primary key if there is one, else a unique index over whole columns none of
/// which may be empty.
async fn read_keys(connection: &mut MySqlConnection) -> Result<HashMap<String, Vec<String>>, SourceError> {
    let rows = sqlx::query(KEYS).fetch_all(connection).await.map_err(failure)?;
    let mut indexes: Vec<(String, String, Option<Vec<String>>)> = Vec::new();
    for row in &rows {
        let (table, index) = (text(row, 0)?.unwrap_or_default(), text(row, 1)?.unwrap_or_default());
        if indexes.last().is_none_or(|last| last.0 != table || last.1 != index) {
            indexes.push((table, index, Some(Vec::new())));
        }
        let whole = text(row, 3)?.as_deref() != Some("YES") && row.try_get_raw(4).map_err(failure)?.is_null();
        // An index over an expression has no column.
        let column = text(row, 2)?.filter(|_| whole);
        if let Some((_, _, columns)) = indexes.last_mut() {
            *columns = columns.take().zip(column).map(|(columns, column)| [columns, vec![column]].concat());
        }
    }
    let mut keys = HashMap::new();
    for (table, _, columns) in indexes {
        if let Some(columns) = columns {
            keys.entry(table).or_insert(columns);
        }
    }
    Ok(keys)
}

/// How a column of this type is stored, and the type of item it stands for.
fn read_as(data_type: &str, declared: &str, charset: Option<String>) -> (MysqlType, ItemType) {
    let data_type = data_type.to_ascii_lowercase();
    let charset = match charset.as_deref() {
        Some("utf8mb4" | "utf8mb3" | "utf8") => Charset::Utf8,
        None | Some("ascii" | "ucs2" | "utf16" | "utf16le" | "utf32") => Charset::Unicode,
        Some(other) => Charset::Other(other.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()),
    };
    match data_type.as_str() {
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" => {
            (MysqlType::Text(charset), ItemType::Text)
        }
        // What `BOOLEAN` is declared as. A cell that holds neither 0 nor 1 is refused, or the item is published as integer.
        "tinyint" if declared.to_ascii_lowercase().starts_with("tinyint(1)") => (MysqlType::Integer, ItemType::Boolean),
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => (MysqlType::Integer, ItemType::Integer),
        "bit" if declared.eq_ignore_ascii_case("bit(1)") => (MysqlType::Bits, ItemType::Boolean),
        "bit" => (MysqlType::Bits, ItemType::Integer),
        "year" => (MysqlType::Year, ItemType::Integer),
        "decimal" => (MysqlType::Decimal, ItemType::Decimal),
        "float" => (MysqlType::Float, ItemType::Decimal),
        "double" => (MysqlType::Double, ItemType::Decimal),
        "date" => (MysqlType::Date, ItemType::Date),
        "datetime" | "timestamp" => (MysqlType::DateTime, ItemType::DateTime),
        "json" | "enum" | "set" | "time" | "uuid" | "inet4" | "inet6" => (MysqlType::Other, ItemType::Text),
        _ => (MysqlType::Binary, ItemType::Text),
    }
}

/// The rows of one restricted query.
async fn scan(connection: &mut MySqlConnection, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
    let statement = request.statement()?;
    let mut query = sqlx::query(AssertSqlSafe(statement.sql));
    for value in statement.values {
        query = match value {
            Bound::Text(text) => query.bind(text),
            Bound::Integer(number) => query.bind(number),
            Bound::Boolean(yes) => query.bind(i64::from(yes)),
        };
    }
    let columns: Vec<&PlanColumn> = request.columns.iter().map(|at| &request.plan.columns[*at]).collect();
    let (mut rows, mut weight) = (Vec::new(), 0);
    let mut stream = query.fetch(connection);
    while let Some(row) = stream.try_next().await.map_err(failure)? {
        let mut values = Vec::with_capacity(columns.len());
        for (at, column) in columns.iter().enumerate() {
            let cell = read_cell(&row, at, column.item_type);
            values.push(cell.ok_or_else(|| SourceError::CellType { column: column.name.clone() })?);
        }
        weight += values.iter().map(Value::weight).sum::<usize>();
        if weight > GATHERED_BYTES_MAX {
            return Err(SourceError::TooLarge);
        }
        rows.push(values);
    }
    Ok(rows)
}

/// Floating numbers come as they are stored, since the server writes them with fewer digits; everything else as text.
fn read_cell(row: &MySqlRow, at: usize, item_type: ItemType) -> Option<Value> {
    if row.try_get_raw(at).ok()?.is_null() {
        return Some(Value::Null);
    }
    let kind = row.columns().get(at)?.type_info().name();
    match (item_type, kind) {
        (ItemType::Decimal, "FLOAT") => finite(row.try_get_unchecked::<f32, _>(at).ok()?.to_string()),
        (ItemType::Decimal, "DOUBLE") => finite(row.try_get_unchecked::<f64, _>(at).ok()?.to_string()),
        _ => read_text(std::str::from_utf8(row.try_get_unchecked::<&[u8], _>(at).ok()?).ok()?, item_type),
    }
}

fn finite(text: String) -> Option<Value> {
    value::Number::parse(&text).is_some().then_some(Value::Decimal(text))
}

/// A date of zeros is no date, and is refused as such.
fn read_text(text: &str, item_type: ItemType) -> Option<Value> {
    match item_type {
        ItemType::Text => Some(Value::Text(text.to_owned())),
        ItemType::Decimal => finite(text.to_owned()),
        ItemType::Date => value::date(text).map(Value::Date),
        ItemType::DateTime => value::date_time(text).map(Value::DateTime),
        // Unsigned numbers may be too large, `ZEROFILL` puts zeros in front.
        ItemType::Integer => text.parse().ok().map(Value::Integer),
        ItemType::Boolean => match text {
            "0" => Some(Value::Boolean(false)),
            "1" => Some(Value::Boolean(true)),
            _ => None,
        },
    }
}

fn text(row: &MySqlRow, at: usize) -> Result<Option<String>, SourceError> {
    catalogue_text(row, at).map_err(failure)
}

/// The catalogue's texts are of different types in different servers; their bytes are UTF-8 in all.
pub(crate) fn catalogue_text(row: &MySqlRow, at: usize) -> Result<Option<String>, sqlx::Error> {
    let bytes = row.try_get_unchecked::<Option<&[u8]>, _>(at)?;
    bytes.map(|bytes| String::from_utf8(bytes.to_vec()).map_err(|error| sqlx::Error::Decode(error.into()))).transpose()
}

/// A quoted identifier; the backtick is one whatever the server's mode.
pub(crate) fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// What an error of the server means. Its message may hold values and is dropped here.
fn failure(error: sqlx::Error) -> SourceError {
    match &error {
        sqlx::Error::Database(database) => {
            match database.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number) {
                // Unknown column, table, database; a view whose tables have gone.
                Some(1054 | 1146 | 1049 | 1356) => SourceError::Changed { what: "table or column".to_owned() },
                // Interrupted, out of time (MySQL, MariaDB), waiting for a lock.
                Some(1317 | 3024 | 1969 | 1205) => SourceError::Slow,
                // Too many connections, shutting down, killed, no right (any more) to log in or to read.
                Some(1040 | 1053 | 1077 | 1203 | 1226 | 1927 | 1044 | 1045 | 1142 | 1143) => SourceError::Unreachable,
                _ => SourceError::Failed,
            }
        }
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => SourceError::Unreachable,
        _ => SourceError::Failed,
    }
}
