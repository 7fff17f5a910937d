//! The verbs of an entry, and what follows from each. Those about changes and extensions are in [`super::change`].

use super::{
    Change, Entry, EntryContent, EntryState, EntryStateName, EntryVerb, UpdateStep, Work, problems,
    validate::review_date,
};
use crate::{
    Clock, ClockId, Refusal, RefusalCode, Returned, Stamp, Timing, law, refusal::required_text, source::Structure,
};
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
    ApprovedByHead {
        /// The head.
        by: Stamp,
        /// The authority's clock; none for a first filing.
        review: Option<Clock>,
    },
    /// Sent back by the department's head.
    ReturnedByHead(Returned),
    /// Sent back by the authority.
    ReturnedByAuthority(Returned),
    /// Published and announced by the authority.
    Published {
        /// Who published it.
        by: Stamp,
        /// The entry's number; a later version keeps the first one's.
        number: String,
        /// The announcement's number.
        announcement: String,
    },
    /// The next version was begun; the published one holds on.
    VersionBegun(Stamp),
    /// The next version was given up.
    VersionDiscarded(Stamp),
    /// A change of law, decision or duty was recorded.
    ChangeRecorded(Box<Change>),
    /// The department asked for a longer term.
    ExtensionAsked {
        /// For which change, by its place.
        change: usize,
        /// Who asked.
        by: Stamp,
        /// Why.
        reason: String,
    },
    /// The authority consented.
    ExtensionConsented {
        /// To which change's.
        change: usize,
        /// Who consented.
        by: Stamp,
        /// What it says.
        opinion: String,
        /// The clock from now on.
        clock: Clock,
    },
    /// The authority did not consent.
    ExtensionRefused {
        /// To which change's.
        change: usize,
        /// Who refused.
        by: Stamp,
        /// Why.
        opinion: String,
    },
    /// The department proposed to retire it.
    RetirementProposed {
        /// Who.
        by: Stamp,
        /// Why.
        reason: String,
    },
    /// The authority retired it, and announced that.
    Retired {
        /// Who.
        by: Stamp,
        /// The announcement's number.
        announcement: String,
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
        /// See [`EntryEvent::VersionBegun`].
        VersionBegun = "CatalogueEntryVersionBegun",
        /// See [`EntryEvent::VersionDiscarded`].
        VersionDiscarded = "CatalogueEntryVersionDiscarded",
        /// See [`EntryEvent::ChangeRecorded`].
        ChangeRecorded = "CatalogueEntryChangeRecorded",
        /// See [`EntryEvent::ExtensionAsked`].
        ExtensionAsked = "CatalogueEntryExtensionAsked",
        /// See [`EntryEvent::ExtensionConsented`].
        ExtensionConsented = "CatalogueEntryExtensionConsented",
        /// See [`EntryEvent::ExtensionRefused`].
        ExtensionRefused = "CatalogueEntryExtensionRefused",
        /// See [`EntryEvent::RetirementProposed`].
        RetirementProposed = "CatalogueEntryRetirementProposed",
        /// See [`EntryEvent::Retired`].
        Retired = "CatalogueEntryRetired",
    }
}

impl EntryEvent {
    /// The event's name.
    pub const fn name(&self) -> EntryEventName {
        match self {
            Self::Drafted => EntryEventName::Drafted,
            Self::Revised => EntryEventName::Revised,
            Self::Submitted(_) => EntryEventName::Submitted,
            Self::ApprovedByHead { .. } => EntryEventName::ApprovedByHead,
            Self::ReturnedByHead(_) => EntryEventName::ReturnedByHead,
            Self::ReturnedByAuthority(_) => EntryEventName::ReturnedByAuthority,
            Self::Published { .. } => EntryEventName::Published,
            Self::VersionBegun(_) => EntryEventName::VersionBegun,
            Self::VersionDiscarded(_) => EntryEventName::VersionDiscarded,
            Self::ChangeRecorded(_) => EntryEventName::ChangeRecorded,
            Self::ExtensionAsked { .. } => EntryEventName::ExtensionAsked,
            Self::ExtensionConsented { .. } => EntryEventName::ExtensionConsented,
            Self::ExtensionRefused { .. } => EntryEventName::ExtensionRefused,
            Self::RetirementProposed { .. } => EntryEventName::RetirementProposed,
            Self::Retired { .. } => EntryEventName::Retired,
        }
    }
}

/// Whether a state admits a verb: the one table behind every verb below and behind what the console offers.
pub const fn admits(state: EntryStateName, verb: EntryVerb) -> bool {
    use EntryStateName as S;
    use EntryVerb as V;
    match verb {
        V::Edit | V::Submit => matches!(state, S::Draft | S::UpdateDraft),
        V::Approve => matches!(state, S::AwaitingHead | S::UpdateAwaitingHead | S::RetirementAwaitingHead),
        V::Return => matches!(
            state,
            S::AwaitingHead
                | S::Filed
                | S::UpdateAwaitingHead
                | S::UpdateFiled
                | S::RetirementAwaitingHead
                | S::RetirementFiled
        ),
        V::Publish => matches!(state, S::Filed | S::UpdateFiled),
        V::Update | V::ProposeRetirement => matches!(state, S::Published),
        V::Discard => matches!(state, S::UpdateDraft),
        V::Retire => matches!(state, S::RetirementFiled),
        // Whatever is under way, the law may change meanwhile.
        V::RecordChange | V::AskExtension | V::DecideExtension => {
            !matches!(state, S::Draft | S::AwaitingHead | S::Filed | S::Retired)
        }
    }
}

pub(super) fn guard(entry: &Entry, verb: EntryVerb) -> Result<(), Refusal> {
    let state = entry.state_name();
    if admits(state, verb) { Ok(()) } else { Err(Refusal::not_in_this_state(verb.as_str(), state.as_str())) }
}

/// A new entry (编制目录).
pub fn draft(id: CatalogueEntryId, content: EntryContent, by: &Stamp) -> (Entry, EntryEvent) {
    let entry = Entry {
        id,
        provider: by.organisation,
        drafted_by: by.person,
        content,
        state: EntryState::Draft { returned: None },
        work: None,
        changes: Vec::new(),
        reviews: Vec::new(),
    };
    (entry, EntryEvent::Drafted)
}

/// The draft says something else: the first one, or that of the next version.
pub fn revise(mut entry: Entry, content: EntryContent) -> Result<(Entry, EntryEvent), Refusal> {
    guard(&entry, EntryVerb::Edit)?;
    match &mut entry.work {
        Some(Work::Update { content: next, .. }) => **next = content,
        Some(Work::Retirement { .. }) | None => entry.content = content,
    }
    Ok((entry, EntryEvent::Revised))
}

/// Submit to the department's head: complete, assessed, free of contradiction (Art. 13).
pub fn submit(entry: &Entry, structure: Option<&Structure>, by: Stamp) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::Submit)?;
    let mut found = problems(entry, structure);
    review_date(entry.content_in_work(), by.at.date(), &mut found);
    Refusal::unless_fine(RefusalCode::EntryIncomplete, law::CATALOGUE_CONTENT, found)?;
    Ok(EntryEvent::Submitted(by))
}

/// The department's head approves (部门负责人审批, Art. 13); with that it is filed (Art. 16). What follows a first
/// publication starts the authority's clock (Art. 17(3)).
pub fn approve<'a>(entry: &Entry, timing: impl Into<Timing<'a>>, by: Stamp) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::Approve)?;
    let review = match &entry.work {
        Some(_) => Some(timing.into().start(ClockId::CatalogueReview, by.at)?),
        None => None,
    };
    Ok(EntryEvent::ApprovedByHead { by, review })
}

/// The head or the authority sends it back, with the reason.
pub fn send_back(entry: &Entry, reason: &str, by: Stamp) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::Return)?;
    let returned = Returned { by, reason: required_text("reason", reason)? };
    Ok(if EntryStateName::WITH_AUTHORITY.contains(&entry.state_name()) {
        EntryEvent::ReturnedByAuthority(returned)
    } else {
        EntryEvent::ReturnedByHead(returned)
    })
}

/// The authority publishes and announces (审核、统一通告, Art. 16), after the same checks as at submission: the law or the
/// source may have changed meanwhile. A later version keeps the entry's number.
pub fn publish(
    entry: &Entry,
    structure: Option<&Structure>,
    number: String,
    announcement: String,
    by: Stamp,
) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::Publish)?;
    Refusal::unless_fine(RefusalCode::EntryIncomplete, law::PUBLICATION, problems(entry, structure))?;
    Ok(EntryEvent::Published { by, number, announcement })
}

/// The department begins the next version (更新目录, Art. 17(1)); the published one holds on.
pub fn begin_update(entry: &Entry, by: Stamp) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::Update)?;
    Ok(EntryEvent::VersionBegun(by))
}

/// The department gives the next version up. A clock that a change started runs on.
pub fn discard_update(entry: &Entry, by: Stamp) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::Discard)?;
    Ok(EntryEvent::VersionDiscarded(by))
}

/// The service of a grant ends only after negotiation and filing (Art. 27(3)), so an entry with grants in force stays.
fn no_live_grants(live_grants: u64) -> Result<(), Refusal> {
    if live_grants == 0 {
        return Ok(());
    }
    Err(Refusal::new(RefusalCode::LiveGrants, Some(law::SERVICE_END_FILED)).with("grants", live_grants))
}

/// The department proposes to retire it, with the reason; its head approves next.
pub fn propose_retirement(entry: &Entry, reason: &str, live_grants: u64, by: Stamp) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::ProposeRetirement)?;
    let reason = required_text("reason", reason)?;
    no_live_grants(live_grants)?;
    Ok(EntryEvent::RetirementProposed { by, reason })
}

/// The authority retires it and announces that. Grants are looked at again: one may have begun meanwhile.
pub fn retire(entry: &Entry, live_grants: u64, announcement: String, by: Stamp) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::Retire)?;
    no_live_grants(live_grants)?;
    Ok(EntryEvent::Retired { by, announcement })
}

impl Entry {
    /// The entry after an event that was decided on this very state; any other event changes nothing.
    #[must_use]
    pub fn apply(mut self, event: &EntryEvent) -> Self {
        match &self.state {
            EntryState::Draft { .. } | EntryState::AwaitingHead { .. } | EntryState::Filed { .. } => {
                self.state = first_version(self.state, event.clone());
                self
            }
            EntryState::Published { .. } => self.apply_to_published(event.clone()),
            EntryState::Retired { .. } => self,
        }
    }

    fn apply_to_published(mut self, event: EntryEvent) -> Self {
        match (self.work.take(), event) {
            (None, EntryEvent::VersionBegun(begun)) => {
                let (content, drafted_by) = (Box::new(self.content.clone()), begun.person);
                self.work =
                    Some(Work::Update { content, drafted_by, step: UpdateStep::Draft { begun, returned: None } });
            }
            (None, EntryEvent::RetirementProposed { by, reason }) => {
                self.work = Some(Work::Retirement { proposed: by, reason, approved: None });
            }
            (Some(Work::Update { content, drafted_by, step }), event) => self.step(content, drafted_by, step, event),
            (
                Some(Work::Retirement { proposed, reason, approved: None }),
                EntryEvent::ApprovedByHead { by, review: Some(clock) },
            ) => {
                self.filed(by.at, Some(clock));
                self.work = Some(Work::Retirement { proposed, reason, approved: Some(by) });
            }
            (Some(Work::Retirement { approved: None, .. }), EntryEvent::ReturnedByHead(_)) => {}
            (Some(Work::Retirement { approved: Some(_), .. }), EntryEvent::ReturnedByAuthority(returned)) => {
                self.sent_back_by_authority(returned.by.at);
            }
            (
                Some(Work::Retirement { reason, approved: Some(approved), .. }),
                EntryEvent::Retired { by, announcement },
            ) => self.retired(reason, approved, by, announcement),
            (work, event) => {
                self.work = work;
                self.apply_to_changes(event);
            }
        }
        self
    }

    /// An event while the next version is under way.
    fn step(
        &mut self,
        content: Box<EntryContent>,
        drafted_by: shuqiao_vocabulary::PersonId,
        step: UpdateStep,
        event: EntryEvent,
    ) {
        let step = match (step, event) {
            (UpdateStep::Draft { .. }, EntryEvent::VersionDiscarded(_)) => return,
            (UpdateStep::Filed { approved, .. }, EntryEvent::Published { by, announcement, .. }) => {
                self.replaced(*content, approved, by, announcement);
                return;
            }
            (UpdateStep::Draft { begun, .. }, EntryEvent::Submitted(submitted)) => {
                UpdateStep::AwaitingHead { begun, submitted }
            }
            (UpdateStep::AwaitingHead { begun, .. }, EntryEvent::ApprovedByHead { by, review: Some(clock) }) => {
                self.filed(by.at, Some(clock));
                UpdateStep::Filed { begun, approved: by }
            }
            (UpdateStep::AwaitingHead { begun, .. }, EntryEvent::ReturnedByHead(returned)) => {
                UpdateStep::Draft { begun, returned: Some(returned) }
            }
            (UpdateStep::Filed { begun, .. }, EntryEvent::ReturnedByAuthority(returned)) => {
                self.sent_back_by_authority(returned.by.at);
                UpdateStep::Draft { begun, returned: Some(returned) }
            }
            (step, event) => {
                self.apply_to_changes(event);
                step
            }
        };
        self.work = Some(Work::Update { content, drafted_by, step });
    }

    /// The next version takes the place of the published one.
    fn replaced(&mut self, content: EntryContent, head: Stamp, by: Stamp, announced: String) {
        self.settled(by.at);
        if let EntryState::Published { version, approved, published, announcement, .. } = &mut self.state {
            *version = version.saturating_add(1);
            *approved = head;
            *published = by;
            *announcement = Some(announced);
        }
        self.content = content;
    }

    fn retired(&mut self, reason: String, approved: Stamp, by: Stamp, announcement: String) {
        self.settled(by.at);
        if let EntryState::Published { version, number, .. } = &self.state {
            let (version, number) = (*version, number.clone());
            self.state = EntryState::Retired { version, number, reason, approved, retired: by, announcement };
        }
    }
}

/// The states up to the first publication.
fn first_version(state: EntryState, event: EntryEvent) -> EntryState {
    match (state, event) {
        (EntryState::Draft { .. }, EntryEvent::Submitted(submitted)) => EntryState::AwaitingHead { submitted },
        (EntryState::AwaitingHead { submitted }, EntryEvent::ApprovedByHead { by, review: None }) => {
            EntryState::Filed { submitted, approved: by }
        }
        (EntryState::AwaitingHead { .. }, EntryEvent::ReturnedByHead(returned))
        | (EntryState::Filed { .. }, EntryEvent::ReturnedByAuthority(returned)) => {
            EntryState::Draft { returned: Some(returned) }
        }
        (EntryState::Filed { approved, .. }, EntryEvent::Published { by, number, announcement }) => {
            EntryState::Published { version: 1, approved, published: by, number, announcement: Some(announcement) }
        }
        // Drafting and revising change no state; any other pair was not decided on this state and changes nothing.
        (state, _) => state,
    }
}
