//! Leads (Art. 39-41).

use super::{World, case_id, opened, organisation, walk};
use crate::samples::*;
use shuqiao_domain::{
    RefusalCode,
    case::{Case, CaseMatter, Effect, Lead, LeadAct, LeadState, Origin, Procedure},
    lead::{Evidence, EvidenceSort, LeadRule},
};
use shuqiao_vocabulary::{Level, OrganisationKind};

fn matter() -> Lead {
    Lead {
        rule: LeadRule::ReplyOverdue,
        organisation: provider(),
        period: "2026-03-16".into(),
        evidence: vec![Evidence::new(EvidenceSort::Request, "2026-000001")],
        entry: None,
        request: Some(request_id()),
        grant: None,
        case: None,
    }
}

fn detected(matter: Lead, world: &World) -> Case<Lead> {
    let at = noon(today());
    Case::detected(case_id(), "XS-2026-000001".into(), matter, &world.facts(), "leads", at).unwrap()
}

fn pursue() -> LeadAct {
    LeadAct::Pursue {
        subject: "答复时限检查".into(),
        scope: "一季度申请".into(),
        period_from: day("2026-01-01"),
        period_until: day("2026-03-31"),
    }
}

fn dismiss() -> LeadAct {
    LeadAct::Dismiss { reason: "系统停机期间，有正当理由".into() }
}

#[test]
fn what_follows_from_each_act() {
    let acts = [
        (LeadAct::Take, by_authority()),
        (dismiss(), by_authority()),
        (pursue(), by_authority()),
        (LeadAct::Refer { to: "市人民政府".into(), number: "遵数函〔2026〕1号".into() }, by_authority()),
    ];
    walk(vec![opened(matter(), &World::new(), by_authority())], &acts, &World::new());
}

#[test]
fn a_detector_raises_it_for_the_authority_and_for_nobody_else() {
    let lead = detected(matter(), &World::new());
    assert_eq!((lead.opener, lead.authority, lead.respondent), (authority(), Some(authority()), None));
    assert!(lead.concerned.is_empty(), "whom it points at is not told by the lead");
    assert_eq!((lead.opened.person(), Lead::prepared_by(&lead)), (None, None));
    assert!(matches!(&lead.opened, Origin::Detector { task, .. } if task == "leads"));
    let world = World::new();
    let by_others = Case::open(case_id(), String::new(), matter(), &world.facts(), by_requester()).unwrap_err();
    assert_eq!((by_others.code, by_others.ground), (RefusalCode::NotAParty, Some(LeadRule::ReplyOverdue.article())));
    let bare = Lead { evidence: Vec::new(), ..matter() };
    let bare = Case::open(case_id(), String::new(), bare, &world.facts(), by_authority()).unwrap_err();
    assert_eq!(lines(&bare.problems), "evidence: required max=100");
}

#[test]
fn pursuing_it_opens_an_inspection_that_names_it() {
    let world = World::new();
    let taken = detected(matter(), &world).after(&LeadAct::Take, &world.facts(), by_authority()).unwrap();
    let pursued = taken.after(&pursue(), &world.facts(), by_authority()).unwrap();
    let effects = Lead::effects_of_act(&pursued, &pursue());
    let [Effect::OpenCase(opened)] = effects.as_slice() else { panic!("{effects:?}") };
    let CaseMatter::Inspection(plan) = opened.as_ref() else { panic!("{opened:?}") };
    assert_eq!((plan.lead, plan.department), (Some(case_id()), provider()));
}

#[test]
fn an_authority_does_not_dismiss_what_points_at_itself() {
    let of_itself = Lead { rule: LeadRule::DisputeAgeing, organisation: authority(), ..matter() };
    let world = World::new();
    let taken = detected(of_itself.clone(), &world).after(&LeadAct::Take, &world.facts(), by_authority()).unwrap();
    assert_eq!(taken.opener, authority(), "this node has nobody above it");
    let refused = taken.after(&dismiss(), &world.facts(), by_authority()).unwrap_err();
    assert_eq!((refused.code, refused.ground.unwrap().to_string()), (RefusalCode::NotAParty, "41(1)(2)".into()));
    let refer = LeadAct::Refer { to: "市人民政府".into(), number: "1".into() };
    assert_eq!(taken.after(&refer, &world.facts(), by_authority()).unwrap().state, LeadState::Referred);
    // With the province's authority on the node, it is for that one.
    let mut world = World::new();
    let (province, above) = organisation(super::other(), OrganisationKind::SharingAuthority, Level::Province, "52");
    world.organisations.insert(province, above);
    assert_eq!(detected(of_itself, &world).opener, province);
}
