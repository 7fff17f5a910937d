//! Data security incidents (数据安全事件).

use super::{acts, form};
use crate::wire::{
    list::{IncidentKind, Misuse},
    text::{CatalogueEntryId, Date, GrantId, OrganisationId},
};
use shuqiao_domain::case as d;

form! {
    /// What happened, where, to what (Art. 35(3)).
    Incident of d::Incident {
        /// The organisation where it happened.
        organisation: OrganisationId,
        /// What happened.
        what: IncidentKind,
        /// The grant under which the data came.
        #[serde(default)]
        grant: Option<GrantId>,
        /// The entry it belongs to.
        #[serde(default)]
        entry: Option<CatalogueEntryId>,
        /// Numbers of further grants and entries.
        #[serde(default)]
        also: Vec<String>,
        /// The day on which it was found.
        found_on: Date,
        /// What is known, without anybody's data.
        #[serde(default)]
        account: String,
    }
}

acts! {
    /// What is done in an incident.
    IncidentAct of d::IncidentAct {
        /// Something was done against it.
        Measure {
            /// What.
            #[serde(default)]
            text: String,
        },
        /// It was reported.
        Report {
            /// To which body.
            #[serde(default)]
            to: String,
            /// On which day.
            on: Date,
            /// The report's number.
            #[serde(default)]
            reference: String,
        },
        /// It is contained.
        Contain {
            /// How.
            #[serde(default)]
            text: String,
        },
        /// It is closed.
        Close {
            /// What was learnt.
            #[serde(default)]
            lessons: String,
        },
        /// It shows misuse by the department where it happened: a rectification opens, and sharing is suspended.
        OrderRectification {
            /// Which rule was broken.
            misuse: Misuse,
            /// What happened.
            #[serde(default)]
            text: String,
            /// What shows it, beside this incident.
            #[serde(default)]
            evidence: String,
            /// What is to be put right.
            #[serde(default)]
            demand: String,
            /// The last day for it.
            due: Date,
        },
    }
}
