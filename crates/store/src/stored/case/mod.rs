//! The stored form of a case: one frame, and in it the matter and the acts of its kind.

mod correction;
mod demand;
mod dispute;
mod return_flow;
mod source_designation;

use super::{
    Form, Spelled,
    common::{StoredClock, StoredMoment, StoredStamp},
    stored,
};
use crate::error::Result;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shuqiao_domain::case::{AnyCase, Case, CaseClock, CaseKind, Procedure, Step};
use shuqiao_vocabulary::{CaseId, OrganisationId};
use std::{fmt::Display, str::FromStr};

stored! {
    StoredCaseClock of CaseClock { clock: StoredClock, stopped: Option<StoredMoment> }
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
    opened: StoredStamp,
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
    Dispute = dispute::StoredDispute, dispute::StoredAct;
    ReturnFlow = return_flow::StoredReturnFlow, return_flow::StoredAct;
    SourceDesignation = source_designation::StoredSourceDesignation, source_designation::StoredAct;
    Demand = demand::StoredDemand, demand::StoredAct;
}
