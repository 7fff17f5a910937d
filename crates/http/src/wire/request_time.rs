//! Extension and delivery of a request.

use super::{
    shared::{Clock, SentBack, Signature, person_name, sent_back, signature},
    text::MomentText,
};
use serde::{Deserialize, Serialize};
use shuqiao_app::view;
use shuqiao_domain::request as domain;
use utoipa::ToSchema;

/// More time that is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskExtension {
    /// Working days more, at most 10.
    #[schema(minimum = 1, maximum = 10)]
    pub working_days: u16,
    /// The special reason (特殊原因).
    #[serde(default)]
    pub reason: String,
}

/// More time to reply (延长答复期限, Art. 21(1)): asked by the provider, decided by its authority.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Extension {
    /// When it was asked for.
    pub asked_at: MomentText,
    /// By whom.
    pub asked_by_name: String,
    /// The special reason.
    pub reason: String,
    /// Working days more.
    pub working_days: u16,
    /// When the reply was due before.
    pub original_due: MomentText,
    /// The authority's consent.
    #[schema(required)]
    pub granted: Option<Signature>,
    /// When the reply is due now, once granted.
    #[schema(required)]
    pub extended_due: Option<MomentText>,
    /// That the authority did not consent, and why.
    #[schema(required)]
    pub refused: Option<SentBack>,
    /// When the requester was told.
    #[schema(required)]
    pub requester_notified_at: Option<MomentText>,
}

/// The wire form of an extension, once one was asked for.
pub fn extension(people: &view::People, reception: &domain::Reception) -> Option<Extension> {
    let asked = reception.extension.as_ref()?;
    let (granted, extended_due, refused, notified) = match &asked.decision {
        domain::ExtensionDecision::Awaited => (None, None, None, None),
        domain::ExtensionDecision::Granted { by, clock, notified } => {
            (Some(signature(people, by)), Some(MomentText(clock.due)), None, Some(*notified))
        }
        domain::ExtensionDecision::Refused { returned, notified } => {
            (None, None, Some(sent_back(people, returned)), Some(*notified))
        }
    };
    Some(Extension {
        asked_at: MomentText(asked.asked.at),
        asked_by_name: person_name(people, asked.asked.person),
        reason: asked.reason.clone(),
        working_days: asked.working_days,
        original_due: MomentText(reception.clock.due),
        granted,
        extended_due,
        refused,
        requester_notified_at: notified.map(MomentText),
    })
}

/// What stopped the clock of a delivery.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliverySettled {
    /// The requester confirmed it.
    Confirmed,
    /// Nobody objected in time.
    Presumed,
    /// The grant ended before.
    Lapsed,
}

/// The delivery after an agreement (Art. 22(1)).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// Its clock.
    pub clock: Clock,
    /// The first call answered with data.
    #[schema(required)]
    pub first_at: Option<MomentText>,
    /// The last time the requester reported that nothing usable was delivered.
    #[schema(required)]
    pub objection: Option<SentBack>,
    /// What stopped the clock.
    #[schema(required)]
    pub settled: Option<DeliverySettled>,
    /// When the clock stopped.
    #[schema(required)]
    pub stopped_at: Option<MomentText>,
    /// Working days of silence after which a delivery counts as usable.
    pub objection_working_days: u16,
}

/// The wire form of a delivery with its clock.
pub fn delivery(people: &view::People, delivery: &domain::Delivery, clock: view::ClockView, days: u16) -> Delivery {
    Delivery {
        clock: clock.into(),
        first_at: delivery.first.map(MomentText),
        objection: delivery.objection.as_ref().map(|objection| sent_back(people, objection)),
        settled: delivery.settled.as_ref().map(|settled| match settled {
            domain::DeliverySettled::Confirmed(_) => DeliverySettled::Confirmed,
            domain::DeliverySettled::Presumed { .. } => DeliverySettled::Presumed,
            domain::DeliverySettled::Lapsed { .. } => DeliverySettled::Lapsed,
        }),
        stopped_at: delivery.stopped_at().map(MomentText),
        objection_working_days: days,
    }
}
