//! Every way for rows to leave, from every kind of source, against a naive reading of the same grant and query over the
//! same rows in memory: any table, any grant, any query. And a narrower grant never gives more, by no way.

use case::Case;
use proptest::test_runner::{Config, TestRunner};
use sources::{Place, Source};
use std::collections::HashMap;
use told::{Cells, Given};
use way::{BULK, Bench, CALLS, Way};

mod case;
mod keyed;
mod misfits;
mod sources;
pub(crate) mod told;
mod way;

/// Holds what the ways give under the case's grant, and under the narrower one, against a naive reading.
async fn agree(bench: &Bench, ways: &[Way], case: &Case) {
    let narrow = case.narrowed();
    // What of the query the narrower grant still allows, asked under the wider one: a condition less gives more rows.
    let allowed = case.with_conditions_of(&narrow);
    bench.install(case.terms());
    let mut wide = Vec::new();
    for way in ways {
        if way.takes_queries() && case.refused_by(&narrow).is_some() {
            given(bench, *way, case).await;
        }
        wide.push(given(bench, *way, &allowed).await);
    }
    bench.install(narrow.terms());
    for (way, wide) in ways.iter().zip(wide) {
        if let Some(code) = case.refused_by(&narrow).filter(|_| way.takes_queries()) {
            let refusal = bench.give(*way, &case.body(), Some(case.limit)).await.unwrap_err();
            assert_eq!(refusal.code, code, "{way:?} {case:?}");
        }
        let found = given(bench, *way, &narrow).await;
        assert!(is_within(&found, &narrow, &wide, case), "{way:?} gave more under a narrower grant: {case:?}");
    }
}

/// What a way gives for the case, after it has been held against what a naive reader would be given.
async fn given(bench: &Bench, way: Way, case: &Case) -> Given {
    let asked = if way.takes_queries() { case.clone() } else { case.whole() };
    let answer = bench.give(way, &asked.body(), Some(case.limit)).await;
    let found = answer.unwrap_or_else(|refusal| panic!("{way:?} {refusal:?} {case:?}")).told_as(way.form(), &asked);
    let (mut compared, mut expected) = (found.clone(), asked.expected(way.form()));
    if !way.keeps_order() {
        compared.rows.sort();
        expected.rows.sort();
    }
    assert_eq!(compared, expected, "{way:?} {case:?}");
    found
}

/// Whether each row of the narrower answer is one of the wider one, in the columns that neither grant or both mask.
fn is_within(found: &Given, narrow: &Case, wide: &Given, case: &Case) -> bool {
    let shown_alike = |name: &&String| narrow.is_masked(told::column_of(name)) == case.is_masked(told::column_of(name));
    let names: Vec<&String> = found.columns.iter().filter(shown_alike).collect();
    if !found.columns.iter().all(|name| wide.columns.contains(name)) {
        return false;
    }
    let mut left: HashMap<Cells, usize> = HashMap::new();
    wide.only(&names).into_iter().for_each(|row| *left.entry(row).or_default() += 1);
    found.only(&names).iter().all(|row| match left.get_mut(row) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    })
}

fn run<C: std::fmt::Debug>(cases: u32, case: impl proptest::strategy::Strategy<Value = C>, one: impl Fn(C)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&case, |case| {
            one(case);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// So many cases of calls and so many of all that goes in bulk, from one kind of source.
fn over(source: Source, calls: u32, bulk: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let place = runtime.block_on(Place::of(source, &case::COLUMNS));
    for (cases, ways) in [(calls, &CALLS[..]), (bulk, &BULK[..])] {
        run(cases, case::case(), |case| {
            let Some(case) = source.fitted(case) else { return };
            runtime.block_on(async {
                let bench = place.lay(&case.table()).await;
                agree(&bench, ways, &case).await;
                if ways == BULK {
                    follow(&place, &case).await;
                }
            });
        });
    }
}

/// Half of the rows brought by one run, and then what came since by another: what stands in the database then is what a
/// naive reader of the whole would be given. Or the run is not begun, and its code says why.
async fn follow(place: &Place, case: &Case) {
    let bench = place.lay(&case.first_half().table()).await;
    bench.install(case.terms());
    let tasks: Vec<u32> = (0..bench.receivers()).map(|_| way::next_number()).collect();
    for (at, task) in tasks.iter().enumerate() {
        let followed = bench.follow(at, *task).await;
        match (case.not_followed(), followed) {
            (None, task) => _ = task.unwrap(),
            (Some(code), refused) => assert_eq!(refused.unwrap_err().code, code, "{case:?}"),
        }
    }
    // A file has a plane of its own each time, which knows no run of before: there, all of it comes with the second run.
    let bench = place.lay(&case.table()).await;
    bench.install(case.terms());
    for (at, task) in tasks.iter().enumerate().filter(|_| case.not_followed().is_none()) {
        let all = bench.follow_on(at, *task).await.unwrap();
        let mut found = all.told_as(told::Form::Exact, &case.whole());
        let mut expected = case.whole().expected(told::Form::Exact);
        found.rows.sort();
        expected.rows.sort();
        assert_eq!(found, expected, "{at} {case:?}");
    }
}

#[test]
fn from_sqlite_every_way_gives_what_a_naive_reader_would_have() {
    over(Source::Sqlite, 128, 24);
}

#[test]
fn from_postgres_every_way_gives_what_a_naive_reader_would_have() {
    over(Source::Postgres, 64, 16);
}

#[test]
fn from_mysql_every_way_gives_what_a_naive_reader_would_have() {
    over(Source::Mysql, 64, 16);
}

#[test]
fn from_csv_every_way_gives_what_a_naive_reader_would_have() {
    over(Source::Csv, 48, 16);
}

#[test]
fn from_parquet_every_way_gives_what_a_naive_reader_would_have() {
    over(Source::Parquet, 48, 16);
}

#[test]
fn from_json_lines_every_way_gives_what_a_naive_reader_would_have() {
    over(Source::JsonLines, 48, 8);
}

#[test]
fn from_workbooks_every_way_gives_what_a_naive_reader_would_have() {
    over(Source::Sheet, 48, 8);
}

#[test]
fn from_a_service_every_way_gives_what_a_naive_reader_would_have() {
    over(Source::Http, 48, 16);
}

/// With fewer cases: the statements are those of the two databases themselves, what is new is the driver.
#[cfg(feature = "odbc")]
#[test]
fn from_drivers_calls_give_what_a_naive_reader_would_have() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (world, path, _folder) = runtime.block_on(crate::odbc::sqlite_world("CREATE TABLE t (k INTEGER PRIMARY KEY)"));
    let bench = Bench::of(world, None);
    let over = |bench: &Bench, lay: &dyn Fn(&Case)| {
        run(24, case::case(), |case| {
            lay(&case);
            runtime.block_on(async {
                bench.world.plane.sources().describe(bench.world.location()).await.unwrap();
                agree(bench, &CALLS, &case).await;
            });
        });
    };
    over(&bench, &|case| {
        runtime.block_on(crate::world::sqlite_file(&path, &case.table().statements(Source::Sqlite)));
    });
    let (world, server) = runtime.block_on(crate::odbc::postgres_world("CREATE TABLE t (k bigint PRIMARY KEY)", 5_000));
    over(&Bench::of(world, None), &|case| {
        server.execute("source", &case.table().statements(Source::Postgres)).unwrap();
    });
}
