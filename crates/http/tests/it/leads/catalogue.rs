//! What the catalogue shows (Art. 39(1)(1), 40(1)(1), 41(1)(1), 41(1)(3)), and what excuses it.

use super::*;
use shuqiao_domain::{
    case::{Carrier, SourceDesignation, SourceDesignationAct, SourceDesignationState, Step},
    catalogue::{Change, ChangeKind, ChangeState, Item, LegalBasis, Review, ReviewEnd},
    lead::ELEMENT_AGES_AFTER_DAYS,
    rules::UpdateStopPolicy,
};
use shuqiao_vocabulary::{BasisRank, ItemType, SharingAttribute, id::CatalogueEntryKind};

/// A published entry with one item, which this department says it collects.
fn published(world: &World, number: u8, provider: u8, item: &str, days: i64) -> Entry {
    let item = Item {
        name: "field".parse().unwrap(),
        title: item.into(),
        column: "field".into(),
        item_type: ItemType::Text,
        grade: None,
        sharing_attribute: None,
        personal: false,
        sensitive: false,
        mask: None,
        description: String::new(),
    };
    let content = EntryContent {
        name: format!("目录{number}"),
        sharing_attribute: Some(SharingAttribute::Unconditional),
        collection_basis: Some(LegalBasis {
            rank: BasisRank::Law, title: "某法".into(), article: "第一条".into()
        }),
        items: vec![item],
        ..EntryContent::default()
    };
    let state = EntryState::Published {
        version: 1,
        approved: world.stamp(provider, days),
        published: world.stamp(AUTHORITY, days),
        number: format!("2026-{number:06}"),
        announcement: None,
    };
    Entry { content, state, ..drafted(world, number, provider) }
}

/// A change that happened at the beginning, by its clock.
fn change(world: &World, state: ChangeState, extended: bool) -> Change {
    let calendar = WorkCalendar::official();
    let clock = Clock::start(law::CATALOGUE_UPDATE, world.begin, &calendar).unwrap();
    let clock = if extended {
        clock.extended(law::CATALOGUE_UPDATE_EXTENSION.days, law::CATALOGUE_UPDATE_EXTENSION, &calendar).unwrap()
    } else {
        clock
    };
    Change {
        kind: ChangeKind::LawChanged,
        title: "某法修订".into(),
        occurred: world.day(0),
        recorded: world.stamp(PROVIDER, 0),
        clock,
        stops_with: UpdateStopPolicy::Filing,
        extension: None,
        state,
    }
}

/// Ten working days from Monday 2026-03-02 end on the 16th, fifteen on the 23rd.
#[tokio::test]
async fn a_late_update_is_a_lead_unless_the_authority_consented_to_a_longer_term() {
    let world = World::new().await;
    let late = Entry {
        changes: vec![
            change(&world, ChangeState::Open, false),
            change(&world, ChangeState::Open, true),
            change(&world, ChangeState::Settled { stopped: world.at(10) }, false),
            change(&world, ChangeState::Answered { filed: world.at(16) }, false),
        ],
        ..published(&world, 1, PROVIDER, "甲", 0)
    };
    world.entry(&late).await;
    let update = (LeadRule::CatalogueUpdateOverdue, id(PROVIDER));
    assert_eq!(world.found(14).await, [update], "the one filed on the 18th; of the open one the last day is not over");
    assert_eq!(world.found(16).await, [update, update], "one is open, one was filed late; one has a longer term");
    assert_eq!(world.found(22).await, [update; 3], "the longer term is over too");
    assert!(world.leads().await.iter().all(|lead| lead.matter.entry == Some(id(1))));
}

#[tokio::test]
async fn a_late_review_is_a_lead_that_points_at_the_authority() {
    let world = World::new().await;
    let clock = || Clock::start(law::CATALOGUE_REVIEW, world.begin, &WorkCalendar::official()).unwrap();
    let end = ReviewEnd { at: world.at(1), published: true };
    let reviewed =
        Entry { reviews: vec![Review { clock: clock(), end: Some(end) }], ..published(&world, 1, PROVIDER, "甲", 0) };
    let waiting =
        Entry { reviews: vec![Review { clock: clock(), end: None }], ..published(&world, 2, PROVIDER, "乙", 0) };
    world.entry(&reviewed).await;
    world.entry(&waiting).await;
    assert_eq!(world.found(2).await, []);
    assert_eq!(world.found(4).await, [(LeadRule::CatalogueReviewOverdue, id(AUTHORITY))]);
    let [lead] = &world.leads().await[..] else { panic!("one lead") };
    assert_eq!((lead.matter.entry, lead.authority), (Some(id(2)), Some(id(AUTHORITY))), "no authority stands above it");
}

fn designation(world: &World, state: SourceDesignationState, designated: bool) -> Case<SourceDesignation> {
    let carrier = |number| Carrier { entry: id(number), item: "field".parse().unwrap() };
    let matter = SourceDesignation {
        element: "法定代表人".into(),
        definition: "法人登记的负责人".into(),
        carriers: vec![carrier(1), carrier(2)],
    };
    let source = SourceDesignationAct::Designate { source: id(PROVIDER), reasons: "登记机关".into() };
    let steps = designated.then(|| Step { act: source, by: world.stamp(AUTHORITY, 1) });
    Case {
        opener: id(AUTHORITY),
        respondent: designated.then(|| id(PROVIDER)),
        concerned: vec![id(PROVIDER), id(REQUESTER)],
        steps: steps.into_iter().collect(),
        ..world.case(90, matter, state)
    }
}

const AGED: i64 = ELEMENT_AGES_AFTER_DAYS + 1;

#[tokio::test]
async fn an_element_of_several_departments_without_a_source_is_a_lead_after_a_while() {
    let world = World::new().await;
    world.entry(&published(&world, 1, PROVIDER, "法定代表人", -20)).await;
    world.entry(&published(&world, 2, REQUESTER, "法定代表人", 0)).await;
    assert_eq!(world.found(AGED - 1).await, [], "counted from the second of them");
    assert_eq!(world.found(AGED).await, [(LeadRule::SourceNotDesignated, id(AUTHORITY))]);
    assert_eq!(world.found(400).await.len(), 1);
}

#[tokio::test]
async fn hearing_the_departments_and_designating_one_excuses_the_authority() {
    for (state, designated) in [(SourceDesignationState::Consulting, false), (SourceDesignationState::Designated, true)]
    {
        let world = World::new().await;
        world.entry(&published(&world, 1, PROVIDER, "法定代表人", 0)).await;
        world.entry(&published(&world, 2, REQUESTER, "法定代表人", 0)).await;
        world.insert(AnyCase::SourceDesignation(designation(&world, state, designated))).await;
        assert_eq!(world.found(AGED).await, [], "{state}");
    }
}

#[tokio::test]
async fn who_begins_to_collect_what_the_source_shares_is_a_lead_and_who_was_heard_is_not() {
    let world = World::new().await;
    world.entry(&published(&world, 1, PROVIDER, "法定代表人", 0)).await;
    world.entry(&published(&world, 2, REQUESTER, "法定代表人", 0)).await;
    let case = designation(&world, SourceDesignationState::Designated, true);
    world.insert(AnyCase::SourceDesignation(case)).await;
    assert_eq!(world.found(2).await, [], "both were there when the source was designated");
    world.entry(&published(&world, 3, THIRD, "法定 代表人", 3)).await;
    assert_eq!(world.found(3).await, [(LeadRule::RepeatCollection, id(THIRD))]);
    let [lead] = &world.leads().await[..] else { panic!("one lead") };
    let shown: Vec<&str> = lead.matter.evidence.iter().map(|evidence| evidence.reference.as_str()).collect();
    let [again, available] = [3, 1].map(|number| id::<CatalogueEntryKind>(number).to_string());
    assert_eq!(shown, [again, available], "what collects again, what is available");
}

#[tokio::test]
async fn what_the_source_does_not_share_may_be_collected() {
    let world = World::new().await;
    let mut source = published(&world, 1, PROVIDER, "法定代表人", 0);
    source.content.sharing_attribute = Some(SharingAttribute::NotShared);
    world.entry(&source).await;
    world.entry(&published(&world, 2, REQUESTER, "法定代表人", 0)).await;
    world.entry(&published(&world, 3, THIRD, "法定代表人", 0)).await;
    let case = designation(&world, SourceDesignationState::Designated, true);
    world.insert(AnyCase::SourceDesignation(case)).await;
    assert_eq!(world.found(AGED).await, []);
}
