//! Disposal of received data (妥善处置).

use super::{acts, form};
use crate::wire::{
    list::DisposalManner,
    text::{Date, GrantId},
};
use shuqiao_domain::case as d;

form! {
    /// The data that was received under a grant that has ended (Art. 27(1)).
    Disposal of d::Disposal {
        /// The grant.
        grant: GrantId,
    }
}

acts! {
    /// What is done to a disposal.
    DisposalAct of d::DisposalAct {
        /// The provider says what becomes of the data.
        Instruct {
            /// What becomes of it.
            manner: DisposalManner,
            /// The law that has it kept; only when it is kept.
            #[serde(default)]
            basis: String,
            /// Which copies, and how.
            #[serde(default)]
            text: String,
            /// The last day for it.
            due: Date,
        },
        /// The requester shows that it is done.
        Prove {
            /// What was done.
            #[serde(default)]
            done: String,
            /// On which day.
            on: Date,
            /// The office that did it.
            #[serde(default)]
            office: String,
            /// SHA-256 of the document that shows it, in hexadecimal.
            #[serde(default)]
            document: String,
        },
        /// The provider has looked, and it is done.
        Verify {
            /// How it was verified.
            #[serde(default)]
            finding: String,
        },
        /// The provider has looked, and it is not done.
        Reject {
            /// What is missing.
            #[serde(default)]
            finding: String,
            /// The new last day.
            due: Date,
        },
    }
}
