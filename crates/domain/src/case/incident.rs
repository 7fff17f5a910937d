//! Data security incidents (数据安全事件, Art. 35(3)): acted on at once, contained, reported as prescribed, and closed with
//! what was learnt. What was done and what was reported is added step by step.
//!
//! An incident suspends nothing by itself: the right of sharing is suspended for misuse (Art. 27(2)), which is another
//! case. Whoever may order that - the provider or an authority - orders it out of the incident that shows the misuse.

use super::{
    About, Case, CaseKind, CaseMatter, Effect, Facts, Misuse, Next, Opening, Procedure, Rectification, checks,
};
use crate::{Problem, ProblemCode, Refusal, RefusalCode, Stamp, law, refusal::text_without_people};
use shuqiao_vocabulary::{CatalogueEntryId, Date, GrantId, OrganisationId, PersonId, closed_list};

/// Further grants and entries that an incident may name.
const AFFECTED_MAX: usize = 100;
/// Characters of a number.
const NUMBER_MAX: usize = 80;

closed_list! {
    /// What happened to the data (事件类型, Art. 35(2)).
    IncidentKind {
        /// Changed (篡改).
        Tampered = "tampered",
        /// Destroyed (破坏).
        Destroyed = "destroyed",
        /// Leaked (泄露).
        Leaked = "leaked",
        /// Obtained unlawfully (非法获取).
        IllegallyObtained = "illegally_obtained",
        /// Used unlawfully (非法利用).
        IllegallyUsed = "illegally_used",
    }
}

/// What happened, where, to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// The organisation where it happened.
    pub organisation: OrganisationId,
    /// What happened.
    pub what: IncidentKind,
    /// The grant under which the data came.
    pub grant: Option<GrantId>,
    /// The entry it belongs to.
    pub entry: Option<CatalogueEntryId>,
    /// Numbers of further grants and entries.
    pub also: Vec<String>,
    /// The day on which it was found.
    pub found_on: Date,
    /// What is known, without anybody's data.
    pub account: String,
}

closed_list! {
    /// Where an incident stands.
    IncidentState {
        /// The plan is carried out.
        Responding = "responding",
        /// The harm does not spread any more.
        Contained = "contained",
        /// Closed.
        Closed = "closed",
    }
}

closed_list! {
    /// What can be done in an incident.
    IncidentVerb {
        /// Something was done against it.
        Measure = "measure",
        /// It was reported.
        Report = "report",
        /// It is contained.
        Contain = "contain",
        /// It is closed, with what was learnt.
        Close = "close",
        /// It shows misuse: sharing is suspended, and putting it right is ordered.
        OrderRectification = "order_rectification",
    }
}

/// What is done in an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IncidentAct {
    /// Something was done against it (应急处置措施).
    Measure {
        /// What.
        text: String,
    },
    /// It was reported (按照规定报告).
    Report {
        /// To which body.
        to: String,
        /// On which day.
        on: Date,
        /// The report's number.
        reference: String,
    },
    /// It is contained.
    Contain {
        /// How.
        text: String,
    },
    /// It is closed.
    Close {
        /// What was learnt.
        lessons: String,
    },
    /// Sharing is suspended, and putting it right is ordered (限期整改, Art. 27(2)).
    OrderRectification {
        /// Which rule was broken.
        misuse: Misuse,
        /// What happened.
        text: String,
        /// What shows it, beside this incident.
        evidence: String,
        /// What is to be put right.
        demand: String,
        /// The last day for it.
        due: Date,
    },
}

impl Procedure for Incident {
    const KIND: CaseKind = CaseKind::Incident;
    const OPENED: &'static str = "IncidentOpened";
    type State = IncidentState;
    type Verb = IncidentVerb;
    type Act = IncidentAct;

    fn verb(act: &IncidentAct) -> IncidentVerb {
        match act {
            IncidentAct::Measure { .. } => IncidentVerb::Measure,
            IncidentAct::Report { .. } => IncidentVerb::Report,
            IncidentAct::Contain { .. } => IncidentVerb::Contain,
            IncidentAct::Close { .. } => IncidentVerb::Close,
            IncidentAct::OrderRectification { .. } => IncidentVerb::OrderRectification,
        }
    }

    fn event(verb: IncidentVerb) -> &'static str {
        match verb {
            IncidentVerb::Measure => "IncidentMeasureTaken",
            IncidentVerb::Report => "IncidentReported",
            IncidentVerb::Contain => "IncidentContained",
            IncidentVerb::Close => "IncidentClosed",
            IncidentVerb::OrderRectification => "IncidentRectificationOrdered",
        }
    }

    fn admits(state: IncidentState, verb: IncidentVerb) -> bool {
        use IncidentVerb::{Close, Contain, Measure, OrderRectification, Report};
        match state {
            IncidentState::Responding => matches!(verb, Measure | Report | Contain | OrderRectification),
            IncidentState::Contained => matches!(verb, Measure | Report | Close | OrderRectification),
            IncidentState::Closed => false,
        }
    }

    fn settled(state: IncidentState) -> bool {
        state == IncidentState::Closed
    }

    fn about(&self) -> About {
        About { entry: self.entry, grant: self.grant, ..About::NOTHING }
    }

    fn title(&self, facts: &Facts<'_>) -> String {
        let of_grant = facts.grant.map(|grant| grant.entry_name.clone());
        of_grant.or_else(|| facts.entry.map(|entry| entry.content.name.clone())).unwrap_or_default()
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<IncidentState>, Refusal> {
        facts.organisation(self.organisation)?;
        let authority = facts.authority_of(self.organisation);
        if by.organisation != self.organisation && authority != Some(by.organisation) {
            return Err(Refusal::new(RefusalCode::NotAParty, Some(law::INCIDENT)));
        }
        text_without_people("account", &self.account)?;
        let mut problems = Vec::new();
        if self.found_on > by.at.date() {
            problems.push(Problem::new("found_on", ProblemCode::PeriodWrong, None));
        }
        let fits = |number: &String| !number.trim().is_empty() && number.chars().count() <= NUMBER_MAX;
        if self.also.len() > AFFECTED_MAX || !self.also.iter().all(fits) {
            problems.push(Problem::new("also", ProblemCode::TooLarge, None).with("max", AFFECTED_MAX));
        }
        Refusal::unless_fine(RefusalCode::CaseIncomplete, law::INCIDENT, problems)?;
        // Whose data it is, or who uses it, must hear of it.
        let parties = facts.grant.map(|grant| [grant.provider, grant.requester]).into_iter().flatten();
        let owner = facts.entry.map(|entry| entry.provider);
        let mut concerned: Vec<_> = parties.chain(owner).filter(|id| *id != self.organisation).collect();
        concerned.sort_unstable();
        concerned.dedup();
        Ok(Opening::against(IncidentState::Responding, self.organisation).before(authority).concerning(concerned))
    }

    fn decide(
        case: &Case<Self>,
        act: &IncidentAct,
        facts: &Facts<'_>,
        by: &Stamp,
    ) -> Result<Next<IncidentState>, Refusal> {
        match act {
            IncidentAct::Measure { text } => {
                text_without_people("text", text)?;
                Ok(Next::to(case.state))
            }
            IncidentAct::Report { to, on, reference } => {
                text_without_people("to", to)?;
                text_without_people("reference", reference)?;
                if *on > by.at.date() || *on < case.matter.found_on {
                    return Err(incomplete(Problem::new("on", ProblemCode::PeriodWrong, Some(law::INCIDENT))));
                }
                Ok(Next::to(case.state))
            }
            IncidentAct::Contain { text } => {
                text_without_people("text", text)?;
                Ok(Next::to(IncidentState::Contained))
            }
            IncidentAct::Close { lessons } => {
                text_without_people("lessons", lessons)?;
                let reported = case.steps.iter().any(|step| matches!(step.act, IncidentAct::Report { .. }));
                if !reported {
                    return Err(incomplete(Problem::new("reports", ProblemCode::Required, Some(law::INCIDENT))));
                }
                Ok(Next::to(IncidentState::Closed))
            }
            // What the order says is checked where the rectification opens, in the same commit.
            IncidentAct::OrderRectification { .. } => {
                if facts.grant()?.requester != case.matter.organisation {
                    return Err(checks::wrong("misuse", ProblemCode::Contradiction, law::MISUSE));
                }
                Ok(Next::to(case.state))
            }
        }
    }

    fn effects_of_act(case: &Case<Self>, act: &IncidentAct) -> Vec<Effect> {
        let (IncidentAct::OrderRectification { misuse, text, evidence, demand, due }, Some(grant)) =
            (act, case.matter.grant)
        else {
            return Vec::new();
        };
        let order = Rectification {
            grant,
            misuse: *misuse,
            text: text.clone(),
            evidence: format!("{} {}", case.number, evidence.trim()),
            demand: demand.clone(),
            due: *due,
        };
        vec![Effect::OpenCase(Box::new(CaseMatter::Rectification(order)))]
    }

    /// Who contained it is not who closes it.
    fn prepared_by(case: &Case<Self>) -> Option<PersonId> {
        let contained = case.steps.iter().rev().find(|step| matches!(step.act, IncidentAct::Contain { .. }));
        contained.map(|step| step.by.person).or_else(|| case.opened.person())
    }
}

fn incomplete(problem: Problem) -> Refusal {
    Refusal { problems: vec![problem], ..Refusal::new(RefusalCode::CaseIncomplete, Some(law::INCIDENT)) }
}
