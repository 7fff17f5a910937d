//! What services show (Art. 39(1)(7), 40(1)(2), 40(1)(5)), and what excuses it.

use super::*;
use shuqiao_domain::{
    case::{
        ServiceChange, ServiceChangeAct, ServiceChangeKind, ServiceChangeState, Step, UsageRecord, UsageRecordState,
    },
    catalogue::Resource,
    grant::{Grant, GrantState, Terms},
    lead::{PURPOSE_REFUSALS_MIN, USAGE_RECORD_WITHIN_DAYS},
    source::{Source, Structure},
};
use shuqiao_vocabulary::{RowFilter, SharingMethod, SourceType};

/// A request, the grant that answers it, and the source behind it, described on the day before the beginning.
pub(crate) async fn granted(world: &World) -> Grant {
    let entry = drafted(world, 1, PROVIDER);
    let request = Request { state: RequestState::Draft { declined: None }, ..received(world, &entry) };
    let source = source(world, None);
    let grant = Grant {
        id: id(1),
        number: request.number.clone(),
        request: request.id,
        entry: entry.id,
        entry_name: "目录".into(),
        requester: id(REQUESTER),
        provider: id(PROVIDER),
        terms: Terms {
            purpose: "核验".into(),
            resource: Resource { source: source.id, table: "表".into() },
            items: Vec::new(),
            row_items: Vec::new(),
            rows: RowFilter(Vec::new()),
            method: SharingMethod::ServiceInterface,
            systems: Vec::new(),
            calls_per_second: 1,
            rows_per_call: 1,
            rows_per_day: 1,
            valid_from: world.day(0),
            valid_until: world.day(300),
        },
        agreed: world.stamp(PROVIDER, 0),
        consents: Vec::new(),
        state: GrantState::Active,
    };
    world.entry(&entry).await;
    world
        .write(async |tx| {
            tx.source_insert(&source, &permit()).await.unwrap();
            tx.request_insert(&request, &permit()).await.unwrap();
            tx.grant_insert(&grant, &permit()).await.unwrap();
        })
        .await;
    grant
}

fn source(world: &World, held: Option<i64>) -> Source {
    Source {
        id: id(1),
        provider: id(PROVIDER),
        name: "库".into(),
        source_type: SourceType::Sqlite,
        place: "a.db".into(),
        sealed_location: Vec::new(),
        structure: Structure { tables: Vec::new(), encoding: None, threshold: None, digest: [0; 32] },
        described_at: world.at(-1),
        held: held.map(|days| world.at(days)),
    }
}

impl World {
    /// A call that was refused for this reason on that day.
    fn refused(&self, index: u64, days: i64, code: &str) {
        self.ledger.0.lock().unwrap().push(UsageLine {
            index,
            at: self.at(days),
            caller: "sys_1".into(),
            organisation: Some(id(REQUESTER)),
            purpose: String::new(),
            rows: 0,
            bytes: 0,
            refused: Some(code.into()),
            items: Vec::new(),
        });
    }

    /// A change of service that was filed on one day for another.
    async fn filing(&self, state: ServiceChangeState, filed: i64, from: i64) {
        let matter = ServiceChange {
            grant: id(1),
            change: ServiceChangeKind::Change,
            reason: "系统改造".into(),
            what: "改表".into(),
            from: self.day(from),
            every_grant: false,
        };
        let file = ServiceChangeAct::File { filing_number: "备字1号".into() };
        let steps = vec![Step { act: file, by: self.stamp(AUTHORITY, filed) }];
        let case = Case { opener: id(PROVIDER), respondent: Some(id(REQUESTER)), ..self.case(50, matter, state) };
        self.insert(AnyCase::ServiceChange(Case { steps, ..case })).await;
    }
}

const CHANGED: (LeadRule, u8) = (LeadRule::ServiceChanged, PROVIDER);

fn named(found: &[(LeadRule, OrganisationId)]) -> Vec<(LeadRule, u8)> {
    let number = |one: OrganisationId| (PROVIDER..=THIRD).find(|number| one == id(*number)).unwrap();
    found.iter().map(|(rule, one)| (*rule, number(*one))).collect()
}

#[tokio::test]
async fn a_service_that_is_not_there_or_another_is_a_lead_for_each_day() {
    let world = World::new().await;
    granted(&world).await;
    world.refused(1, 3, "source_changed");
    world.refused(2, 3, "source_unreachable");
    world.refused(3, 4, "source_slow");
    world.refused(4, 5, "rate_exceeded");
    assert_eq!(named(&world.found(6).await), [CHANGED; 2], "two days; a call too many says nothing of the provider");
}

#[tokio::test]
async fn what_was_filed_before_excuses_it_from_its_day_on() {
    let world = World::new().await;
    granted(&world).await;
    world.filing(ServiceChangeState::InEffect, 2, 4).await;
    world.refused(1, 4, "source_changed");
    world.refused(2, 5, "source_unreachable");
    assert_eq!(named(&world.found(6).await), []);
    world.refused(3, 3, "source_changed");
    assert_eq!(named(&world.found(6).await), [CHANGED], "before its day it excuses nothing");
    let refused = World::new().await;
    granted(&refused).await;
    refused.filing(ServiceChangeState::Withdrawn, 2, 4).await;
    refused.refused(1, 5, "source_changed");
    assert_eq!(named(&refused.found(6).await), [CHANGED], "what was given up excuses nothing");
}

/// A structure that was found to be another is seen before anybody calls.
#[tokio::test]
async fn a_structure_that_is_held_back_is_a_lead_for_each_grant_that_needs_the_old_one() {
    for (filed, expected) in [(None, vec![CHANGED]), (Some(2), Vec::new())] {
        let world = World::new().await;
        let grant = granted(&world).await;
        let held = source(&world, Some(3));
        let record = world.record("SourceStructureHeld", &held.id.to_string(), &[("grants", &grant.number)]);
        world
            .write_recorded(
                async |tx| {
                    tx.source_save(&held, 1, &permit()).await.unwrap();
                },
                record,
            )
            .await;
        if let Some(filed) = filed {
            world.filing(ServiceChangeState::Filed, filed, 3).await;
        }
        assert_eq!(named(&world.found(3).await), expected);
        world.refused(1, 3, "source_changed");
        assert_eq!(named(&world.found(4).await), expected, "the same day is the same lead");
    }
}

#[tokio::test]
async fn calls_for_another_purpose_are_a_lead_when_they_are_many() {
    let world = World::new().await;
    granted(&world).await;
    for index in 1..PURPOSE_REFUSALS_MIN as u64 {
        world.refused(index, 3, "purpose_mismatch");
    }
    assert_eq!(named(&world.found(3).await), []);
    world.refused(99, 3, "purpose_mismatch");
    assert_eq!(named(&world.found(3).await), [(LeadRule::PurposeMismatch, REQUESTER)]);
}

/// The first quarter of 2026 ends on 31 March, 29 days after the beginning.
#[tokio::test]
async fn a_quarter_without_a_record_of_use_is_a_lead_after_a_while() {
    let world = World::new().await;
    granted(&world).await;
    let due = 29 + USAGE_RECORD_WITHIN_DAYS;
    assert_eq!(named(&world.found(due).await), []);
    let missing = (LeadRule::UsageRecordMissing, REQUESTER);
    assert_eq!(named(&world.found(due + 1).await), [missing]);
    assert_eq!(named(&world.found(29 + 90).await), [missing], "the same quarter is the same lead");
    let recorded = World::new().await;
    granted(&recorded).await;
    let text = || "说明".to_owned();
    let record = UsageRecord {
        grant: id(1),
        from: recorded.day(0),
        until: recorded.day(29),
        scenario: text(),
        process: text(),
        effect: text(),
        storage: text(),
        destruction: text(),
    };
    recorded.insert(AnyCase::UsageRecord(recorded.case(1, record, UsageRecordState::Filed))).await;
    assert_eq!(named(&recorded.found(due + 1).await), []);
}
