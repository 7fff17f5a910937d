//! Disputes (共享争议, Art. 28): the parties negotiate; failing that, the competent authority mediates; failing that, the
//! people's government of its level decides, and the authority records what it decided.
//!
//! The law sets no term for any of this, so no clock runs. What was refused stays refused: a decision for the requester
//! lets the refused request be asked anew (`ask_anew`), as a draft that goes the ordinary way with its own clock.

use super::{About, Case, CaseKind, Document, Effect, Facts, Next, Opening, Procedure, document};
use crate::{
    Problem, ProblemCode, Refusal, RefusalCode, Stamp, law,
    organisation::{Organisation, common_authority, covers, superior_authority_of},
    refusal::{optional_text, required_text},
    request::RequestStateName,
    rules::CommonAuthorityPolicy,
};
use shuqiao_vocabulary::{Date, GrantId, Moment, OrganisationId, SharingRequestId, closed_list};

/// What is in dispute, and what the opening party wants (争议事项).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// The request, also a refused one.
    pub request: Option<SharingRequestId>,
    /// The grant; of request and grant exactly one is named.
    pub grant: Option<GrantId>,
    /// What the opening party holds to be right, and why.
    pub position: String,
    /// What it wants.
    pub demand: String,
}

closed_list! {
    /// For whom the people's government decided (决定结果).
    DisputeOutcome {
        /// For the requesting department.
        ForRequester = "for_requester",
        /// Against the requesting department.
        AgainstRequester = "against_requester",
    }
}

closed_list! {
    /// Where a dispute stands.
    DisputeState {
        /// The parties negotiate (协商).
        Negotiating = "negotiating",
        /// A party has offered the text of an agreement.
        AgreementOffered = "agreement_offered",
        /// Before the competent authority (协调处理).
        Mediation = "mediation",
        /// The authority has proposed how to settle it.
        MediationProposed = "mediation_proposed",
        /// Reported to the people's government (报本级人民政府决定).
        Escalated = "escalated",
        /// Settled between the parties.
        Settled = "settled",
        /// Decided for the requester.
        DecidedFor = "decided_for",
        /// Decided against the requester.
        DecidedAgainst = "decided_against",
        /// Withdrawn by the party that opened it.
        Withdrawn = "withdrawn",
    }
}

closed_list! {
    /// What can be done in a dispute.
    DisputeVerb {
        /// A party puts its position on record.
        StatePosition = "state_position",
        /// A party offers the text of an agreement.
        Offer = "offer",
        /// The other party agrees to the text.
        Sign = "sign",
        /// The other party does not.
        Decline = "decline",
        /// A party applies to the competent authority: negotiation has failed.
        Apply = "apply",
        /// The authority hands the matter on to another.
        HandOn = "hand_on",
        /// The authority hears the parties.
        Hear = "hear",
        /// The authority proposes how to settle it.
        Propose = "propose",
        /// A party accepts the proposal.
        Accept = "accept",
        /// A party does not accept it.
        Reject = "reject",
        /// The authority reports to the people's government of its level.
        Escalate = "escalate",
        /// The authority records what the people's government decided.
        Decide = "decide",
        /// The requester asks anew for what was refused.
        AskAnew = "ask_anew",
        /// The party that opened it withdraws it.
        Withdraw = "withdraw",
    }
}

/// What is done in a dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisputeAct {
    /// A party puts its position on record.
    StatePosition {
        /// What it holds to be right, and why.
        position: String,
    },
    /// A party offers an agreement.
    Offer {
        /// Its text.
        text: String,
    },
    /// The other party agrees.
    Sign {
        /// What it adds, if anything.
        note: String,
    },
    /// The other party does not.
    Decline {
        /// Why.
        reason: String,
    },
    /// A party applies to the authority.
    Apply {
        /// How negotiation failed.
        reason: String,
    },
    /// The authority hands the matter on.
    HandOn {
        /// To which sharing authority.
        authority: OrganisationId,
        /// Why that one is competent.
        reason: String,
    },
    /// The authority hears the parties.
    Hear {
        /// What was heard.
        summary: String,
    },
    /// The authority proposes.
    Propose {
        /// What.
        text: String,
    },
    /// A party accepts.
    Accept {
        /// What it adds, if anything.
        note: String,
    },
    /// A party does not accept.
    Reject {
        /// Why.
        reason: String,
    },
    /// The authority reports to the people's government.
    Escalate {
        /// To which people's government, by its name.
        government: String,
        /// What it reports.
        report: String,
        /// The report and what is enclosed.
        documents: Vec<Document>,
    },
    /// The authority records the decision.
    Decide {
        /// For whom.
        outcome: DisputeOutcome,
        /// The day of the decision.
        date: Date,
        /// What was decided.
        text: String,
        /// The decision itself, with its number.
        documents: Vec<Document>,
    },
    /// The requester asks anew.
    AskAnew {
        /// What is to be known, if anything.
        note: String,
    },
    /// It is withdrawn.
    Withdraw {
        /// Why.
        reason: String,
    },
}

impl Dispute {
    /// Requester and provider of what is in dispute.
    fn parties(&self, facts: &Facts<'_>) -> Result<(OrganisationId, OrganisationId), Refusal> {
        if self.grant.is_some() {
            return facts.grant().map(|grant| (grant.requester, grant.provider));
        }
        facts.request().map(|request| (request.requester, request.provider))
    }
}

impl Case<Dispute> {
    /// The authority's last proposal, and who made it; those before it no longer count.
    pub fn proposal(&self) -> Option<(&str, &Stamp)> {
        self.steps.iter().rev().find_map(|step| match &step.act {
            DisputeAct::Propose { text } => Some((text.as_str(), &step.by)),
            _ => None,
        })
    }

    /// Who accepted the last proposal.
    pub fn acceptances(&self) -> Vec<&Stamp> {
        let since = self.steps.iter().rev().take_while(|step| !proposes(&step.act));
        let mut accepted: Vec<&Stamp> =
            since.filter(|step| matches!(step.act, DisputeAct::Accept { .. })).map(|step| &step.by).collect();
        accepted.reverse();
        accepted
    }

    /// Since when the authority that has it has it; `None` while no authority does, because the parties negotiate, or the
    /// people's government is to decide, or it is settled.
    pub fn before_authority_since(&self) -> Option<Moment> {
        if !matches!(self.state, DisputeState::Mediation | DisputeState::MediationProposed) {
            return None;
        }
        let brought = |act: &DisputeAct| matches!(act, DisputeAct::Apply { .. } | DisputeAct::HandOn { .. });
        self.steps.iter().rev().find(|step| brought(&step.act)).map(|step| step.by.at)
    }
}

/// The organisation that did this last; only what came after the last proposal counts for `accept`.
fn last_by(case: &Case<Dispute>, verb: DisputeVerb) -> Option<OrganisationId> {
    let newest_first = case.steps.iter().rev();
    let mut since = newest_first.take_while(|step| verb != DisputeVerb::Accept || !proposes(&step.act));
    since.find(|step| Dispute::verb(&step.act) == verb).map(|step| step.by.organisation)
}

const fn proposes(act: &DisputeAct) -> bool {
    matches!(act, DisputeAct::Propose { .. })
}

/// An answer is the other party's: nobody agrees with themselves.
fn other_than(before: Option<OrganisationId>, by: &Stamp) -> Result<(), Refusal> {
    if before == Some(by.organisation) {
        return Err(Refusal::new(RefusalCode::OtherPartyActs, Some(law::DISPUTE)));
    }
    Ok(())
}

/// The authority before which the parties come when negotiation has failed: the lowest that has both under it. Where that
/// is the own authority of one of them and not of the other, a rule set of its place may name the one above it; a node
/// that has none above keeps to the lowest, which may hand the matter on.
fn before_authority(case: &Case<Dispute>, facts: &Facts<'_>, by: &Stamp) -> Result<OrganisationId, Refusal> {
    let (requester, provider) = case.matter.parties(facts)?;
    let (one, other) = (facts.organisation(requester)?, facts.organisation(provider)?);
    let lowest = common_authority(&[one, other], facts.organisations.values())
        .ok_or_else(|| Refusal::new(RefusalCode::NoCompetentAuthority, Some(law::DISPUTE)))?;
    let own = |party: &Organisation| facts.authority_of(party.id) == Some(lowest.id);
    let above = || facts.rules.common_authority(lowest.level, &lowest.region, by.at.date());
    if own(one) != own(other) && above() == CommonAuthorityPolicy::Above {
        let superior = superior_authority_of(lowest, facts.organisations.values());
        return Ok(superior.unwrap_or(lowest).id);
    }
    Ok(lowest.id)
}

/// Handed on only to an authority that has both parties under it (open point 6a: the authority may reassign).
fn handed_to(case: &Case<Dispute>, to: OrganisationId, facts: &Facts<'_>) -> Result<OrganisationId, Refusal> {
    let (requester, provider) = case.matter.parties(facts)?;
    let (one, other, to) = (facts.organisation(requester)?, facts.organisation(provider)?, facts.organisation(to)?);
    if case.authority == Some(to.id) || !covers(to, one) || !covers(to, other) {
        return Err(Refusal::new(RefusalCode::NoCompetentAuthority, Some(law::DISPUTE)).with("authority", &to.name));
    }
    Ok(to.id)
}

/// Every text that an act must give, or may.
fn texts(act: &DisputeAct) -> Result<(), Refusal> {
    let (field, text) = match act {
        DisputeAct::StatePosition { position } => ("position", position),
        DisputeAct::Offer { text } | DisputeAct::Propose { text } | DisputeAct::Decide { text, .. } => ("text", text),
        DisputeAct::Decline { reason }
        | DisputeAct::Apply { reason }
        | DisputeAct::HandOn { reason, .. }
        | DisputeAct::Reject { reason }
        | DisputeAct::Withdraw { reason } => ("reason", reason),
        DisputeAct::Hear { summary } => ("summary", summary),
        DisputeAct::Escalate { government, report, .. } => {
            required_text("government", government)?;
            ("report", report)
        }
        DisputeAct::Sign { note } | DisputeAct::Accept { note } | DisputeAct::AskAnew { note } => {
            return optional_text("note", note);
        }
    };
    required_text(field, text).map(|_| ())
}

fn decided(
    outcome: DisputeOutcome,
    date: Date,
    documents: &[Document],
    by: &Stamp,
) -> Result<Next<DisputeState>, Refusal> {
    let mut problems = document::problems("documents", documents, 1);
    if documents.first().is_some_and(|decision| decision.number.trim().is_empty()) {
        problems.push(Problem::new("documents[0].number", ProblemCode::Required, Some(law::DISPUTE)));
    }
    if date > by.at.date() {
        problems.push(Problem::new("date", ProblemCode::PeriodWrong, None));
    }
    Refusal::unless_fine(RefusalCode::CaseIncomplete, law::DISPUTE, problems)?;
    Ok(Next::to(match outcome {
        DisputeOutcome::ForRequester => DisputeState::DecidedFor,
        DisputeOutcome::AgainstRequester => DisputeState::DecidedAgainst,
    }))
}

/// By the requester, once, and only what was refused.
fn asked_anew(case: &Case<Dispute>, facts: &Facts<'_>, by: &Stamp) -> Result<Next<DisputeState>, Refusal> {
    if case.matter.parties(facts)?.0 != by.organisation {
        return Err(Refusal::new(RefusalCode::OtherPartyActs, Some(law::DISPUTE)));
    }
    if last_by(case, DisputeVerb::AskAnew).is_some() {
        return Err(Refusal::new(RefusalCode::AlreadyDoneOnce, Some(law::DISPUTE)));
    }
    let refused = case.matter.grant.is_none() && facts.request()?.state.name() == RequestStateName::Refused;
    if !refused {
        return Err(Refusal::new(RefusalCode::CaseSubjectMissing, Some(law::DISPUTE)).with("what", "refused_request"));
    }
    Ok(Next::to(DisputeState::DecidedFor))
}

impl Procedure for Dispute {
    const KIND: CaseKind = CaseKind::Dispute;
    const OPENED: &'static str = "DisputeOpened";
    type State = DisputeState;
    type Verb = DisputeVerb;
    type Act = DisputeAct;

    fn verb(act: &DisputeAct) -> DisputeVerb {
        match act {
            DisputeAct::StatePosition { .. } => DisputeVerb::StatePosition,
            DisputeAct::Offer { .. } => DisputeVerb::Offer,
            DisputeAct::Sign { .. } => DisputeVerb::Sign,
            DisputeAct::Decline { .. } => DisputeVerb::Decline,
            DisputeAct::Apply { .. } => DisputeVerb::Apply,
            DisputeAct::HandOn { .. } => DisputeVerb::HandOn,
            DisputeAct::Hear { .. } => DisputeVerb::Hear,
            DisputeAct::Propose { .. } => DisputeVerb::Propose,
            DisputeAct::Accept { .. } => DisputeVerb::Accept,
            DisputeAct::Reject { .. } => DisputeVerb::Reject,
            DisputeAct::Escalate { .. } => DisputeVerb::Escalate,
            DisputeAct::Decide { .. } => DisputeVerb::Decide,
            DisputeAct::AskAnew { .. } => DisputeVerb::AskAnew,
            DisputeAct::Withdraw { .. } => DisputeVerb::Withdraw,
        }
    }

    fn event(verb: DisputeVerb) -> &'static str {
        match verb {
            DisputeVerb::StatePosition => "DisputePositionStated",
            DisputeVerb::Offer => "DisputeAgreementOffered",
            DisputeVerb::Sign => "DisputeAgreementSigned",
            DisputeVerb::Decline => "DisputeAgreementDeclined",
            DisputeVerb::Apply => "DisputeBroughtBeforeAuthority",
            DisputeVerb::HandOn => "DisputeHandedOn",
            DisputeVerb::Hear => "DisputeHeard",
            DisputeVerb::Propose => "DisputeMediationProposed",
            DisputeVerb::Accept => "DisputeMediationAccepted",
            DisputeVerb::Reject => "DisputeMediationRejected",
            DisputeVerb::Escalate => "DisputeReportedToGovernment",
            DisputeVerb::Decide => "DisputeDecided",
            DisputeVerb::AskAnew => "DisputeRequestAskedAnew",
            DisputeVerb::Withdraw => "DisputeWithdrawn",
        }
    }

    fn admits(state: DisputeState, verb: DisputeVerb) -> bool {
        use DisputeVerb as V;
        match state {
            DisputeState::Negotiating => matches!(verb, V::StatePosition | V::Offer | V::Apply | V::Withdraw),
            // A party that never answers an offer does not keep the other from the authority.
            DisputeState::AgreementOffered => {
                matches!(verb, V::StatePosition | V::Sign | V::Decline | V::Apply | V::Withdraw)
            }
            DisputeState::Mediation => {
                matches!(verb, V::StatePosition | V::HandOn | V::Hear | V::Propose | V::Escalate | V::Withdraw)
            }
            DisputeState::MediationProposed => {
                matches!(verb, V::Hear | V::Propose | V::Accept | V::Reject | V::Escalate | V::Withdraw)
            }
            DisputeState::Escalated => matches!(verb, V::Decide | V::Withdraw),
            DisputeState::DecidedFor => verb == V::AskAnew,
            DisputeState::Settled | DisputeState::DecidedAgainst | DisputeState::Withdrawn => false,
        }
    }

    fn settled(state: DisputeState) -> bool {
        matches!(
            state,
            DisputeState::Settled | DisputeState::DecidedFor | DisputeState::DecidedAgainst | DisputeState::Withdrawn
        )
    }

    fn about(&self) -> About {
        About { request: self.request, grant: self.grant, ..About::NOTHING }
    }

    fn title(&self, facts: &Facts<'_>) -> String {
        let granted = facts.grant.map(|grant| grant.entry_name.clone());
        granted.or_else(|| facts.entry.map(|entry| entry.content.name.clone())).unwrap_or_default()
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<DisputeState>, Refusal> {
        if self.request.is_some() == self.grant.is_some() {
            let problems = vec![Problem::new("grant", ProblemCode::Contradiction, None)];
            return Err(Refusal { problems, ..Refusal::new(RefusalCode::CaseIncomplete, Some(law::DISPUTE)) });
        }
        let (requester, provider) = self.parties(facts)?;
        let respondent = match by.organisation {
            one if one == requester => provider,
            one if one == provider => requester,
            _ => return Err(Refusal::new(RefusalCode::NotAParty, Some(law::DISPUTE))),
        };
        // What was never received is between nobody.
        if self.grant.is_none() && facts.request()?.state.reception().is_none() {
            let state = facts.request()?.state.name().as_str();
            return Err(Refusal::not_in_this_state("dispute", state));
        }
        required_text("position", &self.position)?;
        required_text("demand", &self.demand)?;
        Ok(Opening::against(DisputeState::Negotiating, respondent))
    }

    fn decide(
        case: &Case<Self>,
        act: &DisputeAct,
        facts: &Facts<'_>,
        by: &Stamp,
    ) -> Result<Next<DisputeState>, Refusal> {
        texts(act)?;
        Ok(match act {
            DisputeAct::StatePosition { .. } | DisputeAct::Hear { .. } => Next::to(case.state),
            DisputeAct::Offer { .. } => Next::to(DisputeState::AgreementOffered),
            DisputeAct::Sign { .. } => {
                other_than(last_by(case, DisputeVerb::Offer), by)?;
                Next::to(DisputeState::Settled)
            }
            DisputeAct::Decline { .. } => {
                other_than(last_by(case, DisputeVerb::Offer), by)?;
                Next::to(DisputeState::Negotiating)
            }
            DisputeAct::Apply { .. } => {
                Next::to(DisputeState::Mediation).with_authority(before_authority(case, facts, by)?)
            }
            DisputeAct::HandOn { authority, .. } => {
                Next::to(DisputeState::Mediation).with_authority(handed_to(case, *authority, facts)?)
            }
            DisputeAct::Propose { .. } => Next::to(DisputeState::MediationProposed),
            DisputeAct::Accept { .. } => {
                let before = last_by(case, DisputeVerb::Accept);
                other_than(before, by)?;
                Next::to(if before.is_some() { DisputeState::Settled } else { DisputeState::MediationProposed })
            }
            DisputeAct::Reject { .. } => Next::to(DisputeState::Mediation),
            DisputeAct::Escalate { documents, .. } => {
                let problems = document::problems("documents", documents, 0);
                Refusal::unless_fine(RefusalCode::CaseIncomplete, law::DISPUTE, problems)?;
                Next::to(DisputeState::Escalated)
            }
            DisputeAct::Decide { outcome, date, documents, .. } => decided(*outcome, *date, documents, by)?,
            DisputeAct::AskAnew { .. } => asked_anew(case, facts, by)?,
            DisputeAct::Withdraw { .. } => Next::to(DisputeState::Withdrawn),
        })
    }

    fn effects_of_act(case: &Case<Self>, act: &DisputeAct) -> Vec<Effect> {
        match (act, case.matter.request) {
            (DisputeAct::AskAnew { .. }, Some(request)) => vec![Effect::AskAnew { request }],
            _ => Vec::new(),
        }
    }
}
