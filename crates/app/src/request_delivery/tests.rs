//! The reconciler of deliveries, on a store with one agreed request and a ledger that says what it is told.

use crate::{
    App, AppParts, Chance, Edge, NodeIdentity,
    nothing::Nothing,
    port::UsageLedger,
    view::{UsageLine, UsageSummary},
};
use async_trait::async_trait;
use shuqiao_calendar::WorkCalendar;
use shuqiao_crypto::{note::SignerKey, token::TokenKey};
use shuqiao_domain::{
    Clock, Stamp,
    account::Person,
    catalogue::{Entry, EntryContent, EntryState, Resource},
    grant::{Grant, GrantState, RevocationGround, Terms},
    law,
    organisation::Organisation,
    request::{Delivery, DeliverySettled, Narrowing, Proposal, Reception, Request, RequestContent, RequestState},
};
use shuqiao_policy::{Permit, PolicySet};
use shuqiao_store::{Outcome, Record, RecordActor, Store};
use shuqiao_vocabulary::{GrantId, Id, Level, Moment, OrganisationKind, RowFilter, SharingMethod, id::Kind};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tempfile::TempDir;

#[derive(Default)]
pub(crate) struct Told(Mutex<Vec<UsageLine>>);

impl Told {
    fn call(&self, at: Moment, refused: Option<&str>) {
        let line = UsageLine {
            index: 0,
            at,
            caller: "sys".into(),
            organisation: None,
            purpose: String::new(),
            rows: 1,
            bytes: 1,
            refused: refused.map(str::to_owned),
            items: Vec::new(),
        };
        self.0.lock().unwrap().insert(0, line);
    }
}

#[async_trait]
impl UsageLedger for Told {
    async fn recent(&self, _: &GrantId, _: usize) -> Vec<UsageLine> {
        self.0.lock().unwrap().clone()
    }
    async fn summary(&self, _: &GrantId) -> UsageSummary {
        let calls = self.0.lock().unwrap().iter().filter(|line| line.refused.is_none()).count() as u64;
        UsageSummary { calls, ..UsageSummary::default() }
    }
    async fn calls_today(&self, _: Moment) -> u64 {
        0
    }
    async fn heads(&self) -> Vec<(String, u64, [u8; 32])> {
        Vec::new()
    }
    fn verifier_key(&self) -> (String, String) {
        (String::new(), String::new())
    }
}

fn id<K: Kind>(number: u8) -> Id<K> {
    format!("{}_{number:032x}", K::PREFIX).parse().unwrap()
}

/// Noon of that day.
pub(crate) fn on(day: &str) -> Moment {
    Moment::end_of_day(day.parse().unwrap()).plus_seconds(-12 * 3_600)
}

pub(crate) fn edge(day: &str) -> Edge {
    Edge { now: on(day), request_id: "test".into(), chance: Chance::from_seed([3; 32]) }
}

fn stamp() -> Stamp {
    Stamp { person: id(1), organisation: id(1), at: on("2026-03-02") }
}

pub(crate) fn organisation(number: u8) -> Organisation {
    Organisation {
        id: id(number),
        name: format!("第{number}局"),
        short_name: format!("{number}局"),
        kind: OrganisationKind::Department,
        level: Level::City,
        region: "5203".parse().unwrap(),
        code: None,
    }
}

fn agreed() -> Request {
    let clock = |term| Clock::start(term, on("2026-03-02"), &WorkCalendar::official()).unwrap();
    let reception =
        Reception { consent: stamp(), clock: clock(law::REPLY_CONDITIONAL), supplement: None, extension: None };
    Request {
        id: id(1),
        number: "2026-000001".into(),
        cart: None,
        entry: id(1),
        requester: id(2),
        provider: id(1),
        drafted_by: id(1),
        content: RequestContent::default(),
        state: RequestState::Agreed {
            reception,
            proposal: Proposal::Agree { narrowing: Narrowing::default(), opinion: String::new() },
            proposed: stamp(),
            decided: stamp(),
            grant: id(1),
            delivery: Some(Delivery::start(clock(law::DELIVERY))),
        },
    }
}

fn grant() -> Grant {
    let terms = Terms {
        purpose: String::new(),
        resource: Resource { source: id(1), table: "t".into() },
        items: Vec::new(),
        row_items: Vec::new(),
        rows: RowFilter::everything(),
        method: SharingMethod::ServiceInterface,
        systems: Vec::new(),
        calls_per_second: 1,
        rows_per_call: 1,
        rows_per_day: 1,
        valid_from: "2026-03-02".parse().unwrap(),
        valid_until: "2027-03-01".parse().unwrap(),
    };
    Grant {
        id: id(1),
        number: "2026-000001".into(),
        request: id(1),
        entry: id(1),
        entry_name: String::new(),
        requester: id(2),
        provider: id(1),
        terms,
        agreed: stamp(),
        consents: Vec::new(),
        state: GrantState::Active,
    }
}

pub(crate) fn record() -> Record {
    Record {
        at: on("2026-03-02"),
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
    }
}

/// A node with the agreed request, its grant and its ledger.
async fn node() -> (App, Arc<Told>, TempDir) {
    let (app, told, folder) = bare().await;
    let permit = Permit::system("test", "a test writes");
    let mut tx = app.store.begin_write().await.unwrap();
    for number in 1..=2 {
        tx.organisation_insert(&organisation(number), &permit).await.unwrap();
    }
    let person = Person {
        id: id(1),
        login: "li".into(),
        name: "李".into(),
        organisation: id(1),
        roles: [].into(),
        active: true,
    };
    tx.person_insert(&person, &permit).await.unwrap();
    let entry = Entry {
        id: id(1),
        provider: id(1),
        drafted_by: id(1),
        content: EntryContent::default(),
        state: EntryState::Draft { returned: None },
        work: None,
        changes: Vec::new(),
        reviews: Vec::new(),
    };
    tx.entry_insert(&entry, &permit).await.unwrap();
    tx.request_insert(&agreed(), &permit).await.unwrap();
    tx.grant_insert(&grant(), &permit).await.unwrap();
    tx.commit(record()).await.unwrap();
    (app, told, folder)
}

/// A node with nothing in it.
pub(crate) async fn bare() -> (App, Arc<Told>, TempDir) {
    let folder = TempDir::new().unwrap();
    let store = Store::open(&format!("sqlite://{}/node.db", folder.path().display())).await.unwrap();
    let told = Arc::new(Told::default());
    let app = App::new(AppParts {
        store,
        policies: PolicySet::load().unwrap(),
        calendar: WorkCalendar::official(),
        node: NodeIdentity {
            name: "test".into(),
            level: Level::City,
            region: "5203".parse().unwrap(),
            region_name: "遵义市".into(),
            base_url: "http://node.example".into(),
            log_origin: "test/record".into(),
        },
        log_signer: SignerKey::generate("test/record", [1; 32]).unwrap(),
        token_key: Arc::new(TokenKey::from_bytes([2; 32])),
        intake: folder.path().to_owned(),
        intake_bytes_max: 1,
        source_desk: Arc::new(Nothing),
        book: Arc::new(Nothing),
        usage: told.clone(),
        notifier: Arc::new(Nothing),
        sheet_desk: Arc::new(Nothing),
        press: Arc::new(Nothing),
        batch: Arc::new(Nothing),
    });
    (app, told, folder)
}

async fn delivery(app: &App) -> Delivery {
    let request = app.store.begin_read().await.unwrap().request_fetch(id(1)).await.unwrap().value;
    request.state.delivery().unwrap().clone()
}

async fn events(app: &App) -> Vec<String> {
    let mut tx = app.store.begin_read().await.unwrap();
    tx.history(&agreed().id.to_string()).await.unwrap().into_iter().map(|row| row.event).collect()
}

#[tokio::test]
async fn a_delivery_that_nobody_objects_to_stops_the_clock() {
    let (app, told, _folder) = node().await;
    told.call(on("2026-03-08"), Some("grant_missing"));
    assert_eq!(app.delivery_reconcile(&edge("2026-03-08")).await.unwrap(), 0, "a refused call delivers nothing");
    told.call(on("2026-03-09"), None);
    told.call(on("2026-03-10"), None);
    assert_eq!(app.delivery_reconcile(&edge("2026-03-10")).await.unwrap(), 1);
    assert_eq!(delivery(&app).await.first, Some(on("2026-03-09")));
    assert_eq!(app.delivery_reconcile(&edge("2026-03-10")).await.unwrap(), 0, "it may run twice");
    assert_eq!(app.delivery_reconcile(&edge("2026-03-16")).await.unwrap(), 0, "the last day to object");
    assert_eq!(app.delivery_reconcile(&edge("2026-03-17")).await.unwrap(), 1);
    let settled = delivery(&app).await;
    assert_eq!(settled.settled, Some(DeliverySettled::Presumed { at: on("2026-03-17") }));
    assert_eq!(settled.stopped_at(), Some(on("2026-03-09")));
    assert_eq!(app.delivery_reconcile(&edge("2026-04-17")).await.unwrap(), 0);
    assert_eq!(events(&app).await, ["SharingRequestDeliveryBegun", "SharingRequestDeliveryPresumed"]);
}

#[tokio::test]
async fn a_revoked_grant_lets_its_delivery_lapse() {
    let (app, _told, _folder) = node().await;
    let ground = RevocationGround::PurposeEnded { text: "已结束".into() };
    let revoked = Grant { state: GrantState::Revoked { by: stamp(), ground }, ..grant() };
    let permit = Permit::system("test", "a test writes");
    let mut tx = app.store.begin_write().await.unwrap();
    tx.grant_save(&revoked, 1, &permit).await.unwrap();
    tx.commit(record()).await.unwrap();
    assert_eq!(app.delivery_reconcile(&edge("2026-03-05")).await.unwrap(), 1);
    assert_eq!(delivery(&app).await.settled, Some(DeliverySettled::Lapsed { at: on("2026-03-05") }));
}
