//! Delivery (提供数据, Art. 22(1)): 20 working days from the agreeing reply. The first usable delivery stops the clock. That
//! it was usable the requester confirms, or leaves unsaid for a set time.

use super::{Request, RequestEvent, RequestVerb, guard};
use crate::{Clock, Refusal, RefusalCode, Returned, Stamp, Timing, law, refusal::required_text};
use shuqiao_vocabulary::Moment;

/// A delivery that is due, or was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The clock.
    pub clock: Clock,
    /// The first call answered with data, since the agreement or since the last objection.
    pub first: Option<Moment>,
    /// The last time the requester said that nothing usable was delivered.
    pub objection: Option<Returned>,
    /// What stopped the clock.
    pub settled: Option<DeliverySettled>,
}

/// What stopped the clock of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliverySettled {
    /// The requester confirmed it.
    Confirmed(Stamp),
    /// Nobody objected in time.
    Presumed {
        /// When that was found.
        at: Moment,
    },
    /// The grant ended before anything was confirmed: there is nothing to deliver any more.
    Lapsed {
        /// When that was found.
        at: Moment,
    },
}

impl Delivery {
    /// A delivery whose clock starts.
    pub const fn start(clock: Clock) -> Self {
        Self { clock, first: None, objection: None, settled: None }
    }

    /// When the clock stopped: at the first usable delivery, as far as one was recorded. `None` while it runs.
    pub fn stopped_at(&self) -> Option<Moment> {
        self.settled.as_ref().map(|settled| match settled {
            DeliverySettled::Confirmed(by) => self.first.unwrap_or(by.at),
            DeliverySettled::Presumed { at } => self.first.unwrap_or(*at),
            DeliverySettled::Lapsed { at } => *at,
        })
    }

    /// From when on a call counts as this delivery.
    pub fn awaited_since(&self) -> Moment {
        self.objection.as_ref().map_or(self.clock.started, |objection| objection.by.at)
    }
}

fn open(request: &Request) -> Result<&Delivery, Refusal> {
    let settled = || Refusal::new(RefusalCode::DeliverySettled, Some(law::DELIVERY.article));
    request.state.delivery().filter(|delivery| delivery.settled.is_none()).ok_or_else(settled)
}

/// The requester confirms that what is delivered can be used.
///
/// # Errors
/// When the clock has stopped before.
pub fn confirm_delivery(request: &Request, by: Stamp) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::ConfirmDelivery)?;
    open(request)?;
    Ok(RequestEvent::DeliveryConfirmed(by))
}

/// The requester says that nothing usable was delivered, and why: the clock runs on, and waits for another delivery.
///
/// # Errors
/// When the clock has stopped before, or no reason is given.
pub fn report_undelivered(request: &Request, reason: &str, by: Stamp) -> Result<RequestEvent, Refusal> {
    guard(request, RequestVerb::ReportUndelivered)?;
    open(request)?;
    Ok(RequestEvent::DeliveryReportedUnusable(Returned { by, reason: required_text("reason", reason)? }))
}

/// What the passing of time brings: a first delivery is noted, one that nobody objected to counts, and one whose grant
/// has ended lapses. One step at a time; `None` when there is nothing to do. The days for an objection are those of the
/// provider's rules on the day of the delivery: a rule set that comes later shortens none that run.
pub fn delivery_step<'a>(
    request: &Request,
    delivered: Option<Moment>,
    grant_live: bool,
    timing: impl Into<Timing<'a>>,
    now: Moment,
) -> Option<RequestEvent> {
    let delivery = open(request).ok()?;
    match (delivery.first, delivered.filter(|at| *at >= delivery.awaited_since())) {
        (Some(first), _) => {
            let timing = timing.into();
            let days = timing.objection_days(first.date());
            let silence = timing.calendar().end_of_day_after(first.date(), days).ok()?;
            if silence.due < now {
                return Some(RequestEvent::DeliveryPresumed { at: now });
            }
        }
        (None, Some(at)) => return Some(RequestEvent::DeliveryBegun { at }),
        (None, None) => {}
    }
    (!grant_live).then_some(RequestEvent::DeliveryLapsed { at: now })
}
