//! Leads: what is late or missing is found once, for the authority, however often one looks; and what excuses it is no lead.

mod cases;
mod catalogue;
pub(crate) mod services;

use crate::node::Node;
use async_trait::async_trait;
use shuqiao_app::{
    Chance, Edge,
    port::UsageLedger,
    view::{UsageLine, UsageSummary},
};
use shuqiao_calendar::WorkCalendar;
use shuqiao_domain::{
    Clock, Stamp,
    case::{AnyCase, Case, CaseClock, CaseKind, Lead, Origin, Procedure},
    catalogue::{Entry, EntryContent, EntryState},
    law,
    lead::LeadRule,
    organisation::Organisation,
    request::{Reception, Request, RequestContent, RequestState},
};
use shuqiao_policy::Permit;
use shuqiao_store::{CaseQuery, JournalActor, JournalQuery, Outcome, Record, RecordActor, Store, Tx};
use shuqiao_vocabulary::{Date, GrantId, Id, Level, Moment, OrganisationId, OrganisationKind, PersonId, id::Kind};
use std::sync::{Arc, Mutex, atomic::Ordering};

const DAY: i64 = 24 * 3_600;
pub(crate) const PROVIDER: u8 = 1;
pub(crate) const AUTHORITY: u8 = 2;
pub(crate) const REQUESTER: u8 = 3;
pub(crate) const THIRD: u8 = 4;

pub(crate) fn id<K: Kind>(number: u8) -> Id<K> {
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

pub(crate) fn permit() -> Permit {
    Permit::system("test", "a test writes")
}

/// What the plane has recorded: as the test says.
#[derive(Clone, Default)]
struct Ledger(Arc<Mutex<Vec<UsageLine>>>);

#[async_trait]
impl UsageLedger for Ledger {
    async fn recent(&self, _: &GrantId, limit: usize) -> Vec<UsageLine> {
        self.0.lock().unwrap().iter().take(limit).cloned().collect()
    }

    async fn summary(&self, _: &GrantId) -> UsageSummary {
        UsageSummary::default()
    }

    async fn calls_today(&self, _: Moment) -> u64 {
        0
    }

    async fn heads(&self) -> Vec<(String, u64, [u8; 32])> {
        Vec::new()
    }

    fn verifier_key(&self) -> (String, String) {
        ("test/usage".into(), "test/usage+0+0".into())
    }
}

/// A node with two departments and a third, their authority, and nothing else.
pub(crate) struct World {
    pub(crate) node: Node,
    pub(crate) store: Store,
    ledger: Ledger,
    pub(crate) person: PersonId,
    begin: Moment,
    looked: Mutex<u8>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let ledger = Ledger::default();
        let node = Node::with_usage(Arc::new(ledger.clone())).await;
        let begin = Moment::from_microseconds(node.clock.load(Ordering::Relaxed));
        let store = Store::open(&format!("sqlite://{}/node.db", node.folder.path().display())).await.unwrap();
        let person = store.begin_read().await.unwrap().person_list(None).await.unwrap()[0].id;
        let world = Self { node, store, ledger, person, begin, looked: Mutex::new(0) };
        world
            .write(async |tx| {
                for number in [PROVIDER, REQUESTER, THIRD] {
                    tx.organisation_insert(&organisation(number, OrganisationKind::Department), &permit())
                        .await
                        .unwrap();
                }
                let authority = organisation(AUTHORITY, OrganisationKind::SharingAuthority);
                tx.organisation_insert(&authority, &permit()).await.unwrap();
            })
            .await;
        world
    }

    pub(crate) async fn write(&self, what: impl AsyncFnOnce(&mut Tx)) {
        let record = self.record("Test", "node", &[]);
        self.write_recorded(what, record).await;
    }

    async fn write_recorded(&self, what: impl AsyncFnOnce(&mut Tx), record: Record) {
        let mut tx = self.store.begin_write().await.unwrap();
        what(&mut tx).await;
        tx.commit(record).await.unwrap();
    }

    fn record(&self, event: &str, subject: &str, facts: &[(&str, &str)]) -> Record {
        Record {
            at: self.begin,
            event: event.into(),
            actor: RecordActor::Task("test"),
            subject: subject.into(),
            related: Vec::new(),
            outcome: Outcome::Done,
            action: String::new(),
            policies: Vec::new(),
            policy_digest: String::new(),
            facts: facts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
            request_id: String::new(),
            salt: [0; 16],
            idempotency: None,
        }
    }

    pub(crate) fn at(&self, days: i64) -> Moment {
        self.begin.plus_seconds(days * DAY)
    }

    pub(crate) fn day(&self, days: i64) -> Date {
        self.at(days).date()
    }

    fn stamp(&self, organisation: u8, days: i64) -> Stamp {
        Stamp { person: self.person, organisation: id(organisation), at: self.at(days) }
    }

    /// A clock that was started so many days after the beginning, and ended by then.
    fn clock(&self, from: i64, until: i64, stopped: Option<i64>) -> CaseClock {
        let clock = Clock::until(self.day(until), law::PURPOSE_ENDED, self.at(from), &WorkCalendar::official());
        CaseClock { clock: clock.unwrap(), stopped: stopped.map(|days| self.at(days)) }
    }

    /// A case in which nothing was done yet, that the requester opened against the provider.
    pub(crate) fn case<P: Procedure>(&self, number: u8, matter: P, state: P::State) -> Case<P> {
        Case {
            id: id(number),
            number: format!("{}-2026-{number:06}", P::KIND.prefix()),
            opener: id(REQUESTER),
            respondent: Some(id(PROVIDER)),
            authority: Some(id(AUTHORITY)),
            concerned: Vec::new(),
            opened: Origin::Person(self.stamp(REQUESTER, 0)),
            matter,
            steps: Vec::new(),
            state,
            clocks: Vec::new(),
        }
    }

    pub(crate) async fn insert(&self, case: AnyCase) {
        self.write(async |tx| {
            tx.case_insert(&case, &permit()).await.unwrap();
        })
        .await;
    }

    async fn entry(&self, entry: &Entry) {
        self.write(async |tx| {
            tx.entry_insert(entry, &permit()).await.unwrap();
        })
        .await;
    }

    /// How many leads one look on that day opens.
    async fn look(&self, days: i64) -> usize {
        let seed = {
            let mut looked = self.looked.lock().unwrap();
            *looked += 1;
            *looked
        };
        let edge = Edge { now: self.at(days), request_id: "leads".into(), chance: Chance::from_seed([seed; 32]) };
        self.node.app.leads_reconcile(&edge).await.unwrap()
    }

    async fn leads(&self) -> Vec<Case<Lead>> {
        let query = CaseQuery { kinds: vec![CaseKind::Lead], ..CaseQuery::default() };
        let found = self.store.begin_read().await.unwrap().case_list(&query).await.unwrap().items;
        let lead = |case| match case {
            AnyCase::Lead(lead) => Some(lead),
            _ => None,
        };
        found.into_iter().map(|case| lead(case.value).unwrap()).collect()
    }

    /// Rule and organisation of every lead so far; looking again on that day opens none of them twice.
    async fn found(&self, days: i64) -> Vec<(LeadRule, OrganisationId)> {
        self.look(days).await;
        assert_eq!(self.look(days).await, 0, "it may run twice");
        let mut found: Vec<_> =
            self.leads().await.iter().map(|lead| (lead.matter.rule, lead.matter.organisation)).collect();
        found.sort_unstable();
        found
    }
}

/// A request that the provider received at this moment, and that is due the next working day.
fn received(world: &World, entry: &Entry) -> Request {
    let consent = world.stamp(REQUESTER, 0);
    let clock = Clock::start(law::REPLY_UNCONDITIONAL, world.begin, &WorkCalendar::official()).unwrap();
    Request {
        id: id(1),
        number: "2026-000001".into(),
        cart: None,
        entry: entry.id,
        requester: id(REQUESTER),
        provider: entry.provider,
        drafted_by: world.person,
        content: RequestContent::default(),
        state: RequestState::Received {
            reception: Reception { consent, clock, supplement: None, extension: None },
            returned: None,
        },
    }
}

/// An entry of a department that nobody has submitted yet.
fn drafted(world: &World, number: u8, provider: u8) -> Entry {
    Entry {
        id: id(number),
        provider: id(provider),
        drafted_by: world.person,
        content: EntryContent::default(),
        state: EntryState::Draft { returned: None },
        work: None,
        changes: Vec::new(),
        reviews: Vec::new(),
    }
}

#[tokio::test]
async fn a_late_reply_is_one_lead_for_the_authority_however_often_one_looks() {
    let world = World::new().await;
    let entry = drafted(&world, 1, PROVIDER);
    world.entry(&entry).await;
    let request = received(&world, &entry);
    world
        .write(async |tx| {
            tx.request_insert(&request, &permit()).await.unwrap();
        })
        .await;
    assert_eq!(world.look(0).await, 0, "it is not due yet");
    assert_eq!(world.look(3).await, 1);
    assert_eq!(world.look(3).await, 0, "it may run twice");
    assert_eq!(world.look(30).await, 0, "the same thing is one lead for ever");
    let [lead] = &world.leads().await[..] else { panic!("one lead") };
    assert_eq!((lead.matter.rule, lead.matter.organisation), (LeadRule::ReplyOverdue, id(PROVIDER)));
    assert_eq!((lead.opener, lead.authority, lead.respondent), (id(AUTHORITY), Some(id(AUTHORITY)), None));
    assert!(matches!(&lead.opened, Origin::Detector { task, .. } if task == "leads"));
    let query = JournalQuery {
        subject: Some(lead.id.to_string()),
        actor: None,
        event: Some("LeadRaised".into()),
        limit: 10,
        after: None,
    };
    let rows = world.store.begin_read().await.unwrap().journal_list(&query).await.unwrap().items;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].actor, JournalActor::Task("leads".into()));
}
