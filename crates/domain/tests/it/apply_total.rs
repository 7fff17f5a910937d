//! `apply` on a state the event was not decided on changes nothing: no clock, no decision and no ground is overwritten
//! by an event that came out of its turn.

use crate::{grants::revoked, samples::*};
use shuqiao_domain::{
    Returned,
    catalogue::{self, EntryEvent, EntryEventName, EntryStateName},
    grant::{self, GrantEvent, RevocationGround},
    request::{
        self, Proposal, Request, RequestEvent, RequestEventName, RequestState, RequestStateName, SupplementAnswer,
    },
};

fn returned() -> Returned {
    Returned { by: by_requester(), reason: "请补充。".into() }
}

fn request_events() -> Vec<RequestEvent> {
    let entry = published(content());
    let other_clock =
        request::consent(&submitted(&entry), &entry, &calendar(), stamp_on(requester(), 2, day("2026-03-05")));
    let refused = refuse(vec![reason("用途不需要。")]);
    let clock = received(&entry).state.reception().unwrap().clock.clone();
    let at = noon(day("2026-03-20"));
    vec![
        RequestEvent::Drafted,
        RequestEvent::Revised,
        RequestEvent::Submitted(by_requester()),
        other_clock.unwrap(),
        RequestEvent::Declined(returned()),
        RequestEvent::Withdrawn(returned()),
        RequestEvent::SupplementAsked {
            by: by_provider(),
            missing: vec!["另一份".into()],
            answer_by: noon(day("2026-03-04")),
        },
        RequestEvent::Supplemented(SupplementAnswer { by: by_requester(), answers: "另答".into() }),
        RequestEvent::ReplyProposed { proposal: refused, by: by_provider() },
        RequestEvent::ProposalReturned(returned()),
        RequestEvent::Agreed { by: by_provider(), grant: grant_id(), delivery: clock.clone() },
        RequestEvent::Refused { by: by_provider() },
        RequestEvent::ExtensionAsked { by: by_provider(), working_days: 3, reason: "另因".into() },
        RequestEvent::ExtensionGranted { by: by_authority(), clock },
        RequestEvent::ExtensionRefused(returned()),
        RequestEvent::DeliveryBegun { at },
        RequestEvent::DeliveryConfirmed(by_requester()),
        RequestEvent::DeliveryReportedUnusable(returned()),
        RequestEvent::DeliveryPresumed { at },
        RequestEvent::DeliveryLapsed { at },
    ]
}

/// The states on which the event is decided.
fn decided_on(event: RequestEventName) -> &'static [RequestStateName] {
    use RequestStateName as S;
    match event {
        RequestEventName::Drafted | RequestEventName::Revised => &[],
        RequestEventName::Submitted => &[S::Draft],
        RequestEventName::Received | RequestEventName::Declined => &[S::AwaitingConsent],
        RequestEventName::Withdrawn => &[S::Draft, S::AwaitingConsent, S::Received, S::SupplementAsked, S::Proposed],
        RequestEventName::SupplementAsked => &[S::Received],
        RequestEventName::Supplemented => &[S::SupplementAsked],
        RequestEventName::ReplyProposed => &[S::Received, S::SupplementAsked],
        RequestEventName::ProposalReturned | RequestEventName::Agreed | RequestEventName::Refused => &[S::Proposed],
        RequestEventName::ExtensionAsked => &[S::Received, S::SupplementAsked],
        RequestEventName::ExtensionGranted | RequestEventName::ExtensionRefused => {
            &[S::Received, S::SupplementAsked, S::Proposed]
        }
        RequestEventName::DeliveryBegun
        | RequestEventName::DeliveryConfirmed
        | RequestEventName::DeliveryReportedUnusable
        | RequestEventName::DeliveryPresumed
        | RequestEventName::DeliveryLapsed => &[S::Agreed],
    }
}

#[test]
fn requests_change_only_by_events_decided_on_their_state() {
    let events = request_events();
    let listed: Vec<_> = events.iter().map(RequestEvent::name).collect();
    assert_eq!(listed, RequestEventName::ALL, "a sample of every event");
    let entry = published(content());
    for (state, note, request) in requests(&entry) {
        for event in &events {
            let next = request.clone().apply(event);
            let pair = format!("{state} ({note}) after {}", event.name());
            let decided = decided_on(event.name()).contains(&state) && fits(&request, event);
            assert_eq!(next != request, decided, "{pair}");
            if let Some(before) = request.state.reception() {
                let now = next.state.reception().expect("a clock is never lost");
                assert_eq!((&now.clock, &now.consent), (&before.clock, &before.consent), "{pair}");
            }
        }
    }
}

/// An agreement is an agreement: a proposal to refuse cannot become one, nor the other way round. An extension is decided
/// once, and asked for once; a delivery is settled once.
fn fits(request: &Request, event: &RequestEvent) -> bool {
    let extension = request.state.reception().and_then(|reception| reception.extension.as_ref());
    match event {
        RequestEvent::ExtensionAsked { .. } => {
            return extension.is_none_or(|before| !before.is_awaited() && before.clock().is_none());
        }
        RequestEvent::ExtensionGranted { .. } | RequestEvent::ExtensionRefused(_) => {
            return extension.is_some_and(|extension| extension.is_awaited());
        }
        _ => {}
    }
    if let Some(delivery) = request.state.delivery() {
        return delivery.settled.is_none();
    }
    let RequestState::Proposed { proposal, .. } = &request.state else { return true };
    match event {
        RequestEvent::Agreed { .. } => matches!(proposal, Proposal::Agree { .. }),
        RequestEvent::Refused { .. } => matches!(proposal, Proposal::Refuse { .. }),
        _ => true,
    }
}

#[test]
fn entries_change_only_by_events_decided_on_their_state() {
    use EntryStateName as S;
    let clock = entry_in(S::Published, content()).changes[0].clock.clone();
    let change = Box::new(entry_in(S::Published, content()).changes[0].clone());
    // In the samples the two changes are open wherever there are any.
    let extended = S::HOLDING;
    let events = [
        (EntryEvent::Drafted, &[][..]),
        (EntryEvent::Revised, &[]),
        (EntryEvent::Submitted(by_provider()), &[S::Draft, S::UpdateDraft]),
        (EntryEvent::ApprovedByHead { by: by_provider(), review: None }, &[S::AwaitingHead]),
        (EntryEvent::ReturnedByHead(returned()), &[S::AwaitingHead, S::UpdateAwaitingHead, S::RetirementAwaitingHead]),
        (EntryEvent::ReturnedByAuthority(returned()), &[S::Filed, S::UpdateFiled, S::RetirementFiled]),
        (
            EntryEvent::Published { by: by_authority(), number: "2".into(), announcement: "3".into() },
            &[S::Filed, S::UpdateFiled],
        ),
        (EntryEvent::VersionBegun(by_provider()), &[S::Published]),
        (EntryEvent::VersionDiscarded(by_provider()), &[S::UpdateDraft]),
        (EntryEvent::ChangeRecorded(change), S::HOLDING),
        (EntryEvent::ExtensionAsked { change: 0, by: by_provider(), reason: "另因".into() }, extended),
        (
            EntryEvent::ExtensionConsented {
                change: 1,
                by: by_authority(),
                opinion: "同意".into(),
                clock: clock.clone(),
            },
            extended,
        ),
        (EntryEvent::ExtensionRefused { change: 1, by: by_authority(), opinion: "不同意".into() }, extended),
        (EntryEvent::RetirementProposed { by: by_provider(), reason: "另因".into() }, &[S::Published]),
        (EntryEvent::Retired { by: by_authority(), announcement: "4".into() }, &[S::RetirementFiled]),
        (
            EntryEvent::ApprovedByHead { by: by_provider(), review: Some(clock) },
            &[S::UpdateAwaitingHead, S::RetirementAwaitingHead],
        ),
    ];
    let listed: Vec<_> = events.iter().map(|(event, _)| event.name()).take(EntryEventName::ALL.len()).collect();
    assert_eq!(listed, EntryEventName::ALL, "a sample of every event");
    for state in EntryStateName::ALL.iter().copied() {
        let entry = entry_in(state, content());
        for (event, on) in &events {
            let next = entry.clone().apply(event);
            assert_eq!(next != entry, on.contains(&state), "{state} after {}", event.name());
        }
    }
}

#[test]
fn who_sent_an_entry_back_follows_from_where_it_stood() {
    let from_head = catalogue::send_back(&entry_in(EntryStateName::AwaitingHead, content()), "请改。", by_provider());
    let from_authority = catalogue::send_back(&entry_in(EntryStateName::Filed, content()), "请改。", by_authority());
    assert_eq!(from_head.unwrap().name(), EntryEventName::ReturnedByHead);
    assert_eq!(from_authority.unwrap().name(), EntryEventName::ReturnedByAuthority);
}

#[test]
fn a_ground_is_not_overwritten() {
    let other = RevocationGround::PurposeEnded { text: "救助已结束。".into() };
    let grant = revoked();
    assert!(grant::revoke(&grant, other.clone(), by_provider()).is_err());
    assert_eq!(grant.clone().apply(&GrantEvent::Revoked { by: by_authority(), ground: other }), grant);
    assert_eq!(grant.clone().apply(&GrantEvent::Begun), grant);
}
