//! Valid samples: one entry, its source, one request on it, one grant; and each of them in every state.

use shuqiao_calendar::WorkCalendar;
use shuqiao_domain::{
    Refusal, Stamp,
    catalogue::{
        self, ChangeKind, Conditions, Entry, EntryContent, EntryEvent, EntryStateName, ImpactAssessment, Item,
        LegalBasis, Limits, NotSharedBasis, Resource, SecrecyReview,
    },
    grant::Grant,
    request::{
        self, Decision, Narrowing, Proposal, RefusalReason, RefusalReasonCode, Request, RequestContent, RequestEvent,
        RequestStateName, Supplement,
    },
    source::{Column, Structure, Table},
};
use shuqiao_vocabulary::{
    BasisRank, CatalogueEntryId, Condition, DataFormat, Date, Grade, GrantId, Id, ItemName, ItemType, Literal, Mask,
    Moment, OrganisationId, PersonId, RowFilter, SharingAttribute, SharingMethod, SharingRequestId, SourceId, SystemId,
    Test, UpdateFrequency, id::Kind,
};

/// An id whose hexadecimal digits end in this number.
fn id<K: Kind>(number: u8) -> Id<K> {
    format!("{}_{number:032x}", K::PREFIX).parse().unwrap()
}

pub(crate) fn provider() -> OrganisationId {
    id(1)
}

pub(crate) fn requester() -> OrganisationId {
    id(2)
}

pub(crate) fn authority() -> OrganisationId {
    id(3)
}

pub(crate) fn entry_id() -> CatalogueEntryId {
    id(1)
}

pub(crate) fn request_id() -> SharingRequestId {
    id(1)
}

pub(crate) fn grant_id() -> GrantId {
    id(1)
}

pub(crate) fn system(number: u8) -> SystemId {
    id(number)
}

pub(crate) fn person(number: u8) -> PersonId {
    id(number)
}

pub(crate) fn source() -> SourceId {
    id(1)
}

/// `2026-03-02`.
pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// About noon of that legal day.
pub(crate) fn noon(date: Date) -> Moment {
    Moment::end_of_day(date).plus_seconds(-12 * 3_600)
}

/// The day on which the samples happen: a Monday, a working day.
pub(crate) fn today() -> Date {
    day("2026-03-02")
}

pub(crate) fn stamp_on(organisation: OrganisationId, number: u8, date: Date) -> Stamp {
    Stamp { person: person(number), organisation, at: noon(date) }
}

pub(crate) fn by_provider() -> Stamp {
    stamp_on(provider(), 1, today())
}

pub(crate) fn by_requester() -> Stamp {
    stamp_on(requester(), 2, today())
}

pub(crate) fn by_authority() -> Stamp {
    stamp_on(authority(), 3, today())
}

pub(crate) fn item_name(text: &str) -> ItemName {
    text.parse().unwrap()
}

pub(crate) fn names(list: &[&str]) -> Vec<ItemName> {
    list.iter().map(|name| item_name(name)).collect()
}

pub(crate) fn basis() -> LegalBasis {
    LegalBasis {
        rank: BasisRank::Law, title: "中华人民共和国社会保险法".into(), article: "第七十四条".into()
    }
}

pub(crate) fn condition(name: &str, test: Test) -> Condition {
    Condition { item: item_name(name), test }
}

pub(crate) fn in_region(prefix: &str) -> Condition {
    condition("county_code", Test::StartsWith(prefix.into()))
}

pub(crate) fn text_literal(text: &str) -> Literal {
    Literal::Text(text.into())
}

fn item(name: &str, title: &str, item_type: ItemType) -> Item {
    Item {
        name: item_name(name),
        title: title.into(),
        column: name.into(),
        item_type,
        grade: Some(Grade::L2),
        sharing_attribute: Some(SharingAttribute::Conditional),
        personal: false,
        sensitive: false,
        mask: None,
        description: String::new(),
    }
}

fn items() -> Vec<Item> {
    let personal = |item: Item| Item { personal: true, ..item };
    vec![
        personal(item("person_name", "姓名", ItemType::Text)),
        Item {
            sensitive: true,
            grade: Some(Grade::L3),
            mask: Some(Mask::KeepEnds { head: 6, tail: 2 }),
            ..personal(item("id_number", "公民身份号码", ItemType::Text))
        },
        item("county_code", "所在区县", ItemType::Text),
        item("household_size", "家庭人口", ItemType::Integer),
        item("monthly_income", "月收入", ItemType::Decimal),
        item("registered_on", "登记日期", ItemType::Date),
        item("in_dispute", "存在争议", ItemType::Boolean),
        item("updated_at", "更新时间", ItemType::DateTime),
        Item {
            sharing_attribute: Some(SharingAttribute::NotShared),
            grade: Some(Grade::L3),
            ..personal(item("case_note", "核查记录", ItemType::Text))
        },
    ]
}

/// A complete entry of conditionally shared data with personal information, and one item that is not shared.
pub(crate) fn content() -> EntryContent {
    EntryContent {
        name: "低收入家庭信息".into(),
        code: None,
        summary: "经县级民政部门认定的低收入家庭及其成员。".into(),
        data_format: Some(DataFormat::Database),
        update_frequency: Some(UpdateFrequency::Daily),
        sharing_attribute: Some(SharingAttribute::Conditional),
        conditions: Conditions { purposes: vec!["社会救助资格核对".into()], ..Conditions::default() },
        not_shared_basis: None,
        methods: vec![SharingMethod::ServiceInterface, SharingMethod::FileDownload],
        category: "基础信息资源/人口".into(),
        grade: Some(Grade::L3),
        collection_basis: Some(basis()),
        secrecy: Some(SecrecyReview {
            state_secret: false,
            work_secret: false,
            reviewer: "周敏".into(),
            date: Some(day("2026-02-10")),
            conclusion: "不涉及国家秘密、工作秘密。".into(),
        }),
        personal_information: true,
        impact_assessment: Some(ImpactAssessment {
            lawful_purpose: "依法履行社会救助职责所必需。".into(),
            impact: "影响可控。".into(),
            safeguards: "脱敏、限行、留痕。".into(),
            assessor: "李航".into(),
            date: Some(day("2026-02-11")),
        }),
        resource: Some(Resource { source: source(), table: "household".into() }),
        limits: Some(Limits { calls_per_second: 50, rows_per_call: 500, rows_per_day: 100_000 }),
        items: items(),
    }
}

/// The same data, were it shared without conditions.
pub(crate) fn unconditional_content() -> EntryContent {
    let mut content = content();
    content.sharing_attribute = Some(SharingAttribute::Unconditional);
    content.conditions = Conditions::default();
    content
}

/// The same data, were a law to forbid sharing it.
pub(crate) fn not_shared_content() -> EntryContent {
    let mut content = content();
    content.sharing_attribute = Some(SharingAttribute::NotShared);
    content.conditions = Conditions::default();
    content.not_shared_basis = Some(NotSharedBasis {
        basis: basis(),
        reason: "法律规定应当保密。".into(),
        review_by: Some(day("2027-03-02")),
    });
    content.methods.clear();
    content.resource = None;
    content.limits = None;
    for item in &mut content.items {
        item.sharing_attribute = Some(SharingAttribute::NotShared);
    }
    content
}

/// The structure that the sample entry's source has.
pub(crate) fn structure() -> Structure {
    let columns = items()
        .into_iter()
        .map(|item| Column {
            name: item.column,
            item_type: item.item_type,
            nullable: true,
            native_type: item.item_type.as_str().into(),
        })
        .collect();
    let table = Table { name: "household".into(), rows_estimate: Some(1_000), key: vec!["id_number".into()], columns };
    Structure { tables: vec![table], encoding: None, threshold: None, digest: [7; 32] }
}

pub(crate) fn entry_draft(content: EntryContent) -> Entry {
    catalogue::draft(entry_id(), content, &by_provider()).0
}

/// An entry that went the whole way.
pub(crate) fn published(content: EntryContent) -> Entry {
    entry_in(EntryStateName::Published, content)
}

/// The entry one step further.
pub(crate) fn moved(entry: Entry, event: Result<EntryEvent, Refusal>) -> Entry {
    let event = event.unwrap();
    entry.apply(&event)
}

/// An entry that went its lawful way up to this state. Where changes can be recorded, two are: for the first no extension
/// was asked for yet, for the second one waits for the authority.
pub(crate) fn entry_in(state: EntryStateName, content: EntryContent) -> Entry {
    let entry = entry_under_way(state, content);
    if catalogue::admits(state, catalogue::EntryVerb::RecordChange) { with_changes(entry) } else { entry }
}

pub(crate) fn with_changes(mut entry: Entry) -> Entry {
    let first = entry.changes.len();
    for title in ["社会救助法公布施行", "部门三定规定调整"] {
        let event = changed(&entry, title, today(), by_provider());
        entry = moved(entry, event);
    }
    let asked = catalogue::ask_extension(&entry, first + 1, "系统改造需要时间。", &calendar(), by_provider());
    moved(entry, asked)
}

/// A law changed on this day.
pub(crate) fn changed(entry: &Entry, title: &str, on: Date, by: Stamp) -> Result<EntryEvent, Refusal> {
    catalogue::record_change(entry, ChangeKind::LawChanged, title, on, &calendar(), by)
}

pub(crate) fn announcement() -> String {
    "TG-520000-2026-000001".into()
}

fn entry_under_way(state: EntryStateName, content: EntryContent) -> Entry {
    use EntryStateName as S;
    let without_source = content.resource.is_none();
    let read = structure();
    let structure = (!without_source).then_some(&read);
    let mut entry = entry_draft(content);
    let publish =
        |entry: &Entry| catalogue::publish(entry, structure, "520000/000001".into(), announcement(), by_authority());
    let path = [S::Draft, S::AwaitingHead, S::Filed, S::Published];
    for next in &path[1..=path.iter().position(|on_it| *on_it == state).unwrap_or(3)] {
        let event = match next {
            S::AwaitingHead => catalogue::submit(&entry, structure, by_provider()),
            S::Filed => catalogue::approve(&entry, &calendar(), by_provider()),
            _ => publish(&entry),
        };
        entry = moved(entry, event);
    }
    let steps: &[S] = match state {
        S::UpdateDraft => &[S::UpdateDraft],
        S::UpdateAwaitingHead => &[S::UpdateDraft, S::UpdateAwaitingHead],
        S::UpdateFiled => &[S::UpdateDraft, S::UpdateAwaitingHead, S::UpdateFiled],
        S::RetirementAwaitingHead => &[S::RetirementAwaitingHead],
        S::RetirementFiled => &[S::RetirementAwaitingHead, S::RetirementFiled],
        S::Retired => &[S::RetirementAwaitingHead, S::RetirementFiled, S::Retired],
        S::Draft | S::AwaitingHead | S::Filed | S::Published => &[],
    };
    for next in steps {
        let event = match next {
            S::UpdateDraft => catalogue::begin_update(&entry, by_provider()),
            S::UpdateAwaitingHead => catalogue::submit(&entry, structure, by_provider()),
            S::RetirementAwaitingHead => catalogue::propose_retirement(&entry, "职责划转。", 0, by_provider()),
            S::Retired => catalogue::retire(&entry, 0, announcement(), by_authority()),
            _ => catalogue::approve(&entry, &calendar(), by_provider()),
        };
        entry = moved(entry, event);
    }
    entry
}

/// A complete request for three items of the sample entry, in one city.
pub(crate) fn asked() -> RequestContent {
    RequestContent {
        basis: Some(basis()),
        scenario: "办理临时救助时核对家庭经济状况。".into(),
        scope_of_use: "市民政局社会救助科。".into(),
        purpose: "社会救助资格核对".into(),
        items: names(&["person_name", "id_number", "household_size"]),
        rows: RowFilter(vec![in_region("5203")]),
        method: Some(SharingMethod::ServiceInterface),
        systems: vec![system(1)],
        calls_per_second: 10,
        rows_per_call: 100,
        rows_per_day: 10_000,
        valid_from: Some(day("2026-03-10")),
        valid_until: Some(day("2027-03-09")),
        safeguards: "专网访问，专人负责，日志留存三年。".into(),
        contact_name: "王芳".into(),
        contact_phone: "0851-00000000".into(),
        attested: true,
    }
}

pub(crate) fn request_draft(entry: &Entry) -> Request {
    request::draft(request_id(), "2026-000001".into(), entry, asked(), &by_requester()).unwrap().0
}

pub(crate) fn agree(narrowing: Narrowing) -> Proposal {
    Proposal::Agree { narrowing, opinion: "同意。".into() }
}

pub(crate) fn reason(text: &str) -> RefusalReason {
    RefusalReason { code: RefusalReasonCode::NotNecessary, text: text.into(), condition: None, basis: None }
}

pub(crate) fn refuse(reasons: Vec<RefusalReason>) -> Proposal {
    Proposal::Refuse { reasons, opinion: "不同意。".into(), self_made: Vec::new() }
}

pub(crate) fn calendar() -> WorkCalendar {
    WorkCalendar::official()
}

/// The request one step further.
pub(crate) fn after(request: Request, event: Result<RequestEvent, Refusal>) -> Request {
    let event = event.unwrap();
    request.apply(&event)
}

pub(crate) fn submitted(entry: &Entry) -> Request {
    let request = request_draft(entry);
    after(request.clone(), request::submit(&request, entry, today(), by_requester()))
}

pub(crate) fn received(entry: &Entry) -> Request {
    let request = submitted(entry);
    after(request.clone(), request::consent(&request, entry, &calendar(), by_requester()))
}

pub(crate) fn supplement_asked(entry: &Entry) -> Request {
    let request = received(entry);
    after(request.clone(), request::ask_supplement(&request, &["委托书".into()], None, by_provider()))
}

pub(crate) fn supplemented(entry: &Entry) -> Request {
    let request = supplement_asked(entry);
    after(request.clone(), request::supplement(&request, entry, "委托书见附件。", by_requester()))
}

pub(crate) fn proposed(request: Request, entry: &Entry, proposal: Proposal) -> Request {
    after(request.clone(), request::propose(&request, entry, proposal, by_provider()))
}

/// A day after the time to answer a notice has run out: the reply is due on 16 March, the answer the day before.
pub(crate) fn by_provider_later() -> Stamp {
    stamp_on(provider(), 1, day("2026-03-16"))
}

/// The provider asked for five days more.
pub(crate) fn extension_asked(request: Request) -> Request {
    after(request.clone(), request::ask_extension(&request, 5, "需向省级系统核对。", &calendar(), by_provider()))
}

pub(crate) fn extension_granted(request: Request) -> Request {
    let request = extension_asked(request);
    after(request.clone(), request::grant_extension(&request, &calendar(), by_authority()))
}

pub(crate) fn extension_refused(request: Request) -> Request {
    let request = extension_asked(request);
    after(request.clone(), request::refuse_extension(&request, "理由不充分。", by_authority()))
}

/// Agreed, with the clock of delivery running.
pub(crate) fn agreed(entry: &Entry) -> Request {
    decided(proposed(received(entry), entry, agree(Narrowing::default())), entry).0
}

/// Agreed, and the requester has confirmed the delivery.
pub(crate) fn delivered(entry: &Entry) -> Request {
    let request = agreed(entry);
    after(request.clone(), request::confirm_delivery(&request, by_requester()))
}

pub(crate) fn withdrawn(request: Request) -> Request {
    after(request.clone(), request::withdraw(&request, "不再需要。", by_requester()))
}

/// The request and its grant, if there is one, after the office head's consent to the proposal.
pub(crate) fn decided(request: Request, entry: &Entry) -> (Request, Option<Grant>) {
    match request::decide(&request, entry, grant_id(), &calendar(), by_provider()).unwrap() {
        Decision::Agreed(event, grant) => (request.apply(&event), Some(*grant)),
        Decision::Refused(event) => (request.apply(&event), None),
    }
}

/// Every state a request can be in, and within one state what makes a difference; each with the words for it.
pub(crate) fn requests(entry: &Entry) -> Vec<(RequestStateName, &'static str, Request)> {
    use RequestStateName as S;
    let to_agree = || proposed(received(entry), entry, agree(Narrowing::default()));
    let to_refuse = || proposed(received(entry), entry, refuse(vec![reason("用途不需要。")]));
    let unanswered = || {
        let request = supplement_asked(entry);
        let refused = refuse(vec![reason("未按告知补正。")]);
        after(request.clone(), request::propose(&request, entry, refused, by_provider_later()))
    };
    vec![
        (S::Draft, "", request_draft(entry)),
        (S::AwaitingConsent, "", submitted(entry)),
        (S::Received, "", received(entry)),
        (S::Received, "已补正 supplemented", supplemented(entry)),
        (S::Received, "已申请延期 extension asked", extension_asked(received(entry))),
        (S::Received, "已延期 extended", extension_granted(received(entry))),
        (S::Received, "不同意延期 extension refused", extension_refused(received(entry))),
        (S::SupplementAsked, "", supplement_asked(entry)),
        (S::SupplementAsked, "已申请延期 extension asked", extension_asked(supplement_asked(entry))),
        (S::Proposed, "拟同意 to agree", to_agree()),
        (S::Proposed, "拟不同意 to refuse", to_refuse()),
        (S::Proposed, "未补正 notice unanswered", unanswered()),
        (
            S::Proposed,
            "已申请延期 extension asked",
            proposed(extension_asked(received(entry)), entry, agree(Narrowing::default())),
        ),
        (S::Agreed, "", agreed(entry)),
        (S::Agreed, "已确认提供 delivered", delivered(entry)),
        (S::Refused, "", decided(to_refuse(), entry).0),
        (S::Withdrawn, "收到前 before receipt", withdrawn(submitted(entry))),
        (S::Withdrawn, "收到后 after receipt", withdrawn(received(entry))),
    ]
}

pub(crate) fn supplement_of(request: &Request) -> Option<&Supplement> {
    request.state.reception().and_then(|reception| reception.supplement.as_ref())
}

/// A grant in force.
pub(crate) fn active() -> Grant {
    let entry = published(content());
    decided(proposed(received(&entry), &entry, agree(Narrowing::default())), &entry).1.unwrap()
}

/// Problems as lines: `field: code (article) name=value`.
pub(crate) fn lines(problems: &[shuqiao_domain::Problem]) -> String {
    let line = |problem: &shuqiao_domain::Problem| {
        let article = problem.article.map(|article| format!(" ({article})")).unwrap_or_default();
        let params: String = problem.params.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        format!("{}: {}{article}{params}", problem.field, problem.code)
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A refusal as a line: `code (article) name=value`, and its problems below it.
pub(crate) fn refusal_line(refusal: &Refusal) -> String {
    let article = refusal.ground.map(|article| format!(" ({article})")).unwrap_or_default();
    let params: String = refusal.params.iter().map(|(name, value)| format!(" {name}={value}")).collect();
    let problems = lines(&refusal.problems);
    format!("{}{article}{params}{}{problems}", refusal.code, if problems.is_empty() { "" } else { "\n" })
}
