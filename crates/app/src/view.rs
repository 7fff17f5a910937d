//! What operations answer with: the aggregate and what people need beside it. Plain values; `http` renders them.
//!
//! The few values of other rooms that views hold are named here too, so that `http` can render them without knowing
//! those rooms (docs/adr/0011).

use crate::{AppError, port::SheetProblem};
use shuqiao_domain::{
    Clock, Problem, Spent,
    account::Person,
    case::{AnyCase, FlowProgress},
    catalogue::{Access, Announcement, Difference, Entry, EntryVerb, Version},
    grant::{Grant, GrantStateName, GrantVerb},
    organisation::Organisation,
    request::{Cart, Finding, Request, RequestVerb},
    source::Source,
    system::System,
};
use shuqiao_policy::Principal;
use shuqiao_store::Cursor;
use shuqiao_vocabulary::{CatalogueEntryId, Date, ItemName, Moment, OrganisationId, PersonId};
use std::{collections::BTreeMap, sync::Arc};

mod callers;
mod clocks;
mod leak;
mod papers;
mod record;

pub use callers::*;
pub use clocks::*;
pub use leak::*;
pub use papers::*;
pub use record::*;

pub use crate::element::{ElementView, RepeatView, RepeatedItem};
pub use crate::responsibility::ResponsibleView;
pub use shuqiao_calendar::{Light, Notice};
pub use shuqiao_policy::{Action, Denied};
pub use shuqiao_store::{JournalActor, JournalRow, NoticeRow, Outcome, Reminded, Revised};

/// Names of everybody on the node, among them those whom a view speaks of.
pub type People = Arc<BTreeMap<PersonId, String>>;

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins, opaque.
    pub next: Option<String>,
}

impl<T> Page<T> {
    pub(crate) fn new(items: Vec<T>, next: Option<Cursor>) -> Self {
        Self { items, next: next.map(|cursor| cursor.to_string()) }
    }
}

/// Where a page begins, as the store knows it.
pub(crate) fn beginning(after: Option<&str>) -> Result<Option<Cursor>, AppError> {
    after.map(str::parse).transpose().map_err(|_| AppError::CursorInvalid)
}

/// A login that succeeded.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The session's token; shown once.
    pub token: String,
    /// Seconds that it lasts.
    pub seconds: i64,
    /// Whose session it is.
    pub who: SessionPrincipal,
}

/// Who a session belongs to.
#[derive(Clone, Debug)]
pub struct SessionPrincipal {
    /// As the policies see the person.
    pub principal: Principal,
    /// The person's name.
    pub person_name: String,
}

/// Who I am and what I may do here at all.
#[derive(Clone, Debug)]
pub struct Me {
    /// The person.
    pub person: Person,
    /// The organisation.
    pub organisation: Organisation,
    /// Actions that somebody of these roles may do at all; what exactly depends on the thing.
    pub can: Vec<Action>,
}

/// One line of a thing's history.
#[derive(Clone, Debug)]
pub struct HistoryLine {
    /// Index in the record.
    pub index: u64,
    /// When.
    pub at: Moment,
    /// What.
    pub event: String,
    /// Who.
    pub person_name: Option<String>,
    /// For whom.
    pub organisation_name: Option<String>,
    /// Reason or opinion.
    pub note: Option<String>,
}

/// A catalogue entry.
#[derive(Clone, Debug)]
pub struct EntryView {
    /// The entry.
    pub entry: Revised<Entry>,
    /// Whose it is.
    pub provider: Organisation,
    /// What the reader's department may do with it.
    pub access: Access,
    /// What the reader may do to it now.
    pub allowed: Vec<EntryVerb>,
    /// Whether the reader may ask for it.
    pub may_request: bool,
    /// What it lacks.
    pub problems: Vec<Problem>,
    /// What happened to it.
    pub history: Vec<HistoryLine>,
    /// Names.
    pub people: People,
    /// Names of organisations.
    pub organisations: BTreeMap<OrganisationId, String>,
    /// What the next version says differently, while one is under way.
    pub differences: Vec<Difference>,
    /// The department's clocks, one for each change, in their order.
    pub changes: Vec<ClockView>,
    /// The authority's clocks, one for each review, in their order.
    pub reviews: Vec<ClockView>,
    /// Distinct subjects that each row of what is behind it is summed up from at least; of views that have a threshold.
    pub subjects_min: Option<u32>,
}

/// A version of an entry, as it was published.
#[derive(Clone, Debug)]
pub struct VersionView {
    /// The version.
    pub version: Version,
    /// Whether it holds now.
    pub current: bool,
    /// What it says differently from the version before.
    pub differences: Vec<Difference>,
    /// Names.
    pub people: People,
}

/// An announcement of the catalogue.
#[derive(Clone, Debug)]
pub struct AnnouncementView {
    /// The announcement.
    pub announcement: Announcement,
    /// Whose data it is.
    pub provider: Organisation,
    /// Who announced it.
    pub authority: Organisation,
}

/// An entry in a list.
#[derive(Clone, Debug)]
pub struct EntryHit {
    /// The entry.
    pub entry: Revised<Entry>,
    /// Whose it is.
    pub provider: Organisation,
    /// What the reader's department may do with it.
    pub access: Access,
    /// Where the words were found.
    pub matched: Vec<&'static str>,
    /// The clock that is due first, for the department and its authority.
    pub clock: Option<ClockView>,
}

/// What became of a file of entries, or would become of it.
#[derive(Clone, Debug)]
pub struct ImportView {
    /// The profile by which it was read.
    pub profile: String,
    /// SHA-256 of the file, in hexadecimal, as the record names it.
    pub digest: String,
    /// Its entries.
    pub entries: Vec<ImportedEntry>,
    /// What is wrong with its rows, and entries that the department already has.
    pub problems: Vec<SheetProblem>,
    /// What is remarkable about the file: code, sheet, detail.
    pub notes: Vec<(&'static str, String, String)>,
}

/// An entry of a file.
#[derive(Clone, Debug)]
pub struct ImportedEntry {
    /// Its sheet.
    pub sheet: String,
    /// Its row.
    pub row: u32,
    /// Its name.
    pub name: String,
    /// Data items.
    pub items: usize,
    /// What became of it.
    pub outcome: ImportOutcome,
    /// What the draft still lacks until it can be submitted (Art. 13).
    pub lacks: usize,
}

/// What became of an entry of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// It can be drafted; nothing was.
    Ready,
    /// It was drafted.
    Created(CatalogueEntryId),
    /// Its rows are wrong, or the department has it already.
    Refused,
}

/// A reply clock as it stands now.
#[derive(Clone, Debug)]
pub struct ClockView {
    /// The clock.
    pub clock: Clock,
    /// Working days left; negative when overdue.
    pub remaining_working_days: i32,
    /// How it stands.
    pub light: Light,
    /// Working days spent, in all and without those waited for the other side; shown beside, never subtracted.
    pub spent: Spent,
}

/// A sharing request.
#[derive(Clone, Debug)]
pub struct RequestView {
    /// The request.
    pub request: Revised<Request>,
    /// What it asks for.
    pub entry: Entry,
    /// Who asks.
    pub requester: Organisation,
    /// Who is asked.
    pub provider: Organisation,
    /// The application it is a part of.
    pub cart: Option<Cart>,
    /// The reply clock, from receipt on.
    pub clock: Option<ClockView>,
    /// The clock of delivery, once agreed.
    pub delivery: Option<ClockView>,
    /// Working days of silence after which a delivery counts as usable, by the provider's rules.
    pub objection_days: u16,
    /// What can be told before a human looks at it.
    pub precheck: Vec<Finding>,
    /// What it still lacks.
    pub problems: Vec<Problem>,
    /// The systems that would call.
    pub systems: Vec<System>,
    /// What happened to it.
    pub history: Vec<HistoryLine>,
    /// Names.
    pub people: People,
    /// What the reader may do to it now.
    pub allowed: Vec<RequestVerb>,
}

/// A request in a list.
#[derive(Clone, Debug)]
pub struct RequestHit {
    /// The request.
    pub request: Revised<Request>,
    /// The entry's name.
    pub entry_name: String,
    /// Who asks.
    pub requester: Organisation,
    /// Who is asked.
    pub provider: Organisation,
    /// The clock that runs or ran last: of the reply, then of the delivery.
    pub clock: Option<ClockView>,
}

/// A request of an application.
#[derive(Clone, Debug)]
pub struct CartPart {
    /// The request.
    pub hit: RequestHit,
    /// What the reader may do to it now.
    pub allowed: Vec<RequestVerb>,
}

/// An application for several entries.
#[derive(Clone, Debug)]
pub struct CartView {
    /// The parent.
    pub cart: Cart,
    /// Who asks.
    pub requester: Organisation,
    /// Its requests, as far as the reader may see them, by number.
    pub parts: Vec<CartPart>,
    /// Names.
    pub people: People,
}

/// Something that waits, or waited, for somebody.
#[derive(Clone, Debug)]
pub struct InboxItem {
    /// `request`, `catalogue`, or the kind of a case.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who it comes from.
    pub from: Organisation,
    /// The verb that waits for the reader; empty when none does.
    pub step: &'static str,
    /// The state it is in.
    pub state: &'static str,
    /// Since when.
    pub received: Moment,
    /// The clock, when one runs.
    pub clock: Option<ClockView>,
    /// Its revision.
    pub revision: u64,
}

/// The inbox.
#[derive(Clone, Debug)]
pub struct Inbox {
    /// What the tab holds, by due moment.
    pub items: Vec<InboxItem>,
    /// How many each tab holds, by the tab's spelling.
    pub counts: BTreeMap<&'static str, usize>,
}

/// A case in a list.
#[derive(Clone, Debug)]
pub struct CaseHit {
    /// The case.
    pub case: Revised<AnyCase>,
    /// Its title: names of things and numbers.
    pub title: String,
    /// Who opened it.
    pub opener: Organisation,
    /// Who is asked or held to something.
    pub respondent: Option<Organisation>,
    /// The competent authority.
    pub authority: Option<Organisation>,
    /// Its newest clock.
    pub clock: Option<ClockView>,
    /// Verbs that the reader may do now, by their spellings.
    pub allowed: Vec<&'static str>,
}

/// A case.
#[derive(Clone, Debug)]
pub struct CaseView {
    /// As in a list.
    pub hit: CaseHit,
    /// Others whom it concerns.
    pub concerned: Vec<Organisation>,
    /// Names of people.
    pub people: People,
    /// Short names of organisations.
    pub organisations: BTreeMap<OrganisationId, String>,
    /// How complete and timely a return flow is today.
    pub progress: Option<FlowProgress>,
    /// Until which day a record of use is kept at least.
    pub kept_until: Option<Date>,
}

/// A grant.
#[derive(Clone, Debug)]
pub struct GrantView {
    /// The grant.
    pub grant: Revised<Grant>,
    /// Its state today.
    pub state: GrantStateName,
    /// Who may use it.
    pub requester: Organisation,
    /// Whose data it is.
    pub provider: Organisation,
    /// The systems that may call.
    pub systems: Vec<System>,
    /// Names.
    pub people: People,
    /// The clock of its delivery.
    pub delivery: Option<ClockView>,
    /// Open cases about it that the reader may see.
    pub open_cases: Vec<AnyCase>,
    /// What was delivered.
    pub usage: UsageSummary,
    /// Index of its beginning in the record.
    pub record_index: Option<u64>,
    /// What the reader may do to it now.
    pub allowed: Vec<GrantVerb>,
}

/// Counts over the usage records of a grant.
#[derive(Clone, Debug, Default)]
pub struct UsageSummary {
    /// Calls answered with data.
    pub calls: u64,
    /// Rows delivered.
    pub rows: u64,
    /// Calls refused.
    pub refused: u64,
    /// The last one.
    pub last_at: Option<Moment>,
}

/// One usage record (使用记录).
#[derive(Clone, Debug)]
pub struct UsageLine {
    /// Index in the plane's log.
    pub index: u64,
    /// When.
    pub at: Moment,
    /// The system or person that called.
    pub caller: String,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// The purpose given.
    pub purpose: String,
    /// Rows delivered.
    pub rows: u64,
    /// Bytes delivered.
    pub bytes: u64,
    /// The code of a refusal; `None` when data was delivered.
    pub refused: Option<String>,
    /// The items delivered or asked for.
    pub items: Vec<ItemName>,
}

/// A trial token for one grant.
#[derive(Clone, Debug)]
pub struct TrialToken {
    /// The token.
    pub access_token: String,
    /// Seconds that it lasts.
    pub seconds: i64,
}

/// A source and its revision.
pub type SourceView = Revised<Source>;

/// The few numbers of the landing page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Statistics {
    /// Published entries.
    pub entries_published: u64,
    /// Requests whose clock runs.
    pub requests_open: u64,
    /// Grants in force.
    pub grants_active: u64,
    /// Calls on this legal day.
    pub calls_today: u64,
    /// Requests whose reply is overdue.
    pub overdue: u64,
}

/// A file placed for an organisation.
#[derive(Clone, Debug)]
pub struct IntakeFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was last changed.
    pub modified: Moment,
}
