//! Keeping the catalogue up to date (Art. 17): versions, changes with their clocks and extensions, retirement.

use crate::{App, AppError, Ctx, catalogue::Decided, view::EntryView};
use shuqiao_domain::catalogue::{self, ChangeKind, Entry, EntryVerb};
use shuqiao_vocabulary::{CatalogueEntryId, Date};

/// A change of law, State Council decision or duty, as somebody tells of it.
#[derive(Clone, Debug)]
pub struct NewChange {
    /// What changed.
    pub kind: ChangeKind,
    /// The norm or document, and what it changes.
    pub title: String,
    /// The day it happened.
    pub occurred: Date,
}

/// The authority's answer to one who asks for a longer term.
#[derive(Clone, Debug)]
pub struct ExtensionAnswer {
    /// Whether it consents.
    pub consent: bool,
    /// What it says.
    pub opinion: String,
}

impl App {
    /// Begins the next version of a published entry.
    pub async fn entry_update(&self, ctx: &Ctx, id: CatalogueEntryId, seen: u64) -> Result<EntryView, AppError> {
        let decide = |entry: Entry, facts: Decided<'_>| {
            let event = catalogue::begin_update(&entry, facts.by)?;
            Ok((entry.apply(&event), event))
        };
        self.entry_change(ctx, id, seen, EntryVerb::Update, decide).await
    }

    /// Gives the next version up.
    pub async fn entry_discard(&self, ctx: &Ctx, id: CatalogueEntryId, seen: u64) -> Result<EntryView, AppError> {
        let decide = |entry: Entry, facts: Decided<'_>| {
            let event = catalogue::discard_update(&entry, facts.by)?;
            Ok((entry.apply(&event), event))
        };
        self.entry_change(ctx, id, seen, EntryVerb::Discard, decide).await
    }

    /// Records that a law, a State Council decision or a duty changed.
    pub async fn entry_record_change(
        &self,
        ctx: &Ctx,
        id: CatalogueEntryId,
        seen: u64,
        new: NewChange,
    ) -> Result<EntryView, AppError> {
        let decide = |entry: Entry, facts: Decided<'_>| {
            let NewChange { kind, title, occurred } = new;
            let event = catalogue::record_change(&entry, kind, &title, occurred, facts.timing, facts.by)?;
            Ok((entry.apply(&event), event))
        };
        self.entry_change(ctx, id, seen, EntryVerb::RecordChange, decide).await
    }

    /// Asks the authority for a longer term for one change, by its place.
    pub async fn entry_ask_extension(
        &self,
        ctx: &Ctx,
        id: CatalogueEntryId,
        seen: u64,
        change: usize,
        reason: &str,
    ) -> Result<EntryView, AppError> {
        let decide = |entry: Entry, facts: Decided<'_>| {
            let event = catalogue::ask_extension(&entry, change, reason, facts.timing, facts.by)?;
            Ok((entry.apply(&event), event))
        };
        self.entry_change(ctx, id, seen, EntryVerb::AskExtension, decide).await
    }

    /// The authority consents to the longer term, or does not.
    pub async fn entry_decide_extension(
        &self,
        ctx: &Ctx,
        id: CatalogueEntryId,
        seen: u64,
        change: usize,
        answer: &ExtensionAnswer,
    ) -> Result<EntryView, AppError> {
        let decide = |entry: Entry, facts: Decided<'_>| {
            let ExtensionAnswer { consent, opinion } = answer;
            let event = catalogue::decide_extension(&entry, change, *consent, opinion, facts.timing, facts.by)?;
            Ok((entry.apply(&event), event))
        };
        self.entry_change(ctx, id, seen, EntryVerb::DecideExtension, decide).await
    }

    /// Proposes to retire a published entry.
    pub async fn entry_propose_retirement(
        &self,
        ctx: &Ctx,
        id: CatalogueEntryId,
        seen: u64,
        reason: &str,
    ) -> Result<EntryView, AppError> {
        let decide = |entry: Entry, facts: Decided<'_>| {
            let event = catalogue::propose_retirement(&entry, reason, facts.live_grants, facts.by)?;
            Ok((entry.apply(&event), event))
        };
        self.entry_change(ctx, id, seen, EntryVerb::ProposeRetirement, decide).await
    }

    /// The authority retires it.
    pub async fn entry_retire(&self, ctx: &Ctx, id: CatalogueEntryId, seen: u64) -> Result<EntryView, AppError> {
        let decide = |entry: Entry, facts: Decided<'_>| {
            let event = catalogue::retire(&entry, facts.live_grants, facts.announcement, facts.by)?;
            Ok((entry.apply(&event), event))
        };
        self.entry_change(ctx, id, seen, EntryVerb::Retire, decide).await
    }
}
