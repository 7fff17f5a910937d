//! Engagements of contractors (委托).

use super::{acts, form};
use crate::wire::{
    list::Handover,
    text::{Date, OrganisationCode, PersonId},
};
use shuqiao_domain::case as d;

form! {
    /// What is given to whom, on which approval, under which duties (Art. 36(1)).
    Engagement of d::Engagement {
        /// The contractor's name.
        #[serde(default)]
        contractor: String,
        /// Its unified social credit code.
        code: OrganisationCode,
        /// The project.
        #[serde(default)]
        project: String,
        /// The document of its approval.
        #[serde(default)]
        approval: String,
        /// Norms and standards of the work.
        #[serde(default)]
        norms: String,
        /// Duties of confidentiality and security.
        #[serde(default)]
        confidentiality: String,
        /// The first day.
        from: Date,
        /// The last day.
        until: Date,
        /// Accounts of the people who come.
        #[serde(default)]
        people: Vec<PersonId>,
    }
}

acts! {
    /// What is done to an engagement.
    EngagementAct of d::EngagementAct {
        /// The department's head approves it, or its extension.
        Approve {
            /// The head's opinion.
            #[serde(default)]
            opinion: String,
        },
        /// The department's head sends it, or its extension, back.
        Return {
            /// Why.
            #[serde(default)]
            reason: String,
        },
        /// A later last day is proposed.
        Extend {
            /// Which.
            until: Date,
            /// Why.
            #[serde(default)]
            reason: String,
        },
        /// It ends; the accounts are closed.
        End {
            /// What became of data.
            handover: Handover,
            /// What was handed over, by which paper.
            #[serde(default)]
            statement: String,
        },
    }
}
