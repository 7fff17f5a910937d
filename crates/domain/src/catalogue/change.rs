//! What a published entry must follow (Art. 17): changes of law, State Council decision or duty, each with the
//! department's clock and its one extension; and the authority's clock for each review.

use super::{Entry, EntryEvent, EntryVerb, guard};
use crate::{
    Clock, ClockId, Refusal, RefusalCode, Stamp, Timing,
    clock::longest_extension,
    law,
    refusal::{optional_text, required_text},
    rules::UpdateStopPolicy,
};
use shuqiao_vocabulary::{Date, Moment, closed_list};

/// Changes that can wait for one entry at the same time.
const CHANGES_OPEN_MAX: usize = 20;

closed_list! {
    /// What changed outside (Art. 17(2)).
    ChangeKind {
        /// A law or an administrative regulation (法律、行政法规调整).
        LawChanged = "law_changed",
        /// A decision of the State Council (国务院决定调整).
        StateCouncilDecision = "state_council_decision",
        /// The department's own duty (部门职责变化).
        DutyChanged = "duty_changed",
    }
}

/// A change that the entry must follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changed.
    pub kind: ChangeKind,
    /// The norm or document, and what it changes.
    pub title: String,
    /// The day it happened, from which the term counts.
    pub occurred: Date,
    /// Who recorded it: the department itself, or the authority for it.
    pub recorded: Stamp,
    /// The department's clock.
    pub clock: Clock,
    /// What stops it, as the rules read the law on the day it happened; a later rule set changes no clock that runs.
    pub stops_with: UpdateStopPolicy,
    /// The one extension, once it was asked for.
    pub extension: Option<Extension>,
    /// Whether the entry follows it.
    pub state: ChangeState,
}

/// Whether the entry follows a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeState {
    /// Not yet: the clock runs.
    Open,
    /// What answers it is filed: the clock stands, where the filing stops it. When that is sent back, the clock runs on.
    Answered {
        /// When it was filed.
        filed: Moment,
    },
    /// What answers it is published.
    Settled {
        /// When the clock stopped for good.
        stopped: Moment,
    },
}

/// An extension of the department's term (延长更新期限, Art. 17(2)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Who asked.
    pub asked: Stamp,
    /// The special reason.
    pub reason: String,
    /// The authority's decision.
    pub decision: Option<ExtensionDecision>,
}

/// The authority's decision on an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionDecision {
    /// Who decided.
    pub by: Stamp,
    /// Whether it consents.
    pub consented: bool,
    /// What it says.
    pub opinion: String,
}

/// The authority's review of what was filed (审核并发布, Art. 17(3)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The authority's clock; it starts with the filing.
    pub clock: Clock,
    /// How it ended.
    pub end: Option<ReviewEnd>,
}

/// How a review ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewEnd {
    /// When.
    pub at: Moment,
    /// Whether what was filed took effect; else it was sent back.
    pub published: bool,
}

impl Change {
    /// When the clock came to stand, if it does.
    pub const fn stopped(&self) -> Option<Moment> {
        match &self.state {
            ChangeState::Open => None,
            ChangeState::Answered { filed } => match self.stops_with {
                UpdateStopPolicy::Filing => Some(*filed),
                UpdateStopPolicy::Publication => None,
            },
            ChangeState::Settled { stopped } => Some(*stopped),
        }
    }

    /// Whether the clock runs.
    pub fn runs(&self) -> bool {
        self.stopped().is_none()
    }

    /// Whether an extension can be asked for at this moment: once, and while the term runs.
    pub fn extendable(&self, at: Moment) -> bool {
        self.state == ChangeState::Open && self.extension.is_none() && at <= self.clock.due
    }

    /// Whether an extension waits for the authority.
    pub fn extension_pending(&self) -> bool {
        self.state == ChangeState::Open && self.extension.as_ref().is_some_and(|asked| asked.decision.is_none())
    }
}

/// A change happened that the entry must follow (Art. 17(2)): the clock counts from the day it happened, whenever it is
/// recorded.
pub fn record_change<'a>(
    entry: &Entry,
    kind: ChangeKind,
    title: &str,
    occurred: Date,
    timing: impl Into<Timing<'a>>,
    by: Stamp,
) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::RecordChange)?;
    let title = required_text("title", title)?;
    if occurred > by.at.date() {
        let refusal = Refusal::new(RefusalCode::ChangeInFuture, Some(law::CATALOGUE_UPDATE.article));
        return Err(refusal.with("occurred", occurred));
    }
    let open = entry.changes.iter().filter(|change| !matches!(change.state, ChangeState::Settled { .. })).count();
    if open >= CHANGES_OPEN_MAX {
        return Err(Refusal::new(RefusalCode::TooManyChanges, None).with("max", CHANGES_OPEN_MAX));
    }
    let timing = timing.into();
    let clock = timing.start(ClockId::CatalogueUpdate, start_of(occurred))?;
    let stops_with = timing.update_stop(occurred);
    let state = ChangeState::Open;
    let change = Change { kind, title, occurred, recorded: by, clock, stops_with, extension: None, state };
    Ok(EntryEvent::ChangeRecorded(Box::new(change)))
}

/// The first moment of a legal day.
fn start_of(date: Date) -> Moment {
    Moment::end_of_day(date).plus_seconds(1 - 86_400)
}

fn open_change(entry: &Entry, change: usize) -> Result<&Change, Refusal> {
    let found = entry.changes.get(change).filter(|change| change.state == ChangeState::Open);
    found.ok_or_else(|| {
        Refusal::new(RefusalCode::ChangeNotOpen, Some(law::CATALOGUE_UPDATE.article)).with("change", change)
    })
}

fn extension_refused(code: RefusalCode) -> Refusal {
    Refusal::new(code, Some(law::CATALOGUE_UPDATE_EXTENSION.article))
}

/// The longest extension of this change's term: what a rule set leaves of the law's.
fn longest(change: &Change, timing: &Timing<'_>) -> law::Term {
    let longest = longest_extension(ClockId::CatalogueUpdate, timing, change.clock.started.date());
    longest.unwrap_or(law::CATALOGUE_UPDATE_EXTENSION)
}

/// The department asks for the longer term, with its special reason: once, and while the term runs (Art. 17(2)); not
/// where a rule set leaves nothing of the extension.
pub fn ask_extension<'a>(
    entry: &Entry,
    change: usize,
    reason: &str,
    timing: impl Into<Timing<'a>>,
    by: Stamp,
) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::AskExtension)?;
    let found = open_change(entry, change)?;
    if found.extension.is_some() {
        return Err(extension_refused(RefusalCode::ExtensionAlreadyAsked));
    }
    if by.at > found.clock.due {
        return Err(extension_refused(RefusalCode::ExtensionTooLate).with("due", found.clock.due.date()));
    }
    if longest(found, &timing.into()).days == 0 {
        return Err(extension_refused(RefusalCode::ExtensionTooLong).with("max", 0));
    }
    let reason = required_text("reason", reason)?;
    Ok(EntryEvent::ExtensionAsked { change, by, reason })
}

/// The authority consents, and the clock is longer, or does not consent. Consent comes while the term runs: an overdue
/// that happened is not undone.
pub fn decide_extension<'a>(
    entry: &Entry,
    change: usize,
    consented: bool,
    opinion: &str,
    timing: impl Into<Timing<'a>>,
    by: Stamp,
) -> Result<EntryEvent, Refusal> {
    guard(entry, EntryVerb::DecideExtension)?;
    let found = open_change(entry, change)?;
    if !found.extension_pending() {
        return Err(extension_refused(RefusalCode::ExtensionNotAsked));
    }
    if !consented {
        let opinion = required_text("opinion", opinion)?;
        return Ok(EntryEvent::ExtensionRefused { change, by, opinion });
    }
    if by.at > found.clock.due {
        return Err(extension_refused(RefusalCode::ExtensionTooLate).with("due", found.clock.due.date()));
    }
    optional_text("opinion", opinion)?;
    let timing = timing.into();
    let longest = longest(found, &timing);
    let clock = found.clock.extended(longest.days, longest, timing.calendar())?;
    Ok(EntryEvent::ExtensionConsented { change, by, opinion: opinion.trim().to_owned(), clock })
}

impl Entry {
    /// The department's clocks that run: of changes that the entry does not follow yet.
    pub fn change_clocks(&self) -> impl Iterator<Item = &Clock> {
        self.changes.iter().filter(|change| change.runs()).map(|change| &change.clock)
    }

    /// The authority's clock, while what was filed waits for it.
    pub fn review_clocks(&self) -> impl Iterator<Item = &Clock> {
        self.reviews.iter().filter(|review| review.end.is_none()).map(|review| &review.clock)
    }

    /// The entry with another clock of a change in the place of one that was seen to run, for one that the calendar has
    /// moved; `None` when that one does not run any more. Of two that are the same the first is meant.
    #[must_use]
    pub fn with_change_clock(mut self, seen: &Clock, next: Clock) -> Option<Self> {
        let mut running = self.changes.iter_mut().filter(|change| change.runs());
        running.find(|change| change.clock == *seen)?.clock = next;
        Some(self)
    }

    /// The same for the clock of a review.
    #[must_use]
    pub fn with_review_clock(mut self, seen: &Clock, next: Clock) -> Option<Self> {
        let mut running = self.reviews.iter_mut().filter(|review| review.end.is_none());
        running.find(|review| review.clock == *seen)?.clock = next;
        Some(self)
    }

    /// What was asked and decided about extensions, and what was recorded: the changes after an event.
    pub(super) fn apply_to_changes(&mut self, event: EntryEvent) {
        match event {
            EntryEvent::ChangeRecorded(change) => self.changes.push(*change),
            EntryEvent::ExtensionAsked { change, by, reason } => {
                if let Some(change) = self.open_change_mut(change)
                    && change.extension.is_none()
                {
                    change.extension = Some(Extension { asked: by, reason, decision: None });
                }
            }
            EntryEvent::ExtensionConsented { change, by, opinion, clock } => {
                self.extension_decided(change, ExtensionDecision { by, consented: true, opinion }, Some(clock));
            }
            EntryEvent::ExtensionRefused { change, by, opinion } => {
                self.extension_decided(change, ExtensionDecision { by, consented: false, opinion }, None);
            }
            _ => {}
        }
    }

    fn open_change_mut(&mut self, change: usize) -> Option<&mut Change> {
        self.changes.get_mut(change).filter(|change| change.state == ChangeState::Open)
    }

    fn extension_decided(&mut self, change: usize, decided: ExtensionDecision, clock: Option<Clock>) {
        let Some(change) = self.open_change_mut(change).filter(|change| change.extension_pending()) else { return };
        if let Some(extension) = &mut change.extension {
            extension.decision = Some(decided);
        }
        if let Some(clock) = clock {
            change.clock = clock;
        }
    }

    /// What answers the open changes was filed: the department's clocks stand, where the filing stops them, and the
    /// authority's starts.
    pub(super) fn filed(&mut self, at: Moment, review: Option<Clock>) {
        for change in &mut self.changes {
            if change.state == ChangeState::Open {
                change.state = ChangeState::Answered { filed: at };
            }
        }
        self.reviews.extend(review.map(|clock| Review { clock, end: None }));
    }

    /// The authority sent it back: its clock stands, and the department's run on.
    pub(super) fn sent_back_by_authority(&mut self, at: Moment) {
        for change in &mut self.changes {
            if matches!(change.state, ChangeState::Answered { .. }) {
                change.state = ChangeState::Open;
            }
        }
        self.end_review(at, false);
    }

    /// What was filed took effect.
    pub(super) fn settled(&mut self, at: Moment) {
        for change in &mut self.changes {
            // What was recorded after the filing is not answered by what was filed: it stays open.
            if matches!(change.state, ChangeState::Answered { .. }) {
                change.state = ChangeState::Settled { stopped: change.stopped().unwrap_or(at) };
            }
        }
        self.end_review(at, true);
    }

    fn end_review(&mut self, at: Moment, published: bool) {
        if let Some(review) = self.reviews.last_mut().filter(|review| review.end.is_none()) {
            review.end = Some(ReviewEnd { at, published });
        }
    }
}
