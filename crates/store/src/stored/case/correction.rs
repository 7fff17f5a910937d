//! The stored form of a correction.

use super::{Spelled, stored};
use crate::stored::stored_acts;
use shuqiao_domain::case::{Correction, CorrectionAct, Verdict};
use shuqiao_vocabulary::{GrantId, ItemName};

stored! {
    StoredCorrection of Correction {
        grant: Spelled<GrantId>,
        items: Vec<Spelled<ItemName>>,
        rows: String,
        doubt: String,
        proposal: String,
        evidence: String,
    }
}
stored_acts! {
    StoredAct of CorrectionAct {
        Answer { verdict: Spelled<Verdict>, finding: String },
        Acknowledge { note: String },
        Withdraw { reason: String },
    }
}
