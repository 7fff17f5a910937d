//! Supervision and inspection (Art. 29(1)).

use super::{World, case_id, opened, walk};
use crate::samples::*;
use shuqiao_domain::{
    RefusalCode, Stamp,
    case::{Case, FindingOutcome, Inspection, InspectionAct, InspectionState},
};
use shuqiao_vocabulary::Article;

fn matter() -> Inspection {
    Inspection {
        department: provider(),
        subject: "2026年一季度答复时限检查".into(),
        period_from: day("2026-01-01"),
        period_until: day("2026-03-31"),
        scope: "全部共享申请".into(),
        lead: None,
    }
}

fn case() -> Case<Inspection> {
    opened(matter(), &World::new(), by_authority())
}

fn find(outcome: FindingOutcome) -> InspectionAct {
    InspectionAct::Find {
        article: Article::item(39, 1, 4),
        text: "三件申请逾期答复".into(),
        records: vec![17, 29],
        cases: vec!["2026-000001".into()],
        outcome,
    }
}

fn notify() -> InspectionAct {
    InspectionAct::Notify { number: "数监〔2026〕3号".into(), text: "限期改正".into(), due: day("2026-03-20") }
}

fn verify(accepted: bool) -> InspectionAct {
    let due = (!accepted).then(|| day("2026-04-10"));
    InspectionAct::Verify { accepted, text: "现场复核".into(), due }
}

fn acts() -> Vec<(InspectionAct, Stamp)> {
    vec![
        (find(FindingOutcome::OrderToCorrect), by_authority()),
        (notify(), by_authority()),
        (InspectionAct::Respond { text: "已改正".into() }, by_provider()),
        (verify(true), by_authority()),
        (verify(false), by_authority()),
        (InspectionAct::Close { text: "办结".into() }, by_authority()),
        (InspectionAct::Circulate { number: "数通〔2026〕1号".into(), text: "通报".into() }, by_authority()),
    ]
}

#[test]
fn what_follows_from_each_act() {
    walk(vec![case()], &acts(), &World::new());
}

fn after(case: &Case<Inspection>, act: InspectionAct, by: Stamp) -> Case<Inspection> {
    case.after(&act, &World::new().facts(), by).unwrap()
}

#[test]
fn only_the_authority_of_the_department_inspects_it() {
    let world = World::new();
    for by in [by_provider(), by_requester()] {
        let refused = Case::open(case_id(), String::new(), matter(), &world.facts(), by).unwrap_err();
        assert_eq!((refused.code, refused.ground), (RefusalCode::NotAParty, Some(Article::paragraph(29, 1))));
    }
    let itself = Inspection { department: authority(), ..matter() };
    let refused = Case::open(case_id(), String::new(), itself, &world.facts(), by_authority()).unwrap_err();
    assert_eq!(refused.code, RefusalCode::NotAParty);
    let turned = Inspection { period_until: day("2025-12-31"), ..matter() };
    let refused = Case::open(case_id(), String::new(), turned, &world.facts(), by_authority()).unwrap_err();
    assert_eq!(lines(&refused.problems), "period_until: period_wrong");
}

#[test]
fn the_department_hears_of_it_with_the_notice_and_the_date_set_is_the_clock() {
    let found = after(&case(), find(FindingOutcome::OrderToCorrect), by_authority());
    assert_eq!((found.respondent, found.running()), (None, None));
    let noticed = after(&found, notify(), by_authority());
    assert_eq!(noticed.respondent, Some(provider()));
    let clock = noticed.running().unwrap();
    assert_eq!((clock.due.date(), clock.ground.to_string().as_str()), (day("2026-03-20"), "29(1)"));
    let past = InspectionAct::Notify { number: "1".into(), text: "x".into(), due: day("2026-03-01") };
    let refused = found.after(&past, &World::new().facts(), by_authority()).unwrap_err();
    assert_eq!(refused.code, RefusalCode::DeadlineOutOfRange);
}

#[test]
fn what_is_not_put_right_gets_another_date() {
    let noticed =
        after(&after(&case(), find(FindingOutcome::OrderToCorrect), by_authority()), notify(), by_authority());
    let answered = after(&noticed, InspectionAct::Respond { text: "已改正".into() }, by_provider());
    assert_eq!(answered.running(), None);
    let again = after(&answered, verify(false), by_authority());
    assert_eq!((again.state, again.clocks.len()), (InspectionState::Noticed, 2));
    assert_eq!(again.running().unwrap().due.date(), day("2026-04-10"));
    let without = InspectionAct::Verify { accepted: false, text: "未改".into(), due: None };
    let refused = answered.after(&without, &World::new().facts(), by_authority()).unwrap_err();
    assert_eq!(lines(&refused.problems), "due: required (29(1))");
}

#[test]
fn a_finding_shows_its_evidence_and_an_order_is_not_left_without_notice() {
    let bare = InspectionAct::Find {
        article: Article::of(13),
        text: "目录缺项".into(),
        records: Vec::new(),
        cases: Vec::new(),
        outcome: FindingOutcome::Reminder,
    };
    let refused = case().after(&bare, &World::new().facts(), by_authority()).unwrap_err();
    assert_eq!(lines(&refused.problems), "records: required (29(1))");
    let close = InspectionAct::Close { text: "办结".into() };
    let ordered = after(&case(), find(FindingOutcome::OrderToCorrect), by_authority());
    let refused = ordered.after(&close, &World::new().facts(), by_authority()).unwrap_err();
    assert_eq!(lines(&refused.problems), "notice: required (29(1))");
    let reminded = after(&case(), find(FindingOutcome::Reminder), by_authority());
    assert_eq!(after(&reminded, close, by_authority()).state, InspectionState::Closed);
}
