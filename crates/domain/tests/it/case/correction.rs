//! Verification and correction (Art. 26).

use super::{World, opened, other, walk};
use crate::{rules::guizhou, samples::*};
use shuqiao_calendar::{Notice, Overlay};
use shuqiao_domain::{
    ClockId, RefusalCode,
    case::{Case, Correction, CorrectionAct, Verdict},
    rules::Policies,
};
use shuqiao_vocabulary::{Level, OrganisationKind};

fn matter() -> Correction {
    Correction {
        grant: grant_id(),
        items: names(&["person_name"]),
        rows: "身份证号尾号 1234 的记录".into(),
        doubt: "姓名用字与身份证件不一致".into(),
        proposal: String::new(),
        evidence: "窗口核验记录 2026-01-05".into(),
    }
}

fn case() -> Case<Correction> {
    opened(matter(), &World::new(), by_requester())
}

#[test]
fn what_follows_from_each_act() {
    let answer = |verdict| CorrectionAct::Answer { verdict, finding: "经核实……".into() };
    let acts = [
        (answer(Verdict::Corrected), by_provider()),
        (answer(Verdict::Upheld), by_provider()),
        (CorrectionAct::Acknowledge { note: "已替换".into() }, by_requester()),
        (CorrectionAct::Withdraw { reason: "重复提出".into() }, by_requester()),
    ];
    walk(vec![case()], &acts, &World::new());
}

#[test]
fn it_is_answered_in_ten_working_days() {
    let case = case();
    let clock = case.running().unwrap();
    assert_eq!((clock.working_days, clock.ground.to_string().as_str()), (10, "26(2)"));
    assert_eq!(clock.started.date(), today());
}

/// The provider's rules hold, for it is the provider's clock (Art. 23); a notice of its region moves the days too.
#[test]
fn a_citys_shorter_term_and_its_own_calendar_hold() {
    let mut world = World::new();
    world.rules = guizhou(&[(ClockId::Correction, 6)], Policies { due_hour: Some(18), ..Policies::default() });
    let six = opened(matter(), &world, by_requester());
    let clock = six.running().unwrap();
    assert_eq!((clock.working_days, clock.rule_set.as_str(), clock.kind), (6, "贵州", Some(ClockId::Correction)));
    assert_eq!((clock.due.to_string().as_str(), clock.region.clone()), ("2026-03-10T09:59:59Z", "5203".parse().ok()));
    let notice = Notice { number: "遵府办发〔2026〕2号".into(), url: String::new() };
    let off = [day("2026-03-04")].into();
    let local = Overlay { region: "5203".parse().unwrap(), notice, off, work: [].into() };
    world.calendar = world.calendar.with_overlay(local).unwrap();
    let later = opened(matter(), &world, by_requester());
    assert_eq!(later.running().unwrap().due.to_string(), "2026-03-11T09:59:59Z");
    // A requester elsewhere does not take its own rules along; a provider elsewhere does not have these.
    let world = world.with(provider(), OrganisationKind::Department, Level::City, "5101");
    let ten = opened(matter(), &world, by_requester());
    assert_eq!((ten.running().unwrap().working_days, ten.running().unwrap().rule_set.as_str()), (10, "decree_809"));
}

#[test]
fn everybody_who_received_the_data_is_on_the_case() {
    assert_eq!(case().concerned, [other()]);
    assert_eq!(case().authority, Some(authority()));
}

#[test]
fn only_who_uses_the_data_doubts_what_was_granted() {
    let world = World::new();
    let stranger = Case::open(super::case_id(), String::new(), matter(), &world.facts(), by_provider());
    assert_eq!(stranger.unwrap_err().code, RefusalCode::NotAParty);
    let more = Correction { items: names(&["person_name", "not_granted"]), ..matter() };
    let more = Case::open(super::case_id(), String::new(), more, &world.facts(), by_requester()).unwrap_err();
    assert_eq!(lines(&more.problems), "items[1]: not_offered item=not_granted");
}
