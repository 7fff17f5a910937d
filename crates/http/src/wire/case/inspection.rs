//! Supervision and inspection (监督检查).

use super::{acts, form};
use crate::wire::{
    list::FindingOutcome,
    text::{Article, CaseId, Date, OrganisationId},
};
use shuqiao_domain::case as d;

form! {
    /// The plan of an inspection (检查方案, Art. 29(1)).
    Inspection of d::Inspection {
        /// Which department is inspected.
        department: OrganisationId,
        /// What is looked at.
        #[serde(default)]
        subject: String,
        /// The first day of the time that is looked at.
        period_from: Date,
        /// Its last day.
        period_until: Date,
        /// Which entries, requests, grants, records.
        #[serde(default)]
        scope: String,
        /// The lead that it pursues, if it does.
        #[serde(default)]
        lead: Option<CaseId>,
    }
}

acts! {
    /// What is done in an inspection.
    InspectionAct of d::InspectionAct {
        /// A finding is written down.
        Find {
            /// The article that it is about.
            article: Article,
            /// What was found.
            #[serde(default)]
            text: String,
            /// Indexes in the record that show it.
            #[serde(default)]
            records: Vec<u64>,
            /// Numbers of cases and requests that show it.
            #[serde(default)]
            cases: Vec<String>,
            /// What it comes to.
            outcome: FindingOutcome,
        },
        /// Notice to the department.
        Notify {
            /// The notice's number.
            #[serde(default)]
            number: String,
            /// What is asked for.
            #[serde(default)]
            text: String,
            /// By when.
            due: Date,
        },
        /// The department answers.
        Respond {
            /// What was done.
            #[serde(default)]
            text: String,
        },
        /// The authority verifies.
        Verify {
            /// Whether it is put right.
            accepted: bool,
            /// What was seen.
            #[serde(default)]
            text: String,
            /// A new date, when it is not.
            #[serde(default)]
            due: Option<Date>,
        },
        /// The authority closes it.
        Close {
            /// The conclusion.
            #[serde(default)]
            text: String,
        },
        /// The authority circulates a notice of criticism.
        Circulate {
            /// The notice's number.
            #[serde(default)]
            number: String,
            /// What it says.
            #[serde(default)]
            text: String,
        },
    }
}
