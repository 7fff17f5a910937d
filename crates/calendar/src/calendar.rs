//! The calendar value and the counting of working days.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::{Bound, RangeInclusive},
};

use jiff::civil::Weekday;
use shuqiao_vocabulary::{Date, Moment, RegionCode};

use crate::{notice::Overlay, table};

/// The longest deadline that is computed, in working days: some forty years, far beyond any duty of the law.
pub const WORKING_DAYS_MAX: u16 = 10_000;

/// The years whose dates are accepted.
pub const YEARS: RangeInclusive<i16> = 1970..=9999;

/// From this day of December on, the notice for the *next* year may still move days: the one for 2019 made Monday
/// 2018-12-31 a holiday and Saturday 2018-12-29 a working day.
pub(crate) const NEXT_NOTICE_REACHES_BACK_TO: i8 = 25;

/// A notice of the General Office of the State Council (国务院办公厅通知) that arranges holidays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number (发文字号), such as `国办发明电〔2024〕12号`.
    pub number: String,
    /// Where it was published.
    pub url: String,
}

/// What the notices of one year arrange. Days may lie in the last week of the year before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearPlan {
    /// The notices, the one that arranges the year first and those that change it after it.
    pub notices: Vec<Notice>,
    /// Days of rest (放假): the whole span of each holiday, weekends included.
    pub off: BTreeSet<Date>,
    /// Days worked although they are at a weekend (调休上班).
    pub work: BTreeSet<Date>,
}

/// Whether one works on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DayKind {
    /// 工作日
    Working,
    /// 休息日
    Rest,
}

/// A day, judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingDay {
    /// Working day or day of rest.
    pub kind: DayKind,
    /// No notice for this day is known, so the rule Monday to Friday was taken (暂定).
    pub provisional: bool,
}

/// The last day of a deadline (届满日).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub date: Date,
    /// A day that was counted has no notice yet, so the day may still move.
    pub provisional: bool,
    /// The version of the calendar that was counted with.
    pub calendar: String,
}

/// A deadline as a moment: the end of its last day in Asia/Shanghai.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The moment.
    pub due: Moment,
    /// A day that was counted has no notice yet, so the moment may still move.
    pub provisional: bool,
    /// The version of the calendar that was counted with.
    pub calendar: String,
}

/// A day that was walked over while a deadline was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walked {
    /// The day.
    pub date: Date,
    /// How it was judged.
    pub day: WorkingDay,
    /// The working days counted so far, this one with them.
    pub counted: u16,
}

/// Why a deadline is not computed, or a notice not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Longer than [`WORKING_DAYS_MAX`].
    #[error("{found} working days are more than the {WORKING_DAYS_MAX} that are computed")]
    TooManyDays {
        /// What was asked for.
        found: u16,
    },
    /// A start outside [`YEARS`].
    #[error("{date} lies outside the years 1970 to 9999")]
    OutOfRange {
        /// The date.
        date: Date,
    },
    /// The deadline would end after the last of [`YEARS`].
    #[error("{working_days} working days after {start} lie beyond the year 9999")]
    BeyondTheEnd {
        /// The start.
        start: Date,
        /// The working days asked for.
        working_days: u16,
    },
    /// A plan makes one day both a day of rest and a working day.
    #[error("{date} is both a day of rest and a working day")]
    Contradiction {
        /// The day.
        date: Date,
    },
    /// A notice without a number, or with one that is too long.
    #[error("a notice has a number of at most {max} characters")]
    NumberWrong {
        /// The limit.
        max: usize,
    },
    /// A notice of this number is in the calendar already.
    #[error("the notice {number} is in the calendar already")]
    NoticeKnown {
        /// Its number.
        number: String,
    },
    /// A notice speaks of a day that is not its to arrange.
    #[error("{date} is not a day that a notice for {year} arranges")]
    OutsideTheYear {
        /// The day.
        date: Date,
        /// The notice's year.
        year: i16,
    },
    /// A notice has an ordinary working day worked: it was mistyped, or it takes back what nobody gave.
    #[error("{date} is a working day already")]
    AlreadyWorking {
        /// The day.
        date: Date,
    },
    /// A notice leaves every day as it was.
    #[error("the notice changes no day")]
    NothingChanges,
    /// More notices, or more days in one, than are held.
    #[error("a calendar holds at most {max} of these")]
    TooMany {
        /// The limit.
        max: usize,
    },
}

/// Which days are working days, as far as it has been announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCalendar {
    /// What was begun with, such as `CN-2018..2026`.
    pub(crate) base: String,
    /// Numbers of the notices of the nation that were added since, in their order.
    pub(crate) added: Vec<String>,
    /// Arrangements of single regions, in the order in which they came.
    pub(crate) overlays: Vec<Overlay>,
    /// The region it was made for; `None` for the nation's.
    pub(crate) region: Option<RegionCode>,
    version: String,
    pub(crate) years: BTreeMap<i16, YearPlan>,
    /// Days that the plans arrange, over all years; where two speak of one day, the plan of the later year holds, and
    /// over all of them what the region arranges.
    arranged: BTreeMap<Date, DayKind>,
}

impl WorkCalendar {
    /// The compiled-in table: the notices of the State Council for 2018 to 2026.
    pub fn official() -> Self {
        Self::arrange(table::VERSION.to_owned(), table::years())
    }

    /// A calendar of other plans, for instance with a year announced since. The version must change with the plans:
    /// it stands in the record beside every deadline computed.
    pub fn of(version: String, years: BTreeMap<i16, YearPlan>) -> Result<Self, CalendarError> {
        match years.values().find_map(|plan| plan.off.intersection(&plan.work).next()) {
            Some(date) => Err(CalendarError::Contradiction { date: *date }),
            None => Ok(Self::arrange(version, years)),
        }
    }

    fn arrange(version: String, years: BTreeMap<i16, YearPlan>) -> Self {
        let bare = Self {
            base: version,
            added: Vec::new(),
            overlays: Vec::new(),
            region: None,
            version: String::new(),
            years,
            arranged: BTreeMap::new(),
        };
        bare.arranged()
    }

    /// The same with its days and its version computed anew from its notices.
    pub(crate) fn arranged(mut self) -> Self {
        let mut days = BTreeMap::new();
        let mut arrange = |off: &BTreeSet<Date>, work: &BTreeSet<Date>| {
            days.extend(off.iter().map(|date| (*date, DayKind::Rest)));
            days.extend(work.iter().map(|date| (*date, DayKind::Working)));
        };
        for plan in self.years.values() {
            arrange(&plan.off, &plan.work);
        }
        for overlay in self.applying() {
            arrange(&overlay.off, &overlay.work);
        }
        let added = self.added.iter().map(|number| format!("+{number}"));
        let regional = self.applying().into_iter().map(|own| format!("+{}:{}", own.region, own.notice.number));
        self.version = added.chain(regional).fold(self.base.clone(), |version, part| version + &part);
        self.arranged = days;
        self
    }

    /// The version, which says exactly which notices are in: the table's name, then each notice that was added, then
    /// those of the region, such as `CN-2018..2026+国办发明电〔2026〕9号+54:藏政办发〔2026〕1号`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The plans by the year that their notices speak of.
    pub const fn years(&self) -> &BTreeMap<i16, YearPlan> {
        &self.years
    }

    /// Whether one works on this day: what the notices arrange, else Monday to Friday.
    pub fn is_working_day(&self, date: Date) -> WorkingDay {
        let kind = self.arranged.get(&date).copied().unwrap_or_else(|| ordinary(date));
        WorkingDay { kind, provisional: !self.is_announced(date) }
    }

    /// Whether every notice that may arrange this day is known.
    fn is_announced(&self, date: Date) -> bool {
        let next_may_speak = date.month() == 12 && date.day() >= NEXT_NOTICE_REACHES_BACK_TO;
        let next_known = || date.year().checked_add(1).is_some_and(|next| self.years.contains_key(&next));
        self.years.contains_key(&date.year()) && (!next_may_speak || next_known())
    }

    /// The last day of a deadline of so many working days (期间届满日). The day of the start is not counted (民法典 201),
    /// so day one is the first working day after it. Of zero days: the start itself, or the next working day if it is
    /// a day of rest (民法典 203).
    pub fn due_after(&self, start: Date, working_days: u16) -> Result<Due, CalendarError> {
        if working_days > WORKING_DAYS_MAX {
            return Err(CalendarError::TooManyDays { found: working_days });
        }
        if !YEARS.contains(&start.year()) {
            return Err(CalendarError::OutOfRange { date: start });
        }
        let mut provisional = false;
        let last = self.walk(start, working_days, |walked| provisional |= walked.day.provisional)?;
        Ok(Due { date: last, provisional, calendar: self.version.clone() })
    }

    /// The days that are walked over from a start to the end of so many working days, in their order, the last of them
    /// the day it is due: what an official checks by finger on a calendar of paper.
    pub fn days_walked(&self, start: Date, working_days: u16) -> Result<Vec<Walked>, CalendarError> {
        self.due_after(start, working_days)?;
        let mut walked = Vec::new();
        self.walk(start, working_days, |day| walked.push(day))?;
        Ok(walked)
    }

    fn walk(&self, start: Date, working_days: u16, mut each: impl FnMut(Walked)) -> Result<Date, CalendarError> {
        let beyond = || CalendarError::BeyondTheEnd { start, working_days };
        let mut date = if working_days == 0 { start } else { start.tomorrow().map_err(|_| beyond())? };
        let mut counted = 0;
        // Ends: each turn is a day later, and the type knows no day after the year 9999.
        loop {
            let day = self.is_working_day(date);
            counted += u16::from(day.kind == DayKind::Working);
            each(Walked { date, day, counted });
            if counted == working_days.max(1) {
                return Ok(date);
            }
            date = date.tomorrow().map_err(|_| beyond())?;
        }
    }

    /// The end of the last day of a deadline (截止时刻): 24:00 of [`WorkCalendar::due_after`], told as 23:59:59.
    pub fn end_of_day_after(&self, start: Date, working_days: u16) -> Result<Deadline, CalendarError> {
        let Due { date, provisional, calendar } = self.due_after(start, working_days)?;
        Ok(Deadline { due: Moment::end_of_day(date), provisional, calendar })
    }

    /// The days of a year that notices arrange, in their order; on all others one works from Monday to Friday.
    pub fn special_days(&self, year: i16) -> impl Iterator<Item = (Date, DayKind)> {
        let of_year = move |(date, _): &(&Date, &DayKind)| date.year() == year;
        let special = |(date, kind): (&Date, &DayKind)| (*date, *kind);
        self.arranged.iter().filter(of_year).map(special)
    }

    /// Working days left (剩余工作日): those after `after`, up to and with `until`; negative when `until` lies before
    /// `after`, by as many working days as have passed since.
    pub fn working_days_between(&self, after: Date, until: Date) -> i32 {
        if until < after {
            return -self.working_days_between(until, after);
        }
        let ordinary_days = ordinary_days_through(until) - ordinary_days_through(after);
        let span = (Bound::Excluded(after), Bound::Included(until));
        let difference = |(date, kind): (&Date, &DayKind)| match (ordinary(*date), *kind) {
            (DayKind::Working, DayKind::Rest) => -1,
            (DayKind::Rest, DayKind::Working) => 1,
            _ => 0,
        };
        // An empty span is no valid range of a BTreeMap when both its bounds are one date.
        let arranged: i32 = if after == until { 0 } else { self.arranged.range(span).map(difference).sum() };
        ordinary_days + arranged
    }
}

/// Monday to Friday.
pub(crate) fn ordinary(date: Date) -> DayKind {
    match date.weekday() {
        Weekday::Saturday | Weekday::Sunday => DayKind::Rest,
        _ => DayKind::Working,
    }
}

/// Days from Monday to Friday since some Monday, through this day; only differences mean something. A formula, so that
/// no span of dates, however long, costs more than another.
fn ordinary_days_through(date: Date) -> i32 {
    let days = (date - SOME_MONDAY).get_days();
    let weekday = days.rem_euclid(7) + 1;
    days.div_euclid(7) * 5 + weekday.min(5)
}

const SOME_MONDAY: Date = jiff::civil::date(1970, 1, 5);
