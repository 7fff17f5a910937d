//! Engagements of contractors (委托, Art. 36(1)): work on a government system that others do, approved by the head of the
//! department, with norms, duties of confidentiality, dates, and the accounts of the people who come. Outside its dates
//! those accounts let nobody in, and when it ends they are closed in the same commit. A contractor sees no data.

use super::{About, Case, CaseKind, Effect, Facts, Next, Opening, Procedure};
use crate::{Clock, Problem, ProblemCode, Refusal, RefusalCode, Stamp, law, refusal::required_text};
use shuqiao_vocabulary::{Date, OrganisationCode, PersonId, Role, closed_list};

/// People one engagement may name.
const PEOPLE_MAX: usize = 50;

/// What is given to whom, on which approval, under which duties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engagement {
    /// The contractor's name (受托方).
    pub contractor: String,
    /// Its unified social credit code.
    pub code: OrganisationCode,
    /// The project (信息化项目).
    pub project: String,
    /// The document of its approval (批准文件).
    pub approval: String,
    /// Norms and standards of the work (工作规范和标准).
    pub norms: String,
    /// Duties of confidentiality and security (保密和安全义务).
    pub confidentiality: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Accounts of the people who come: of the department, in the role of a contractor and in no other.
    pub people: Vec<PersonId>,
}

closed_list! {
    /// What became of data when an engagement ended (数据处置).
    Handover {
        /// Given back.
        Returned = "returned",
        /// Destroyed.
        Destroyed = "destroyed",
        /// There never was any.
        NeverHeld = "never_held",
    }
}

closed_list! {
    /// Where an engagement stands.
    EngagementState {
        /// Waits for the department's head.
        Proposed = "proposed",
        /// In force, within its dates.
        InForce = "in_force",
        /// In force; a later last day waits for the department's head.
        Extending = "extending",
        /// Sent back; nothing came of it.
        Returned = "returned",
        /// Ended; the accounts are closed.
        Ended = "ended",
    }
}

closed_list! {
    /// What can be done to an engagement.
    EngagementVerb {
        /// The department's head approves it, or its extension.
        Approve = "approve",
        /// The department's head sends it, or its extension, back.
        Return = "return",
        /// A later last day is proposed.
        Extend = "extend",
        /// It ends.
        End = "end",
    }
}

/// What is done to an engagement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngagementAct {
    /// The head approves.
    Approve {
        /// The head's opinion.
        opinion: String,
    },
    /// The head sends back.
    Return {
        /// Why.
        reason: String,
    },
    /// A later last day is proposed.
    Extend {
        /// Which.
        until: Date,
        /// Why.
        reason: String,
    },
    /// It ends.
    End {
        /// What became of data.
        handover: Handover,
        /// What was handed over, by which paper.
        statement: String,
    },
}

impl Procedure for Engagement {
    const KIND: CaseKind = CaseKind::Engagement;
    const OPENED: &'static str = "EngagementProposed";
    type State = EngagementState;
    type Verb = EngagementVerb;
    type Act = EngagementAct;

    fn verb(act: &EngagementAct) -> EngagementVerb {
        match act {
            EngagementAct::Approve { .. } => EngagementVerb::Approve,
            EngagementAct::Return { .. } => EngagementVerb::Return,
            EngagementAct::Extend { .. } => EngagementVerb::Extend,
            EngagementAct::End { .. } => EngagementVerb::End,
        }
    }

    fn event(verb: EngagementVerb) -> &'static str {
        match verb {
            EngagementVerb::Approve => "EngagementApproved",
            EngagementVerb::Return => "EngagementReturned",
            EngagementVerb::Extend => "EngagementExtensionProposed",
            EngagementVerb::End => "EngagementEnded",
        }
    }

    fn admits(state: EngagementState, verb: EngagementVerb) -> bool {
        use EngagementVerb::{Approve, End, Extend, Return};
        match state {
            EngagementState::Proposed => matches!(verb, Approve | Return),
            EngagementState::InForce => matches!(verb, Extend | End),
            EngagementState::Extending => matches!(verb, Approve | Return | End),
            EngagementState::Returned | EngagementState::Ended => false,
        }
    }

    fn settled(state: EngagementState) -> bool {
        matches!(state, EngagementState::Returned | EngagementState::Ended)
    }

    fn about(&self) -> About {
        About::NOTHING
    }

    fn people(&self) -> Vec<PersonId> {
        self.people.clone()
    }

    fn title(&self, _: &Facts<'_>) -> String {
        self.project.clone()
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<EngagementState>, Refusal> {
        let texts = [
            ("contractor", &self.contractor),
            ("project", &self.project),
            ("approval", &self.approval),
            ("norms", &self.norms),
            ("confidentiality", &self.confidentiality),
        ];
        for (field, text) in texts {
            required_text(field, text)?;
        }
        let mut problems = strangers(&self.people, facts, by);
        if self.until < self.from || self.until < by.at.date() {
            problems.push(Problem::new("until", ProblemCode::PeriodWrong, Some(law::OUTSOURCING)));
        }
        Refusal::unless_fine(RefusalCode::CaseIncomplete, law::OUTSOURCING, problems)?;
        Ok(Opening::alone(EngagementState::Proposed).before(facts.authority_of(by.organisation)))
    }

    fn decide(
        case: &Case<Self>,
        act: &EngagementAct,
        facts: &Facts<'_>,
        by: &Stamp,
    ) -> Result<Next<EngagementState>, Refusal> {
        match act {
            EngagementAct::Approve { opinion } => {
                required_text("opinion", opinion)?;
                Refusal::unless_fine(
                    RefusalCode::CaseIncomplete,
                    law::OUTSOURCING,
                    strangers(&case.matter.people, facts, by),
                )?;
                let until = case.proposed_until().unwrap_or(case.matter.until);
                let clock = Clock::until(until, law::OUTSOURCING, by.at, facts.calendar)?;
                Ok(Next::to(EngagementState::InForce).starting(clock))
            }
            EngagementAct::Return { reason } => {
                required_text("reason", reason)?;
                let extending = case.state == EngagementState::Extending;
                Ok(Next::to(if extending { EngagementState::InForce } else { EngagementState::Returned }))
            }
            EngagementAct::Extend { until, reason } => {
                required_text("reason", reason)?;
                if *until <= case.until() || *until < by.at.date() {
                    let problem = Problem::new("until", ProblemCode::PeriodWrong, Some(law::OUTSOURCING));
                    Refusal::unless_fine(RefusalCode::CaseIncomplete, law::OUTSOURCING, vec![problem])?;
                }
                Ok(Next::to(EngagementState::Extending))
            }
            EngagementAct::End { statement, .. } => {
                required_text("statement", statement)?;
                Ok(Next::to(EngagementState::Ended))
            }
        }
    }

    fn effects_of_act(case: &Case<Self>, act: &EngagementAct) -> Vec<Effect> {
        match act {
            EngagementAct::End { .. } => {
                case.matter.people.iter().map(|person| Effect::DeactivatePerson { person: *person }).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Case<Engagement> {
    /// The last day as it was approved last.
    pub fn until(&self) -> Date {
        self.days().0
    }

    /// A later last day that waits for the head.
    fn proposed_until(&self) -> Option<Date> {
        self.days().1
    }

    fn days(&self) -> (Date, Option<Date>) {
        let mut days = (self.matter.until, None);
        for step in &self.steps {
            days = match (&step.act, days) {
                (EngagementAct::Extend { until, .. }, (approved, _)) => (approved, Some(*until)),
                (EngagementAct::Approve { .. }, (approved, proposed)) => (proposed.unwrap_or(approved), None),
                (_, (approved, _)) => (approved, None),
            };
        }
        days
    }

    /// Whether the contractor's people may be here on this day.
    pub fn in_force_on(&self, day: Date) -> bool {
        matches!(self.state, EngagementState::InForce | EngagementState::Extending)
            && self.matter.from <= day
            && day <= self.until()
    }
}

/// People who may not be named: each must be an open account of the department, a contractor and nothing else.
fn strangers(people: &[PersonId], facts: &Facts<'_>, by: &Stamp) -> Vec<Problem> {
    let article = Some(law::OUTSOURCING);
    if people.is_empty() || people.len() > PEOPLE_MAX {
        return vec![Problem::new("people", ProblemCode::Required, article).with("max", PEOPLE_MAX)];
    }
    let fits = |id: &PersonId| {
        facts.people.get(id).is_some_and(|person| {
            person.organisation == by.organisation && person.active && person.roles.iter().eq([&Role::Contractor])
        })
    };
    let wrong = people.iter().enumerate().filter(|(_, id)| !fits(id));
    wrong.map(|(at, _)| Problem::new(format!("people[{at}]"), ProblemCode::NotOffered, article)).collect()
}
