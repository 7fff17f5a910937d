//! A matter and an act of each verb, of every kind of case, with every field filled.

use super::in_every_state;
use crate::samples::id;
use shuqiao_domain::{
    case::{
        AnyCase, Carrier, CaseKind, Correction, CorrectionAct, Demand, DemandAct, Dispute, DisputeAct, DisputeOutcome,
        Document, ReturnFlow, ReturnFlowAct, SourceDesignation, SourceDesignationAct, Verdict,
    },
    catalogue::LegalBasis,
};
use shuqiao_vocabulary::{BasisRank, Date, Sha256, SharingMethod, UpdateFrequency};

fn text() -> String {
    "文字 text".to_owned()
}

fn day() -> Date {
    "2026-03-31".parse().unwrap()
}

fn documents() -> Vec<Document> {
    vec![Document { title: text(), number: text(), sha256: Sha256([7; 32]) }]
}

fn disputes() -> Vec<AnyCase> {
    in_every_state(
        Dispute { request: Some(id(1)), grant: Some(id(1)), position: text(), demand: text() },
        vec![
            DisputeAct::StatePosition { position: text() },
            DisputeAct::Offer { text: text() },
            DisputeAct::Sign { note: text() },
            DisputeAct::Decline { reason: text() },
            DisputeAct::Apply { reason: text() },
            DisputeAct::HandOn { authority: id(1), reason: text() },
            DisputeAct::Hear { summary: text() },
            DisputeAct::Propose { text: text() },
            DisputeAct::Accept { note: text() },
            DisputeAct::Reject { reason: text() },
            DisputeAct::Escalate { government: text(), report: text(), documents: documents() },
            DisputeAct::Decide {
                outcome: DisputeOutcome::ForRequester,
                date: day(),
                text: text(),
                documents: documents(),
            },
            DisputeAct::AskAnew { note: text() },
            DisputeAct::Withdraw { reason: text() },
        ],
        AnyCase::Dispute,
    )
}

fn return_flows() -> Vec<AnyCase> {
    in_every_state(
        ReturnFlow {
            entry: id(1),
            items: vec!["name".parse().unwrap()],
            region_item: "region".parse().unwrap(),
            need: text(),
            frequency: UpdateFrequency::Monthly,
            first_due: day(),
            region: Some("520302".parse().unwrap()),
        },
        vec![
            ReturnFlowAct::Accept { docking: text() },
            ReturnFlowAct::ReportRun { period: day(), returned_on: day(), rows_expected: 2, rows_returned: 1 },
            ReturnFlowAct::ConfirmRun { period: day(), usable: true, note: text() },
            ReturnFlowAct::End { reason: text() },
        ],
        AnyCase::ReturnFlow,
    )
}

fn source_designations() -> Vec<AnyCase> {
    in_every_state(
        SourceDesignation {
            element: text(),
            definition: text(),
            carriers: vec![Carrier { entry: id(1), item: "name".parse().unwrap() }],
        },
        vec![
            SourceDesignationAct::StateOpinion { willing: true, text: text() },
            SourceDesignationAct::Designate { source: id(2), reasons: text() },
            SourceDesignationAct::ReportNotCooperating { department: id(1), text: text() },
            SourceDesignationAct::Cooperate { text: text() },
            SourceDesignationAct::Close { reason: text() },
        ],
        AnyCase::SourceDesignation,
    )
}

fn demands() -> Vec<AnyCase> {
    in_every_state(
        Demand {
            name: text(),
            scene: text(),
            duty: LegalBasis { rank: BasisRank::Law, title: text(), article: text() },
            items: vec![text()],
            frequency: UpdateFrequency::Monthly,
            method: SharingMethod::FileDownload,
            needed_by: day(),
        },
        vec![
            DemandAct::Match { entry: id(1), note: text() },
            DemandAct::Dispatch { department: id(2), reason: text() },
            DemandAct::Accept { by_date: day(), note: text() },
            DemandAct::Decline { reason: text() },
            DemandAct::Fulfil { entry: id(1), note: text() },
            DemandAct::Unmet { reason: text() },
            DemandAct::Reopen { reason: text() },
            DemandAct::Withdraw { reason: text() },
        ],
        AnyCase::Demand,
    )
}

/// A case of this kind in each of its states.
pub(crate) fn samples(kind: CaseKind) -> Vec<AnyCase> {
    match kind {
        CaseKind::Dispute => disputes(),
        CaseKind::ReturnFlow => return_flows(),
        CaseKind::SourceDesignation => source_designations(),
        CaseKind::Demand => demands(),
        CaseKind::Correction => in_every_state(
            Correction {
                grant: id(1),
                items: vec!["name".parse().unwrap()],
                rows: text(),
                doubt: text(),
                proposal: text(),
                evidence: text(),
            },
            vec![
                CorrectionAct::Answer { verdict: Verdict::Corrected, finding: text() },
                CorrectionAct::Acknowledge { note: text() },
                CorrectionAct::Withdraw { reason: text() },
            ],
            AnyCase::Correction,
        ),
    }
}
