//! Change or end of a delivered service (Art. 27(3)).

use super::{World, april, case_id, opened, walk};
use crate::samples::*;
use shuqiao_domain::{
    RefusalCode, Stamp,
    case::{
        AnyCase, Case, CaseMatter, Disposal, Effect, Procedure, ServiceChange, ServiceChangeAct as Act,
        ServiceChangeKind, ServiceChangeState,
    },
    grant::RevocationGround,
};

fn matter(change: ServiceChangeKind) -> ServiceChange {
    ServiceChange {
        grant: grant_id(),
        change,
        reason: "系统改造，原表停止维护。".into(),
        what: "household 表改为 family 表。".into(),
        from: april(1),
        every_grant: false,
    }
}

fn case(change: ServiceChangeKind) -> Case<ServiceChange> {
    opened(matter(change), &World::new(), by_provider())
}

fn agree() -> Act {
    Act::Agree { note: String::new() }
}

fn file(filing_number: &str) -> Act {
    Act::File { filing_number: filing_number.into() }
}

fn go(case: &Case<ServiceChange>, act: &Act, by: Stamp) -> Result<Case<ServiceChange>, RefusalCode> {
    case.after(act, &World::new().facts(), by).map_err(|refusal| refusal.code)
}

fn on_the_day() -> Stamp {
    stamp_on(provider(), 1, april(1))
}

fn filed(change: ServiceChangeKind) -> Case<ServiceChange> {
    go(&go(&case(change), &agree(), by_requester()).unwrap(), &file("备字2026-3号"), by_authority()).unwrap()
}

#[test]
fn what_follows_from_each_act() {
    let acts = [
        (agree(), by_requester()),
        (Act::Object { reason: "业务依赖。".into() }, by_requester()),
        (file("备字2026-3号"), by_authority()),
        (Act::RefuseFiling { reason: "无正当理由。".into() }, by_authority()),
        (Act::TakeEffect, on_the_day()),
        (Act::Withdraw { reason: "不再改造。".into() }, by_provider()),
    ];
    walk(vec![case(ServiceChangeKind::End)], &acts, &World::new());
}

#[test]
fn only_the_provider_wants_it_for_a_live_grant_and_one_at_a_time() {
    let refused = |world: &World, by: Stamp| {
        let matter = matter(ServiceChangeKind::Change);
        Case::open(case_id(), String::new(), matter, &world.facts(), by).unwrap_err().code
    };
    assert_eq!(refused(&World::new(), by_requester()), RefusalCode::NotAParty);
    assert_eq!(refused(&World::ended(), by_provider()), RefusalCode::NotInThisState);
    let open = World { others: vec![AnyCase::ServiceChange(case(ServiceChangeKind::End))], ..World::new() };
    assert_eq!(refused(&open, by_provider()), RefusalCode::CaseAlreadyThere);
    let objected = go(&case(ServiceChangeKind::End), &Act::Object { reason: "需要。".into() }, by_requester()).unwrap();
    let refused_before = go(&objected, &Act::RefuseFiling { reason: "理由不足。".into() }, by_authority()).unwrap();
    let settled = World { others: vec![AnyCase::ServiceChange(refused_before)], ..World::new() };
    let matter = matter(ServiceChangeKind::Change);
    assert!(Case::open(case_id(), String::new(), matter, &settled.facts(), by_provider()).is_ok());
}

#[test]
fn it_is_filed_by_number_and_takes_effect_on_its_day() {
    let agreed = go(&case(ServiceChangeKind::End), &agree(), by_requester()).unwrap();
    assert_eq!(go(&agreed, &file(" "), by_authority()).unwrap_err(), RefusalCode::FilingNumberRequired);
    let filed = filed(ServiceChangeKind::End);
    assert_eq!(filed.filed().unwrap().0, "备字2026-3号");
    assert!(!filed.ready(by_provider().at) && filed.ready(on_the_day().at));
    assert_eq!(go(&filed, &Act::TakeEffect, by_provider()).unwrap_err(), RefusalCode::NotYet);
    let done = go(&filed, &Act::TakeEffect, on_the_day()).unwrap();
    assert_eq!(done.state, ServiceChangeState::InEffect);
    let effects = ServiceChange::effects_of_act(&done, &Act::TakeEffect);
    let [Effect::EndGrant { ground, .. }, Effect::OpenCase(next)] = &effects[..] else { panic!("{effects:?}") };
    let expected =
        RevocationGround::Negotiated { text: done.matter.reason.clone(), filing_number: "备字2026-3号".into() };
    assert_eq!((ground, &**next), (&expected, &CaseMatter::Disposal(Disposal { grant: grant_id() })));
}

#[test]
fn its_day_is_not_one_that_has_been() {
    for (from, said) in
        [("2026-03-01", "from: period_wrong (27(3))"), ("2026-03-02", ""), ("2027-03-04", "from: period_wrong (27(3))")]
    {
        let matter = ServiceChange { from: day(from), ..matter(ServiceChangeKind::Change) };
        let opened = Case::open(case_id(), String::new(), matter, &World::new().facts(), by_provider());
        assert_eq!(opened.err().map(|refusal| lines(&refusal.problems)).unwrap_or_default(), said, "{from}");
    }
}

#[test]
fn it_may_be_proposed_to_every_receiver_of_the_entry_at_once() {
    assert_eq!(ServiceChange::effects_of_opening(&case(ServiceChangeKind::Change)), []);
    let every = ServiceChange { every_grant: true, ..matter(ServiceChangeKind::Change) };
    let case = opened(every.clone(), &World::new(), by_provider());
    assert_eq!(ServiceChange::effects_of_opening(&case), [Effect::ProposeToOthers(Box::new(every))]);
}

#[test]
fn a_change_ends_nothing() {
    let done = go(&filed(ServiceChangeKind::Change), &Act::TakeEffect, on_the_day()).unwrap();
    assert_eq!(ServiceChange::effects_of_act(&done, &Act::TakeEffect), []);
}

#[test]
fn a_new_structure_is_let_go_by_what_was_filed_since() {
    let since = by_provider().at.plus_seconds(-60);
    let negotiating = AnyCase::ServiceChange(case(ServiceChangeKind::Change));
    assert!(!ServiceChange::permits_change(&negotiating, since));
    let filed = AnyCase::ServiceChange(filed(ServiceChangeKind::Change));
    assert!(ServiceChange::permits_change(&filed, since));
    assert!(!ServiceChange::permits_change(&filed, by_provider().at), "filed for an earlier structure");
}

#[test]
fn what_was_filed_excuses_what_comes_after_it() {
    let (filed_on, from) = (today(), april(1));
    let earlier = by_provider().at.plus_seconds(-60);
    let case = AnyCase::ServiceChange(filed(ServiceChangeKind::Change));
    assert!(!ServiceChange::excuses(&case, filed_on, earlier), "its day had not come");
    assert!(ServiceChange::excuses(&case, from, earlier));
    assert!(ServiceChange::excuses(&case, april(2), earlier));
    let adopted = noon(april(3));
    assert!(ServiceChange::excuses(&case, april(2), adopted), "what it was filed for has been adopted since");
    assert!(!ServiceChange::excuses(&case, april(4), adopted), "what changes after that is another change");
    let negotiating = AnyCase::ServiceChange(self::case(ServiceChangeKind::Change));
    assert!(!ServiceChange::excuses(&negotiating, from, earlier));
}
