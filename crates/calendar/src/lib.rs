//! Working days and statutory deadlines.
//!
//! What it is: a [`WorkCalendar`] value that knows which days are working days (工作日), with holidays (节假日) and
//! worked weekends (调休上班), and pure functions over it: when is a deadline of so many working days due, how many
//! are left, which [`Light`] does a case show.
//!
//! What it is not: it knows no law. How many days a duty has, and from which article, is said by the domain. It does
//! not know what day it is today, it reads no file and it does not fetch next year's plan: a year that has not been
//! announced is computed by the rule Monday to Friday and marked provisional (暂定), never refused and never guessed.
//! The table holds the nation's notices only; later ones, and those of single regions (自治区节日), are added as values
//! by [`WorkCalendar::with_notice`] and [`WorkCalendar::with_overlay`], and name themselves in the version.
//!
//! Where to start: [`WorkCalendar::end_of_day_after`].
//!
//! INVARIANT (pure-core): no async, no I/O, no clock, no chance. Everything comes in as arguments.

mod calendar;
mod light;
mod notice;
mod table;

pub use calendar::{
    CalendarError, DayKind, Deadline, Due, Notice, WORKING_DAYS_MAX, Walked, WorkCalendar, WorkingDay, YEARS, YearPlan,
};
pub use light::Light;
pub use notice::{LateNotice, NOTICE_DAYS_MAX, NOTICE_NUMBER_MAX, NOTICES_MAX, Overlay};
