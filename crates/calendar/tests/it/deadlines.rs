//! When deadlines end, and how many working days are left.

use jiff::civil::date;
use proptest::prelude::*;
use shuqiao_calendar::{CalendarError, WORKING_DAYS_MAX, WorkCalendar};
use shuqiao_vocabulary::{Date, Moment};

use crate::{naive::Naive, shared};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Section 5.3 of the regulation notes: received, working days, due.
const VECTORS: &[(&str, u16, &str)] = &[
    ("2025-08-01", 1, "2025-08-04"),
    ("2025-08-01", 10, "2025-08-15"),
    ("2025-08-01", 20, "2025-08-29"),
    ("2025-09-26", 1, "2025-09-28"),
    ("2025-09-27", 1, "2025-09-28"),
    ("2025-09-30", 1, "2025-10-09"),
    ("2025-09-30", 10, "2025-10-21"),
    ("2025-09-30", 20, "2025-11-04"),
    ("2025-10-10", 1, "2025-10-11"),
    ("2025-12-31", 1, "2026-01-04"),
    ("2025-12-31", 10, "2026-01-15"),
    ("2026-01-30", 10, "2026-02-13"),
    ("2026-02-13", 1, "2026-02-14"),
    ("2026-02-14", 1, "2026-02-24"),
    ("2026-02-14", 10, "2026-03-06"),
    ("2026-02-14", 20, "2026-03-20"),
    ("2026-04-30", 1, "2026-05-06"),
    ("2026-04-30", 10, "2026-05-18"),
    ("2026-05-08", 1, "2026-05-09"),
    ("2026-09-18", 2, "2026-09-21"),
    ("2026-09-24", 1, "2026-09-28"),
    ("2026-09-30", 10, "2026-10-20"),
    ("2026-09-30", 20, "2026-11-03"),
    ("2024-02-09", 1, "2024-02-18"),
    ("2024-09-30", 5, "2024-10-12"),
];

#[test]
fn the_vectors_of_the_notes_hold() {
    let calendar = WorkCalendar::official();
    for (received, working_days, due) in VECTORS {
        let found = calendar.due_after(day(received), *working_days).unwrap();
        assert_eq!((found.date, found.provisional), (day(due), false), "{received} + {working_days}");
        assert_eq!(found.calendar, "CN-2018..2026");
        assert_eq!(calendar.working_days_between(day(received), day(due)), i32::from(*working_days));
    }
}

#[test]
fn the_shared_vectors_hold() {
    let calendar = WorkCalendar::official();
    let Some(table) = shared::text("data/calendars/deadline_vectors.csv") else { return };
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 120);
    for row in rows {
        let found = calendar.due_after(day(row[0]), row[1].parse().unwrap()).unwrap();
        assert_eq!(found.date, day(row[2]), "{row:?}");
    }
    let file = shared::json("regulation/calendar-2024-2026.json").unwrap();
    for vector in file["vectors"].as_array().unwrap() {
        let working_days = u16::try_from(vector["working_days"].as_u64().unwrap()).unwrap();
        let found = calendar.due_after(day(vector["received"].as_str().unwrap()), working_days).unwrap();
        assert_eq!(found.date, day(vector["due"].as_str().unwrap()), "{vector}");
    }
}

#[test]
fn a_deadline_ends_with_its_last_day_in_shanghai() {
    let deadline = WorkCalendar::official().end_of_day_after(day("2025-08-01"), 1).unwrap();
    assert_eq!(deadline.due.to_string(), "2025-08-04T15:59:59Z");
    assert_eq!(deadline.due, Moment::end_of_day(day("2025-08-04")));
    assert!(!deadline.provisional);
}

#[test]
fn a_deadline_that_runs_past_the_notices_is_provisional() {
    let calendar = WorkCalendar::official();
    assert!(!calendar.due_after(day("2026-12-09"), 10).unwrap().provisional);
    assert!(calendar.due_after(day("2026-12-11"), 10).unwrap().provisional, "ends on 2026-12-25");
    let next_year = calendar.end_of_day_after(day("2026-12-31"), 10).unwrap();
    assert!(next_year.provisional);
    assert_eq!(next_year.due, Moment::end_of_day(day("2027-01-14")), "Monday to Friday, no holiday known");
    assert!(calendar.due_after(day("2017-12-01"), 60).unwrap().provisional, "counts days before the table");
}

#[test]
fn no_days_at_all_end_on_the_day_or_on_the_next_working_day() {
    let calendar = WorkCalendar::official();
    assert_eq!(calendar.due_after(day("2025-09-30"), 0).unwrap().date, day("2025-09-30"));
    assert_eq!(calendar.due_after(day("2025-10-01"), 0).unwrap().date, day("2025-10-09"));
}

#[test]
fn what_is_out_of_bounds_says_so() {
    let calendar = WorkCalendar::official();
    let check = |start: Date, working_days: u16, error: CalendarError| {
        assert_eq!(calendar.due_after(start, working_days), Err(error.clone()));
        assert_eq!(calendar.end_of_day_after(start, working_days), Err(error));
    };
    check(date(2025, 1, 1), 10_001, CalendarError::TooManyDays { found: 10_001 });
    check(date(1969, 12, 31), 1, CalendarError::OutOfRange { date: date(1969, 12, 31) });
    check(Date::MIN, 1, CalendarError::OutOfRange { date: Date::MIN });
    check(Date::MAX, 1, CalendarError::BeyondTheEnd { start: Date::MAX, working_days: 1 });
    check(date(9999, 12, 1), 60, CalendarError::BeyondTheEnd { start: date(9999, 12, 1), working_days: 60 });
    assert!(calendar.due_after(date(1970, 1, 1), WORKING_DAYS_MAX).is_ok());
}

#[test]
fn what_is_left_is_counted_both_ways() {
    let calendar = WorkCalendar::official();
    let left = |today: &str, due: &str| calendar.working_days_between(day(today), day(due));
    assert_eq!(left("2025-09-30", "2025-10-09"), 1);
    assert_eq!(left("2025-10-09", "2025-10-09"), 0);
    assert_eq!(left("2025-10-11", "2025-10-09"), -2, "Friday and the worked Saturday have passed");
    assert_eq!(left("2025-10-12", "2025-10-11"), 0, "overdue since a Saturday, no working day has passed");
    assert_eq!(
        calendar.working_days_between(Date::MIN, Date::MAX),
        -calendar.working_days_between(Date::MAX, Date::MIN)
    );
}

fn dates() -> impl Strategy<Value = Date> {
    (2016_i16..=2028, 1_i8..=12, 1_i8..=31).prop_filter_map("a date", |(y, m, d)| Date::new(y, m, d).ok())
}

#[test]
fn a_naive_walker_comes_to_the_same_days() {
    let Some(naive) = Naive::read() else { return };
    let calendar = WorkCalendar::official();
    proptest!(|(start in dates(), other in dates(), working_days in 1_u16..=400)| {
        prop_assert_eq!(calendar.due_after(start, working_days).unwrap().date, naive.due(start, working_days));
        prop_assert_eq!(calendar.working_days_between(start, other), naive.between(start, other));
    });
}

proptest! {
    #[test]
    fn nothing_panics_and_deadlines_only_grow(
        year in -9999_i16..=9999, month in 1_i8..=12, d in 1_i8..=28, working_days in 1_u16..,
    ) {
        let start = Date::new(year, month, d).unwrap();
        let calendar = WorkCalendar::official();
        calendar.is_working_day(start);
        calendar.working_days_between(start, Date::MAX);
        if let (Ok(one), Ok(next)) = (
            calendar.due_after(start, working_days),
            calendar.due_after(start, working_days.saturating_add(1)),
        ) {
            prop_assert!(one.date < next.date);
            prop_assert!(one.date > start);
            prop_assert_eq!(calendar.working_days_between(start, one.date), i32::from(working_days));
        }
    }

    #[test]
    fn a_week_that_no_notice_arranges_has_five_working_days(
        year in -9999_i16..=9900, month in 1_i8..=12, d in 1_i8..=28, weeks in 0_i32..=500,
    ) {
        prop_assume!(!(2000..=2030).contains(&year));
        let start = Date::new(year, month, d).unwrap();
        let end = start.checked_add(jiff::Span::new().weeks(weeks)).unwrap();
        prop_assume!(end.year() < 2017 || start.year() > 2026);
        prop_assert_eq!(WorkCalendar::official().working_days_between(start, end), weeks * 5);
    }
}
