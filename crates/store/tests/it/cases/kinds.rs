//! A matter and an act of each verb, of every kind of case, with every field filled.

use super::in_every_state;
use crate::samples::id;
use shuqiao_domain::{
    case::{
        AnyCase, Carrier, CaseKind, Complainant, Complaint, ComplaintAct, ComplaintChannel, ComplaintOutcome,
        ComplaintTopic, Correction, CorrectionAct, Demand, DemandAct, Disposal, DisposalAct, DisposalManner, Dispute,
        DisputeAct, DisputeOutcome, Document, Engagement, EngagementAct, FindingOutcome, Handover, Incident,
        IncidentAct, IncidentKind, Inspection, InspectionAct, Lead, LeadAct, Misuse, Rectification, RectificationAct,
        ReturnFlow, ReturnFlowAct, ServiceChange, ServiceChangeAct, ServiceChangeKind, SourceDesignation,
        SourceDesignationAct, UsageRecord, UsageRecordAct, UseChange, UseChangeAct, Verdict,
    },
    catalogue::LegalBasis,
    grant::ConsentKind,
    lead::{Evidence, EvidenceSort, LeadRule},
};
use shuqiao_vocabulary::{Article, BasisRank, Date, Sha256, SharingMethod, UpdateFrequency};

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
        CaseKind::Rectification => in_every_state(
            Rectification {
                grant: id(1),
                misuse: Misuse::ThirdParty,
                text: text(),
                evidence: text(),
                demand: text(),
                due: day(),
            },
            vec![
                RectificationAct::Report { done: text() },
                RectificationAct::Refuse { reason: text() },
                RectificationAct::Accept { finding: text() },
                RectificationAct::Reject { finding: text(), due: day() },
                RectificationAct::Fail { finding: text() },
                RectificationAct::Terminate { reason: text() },
                RectificationAct::Withdraw { reason: text() },
            ],
            AnyCase::Rectification,
        ),
        CaseKind::Disposal => in_every_state(
            Disposal { grant: id(1) },
            vec![
                DisposalAct::Instruct { manner: DisposalManner::Keep, basis: text(), text: text(), due: day() },
                DisposalAct::Prove { done: text(), on: day(), office: text(), document: "0".repeat(64) },
                DisposalAct::Verify { finding: text() },
                DisposalAct::Reject { finding: text(), due: day() },
            ],
            AnyCase::Disposal,
        ),
        CaseKind::ServiceChange => in_every_state(
            ServiceChange {
                grant: id(1),
                change: ServiceChangeKind::End,
                reason: text(),
                what: text(),
                from: day(),
                every_grant: true,
            },
            vec![
                ServiceChangeAct::Agree { note: text() },
                ServiceChangeAct::Object { reason: text() },
                ServiceChangeAct::File { filing_number: text() },
                ServiceChangeAct::RefuseFiling { reason: text() },
                ServiceChangeAct::TakeEffect,
                ServiceChangeAct::Withdraw { reason: text() },
            ],
            AnyCase::ServiceChange,
        ),
        CaseKind::UseChange => in_every_state(
            UseChange {
                grant: id(1),
                change: ConsentKind::ThirdParty,
                text: text(),
                basis: text(),
                necessity: text(),
                safeguards: text(),
            },
            vec![
                UseChangeAct::Send,
                UseChangeAct::Propose { opinion: text() },
                UseChangeAct::Consent { text: text() },
                UseChangeAct::Refuse { reason: text() },
                UseChangeAct::Withdraw { reason: text() },
            ],
            AnyCase::UseChange,
        ),
        CaseKind::UsageRecord => in_every_state(
            UsageRecord {
                grant: id(1),
                from: day(),
                until: day(),
                scenario: text(),
                process: text(),
                effect: text(),
                storage: text(),
                destruction: text(),
            },
            vec![UsageRecordAct::Supplement { text: text() }],
            AnyCase::UsageRecord,
        ),
        CaseKind::Inspection => inspection(),
        CaseKind::Complaint => complaint(),
        CaseKind::Incident => incident(),
        CaseKind::Engagement => engagement(),
        CaseKind::Lead => lead(),
    }
}

fn inspection() -> Vec<AnyCase> {
    in_every_state(
        Inspection {
            department: id(2),
            subject: text(),
            period_from: day(),
            period_until: day(),
            scope: text(),
            lead: Some(id(1)),
        },
        vec![
            InspectionAct::Find {
                article: Article::item(39, 1, 4),
                text: text(),
                records: vec![1, 2],
                cases: vec![text()],
                outcome: FindingOutcome::OrderToCorrect,
            },
            InspectionAct::Notify { number: text(), text: text(), due: day() },
            InspectionAct::Respond { text: text() },
            InspectionAct::Verify { accepted: false, text: text(), due: Some(day()) },
            InspectionAct::Close { text: text() },
            InspectionAct::Circulate { number: text(), text: text() },
        ],
        AnyCase::Inspection,
    )
}

fn complaint() -> Vec<AnyCase> {
    in_every_state(
        Complaint {
            complainant: Complainant::Organisation,
            channel: ComplaintChannel::Online,
            anonymous: true,
            file_reference: text(),
            topic: ComplaintTopic::Other,
            what: text(),
            entry: Some(id(1)),
        },
        vec![
            ComplaintAct::Transfer { to: id(2), reason: text() },
            ComplaintAct::Handle { note: text() },
            ComplaintAct::Answer { outcome: ComplaintOutcome::Partly, text: text() },
            ComplaintAct::Close { note: text() },
        ],
        AnyCase::Complaint,
    )
}

fn incident() -> Vec<AnyCase> {
    in_every_state(
        Incident {
            organisation: id(2),
            what: IncidentKind::Leaked,
            grant: Some(id(1)),
            entry: Some(id(1)),
            also: vec![text()],
            found_on: day(),
            account: text(),
        },
        vec![
            IncidentAct::Measure { text: text() },
            IncidentAct::Report { to: text(), on: day(), reference: text() },
            IncidentAct::Contain { text: text() },
            IncidentAct::Close { lessons: text() },
            IncidentAct::OrderRectification {
                misuse: Misuse::ThirdParty,
                text: text(),
                evidence: text(),
                demand: text(),
                due: day(),
            },
        ],
        AnyCase::Incident,
    )
}

fn engagement() -> Vec<AnyCase> {
    in_every_state(
        Engagement {
            contractor: text(),
            code: "11370000MB284651XL".parse().unwrap(),
            project: text(),
            approval: text(),
            norms: text(),
            confidentiality: text(),
            from: day(),
            until: day(),
            people: vec![id(1)],
        },
        vec![
            EngagementAct::Approve { opinion: text() },
            EngagementAct::Return { reason: text() },
            EngagementAct::Extend { until: day(), reason: text() },
            EngagementAct::End { handover: Handover::Destroyed, statement: text() },
        ],
        AnyCase::Engagement,
    )
}

fn lead() -> Vec<AnyCase> {
    in_every_state(
        Lead {
            rule: LeadRule::ReplyOverdue,
            organisation: id(2),
            period: text(),
            evidence: vec![Evidence::new(EvidenceSort::Record, 7).noting(text())],
            entry: Some(id(1)),
            request: Some(id(1)),
            grant: Some(id(1)),
            case: Some(id(1)),
        },
        vec![
            LeadAct::Take,
            LeadAct::Dismiss { reason: text() },
            LeadAct::Pursue { subject: text(), scope: text(), period_from: day(), period_until: day() },
            LeadAct::Refer { to: text(), number: text() },
        ],
        AnyCase::Lead,
    )
}
