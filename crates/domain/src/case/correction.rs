//! Verification and correction (校核纠错, Art. 26(2)): who uses the data finds it inaccurate or incomplete and says so;
//! the provider verifies, corrects and feeds back within 10 working days; the verdict reaches everybody who received
//! the data.

use super::{About, Case, CaseKind, Facts, Next, Opening, Procedure};
use crate::{ClockId, Problem, ProblemCode, Refusal, RefusalCode, Stamp, law, refusal::required_text};
use shuqiao_vocabulary::{GrantId, ItemName, closed_list};

/// Items one application may doubt.
const ITEMS_MAX: usize = 100;

/// What is doubted, why, and what would be right (校核申请).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The grant under which the data came.
    pub grant: GrantId,
    /// The items that are doubted.
    pub items: Vec<ItemName>,
    /// Which rows: how the provider finds them, without the doubted values themselves.
    pub rows: String,
    /// What is wrong.
    pub doubt: String,
    /// What would be right, where it is known.
    pub proposal: String,
    /// What shows it.
    pub evidence: String,
}

closed_list! {
    /// What verifying came to (核实结果).
    Verdict {
        /// It was wrong and is corrected.
        Corrected = "corrected",
        /// It is right as it stands, with the reason.
        Upheld = "upheld",
    }
}

closed_list! {
    /// Where a correction stands.
    CorrectionState {
        /// Received by the provider; the clock runs.
        Received = "received",
        /// The provider has verified and fed back.
        Answered = "answered",
        /// Withdrawn.
        Withdrawn = "withdrawn",
    }
}

closed_list! {
    /// What can be done to a correction.
    CorrectionVerb {
        /// The provider feeds back what verifying came to.
        Answer = "answer",
        /// Somebody who received the data takes note of the verdict.
        Acknowledge = "acknowledge",
        /// The requester withdraws it.
        Withdraw = "withdraw",
    }
}

/// What is done to a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CorrectionAct {
    /// The provider feeds back.
    Answer {
        /// What verifying came to.
        verdict: Verdict,
        /// What was found and done.
        finding: String,
    },
    /// Somebody who received the data takes note.
    Acknowledge {
        /// What was done with the rows there.
        note: String,
    },
    /// The requester withdraws it.
    Withdraw {
        /// Why.
        reason: String,
    },
}

impl Procedure for Correction {
    const KIND: CaseKind = CaseKind::Correction;
    const OPENED: &'static str = "CorrectionRequested";
    type State = CorrectionState;
    type Verb = CorrectionVerb;
    type Act = CorrectionAct;

    fn verb(act: &CorrectionAct) -> CorrectionVerb {
        match act {
            CorrectionAct::Answer { .. } => CorrectionVerb::Answer,
            CorrectionAct::Acknowledge { .. } => CorrectionVerb::Acknowledge,
            CorrectionAct::Withdraw { .. } => CorrectionVerb::Withdraw,
        }
    }

    fn event(verb: CorrectionVerb) -> &'static str {
        match verb {
            CorrectionVerb::Answer => "CorrectionAnswered",
            CorrectionVerb::Acknowledge => "CorrectionAcknowledged",
            CorrectionVerb::Withdraw => "CorrectionWithdrawn",
        }
    }

    fn admits(state: CorrectionState, verb: CorrectionVerb) -> bool {
        match state {
            CorrectionState::Received => matches!(verb, CorrectionVerb::Answer | CorrectionVerb::Withdraw),
            CorrectionState::Answered => verb == CorrectionVerb::Acknowledge,
            CorrectionState::Withdrawn => false,
        }
    }

    fn settled(state: CorrectionState) -> bool {
        state != CorrectionState::Received
    }

    fn about(&self) -> About {
        About::grant(self.grant)
    }

    fn title(&self, facts: &Facts<'_>) -> String {
        facts.grant.map(|grant| grant.entry_name.clone()).unwrap_or_default()
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<CorrectionState>, Refusal> {
        let grant = facts.grant()?;
        if grant.requester != by.organisation {
            return Err(Refusal::new(RefusalCode::NotAParty, Some(law::CORRECTION.article)));
        }
        let mut problems = Vec::new();
        if self.items.is_empty() || self.items.len() > ITEMS_MAX {
            problems.push(Problem::new("items", ProblemCode::Required, None).with("max", ITEMS_MAX));
        }
        for (position, item) in self.items.iter().enumerate() {
            if !grant.terms.items.iter().any(|granted| granted.name == *item) {
                let field = format!("items[{position}]");
                problems.push(Problem::new(field, ProblemCode::NotOffered, None).with("item", item));
            }
        }
        Refusal::unless_fine(RefusalCode::CaseIncomplete, law::CORRECTION.article, problems)?;
        required_text("rows", &self.rows)?;
        required_text("doubt", &self.doubt)?;
        required_text("evidence", &self.evidence)?;
        let clock = facts.clock_of(grant.provider, ClockId::Correction, by.at)?;
        // The verdict reaches everybody who received the data, so they are on the case from the start.
        let others = facts.receivers.iter().copied().filter(|id| ![grant.requester, grant.provider].contains(id));
        Ok(Opening::against(CorrectionState::Received, grant.provider)
            .before(facts.authority_of(grant.provider))
            .concerning(others.collect())
            .timed(clock))
    }

    fn decide(
        _case: &Case<Self>,
        act: &CorrectionAct,
        _facts: &Facts<'_>,
        _by: &Stamp,
    ) -> Result<Next<CorrectionState>, Refusal> {
        Ok(match act {
            CorrectionAct::Answer { finding, .. } => {
                required_text("finding", finding)?;
                Next::to(CorrectionState::Answered).stopping()
            }
            CorrectionAct::Acknowledge { note } => {
                required_text("note", note)?;
                Next::to(CorrectionState::Answered)
            }
            CorrectionAct::Withdraw { reason } => {
                required_text("reason", reason)?;
                Next::to(CorrectionState::Withdrawn)
            }
        })
    }
}
