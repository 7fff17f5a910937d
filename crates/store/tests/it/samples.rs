//! Aggregates with every field filled, in every state, and records.

use shuqiao_domain::{
    Clock, ClockId, Returned, Stamp,
    account::Person,
    catalogue::{
        Change, ChangeKind, ChangeState, Conditions, Entry, EntryContent, EntryState, Extension, ExtensionDecision,
        ImpactAssessment, Item, LegalBasis, Limits, NotSharedBasis, Resource, Review, ReviewEnd, SecrecyReview,
        UpdateStep, Work,
    },
    grant::{Consent, ConsentKind, Grant, GrantState, RevocationGround, Terms, TermsItem},
    organisation::Organisation,
    request::{
        self, Delivery, DeliverySettled, Narrowing, Proposal, Reception, RefusalReason, RefusalReasonCode, Request,
        RequestContent, RequestState, Supplement, SupplementAnswer,
    },
    rules::UpdateStopPolicy,
    source::{Column, Source, Structure, SubjectThreshold, Table},
};
use shuqiao_policy::Permit;
use shuqiao_store::Store;
use shuqiao_vocabulary::{
    Article, BasisRank, Condition, DataFormat, Date, Grade, Id, ItemType, Level, Literal, Mask, Moment,
    OrganisationKind, Role, RowFilter, SharingAttribute, SharingMethod, SourceType, Test, UpdateFrequency, id::Kind,
};
use std::{fmt::Debug, str::FromStr};

mod legal_time;
mod record;
mod system;

pub(crate) use legal_time::{notice, notice_id, rule_set};
pub(crate) use record::{commit, record};
pub(crate) use system::system;

/// The `n`-th id of a kind; ids sort as their numbers.
pub(crate) fn id<K: Kind>(n: u32) -> Id<K> {
    read(&format!("{}_{:012x}70008000{:012x}", K::PREFIX, n, n))
}

pub(crate) fn read<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

pub(crate) fn at(second: i64) -> Moment {
    Moment::from_microseconds(1_760_000_000_000_000).plus_seconds(second)
}

pub(crate) fn permit() -> Permit {
    Permit::system("test", "a test writes")
}

pub(crate) fn stamp(n: u32, second: i64) -> Stamp {
    Stamp { person: id(n), organisation: id(n), at: at(second) }
}

fn returned(second: i64) -> Returned {
    Returned { by: stamp(2, second), reason: "数据项“县”说明不清\n请补".into() }
}

pub(crate) fn organisation(n: u32) -> Organisation {
    Organisation {
        id: id(n),
        name: format!("遵义市第{n}局"),
        short_name: format!("{n}局"),
        kind: OrganisationKind::Department,
        level: Level::City,
        region: read("5203"),
        code: None,
    }
}

pub(crate) fn person(n: u32) -> Person {
    Person {
        id: id(n),
        login: format!("person-{n}"),
        name: format!("王{n}"),
        organisation: id(1),
        roles: [Role::DataOfficer, Role::Developer].into(),
        active: true,
    }
}

pub(crate) fn source(n: u32) -> Source {
    let column =
        Column { name: "企业 名称".into(), item_type: ItemType::Text, nullable: true, native_type: "".into() };
    let table =
        Table { name: "企业".into(), rows_estimate: Some(u64::MAX), key: vec!["id".into()], columns: vec![column] };
    let empty = Table { name: "空".into(), rows_estimate: None, key: Vec::new(), columns: Vec::new() };
    Source {
        id: id(n),
        provider: id(1),
        name: format!("库 {n}"),
        source_type: SourceType::Csv,
        place: "enterprises.csv".into(),
        sealed_location: vec![0, 255, 7],
        structure: Structure {
            tables: vec![table, empty],
            encoding: Some("GB18030".into()),
            threshold: n.is_multiple_of(3).then(|| SubjectThreshold {
                input: "企业".into(),
                column: "信用 代码".into(),
                minimum: 5,
            }),
            digest: [9; 32],
        },
        described_at: at(n.into()),
        held: n.is_multiple_of(2).then(|| at(n.into())),
    }
}

fn basis() -> LegalBasis {
    LegalBasis { rank: BasisRank::Law, title: "中华人民共和国统计法".into(), article: "第十条".into() }
}

fn masks() -> Vec<Mask> {
    vec![
        Mask::KeepEnds { head: 1, tail: 255 },
        Mask::KeyedHash,
        Mask::YearOnly,
        Mask::RegionOnly { digits: 6 },
        Mask::Redact,
    ]
}

fn content() -> EntryContent {
    let item = |position: usize, mask: Option<Mask>| Item {
        name: read(&format!("item_{position}")),
        title: format!("数据项{position}"),
        column: format!("c\"{position}"),
        item_type: ItemType::ALL[position % ItemType::ALL.len()],
        grade: Some(Grade::ALL[position % Grade::ALL.len()]),
        sharing_attribute: Some(SharingAttribute::Conditional),
        personal: true,
        sensitive: false,
        mask,
        description: "含义\0与\u{1F4D6}".into(),
    };
    EntryContent {
        name: "企业登记信息".into(),
        code: Some("306019/000001".parse().unwrap()),
        summary: "Registered Enterprises of Guizhou, 100% of them".into(),
        data_format: Some(DataFormat::Database),
        update_frequency: Some(UpdateFrequency::Daily),
        sharing_attribute: Some(SharingAttribute::Conditional),
        conditions: Conditions {
            organisation_kinds: vec![OrganisationKind::Department],
            levels: vec![Level::County],
            purposes: vec!["监管".into()],
            subject_consent_required: true,
            note: "仅限本市".into(),
        },
        not_shared_basis: Some(NotSharedBasis {
            basis: basis(),
            reason: "理由".into(),
            review_by: Some(read("2026-10-01")),
        }),
        methods: SharingMethod::ALL.to_vec(),
        category: "基础库/法人".into(),
        grade: Some(Grade::L3),
        collection_basis: Some(basis()),
        secrecy: Some(SecrecyReview {
            state_secret: false,
            work_secret: true,
            reviewer: "李".into(),
            date: Some(read("2026-02-28")),
            conclusion: "不涉密".into(),
        }),
        personal_information: true,
        impact_assessment: Some(ImpactAssessment {
            lawful_purpose: "合法".into(),
            impact: "小".into(),
            safeguards: "脱敏".into(),
            assessor: "赵".into(),
            date: Some(read("9999-12-31")),
        }),
        resource: Some(Resource { source: id(1), table: "企业".into() }),
        limits: Some(Limits { calls_per_second: 5, rows_per_call: u32::MAX, rows_per_day: u64::MAX }),
        items: masks().into_iter().map(Some).chain([None]).enumerate().map(|(n, mask)| item(n, mask)).collect(),
    }
}

/// An entry of the first organisation, full, in draft.
pub(crate) fn entry(n: u32) -> Entry {
    Entry {
        id: id(n),
        provider: id(1),
        drafted_by: id(1),
        content: content(),
        state: EntryState::Draft { returned: None },
        work: None,
        changes: Vec::new(),
        reviews: Vec::new(),
    }
}

/// Every state an entry can be in.
pub(crate) fn entry_states() -> Vec<EntryState> {
    let (submitted, approved) = (stamp(1, 1), stamp(2, 2));
    vec![
        EntryState::Draft { returned: None },
        EntryState::Draft { returned: Some(returned(3)) },
        EntryState::AwaitingHead { submitted: submitted.clone() },
        EntryState::Filed { submitted, approved: approved.clone() },
        EntryState::Published {
            version: 1,
            approved,
            published: stamp(3, 4),
            number: "5203-000001".into(),
            announcement: None,
        },
    ]
}

/// An entry of every state that is more than the state of what holds: work under way, changes, reviews, the end.
pub(crate) fn followed_entries(n: u32) -> Vec<Entry> {
    let clock = reception(1).clock;
    let extension = |decision| Some(Extension { asked: stamp(1, 6), reason: "系统改造".into(), decision });
    let decision = ExtensionDecision { by: stamp(3, 7), consented: true, opinion: "同意".into() };
    let change = |state, extension| Change {
        kind: ChangeKind::StateCouncilDecision,
        title: "国务院关于某事项的决定".into(),
        occurred: read("2025-10-01"),
        recorded: stamp(1, 5),
        clock: clock.clone(),
        stops_with: UpdateStopPolicy::Publication,
        extension,
        state,
    };
    let changes = vec![
        change(ChangeState::Open, extension(None)),
        change(ChangeState::Answered { filed: at(8) }, None),
        change(ChangeState::Settled { stopped: at(9) }, extension(Some(decision))),
    ];
    let end = Some(ReviewEnd { at: at(9), published: false });
    let reviews = vec![Review { clock: clock.clone(), end }, Review { clock, end: None }];
    let published = entry_states().pop().expect("the last is published");
    let base = Entry { state: published, changes, reviews, ..entry(n) };
    let update = |step| Work::Update { content: Box::new(content()), drafted_by: id(2), step };
    let begun = || stamp(1, 5);
    let retirement = |approved| Work::Retirement { proposed: stamp(1, 5), reason: "职责划转".into(), approved };
    let works = [
        update(UpdateStep::Draft { begun: begun(), returned: None }),
        update(UpdateStep::Draft { begun: begun(), returned: Some(returned(6)) }),
        update(UpdateStep::AwaitingHead { begun: begun(), submitted: stamp(1, 6) }),
        update(UpdateStep::Filed { begun: begun(), approved: stamp(2, 7) }),
        retirement(None),
        retirement(Some(stamp(2, 7))),
    ];
    let retired = EntryState::Retired {
        version: 3,
        number: "5203-000001".into(),
        reason: "职责划转".into(),
        approved: stamp(2, 7),
        retired: stamp(3, 8),
        announcement: "TG-5203-2025-000001".into(),
    };
    let mut entries: Vec<Entry> = works.into_iter().map(|work| Entry { work: Some(work), ..base.clone() }).collect();
    entries.push(Entry { state: retired, ..base });
    entries
}

fn rows() -> RowFilter {
    let condition = |test: Test| Condition { item: read("county_code"), test };
    RowFilter(vec![
        condition(Test::Equals(Literal::Text("a'b".into()))),
        condition(Test::OneOf(vec![
            Literal::Integer(i64::MIN),
            Literal::Date(read("2026-01-01")),
            Literal::Boolean(true),
        ])),
        condition(Test::Between { from: Some(Literal::Integer(i64::MAX)), to: None }),
        condition(Test::StartsWith("5203".into())),
    ])
}

/// A full request of the second organisation for the first entry, in draft.
pub(crate) fn request(n: u32) -> Request {
    let content = RequestContent {
        basis: Some(basis()),
        scenario: "场景".into(),
        scope_of_use: "范围".into(),
        purpose: "用途".into(),
        items: vec![read("item_0"), read("item_1")],
        rows: rows(),
        method: Some(SharingMethod::ServiceInterface),
        systems: vec![id(1)],
        calls_per_second: 1,
        rows_per_call: 2,
        rows_per_day: u64::MAX,
        valid_from: Some(read("2026-01-01")),
        valid_until: Some(read("2026-12-31")),
        safeguards: "措施".into(),
        contact_name: "钱".into(),
        contact_phone: "0851-1".into(),
        attested: true,
    };
    Request {
        id: id(n),
        number: format!("2026-{n:06}"),
        cart: None,
        entry: id(1),
        requester: id(2),
        provider: id(1),
        drafted_by: id(1),
        content,
        state: RequestState::Draft { declined: None },
    }
}

pub(crate) fn reception(due: i64) -> Reception {
    Reception { consent: stamp(2, 10), clock: clock(due), supplement: None, extension: None }
}

fn clock(due: i64) -> Clock {
    Clock {
        started: at(10),
        due: at(due),
        working_days: 10,
        ground: Article::item(21, 1, 3),
        calendar: "2026/1".into(),
        provisional: true,
        kind: Some(ClockId::ReplyConditional),
        rule_set: "decree_809".into(),
        extended_by: 3,
        paused_for: 2,
        counted_from: Some(at(11)),
        region: Some("5203".parse().unwrap()),
    }
}

/// An extension with each answer, and none yet.
fn extensions() -> [request::Extension; 3] {
    use request::{Extension, ExtensionDecision};
    let asked = |decision| Extension { asked: stamp(1, 21), reason: "核对".into(), working_days: 10, decision };
    [
        asked(ExtensionDecision::Awaited),
        asked(ExtensionDecision::Granted { by: stamp(2, 22), clock: clock(200), notified: at(22) }),
        asked(ExtensionDecision::Refused { returned: returned(22), notified: at(22) }),
    ]
}

/// Deliveries: begun, objected to, and stopped in each way.
fn deliveries() -> Vec<Delivery> {
    let open = Delivery { clock: clock(300), first: None, objection: None, settled: None };
    let settled = [
        DeliverySettled::Confirmed(stamp(2, 70)),
        DeliverySettled::Presumed { at: at(70) },
        DeliverySettled::Lapsed { at: at(70) },
    ];
    let begun = Delivery { first: Some(at(60)), objection: Some(returned(55)), ..open.clone() };
    let stopped = settled.map(|settled| Delivery { settled: Some(settled), ..begun.clone() });
    [vec![open, begun], stopped.to_vec()].concat()
}

/// Every state a request can be in.
pub(crate) fn request_states() -> Vec<RequestState> {
    let asked =
        Supplement { asked: stamp(1, 20), missing: vec!["依据".into()], answer_by: Some(at(90)), answered: None };
    let answer = SupplementAnswer { by: stamp(2, 30), answers: "补".into() };
    let answered = Supplement { answered: Some(answer), ..asked.clone() };
    let supplemented = Reception { supplement: Some(answered), ..reception(100) };
    let narrowing = Narrowing {
        items: Some(vec![read("item_0")]),
        rows: Some(rows()),
        calls_per_second: Some(1),
        rows_per_call: Some(1),
        rows_per_day: Some(1),
        valid_until: Some(read("2026-06-30")),
        masks: masks().into_iter().map(|mask| (read("item_0"), mask)).collect(),
    };
    let agree = Proposal::Agree { narrowing, opinion: "同意".into() };
    let reason = |code| RefusalReason {
        code,
        text: "不符".into(),
        condition: Some("监管".into()),
        basis: Some((BasisRank::Rule, "办法".into())),
    };
    let bare = RefusalReason { condition: None, basis: None, ..reason(RefusalReasonCode::NotLawful) };
    let reasons = RefusalReasonCode::ALL.iter().map(|code| reason(*code)).chain([bare]).collect();
    let refuse = Proposal::Refuse { reasons, opinion: String::new(), self_made: vec!["监管".into()] };
    let (proposed, decided) = (stamp(1, 40), stamp(1, 50));
    let agreed = |delivery| RequestState::Agreed {
        reception: supplemented.clone(),
        proposal: agree.clone(),
        proposed: proposed.clone(),
        decided: decided.clone(),
        grant: id(1),
        delivery,
    };
    let extended = extensions().map(|extension| RequestState::Received {
        reception: Reception { extension: Some(extension), ..reception(100) },
        returned: None,
    });
    let delivered = deliveries().into_iter().map(Some).chain([None]).map(agreed);
    let states = vec![
        RequestState::Draft { declined: None },
        RequestState::Draft { declined: Some(returned(5)) },
        RequestState::AwaitingConsent { submitted: stamp(2, 6) },
        RequestState::Received { reception: reception(100), returned: None },
        RequestState::Received { reception: supplemented.clone(), returned: Some(returned(45)) },
        RequestState::SupplementAsked { reception: Reception { supplement: Some(asked), ..reception(100) } },
        RequestState::Proposed { reception: supplemented.clone(), proposal: agree.clone(), by: proposed.clone() },
        RequestState::Refused {
            reception: supplemented.clone(),
            proposal: refuse,
            proposed: proposed.clone(),
            decided: decided.clone(),
        },
        RequestState::Withdrawn { reception: None, withdrawn: returned(60) },
        RequestState::Withdrawn { reception: Some(supplemented.clone()), withdrawn: returned(60) },
    ];
    states.into_iter().chain(extended).chain(delivered).collect()
}

/// A full grant for the `n`-th request.
pub(crate) fn grant(n: u32) -> Grant {
    let item = |position: usize, mask: Option<Mask>| TermsItem {
        name: read(&format!("item_{position}")),
        title: "数据项".into(),
        column: "c".into(),
        item_type: ItemType::Decimal,
        grade: Grade::Core,
        mask,
    };
    let terms = Terms {
        purpose: "用途".into(),
        resource: Resource { source: id(1), table: "企业".into() },
        items: masks().into_iter().map(Some).enumerate().map(|(n, mask)| item(n, mask)).collect(),
        row_items: vec![item(9, None)],
        rows: rows(),
        method: SharingMethod::FileDownload,
        systems: vec![id(1), id(2)],
        calls_per_second: 1,
        rows_per_call: 2,
        rows_per_day: 3,
        valid_from: read("2025-10-01"),
        valid_until: read("2025-10-31"),
    };
    Grant {
        id: id(n),
        number: format!("2026-{n:06}"),
        request: id(n),
        entry: id(1),
        entry_name: "企业登记信息".into(),
        requester: id(2),
        provider: id(1),
        terms,
        agreed: stamp(1, n.into()),
        consents: vec![Consent {
            kind: ConsentKind::Purpose,
            text: "同意用于年度核查".into(),
            case: id(1),
            number: "YT-2026-000001".into(),
            from: Date::constant(2026, 4, 1),
        }],
        state: GrantState::Active,
    }
}

/// Every state a grant can be in.
pub(crate) fn grant_states() -> Vec<GrantState> {
    let text = || "原因".to_owned();
    let grounds = [
        RevocationGround::Misuse { text: text() },
        RevocationGround::PurposeEnded { text: text() },
        RevocationGround::Negotiated { text: text(), filing_number: "备〔2026〕1号".into() },
    ];
    let revoked = grounds.into_iter().map(|ground| GrantState::Revoked { by: stamp(1, 70), ground });
    let suspended = GrantState::Suspended { by: stamp(1, 65), case: id(1), reason: text() };
    [GrantState::Active, suspended].into_iter().chain(revoked).collect()
}

/// Two organisations, one person, the first entry.
pub(crate) async fn furnish(store: &Store) {
    let mut tx = store.begin_write().await.unwrap();
    for n in 1..=2 {
        tx.organisation_insert(&organisation(n), &permit()).await.unwrap();
    }
    tx.person_insert(&person(1), &permit()).await.unwrap();
    tx.entry_insert(&entry(1), &permit()).await.unwrap();
    tx.rule_set_insert(&rule_set(1), &permit()).await.unwrap();
    tx.calendar_notice_insert(notice_id(1), at(5), &notice("国办发明电〔2026〕9号"), &permit()).await.unwrap();
    commit(tx).await;
}
