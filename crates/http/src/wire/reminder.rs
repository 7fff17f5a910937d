//! Reminders.

use super::{
    list::ReminderKind,
    text::{MomentText, ReminderId},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::view;
use utoipa::ToSchema;

/// A reminder (提醒): a clock runs out. It names the case by its number only.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reminder {
    /// Its id.
    pub id: ReminderId,
    /// What it says.
    pub kind: ReminderKind,
    /// Working days overdue at this step; 0 before.
    pub step: u16,
    /// Kind of the case, such as `request`.
    pub subject_kind: String,
    /// The case's id.
    pub subject: String,
    /// The case's number.
    pub number: String,
    /// When it is due.
    pub due: MomentText,
    /// When it was written.
    pub created: MomentText,
    /// Whether the reader has read it.
    pub read: bool,
}

/// The reader's reminders, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reminders {
    /// The newest.
    pub items: Vec<Reminder>,
    /// How many of all are not read.
    pub unread: u64,
}

/// Which reminders were read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemindersRead {
    /// Their ids.
    #[schema(max_items = 100)]
    pub ids: Vec<ReminderId>,
}

impl From<view::RemindersView> for Reminders {
    fn from(view: view::RemindersView) -> Self {
        let item = |one: view::Reminded| Reminder {
            id: ReminderId(one.reminder.id),
            kind: ReminderKind(one.reminder.kind),
            step: one.reminder.step,
            subject_kind: one.reminder.subject_kind,
            subject: one.reminder.subject,
            number: one.reminder.number,
            due: MomentText(one.reminder.due),
            created: MomentText(one.reminder.created),
            read: one.read,
        };
        Self { items: view.items.into_iter().map(item).collect(), unread: view.unread }
    }
}
