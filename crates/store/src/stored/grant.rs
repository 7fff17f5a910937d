//! The stored form of a grant.

use super::{
    Form, Spelled,
    common::{StoredMask, StoredResource, StoredRowFilter, StoredStamp},
    stored,
};
use serde::{Deserialize, Serialize};
use shuqiao_domain::grant::{Consent, ConsentKind, Grant, GrantState, RevocationGround, Terms, TermsItem};
use shuqiao_vocabulary::{
    CaseId, CatalogueEntryId, Date, Grade, GrantId, ItemName, ItemType, OrganisationId, SharingMethod,
    SharingRequestId, SystemId,
};

stored! {
    StoredGrant of Grant {
        id: Spelled<GrantId>,
        number: String,
        request: Spelled<SharingRequestId>,
        entry: Spelled<CatalogueEntryId>,
        entry_name: String,
        requester: Spelled<OrganisationId>,
        provider: Spelled<OrganisationId>,
        terms: StoredTerms,
        agreed: StoredStamp,
        consents: Vec<StoredConsent>,
        state: StoredState,
    }
}
stored! {
    StoredConsent of Consent {
        kind: Spelled<ConsentKind>,
        text: String,
        case: Spelled<CaseId>,
        number: String,
        from: Spelled<Date>,
    }
}
stored! {
    StoredTerms of Terms {
        purpose: String,
        resource: StoredResource,
        items: Vec<StoredItem>,
        row_items: Vec<StoredItem>,
        rows: StoredRowFilter,
        method: Spelled<SharingMethod>,
        systems: Vec<Spelled<SystemId>>,
        calls_per_second: u32,
        rows_per_call: u32,
        rows_per_day: u64,
        valid_from: Spelled<Date>,
        valid_until: Spelled<Date>,
    }
}
stored! {
    StoredItem of TermsItem {
        name: Spelled<ItemName>,
        title: String,
        column: String,
        item_type: Spelled<ItemType>,
        grade: Spelled<Grade>,
        mask: Option<StoredMask>,
    }
}

/// Where a grant stands.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredState {
    Active,
    Suspended { by: StoredStamp, case: Spelled<CaseId>, reason: String },
    Revoked { by: StoredStamp, ground: StoredGround },
}

impl Form<GrantState> for StoredState {
    fn of(value: &GrantState) -> Self {
        match value {
            GrantState::Active => Self::Active,
            GrantState::Suspended { by, case, reason } => {
                Self::Suspended { by: Form::of(by), case: Form::of(case), reason: reason.clone() }
            }
            GrantState::Revoked { by, ground } => Self::Revoked { by: Form::of(by), ground: Form::of(ground) },
        }
    }
    fn value(self) -> GrantState {
        match self {
            Self::Active => GrantState::Active,
            Self::Suspended { by, case, reason } => {
                GrantState::Suspended { by: by.value(), case: case.value(), reason }
            }
            Self::Revoked { by, ground } => GrantState::Revoked { by: by.value(), ground: ground.value() },
        }
    }
}

/// Why a grant ended.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredGround {
    Misuse { text: String },
    PurposeEnded { text: String },
    Negotiated { text: String, filing_number: String },
}

impl Form<RevocationGround> for StoredGround {
    fn of(value: &RevocationGround) -> Self {
        match value.clone() {
            RevocationGround::Misuse { text } => Self::Misuse { text },
            RevocationGround::PurposeEnded { text } => Self::PurposeEnded { text },
            RevocationGround::Negotiated { text, filing_number } => Self::Negotiated { text, filing_number },
        }
    }
    fn value(self) -> RevocationGround {
        match self {
            Self::Misuse { text } => RevocationGround::Misuse { text },
            Self::PurposeEnded { text } => RevocationGround::PurposeEnded { text },
            Self::Negotiated { text, filing_number } => RevocationGround::Negotiated { text, filing_number },
        }
    }
}
