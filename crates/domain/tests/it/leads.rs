//! Detectors of leads (Art. 39-41): each finds what it should, nothing else, and the same thing once.

use crate::samples::*;
use shuqiao_domain::{
    case::{About, LEAD_EVIDENCE_MAX, LEAD_TEXT_MAX, Lead},
    lead::{
        self, CollectionFact, DETECTORS, DisputeFact, Duty, DutyKind, ELEMENT_AGES_AFTER_DAYS, ElementFact, Evidence,
        EvidenceSort, IncidentFact, Indication, LeadFacts, LeadRule, PURPOSE_REFUSALS_MIN, RefusalFact, ServiceChange,
        ServiceFact, UseFact,
    },
};
use shuqiao_vocabulary::Moment;

fn now() -> Moment {
    noon(day("2026-03-20"))
}

fn due() -> Moment {
    Moment::end_of_day(day("2026-03-16"))
}

fn duty(kind: DutyKind) -> Duty {
    Duty {
        kind,
        organisation: provider(),
        about: About::request(request_id()),
        subject: "2026-000001".into(),
        began: noon(day("2026-03-13")),
        due: due(),
        extended_until: None,
        done: None,
        evidence: vec![Evidence::new(EvidenceSort::Request, "2026-000001")],
    }
}

fn with(change: impl FnOnce(&mut LeadFacts)) -> Vec<Indication> {
    let mut facts = LeadFacts::at(now());
    change(&mut facts);
    lead::detect(&facts)
}

fn rules(found: &[Indication]) -> Vec<LeadRule> {
    found.iter().map(|indication| indication.rule).collect()
}

#[test]
fn every_rule_has_its_detector_and_finds_nothing_in_nothing() {
    assert_eq!(DETECTORS.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), LeadRule::ALL);
    assert_eq!(with(|_| {}), []);
}

#[test]
fn a_duty_is_late_after_its_last_moment_and_an_accepted_extension_counts() {
    let kinds = [
        (DutyKind::CatalogueUpdate, LeadRule::CatalogueUpdateOverdue),
        (DutyKind::Cooperation, LeadRule::CooperationOverdue),
        (DutyKind::Reply, LeadRule::ReplyOverdue),
        (DutyKind::Delivery, LeadRule::DeliveryOverdue),
        (DutyKind::ReturnFlow, LeadRule::ReturnFlowOverdue),
        (DutyKind::Correction, LeadRule::CorrectionOverdue),
        (DutyKind::Disposal, LeadRule::DisposalOverdue),
        (DutyKind::UsageRecord, LeadRule::UsageRecordMissing),
        (DutyKind::CatalogueReview, LeadRule::CatalogueReviewOverdue),
    ];
    for (kind, rule) in kinds {
        let of = |duty: Duty| with(|facts| facts.duties.push(duty));
        let found = of(duty(kind));
        assert_eq!(rules(&found), [rule]);
        assert_eq!((found[0].organisation, found[0].period.as_str()), (provider(), "2026-03-16"));
        assert_eq!(found[0].evidence[0], Evidence::new(EvidenceSort::Request, "2026-000001"));
        let later = noon(day("2026-03-18"));
        assert_eq!(rules(&of(Duty { done: Some(later), ..duty(kind) })), [rule], "done too late is late");
        assert_eq!(of(Duty { done: Some(due()), ..duty(kind) }), []);
        assert_eq!(of(Duty { due: now(), ..duty(kind) }), [], "its last moment is still in time");
        let extended = Some(Moment::end_of_day(day("2026-03-30")));
        assert_eq!(of(Duty { extended_until: extended, ..duty(kind) }), []);
        let passed = Some(Moment::end_of_day(day("2026-03-17")));
        assert_eq!(of(Duty { extended_until: passed, ..duty(kind) })[0].period, "2026-03-17");
    }
}

#[test]
fn the_same_thing_in_the_same_period_is_found_once() {
    let twice = with(|facts| facts.duties = vec![duty(DutyKind::Reply), duty(DutyKind::Reply)]);
    assert_eq!(twice.len(), 1);
    let again = with(|facts| {
        facts.now = noon(day("2026-04-20"));
        facts.duties.push(duty(DutyKind::Reply));
    });
    assert_eq!(twice[0].key(), again[0].key(), "a later turn finds the same lead");
    let moved = Duty { due: due().plus_seconds(86_400), ..duty(DutyKind::Reply) };
    let moved = with(|facts| facts.duties.push(moved));
    assert_eq!(moved[0].period, "2026-03-17");
    assert_eq!(twice[0].key(), moved[0].key(), "a clock that a late notice moves is the same clock");
    let anew = Duty { began: noon(day("2026-03-14")), ..duty(DutyKind::Reply) };
    assert_ne!(twice[0].key(), with(|facts| facts.duties.push(anew))[0].key(), "another clock is another duty");
    let other = Duty { subject: "2026-000002".into(), ..duty(DutyKind::Reply) };
    assert_eq!(with(|facts| facts.duties = vec![duty(DutyKind::Reply), other]).len(), 2);
}

#[test]
fn a_condition_that_was_not_published_and_a_second_supplement_are_found() {
    let refusal = |relied_on: &[&str], supplements| RefusalFact {
        organisation: provider(),
        about: About::request(request_id()),
        number: "2026-000001".into(),
        relied_on: relied_on.iter().map(ToString::to_string).collect(),
        published: vec!["社会救助资格核对".into()],
        supplements,
    };
    let of = |refusal| with(|facts| facts.refusals.push(refusal));
    assert_eq!(of(refusal(&["社会救助资格核对"], 1)), []);
    let added = of(refusal(&["须经局长办公会同意"], 0));
    assert_eq!(rules(&added), [LeadRule::ConditionAdded]);
    assert_eq!(added[0].evidence[1].note, "须经局长办公会同意");
    assert_eq!(rules(&of(refusal(&[], 2))), [LeadRule::ConditionAdded]);
}

#[test]
fn a_service_that_changed_is_found_unless_it_was_filed() {
    let service = |filed| ServiceFact {
        organisation: provider(),
        about: About::grant(grant_id()),
        number: "2026-000001".into(),
        change: ServiceChange::Unreachable,
        day: today(),
        filed,
        usage_records: vec![3, 4],
    };
    let found = with(|facts| facts.services = vec![service(false), service(false)]);
    assert_eq!((rules(&found), found[0].evidence.len()), (vec![LeadRule::ServiceChanged], 3));
    assert_eq!(with(|facts| facts.services.push(service(true))), []);
}

#[test]
fn repeat_collection_and_undesignated_sources_are_found() {
    let collection = CollectionFact {
        organisation: requester(),
        about: About::entry(entry_id()),
        entry: entry_id().to_string(),
        available_in: "cat_00000000000000000000000000000002".into(),
    };
    assert_eq!(rules(&with(|facts| facts.collections.push(collection))), [LeadRule::RepeatCollection]);
    let old = now().plus_seconds(-(ELEMENT_AGES_AFTER_DAYS + 1) * 86_400).date();
    let element = |providers: &[_], designated| ElementFact {
        authority: authority(),
        name: "法定代表人".into(),
        since: old,
        consulting: false,
        provided_by: providers.iter().map(|id| (*id, entry_id().to_string())).collect(),
        designated,
    };
    let of = |element| with(|facts| facts.elements.push(element));
    assert_eq!(rules(&of(element(&[provider(), requester()], None))), [LeadRule::SourceNotDesignated]);
    assert_eq!(of(element(&[provider(), requester()], Some(provider()))), []);
    assert_eq!(of(element(&[provider()], None)), []);
    let both = || element(&[provider(), requester()], None);
    assert_eq!(of(ElementFact { since: old.tomorrow().unwrap(), ..both() }), [], "the authority has its time");
    assert_eq!(of(ElementFact { consulting: true, ..both() }), [], "the departments are being heard");
}

#[test]
fn calls_for_another_purpose_are_found_when_they_are_many() {
    let calls = |count: usize| UseFact {
        organisation: requester(),
        about: About::grant(grant_id()),
        number: "2026-000001".into(),
        day: today(),
        usage_records: (0..count as u64).collect(),
    };
    let of = |count| with(|facts| facts.uses.push(calls(count)));
    assert_eq!(of(PURPOSE_REFUSALS_MIN - 1), []);
    let found = of(PURPOSE_REFUSALS_MIN);
    assert_eq!((rules(&found), found[0].organisation), (vec![LeadRule::PurposeMismatch], requester()));
}

#[test]
fn an_incident_is_a_lead_only_where_the_data_is_used() {
    let incident = |organisation| IncidentFact {
        organisation,
        requester: requester(),
        about: About::grant(grant_id()),
        number: "SJ-2026-000001".into(),
        found_on: today(),
    };
    assert_eq!(rules(&with(|facts| facts.incidents.push(incident(requester())))), [LeadRule::SecurityIncident]);
    assert_eq!(with(|facts| facts.incidents.push(incident(provider()))), []);
}

#[test]
fn a_dispute_that_waits_long_is_found() {
    let dispute = |since: &str, settled| DisputeFact {
        authority: authority(),
        about: About::NOTHING,
        number: "ZY-2026-000001".into(),
        since: day(since),
        settled,
    };
    let of = |dispute| with(|facts| facts.disputes.push(dispute));
    assert_eq!(rules(&of(dispute("2026-01-01", false))), [LeadRule::DisputeAgeing]);
    assert_eq!(of(dispute("2026-01-01", true)), []);
    assert_eq!(of(dispute("2026-03-01", false)), []);
}

#[test]
fn a_lead_holds_the_first_of_very_much() {
    let calls = UseFact {
        organisation: requester(),
        about: About::grant(grant_id()),
        number: "9".repeat(LEAD_TEXT_MAX + 1),
        day: today(),
        usage_records: (0..1_000).collect(),
    };
    let lead = Lead::from(with(|facts| facts.uses.push(calls)).remove(0));
    assert_eq!(lead.evidence.len(), LEAD_EVIDENCE_MAX);
    assert_eq!(lead.evidence[0].reference, "9".repeat(LEAD_TEXT_MAX));
    assert_eq!(lead.evidence[1].reference, "0");
}

/// A lead is a question, not an answer: no word of it says that somebody did wrong.
#[test]
fn no_word_of_a_lead_is_a_verdict() {
    let world = super::case::World::new();
    for rule in LeadRule::ALL {
        assert!((39..=41).contains(&rule.article().number) && rule.article().item.is_some(), "{rule}");
        let lead = Lead {
            rule: *rule,
            organisation: provider(),
            period: "2026".into(),
            evidence: Vec::new(),
            entry: None,
            request: None,
            grant: None,
            case: None,
        };
        let title = shuqiao_domain::case::Procedure::title(&lead, &world.facts());
        assert!(title.starts_with("线索："), "{title}");
        for verdict in ["违法", "违规", "违反", "处分", "责任人", "认定", "过错", "擅自", "拒不"] {
            assert!(!title.contains(verdict), "{title}");
        }
    }
}
