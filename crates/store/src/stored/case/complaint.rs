//! The stored form of a complaint.

use super::{Spelled, stored};
use crate::stored::stored_acts;
use shuqiao_domain::case::{Complainant, Complaint, ComplaintAct, ComplaintChannel, ComplaintOutcome, ComplaintTopic};
use shuqiao_vocabulary::{CatalogueEntryId, OrganisationId};

stored! {
    StoredComplaint of Complaint {
        complainant: Spelled<Complainant>,
        channel: Spelled<ComplaintChannel>,
        anonymous: bool,
        file_reference: String,
        topic: Spelled<ComplaintTopic>,
        what: String,
        entry: Option<Spelled<CatalogueEntryId>>,
    }
}
stored_acts! {
    StoredAct of ComplaintAct {
        Transfer { to: Spelled<OrganisationId>, reason: String },
        Handle { note: String },
        Answer { outcome: Spelled<ComplaintOutcome>, text: String },
        Close { note: String },
    }
}
