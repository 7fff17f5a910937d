//! What deliveries in bulk ask of the plane: their records, the signature under a receipt.

use super::Plane;
use crate::{
    compiled::CompiledGrant,
    delivery::pages::Order,
    problem::Refused,
    usage::{NewUsage, Outcome},
};
use shuqiao_vocabulary::ItemName;

impl Plane {
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
