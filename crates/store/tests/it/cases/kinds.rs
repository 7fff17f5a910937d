//! A matter and an act of each verb, of every kind of case, with every field filled.

use super::in_every_state;
use crate::samples::id;
use shuqiao_domain::{
    case::{
        AnyCase, CaseKind, Correction, CorrectionAct, Disposal, DisposalAct, DisposalManner, Misuse, Rectification,
        RectificationAct, ServiceChange, ServiceChangeAct, ServiceChangeKind, UsageRecord, UsageRecordAct, UseChange,
        UseChangeAct, Verdict,
    },
    grant::ConsentKind,
};
use shuqiao_vocabulary::Date;

fn text() -> String {
    "文字 text".to_owned()
}

fn day() -> Date {
    Date::constant(2026, 4, 1)
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
            ServiceChange { grant: id(1), change: ServiceChangeKind::End, reason: text(), what: text(), from: day() },
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
    }
}
