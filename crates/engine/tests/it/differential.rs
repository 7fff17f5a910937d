//! Any rows, any conditions, any size of page: a view with a renamed column and a filter, and a join.

use crate::threshold::engine;
use futures_util::TryStreamExt as _;
use proptest::{collection::vec, option, prelude::*, test_runner::TestRunner};
use shuqiao_plane::{
    source::{
        Location, TypedTest,
        view::{ViewCondition, ViewEngine as _, ViewInput, ViewScan, ViewSpec},
    },
    value::Value,
};
use shuqiao_vocabulary::{Date, ItemType};
use sqlx::{AssertSqlSafe, ConnectOptions as _, sqlite::SqliteConnectOptions};
use std::{cmp::Ordering, path::Path};

const COLUMNS: [(&str, ItemType); 7] = [
    ("k", ItemType::Integer),
    ("a", ItemType::Text),
    ("b", ItemType::Integer),
    ("c", ItemType::Decimal),
    ("d", ItemType::Date),
    ("e", ItemType::Boolean),
    ("f", ItemType::DateTime),
];
const TEXTS: [&str; 12] = ["", "a", "ab", "Ab", "b", "é", "北", "北京", "𠀀", "a'b", "%_", "a\u{ffff}"];
const FILTERED: &str = "SELECT k AS 编号, a, b, c, d, e, f FROM t WHERE b >= 0";
const JOINED: &str = "SELECT x.k AS 编号, y.k AS other, x.a, y.b, y.c, x.d, y.e, x.f FROM t x JOIN t y ON x.b = y.b";

type Row = Vec<Value>;
/// A cell by its seed.
type Cells = Vec<Vec<Option<i64>>>;
/// A column by its place, a kind of test, seeds of its values.
type Tests = Vec<(usize, u8, Vec<i64>)>;

fn value(item_type: ItemType, seed: i64) -> Value {
    match item_type {
        ItemType::Text => Value::Text(TEXTS[seed.rem_euclid(TEXTS.len() as i64) as usize].to_owned()),
        ItemType::Integer => Value::Integer(seed.rem_euclid(7) - 3),
        ItemType::Decimal => Value::Decimal(format!("{}.{:02}", seed / 100, seed.abs() % 100)),
        ItemType::Date => Value::Date(Date::new(2000, 1 + (seed.rem_euclid(12)) as i8, 3).unwrap()),
        ItemType::Boolean => Value::Boolean(seed % 2 == 0),
        ItemType::DateTime => Value::DateTime(946_684_800_000_000 + seed * 500_000),
    }
}

/// A number of a condition may lie between those that the column can hold.
fn wanted(item_type: ItemType, seed: i64) -> Value {
    match (item_type, seed % 3) {
        (ItemType::Decimal, 0) => Value::Decimal(format!("{}.{:03}", seed / 100, seed.abs() % 1000)),
        _ => value(item_type, seed),
    }
}

fn test(item_type: ItemType, kind: u8, seeds: &[i64]) -> TypedTest {
    let values = || seeds.iter().map(|seed| wanted(item_type, *seed));
    match (kind % 4, item_type) {
        (0, _) => TypedTest::Equals(wanted(item_type, seeds[0])),
        (1, _) | (_, ItemType::Boolean) => TypedTest::OneOf(values().collect()),
        (2, ItemType::Text) => {
            TypedTest::StartsWith(TEXTS[seeds[0].rem_euclid(TEXTS.len() as i64) as usize].to_owned())
        }
        _ => TypedTest::Between {
            from: (seeds[0] % 2 == 0).then(|| wanted(item_type, seeds[0])),
            to: seeds.get(1).map(|seed| wanted(item_type, *seed)),
        },
    }
}

pub(crate) fn holds(value: &Value, test: &TypedTest) -> bool {
    let is = |other: &Value, which: fn(Ordering) -> bool| value.compare(other).is_some_and(which);
    match test {
        TypedTest::Equals(other) => is(other, Ordering::is_eq),
        TypedTest::OneOf(others) => others.iter().any(|other| is(other, Ordering::is_eq)),
        TypedTest::Between { from, to } => {
            *value != Value::Null
                && from.as_ref().is_none_or(|from| is(from, Ordering::is_ge))
                && to.as_ref().is_none_or(|to| is(to, Ordering::is_le))
        }
        TypedTest::StartsWith(prefix) => matches!(value, Value::Text(text) if text.starts_with(prefix)),
    }
}

pub(crate) fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(_) | Value::Decimal(_) => value.written().unwrap(),
        Value::Boolean(yes) => i32::from(*yes).to_string(),
        other => format!("'{}'", other.written().unwrap().replace('\'', "''")),
    }
}

async fn written(database: &Path, rows: &[Row]) {
    let options = SqliteConnectOptions::new().filename(database).create_if_missing(true).disable_statement_logging();
    let mut connection = options.connect().await.unwrap();
    let mut statements = "DROP TABLE IF EXISTS t; CREATE TABLE t (k INTEGER PRIMARY KEY, a TEXT, b INT, \
                          c DECIMAL(10,2), d DATE, e BOOLEAN, f DATETIME);"
        .to_owned();
    for row in rows {
        let values: Vec<String> = row.iter().map(literal).collect();
        statements.push_str(&format!("INSERT INTO t VALUES ({});", values.join(", ")));
    }
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await.unwrap();
}

/// Decimals by value: a database and an engine may write one number in two ways.
fn plain(rows: Vec<Row>) -> Vec<Row> {
    let one = |value: Value| match value {
        Value::Decimal(text) if text.contains('.') => {
            let text = text.trim_end_matches('0').trim_end_matches('.');
            Value::Decimal(if text == "-0" { "0".to_owned() } else { text.to_owned() })
        }
        other => other,
    };
    rows.into_iter().map(|row| row.into_iter().map(one).collect()).collect()
}

/// The whole view, naively, in order of its key.
fn naive(rows: &[Row], joined: bool) -> Vec<Row> {
    let pick = |x: &Row, y: &Row| -> Row {
        [&x[0], &y[0], &x[1], &y[2], &y[3], &x[4], &y[5], &x[6]].into_iter().cloned().collect()
    };
    if joined {
        let pairs = rows.iter().flat_map(|x| rows.iter().map(move |y| (x, y)));
        let same = |(x, y): &(&Row, &Row)| x[2].compare(&y[2]).is_some_and(Ordering::is_eq);
        pairs.filter(same).map(|(x, y)| pick(x, y)).collect()
    } else {
        let not_negative = |row: &&Row| matches!(row[2], Value::Integer(number) if number >= 0);
        rows.iter().filter(not_negative).cloned().collect()
    }
}

struct Case {
    rows: Vec<Row>,
    joined: bool,
    tests: Tests,
    limit: u32,
}

fn case() -> impl Strategy<Value = (Cells, bool, Tests, u32)> {
    let cells = vec(option::weighted(0.85, -400_i64..400), 6);
    let tests = vec((any::<usize>(), any::<u8>(), vec(-400_i64..400, 1..4)), 0..3);
    (vec(cells, 0..14), any::<bool>(), tests, 1_u32..9)
}

async fn checked(folder: &Path, case: &Case) -> Result<(), TestCaseError> {
    let database = folder.join("t.db");
    written(&database, &case.rows).await;
    let engine = engine(folder);
    let column = |name: &str, of: &str| (name.to_owned(), COLUMNS.iter().find(|column| column.0 == of).unwrap().1);
    let rest = ["a", "b", "c", "d", "e", "f"].map(|name| column(name, name));
    let key = if case.joined { vec![column("编号", "k"), column("other", "k")] } else { vec![column("编号", "k")] };
    let columns = [key.clone(), rest.to_vec()].concat();
    let view = ViewSpec {
        sql: if case.joined { JOINED } else { FILTERED }.to_owned(),
        inputs: vec![ViewInput {
            alias: "t".to_owned(),
            location: Location::Sqlite { path: database },
            table: "t".to_owned(),
        }],
        key: key.iter().map(|(name, _)| name.clone()).collect(),
        threshold: None,
    };
    let tests: Vec<(usize, TypedTest)> = case
        .tests
        .iter()
        .map(|(at, kind, seeds)| (at % columns.len(), test(columns[at % columns.len()].1, *kind, seeds)))
        .collect();
    let condition = |(at, test): &(usize, TypedTest)| {
        let (column, item_type) = columns[*at].clone();
        ViewCondition { column, item_type, test: test.clone() }
    };
    let mut scan = ViewScan {
        columns: columns.clone(),
        conditions: tests.iter().map(condition).collect(),
        key: key.clone(),
        after: None,
        limit: case.limit,
    };
    let mut found = Vec::new();
    loop {
        let pages: Vec<Vec<Row>> = engine.scan(&view, &scan).await.unwrap().try_collect().await.unwrap();
        let page = pages.concat();
        let full = page.len() == case.limit as usize;
        scan.after = page.last().map(|row| row[..key.len()].to_vec());
        found.extend(page);
        if !full {
            break;
        }
    }
    let expected: Vec<Row> = naive(&case.rows, case.joined)
        .into_iter()
        .filter(|row| tests.iter().all(|(at, test)| holds(&row[*at], test)))
        .collect();
    prop_assert_eq!(plain(found), plain(expected), "{:?}", tests);
    Ok(())
}

#[test]
fn a_view_gives_what_a_naive_reading_gives() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(ProptestConfig { cases: 80, failure_persistence: None, ..Default::default() });
    let outcome = runner.run(&case(), |(cells, joined, tests, limit)| {
        let row = |(k, cells): (i64, Vec<Option<i64>>)| -> Row {
            let cell =
                |(at, seed): (usize, Option<i64>)| seed.map_or(Value::Null, |seed| value(COLUMNS[at + 1].1, seed));
            [Value::Integer(k)].into_iter().chain(cells.into_iter().enumerate().map(cell)).collect()
        };
        let case = Case { rows: (0..).zip(cells).map(row).collect(), joined, tests, limit };
        let folder = tempfile::tempdir().unwrap();
        runtime.block_on(checked(folder.path(), &case))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// Found by the property: the planner writes `e IN (true)` anew as `e`, which no source was told and nobody tested.
#[test]
fn a_condition_that_the_planner_writes_anew_is_still_tested() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (seed, yes) in [(0, true), (1, false)] {
        let row = |k: i64, e: Value| -> Row {
            let null = || Value::Null;
            vec![Value::Integer(k), null(), Value::Integer(0), null(), null(), e, null()]
        };
        let rows = vec![row(0, Value::Null), row(1, Value::Boolean(yes)), row(2, Value::Boolean(!yes))];
        for joined in [true, false] {
            let at = if joined { 6 } else { 5 };
            let case = Case { rows: rows.clone(), joined, tests: vec![(at, 1, vec![seed])], limit: 8 };
            let folder = tempfile::tempdir().unwrap();
            runtime.block_on(checked(folder.path(), &case)).unwrap();
        }
    }
}
