//! Demand for data that no catalogue has (供需对接).

use super::{acts, form};
use crate::wire::{
    list::{SharingMethod, UpdateFrequency},
    shared::Basis,
    text::{CatalogueEntryId, Date, OrganisationId},
};
use shuqiao_domain::case as d;

form! {
    /// What is needed, for what, by when (需求, Art. 20(1)).
    Demand of d::Demand {
        /// What the data is called by who needs it.
        #[serde(default)]
        name: String,
        /// In which scene it is needed.
        #[serde(default)]
        scene: String,
        /// The duty by law for which it is needed.
        duty: Basis,
        /// What is to be in it, in words.
        #[serde(default)]
        items: Vec<String>,
        /// How often it should be up to date.
        frequency: UpdateFrequency,
        /// How it is to be shared.
        method: SharingMethod,
        /// By when it is needed.
        needed_by: Date,
    }
}

acts! {
    /// What is done to a demand.
    DemandAct of d::DemandAct {
        /// The authority names an entry that has the data; it is requested like any other.
        Match {
            /// Which.
            entry: CatalogueEntryId,
            /// What is to be known.
            #[serde(default)]
            note: String,
        },
        /// The authority names the department that should have the data.
        Dispatch {
            /// Which.
            department: OrganisationId,
            /// Why that one.
            #[serde(default)]
            reason: String,
        },
        /// The department will catalogue the data.
        Accept {
            /// By when.
            by_date: Date,
            /// What is to be known.
            #[serde(default)]
            note: String,
        },
        /// The department declines.
        Decline {
            /// Why.
            #[serde(default)]
            reason: String,
        },
        /// The department names the entry that it published.
        Fulfil {
            /// Which.
            entry: CatalogueEntryId,
            /// What is to be known.
            #[serde(default)]
            note: String,
        },
        /// The authority finds that nobody has the data.
        Unmet {
            /// How it knows.
            #[serde(default)]
            reason: String,
        },
        /// Who needs it is not satisfied.
        Reopen {
            /// Why.
            #[serde(default)]
            reason: String,
        },
        /// Who needed it needs it no more.
        Withdraw {
            /// Why.
            #[serde(default)]
            reason: String,
        },
    }
}
