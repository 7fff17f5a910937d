//! A statutory clock (时限): when it started, when it is due, and by which rule. Every aggregate that the law times
//! carries one; it is computed by the calendar and never edited.

use crate::{Refusal, RefusalCode, law::Term};
use shuqiao_calendar::WorkCalendar;
use shuqiao_vocabulary::{Article, Moment};

/// A clock that runs, or ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// When it started; that day is not counted.
    pub started: Moment,
    /// The last moment.
    pub due: Moment,
    /// The term in working days.
    pub working_days: u16,
    /// The article that sets it.
    pub ground: Article,
    /// The calendar it was computed with.
    pub calendar: String,
    /// A year without a published calendar was involved.
    pub provisional: bool,
}

impl Clock {
    /// The clock of a term that starts now.
    ///
    /// # Errors
    /// `DeadlineOutOfRange` when the calendar cannot say when the term ends.
    pub fn start(term: Term, started: Moment, calendar: &WorkCalendar) -> Result<Self, Refusal> {
        let deadline = calendar
            .end_of_day_after(started.date(), term.days)
            .map_err(|_| Refusal::new(RefusalCode::DeadlineOutOfRange, Some(term.article)))?;
        Ok(Self {
            started,
            due: deadline.due,
            working_days: term.days,
            ground: term.article,
            calendar: deadline.calendar,
            provisional: deadline.provisional,
        })
    }
}
