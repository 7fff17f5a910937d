//! The calendar and the rule sets as they hold now: everything that starts a clock asks here.

use crate::App;
use shuqiao_calendar::WorkCalendar;
use shuqiao_domain::{Clock, RuleBook, Timing, organisation::Organisation};
use shuqiao_vocabulary::{Level, RegionCode};
use std::sync::{Arc, PoisonError, RwLock};

/// What holds now. Replaced as a whole, so that nobody sees the calendar of one moment with the rules of another.
#[derive(Clone, Debug)]
pub(crate) struct LegalTime {
    pub(crate) calendar: Arc<WorkCalendar>,
    pub(crate) rules: Arc<RuleBook>,
}

/// The place where [`LegalTime`] is kept.
#[derive(Debug)]
pub(crate) struct LegalTimeCell(RwLock<LegalTime>);

impl LegalTimeCell {
    pub(crate) fn of(calendar: WorkCalendar) -> Self {
        Self(RwLock::new(LegalTime { calendar: Arc::new(calendar), rules: Arc::new(RuleBook::decree()) }))
    }

    pub(crate) fn get(&self) -> LegalTime {
        // A value behind the lock is replaced in one step, so it is whole even where a thread died holding it.
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set(&self, next: LegalTime) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = next;
    }
}

/// Calendar and rules where an organisation is, to start clocks with.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    calendar: Arc<WorkCalendar>,
    rules: Arc<RuleBook>,
    place: Option<(Level, RegionCode)>,
}

impl Desk {
    pub(crate) fn timing(&self) -> Timing<'_> {
        match &self.place {
            Some((level, region)) => Timing::at(&self.calendar, &self.rules, *level, region),
            None => Timing::from(&*self.calendar),
        }
    }
}

impl App {
    /// The nation's calendar as it stands now, with the arrangements of regions to ask it for.
    pub fn calendar(&self) -> Arc<WorkCalendar> {
        self.legal_time.get().calendar
    }

    /// The rule sets in force and those before them.
    pub fn rules(&self) -> Arc<RuleBook> {
        self.legal_time.get().rules
    }

    /// The calendar as it holds in a region; the nation's for none.
    pub fn calendar_of(&self, region: Option<&RegionCode>) -> Arc<WorkCalendar> {
        let calendar = self.calendar();
        match region.filter(|region| calendar.differs_in(region)) {
            Some(region) => Arc::new(calendar.for_region(region)),
            None => calendar,
        }
    }

    /// The calendar that a clock is counted by.
    pub(crate) fn calendar_of_clock(&self, clock: &Clock) -> Arc<WorkCalendar> {
        self.calendar_of(clock.region.as_ref())
    }

    /// What the clocks of an organisation are started with; without one, the Decree and the nation's calendar.
    pub(crate) fn desk_of(&self, organisation: Option<&Organisation>) -> Desk {
        let rules = self.rules();
        let place = organisation.map(|own| (own.level, own.region.clone()));
        Desk { calendar: self.calendar_of(organisation.map(|own| &own.region)), rules, place }
    }
}
