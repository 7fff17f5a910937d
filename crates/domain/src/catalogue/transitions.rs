//! The verbs of an entry, and what follows from each.

use super::{Entry, EntryContent, EntryState, EntryStateName, EntryVerb, problems};
use crate::{Refusal, RefusalCode, Returned, Stamp, law, refusal::required_text, source::Structure};
use shuqiao_vocabulary::{CatalogueEntryId, closed_list};

/// What happened to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryEvent {
    /// A department began to describe its data.
    Drafted,
    /// The draft says something else now.
    Revised,
    /// Submitted to the department's head with its assessments.
    Submitted(Stamp),
    /// Approved by the department's head and filed with the authority.
    ApprovedByHead(Stamp),
    /// Sent back by the department's head.
    ReturnedByHead(Returned),
    /// Sent back by the authority.
    ReturnedByAuthority(Returned),
    /// Published and announced by the authority.
    Published {
        /// Who published it.
        by: Stamp,
        /// Its number.
        number: String,
    },
}

closed_list! {
    /// Names of an entry's events; for ever (invariant 12).
    EntryEventName {
        /// See [`EntryEvent::Drafted`].
        Drafted = "CatalogueEntryDrafted",
        /// See [`EntryEvent::Revised`].
        Revised = "CatalogueEntryRevised",
        /// See [`EntryEvent::Submitted`].
        Submitted = "CatalogueEntrySubmitted",
        /// See [`EntryEvent::ApprovedByHead`].
        ApprovedByHead = "CatalogueEntryApprovedByHead",
        /// See [`EntryEvent::ReturnedByHead`].
        ReturnedByHead = "CatalogueEntryReturnedByHead",
        /// See [`EntryEvent::ReturnedByAuthority`].
        ReturnedByAuthority = "CatalogueEntryReturnedByAuthority",
        /// See [`EntryEvent::Published`].
        Published = "CatalogueEntryPublished",
    }
}

impl EntryEvent {
    /// The event's name.
    pub const fn name(&self) -> EntryEventName {
        match self {
            Self::Drafted => EntryEventName::Drafted,
            Self::Revised => EntryEventName::Revised,
            Self::Submitted(_) => EntryEventName::Submitted,
            Self::ApprovedByHead(_) => EntryEventName::ApprovedByHead,
            Self::ReturnedByHead(_) => EntryEventName::ReturnedByHead,
            Self::ReturnedByAuthority(_) => EntryEventName::ReturnedByAuthority,
            Self::Published { .. } => EntryEventName::Published,
        }
    }
}

/// Whether a state admits a verb: the one table behind every verb below and behind what the console offers.
pub const fn admits(state: EntryStateName, verb: EntryVerb) -> bool {
    match state {
        EntryStateName::Draft => matches!(verb, EntryVerb::Edit | EntryVerb::Submit),
        EntryStateName::AwaitingHead => matches!(verb, EntryVerb::Approve | EntryVerb::Return),
        EntryStateName::Filed => matches!(verb, EntryVerb::Publish | EntryVerb::Return),
        EntryStateName::Published => false,
    }
}

fn guard(entry: &Entry, verb: EntryVerb) -> Result<(), Refusal> {
    let state = entry.state.name();
    if admits(state, verb) { Ok(()) } else { Err(Refusal::not_in_this_state(verb.as_str(), state.as_str())) }
}

/// A new entry (编制目录).
pub fn draft(id: CatalogueEntryId, content: EntryContent, by: &Stamp) -> (Entry, EntryEvent) {
    let state = EntryState::Draft { returned: None };
    (Entry { id, provider: by.organisation, drafted_by: by.person, content, state }, EntryEvent::Drafted)
}

/// The draft says something else.
pub fn revise(mut entry: Entry, content: EntryContent) -> Result<(Entry, EntryEvent), Refusal> {
    guard(&entry, EntryVerb::Edit)?;
    entry.content = content;
    Ok((entry, EntryEvent::Revised))
}

/// Submit to the department's head: complete, assessed, free of contradiction (Art. 13).
pub fn submit(entry: &Entry, structure: Option<&Structure>, by: Stamp) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::Submit)?;
    Refusal::unless_fine(RefusalCode::EntryIncomplete, law::CATALOGUE_CONTENT, problems(entry, structure))?;
    Ok(EntryEvent::Submitted(by))
}

/// The department's head approves (部门负责人审批, Art. 13); with that it is filed (Art. 16).
pub fn approve(entry: &Entry, by: Stamp) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::Approve)?;
    Ok(EntryEvent::ApprovedByHead(by))
}

/// The head or the authority sends it back, with the reason.
pub fn send_back(entry: &Entry, reason: &str, by: Stamp) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::Return)?;
    let returned = Returned { by, reason: required_text("reason", reason)? };
    Ok(match entry.state {
        EntryState::Filed { .. } => EntryEvent::ReturnedByAuthority(returned),
        _ => EntryEvent::ReturnedByHead(returned),
    })
}

/// The authority publishes and announces (审核、统一通告, Art. 16), after the same checks as at submission: the law or the
/// source may have changed meanwhile.
pub fn publish(entry: &Entry, structure: Option<&Structure>, number: String, by: Stamp) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::Publish)?;
    Refusal::unless_fine(RefusalCode::EntryIncomplete, law::PUBLICATION, problems(entry, structure))?;
    Ok(EntryEvent::Published { by, number })
}

impl Entry {
    /// The entry after an event that was decided on this very state.
    #[must_use]
    pub fn apply(mut self, event: &EntryEvent) -> Self {
        self.state = match (self.state, event.clone()) {
            (EntryState::Draft { .. }, EntryEvent::Submitted(submitted)) => EntryState::AwaitingHead { submitted },
            (EntryState::AwaitingHead { submitted }, EntryEvent::ApprovedByHead(approved)) => {
                EntryState::Filed { submitted, approved }
            }
            (EntryState::AwaitingHead { .. }, EntryEvent::ReturnedByHead(returned))
            | (EntryState::Filed { .. }, EntryEvent::ReturnedByAuthority(returned)) => {
                EntryState::Draft { returned: Some(returned) }
            }
            (EntryState::Filed { approved, .. }, EntryEvent::Published { by, number }) => {
                EntryState::Published { approved, published: by, number }
            }
            // Drafting and revising change no state; any other pair was not decided on this state and changes nothing.
            (state, _) => state,
        };
        self
    }
}
