//! Which papers a case has as it stands: each kind on its way, and nothing that no longer holds.

use super::{World, april, case_id, opened};
use crate::samples::*;
use shuqiao_domain::{
    Stamp,
    case::{
        AnyCase, Case, Correction, CorrectionAct, Disposal, DisposalAct, DisposalManner, Dispute, DisputeAct,
        DisputeOutcome, Document, FindingOutcome, Inspection, InspectionAct, Misuse, Procedure, Rectification,
        RectificationAct, ServiceChange, ServiceChangeKind, UsageRecord, UsageRecordAct,
    },
    paper::kinds_of_case,
};
use shuqiao_vocabulary::{Article, Sha256};

/// State and papers after each act, from the opening on.
fn way<P: Procedure>(
    matter: P,
    world: &World,
    opener: Stamp,
    any: fn(Case<P>) -> AnyCase,
    acts: Vec<(P::Act, Stamp)>,
) -> String {
    let mut case = opened(matter, world, opener);
    let line = |case: &Case<P>| {
        let kinds: Vec<String> = kinds_of_case(&any(case.clone())).iter().map(ToString::to_string).collect();
        format!("{}: {}", case.state, kinds.join(" "))
    };
    let mut lines = vec![line(&case)];
    for (act, by) in acts {
        case = case.after(&act, &world.facts(), by).unwrap();
        lines.push(line(&case));
    }
    lines.join("\n")
}

fn text() -> String {
    "……".into()
}

fn correction(acts: Vec<(CorrectionAct, Stamp)>) -> String {
    let matter = Correction {
        grant: grant_id(),
        items: names(&["person_name"]),
        rows: text(),
        doubt: text(),
        proposal: String::new(),
        evidence: text(),
    };
    way(matter, &World::new(), by_requester(), AnyCase::Correction, acts)
}

#[test]
fn a_correction_is_a_form_first_and_an_answer_then() {
    let finding = text();
    let answer = CorrectionAct::Answer { verdict: shuqiao_domain::case::Verdict::Corrected, finding };
    assert_eq!(correction(vec![(answer, by_provider())]), "received: correction_sheet\nanswered: correction_sheet");
    let withdraw = CorrectionAct::Withdraw { reason: text() };
    assert_eq!(correction(vec![(withdraw, by_requester())]), "received: correction_sheet\nwithdrawn: ");
}

fn dispute(acts: Vec<(DisputeAct, Stamp)>) -> String {
    let matter = Dispute { request: None, grant: Some(grant_id()), position: text(), demand: text() };
    way(matter, &World::new(), by_requester(), AnyCase::Dispute, acts)
}

#[test]
fn what_the_parties_settle_themselves_is_no_opinion_of_the_authority() {
    let offer = DisputeAct::Offer { text: text() };
    let sign = DisputeAct::Sign { note: String::new() };
    assert_eq!(
        dispute(vec![(offer, by_requester()), (sign, by_provider())]),
        "negotiating: \nagreement_offered: \nsettled: "
    );
}

#[test]
fn a_proposal_holds_until_it_is_not_accepted_and_a_decision_stays() {
    let accept = || DisputeAct::Accept { note: String::new() };
    let apply = || (DisputeAct::Apply { reason: text() }, by_requester());
    let propose = || (DisputeAct::Propose { text: text() }, by_authority());
    assert_eq!(
        dispute(vec![apply(), propose(), (accept(), by_requester()), (accept(), by_provider())]),
        "negotiating: \nmediation: \nmediation_proposed: dispute_opinion\nmediation_proposed: dispute_opinion\n\
         settled: dispute_opinion"
    );
    let reject = (DisputeAct::Reject { reason: text() }, by_provider());
    let escalate = DisputeAct::Escalate { government: text(), report: text(), documents: Vec::new() };
    let document = Document { title: text(), number: text(), sha256: Sha256([1; 32]) };
    let outcome = DisputeOutcome::AgainstRequester;
    let decide = DisputeAct::Decide { outcome, date: today(), text: text(), documents: vec![document] };
    assert_eq!(
        dispute(vec![apply(), propose(), reject, (escalate, by_authority()), (decide, by_authority())]),
        "negotiating: \nmediation: \nmediation_proposed: dispute_opinion\nmediation: \nescalated: \n\
         decided_against: dispute_opinion"
    );
}

#[test]
fn only_those_who_accepted_the_last_proposal_did() {
    let world = World::new();
    let matter = Dispute { request: None, grant: Some(grant_id()), position: text(), demand: text() };
    let mut case = opened(matter, &world, by_requester());
    for (act, by) in [
        (DisputeAct::Apply { reason: text() }, by_requester()),
        (DisputeAct::Propose { text: "甲".into() }, by_authority()),
        (DisputeAct::Accept { note: String::new() }, by_requester()),
        (DisputeAct::Propose { text: "乙".into() }, by_authority()),
        (DisputeAct::Accept { note: String::new() }, by_provider()),
    ] {
        case = case.after(&act, &world.facts(), by).unwrap();
    }
    assert_eq!(case.proposal().unwrap().0, "乙");
    assert_eq!(case.acceptances(), [&by_provider()]);
}

fn rectification(acts: Vec<(RectificationAct, Stamp)>) -> String {
    let matter = Rectification {
        grant: grant_id(),
        misuse: Misuse::ThirdParty,
        text: text(),
        evidence: text(),
        demand: text(),
        due: april(1),
    };
    way(matter, &World::new(), by_provider(), AnyCase::Rectification, acts)
}

#[test]
fn an_order_is_printed_while_it_holds() {
    let report = || (RectificationAct::Report { done: text() }, by_requester());
    let accept = (RectificationAct::Accept { finding: text() }, by_provider());
    assert_eq!(
        rectification(vec![report(), accept]),
        "ordered: rectification_notice\nreported: rectification_notice\naccepted: "
    );
    let refuse = (RectificationAct::Refuse { reason: text() }, by_requester());
    let terminate = (RectificationAct::Terminate { reason: text() }, by_provider());
    assert_eq!(
        rectification(vec![refuse, terminate]),
        "ordered: rectification_notice\nfailed: rectification_notice\nterminated: "
    );
    let withdraw = (RectificationAct::Withdraw { reason: text() }, by_provider());
    assert_eq!(rectification(vec![withdraw]), "ordered: rectification_notice\nwithdrawn: ");
}

#[test]
fn an_inspection_is_printed_once_notice_is_given() {
    let matter = Inspection {
        department: provider(),
        subject: text(),
        period_from: day("2026-01-01"),
        period_until: day("2026-03-31"),
        scope: text(),
        lead: None,
    };
    let find = InspectionAct::Find {
        article: Article::item(39, 1, 4),
        text: text(),
        records: vec![1],
        cases: Vec::new(),
        outcome: FindingOutcome::OrderToCorrect,
    };
    let notify = InspectionAct::Notify { number: text(), text: text(), due: april(1) };
    let verify = InspectionAct::Verify { accepted: true, text: text(), due: None };
    let acts = vec![
        (find, by_authority()),
        (notify, by_authority()),
        (InspectionAct::Respond { text: text() }, by_provider()),
        (verify, by_authority()),
    ];
    assert_eq!(
        way(matter, &World::new(), by_authority(), AnyCase::Inspection, acts),
        "planned: \nfound: \nnoticed: rectification_notice\nresponded: rectification_notice\nverified: "
    );
}

#[test]
fn a_record_of_use_is_a_report_also_with_what_was_added() {
    let matter = UsageRecord {
        grant: grant_id(),
        from: day("2026-03-10"),
        until: day("2026-03-31"),
        scenario: text(),
        process: text(),
        effect: text(),
        storage: text(),
        destruction: text(),
    };
    let by = || stamp_on(requester(), 2, april(2));
    let acts = vec![(UsageRecordAct::Supplement { text: text() }, by())];
    assert_eq!(
        way(matter, &World::new(), by(), AnyCase::UsageRecord, acts),
        "filed: usage_report\nfiled: usage_report"
    );
}

/// What was given back, anonymised or kept is not destroyed, and nobody certifies that it is.
#[test]
fn only_what_was_deleted_and_verified_is_certified_as_destroyed() {
    for manner in DisposalManner::ALL.iter().copied() {
        let basis = if manner == DisposalManner::Keep { text() } else { String::new() };
        let (instruction, document) = (text(), "0".repeat(64));
        let acts = vec![
            (DisposalAct::Instruct { manner, basis, text: instruction, due: april(1) }, by_provider()),
            (DisposalAct::Prove { done: text(), on: today(), office: text(), document }, by_requester()),
            (DisposalAct::Verify { finding: text() }, by_provider()),
        ];
        let ways = way(Disposal { grant: grant_id() }, &World::ended(), by_provider(), AnyCase::Disposal, acts);
        let certified = if manner == DisposalManner::Delete { "destruction_certificate" } else { "" };
        assert_eq!(ways, format!("awaiting_instruction: \ninstructed: \nproved: \nverified: {certified}"), "{manner}");
    }
}

#[test]
fn other_kinds_have_none() {
    let change = ServiceChangeKind::Change;
    let matter =
        ServiceChange { grant: grant_id(), change, reason: text(), what: text(), from: april(1), every_grant: false };
    let case = Case::open(case_id(), text(), matter, &World::new().facts(), by_provider()).unwrap();
    assert_eq!(kinds_of_case(&AnyCase::ServiceChange(case)), []);
}
