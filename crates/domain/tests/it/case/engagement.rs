//! Engagements of contractors (Art. 36(1)).

use super::{World, case_id, walk};
use crate::samples::*;
use shuqiao_domain::{
    RefusalCode, Stamp,
    account::Person,
    case::{Case, Effect, Engagement, EngagementAct, EngagementState, Handover, Procedure},
};
use shuqiao_vocabulary::{Date, Role};

fn matter() -> Engagement {
    Engagement {
        contractor: "某软件有限公司".into(),
        code: "11370000MB284651XL".parse().unwrap(),
        project: "共享平台运行维护".into(),
        approval: "遵数批〔2026〕2号".into(),
        norms: "运维操作规程".into(),
        confidentiality: "保密协议 2026-02".into(),
        from: day("2026-03-01"),
        until: day("2026-06-30"),
        people: vec![person(7)],
    }
}

fn world_with(change: impl FnOnce(&mut Person)) -> World {
    let mut world = World::new();
    let mut contractor = Person {
        id: person(7),
        login: "weiwai.one".into(),
        name: "驻场工程师".into(),
        organisation: requester(),
        roles: [Role::Contractor].into(),
        active: true,
    };
    change(&mut contractor);
    world.people.insert(contractor.id, contractor);
    world
}

fn world() -> World {
    world_with(|_| {})
}

fn case() -> Case<Engagement> {
    Case::open(case_id(), "WT-2026-000001".into(), matter(), &world().facts(), by_requester()).unwrap()
}

fn by_head() -> Stamp {
    stamp_on(requester(), 4, today())
}

fn approve() -> EngagementAct {
    EngagementAct::Approve { opinion: "同意".into() }
}

fn extend(until: Date) -> EngagementAct {
    EngagementAct::Extend { until, reason: "验收推迟".into() }
}

fn end() -> EngagementAct {
    EngagementAct::End { handover: Handover::Destroyed, statement: "销毁清单一份".into() }
}

fn after(case: &Case<Engagement>, act: EngagementAct) -> Case<Engagement> {
    case.after(&act, &world().facts(), by_head()).unwrap()
}

#[test]
fn what_follows_from_each_act() {
    let acts = [
        (approve(), by_head()),
        (EngagementAct::Return { reason: "缺保密条款".into() }, by_head()),
        (extend(day("2026-09-30")), by_requester()),
        (end(), by_requester()),
    ];
    walk(vec![case()], &acts, &world());
}

#[test]
fn nobody_is_let_in_before_the_head_approves_nor_outside_the_dates() {
    let proposed = case();
    assert!(!proposed.in_force_on(today()));
    let approved = after(&proposed, approve());
    let in_force = |on: &str| approved.in_force_on(day(on));
    assert!(in_force("2026-03-01") && in_force("2026-06-30"));
    assert!(!in_force("2026-02-28") && !in_force("2026-07-01"));
    let clock = approved.running().unwrap();
    assert_eq!((clock.due.date(), clock.ground.to_string().as_str()), (day("2026-06-30"), "36(1)"));
    assert!(!after(&approved, end()).in_force_on(today()));
}

#[test]
fn a_later_day_waits_for_the_head_and_the_old_one_holds_meanwhile() {
    let extending = after(&after(&case(), approve()), extend(day("2026-09-30")));
    assert_eq!((extending.state, extending.until()), (EngagementState::Extending, day("2026-06-30")));
    assert!(extending.in_force_on(today()) && !extending.in_force_on(day("2026-07-01")));
    let extended = after(&extending, approve());
    assert_eq!((extended.until(), extended.clocks.len()), (day("2026-09-30"), 2));
    let back = after(&extending, EngagementAct::Return { reason: "不再延期".into() });
    assert_eq!((back.state, back.until()), (EngagementState::InForce, day("2026-06-30")));
    assert_eq!(after(&after(&back, extend(day("2026-08-31"))), approve()).until(), day("2026-08-31"));
    let earlier = after(&case(), approve()).after(&extend(day("2026-05-01")), &world().facts(), by_requester());
    assert_eq!(lines(&earlier.unwrap_err().problems), "until: period_wrong (36(1))");
}

#[test]
fn when_it_ends_the_accounts_are_closed() {
    let approved = after(&case(), approve());
    let ended = after(&approved, end());
    assert_eq!(Engagement::effects_of_act(&ended, &end()), [Effect::DeactivatePerson { person: person(7) }]);
    assert_eq!(Engagement::effects_of_act(&approved, &approve()), []);
    assert_eq!(ended.running(), None);
}

#[test]
fn only_open_accounts_of_the_department_that_are_contractors_and_nothing_else_are_named() {
    let refused = |world: World, matter: Engagement| {
        let refusal = Case::open(case_id(), String::new(), matter, &world.facts(), by_requester()).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::CaseIncomplete);
        lines(&refusal.problems)
    };
    let wrong = "people[0]: not_offered (36(1))";
    assert_eq!(refused(World::new(), matter()), wrong, "nobody of this id");
    assert_eq!(refused(world_with(|person| person.organisation = provider()), matter()), wrong);
    assert_eq!(refused(world_with(|person| person.active = false), matter()), wrong);
    let both = |person: &mut Person| {
        person.roles.insert(Role::Developer);
    };
    assert_eq!(refused(world_with(both), matter()), wrong);
    let nobody = Engagement { people: Vec::new(), ..matter() };
    assert_eq!(refused(world(), nobody), "people: required (36(1)) max=50");
    let turned = Engagement { until: day("2026-02-01"), ..matter() };
    assert_eq!(refused(world(), turned), "until: period_wrong (36(1))");
}
