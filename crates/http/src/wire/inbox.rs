//! The inbox.

use super::{
    shared::{Clock, OrganisationName},
    text::MomentText,
};
use serde::Serialize;
use shuqiao_app::view;
use utoipa::ToSchema;

/// Something that waits, or waited, for somebody.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxItem {
    /// What it is: `request`, `catalogue`, or the kind of a case.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who it comes from.
    pub from: OrganisationName,
    /// The verb that waits for the reader; empty when none does.
    pub step: String,
    /// The state it is in.
    pub state: String,
    /// Since when.
    pub received: MomentText,
    /// The clock, when one runs.
    #[schema(required)]
    pub clock: Option<Clock>,
    /// Its revision.
    pub revision: u64,
}

/// How many each tab holds.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct InboxCounts {
    /// Waits for the reader.
    pub todo: usize,
    /// Is with others now.
    pub doing: usize,
    /// Is done.
    pub done: usize,
    /// Was started by the reader.
    pub started: usize,
    /// Is overdue.
    pub overdue: usize,
}

/// The inbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct Inbox {
    /// What the tab holds, by due moment.
    pub items: Vec<InboxItem>,
    /// Always null: a tab is given whole.
    #[schema(required)]
    pub next: Option<String>,
    /// How many each tab holds.
    pub counts: InboxCounts,
}

impl From<view::InboxItem> for InboxItem {
    fn from(item: view::InboxItem) -> Self {
        Self {
            kind: item.kind.to_owned(),
            id: item.id,
            title: item.title,
            from: OrganisationName::from(&item.from),
            step: item.step.to_owned(),
            state: item.state.to_owned(),
            received: MomentText(item.received),
            clock: item.clock.map(Clock::from),
            revision: item.revision,
        }
    }
}

impl From<view::Inbox> for Inbox {
    fn from(inbox: view::Inbox) -> Self {
        let count = |tab: &str| inbox.counts.get(tab).copied().unwrap_or_default();
        let counts = InboxCounts {
            todo: count("todo"),
            doing: count("doing"),
            done: count("done"),
            started: count("started"),
            overdue: count("overdue"),
        };
        Self { items: inbox.items.into_iter().map(Into::into).collect(), next: None, counts }
    }
}
