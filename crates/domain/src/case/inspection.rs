//! Supervision and inspection (监督检查, Art. 29(1)): the sharing authority looks at how a department of its level and
//! region shares, writes down what it found with the evidence, gives notice with a date, verifies what was put right,
//! and closes or circulates a notice of criticism (通报). An order to correct (责令改正, Art. 39 and 40) is what a finding
//! may come to; only people decide that.

use super::{About, Case, CaseKind, Facts, Next, Opening, Procedure};
use crate::{Clock, Problem, ProblemCode, Refusal, RefusalCode, Stamp, law, refusal::required_text};
use shuqiao_vocabulary::{Article, CaseId, Date, OrganisationId, OrganisationKind, closed_list};

/// Records, and case numbers, that one finding may name.
const EVIDENCE_MAX: usize = 100;
/// Characters of a case number.
const NUMBER_MAX: usize = 40;

/// The plan of an inspection (检查方案).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Which department is inspected.
    pub department: OrganisationId,
    /// What is looked at (检查事项).
    pub subject: String,
    /// The first day of the time that is looked at.
    pub period_from: Date,
    /// Its last day.
    pub period_until: Date,
    /// Which entries, requests, grants, records (检查范围).
    pub scope: String,
    /// The lead that it pursues, if it does.
    pub lead: Option<CaseId>,
}

closed_list! {
    /// What a finding comes to.
    FindingOutcome {
        /// Nothing is wrong.
        NoProblem = "no_problem",
        /// To be improved.
        Reminder = "reminder",
        /// To be corrected by order (责令改正, Art. 39, 40).
        OrderToCorrect = "order_to_correct",
    }
}

closed_list! {
    /// Where an inspection stands.
    InspectionState {
        /// Planned; nothing is found yet.
        Planned = "planned",
        /// Something is written down.
        Found = "found",
        /// The department has its notice; the clock runs until the date set.
        Noticed = "noticed",
        /// The department has answered.
        Responded = "responded",
        /// What was put right is verified.
        Verified = "verified",
        /// Closed.
        Closed = "closed",
        /// A notice of criticism is circulated.
        Circulated = "circulated",
    }
}

closed_list! {
    /// What can be done in an inspection.
    InspectionVerb {
        /// A finding is written down.
        Find = "find",
        /// The department gets its notice, with a date.
        Notify = "notify",
        /// The department answers.
        Respond = "respond",
        /// The authority verifies what was put right.
        Verify = "verify",
        /// The authority closes it.
        Close = "close",
        /// The authority circulates a notice of criticism.
        Circulate = "circulate",
    }
}

/// What is done in an inspection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InspectionAct {
    /// A finding.
    Find {
        /// The article that it is about.
        article: Article,
        /// What was found.
        text: String,
        /// Indexes in the record that show it.
        records: Vec<u64>,
        /// Numbers of cases and requests that show it.
        cases: Vec<String>,
        /// What it comes to.
        outcome: FindingOutcome,
    },
    /// Notice to the department.
    Notify {
        /// The notice's number (文号).
        number: String,
        /// What is asked for.
        text: String,
        /// By when.
        due: Date,
    },
    /// The department answers.
    Respond {
        /// What was done.
        text: String,
    },
    /// The authority verifies.
    Verify {
        /// Whether it is put right.
        accepted: bool,
        /// What was seen.
        text: String,
        /// A new date, when it is not.
        due: Option<Date>,
    },
    /// The authority closes it.
    Close {
        /// The conclusion.
        text: String,
    },
    /// The authority circulates a notice of criticism.
    Circulate {
        /// The notice's number (文号).
        number: String,
        /// What it says.
        text: String,
    },
}

impl Procedure for Inspection {
    const KIND: CaseKind = CaseKind::Inspection;
    const OPENED: &'static str = "InspectionPlanned";
    type State = InspectionState;
    type Verb = InspectionVerb;
    type Act = InspectionAct;

    fn verb(act: &InspectionAct) -> InspectionVerb {
        match act {
            InspectionAct::Find { .. } => InspectionVerb::Find,
            InspectionAct::Notify { .. } => InspectionVerb::Notify,
            InspectionAct::Respond { .. } => InspectionVerb::Respond,
            InspectionAct::Verify { .. } => InspectionVerb::Verify,
            InspectionAct::Close { .. } => InspectionVerb::Close,
            InspectionAct::Circulate { .. } => InspectionVerb::Circulate,
        }
    }

    fn event(verb: InspectionVerb) -> &'static str {
        match verb {
            InspectionVerb::Find => "InspectionFindingRecorded",
            InspectionVerb::Notify => "InspectionNoticeGiven",
            InspectionVerb::Respond => "InspectionResponded",
            InspectionVerb::Verify => "InspectionVerified",
            InspectionVerb::Close => "InspectionClosed",
            InspectionVerb::Circulate => "InspectionCirculated",
        }
    }

    fn admits(state: InspectionState, verb: InspectionVerb) -> bool {
        use InspectionVerb::{Circulate, Close, Find, Notify, Respond, Verify};
        match state {
            InspectionState::Planned => matches!(verb, Find | Close),
            InspectionState::Found => matches!(verb, Find | Notify | Close),
            InspectionState::Noticed => matches!(verb, Respond | Circulate),
            InspectionState::Responded => verb == Verify,
            InspectionState::Verified => matches!(verb, Close | Circulate),
            InspectionState::Closed | InspectionState::Circulated => false,
        }
    }

    fn settled(state: InspectionState) -> bool {
        matches!(state, InspectionState::Closed | InspectionState::Circulated)
    }

    fn about(&self) -> About {
        self.lead.map(About::case).unwrap_or_default()
    }

    fn title(&self, _: &Facts<'_>) -> String {
        self.subject.clone()
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<InspectionState>, Refusal> {
        let department = facts.organisation(self.department)?;
        let own = facts.authority_of(department.id) == Some(by.organisation);
        if !own || department.kind == OrganisationKind::SharingAuthority {
            return Err(Refusal::new(RefusalCode::NotAParty, Some(law::INSPECTION)));
        }
        required_text("subject", &self.subject)?;
        required_text("scope", &self.scope)?;
        let turned = self.period_from > self.period_until;
        let period = turned.then(|| Problem::new("period_until", ProblemCode::PeriodWrong, None));
        Refusal::unless_fine(RefusalCode::CaseIncomplete, law::INSPECTION, period.into_iter().collect())?;
        // The department hears of it with the notice, not of what is merely being looked at.
        Ok(Opening::alone(InspectionState::Planned).before(Some(by.organisation)))
    }

    fn decide(
        case: &Case<Self>,
        act: &InspectionAct,
        facts: &Facts<'_>,
        by: &Stamp,
    ) -> Result<Next<InspectionState>, Refusal> {
        let until = |date: Date| Clock::until(date, law::INSPECTION, by.at, facts.calendar);
        match act {
            InspectionAct::Find { text, records, cases, outcome, .. } => {
                required_text("text", text)?;
                evidence(*outcome, records, cases)?;
                Ok(Next::to(InspectionState::Found))
            }
            InspectionAct::Notify { number, text, due } => {
                required_text("number", number)?;
                required_text("text", text)?;
                let next = Next::to(InspectionState::Noticed).with_respondent(case.matter.department);
                Ok(next.starting(until(*due)?))
            }
            InspectionAct::Respond { text } => {
                required_text("text", text)?;
                Ok(Next::to(InspectionState::Responded).stopping())
            }
            InspectionAct::Verify { accepted, text, due } => {
                required_text("text", text)?;
                match (accepted, due) {
                    (true, None) => Ok(Next::to(InspectionState::Verified)),
                    (false, Some(due)) => Ok(Next::to(InspectionState::Noticed).starting(until(*due)?)),
                    (true, Some(_)) => Err(incomplete("due", ProblemCode::Contradiction)),
                    (false, None) => Err(incomplete("due", ProblemCode::Required)),
                }
            }
            InspectionAct::Close { text } => {
                required_text("text", text)?;
                // An order to correct is not left without its notice.
                if case.state == InspectionState::Found && ordered(case) {
                    return Err(incomplete("notice", ProblemCode::Required));
                }
                Ok(Next::to(InspectionState::Closed))
            }
            InspectionAct::Circulate { number, text } => {
                required_text("number", number)?;
                required_text("text", text)?;
                Ok(Next::to(InspectionState::Circulated))
            }
        }
    }
}

fn incomplete(field: &'static str, code: ProblemCode) -> Refusal {
    let article = Some(law::INSPECTION);
    let problems = vec![Problem::new(field, code, article)];
    Refusal { problems, ..Refusal::new(RefusalCode::CaseIncomplete, article) }
}

fn ordered(case: &Case<Inspection>) -> bool {
    let order =
        |act: &InspectionAct| matches!(act, InspectionAct::Find { outcome: FindingOutcome::OrderToCorrect, .. });
    case.steps.iter().any(|step| order(&step.act))
}

/// Whoever says that something is wrong says what shows it.
fn evidence(outcome: FindingOutcome, records: &[u64], cases: &[String]) -> Result<(), Refusal> {
    if outcome != FindingOutcome::NoProblem && records.is_empty() && cases.is_empty() {
        return Err(incomplete("records", ProblemCode::Required));
    }
    if records.len() > EVIDENCE_MAX {
        return Err(incomplete("records", ProblemCode::TooLarge));
    }
    let fits = |number: &String| !number.trim().is_empty() && number.chars().count() <= NUMBER_MAX;
    if cases.len() > EVIDENCE_MAX || !cases.iter().all(fits) {
        return Err(incomplete("cases", ProblemCode::TooLarge));
    }
    Ok(())
}
