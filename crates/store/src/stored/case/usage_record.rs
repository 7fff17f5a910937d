//! The stored form of a record of use.

use super::{Spelled, stored};
use crate::stored::stored_acts;
use shuqiao_domain::case::{UsageRecord, UsageRecordAct};
use shuqiao_vocabulary::{Date, GrantId};

stored! {
    StoredUsageRecord of UsageRecord {
        grant: Spelled<GrantId>,
        from: Spelled<Date>,
        until: Spelled<Date>,
        scenario: String,
        process: String,
        effect: String,
        storage: String,
        destruction: String,
    }
}
stored_acts! {
    StoredAct of UsageRecordAct {
        Supplement { text: String },
    }
}
