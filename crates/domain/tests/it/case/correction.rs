//! Verification and correction (Art. 26).

use super::{World, opened, other, walk};
use crate::samples::*;
use shuqiao_domain::{
    RefusalCode,
    case::{Case, Correction, CorrectionAct, Verdict},
};

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
