//! What the pages of calendar, rule sets and reminders show.

use shuqiao_calendar::Notice;
use shuqiao_domain::{Rule, RuleSet};
use shuqiao_store::{NoticeRow, Reminded};
use shuqiao_vocabulary::{CalendarNoticeId, Date, Moment, RuleSetId};
use std::collections::BTreeSet;

/// Days that a notice arranges.
#[derive(Clone, Debug, Default)]
pub struct NoticeDays {
    /// Days of rest.
    pub off: BTreeSet<Date>,
    /// Days worked.
    pub work: BTreeSet<Date>,
}

/// A rule set that was adopted.
#[derive(Clone, Debug)]
pub struct AdoptedRules {
    /// Its id.
    pub id: RuleSetId,
    /// When it was adopted.
    pub at: Moment,
    /// What it says.
    pub set: RuleSet,
}

/// A notice that was added.
#[derive(Clone, Debug)]
pub struct AdoptedNotice {
    /// Its id.
    pub id: CalendarNoticeId,
    /// When it was added.
    pub at: Moment,
    /// What it says.
    pub notice: NoticeRow,
}

/// A day that a notice arranges.
#[derive(Clone, Copy, Debug)]
pub struct CalendarDay {
    /// The day.
    pub date: Date,
    /// Whether one works on it.
    pub works: bool,
}

/// The calendar of a year.
#[derive(Clone, Debug)]
pub struct CalendarView {
    /// The year.
    pub year: i16,
    /// The calendar's version, which names its notices.
    pub version: String,
    /// Whether the year was announced.
    pub announced: bool,
    /// The nation's notices for the year.
    pub notices: Vec<Notice>,
    /// The region's notices that arrange a day of it.
    pub regional_notices: Vec<Notice>,
    /// The days that notices arrange.
    pub days: Vec<CalendarDay>,
    /// Working days of each month.
    pub working_days_by_month: Vec<u16>,
}

/// A day walked over while a deadline is counted.
#[derive(Clone, Copy, Debug)]
pub struct DeadlineStep {
    /// The day.
    pub date: Date,
    /// Whether one works on it.
    pub works: bool,
    /// No notice for it is known yet.
    pub provisional: bool,
    /// Working days counted so far.
    pub counted: u16,
}

/// A deadline, counted.
#[derive(Clone, Debug)]
pub struct DeadlineView {
    /// The rule.
    pub rule: Rule,
    /// The last moment.
    pub due: Moment,
    /// A day without a notice was counted.
    pub provisional: bool,
    /// The calendar's version.
    pub calendar: String,
    /// The days walked over.
    pub days: Vec<DeadlineStep>,
}

/// Reminders of a reader.
#[derive(Clone, Debug)]
pub struct RemindersView {
    /// The newest.
    pub items: Vec<Reminded>,
    /// How many of all are not read.
    pub unread: u64,
}
