//! The verbs of a request, and what follows from each.

use super::{
    Proposal, RefusalReason, RefusalReasonCode, Request, RequestContent, RequestState, RequestStateName, RequestVerb,
    Supplement, SupplementAnswer, conditions::self_made, problems,
};
use crate::{
    Clock, Refusal, RefusalCode, Returned, Stamp, Timing,
    catalogue::{Entry, EntryState},
    grant::{self, Grant},
    law,
    refusal::{optional_text, required_text},
    rules::ClockId,
};
use shuqiao_vocabulary::{CartId, Date, GrantId, Moment, SharingRequestId, closed_list};

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
        /// The last moment to answer.
        answer_by: Moment,
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
        /// The clock of delivery, which starts with the reply (Art. 22(1)).
        delivery: Clock,
    },
    /// The reply is effective: refused with reasons.
    Refused {
        /// The office head's consent.
        by: Stamp,
    },
    /// The provider asked for more time to reply.
    ExtensionAsked {
        /// Who asked.
        by: Stamp,
        /// Working days more.
        working_days: u16,
        /// The special reason.
        reason: String,
    },
    /// The authority consented to more time; the requester was told.
    ExtensionGranted {
        /// Who consented.
        by: Stamp,
        /// The extended clock.
        clock: Clock,
    },
    /// The authority did not consent to more time; the requester was told.
    ExtensionRefused(Returned),
    /// The plane recorded the first delivery.
    DeliveryBegun {
        /// When data was delivered.
        at: Moment,
    },
    /// The requester confirmed a usable delivery.
    DeliveryConfirmed(Stamp),
    /// The requester reported that nothing usable was delivered.
    DeliveryReportedUnusable(Returned),
    /// Nobody objected to the delivery in time.
    DeliveryPresumed {
        /// When that was found.
        at: Moment,
    },
    /// The grant ended before a delivery was confirmed.
    DeliveryLapsed {
        /// When that was found.
        at: Moment,
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
        /// See [`RequestEvent::ExtensionAsked`].
        ExtensionAsked = "SharingRequestExtensionAsked",
        /// See [`RequestEvent::ExtensionGranted`].
        ExtensionGranted = "SharingRequestExtensionGranted",
        /// See [`RequestEvent::ExtensionRefused`].
        ExtensionRefused = "SharingRequestExtensionRefused",
        /// See [`RequestEvent::DeliveryBegun`].
        DeliveryBegun = "SharingRequestDeliveryBegun",
        /// See [`RequestEvent::DeliveryConfirmed`].
        DeliveryConfirmed = "SharingRequestDeliveryConfirmed",
        /// See [`RequestEvent::DeliveryReportedUnusable`].
        DeliveryReportedUnusable = "SharingRequestDeliveryReportedUnusable",
        /// See [`RequestEvent::DeliveryPresumed`].
        DeliveryPresumed = "SharingRequestDeliveryPresumed",
        /// See [`RequestEvent::DeliveryLapsed`].
        DeliveryLapsed = "SharingRequestDeliveryLapsed",
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
            Self::ExtensionAsked { .. } => RequestEventName::ExtensionAsked,
            Self::ExtensionGranted { .. } => RequestEventName::ExtensionGranted,
            Self::ExtensionRefused(_) => RequestEventName::ExtensionRefused,
            Self::DeliveryBegun { .. } => RequestEventName::DeliveryBegun,
            Self::DeliveryConfirmed(_) => RequestEventName::DeliveryConfirmed,
            Self::DeliveryReportedUnusable(_) => RequestEventName::DeliveryReportedUnusable,
            Self::DeliveryPresumed { .. } => RequestEventName::DeliveryPresumed,
            Self::DeliveryLapsed { .. } => RequestEventName::DeliveryLapsed,
        }
    }
}

/// Whether a state admits a verb: the one table behind every verb below and behind what the console offers.
pub const fn admits(state: RequestStateName, verb: RequestVerb) -> bool {
    use RequestVerb::{
        AskExtension, AskSupplement, ConfirmDelivery, Consent, Decide, Decline, Edit, GrantExtension, Propose,
        RefuseExtension, ReportUndelivered, ReturnProposal, Submit, Supplement, Withdraw,
    };
    match state {
        RequestStateName::Draft => matches!(verb, Edit | Submit | Withdraw),
        RequestStateName::AwaitingConsent => matches!(verb, Consent | Decline | Withdraw),
        RequestStateName::Received => {
            matches!(verb, AskSupplement | Propose | Withdraw | AskExtension | GrantExtension | RefuseExtension)
        }
        RequestStateName::SupplementAsked => {
            matches!(verb, Edit | Supplement | Propose | Withdraw | AskExtension | GrantExtension | RefuseExtension)
        }
        RequestStateName::Proposed => {
            matches!(verb, Decide | ReturnProposal | Withdraw | GrantExtension | RefuseExtension)
        }
        RequestStateName::Agreed => matches!(verb, ConfirmDelivery | ReportUndelivered),
        RequestStateName::Refused | RequestStateName::Withdrawn => false,
    }
}

/// Whether a request offers a verb: its state admits it, and what happened on the way leaves room for it. The console
/// takes its buttons from here.
pub fn offers(request: &Request, verb: RequestVerb) -> bool {
    let reception = request.state.reception();
    let extension = reception.and_then(|reception| reception.extension.as_ref());
    let room = match verb {
        RequestVerb::AskSupplement => reception.is_none_or(|reception| reception.supplement.is_none()),
        RequestVerb::AskExtension => extension.is_none_or(|before| !before.is_awaited() && before.clock().is_none()),
        RequestVerb::GrantExtension | RequestVerb::RefuseExtension => {
            extension.is_some_and(super::Extension::is_awaited)
        }
        RequestVerb::ConfirmDelivery | RequestVerb::ReportUndelivered => {
            request.state.delivery().is_some_and(|delivery| delivery.settled.is_none())
        }
        _ => true,
    };
    room && admits(request.state.name(), verb)
}

pub(super) fn guard(request: &Request, verb: RequestVerb) -> Result<(), Refusal> {
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
        cart: None,
        entry: entry.id,
        requester: by.organisation,
        provider: entry.provider,
        drafted_by: by.person,
        content,
        state: RequestState::Draft { declined: None },
    };
    Ok((request, RequestEvent::Drafted))
}

/// The same draft, as a part of an application for several entries.
#[must_use]
pub fn in_cart(request: Request, cart: CartId) -> Request {
    Request { cart: Some(cart), ..request }
}

fn entry_open(entry: &Entry) -> Result<ClockId, Refusal> {
    if !matches!(entry.state, EntryState::Published { .. }) {
        return Err(Refusal::new(RefusalCode::EntryNotPublished, Some(law::REQUEST_CONTENT)));
    }
    let clock = entry.content.sharing_attribute.and_then(law::reply_clock);
    clock.ok_or_else(|| Refusal::new(RefusalCode::EntryNotShared, Some(law::SHARING_ATTRIBUTES)))
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
/// starts. The day of receipt is not counted. `timing` holds where the provider is; a calendar alone means the Decree's
/// own terms.
pub fn consent<'a>(
    request: &Request,
    entry: &Entry,
    timing: impl Into<Timing<'a>>,
    consent: Stamp,
) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::Consent)?;
    let clock = entry_open(entry)?;
    check(request, entry, consent.at.date())?;
    let clock = timing.into().start(clock, consent.at)?;
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

/// The provider tells once everything that is missing (一次性告知, Art. 21(2)); a second notice is refused. It leaves a day
/// to answer, within the reply clock; without one, the day before the reply is due.
pub fn ask_supplement(
    request: &Request,
    missing: &[String],
    answer_by: Option<Date>,
    by: Stamp,
) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::AskSupplement)?;
    let answer_by = answer_day(request, answer_by, by.at.date())?;
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
    Ok(RequestEvent::SupplementAsked { by, missing, answer_by: Moment::end_of_day(answer_by) })
}

/// The last day to answer a notice: from today to the day the reply is due. When that is over, today is left.
fn answer_day(request: &Request, wanted: Option<Date>, today: Date) -> Result<Date, Refusal> {
    let due = request.state.reception().map_or(today, |reception| reception.running().due.date()).max(today);
    let Some(wanted) = wanted else { return Ok(due.yesterday().unwrap_or(due).max(today)) };
    if (today..=due).contains(&wanted) {
        return Ok(wanted);
    }
    Err(Refusal::new(RefusalCode::AnswerDayWrong, Some(law::SUPPLEMENT_ONCE)).with("from", today).with("until", due))
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
    check_proposal(request, entry, &proposal, by.at)?;
    let proposal = match proposal {
        agree @ Proposal::Agree { .. } => agree,
        Proposal::Refuse { reasons, opinion, .. } => {
            let self_made = self_made(&reasons, entry);
            Proposal::Refuse { reasons, opinion, self_made }
        }
    };
    Ok(RequestEvent::ReplyProposed { proposal, by })
}

fn check_proposal(request: &Request, entry: &Entry, proposal: &Proposal, now: Moment) -> Result<(), Refusal> {
    match proposal {
        Proposal::Agree { narrowing, opinion } => {
            optional_text("opinion", opinion)?;
            // While a notice of what is missing is open, the content may have been revised and not checked since.
            check(request, entry, now.date())?;
            grant::terms(&request.content, entry, narrowing).map(|_| ())
        }
        Proposal::Refuse { reasons, opinion, .. } => {
            optional_text("opinion", opinion)?;
            not_outright(request, reasons, now)?;
            check_reasons(reasons)
        }
    }
}

fn check_reasons(reasons: &[RefusalReason]) -> Result<(), Refusal> {
    if reasons.len() > REASONS_MAX {
        let refusal = Refusal::new(RefusalCode::ReasonsRequired, Some(law::REFUSAL_REASONS));
        return Err(refusal.with("max", REASONS_MAX));
    }
    if reasons.is_empty() || reasons.iter().any(|reason| reason.text.trim().is_empty()) {
        return Err(Refusal::new(RefusalCode::ReasonsRequired, Some(law::REFUSAL_REASONS)));
    }
    for reason in reasons {
        required_text("reasons", &reason.text)?;
        optional_text("condition", reason.condition.as_deref().unwrap_or_default())?;
    }
    Ok(())
}

/// Incomplete papers are not refused outright (不得直接拒绝, Art. 21(2)): first the one notice, then the time to answer it.
fn not_outright(request: &Request, reasons: &[RefusalReason], now: Moment) -> Result<(), Refusal> {
    let notice = request.state.reception().and_then(|reception| reception.supplement.as_ref());
    match notice {
        None if reasons.iter().any(|reason| reason.code == RefusalReasonCode::SupplementNotGiven) => {
            Err(Refusal::new(RefusalCode::NoticeNotGiven, Some(law::SUPPLEMENT_ONCE)))
        }
        Some(Supplement { answered: None, answer_by: Some(until), .. }) if now <= *until => {
            Err(Refusal::new(RefusalCode::NoticeOpen, Some(law::SUPPLEMENT_ONCE)).with("answer_by", until.date()))
        }
        _ => Ok(()),
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

/// The provider's office head consents (Art. 20(3)): the reply is effective. Agreeing *is* granting, and from now on the
/// clock of delivery runs (Art. 22(1)).
pub fn decide<'a>(
    request: &Request,
    entry: &Entry,
    grant: GrantId,
    timing: impl Into<Timing<'a>>,
    by: Stamp,
) -> Result<Decision, Refusal> {
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
            let delivery = timing.into().start(ClockId::Delivery, by.at)?;
            let granted = grant::begin(grant, request, entry, terms, by.clone());
            Ok(Decision::Agreed(RequestEvent::Agreed { by, grant, delivery }, Box::new(granted)))
        }
    }
}
