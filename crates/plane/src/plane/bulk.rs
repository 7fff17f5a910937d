//! What deliveries in bulk ask of the plane: their records, their seals, the signature under a receipt.

use super::Plane;
use crate::{
    compiled::CompiledGrant,
    delivery::pages::Order,
    problem::{ProblemCode, Refused},
    usage::{NewUsage, Outcome},
};
use shuqiao_crypto::seal::SealKey;
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
        let recorded = self.usage.append(usage).await;
        recorded.map_err(|_| Refused::new(ProblemCode::RecordUnavailable).again_after(1))
    }

    /// What is sealed for nobody but this node.
    pub(crate) fn seal_key(&self) -> &SealKey {
        &self.keys.seal
    }

    /// The text as a note signed with the usage log's key; `None` when it cannot be a note.
    pub(crate) fn sign_note(&self, text: &str) -> Option<String> {
        self.keys.usage.sign(text).ok()
    }
}
