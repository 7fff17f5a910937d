//! What the record says of what happened to a request.

use crate::attempt::facts;
use shuqiao_domain::{
    Clock,
    request::{self, Proposal, Request, RequestEvent, RequestState},
};
use std::collections::BTreeMap;

/// What the record says of an event, beside its name: reasons and opinions of officials, terms, due moments.
pub(crate) fn request_facts(request: &Request, event: &RequestEvent, revision: u64) -> BTreeMap<String, String> {
    let mut found = facts([("revision", &revision)]);
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            found.insert(name.to_owned(), value);
        }
    };
    match event {
        RequestEvent::Received { clock, .. } => {
            add("number", request.number.clone());
            add("requester", request.requester.to_string());
            add("provider", request.provider.to_string());
            add("clock", clock.kind.map(|kind| kind.to_string()).unwrap_or_default());
            clock_facts(clock, add);
        }
        RequestEvent::Declined(returned)
        | RequestEvent::Withdrawn(returned)
        | RequestEvent::ProposalReturned(returned)
        | RequestEvent::DeliveryReportedUnusable(returned) => add("note", returned.reason.clone()),
        RequestEvent::SupplementAsked { missing, answer_by, .. } => {
            add("note", missing.join("；"));
            add("answer_by", answer_by.date().to_string());
        }
        RequestEvent::Supplemented(answer) => add("note", answer.answers.clone()),
        RequestEvent::ReplyProposed { proposal: Proposal::Agree { opinion, .. }, .. } => {
            add("decision", "agree".to_owned());
            add("note", opinion.clone());
        }
        RequestEvent::ReplyProposed { proposal: Proposal::Refuse { reasons, .. }, .. } => {
            add("decision", "refuse".to_owned());
            let reasons: Vec<String> =
                reasons.iter().map(|reason| format!("{}: {}", reason.code, reason.text)).collect();
            add("note", reasons.join("；"));
            add("self_made", self_made(request));
        }
        RequestEvent::Refused { .. } => add("self_made", self_made(request)),
        RequestEvent::Agreed { grant, delivery, .. } => {
            add("grant", grant.to_string());
            clock_facts(delivery, add);
        }
        RequestEvent::ExtensionAsked { working_days, reason, .. } => {
            add("working_days", working_days.to_string());
            add("note", reason.clone());
        }
        RequestEvent::ExtensionGranted { by, clock } => {
            add("requester_notified", by.at.to_string());
            clock_facts(clock, add);
        }
        RequestEvent::ExtensionRefused(returned) => {
            add("requester_notified", returned.by.at.to_string());
            add("note", returned.reason.clone());
        }
        RequestEvent::DeliveryBegun { at } => add("first_delivery", at.to_string()),
        RequestEvent::DeliveryConfirmed(_)
        | RequestEvent::DeliveryPresumed { .. }
        | RequestEvent::DeliveryLapsed { .. } => {
            let stopped = request.state.delivery().and_then(request::Delivery::stopped_at);
            add("stopped_at", stopped.map(|at| at.to_string()).unwrap_or_default());
        }
        RequestEvent::Drafted | RequestEvent::Revised | RequestEvent::Submitted(_) => {}
    }
    found
}

fn clock_facts(clock: &Clock, mut add: impl FnMut(&str, String)) {
    add("due", clock.due.to_string());
    add("working_days", clock.working_days.to_string());
    add("ground", clock.ground.to_string());
    add("calendar", clock.calendar.clone());
}

/// Conditions of the provider's own making that the reply relies on (自设条件, Art. 39(2)): a lead for those who supervise.
fn self_made(request: &Request) -> String {
    let conditions = match &request.state {
        RequestState::Proposed { proposal, .. } | RequestState::Refused { proposal, .. } => proposal.self_made(),
        _ => &[],
    };
    conditions.join("；")
}
