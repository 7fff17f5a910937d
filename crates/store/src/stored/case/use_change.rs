//! The stored form of a change of use.

use super::{Spelled, stored};
use crate::stored::stored_acts;
use shuqiao_domain::{
    case::{UseChange, UseChangeAct},
    grant::ConsentKind,
};
use shuqiao_vocabulary::GrantId;

stored! {
    StoredUseChange of UseChange {
        grant: Spelled<GrantId>,
        change: Spelled<ConsentKind>,
        text: String,
        basis: String,
        necessity: String,
        safeguards: String,
    }
}
stored_acts! {
    StoredAct of UseChangeAct {
        Send,
        Propose { opinion: String },
        Consent { text: String },
        Refuse { reason: String },
        Withdraw { reason: String },
    }
}
