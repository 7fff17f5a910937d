//! The grant (授权): what exactly may flow, to whom, for what, until when. Agreeing to a request makes it; the plane
//! enforces it; revoking it is effective with the next call.

mod terms;

pub use terms::{Terms, TermsItem, terms};

use crate::{Refusal, RefusalCode, Stamp, catalogue::Entry, law, refusal::required_text, request::Request};
use shuqiao_vocabulary::{
    Article, CaseId, CatalogueEntryId, Date, GrantId, Moment, OrganisationId, SharingRequestId, closed_list,
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
    /// What the provider consented to besides (Art. 25(1)), in order.
    pub consents: Vec<Consent>,
    /// Where it stands.
    pub state: GrantState,
}

closed_list! {
    /// The three changes of use that each need a consent of their own (Art. 25(1)).
    ConsentKind {
        /// A wider scope of use (扩大使用范围).
        Scope = "scope",
        /// Another purpose (用于其他目的).
        Purpose = "purpose",
        /// A third party (提供给第三方).
        ThirdParty = "third_party",
    }
}

/// A consent of the provider to another use of the same items and rows. It never gives more of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// To what kind of change.
    pub kind: ConsentKind,
    /// To what exactly, with its conditions.
    pub text: String,
    /// The case in which it was given.
    pub case: CaseId,
    /// That case's number.
    pub number: String,
    /// The day from which.
    pub from: Date,
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
        /// The provider consented to another use.
        ConsentRecorded = "GrantConsentRecorded",
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
    /// The provider consented to another use.
    ConsentRecorded {
        /// To what.
        consent: Consent,
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
            Self::ConsentRecorded { .. } => GrantEventName::ConsentRecorded,
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
        consents: Vec::new(),
        state: GrantState::Active,
    }
}

/// Longest filing number, in characters.
pub const FILING_NUMBER_MAX: usize = 120;

/// End it before its last day, because its purpose has ended (Art. 27(1)). The two other grounds have a procedure of
/// their own: misuse is first to be put right (Art. 27(2)), and an end of the service is negotiated and filed (Art. 27(3)).
///
/// # Errors
/// `RectificationFirst`, `ServiceChangeFirst`; `NotInThisState`, `TextRequired`.
pub fn revoke(grant: &Grant, ground: RevocationGround, by: Stamp) -> Result<GrantEvent, Refusal> {
    let state = grant.state_on(by.at);
    if !admits(state, GrantVerb::Revoke) {
        return Err(Refusal::not_in_this_state("revoke", state.as_str()));
    }
    let first = match &ground {
        RevocationGround::PurposeEnded { .. } => return end(grant, ground, by),
        RevocationGround::Misuse { .. } => RefusalCode::RectificationFirst,
        RevocationGround::Negotiated { .. } => RefusalCode::ServiceChangeFirst,
    };
    Err(Refusal::new(first, Some(ground.article())))
}

/// End it on the ground that its procedure came to. That its last day went by meanwhile does not matter: on which ground
/// it ended is to be known.
///
/// # Errors
/// `NotInThisState` when it has ended already; `TextRequired`, `FilingNumberRequired`.
pub fn end(grant: &Grant, ground: RevocationGround, by: Stamp) -> Result<GrantEvent, Refusal> {
    if matches!(grant.state, GrantState::Revoked { .. }) {
        return Err(Refusal::not_in_this_state("revoke", GrantStateName::Revoked.as_str()));
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

/// Let it deliver again, once everything is put right. Its last day may have gone by meanwhile.
///
/// # Errors
/// `NotInThisState` when it is not suspended.
pub fn resume(grant: &Grant, by: Stamp) -> Result<GrantEvent, Refusal> {
    if !matches!(grant.state, GrantState::Suspended { .. }) {
        return Err(Refusal::not_in_this_state("resume", grant.state_on(by.at).as_str()));
    }
    Ok(GrantEvent::Resumed { by })
}

/// Write the provider's consent to another use on it (Art. 25(1)).
///
/// # Errors
/// `NotInThisState` when it delivers nothing any more.
pub fn consent(grant: &Grant, consent: Consent, by: &Stamp) -> Result<GrantEvent, Refusal> {
    match grant.state_on(by.at) {
        GrantStateName::Active => Ok(GrantEvent::ConsentRecorded { consent }),
        state => Err(Refusal::not_in_this_state("consent", state.as_str())),
    }
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

    /// Whether it was in force on some day between these two, as far as it has come; suspension is not looked at.
    pub fn in_force_between(&self, from: Date, until: Date) -> bool {
        let begun = self.agreed.at.date().max(self.terms.valid_from);
        begun <= until && self.last_day() >= from
    }

    /// Its last day, as far as it is known: the day it was ended, else the last day of its term.
    pub fn last_day(&self) -> Date {
        match &self.state {
            GrantState::Revoked { by, .. } => by.at.date().min(self.terms.valid_until),
            GrantState::Active | GrantState::Suspended { .. } => self.terms.valid_until,
        }
    }

    /// The grant after an event that was decided on this very state.
    #[must_use]
    pub fn apply(mut self, event: &GrantEvent) -> Self {
        if let GrantEvent::ConsentRecorded { consent } = event {
            self.consents.push(consent.clone());
            return self;
        }
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
