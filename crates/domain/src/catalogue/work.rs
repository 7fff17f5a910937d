//! What is under way with a published entry: its next version, or its retirement. The published version holds meanwhile.

use super::{EntryContent, EntryStateName};
use crate::{Returned, Stamp};
use shuqiao_vocabulary::PersonId;

/// What is under way with a published entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// The next version (更新).
    Update {
        /// What it will say.
        content: Box<EntryContent>,
        /// Who drafts it.
        drafted_by: PersonId,
        /// How far it is.
        step: UpdateStep,
    },
    /// Its retirement (撤销).
    Retirement {
        /// Who proposed it, and when.
        proposed: Stamp,
        /// Why.
        reason: String,
        /// The head's approval, with which it is filed.
        approved: Option<Stamp>,
    },
}

/// How far the next version is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateStep {
    /// Being written; perhaps sent back with a reason.
    Draft {
        /// When it was begun.
        begun: Stamp,
        /// The last time it was sent back.
        returned: Option<Returned>,
    },
    /// Waits for the department's head (Art. 13).
    AwaitingHead {
        /// When it was begun.
        begun: Stamp,
        /// Who submitted it.
        submitted: Stamp,
    },
    /// Filed with the authority (Art. 17(2)).
    Filed {
        /// When it was begun.
        begun: Stamp,
        /// The head's approval.
        approved: Stamp,
    },
}

impl Work {
    /// The name of the state that the entry is in.
    pub const fn state_name(&self) -> EntryStateName {
        match self {
            Self::Update { step: UpdateStep::Draft { .. }, .. } => EntryStateName::UpdateDraft,
            Self::Update { step: UpdateStep::AwaitingHead { .. }, .. } => EntryStateName::UpdateAwaitingHead,
            Self::Update { step: UpdateStep::Filed { .. }, .. } => EntryStateName::UpdateFiled,
            Self::Retirement { approved: None, .. } => EntryStateName::RetirementAwaitingHead,
            Self::Retirement { approved: Some(_), .. } => EntryStateName::RetirementFiled,
        }
    }

    /// Who drafted it.
    pub const fn drafted_by(&self) -> PersonId {
        match self {
            Self::Update { drafted_by, .. } => *drafted_by,
            Self::Retirement { proposed, .. } => proposed.person,
        }
    }

    /// Who moved it last, and when.
    pub fn moved(&self) -> &Stamp {
        match self {
            Self::Update { step: UpdateStep::Draft { begun, returned }, .. } => {
                returned.as_ref().map_or(begun, |returned| &returned.by)
            }
            Self::Update { step: UpdateStep::AwaitingHead { submitted, .. }, .. } => submitted,
            Self::Update { step: UpdateStep::Filed { approved, .. }, .. } => approved,
            Self::Retirement { proposed, approved, .. } => approved.as_ref().unwrap_or(proposed),
        }
    }
}
