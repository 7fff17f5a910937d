//! The city: its departments and officials, what they write, the node they work on, and the clock that only the
//! simulation moves.

use crate::{
    invariants::Holidays,
    nothing::Nothing,
    ports::{COLUMNS, OneTable, TABLE},
};
use shuqiao_app::{
    App, AppParts, Chance, Ctx, Edge, Idempotency, NewPerson, NewSource, NodeIdentity, Seed, port::NewLocation,
};
use shuqiao_calendar::WorkCalendar;
use shuqiao_crypto::{note::SignerKey, token::TokenKey};
use shuqiao_domain::{
    catalogue::{Conditions, EntryContent, Item, LegalBasis, Limits, Resource, SecrecyReview},
    organisation::Organisation,
    request::{Request, RequestContent},
};
use shuqiao_policy::{PolicySet, Principal};
use shuqiao_store::{Revised, Store};
use shuqiao_vocabulary::{
    BasisRank, CaseId, CatalogueEntryId, DataFormat, Date, Grade, GrantId, Level, Moment, OrganisationId,
    OrganisationKind, RegionCode, Role, RowFilter, SharingAttribute, SharingMethod, SharingRequestId, SourceId,
    SystemId, UpdateFrequency,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};
use tempfile::TempDir;

/// The region of everybody here.
pub(crate) const REGION: &str = "5203";

/// Chance of the simulation (splitmix64): the same seed, the same city.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap()
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// A department: its officials by what they do, its source, its system.
pub(crate) struct Department {
    pub(crate) id: OrganisationId,
    pub(crate) officer: Principal,
    /// Data officer and office head in one: tempted to consent to the own draft.
    pub(crate) both: Principal,
    pub(crate) head: Principal,
    pub(crate) chief: Principal,
    pub(crate) source: Option<SourceId>,
    pub(crate) system: Option<SystemId>,
}

/// What the simulation did, to be printed.
pub(crate) type Counts = BTreeMap<String, u64>;

/// The city.
pub(crate) struct City {
    folder: TempDir,
    pub(crate) app: Arc<App>,
    pub(crate) store: Store,
    pub(crate) now: Moment,
    pub(crate) dice: Dice,
    steps: u64,
    pub(crate) departments: Vec<Department>,
    pub(crate) authority: Principal,
    pub(crate) holidays: Holidays,
    /// Every request as it was last seen.
    pub(crate) requests: BTreeMap<SharingRequestId, Revised<Request>>,
    /// Those whose life is not over.
    pub(crate) open: Vec<SharingRequestId>,
    pub(crate) drafts: Vec<(CatalogueEntryId, u64)>,
    pub(crate) published: Vec<(CatalogueEntryId, SharingAttribute, usize)>,
    pub(crate) cases: Vec<(CaseId, u64)>,
    pub(crate) grants: Vec<GrantId>,
    pub(crate) counts: Counts,
}

fn open_app(store: Store, intake: PathBuf) -> Arc<App> {
    Arc::new(App::new(AppParts {
        store,
        policies: PolicySet::load().unwrap(),
        calendar: WorkCalendar::official(),
        node: NodeIdentity {
            name: "sim".into(),
            level: Level::City,
            region: region(),
            region_name: "遵义市".into(),
            base_url: "http://node.example".into(),
            log_origin: "sim/record".into(),
        },
        log_signer: SignerKey::generate("sim/record", [1; 32]).unwrap(),
        token_key: Arc::new(TokenKey::from_bytes([2; 32])),
        intake,
        intake_bytes_max: 1_000,
        source_desk: Arc::new(OneTable),
        sheet_desk: Arc::new(Nothing),
        book: Arc::new(Nothing),
        usage: Arc::new(Nothing),
        notifier: Arc::new(Nothing),
        press: Arc::new(Nothing),
        batch: Arc::new(Nothing),
    }))
}

fn region() -> RegionCode {
    REGION.parse().unwrap()
}

fn edge_of(now: Moment, step: u64) -> Edge {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&step.to_be_bytes());
    Edge { now, request_id: format!("step-{step}"), chance: Chance::from_seed(seed) }
}

impl City {
    /// A city of so many departments, at this moment.
    pub(crate) async fn found(departments: usize, seed: u64, now: Moment) -> Self {
        // In memory where the system offers that: what a disk keeps is tested elsewhere, here only what the node does.
        let memory = std::path::Path::new("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory).unwrap() } else { TempDir::new().unwrap() };
        let store = Store::open(&format!("sqlite://{}/node.db", folder.path().display())).await.unwrap();
        let app = open_app(store.clone(), folder.path().to_owned());
        let minted = edge_of(now, 0);
        let organisation = |number: usize| Organisation {
            id: minted.mint(),
            name: if number == 0 { "数据局".into() } else { format!("第{number}局") },
            short_name: format!("{number}局"),
            kind: if number == 0 { OrganisationKind::SharingAuthority } else { OrganisationKind::Department },
            level: Level::City,
            region: region(),
            code: None,
        };
        let organisations: Vec<Organisation> = (0..=departments).map(organisation).collect();
        let roles: [(&str, &[Role]); 4] = [
            ("officer", &[Role::DataOfficer]),
            ("both", &[Role::DataOfficer, Role::OfficeHead]),
            ("head", &[Role::OfficeHead]),
            ("chief", &[Role::DepartmentHead]),
        ];
        let mut people = Vec::new();
        for (number, organisation) in organisations.iter().enumerate() {
            for (name, held) in roles {
                let held =
                    if number == 0 { BTreeSet::from([Role::AuthorityOfficer]) } else { held.iter().copied().collect() };
                let login = format!("{name}{number}");
                people.push(NewPerson { name: login.clone(), login, organisation: organisation.id, roles: held });
            }
        }
        app.seed(&minted, Seed { organisations: organisations.clone(), people }).await.unwrap();
        let listed = store.begin_read().await.unwrap().person_list(None).await.unwrap();
        let principal = |login: String| {
            let person = listed.iter().find(|person| person.login == login).unwrap();
            let organisation = organisations.iter().find(|one| one.id == person.organisation).unwrap();
            Principal {
                person: person.id,
                organisation: organisation.id,
                organisation_kind: organisation.kind,
                level: organisation.level,
                region: organisation.region.clone(),
                roles: person.roles.clone(),
            }
        };
        let department = |number: usize| Department {
            id: organisations[number].id,
            officer: principal(format!("officer{number}")),
            both: principal(format!("both{number}")),
            head: principal(format!("head{number}")),
            chief: principal(format!("chief{number}")),
            source: None,
            system: None,
        };
        let mut city = Self {
            app,
            store,
            now,
            dice: Dice::new(seed),
            steps: 0,
            departments: (1..=departments).map(department).collect(),
            authority: principal("officer0".into()),
            holidays: Holidays::announced(),
            requests: BTreeMap::new(),
            open: Vec::new(),
            drafts: Vec::new(),
            published: Vec::new(),
            cases: Vec::new(),
            grants: Vec::new(),
            counts: Counts::new(),
            folder,
        };
        city.connect().await;
        city
    }

    async fn connect(&mut self) {
        for number in 0..self.departments.len() {
            let officer = self.departments[number].officer.clone();
            let developer = Principal { roles: BTreeSet::from([Role::Developer, Role::DataOfficer]), ..officer };
            let new = NewSource { name: "人口库".into(), location: NewLocation::Sqlite { file: "a.db".into() } };
            let ctx = self.ctx(&developer);
            self.departments[number].source = Some(self.app.source_create(&ctx, new).await.unwrap().value.id);
            let ctx = self.ctx(&developer);
            self.departments[number].system = Some(self.app.system_create(&ctx, "业务系统").await.unwrap().0.id);
        }
    }

    /// What enters with the next operation.
    pub(crate) fn edge(&mut self) -> Edge {
        self.steps += 1;
        edge_of(self.now, self.steps)
    }

    /// The next operation of an official; every one may be sent again.
    pub(crate) fn ctx(&mut self, who: &Principal) -> Ctx {
        let edge = self.edge();
        let idempotency = Some(Idempotency { key: edge.request_id.clone(), fingerprint: [3; 32] });
        Ctx { edge, principal: who.clone(), person_name: "官".into(), idempotency }
    }

    /// The same operation, sent again by a caller that heard no answer.
    pub(crate) fn again(&mut self, first: &Ctx) -> Ctx {
        Ctx { idempotency: first.idempotency.clone(), ..self.ctx(&first.principal.clone()) }
    }

    pub(crate) fn count(&mut self, what: impl Into<String>) {
        *self.counts.entry(what.into()).or_default() += 1;
    }

    pub(crate) fn department(&self, id: OrganisationId) -> &Department {
        self.departments.iter().find(|one| one.id == id).unwrap()
    }

    /// The program is killed and started again: everything that was in memory is gone.
    pub(crate) async fn kill(&mut self) {
        // What SQLite's own thread had begun ends first, as the kernel ends a write that it was given.
        self.store.close().await;
        self.store = Store::open(&format!("sqlite://{}/node.db", self.folder.path().display())).await.unwrap();
        self.app = open_app(self.store.clone(), self.folder.path().to_owned());
        self.app.legal_time_load().await.unwrap();
        self.app.log_verify().await.expect("the log verifies after a kill");
        self.count("kill");
    }
}

fn basis() -> LegalBasis {
    LegalBasis {
        rank: BasisRank::Law, title: "中华人民共和国社会保险法".into(), article: "第七十四条".into()
    }
}

/// A complete entry of this department.
pub(crate) fn entry_content(name: String, attribute: SharingAttribute, source: SourceId, today: Date) -> EntryContent {
    let item = |(name, item_type): (&str, _)| Item {
        name: name.parse().unwrap(),
        title: name.into(),
        column: name.into(),
        item_type,
        grade: Some(Grade::L2),
        sharing_attribute: Some(attribute),
        personal: false,
        sensitive: false,
        mask: None,
        description: String::new(),
    };
    let purposes =
        if attribute == SharingAttribute::Conditional { vec!["社会救助资格核对".into()] } else { Vec::new() };
    EntryContent {
        name,
        code: None,
        summary: "经认定的家庭及其规模。".into(),
        data_format: Some(DataFormat::Database),
        update_frequency: Some(UpdateFrequency::Daily),
        sharing_attribute: Some(attribute),
        conditions: Conditions { purposes, ..Conditions::default() },
        not_shared_basis: None,
        methods: vec![SharingMethod::ServiceInterface],
        category: "基础信息资源/人口".into(),
        grade: Some(Grade::L2),
        collection_basis: Some(basis()),
        secrecy: Some(SecrecyReview {
            state_secret: false,
            work_secret: false,
            reviewer: "周敏".into(),
            date: Some(today),
            conclusion: "不涉及国家秘密、工作秘密。".into(),
        }),
        personal_information: false,
        impact_assessment: None,
        resource: Some(Resource { source, table: TABLE.into() }),
        limits: Some(Limits { calls_per_second: 50, rows_per_call: 500, rows_per_day: 100_000 }),
        items: COLUMNS.into_iter().map(item).collect(),
    }
}

/// A complete request for so many items; valid for few days, so that the book of live grants stays small.
pub(crate) fn request_content(items: usize, system: SystemId, today: Date, days: i64) -> RequestContent {
    RequestContent {
        basis: Some(basis()),
        scenario: "办理临时救助时核对。".into(),
        scope_of_use: "社会救助科。".into(),
        purpose: "社会救助资格核对".into(),
        items: COLUMNS.iter().take(items).map(|(name, _)| name.parse().unwrap()).collect(),
        rows: RowFilter::everything(),
        method: Some(SharingMethod::ServiceInterface),
        systems: vec![system],
        calls_per_second: 10,
        rows_per_call: 100,
        rows_per_day: 10_000,
        valid_from: Some(today),
        valid_until: Some(Moment::end_of_day(today).plus_seconds(days * 86_400).date()),
        safeguards: "专网访问，专人负责。".into(),
        contact_name: "王芳".into(),
        contact_phone: "0851-00000000".into(),
        attested: true,
    }
}
