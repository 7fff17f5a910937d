//! More time to reply (延长答复期限, Art. 21(1)): for a special reason, with the consent of the authority of the provider's
//! level and region, at most ten working days, once; and the requester is told.

use super::{Reception, Request, RequestEvent, RequestVerb, guard};
use crate::{
    Clock, ClockId, Refusal, RefusalCode, Returned, Stamp, Timing, clock::longest_extension, law,
    refusal::required_text,
};
use shuqiao_vocabulary::Moment;

/// An extension that was asked for. The clock of receipt runs on while it is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Who asked, and when.
    pub asked: Stamp,
    /// The special reason (特殊原因).
    pub reason: String,
    /// Working days more than the term.
    pub working_days: u16,
    /// What the authority said.
    pub decision: ExtensionDecision,
}

/// What the authority said to an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExtensionDecision {
    /// Nothing yet.
    Awaited,
    /// It consents (经同级政务数据共享主管部门同意).
    Granted {
        /// Who consented.
        by: Stamp,
        /// The extended clock: it started at receipt and is due later.
        clock: Clock,
        /// When the requester was told (告知需求部门).
        notified: Moment,
    },
    /// It does not consent: the term stays as it was.
    Refused {
        /// Who, and why.
        returned: Returned,
        /// When the requester was told.
        notified: Moment,
    },
}

impl Extension {
    /// Whether the authority has still to decide.
    pub const fn is_awaited(&self) -> bool {
        matches!(self.decision, ExtensionDecision::Awaited)
    }

    /// Who decided for the authority, once it did.
    pub const fn decided_by(&self) -> Option<&Stamp> {
        match &self.decision {
            ExtensionDecision::Awaited => None,
            ExtensionDecision::Granted { by, .. } => Some(by),
            ExtensionDecision::Refused { returned, .. } => Some(&returned.by),
        }
    }

    /// The extended clock, once granted.
    pub const fn clock(&self) -> Option<&Clock> {
        match &self.decision {
            ExtensionDecision::Granted { clock, .. } => Some(clock),
            ExtensionDecision::Awaited | ExtensionDecision::Refused { .. } => None,
        }
    }
}

impl Extension {
    /// The extended clock, to be computed anew when the calendar changes.
    pub(super) const fn clock_mut(&mut self) -> Option<&mut Clock> {
        match &mut self.decision {
            ExtensionDecision::Granted { clock, .. } => Some(clock),
            ExtensionDecision::Awaited | ExtensionDecision::Refused { .. } => None,
        }
    }
}

fn reception(request: &Request) -> Result<&Reception, Refusal> {
    let none = || Refusal::not_in_this_state("ask_extension", request.state.name().as_str());
    request.state.reception().ok_or_else(none)
}

/// What is over cannot be made longer.
fn within_term(reception: &Reception, at: Moment) -> Result<(), Refusal> {
    let due = reception.running().due;
    if at <= due {
        return Ok(());
    }
    Err(Refusal::new(RefusalCode::TermOver, Some(law::REPLY_EXTENSION.article)).with("due", due.date()))
}

/// The provider asks for more time, with the special reason and the days. Asking stops no clock.
///
/// # Errors
/// While another is open, once one was granted, after the term, for no days or more than the law or a rule set has.
pub fn ask_extension<'a>(
    request: &Request,
    days: u16,
    reason: &str,
    timing: impl Into<Timing<'a>>,
    by: Stamp,
) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::AskExtension)?;
    let article = Some(law::REPLY_EXTENSION.article);
    let reception = reception(request)?;
    if reception.extension.as_ref().is_some_and(|before| before.is_awaited() || before.clock().is_some()) {
        return Err(Refusal::new(RefusalCode::ExtensionAlreadyAsked, article));
    }
    within_term(reception, by.at)?;
    let longest = longest(reception, &timing.into()).days;
    if !(1..=longest).contains(&days) {
        return Err(Refusal::new(RefusalCode::ExtensionTooLong, article).with("max", longest));
    }
    Ok(RequestEvent::ExtensionAsked { by, working_days: days, reason: required_text("reason", reason)? })
}

/// The longest extension of this reply (Art. 21(1)): what a rule set leaves of the law's, none where it switches it off.
fn longest(reception: &Reception, timing: &Timing<'_>) -> law::Term {
    // A clock from before rule sets does not say which it is; either reply has the Decree's longest extension.
    let kind = reception.clock.kind.unwrap_or(ClockId::ReplyConditional);
    longest_extension(kind, timing, reception.clock.started.date()).unwrap_or(law::REPLY_EXTENSION)
}

fn awaited(request: &Request) -> Result<(&Reception, &Extension), Refusal> {
    let reception = reception(request)?;
    let open = reception.extension.as_ref().filter(|extension| extension.is_awaited());
    let none = || Refusal::new(RefusalCode::ExtensionNotAsked, Some(law::REPLY_EXTENSION.article));
    open.map(|extension| (reception, extension)).ok_or_else(none)
}

/// The authority consents: the extended clock counts from now on, and the requester is told in the same act.
///
/// # Errors
/// When nothing was asked, when the term is over, when the calendar does not reach so far.
pub fn grant_extension<'a>(
    request: &Request,
    timing: impl Into<Timing<'a>>,
    by: Stamp,
) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::GrantExtension)?;
    let (reception, extension) = awaited(request)?;
    within_term(reception, by.at)?;
    let timing = timing.into();
    let longest = longest(reception, &timing);
    let clock = reception.clock.extended(extension.working_days, longest, timing.calendar())?;
    Ok(RequestEvent::ExtensionGranted { by, clock })
}

/// The authority does not consent, with the reason; the requester is told of that too.
///
/// # Errors
/// When nothing was asked, or no reason is given.
pub fn refuse_extension(request: &Request, reason: &str, by: Stamp) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::RefuseExtension)?;
    awaited(request)?;
    Ok(RequestEvent::ExtensionRefused(Returned { by, reason: required_text("reason", reason)? }))
}
