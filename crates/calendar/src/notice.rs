//! Notices that come after the table: a year that is announced, a year that is changed, the days of one region.

use std::collections::BTreeSet;

use shuqiao_vocabulary::{Date, RegionCode};

use crate::{
    CalendarError, DayKind, Notice, WorkCalendar, YEARS,
    calendar::{NEXT_NOTICE_REACHES_BACK_TO, ordinary},
};

/// Longest number of a notice, in characters.
pub const NOTICE_NUMBER_MAX: usize = 60;

/// Most notices that are added to one calendar. With the length of a number this bounds its version's name.
pub const NOTICES_MAX: usize = 64;

/// Most days that one notice arranges.
pub const NOTICE_DAYS_MAX: usize = 120;

/// A notice of the nation that the table does not have: it announces a year, or changes one, as those of March 2019 and
/// of January 2020 did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateNotice {
    /// The year it speaks of.
    pub year: i16,
    /// Its number and address.
    pub notice: Notice,
    /// Days of rest, weekends included. A worked weekend that is no longer worked stands here too.
    pub off: BTreeSet<Date>,
    /// Days worked: weekends, and days that were of rest and are no longer.
    pub work: BTreeSet<Date>,
}

/// What a region arranges beside the nation, such as the festivals of an autonomous region (自治区节日), or a day off in
/// an emergency: its notice holds in the region and in everything inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlay {
    /// The region.
    pub region: RegionCode,
    /// Its number and address.
    pub notice: Notice,
    /// Days of rest.
    pub off: BTreeSet<Date>,
    /// Days worked.
    pub work: BTreeSet<Date>,
}

impl WorkCalendar {
    /// The calendar with one more notice of the nation. Days that it names are as it says, all others as they were. Its
    /// version names the notice, so no deadline can be mistaken for one that was computed without it.
    ///
    /// # Errors
    /// When the notice is known, contradicts itself, arranges days of another year, or changes nothing.
    pub fn with_notice(&self, late: &LateNotice) -> Result<Self, CalendarError> {
        let LateNotice { year, notice, off, work } = late;
        self.check(notice, off, work)?;
        for date in off.iter().chain(work) {
            let before = date.month() == 12 && date.day() >= NEXT_NOTICE_REACHES_BACK_TO;
            if date.year() != *year && !(before && date.year().checked_add(1) == Some(*year)) {
                return Err(CalendarError::OutsideTheYear { date: *date, year: *year });
            }
        }
        let mut next = self.clone();
        let plan = next.years.entry(*year).or_default();
        plan.notices.push(notice.clone());
        plan.off = plan.off.union(off).filter(|date| !work.contains(date)).copied().collect();
        plan.work = plan.work.union(work).filter(|date| !off.contains(date)).copied().collect();
        next.added.push(notice.number.clone());
        // A year that is announced without one moved day is still announced.
        self.check_change(next.arranged(), off, work, !self.years.contains_key(year))
    }

    /// The calendar that also knows what a region arranges. It counts for the region only: [`WorkCalendar::for_region`].
    ///
    /// # Errors
    /// When the notice is known, contradicts itself, or changes nothing in the region.
    pub fn with_overlay(&self, overlay: Overlay) -> Result<Self, CalendarError> {
        let Overlay { region, notice, off, work } = &overlay;
        self.check(notice, off, work)?;
        let before = self.for_region(region);
        let mut next = self.clone();
        next.overlays.push(overlay.clone());
        let (next, after) = (next.clone().arranged(), next.for_region(region));
        before.check_change(after, off, work, false)?;
        Ok(next)
    }

    /// The calendar as it holds in a region: the nation's, with what the region and those it lies in arrange. Where they
    /// speak of one day, the smaller region holds, and of two notices of one region the later.
    pub fn for_region(&self, region: &RegionCode) -> Self {
        let mut regional = self.clone();
        regional.region = Some(region.clone());
        regional.arranged()
    }

    /// Whether anything is arranged for this region beside the nation's notices.
    pub fn differs_in(&self, region: &RegionCode) -> bool {
        self.overlays.iter().any(|overlay| overlay.region.contains(region))
    }

    /// The arrangements of regions, in the order in which they came.
    pub fn overlays(&self) -> &[Overlay] {
        &self.overlays
    }

    /// The arrangements that hold in the region this calendar was made for, the smallest region last.
    pub fn applying(&self) -> Vec<&Overlay> {
        let Some(region) = &self.region else { return Vec::new() };
        let mut own: Vec<&Overlay> = self.overlays.iter().filter(|overlay| overlay.region.contains(region)).collect();
        own.sort_by_key(|overlay| overlay.region.as_str().len());
        own
    }

    /// Number of a notice: there is one, it is new, and what it arranges can be held and does not contradict itself.
    fn check(&self, notice: &Notice, off: &BTreeSet<Date>, work: &BTreeSet<Date>) -> Result<(), CalendarError> {
        let number = &notice.number;
        if number.trim().is_empty() || number.trim() != number || number.chars().count() > NOTICE_NUMBER_MAX {
            return Err(CalendarError::NumberWrong { max: NOTICE_NUMBER_MAX });
        }
        let mut known = self.years.values().flat_map(|plan| &plan.notices);
        let mut regional = self.overlays.iter().map(|overlay| &overlay.notice);
        if known.any(|old| old.number == *number) || regional.any(|old| old.number == *number) {
            return Err(CalendarError::NoticeKnown { number: number.clone() });
        }
        if self.added.len() + self.overlays.len() >= NOTICES_MAX {
            return Err(CalendarError::TooMany { max: NOTICES_MAX });
        }
        if off.len() + work.len() > NOTICE_DAYS_MAX {
            return Err(CalendarError::TooMany { max: NOTICE_DAYS_MAX });
        }
        if let Some(date) = off.intersection(work).next() {
            return Err(CalendarError::Contradiction { date: *date });
        }
        if let Some(date) = off.iter().chain(work).find(|date| !YEARS.contains(&date.year())) {
            return Err(CalendarError::OutOfRange { date: *date });
        }
        Ok(())
    }

    /// The changed calendar, when the change is one.
    fn check_change(
        &self,
        next: Self,
        off: &BTreeSet<Date>,
        work: &BTreeSet<Date>,
        announces: bool,
    ) -> Result<Self, CalendarError> {
        let works = |calendar: &Self, date: Date| calendar.is_working_day(date).kind == DayKind::Working;
        let needless = |date: &&Date| ordinary(**date) == DayKind::Working && works(self, **date);
        if let Some(date) = work.iter().find(needless) {
            return Err(CalendarError::AlreadyWorking { date: *date });
        }
        let changes = off.iter().chain(work).any(|date| works(self, *date) != works(&next, *date));
        if changes || announces { Ok(next) } else { Err(CalendarError::NothingChanges) }
    }
}
