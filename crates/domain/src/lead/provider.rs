//! Leads that point at providers (Art. 39).

use super::{Duty, DutyKind, Evidence, EvidenceSort, Indication, LeadFacts, LeadRule};
use crate::law;
use shuqiao_vocabulary::Moment;

/// Days that a department has to answer the source department's report that it does not cooperate, before that is a lead.
/// The law sets no number; this one leaves it time to say what it has done.
pub const COOPERATION_WAITS_DAYS: i64 = 15;

/// A duty that was not done by its last moment, extensions that were accepted included.
fn late(duty: &Duty, now: Moment) -> Option<Moment> {
    let due = duty.extended_until.map_or(duty.due, |until| until.max(duty.due));
    (duty.done.unwrap_or(now) > due).then_some(due)
}

/// Duties of one kind that are late, each once for the day on which it was due.
pub(super) fn overdue(facts: &LeadFacts, kind: DutyKind, rule: LeadRule) -> Vec<Indication> {
    let of_kind = facts.duties.iter().filter(|duty| duty.kind == kind);
    let late = of_kind.filter_map(|duty| late(duty, facts.now).map(|due| (duty, due)));
    late.map(|(duty, due)| {
        let mut evidence = duty.evidence.clone();
        evidence.push(Evidence::new(EvidenceSort::Moment, due).noting("due"));
        evidence.extend(duty.done.map(|done| Evidence::new(EvidenceSort::Moment, done).noting("done")));
        Indication {
            rule,
            organisation: duty.organisation,
            about: duty.about,
            subject: duty.subject.clone(),
            period: due.date().to_string(),
            occasion: duty.began.date().to_string(),
            evidence,
        }
    })
    .collect()
}

pub(super) fn catalogue_update_overdue(facts: &LeadFacts) -> Vec<Indication> {
    overdue(facts, DutyKind::CatalogueUpdate, LeadRule::CatalogueUpdateOverdue)
}

pub(super) fn cooperation_overdue(facts: &LeadFacts) -> Vec<Indication> {
    overdue(facts, DutyKind::Cooperation, LeadRule::CooperationOverdue)
}

pub(super) fn reply_overdue(facts: &LeadFacts) -> Vec<Indication> {
    overdue(facts, DutyKind::Reply, LeadRule::ReplyOverdue)
}

pub(super) fn delivery_overdue(facts: &LeadFacts) -> Vec<Indication> {
    overdue(facts, DutyKind::Delivery, LeadRule::DeliveryOverdue)
}

pub(super) fn return_flow_overdue(facts: &LeadFacts) -> Vec<Indication> {
    overdue(facts, DutyKind::ReturnFlow, LeadRule::ReturnFlowOverdue)
}

pub(super) fn correction_overdue(facts: &LeadFacts) -> Vec<Indication> {
    overdue(facts, DutyKind::Correction, LeadRule::CorrectionOverdue)
}

/// A reason relies on a condition that the published entry does not have, or papers were asked for more than once.
pub(super) fn condition_added(facts: &LeadFacts) -> Vec<Indication> {
    let found = facts.refusals.iter().filter_map(|refusal| {
        let added: Vec<&String> =
            refusal.relied_on.iter().filter(|condition| !refusal.published.contains(condition)).collect();
        let repeated = refusal.supplements > law::SUPPLEMENT_NOTICES_MAX;
        if added.is_empty() && !repeated {
            return None;
        }
        let mut evidence = vec![Evidence::new(EvidenceSort::Request, &refusal.number)];
        evidence.extend(added.into_iter().map(|text| Evidence::new(EvidenceSort::Name, "condition").noting(text)));
        if repeated {
            evidence.push(Evidence::new(EvidenceSort::Name, "supplements").noting(refusal.supplements));
        }
        Some(Indication {
            rule: LeadRule::ConditionAdded,
            organisation: refusal.organisation,
            about: refusal.about,
            subject: refusal.number.clone(),
            period: refusal.number.clone(),
            occasion: refusal.number.clone(),
            evidence,
        })
    });
    found.collect()
}

/// A service whose source could not be reached, or changed, without a filing: once a day.
pub(super) fn service_changed(facts: &LeadFacts) -> Vec<Indication> {
    let unfiled = facts.services.iter().filter(|service| !service.filed);
    unfiled
        .map(|service| {
            let usage = service.usage_records.iter().map(|index| Evidence::new(EvidenceSort::UsageRecord, index));
            let grant = Evidence::new(EvidenceSort::Grant, &service.number);
            Indication {
                rule: LeadRule::ServiceChanged,
                organisation: service.organisation,
                about: service.about,
                subject: service.number.clone(),
                period: service.day.to_string(),
                occasion: service.day.to_string(),
                evidence: std::iter::once(grant).chain(usage).collect(),
            }
        })
        .collect()
}
