//! Reminders (提醒): when somebody is told that a clock runs out. Told too early it is noise, told too late it is a lead for
//! an inspector (Art. 39(1)(4)).

use shuqiao_calendar::{Light, WorkCalendar};
use shuqiao_vocabulary::{Moment, OrganisationId, ReminderId, Role, closed_list};

use crate::Clock;

closed_list! {
    /// What a reminder says.
    ReminderKind {
        /// 即将超期: the light has turned yellow.
        DueSoon = "due_soon",
        /// 当日到期: today is the last day.
        DueToday = "due_today",
        /// 已超期: the last day is over.
        Overdue = "overdue",
    }
}

/// Working days after the last one on which it is told first that a case is overdue.
pub const OVERDUE_FIRST: u16 = 1;
/// Working days after which it is told again, as long as the case is open.
pub const OVERDUE_EVERY: u16 = 5;

/// One reminder. It names the case by its number only: it may leave the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// Its id.
    pub id: ReminderId,
    /// What it says.
    pub kind: ReminderKind,
    /// How many working days overdue, for the first and each later one; 0 before.
    pub step: u16,
    /// Kind of the case, such as `request`.
    pub subject_kind: String,
    /// The case.
    pub subject: String,
    /// The case's number.
    pub number: String,
    /// When it is due.
    pub due: Moment,
    /// The organisation that is told.
    pub organisation: OrganisationId,
    /// Who in it.
    pub role: Role,
    /// When it was written.
    pub created: Moment,
}

/// What is to be told of a running clock on a day, as far as anything is; of several steps that were missed, the last.
pub fn told(clock: &Clock, now: Moment, calendar: &WorkCalendar) -> Option<(ReminderKind, u16)> {
    let (today, due) = (now.date(), clock.due.date());
    match calendar.light(today, clock.started.date(), due, false) {
        Light::Green | Light::Grey => None,
        Light::Yellow => Some((ReminderKind::DueSoon, 0)),
        Light::Orange => Some((ReminderKind::DueToday, 0)),
        Light::Red => {
            let over = u16::try_from(calendar.working_days_between(due, today)).unwrap_or(0);
            let later = over.checked_sub(OVERDUE_FIRST)?;
            Some((ReminderKind::Overdue, OVERDUE_FIRST + later / OVERDUE_EVERY * OVERDUE_EVERY))
        }
    }
}
