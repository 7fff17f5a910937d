//! Leads that point at sharing authorities (Art. 41).

use super::{DutyKind, Evidence, EvidenceSort, Indication, LeadFacts, LeadRule, provider::overdue};
use shuqiao_vocabulary::{Date, Moment};

/// Days after which a dispute that is not settled is a lead. The law sets no number; this one only asks somebody to look.
pub const DISPUTE_AGES_AFTER_DAYS: i64 = 60;

/// Days after which an element that several departments provide, and about which nobody is heard, is a lead. The law sets
/// no number for the designation either.
pub const ELEMENT_AGES_AFTER_DAYS: i64 = 30;

const SECONDS_OF_A_DAY: i64 = 24 * 3_600;

/// The day so many days ago.
fn days_ago(now: Moment, days: i64) -> Date {
    now.plus_seconds(-days * SECONDS_OF_A_DAY).date()
}

/// An element that several departments provide and for which no source is designated, nor anybody heard about it,
/// for long: once for each set of providers.
pub(super) fn source_not_designated(facts: &LeadFacts) -> Vec<Indication> {
    let limit = days_ago(facts.now, ELEMENT_AGES_AFTER_DAYS);
    let several = facts.elements.iter().filter(|element| element.provided_by.len() > 1 && element.since < limit);
    let open = several.filter(|element| element.designated.is_none() && !element.consulting);
    open.map(|element| {
        let mut providers: Vec<String> = element.provided_by.iter().map(|(provider, _)| provider.to_string()).collect();
        providers.sort_unstable();
        let entries = element.provided_by.iter().map(|(_, entry)| Evidence::new(EvidenceSort::Entry, entry));
        Indication {
            rule: LeadRule::SourceNotDesignated,
            organisation: element.authority,
            about: crate::case::About::NOTHING,
            subject: format!("{} {}", element.name, providers.join(" ")),
            period: element.name.clone(),
            occasion: element.name.clone(),
            evidence: std::iter::once(Evidence::new(EvidenceSort::Name, &element.name)).chain(entries).collect(),
        }
    })
    .collect()
}

/// A dispute that has waited long with its authority: once for each dispute and authority.
pub(super) fn dispute_ageing(facts: &LeadFacts) -> Vec<Indication> {
    let limit = days_ago(facts.now, DISPUTE_AGES_AFTER_DAYS);
    let old = facts.disputes.iter().filter(|dispute| !dispute.settled && dispute.since < limit);
    old.map(|dispute| Indication {
        rule: LeadRule::DisputeAgeing,
        organisation: dispute.authority,
        about: dispute.about,
        subject: dispute.number.clone(),
        period: dispute.since.to_string(),
        occasion: dispute.since.to_string(),
        evidence: vec![Evidence::new(EvidenceSort::Case, &dispute.number)],
    })
    .collect()
}

/// What was filed after a change and not reviewed and published in time.
pub(super) fn catalogue_review_overdue(facts: &LeadFacts) -> Vec<Indication> {
    overdue(facts, DutyKind::CatalogueReview, LeadRule::CatalogueReviewOverdue)
}
