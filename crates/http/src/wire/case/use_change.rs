//! Change of use: wider scope, other purpose, third party.

use super::{acts, form};
use crate::wire::{list::ConsentKind, text::GrantId};
use shuqiao_domain::case as d;

form! {
    /// What the requester asks to be allowed besides (Art. 25(1)).
    UseChange of d::UseChange {
        /// The grant.
        grant: GrantId,
        /// Wider scope, other purpose, or third party.
        change: ConsentKind,
        /// The wider scope, the other purpose, or the third party and what it gets.
        #[serde(default)]
        text: String,
        /// The duty and its legal basis.
        #[serde(default)]
        basis: String,
        /// Why it is necessary.
        #[serde(default)]
        necessity: String,
        /// How the data is kept safe then.
        #[serde(default)]
        safeguards: String,
    }
}

acts! {
    /// What is done to a change of use.
    UseChangeAct of d::UseChangeAct {
        /// The head of the requester's sharing office lets it go out.
        Send,
        /// The provider's officer proposes an answer.
        Propose {
            /// The officer's opinion.
            #[serde(default)]
            opinion: String,
        },
        /// The provider consents.
        Consent {
            /// To what exactly, with its conditions.
            #[serde(default)]
            text: String,
        },
        /// The provider refuses.
        Refuse {
            /// Why.
            #[serde(default)]
            reason: String,
        },
        /// It is withdrawn.
        Withdraw {
            /// Why.
            #[serde(default)]
            reason: String,
        },
    }
}
