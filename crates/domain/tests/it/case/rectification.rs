//! Rectification after misuse (Art. 27(2)).

use super::{World, april, case_id, opened, other, walk};
use crate::{
    grants::{revoked, suspended},
    samples::*,
};
use shuqiao_domain::{
    RefusalCode, Stamp,
    case::{
        Case, CaseMatter, Disposal, Effect, Misuse, Procedure, Rectification, RectificationAct as Act,
        RectificationState,
    },
    grant::RevocationGround,
};

fn matter() -> Rectification {
    Rectification {
        grant: grant_id(),
        misuse: Misuse::ThirdParty,
        text: "将共享数据提供给第三方公司。".into(),
        evidence: "调用日志与第三方系统比对记录。".into(),
        demand: "收回已提供的数据，切断接口。".into(),
        due: april(1),
    }
}

fn case() -> Case<Rectification> {
    opened(matter(), &World::new(), by_provider())
}

fn report() -> Act {
    Act::Report { done: "已收回并删除，见附件。".into() }
}

fn reject(due: u8) -> Act {
    Act::Reject { finding: "接口仍在。".into(), due: april(due) }
}

fn fail() -> Act {
    Act::Fail { finding: "未整改到位。".into() }
}

fn accept() -> Act {
    Act::Accept { finding: "经核查已整改到位。".into() }
}

fn terminate() -> Act {
    Act::Terminate { reason: "拒不整改。".into() }
}

fn on(stamp: Stamp, number: u8) -> Stamp {
    Stamp { at: noon(april(number)), ..stamp }
}

fn go(case: &Case<Rectification>, act: &Act, by: Stamp) -> Result<Case<Rectification>, RefusalCode> {
    case.after(act, &World::new().facts(), by).map_err(|refusal| refusal.code)
}

#[test]
fn what_follows_from_each_act() {
    let acts = [
        (report(), by_requester()),
        (Act::Refuse { reason: "不认可。".into() }, by_requester()),
        (accept(), by_provider()),
        (reject(20), by_provider()),
        (fail(), by_provider()),
        (terminate(), by_provider()),
        (Act::Withdraw { reason: "误判。".into() }, by_provider()),
    ];
    walk(vec![case()], &acts, &World::new());
}

#[test]
fn it_suspends_at_once_and_runs_to_the_day_that_was_set() {
    let case = case();
    let clock = case.running().unwrap();
    assert_eq!((clock.due.date(), clock.ground.to_string().as_str()), (april(1), "27(2)"));
    assert_eq!(clock.started.date(), today());
    // April has days of rest that this calendar does not know; the day of the order stays.
    let other = shuqiao_calendar::WorkCalendar::of("none".into(), std::collections::BTreeMap::new()).unwrap();
    assert_eq!(clock.recomputed(&other), None);
    let effects = Rectification::effects_of_opening(&case);
    assert!(matches!(&effects[..], [Effect::SuspendGrant { grant, .. }] if *grant == grant_id()), "{effects:?}");
    assert_eq!((case.respondent, case.authority), (Some(requester()), Some(authority())));
}

#[test]
fn provider_and_authority_open_it_and_nobody_else() {
    let world = World::new();
    let by_them = opened(matter(), &world, by_authority());
    assert_eq!((by_them.authority, by_them.concerned), (Some(authority()), vec![provider()]));
    for stranger in [by_requester(), stamp_on(other(), 9, today())] {
        let refused = Case::open(case_id(), String::new(), matter(), &world.facts(), stranger).unwrap_err();
        assert_eq!((refused.code, refused.ground.unwrap().to_string()), (RefusalCode::NotAParty, "27(2)".to_owned()));
    }
}

#[test]
fn what_is_suspended_or_over_is_not_suspended_again() {
    for grant in [suspended(), revoked()] {
        let world = World { grant, ..World::new() };
        let refused = Case::open(case_id(), String::new(), matter(), &world.facts(), by_provider()).unwrap_err();
        assert_eq!(refused.code, RefusalCode::NotInThisState);
    }
}

#[test]
fn the_day_is_to_come_and_near_enough() {
    let world = World::new();
    for due in [today(), day("2026-03-01"), day("2027-03-04")] {
        let matter = Rectification { due, ..matter() };
        let refused = Case::open(case_id(), String::new(), matter, &world.facts(), by_provider()).unwrap_err();
        assert_eq!(lines(&refused.problems), "due: period_wrong (27(2))");
    }
    let nothing = Rectification { evidence: " ".into(), ..matter() };
    let refused = Case::open(case_id(), String::new(), nothing, &world.facts(), by_provider()).unwrap_err();
    assert_eq!(refusal_line(&refused), "text_required field=evidence max=2000");
}

#[test]
fn nobody_fails_before_the_day_is_over() {
    let ordered = case();
    assert_eq!(go(&ordered, &fail(), on(by_provider(), 1)).unwrap_err(), RefusalCode::NotYet);
    let failed = go(&ordered, &fail(), on(by_provider(), 2)).unwrap();
    assert_eq!((failed.state, failed.running()), (RectificationState::Failed, None));
    // What was reported and is not enough has failed whenever it is looked at.
    let reported = go(&ordered, &report(), by_requester()).unwrap();
    assert_eq!(go(&reported, &fail(), by_provider()).unwrap().state, RectificationState::Failed);
}

#[test]
fn a_new_day_is_set_once() {
    let again = go(&go(&case(), &report(), by_requester()).unwrap(), &reject(10), by_provider()).unwrap();
    assert_eq!((again.clocks.len(), again.running().unwrap().due.date()), (2, april(10)));
    let reported = go(&again, &report(), by_requester()).unwrap();
    assert_eq!(go(&reported, &reject(20), by_provider()).unwrap_err(), RefusalCode::NewDateOnce);
}

#[test]
fn what_failed_may_end_the_sharing_and_then_the_data_is_disposed_of() {
    let failed = go(&case(), &Act::Refuse { reason: "不认可。".into() }, by_requester()).unwrap();
    let ended = go(&failed, &terminate(), by_provider()).unwrap();
    let effects = Rectification::effects_of_act(&ended, &terminate());
    let [Effect::EndGrant { grant, ground: RevocationGround::Misuse { text } }, Effect::OpenCase(next)] = &effects[..]
    else {
        panic!("{effects:?}")
    };
    assert_eq!((*grant, text.as_str()), (grant_id(), "ZG-2026-000001 拒不整改。"));
    assert_eq!(**next, CaseMatter::Disposal(Disposal { grant: grant_id() }));
    for act in [accept(), Act::Withdraw { reason: "误判。".into() }] {
        let after = go(&failed, &act, by_provider()).unwrap();
        assert_eq!(Rectification::effects_of_act(&after, &act), [Effect::ResumeGrant { grant: grant_id() }]);
    }
}
