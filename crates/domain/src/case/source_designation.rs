//! Designation of a source department (数源部门认定, Art. 19(2)): of a data element that several departments collect, the
//! sharing authority hears them and names one as the source; the others cooperate with it.
//!
//! A later designation in the same case, or in a later case about the same element, supersedes the earlier one; each
//! stays in the record.

use super::{About, Case, CaseKind, Facts, Next, Opening, Procedure};
use crate::{
    Problem, ProblemCode, Refusal, RefusalCode, Stamp, catalogue::EntryState, element, law, organisation::covers,
    refusal::required_text,
};
use shuqiao_vocabulary::{CatalogueEntryId, ItemName, Moment, OrganisationId, OrganisationKind, closed_list};
use std::collections::{BTreeMap, BTreeSet};

/// Items that may carry one element.
const CARRIERS_MAX: usize = 100;
/// Departments that make a designation necessary: with one collector there is nothing to designate (Art. 19(2)).
const COLLECTORS_MIN: usize = 2;

/// One item of one entry that carries the element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// The entry.
    pub entry: CatalogueEntryId,
    /// Its item.
    pub item: ItemName,
}

/// The element, and who carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceDesignation {
    /// Name of the data element (数据元名称).
    pub element: String,
    /// What it is (定义).
    pub definition: String,
    /// Where it stands in the catalogue.
    pub carriers: Vec<Carrier>,
}

closed_list! {
    /// Where a designation stands.
    SourceDesignationState {
        /// The departments are heard.
        Consulting = "consulting",
        /// A source department is designated.
        Designated = "designated",
        /// The source department says that a collector does not cooperate; not yet put right.
        NotCooperating = "not_cooperating",
        /// Closed without a source department, or the element is no more.
        Closed = "closed",
    }
}

closed_list! {
    /// What can be done to a designation.
    SourceDesignationVerb {
        /// A collecting department says what it thinks.
        StateOpinion = "state_opinion",
        /// The authority designates the source department, or another than before.
        Designate = "designate",
        /// The source department says that a collector does not cooperate to update (Art. 39(3)).
        ReportNotCooperating = "report_not_cooperating",
        /// That collector says what it has done.
        Cooperate = "cooperate",
        /// The authority closes it.
        Close = "close",
    }
}

/// What is done to a designation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceDesignationAct {
    /// A collecting department says what it thinks.
    StateOpinion {
        /// Whether it could be the source.
        willing: bool,
        /// What it thinks.
        text: String,
    },
    /// The authority designates.
    Designate {
        /// Whom.
        source: OrganisationId,
        /// Why.
        reasons: String,
    },
    /// The source department reports.
    ReportNotCooperating {
        /// Which collector.
        department: OrganisationId,
        /// What was not updated.
        text: String,
    },
    /// The collector answers.
    Cooperate {
        /// What it has done.
        text: String,
    },
    /// The authority closes it.
    Close {
        /// Why.
        reason: String,
    },
}

impl SourceDesignation {
    /// The departments that collect it.
    ///
    /// # Errors
    /// `CaseSubjectMissing` when an entry was not fetched.
    fn collectors(&self, facts: &Facts<'_>) -> Result<BTreeSet<OrganisationId>, Refusal> {
        self.carriers.iter().map(|carrier| Ok(facts.entry_named(carrier.entry)?.provider)).collect()
    }

    fn problems(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Vec<Problem>, Refusal> {
        let authority = facts.organisation(by.organisation)?;
        let mut found = Vec::new();
        if element::key(&self.element).is_empty() {
            found.push(Problem::new("element", ProblemCode::Required, None));
        }
        for (position, carrier) in self.carriers.iter().enumerate() {
            let field = format!("carriers[{position}]");
            let entry = facts.entry_named(carrier.entry)?;
            let published = matches!(entry.state, EntryState::Published { .. });
            if self.carriers[..position].contains(carrier) {
                found.push(Problem::new(field, ProblemCode::Duplicate, None));
            } else if !published || entry.content.item(&carrier.item).is_none() {
                found.push(Problem::new(field, ProblemCode::NotOffered, None).with("name", &carrier.item));
            } else if !covers(authority, facts.organisation(entry.provider)?) {
                found.push(Problem::new(field, ProblemCode::Contradiction, Some(law::SOURCE_DEPARTMENT)));
            }
        }
        if self.carriers.len() > CARRIERS_MAX {
            found.push(Problem::new("carriers", ProblemCode::TooLong, None).with("max", CARRIERS_MAX));
        } else if self.collectors(facts)?.len() < COLLECTORS_MIN {
            found.push(
                Problem::new("carriers", ProblemCode::Required, Some(law::SOURCE_DEPARTMENT))
                    .with("departments", COLLECTORS_MIN),
            );
        }
        Ok(found)
    }
}

impl Case<SourceDesignation> {
    /// The designated source department and when it was named; the last designation counts.
    pub fn source(&self) -> Option<(OrganisationId, &Stamp)> {
        if self.state == SourceDesignationState::Closed {
            return None;
        }
        self.steps.iter().rev().find_map(|step| match &step.act {
            SourceDesignationAct::Designate { source, .. } => Some((*source, &step.by)),
            _ => None,
        })
    }

    /// Collectors reported since the last designation that have not said yet what they have done.
    pub fn not_cooperating(&self) -> BTreeSet<OrganisationId> {
        self.not_cooperating_since().into_keys().collect()
    }

    /// The same, each with the moment of the first report that it has not answered.
    pub fn not_cooperating_since(&self) -> BTreeMap<OrganisationId, Moment> {
        let mut waiting = BTreeMap::new();
        if self.state == SourceDesignationState::Closed {
            return waiting;
        }
        for step in &self.steps {
            match &step.act {
                SourceDesignationAct::Designate { .. } => waiting.clear(),
                SourceDesignationAct::ReportNotCooperating { department, .. } => {
                    waiting.entry(*department).or_insert(step.by.at);
                }
                SourceDesignationAct::Cooperate { .. } => {
                    waiting.remove(&step.by.organisation);
                }
                SourceDesignationAct::StateOpinion { .. } | SourceDesignationAct::Close { .. } => {}
            }
        }
        waiting
    }

    fn collector(&self, field: &'static str, id: OrganisationId, but: Option<OrganisationId>) -> Result<(), Refusal> {
        let mut problems = Vec::new();
        if !self.concerned.contains(&id) || but == Some(id) {
            problems.push(Problem::new(field, ProblemCode::NotOffered, Some(law::SOURCE_DEPARTMENT)));
        }
        Refusal::unless_fine(RefusalCode::CaseIncomplete, law::SOURCE_DEPARTMENT, problems)
    }
}

impl Procedure for SourceDesignation {
    const KIND: CaseKind = CaseKind::SourceDesignation;
    const OPENED: &'static str = "SourceDesignationOpened";
    type State = SourceDesignationState;
    type Verb = SourceDesignationVerb;
    type Act = SourceDesignationAct;

    fn verb(act: &SourceDesignationAct) -> SourceDesignationVerb {
        match act {
            SourceDesignationAct::StateOpinion { .. } => SourceDesignationVerb::StateOpinion,
            SourceDesignationAct::Designate { .. } => SourceDesignationVerb::Designate,
            SourceDesignationAct::ReportNotCooperating { .. } => SourceDesignationVerb::ReportNotCooperating,
            SourceDesignationAct::Cooperate { .. } => SourceDesignationVerb::Cooperate,
            SourceDesignationAct::Close { .. } => SourceDesignationVerb::Close,
        }
    }

    fn event(verb: SourceDesignationVerb) -> &'static str {
        match verb {
            SourceDesignationVerb::StateOpinion => "SourceOpinionStated",
            SourceDesignationVerb::Designate => "SourceDepartmentDesignated",
            SourceDesignationVerb::ReportNotCooperating => "CollectorReportedNotCooperating",
            SourceDesignationVerb::Cooperate => "CollectorCooperated",
            SourceDesignationVerb::Close => "SourceDesignationClosed",
        }
    }

    fn admits(state: SourceDesignationState, verb: SourceDesignationVerb) -> bool {
        use SourceDesignationVerb as V;
        match state {
            SourceDesignationState::Consulting => matches!(verb, V::StateOpinion | V::Designate | V::Close),
            SourceDesignationState::Designated => {
                matches!(verb, V::Designate | V::ReportNotCooperating | V::Close)
            }
            SourceDesignationState::NotCooperating => {
                matches!(verb, V::Designate | V::ReportNotCooperating | V::Cooperate | V::Close)
            }
            SourceDesignationState::Closed => false,
        }
    }

    fn settled(state: SourceDesignationState) -> bool {
        matches!(state, SourceDesignationState::Designated | SourceDesignationState::Closed)
    }

    fn about(&self) -> About {
        About::NOTHING
    }

    fn entries(&self) -> Vec<CatalogueEntryId> {
        self.carriers.iter().take(CARRIERS_MAX).map(|carrier| carrier.entry).collect()
    }

    fn title(&self, _facts: &Facts<'_>) -> String {
        self.element.clone()
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<SourceDesignationState>, Refusal> {
        if facts.organisation(by.organisation)?.kind != OrganisationKind::SharingAuthority {
            return Err(Refusal::new(RefusalCode::NoCompetentAuthority, Some(law::SOURCE_DEPARTMENT)));
        }
        let too_many = self.carriers.len() > CARRIERS_MAX;
        let problems = if too_many {
            vec![Problem::new("carriers", ProblemCode::TooLong, None).with("max", CARRIERS_MAX)]
        } else {
            self.problems(facts, by)?
        };
        Refusal::unless_fine(RefusalCode::CaseIncomplete, law::SOURCE_DEPARTMENT, problems)?;
        required_text("element", &self.element)?;
        required_text("definition", &self.definition)?;
        Ok(Opening::alone(SourceDesignationState::Consulting)
            .before(Some(by.organisation))
            .concerning(self.collectors(facts)?.into_iter().collect()))
    }

    fn decide(
        case: &Case<Self>,
        act: &SourceDesignationAct,
        _facts: &Facts<'_>,
        by: &Stamp,
    ) -> Result<Next<SourceDesignationState>, Refusal> {
        Ok(match act {
            SourceDesignationAct::StateOpinion { text, .. } => {
                required_text("text", text)?;
                Next::to(case.state)
            }
            SourceDesignationAct::Designate { source, reasons } => {
                case.collector("source", *source, None)?;
                required_text("reasons", reasons)?;
                Next::to(SourceDesignationState::Designated).with_respondent(*source)
            }
            SourceDesignationAct::ReportNotCooperating { department, text } => {
                case.collector("department", *department, case.respondent)?;
                required_text("text", text)?;
                Next::to(SourceDesignationState::NotCooperating)
            }
            SourceDesignationAct::Cooperate { text } => {
                required_text("text", text)?;
                let mut waiting = case.not_cooperating();
                if !waiting.remove(&by.organisation) {
                    return Err(Refusal::new(RefusalCode::OtherPartyActs, Some(law::COOPERATION)));
                }
                let all_answered = waiting.is_empty();
                Next::to(if all_answered {
                    SourceDesignationState::Designated
                } else {
                    SourceDesignationState::NotCooperating
                })
            }
            SourceDesignationAct::Close { reason } => {
                required_text("reason", reason)?;
                Next::to(SourceDesignationState::Closed)
            }
        })
    }
}
