//! The catalogue entry (政务数据目录, Art. 12-17): drafted, approved by the department's head, published by the authority.

mod content;
mod transitions;
mod validate;

pub use content::*;
pub use transitions::*;
pub(crate) use validate::mask_fits;
pub use validate::problems;

use crate::{Returned, Stamp};
use shuqiao_vocabulary::{CatalogueEntryId, OrganisationId, PersonId, SharingAttribute, closed_list};

/// A catalogue entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: CatalogueEntryId,
    /// The department whose data it is.
    pub provider: OrganisationId,
    /// Who drafted it.
    pub drafted_by: PersonId,
    /// What it says.
    pub content: EntryContent,
    /// Where it stands.
    pub state: EntryState,
}

/// Where an entry stands; each variant carries what happened on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// Being written; perhaps sent back with a reason.
    Draft {
        /// The last time it was sent back.
        returned: Option<Returned>,
    },
    /// Waits for the department's head (Art. 13).
    AwaitingHead {
        /// Who submitted it.
        submitted: Stamp,
    },
    /// Filed with the sharing authority (Art. 16).
    Filed {
        /// Who submitted it.
        submitted: Stamp,
        /// The head's approval.
        approved: Stamp,
    },
    /// Published and announced (Art. 16).
    Published {
        /// The head's approval.
        approved: Stamp,
        /// The authority's publication.
        published: Stamp,
        /// Its number in the catalogue.
        number: String,
    },
}

closed_list! {
    /// The names of the states.
    EntryStateName {
        /// Being written.
        Draft = "draft",
        /// Waits for the department's head.
        AwaitingHead = "awaiting_head",
        /// Filed with the authority.
        Filed = "filed",
        /// Published.
        Published = "published",
    }
}

closed_list! {
    /// What can be done to an entry.
    EntryVerb {
        /// Change what it says.
        Edit = "edit",
        /// Submit to the department's head.
        Submit = "submit",
        /// The head approves; it is filed.
        Approve = "approve",
        /// The head or the authority sends it back.
        Return = "return",
        /// The authority publishes.
        Publish = "publish",
    }
}

impl EntryState {
    /// The state's name.
    pub const fn name(&self) -> EntryStateName {
        match self {
            Self::Draft { .. } => EntryStateName::Draft,
            Self::AwaitingHead { .. } => EntryStateName::AwaitingHead,
            Self::Filed { .. } => EntryStateName::Filed,
            Self::Published { .. } => EntryStateName::Published,
        }
    }
}

/// What an asking department may do with an entry, as the search shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It is the reader's own department's.
    Own,
    /// The reader's department holds a live grant.
    Granted,
    /// Unconditionally shared: a request is answered in 1 working day.
    Direct,
    /// Conditionally shared: a request is answered in 10 working days.
    Apply,
    /// Not shared.
    NotShared,
}

impl Access {
    /// Spelling on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Granted => "granted",
            Self::Direct => "direct",
            Self::Apply => "apply",
            Self::NotShared => "not_shared",
        }
    }

    /// Access of an organisation to an entry of this provider and attribute.
    pub fn of(
        reader: OrganisationId,
        provider: OrganisationId,
        attribute: Option<SharingAttribute>,
        granted: bool,
    ) -> Self {
        if reader == provider {
            return Self::Own;
        }
        if granted {
            return Self::Granted;
        }
        match attribute {
            Some(SharingAttribute::Unconditional) => Self::Direct,
            Some(SharingAttribute::Conditional) => Self::Apply,
            Some(SharingAttribute::NotShared) | None => Self::NotShared,
        }
    }
}
