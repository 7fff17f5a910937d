//! Verification and correction (校核纠错).

use super::{acts, form};
use crate::wire::{
    list::CorrectionVerdict,
    text::{GrantId, ItemName},
};
use shuqiao_domain::case as d;

form! {
    /// What is doubted, why, and what would be right (校核申请, Art. 26(2)).
    Correction of d::Correction {
        /// The grant under which the data came.
        grant: GrantId,
        /// The items that are doubted.
        #[serde(default)]
        items: Vec<ItemName>,
        /// Which rows: how the provider finds them, without the doubted values themselves.
        #[serde(default)]
        rows: String,
        /// What is wrong.
        #[serde(default)]
        doubt: String,
        /// What would be right, where it is known.
        #[serde(default)]
        proposal: String,
        /// What shows it.
        #[serde(default)]
        evidence: String,
    }
}

acts! {
    /// What is done to a correction.
    CorrectionAct of d::CorrectionAct {
        /// The provider feeds back.
        Answer {
            /// What verifying came to.
            verdict: CorrectionVerdict,
            /// What was found and done.
            #[serde(default)]
            finding: String,
        },
        /// Somebody who received the data takes note.
        Acknowledge {
            /// What was done with the rows there.
            #[serde(default)]
            note: String,
        },
        /// The requester withdraws it.
        Withdraw {
            /// Why.
            #[serde(default)]
            reason: String,
        },
    }
}
