//! Leads: what is late is found once, for the authority, however often one looks.

use crate::node::Node;
use shuqiao_app::{Chance, Edge};
use shuqiao_domain::{
    Clock, Stamp,
    case::{AnyCase, CaseKind, Origin},
    catalogue::{Entry, EntryContent, EntryState},
    law,
    lead::LeadRule,
    organisation::Organisation,
    request::{Reception, Request, RequestContent, RequestState},
};
use shuqiao_policy::Permit;
use shuqiao_store::{CaseQuery, JournalActor, JournalQuery, Outcome, Record, RecordActor, Store};
use shuqiao_vocabulary::{Id, Level, Moment, OrganisationId, OrganisationKind, PersonId, id::Kind};
use std::{collections::BTreeMap, sync::atomic::Ordering};

const DAY: i64 = 24 * 3_600;

fn id<K: Kind>(number: u8) -> Id<K> {
    format!("{}_{number:032x}", K::PREFIX).parse().unwrap()
}

fn organisation(number: u8, kind: OrganisationKind) -> Organisation {
    let name = format!("单位{number}");
    Organisation {
        id: id(number),
        short_name: name.clone(),
        name,
        kind,
        level: Level::City,
        region: "5203".parse().unwrap(),
        code: None,
    }
}

/// A request that the provider received at this moment, and that is due the next working day.
async fn received(store: &Store, provider: OrganisationId, at: Moment) {
    let person: PersonId = store.begin_read().await.unwrap().person_list(None).await.unwrap()[0].id;
    let permit = Permit::system("test", "a test writes");
    let mut tx = store.begin_write().await.unwrap();
    tx.organisation_insert(&organisation(1, OrganisationKind::Department), &permit).await.unwrap();
    tx.organisation_insert(&organisation(2, OrganisationKind::SharingAuthority), &permit).await.unwrap();
    tx.organisation_insert(&organisation(3, OrganisationKind::Department), &permit).await.unwrap();
    let state = EntryState::Draft { returned: None };
    let entry = Entry {
        id: id(1),
        provider,
        drafted_by: person,
        content: EntryContent::default(),
        state,
        work: None,
        changes: Vec::new(),
        reviews: Vec::new(),
    };
    tx.entry_insert(&entry, &permit).await.unwrap();
    let consent = Stamp { person, organisation: id(3), at };
    let calendar = shuqiao_calendar::WorkCalendar::official();
    let clock = Clock::start(law::REPLY_UNCONDITIONAL, at, &calendar).unwrap();
    let request = Request {
        id: id(1),
        number: "2026-000001".into(),
        cart: None,
        entry: entry.id,
        requester: id(3),
        provider,
        drafted_by: person,
        content: RequestContent::default(),
        state: RequestState::Received {
            reception: Reception { consent, clock, supplement: None, extension: None },
            returned: None,
        },
    };
    tx.request_insert(&request, &permit).await.unwrap();
    tx.commit(Record {
        at,
        event: "Test".into(),
        actor: RecordActor::Task("test"),
        subject: "node".into(),
        related: Vec::new(),
        outcome: Outcome::Done,
        action: String::new(),
        policies: Vec::new(),
        policy_digest: String::new(),
        facts: BTreeMap::new(),
        request_id: String::new(),
        salt: [0; 16],
        idempotency: None,
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_late_reply_is_one_lead_for_the_authority_however_often_one_looks() {
    let node = Node::start().await;
    let begin = Moment::from_microseconds(node.clock.load(Ordering::Relaxed));
    let store = Store::open(&format!("sqlite://{}/node.db", node.folder.path().display())).await.unwrap();
    received(&store, id(1), begin).await;
    let raised = async |days: i64, seed: u8| {
        let edge = Edge {
            now: begin.plus_seconds(days * DAY),
            request_id: "leads".into(),
            chance: Chance::from_seed([seed; 32]),
        };
        node.app.leads_reconcile(&edge).await.unwrap()
    };
    assert_eq!(raised(0, 1).await, 0, "it is not due yet");
    assert_eq!(raised(3, 2).await, 1);
    assert_eq!(raised(3, 3).await, 0, "it may run twice");
    assert_eq!(raised(30, 4).await, 0, "the same thing is one lead for ever");
    let mut read = store.begin_read().await.unwrap();
    let query = CaseQuery { kinds: vec![CaseKind::Lead], ..CaseQuery::default() };
    let found = read.case_list(&query).await.unwrap().items;
    let [AnyCase::Lead(lead)] = &found.iter().map(|case| case.value.clone()).collect::<Vec<_>>()[..] else {
        panic!("{found:?}");
    };
    assert_eq!((lead.matter.rule, lead.matter.organisation), (LeadRule::ReplyOverdue, id(1)));
    assert_eq!((lead.opener, lead.authority, lead.respondent), (id(2), Some(id(2)), None));
    assert!(matches!(&lead.opened, Origin::Detector { task, .. } if task == "leads"));
    let query = JournalQuery {
        subject: Some(lead.id.to_string()),
        actor: None,
        event: Some("LeadRaised".into()),
        limit: 10,
        after: None,
    };
    let rows = read.journal_list(&query).await.unwrap().items;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].actor, JournalActor::Task("leads".into()));
}
