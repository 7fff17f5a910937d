//! The usage ledger: what the plane of this program recorded.

use async_trait::async_trait;
use shuqiao_app::{
    port::UsageLedger,
    view::{RefusalLine, UsageLine, UsageSummary},
};
use shuqiao_crypto::token::Caller;
use shuqiao_plane::{
    plane::Plane,
    usage::{Outcome, UsageError, UsageRecord},
};
use shuqiao_vocabulary::{GrantId, Moment, OrganisationId};
use std::sync::Arc;

/// Reads the usage log of this program's plane.
pub(crate) struct LocalLedger {
    /// The plane.
    pub(crate) plane: Arc<Plane>,
}

#[async_trait]
impl UsageLedger for LocalLedger {
    async fn recent(&self, grant: &GrantId, limit: usize) -> Vec<UsageLine> {
        // It reads files: not on a thread that others wait for.
        let (plane, grant) = (self.plane.clone(), *grant);
        let read = tokio::task::spawn_blocking(move || plane.usage(&grant, limit).unwrap_or_else(unreadable));
        read.await.unwrap_or_default().into_iter().map(line).collect()
    }

    async fn summary(&self, grant: &GrantId) -> UsageSummary {
        let summary = self.plane.usage_summary(grant);
        UsageSummary { calls: summary.calls, rows: summary.rows, refused: summary.refused, last_at: summary.last_at }
    }

    async fn calls_today(&self, now: Moment) -> u64 {
        self.plane.usage_calls_on(now.date())
    }

    async fn legacy_calls(&self, grant: &GrantId) -> (u64, Option<Moment>) {
        let summary = self.plane.usage_summary(grant);
        (summary.legacy_calls, summary.legacy_last_at)
    }

    fn refusal(&self, organisation: OrganisationId, reference: &str) -> Option<RefusalLine> {
        let refusal = self.plane.refusal(organisation, reference)?;
        let said = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        let both = |(zh, en): (&str, &str)| (zh.to_owned(), en.to_owned());
        Some(RefusalLine {
            reference: refusal.request_id,
            at: refusal.at,
            code: refusal.code.as_str().to_owned(),
            params: refusal.params.into_iter().map(|(name, value)| (name, said(value))).collect(),
            grant: refusal.grant,
            title: both(refusal.code.titles()),
            next: both(refusal.code.advice()),
        })
    }

    async fn head(&self) -> Option<(String, u64, [u8; 32])> {
        let head = self.plane.usage_head();
        (head.size > 0).then_some((head.origin, head.size, head.root))
    }

    fn verifier_key(&self) -> (String, String) {
        (self.plane.usage_origin().to_owned(), self.plane.usage_verifier().to_string())
    }
}

/// What cannot be read is shown as nothing; the log itself says so to the operator.
fn unreadable(error: UsageError) -> Vec<UsageRecord> {
    tracing::error!(error = %error, "usage records cannot be read");
    Vec::new()
}

fn caller(caller: Caller) -> String {
    match caller {
        Caller::System(id) => id.to_string(),
        Caller::Person(id) => id.to_string(),
    }
}

fn line(record: UsageRecord) -> UsageLine {
    let (rows, bytes, refused) = match record.outcome {
        Outcome::Delivered { rows, bytes, .. } => (rows, bytes, None),
        Outcome::Refused { code } => (0, 0, Some(code)),
    };
    UsageLine {
        index: record.index,
        at: record.at,
        caller: record.caller.map(caller).unwrap_or_default(),
        organisation: record.organisation,
        purpose: record.purpose,
        rows,
        bytes,
        refused,
        items: record.items,
    }
}
