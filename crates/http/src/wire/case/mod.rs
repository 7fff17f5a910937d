//! Cases: one frame, and in it the matter and the acts of each kind.

mod complaint;
mod correction;
mod demand;
mod disposal;
mod dispute;
mod engagement;
mod incident;
mod inspection;
mod lead;
mod rectification;
mod return_flow;
mod service_change;
mod source_designation;
mod usage_record;
mod use_change;

use super::{
    list,
    shared::{Clock, OrganisationName, Signature, signature},
    text::{CaseId, CatalogueEntryId, Date, GrantId, MomentText, SharingRequestId},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::view;
use shuqiao_domain::{self as domain, case as d};
use utoipa::ToSchema;

/// Declares the wire form of a struct, both ways: each field with its own wire form. Leaving out a field of the struct
/// does not compile.
macro_rules! form {
    ($(#[$meta:meta])* $form:ident of $value:path { $($(#[$fmeta:meta])* $field:ident: $wire:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $form { $($(#[$fmeta])* pub $field: $wire),+ }

        impl From<$value> for $form {
            fn from(value: $value) -> Self {
                Self { $($field: $crate::wire::Wire::of(value.$field)),+ }
            }
        }

        impl From<$form> for $value {
            fn from(form: $form) -> Self {
                Self { $($field: $crate::wire::Wire::value(form.$field)),+ }
            }
        }

        $crate::wire::both_ways!($form, $value);
    };
}
pub(crate) use form;

/// Declares the wire form of the acts of a kind, both ways, tagged by their verbs.
macro_rules! acts {
    ($(#[$meta:meta])* $form:ident of $value:path {
        $($(#[$vmeta:meta])* $variant:ident $({ $($(#[$fmeta:meta])* $field:ident: $wire:ty),+ $(,)? })?),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(tag = "verb", rename_all = "snake_case", deny_unknown_fields)]
        pub enum $form { $($(#[$vmeta])* $variant $({ $($(#[$fmeta])* $field: $wire),+ })?),+ }

        impl From<$value> for $form {
            fn from(value: $value) -> Self {
                use $value as Value;
                match value {
                    $(Value::$variant $({ $($field),+ })? =>
                        Self::$variant $({ $($field: $crate::wire::Wire::of($field)),+ })?),+
                }
            }
        }

        impl From<$form> for $value {
            fn from(form: $form) -> Self {
                use $value as Value;
                match form {
                    $($form::$variant $({ $($field),+ })? =>
                        Value::$variant $({ $($field: $crate::wire::Wire::value($field)),+ })?),+
                }
            }
        }
    };
}
pub(crate) use acts;

/// For each kind of case, the forms of its matter and its acts.
macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident = $module:ident::$matter:ident, $act:ident;)+) => {
        pub use { $($module::{$matter, $act}),+ };

        /// What a case is about, by its kind.
        #[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum CaseMatter { $($(#[$meta])* $kind($matter)),+ }

        impl From<d::CaseMatter> for CaseMatter {
            fn from(matter: d::CaseMatter) -> Self {
                match matter { $(d::CaseMatter::$kind(matter) => Self::$kind(matter.into())),+ }
            }
        }

        impl From<CaseMatter> for d::CaseMatter {
            fn from(form: CaseMatter) -> Self {
                match form { $(CaseMatter::$kind(matter) => Self::$kind(matter.into())),+ }
            }
        }

        /// An act in a case, by its kind and verb.
        #[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum CaseAct { $($(#[$meta])* $kind($act)),+ }

        impl From<d::CaseAct> for CaseAct {
            fn from(act: d::CaseAct) -> Self {
                match act { $(d::CaseAct::$kind(act) => Self::$kind(act.into())),+ }
            }
        }

        impl From<CaseAct> for d::CaseAct {
            fn from(form: CaseAct) -> Self {
                match form { $(CaseAct::$kind(act) => Self::$kind(act.into())),+ }
            }
        }
    };
}

kinds! {
    /// Verification and correction (校核纠错, Art. 26).
    Correction = correction::Correction, CorrectionAct;
    /// Rectification after misuse (限期整改, Art. 27(2)).
    Rectification = rectification::Rectification, RectificationAct;
    /// Disposal of received data (妥善处置, Art. 27(1)).
    Disposal = disposal::Disposal, DisposalAct;
    /// Change or end of a service (变更、终止共享服务, Art. 27(3)).
    ServiceChange = service_change::ServiceChange, ServiceChangeAct;
    /// Change of use (变更使用, Art. 25(1)).
    UseChange = use_change::UseChange, UseChangeAct;
    /// Record of use (使用记录, Art. 29(2)).
    UsageRecord = usage_record::UseRecord, UseRecordAct;
    /// Supervision and inspection (监督检查, Art. 29(1)).
    Inspection = inspection::Inspection, InspectionAct;
    /// Complaints and reports (投诉举报, Art. 37(2)).
    Complaint = complaint::Complaint, ComplaintAct;
    /// Data security incidents (数据安全事件, Art. 35(3)).
    Incident = incident::Incident, IncidentAct;
    /// Engagements of contractors (委托, Art. 36(1)).
    Engagement = engagement::Engagement, EngagementAct;
    /// Leads (线索, Art. 39-41).
    Lead = lead::Lead, LeadAct;
    /// Dispute (共享争议, Art. 28).
    Dispute = dispute::Dispute, DisputeAct;
    /// Return flow to a lower level (数据回流, Art. 24).
    ReturnFlow = return_flow::ReturnFlow, ReturnFlowAct;
    /// Designation of a source department (数源部门认定, Art. 19(2)).
    SourceDesignation = source_designation::SourceDesignation, SourceDesignationAct;
    /// Demand for data that no catalogue has (供需对接, Art. 20(1)).
    Demand = demand::Demand, DemandAct;
}

pub use dispute::Document;
pub use return_flow::FlowProgress;
pub use source_designation::Carrier;

/// What a case is about, by ids.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseAbout {
    /// A catalogue entry.
    #[schema(required)]
    pub entry: Option<CatalogueEntryId>,
    /// A sharing request.
    #[schema(required)]
    pub request: Option<SharingRequestId>,
    /// A grant.
    #[schema(required)]
    pub grant: Option<GrantId>,
    /// Another case.
    #[schema(required)]
    pub case: Option<CaseId>,
}

impl From<d::About> for CaseAbout {
    fn from(about: d::About) -> Self {
        Self {
            entry: about.entry.map(Into::into),
            request: about.request.map(Into::into),
            grant: about.grant.map(Into::into),
            case: about.case.map(Into::into),
        }
    }
}

/// A case in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseHit {
    /// Its id.
    pub id: CaseId,
    /// Its revision.
    pub revision: u64,
    /// Its kind.
    pub kind: list::CaseKind,
    /// Its number.
    pub number: String,
    /// Its title: names of things and numbers.
    pub title: String,
    /// Where it stands.
    pub state: String,
    /// Whether nothing is left to do.
    pub settled: bool,
    /// Who opened it.
    pub opener: OrganisationName,
    /// Who is asked or held to something.
    #[schema(required)]
    pub respondent: Option<OrganisationName>,
    /// The competent authority.
    #[schema(required)]
    pub authority: Option<OrganisationName>,
    /// When it was opened.
    pub opened_at: MomentText,
    /// When somebody last moved it.
    pub moved_at: MomentText,
    /// Its newest clock.
    #[schema(required)]
    pub clock: Option<Clock>,
    /// What it is about.
    pub about: CaseAbout,
    /// Verbs that the reader may do now.
    pub allowed: Vec<String>,
}

/// One thing that was done in a case.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseStep {
    /// What was done.
    pub act: CaseAct,
    /// Who did it, when.
    pub by: Signature,
    /// For whom.
    pub organisation: String,
}

/// A case.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Case {
    /// As in a list.
    #[serde(flatten)]
    pub hit: CaseHit,
    /// What it is about.
    pub matter: CaseMatter,
    /// Who opened it, when; a detector of the node has the name of its task.
    pub opened: Signature,
    /// What was done, in order.
    pub steps: Vec<CaseStep>,
    /// Others whom it concerns.
    pub concerned: Vec<OrganisationName>,
    /// How complete and how timely a return flow is; null for cases of other kinds.
    #[schema(required)]
    pub progress: Option<FlowProgress>,
    /// Until which day a record of use is kept at least; null for cases of other kinds.
    #[schema(required)]
    pub kept_until: Option<Date>,
}

impl From<view::CaseHit> for CaseHit {
    fn from(hit: view::CaseHit) -> Self {
        let case = &hit.case.value;
        Self {
            id: case.id().into(),
            revision: hit.case.revision,
            kind: case.kind().into(),
            number: case.number().to_owned(),
            title: hit.title,
            state: case.state().to_owned(),
            settled: case.settled(),
            opener: OrganisationName::from(&hit.opener),
            respondent: hit.respondent.as_ref().map(OrganisationName::from),
            authority: hit.authority.as_ref().map(OrganisationName::from),
            opened_at: MomentText(case.opened().at()),
            moved_at: MomentText(case.moved_at()),
            clock: hit.clock.map(Clock::from),
            about: case.about().into(),
            allowed: hit.allowed.into_iter().map(str::to_owned).collect(),
        }
    }
}

fn origin(people: &view::People, origin: &d::Origin) -> Signature {
    match origin {
        d::Origin::Person(stamp) => signature(people, stamp),
        d::Origin::Detector { task, at, .. } => Signature { name: task.clone(), at: MomentText(*at) },
    }
}

impl From<view::CaseView> for Case {
    fn from(view: view::CaseView) -> Self {
        let view::CaseView { hit, concerned, people, organisations, progress, kept_until } = view;
        let case = hit.case.value.clone();
        let organisation = |stamp: &domain::Stamp| {
            organisations.get(&stamp.organisation).cloned().unwrap_or_else(|| stamp.organisation.to_string())
        };
        let step = |(act, by): (d::CaseAct, domain::Stamp)| CaseStep {
            act: act.into(),
            by: signature(&people, &by),
            organisation: organisation(&by),
        };
        Self {
            matter: case.matter().into(),
            opened: origin(&people, case.opened()),
            steps: case.steps().into_iter().map(step).collect(),
            concerned: concerned.iter().map(OrganisationName::from).collect(),
            progress: progress.map(FlowProgress::from),
            kept_until: kept_until.map(Date::from),
            hit: hit.into(),
        }
    }
}
