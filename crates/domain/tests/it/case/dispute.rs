//! Disputes (Art. 28).

use super::{World, case_id, opened, other, walk};
use crate::{rules::guizhou, samples::*};
use shuqiao_domain::{
    RefusalCode, Stamp,
    case::{Case, Dispute, DisputeAct, DisputeOutcome, DisputeState, Document, Effect, Procedure},
    rules::{CommonAuthorityPolicy, Policies},
};
use shuqiao_vocabulary::{
    Level, OrganisationId,
    OrganisationKind::{Department, SharingAuthority},
};

/// An authority above the one of the samples.
fn upper() -> OrganisationId {
    "org_00000000000000000000000000000098".parse().unwrap()
}

/// The request is refused, and there is an authority of the province.
fn world() -> World {
    let world = World::new();
    let refused = decided(proposed(received(&world.entry), &world.entry, refuse(vec![reason("不必要")])), &world.entry);
    World { request: refused.0, ..world }.with(upper(), SharingAuthority, Level::Province, "52")
}

fn matter() -> Dispute {
    Dispute {
        request: Some(request_id()),
        grant: None,
        position: "社会救助核对确需家庭人口信息".into(),
        demand: "请同意共享所申请的数据项".into(),
    }
}

fn text() -> String {
    "……".into()
}

fn decision(outcome: DisputeOutcome) -> DisputeAct {
    let document =
        Document {
            title: "关于共享争议的决定".into(), number: "遵府函〔2026〕1号".into(), sha256: digest(1)
        };
    DisputeAct::Decide { outcome, date: today(), text: text(), documents: vec![document] }
}

fn digest(byte: u8) -> shuqiao_vocabulary::Sha256 {
    shuqiao_vocabulary::Sha256([byte; 32])
}

fn escalate() -> DisputeAct {
    DisputeAct::Escalate { government: "遵义市人民政府".into(), report: text(), documents: Vec::new() }
}

fn acts() -> Vec<(DisputeAct, Stamp)> {
    vec![
        (DisputeAct::StatePosition { position: text() }, by_provider()),
        (DisputeAct::Offer { text: text() }, by_requester()),
        (DisputeAct::Sign { note: String::new() }, by_provider()),
        (DisputeAct::Decline { reason: text() }, by_provider()),
        (DisputeAct::Apply { reason: text() }, by_requester()),
        (DisputeAct::HandOn { authority: upper(), reason: text() }, by_authority()),
        (DisputeAct::Hear { summary: text() }, by_authority()),
        (DisputeAct::Propose { text: text() }, by_authority()),
        (DisputeAct::Accept { note: String::new() }, by_requester()),
        (DisputeAct::Reject { reason: text() }, by_provider()),
        (escalate(), by_authority()),
        (decision(DisputeOutcome::ForRequester), by_authority()),
        (decision(DisputeOutcome::AgainstRequester), by_authority()),
        (DisputeAct::AskAnew { note: String::new() }, by_requester()),
        (DisputeAct::Withdraw { reason: text() }, by_requester()),
    ]
}

fn after(case: Case<Dispute>, act: DisputeAct, by: Stamp) -> Case<Dispute> {
    case.after(&act, &world().facts(), by).unwrap()
}

fn before_authority() -> Case<Dispute> {
    after(opened(matter(), &world(), by_requester()), DisputeAct::Apply { reason: text() }, by_requester())
}

#[test]
fn what_follows_from_each_act() {
    walk(vec![opened(matter(), &world(), by_requester())], &acts(), &world());
}

#[test]
fn either_party_opens_it_and_nobody_else() {
    let world = world();
    assert_eq!(opened(matter(), &world, by_requester()).respondent, Some(provider()));
    assert_eq!(opened(matter(), &world, by_provider()).respondent, Some(requester()));
    let granted = Dispute { request: None, grant: Some(grant_id()), ..matter() };
    assert_eq!(opened(granted, &world, by_provider()).respondent, Some(requester()));
    let open = |matter: Dispute, by| Case::open(case_id(), String::new(), matter, &world.facts(), by).unwrap_err().code;
    assert_eq!(open(matter(), by_authority()), RefusalCode::NotAParty);
    assert_eq!(open(Dispute { request: None, ..matter() }, by_requester()), RefusalCode::CaseIncomplete);
    assert_eq!(open(Dispute { grant: Some(grant_id()), ..matter() }, by_requester()), RefusalCode::CaseIncomplete);
    assert_eq!(open(Dispute { demand: " ".into(), ..matter() }, by_requester()), RefusalCode::TextRequired);
}

#[test]
fn nobody_agrees_with_themselves() {
    let world = world();
    let offered = after(opened(matter(), &world, by_requester()), DisputeAct::Offer { text: text() }, by_requester());
    for act in [DisputeAct::Sign { note: String::new() }, DisputeAct::Decline { reason: text() }] {
        let own = offered.after(&act, &world.facts(), by_requester()).unwrap_err();
        assert_eq!(own.code, RefusalCode::OtherPartyActs);
    }
    let signed = after(offered, DisputeAct::Sign { note: String::new() }, by_provider());
    assert_eq!(signed.state, DisputeState::Settled);
}

#[test]
fn mediation_settles_it_when_both_accept_the_same_proposal() {
    let accept = || DisputeAct::Accept { note: String::new() };
    let propose = || DisputeAct::Propose { text: text() };
    let one = after(after(before_authority(), propose(), by_authority()), accept(), by_requester());
    assert_eq!(one.state, DisputeState::MediationProposed);
    let twice = one.after(&accept(), &world().facts(), by_requester()).unwrap_err();
    assert_eq!(twice.code, RefusalCode::OtherPartyActs);
    assert_eq!(after(one.clone(), accept(), by_provider()).state, DisputeState::Settled);
    // What was accepted of an earlier proposal does not count for a later one.
    let anew = after(after(one, propose(), by_authority()), accept(), by_provider());
    assert_eq!(anew.state, DisputeState::MediationProposed);
}

/// Levels and regions of two parties, and the authority before which they come.
#[test]
fn the_common_superior_authority_is_competent() {
    let (nation, province, sister, city, county) = (upper(), authority(), other(), id(71), id(72));
    let cases = [
        ("two departments of one city", (Level::City, "5203"), (Level::City, "5203"), Some(city)),
        ("of one county", (Level::County, "520302"), (Level::County, "520302"), Some(county)),
        ("a city's and its county's", (Level::City, "5203"), (Level::County, "520302"), Some(city)),
        ("a province's and its city's", (Level::Province, "52"), (Level::City, "5203"), Some(province)),
        ("two cities' of one province", (Level::City, "5203"), (Level::City, "5201"), Some(province)),
        ("two provinces'", (Level::Province, "52"), (Level::Province, "53"), Some(nation)),
        ("cities' of two provinces", (Level::City, "5203"), (Level::City, "5301"), Some(nation)),
        ("a ministry's and a province's", (Level::Ministry, "11"), (Level::Province, "52"), Some(nation)),
    ];
    for (words, one, two, competent) in cases {
        let world = world()
            .with(nation, SharingAuthority, Level::Nation, "11")
            .with(province, SharingAuthority, Level::Province, "52")
            .with(sister, SharingAuthority, Level::Province, "53")
            .with(city, SharingAuthority, Level::City, "5203")
            .with(county, SharingAuthority, Level::County, "520302")
            .with(requester(), Department, one.0, one.1)
            .with(provider(), Department, two.0, two.1);
        let case = opened(matter(), &world, by_requester());
        let case = case.after(&DisputeAct::Apply { reason: text() }, &world.facts(), by_requester()).unwrap();
        assert_eq!(case.authority, competent, "{words}");
    }
}

/// Open point 6a: between a province's and its city's departments a rule set may name the authority above the province's.
#[test]
fn a_rule_set_may_name_the_authority_above_both() {
    let (nation, province, city) = (upper(), authority(), id(71));
    let above = Policies { common_authority: Some(CommonAuthorityPolicy::Above), ..Policies::default() };
    let competent = |one: (Level, &str), other: (Level, &str), with_nation: bool| {
        let mut world = world()
            .with(nation, SharingAuthority, Level::Nation, "11")
            .with(province, SharingAuthority, Level::Province, "52")
            .with(city, SharingAuthority, Level::City, "5203")
            .with(requester(), Department, one.0, one.1)
            .with(provider(), Department, other.0, other.1);
        if !with_nation {
            world.organisations.remove(&nation);
        }
        world.rules = guizhou(&[], above);
        let case = opened(matter(), &world, by_requester());
        case.after(&DisputeAct::Apply { reason: text() }, &world.facts(), by_requester()).unwrap().authority
    };
    let (of_province, of_city) = ((Level::Province, "52"), (Level::City, "5203"));
    assert_eq!(competent(of_province, of_city, true), Some(nation));
    assert_eq!(competent(of_city, of_province, true), Some(nation), "whoever asks");
    assert_eq!(competent(of_province, of_city, false), Some(province), "this node has none above");
    assert_eq!(competent(of_city, of_city, true), Some(city), "of one city: its own");
    assert_eq!(competent(of_city, (Level::City, "5201"), true), Some(province), "of two cities: above both already");
}

fn id(number: u8) -> OrganisationId {
    format!("org_{number:032x}").parse().unwrap()
}

#[test]
fn without_a_common_authority_here_there_is_none_to_apply_to() {
    let mut world = world();
    world.organisations.remove(&upper());
    let world = world.with(provider(), Department, Level::Province, "52");
    let case = opened(matter(), &world, by_requester());
    let refused = case.after(&DisputeAct::Apply { reason: text() }, &world.facts(), by_requester()).unwrap_err();
    assert_eq!(refusal_line(&refused), "no_competent_authority (28(2))");
}

#[test]
fn it_is_handed_on_to_another_authority_of_both() {
    let case = before_authority();
    assert_eq!(case.authority, Some(authority()));
    let hand_on = |authority| DisputeAct::HandOn { authority, reason: text() };
    let handed = after(case.clone(), hand_on(upper()), by_authority());
    assert_eq!((handed.authority, handed.state), (Some(upper()), DisputeState::Mediation));
    assert_eq!(case.before_authority_since(), Some(by_requester().at));
    let later = stamp_on(authority(), 3, day("2026-04-01"));
    let handed = after(case.clone(), hand_on(upper()), later.clone());
    assert_eq!(handed.before_authority_since(), Some(later.at), "another authority has it from then on");
    assert_eq!(after(case.clone(), escalate(), by_authority()).before_authority_since(), None, "the government has it");
    assert_eq!(opened(matter(), &world(), by_requester()).before_authority_since(), None, "the parties negotiate");
    let elsewhere = world().with(id(71), SharingAuthority, Level::City, "5201");
    for to in [authority(), other(), id(71)] {
        let refused = case.after(&hand_on(to), &elsewhere.facts(), by_authority()).unwrap_err();
        assert_eq!(refused.code, RefusalCode::NoCompetentAuthority, "{to}");
    }
}

#[test]
fn a_decision_is_recorded_with_its_document() {
    let case = after(before_authority(), escalate(), by_authority());
    let DisputeAct::Decide { documents, .. } = decision(DisputeOutcome::ForRequester) else { unreachable!() };
    let refused = |date, documents| {
        let act = DisputeAct::Decide { outcome: DisputeOutcome::ForRequester, date, text: text(), documents };
        lines(&case.after(&act, &world().facts(), by_authority()).unwrap_err().problems)
    };
    assert_eq!(refused(today(), Vec::new()), "documents: required");
    let unnumbered = Document { number: " ".into(), title: String::new(), ..documents[0].clone() };
    assert_eq!(
        refused(today(), vec![unnumbered.clone(), unnumbered]),
        "documents[0].title: required\ndocuments[1].title: required\ndocuments[1].sha256: duplicate\n\
         documents[0].number: required (28(2))"
    );
    assert_eq!(refused(day("2026-03-03"), documents), "date: period_wrong");
}

#[test]
fn a_decision_for_the_requester_lets_it_ask_anew_once() {
    let case = after(before_authority(), escalate(), by_authority());
    let won = after(case.clone(), decision(DisputeOutcome::ForRequester), by_authority());
    let anew = DisputeAct::AskAnew { note: String::new() };
    let provider = won.after(&anew, &world().facts(), by_provider()).unwrap_err();
    assert_eq!(provider.code, RefusalCode::OtherPartyActs);
    let asked = after(won.clone(), anew.clone(), by_requester());
    assert_eq!(Dispute::effects_of_act(&asked, &anew), [Effect::AskAnew { request: request_id() }]);
    let again = asked.after(&anew, &world().facts(), by_requester()).unwrap_err();
    assert_eq!(again.code, RefusalCode::AlreadyDoneOnce);
    // What was not refused is not asked anew.
    let agreed = won.after(&anew, &World::new().facts(), by_requester()).unwrap_err();
    assert_eq!(agreed.code, RefusalCode::CaseSubjectMissing);
    let lost = after(case, decision(DisputeOutcome::AgainstRequester), by_authority());
    assert_eq!(lost.after(&anew, &world().facts(), by_requester()).unwrap_err().code, RefusalCode::NotInThisState);
}
