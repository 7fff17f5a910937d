//! A threshold of distinct subjects: what a naive reading would deliver is delivered, no group with fewer subjects ever
//! is, and a shape for which that cannot be said is refused.

use crate::differential::{holds, literal};
use futures_util::TryStreamExt as _;
use proptest::{collection::vec, option, prelude::*, test_runner::TestRunner};
use shuqiao_engine::SqlEngine;
use shuqiao_plane::{
    source::{
        Location, SourceSettings, Sources, TypedTest,
        view::{
            Look, SubjectThreshold, ViewCode, ViewCondition, ViewEngine as _, ViewInput, ViewLimits, ViewRefusal,
            ViewScan, ViewSpec,
        },
    },
    value::Value,
};
use shuqiao_vocabulary::ItemType;
use sqlx::{AssertSqlSafe, ConnectOptions as _, sqlite::SqliteConnectOptions};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

/// A row: whose it is, its area, its sex, what was paid, a weight that is never empty.
type Row = (Option<u8>, u8, bool, Option<i64>, i64);

/// Ways to write a grouping, and what each of them means.
struct Shape {
    sql: &'static str,
    /// Whether area and sex are group columns.
    by: (bool, bool),
    /// Whether only rows with a weight from 0 on are looked at.
    heavy: bool,
    /// Whether what was paid is summed up, else the weight.
    paid: bool,
    /// Groups of more rows than this alone.
    over: i64,
}

const SHAPES: [Shape; 4] = [
    Shape {
        sql: "SELECT area, count(*) AS n, sum(weight) AS total FROM people GROUP BY area",
        by: (true, false),
        heavy: false,
        paid: false,
        over: 0,
    },
    Shape {
        sql: "SELECT area, sex, count(*) AS n, sum(paid) AS total FROM people WHERE weight >= 0 GROUP BY area, sex",
        by: (true, true),
        heavy: true,
        paid: true,
        over: 0,
    },
    Shape {
        sql: "SELECT count(*) AS n, sum(paid) AS total FROM people",
        by: (false, false),
        heavy: false,
        paid: true,
        over: 0,
    },
    Shape {
        sql: "SELECT x.area, x.n, x.total FROM (SELECT a.name AS area, count(*) AS n, sum(p.paid + p.weight) - \
              sum(p.weight) AS total FROM (SELECT id, area, paid, weight FROM people) p JOIN areas a \
              ON a.name = p.area WHERE p.paid IS NOT NULL GROUP BY a.name) x WHERE x.n > 2 ORDER BY x.total LIMIT 99",
        by: (true, false),
        heavy: false,
        paid: true,
        over: 2,
    },
];

const AREAS: [&str; 3] = ["甲", "乙", "丙"];

async fn written(database: &Path, rows: &[Row]) {
    let options = SqliteConnectOptions::new().filename(database).create_if_missing(true).disable_statement_logging();
    let mut connection = options.connect().await.unwrap();
    let mut statements = "CREATE TABLE people (row INTEGER PRIMARY KEY, id TEXT, area TEXT NOT NULL, sex BOOLEAN NOT \
                          NULL, paid INT, weight INT NOT NULL, name TEXT); CREATE TABLE areas (name TEXT PRIMARY KEY NOT \
                          NULL); INSERT INTO areas VALUES ('甲'), ('乙'), ('丙');"
        .to_owned();
    for (id, area, sex, paid, weight) in rows {
        let id = literal(&id.map_or(Value::Null, |id| Value::Text(format!("身份{id}"))));
        let paid = literal(&paid.map_or(Value::Null, Value::Integer));
        let (area, sex) = (AREAS[usize::from(*area)], i32::from(*sex));
        statements.push_str(&format!(
            "INSERT INTO people (id, area, sex, paid, weight) VALUES ({id}, '{area}', {sex}, {paid}, {weight});"
        ));
    }
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await.unwrap();
}

pub(crate) fn engine(folder: &Path) -> SqlEngine {
    let mut settings = SourceSettings::under(folder);
    settings.file_roots = vec![folder.to_owned()];
    let limits = ViewLimits {
        memory_bytes: 64 * 1024 * 1024,
        temp_bytes: 64 * 1024 * 1024,
        temp_folder: folder.to_owned(),
        cpu_seconds: 60,
    };
    SqlEngine::new(Arc::new(Sources::new(settings)), limits)
}

fn view(database: PathBuf, sql: &str, minimum: u32) -> ViewSpec {
    let input = |table: &str| ViewInput {
        alias: table.to_owned(),
        location: Location::Sqlite { path: database.clone() },
        table: table.to_owned(),
    };
    ViewSpec {
        sql: sql.to_owned(),
        inputs: vec![input("people"), input("areas")],
        key: Vec::new(),
        threshold: Some(SubjectThreshold { input: "people".to_owned(), column: "id".to_owned(), minimum }),
    }
}

#[derive(Default)]
struct Group {
    rows: i64,
    total: Option<i64>,
    subjects: BTreeSet<u8>,
    contributing: BTreeSet<u8>,
}

/// What is delivered, told from the rows.
fn naive(rows: &[Row], shape: &Shape, minimum: u32, tests: &[(&str, TypedTest)]) -> Vec<Vec<Value>> {
    let mut groups: BTreeMap<(Option<u8>, Option<bool>), Group> = BTreeMap::new();
    let joined = shape.over > 0;
    let looked_at = |row: &&Row| (!shape.heavy || row.4 >= 0) && (!joined || row.3.is_some());
    for (id, area, sex, paid, weight) in rows.iter().filter(looked_at) {
        let group = groups.entry((shape.by.0.then_some(*area), shape.by.1.then_some(*sex))).or_default();
        group.rows += 1;
        group.subjects.extend(id);
        if let Some(number) = if shape.paid { *paid } else { Some(*weight) } {
            *group.total.get_or_insert(0) += number;
            group.contributing.extend(id);
        }
    }
    let enough = |subjects: &BTreeSet<u8>| subjects.len() >= minimum as usize;
    let kept = groups
        .into_iter()
        .filter(|(_, group)| enough(&group.subjects) && enough(&group.contributing) && group.rows > shape.over);
    let row = |((area, sex), group): ((Option<u8>, Option<bool>), Group)| -> Vec<(&str, Value)> {
        let area = area.map(|area| ("area", Value::Text(AREAS[usize::from(area)].to_owned())));
        let sex = sex.map(|sex| ("sex", Value::Boolean(sex)));
        let numbers = [("n", Value::Integer(group.rows)), ("total", group.total.map_or(Value::Null, Value::Integer))];
        area.into_iter().chain(sex).chain(numbers).collect()
    };
    let passes = |row: &Vec<(&str, Value)>| {
        tests.iter().all(|(name, test)| {
            let value = row.iter().find(|(column, _)| column == name);
            value.is_some_and(|(_, value)| holds(value, test))
        })
    };
    kept.map(row).filter(passes).map(|row| row.into_iter().map(|(_, value)| value).collect()).collect()
}

fn test(kind: u8, number: i64) -> (&'static str, TypedTest) {
    let area = |at: i64| Value::Text(AREAS[at.rem_euclid(3) as usize].to_owned());
    let from = |number| TypedTest::Between { from: Some(Value::Integer(number)), to: None };
    match kind % 4 {
        0 => ("n", from(number.rem_euclid(6))),
        1 => ("total", from(number)),
        2 => ("n", TypedTest::Equals(Value::Integer(number.rem_euclid(6)))),
        _ => ("area", TypedTest::OneOf(vec![area(number), area(number + 1)])),
    }
}

async fn checked(rows: &[Row], shape: &Shape, minimum: u32, tests: &[(u8, i64)]) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("t.db");
    written(&database, rows).await;
    let view = view(database, shape.sql, minimum);
    let engine = engine(folder.path());
    let known = [("area", ItemType::Text), ("sex", ItemType::Boolean)];
    let groups = known.into_iter().zip([shape.by.0, shape.by.1]).filter_map(|(column, used)| used.then_some(column));
    let columns: Vec<_> = groups.chain([("n", ItemType::Integer), ("total", ItemType::Integer)]).collect();
    let tests: Vec<(&str, TypedTest)> = tests.iter().map(|(kind, number)| test(*kind, *number)).collect();
    let tests: Vec<_> = tests.into_iter().filter(|(name, _)| columns.iter().any(|column| column.0 == *name)).collect();
    let condition = |(name, test): &(&str, TypedTest)| {
        let item_type = columns.iter().find(|column| column.0 == *name).unwrap().1;
        ViewCondition { column: (*name).to_owned(), item_type, test: test.clone() }
    };
    let scan = ViewScan {
        columns: columns.iter().map(|(name, item_type)| ((*name).to_owned(), *item_type)).collect(),
        conditions: tests.iter().map(condition).collect(),
        key: Vec::new(),
        after: None,
        limit: 1_000,
    };
    let pages: Vec<Vec<Vec<Value>>> = engine.scan(&view, &scan).await.unwrap().try_collect().await.unwrap();
    let mut found = pages.concat();
    let mut expected = naive(rows, shape, minimum, &tests);
    let written = |row: &Vec<Value>| row.iter().map(literal).collect::<Vec<_>>();
    found.sort_by_key(written);
    expected.sort_by_key(written);
    prop_assert_eq!(found, expected, "{} {} {:?}", shape.sql, minimum, tests);
    Ok(())
}

#[test]
fn every_group_with_enough_subjects_is_delivered_and_no_other() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(ProptestConfig { cases: 120, failure_persistence: None, ..Default::default() });
    let row = (option::weighted(0.8, 0_u8..7), 0_u8..3, any::<bool>(), option::weighted(0.6, -40_i64..40), -9_i64..40);
    let case = (vec(row, 0..30), 0..SHAPES.len(), 2_u32..5, vec((any::<u8>(), -60_i64..60), 0..3));
    let outcome = runner
        .run(&case, |(rows, shape, minimum, tests)| runtime.block_on(checked(&rows, &SHAPES[shape], minimum, &tests)));
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// Nobody pays but one: what is summed up is that one's, although many are in the group.
#[test]
fn a_sum_to_which_too_few_contribute_is_not_delivered() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let rows: Vec<Row> = (0..6).map(|id| (Some(id), 0, true, (id == 3).then_some(1_000), 1)).collect();
    assert!(naive(&rows, &SHAPES[2], 3, &[]).is_empty());
    runtime.block_on(checked(&rows, &SHAPES[2], 3, &[])).unwrap();
    assert_eq!(naive(&rows, &SHAPES[0], 3, &[]).len(), 1);
    runtime.block_on(checked(&rows, &SHAPES[0], 3, &[])).unwrap();
}

#[test]
fn a_view_for_which_it_cannot_be_guaranteed_is_refused() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("t.db");
    runtime.block_on(written(&database, &[(Some(1), 0, true, None, 1)]));
    let engine = engine(folder.path());
    let refused =
        |view: &ViewSpec| -> ViewRefusal { runtime.block_on(engine.describe(view, Look::Shape)).expect_err(&view.sql) };
    use ViewCode as C;
    for (sql, code, about) in [
        ("SELECT id, area, paid FROM people", C::ThresholdNotAggregate, ""),
        ("SELECT DISTINCT area FROM people", C::ThresholdNotAggregate, ""),
        ("SELECT p.area FROM people p JOIN areas a ON a.name = p.area", C::ThresholdNotAggregate, ""),
        ("SELECT area, count(*) OVER (PARTITION BY area) AS n FROM people", C::ThresholdNotAggregate, ""),
        ("SELECT area, count(*) AS n, sum(count(*)) OVER () AS s FROM people GROUP BY area", C::ThresholdShape, "OVER"),
        (
            "SELECT area AS x, count(*) AS n FROM people GROUP BY area UNION ALL SELECT name, 1 FROM areas",
            C::ThresholdShape,
            "UNION",
        ),
        (
            "SELECT g.area, g.n FROM (SELECT area, count(*) AS n FROM people GROUP BY area) g JOIN areas a \
             ON a.name = g.area",
            C::ThresholdShape,
            "JOIN",
        ),
        (
            "SELECT max(n) AS most FROM (SELECT area, count(*) AS n FROM people GROUP BY area) g",
            C::ThresholdShape,
            "GROUP BY",
        ),
        (
            "SELECT sum(n) AS n FROM (SELECT area, count(*) AS n FROM people GROUP BY area) g",
            C::ThresholdShape,
            "GROUP BY",
        ),
        (
            "SELECT DISTINCT n FROM (SELECT area, count(*) AS n FROM people GROUP BY area) g",
            C::ThresholdShape,
            "DISTINCT",
        ),
        ("SELECT area, sex, count(*) AS n FROM people GROUP BY ROLLUP (area, sex)", C::ThresholdShape, "ROLLUP"),
        (
            "SELECT area, count(*) AS n FROM people WHERE weight > (SELECT 1) GROUP BY area",
            C::ThresholdShape,
            "(SELECT …)",
        ),
        (
            "SELECT area, count(*) AS n FROM people WHERE area IN (SELECT name FROM areas) GROUP BY area",
            C::ThresholdShape,
            "(SELECT …)",
        ),
        ("SELECT count(*) AS n FROM (SELECT id, row_number() OVER () AS r FROM people) p", C::ThresholdShape, "OVER"),
        ("SELECT area, min(paid) AS x FROM people GROUP BY area", C::ThresholdFunction, "min"),
        ("SELECT area, max(area) AS x FROM people GROUP BY area", C::ThresholdFunction, "max"),
        ("SELECT area, median(paid) AS x FROM people GROUP BY area", C::ThresholdFunction, "median"),
        ("SELECT area, bool_and(sex) AS x FROM people GROUP BY area", C::ThresholdFunction, "bool_and"),
        ("SELECT area, first_value(paid) AS x FROM people GROUP BY area", C::ThresholdFunction, "first_value"),
        ("SELECT area, sum(DISTINCT paid) AS x FROM people GROUP BY area", C::ThresholdFunction, "sum(DISTINCT …)"),
        ("SELECT sum(paid) FILTER (WHERE id = '7') AS x FROM people", C::ThresholdFunction, "FILTER"),
        ("SELECT sum(CASE WHEN id = '7' THEN paid ELSE 0 END) AS x FROM people", C::ThresholdFunction, "CASE"),
        (
            "SELECT sum(x) AS x FROM (SELECT id, CASE WHEN sex THEN 1 ELSE 0 END AS x FROM people) p",
            C::ThresholdFunction,
            "CASE",
        ),
        ("SELECT sum(coalesce(paid, 0)) AS x FROM people", C::ThresholdFunction, "coalesce"),
        ("SELECT sum(CAST(id = '7' AS BIGINT) * paid) AS x FROM people", C::ThresholdFunction, "="),
        ("SELECT count(greatest(paid, 9)) AS x FROM people", C::ThresholdFunction, "greatest"),
        ("SELECT name, count(*) AS n FROM areas GROUP BY name", C::ThresholdSubject, "people.id"),
        ("SELECT area, count(*) AS n FROM (SELECT area FROM people) p GROUP BY area", C::ThresholdSubject, "people.id"),
        ("SELECT count(*) AS n FROM (SELECT upper(id) AS id FROM people) p", C::ThresholdSubject, "people.id"),
        ("SELECT count(*) AS n FROM (SELECT area AS id FROM people) p", C::ThresholdSubject, "people.id"),
        (
            "SELECT p.area, avg(q.paid) AS x FROM people p JOIN people q ON q.area = p.area GROUP BY p.area",
            C::ThresholdSubject,
            "people.id",
        ),
        (
            "SELECT a.name, count(*) AS n FROM areas a LEFT SEMI JOIN people p ON p.area = a.name GROUP BY a.name",
            C::ThresholdSubject,
            "people.id",
        ),
    ] {
        let refusal = refused(&view(database.clone(), sql, 2));
        assert_eq!(refusal.code, code, "{sql}: {refusal}");
        let said = refusal.params.get("name").or(refusal.params.get("what")).map_or("", String::as_str);
        assert_eq!(said, about, "{sql}");
    }
    let good = view(database.clone(), SHAPES[0].sql, 2);
    assert!(runtime.block_on(engine.describe(&good, Look::Rows)).is_ok_and(|found| found.rows == Some(0)));
    let other = |change: &dyn Fn(&mut ViewSpec)| {
        let mut view = good.clone();
        change(&mut view);
        refused(&view).code
    };
    let of = |view: &mut ViewSpec, change: &dyn Fn(&mut SubjectThreshold)| view.threshold.as_mut().map(change).unwrap();
    assert_eq!(other(&|view| of(view, &|threshold| threshold.minimum = 1)), C::ThresholdMinimum);
    assert_eq!(other(&|view| of(view, &|threshold| threshold.minimum = 10_001)), C::ThresholdMinimum);
    assert_eq!(other(&|view| of(view, &|threshold| threshold.column = "nobody".to_owned())), C::ThresholdSubject);
    assert_eq!(other(&|view| of(view, &|threshold| threshold.input = "nothing".to_owned())), C::ThresholdSubject);
    // The same table under another name would bring the same data in, uncounted.
    let twin = |view: &mut ViewSpec| {
        let mut twin = view.inputs[0].clone();
        twin.alias = "twin".to_owned();
        view.inputs.push(twin);
    };
    assert_eq!(other(&twin), C::ThresholdSubject);
}
