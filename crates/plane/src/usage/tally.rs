//! Counts by grant, kept in step with the log: what the console shows, and where the meter starts after a restart.

use super::record::{Authentication, Outcome, UsageRecord};
use crate::{meter::UsedOfDay, value};
use serde::{Deserialize, Serialize};
use shuqiao_vocabulary::{Date, Moment, id::GrantId};
use std::collections::HashMap;

/// Counts over all usage records of a grant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsageSummary {
    /// Calls answered with data.
    pub calls: u64,
    /// Rows delivered.
    pub rows: u64,
    /// Calls refused.
    pub refused: u64,
    /// The last call.
    pub last_at: Option<Moment>,
    /// Calls, answered or refused, that were known by the national platform's signature.
    pub legacy_calls: u64,
    /// The last of them.
    pub legacy_last_at: Option<Moment>,
}

/// Counts over all usage records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageCounts {
    /// By grant.
    pub grants: Vec<(GrantId, UsageSummary)>,
    /// The latest legal day on which there were calls.
    pub day: Option<Date>,
    /// How many there were on it, over all grants.
    pub calls_of_day: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct GrantTally {
    pub(crate) summary: UsageSummary,
    /// Index of the grant's last record.
    pub(crate) last: Option<u64>,
    pub(crate) today: UsedOfDay,
}

/// The counts after a number of records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Records counted.
    pub(crate) size: u64,
    grants: HashMap<GrantId, GrantTally>,
    /// The latest day on which there were calls, and how many.
    day: Option<Date>,
    calls_of_day: u64,
}

impl Tally {
    pub(crate) fn grant(&self, grant: &GrantId) -> GrantTally {
        self.grants.get(grant).copied().unwrap_or_default()
    }

    /// Everything that is counted, in the order of the grants.
    pub(crate) fn counts(&self) -> UsageCounts {
        let mut grants: Vec<_> = self.grants.iter().map(|(grant, tally)| (*grant, tally.summary)).collect();
        grants.sort_by_key(|(grant, _)| *grant);
        UsageCounts { grants, day: self.day, calls_of_day: self.calls_of_day }
    }

    /// Calls on that legal day, if it is the latest one counted.
    pub(crate) fn calls_on(&self, day: Date) -> u64 {
        if self.day == Some(day) { self.calls_of_day } else { 0 }
    }

    /// Counts one record more.
    pub(crate) fn count(&mut self, record: &UsageRecord) {
        self.size = record.index + 1;
        let day = record.at.date();
        if self.day.is_none_or(|counted| counted < day) {
            (self.day, self.calls_of_day) = (Some(day), 0);
        }
        self.calls_of_day += 1;
        let Some(grant) = record.grant else {
            return;
        };
        let tally = self.grants.entry(grant).or_default();
        tally.last = Some(record.index);
        tally.summary.last_at = tally.summary.last_at.max(Some(record.at));
        if record.authentication == Some(Authentication::LegacySigned) {
            tally.summary.legacy_calls += 1;
            tally.summary.legacy_last_at = tally.summary.legacy_last_at.max(Some(record.at));
        }
        match &record.outcome {
            Outcome::Refused { .. } => tally.summary.refused += 1,
            Outcome::Received { .. } => {}
            Outcome::Delivered { rows, bytes, .. } => {
                tally.summary.calls += 1;
                tally.summary.rows += rows;
                if tally.today.day.is_none_or(|counted| counted < day) {
                    tally.today = UsedOfDay { day: Some(day), ..UsedOfDay::default() };
                }
                tally.today.rows += rows;
                tally.today.bytes += bytes;
            }
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Form {
    size: u64,
    day: Option<String>,
    calls_of_day: u64,
    grants: Vec<GrantForm>,
}

#[derive(Serialize, Deserialize)]
struct GrantForm {
    grant: String,
    calls: u64,
    rows: u64,
    refused: u64,
    last_at: Option<i64>,
    last: Option<u64>,
    day: Option<String>,
    rows_of_day: u64,
    #[serde(default)]
    bytes_of_day: u64,
    #[serde(default)]
    legacy_calls: u64,
    #[serde(default)]
    legacy_last_at: Option<i64>,
}

impl Tally {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let grant = |(grant, tally): (&GrantId, &GrantTally)| GrantForm {
            grant: grant.to_string(),
            calls: tally.summary.calls,
            rows: tally.summary.rows,
            refused: tally.summary.refused,
            last_at: tally.summary.last_at.map(Moment::microseconds),
            last: tally.last,
            day: tally.today.day.map(|day| day.to_string()),
            rows_of_day: tally.today.rows,
            bytes_of_day: tally.today.bytes,
            legacy_calls: tally.summary.legacy_calls,
            legacy_last_at: tally.summary.legacy_last_at.map(Moment::microseconds),
        };
        let form = Form {
            size: self.size,
            day: self.day.map(|day| day.to_string()),
            calls_of_day: self.calls_of_day,
            grants: self.grants.iter().map(grant).collect(),
        };
        serde_json::to_vec(&form).unwrap_or_default()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let form: Form = serde_json::from_slice(bytes).ok()?;
        let day = |text: Option<String>| text.as_deref().and_then(value::date);
        let mut grants = HashMap::with_capacity(form.grants.len());
        for grant in form.grants {
            let summary = UsageSummary {
                calls: grant.calls,
                rows: grant.rows,
                refused: grant.refused,
                last_at: grant.last_at.map(Moment::from_microseconds),
                legacy_calls: grant.legacy_calls,
                legacy_last_at: grant.legacy_last_at.map(Moment::from_microseconds),
            };
            let today = UsedOfDay { day: day(grant.day), rows: grant.rows_of_day, bytes: grant.bytes_of_day };
            grants.insert(grant.grant.parse().ok()?, GrantTally { summary, last: grant.last, today });
        }
        Some(Self { size: form.size, grants, day: day(form.day), calls_of_day: form.calls_of_day })
    }
}
