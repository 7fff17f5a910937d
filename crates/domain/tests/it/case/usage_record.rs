//! Record of use (Art. 29(2)).

use super::{World, april, case_id, opened, walk};
use crate::{grants::revoked, samples::*};
use shuqiao_domain::{
    RefusalCode, Stamp,
    case::{AnyCase, Case, UsageRecord, UsageRecordAct as Act},
    grant::Grant,
    law,
};
use shuqiao_vocabulary::Date;

fn matter() -> UsageRecord {
    UsageRecord {
        grant: grant_id(),
        from: day("2026-03-10"),
        until: day("2026-03-31"),
        scenario: "办理临时救助时核对。".into(),
        process: "核对系统按次调用。".into(),
        effect: "核对 120 户。".into(),
        storage: "未落库。".into(),
        destruction: "无副本。".into(),
    }
}

fn later() -> Stamp {
    stamp_on(requester(), 2, april(2))
}

fn case() -> Case<UsageRecord> {
    opened(matter(), &World::new(), later())
}

fn line(matter: UsageRecord, world: &World, by: Stamp) -> String {
    match Case::open(case_id(), String::new(), matter, &world.facts(), by) {
        Ok(_) => "fine".to_owned(),
        Err(refusal) if refusal.problems.is_empty() => refusal_line(&refusal),
        Err(refusal) => lines(&refusal.problems),
    }
}

#[test]
fn what_follows_from_each_act() {
    walk(vec![case()], &[(Act::Supplement { text: "补充：销毁临时文件 3 份。".into() }, later())], &World::new());
}

#[test]
fn the_five_parts_of_the_law_are_all_told() {
    let silent: [fn(&mut UsageRecord) -> &mut String; 5] = [
        |record| &mut record.scenario,
        |record| &mut record.process,
        |record| &mut record.effect,
        |record| &mut record.storage,
        |record| &mut record.destruction,
    ];
    for (part, name) in silent.into_iter().zip(["scenario", "process", "effect", "storage", "destruction"]) {
        let mut record = matter();
        part(&mut record).clear();
        assert_eq!(line(record, &World::new(), later()), format!("text_required field={name} max=2000"));
    }
}

#[test]
fn a_period_has_been_and_is_told_once() {
    let period = |from: &str, until: &str| UsageRecord { from: day(from), until: day(until), ..matter() };
    let wrong = "until: period_wrong (29(2))";
    assert_eq!(line(period("2026-04-01", "2026-03-31"), &World::new(), later()), wrong);
    assert_eq!(line(period("2026-03-10", "2026-04-03"), &World::new(), later()), wrong);
    assert_eq!(line(period("2026-01-01", "2026-02-28"), &World::new(), later()), wrong, "before the grant");
    let told = World { others: vec![AnyCase::UsageRecord(case())], ..World::new() };
    let again = line(period("2026-03-31", "2026-04-01"), &told, later());
    assert_eq!(again, "case_already_there (29(2)) number=JL-2026-000001");
    assert_eq!(line(period("2026-04-01", "2026-04-02"), &told, later()), "fine");
    assert_eq!(line(matter(), &World::new(), by_provider()).split(' ').next(), Some("not_a_party"));
}

#[test]
fn the_last_whole_quarter_is_to_be_recorded() {
    for (today, from, until) in [
        ("2026-01-01", "2025-10-01", "2025-12-31"),
        ("2026-03-31", "2025-10-01", "2025-12-31"),
        ("2026-04-01", "2026-01-01", "2026-03-31"),
        ("2026-11-23", "2026-07-01", "2026-09-30"),
    ] {
        assert_eq!(UsageRecord::period_before(day(today)), (day(from), day(until)), "{today}");
    }
    let grant = active();
    let of = |from: &str, until: &str| grant.in_force_between(day(from), day(until));
    assert!(!of("2025-10-01", "2026-03-09") && of("2026-01-01", "2026-03-31") && of("2027-03-09", "2027-06-30"));
    assert!(!of("2027-04-01", "2027-06-30"));
    assert!(!revoked().in_force_between(day("2026-04-01"), day("2026-06-30")), "it ended before it began");
    let record = AnyCase::UsageRecord(case());
    assert!(UsageRecord::speaks_of(&record, day("2026-03-31"), day("2026-06-30")));
    assert!(!UsageRecord::speaks_of(&record, day("2026-04-01"), day("2026-06-30")));
}

/// Also of a grant that has ended: what was used is told all the same.
#[test]
fn use_is_recorded_after_the_end_too() {
    assert_eq!(line(matter(), &World::ended(), later()), "fine");
}

#[test]
fn it_is_kept_for_three_years_and_only_added_to() {
    assert_eq!((law::USAGE_RETENTION.years, law::USAGE_RETENTION.article.to_string().as_str()), (3, "29(2)"));
    let kept = |record: UsageRecord, grant: &Grant, years| {
        record.kept_until(grant.last_day(), law::Retention { years, ..law::USAGE_RETENTION })
    };
    // Three years after the grant, which outlives the quarter; after the quarter, where the grant was ended before.
    assert_eq!((active().last_day(), kept(matter(), &active(), 3)), (day("2027-03-09"), day("2030-03-09")));
    assert_eq!(kept(matter(), &revoked(), 3), day("2029-03-31"));
    let leap = UsageRecord { until: Date::new(2028, 2, 29).unwrap(), ..matter() };
    assert_eq!(kept(leap, &active(), 3), day("2031-03-01"));
    // A rule set makes it longer; nothing makes it shorter.
    assert_eq!([5, 2].map(|years| kept(matter(), &active(), years)), [day("2032-03-09"), day("2030-03-09")]);
    let nothing = case().after(&Act::Supplement { text: " ".into() }, &World::new().facts(), later()).unwrap_err();
    assert_eq!(nothing.code, RefusalCode::TextRequired);
    let added = case().after(&Act::Supplement { text: "补充。".into() }, &World::new().facts(), later()).unwrap();
    assert_eq!((added.matter, added.steps.len()), (matter(), 1));
}
