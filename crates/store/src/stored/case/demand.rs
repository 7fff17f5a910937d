//! The stored form of a demand.

use super::{Spelled, stored};
use crate::stored::{common::StoredLegalBasis, stored_acts};
use shuqiao_domain::case::{Demand, DemandAct};
use shuqiao_vocabulary::{CatalogueEntryId, Date, OrganisationId, SharingMethod, UpdateFrequency};

stored! {
    StoredDemand of Demand {
        name: String,
        scene: String,
        duty: StoredLegalBasis,
        items: Vec<String>,
        frequency: Spelled<UpdateFrequency>,
        method: Spelled<SharingMethod>,
        needed_by: Spelled<Date>,
    }
}
stored_acts! {
    StoredAct of DemandAct {
        Match { entry: Spelled<CatalogueEntryId>, note: String },
        Dispatch { department: Spelled<OrganisationId>, reason: String },
        Accept { by_date: Spelled<Date>, note: String },
        Decline { reason: String },
        Fulfil { entry: Spelled<CatalogueEntryId>, note: String },
        Unmet { reason: String },
        Reopen { reason: String },
        Withdraw { reason: String },
    }
}
