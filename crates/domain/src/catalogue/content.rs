//! What a catalogue entry says. A draft may lack anything; what lacks is told all at once by [`super::problems`].

use shuqiao_vocabulary::{
    BasisRank, DataFormat, Date, Grade, GuideCode, ItemName, ItemType, Level, Mask, OrganisationKind, SharingAttribute,
    SharingMethod, SourceId, UpdateFrequency,
};

/// A citation of law (依据).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalBasis {
    /// The norm's rank.
    pub rank: BasisRank,
    /// The norm's title.
    pub title: String,
    /// The article cited.
    pub article: String,
}

/// The structured conditions of use (使用条件, Art. 13, 15): what a reviewer may rely on, and nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// Kinds of organisation that may ask; empty means any.
    pub organisation_kinds: Vec<OrganisationKind>,
    /// Levels that may ask; empty means any.
    pub levels: Vec<Level>,
    /// Purposes the data may serve, in words; empty means any purpose within duty.
    pub purposes: Vec<String>,
    /// Whether the persons concerned must have authorised the use.
    pub subject_consent_required: bool,
    /// What else is to be known.
    pub note: String,
}

/// Why data is not shared (不予共享, Art. 14, 15): reason and legal basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSharedBasis {
    /// The norm that forbids it.
    pub basis: LegalBasis,
    /// Why.
    pub reason: String,
    /// When it is looked at again, once a year at least (复核日期).
    pub review_by: Option<Date>,
}

/// The secrecy review before filing (保密审查, Art. 3, 13).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecrecyReview {
    /// It contains state secrets.
    pub state_secret: bool,
    /// It contains work secrets.
    pub work_secret: bool,
    /// Who reviewed.
    pub reviewer: String,
    /// When.
    pub date: Option<Date>,
    /// What came out.
    pub conclusion: String,
}

/// The personal information protection impact assessment (个人信息保护影响评估, asked for by Art. 13), with exactly the
/// three parts of Art. 56(1) of the Personal Information Protection Law. It is kept with its version of the entry, which is
/// never removed, and so longer than the years that Art. 56(2) asks for ([`crate::law::IMPACT_ASSESSMENT_KEPT_YEARS`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImpactAssessment {
    /// Item 1: whether purpose and manner are lawful, legitimate and necessary (处理目的、处理方式等是否合法、正当、必要).
    pub lawful_purpose: String,
    /// Item 2: the effect on the persons' rights, and the risks to security (对个人权益的影响及安全风险).
    pub impact: String,
    /// Item 3: whether the protective measures are lawful, effective and proportionate to the risk
    /// (所采取的保护措施是否合法、有效并与风险程度相适应).
    pub safeguards: String,
    /// Who assessed.
    pub assessor: String,
    /// When.
    pub date: Option<Date>,
}

/// The table behind the entry (挂接资源).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The source.
    pub source: SourceId,
    /// The table in it.
    pub table: String,
}

/// The most that the provider's service can bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls per second for one grant.
    pub calls_per_second: u32,
    /// Rows in one answer.
    pub rows_per_call: u32,
    /// Rows in one day for one grant.
    pub rows_per_day: u64,
}

/// What no provider can offer more of.
pub const LIMITS_MAX: Limits = Limits { calls_per_second: 5_000, rows_per_call: 10_000, rows_per_day: 1_000_000_000 };

/// A data item (数据项).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Name in calls.
    pub name: ItemName,
    /// Title for people.
    pub title: String,
    /// Column in the resource.
    pub column: String,
    /// Type.
    pub item_type: ItemType,
    /// Grade.
    pub grade: Option<Grade>,
    /// Its own sharing attribute, never more open than the entry's; `None` follows the entry.
    pub sharing_attribute: Option<SharingAttribute>,
    /// It is personal information.
    pub personal: bool,
    /// It is sensitive personal information (PIPL Art. 28).
    pub sensitive: bool,
    /// The mask under which it is given by default.
    pub mask: Option<Mask>,
    /// What it means.
    pub description: String,
}

/// What an entry says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryContent {
    /// Name (目录名称).
    pub name: String,
    /// Code of the 2017 guide (信息资源代码), when it has one; our own id never changes, this one may.
    pub code: Option<GuideCode>,
    /// Abstract (摘要).
    pub summary: String,
    /// Data format (数据格式).
    pub data_format: Option<DataFormat>,
    /// Update frequency (更新频率).
    pub update_frequency: Option<UpdateFrequency>,
    /// Sharing attribute (共享属性).
    pub sharing_attribute: Option<SharingAttribute>,
    /// Conditions of use (使用条件).
    pub conditions: Conditions,
    /// Reason and basis when it is not shared.
    pub not_shared_basis: Option<NotSharedBasis>,
    /// Ways of sharing (共享方式).
    pub methods: Vec<SharingMethod>,
    /// Class (分类): base library, theme or department class.
    pub category: String,
    /// Grade (分级).
    pub grade: Option<Grade>,
    /// Basis for collecting the data.
    pub collection_basis: Option<LegalBasis>,
    /// The secrecy review.
    pub secrecy: Option<SecrecyReview>,
    /// It contains personal information.
    pub personal_information: bool,
    /// The assessment, when it does.
    pub impact_assessment: Option<ImpactAssessment>,
    /// The table behind it.
    pub resource: Option<Resource>,
    /// What its service can bear.
    pub limits: Option<Limits>,
    /// Its data items.
    pub items: Vec<Item>,
}

impl EntryContent {
    /// The item of this name.
    pub fn item(&self, name: &ItemName) -> Option<&Item> {
        self.items.iter().find(|item| &item.name == name)
    }
}
