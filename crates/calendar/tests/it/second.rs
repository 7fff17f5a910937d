//! A second implementation, and a long random comparison with it. It shares no line with the crate: it reads the yearly
//! files that others made of the notices, knows no date type but its own count of days, and answers by looking up tables
//! made once: the number of each working day, and the day of each number.

use jiff::civil::date;
use shuqiao_calendar::WorkCalendar;

use crate::shared;

/// The comparison is over every start that the notices cover, with deadlines that end within them.
const ROUNDS: usize = 250_000;

/// Days since 1970-01-01 of the proleptic Gregorian calendar, by the well-known arithmetic on March-based years.
fn number_of(text: &str) -> i64 {
    let mut parts = text.split('-').map(|part| part.parse::<i64>().unwrap());
    let (y, m, d) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let y = if m <= 2 { y - 1 } else { y };
    let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    365 * y + y / 4 - y / 100 + y / 400 + day_of_year - 719_468
}

struct Second {
    first: i64,
    /// For each day from `first` on: working days up to and with it.
    worked_through: Vec<usize>,
    /// The working days, as counts of days.
    working: Vec<i64>,
}

impl Second {
    fn read() -> Option<Self> {
        let (first, last) = (number_of("2018-01-01"), number_of("2026-12-31"));
        let mut off: Vec<Option<bool>> = vec![None; usize::try_from(last - first + 1).unwrap()];
        for year in 2018..=2026 {
            for day in shared::json(&format!("data/calendars/natescarlet_{year}.json"))?["days"].as_array().unwrap() {
                let at = number_of(day["date"].as_str().unwrap()) - first;
                if let Some(place) = usize::try_from(at).ok().and_then(|at| off.get_mut(at)) {
                    *place = day["isOffDay"].as_bool();
                }
            }
        }
        let (mut worked_through, mut working) = (Vec::new(), Vec::new());
        for (day, off) in (first..).zip(off) {
            // 1970-01-01 was a Thursday: of the remainders of a week, 2 is a Saturday and 3 a Sunday.
            let weekend = matches!(day.rem_euclid(7), 2 | 3);
            if !off.unwrap_or(weekend) {
                working.push(day);
            }
            worked_through.push(working.len());
        }
        Some(Self { first, worked_through, working })
    }

    fn due(&self, start: i64, working_days: usize) -> Option<i64> {
        let before = self.worked_through[usize::try_from(start - self.first).unwrap()];
        self.working.get(before + working_days - 1).copied()
    }
}

/// xorshift: enough to walk over the dates, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the tester repeats a run by naming its seed in the environment")]
fn a_second_implementation_comes_to_the_same_days_over_all_published_days() {
    let Some(second) = Second::read() else { return };
    let told = std::env::var("SHUQIAO_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed: u64 = told.unwrap_or(0x5eed_2018_2026_0809);
    eprintln!("seed {seed}: {ROUNDS} deadlines; repeat another with SHUQIAO_TEST_SEED");
    let calendar = WorkCalendar::official();
    let days = u64::try_from(second.worked_through.len()).unwrap();
    let epoch = date(1970, 1, 1);
    let day_of = |number: i64| epoch.checked_add(jiff::Span::new().days(number)).unwrap();
    let mut chance = Chance(seed.max(1));
    let mut ended = 0;
    for _ in 0..ROUNDS {
        let start = second.first + i64::try_from(chance.below(days)).unwrap();
        // Mostly the terms of the law, now and then anything up to a year.
        let working_days = if chance.below(4) == 0 { 1 + chance.below(250) } else { 1 + chance.below(40) };
        let working_days = u16::try_from(working_days).unwrap();
        let Some(due) = second.due(start, usize::from(working_days)) else { continue };
        ended += 1;
        let (start, due) = (day_of(start), day_of(due));
        let found = calendar.due_after(start, working_days).unwrap();
        assert_eq!(found.date, due, "seed {seed}: {start} + {working_days}");
        assert_eq!(calendar.working_days_between(start, due), i32::from(working_days), "seed {seed}: {start} to {due}");
    }
    assert!(ended > 200_000, "only {ended} deadlines ended within the published days");
}

/// Every start there is, for the terms that the Decree knows and their longest extensions: nothing is left to chance.
#[test]
fn every_published_day_and_every_term_of_the_law_agree() {
    let Some(second) = Second::read() else { return };
    let calendar = WorkCalendar::official();
    let mut start = date(2018, 1, 1);
    for number in second.first..second.first + i64::try_from(second.worked_through.len()).unwrap() {
        for working_days in [1_u16, 2, 10, 11, 15, 20, 30, 40] {
            if let Some(due) = second.due(number, usize::from(working_days)) {
                let found = calendar.due_after(start, working_days).unwrap().date;
                let found_number = number_of(&found.to_string());
                assert_eq!(found_number, due, "{start} + {working_days} = {found}");
            }
        }
        start = start.tomorrow().unwrap();
    }
    assert_eq!(start, date(2027, 1, 1), "the two count days alike");
}
