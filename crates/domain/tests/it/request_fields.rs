//! Every field a request must state (Art. 20(2)), one by one, and where it asks for more than the entry offers.

use crate::samples::*;
use shuqiao_domain::{
    catalogue::{Entry, LegalBasis},
    request::{self, RequestContent},
};
use shuqiao_vocabulary::{BasisRank, Condition, Date, Literal, RowFilter, SharingMethod, Test};

/// The sample request, changed like this, has these problems and no others.
fn check(change: impl FnOnce(&mut RequestContent), expected: &str) {
    check_on(&published(content()), change, expected);
}

fn check_on(entry: &Entry, change: impl FnOnce(&mut RequestContent), expected: &str) {
    let mut content = asked();
    change(&mut content);
    assert_eq!(lines(&request::problems(&content, entry, today())), expected);
}

/// 使用依据、使用场景、使用范围、共享方式、使用时限等，真实性、合法性和必要性.
#[test]
fn each_statement_is_asked_for() {
    check(|_| (), "");
    check(|c| c.basis = None, "basis: required (20(2))");
    check(
        |c| c.basis = Some(LegalBasis { rank: BasisRank::Law, title: " ".into(), article: String::new() }),
        "basis.title: required (20(2))\nbasis.article: required (20(2))",
    );
    check(|c| c.scenario.clear(), "scenario: required (20(2))");
    check(|c| c.scope_of_use = "\n".into(), "scope_of_use: required (20(2))");
    check(|c| c.purpose.clear(), "purpose: required (20(2))");
    check(|c| c.method = None, "method: required (20(2))");
    check(|c| c.valid_from = None, "valid_from: required (20(2))");
    check(|c| c.valid_until = None, "valid_until: required (20(2))");
    check(|c| c.items.clear(), "items: required (20(2))");
    check(|c| c.safeguards.clear(), "safeguards: required (34)");
    check(|c| c.systems.clear(), "systems: required (34)");
    check(|c| c.contact_name.clear(), "contact.name: required (20(2))");
    check(|c| c.contact_phone.clear(), "contact.phone: required (20(2))");
    check(|c| c.attested = false, "attestation: required (20(2))");
}

#[test]
fn an_empty_draft_is_told_everything_at_once() {
    let found = request::problems(&RequestContent::default(), &published(content()), today());
    insta::assert_snapshot!(lines(&found), @r"
    basis: required (20(2))
    scenario: required (20(2))
    scope_of_use: required (20(2))
    purpose: required (20(2))
    safeguards: required (34)
    contact.name: required (20(2))
    contact.phone: required (20(2))
    attestation: required (20(2))
    items: required (20(2))
    method: required (20(2))
    systems: required (34)
    calls_per_second: required
    rows_per_call: required
    rows_per_day: required
    valid_from: required (20(2))
    valid_until: required (20(2))
    ");
}

#[test]
fn texts_have_an_end() {
    check(|c| c.scenario = "景".repeat(2_001), "scenario: too_long (20(2)) max=2000");
    check(|c| c.scope_of_use = "围".repeat(2_001), "scope_of_use: too_long (20(2)) max=2000");
    check(|c| c.purpose = "用".repeat(2_001), "purpose: too_long (20(2)) max=2000");
    check(|c| c.safeguards = "安".repeat(2_001), "safeguards: too_long (34) max=2000");
    check(|c| c.contact_name = "名".repeat(121), "contact.name: too_long (20(2)) max=120");
    check(|c| c.contact_phone = "0".repeat(41), "contact.phone: too_long (20(2)) max=40");
    check(|c| c.basis.as_mut().unwrap().title = "法".repeat(201), "basis.title: too_long (20(2)) max=200");
    check(|c| c.systems = (1..=21).map(system).collect(), "systems: too_long max=20");
}

#[test]
fn only_what_is_offered_can_be_asked_for() {
    check(|c| c.items.push(item_name("bank_account")), "items[3]: not_offered (14) name=bank_account");
    check(|c| c.items.push(item_name("case_note")), "items[3]: not_offered (14) name=case_note");
    check(|c| c.items.push(item_name("person_name")), "items[3]: duplicate name=person_name");
    check(|c| c.method = Some(SharingMethod::BatchExchange), "method: not_offered (22(2)) method=batch_exchange");
    check(|c| c.systems.push(system(1)), "systems[1]: duplicate");
}

#[test]
fn limits_stay_within_the_offer() {
    check(|c| (c.calls_per_second, c.rows_per_call, c.rows_per_day) = (50, 500, 100_000), "");
    check(|c| c.calls_per_second = 51, "calls_per_second: too_large max=50");
    check(|c| c.rows_per_call = 501, "rows_per_call: too_large max=500");
    check(|c| c.rows_per_day = 100_001, "rows_per_day: too_large max=100000");
    check(|c| c.rows_per_day = u64::MAX, "rows_per_day: too_large max=100000");
    check(|c| c.calls_per_second = 0, "calls_per_second: required");
    check(|c| c.rows_per_call = 0, "rows_per_call: required");
    check(|c| c.rows_per_day = 0, "rows_per_day: required");
}

#[test]
fn the_period_is_real_and_not_for_ever() {
    let wrong = "valid_until: period_wrong (20(2)) max_days=1098";
    let period = |from: &'static str, until: &'static str| {
        move |c: &mut RequestContent| (c.valid_from, c.valid_until) = (Some(day(from)), Some(day(until)))
    };
    check(period("2026-03-10", "2026-03-10"), "");
    check(period("2026-03-10", "2026-03-09"), wrong);
    check(period("2025-01-01", "2026-03-01"), wrong);
    check(period("2025-01-01", "2026-03-02"), "");
    check(period("2026-03-10", "2029-03-12"), "");
    check(period("2026-03-10", "2029-03-13"), wrong);
    check(|c| (c.valid_from, c.valid_until) = (Some(Date::MIN), Some(Date::MAX)), wrong);
}

fn rows(test: Test, name: &'static str) -> impl FnOnce(&mut RequestContent) {
    move |c| c.rows = RowFilter(vec![condition(name, test)])
}

#[test]
fn row_conditions_fit_the_type_of_their_item() {
    let equals = Test::Equals;
    for (name, item_type, literal, fits) in [
        ("person_name", "text", text_literal("张"), true),
        ("person_name", "text", Literal::Integer(1), false),
        ("household_size", "integer", Literal::Integer(4), true),
        ("household_size", "integer", text_literal("4"), false),
        ("registered_on", "date", Literal::Date(today()), true),
        ("registered_on", "date", text_literal("2026-03-02"), false),
        ("in_dispute", "boolean", Literal::Boolean(true), true),
        ("in_dispute", "boolean", Literal::Integer(1), false),
        ("monthly_income", "decimal", text_literal("1234.50"), true),
        ("monthly_income", "decimal", text_literal("-0.5"), true),
        ("monthly_income", "decimal", Literal::Integer(800), true),
        ("monthly_income", "decimal", text_literal("1e3"), false),
        ("monthly_income", "decimal", text_literal("约八百"), false),
        ("monthly_income", "decimal", text_literal("."), false),
        ("monthly_income", "decimal", Literal::Boolean(true), false),
        ("updated_at", "date_time", Literal::Date(today()), false),
    ] {
        let expected = if fits { String::new() } else { format!("rows[0]: type_mismatch type={item_type}") };
        check(rows(equals(literal), name), &expected);
    }
}

#[test]
fn row_conditions_say_something() {
    let list = |count: i64| Test::OneOf((0..count).map(Literal::Integer).collect());
    let between = |from: Option<i64>, to: Option<i64>| Test::Between {
        from: from.map(Literal::Integer),
        to: to.map(Literal::Integer),
    };
    let mismatch = "rows[0]: type_mismatch type=integer";
    check(rows(list(1), "household_size"), "");
    check(rows(list(0), "household_size"), mismatch);
    check(rows(list(1_000), "household_size"), "");
    check(rows(list(1_001), "household_size"), mismatch);
    check(rows(Test::OneOf(vec![Literal::Integer(1), text_literal("2")]), "household_size"), mismatch);
    check(rows(between(Some(1), Some(1)), "household_size"), "");
    check(rows(between(Some(1), None), "household_size"), "");
    check(rows(between(None, Some(1)), "household_size"), "");
    check(rows(between(Some(2), Some(1)), "household_size"), mismatch);
    check(rows(between(None, None), "household_size"), mismatch);
    check(rows(Test::StartsWith("5203".into()), "county_code"), "");
    check(rows(Test::StartsWith(String::new()), "county_code"), "rows[0]: required");
    check(rows(Test::Equals(Literal::Text(" ".into())), "county_code"), "rows[0]: required");
    check(rows(Test::StartsWith("4".into()), "household_size"), mismatch);
    // Decimals are not compared as text: 9 is less than 10.
    let decimals = Test::Between { from: Some(text_literal("9")), to: Some(text_literal("10.0")) };
    check(rows(decimals, "monthly_income"), "");
}

#[test]
fn row_conditions_speak_of_what_is_offered() {
    check(rows(Test::Equals(text_literal("x")), "bank_account"), "rows[0]: not_offered name=bank_account");
    // To choose rows by a value gives that value away, so what is not shared cannot be asked by.
    check(rows(Test::Equals(text_literal("x")), "case_note"), "rows[0]: not_offered (14) name=case_note");
    check(|c| c.rows = RowFilter::everything(), "");
    check(|c| c.rows = RowFilter(many(32)), "");
    check(|c| c.rows = RowFilter(many(33)), "rows: too_long max=32");
    let long = "长".repeat(2_001);
    check(rows(Test::Equals(text_literal(&long)), "person_name"), "rows[0]: too_long max=2000");
    check(rows(Test::StartsWith(long), "person_name"), "rows[0]: too_long max=2000");
}

fn many(count: usize) -> Vec<Condition> {
    (0..count).map(|_| in_region("5203")).collect()
}
