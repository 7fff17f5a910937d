//! A matter and an act of each verb, of every kind of case, with every field filled.

use super::in_every_state;
use crate::samples::id;
use shuqiao_domain::case::{AnyCase, CaseKind, Correction, CorrectionAct, Verdict};

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
    }
}
