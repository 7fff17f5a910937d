//! The verbs of a request, and what follows from each.

use super::{
    Proposal, Reception, Request, RequestContent, RequestState, RequestStateName, RequestVerb, Supplement,
    SupplementAnswer, problems,
};
use crate::{
    Clock, Refusal, RefusalCode, Returned, Stamp,
    catalogue::{Entry, EntryState},
    grant::{self, Grant},
    law,
    refusal::{optional_text, required_text},
};
use shuqiao_calendar::WorkCalendar;
use shuqiao_vocabulary::{Date, GrantId, SharingRequestId, closed_list};

/// What happened to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestEvent {
    /// A department began to ask.
    Drafted,
    /// It says something else now.
    Revised,
    /// Submitted to the requesting department's office head.
    Submitted(Stamp),
    /// The office head consented; with that it is received and the clock starts.
    Received {
        /// The consent.
        consent: Stamp,
        /// The clock.
        clock: Clock,
    },
    /// The office head sent it back.
    Declined(Returned),
    /// The requester withdrew it.
    Withdrawn(Returned),
    /// The provider told once what is missing.
    SupplementAsked {
        /// Who asked.
        by: Stamp,
        /// What is missing.
        missing: Vec<String>,
    },
    /// The requester gave what was missing.
    Supplemented(SupplementAnswer),
    /// The reviewer proposed a reply.
    ReplyProposed {
        /// What.
        proposal: Proposal,
        /// By whom.
        by: Stamp,
    },
    /// The provider's office head sent the proposal back.
    ProposalReturned(Returned),
    /// The reply is effective: agreed, and the grant exists.
    Agreed {
        /// The office head's consent.
        by: Stamp,
        /// The grant.
        grant: GrantId,
    },
    /// The reply is effective: refused with reasons.
    Refused {
        /// The office head's consent.
        by: Stamp,
    },
}

closed_list! {
    /// Names of a request's events; for ever (invariant 12).
    RequestEventName {
        /// See [`RequestEvent::Drafted`].
        Drafted = "SharingRequestDrafted",
        /// See [`RequestEvent::Revised`].
        Revised = "SharingRequestRevised",
        /// See [`RequestEvent::Submitted`].
        Submitted = "SharingRequestSubmitted",
        /// See [`RequestEvent::Received`].
        Received = "SharingRequestReceived",
        /// See [`RequestEvent::Declined`].
        Declined = "SharingRequestDeclinedByOfficeHead",
        /// See [`RequestEvent::Withdrawn`].
        Withdrawn = "SharingRequestWithdrawn",
        /// See [`RequestEvent::SupplementAsked`].
        SupplementAsked = "SharingRequestSupplementAsked",
        /// See [`RequestEvent::Supplemented`].
        Supplemented = "SharingRequestSupplemented",
        /// See [`RequestEvent::ReplyProposed`].
        ReplyProposed = "SharingRequestReplyProposed",
        /// See [`RequestEvent::ProposalReturned`].
        ProposalReturned = "SharingRequestProposalReturned",
        /// See [`RequestEvent::Agreed`].
        Agreed = "SharingRequestAgreed",
        /// See [`RequestEvent::Refused`].
        Refused = "SharingRequestRefused",
    }
}

impl RequestEvent {
    /// The event's name.
    pub const fn name(&self) -> RequestEventName {
        match self {
            Self::Drafted => RequestEventName::Drafted,
            Self::Revised => RequestEventName::Revised,
            Self::Submitted(_) => RequestEventName::Submitted,
            Self::Received { .. } => RequestEventName::Received,
            Self::Declined(_) => RequestEventName::Declined,
            Self::Withdrawn(_) => RequestEventName::Withdrawn,
            Self::SupplementAsked { .. } => RequestEventName::SupplementAsked,
            Self::Supplemented(_) => RequestEventName::Supplemented,
            Self::ReplyProposed { .. } => RequestEventName::ReplyProposed,
            Self::ProposalReturned(_) => RequestEventName::ProposalReturned,
            Self::Agreed { .. } => RequestEventName::Agreed,
            Self::Refused { .. } => RequestEventName::Refused,
        }
    }
}

/// Whether a state admits a verb: the one table behind every verb below and behind what the console offers.
pub const fn admits(state: RequestStateName, verb: RequestVerb) -> bool {
    use RequestVerb::{
        AskSupplement, Consent, Decide, Decline, Edit, Propose, ReturnProposal, Submit, Supplement, Withdraw,
    };
    match state {
        RequestStateName::Draft => matches!(verb, Edit | Submit | Withdraw),
        RequestStateName::AwaitingConsent => matches!(verb, Consent | Decline | Withdraw),
        RequestStateName::Received => matches!(verb, AskSupplement | Propose | Withdraw),
        RequestStateName::SupplementAsked => matches!(verb, Edit | Supplement | Propose | Withdraw),
        RequestStateName::Proposed => matches!(verb, Decide | ReturnProposal | Withdraw),
        RequestStateName::Agreed | RequestStateName::Refused | RequestStateName::Withdrawn => false,
    }
}

fn guard(request: &Request, verb: RequestVerb) -> Result<(), Refusal> {
    let state = request.state.name();
    if admits(state, verb) { Ok(()) } else { Err(Refusal::not_in_this_state(verb.as_str(), state.as_str())) }
}

/// A new request on a published entry (拟申请).
pub fn draft(
    id: SharingRequestId,
    number: String,
    entry: &Entry,
    content: RequestContent,
    by: &Stamp,
) -> Result<(Request, RequestEvent), Refusal> {
    entry_open(entry)?;
    if entry.provider == by.organisation {
        return Err(Refusal::new(RefusalCode::OwnEntry, Some(law::BETWEEN_DEPARTMENTS)));
    }
    let request = Request {
        id,
        number,
        entry: entry.id,
        requester: by.organisation,
        provider: entry.provider,
        drafted_by: by.person,
        content,
        state: RequestState::Draft { declined: None },
    };
    Ok((request, RequestEvent::Drafted))
}

fn entry_open(entry: &Entry) -> Result<law::Term, Refusal> {
    if !matches!(entry.state, EntryState::Published { .. }) {
        return Err(Refusal::new(RefusalCode::EntryNotPublished, Some(law::REQUEST_CONTENT)));
    }
    let term = entry.content.sharing_attribute.and_then(law::reply_term);
    term.ok_or_else(|| Refusal::new(RefusalCode::EntryNotShared, Some(law::SHARING_ATTRIBUTES)))
}

/// The draft, or the answer to a notice of what is missing, says something else. From receipt on it may say it better,
/// or ask for less; it asks for nothing that the office head has not consented to (Art. 20(2)).
pub fn revise(mut request: Request, content: RequestContent) -> Result<(Request, RequestEvent), Refusal> {
    guard(&request, RequestVerb::Edit)?;
    if request.state.reception().is_some()
        && let Some(field) = asks_for_more(&request.content, &content)
    {
        return Err(Refusal::new(RefusalCode::NotNarrower, Some(law::REQUEST_CONTENT)).with("field", field));
    }
    request.content = content;
    Ok((request, RequestEvent::Revised))
}

/// The first field in which the later content asks for more than the earlier, or for nothing any more.
fn asks_for_more(earlier: &RequestContent, later: &RequestContent) -> Option<&'static str> {
    let fewer_items = !later.items.is_empty() && later.items.iter().all(|item| earlier.items.contains(item));
    let fewer_systems = !later.systems.is_empty() && later.systems.iter().all(|one| earlier.systems.contains(one));
    let narrower = [
        ("items", fewer_items),
        ("rows", earlier.rows.0.iter().all(|condition| later.rows.0.contains(condition))),
        ("method", later.method == earlier.method),
        ("systems", fewer_systems),
        ("calls_per_second", (1..=earlier.calls_per_second).contains(&later.calls_per_second)),
        ("rows_per_call", (1..=earlier.rows_per_call).contains(&later.rows_per_call)),
        ("rows_per_day", (1..=earlier.rows_per_day).contains(&later.rows_per_day)),
        ("valid_from", later.valid_from >= earlier.valid_from),
        ("valid_until", later.valid_until.is_some() && later.valid_until <= earlier.valid_until),
    ];
    narrower.into_iter().find(|(_, holds)| !holds).map(|(field, _)| field)
}

/// Submit to the office head: complete, attested, within what the entry offers (Art. 20(2)).
pub fn submit(request: &Request, entry: &Entry, today: Date, by: Stamp) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::Submit)?;
    entry_open(entry)?;
    check(request, entry, today)?;
    Ok(RequestEvent::Submitted(by))
}

fn check(request: &Request, entry: &Entry, today: Date) -> Result<(), Refusal> {
    let found = problems(&request.content, entry, today);
    Refusal::unless_fine(RefusalCode::RequestIncomplete, law::REQUEST_CONTENT, found)
}

/// The office head consents (工作机构负责人同意, Art. 20(2)); with that the request is received and the clock of Art. 21(1)
/// starts. The day of receipt is not counted.
pub fn consent(
    request: &Request,
    entry: &Entry,
    calendar: &WorkCalendar,
    consent: Stamp,
) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::Consent)?;
    let term = entry_open(entry)?;
    check(request, entry, consent.at.date())?;
    let clock = Clock::start(term, consent.at, calendar)?;
    Ok(RequestEvent::Received { consent, clock })
}

/// The office head sends it back, with the reason.
pub fn decline(request: &Request, reason: &str, by: Stamp) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::Decline)?;
    Ok(RequestEvent::Declined(Returned { by, reason: required_text("reason", reason)? }))
}

/// The requester withdraws it. A clock that ran stays in the record.
pub fn withdraw(request: &Request, reason: &str, by: Stamp) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::Withdraw)?;
    Ok(RequestEvent::Withdrawn(Returned { by, reason: required_text("reason", reason)? }))
}

/// Points one notice may have.
const MISSING_MAX: usize = 50;

/// The provider tells once everything that is missing (一次性告知, Art. 21(2)); a second notice is refused.
pub fn ask_supplement(request: &Request, missing: &[String], by: Stamp) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::AskSupplement)?;
    let notices = request.state.reception().map_or(0, |reception| usize::from(reception.supplement.is_some()));
    if notices >= law::SUPPLEMENT_NOTICES_MAX {
        return Err(Refusal::new(RefusalCode::SupplementAlreadyAsked, Some(law::SUPPLEMENT_ONCE)));
    }
    if missing.is_empty() || missing.len() > MISSING_MAX {
        return Err(Refusal::new(RefusalCode::TextRequired, Some(law::SUPPLEMENT_ONCE))
            .with("field", "missing")
            .with("max", MISSING_MAX));
    }
    let missing = missing.iter().map(|point| required_text("missing", point)).collect::<Result<_, _>>()?;
    Ok(RequestEvent::SupplementAsked { by, missing })
}

/// The requester gives what was missing; the request must be complete.
pub fn supplement(request: &Request, entry: &Entry, answers: &str, by: Stamp) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::Supplement)?;
    check(request, entry, by.at.date())?;
    Ok(RequestEvent::Supplemented(SupplementAnswer { by, answers: required_text("answers", answers)? }))
}

/// Reasons one refusal may have.
const REASONS_MAX: usize = 50;

/// The reviewer proposes a reply. An agreement is to a complete request, leaves something to share and never widens; a
/// refusal gives reasons (Art. 21(2)).
pub fn propose(request: &Request, entry: &Entry, proposal: Proposal, by: Stamp) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::Propose)?;
    check_proposal(request, entry, &proposal, by.at.date())?;
    Ok(RequestEvent::ReplyProposed { proposal, by })
}

fn check_proposal(request: &Request, entry: &Entry, proposal: &Proposal, today: Date) -> Result<(), Refusal> {
    match proposal {
        Proposal::Agree { narrowing, opinion } => {
            optional_text("opinion", opinion)?;
            // While a notice of what is missing is open, the content may have been revised and not checked since.
            check(request, entry, today)?;
            grant::terms(&request.content, entry, narrowing).map(|_| ())
        }
        Proposal::Refuse { reasons, opinion } => {
            optional_text("opinion", opinion)?;
            if reasons.len() > REASONS_MAX {
                let refusal = Refusal::new(RefusalCode::ReasonsRequired, Some(law::REFUSAL_REASONS));
                return Err(refusal.with("max", REASONS_MAX));
            }
            if reasons.is_empty() || reasons.iter().any(|reason| reason.text.trim().is_empty()) {
                return Err(Refusal::new(RefusalCode::ReasonsRequired, Some(law::REFUSAL_REASONS)));
            }
            reasons.iter().try_for_each(|reason| required_text("reasons", &reason.text).map(|_| ()))
        }
    }
}

/// The provider's office head sends the proposal back to the reviewer.
pub fn return_proposal(request: &Request, reason: &str, by: Stamp) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::ReturnProposal)?;
    Ok(RequestEvent::ProposalReturned(Returned { by, reason: required_text("reason", reason)? }))
}

/// What the office head's consent to a proposal brings about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Agreed: the request's event and the grant, to be saved in one transaction.
    Agreed(RequestEvent, Box<Grant>),
    /// Refused.
    Refused(RequestEvent),
}

/// The provider's office head consents (Art. 20(3)): the reply is effective. Agreeing *is* granting.
pub fn decide(request: &Request, entry: &Entry, grant: GrantId, by: Stamp) -> Result<Decision, Refusal> {
    guard(request, RequestVerb::Decide)?;
    let RequestState::Proposed { proposal, .. } = &request.state else {
        return Err(Refusal::not_in_this_state("decide", request.state.name().as_str()));
    };
    match proposal {
        Proposal::Refuse { .. } => Ok(Decision::Refused(RequestEvent::Refused { by })),
        Proposal::Agree { narrowing, .. } => {
            // The entry may have been retired since the request was received.
            entry_open(entry)?;
            let terms = grant::terms(&request.content, entry, narrowing)?;
            if terms.valid_until < by.at.date() {
                return Err(Refusal::new(RefusalCode::PeriodOver, Some(law::REQUEST_CONTENT))
                    .with("valid_until", terms.valid_until));
            }
            let granted = grant::begin(grant, request, entry, terms, by.clone());
            Ok(Decision::Agreed(RequestEvent::Agreed { by, grant }, Box::new(granted)))
        }
    }
}

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
            RequestState::Received { reception: Reception { consent, clock, supplement: None }, returned: None }
        }
        (RequestState::AwaitingConsent { .. }, RequestEvent::Declined(returned)) => {
            RequestState::Draft { declined: Some(returned) }
        }
        (state, RequestEvent::Withdrawn(withdrawn)) if admits(state.name(), RequestVerb::Withdraw) => {
            RequestState::Withdrawn { reception: state.reception().cloned(), withdrawn }
        }
        (RequestState::Received { mut reception, .. }, RequestEvent::SupplementAsked { by, missing }) => {
            reception.supplement = Some(Supplement { asked: by, missing, answered: None });
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
            RequestEvent::Agreed { by: decided, grant },
        ) => RequestState::Agreed { reception, proposal, proposed, decided, grant },
        (
            RequestState::Proposed { reception, proposal: proposal @ Proposal::Refuse { .. }, by: proposed },
            RequestEvent::Refused { by: decided },
        ) => RequestState::Refused { reception, proposal, proposed, decided },
        // Drafting and revising change no state; any other pair was not decided on this state and changes nothing.
        (state, _) => state,
    }
}
