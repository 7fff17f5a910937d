//! The grant (授权): what exactly may flow, to whom, for what, until when. Agreeing to a request makes it; the plane
//! enforces it; revoking it is effective with the next call.

mod terms;

pub use terms::{Terms, TermsItem, terms};

use crate::{Refusal, RefusalCode, Stamp, catalogue::Entry, law, refusal::required_text, request::Request};
use shuqiao_vocabulary::{
    Article, CaseId, CatalogueEntryId, GrantId, Moment, OrganisationId, SharingRequestId, closed_list,
};

/// A grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The number of the request it answers, which calls repeat as their purpose.
    pub number: String,
    /// The request it answers.
    pub request: SharingRequestId,
    /// The entry it opens.
    pub entry: CatalogueEntryId,
    /// The entry's name at the time.
    pub entry_name: String,
    /// Who may use it.
    pub requester: OrganisationId,
    /// Whose data it is.
    pub provider: OrganisationId,
    /// What may flow.
    pub terms: Terms,
    /// The office head's consent that made it.
    pub agreed: Stamp,
    /// Where it stands.
    pub state: GrantState,
}

/// Why a grant ends before its last day, each with its own article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationGround {
    /// The requester misused the data (Art. 27(2)).
    Misuse {
        /// What happened.
        text: String,
    },
    /// The purpose is fulfilled, impossible, or no longer needed (Art. 27(1)).
    PurposeEnded {
        /// Which.
        text: String,
    },
    /// Negotiated with the requester and filed with the authority (Art. 27(3)).
    Negotiated {
        /// The outcome.
        text: String,
        /// The filing's number.
        filing_number: String,
    },
}

closed_list! {
    /// The kinds of ground.
    RevocationGroundName {
        /// Misuse.
        Misuse = "misuse",
        /// The purpose ended.
        PurposeEnded = "purpose_ended",
        /// Negotiated and filed.
        Negotiated = "negotiated",
    }
}

impl RevocationGround {
    /// The kind.
    pub const fn name(&self) -> RevocationGroundName {
        match self {
            Self::Misuse { .. } => RevocationGroundName::Misuse,
            Self::PurposeEnded { .. } => RevocationGroundName::PurposeEnded,
            Self::Negotiated { .. } => RevocationGroundName::Negotiated,
        }
    }

    /// In words.
    pub fn text(&self) -> &str {
        match self {
            Self::Misuse { text } | Self::PurposeEnded { text } | Self::Negotiated { text, .. } => text,
        }
    }

    /// The article it rests on.
    pub const fn article(&self) -> Article {
        match self {
            Self::Misuse { .. } => law::MISUSE,
            Self::PurposeEnded { .. } => law::PURPOSE_ENDED,
            Self::Negotiated { .. } => law::SERVICE_END_FILED,
        }
    }
}

/// Where a grant stands. That its period is over is seen from the date, not from the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantState {
    /// In force.
    Active,
    /// The right of sharing is suspended until a rectification ends (暂停, Art. 27(2)); nothing is delivered.
    Suspended {
        /// By whom, when.
        by: Stamp,
        /// The rectification case.
        case: CaseId,
        /// Why.
        reason: String,
    },
    /// Ended before its last day.
    Revoked {
        /// By whom, when.
        by: Stamp,
        /// On what ground.
        ground: RevocationGround,
    },
}

closed_list! {
    /// The names of the states, as people see them on a day.
    GrantStateName {
        /// In force.
        Active = "active",
        /// Suspended.
        Suspended = "suspended",
        /// Revoked.
        Revoked = "revoked",
        /// Its last day is over.
        Expired = "expired",
    }
}

closed_list! {
    /// What can be done to a grant.
    GrantVerb {
        /// End it before its last day.
        Revoke = "revoke",
        /// Try a call on the grant's page.
        Try = "try",
    }
}

closed_list! {
    /// Names of a grant's events; for ever (invariant 12).
    GrantEventName {
        /// It began, with the agreeing reply.
        Begun = "GrantBegun",
        /// It was revoked.
        Revoked = "GrantRevoked",
        /// It was suspended.
        Suspended = "GrantSuspended",
        /// It delivers again.
        Resumed = "GrantResumed",
    }
}

/// What happened to a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantEvent {
    /// It began.
    Begun,
    /// It was revoked.
    Revoked {
        /// By whom.
        by: Stamp,
        /// On what ground.
        ground: RevocationGround,
    },
    /// It was suspended.
    Suspended {
        /// By whom.
        by: Stamp,
        /// The rectification case.
        case: CaseId,
        /// Why.
        reason: String,
    },
    /// It delivers again.
    Resumed {
        /// By whom.
        by: Stamp,
    },
}

impl GrantEvent {
    /// The event's name.
    pub const fn name(&self) -> GrantEventName {
        match self {
            Self::Begun => GrantEventName::Begun,
            Self::Revoked { .. } => GrantEventName::Revoked,
            Self::Suspended { .. } => GrantEventName::Suspended,
            Self::Resumed { .. } => GrantEventName::Resumed,
        }
    }
}

/// Whether a state admits a verb.
pub const fn admits(state: GrantStateName, verb: GrantVerb) -> bool {
    match (state, verb) {
        (GrantStateName::Active, GrantVerb::Revoke | GrantVerb::Try) => true,
        (GrantStateName::Suspended, verb) => matches!(verb, GrantVerb::Revoke),
        (GrantStateName::Revoked | GrantStateName::Expired, GrantVerb::Revoke | GrantVerb::Try) => false,
    }
}

/// The grant that an agreeing reply makes.
pub fn begin(id: GrantId, request: &Request, entry: &Entry, terms: Terms, agreed: Stamp) -> Grant {
    Grant {
        id,
        number: request.number.clone(),
        request: request.id,
        entry: entry.id,
        entry_name: entry.content.name.clone(),
        requester: request.requester,
        provider: request.provider,
        terms,
        agreed,
        state: GrantState::Active,
    }
}

/// Longest filing number, in characters.
const FILING_NUMBER_MAX: usize = 120;

/// End it before its last day, on one of the three lawful grounds.
pub fn revoke(grant: &Grant, ground: RevocationGround, by: Stamp) -> Result<GrantEvent, Refusal> {
    let state = grant.state_on(by.at);
    if !admits(state, GrantVerb::Revoke) {
        return Err(Refusal::not_in_this_state("revoke", state.as_str()));
    }
    required_text("ground.text", ground.text())?;
    if let RevocationGround::Negotiated { filing_number, .. } = &ground
        && !(1..=FILING_NUMBER_MAX).contains(&filing_number.trim().chars().count())
    {
        return Err(Refusal::new(RefusalCode::FilingNumberRequired, Some(law::SERVICE_END_FILED))
            .with("max", FILING_NUMBER_MAX));
    }
    Ok(GrantEvent::Revoked { by, ground })
}

/// Suspend it at once (Art. 27(2)), for the rectification case that orders what is to be put right.
pub fn suspend(grant: &Grant, case: CaseId, reason: &str, by: Stamp) -> Result<GrantEvent, Refusal> {
    let state = grant.state_on(by.at);
    if state != GrantStateName::Active {
        return Err(Refusal::not_in_this_state("suspend", state.as_str()));
    }
    Ok(GrantEvent::Suspended { by, case, reason: required_text("reason", reason)? })
}

/// Let it deliver again, once everything is put right.
pub fn resume(grant: &Grant, by: Stamp) -> Result<GrantEvent, Refusal> {
    let state = grant.state_on(by.at);
    if state != GrantStateName::Suspended {
        return Err(Refusal::not_in_this_state("resume", state.as_str()));
    }
    Ok(GrantEvent::Resumed { by })
}

impl Grant {
    /// The state as people see it at a moment.
    pub fn state_on(&self, at: Moment) -> GrantStateName {
        match self.state {
            GrantState::Revoked { .. } => GrantStateName::Revoked,
            GrantState::Active | GrantState::Suspended { .. } if at.date() > self.terms.valid_until => {
                GrantStateName::Expired
            }
            GrantState::Active => GrantStateName::Active,
            GrantState::Suspended { .. } => GrantStateName::Suspended,
        }
    }

    /// The grant after an event that was decided on this very state.
    #[must_use]
    pub fn apply(mut self, event: &GrantEvent) -> Self {
        self.state = match (self.state, event.clone()) {
            (GrantState::Active | GrantState::Suspended { .. }, GrantEvent::Revoked { by, ground }) => {
                GrantState::Revoked { by, ground }
            }
            (GrantState::Active, GrantEvent::Suspended { by, case, reason }) => {
                GrantState::Suspended { by, case, reason }
            }
            (GrantState::Suspended { .. }, GrantEvent::Resumed { .. }) => GrantState::Active,
            // Any other pair was not decided on this state and changes nothing.
            (state, _) => state,
        };
        self
    }
}
