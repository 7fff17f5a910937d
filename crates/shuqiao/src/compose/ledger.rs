//! The usage ledger: what the plane of this program recorded.

use super::leaks::LeakDesk;
use async_trait::async_trait;
use shuqiao_app::{
    port::{LeakFailure, UsageLedger},
    view::{LeakForm, LeakFound, RefusalLine, UsageLine, UsageSummary},
};
use shuqiao_crypto::token::Caller;
use shuqiao_plane::{
    gateway::Upstream,
    plane::Plane,
    usage::{Outcome, UsageError, UsageRecord},
};
use shuqiao_vocabulary::{GrantId, Moment, OrganisationId};
use std::sync::Arc;

/// Usage records looked at for a grant's first delivery.
const DELIVERIES_LOOKED_AT: usize = 1_000;

/// Reads the usage log of this program's plane, and what gateways reported of theirs.
pub(crate) struct LocalLedger {
    /// The plane.
    pub(crate) plane: Arc<Plane>,
    /// Files that have turned up.
    pub(crate) leaks: LeakDesk,
    /// Where gateways report.
    pub(crate) upstream: Arc<Upstream>,
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
        let (own, told) = (self.plane.usage_summary(grant), self.upstream.reports().summary(grant));
        UsageSummary {
            calls: own.calls + told.calls,
            rows: own.rows + told.rows,
            refused: own.refused + told.refused,
            last_at: own.last_at.max(told.last_at),
        }
    }

    async fn calls_today(&self, now: Moment) -> u64 {
        self.plane.usage_calls_on(now.date()) + self.upstream.reports().calls_on(now.date())
    }

    async fn delivered_since(&self, grant: &GrantId, since: Moment) -> Option<Moment> {
        let newest = self.recent(grant, DELIVERIES_LOOKED_AT).await;
        let own =
            newest.into_iter().filter(|line| line.refused.is_none() && line.at >= since).map(|line| line.at).min();
        // Gateways report counts, not records: of theirs the last call's moment is known, and that some were answered.
        let told = self.upstream.reports().summary(grant);
        own.or(told.last_at.filter(|at| told.calls > 0 && *at >= since))
    }

    async fn legacy_calls(&self, grant: &GrantId) -> (u64, Option<Moment>) {
        let (own, told) = (self.plane.usage_summary(grant), self.upstream.reports().summary(grant));
        (own.legacy_calls + told.legacy_calls, own.legacy_last_at.max(told.legacy_last_at))
    }

    async fn trace(&self, form: LeakForm, bytes: Vec<u8>) -> Result<LeakFound, LeakFailure> {
        // What was delivered before the question is looked through too.
        self.plane.trace_settled().await;
        self.leaks.trace(form, bytes).await
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

    async fn heads(&self) -> Vec<(String, u64, [u8; 32])> {
        let head = self.plane.usage_head();
        let own = (head.size > 0).then_some((head.origin, head.size, head.root));
        own.into_iter().chain(self.upstream.reports().heads()).collect()
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

pub(super) fn caller(caller: Caller) -> String {
    match caller {
        Caller::System(id) => id.to_string(),
        Caller::Person(id) => id.to_string(),
    }
}

fn line(record: UsageRecord) -> UsageLine {
    let (rows, bytes, refused) = match record.outcome {
        Outcome::Delivered { rows, bytes, .. } => (rows, bytes, None),
        // What a receiver counts was delivered by an earlier record; that it differs must be seen.
        Outcome::Received { agrees, .. } => (0, 0, (!agrees).then(|| "receipt_differs".to_owned())),
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
