//! The stored form of a disposal.

use super::{Spelled, stored};
use crate::stored::stored_acts;
use shuqiao_domain::case::{Disposal, DisposalAct, DisposalManner};
use shuqiao_vocabulary::{Date, GrantId};

stored! {
    StoredDisposal of Disposal { grant: Spelled<GrantId> }
}
stored_acts! {
    StoredAct of DisposalAct {
        Instruct { manner: Spelled<DisposalManner>, basis: String, text: String, due: Spelled<Date> },
        Prove { done: String, on: Spelled<Date>, office: String, document: String },
        Verify { finding: String },
        Reject { finding: String, due: Spelled<Date> },
    }
}
