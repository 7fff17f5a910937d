//! The stored form of a case: one frame, and in it the matter and the acts of its kind.

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
    Form, Spelled,
    common::{StoredClock, StoredMoment, StoredStamp},
    stored,
};
use crate::error::Result;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shuqiao_domain::case::{AnyCase, Case, CaseClock, CaseKind, Origin, Procedure, Step};
use shuqiao_vocabulary::{CaseId, OrganisationId};
use std::{fmt::Display, str::FromStr};

stored! {
    StoredCaseClock of CaseClock { clock: StoredClock, stopped: Option<StoredMoment> }
}

/// Who opened a case. A person's is told from a detector's by its fields, so that cases from before there were detectors
/// read as they are.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum StoredOrigin {
    Person(StoredStamp),
    Detector { task: String, organisation: Spelled<OrganisationId>, at: StoredMoment },
}

impl Form<Origin> for StoredOrigin {
    fn of(value: &Origin) -> Self {
        match value {
            Origin::Person(stamp) => Self::Person(Form::of(stamp)),
            Origin::Detector { task, organisation, at } => {
                Self::Detector { task: task.clone(), organisation: Form::of(organisation), at: Form::of(at) }
            }
        }
    }
    fn value(self) -> Origin {
        match self {
            Self::Person(stamp) => Origin::Person(stamp.value()),
            Self::Detector { task, organisation, at } => {
                Origin::Detector { task, organisation: organisation.value(), at: at.value() }
            }
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredStep<A> {
    act: A,
    by: StoredStamp,
}

/// The frame of every case; `M` and `A` are the forms of the matter and of the acts.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(
    serialize = "M: Serialize, A: Serialize, S: Display",
    deserialize = "M: Deserialize<'de>, A: Deserialize<'de>, S: FromStr<Err: Display>"
))]
struct StoredCase<M, A, S> {
    id: Spelled<CaseId>,
    number: String,
    opener: Spelled<OrganisationId>,
    respondent: Option<Spelled<OrganisationId>>,
    authority: Option<Spelled<OrganisationId>>,
    concerned: Vec<Spelled<OrganisationId>>,
    opened: StoredOrigin,
    matter: M,
    steps: Vec<StoredStep<A>>,
    state: Spelled<S>,
    clocks: Vec<StoredCaseClock>,
}

impl<P, M, A> Form<Case<P>> for StoredCase<M, A, P::State>
where
    P: Procedure,
    M: Form<P>,
    A: Form<P::Act>,
{
    fn of(value: &Case<P>) -> Self {
        let step = |step: &Step<P::Act>| StoredStep { act: Form::of(&step.act), by: Form::of(&step.by) };
        Self {
            id: Form::of(&value.id),
            number: value.number.clone(),
            opener: Form::of(&value.opener),
            respondent: Form::of(&value.respondent),
            authority: Form::of(&value.authority),
            concerned: Form::of(&value.concerned),
            opened: Form::of(&value.opened),
            matter: Form::of(&value.matter),
            steps: value.steps.iter().map(step).collect(),
            state: Spelled(value.state),
            clocks: Form::of(&value.clocks),
        }
    }
    fn value(self) -> Case<P> {
        let step = |step: StoredStep<A>| Step { act: step.act.value(), by: step.by.value() };
        Case {
            id: self.id.value(),
            number: self.number,
            opener: self.opener.value(),
            respondent: self.respondent.value(),
            authority: self.authority.value(),
            concerned: self.concerned.value(),
            opened: self.opened.value(),
            matter: self.matter.value(),
            steps: self.steps.into_iter().map(step).collect(),
            state: self.state.0,
            clocks: self.clocks.value(),
        }
    }
}

fn write<P: Procedure, M: Form<P> + Serialize, A: Form<P::Act> + Serialize>(case: &Case<P>) -> Result<String> {
    super::write::<_, StoredCase<M, A, P::State>>(case, &case.id)
}

fn read<P: Procedure, M: Form<P> + DeserializeOwned, A: Form<P::Act> + DeserializeOwned>(
    id: &str,
    text: &str,
) -> Result<Case<P>> {
    super::read::<_, StoredCase<M, A, P::State>>(text, &format_args!("sharing_case {id}"))
}

/// For each kind of case, the forms of its matter and its acts.
macro_rules! kinds {
    ($($kind:ident = $matter:path, $act:path;)+) => {
        /// The stored text of a case.
        pub(crate) fn case_text(case: &AnyCase) -> Result<String> {
            match case { $(AnyCase::$kind(case) => write::<_, $matter, $act>(case)),+ }
        }

        /// A case out of its stored text.
        pub(crate) fn case_read(id: &str, kind: CaseKind, text: &str) -> Result<AnyCase> {
            match kind { $(CaseKind::$kind => read::<_, $matter, $act>(id, text).map(AnyCase::$kind)),+ }
        }
    };
}

kinds! {
    Correction = correction::StoredCorrection, correction::StoredAct;
    Rectification = rectification::StoredRectification, rectification::StoredAct;
    Disposal = disposal::StoredDisposal, disposal::StoredAct;
    ServiceChange = service_change::StoredServiceChange, service_change::StoredAct;
    UseChange = use_change::StoredUseChange, use_change::StoredAct;
    UsageRecord = usage_record::StoredUsageRecord, usage_record::StoredAct;
    Inspection = inspection::StoredInspection, inspection::StoredAct;
    Complaint = complaint::StoredComplaint, complaint::StoredAct;
    Incident = incident::StoredIncident, incident::StoredAct;
    Engagement = engagement::StoredEngagement, engagement::StoredAct;
    Lead = lead::StoredLead, lead::StoredAct;
    Dispute = dispute::StoredDispute, dispute::StoredAct;
    ReturnFlow = return_flow::StoredReturnFlow, return_flow::StoredAct;
    SourceDesignation = source_designation::StoredSourceDesignation, source_designation::StoredAct;
    Demand = demand::StoredDemand, demand::StoredAct;
}
