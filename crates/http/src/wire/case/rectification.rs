//! Rectification after misuse (限期整改).

use super::{acts, form};
use crate::wire::{
    list::Misuse,
    text::{Date, GrantId},
};
use shuqiao_domain::case as d;

form! {
    /// What was misused, what shows it, what is to be put right and by when (整改通知, Art. 27(2)).
    Rectification of d::Rectification {
        /// The grant under which the data came; it is suspended at once.
        grant: GrantId,
        /// Which rule was broken.
        misuse: Misuse,
        /// What happened.
        #[serde(default)]
        text: String,
        /// What shows it.
        #[serde(default)]
        evidence: String,
        /// What is to be put right.
        #[serde(default)]
        demand: String,
        /// The last day for it.
        due: Date,
    }
}

acts! {
    /// What is done to a rectification.
    RectificationAct of d::RectificationAct {
        /// The requester reports what was done.
        Report {
            /// What was put right, and how it can be seen.
            #[serde(default)]
            done: String,
        },
        /// The requester refuses.
        Refuse {
            /// Why.
            #[serde(default)]
            reason: String,
        },
        /// It is enough; the grant delivers again.
        Accept {
            /// What was found.
            #[serde(default)]
            finding: String,
        },
        /// It is not enough yet; one new day is set.
        Reject {
            /// What is missing.
            #[serde(default)]
            finding: String,
            /// The new last day.
            due: Date,
        },
        /// It was not put right.
        Fail {
            /// What was found.
            #[serde(default)]
            finding: String,
        },
        /// The sharing ends.
        Terminate {
            /// Why it has to end.
            #[serde(default)]
            reason: String,
        },
        /// The suspension was wrong; the grant delivers again.
        Withdraw {
            /// Why.
            #[serde(default)]
            reason: String,
        },
    }
}
