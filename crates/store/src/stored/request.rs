//! The stored form of a sharing request.

use super::{
    Form, Spelled,
    common::{StoredClock, StoredLegalBasis, StoredMask, StoredMoment, StoredReturned, StoredRowFilter, StoredStamp},
    stored,
};
use serde::{Deserialize, Serialize};
use shuqiao_domain::request::{
    Delivery, DeliverySettled, Extension, ExtensionDecision, Narrowing, Proposal, Reception, RefusalReason,
    RefusalReasonCode, Request, RequestContent, RequestState, Supplement, SupplementAnswer,
};
use shuqiao_vocabulary::{
    BasisRank, CartId, CatalogueEntryId, Date, GrantId, ItemName, Mask, OrganisationId, PersonId, SharingMethod,
    SharingRequestId, SystemId,
};

stored! {
    StoredRequest of Request {
        id: Spelled<SharingRequestId>,
        number: String,
        cart: Option<Spelled<CartId>>,
        entry: Spelled<CatalogueEntryId>,
        requester: Spelled<OrganisationId>,
        provider: Spelled<OrganisationId>,
        drafted_by: Spelled<PersonId>,
        content: StoredContent,
        state: StoredState,
    }
}
stored! {
    StoredContent of RequestContent {
        basis: Option<StoredLegalBasis>,
        scenario: String,
        scope_of_use: String,
        purpose: String,
        items: Vec<Spelled<ItemName>>,
        rows: StoredRowFilter,
        method: Option<Spelled<SharingMethod>>,
        systems: Vec<Spelled<SystemId>>,
        calls_per_second: u32,
        rows_per_call: u32,
        rows_per_day: u64,
        valid_from: Option<Spelled<Date>>,
        valid_until: Option<Spelled<Date>>,
        safeguards: String,
        contact_name: String,
        contact_phone: String,
        attested: bool,
    }
}
stored! {
    StoredSupplement of Supplement { asked: StoredStamp, missing: Vec<String>, answer_by: Option<StoredMoment>, answered: Option<StoredAnswer> }
}
stored! {
    StoredAnswer of SupplementAnswer { by: StoredStamp, answers: String }
}
stored! {
    StoredReception of Reception {
        consent: StoredStamp,
        clock: StoredClock,
        supplement: Option<StoredSupplement>,
        extension: Option<StoredExtension>,
    }
}
stored! {
    StoredExtension of Extension {
        asked: StoredStamp,
        reason: String,
        working_days: u16,
        decision: StoredExtensionDecision,
    }
}
stored! {
    StoredDelivery of Delivery {
        clock: StoredClock,
        first: Option<StoredMoment>,
        objection: Option<StoredReturned>,
        settled: Option<StoredSettled>,
    }
}
stored! {
    StoredNarrowing of Narrowing {
        items: Option<Vec<Spelled<ItemName>>>,
        rows: Option<StoredRowFilter>,
        calls_per_second: Option<u32>,
        rows_per_call: Option<u32>,
        rows_per_day: Option<u64>,
        valid_until: Option<Spelled<Date>>,
        masks: Vec<StoredItemMask>,
    }
}
stored! {
    StoredReason of RefusalReason {
        code: Spelled<RefusalReasonCode>,
        text: String,
        condition: Option<String>,
        basis: Option<StoredReasonBasis>,
    }
}

/// What the authority said to an extension.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredExtensionDecision {
    Awaited,
    Granted { by: StoredStamp, clock: StoredClock, notified: StoredMoment },
    Refused { returned: StoredReturned, notified: StoredMoment },
}

impl Form<ExtensionDecision> for StoredExtensionDecision {
    fn of(value: &ExtensionDecision) -> Self {
        match value {
            ExtensionDecision::Awaited => Self::Awaited,
            ExtensionDecision::Granted { by, clock, notified } => {
                Self::Granted { by: Form::of(by), clock: Form::of(clock), notified: Form::of(notified) }
            }
            ExtensionDecision::Refused { returned, notified } => {
                Self::Refused { returned: Form::of(returned), notified: Form::of(notified) }
            }
        }
    }
    fn value(self) -> ExtensionDecision {
        match self {
            Self::Awaited => ExtensionDecision::Awaited,
            Self::Granted { by, clock, notified } => {
                ExtensionDecision::Granted { by: by.value(), clock: clock.value(), notified: notified.value() }
            }
            Self::Refused { returned, notified } => {
                ExtensionDecision::Refused { returned: returned.value(), notified: notified.value() }
            }
        }
    }
}

/// What stopped the clock of a delivery.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredSettled {
    Confirmed { by: StoredStamp },
    Presumed { at: StoredMoment },
    Lapsed { at: StoredMoment },
}

impl Form<DeliverySettled> for StoredSettled {
    fn of(value: &DeliverySettled) -> Self {
        match value {
            DeliverySettled::Confirmed(by) => Self::Confirmed { by: Form::of(by) },
            DeliverySettled::Presumed { at } => Self::Presumed { at: Form::of(at) },
            DeliverySettled::Lapsed { at } => Self::Lapsed { at: Form::of(at) },
        }
    }
    fn value(self) -> DeliverySettled {
        match self {
            Self::Confirmed { by } => DeliverySettled::Confirmed(by.value()),
            Self::Presumed { at } => DeliverySettled::Presumed { at: at.value() },
            Self::Lapsed { at } => DeliverySettled::Lapsed { at: at.value() },
        }
    }
}

/// The mask that an agreement puts on an item.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredItemMask {
    item: Spelled<ItemName>,
    mask: StoredMask,
}

impl Form<(ItemName, Mask)> for StoredItemMask {
    fn of((item, mask): &(ItemName, Mask)) -> Self {
        Self { item: Form::of(item), mask: Form::of(mask) }
    }
    fn value(self) -> (ItemName, Mask) {
        (self.item.value(), self.mask.value())
    }
}

/// The norm that a reason relies on.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredReasonBasis {
    rank: Spelled<BasisRank>,
    title: String,
}

impl Form<(BasisRank, String)> for StoredReasonBasis {
    fn of((rank, title): &(BasisRank, String)) -> Self {
        Self { rank: Form::of(rank), title: title.clone() }
    }
    fn value(self) -> (BasisRank, String) {
        (self.rank.value(), self.title)
    }
}

/// What is proposed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredProposal {
    Agree {
        narrowing: StoredNarrowing,
        opinion: String,
    },
    Refuse {
        reasons: Vec<StoredReason>,
        opinion: String,
        // Replies from before conditions were compared have none.
        #[serde(default)]
        self_made: Vec<String>,
    },
}

impl Form<Proposal> for StoredProposal {
    fn of(value: &Proposal) -> Self {
        match value {
            Proposal::Agree { narrowing, opinion } => {
                Self::Agree { narrowing: Form::of(narrowing), opinion: opinion.clone() }
            }
            Proposal::Refuse { reasons, opinion, self_made } => {
                Self::Refuse { reasons: Form::of(reasons), opinion: opinion.clone(), self_made: self_made.clone() }
            }
        }
    }
    fn value(self) -> Proposal {
        match self {
            Self::Agree { narrowing, opinion } => Proposal::Agree { narrowing: narrowing.value(), opinion },
            Self::Refuse { reasons, opinion, self_made } => {
                Proposal::Refuse { reasons: reasons.value(), opinion, self_made }
            }
        }
    }
}

/// A decided reply: what was proposed, by whom, and who consented.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredReply {
    reception: StoredReception,
    proposal: StoredProposal,
    proposed: StoredStamp,
    decided: StoredStamp,
}

/// Where a request stands.
#[expect(clippy::large_enum_variant, reason = "lives for one reading or writing: a box would save nothing")]
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredState {
    Draft { declined: Option<StoredReturned> },
    AwaitingConsent { submitted: StoredStamp },
    Received { reception: StoredReception, returned: Option<StoredReturned> },
    SupplementAsked { reception: StoredReception },
    Proposed { reception: StoredReception, proposal: StoredProposal, by: StoredStamp },
    Agreed { reply: StoredReply, grant: Spelled<GrantId>, delivery: Option<StoredDelivery> },
    Refused { reply: StoredReply },
    Withdrawn { reception: Option<StoredReception>, withdrawn: StoredReturned },
}

impl Form<RequestState> for StoredState {
    fn of(value: &RequestState) -> Self {
        match value {
            RequestState::Draft { declined } => Self::Draft { declined: Form::of(declined) },
            RequestState::AwaitingConsent { submitted } => Self::AwaitingConsent { submitted: Form::of(submitted) },
            RequestState::Received { reception, returned } => {
                Self::Received { reception: Form::of(reception), returned: Form::of(returned) }
            }
            RequestState::SupplementAsked { reception } => Self::SupplementAsked { reception: Form::of(reception) },
            RequestState::Proposed { reception, proposal, by } => {
                Self::Proposed { reception: Form::of(reception), proposal: Form::of(proposal), by: Form::of(by) }
            }
            RequestState::Agreed { reception, proposal, proposed, decided, grant, delivery } => Self::Agreed {
                reply: reply(reception, proposal, proposed, decided),
                grant: Form::of(grant),
                delivery: Form::of(delivery),
            },
            RequestState::Refused { reception, proposal, proposed, decided } => {
                Self::Refused { reply: reply(reception, proposal, proposed, decided) }
            }
            RequestState::Withdrawn { reception, withdrawn } => {
                Self::Withdrawn { reception: Form::of(reception), withdrawn: Form::of(withdrawn) }
            }
        }
    }
    fn value(self) -> RequestState {
        match self {
            Self::Draft { declined } => RequestState::Draft { declined: declined.value() },
            Self::AwaitingConsent { submitted } => RequestState::AwaitingConsent { submitted: submitted.value() },
            Self::Received { reception, returned } => {
                RequestState::Received { reception: reception.value(), returned: returned.value() }
            }
            Self::SupplementAsked { reception } => RequestState::SupplementAsked { reception: reception.value() },
            Self::Proposed { reception, proposal, by } => {
                RequestState::Proposed { reception: reception.value(), proposal: proposal.value(), by: by.value() }
            }
            Self::Agreed { reply, grant, delivery } => RequestState::Agreed {
                delivery: delivery.value(),
                reception: reply.reception.value(),
                proposal: reply.proposal.value(),
                proposed: reply.proposed.value(),
                decided: reply.decided.value(),
                grant: grant.value(),
            },
            Self::Refused { reply } => RequestState::Refused {
                reception: reply.reception.value(),
                proposal: reply.proposal.value(),
                proposed: reply.proposed.value(),
                decided: reply.decided.value(),
            },
            Self::Withdrawn { reception, withdrawn } => {
                RequestState::Withdrawn { reception: reception.value(), withdrawn: withdrawn.value() }
            }
        }
    }
}

fn reply(
    reception: &Reception,
    proposal: &Proposal,
    proposed: &shuqiao_domain::Stamp,
    decided: &shuqiao_domain::Stamp,
) -> StoredReply {
    StoredReply {
        reception: Form::of(reception),
        proposal: Form::of(proposal),
        proposed: Form::of(proposed),
        decided: Form::of(decided),
    }
}
