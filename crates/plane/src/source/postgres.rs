//! PostgreSQL databases. The role needs no more than SELECT; the session is read-only and its statements have a deadline
//! on the server as well, so that a query whose caller has left does not go on.

use super::{
    ColumnStructure, Location, SourceError, SourceSettings, Structure, TABLES_MAX, TableStructure,
    database::{Catalogue, check_counts},
    describe::{Described, FileIdentity, Native, PhysicalColumn, PhysicalTable, PostgresType},
    pool::Session,
    sql::{Bound, Dialect, PlanColumn, ScanRequest, quote},
    sqlite::GATHERED_BYTES_MAX,
};
use crate::value::{self, Value};
use futures_util::TryStreamExt;
use shuqiao_vocabulary::ItemType;
use sqlx::{
    AssertSqlSafe, ConnectOptions, PgConnection, Row,
    postgres::{PgConnectOptions, PgRow, PgSslMode},
};
use std::collections::HashMap;

/// One connection.
pub(crate) struct PostgresSession(PgConnection);

impl Session for PostgresSession {
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

impl Catalogue for PostgresSession {
    async fn describe(&mut self, edition: u64) -> Result<Described, SourceError> {
        describe(&mut self.0, edition).await
    }
}

/// Connects with a read-only session.
async fn connect(location: &Location, settings: &SourceSettings) -> Result<PgConnection, SourceError> {
    let Location::Postgres { host, port, database, user, password, tls } = location else {
        return Err(SourceError::Failed);
    };
    let deadline = settings.query_timeout.as_millis().to_string();
    // Without a password file or environment of this program's user: only what the location says.
    PgConnectOptions::new_without_pgpass()
        .host(host)
        .port(*port)
        .database(database)
        .username(user)
        .password(password)
        .ssl_mode(if *tls { PgSslMode::VerifyFull } else { PgSslMode::Disable })
        .application_name("shuqiao")
        .statement_cache_capacity(256)
        .options([
            ("default_transaction_read_only", "on"),
            ("statement_timeout", deadline.as_str()),
            ("idle_in_transaction_session_timeout", deadline.as_str()),
            ("extra_float_digits", "1"),
            ("DateStyle", "ISO"),
        ])
        .disable_statement_logging()
        .connect()
        .await
        .map_err(|_| SourceError::Unreachable)
}

const COLUMNS: &str = "
SELECT n.nspname::text, c.relname::text, c.reltuples::float8, a.attname::text, NOT a.attnotnull,
       coalesce(b.typname, t.typname)::text, format_type(a.atttypid, a.atttypmod),
       format_type(coalesce(b.oid, t.oid), CASE WHEN b.oid IS NULL THEN a.atttypmod ELSE t.typtypmod END),
       coalesce(l.collisdeterministic, true)
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype
  LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
   AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')
 ORDER BY n.nspname, c.relname, a.attnum
 LIMIT $1";

const KEYS: &str = "
SELECT n.nspname::text, c.relname::text, i.indexrelid::int8, a.attname::text
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
 WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
   AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attribute o
                    WHERE o.attrelid = c.oid AND o.attnum = ANY (i.indkey::int2[]) AND NOT o.attnotnull)
 ORDER BY n.nspname, c.relname, i.indisprimary DESC, i.indexrelid, k.place";

/// What the database holds, as far as the role may read it.
async fn describe(connection: &mut PgConnection, edition: u64) -> Result<Described, SourceError> {
    let encoding = sqlx::query("SHOW server_encoding").fetch_one(&mut *connection).await.map_err(failure)?;
    let encoding: String = encoding.try_get(0).map_err(failure)?;
    // `COLLATE "C"` compares the bytes the server stores; only in UTF-8 is that the order the rest of the plane knows.
    if encoding != "UTF8" {
        return Err(SourceError::Encoding { found: encoding });
    }
    let rows_max = (TABLES_MAX * 100) as i64;
    let rows = sqlx::query(COLUMNS).bind(rows_max + 1).fetch_all(&mut *connection).await.map_err(failure)?;
    if rows.len() as i64 > rows_max {
        let limit = rows_max as usize;
        return Err(SourceError::TooMany { name: "source".to_owned(), what: "columns", found: rows.len(), limit });
    }
    let mut keys = read_keys(connection).await?;
    let (mut tables, mut physical) = (Vec::<TableStructure>::new(), HashMap::<String, PhysicalTable>::new());
    for row in &rows {
        let text = |at: usize| row.try_get::<String, _>(at).map_err(failure);
        let (schema, relation) = (text(0)?, text(1)?);
        let name = table_name(&schema, &relation);
        if tables.last().is_none_or(|table| table.name != name) {
            let tuples: f64 = row.try_get(2).map_err(failure)?;
            let rows_estimate = (tuples >= 0.0).then_some(tuples as u64);
            let key = keys.remove(&name).unwrap_or_default();
            tables.push(TableStructure { name: name.clone(), rows_estimate, columns: Vec::new(), key });
            let quoted = format!("{}.{}", quote(&schema), quote(&relation));
            physical.insert(name.clone(), PhysicalTable { quoted, columns: HashMap::new() });
        }
        let (column, nullable, native_type) = (text(3)?, row.try_get(4).map_err(failure)?, text(6)?);
        let (kind, item_type) = read_as(&text(5)?, row.try_get(8).map_err(failure)?);
        if let (Some(table), Some(physical)) = (tables.last_mut(), physical.get_mut(&name)) {
            let native = Native::Postgres(kind, text(7)?);
            physical.columns.insert(column.clone(), PhysicalColumn { quoted: quote(&column), native, item_type });
            table.columns.push(ColumnStructure { name: column, item_type, nullable, native_type });
        }
    }
    check_counts(&tables)?;
    Ok(Described {
        structure: Structure::of(tables, None),
        tables: physical,
        dialect: Dialect::NUMBERED,
        edition,
        file: None,
        identity: FileIdentity::default(),
        schema_version: 0,
    })
}

/// The first usable key of each table: the primary key if there is one.
async fn read_keys(connection: &mut PgConnection) -> Result<HashMap<String, Vec<String>>, SourceError> {
    let rows = sqlx::query(KEYS).fetch_all(connection).await.map_err(failure)?;
    let mut keys: HashMap<String, (i64, Vec<String>)> = HashMap::new();
    for row in rows {
        let text = |at: usize| row.try_get::<String, _>(at).map_err(failure);
        let index: i64 = row.try_get(2).map_err(failure)?;
        let key = keys.entry(table_name(&text(0)?, &text(1)?)).or_insert_with(|| (index, Vec::new()));
        if key.0 == index {
            key.1.push(text(3)?);
        }
    }
    Ok(keys.into_iter().map(|(name, (_, columns))| (name, columns)).collect())
}

fn table_name(schema: &str, relation: &str) -> String {
    if schema == "public" { relation.to_owned() } else { format!("{schema}.{relation}") }
}

/// How a type of this name is stored, and the type of item it stands for.
pub(crate) fn read_as(name: &str, deterministic: bool) -> (PostgresType, ItemType) {
    match name {
        "text" | "varchar" if deterministic => (PostgresType::Text, ItemType::Text),
        "text" | "varchar" => (PostgresType::TextFolded, ItemType::Text),
        "bpchar" if deterministic => (PostgresType::Padded, ItemType::Text),
        "int2" | "int4" | "int8" => (PostgresType::Integer, ItemType::Integer),
        "numeric" => (PostgresType::Numeric, ItemType::Decimal),
        "float4" => (PostgresType::Float4, ItemType::Decimal),
        "float8" => (PostgresType::Float8, ItemType::Decimal),
        "bool" => (PostgresType::Boolean, ItemType::Boolean),
        "date" => (PostgresType::Date, ItemType::Date),
        "timestamp" => (PostgresType::Timestamp, ItemType::DateTime),
        "timestamptz" => (PostgresType::TimestampTz, ItemType::DateTime),
        _ => (PostgresType::Other, ItemType::Text),
    }
}

/// The rows of one restricted query.
async fn scan(connection: &mut PgConnection, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
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

/// The statement has cast everything but integers and booleans to text, so that no type's binary form matters.
fn read_cell(row: &PgRow, at: usize, item_type: ItemType) -> Option<Value> {
    let read = match item_type {
        ItemType::Integer => row.try_get::<Option<i64>, _>(at).ok()?.map(Value::Integer),
        ItemType::Boolean => row.try_get::<Option<bool>, _>(at).ok()?.map(Value::Boolean),
        _ => match row.try_get::<Option<&str>, _>(at).ok()? {
            None => None,
            Some(text) => Some(read_text(text, item_type)?),
        },
    };
    Some(read.unwrap_or(Value::Null))
}

fn read_text(text: &str, item_type: ItemType) -> Option<Value> {
    match item_type {
        ItemType::Text => Some(Value::Text(text.to_owned())),
        ItemType::Decimal => value::Number::parse(text).map(|_| Value::Decimal(text.to_owned())),
        ItemType::Date => value::date(text).map(Value::Date),
        ItemType::DateTime => value::date_time(text).map(Value::DateTime),
        ItemType::Integer | ItemType::Boolean => None,
    }
}

/// What an error of the server means. Its message may hold values and is dropped here.
fn failure(error: sqlx::Error) -> SourceError {
    match &error {
        sqlx::Error::Database(database) => match database.code().as_deref() {
            // Undefined column, table, schema, function; the cached plan does not fit any more.
            Some("42703" | "42P01" | "3F000" | "42883" | "0A000") => {
                SourceError::Changed { what: "table or column".to_owned() }
            }
            Some("57014" | "55P03") => SourceError::Slow,
            // Shutting down, too many connections, insufficient privilege (a role that was taken away).
            Some("57P01" | "57P02" | "57P03" | "53300" | "42501") => SourceError::Unreachable,
            _ => SourceError::Failed,
        },
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => SourceError::Unreachable,
        _ => SourceError::Failed,
    }
}
