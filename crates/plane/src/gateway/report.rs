//! What a gateway reports of its use: the signed head of its own usage log, and counts by grant.

use serde::{Deserialize, Serialize};

/// A report. Counts are those since ever, of the grants whose counts have changed since the report before.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    /// The size of the log up to which counts were taken before; 0 when all counts are here.
    pub(super) after: u64,
    /// The size of the log at the head here.
    pub(super) size: u64,
    /// The log's public key.
    pub(super) key: String,
    /// The signed head.
    pub(super) checkpoint: String,
    /// The latest legal day with calls, and how many there were.
    pub(super) day: Option<String>,
    pub(super) calls_of_day: u64,
    /// Counts.
    pub(super) grants: Vec<GrantReport>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GrantReport {
    pub(super) grant: String,
    pub(super) calls: u64,
    pub(super) rows: u64,
    pub(super) refused: u64,
    pub(super) last_at: Option<i64>,
    /// Calls known by the national platform's signature. Left out when there were none, so that a node of before this word
    /// still takes the reports of gateways that nobody calls that way.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) legacy_calls: u64,
    /// The last of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) legacy_last_at: Option<i64>,
}

const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What a report is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportAnswer {
    /// Whether it was taken; if not, all counts are wanted.
    pub taken: bool,
    /// The size up to which counts are known.
    pub size: u64,
}
