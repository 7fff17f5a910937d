//! What requests show: replies and deliveries that are late (Art. 39(1)(4)), conditions that were added (Art. 39(1)(2)).

use super::PAGES_MAX;
use crate::{App, AppError};
use shuqiao_domain::{
    case::About,
    lead::{Duty, DutyKind, Evidence, EvidenceSort, LeadFacts, RefusalFact},
    request::{DeliverySettled, Request, RequestState, RequestStateName},
};
use shuqiao_store::{LIST_MAX, RequestQuery};

impl App {
    /// Replies that are due or late, and refusals with what they rely on.
    pub(super) async fn requests_in_question(&self, known: &mut LeadFacts) -> Result<(), AppError> {
        let states = vec![
            RequestStateName::Received,
            RequestStateName::SupplementAsked,
            RequestStateName::Proposed,
            RequestStateName::Agreed,
            RequestStateName::Refused,
        ];
        let mut query = RequestQuery { states, limit: LIST_MAX, ..RequestQuery::default() };
        for _ in 0..PAGES_MAX {
            let listed = self.store.begin_read().await?.request_list(&query).await?;
            for request in listed.items.into_iter().map(|request| request.value) {
                known.duties.extend(reply(&request));
                known.duties.extend(delivery(&request));
                known.refusals.extend(refusal(&request));
            }
            match listed.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        Ok(())
    }
}

/// The reply that a request asks for, by the clock of Art. 21(1).
fn reply(request: &Request) -> Option<Duty> {
    let reception = request.state.reception()?;
    let (clock, running) = (&reception.clock, reception.running());
    let done = match &request.state {
        RequestState::Agreed { decided, .. } | RequestState::Refused { decided, .. } => Some(decided.at),
        _ => None,
    };
    Some(Duty {
        kind: DutyKind::Reply,
        organisation: request.provider,
        about: About::request(request.id),
        subject: request.number.clone(),
        began: clock.started,
        due: clock.due,
        extended_until: (running.due > clock.due).then_some(running.due),
        done,
        evidence: vec![Evidence::new(EvidenceSort::Request, &request.number)],
    })
}

/// A refusal, with the conditions of the provider's own making that its reasons rely on: which those are was found when
/// the reply was proposed, by the entry as it was then.
fn refusal(request: &Request) -> Option<RefusalFact> {
    let RequestState::Refused { proposal, reception, .. } = &request.state else { return None };
    Some(RefusalFact {
        organisation: request.provider,
        about: About { request: Some(request.id), entry: Some(request.entry), ..About::NOTHING },
        number: request.number.clone(),
        relied_on: proposal.self_made().to_vec(),
        published: Vec::new(),
        supplements: usize::from(reception.supplement.is_some()),
    })
}

/// The delivery that an agreement asks for, by the clock of Art. 22(1): done with the first usable one.
fn delivery(request: &Request) -> Option<Duty> {
    let delivery = request.state.delivery()?;
    let settled = delivery.settled.as_ref().map(|settled| match settled {
        DeliverySettled::Confirmed(stamp) => stamp.at,
        DeliverySettled::Presumed { at } | DeliverySettled::Lapsed { at } => *at,
    });
    Some(Duty {
        kind: DutyKind::Delivery,
        organisation: request.provider,
        about: About::request(request.id),
        subject: request.number.clone(),
        began: delivery.clock.started,
        due: delivery.clock.due,
        extended_until: None,
        done: delivery.first.or(settled),
        evidence: vec![Evidence::new(EvidenceSort::Request, &request.number)],
    })
}
