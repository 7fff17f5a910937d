//! The stored form of a change of service.

use super::{Spelled, stored};
use crate::stored::stored_acts;
use shuqiao_domain::case::{ServiceChange, ServiceChangeAct, ServiceChangeKind};
use shuqiao_vocabulary::{Date, GrantId};

stored! {
    StoredServiceChange of ServiceChange {
        grant: Spelled<GrantId>,
        change: Spelled<ServiceChangeKind>,
        reason: String,
        what: String,
        from: Spelled<Date>,
        #[serde(default)]
        every_grant: bool,
    }
}
stored_acts! {
    StoredAct of ServiceChangeAct {
        Agree { note: String },
        Object { reason: String },
        File { filing_number: String },
        RefuseFiling { reason: String },
        TakeEffect,
        Withdraw { reason: String },
    }
}
