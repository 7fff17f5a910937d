//! Detectors of leads (线索发现, Art. 39-41): what a node can tell from what it knows, as pure functions of facts.
//!
//! A detector finds what a human should look at, and says what shows it. It never says that a duty was broken: whether
//! there was a proper reason, only people can tell. The same thing in the same period is found once.

mod authority;
mod facts;
mod provider;
mod requester;
mod rule;

pub use authority::{DISPUTE_AGES_AFTER_DAYS, ELEMENT_AGES_AFTER_DAYS};
pub use facts::{
    CollectionFact, DisputeFact, Duty, DutyKind, ElementFact, IncidentFact, LeadFacts, RefusalFact, ServiceChange,
    ServiceFact, UseFact,
};
pub use provider::COOPERATION_WAITS_DAYS;
pub use requester::{PURPOSE_REFUSALS_MIN, USAGE_RECORD_WITHIN_DAYS};
pub use rule::{Evidence, EvidenceSort, LeadRule};

use crate::case::{About, LEAD_EVIDENCE_MAX, LEAD_TEXT_MAX, Lead};
use shuqiao_vocabulary::OrganisationId;

/// What a detector found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indication {
    /// By which rule.
    pub rule: LeadRule,
    /// Whom it points at.
    pub organisation: OrganisationId,
    /// What it is about.
    pub about: About,
    /// What it is, by a name that does not change: an id, a number, a title.
    pub subject: String,
    /// Of which time.
    pub period: String,
    /// What tells this time from another time of the same subject, and does not change; mostly the period itself.
    pub occasion: String,
    /// What shows it.
    pub evidence: Vec<Evidence>,
}

impl Indication {
    /// What makes it one and the same lead: rule, organisation, subject, occasion.
    pub fn key(&self) -> String {
        format!("{}\n{}\n{}\n{}", self.rule, self.organisation, self.subject, self.occasion)
    }
}

impl From<Indication> for Lead {
    fn from(found: Indication) -> Self {
        let Indication { rule, organisation, about, period, evidence, .. } = found;
        let About { entry, request, grant, case } = about;
        // A detector may find more than a lead can hold; the first of it is enough to look at.
        let clipped = |text: String| text.chars().take(LEAD_TEXT_MAX).collect();
        let evidence = evidence.into_iter().take(LEAD_EVIDENCE_MAX);
        let evidence = evidence.map(|shown| Evidence { reference: clipped(shown.reference), ..shown }).collect();
        Self { rule, organisation, period: clipped(period), evidence, entry, request, grant, case }
    }
}

/// A detector: facts in, indications out.
pub type Detector = fn(&LeadFacts) -> Vec<Indication>;

/// Every detector, one for each rule, in the order of the law.
pub const DETECTORS: &[(LeadRule, Detector)] = &[
    (LeadRule::CatalogueUpdateOverdue, provider::catalogue_update_overdue),
    (LeadRule::ConditionAdded, provider::condition_added),
    (LeadRule::CooperationOverdue, provider::cooperation_overdue),
    (LeadRule::ReplyOverdue, provider::reply_overdue),
    (LeadRule::DeliveryOverdue, provider::delivery_overdue),
    (LeadRule::ReturnFlowOverdue, provider::return_flow_overdue),
    (LeadRule::CorrectionOverdue, provider::correction_overdue),
    (LeadRule::ServiceChanged, provider::service_changed),
    (LeadRule::RepeatCollection, requester::repeat_collection),
    (LeadRule::PurposeMismatch, requester::purpose_mismatch),
    (LeadRule::DisposalOverdue, requester::disposal_overdue),
    (LeadRule::UsageRecordMissing, requester::usage_record_missing),
    (LeadRule::SecurityIncident, requester::security_incident),
    (LeadRule::SourceNotDesignated, authority::source_not_designated),
    (LeadRule::DisputeAgeing, authority::dispute_ageing),
    (LeadRule::CatalogueReviewOverdue, authority::catalogue_review_overdue),
];

/// What all detectors find, each thing once.
pub fn detect(facts: &LeadFacts) -> Vec<Indication> {
    let mut keys = std::collections::BTreeSet::new();
    let found = DETECTORS.iter().flat_map(|(_, detector)| detector(facts));
    found.filter(|indication| keys.insert(indication.key())).collect()
}
