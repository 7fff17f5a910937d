//! The stored form of a rectification.

use super::{Spelled, stored};
use crate::stored::stored_acts;
use shuqiao_domain::case::{Misuse, Rectification, RectificationAct};
use shuqiao_vocabulary::{Date, GrantId};

stored! {
    StoredRectification of Rectification {
        grant: Spelled<GrantId>,
        misuse: Spelled<Misuse>,
        text: String,
        evidence: String,
        demand: String,
        due: Spelled<Date>,
    }
}
stored_acts! {
    StoredAct of RectificationAct {
        Report { done: String },
        Refuse { reason: String },
        Accept { finding: String },
        Reject { finding: String, due: Spelled<Date> },
        Fail { finding: String },
        Terminate { reason: String },
        Withdraw { reason: String },
    }
}
