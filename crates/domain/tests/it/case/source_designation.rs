//! Designation of source departments, and the elements that several departments collect (Art. 19).

use super::{World, case_id, opened, other, walk};
use crate::samples::*;
use shuqiao_domain::{
    RefusalCode,
    case::{Carrier, Case, SourceDesignation, SourceDesignationAct, SourceDesignationState},
    catalogue::{Entry, EntryContent},
    element::{key, repeats},
};
use shuqiao_vocabulary::{CatalogueEntryId, Level, OrganisationId, OrganisationKind::Department};

fn numbered(number: u8) -> CatalogueEntryId {
    format!("cat_{number:032x}").parse().unwrap()
}

fn entry_of(number: u8, provider: OrganisationId, content: EntryContent) -> Entry {
    Entry { id: numbered(number), provider, ..published(content) }
}

/// Two departments have entries with the same items.
fn world() -> World {
    let entries = vec![entry_of(1, provider(), content()), entry_of(2, other(), content())];
    World { entries, ..World::new() }
}

fn carrier(number: u8, item: &str) -> Carrier {
    Carrier { entry: numbered(number), item: item_name(item) }
}

fn matter() -> SourceDesignation {
    SourceDesignation {
        element: "公民身份号码".into(),
        definition: "公安机关编制的公民身份号码。".into(),
        carriers: vec![carrier(1, "id_number"), carrier(2, "id_number")],
    }
}

fn by_other() -> shuqiao_domain::Stamp {
    stamp_on(other(), 9, today())
}

fn designate(source: OrganisationId) -> SourceDesignationAct {
    SourceDesignationAct::Designate { source, reasons: "法定编制机关".into() }
}

fn report(department: OrganisationId) -> SourceDesignationAct {
    SourceDesignationAct::ReportNotCooperating { department, text: "三个月未报送更新".into() }
}

fn cooperate() -> SourceDesignationAct {
    SourceDesignationAct::Cooperate { text: "已补报".into() }
}

#[test]
fn what_follows_from_each_act() {
    let acts = [
        (SourceDesignationAct::StateOpinion { willing: true, text: "可以牵头".into() }, by_provider()),
        (designate(provider()), by_authority()),
        (report(other()), by_provider()),
        (cooperate(), by_other()),
        (SourceDesignationAct::Close { reason: "数据元撤销".into() }, by_authority()),
    ];
    walk(vec![opened(matter(), &world(), by_authority())], &acts, &world());
}

#[test]
fn the_collecting_departments_are_heard_and_one_of_them_becomes_the_source() {
    let (world, case) = (world(), opened(matter(), &world(), by_authority()));
    assert_eq!(case.concerned, [provider(), other()]);
    assert_eq!((case.source(), case.authority), (None, Some(authority())));
    let stranger = case.after(&designate(requester()), &world.facts(), by_authority()).unwrap_err();
    assert_eq!(lines(&stranger.problems), "source: not_offered (19(2))");
    let case = case.after(&designate(provider()), &world.facts(), by_authority()).unwrap();
    assert_eq!(case.source().unwrap().0, provider());
    // A later designation supersedes the earlier one.
    let case = case.after(&designate(other()), &world.facts(), by_authority()).unwrap();
    assert_eq!((case.source().unwrap().0, case.respondent), (other(), Some(other())));
    let closed = SourceDesignationAct::Close { reason: "数据元撤销".into() };
    assert_eq!(case.after(&closed, &world.facts(), by_authority()).unwrap().source(), None);
}

#[test]
fn a_collector_that_does_not_cooperate_is_reported_until_it_does() {
    let world = world();
    let case = opened(matter(), &world, by_authority());
    let case = case.after(&designate(provider()), &world.facts(), by_authority()).unwrap();
    for wrong in [provider(), requester()] {
        let refused = case.after(&report(wrong), &world.facts(), by_provider()).unwrap_err();
        assert_eq!(lines(&refused.problems), "department: not_offered (19(2))", "{wrong}");
    }
    let case = case.after(&report(other()), &world.facts(), by_provider()).unwrap();
    assert_eq!(case.not_cooperating(), [other()].into());
    let twice = case.after(&report(other()), &world.facts(), stamp_on(provider(), 1, day("2026-03-09"))).unwrap();
    assert_eq!(twice.not_cooperating_since(), [(other(), by_provider().at)].into(), "since the first report");
    let stranger = case.after(&cooperate(), &world.facts(), by_provider()).unwrap_err();
    assert_eq!(refusal_line(&stranger), "other_party_acts (39(1)(3))");
    let case = case.after(&cooperate(), &world.facts(), by_other()).unwrap();
    assert_eq!((case.state, case.not_cooperating().len()), (SourceDesignationState::Designated, 0));
}

#[test]
fn only_what_several_departments_of_its_own_collect_is_for_an_authority() {
    let refused = |matter: SourceDesignation, world: &World, by| {
        Case::open(case_id(), String::new(), matter, &world.facts(), by).unwrap_err()
    };
    assert_eq!(refused(matter(), &world(), by_provider()).code, RefusalCode::NoCompetentAuthority);
    let one = SourceDesignation { carriers: vec![carrier(1, "id_number"), carrier(1, "person_name")], ..matter() };
    assert_eq!(lines(&refused(one, &world(), by_authority()).problems), "carriers: required (19(2)) departments=2");
    let elsewhere = world().with(other(), Department, Level::City, "5201");
    assert_eq!(lines(&refused(matter(), &elsewhere, by_authority()).problems), "carriers[1]: contradiction (19(2))");
    let wrong = SourceDesignation {
        element: " ，".into(),
        carriers: vec![carrier(1, "id_number"), carrier(2, "nothing"), carrier(1, "id_number")],
        ..matter()
    };
    assert_eq!(
        lines(&refused(wrong, &world(), by_authority()).problems),
        "element: required\ncarriers[1]: not_offered name=nothing\ncarriers[2]: duplicate"
    );
    let many = SourceDesignation { carriers: vec![carrier(1, "id_number"); 101], ..matter() };
    assert_eq!(lines(&refused(many, &world(), by_authority()).problems), "carriers: too_long max=100");
}

#[test]
fn writing_does_not_make_another_element() {
    for alike in ["公民身份号码", " 公民 身份号码", "公民身份号码：", "公民身份号码（）"] {
        assert_eq!(key(alike), "公民身份号码", "{alike}");
    }
    assert_eq!(key("ＩＤ No."), key("id-no"));
    assert_ne!(key("姓名"), key("企业名称"));
}

#[test]
fn what_several_departments_collect_is_found_as_a_lead() {
    let mut other_content = content();
    other_content.items.retain(|item| ["person_name", "id_number", "household_size"].contains(&item.name.as_str()));
    other_content.items[1].title = "公民身份号码 ".into();
    other_content.items[2].title = "户内人数".into();
    let derived = EntryContent { collection_basis: None, ..content() };
    let entries = [
        entry_of(1, provider(), content()),
        entry_of(2, other(), other_content),
        // Not collected, not published, or of the same department: no repeat.
        Entry { content: derived, ..entry_of(3, requester(), content()) },
        Entry { id: numbered(4), provider: requester(), ..entry_draft(content()) },
    ];
    let found = repeats(entries.iter());
    let keys: Vec<&str> = found.iter().map(|repeat| repeat.key.as_str()).collect();
    assert_eq!(keys, ["公民身份号码", "姓名"]);
    let providers: Vec<OrganisationId> = found[0].carried.iter().map(|one| one.provider).collect();
    assert_eq!(providers, [provider(), other()]);
    assert!(found[0].carried.iter().all(|one| one.personal && one.basis == basis()));
    let own = [entry_of(1, provider(), content()), entry_of(2, provider(), content())];
    assert_eq!(repeats(own.iter()), []);
}
