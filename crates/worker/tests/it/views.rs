//! Views through the helper program: what is taken, what is refused and where, and what becomes of one that takes too
//! much.

use crate::bench::{Bench, everything};
use shuqiao_plane::{
    source::{
        TypedTest,
        view::{Frame, ViewCode, ViewCondition, ViewScan, ViewTask},
    },
    value::Value,
};
use shuqiao_vocabulary::ItemType;
use std::os::unix::process::ExitStatusExt as _;

const PEOPLE: &[&str] = &[
    "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, area TEXT, born DATE, paid NUMERIC(10,2))",
    "CREATE TABLE areas (code TEXT PRIMARY KEY NOT NULL, 名称 TEXT NOT NULL)",
    "INSERT INTO areas VALUES ('520302', '红花岗区'), ('520303', '汇川区'), ('520304', '播州区')",
    "INSERT INTO people VALUES (1, '甲', '520302', '1980-01-02', 10.50), (2, '乙', '520303', '1990-05-06', 20), \
     (3, '丙', '520302', '2000-12-31', 0.05), (4, '丁', NULL, NULL, NULL)",
];
const JOIN: &str = "SELECT p.id, p.name, a.名称 AS area, p.paid * 2 AS twice FROM people p \
                    JOIN areas a ON a.code = p.area";

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

fn decimal(value: &str) -> Value {
    Value::Decimal(value.to_owned())
}

#[tokio::test]
async fn a_view_is_described_and_read_with_conditions_and_by_pages() {
    let bench = Bench::new();
    bench.written(PEOPLE).await;
    let view = bench.view(JOIN, &["people", "areas"], &["id"]);
    let columns = bench.described(view.clone()).unwrap();
    let named = |name: &str, item_type| (name.to_owned(), item_type);
    let expected = [
        named("id", ItemType::Integer),
        named("name", ItemType::Text),
        named("area", ItemType::Text),
        named("twice", ItemType::Decimal),
    ];
    assert_eq!(columns, expected);
    let all = everything(&columns, &["id"]);
    let rows = bench.read(view.clone(), all.clone()).unwrap();
    let row = |id, name, area, twice| vec![Value::Integer(id), text(name), text(area), decimal(twice)];
    let expected = [row(1, "甲", "红花岗区", "21"), row(2, "乙", "汇川区", "40"), row(3, "丙", "红花岗区", "0.1")];
    assert_eq!(rows, expected);
    let condition = |column: &str, item_type, test| ViewCondition { column: column.to_owned(), item_type, test };
    let scan = ViewScan {
        columns: vec![named("name", ItemType::Text), named("id", ItemType::Integer), named("name", ItemType::Text)],
        conditions: vec![
            condition("area", ItemType::Text, TypedTest::StartsWith("红".to_owned())),
            condition("twice", ItemType::Decimal, TypedTest::Between { from: Some(decimal("0.099")), to: None }),
        ],
        after: Some(vec![Value::Integer(1)]),
        limit: 1,
        ..all
    };
    assert_eq!(bench.read(view, scan).unwrap(), [vec![text("丙"), Value::Integer(3), text("丙")]]);
    assert!(std::fs::read_dir(&bench.limits.temp_folder).unwrap().next().is_none(), "nothing is left behind");
}

#[tokio::test]
async fn what_is_no_view_is_refused_with_its_reason_and_place() {
    let bench = Bench::new();
    bench.written(PEOPLE).await;
    let ors = |count: usize| {
        let tests: Vec<String> = (0..count).map(|n| format!("id={n}")).collect();
        format!("SELECT id FROM people WHERE {}", tests.join(" OR "))
    };
    let (ors_many, ors_most) = (ors(5_000), ors(1_200));
    let deep = format!("SELECT {}id{} FROM people", "(".repeat(3_000), ")".repeat(3_000));
    use ViewCode as C;
    for (sql, code, place) in [
        ("", C::NotSelect, None),
        ("SELEC id FROM people", C::Syntax, Some((1, 1))),
        ("SELECT id\nFROM people WHERE", C::Syntax, None),
        ("SELECT id FROM people; SELECT id FROM people", C::NotSelect, None),
        ("COPY people TO '/tmp/stolen.csv'", C::NotSelect, None),
        ("SET a = 1", C::NotSelect, None),
        ("EXPLAIN SELECT id FROM people", C::NotSelect, None),
        ("CREATE TABLE x AS SELECT id FROM people", C::NotSelect, None),
        ("CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'", C::Syntax, None),
        ("DELETE FROM people", C::NotSelect, None),
        ("WITH gone AS (DELETE FROM people RETURNING id) SELECT id FROM gone", C::NotSelect, None),
        ("SELECT id INTO x FROM people", C::Construct, None),
        ("SELECT id FROM people FOR UPDATE", C::Construct, None),
        ("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT n FROM r", C::Construct, None),
        ("SELECT * FROM information_schema.tables", C::TableUnknown, Some((1, 15))),
        ("SELECT * FROM '/etc/passwd'", C::TableUnknown, None),
        ("SELECT *\nFROM \"/etc/passwd\"", C::TableUnknown, Some((2, 6))),
        ("SELECT * FROM sqlite_master", C::TableUnknown, None),
        ("SELECT * FROM generate_series(1, 1000000000)", C::Construct, None),
        ("SELECT * FROM read_csv('/etc/passwd')", C::Construct, None),
        ("SELECT id, random() AS r FROM people", C::Function, Some((1, 12))),
        ("SELECT id, now() AS t FROM people", C::Function, None),
        ("SELECT id, repeat(name, 1000000000) AS t FROM people", C::Function, None),
        ("SELECT id, version() AS t FROM people", C::Function, None),
        ("SELECT id, current_date AS t FROM people", C::Function, None),
        ("SELECT id, nobody FROM people", C::ColumnUnknown, Some((1, 12))),
        ("SELECT p.id, q.id FROM people p JOIN people q ON p.id = q.id", C::ColumnTwice, None),
        ("SELECT id, INTERVAL '1 day' AS gap FROM people", C::ColumnType, None),
        ("SELECT name FROM people", C::KeyUnknown, None),
        ("SELECT area AS id FROM people", C::KeyNotUnique, None),
        ("SELECT 1 AS id FROM people", C::KeyNotUnique, None),
        ("SELECT id, 1 / (id - 1) AS x FROM people", C::Value, None),
        ("SELECT id, CAST(name AS BIGINT) AS x FROM people", C::Value, None),
        ("SELECT id FROM people WHERE id = $1", C::Construct, None),
        (&ors_many, C::TooComplex, None),
        (&ors_most, C::TooComplex, None),
        (&deep, C::TooComplex, None),
    ] {
        let refusal = bench.described(bench.view(sql, &["people", "areas"], &["id"])).expect_err(sql);
        assert_eq!(refusal.code, code, "{sql}: {refusal}");
        if let Some((line, column)) = place {
            let at = |name: &str| refusal.params.get(name).and_then(|at| at.parse::<u64>().ok());
            assert_eq!((at("line"), at("column")), (Some(line), Some(column)), "{sql}: {refusal}");
        }
        if code == C::Value {
            assert!(!format!("{refusal}").contains('甲'), "no value leaves with a refusal");
        }
    }
    for (alias, code) in [("a b", C::Input), ("", C::Input), ("x\"; --", C::Input)] {
        let mut view = bench.view("SELECT 1 AS id", &["people"], &["id"]);
        alias.clone_into(&mut view.inputs[0].alias);
        assert_eq!(bench.described(view).unwrap_err().code, code, "{alias}");
    }
    let gone = bench.described(bench.view("SELECT 1 AS id", &["gone"], &["id"])).unwrap_err();
    assert_eq!((gone.code, gone.params["name"].as_str()), (C::InputFailed, "gone"));
}

/// 120,000 rows of 200 bytes on each side.
const LARGE: &[&str] = &[
    "CREATE TABLE large (id INTEGER PRIMARY KEY, twin INTEGER NOT NULL, filling TEXT NOT NULL, same INTEGER NOT NULL)",
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 119999) \
     INSERT INTO large SELECT i, 119999 - i, printf('%0200d', i), 1 FROM n",
    "CREATE TABLE small (id INTEGER PRIMARY KEY)",
    "INSERT INTO small VALUES (1), (2), (3)",
];

#[tokio::test]
async fn a_join_larger_than_memory_is_put_aside_and_finishes() {
    let mut bench = Bench::new();
    bench.written(LARGE).await;
    bench.limits.memory_bytes = 24 * 1024 * 1024;
    let sql = "SELECT a.id, b.id AS twin, a.filling, b.filling AS other FROM large a JOIN large b ON a.twin = b.id";
    let view = bench.view(sql, &["large"], &["id"]);
    let named = |name: &str, item_type| (name.to_owned(), item_type);
    let columns = [
        named("id", ItemType::Integer),
        named("twin", ItemType::Integer),
        named("filling", ItemType::Text),
        named("other", ItemType::Text),
    ];
    let scan = ViewScan { limit: 5_000, ..everything(&columns, &["id"]) };
    let rows = bench.read(view.clone(), scan.clone()).unwrap();
    assert_eq!(rows.len(), 5_000);
    for (at, row) in rows.iter().enumerate() {
        let id = at as i64;
        assert_eq!(row[0], Value::Integer(id));
        assert_eq!(row[1], Value::Integer(119_999 - id));
        assert_eq!(row[3], text(&format!("{:0200}", 119_999 - id)));
    }
    // Without a place to put it, the same is refused with the reason.
    bench.limits.temp_bytes = 64 * 1024;
    let refused = bench.read(view, scan);
    assert_eq!(refused.unwrap_err().code, ViewCode::OutOfMemory);
}

#[tokio::test]
async fn a_join_without_a_bound_is_refused_and_one_that_runs_away_is_ended_while_others_answer() {
    let mut bench = Bench::new();
    bench.written(LARGE).await;
    for sql in [
        "SELECT a.id, b.id AS other FROM large a, large b",
        "SELECT a.id, b.id AS other FROM large a JOIN large b ON a.id + b.id < 10",
    ] {
        let refused = bench.described(bench.view(sql, &["large"], &["id", "other"])).unwrap_err();
        assert_eq!(refused.code, ViewCode::JoinUnbounded, "{sql}");
    }
    let beside_few = "SELECT a.id, s.id AS other FROM large a JOIN small s ON a.id < s.id";
    let rows = bench.described(bench.view(beside_few, &["large", "small"], &["id", "other"]));
    assert!(rows.is_ok(), "{rows:?}");

    // Every row with every row: 14,400 million of them.
    let runaway = "SELECT a.id, count(*) AS n FROM large a JOIN large b ON a.same = b.same \
                   WHERE a.filling <> b.filling GROUP BY a.id";
    bench.limits.cpu_seconds = 3;
    let columns = [("id".to_owned(), ItemType::Integer)];
    let task = ViewTask::Scan(everything(&columns, &["id"]));
    let running = bench.begun(bench.view(runaway, &["large"], &["id"]), task);
    bench.limits.cpu_seconds = 300;
    let small = bench.view("SELECT id FROM small", &["small"], &["id"]);
    assert_eq!(bench.read(small, everything(&columns, &["id"])).unwrap().len(), 3);
    let answer = Bench::ended(running, 1);
    assert_eq!(answer.status.signal(), Some(24), "ended by the kernel for its processor time: {}", answer.status);
    assert!(!answer.frames.iter().any(|frame| matches!(frame, Frame::Done)), "a torn answer has no end");
}
