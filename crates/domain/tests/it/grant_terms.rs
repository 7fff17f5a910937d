//! The terms of a grant: what was asked, cut down, never widened, never empty.

use crate::samples::*;
use shuqiao_domain::{
    catalogue::Entry,
    grant::{Terms, terms},
    request::{Narrowing, RequestContent},
};
use shuqiao_vocabulary::{Condition, Literal, Mask, RowFilter, Test};

fn entry() -> Entry {
    published(content())
}

fn narrowed(narrowing: Narrowing) -> Terms {
    terms(&asked(), &entry(), &narrowing).unwrap()
}

fn check(narrowing: Narrowing, expected: &str) {
    let refusal = terms(&asked(), &entry(), &narrowing).expect_err("it is not narrower, or leaves nothing");
    assert_eq!(refusal_line(&refusal), expected);
}

fn items_of(terms: &Terms) -> Vec<&str> {
    terms.items.iter().map(|item| item.name.as_str()).collect()
}

fn mask_of(terms: &Terms, name: &str) -> Option<Mask> {
    terms.items.iter().chain(&terms.row_items).find(|item| item.name.as_str() == name).unwrap().mask.clone()
}

fn with_items(list: &[&str]) -> Narrowing {
    Narrowing { items: Some(names(list)), ..Narrowing::default() }
}

fn with_mask(name: &str, mask: Mask) -> Narrowing {
    Narrowing { masks: vec![(item_name(name), mask)], ..Narrowing::default() }
}

#[test]
fn without_narrowing_it_is_what_was_asked() {
    let (asked, terms) = (asked(), narrowed(Narrowing::default()));
    assert_eq!(items_of(&terms), ["person_name", "id_number", "household_size"]);
    assert_eq!(terms.row_items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["county_code"]);
    assert_eq!((&terms.rows, Some(terms.method), &terms.systems), (&asked.rows, asked.method, &asked.systems));
    assert_eq!(
        (terms.calls_per_second, terms.rows_per_call, terms.rows_per_day),
        (asked.calls_per_second, asked.rows_per_call, asked.rows_per_day)
    );
    assert_eq!((Some(terms.valid_from), Some(terms.valid_until)), (asked.valid_from, asked.valid_until));
    assert_eq!(Some(&terms.resource), entry().content.resource.as_ref());
    assert_eq!(mask_of(&terms, "person_name"), None);
    assert_eq!(mask_of(&terms, "id_number"), Some(Mask::KeepEnds { head: 6, tail: 2 }));
}

#[test]
fn items_only_become_fewer() {
    assert_eq!(items_of(&narrowed(with_items(&["id_number"]))), ["id_number"]);
    // In the request's order, each once.
    assert_eq!(
        items_of(&narrowed(with_items(&["id_number", "person_name", "id_number"]))),
        ["person_name", "id_number"]
    );
    check(with_items(&["person_name", "county_code"]), "not_narrower (20(3)) field=items");
    check(with_items(&["case_note"]), "not_narrower (20(3)) field=items");
    check(with_items(&["no_such_item"]), "not_narrower (20(3)) field=items");
    check(with_items(&[]), "nothing_granted (21(2)) field=items");
}

#[test]
fn rows_only_become_fewer() {
    let more = |conditions: Vec<Condition>| Narrowing { rows: Some(RowFilter(conditions)), ..Narrowing::default() };
    let terms =
        narrowed(more(vec![in_region("520302"), condition("household_size", Test::Equals(Literal::Integer(1)))]));
    assert_eq!(terms.rows.0.len(), 3);
    assert_eq!(terms.rows.0[0], in_region("5203"), "what was asked stays in front");
    assert_eq!(narrowed(more(Vec::new())).rows, asked().rows);
    // The provider may choose by an item that it does not share; the item itself is not delivered.
    let terms = narrowed(more(vec![condition("case_note", Test::Equals(text_literal("已核实")))]));
    assert!(!items_of(&terms).contains(&"case_note"));
    assert!(terms.row_items.iter().any(|item| item.name.as_str() == "case_note"));

    check(
        more(vec![condition("household_size", Test::Equals(text_literal("一")))]),
        "request_incomplete (20(2))\nrows[1]: type_mismatch type=integer",
    );
    check(
        more(vec![condition("no_such_item", Test::Equals(Literal::Integer(1)))]),
        "request_incomplete (20(2))\nrows[1]: not_offered name=no_such_item",
    );
    check(more(vec![in_region("52"); 32]), "request_incomplete (20(2))\nrows: too_long max=32");
}

#[test]
fn limits_only_become_smaller_and_never_nothing() {
    let calls = |value| Narrowing { calls_per_second: Some(value), ..Narrowing::default() };
    let per_call = |value| Narrowing { rows_per_call: Some(value), ..Narrowing::default() };
    let per_day = |value| Narrowing { rows_per_day: Some(value), ..Narrowing::default() };
    assert_eq!(narrowed(calls(1)).calls_per_second, 1);
    assert_eq!(narrowed(per_call(100)).rows_per_call, 100);
    assert_eq!(narrowed(per_day(9_999)).rows_per_day, 9_999);
    check(calls(11), "not_narrower (20(3)) field=calls_per_second");
    check(per_call(101), "not_narrower (20(3)) field=rows_per_call");
    check(per_day(10_001), "not_narrower (20(3)) field=rows_per_day");
    check(calls(0), "nothing_granted (21(2)) field=calls_per_second");
    check(per_call(0), "nothing_granted (21(2)) field=rows_per_call");
    check(per_day(0), "nothing_granted (21(2)) field=rows_per_day");
}

#[test]
fn the_period_only_becomes_shorter_and_never_empty() {
    let until = |date| Narrowing { valid_until: Some(day(date)), ..Narrowing::default() };
    assert_eq!(narrowed(until("2026-03-10")).valid_until, day("2026-03-10"));
    assert_eq!(narrowed(until("2027-03-09")).valid_until, day("2027-03-09"));
    check(until("2027-03-10"), "not_narrower (20(3)) field=valid_until");
    check(until("2026-03-09"), "nothing_granted (21(2)) field=valid_until");
}

#[test]
fn masks_only_become_stronger() {
    assert_eq!(mask_of(&narrowed(with_mask("person_name", Mask::KeyedHash)), "person_name"), Some(Mask::KeyedHash));
    assert_eq!(mask_of(&narrowed(with_mask("id_number", Mask::Redact)), "id_number"), Some(Mask::Redact));
    let own = Mask::KeepEnds { head: 6, tail: 2 };
    assert_eq!(mask_of(&narrowed(with_mask("id_number", own.clone())), "id_number"), Some(own));
    let weaker = "not_narrower (20(3)) field=masks name=id_number";
    check(with_mask("id_number", Mask::KeepEnds { head: 17, tail: 1 }), weaker);
    check(with_mask("id_number", Mask::KeyedHash), weaker);
    check(with_mask("id_number", Mask::RegionOnly { digits: 6 }), weaker);
}

/// A mask that cannot be carried out would be found only when data is to flow.
#[test]
fn masks_fit_the_item_they_are_for() {
    let misfit =
        |at: &str, item_type: &str| format!("request_incomplete (20(2))\nmasks.{at}: type_mismatch type={item_type}");
    check(with_mask("household_size", Mask::YearOnly), &misfit("household_size", "integer"));
    check(with_mask("household_size", Mask::KeepEnds { head: 1, tail: 0 }), &misfit("household_size", "integer"));
    check(with_mask("person_name", Mask::RegionOnly { digits: 5 }), &misfit("person_name", "text"));
    // Meant for something that does not flow: the reviewer would believe it masked.
    check(with_mask("monthly_income", Mask::Redact), "request_incomplete (20(2))\nmasks.monthly_income: not_offered");
    // An item that was cut away needs no mask, and one that only chooses rows may have one.
    let cut = Narrowing { masks: with_mask("household_size", Mask::Redact).masks, ..with_items(&["person_name"]) };
    assert_eq!(items_of(&narrowed(cut)), ["person_name"]);
    assert_eq!(mask_of(&narrowed(with_mask("county_code", Mask::Redact)), "county_code"), Some(Mask::Redact));
    let twice = Narrowing {
        masks: vec![(item_name("person_name"), Mask::KeyedHash), (item_name("person_name"), Mask::Redact)],
        ..Narrowing::default()
    };
    check(twice, "request_incomplete (20(2))\nmasks.person_name: duplicate");
}

#[test]
fn a_draft_that_lacks_something_has_no_terms() {
    type Change = fn(&mut RequestContent);
    let cases: [(Change, &str); 4] = [
        (|c| c.valid_from = None, "request_incomplete (20(2)) field=valid_from"),
        (|c| c.valid_until = None, "request_incomplete (20(2)) field=valid_until"),
        (|c| c.method = None, "request_incomplete (20(2)) field=method"),
        (|c| c.items.clear(), "nothing_granted (21(2)) field=items"),
    ];
    for (change, expected) in cases {
        let mut asked = asked();
        change(&mut asked);
        let refusal = terms(&asked, &entry(), &Narrowing::default()).expect_err("something is missing");
        assert_eq!(refusal_line(&refusal), expected);
    }
}
