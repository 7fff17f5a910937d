//! Designation of source departments (数源部门认定).

use super::{acts, form};
use crate::wire::text::{CatalogueEntryId, ItemName, OrganisationId};
use shuqiao_domain::case as d;

form! {
    /// One item of one entry that carries a data element.
    Carrier of d::Carrier {
        /// The entry.
        entry: CatalogueEntryId,
        /// Its item.
        item: ItemName,
    }
}

form! {
    /// A data element, and the entries of several departments that carry it (Art. 19(2)).
    SourceDesignation of d::SourceDesignation {
        /// Name of the data element.
        #[serde(default)]
        element: String,
        /// What it is.
        #[serde(default)]
        definition: String,
        /// Where it stands in the catalogue.
        #[serde(default)]
        carriers: Vec<Carrier>,
    }
}

acts! {
    /// What is done to a designation.
    SourceDesignationAct of d::SourceDesignationAct {
        /// A collecting department says what it thinks.
        StateOpinion {
            /// Whether it could be the source.
            willing: bool,
            /// What it thinks.
            #[serde(default)]
            text: String,
        },
        /// The authority designates the source department.
        Designate {
            /// Whom.
            source: OrganisationId,
            /// Why.
            #[serde(default)]
            reasons: String,
        },
        /// The source department reports a collector that does not cooperate to update (Art. 39(3)).
        ReportNotCooperating {
            /// Which collector.
            department: OrganisationId,
            /// What was not updated.
            #[serde(default)]
            text: String,
        },
        /// That collector says what it has done.
        Cooperate {
            /// What.
            #[serde(default)]
            text: String,
        },
        /// The authority closes it.
        Close {
            /// Why.
            #[serde(default)]
            reason: String,
        },
    }
}
