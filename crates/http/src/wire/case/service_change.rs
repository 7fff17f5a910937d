//! Change or end of a delivered service (变更或者终止共享服务).

use super::{acts, form};
use crate::wire::{
    list::ServiceChangeKind,
    text::{Date, GrantId},
};
use shuqiao_domain::case as d;

form! {
    /// What the provider wants to change or end, why, and from when (Art. 27(3)).
    ServiceChange of d::ServiceChange {
        /// The grant that is served.
        grant: GrantId,
        /// Change or end.
        change: ServiceChangeKind,
        /// Why.
        #[serde(default)]
        reason: String,
        /// What changes, or what takes its place.
        #[serde(default)]
        what: String,
        /// The day from which.
        from: Date,
        /// Whether the same is proposed for every other live grant on the entry at once, each in a case of its own.
        #[serde(default)]
        every_grant: bool,
    }
}

acts! {
    /// What is done to a change of service.
    ServiceChangeAct of d::ServiceChangeAct {
        /// The requester agrees.
        Agree {
            /// What the requester needs until then.
            #[serde(default)]
            note: String,
        },
        /// The requester objects.
        Object {
            /// Why.
            #[serde(default)]
            reason: String,
        },
        /// The authority files it.
        File {
            /// The filing's number.
            #[serde(default)]
            filing_number: String,
        },
        /// The authority does not file it.
        RefuseFiling {
            /// Why the reason is not a proper one.
            #[serde(default)]
            reason: String,
        },
        /// Its day has come. The node does this by itself.
        TakeEffect,
        /// The provider gives it up.
        Withdraw {
            /// Why.
            #[serde(default)]
            reason: String,
        },
    }
}
