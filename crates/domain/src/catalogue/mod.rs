//! The catalogue entry (政务数据目录, Art. 12-17): drafted, approved by the department's head, published by the authority,
//! and kept up to date by new versions.
//!
//! An entry says what *holds* ([`Entry::content`]): the published version, or before the first publication the draft. Work
//! on the next version stands beside it ([`Entry::work`]) and replaces it when the authority publishes; requests, grants
//! and the search see what holds and nothing else (docs/adr/0017).

mod change;
mod content;
mod difference;
mod transitions;
mod validate;
mod version;
mod work;

pub use change::*;
pub use content::*;
pub use difference::*;
pub use transitions::*;
pub(crate) use validate::mask_fits;
pub use validate::problems;
pub use version::*;
pub use work::*;

use crate::{Returned, Stamp};
use shuqiao_vocabulary::{CatalogueEntryId, OrganisationId, PersonId, SharingAttribute, closed_list};

/// A catalogue entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: CatalogueEntryId,
    /// The department whose data it is.
    pub provider: OrganisationId,
    /// Who drafted it first.
    pub drafted_by: PersonId,
    /// What holds: the published version; before the first publication the draft. Never the work on a next version.
    pub content: EntryContent,
    /// Where what holds stands.
    pub state: EntryState,
    /// What is under way with a published entry: the next version, or its retirement.
    pub work: Option<Work>,
    /// What happened outside that the entry must follow (Art. 17(2)), each with its clock; the oldest first.
    pub changes: Vec<Change>,
    /// The authority's reviews of what was filed after the first publication (Art. 17(3)), each with its clock.
    pub reviews: Vec<Review>,
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
        /// Which version holds, from 1.
        version: u32,
        /// The head's approval of this version.
        approved: Stamp,
        /// The authority's publication of it.
        published: Stamp,
        /// The entry's number in the catalogue; every version has the same.
        number: String,
        /// The announcement's number; what was published before announcements were kept has none.
        announcement: Option<String>,
    },
    /// Retired (撤销目录): nobody can ask for it any more; what it said stays readable.
    Retired {
        /// Its last version.
        version: u32,
        /// Its number in the catalogue.
        number: String,
        /// Why.
        reason: String,
        /// The head's approval of the retirement.
        approved: Stamp,
        /// The authority's decision.
        retired: Stamp,
        /// The announcement's number.
        announcement: String,
    },
}

closed_list! {
    /// The names of the states, of what holds and of what is under way together.
    EntryStateName {
        /// Being written.
        Draft = "draft",
        /// Waits for the department's head.
        AwaitingHead = "awaiting_head",
        /// Filed with the authority.
        Filed = "filed",
        /// Published.
        Published = "published",
        /// Published; the next version is being written.
        UpdateDraft = "update_draft",
        /// Published; the next version waits for the department's head.
        UpdateAwaitingHead = "update_awaiting_head",
        /// Published; the next version is filed with the authority.
        UpdateFiled = "update_filed",
        /// Published; its retirement waits for the department's head.
        RetirementAwaitingHead = "retirement_awaiting_head",
        /// Published; its retirement is filed with the authority.
        RetirementFiled = "retirement_filed",
        /// Retired.
        Retired = "retired",
    }
}

impl EntryStateName {
    /// The states in which a version is published and can be asked for.
    pub const HOLDING: &'static [Self] = &[
        Self::Published,
        Self::UpdateDraft,
        Self::UpdateAwaitingHead,
        Self::UpdateFiled,
        Self::RetirementAwaitingHead,
        Self::RetirementFiled,
    ];
    /// The states in which the authority has something to decide.
    pub const WITH_AUTHORITY: &'static [Self] = &[Self::Filed, Self::UpdateFiled, Self::RetirementFiled];

    /// Whether a version is published and can be asked for.
    pub fn holds(self) -> bool {
        Self::HOLDING.contains(&self)
    }
}

closed_list! {
    /// What can be done to an entry.
    EntryVerb {
        /// Change what the draft says.
        Edit = "edit",
        /// Submit to the department's head.
        Submit = "submit",
        /// The head approves; it is filed.
        Approve = "approve",
        /// The head or the authority sends it back.
        Return = "return",
        /// The authority publishes.
        Publish = "publish",
        /// Begin the next version of a published entry.
        Update = "update",
        /// Give up the next version while it is being written.
        Discard = "discard",
        /// Propose to retire a published entry.
        ProposeRetirement = "propose_retirement",
        /// The authority retires it.
        Retire = "retire",
        /// Record that a law, a State Council decision or a duty changed.
        RecordChange = "record_change",
        /// Ask the authority for a longer term.
        AskExtension = "ask_extension",
        /// The authority consents to the longer term, or does not.
        DecideExtension = "decide_extension",
    }
}

impl Entry {
    /// The name of the state it is in: what holds, and what is under way.
    pub const fn state_name(&self) -> EntryStateName {
        match (&self.state, &self.work) {
            (EntryState::Draft { .. }, _) => EntryStateName::Draft,
            (EntryState::AwaitingHead { .. }, _) => EntryStateName::AwaitingHead,
            (EntryState::Filed { .. }, _) => EntryStateName::Filed,
            (EntryState::Published { .. }, None) => EntryStateName::Published,
            (EntryState::Published { .. }, Some(work)) => work.state_name(),
            (EntryState::Retired { .. }, _) => EntryStateName::Retired,
        }
    }

    /// Its number in the catalogue, from its first publication on.
    pub fn number(&self) -> Option<&str> {
        match &self.state {
            EntryState::Published { number, .. } | EntryState::Retired { number, .. } => Some(number),
            EntryState::Draft { .. } | EntryState::AwaitingHead { .. } | EntryState::Filed { .. } => None,
        }
    }

    /// What is being worked on: the next version when there is one, else what holds.
    pub fn content_in_work(&self) -> &EntryContent {
        match &self.work {
            Some(Work::Update { content, .. }) => content,
            Some(Work::Retirement { .. }) | None => &self.content,
        }
    }

    /// Who drafted what is being decided: the next version, the retirement, or the first version.
    pub const fn drafter(&self) -> PersonId {
        match &self.work {
            Some(work) => work.drafted_by(),
            None => self.drafted_by,
        }
    }

    /// The clocks that run: of changes that no version answers yet, and of the authority's review.
    pub fn running_clocks(&self) -> impl Iterator<Item = &crate::Clock> {
        self.change_clocks().chain(self.review_clocks())
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
