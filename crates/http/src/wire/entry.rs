//! The catalogue entry.

use super::{
    entry_update::{self, Change, Retirement, Review, Work},
    filter::Mask,
    list::{
        DataFormat, EntryState, EntryVerb, Grade, ItemType, Level, OrganisationKind, SharingAttribute, SharingMethod,
        UpdateFrequency,
    },
    shared::{Basis, Clock, FieldProblem, HistoryLine, SentBack, Signature, sent_back, signature},
    text::{CatalogueEntryId, Date, GuideCode, ItemName, MomentText, OrganisationCode, OrganisationId, SourceId},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::view;
use shuqiao_domain::{catalogue as entry, law};
use utoipa::ToSchema;

/// The structured conditions of use (使用条件): what a reviewer may rely on, and nothing else.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Conditions {
    /// Kinds of organisation that may ask; empty means any.
    pub allowed_organisation_kinds: Vec<OrganisationKind>,
    /// Levels that may ask; empty means any.
    pub allowed_levels: Vec<Level>,
    /// Purposes the data may serve, in words.
    pub purposes: Vec<String>,
    /// Whether the persons concerned must have authorised the use.
    pub subject_consent_required: bool,
    /// What else is to be known.
    pub note: String,
}

/// Why data is not shared (不予共享): reason and legal basis.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotSharedBasis {
    /// The norm's rank; only laws, administrative regulations and State Council decisions may forbid sharing.
    pub rank: super::list::BasisRank,
    /// The norm's title.
    pub title: String,
    /// The article cited.
    #[serde(default)]
    pub article: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// When it is looked at again, within a year of being filed.
    #[serde(default)]
    #[schema(required)]
    pub review_by: Option<Date>,
}

/// Class and grade (分类分级).
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Classification {
    /// Class: base library, theme or department class.
    pub category: String,
    /// Grade.
    #[schema(required)]
    pub grade: Option<Grade>,
}

/// The secrecy review before filing (保密审查).
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Secrecy {
    /// It contains state secrets; such data cannot be registered.
    pub state_secret: bool,
    /// It contains work secrets; such data cannot be registered.
    pub work_secret: bool,
    /// Who reviewed.
    pub reviewer: String,
    /// When.
    #[schema(required)]
    pub date: Option<Date>,
    /// What came out.
    pub conclusion: String,
}

/// The personal information protection impact assessment (个人信息保护影响评估), in the three parts of Art. 56 of the
/// Personal Information Protection Law. It is kept with its version, which is never removed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ImpactAssessment {
    /// Item 1: whether purpose and manner are lawful, legitimate and necessary.
    pub lawful_purpose: String,
    /// Item 2: the effect on the persons' rights, and the risks to security.
    pub impact: String,
    /// Item 3: whether the protective measures are lawful, effective and proportionate to the risk.
    pub safeguards: String,
    /// Who assessed.
    pub assessor: String,
    /// When.
    #[schema(required)]
    pub date: Option<Date>,
}

/// Personal information in the entry.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PersonalInformation {
    /// Whether it contains any.
    pub contains: bool,
    /// The assessment, when it does.
    #[schema(required)]
    pub assessment: Option<ImpactAssessment>,
}

/// The table behind the entry (挂接资源).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The source.
    pub source: SourceId,
    /// The table in it.
    pub table: String,
}

/// The most that the provider's service can bear for one grant.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Calls per second.
    pub calls_per_second_max: u32,
    /// Rows in one answer.
    pub rows_per_call_max: u32,
    /// Rows in one day.
    pub rows_per_day_max: u64,
}

/// A data item (数据项).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Name in calls.
    pub name: ItemName,
    /// Title for people.
    #[serde(default)]
    pub title: String,
    /// Column in the resource.
    pub column: String,
    /// Type.
    pub item_type: ItemType,
    /// Grade.
    #[serde(default)]
    #[schema(required)]
    pub grade: Option<Grade>,
    /// Its own sharing attribute; never more open than the entry's.
    #[serde(default)]
    #[schema(required)]
    pub sharing_attribute: Option<SharingAttribute>,
    /// It is personal information.
    #[serde(default)]
    pub personal: bool,
    /// It is sensitive personal information.
    #[serde(default)]
    pub sensitive: bool,
    /// The mask under which it is given by default.
    #[serde(default)]
    #[schema(required)]
    pub mask: Option<Mask>,
    /// What it means.
    #[serde(default)]
    pub description: String,
}

/// What an entry says. A draft may lack anything; what lacks is told all at once.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EntryContent {
    /// Name (目录名称).
    pub name: String,
    /// Code of the 2017 guide (信息资源代码), when it has one.
    #[schema(required)]
    pub code: Option<GuideCode>,
    /// Abstract (摘要).
    pub summary: String,
    /// Data format (数据格式).
    #[schema(required)]
    pub data_format: Option<DataFormat>,
    /// Update frequency (更新频率).
    #[schema(required)]
    pub update_frequency: Option<UpdateFrequency>,
    /// Sharing attribute (共享属性).
    #[schema(required)]
    pub sharing_attribute: Option<SharingAttribute>,
    /// Conditions of use (使用条件).
    #[schema(required)]
    pub conditions: Option<Conditions>,
    /// Reason and basis when it is not shared.
    #[schema(required)]
    pub not_shared_basis: Option<NotSharedBasis>,
    /// Ways of sharing (共享方式).
    pub methods: Vec<SharingMethod>,
    /// Class and grade (分类分级).
    pub classification: Classification,
    /// Basis for collecting the data.
    #[schema(required)]
    pub collection_basis: Option<Basis>,
    /// The secrecy review (保密审查).
    #[schema(required)]
    pub secrecy: Option<Secrecy>,
    /// Personal information.
    pub personal_information: PersonalInformation,
    /// The table behind it.
    #[schema(required)]
    pub resource: Option<Resource>,
    /// What its service can bear.
    #[schema(required)]
    pub limits: Option<Limits>,
    /// Its data items.
    pub items: Vec<Item>,
}

/// Whose data it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Provider {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its unified social credit code.
    #[schema(required)]
    pub code: Option<OrganisationCode>,
}

/// What the law gives for a request on this entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Statutory {
    /// Working days for the reply.
    pub reply_working_days: u16,
    /// The article that sets them.
    pub article: String,
    /// Working days for delivery after the agreeing reply.
    pub delivery_working_days: u16,
}

/// What it still lacks.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Completeness {
    /// Every field that is wrong.
    pub problems: Vec<FieldProblem>,
}

/// What the reader's department may do with an entry.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// It is the reader's own department's.
    Own,
    /// The reader's department holds a live grant.
    Granted,
    /// Unconditionally shared: a request is answered in 1 working day.
    Direct,
    /// Conditionally shared: a request is answered in 10 working days.
    Apply,
    /// Not shared.
    NotShared,
}

/// A catalogue entry (目录).
#[derive(Debug, Serialize, ToSchema)]
pub struct Entry {
    /// What holds: the published version; before the first publication the draft.
    #[serde(flatten)]
    pub content: EntryContent,
    /// Its id.
    pub id: CatalogueEntryId,
    /// Its revision, for `If-Match`.
    pub revision: u64,
    /// Where it stands.
    pub state: EntryState,
    /// Its number in the catalogue, once published.
    #[schema(required)]
    pub catalogue_number: Option<String>,
    /// The version that holds, once published.
    #[schema(required)]
    pub version: Option<u32>,
    /// The number of its announcement; null before, and for what was published before announcements were kept.
    #[schema(required)]
    pub announcement: Option<String>,
    /// That it was retired.
    #[schema(required)]
    pub retirement: Option<Retirement>,
    /// What is under way, for the department and the authority that reviews it.
    #[schema(required)]
    pub work: Option<Work>,
    /// What it must follow, for the department and its authority.
    pub changes: Vec<Change>,
    /// The authority's reviews after the first publication, for the department and its authority.
    pub reviews: Vec<Review>,
    /// Whose data it is.
    pub provider: Provider,
    /// The department head's approval.
    #[schema(required)]
    pub head_approval: Option<Signature>,
    /// When it was published.
    #[schema(required)]
    pub published_at: Option<MomentText>,
    /// The last time it was sent back, while it is a draft.
    #[schema(required)]
    pub returned: Option<SentBack>,
    /// What happened to it.
    pub history: Vec<HistoryLine>,
    /// What the law gives for a request; null for data that is not shared.
    #[schema(required)]
    pub statutory: Option<Statutory>,
    /// What the reader's department may do with it.
    pub access: Access,
    /// Whether the reader may ask for it.
    pub may_request: bool,
    /// What the reader may do to it now.
    pub allowed: Vec<EntryVerb>,
    /// What it lacks.
    pub completeness: Completeness,
    /// Distinct subjects that each row is summed up from at least; null without a threshold.
    #[schema(required)]
    pub subjects_min: Option<u32>,
}

/// An entry in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryHit {
    /// Its id.
    pub id: CatalogueEntryId,
    /// Its revision.
    pub revision: u64,
    /// Its name.
    pub name: String,
    /// Its abstract.
    pub summary: String,
    /// Whose data it is.
    pub provider: Provider,
    /// Sharing attribute.
    #[schema(required)]
    pub sharing_attribute: Option<SharingAttribute>,
    /// Grade.
    #[schema(required)]
    pub grade: Option<Grade>,
    /// Update frequency.
    #[schema(required)]
    pub update_frequency: Option<UpdateFrequency>,
    /// Ways of sharing.
    pub methods: Vec<SharingMethod>,
    /// Where it stands.
    pub state: EntryState,
    /// When it was published.
    #[schema(required)]
    pub published_at: Option<MomentText>,
    /// Where the words were found.
    pub matched: Vec<String>,
    /// The clock that is due first, for the department and its authority.
    #[schema(required)]
    pub clock: Option<Clock>,
    /// What the reader's department may do with it.
    pub access: Access,
}

impl From<entry::Access> for Access {
    fn from(access: entry::Access) -> Self {
        match access {
            entry::Access::Own => Self::Own,
            entry::Access::Granted => Self::Granted,
            entry::Access::Direct => Self::Direct,
            entry::Access::Apply => Self::Apply,
            entry::Access::NotShared => Self::NotShared,
        }
    }
}

impl From<&shuqiao_domain::organisation::Organisation> for Provider {
    fn from(organisation: &shuqiao_domain::organisation::Organisation) -> Self {
        Self {
            id: OrganisationId(organisation.id),
            name: organisation.name.clone(),
            code: organisation.code.clone().map(OrganisationCode),
        }
    }
}

/// What the law gives for a request on data of this attribute.
fn statutory(attribute: Option<shuqiao_vocabulary::SharingAttribute>) -> Option<Statutory> {
    let term = attribute.and_then(law::reply_term)?;
    Some(Statutory {
        reply_working_days: term.days,
        article: term.article.to_string(),
        delivery_working_days: law::DELIVERY.days,
    })
}

/// What the state of an entry carries, field by field.
#[derive(Default)]
struct Standing<'a> {
    head_approval: Option<&'a shuqiao_domain::Stamp>,
    published_at: Option<MomentText>,
    catalogue_number: Option<String>,
    version: Option<u32>,
    announcement: Option<String>,
    returned: Option<&'a shuqiao_domain::Returned>,
    retired: Option<(&'a str, &'a shuqiao_domain::Stamp)>,
}

fn standing(state: &entry::EntryState) -> Standing<'_> {
    let none = Standing::default();
    match state {
        entry::EntryState::Draft { returned } => Standing { returned: returned.as_ref(), ..none },
        entry::EntryState::AwaitingHead { .. } => none,
        entry::EntryState::Filed { approved, .. } => Standing { head_approval: Some(approved), ..none },
        entry::EntryState::Published { version, approved, published, number, announcement } => Standing {
            head_approval: Some(approved),
            published_at: Some(MomentText(published.at)),
            catalogue_number: Some(number.clone()),
            version: Some(*version),
            announcement: announcement.clone(),
            ..none
        },
        entry::EntryState::Retired { version, number, reason, approved, retired, announcement } => Standing {
            head_approval: Some(approved),
            catalogue_number: Some(number.clone()),
            version: Some(*version),
            announcement: Some(announcement.clone()),
            retired: Some((reason, retired)),
            ..none
        },
    }
}

impl From<view::EntryView> for Entry {
    fn from(view: view::EntryView) -> Self {
        let (changes, reviews) = (entry_update::changes(&view), entry_update::reviews(&view));
        let view::EntryView { entry, provider, access, allowed, may_request, problems, history, people, .. } = view;
        let (revision, entry) = (entry.revision, entry.value);
        let state = EntryState(entry.state_name());
        let standing = standing(&entry.state);
        Self {
            id: CatalogueEntryId(entry.id),
            revision,
            state,
            catalogue_number: standing.catalogue_number,
            version: standing.version,
            announcement: standing.announcement,
            retirement: standing
                .retired
                .map(|(reason, by)| Retirement { reason: reason.to_owned(), by: signature(&people, by) }),
            work: entry.work.map(|work| entry_update::work(work, view.differences, &people)),
            changes,
            reviews,
            provider: Provider::from(&provider),
            head_approval: standing.head_approval.map(|stamp| signature(&people, stamp)),
            published_at: standing.published_at,
            returned: standing.returned.map(|returned| sent_back(&people, returned)),
            history: history.into_iter().map(Into::into).collect(),
            statutory: statutory(entry.content.sharing_attribute),
            access: access.into(),
            may_request,
            allowed: allowed.into_iter().map(EntryVerb).collect(),
            completeness: Completeness { problems: problems.into_iter().map(Into::into).collect() },
            subjects_min: view.subjects_min,
            content: entry.content.into(),
        }
    }
}

impl From<view::EntryHit> for EntryHit {
    fn from(hit: view::EntryHit) -> Self {
        let view::EntryHit { entry, provider, access, matched, clock } = hit;
        let (revision, entry) = (entry.revision, entry.value);
        let published_at = match &entry.state {
            entry::EntryState::Published { published, .. } => Some(MomentText(published.at)),
            _ => None,
        };
        Self {
            id: CatalogueEntryId(entry.id),
            revision,
            state: EntryState(entry.state_name()),
            clock: clock.map(Clock::from),
            published_at,
            provider: Provider::from(&provider),
            sharing_attribute: entry.content.sharing_attribute.map(SharingAttribute),
            grade: entry.content.grade.map(Grade),
            update_frequency: entry.content.update_frequency.map(UpdateFrequency),
            methods: entry.content.methods.into_iter().map(SharingMethod).collect(),
            name: entry.content.name,
            summary: entry.content.summary,
            matched: matched.into_iter().map(str::to_owned).collect(),
            access: access.into(),
        }
    }
}
