//! The stored form of a dispute.

use super::{Spelled, stored};
use crate::stored::stored_acts;
use shuqiao_domain::case::{Dispute, DisputeAct, DisputeOutcome, Document};
use shuqiao_vocabulary::{Date, GrantId, OrganisationId, Sha256, SharingRequestId};

stored! {
    StoredDispute of Dispute {
        request: Option<Spelled<SharingRequestId>>,
        grant: Option<Spelled<GrantId>>,
        position: String,
        demand: String,
    }
}
stored! {
    StoredDocument of Document { title: String, number: String, sha256: Spelled<Sha256> }
}
stored_acts! {
    StoredAct of DisputeAct {
        StatePosition { position: String },
        Offer { text: String },
        Sign { note: String },
        Decline { reason: String },
        Apply { reason: String },
        HandOn { authority: Spelled<OrganisationId>, reason: String },
        Hear { summary: String },
        Propose { text: String },
        Accept { note: String },
        Reject { reason: String },
        Escalate { government: String, report: String, documents: Vec<StoredDocument> },
        Decide {
            outcome: Spelled<DisputeOutcome>,
            date: Spelled<Date>,
            text: String,
            documents: Vec<StoredDocument>,
        },
        AskAnew { note: String },
        Withdraw { reason: String },
    }
}
