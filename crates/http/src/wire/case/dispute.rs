//! Disputes (共享争议).

use super::{acts, form};
use crate::wire::{
    list::DisputeOutcome,
    text::{Date, GrantId, OrganisationId, Sha256, SharingRequestId},
};
use shuqiao_domain::case as d;

form! {
    /// A document kept elsewhere (文书): what it is called, and which file exactly.
    Document of d::Document {
        /// Its title.
        title: String,
        /// Its number (文号), where it has one.
        #[serde(default)]
        number: String,
        /// SHA-256 of its file.
        sha256: Sha256,
    }
}

form! {
    /// What is in dispute, and what the opening party wants (争议事项, Art. 28). Of `request` and `grant` one is given.
    Dispute of d::Dispute {
        /// The request, also a refused one.
        request: Option<SharingRequestId>,
        /// The grant.
        grant: Option<GrantId>,
        /// What the opening party holds to be right, and why.
        #[serde(default)]
        position: String,
        /// What it wants.
        #[serde(default)]
        demand: String,
    }
}

acts! {
    /// What is done in a dispute.
    DisputeAct of d::DisputeAct {
        /// A party puts its position on record.
        StatePosition {
            /// What it holds to be right, and why.
            #[serde(default)]
            position: String,
        },
        /// A party offers an agreement.
        Offer {
            /// Its text.
            #[serde(default)]
            text: String,
        },
        /// The other party agrees.
        Sign {
            /// What it adds, if anything.
            #[serde(default)]
            note: String,
        },
        /// The other party does not.
        Decline {
            /// Why.
            #[serde(default)]
            reason: String,
        },
        /// A party applies to the competent authority (申请协调处理).
        Apply {
            /// How negotiation failed.
            #[serde(default)]
            reason: String,
        },
        /// The authority hands the matter on.
        HandOn {
            /// To which sharing authority.
            authority: OrganisationId,
            /// Why that one is competent.
            #[serde(default)]
            reason: String,
        },
        /// The authority hears the parties.
        Hear {
            /// What was heard.
            #[serde(default)]
            summary: String,
        },
        /// The authority proposes how to settle it.
        Propose {
            /// What it proposes.
            #[serde(default)]
            text: String,
        },
        /// A party accepts the proposal.
        Accept {
            /// What it adds, if anything.
            #[serde(default)]
            note: String,
        },
        /// A party does not accept it.
        Reject {
            /// Why.
            #[serde(default)]
            reason: String,
        },
        /// The authority reports to the people's government of its level.
        Escalate {
            /// To which people's government, by its name.
            #[serde(default)]
            government: String,
            /// What it reports.
            #[serde(default)]
            report: String,
            /// The report and what is enclosed.
            #[serde(default)]
            documents: Vec<Document>,
        },
        /// The authority records what the people's government decided.
        Decide {
            /// For whom.
            outcome: DisputeOutcome,
            /// The day of the decision.
            date: Date,
            /// What was decided.
            #[serde(default)]
            text: String,
            /// The decision itself, with its number, and what belongs to it.
            #[serde(default)]
            documents: Vec<Document>,
        },
        /// The requester asks anew for what was refused; a draft of the same content is made.
        AskAnew {
            /// What is to be known, if anything.
            #[serde(default)]
            note: String,
        },
        /// Who opened it withdraws it.
        Withdraw {
            /// Why.
            #[serde(default)]
            reason: String,
        },
    }
}
