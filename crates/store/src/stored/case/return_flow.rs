//! The stored form of a return flow.

use super::{Spelled, stored};
use crate::stored::stored_acts;
use shuqiao_domain::case::{ReturnFlow, ReturnFlowAct};
use shuqiao_vocabulary::{CatalogueEntryId, Date, ItemName, RegionCode, UpdateFrequency};

stored! {
    StoredReturnFlow of ReturnFlow {
        entry: Spelled<CatalogueEntryId>,
        items: Vec<Spelled<ItemName>>,
        region_item: Spelled<ItemName>,
        need: String,
        frequency: Spelled<UpdateFrequency>,
        first_due: Spelled<Date>,
        region: Option<Spelled<RegionCode>>,
    }
}
stored_acts! {
    StoredAct of ReturnFlowAct {
        Accept { docking: String },
        ReportRun {
            period: Spelled<Date>,
            returned_on: Spelled<Date>,
            rows_expected: u64,
            rows_returned: u64,
        },
        ConfirmRun { period: Spelled<Date>, usable: bool, note: String },
        End { reason: String },
    }
}
