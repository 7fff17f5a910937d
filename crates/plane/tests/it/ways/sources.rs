//! A table laid into a source of each kind, as that kind keeps it.

use super::{
    case::{Case, Probe, TEXTS},
    way::Bench,
};
use crate::{
    mysql::mysql_world,
    receiving::{Database, Kind, administrator},
    service::{Shared, offset, serve, service, world as service_world},
    sources::postgres_world,
    world::{Options, World, quick_world, sqlite_file},
};
use arrow::{
    array::{ArrayRef, RecordBatch, StringArray},
    compute::cast,
    datatypes::{DataType, TimeUnit},
};
use parquet::arrow::ArrowWriter;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Map, Value as Json, json};
use shuqiao_plane::{
    source::{HttpColumn, HttpParameter, Location},
    value::Value,
};
use shuqiao_testkit::{mariadb::MariadbServer, postgres::PostgresServer};
use shuqiao_vocabulary::ItemType;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection};
use std::{path::PathBuf, rc::Rc, sync::Arc};
use tokio::sync::Mutex;

/// A table `t` with its columns and rows; the first column is its key.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) columns: Vec<(&'static str, ItemType)>,
    pub(crate) rows: Vec<Vec<Value>>,
}

/// A kind of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Sqlite,
    Postgres,
    Mysql,
    Csv,
    Parquet,
    JsonLines,
    Sheet,
    Http,
}

impl Source {
    /// The case as far as this kind can carry it; `None` when nothing of it is left. Where types are found in rows, a
    /// row that shows them all is added, and a filter that hides it.
    pub(crate) fn fitted(self, case: Case) -> Option<Case> {
        let is = |text: i64, what: &str| TEXTS[text as usize].contains(what);
        let empty = |text: i64| TEXTS[text as usize].is_empty();
        let mut case = match self {
            Self::Sqlite | Self::Postgres | Self::Mysql | Self::Http => return Some(case),
            // CSV has no words for yes and no, nor for moments, and no empty text.
            Self::Csv => case.without(&[ItemType::Boolean, ItemType::DateTime])?.carried(|text| !empty(text)),
            // A spreadsheet takes no empty text apart, and XML has no U+FFFF.
            Self::Sheet => case.carried(|text| !empty(text) && !is(text, "\u{ffff}")),
            Self::Parquet | Self::JsonLines => case,
        };
        case.rows.push([-1, 1, 1, 25, 1, 1, 1].map(Some).to_vec());
        case.filter.push((0, Probe::Between(Some(0), None)));
        Some(case)
    }
}

/// Where tables of one kind of source are laid.
pub(crate) enum Place {
    Sqlite(Rc<Bench>),
    Postgres(Rc<Bench>, Mutex<PgConnection>, #[expect(dead_code, reason = "it ends with the place")] PostgresServer),
    Mysql(Rc<Bench>, Mutex<MySqlConnection>, #[expect(dead_code, reason = "it ends with the place")] MariadbServer),
    Http(Rc<Bench>, Shared),
    /// Each file has a plane of its own; what is brought into a database goes into these.
    File(Source, Rc<[Database; 2]>),
}

impl Place {
    /// An empty place, whose bench brings into new databases. The columns are those of every table to come.
    pub(crate) async fn of(source: Source, columns: &[(&'static str, ItemType)]) -> Self {
        let receivers = Rc::new([Kind::Postgres, Kind::Mysql].map(Database::of));
        let bench = |world| Rc::new(Bench::of(world, Some(receivers.clone())));
        match source {
            Source::Sqlite => Self::Sqlite(bench(quick_world("CREATE TABLE t (k INTEGER PRIMARY KEY)").await)),
            Source::Postgres => {
                let (world, server) = postgres_world("CREATE TABLE t (k bigint PRIMARY KEY)").await;
                let connection = PgConnection::connect(&server.url("source")).await.unwrap();
                Self::Postgres(bench(world), Mutex::new(connection), server)
            }
            Source::Mysql => {
                let made = "CREATE TABLE t (k bigint PRIMARY KEY)";
                let (world, server) = mysql_world(made, &Options::default()).await;
                Self::Mysql(bench(world), Mutex::new(administrator(&server, "source").await), server)
            }
            Source::Http => {
                let (base, behaviour) = serve().await;
                let mut told = service(&base, offset(5));
                (told.table, told.key) = ("t".to_owned(), vec!["k".to_owned()]);
                let column = |(name, item_type): &(&str, ItemType)| HttpColumn {
                    name: (*name).to_owned(),
                    pointer: format!("/{name}"),
                    item_type: item_type.to_string(),
                };
                told.columns = columns.iter().map(column).collect();
                // What the service does not know it passes over: the rows are narrowed here all the same.
                told.parameters = vec![HttpParameter { column: "a".to_owned(), parameter: "a".to_owned() }];
                Self::Http(bench(service_world(told)), behaviour)
            }
            Source::Csv | Source::Parquet | Source::JsonLines | Source::Sheet => Self::File(source, receivers),
        }
    }

    /// Lays the table, in the place of what was there.
    pub(crate) async fn lay(&self, table: &Table) -> Rc<Bench> {
        let bench = match self {
            Self::Sqlite(bench) => {
                sqlite_file(&bench.world.intake("people.db"), &table.statements(Source::Sqlite)).await;
                bench.clone()
            }
            Self::Postgres(bench, connection, _) => {
                let statements = AssertSqlSafe(table.statements(Source::Postgres));
                sqlx::raw_sql(statements).execute(&mut *connection.lock().await).await.unwrap();
                bench.clone()
            }
            Self::Mysql(bench, connection, _) => {
                let statements = AssertSqlSafe(table.statements(Source::Mysql));
                sqlx::raw_sql(statements).execute(&mut *connection.lock().await).await.unwrap();
                bench.clone()
            }
            Self::Http(bench, behaviour) => {
                // In another order than that of the key.
                behaviour.lock().unwrap().rows = table.objects().into_iter().rev().collect();
                bench.clone()
            }
            Self::File(source, receivers) => Rc::new(Bench::of(table.file(*source), Some(receivers.clone()))),
        };
        bench.world.plane.sources().describe(bench.world.location()).await.unwrap();
        bench
    }
}

impl Table {
    /// Statements that make the table.
    pub(crate) fn statements(&self, database: Source) -> String {
        let native = |item_type| match (item_type, database) {
            (ItemType::Text, Source::Mysql) => "varchar(99)",
            (ItemType::Text, _) => "text",
            (ItemType::Integer, _) => "bigint",
            (ItemType::Decimal, _) => "decimal(10,2)",
            (ItemType::Date, _) => "date",
            (ItemType::DateTime, Source::Postgres) => "timestamptz",
            (ItemType::DateTime, _) => "datetime(6)",
            (ItemType::Boolean, _) => "boolean",
        };
        let mut columns: Vec<String> =
            self.columns.iter().map(|(name, item_type)| format!("{name} {}", native(*item_type))).collect();
        columns[0] =
            if database == Source::Sqlite { "k INTEGER PRIMARY KEY" } else { "k bigint PRIMARY KEY" }.to_owned();
        // The collation is the server's own: one that takes `a` for `A`.
        columns.extend((database == Source::Mysql).then(|| "INDEX (a)".to_owned()));
        let mut statements = format!("DROP TABLE IF EXISTS t; CREATE TABLE t ({});", columns.join(", "));
        let literal = |value: &Value| match value {
            Value::Null => "NULL".to_owned(),
            Value::Boolean(yes) if database != Source::Postgres => u8::from(*yes).to_string(),
            Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) => value.written().unwrap(),
            Value::DateTime(_) if database == Source::Mysql => {
                format!("'{}'", value.written().unwrap().trim_end_matches('Z').replace('T', " "))
            }
            other => format!("'{}'", other.written().unwrap().replace('\'', "''")),
        };
        for row in &self.rows {
            let row: Vec<String> = row.iter().map(literal).collect();
            statements.push_str(&format!("INSERT INTO t VALUES ({});", row.join(", ")));
        }
        statements
    }

    /// The rows as JSON objects; numbers with the digits they are written with.
    fn objects(&self) -> Vec<Json> {
        let cell = |value: &Value| match value {
            Value::Null => Json::Null,
            Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) => {
                serde_json::from_str(&value.written().unwrap()).unwrap()
            }
            other => json!(other.written()),
        };
        let named = |row: &Vec<Value>| -> Map<String, Json> {
            self.columns.iter().zip(row).map(|((name, _), value)| ((*name).to_owned(), cell(value))).collect()
        };
        self.rows.iter().map(|row| Json::Object(named(row))).collect()
    }

    /// A plane over the table as a file.
    fn file(&self, form: Source) -> World {
        match form {
            Source::Csv => World::file("t.csv", &self.csv(), |path| Location::Csv { path }),
            Source::Parquet => World::file("t.parquet", &self.parquet(), |path| Location::Parquet { path }),
            Source::Sheet => World::file("t.xlsx", &self.workbook(), |path: PathBuf| Location::Workbook { path }),
            _ => {
                let lines: String = self.objects().iter().map(|row| format!("{row}\n")).collect();
                World::file("t.jsonl", lines.as_bytes(), |path| Location::JsonLines { path })
            }
        }
    }

    fn csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|(name, _)| name)).unwrap();
        for row in &self.rows {
            // It has no words for these.
            let cell = |value: &Value| match value {
                Value::Boolean(_) | Value::DateTime(_) => String::new(),
                other => other.written().unwrap_or_default(),
            };
            writer.write_record(row.iter().map(cell)).unwrap();
        }
        writer.into_inner().unwrap()
    }

    fn parquet(&self) -> Vec<u8> {
        let array = |(at, (name, item_type)): (usize, &(&'static str, ItemType))| {
            let kept = match item_type {
                ItemType::Text => DataType::Utf8,
                ItemType::Integer => DataType::Int64,
                ItemType::Decimal => DataType::Decimal128(10, 2),
                ItemType::Date => DataType::Date32,
                ItemType::DateTime => DataType::Timestamp(TimeUnit::Microsecond, None),
                ItemType::Boolean => DataType::Boolean,
            };
            let written: ArrayRef = Arc::new(self.rows.iter().map(|row| row[at].written()).collect::<StringArray>());
            let array = cast(&written, &kept).unwrap();
            assert_eq!(array.null_count(), written.null_count());
            (*name, array, true)
        };
        let batch = RecordBatch::try_from_iter_with_nullable(self.columns.iter().enumerate().map(array)).unwrap();
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        bytes
    }

    fn workbook(&self) -> Vec<u8> {
        let (day, moment) = (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("hh:mm:ss.0"));
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("t").unwrap();
        for (column, (name, _)) in (0_u16..).zip(&self.columns) {
            sheet.write(0, column, *name).unwrap();
        }
        for (at, row) in (1_u32..).zip(&self.rows) {
            for (column, value) in (0_u16..).zip(row) {
                let date = |text: String| ExcelDateTime::parse_from_str(&text).unwrap();
                match value {
                    Value::Null => continue,
                    Value::Text(text) => sheet.write(at, column, text),
                    Value::Integer(number) => sheet.write(at, column, *number as f64),
                    Value::Decimal(text) => sheet.write(at, column, text.parse::<f64>().unwrap()),
                    Value::Boolean(yes) => sheet.write(at, column, *yes),
                    Value::Date(_) => sheet.write_with_format(at, column, date(value.written().unwrap()), &day),
                    Value::DateTime(_) => sheet.write_with_format(at, column, date(value.written().unwrap()), &moment),
                }
                .unwrap();
            }
        }
        book.save_to_buffer().unwrap()
    }
}
