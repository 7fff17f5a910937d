//! The plane against a naive reading of the same grant and query over the same rows, in memory: any table, any grant,
//! any query, every form of delivery, on SQLite, on PostgreSQL and on MySQL (MariaDB). And: a narrower grant never gives more.

use crate::{
    mysql::mysql_world,
    sources::postgres_world,
    world::{Options, PURPOSE, Reply, World, grant_id, item, name, quick_world, terms},
};
use arrow::{
    array::{Array, AsArray},
    datatypes::{DataType, Date32Type, Int64Type, TimestampMicrosecondType},
    ipc::reader::StreamReader,
};
use proptest::{collection::vec, option, prelude::*, sample::subsequence, test_runner::TestRunner};
use serde_json::{Value as Json, json};
use shuqiao_plane::book::GrantTerms;
use shuqiao_vocabulary::{Condition, Date, ItemType, Literal, Mask, RowFilter, Test};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, mysql::MySqlConnectOptions};
use std::collections::BTreeSet;

pub(crate) const COLUMNS: [(&str, ItemType); 7] = [
    ("k", ItemType::Integer),
    ("a", ItemType::Text),
    ("b", ItemType::Integer),
    ("c", ItemType::Decimal),
    ("d", ItemType::Date),
    ("e", ItemType::Boolean),
    ("f", ItemType::DateTime),
];
pub(crate) const TEXTS: [&str; 15] =
    ["", "a", "a ", "ab", "Ab", "b", "=x", "é", "北", "北京", "北京市", "𠀀", "a'b\"c", "a,b\n", "%_\u{ffff}"];

/// A cell by its place in order: an index into `TEXTS`, a number, hundredths, days or half seconds.
pub(crate) type Cell = Option<i64>;
pub(crate) type Row = Vec<Cell>;

#[derive(Clone, Debug)]
pub(crate) enum Probe {
    Equals(i64),
    OneOf(Vec<i64>),
    Between(Option<i64>, Option<i64>),
    StartsWith(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
    Mysql,
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) rows: Vec<Row>,
    granted: Vec<usize>,
    masked: Vec<bool>,
    pub(crate) filter: Vec<(usize, Probe)>,
    narrower: (usize, Probe),
    asked: Vec<usize>,
    conditions: Vec<(usize, Probe)>,
    limit: u32,
}

fn cell(column: usize) -> impl Strategy<Value = i64> {
    match COLUMNS[column].1 {
        ItemType::Text => 0..TEXTS.len() as i64,
        ItemType::Boolean => 0..2,
        ItemType::Integer => -3..4,
        _ => -250..251,
    }
}

fn probe(column: usize) -> BoxedStrategy<(usize, Probe)> {
    let of_value = prop_oneof![cell(column).prop_map(Probe::Equals), vec(cell(column), 1..6).prop_map(Probe::OneOf),];
    let all = match COLUMNS[column].1 {
        ItemType::Boolean => of_value.boxed(),
        ItemType::Text => prop_oneof![
            of_value,
            (option::of(cell(column)), cell(column)).prop_map(|(from, to)| Probe::Between(from, Some(to))),
            (0..TEXTS.len()).prop_map(Probe::StartsWith),
        ]
        .boxed(),
        _ => prop_oneof![
            of_value,
            (cell(column), option::of(cell(column))).prop_map(|(from, to)| Probe::Between(Some(from), to)),
        ]
        .boxed(),
    };
    all.prop_map(move |probe| (column, probe)).boxed()
}

fn any_probe() -> impl Strategy<Value = (usize, Probe)> {
    (0..COLUMNS.len()).prop_flat_map(probe)
}

fn row() -> impl Strategy<Value = Row> {
    (1..COLUMNS.len()).map(|column| option::weighted(0.85, cell(column)).boxed()).collect::<Vec<_>>()
}

fn case() -> impl Strategy<Value = Case> {
    let columns: Vec<usize> = (0..COLUMNS.len()).collect();
    let granted = subsequence(columns, 1..=COLUMNS.len()).prop_shuffle();
    let shape = (vec(row(), 0..24), granted, vec(prop::bool::weighted(0.25), COLUMNS.len()));
    let filter = (vec(any_probe(), 0..3), any_probe());
    (shape, filter, vec(any_probe(), 0..4), any::<prop::sample::Index>(), 1_u32..12).prop_map(
        |((rows, granted, masked), (filter, narrower), conditions, asked, limit)| {
            let rows = (0_i64..).zip(rows).map(|(k, row)| [vec![Some(k)], row].concat()).collect();
            let asked = granted.iter().copied().take(asked.index(granted.len() + 1)).collect();
            let usable = |(column, _): &(usize, Probe)| granted.contains(column) && !masked[*column];
            let conditions = conditions.into_iter().filter(usable).collect();
            Case { rows, granted, masked, filter, narrower, asked, conditions, limit }
        },
    )
}

pub(crate) fn date_of(days: i64) -> Date {
    let start: Date = "2000-01-01".parse().unwrap();
    let mut date = start;
    for _ in 0..days.abs() {
        date = if days < 0 { date.yesterday() } else { date.tomorrow() }.unwrap();
    }
    date
}

/// Half seconds around the beginning of 2000.
fn moment_of(halves: i64) -> String {
    let half = if halves.rem_euclid(2) == 1 { ".5" } else { "" };
    let seconds = halves.div_euclid(2) + 3_600;
    format!("2000-01-01T{:02}:{:02}:{:02}{half}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn hundredths(value: i64) -> String {
    format!("{}{}.{:02}", if value < 0 { "-" } else { "" }, value.abs() / 100, value.abs() % 100)
}

pub(crate) fn written(column: usize, value: i64) -> String {
    match COLUMNS[column].1 {
        ItemType::Text => TEXTS[value as usize].to_owned(),
        ItemType::Integer => value.to_string(),
        ItemType::Decimal => hundredths(value),
        ItemType::Date => date_of(value).to_string(),
        ItemType::DateTime => moment_of(value),
        ItemType::Boolean => (value == 1).to_string(),
    }
}

fn holds(column: usize, cell: Cell, probe: &Probe) -> bool {
    let is_text = COLUMNS[column].1 == ItemType::Text;
    let rank = |value: i64| if is_text { TEXTS[value as usize].as_bytes().to_vec() } else { Vec::new() };
    let order = |a: i64, b: i64| if is_text { rank(a).cmp(&rank(b)) } else { a.cmp(&b) };
    let Some(value) = cell else { return false };
    match probe {
        Probe::Equals(other) => order(value, *other).is_eq(),
        Probe::OneOf(others) => others.iter().any(|other| order(value, *other).is_eq()),
        Probe::Between(from, to) => {
            from.is_none_or(|from| order(value, from).is_ge()) && to.is_none_or(|to| order(value, to).is_le())
        }
        Probe::StartsWith(prefix) => TEXTS[value as usize].starts_with(TEXTS[*prefix]),
    }
}

fn mask(column: usize) -> Mask {
    match COLUMNS[column].1 {
        ItemType::Text | ItemType::Integer => Mask::KeepEnds { head: 1, tail: 0 },
        ItemType::Date | ItemType::DateTime => Mask::YearOnly,
        _ => Mask::Redact,
    }
}

fn delivered(column: usize, cell: Cell, masked: bool) -> Option<String> {
    match (masked.then(|| mask(column)), cell) {
        (None, cell) => cell.map(|value| written(column, value)),
        (Some(Mask::Redact), _) => Some("***".to_owned()),
        (_, None) => None,
        (Some(Mask::YearOnly), Some(value)) => Some(written(column, value)[..4].to_owned()),
        (_, Some(value)) => {
            let text = written(column, value);
            let count = text.chars().count();
            let hide = |(at, c)| if at == 0 && count > 1 { c } else { '*' };
            Some(text.chars().enumerate().map(hide).collect())
        }
    }
}

impl Case {
    /// The case without columns of these types, for forms that have none; `None` when no other is granted.
    pub(crate) fn without(mut self, types: &[ItemType]) -> Option<Self> {
        let has = |column: &usize| !types.contains(&COLUMNS[*column].1);
        let keep = |probes: &mut Vec<(usize, Probe)>| probes.retain(|(column, _)| has(column));
        self.granted.retain(has);
        self.asked.retain(has);
        keep(&mut self.filter);
        keep(&mut self.conditions);
        (!self.granted.is_empty() && has(&self.narrower.0)).then_some(self)
    }

    fn items(&self) -> &[usize] {
        if self.asked.is_empty() { &self.granted } else { &self.asked }
    }

    fn expected(&self, filter: &[(usize, Probe)]) -> Vec<Vec<Option<String>>> {
        let passes = |row: &&Row| {
            filter.iter().chain(&self.conditions).all(|(column, probe)| holds(*column, row[*column], probe))
        };
        let shown = |row: &Row| self.items().iter().map(|c| delivered(*c, row[*c], self.masked[*c])).collect();
        self.rows.iter().filter(passes).map(shown).collect()
    }

    fn terms(&self, filter: &[(usize, Probe)]) -> GrantTerms {
        let items = self.granted.iter().map(|column| {
            let (column_name, item_type) = COLUMNS[*column];
            let mut item = item(&format!("item_{column_name}"), item_type);
            item.column = column_name.to_owned();
            item.mask = self.masked[*column].then(|| mask(*column));
            item
        });
        let mut grant = terms("t", items.collect(), &["k"]);
        // Only what is filtered by: a form may lack a type.
        grant.filter_columns = COLUMNS
            .iter()
            .enumerate()
            .filter(|(at, _)| filter.iter().any(|(column, _)| column == at))
            .map(|(_, column)| column)
            .map(|(column, item_type)| (name(&format!("filter_{column}")), (*column).to_owned(), *item_type))
            .collect();
        grant.rows = RowFilter(filter.iter().map(|(column, probe)| granted_condition(*column, probe)).collect());
        grant
    }

    fn body(&self, after: &Json) -> Json {
        let asked: Vec<String> = self.asked.iter().map(|column| format!("item_{}", COLUMNS[*column].0)).collect();
        let conditions: Vec<Json> =
            self.conditions.iter().map(|(column, probe)| asked_condition(*column, probe)).collect();
        let mut body = json!({"purpose": PURPOSE, "items": asked, "conditions": conditions, "limit": self.limit});
        if !after.is_null() {
            body["after"] = after.clone();
        }
        body
    }

    /// The whole grant, and the rows that it gives; decimals without zeros at the end.
    pub(crate) fn whole(&self) -> (GrantTerms, Vec<Vec<Option<String>>>) {
        let whole = Self { asked: Vec::new(), conditions: Vec::new(), ..self.clone() };
        (whole.terms(&whole.filter), as_told(whole.expected(&whole.filter), "", &whole))
    }

    /// Statements that make the table.
    pub(crate) fn statements(&self, database: Database) -> String {
        let types = match database {
            Database::Sqlite => "k INTEGER PRIMARY KEY, a TEXT, b INT, c DECIMAL(10,2), d DATE, e BOOLEAN, f DATETIME",
            Database::Postgres => {
                "k bigint PRIMARY KEY, a text, b int, c numeric(10,2), d date, e boolean, f timestamptz"
            }
            // The collation is the server's own: one that takes `a` for `A`.
            Database::Mysql => {
                "k bigint PRIMARY KEY, a varchar(99), b int, c decimal(10,2), d date, e boolean, f datetime(6), INDEX (a)"
            }
        };
        let mut statements = format!("DROP TABLE IF EXISTS t; CREATE TABLE t ({types});");
        for row in &self.rows {
            let value = |(column, cell): (usize, &Cell)| match (COLUMNS[column].1, cell) {
                (_, None) => "NULL".to_owned(),
                (ItemType::Integer | ItemType::Decimal, Some(value)) => written(column, *value),
                (ItemType::Boolean, Some(value)) if database != Database::Postgres => value.to_string(),
                (ItemType::DateTime, Some(value)) if database == Database::Mysql => {
                    format!("'{}'", written(column, *value).trim_end_matches('Z').replace('T', " "))
                }
                (_, Some(value)) => format!("'{}'", written(column, *value).replace('\'', "''")),
            };
            let values: Vec<String> = row.iter().enumerate().map(value).collect();
            statements.push_str(&format!("INSERT INTO t VALUES ({});", values.join(", ")));
        }
        statements
    }
}

fn literal(column: usize, value: i64) -> Literal {
    match COLUMNS[column].1 {
        ItemType::Integer => Literal::Integer(value),
        ItemType::Boolean => Literal::Boolean(value == 1),
        ItemType::Date => Literal::Date(date_of(value)),
        _ => Literal::Text(written(column, value)),
    }
}

fn granted_condition(column: usize, probe: &Probe) -> Condition {
    let literal = |value: &i64| literal(column, *value);
    let test = match probe {
        Probe::Equals(value) => Test::Equals(literal(value)),
        Probe::OneOf(values) => Test::OneOf(values.iter().map(literal).collect()),
        Probe::Between(from, to) => Test::Between { from: from.as_ref().map(literal), to: to.as_ref().map(literal) },
        Probe::StartsWith(prefix) => Test::StartsWith(TEXTS[*prefix].to_owned()),
    };
    Condition { item: name(&format!("filter_{}", COLUMNS[column].0)), test }
}

fn asked_condition(column: usize, probe: &Probe) -> Json {
    let literal = |value: &i64| match COLUMNS[column].1 {
        ItemType::Integer => json!(value),
        ItemType::Boolean => json!(*value == 1),
        _ => json!(written(column, *value)),
    };
    let item = format!("item_{}", COLUMNS[column].0);
    match probe {
        Probe::Equals(value) => json!({"item": item, "eq": literal(value)}),
        Probe::OneOf(values) => json!({"item": item, "in": values.iter().map(literal).collect::<Vec<_>>()}),
        Probe::Between(from, to) => {
            json!({"item": item, "range": {"from": from.as_ref().map(literal), "to": to.as_ref().map(literal)}})
        }
        Probe::StartsWith(prefix) => json!({"item": item, "prefix": TEXTS[*prefix]}),
    }
}

/// Every page of the answer, as text cells; decimals without zeros at the end.
async fn fetch(world: &World, case: &Case, accept: &str) -> Vec<Vec<Option<String>>> {
    let (mut all, mut after) = (Vec::new(), Json::Null);
    loop {
        let reply = world.query_as(Some(&world.bearer()), &grant_id().to_string(), accept, &case.body(&after)).await;
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        let rows = match accept {
            "application/json" => json_rows(&reply),
            "text/csv" => csv_rows(&reply),
            _ => arrow_rows(&reply),
        };
        assert!(rows.len() <= case.limit as usize);
        all.extend(rows);
        after = reply.header("shuqiao-next").map_or(Json::Null, Json::from);
        if after.is_null() {
            return all;
        }
    }
}

fn json_rows(reply: &Reply) -> Vec<Vec<Option<String>>> {
    let cell = |cell: Json| match cell {
        Json::Null => None,
        Json::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    reply.rows().into_iter().map(|row| row.into_iter().map(cell).collect()).collect()
}

fn csv_rows(reply: &Reply) -> Vec<Vec<Option<String>>> {
    let mut reader = csv::ReaderBuilder::new().from_reader(&reply.body[..]);
    reader.records().map(|record| record.unwrap().iter().map(|cell| Some(cell.to_owned())).collect()).collect()
}

fn arrow_rows(reply: &Reply) -> Vec<Vec<Option<String>>> {
    let mut rows = Vec::new();
    for batch in StreamReader::try_new(&reply.body[..], None).unwrap() {
        let batch = batch.unwrap();
        for at in 0..batch.num_rows() {
            rows.push(batch.columns().iter().map(|column| arrow_cell(column, at)).collect());
        }
    }
    rows
}

fn arrow_cell(column: &dyn Array, at: usize) -> Option<String> {
    if column.is_null(at) {
        return None;
    }
    Some(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(at).to_owned(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(at).to_string(),
        DataType::Boolean => column.as_boolean().value(at).to_string(),
        DataType::Date32 => date_of(i64::from(column.as_primitive::<Date32Type>().value(at)) - 10_957).to_string(),
        DataType::Timestamp(..) => {
            let micros = column.as_primitive::<TimestampMicrosecondType>().value(at) - 946_684_800_000_000;
            moment_of(micros / 500_000 - 7_200)
        }
        other => panic!("{other:?}"),
    })
}

/// What a form of delivery can tell: CSV knows no difference between empty and null, and guards formulas.
fn as_told(rows: Vec<Vec<Option<String>>>, accept: &str, case: &Case) -> Vec<Vec<Option<String>>> {
    let told = |(column, cell): (&usize, Option<String>)| {
        let is_number = COLUMNS[*column].1 == ItemType::Decimal && !case.masked[*column];
        let is_text = COLUMNS[*column].1 == ItemType::Text || case.masked[*column];
        // Only behind the point do zeros say nothing: `10` is not `1`.
        let plain = |cell: String| cell.trim_end_matches('0').trim_end_matches('.').to_owned();
        let cell = cell.map(|cell| if is_number && cell.contains('.') { plain(cell) } else { cell });
        if accept != "text/csv" {
            return cell;
        }
        let cell = cell.unwrap_or_default();
        Some(if is_text && cell.starts_with(['=', '-']) { format!("'{cell}") } else { cell })
    };
    rows.into_iter().map(|row| case.items().iter().zip(row).map(told).collect()).collect()
}

fn plain_decimals(rows: Vec<Vec<Option<String>>>, case: &Case) -> Vec<Vec<Option<String>>> {
    as_told(rows, "", case)
}

pub(crate) async fn agree(world: &World, case: &Case) {
    world.plane.sources().describe(world.location()).await.unwrap();
    world.install(vec![case.terms(&case.filter)]);
    let expected = case.expected(&case.filter);
    for accept in ["application/json", "text/csv", "application/vnd.apache.arrow.stream"] {
        let found = plain_decimals(fetch(world, case, accept).await, case);
        assert_eq!(found, as_told(expected.clone(), accept, case), "{accept}\n{case:?}");
    }
    let wide: BTreeSet<_> = expected.into_iter().collect();
    let narrower = [case.filter.clone(), vec![case.narrower.clone()]].concat();
    world.install(vec![case.terms(&narrower)]);
    let found = fetch(world, case, "application/json").await;
    let narrow: Vec<_> = plain_decimals(found, case);
    assert_eq!(narrow, as_told(case.expected(&narrower), "", case));
    let wide = as_told(wide.into_iter().collect(), "", case);
    assert!(narrow.iter().all(|row| wide.contains(row)), "a narrower grant gave more: {case:?}");
}

pub(crate) fn run(cases: u32, one: impl Fn(Case)) {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new(config)
        .run(&case(), |case| {
            one(case);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn sqlite_answers_as_a_naive_reader_would() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(quick_world("CREATE TABLE t (k INTEGER PRIMARY KEY)"));
    run(128, |case| {
        runtime.block_on(async {
            crate::world::sqlite_file(&world.intake("people.db"), &case.statements(Database::Sqlite)).await;
            agree(&world, &case).await;
        });
    });
}

#[test]
fn postgres_answers_as_a_naive_reader_would() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (world, server) = runtime.block_on(postgres_world("CREATE TABLE t (k bigint PRIMARY KEY)"));
    let connection = runtime.block_on(PgConnection::connect(&server.url("source"))).unwrap();
    let connection = tokio::sync::Mutex::new(connection);
    run(64, |case| {
        runtime.block_on(async {
            let mut connection = connection.lock().await;
            sqlx::raw_sql(AssertSqlSafe(case.statements(Database::Postgres))).execute(&mut *connection).await.unwrap();
            agree(&world, &case).await;
        });
    });
}

#[test]
fn mysql_answers_as_a_naive_reader_would() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let options = Options::default();
    let (world, server) = runtime.block_on(mysql_world("CREATE TABLE t (k bigint PRIMARY KEY)", &options));
    let options =
        MySqlConnectOptions::new().socket(server.socket()).username(server.administrator()).database("source");
    let connection = tokio::sync::Mutex::new(runtime.block_on(options.connect()).unwrap());
    run(64, |case| {
        runtime.block_on(async {
            let mut connection = connection.lock().await;
            let statements = AssertSqlSafe(case.statements(Database::Mysql));
            sqlx::raw_sql(statements).execute(&mut *connection).await.unwrap();
            agree(&world, &case).await;
        });
    });
}

/// With fewer cases: the statements are those of the two databases themselves, what is new is the driver.
#[cfg(feature = "odbc")]
#[test]
fn drivers_answer_as_a_naive_reader_would() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (world, path, _folder) = runtime.block_on(crate::odbc::sqlite_world("CREATE TABLE t (k INTEGER PRIMARY KEY)"));
    run(24, |case| {
        runtime.block_on(async {
            crate::world::sqlite_file(&path, &case.statements(Database::Sqlite)).await;
            agree(&world, &case).await;
        });
    });
    let (world, server) = runtime.block_on(crate::odbc::postgres_world("CREATE TABLE t (k bigint PRIMARY KEY)", 5_000));
    run(24, |case| {
        runtime.block_on(async {
            server.execute("source", &case.statements(Database::Postgres)).unwrap();
            agree(&world, &case).await;
        });
    });
}
