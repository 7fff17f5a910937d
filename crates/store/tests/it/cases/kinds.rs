//! A matter and an act of each verb, of every kind of case, with every field filled.

use super::in_every_state;
use crate::samples::id;
use shuqiao_domain::{
    case::{
        AnyCase, CaseKind, Complainant, Complaint, ComplaintAct, ComplaintChannel, ComplaintOutcome, ComplaintTopic,
        Correction, CorrectionAct, Engagement, EngagementAct, FindingOutcome, Handover, Incident, IncidentAct,
        IncidentKind, Inspection, InspectionAct, Lead, LeadAct, Verdict,
    },
    lead::{Evidence, EvidenceSort, LeadRule},
};
use shuqiao_vocabulary::{Article, Date};

fn text() -> String {
    "文字 text".to_owned()
}

/// A case of this kind in each of its states.
pub(crate) fn samples(kind: CaseKind) -> Vec<AnyCase> {
    match kind {
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
        CaseKind::Inspection => inspection(),
        CaseKind::Complaint => complaint(),
        CaseKind::Incident => incident(),
        CaseKind::Engagement => engagement(),
        CaseKind::Lead => lead(),
    }
}

fn day() -> Date {
    "2026-03-02".parse().unwrap()
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
