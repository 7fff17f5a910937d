//! Leads (线索).

use super::{acts, form};
use crate::wire::{
    list::{EvidenceSort, LeadRule},
    text::{CaseId, CatalogueEntryId, Date, GrantId, OrganisationId, SharingRequestId},
};
use shuqiao_domain::{case as d, lead};

form! {
    /// Something that shows what a lead says.
    Evidence of lead::Evidence {
        /// What it is.
        sort: EvidenceSort,
        /// Which one: an id, a number, an index, a moment.
        reference: String,
        /// What it shows.
        #[serde(default)]
        note: String,
    }
}

form! {
    /// What should be looked at, and what shows it (Art. 39-41). Never a verdict.
    Lead of d::Lead {
        /// By which rule.
        rule: LeadRule,
        /// The organisation that it points at.
        organisation: OrganisationId,
        /// Of which time: the same thing in the same time is one lead.
        #[serde(default)]
        period: String,
        /// What shows it.
        #[serde(default)]
        evidence: Vec<Evidence>,
        /// The entry it is about.
        #[serde(default)]
        entry: Option<CatalogueEntryId>,
        /// The request it is about.
        #[serde(default)]
        request: Option<SharingRequestId>,
        /// The grant it is about.
        #[serde(default)]
        grant: Option<GrantId>,
        /// The case it is about.
        #[serde(default)]
        case: Option<CaseId>,
    }
}

acts! {
    /// What is done with a lead.
    LeadAct of d::LeadAct {
        /// An officer takes it.
        Take,
        /// It is dismissed.
        Dismiss {
            /// Why.
            #[serde(default)]
            reason: String,
        },
        /// An inspection is opened.
        Pursue {
            /// What is looked at.
            #[serde(default)]
            subject: String,
            /// Which entries, requests, grants, records.
            #[serde(default)]
            scope: String,
            /// The first day of the time that is looked at.
            period_from: Date,
            /// Its last day.
            period_until: Date,
        },
        /// It is referred to a body outside.
        Refer {
            /// To which body.
            #[serde(default)]
            to: String,
            /// The letter's number.
            #[serde(default)]
            number: String,
        },
    }
}
