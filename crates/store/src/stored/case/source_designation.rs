//! The stored form of a designation of a source department.

use super::{Spelled, stored};
use crate::stored::stored_acts;
use shuqiao_domain::case::{Carrier, SourceDesignation, SourceDesignationAct};
use shuqiao_vocabulary::{CatalogueEntryId, ItemName, OrganisationId};

stored! {
    StoredCarrier of Carrier { entry: Spelled<CatalogueEntryId>, item: Spelled<ItemName> }
}
stored! {
    StoredSourceDesignation of SourceDesignation {
        element: String,
        definition: String,
        carriers: Vec<StoredCarrier>,
    }
}
stored_acts! {
    StoredAct of SourceDesignationAct {
        StateOpinion { willing: bool, text: String },
        Designate { source: Spelled<OrganisationId>, reasons: String },
        ReportNotCooperating { department: Spelled<OrganisationId>, text: String },
        Cooperate { text: String },
        Close { reason: String },
    }
}
