//! Change of use (扩大使用范围、改变用途、提供给第三方, Art. 25(1)): each needs the provider's consent of its own. The consent is
//! written on the grant; it never gives more items or rows, for that is a new request.

use super::{About, Case, CaseKind, Effect, Facts, Next, Opening, Procedure};
use crate::{
    Refusal, RefusalCode, Stamp,
    grant::{Consent, ConsentKind, GrantStateName},
    law,
    refusal::required_text,
};
use shuqiao_vocabulary::{GrantId, closed_list};

/// What the requester asks to be allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseChange {
    /// The grant.
    pub grant: GrantId,
    /// Wider scope, other purpose, or third party.
    pub change: ConsentKind,
    /// The wider scope, the other purpose, or the third party and what it gets.
    pub text: String,
    /// The duty and its legal basis (依据).
    pub basis: String,
    /// Why it is necessary (必要性).
    pub necessity: String,
    /// How the data is kept safe then (安全措施, Art. 34).
    pub safeguards: String,
}

closed_list! {
    /// Where a change of use stands.
    UseChangeState {
        /// Waits for the head of the requester's sharing office, as a request does.
        AwaitingConsent = "awaiting_consent",
        /// Received by the provider.
        Received = "received",
        /// The provider's officer has proposed an answer.
        Proposed = "proposed",
        /// The provider consents; it stands on the grant.
        Consented = "consented",
        /// The provider refuses.
        Refused = "refused",
        /// Withdrawn, or not sent by the requester's own head.
        Withdrawn = "withdrawn",
    }
}

closed_list! {
    /// What can be done to a change of use.
    UseChangeVerb {
        /// The head of the requester's sharing office lets it go out.
        Send = "send",
        /// The provider's officer proposes an answer.
        Propose = "propose",
        /// The head of the provider's sharing office consents.
        Consent = "consent",
        /// The head of the provider's sharing office refuses.
        Refuse = "refuse",
        /// The requester withdraws it.
        Withdraw = "withdraw",
    }
}

/// What is done to a change of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UseChangeAct {
    /// It goes out.
    Send,
    /// An answer is proposed.
    Propose {
        /// The officer's opinion.
        opinion: String,
    },
    /// The provider consents.
    Consent {
        /// To what exactly, with its conditions.
        text: String,
    },
    /// The provider refuses.
    Refuse {
        /// Why.
        reason: String,
    },
    /// It is withdrawn.
    Withdraw {
        /// Why.
        reason: String,
    },
}

impl Procedure for UseChange {
    const KIND: CaseKind = CaseKind::UseChange;
    const OPENED: &'static str = "UseChangeAsked";
    type State = UseChangeState;
    type Verb = UseChangeVerb;
    type Act = UseChangeAct;

    fn verb(act: &UseChangeAct) -> UseChangeVerb {
        match act {
            UseChangeAct::Send => UseChangeVerb::Send,
            UseChangeAct::Propose { .. } => UseChangeVerb::Propose,
            UseChangeAct::Consent { .. } => UseChangeVerb::Consent,
            UseChangeAct::Refuse { .. } => UseChangeVerb::Refuse,
            UseChangeAct::Withdraw { .. } => UseChangeVerb::Withdraw,
        }
    }

    fn event(verb: UseChangeVerb) -> &'static str {
        match verb {
            UseChangeVerb::Send => "UseChangeSent",
            UseChangeVerb::Propose => "UseChangeAnswerProposed",
            UseChangeVerb::Consent => "UseChangeConsented",
            UseChangeVerb::Refuse => "UseChangeRefused",
            UseChangeVerb::Withdraw => "UseChangeWithdrawn",
        }
    }

    fn admits(state: UseChangeState, verb: UseChangeVerb) -> bool {
        use UseChangeVerb as V;
        match state {
            UseChangeState::AwaitingConsent => matches!(verb, V::Send | V::Withdraw),
            UseChangeState::Received => matches!(verb, V::Propose | V::Withdraw),
            UseChangeState::Proposed => matches!(verb, V::Consent | V::Refuse | V::Withdraw),
            UseChangeState::Consented | UseChangeState::Refused | UseChangeState::Withdrawn => false,
        }
    }

    fn settled(state: UseChangeState) -> bool {
        use UseChangeState as S;
        matches!(state, S::Consented | S::Refused | S::Withdrawn)
    }

    fn about(&self) -> About {
        About::grant(self.grant)
    }

    fn title(&self, facts: &Facts<'_>) -> String {
        facts.grant.map(|grant| grant.entry_name.clone()).unwrap_or_default()
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<UseChangeState>, Refusal> {
        let grant = facts.grant()?;
        if grant.requester != by.organisation {
            return Err(Refusal::new(RefusalCode::NotAParty, Some(law::NO_WIDENING)));
        }
        let state = grant.state_on(by.at);
        if state != GrantStateName::Active {
            return Err(Refusal::not_in_this_state("change_use", state.as_str()));
        }
        required_text("text", &self.text)?;
        required_text("basis", &self.basis)?;
        required_text("necessity", &self.necessity)?;
        required_text("safeguards", &self.safeguards)?;
        // Before the own head has let it go out, it is nobody else's business (Art. 20(2)).
        Ok(Opening::alone(UseChangeState::AwaitingConsent))
    }

    fn decide(
        _case: &Case<Self>,
        act: &UseChangeAct,
        facts: &Facts<'_>,
        _by: &Stamp,
    ) -> Result<Next<UseChangeState>, Refusal> {
        Ok(match act {
            UseChangeAct::Send => {
                let provider = facts.grant()?.provider;
                let received = Next::to(UseChangeState::Received).with_respondent(provider);
                Next { authority: facts.authority_of(provider), ..received }
            }
            UseChangeAct::Propose { opinion } => {
                required_text("opinion", opinion)?;
                Next::to(UseChangeState::Proposed)
            }
            UseChangeAct::Consent { text } => {
                required_text("text", text)?;
                Next::to(UseChangeState::Consented)
            }
            UseChangeAct::Refuse { reason } => {
                required_text("reason", reason)?;
                Next::to(UseChangeState::Refused)
            }
            UseChangeAct::Withdraw { reason } => {
                required_text("reason", reason)?;
                Next::to(UseChangeState::Withdrawn)
            }
        })
    }

    fn effects_of_act(case: &Case<Self>, act: &UseChangeAct) -> Vec<Effect> {
        let UseChangeAct::Consent { text } = act else { return Vec::new() };
        let consent = Consent {
            kind: case.matter.change,
            text: text.trim().to_owned(),
            case: case.id,
            number: case.number.clone(),
            from: case.moved_at().date(),
        };
        vec![Effect::RecordConsent { grant: case.matter.grant, consent }]
    }
}
