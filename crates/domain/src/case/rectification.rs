//! Rectification (限期整改, Art. 27(2)): a department that used data beyond its scope or purpose, or gave it away, loses
//! the right of sharing at once, and is told to put things right by a day. What is put right resumes; what is not may
//! end the sharing.

use super::{About, Case, CaseKind, CaseMatter, Disposal, Effect, Facts, Next, Opening, Procedure, checks};
use crate::{
    Refusal, RefusalCode, Stamp,
    grant::{GrantStateName, RevocationGround},
    law,
    refusal::required_text,
};
use shuqiao_vocabulary::{Date, GrantId, closed_list};

/// What was misused, what shows it, what is to be put right and by when (整改通知).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rectification {
    /// The grant under which the data came.
    pub grant: GrantId,
    /// Which rule was broken.
    pub misuse: Misuse,
    /// What happened.
    pub text: String,
    /// What shows it.
    pub evidence: String,
    /// What is to be put right.
    pub demand: String,
    /// The last day for it (整改期限).
    pub due: Date,
}

closed_list! {
    /// How shared data was misused (Art. 25(1), 27(2)).
    Misuse {
        /// Used beyond its scope (超出使用范围).
        BeyondScope = "beyond_scope",
        /// Used for another purpose, openly or in disguise (用于或者变相用于其他目的).
        OtherPurpose = "other_purpose",
        /// Given to a third party (提供给第三方).
        ThirdParty = "third_party",
    }
}

closed_list! {
    /// Where a rectification stands.
    RectificationState {
        /// The grant is suspended; the day that was set is waited for.
        Ordered = "ordered",
        /// The requester has reported what was done.
        Reported = "reported",
        /// It was refused or is not enough; the sharing may end.
        Failed = "failed",
        /// It was put right; the grant delivers again.
        Accepted = "accepted",
        /// The sharing ended.
        Terminated = "terminated",
        /// The suspension was wrong; the grant delivers again.
        Withdrawn = "withdrawn",
    }
}

closed_list! {
    /// What can be done to a rectification.
    RectificationVerb {
        /// The requester reports what was done (整改报告).
        Report = "report",
        /// The requester refuses (拒不整改).
        Refuse = "refuse",
        /// What was done is enough (整改到位).
        Accept = "accept",
        /// What was done is not enough; one more day is set.
        Reject = "reject",
        /// What was done is not enough, or the day went by with nothing done (整改不到位).
        Fail = "fail",
        /// The sharing ends (终止共享).
        Terminate = "terminate",
        /// The suspension was wrong.
        Withdraw = "withdraw",
    }
}

/// What is done to a rectification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RectificationAct {
    /// The requester reports.
    Report {
        /// What was put right, and how it can be seen.
        done: String,
    },
    /// The requester refuses.
    Refuse {
        /// Why.
        reason: String,
    },
    /// It is enough.
    Accept {
        /// What was found.
        finding: String,
    },
    /// It is not enough yet.
    Reject {
        /// What is missing.
        finding: String,
        /// The new last day.
        due: Date,
    },
    /// It failed.
    Fail {
        /// What was found.
        finding: String,
    },
    /// The sharing ends.
    Terminate {
        /// Why it has to end.
        reason: String,
    },
    /// The order is withdrawn.
    Withdraw {
        /// Why.
        reason: String,
    },
}

impl Rectification {
    fn ends(case: &Case<Self>, reason: &str) -> Vec<Effect> {
        let grant = case.matter.grant;
        let text = format!("{} {}", case.number, reason.trim());
        vec![
            Effect::EndGrant { grant, ground: RevocationGround::Misuse { text } },
            Effect::OpenCase(Box::new(CaseMatter::Disposal(Disposal { grant }))),
        ]
    }

    /// Whether a second day was set already: it is set once.
    fn prolonged(case: &Case<Self>) -> bool {
        case.steps.iter().any(|step| matches!(step.act, RectificationAct::Reject { .. }))
    }
}

impl Procedure for Rectification {
    const KIND: CaseKind = CaseKind::Rectification;
    const OPENED: &'static str = "RectificationOrdered";
    type State = RectificationState;
    type Verb = RectificationVerb;
    type Act = RectificationAct;

    fn verb(act: &RectificationAct) -> RectificationVerb {
        match act {
            RectificationAct::Report { .. } => RectificationVerb::Report,
            RectificationAct::Refuse { .. } => RectificationVerb::Refuse,
            RectificationAct::Accept { .. } => RectificationVerb::Accept,
            RectificationAct::Reject { .. } => RectificationVerb::Reject,
            RectificationAct::Fail { .. } => RectificationVerb::Fail,
            RectificationAct::Terminate { .. } => RectificationVerb::Terminate,
            RectificationAct::Withdraw { .. } => RectificationVerb::Withdraw,
        }
    }

    fn event(verb: RectificationVerb) -> &'static str {
        match verb {
            RectificationVerb::Report => "RectificationReported",
            RectificationVerb::Refuse => "RectificationRefused",
            RectificationVerb::Accept => "RectificationAccepted",
            RectificationVerb::Reject => "RectificationRejected",
            RectificationVerb::Fail => "RectificationFailed",
            RectificationVerb::Terminate => "RectificationTerminated",
            RectificationVerb::Withdraw => "RectificationWithdrawn",
        }
    }

    fn admits(state: RectificationState, verb: RectificationVerb) -> bool {
        use RectificationVerb as V;
        match state {
            RectificationState::Ordered => matches!(verb, V::Report | V::Refuse | V::Fail | V::Withdraw),
            RectificationState::Reported => matches!(verb, V::Accept | V::Reject | V::Fail | V::Withdraw),
            // To end the sharing is allowed, not demanded (可以终止共享): what is put right late may still be accepted.
            RectificationState::Failed => matches!(verb, V::Accept | V::Terminate | V::Withdraw),
            RectificationState::Accepted | RectificationState::Terminated | RectificationState::Withdrawn => false,
        }
    }

    fn settled(state: RectificationState) -> bool {
        use RectificationState as S;
        matches!(state, S::Accepted | S::Terminated | S::Withdrawn)
    }

    fn about(&self) -> About {
        About::grant(self.grant)
    }

    fn title(&self, facts: &Facts<'_>) -> String {
        facts.grant.map(|grant| grant.entry_name.clone()).unwrap_or_default()
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<RectificationState>, Refusal> {
        let grant = facts.grant()?;
        let authorities = [facts.authority_of(grant.provider), facts.authority_of(grant.requester)];
        let acts_as_authority = authorities.contains(&Some(by.organisation));
        if !acts_as_authority && by.organisation != grant.provider {
            return Err(Refusal::new(RefusalCode::NotAParty, Some(law::MISUSE)));
        }
        let state = grant.state_on(by.at);
        if state != GrantStateName::Active {
            return Err(Refusal::not_in_this_state("suspend", state.as_str()));
        }
        required_text("text", &self.text)?;
        required_text("evidence", &self.evidence)?;
        required_text("demand", &self.demand)?;
        let clock = checks::ordered("due", self.due, law::MISUSE, by, facts.calendar)?;
        let opening = Opening::against(RectificationState::Ordered, grant.requester).timed(clock);
        Ok(if acts_as_authority {
            opening.before(Some(by.organisation)).concerning(vec![grant.provider])
        } else {
            opening.before(authorities[0])
        })
    }

    fn decide(
        case: &Case<Self>,
        act: &RectificationAct,
        facts: &Facts<'_>,
        by: &Stamp,
    ) -> Result<Next<RectificationState>, Refusal> {
        Ok(match act {
            RectificationAct::Report { done } => {
                required_text("done", done)?;
                Next::to(RectificationState::Reported).stopping()
            }
            RectificationAct::Refuse { reason } => {
                required_text("reason", reason)?;
                Next::to(RectificationState::Failed).stopping()
            }
            RectificationAct::Accept { finding } => {
                required_text("finding", finding)?;
                Next::to(RectificationState::Accepted)
            }
            RectificationAct::Reject { finding, due } => {
                required_text("finding", finding)?;
                if Self::prolonged(case) {
                    return Err(Refusal::new(RefusalCode::NewDateOnce, Some(law::MISUSE)));
                }
                let clock = checks::ordered("due", *due, law::MISUSE, by, facts.calendar)?;
                Next::to(RectificationState::Ordered).starting(clock)
            }
            RectificationAct::Fail { finding } => {
                required_text("finding", finding)?;
                // Before its day is over nobody has failed to put things right.
                if let Some(clock) = case.running().filter(|clock| by.at <= clock.due) {
                    return Err(Refusal::new(RefusalCode::NotYet, Some(law::MISUSE)).with("due", clock.due.date()));
                }
                Next::to(RectificationState::Failed).stopping()
            }
            RectificationAct::Terminate { reason } => {
                required_text("reason", reason)?;
                Next::to(RectificationState::Terminated)
            }
            RectificationAct::Withdraw { reason } => {
                required_text("reason", reason)?;
                Next::to(RectificationState::Withdrawn)
            }
        })
    }

    fn effects_of_opening(case: &Case<Self>) -> Vec<Effect> {
        let reason = format!("{} {}", case.number, case.matter.misuse);
        vec![Effect::SuspendGrant { grant: case.matter.grant, reason }]
    }

    fn effects_of_act(case: &Case<Self>, act: &RectificationAct) -> Vec<Effect> {
        match act {
            RectificationAct::Accept { .. } | RectificationAct::Withdraw { .. } => {
                vec![Effect::ResumeGrant { grant: case.matter.grant }]
            }
            RectificationAct::Terminate { reason } => Self::ends(case, reason),
            RectificationAct::Report { .. }
            | RectificationAct::Refuse { .. }
            | RectificationAct::Reject { .. }
            | RectificationAct::Fail { .. } => Vec::new(),
        }
    }
}
