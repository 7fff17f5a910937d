//! Complaints and reports (投诉、举报).

use super::{acts, form};
use crate::wire::{
    list::{Complainant, ComplaintChannel, ComplaintOutcome, ComplaintTopic},
    text::{CatalogueEntryId, OrganisationId},
};
use shuqiao_domain::case as d;

form! {
    /// A complaint as it was taken in (Art. 37(2)); never who complains.
    Complaint of d::Complaint {
        /// Who complains, in kind.
        complainant: Complainant,
        /// How it came in.
        channel: ComplaintChannel,
        /// Whether the paper file names nobody.
        #[serde(default)]
        anonymous: bool,
        /// The number of the paper file.
        #[serde(default)]
        file_reference: String,
        /// What it is about, in kind.
        topic: ComplaintTopic,
        /// What it says, without anybody's name or number.
        #[serde(default)]
        what: String,
        /// The catalogue entry it is about, where that is known.
        #[serde(default)]
        entry: Option<CatalogueEntryId>,
    }
}

acts! {
    /// What is done to a complaint.
    ComplaintAct of d::ComplaintAct {
        /// Handed to the competent department.
        Transfer {
            /// To whom.
            to: OrganisationId,
            /// Why there.
            #[serde(default)]
            reason: String,
        },
        /// Something was done.
        Handle {
            /// What.
            #[serde(default)]
            note: String,
        },
        /// Answered.
        Answer {
            /// What it came to.
            outcome: ComplaintOutcome,
            /// What was answered.
            #[serde(default)]
            text: String,
        },
        /// Closed.
        Close {
            /// How.
            #[serde(default)]
            note: String,
        },
    }
}
