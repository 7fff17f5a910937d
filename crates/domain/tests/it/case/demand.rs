//! Demand for data that no catalogue has (Art. 20(1)).

use super::{World, case_id, opened, other, walk};
use crate::samples::*;
use shuqiao_domain::{
    RefusalCode, Stamp,
    case::{Case, Demand, DemandAct, DemandState},
    catalogue::LegalBasis,
};
use shuqiao_vocabulary::{OrganisationId, SharingMethod, UpdateFrequency};

fn world() -> World {
    let world = World::new();
    World { entries: vec![world.entry.clone()], ..world }
}

fn matter() -> Demand {
    Demand {
        name: "灵活就业人员收入".into(),
        scene: "低收入家庭认定".into(),
        duty: basis(),
        items: vec!["姓名".into(), "月收入".into()],
        frequency: UpdateFrequency::Monthly,
        method: SharingMethod::ServiceInterface,
        needed_by: day("2026-06-30"),
    }
}

fn text() -> String {
    "……".into()
}

fn dispatch(department: OrganisationId) -> DemandAct {
    DemandAct::Dispatch { department, reason: text() }
}

fn fulfil() -> DemandAct {
    DemandAct::Fulfil { entry: entry_id(), note: text() }
}

fn reopen() -> DemandAct {
    DemandAct::Reopen { reason: "数据项不全".into() }
}

fn after(case: Case<Demand>, act: DemandAct, by: Stamp) -> Case<Demand> {
    case.after(&act, &world().facts(), by).unwrap()
}

fn accepted(by: OrganisationId) -> Case<Demand> {
    let case = after(opened(matter(), &world(), by_requester()), dispatch(by), by_authority());
    let accept = DemandAct::Accept { by_date: day("2026-05-31"), note: text() };
    after(case, accept, stamp_on(by, 9, today()))
}

#[test]
fn what_follows_from_each_act() {
    let acts = [
        (DemandAct::Match { entry: entry_id(), note: text() }, by_authority()),
        (dispatch(provider()), by_authority()),
        (DemandAct::Accept { by_date: day("2026-05-31"), note: text() }, by_provider()),
        (DemandAct::Decline { reason: text() }, by_provider()),
        (fulfil(), by_provider()),
        (DemandAct::Unmet { reason: text() }, by_authority()),
        (reopen(), by_requester()),
        (DemandAct::Withdraw { reason: text() }, by_requester()),
    ];
    walk(vec![opened(matter(), &world(), by_requester())], &acts, &world());
}

#[test]
fn it_is_registered_with_the_own_authority() {
    let case = opened(matter(), &world(), by_requester());
    assert_eq!((case.authority, case.respondent), (Some(authority()), None));
    let mut nowhere = world();
    nowhere.organisations.remove(&authority());
    let refused = Case::open(case_id(), String::new(), matter(), &nowhere.facts(), by_requester()).unwrap_err();
    assert_eq!(refusal_line(&refused), "no_competent_authority (20(1))");
}

#[test]
fn everything_that_lacks_is_told_at_once() {
    let empty = LegalBasis { title: String::new(), article: "长".repeat(121), ..basis() };
    let wrong =
        Demand { name: " ".into(), duty: empty, items: vec![String::new()], needed_by: day("2026-03-01"), ..matter() };
    let refused = |matter| {
        lines(&Case::open(case_id(), String::new(), matter, &world().facts(), by_requester()).unwrap_err().problems)
    };
    assert_eq!(
        refused(wrong),
        "name: required (20(1))\nduty.title: required (20(1))\nduty.article: too_long max=120\n\
         items[0]: required (20(1))\nneeded_by: period_wrong"
    );
    assert_eq!(refused(Demand { items: Vec::new(), ..matter() }), "items: required (20(1)) max=100");
}

#[test]
fn it_is_fulfilled_with_the_departments_own_published_entry() {
    assert_eq!(after(accepted(provider()), fulfil(), by_provider()).state, DemandState::Fulfilled);
    let refused = accepted(other()).after(&fulfil(), &world().facts(), stamp_on(other(), 9, today())).unwrap_err();
    assert_eq!(lines(&refused.problems), "entry: not_offered (20(1))");
    let draft = World { entries: vec![entry_draft(content())], ..world() };
    let refused = accepted(provider()).after(&fulfil(), &draft.facts(), by_provider()).unwrap_err();
    assert_eq!(refused.code, RefusalCode::EntryNotPublished);
    let missing = World { entries: Vec::new(), ..world() };
    let refused = accepted(provider()).after(&fulfil(), &missing.facts(), by_provider()).unwrap_err();
    assert_eq!(refused.code, RefusalCode::CaseSubjectMissing);
}

#[test]
fn it_is_dispatched_to_a_department_and_matched_with_anothers_entry() {
    let case = opened(matter(), &world(), by_requester());
    for wrong in [requester(), authority()] {
        let refused = case.after(&dispatch(wrong), &world().facts(), by_authority()).unwrap_err();
        assert_eq!(lines(&refused.problems), "department: not_offered (20(1))", "{wrong}");
    }
    let own = opened(matter(), &world(), by_provider());
    let entry = DemandAct::Match { entry: entry_id(), note: text() };
    assert_eq!(own.after(&entry, &world().facts(), by_authority()).unwrap_err().code, RefusalCode::OwnEntry);
    let matched = after(case, entry, by_authority());
    assert_eq!((matched.state, matched.respondent), (DemandState::Matched, Some(provider())));
}

#[test]
fn a_date_in_the_past_is_no_promise() {
    let case = after(opened(matter(), &world(), by_requester()), dispatch(provider()), by_authority());
    let late = DemandAct::Accept { by_date: day("2026-03-01"), note: text() };
    let refused = case.after(&late, &world().facts(), by_provider()).unwrap_err();
    assert_eq!(lines(&refused.problems), "by_date: period_wrong");
}

#[test]
fn who_is_not_satisfied_says_so_within_thirty_days() {
    let unmet = DemandAct::Unmet { reason: "全市无部门掌握".into() };
    let case = after(opened(matter(), &world(), by_requester()), unmet, by_authority());
    let on = |date: &str| case.after(&reopen(), &world().facts(), stamp_on(requester(), 2, day(date)));
    assert_eq!(on("2026-04-01").unwrap().state, DemandState::Registered);
    assert_eq!(refusal_line(&on("2026-04-02").unwrap_err()), "too_late (20(1)) days=30");
}
