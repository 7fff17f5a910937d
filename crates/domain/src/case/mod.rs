//! Cases (案件): the proceedings around shared data, each with its own number, parties, clock and steps: correction,
//! dispute, rectification, disposal …
//!
//! A kind of case is a [`Procedure`]: which states and verbs it has, what is checked, what follows. Everything else -
//! numbering, steps, clocks, storing, permits, the wire - is the same for all of them and written once.
//! To add one: a module here with its `Procedure`, a line in [`kinds`], and the compiler names the rest
//! (docs/adr/0012).

mod checks;
mod complaint;
mod correction;
mod demand;
mod disposal;
mod dispute;
mod document;
mod effect;
mod engagement;
mod facts;
mod incident;
mod inspection;
mod kinds;
mod lead;
mod rectification;
mod return_flow;
mod service_change;
mod source_designation;
mod usage_record;
mod use_change;

pub use complaint::{
    Complainant, Complaint, ComplaintAct, ComplaintChannel, ComplaintOutcome, ComplaintState, ComplaintTopic,
    ComplaintVerb,
};
pub use correction::{Correction, CorrectionAct, CorrectionState, CorrectionVerb, Verdict};
pub use demand::{Demand, DemandAct, DemandState, DemandVerb};
pub use disposal::{Disposal, DisposalAct, DisposalInstruction, DisposalManner, DisposalState, DisposalVerb};
pub use dispute::{Dispute, DisputeAct, DisputeOutcome, DisputeState, DisputeVerb};
pub use document::Document;
pub use effect::Effect;
pub use engagement::{Engagement, EngagementAct, EngagementState, EngagementVerb, Handover};
pub use facts::{About, Facts};
pub use incident::{Incident, IncidentAct, IncidentKind, IncidentState, IncidentVerb};
pub use inspection::{FindingOutcome, Inspection, InspectionAct, InspectionState, InspectionVerb};
pub use kinds::{AnyCase, CaseAct, CaseKind, CaseMatter};
pub use lead::{LEAD_EVIDENCE_MAX, LEAD_TEXT_MAX, Lead, LeadAct, LeadState, LeadVerb};
pub use rectification::{Misuse, Rectification, RectificationAct, RectificationState, RectificationVerb};
pub use return_flow::{FlowGap, FlowProgress, ReturnFlow, ReturnFlowAct, ReturnFlowState, ReturnFlowVerb, due_dates};
pub use service_change::{ServiceChange, ServiceChangeAct, ServiceChangeKind, ServiceChangeState, ServiceChangeVerb};
pub use source_designation::{
    Carrier, SourceDesignation, SourceDesignationAct, SourceDesignationState, SourceDesignationVerb,
};
pub use usage_record::{UsageRecord, UsageRecordAct, UsageRecordState, UsageRecordVerb};
pub use use_change::{UseChange, UseChangeAct, UseChangeState, UseChangeVerb};

use crate::{Clock, Refusal, Stamp};
use shuqiao_vocabulary::{CaseId, CatalogueEntryId, Moment, OrganisationId, PersonId, closed::ClosedList};
use std::fmt::Debug;

/// A kind of case: its states, its verbs, what they ask for and what follows.
pub trait Procedure: Clone + Debug + PartialEq + Sized {
    /// Which kind.
    const KIND: CaseKind;
    /// The event of opening one, past tense; for ever (invariant 12).
    const OPENED: &'static str;
    /// Where it can stand.
    type State: ClosedList;
    /// What can be done to it.
    type Verb: ClosedList;
    /// A verb with what it carries.
    type Act: Clone + Debug + PartialEq;

    /// The verb of an act.
    fn verb(act: &Self::Act) -> Self::Verb;
    /// The event of a verb, past tense; for ever (invariant 12).
    fn event(verb: Self::Verb) -> &'static str;
    /// Whether a state admits a verb: the one table behind every act and behind what the console offers.
    fn admits(state: Self::State, verb: Self::Verb) -> bool;
    /// Whether nothing is left to do.
    fn settled(state: Self::State) -> bool;
    /// What the matter is about; the application fetches it as [`Facts`].
    fn about(&self) -> About;
    /// People whose accounts the matter names; the application fetches them as [`Facts::people`].
    fn people(&self) -> Vec<PersonId> {
        Vec::new()
    }
    /// Further catalogue entries that the matter names, beside the one it is about; they are fetched as facts too.
    fn entries(&self) -> Vec<CatalogueEntryId> {
        Vec::new()
    }

    /// Catalogue entries that an act names; they are fetched as facts too.
    fn entries_of_act(_act: &Self::Act) -> Vec<CatalogueEntryId> {
        Vec::new()
    }

    /// The matter with what is computed and never entered, such as the region of a return flow.
    ///
    /// # Errors
    /// What cannot be computed.
    fn completed(self, _facts: &Facts<'_>, _by: &Stamp) -> Result<Self, Refusal> {
        Ok(self)
    }

    /// The title in lists: names of things and numbers, never personal data.
    fn title(&self, facts: &Facts<'_>) -> String;

    /// What opening it by this person brings about.
    ///
    /// # Errors
    /// Whatever the law or the matter itself forbids, every problem at once.
    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<Self::State>, Refusal>;

    /// What an act brings about that the case's state admits.
    ///
    /// # Errors
    /// What the act lacks.
    fn decide(case: &Case<Self>, act: &Self::Act, facts: &Facts<'_>, by: &Stamp) -> Result<Next<Self::State>, Refusal>;

    /// What follows for other things when the case opens, in the same commit.
    fn effects_of_opening(_case: &Case<Self>) -> Vec<Effect> {
        Vec::new()
    }

    /// What follows for other things from an act, in the same commit; `case` is as it stands after the act.
    fn effects_of_act(_case: &Case<Self>, _act: &Self::Act) -> Vec<Effect> {
        Vec::new()
    }

    /// Who prepared what waits for a decision: who it is does not decide it (separation of duty). `None` when nobody
    /// did yet: a detector of the node opened it.
    fn prepared_by(case: &Case<Self>) -> Option<PersonId> {
        case.steps.last().map(|step| step.by.person).or_else(|| case.opened.person())
    }
}

/// Who a case concerns, and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening<S> {
    /// Its first state.
    pub state: S,
    /// In whose name it opens, where that is not the organisation of whoever acts.
    pub opener: Option<OrganisationId>,
    /// Who is asked or held to something.
    pub respondent: Option<OrganisationId>,
    /// The competent sharing authority, where one has a part in it.
    pub authority: Option<OrganisationId>,
    /// Others who may read it, such as those who received the data in question.
    pub concerned: Vec<OrganisationId>,
    /// The clock that starts.
    pub clock: Option<Clock>,
}

impl<S> Opening<S> {
    /// A case between the opener and this respondent.
    pub fn against(state: S, respondent: OrganisationId) -> Self {
        Self { respondent: Some(respondent), ..Self::alone(state) }
    }

    /// A case that nobody answers yet.
    pub const fn alone(state: S) -> Self {
        Self { state, opener: None, respondent: None, authority: None, concerned: Vec::new(), clock: None }
    }

    /// In the name of this organisation, whoever acts.
    #[must_use]
    pub fn in_the_name_of(self, opener: OrganisationId) -> Self {
        Self { opener: Some(opener), ..self }
    }

    /// With the competent authority.
    #[must_use]
    pub fn before(self, authority: Option<OrganisationId>) -> Self {
        Self { authority, ..self }
    }

    /// With a clock that starts.
    #[must_use]
    pub fn timed(self, clock: Clock) -> Self {
        Self { clock: Some(clock), ..self }
    }

    /// With others who may read it.
    #[must_use]
    pub fn concerning(self, concerned: Vec<OrganisationId>) -> Self {
        Self { concerned, ..self }
    }
}

/// What an act brings about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next<S> {
    /// The state after it.
    pub state: S,
    /// The current clock ends.
    pub stops_clock: bool,
    /// A clock that starts; the current one ends first.
    pub starts: Option<Clock>,
    /// Another respondent than before.
    pub respondent: Option<OrganisationId>,
    /// Another authority than before.
    pub authority: Option<OrganisationId>,
}

impl<S> Next<S> {
    /// This state, and everything else as it is.
    pub const fn to(state: S) -> Self {
        Self { state, stops_clock: false, starts: None, respondent: None, authority: None }
    }

    /// ... and the clock ends.
    #[must_use]
    pub fn stopping(self) -> Self {
        Self { stops_clock: true, ..self }
    }

    /// ... and another clock starts.
    #[must_use]
    pub fn starting(self, clock: Clock) -> Self {
        Self { stops_clock: true, starts: Some(clock), ..self }
    }

    /// ... and it is now with this respondent.
    #[must_use]
    pub fn with_respondent(self, respondent: OrganisationId) -> Self {
        Self { respondent: Some(respondent), ..self }
    }

    /// ... and it is now before this authority.
    #[must_use]
    pub fn with_authority(self, authority: OrganisationId) -> Self {
        Self { authority: Some(authority), ..self }
    }
}

/// Who opened a case, and when: a person, or a detector of the node in the name of the competent authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A person.
    Person(Stamp),
    /// A detector: a task of the system, which decides nothing.
    Detector {
        /// The task's name.
        task: String,
        /// The authority whose people it is for.
        organisation: OrganisationId,
        /// When.
        at: Moment,
    },
}

impl Origin {
    /// The person's stamp, if it was one.
    pub const fn stamp(&self) -> Option<&Stamp> {
        match self {
            Self::Person(stamp) => Some(stamp),
            Self::Detector { .. } => None,
        }
    }

    /// The person, if it was one.
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person(stamp) => Some(stamp.person),
            Self::Detector { .. } => None,
        }
    }

    /// For which organisation.
    pub const fn organisation(&self) -> OrganisationId {
        match self {
            Self::Person(stamp) => stamp.organisation,
            Self::Detector { organisation, .. } => *organisation,
        }
    }

    /// When.
    pub const fn at(&self) -> Moment {
        match self {
            Self::Person(stamp) => stamp.at,
            Self::Detector { at, .. } => *at,
        }
    }
}

/// One thing that was done in a case, and by whom. It is never changed or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<A> {
    /// What was done.
    pub act: A,
    /// By whom, when.
    pub by: Stamp,
}

/// A clock of a case; when it ended it stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseClock {
    /// The clock.
    pub clock: Clock,
    /// When it ended; `None` while it runs.
    pub stopped: Option<Moment>,
}

/// A case of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Case<P: Procedure> {
    /// Its id.
    pub id: CaseId,
    /// Its number, `JH-2026-000001`.
    pub number: String,
    /// The organisation that opened it.
    pub opener: OrganisationId,
    /// Who is asked or held to something.
    pub respondent: Option<OrganisationId>,
    /// The competent sharing authority, where one has a part in it.
    pub authority: Option<OrganisationId>,
    /// Others who may read it.
    pub concerned: Vec<OrganisationId>,
    /// Who opened it, when.
    pub opened: Origin,
    /// What it is about.
    pub matter: P,
    /// What was done, in order.
    pub steps: Vec<Step<P::Act>>,
    /// Where it stands.
    pub state: P::State,
    /// Its clocks, the newest last.
    pub clocks: Vec<CaseClock>,
}

impl<P: Procedure> Case<P> {
    /// Opens a case.
    ///
    /// # Errors
    /// As [`Procedure::open`].
    pub fn open(id: CaseId, number: String, matter: P, facts: &Facts<'_>, by: Stamp) -> Result<Self, Refusal> {
        let matter = matter.completed(facts, &by)?;
        let opening = matter.open(facts, &by)?;
        Ok(Self::opened(id, number, matter, opening, Origin::Person(by)))
    }

    fn opened(id: CaseId, number: String, matter: P, opening: Opening<P::State>, origin: Origin) -> Self {
        let clocks = opening.clock.into_iter().map(|clock| CaseClock { clock, stopped: None }).collect();
        Self {
            id,
            number,
            opener: opening.opener.unwrap_or_else(|| origin.organisation()),
            respondent: opening.respondent,
            authority: opening.authority,
            concerned: opening.concerned,
            opened: origin,
            matter,
            steps: Vec::new(),
            state: opening.state,
            clocks,
        }
    }

    /// The case after an act.
    ///
    /// # Errors
    /// `NotInThisState` when the state does not admit the verb; else as [`Procedure::decide`].
    pub fn after(&self, act: &P::Act, facts: &Facts<'_>, by: Stamp) -> Result<Self, Refusal> {
        let verb = P::verb(act);
        if !P::admits(self.state, verb) {
            return Err(Refusal::not_in_this_state(verb.spelling(), self.state.spelling()));
        }
        let next = P::decide(self, act, facts, &by)?;
        let mut after = self.clone();
        let ended = next.stops_clock || P::settled(next.state);
        if let Some(current) = after.clocks.last_mut().filter(|current| ended && current.stopped.is_none()) {
            current.stopped = Some(by.at);
        }
        after.clocks.extend(next.starts.map(|clock| CaseClock { clock, stopped: None }));
        after.steps.push(Step { act: act.clone(), by });
        after.state = next.state;
        after.respondent = next.respondent.or(after.respondent);
        after.authority = next.authority.or(after.authority);
        Ok(after)
    }

    /// The clock that runs.
    pub fn running(&self) -> Option<&Clock> {
        self.clocks.last().filter(|clock| clock.stopped.is_none()).map(|clock| &clock.clock)
    }

    /// When somebody last moved it.
    pub fn moved_at(&self) -> Moment {
        self.steps.last().map_or(self.opened.at(), |step| step.by.at)
    }
}
