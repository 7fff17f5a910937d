//! Leads (线索, Art. 39-41): something that the node knows and that somebody should look at. A lead is for a human: an
//! officer of the authority takes it, dismisses it with a reason, pursues it by an inspection, or refers it to a body
//! outside. It is never a verdict, and nothing follows from it by itself.
//!
//! Detectors raise leads ([`crate::lead`]); an officer may enter one too.

use super::{About, Case, CaseKind, CaseMatter, Effect, Facts, Inspection, Next, Opening, Origin, Procedure};
use crate::{
    Problem, ProblemCode, Refusal, RefusalCode, Stamp,
    lead::{Evidence, LeadRule},
    organisation::superior_authority_of,
    refusal::{TEXT_MAX, required_text},
};
use shuqiao_vocabulary::{
    CaseId, CatalogueEntryId, Date, GrantId, Moment, OrganisationId, OrganisationKind, SharingRequestId, closed_list,
};

/// Pieces of evidence that one lead may have.
pub const LEAD_EVIDENCE_MAX: usize = 100;
/// Characters of a period, and of a reference.
pub const LEAD_TEXT_MAX: usize = 80;

/// What should be looked at, and what shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// By which rule.
    pub rule: LeadRule,
    /// The organisation that it points at.
    pub organisation: OrganisationId,
    /// Of which time: the same thing in the same time is one lead.
    pub period: String,
    /// What shows it.
    pub evidence: Vec<Evidence>,
    /// The entry it is about.
    pub entry: Option<CatalogueEntryId>,
    /// The request it is about.
    pub request: Option<SharingRequestId>,
    /// The grant it is about.
    pub grant: Option<GrantId>,
    /// The case it is about.
    pub case: Option<CaseId>,
}

closed_list! {
    /// Where a lead stands.
    LeadState {
        /// Raised; nobody has it yet.
        Raised = "raised",
        /// An officer looks at it.
        Taken = "taken",
        /// Dismissed, with a reason.
        Dismissed = "dismissed",
        /// Pursued: an inspection is open.
        Pursued = "pursued",
        /// Referred to a body outside.
        Referred = "referred",
    }
}

closed_list! {
    /// What can be done with a lead.
    LeadVerb {
        /// An officer takes it.
        Take = "take",
        /// It is dismissed.
        Dismiss = "dismiss",
        /// An inspection is opened.
        Pursue = "pursue",
        /// It is referred to a body outside, such as the people's government.
        Refer = "refer",
    }
}

/// What is done with a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeadAct {
    /// An officer takes it.
    Take,
    /// It is dismissed.
    Dismiss {
        /// Why.
        reason: String,
    },
    /// An inspection is opened.
    Pursue {
        /// What is looked at.
        subject: String,
        /// Which entries, requests, grants, records.
        scope: String,
        /// The first day of the time that is looked at.
        period_from: Date,
        /// Its last day.
        period_until: Date,
    },
    /// It is referred.
    Refer {
        /// To which body.
        to: String,
        /// The letter's number.
        number: String,
    },
}

impl Procedure for Lead {
    const KIND: CaseKind = CaseKind::Lead;
    const OPENED: &'static str = "LeadRaised";
    type State = LeadState;
    type Verb = LeadVerb;
    type Act = LeadAct;

    fn verb(act: &LeadAct) -> LeadVerb {
        match act {
            LeadAct::Take => LeadVerb::Take,
            LeadAct::Dismiss { .. } => LeadVerb::Dismiss,
            LeadAct::Pursue { .. } => LeadVerb::Pursue,
            LeadAct::Refer { .. } => LeadVerb::Refer,
        }
    }

    fn event(verb: LeadVerb) -> &'static str {
        match verb {
            LeadVerb::Take => "LeadTaken",
            LeadVerb::Dismiss => "LeadDismissed",
            LeadVerb::Pursue => "LeadPursued",
            LeadVerb::Refer => "LeadReferred",
        }
    }

    fn admits(state: LeadState, verb: LeadVerb) -> bool {
        match state {
            LeadState::Raised => verb == LeadVerb::Take,
            LeadState::Taken => verb != LeadVerb::Take,
            LeadState::Dismissed | LeadState::Pursued | LeadState::Referred => false,
        }
    }

    fn settled(state: LeadState) -> bool {
        !matches!(state, LeadState::Raised | LeadState::Taken)
    }

    fn about(&self) -> About {
        About { entry: self.entry, request: self.request, grant: self.grant, case: self.case }
    }

    /// Says that it is a lead, and what to look at; never that something was done wrong.
    fn title(&self, _: &Facts<'_>) -> String {
        format!("线索：{}", self.rule.in_chinese())
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<LeadState>, Refusal> {
        if self.supervisor(facts) != Some(by.organisation) {
            return Err(Refusal::new(RefusalCode::NotAParty, Some(self.rule.article())));
        }
        self.checked()?;
        Ok(Opening::alone(LeadState::Raised).before(Some(by.organisation)))
    }

    fn decide(case: &Case<Self>, act: &LeadAct, _: &Facts<'_>, by: &Stamp) -> Result<Next<LeadState>, Refusal> {
        match act {
            LeadAct::Take => Ok(Next::to(LeadState::Taken)),
            LeadAct::Dismiss { reason } => {
                required_text("reason", reason)?;
                // Nobody dismisses what points at the own organisation; it is referred upwards (Art. 41).
                if case.matter.organisation == by.organisation {
                    return Err(Refusal::new(RefusalCode::NotAParty, Some(case.matter.rule.article())));
                }
                Ok(Next::to(LeadState::Dismissed))
            }
            // The plan itself is checked where the inspection opens, in the same commit.
            LeadAct::Pursue { .. } => Ok(Next::to(LeadState::Pursued)),
            LeadAct::Refer { to, number } => {
                required_text("to", to)?;
                required_text("number", number)?;
                Ok(Next::to(LeadState::Referred))
            }
        }
    }

    fn effects_of_act(case: &Case<Self>, act: &LeadAct) -> Vec<Effect> {
        let LeadAct::Pursue { subject, scope, period_from, period_until } = act else { return Vec::new() };
        let plan = Inspection {
            department: case.matter.organisation,
            subject: subject.clone(),
            period_from: *period_from,
            period_until: *period_until,
            scope: scope.clone(),
            lead: Some(case.id),
        };
        vec![Effect::OpenCase(Box::new(CaseMatter::Inspection(plan)))]
    }
}

impl Lead {
    /// Whose people look at it: the authority of the department; of an authority itself, the one above it, or itself
    /// where this node has none above (it cannot dismiss it then).
    pub fn supervisor(&self, facts: &Facts<'_>) -> Option<OrganisationId> {
        let pointed_at = facts.organisations.get(&self.organisation)?;
        if pointed_at.kind != OrganisationKind::SharingAuthority {
            return facts.authority_of(self.organisation);
        }
        let superior = superior_authority_of(pointed_at, facts.organisations.values());
        Some(superior.map_or(pointed_at.id, |authority| authority.id))
    }

    fn checked(&self) -> Result<(), Refusal> {
        let mut problems = Vec::new();
        let fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= LEAD_TEXT_MAX;
        if !fits(&self.period) {
            problems.push(Problem::new("period", ProblemCode::Required, None).with("max", LEAD_TEXT_MAX));
        }
        let shown = |evidence: &Evidence| fits(&evidence.reference) && evidence.note.chars().count() <= TEXT_MAX;
        if self.evidence.is_empty() || self.evidence.len() > LEAD_EVIDENCE_MAX || !self.evidence.iter().all(shown) {
            problems.push(Problem::new("evidence", ProblemCode::Required, None).with("max", LEAD_EVIDENCE_MAX));
        }
        Refusal::unless_fine(RefusalCode::CaseIncomplete, self.rule.article(), problems)
    }
}

impl Case<Lead> {
    /// A lead that a detector raises, in the name of the authority whose people look at it.
    ///
    /// # Errors
    /// `CaseSubjectMissing` when this node has no authority for it; `CaseIncomplete` as when a person enters one.
    pub fn detected(
        id: CaseId,
        number: String,
        matter: Lead,
        facts: &Facts<'_>,
        task: &str,
        at: Moment,
    ) -> Result<Self, Refusal> {
        let missing = || Refusal::new(RefusalCode::CaseSubjectMissing, None).with("what", "authority");
        let organisation = matter.supervisor(facts).ok_or_else(missing)?;
        matter.checked()?;
        let opening = Opening::alone(LeadState::Raised).before(Some(organisation));
        let origin = Origin::Detector { task: task.to_owned(), organisation, at };
        Ok(Self::opened(id, number, matter, opening, origin))
    }
}
