//! What a grant has used of what it may use: calls in a second, rows and bytes in a legal day.

use governor::{
    Quota, RateLimiter,
    clock::{Clock, Reference},
    middleware::StateInformationMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed},
};
use shuqiao_vocabulary::Date;
use std::{
    num::NonZeroU32,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

/// What the meter measures seconds with.
#[derive(Clone, Debug)]
pub enum MeterClock {
    /// The machine's steady clock.
    Steady(Instant),
    /// Nanoseconds that somebody else sets: the clock of tests.
    Given(Arc<AtomicU64>),
}

impl MeterClock {
    /// The machine's steady clock.
    pub fn steady() -> Self {
        Self::Steady(Instant::now())
    }
}

impl Clock for MeterClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        match self {
            Self::Steady(start) => start.elapsed().into(),
            Self::Given(nanoseconds) => nanoseconds.load(Ordering::SeqCst).into(),
        }
    }
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, MeterClock, StateInformationMiddleware>;

/// What was delivered on the last day on which anything was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsedOfDay {
    /// The legal day.
    pub day: Option<Date>,
    /// Rows delivered on it.
    pub rows: u64,
    /// Bytes delivered on it.
    pub bytes: u64,
}

/// The meter of one grant.
pub(crate) struct Meter {
    limiter: Limiter,
    clock: MeterClock,
    calls_per_second: u32,
    used: Arc<Mutex<UsedOfDay>>,
}

/// How a call stands with the limit of calls in a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateState {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset_seconds: u64,
}

/// Rows set aside for one call. What is not delivered goes back, also when the call is given up midway.
pub(crate) struct ReservedRows {
    used: Arc<Mutex<UsedOfDay>>,
    day: Date,
    reserved: u64,
}

/// Bytes set aside for one delivery that is ready; given back unless it is made.
pub(crate) struct ReservedBytes {
    used: Arc<Mutex<UsedOfDay>>,
    day: Date,
    reserved: u64,
}

impl Meter {
    /// A meter that starts from what was delivered before.
    pub(crate) fn new(calls_per_second: u32, clock: &MeterClock, used: UsedOfDay) -> Self {
        Self {
            limiter: limiter(calls_per_second, clock),
            clock: clock.clone(),
            calls_per_second,
            used: Arc::new(Mutex::new(used)),
        }
    }

    /// The meter under changed terms; the rows of the day stay counted.
    pub(crate) fn renewed(&self, calls_per_second: u32, clock: &MeterClock) -> Self {
        Self {
            limiter: limiter(calls_per_second, clock),
            clock: clock.clone(),
            calls_per_second,
            used: self.used.clone(),
        }
    }

    /// Counts a call; `Err` when there were too many.
    pub(crate) fn call(&self) -> Result<RateState, RateState> {
        let limit = self.calls_per_second;
        match self.limiter.check() {
            Ok(state) => Ok(RateState { limit, remaining: state.remaining_burst_capacity(), reset_seconds: 1 }),
            Err(not_until) => {
                let wait = not_until.earliest_possible().duration_since(self.clock.now());
                let reset_seconds = wait.as_u64().div_ceil(1_000_000_000).max(1);
                Err(RateState { limit, remaining: 0, reset_seconds })
            }
        }
    }

    /// Sets aside up to `wanted` rows of the day; `None` when none are left.
    pub(crate) fn reserve(&self, day: Date, wanted: u64, per_day: u64) -> Option<ReservedRows> {
        let mut used = self.of_day(day);
        let reserved = wanted.min(per_day.saturating_sub(used.rows));
        if reserved == 0 {
            return None;
        }
        used.rows += reserved;
        Some(ReservedRows { used: self.used.clone(), day: used.day.unwrap_or(day), reserved })
    }

    /// Sets aside as many bytes of the day; `None` when fewer are left, and when none are left at all.
    pub(crate) fn reserve_bytes(&self, day: Date, wanted: u64, per_day: u64) -> Option<ReservedBytes> {
        let mut used = self.of_day(day);
        let left = per_day.saturating_sub(used.bytes);
        if left == 0 || wanted > left {
            return None;
        }
        used.bytes += wanted;
        Some(ReservedBytes { used: self.used.clone(), day: used.day.unwrap_or(day), reserved: wanted })
    }

    fn of_day(&self, day: Date) -> MutexGuard<'_, UsedOfDay> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        // A call that was given its moment just before midnight must not bring yesterday's count back.
        if used.day.is_none_or(|counted| counted < day) {
            *used = UsedOfDay { day: Some(day), ..UsedOfDay::default() };
        }
        used
    }
}

impl ReservedRows {
    /// How many rows were set aside.
    pub(crate) fn rows(&self) -> u64 {
        self.reserved
    }

    /// Keeps as many as were delivered.
    pub(crate) fn keep(mut self, delivered: u64) {
        self.give_back(self.reserved.saturating_sub(delivered));
        self.reserved = 0;
    }

    fn give_back(&self, unused: u64) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.day == Some(self.day) {
            used.rows = used.rows.saturating_sub(unused);
        }
    }
}

impl Drop for ReservedRows {
    fn drop(&mut self) {
        self.give_back(self.reserved);
    }
}

impl ReservedBytes {
    /// The delivery is made.
    pub(crate) fn keep(mut self) {
        self.reserved = 0;
    }
}

impl Drop for ReservedBytes {
    fn drop(&mut self) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.day == Some(self.day) {
            used.bytes = used.bytes.saturating_sub(self.reserved);
        }
    }
}

fn limiter(calls_per_second: u32, clock: &MeterClock) -> Limiter {
    let quota = Quota::per_second(NonZeroU32::new(calls_per_second).unwrap_or(NonZeroU32::MIN));
    RateLimiter::direct_with_clock(quota, clock.clone()).with_middleware()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shuqiao_vocabulary::Moment;

    #[test]
    fn rows_of_a_day_run_out_and_come_back() {
        let meter = Meter::new(5, &MeterClock::steady(), UsedOfDay::default());
        let day = Moment::from_microseconds(1_754_000_000_000_000).date();
        let first = meter.reserve(day, 60, 100).unwrap();
        assert_eq!(meter.reserve(day, 60, 100).unwrap().rows(), 40);
        first.keep(10);
        let rest = meter.reserve(day, 200, 100).unwrap();
        assert_eq!(rest.rows(), 90);
        rest.keep(90);
        assert!(meter.reserve(day, 1, 100).is_none());
        assert_eq!(meter.reserve(day.tomorrow().unwrap(), 1, 100).unwrap().rows(), 1);
    }

    #[test]
    fn bytes_of_a_day_run_out_and_come_back() {
        let meter = Meter::new(5, &MeterClock::steady(), UsedOfDay::default());
        let day = Moment::from_microseconds(1_754_000_000_000_000).date();
        let first = meter.reserve_bytes(day, 60, 100).unwrap();
        assert!(meter.reserve_bytes(day, 41, 100).is_none(), "a delivery is not cut short");
        drop(first);
        meter.reserve_bytes(day, 100, 100).unwrap().keep();
        assert!(meter.reserve_bytes(day, 0, 100).is_none());
        assert_eq!(meter.reserve(day, 7, 100).unwrap().rows(), 7, "rows are counted apart");
        assert!(meter.reserve_bytes(day.tomorrow().unwrap(), 100, 100).is_some());
    }

    #[test]
    fn calls_of_a_second_run_out_and_come_back() {
        let time = Arc::new(AtomicU64::new(7));
        let meter = Meter::new(3, &MeterClock::Given(time.clone()), UsedOfDay::default());
        assert_eq!((0..3).map(|_| meter.call().unwrap().remaining).collect::<Vec<_>>(), [2, 1, 0]);
        assert_eq!(meter.call().unwrap_err().reset_seconds, 1);
        time.fetch_add(1_000_000_000, Ordering::SeqCst);
        assert_eq!((0..3).filter(|_| meter.call().is_ok()).count(), 3);
    }
}
