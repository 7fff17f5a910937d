//! Who answers for what (Art. 34(1)), read off request, grant and engagements.

use crate::{case::World, samples::*};
use shuqiao_domain::{
    case::{Case, Engagement, EngagementState, Origin},
    responsibility::{Link, Part, Responsible, Sources, matrix},
};

fn engagement(state: EngagementState) -> Case<Engagement> {
    let matter = Engagement {
        contractor: "某软件有限公司".into(),
        code: "11370000MB284651XL".parse().unwrap(),
        project: "运行维护".into(),
        approval: "批准".into(),
        norms: "规程".into(),
        confidentiality: "协议".into(),
        from: day("2026-03-01"),
        until: day("2026-06-30"),
        people: vec![person(7)],
    };
    Case {
        id: "cas_00000000000000000000000000000007".parse().unwrap(),
        number: "WT-2026-000001".into(),
        opener: requester(),
        respondent: None,
        authority: Some(authority()),
        concerned: Vec::new(),
        opened: Origin::Person(by_requester()),
        matter,
        steps: Vec::new(),
        state,
        clocks: Vec::new(),
    }
}

fn on(date: &str, engagements: &[Case<Engagement>]) -> Vec<Responsible> {
    let world = World::new();
    let sources = Sources { grant: &world.grant, request: &world.request, operator: Some(authority()), engagements };
    matrix(&sources, day(date))
}

fn parts(all: &[Responsible], link: Link) -> Vec<Part> {
    all.iter().filter(|one| one.link == link).map(|one| one.part).collect()
}

#[test]
fn every_link_has_somebody_who_answers_for_it() {
    let all = on("2026-03-10", &[]);
    for link in Link::ALL {
        assert!(!parts(&all, *link).is_empty(), "{link}");
    }
    for link in [Link::Collect, Link::Store, Link::Process, Link::Provide] {
        assert_eq!(parts(&all, link), [Part::ProviderHead, Part::ProviderOfficer]);
    }
    assert_eq!(parts(&all, Link::Transfer), [Part::PlatformOperator]);
    for link in [Link::Use, Link::Destroy] {
        assert_eq!(parts(&all, link), [Part::RequesterHead, Part::RequesterOfficer, Part::RequesterContact]);
    }
    let head = all.iter().find(|one| one.part == Part::ProviderHead).unwrap();
    assert_eq!((head.organisation, head.person), (provider(), Some(by_provider().person)));
    let contact = all.iter().find(|one| one.part == Part::RequesterContact).unwrap();
    assert_eq!((contact.person, contact.name.as_deref()), (None, Some("王芳")));
}

#[test]
fn contractors_answer_while_their_engagement_is_in_force() {
    let in_force = [engagement(EngagementState::InForce)];
    let contractor = |date, engagements: &[_]| {
        on(date, engagements).into_iter().find(|one| one.link == Link::Use && one.part == Part::Contractor)
    };
    let found = contractor("2026-03-10", &in_force).unwrap();
    assert_eq!((found.person, found.engagement.as_deref()), (Some(person(7)), Some("WT-2026-000001")));
    assert_eq!(contractor("2026-07-01", &in_force), None);
    assert_eq!(contractor("2026-03-10", &[engagement(EngagementState::Proposed)]), None);
}
