//! Leads that point at requesters (Art. 40).

use super::{DutyKind, Evidence, EvidenceSort, Indication, LeadFacts, LeadRule, provider::overdue};

/// Refused calls for another purpose, under one grant on one day, from which on they are a lead. One may be a slip in a
/// program; no law counts them.
pub const PURPOSE_REFUSALS_MIN: usize = 3;

/// Days after the end of a quarter in which its record of use is expected. The law says that use is recorded, not when;
/// both the quarter and this number only ask somebody to look.
pub const USAGE_RECORD_WITHIN_DAYS: i64 = 30;

/// Data that could be shared is collected again.
pub(super) fn repeat_collection(facts: &LeadFacts) -> Vec<Indication> {
    facts
        .collections
        .iter()
        .map(|collection| Indication {
            rule: LeadRule::RepeatCollection,
            organisation: collection.organisation,
            about: collection.about,
            subject: collection.entry.clone(),
            period: collection.available_in.clone(),
            occasion: collection.available_in.clone(),
            evidence: vec![
                Evidence::new(EvidenceSort::Entry, &collection.entry),
                Evidence::new(EvidenceSort::Entry, &collection.available_in).noting("available"),
            ],
        })
        .collect()
}

/// Calls for a purpose that is not the grant's: once for a grant and a day.
pub(super) fn purpose_mismatch(facts: &LeadFacts) -> Vec<Indication> {
    let often = facts.uses.iter().filter(|calls| calls.usage_records.len() >= PURPOSE_REFUSALS_MIN);
    often
        .map(|calls| {
            let usage = calls.usage_records.iter().map(|index| Evidence::new(EvidenceSort::UsageRecord, index));
            let grant = Evidence::new(EvidenceSort::Grant, &calls.number);
            Indication {
                rule: LeadRule::PurposeMismatch,
                organisation: calls.organisation,
                about: calls.about,
                subject: calls.number.clone(),
                period: calls.day.to_string(),
                occasion: calls.day.to_string(),
                evidence: std::iter::once(grant).chain(usage).collect(),
            }
        })
        .collect()
}

pub(super) fn disposal_overdue(facts: &LeadFacts) -> Vec<Indication> {
    overdue(facts, DutyKind::Disposal, LeadRule::DisposalOverdue)
}

pub(super) fn usage_record_missing(facts: &LeadFacts) -> Vec<Indication> {
    overdue(facts, DutyKind::UsageRecord, LeadRule::UsageRecordMissing)
}

/// An incident where shared data is used: once for each incident.
pub(super) fn security_incident(facts: &LeadFacts) -> Vec<Indication> {
    let at_the_requester = facts.incidents.iter().filter(|incident| incident.organisation == incident.requester);
    at_the_requester
        .map(|incident| Indication {
            rule: LeadRule::SecurityIncident,
            organisation: incident.requester,
            about: incident.about,
            subject: incident.number.clone(),
            period: incident.found_on.to_string(),
            occasion: incident.found_on.to_string(),
            evidence: vec![Evidence::new(EvidenceSort::Case, &incident.number)],
        })
        .collect()
}
