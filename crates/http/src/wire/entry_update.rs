//! Keeping an entry up to date: what is under way, versions, changes with their clocks, announcements.

use super::{
    entry::{EntryContent, Provider},
    list::{AnnouncementKind, ChangeKind, UpdateStopPolicy},
    shared::{Clock, OrganisationName, SentBack, Signature, person_name, sent_back, signature},
    text::{CatalogueEntryId, Date, MomentText},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::{self as app, view};
use shuqiao_domain::{Stamp, catalogue as entry};
use utoipa::ToSchema;

/// A field that says something else.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Difference {
    /// Path of the field; items by their names, `items[id_number].grade`.
    pub field: String,
    /// What it said; null when it was not there.
    #[schema(required)]
    pub before: Option<String>,
    /// What it says; null when it is no longer there.
    #[schema(required)]
    pub after: Option<String>,
}

impl From<entry::Difference> for Difference {
    fn from(difference: entry::Difference) -> Self {
        let entry::Difference { field, before, after } = difference;
        Self { field, before, after }
    }
}

/// What is under way with a published entry.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// Its next version.
    Update,
    /// Its retirement.
    Retirement,
}

/// What is under way with a published entry; the published version holds meanwhile.
#[derive(Debug, Serialize, ToSchema)]
pub struct Work {
    /// What.
    pub kind: WorkKind,
    /// Who drafted it.
    pub drafted_by_name: String,
    /// What the next version will say; null for a retirement.
    #[schema(required)]
    pub content: Option<EntryContent>,
    /// What it says differently.
    pub differences: Vec<Difference>,
    /// Why the entry is to be retired; null for a next version.
    #[schema(required)]
    pub reason: Option<String>,
    /// The last time it was sent back, while it is a draft.
    #[schema(required)]
    pub returned: Option<SentBack>,
    /// The department head's approval, with which it was filed.
    #[schema(required)]
    pub head_approval: Option<Signature>,
}

/// The wire form of what is under way.
pub(super) fn work(work: entry::Work, differences: Vec<entry::Difference>, people: &view::People) -> Work {
    let drafted_by_name = person_name(people, work.drafted_by());
    let differences = differences.into_iter().map(Into::into).collect();
    match work {
        entry::Work::Update { content, step, .. } => {
            let (returned, approved) = match step {
                entry::UpdateStep::Draft { returned, .. } => (returned, None),
                entry::UpdateStep::AwaitingHead { .. } => (None, None),
                entry::UpdateStep::Filed { approved, .. } => (None, Some(approved)),
            };
            Work {
                kind: WorkKind::Update,
                drafted_by_name,
                content: Some((*content).into()),
                differences,
                reason: None,
                returned: returned.as_ref().map(|returned| sent_back(people, returned)),
                head_approval: approved.as_ref().map(|stamp| signature(people, stamp)),
            }
        }
        entry::Work::Retirement { reason, approved, .. } => Work {
            kind: WorkKind::Retirement,
            drafted_by_name,
            content: None,
            differences,
            reason: Some(reason),
            returned: None,
            head_approval: approved.as_ref().map(|stamp| signature(people, stamp)),
        },
    }
}

/// That an entry was retired (撤销).
#[derive(Debug, Serialize, ToSchema)]
pub struct Retirement {
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: Signature,
}

/// Who recorded a thing, and for whom.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recorded {
    /// The person's name.
    pub name: String,
    /// The organisation's name.
    pub organisation_name: String,
    /// When.
    pub at: MomentText,
}

fn recorded(view: &view::EntryView, stamp: &Stamp) -> Recorded {
    let organisation = view.organisations.get(&stamp.organisation).cloned();
    Recorded {
        name: person_name(&view.people, stamp.person),
        organisation_name: organisation.unwrap_or_else(|| stamp.organisation.to_string()),
        at: MomentText(stamp.at),
    }
}

/// An extension of the department's term (延期).
#[derive(Debug, Serialize, ToSchema)]
pub struct UpdateExtension {
    /// Who asked.
    pub asked: Recorded,
    /// The special reason.
    pub reason: String,
    /// Whether the authority consented; null while it has not decided.
    #[schema(required)]
    pub consented: Option<bool>,
    /// Who decided.
    #[schema(required)]
    pub decided: Option<Recorded>,
    /// What the authority says.
    pub opinion: String,
}

/// Whether the entry follows a change.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// Not yet: the clock runs.
    Open,
    /// What answers it is filed: the clock stands, unless `stops_with` is the publication.
    Answered,
    /// What answers it is published.
    Settled,
}

/// A change of law, State Council decision or duty that the entry must follow (Art. 17(2)).
#[derive(Debug, Serialize, ToSchema)]
pub struct Change {
    /// Its place among the entry's changes, from 0.
    pub place: usize,
    /// What changed.
    pub kind: ChangeKind,
    /// The norm or document, and what it changes.
    pub title: String,
    /// The day it happened.
    pub occurred: Date,
    /// Who recorded it: the department, or the authority for it.
    pub recorded: Recorded,
    /// Whether the entry follows it.
    pub state: ChangeState,
    /// The department's clock.
    pub clock: Clock,
    /// What stops the clock, as the rules read the law on the day of the change.
    pub stops_with: UpdateStopPolicy,
    /// When the clock came to stand.
    #[schema(required)]
    pub stopped_at: Option<MomentText>,
    /// The one extension, once asked for.
    #[schema(required)]
    pub extension: Option<UpdateExtension>,
    /// Whether an extension can still be asked for, as far as the change goes.
    pub extendable: bool,
}

/// The authority's review of what was filed (Art. 17(3)).
#[derive(Debug, Serialize, ToSchema)]
pub struct Review {
    /// The authority's clock.
    pub clock: Clock,
    /// When the review ended.
    #[schema(required)]
    pub ended_at: Option<MomentText>,
    /// Whether what was filed took effect; null while the review is open.
    #[schema(required)]
    pub published: Option<bool>,
}

/// The wire form of the changes of an entry.
pub(super) fn changes(view: &view::EntryView) -> Vec<Change> {
    let pairs = view.entry.value.changes.iter().zip(&view.changes).enumerate();
    pairs
        .map(|(place, (change, clock))| Change {
            place,
            kind: ChangeKind(change.kind),
            title: change.title.clone(),
            occurred: change.occurred.into(),
            recorded: recorded(view, &change.recorded),
            state: match change.state {
                entry::ChangeState::Open => ChangeState::Open,
                entry::ChangeState::Answered { .. } => ChangeState::Answered,
                entry::ChangeState::Settled { .. } => ChangeState::Settled,
            },
            clock: clock.clone().into(),
            stops_with: UpdateStopPolicy(change.stops_with),
            stopped_at: change.stopped().map(MomentText),
            extension: change.extension.as_ref().map(|asked| extension(view, asked)),
            extendable: change.state == entry::ChangeState::Open && change.extension.is_none(),
        })
        .collect()
}

fn extension(view: &view::EntryView, extension: &entry::Extension) -> UpdateExtension {
    let decision = extension.decision.as_ref();
    UpdateExtension {
        asked: recorded(view, &extension.asked),
        reason: extension.reason.clone(),
        consented: decision.map(|decision| decision.consented),
        decided: decision.map(|decision| recorded(view, &decision.by)),
        opinion: decision.map(|decision| decision.opinion.clone()).unwrap_or_default(),
    }
}

/// The wire form of the reviews of an entry.
pub(super) fn reviews(view: &view::EntryView) -> Vec<Review> {
    let pairs = view.entry.value.reviews.iter().zip(&view.reviews);
    pairs
        .map(|(review, clock)| Review {
            clock: clock.clone().into(),
            ended_at: review.end.as_ref().map(|end| MomentText(end.at)),
            published: review.end.as_ref().map(|end| end.published),
        })
        .collect()
}

/// A change to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChange {
    /// What changed.
    pub kind: ChangeKind,
    /// The norm or document, and what it changes.
    #[serde(default)]
    pub title: String,
    /// The day it happened; the term counts from it.
    pub occurred: Date,
}

impl From<NewChange> for app::NewChange {
    fn from(form: NewChange) -> Self {
        Self { kind: form.kind.0, title: form.title, occurred: form.occurred.into() }
    }
}

/// The authority's answer to one who asks for a longer term.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionAnswer {
    /// Whether it consents.
    pub consent: bool,
    /// What it says; a refusal says why.
    #[serde(default)]
    pub opinion: String,
}

impl From<ExtensionAnswer> for app::ExtensionAnswer {
    fn from(form: ExtensionAnswer) -> Self {
        Self { consent: form.consent, opinion: form.opinion }
    }
}

/// A version of an entry, as it was published.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionLine {
    /// Which, from 1.
    pub version: u32,
    /// Whether it holds now.
    pub current: bool,
    /// The department head's approval.
    pub head_approval: Signature,
    /// The authority's publication.
    pub published: Signature,
    /// The announcement's number; null for what was published before announcements were kept.
    #[schema(required)]
    pub announcement: Option<String>,
    /// What it says differently from the version before.
    pub differences: Vec<Difference>,
}

impl From<view::VersionView> for VersionLine {
    fn from(view: view::VersionView) -> Self {
        let view::VersionView { version, current, differences, people } = view;
        Self {
            version: version.version,
            current,
            head_approval: signature(&people, &version.approved),
            published: signature(&people, &version.published),
            announcement: version.announcement,
            differences: differences.into_iter().map(Into::into).collect(),
        }
    }
}

/// A version with everything it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct Version {
    /// The version.
    #[serde(flatten)]
    pub line: VersionLine,
    /// What it says.
    pub content: EntryContent,
}

impl From<view::VersionView> for Version {
    fn from(view: view::VersionView) -> Self {
        let content = view.version.content.clone().into();
        Self { line: view.into(), content }
    }
}

/// An entry that an announcement speaks of.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnnouncedEntry {
    /// Its id.
    pub id: CatalogueEntryId,
    /// Its name at that time.
    pub name: String,
    /// Its number in the catalogue.
    pub catalogue_number: String,
    /// The version.
    pub version: u32,
    /// Whose data it is.
    pub provider: Provider,
}

/// An announcement to all departments (通告, Art. 16).
#[derive(Debug, Serialize, ToSchema)]
pub struct Announcement {
    /// Its number.
    pub number: String,
    /// What it makes known.
    pub kind: AnnouncementKind,
    /// When.
    pub at: MomentText,
    /// Who announced it.
    pub authority: OrganisationName,
    /// The entries it speaks of.
    pub entries: Vec<AnnouncedEntry>,
}

impl From<view::AnnouncementView> for Announcement {
    fn from(view: view::AnnouncementView) -> Self {
        let view::AnnouncementView { announcement, provider, authority } = view;
        let entry::Announcement { number, kind, by, entry, name, catalogue_number, version, .. } = announcement;
        let provider = Provider::from(&provider);
        Self {
            number,
            kind: AnnouncementKind(kind),
            at: MomentText(by.at),
            authority: OrganisationName::from(&authority),
            entries: vec![AnnouncedEntry { id: CatalogueEntryId(entry), name, catalogue_number, version, provider }],
        }
    }
}
