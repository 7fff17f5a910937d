//! What deliveries ask of the plane besides rows: bytes of the day; of those in bulk their records, the signature under a
//! receipt.

use super::Plane;
use crate::{
    compiled::CompiledGrant,
    delivery::pages::{Order, seconds_left},
    meter::ReservedBytes,
    problem::{ProblemCode, Refused},
    usage::{NewUsage, Outcome},
};
use shuqiao_vocabulary::{ItemName, Moment};

impl Plane {
    /// Sets aside as many bytes as a delivery has, of those that a grant may have on the legal day; of none, only looks
    /// whether any are left.
    ///
    /// # Errors
    /// `daily_bytes_exceeded`, with the seconds until the day ends.
    pub(crate) fn bytes_of_day(
        &self,
        grant: &CompiledGrant,
        now: Moment,
        wanted: u64,
    ) -> Result<ReservedBytes, Refused> {
        let per_day = self.settings.bytes_per_day.unwrap_or(u64::MAX);
        grant.meter.reserve_bytes(now.date(), wanted, per_day).ok_or_else(|| {
            let refused = Refused::new(ProblemCode::DailyBytesExceeded).with("limit", per_day);
            refused.again_after(seconds_left(now))
        })
    }

    /// Records a part of a delivery in bulk; only when this has given its index may the part leave
    /// (INVARIANT record-before-answer).
    ///
    /// # Errors
    /// `record_unavailable`.
    pub(crate) async fn record_part(
        &self,
        order: &Order,
        grant: &CompiledGrant,
        outcome: Outcome,
        items: Vec<ItemName>,
        delivery: &str,
    ) -> Result<u64, Refused> {
        let usage = NewUsage {
            at: self.now(),
            grant: Some(grant.terms.id),
            caller: Some(order.caller.caller),
            organisation: Some(order.caller.organisation),
            provider: Some(grant.terms.provider),
            purpose: order.query.purpose.clone(),
            method: order.method,
            outcome,
            items,
            request_id: delivery.to_owned(),
            authentication: None,
        };
        self.record(usage).await
    }

    /// The text as a note signed with the usage log's key; `None` when it cannot be a note.
    pub(crate) fn sign_note(&self, text: &str) -> Option<String> {
        self.keys.usage.sign(text).ok()
    }
}
