//! The next state, from a state and an event that was decided on it.

use super::{
    Delivery, DeliverySettled, Extension, ExtensionDecision, Proposal, Reception, Request, RequestEvent, RequestState,
    RequestVerb, Supplement, admits,
};

impl Request {
    /// The request after an event that was decided on this very state.
    #[must_use]
    pub fn apply(mut self, event: &RequestEvent) -> Self {
        self.state = next(self.state, event.clone());
        self
    }
}

fn next(state: RequestState, event: RequestEvent) -> RequestState {
    match (state, event) {
        (RequestState::Draft { .. }, RequestEvent::Submitted(submitted)) => RequestState::AwaitingConsent { submitted },
        (RequestState::AwaitingConsent { .. }, RequestEvent::Received { consent, clock }) => {
            let reception = Reception { consent, clock, supplement: None, extension: None };
            RequestState::Received { reception, returned: None }
        }
        (RequestState::AwaitingConsent { .. }, RequestEvent::Declined(returned)) => {
            RequestState::Draft { declined: Some(returned) }
        }
        (state, RequestEvent::Withdrawn(withdrawn)) if admits(state.name(), RequestVerb::Withdraw) => {
            RequestState::Withdrawn { reception: state.reception().cloned(), withdrawn }
        }
        (RequestState::Received { mut reception, .. }, RequestEvent::SupplementAsked { by, missing, answer_by }) => {
            reception.supplement = Some(Supplement { asked: by, missing, answer_by: Some(answer_by), answered: None });
            RequestState::SupplementAsked { reception }
        }
        (RequestState::SupplementAsked { mut reception }, RequestEvent::Supplemented(answer)) => {
            if let Some(supplement) = &mut reception.supplement {
                supplement.answered = Some(answer);
            }
            RequestState::Received { reception, returned: None }
        }
        (
            RequestState::Received { reception, .. } | RequestState::SupplementAsked { reception },
            RequestEvent::ReplyProposed { proposal, by },
        ) => RequestState::Proposed { reception, proposal, by },
        (RequestState::Proposed { reception, .. }, RequestEvent::ProposalReturned(returned)) => {
            // A notice that nobody has answered yet can still be answered: the requester has a right to complete the papers.
            let unanswered = reception.supplement.as_ref().is_some_and(|supplement| supplement.answered.is_none());
            if unanswered {
                RequestState::SupplementAsked { reception }
            } else {
                RequestState::Received { reception, returned: Some(returned) }
            }
        }
        (
            RequestState::Proposed { reception, proposal: proposal @ Proposal::Agree { .. }, by: proposed },
            RequestEvent::Agreed { by: decided, grant, delivery },
        ) => {
            let delivery = Some(Delivery::start(delivery));
            RequestState::Agreed { reception, proposal, proposed, decided, grant, delivery }
        }
        (
            RequestState::Proposed { reception, proposal: proposal @ Proposal::Refuse { .. }, by: proposed },
            RequestEvent::Refused { by: decided },
        ) => RequestState::Refused { reception, proposal, proposed, decided },
        (mut state, event) => {
            beside(&mut state, event);
            state
        }
    }
}

/// What happens beside the state: an extension, a delivery. Drafting and revising change no state; any other pair was not
/// decided on this state and changes nothing.
fn beside(state: &mut RequestState, event: RequestEvent) {
    let name = state.name();
    match event {
        RequestEvent::ExtensionAsked { by, working_days, reason } if admits(name, RequestVerb::AskExtension) => {
            let asked = Extension { asked: by, reason, working_days, decision: ExtensionDecision::Awaited };
            if let Some(reception) = reception_of(state)
                && reception.extension.as_ref().is_none_or(|before| !before.is_awaited() && before.clock().is_none())
            {
                reception.extension = Some(asked);
            }
        }
        RequestEvent::ExtensionGranted { by, clock } if admits(name, RequestVerb::GrantExtension) => {
            let notified = by.at;
            decide_extension(state, ExtensionDecision::Granted { by, clock, notified });
        }
        RequestEvent::ExtensionRefused(returned) if admits(name, RequestVerb::RefuseExtension) => {
            let notified = returned.by.at;
            decide_extension(state, ExtensionDecision::Refused { returned, notified });
        }
        event => deliver(state, event),
    }
}

fn decide_extension(state: &mut RequestState, decision: ExtensionDecision) {
    let open = reception_of(state).and_then(|reception| reception.extension.as_mut());
    if let Some(extension) = open.filter(|extension| extension.is_awaited()) {
        extension.decision = decision;
    }
}

const fn reception_of(state: &mut RequestState) -> Option<&mut Reception> {
    match state {
        RequestState::Received { reception, .. }
        | RequestState::SupplementAsked { reception }
        | RequestState::Proposed { reception, .. } => Some(reception),
        _ => None,
    }
}

fn deliver(state: &mut RequestState, event: RequestEvent) {
    let RequestState::Agreed { delivery: Some(delivery), .. } = state else { return };
    if delivery.settled.is_some() {
        return;
    }
    match event {
        RequestEvent::DeliveryBegun { at } if delivery.first.is_none() => delivery.first = Some(at),
        RequestEvent::DeliveryConfirmed(by) => delivery.settled = Some(DeliverySettled::Confirmed(by)),
        RequestEvent::DeliveryReportedUnusable(returned) => {
            delivery.first = None;
            delivery.objection = Some(returned);
        }
        RequestEvent::DeliveryPresumed { at } => delivery.settled = Some(DeliverySettled::Presumed { at }),
        RequestEvent::DeliveryLapsed { at } => delivery.settled = Some(DeliverySettled::Lapsed { at }),
        _ => {}
    }
}
