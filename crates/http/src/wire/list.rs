//! Closed lists on the wire: one spelling per value, and the schema lists them all.

use shuqiao_app as app;
use shuqiao_domain as domain;
use shuqiao_vocabulary as v;

/// Declares the wire form of closed lists; the schema is made from the list itself, so the two cannot drift.
macro_rules! lists {
    ($($(#[$meta:meta])* $name:ident = $inner:ty;)+) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub $inner);

        impl From<$inner> for $name {
            fn from(inner: $inner) -> Self {
                Self(inner)
            }
        }

        impl From<$name> for $inner {
            fn from(form: $name) -> Self {
                form.0
            }
        }

        $crate::wire::both_ways!($name, $inner);

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map(Self).map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(<$inner>::ALL.iter().map(|value| value.as_str())))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($name))
            }
        }
    )+ };
}

lists! {
    /// The form of a file that has turned up.
    LeakForm = app::view::LeakForm;

    /// An indicator of a scorecard (评价指标).
    IndicatorCode = domain::scorecard::IndicatorCode;
    /// The light of an indicator (灯).
    ScoreLight = domain::scorecard::ScoreLight;
    /// Level of an organisation or node (层级).
    Level = v::Level;
    /// What an organisation is (机构类型).
    OrganisationKind = v::OrganisationKind;
    /// What a person is on this node (角色).
    Role = v::Role;
    /// Sharing attribute (共享属性).
    SharingAttribute = v::SharingAttribute;
    /// Way of sharing (共享方式).
    SharingMethod = v::SharingMethod;
    /// Data format (数据格式).
    DataFormat = v::DataFormat;
    /// Update frequency (更新频率).
    UpdateFrequency = v::UpdateFrequency;
    /// Grade (分级).
    Grade = v::Grade;
    /// Type of a data item (数据类型).
    ItemType = v::ItemType;
    /// Rank of a legal basis (依据层级).
    BasisRank = v::BasisRank;
    /// Kind of a source (数据源类型).
    SourceKind = v::SourceType;
    /// Where an entry stands.
    EntryState = domain::catalogue::EntryStateName;
    /// What can be done to an entry.
    EntryVerb = domain::catalogue::EntryVerb;
    /// What changed outside (Art. 17(2)).
    ChangeKind = domain::catalogue::ChangeKind;
    /// What an announcement makes known.
    AnnouncementKind = domain::catalogue::AnnouncementKind;
    /// Where a request stands.
    RequestState = domain::request::RequestStateName;
    /// What can be done to a request.
    RequestVerb = domain::request::RequestVerb;
    /// Where a grant stands on a day.
    GrantState = domain::grant::GrantStateName;
    /// What can be done to a grant.
    GrantVerb = domain::grant::GrantVerb;
    /// Where a task of batch exchange stands (批量交换任务).
    BatchTaskState = domain::batch_task::BatchTaskStateName;
    /// What can be done to a task of batch exchange.
    BatchTaskVerb = domain::batch_task::BatchTaskVerb;
    /// Kind of a reason for a refusal.
    RefusalReasonCode = domain::request::RefusalReasonCode;
    /// A published condition (使用条件).
    ConditionKey = domain::request::ConditionKey;
    /// Kind of a ground for a revocation.
    RevocationGroundKind = domain::grant::RevocationGroundName;
    /// Kind of a case.
    CaseKind = domain::case::CaseKind;
    /// What verifying doubted data came to.
    CorrectionVerdict = domain::case::Verdict;
    /// What the law times (时限).
    ClockId = domain::ClockId;
    /// Whether a notice of what is missing moves the reply clock.
    SupplementPolicy = domain::rules::SupplementPolicy;
    /// Whether the one-day reply may be extended.
    ExtensionPolicy = domain::rules::ExtensionPolicy;
    /// What stops the clock of a catalogue update.
    UpdateStopPolicy = domain::rules::UpdateStopPolicy;
    /// Before which common authority a dispute between two levels comes.
    CommonAuthorityPolicy = domain::rules::CommonAuthorityPolicy;
    /// What a reminder says.
    ReminderKind = domain::reminder::ReminderKind;
    /// How shared data was misused.
    Misuse = domain::case::Misuse;
    /// What becomes of data whose grant has ended.
    DisposalManner = domain::case::DisposalManner;
    /// Whether a service changes or ends.
    ServiceChangeKind = domain::case::ServiceChangeKind;
    /// A change of use that needs a consent of its own.
    ConsentKind = domain::grant::ConsentKind;
    /// What a finding of an inspection comes to.
    FindingOutcome = domain::case::FindingOutcome;
    /// Who complains, in kind.
    Complainant = domain::case::Complainant;
    /// How a complaint came in.
    ComplaintChannel = domain::case::ComplaintChannel;
    /// What a complaint is about.
    ComplaintTopic = domain::case::ComplaintTopic;
    /// What handling a complaint came to.
    ComplaintOutcome = domain::case::ComplaintOutcome;
    /// What happened to data in an incident.
    IncidentKind = domain::case::IncidentKind;
    /// What became of data when an engagement ended.
    Handover = domain::case::Handover;
    /// By which rule a lead was raised.
    LeadRule = domain::lead::LeadRule;
    /// What a piece of evidence is.
    EvidenceSort = domain::lead::EvidenceSort;
    /// A link of sharing, from collecting to destroying (环节).
    SharingLink = domain::responsibility::Link;
    /// In what part somebody answers for a link.
    ResponsiblePart = domain::responsibility::Part;
    /// For whom a dispute was decided.
    DisputeOutcome = domain::case::DisputeOutcome;
    /// How a clock stands (灯).
    Light = app::view::Light;
    /// What somebody may do at all (操作).
    Action = app::view::Action;
    /// Tabs of the inbox.
    InboxTab = app::InboxTab;
    /// Kind of a paper (文书).
    PaperKind = v::PaperKind;
    /// What is wrong with one field.
    ProblemCode = domain::ProblemCode;
}
