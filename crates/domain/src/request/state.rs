//! Where a request stands; each variant carries what happened on the way.

use super::{Delivery, Extension};
use crate::{Clock, Refusal, Returned, Stamp, Timing};
use shuqiao_vocabulary::{BasisRank, Date, GrantId, ItemName, Mask, Moment, RowFilter, closed_list};

/// The one notice of what is missing (一次性告知, Art. 21(2)) and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplement {
    /// Who asked, and when.
    pub asked: Stamp,
    /// Everything that is missing.
    pub missing: Vec<String>,
    /// The last moment to answer; until then nothing is refused. `None` on notices that were given without one.
    pub answer_by: Option<Moment>,
    /// The answer, once given.
    pub answered: Option<SupplementAnswer>,
}

/// The answer to the notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplementAnswer {
    /// Who answered, and when.
    pub by: Stamp,
    /// What was answered.
    pub answers: String,
}

/// What is common to every state from receipt on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reception {
    /// The requesting department's office head's consent (Art. 20(2)); its moment is the receipt.
    pub consent: Stamp,
    /// The clock as it was at receipt; an extension does not change it.
    pub clock: Clock,
    /// The one notice, when it was given.
    pub supplement: Option<Supplement>,
    /// The last extension that was asked for (Art. 21(1)).
    pub extension: Option<Extension>,
}

impl Reception {
    /// The clock that counts: the extended one, once an extension was granted.
    pub fn running(&self) -> &Clock {
        self.extension.as_ref().and_then(Extension::clock).unwrap_or(&self.clock)
    }

    /// The same, to be computed anew when the calendar changes.
    fn running_mut(&mut self) -> &mut Clock {
        self.extension.as_mut().and_then(Extension::clock_mut).unwrap_or(&mut self.clock)
    }
}

/// How an agreement narrows what was asked; whatever is `None` stays as asked. It never widens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// Fewer items.
    pub items: Option<Vec<ItemName>>,
    /// More row conditions, beside those asked.
    pub rows: Option<RowFilter>,
    /// Fewer calls per second.
    pub calls_per_second: Option<u32>,
    /// Fewer rows in an answer.
    pub rows_per_call: Option<u32>,
    /// Fewer rows in a day.
    pub rows_per_day: Option<u64>,
    /// An earlier last day.
    pub valid_until: Option<Date>,
    /// Masks on items that the entry gives unmasked, or stronger ones.
    pub masks: Vec<(ItemName, Mask)>,
}

closed_list! {
    /// Kinds of reason for a refusal.
    RefusalReasonCode {
        /// A published condition is not met.
        ConditionNotMet = "condition_not_met",
        /// There is no lawful basis for the use.
        NotLawful = "not_lawful",
        /// The use does not need the data.
        NotNecessary = "not_necessary",
        /// It asks for more than the duty covers.
        BeyondScope = "beyond_scope",
        /// The safeguards do not fit the grade.
        SafeguardsInsufficient = "safeguards_insufficient",
        /// What was missing was not given.
        SupplementNotGiven = "supplement_not_given",
    }
}

closed_list! {
    /// The published conditions of an entry (使用条件), as a reason for a refusal names them.
    ConditionKey {
        /// Kinds of organisation that may ask.
        OrganisationKinds = "organisation_kinds",
        /// Levels that may ask.
        Levels = "levels",
        /// Purposes the data may serve.
        Purposes = "purposes",
        /// The persons concerned must have authorised the use.
        SubjectConsent = "subject_consent",
    }
}

/// A reason for a refusal (Art. 21(2)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalReason {
    /// What kind of reason.
    pub code: RefusalReasonCode,
    /// In words.
    pub text: String,
    /// The published condition it relies on, a [`ConditionKey`]; anything else is a condition of the provider's own making.
    pub condition: Option<String>,
    /// The norm it relies on.
    pub basis: Option<(BasisRank, String)>,
}

/// What the provider's reviewer proposes to the office head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// To agree, perhaps to less than was asked.
    Agree {
        /// How it narrows.
        narrowing: Narrowing,
        /// The reviewer's opinion.
        opinion: String,
    },
    /// To refuse, with reasons.
    Refuse {
        /// At least one.
        reasons: Vec<RefusalReason>,
        /// The reviewer's opinion.
        opinion: String,
        /// Conditions it relies on that the published entry lacks (自设条件, Art. 15, 39(2)): found by the rules, never
        /// entered.
        self_made: Vec<String>,
    },
}

impl Proposal {
    /// Conditions of the provider's own making that it relies on.
    pub fn self_made(&self) -> &[String] {
        match self {
            Self::Agree { .. } => &[],
            Self::Refuse { self_made, .. } => self_made,
        }
    }
}

/// Where a request stands.
#[expect(clippy::large_enum_variant, reason = "one state of one request at a time: a box would save nothing")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// Being written; perhaps sent back by the office head.
    Draft {
        /// The last time it was sent back.
        declined: Option<Returned>,
    },
    /// Waits for the requesting department's office head (Art. 20(2)).
    AwaitingConsent {
        /// Who submitted it.
        submitted: Stamp,
    },
    /// Received by the provider; the clock runs.
    Received {
        /// Receipt, clock, supplement.
        reception: Reception,
        /// The last proposal the provider's office head sent back.
        returned: Option<Returned>,
    },
    /// The provider told once what is missing; the statutory clock runs on.
    SupplementAsked {
        /// Receipt and clock.
        reception: Reception,
    },
    /// A reviewer proposed; waits for the provider's office head (Art. 20(3)).
    Proposed {
        /// Receipt, clock, supplement.
        reception: Reception,
        /// What is proposed.
        proposal: Proposal,
        /// By whom.
        by: Stamp,
    },
    /// Agreed: the grant exists.
    Agreed {
        /// Receipt, clock, supplement.
        reception: Reception,
        /// What was agreed.
        proposal: Proposal,
        /// Who proposed.
        proposed: Stamp,
        /// Who consented.
        decided: Stamp,
        /// The grant.
        grant: GrantId,
        /// The delivery and its clock (Art. 22(1)); `None` on agreements from before deliveries were timed.
        delivery: Option<Delivery>,
    },
    /// Refused with reasons.
    Refused {
        /// Receipt, clock, supplement.
        reception: Reception,
        /// The reasons.
        proposal: Proposal,
        /// Who proposed.
        proposed: Stamp,
        /// Who consented.
        decided: Stamp,
    },
    /// Withdrawn by the requester; a clock that ran stays in the record.
    Withdrawn {
        /// Receipt and clock, when it had been received.
        reception: Option<Reception>,
        /// Who withdrew it, and why.
        withdrawn: Returned,
    },
}

closed_list! {
    /// The names of the states.
    RequestStateName {
        /// Being written.
        Draft = "draft",
        /// Waits for the requester's office head.
        AwaitingConsent = "awaiting_consent",
        /// Received.
        Received = "received",
        /// Waits for what is missing.
        SupplementAsked = "supplement_asked",
        /// Waits for the provider's office head.
        Proposed = "proposed",
        /// Agreed.
        Agreed = "agreed",
        /// Refused.
        Refused = "refused",
        /// Withdrawn.
        Withdrawn = "withdrawn",
    }
}

closed_list! {
    /// What can be done to a request.
    RequestVerb {
        /// Change what it says.
        Edit = "edit",
        /// Submit to the office head.
        Submit = "submit",
        /// The office head consents; it is received.
        Consent = "consent",
        /// The office head sends it back.
        Decline = "decline",
        /// The requester withdraws it.
        Withdraw = "withdraw",
        /// The provider tells once what is missing.
        AskSupplement = "ask_supplement",
        /// The requester gives what was missing.
        Supplement = "supplement",
        /// The reviewer proposes a reply.
        Propose = "propose",
        /// The provider's office head sends the proposal back.
        ReturnProposal = "return_proposal",
        /// The provider's office head consents; the reply is effective.
        Decide = "decide",
        /// The provider asks for more time to reply.
        AskExtension = "ask_extension",
        /// The authority consents to more time.
        GrantExtension = "grant_extension",
        /// The authority does not consent.
        RefuseExtension = "refuse_extension",
        /// The requester confirms a usable delivery.
        ConfirmDelivery = "confirm_delivery",
        /// The requester reports that nothing usable was delivered.
        ReportUndelivered = "report_undelivered",
    }
}

impl RequestState {
    /// The state's name.
    pub const fn name(&self) -> RequestStateName {
        match self {
            Self::Draft { .. } => RequestStateName::Draft,
            Self::AwaitingConsent { .. } => RequestStateName::AwaitingConsent,
            Self::Received { .. } => RequestStateName::Received,
            Self::SupplementAsked { .. } => RequestStateName::SupplementAsked,
            Self::Proposed { .. } => RequestStateName::Proposed,
            Self::Agreed { .. } => RequestStateName::Agreed,
            Self::Refused { .. } => RequestStateName::Refused,
            Self::Withdrawn { .. } => RequestStateName::Withdrawn,
        }
    }

    /// Receipt, clock and supplement, from receipt on.
    pub const fn reception(&self) -> Option<&Reception> {
        match self {
            Self::Draft { .. } | Self::AwaitingConsent { .. } => None,
            Self::Received { reception, .. }
            | Self::SupplementAsked { reception }
            | Self::Proposed { reception, .. }
            | Self::Agreed { reception, .. }
            | Self::Refused { reception, .. } => Some(reception),
            Self::Withdrawn { reception, .. } => reception.as_ref(),
        }
    }

    /// The delivery, once agreed.
    pub const fn delivery(&self) -> Option<&Delivery> {
        match self {
            Self::Agreed { delivery, .. } => delivery.as_ref(),
            _ => None,
        }
    }

    /// The same state with another clock of delivery; `None` when there is none to move.
    pub fn with_delivery_clock(&self, clock: Clock) -> Option<Self> {
        let mut moved = self.clone();
        match &mut moved {
            Self::Agreed { delivery: Some(delivery), .. } if delivery.settled.is_none() => delivery.clock = clock,
            _ => return None,
        }
        Some(moved)
    }

    /// The reply clock after the notice of what is missing was answered, as the rule set reads the law that was in force
    /// when it started; `None` when nothing moves it.
    ///
    /// # Errors
    /// `DeadlineOutOfRange`.
    pub fn supplemented_clock(&self, timing: &Timing<'_>) -> Result<Option<Clock>, Refusal> {
        let Some(reception) = self.reception() else { return Ok(None) };
        let Some(supplement) = &reception.supplement else { return Ok(None) };
        let Some(answered) = &supplement.answered else { return Ok(None) };
        let policy = timing.supplement(reception.clock.started.date());
        let span = (supplement.asked.at, answered.by.at);
        // The one that runs: an extension that was granted before the answer stays granted.
        reception.running().supplemented(policy, span, timing.calendar()).map(Some)
    }

    /// The same state with another reply clock, for one that the calendar or a notice has moved; `None` when there is
    /// none to move.
    pub fn with_clock(&self, clock: Clock) -> Option<Self> {
        let mut moved = self.clone();
        match &mut moved {
            Self::Draft { .. } | Self::AwaitingConsent { .. } => return None,
            Self::Received { reception, .. }
            | Self::SupplementAsked { reception }
            | Self::Proposed { reception, .. }
            | Self::Agreed { reception, .. }
            | Self::Refused { reception, .. } => *reception.running_mut() = clock,
            Self::Withdrawn { reception, .. } => *reception.as_mut()?.running_mut() = clock,
        }
        Some(moved)
    }

    /// When the reply became effective or the request was withdrawn; `None` while the clock runs or before it started.
    pub const fn closed_at(&self) -> Option<Moment> {
        match self {
            Self::Agreed { decided, .. } | Self::Refused { decided, .. } => Some(decided.at),
            Self::Withdrawn { withdrawn, .. } => Some(withdrawn.by.at),
            _ => None,
        }
    }
}
