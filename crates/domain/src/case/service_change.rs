//! Change or end of a delivered service (变更或者终止共享服务, Art. 27(3)): not without proper reason, negotiated with the
//! requester, and filed with the sharing authority of the same level. It takes effect on its day.

use super::{About, AnyCase, Case, CaseKind, CaseMatter, Disposal, Effect, Facts, Next, Opening, Procedure, checks};
use crate::{
    Refusal, RefusalCode, Stamp,
    grant::{FILING_NUMBER_MAX, GrantStateName, RevocationGround},
    law,
    refusal::required_text,
};
use shuqiao_vocabulary::{Date, GrantId, Moment, closed_list};

/// What the provider wants to change or end, why, and from when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceChange {
    /// The grant that is served.
    pub grant: GrantId,
    /// Change or end.
    pub change: ServiceChangeKind,
    /// Why (正当理由).
    pub reason: String,
    /// What changes: tables, columns, times; or what is to take the service's place.
    pub what: String,
    /// The day from which.
    pub from: Date,
    /// The same is proposed to every other department with a grant on the entry, in a case of its own for each, at once:
    /// each is negotiated with (与需求部门协商), answers for itself, and is filed.
    pub every_grant: bool,
}

closed_list! {
    /// Change or end.
    ServiceChangeKind {
        /// It is delivered otherwise (变更).
        Change = "change",
        /// It is delivered no more (终止).
        End = "end",
    }
}

closed_list! {
    /// Where a change of service stands.
    ServiceChangeState {
        /// With the requester (协商中).
        Negotiating = "negotiating",
        /// The requester agrees.
        Agreed = "agreed",
        /// The requester objects; the authority sees why.
        Objected = "objected",
        /// Filed; it takes effect on its day (已备案).
        Filed = "filed",
        /// It took effect.
        InEffect = "in_effect",
        /// Without proper reason the authority does not file it.
        FilingRefused = "filing_refused",
        /// The provider gave it up.
        Withdrawn = "withdrawn",
    }
}

closed_list! {
    /// What can be done to a change of service.
    ServiceChangeVerb {
        /// The requester agrees.
        Agree = "agree",
        /// The requester objects.
        Object = "object",
        /// The authority files it (备案).
        File = "file",
        /// The authority does not file it.
        RefuseFiling = "refuse_filing",
        /// Its day has come.
        TakeEffect = "take_effect",
        /// The provider gives it up.
        Withdraw = "withdraw",
    }
}

/// What is done to a change of service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServiceChangeAct {
    /// The requester agrees.
    Agree {
        /// What the requester needs until then.
        note: String,
    },
    /// The requester objects.
    Object {
        /// Why.
        reason: String,
    },
    /// The authority files it.
    File {
        /// The filing's number (备案编号).
        filing_number: String,
    },
    /// The authority does not file it.
    RefuseFiling {
        /// Why the reason is not a proper one.
        reason: String,
    },
    /// Its day has come.
    TakeEffect,
    /// The provider gives it up.
    Withdraw {
        /// Why.
        reason: String,
    },
}

impl ServiceChange {
    /// Whether the provider may deliver otherwise: this very change was filed, after that moment.
    pub fn permits_change(case: &AnyCase, since: Moment) -> bool {
        let AnyCase::ServiceChange(case) = case else { return false };
        matches!(case.state, ServiceChangeState::Filed | ServiceChangeState::InEffect)
            && case.filed().is_some_and(|(_, by)| by.at > since)
    }
}

impl ServiceChange {
    /// Whether a case excuses that a service was not there, or was another, on a day (Art. 27(3)): it was filed, its day
    /// had come, and no new structure had been adopted since it was filed - what changes after that is another change.
    /// Filed afterwards it excuses nothing before.
    pub fn excuses(case: &AnyCase, day: Date, described: Moment) -> bool {
        let AnyCase::ServiceChange(case) = case else { return false };
        let in_force = matches!(case.state, ServiceChangeState::Filed | ServiceChangeState::InEffect);
        let Some((_, filed)) = case.filed().filter(|_| in_force) else { return false };
        let used_up = described > filed.at && described.date() < day;
        filed.at.date() <= day && case.matter.from <= day && !used_up
    }
}

impl Case<ServiceChange> {
    /// The number of the filing, and who filed it.
    pub fn filed(&self) -> Option<(&str, &Stamp)> {
        self.steps.iter().find_map(|step| match &step.act {
            ServiceChangeAct::File { filing_number } => Some((filing_number.as_str(), &step.by)),
            _ => None,
        })
    }

    /// Whether it is filed and its day has come.
    pub fn ready(&self, at: Moment) -> bool {
        self.state == ServiceChangeState::Filed && at.date() >= self.matter.from
    }
}

impl Procedure for ServiceChange {
    const KIND: CaseKind = CaseKind::ServiceChange;
    const OPENED: &'static str = "ServiceChangeProposed";
    type State = ServiceChangeState;
    type Verb = ServiceChangeVerb;
    type Act = ServiceChangeAct;

    fn verb(act: &ServiceChangeAct) -> ServiceChangeVerb {
        match act {
            ServiceChangeAct::Agree { .. } => ServiceChangeVerb::Agree,
            ServiceChangeAct::Object { .. } => ServiceChangeVerb::Object,
            ServiceChangeAct::File { .. } => ServiceChangeVerb::File,
            ServiceChangeAct::RefuseFiling { .. } => ServiceChangeVerb::RefuseFiling,
            ServiceChangeAct::TakeEffect => ServiceChangeVerb::TakeEffect,
            ServiceChangeAct::Withdraw { .. } => ServiceChangeVerb::Withdraw,
        }
    }

    fn event(verb: ServiceChangeVerb) -> &'static str {
        match verb {
            ServiceChangeVerb::Agree => "ServiceChangeAgreed",
            ServiceChangeVerb::Object => "ServiceChangeObjected",
            ServiceChangeVerb::File => "ServiceChangeFiled",
            ServiceChangeVerb::RefuseFiling => "ServiceChangeFilingRefused",
            ServiceChangeVerb::TakeEffect => "ServiceChangeTookEffect",
            ServiceChangeVerb::Withdraw => "ServiceChangeWithdrawn",
        }
    }

    fn admits(state: ServiceChangeState, verb: ServiceChangeVerb) -> bool {
        use ServiceChangeVerb as V;
        match state {
            ServiceChangeState::Negotiating => matches!(verb, V::Agree | V::Object | V::Withdraw),
            // The law asks for negotiating, not for consent; an objection is what the authority judges the reason by.
            ServiceChangeState::Agreed | ServiceChangeState::Objected => {
                matches!(verb, V::File | V::RefuseFiling | V::Withdraw)
            }
            ServiceChangeState::Filed => matches!(verb, V::TakeEffect | V::Withdraw),
            ServiceChangeState::InEffect | ServiceChangeState::FilingRefused | ServiceChangeState::Withdrawn => false,
        }
    }

    fn settled(state: ServiceChangeState) -> bool {
        use ServiceChangeState as S;
        matches!(state, S::InEffect | S::FilingRefused | S::Withdrawn)
    }

    fn about(&self) -> About {
        About::grant(self.grant)
    }

    fn title(&self, facts: &Facts<'_>) -> String {
        facts.grant.map(|grant| grant.entry_name.clone()).unwrap_or_default()
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<ServiceChangeState>, Refusal> {
        let grant = facts.grant()?;
        if grant.provider != by.organisation {
            return Err(Refusal::new(RefusalCode::NotAParty, Some(law::SERVICE_END_FILED)));
        }
        let state = grant.state_on(by.at);
        if !matches!(state, GrantStateName::Active | GrantStateName::Suspended) {
            return Err(Refusal::not_in_this_state("change", state.as_str()));
        }
        required_text("reason", &self.reason)?;
        required_text("what", &self.what)?;
        // The day is not one that has been; there is no clock, for the law gives negotiating none.
        checks::ahead("from", self.from, 0, law::SERVICE_END_FILED, by)?;
        let open = |case: &&AnyCase| matches!(case, AnyCase::ServiceChange(_)) && !case.settled();
        checks::only_one(facts.others.iter().filter(open), law::SERVICE_END_FILED)?;
        Ok(Opening::against(ServiceChangeState::Negotiating, grant.requester)
            .before(facts.authority_of(grant.provider)))
    }

    fn decide(
        case: &Case<Self>,
        act: &ServiceChangeAct,
        _facts: &Facts<'_>,
        by: &Stamp,
    ) -> Result<Next<ServiceChangeState>, Refusal> {
        Ok(match act {
            ServiceChangeAct::Agree { note } => {
                crate::refusal::optional_text("note", note)?;
                Next::to(ServiceChangeState::Agreed)
            }
            ServiceChangeAct::Object { reason } => {
                required_text("reason", reason)?;
                Next::to(ServiceChangeState::Objected)
            }
            ServiceChangeAct::File { filing_number } => {
                if !(1..=FILING_NUMBER_MAX).contains(&filing_number.trim().chars().count()) {
                    return Err(Refusal::new(RefusalCode::FilingNumberRequired, Some(law::SERVICE_END_FILED))
                        .with("max", FILING_NUMBER_MAX));
                }
                Next::to(ServiceChangeState::Filed)
            }
            ServiceChangeAct::RefuseFiling { reason } => {
                required_text("reason", reason)?;
                Next::to(ServiceChangeState::FilingRefused)
            }
            ServiceChangeAct::TakeEffect => {
                if !case.ready(by.at) {
                    return Err(
                        Refusal::new(RefusalCode::NotYet, Some(law::SERVICE_END_FILED)).with("due", case.matter.from)
                    );
                }
                Next::to(ServiceChangeState::InEffect)
            }
            ServiceChangeAct::Withdraw { reason } => {
                required_text("reason", reason)?;
                Next::to(ServiceChangeState::Withdrawn)
            }
        })
    }

    fn effects_of_opening(case: &Case<Self>) -> Vec<Effect> {
        if case.matter.every_grant { vec![Effect::ProposeToOthers(Box::new(case.matter.clone()))] } else { Vec::new() }
    }

    fn effects_of_act(case: &Case<Self>, act: &ServiceChangeAct) -> Vec<Effect> {
        let ServiceChange { grant, change, reason, .. } = &case.matter;
        match (act, change, case.filed()) {
            (ServiceChangeAct::TakeEffect, ServiceChangeKind::End, Some((filing_number, _))) => {
                let (text, filing_number) = (reason.trim().to_owned(), filing_number.trim().to_owned());
                vec![
                    Effect::EndGrant { grant: *grant, ground: RevocationGround::Negotiated { text, filing_number } },
                    Effect::OpenCase(Box::new(CaseMatter::Disposal(Disposal { grant: *grant }))),
                ]
            }
            _ => Vec::new(),
        }
    }
}
