//! Data security incidents (Art. 35(3)).

use super::{World, april, case_id, opened, walk};
use crate::samples::*;
use shuqiao_domain::{
    RefusalCode,
    case::{Case, CaseMatter, Effect, Incident, IncidentAct, IncidentKind, Misuse, Procedure, Rectification},
};

fn matter() -> Incident {
    Incident {
        organisation: requester(),
        what: IncidentKind::Leaked,
        grant: Some(grant_id()),
        entry: None,
        also: vec!["2026-000002".into()],
        found_on: today(),
        account: "一台办公终端遗失，其中有查询结果。".into(),
    }
}

fn case() -> Case<Incident> {
    opened(matter(), &World::new(), by_requester())
}

fn report() -> IncidentAct {
    IncidentAct::Report { to: "市网信办".into(), on: today(), reference: "网安报〔2026〕1号".into() }
}

fn order() -> IncidentAct {
    IncidentAct::OrderRectification {
        misuse: Misuse::BeyondScope,
        text: "查询结果存于移动终端。".into(),
        evidence: "检查记录".into(),
        demand: "清理终端，限定使用岗位。".into(),
        due: april(1),
    }
}

#[test]
fn an_incident_that_shows_misuse_orders_it_to_be_put_right() {
    let case = case();
    let after = case.after(&order(), &World::new().facts(), by_provider()).unwrap();
    assert_eq!(after.state, case.state, "the incident goes on");
    let [Effect::OpenCase(opens)] = &Incident::effects_of_act(&after, &order())[..] else { panic!("one case") };
    let CaseMatter::Rectification(Rectification { grant, evidence, due, .. }) = &**opens else { panic!("{opens:?}") };
    assert_eq!((*grant, evidence.as_str(), *due), (grant_id(), "SJ-2026-000001 检查记录", april(1)));
    let at_the_provider = Incident { organisation: provider(), ..matter() };
    let at_the_provider = opened(at_the_provider, &World::new(), by_provider());
    let refused = at_the_provider.after(&order(), &World::new().facts(), by_authority()).unwrap_err();
    assert_eq!(lines(&refused.problems), "misuse: contradiction (27(2))", "it happened where nobody uses it by grant");
}

#[test]
fn what_follows_from_each_act() {
    let acts = [
        (report(), by_requester()),
        (IncidentAct::Measure { text: "远程锁定终端".into() }, by_requester()),
        (IncidentAct::Contain { text: "终端已找回".into() }, by_requester()),
        (IncidentAct::Close { lessons: "终端全部加密".into() }, by_authority()),
        (order(), by_provider()),
    ];
    let reported = case().after(&report(), &World::new().facts(), by_requester()).unwrap();
    walk(vec![reported], &acts, &World::new());
}

#[test]
fn it_is_not_closed_without_a_report() {
    let world = World::new();
    let contained = IncidentAct::Contain { text: "终端已找回".into() };
    let contained = case().after(&contained, &world.facts(), by_requester()).unwrap();
    let close = IncidentAct::Close { lessons: "终端全部加密".into() };
    let refused = contained.after(&close, &world.facts(), by_authority()).unwrap_err();
    assert_eq!(lines(&refused.problems), "reports: required (35(3))");
    assert_eq!(Incident::prepared_by(&contained), Some(by_requester().person), "who contained it does not close it");
    let reported = contained.after(&report(), &world.facts(), by_authority()).unwrap();
    assert_eq!(Incident::prepared_by(&reported), Some(by_requester().person));
    assert!(reported.after(&close, &world.facts(), by_authority()).is_ok());
}

#[test]
fn whose_data_it_is_hears_of_it_and_strangers_do_not_open_it() {
    assert_eq!(case().concerned, [provider()]);
    assert_eq!((case().respondent, case().authority), (Some(requester()), Some(authority())));
    let world = World::new();
    let refused = |matter, by| Case::open(case_id(), String::new(), matter, &world.facts(), by).unwrap_err();
    assert_eq!(refused(matter(), by_provider()).code, RefusalCode::NotAParty);
    let tomorrow = Incident { found_on: day("2026-03-03"), ..matter() };
    assert_eq!(lines(&refused(tomorrow, by_requester()).problems), "found_on: period_wrong");
    let personal = Incident { account: "泄露 13800000000 等号码".into(), ..matter() };
    assert_eq!(refused(personal, by_requester()).code, RefusalCode::PersonalDataRefused);
    let by_the_authority = Case::open(case_id(), String::new(), matter(), &world.facts(), by_authority()).unwrap();
    assert_eq!(by_the_authority.respondent, Some(requester()));
}
