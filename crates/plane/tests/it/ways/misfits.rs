//! Rows that do not fit: a cell of another type than its item, or one that the item's mask does not apply to. In batch they
//! are put aside and the others arrive; by every other way they refuse the answer that would hold them, and no other.
//!
//! And whatever is refused for: no text of it carries a cell or a literal of a condition. All of those hold a mark that
//! nothing else does.

use super::{
    run,
    sources::{Place, Source, Table},
    told::Cells,
    way::{BULK, Bench, CALLS, Refusal, Way},
};
use crate::world::{PURPOSE, item, masked, name, terms};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value as Json, json};
use shuqiao_plane::{book::GrantTerms, value::Value};
use shuqiao_vocabulary::{Condition, ItemType, Literal, Mask, RowFilter, SharingMethod, Test};
use std::rc::Rc;

/// What stands in every cell and every literal here, and nowhere else.
const MARK: &str = "记7431926号";
const COLUMNS: [(&str, ItemType); 3] = [("k", ItemType::Integer), ("a", ItemType::Text), ("z", ItemType::Text)];

/// How the item `a` is granted, so that some cells of its column do not fit.
#[derive(Clone, Debug)]
struct Demand {
    item_type: ItemType,
    mask: Option<Mask>,
    code: &'static str,
    /// A cell that fits, and as what it is given.
    good: (&'static str, &'static str),
}

fn demands() -> [Demand; 3] {
    let demand = |item_type, mask, code, good| Demand { item_type, mask, code, good };
    [
        demand(ItemType::Date, None, "cell_type_mismatch", ("1987-06-05", "1987-06-05")),
        demand(ItemType::Text, Some(Mask::YearOnly), "mask_not_applicable", ("1987-06-05", "1987")),
        demand(
            ItemType::Text,
            Some(Mask::RegionOnly { digits: 4 }),
            "mask_not_applicable",
            ("520302199001011234", "5203"),
        ),
    ]
}

#[derive(Clone, Debug)]
struct Case {
    demand: Demand,
    /// Of each row whether it fits.
    fits: Vec<bool>,
}

fn case(demands: Vec<Demand>) -> impl Strategy<Value = Case> {
    // Beyond the chunk of a batch, so that some chunks are good as they are.
    (select(demands), vec(prop::bool::weighted(0.8), 1..14)).prop_map(|(demand, fits)| Case { demand, fits })
}

impl Case {
    fn table(&self) -> Table {
        let row = |(k, fits): (i64, &bool)| {
            let cell = if *fits { self.demand.good.0.to_owned() } else { format!("{MARK}{k}") };
            vec![Value::Integer(k), Value::Text(cell), Value::Text(format!("{MARK}z{k}"))]
        };
        Table { columns: COLUMNS.to_vec(), rows: (0..).zip(&self.fits).map(row).collect() }
    }

    fn terms(&self) -> GrantTerms {
        let a = masked("a", self.demand.item_type, Mask::Redact);
        let a = shuqiao_plane::book::GrantedItem { mask: self.demand.mask.clone(), ..a };
        let z = masked("z", ItemType::Text, Mask::KeepEnds { head: 0, tail: 0 });
        let mut terms = terms("t", vec![item("k", ItemType::Integer), a, z], &["k"]);
        terms.methods =
            vec![SharingMethod::ServiceInterface, SharingMethod::BatchExchange, SharingMethod::FileDownload];
        // A condition of the grant, which is nobody's to read either; every row satisfies it.
        let test = Test::StartsWith(MARK.to_owned());
        terms.filter_columns = vec![(name("z"), "z".to_owned(), ItemType::Text)];
        terms.rows = RowFilter(vec![Condition { item: name("z"), test }]);
        terms
    }

    /// The keys of the rows that fit, or of those that do not.
    fn keys(&self, fit: bool) -> Vec<i64> {
        (0..).zip(&self.fits).filter(|(_, fits)| **fits == fit).map(|(k, _)| k).collect()
    }

    /// The rows that fit, as `k` and `a` of them are given.
    fn good(&self) -> Vec<Cells> {
        self.keys(true).iter().map(|k| vec![Some(k.to_string()), Some(self.demand.good.1.to_owned())]).collect()
    }
}

fn query(conditions: &Json) -> Json {
    json!({"purpose": PURPOSE, "items": [], "conditions": conditions})
}

fn says_nothing(way: Way, refusal: &Refusal, case: &Case) {
    assert!(!refusal.text.contains(MARK) && !refusal.text.contains("7431926"), "{way:?} {refusal:?} {case:?}");
}

async fn hold(bench: &Bench, case: &Case) {
    bench.install(case.terms());
    let bad = case.keys(false).len();
    let (all, fitting) = (query(&json!([])), query(&json!([{"item": "k", "in": case.keys(true)}])));
    let (k, a) = ("k".to_owned(), "a".to_owned());
    for way in CALLS.into_iter().chain(BULK) {
        match bench.give(way, &all, None).await {
            Ok(given) => {
                let mut found = given.only(&[&k, &a]);
                found.sort_by_key(|row| row[0].as_ref().unwrap().parse::<i64>().unwrap());
                assert_eq!(found, case.good(), "{way:?} {case:?}");
                assert_eq!(given.aside, vec![case.demand.code; bad], "{way:?} {case:?}");
                assert!(!format!("{given:?}").contains(MARK), "{way:?} {case:?}");
                assert!(bad == 0 || way.is_batch(), "{way:?} gave what does not fit: {case:?}");
            }
            Err(refusal) => {
                assert!(bad > 0 && !way.is_batch(), "{way:?} {refusal:?} {case:?}");
                assert_eq!(refusal.code, case.demand.code, "{way:?} {case:?}");
                says_nothing(way, &refusal, case);
            }
        }
        if way.takes_queries() && bad < case.fits.len() {
            let given =
                bench.give(way, &fitting, None).await.unwrap_or_else(|refusal| panic!("{way:?} {refusal:?} {case:?}"));
            assert_eq!(given.only(&[&k, &a]), case.good(), "{way:?} {case:?}");
        }
    }
}

/// Queries that are refused, each with a literal that must not be told again.
fn wrong() -> Vec<(Json, &'static str)> {
    let marked = |item: &str| json!([{"item": item, "eq": MARK}]);
    vec![
        (query(&marked("k")), "condition_type_mismatch"),
        (query(&json!([{"item": "k", "in": [1, MARK]}])), "condition_type_mismatch"),
        (query(&json!([{"item": "k", "range": {"from": MARK}}])), "condition_type_mismatch"),
        (query(&json!([{"item": "k", "prefix": MARK}])), "condition_type_mismatch"),
        (query(&marked("z")), "condition_on_masked_item"),
        (query(&marked("salary")), "item_not_granted"),
        (query(&json!([{"item": "k", "eq": MARK, "prefix": MARK}])), "query_malformed"),
        (query(&json!([{"item": "k", "eq": {"value": MARK}}])), "query_malformed"),
        (query(&json!([{"item": "k", "eq": MARK.repeat(1_000)}])), "query_malformed"),
        (json!({"purpose": MARK}), "purpose_mismatch"),
        (json!({"purpose": PURPOSE, "conditions": MARK}), "query_malformed"),
    ]
}

async fn refuse(bench: &Bench, case: &Case) {
    bench.install(case.terms());
    for way in CALLS.into_iter().chain(BULK).filter(|way| way.takes_queries()) {
        for (query, code) in wrong() {
            let refusal = bench.give(way, &query, None).await.unwrap_err();
            assert_eq!(refusal.code, code, "{way:?} {query}");
            says_nothing(way, &refusal, case);
        }
    }
    let after = json!({"purpose": PURPOSE, "after": MARK});
    let refusal = bench.give(Way::Json, &after, None).await.unwrap_err();
    assert_eq!(refusal.code, "cursor_invalid");
    says_nothing(Way::Json, &refusal, case);
    // A grant whose own condition makes no sense gives nothing by any way, and does not say why by its literal.
    let mut senseless = case.terms();
    senseless.filter_columns[0].2 = ItemType::Integer;
    senseless.rows.0[0].test = Test::Equals(Literal::Text(MARK.to_owned()));
    bench.install(senseless);
    for way in CALLS.into_iter().chain(BULK) {
        let refusal = bench.give(way, &query(&json!([])), None).await.unwrap_err();
        says_nothing(way, &refusal, case);
    }
}

/// What the plane keeps of it all in its usage log, and what of it lies beside what was put aside.
fn kept(bench: &Rc<Bench>) -> String {
    let size = bench.world.plane.usage_head().size;
    (0..size).map(|index| format!("{:?}\n", bench.world.plane.usage_record(index).unwrap())).collect()
}

fn over(source: Source, cases: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // A service is told by which types it is read; other sources hold text, which is read as what was granted.
    let told: Vec<(ItemType, Vec<Demand>)> = match source {
        Source::Http => demands().into_iter().map(|demand| (demand.item_type, vec![demand])).collect(),
        _ => vec![(ItemType::Text, demands().to_vec())],
    };
    for (of_a, demands) in told {
        let place = runtime.block_on(Place::of(source, &[COLUMNS[0], ("a", of_a), COLUMNS[2]]));
        let demand = demands[0].clone();
        run(cases, case(demands), |mut case| {
            if source == Source::Http {
                // The first page, which is the one with the last keys, says what the service is.
                case.fits.extend([true; 5]);
            }
            runtime.block_on(async {
                let bench = place.lay(&case.table()).await;
                hold(&bench, &case).await;
            });
        });
        runtime.block_on(async {
            let case = Case { demand, fits: vec![false, true, true, true, true, true] };
            let bench = place.lay(&case.table()).await;
            refuse(&bench, &case).await;
            assert!(!kept(&bench).contains(MARK));
        });
    }
}

#[test]
fn from_sqlite_what_does_not_fit_is_put_aside_or_refuses_and_is_not_told() {
    over(Source::Sqlite, 12);
}

#[test]
fn from_postgres_what_does_not_fit_is_put_aside_or_refuses_and_is_not_told() {
    over(Source::Postgres, 8);
}

#[test]
fn from_mysql_what_does_not_fit_is_put_aside_or_refuses_and_is_not_told() {
    over(Source::Mysql, 8);
}

#[test]
fn from_csv_what_does_not_fit_is_put_aside_or_refuses_and_is_not_told() {
    over(Source::Csv, 8);
}

#[test]
fn from_parquet_what_does_not_fit_is_put_aside_or_refuses_and_is_not_told() {
    over(Source::Parquet, 8);
}

#[test]
fn from_a_service_what_does_not_fit_is_put_aside_or_refuses_and_is_not_told() {
    over(Source::Http, 8);
}
