//! Disposal (妥善处置, Art. 27(1)): when a grant has ended, for whatever reason, the provider says what becomes of the data
//! that was received, the requester proves that it was done, and the provider verifies. With that the grant's life is
//! over.

use super::{About, AnyCase, Case, CaseKind, Facts, Next, Opening, Procedure, checks};
use crate::{ProblemCode, Refusal, Stamp, grant::GrantStateName, law, refusal::required_text};
use shuqiao_vocabulary::{Date, GrantId, closed_list};

/// The data that was received under a grant that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disposal {
    /// The grant.
    pub grant: GrantId,
}

closed_list! {
    /// What becomes of the data (处置方式).
    DisposalManner {
        /// It is given back (退还).
        Return = "return",
        /// It is deleted (删除).
        Delete = "delete",
        /// It is anonymised (匿名化).
        Anonymise = "anonymise",
        /// It is kept, because a law says so (依法留存).
        Keep = "keep",
    }
}

closed_list! {
    /// Where a disposal stands.
    DisposalState {
        /// The provider has yet to say what becomes of the data.
        AwaitingInstruction = "awaiting_instruction",
        /// The requester has it to do.
        Instructed = "instructed",
        /// The requester says and shows that it is done.
        Proved = "proved",
        /// The provider has verified it.
        Verified = "verified",
    }
}

closed_list! {
    /// What can be done to a disposal.
    DisposalVerb {
        /// The provider says what becomes of the data, and by when.
        Instruct = "instruct",
        /// The requester shows that it is done.
        Prove = "prove",
        /// The provider has looked, and it is done.
        Verify = "verify",
        /// The provider has looked, and it is not.
        Reject = "reject",
    }
}

/// What is done to a disposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisposalAct {
    /// The provider instructs.
    Instruct {
        /// What becomes of the data.
        manner: DisposalManner,
        /// The law that has it kept; only then.
        basis: String,
        /// Which copies, and how.
        text: String,
        /// The last day for it.
        due: Date,
    },
    /// The requester shows that it is done.
    Prove {
        /// What was done.
        done: String,
        /// On which day.
        on: Date,
        /// The office that did it; who says so is on record with the act.
        office: String,
        /// SHA-256 of the document that shows it, in hexadecimal. The document stays with the requester.
        document: String,
    },
    /// It is done.
    Verify {
        /// How it was verified.
        finding: String,
    },
    /// It is not done.
    Reject {
        /// What is missing.
        finding: String,
        /// The new last day.
        due: Date,
    },
}

/// What the provider asked for (处置要求).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisposalInstruction<'a> {
    /// What becomes of the data.
    pub manner: DisposalManner,
    /// Which copies, and how.
    pub text: &'a str,
    /// Who asked.
    pub by: &'a Stamp,
}

impl Case<Disposal> {
    /// What the provider asked for, once it did.
    pub fn instruction(&self) -> Option<DisposalInstruction<'_>> {
        self.steps.iter().find_map(|step| match &step.act {
            DisposalAct::Instruct { manner, text, .. } => {
                Some(DisposalInstruction { manner: *manner, text, by: &step.by })
            }
            _ => None,
        })
    }
}

impl Procedure for Disposal {
    const KIND: CaseKind = CaseKind::Disposal;
    const OPENED: &'static str = "DisposalOpened";
    type State = DisposalState;
    type Verb = DisposalVerb;
    type Act = DisposalAct;

    fn verb(act: &DisposalAct) -> DisposalVerb {
        match act {
            DisposalAct::Instruct { .. } => DisposalVerb::Instruct,
            DisposalAct::Prove { .. } => DisposalVerb::Prove,
            DisposalAct::Verify { .. } => DisposalVerb::Verify,
            DisposalAct::Reject { .. } => DisposalVerb::Reject,
        }
    }

    fn event(verb: DisposalVerb) -> &'static str {
        match verb {
            DisposalVerb::Instruct => "DisposalInstructed",
            DisposalVerb::Prove => "DisposalProved",
            DisposalVerb::Verify => "DisposalVerified",
            DisposalVerb::Reject => "DisposalRejected",
        }
    }

    fn admits(state: DisposalState, verb: DisposalVerb) -> bool {
        match state {
            DisposalState::AwaitingInstruction => verb == DisposalVerb::Instruct,
            DisposalState::Instructed => verb == DisposalVerb::Prove,
            DisposalState::Proved => matches!(verb, DisposalVerb::Verify | DisposalVerb::Reject),
            DisposalState::Verified => false,
        }
    }

    fn settled(state: DisposalState) -> bool {
        state == DisposalState::Verified
    }

    fn about(&self) -> About {
        About::grant(self.grant)
    }

    fn title(&self, facts: &Facts<'_>) -> String {
        facts.grant.map(|grant| grant.entry_name.clone()).unwrap_or_default()
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<DisposalState>, Refusal> {
        let grant = facts.grant()?;
        let state = grant.state_on(by.at);
        if !matches!(state, GrantStateName::Revoked | GrantStateName::Expired) {
            return Err(Refusal::not_in_this_state("dispose", state.as_str()));
        }
        let others = facts.others.iter().filter(|case| matches!(case, AnyCase::Disposal(_)));
        checks::only_one(others, law::PURPOSE_ENDED)?;
        // Whoever ended the grant: what becomes of the data is the provider's to say.
        Ok(Opening::against(DisposalState::AwaitingInstruction, grant.requester)
            .in_the_name_of(grant.provider)
            .before(facts.authority_of(grant.provider)))
    }

    fn decide(
        _case: &Case<Self>,
        act: &DisposalAct,
        facts: &Facts<'_>,
        by: &Stamp,
    ) -> Result<Next<DisposalState>, Refusal> {
        let article = law::PURPOSE_ENDED;
        Ok(match act {
            DisposalAct::Instruct { manner, basis, text, due } => {
                required_text("text", text)?;
                if *manner == DisposalManner::Keep {
                    required_text("basis", basis)?;
                } else if !basis.trim().is_empty() {
                    return Err(checks::wrong("basis", ProblemCode::Contradiction, article));
                }
                let clock = checks::ordered("due", *due, article, by, facts.calendar)?;
                Next::to(DisposalState::Instructed).starting(clock)
            }
            DisposalAct::Prove { done, on, office, document } => {
                required_text("done", done)?;
                required_text("office", office)?;
                checks::digest("document", document, article)?;
                if *on > by.at.date() {
                    return Err(checks::wrong("on", ProblemCode::PeriodWrong, article));
                }
                Next::to(DisposalState::Proved).stopping()
            }
            DisposalAct::Verify { finding } => {
                required_text("finding", finding)?;
                Next::to(DisposalState::Verified)
            }
            DisposalAct::Reject { finding, due } => {
                required_text("finding", finding)?;
                let clock = checks::ordered("due", *due, article, by, facts.calendar)?;
                Next::to(DisposalState::Instructed).starting(clock)
            }
        })
    }
}
