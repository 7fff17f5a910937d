//! Which days are worked.

use jiff::civil::date;
use shuqiao_calendar::{CalendarError, DayKind, WorkCalendar, YearPlan};
use std::collections::BTreeMap;

use crate::{naive::Naive, shared};

fn works(calendar: &WorkCalendar, date: shuqiao_vocabulary::Date) -> bool {
    calendar.is_working_day(date).kind == DayKind::Working
}

#[test]
fn every_day_from_2018_to_2026_is_as_the_notices_say() {
    let Some(naive) = Naive::read() else { return };
    let calendar = WorkCalendar::official();
    let mut day = date(2017, 12, 1);
    while day < date(2027, 2, 1) {
        assert_eq!(works(&calendar, day), naive.works(day), "{day}");
        day = day.tomorrow().unwrap();
    }
}

#[test]
fn every_notice_is_named() {
    let calendar = WorkCalendar::official();
    assert_eq!(calendar.years().keys().copied().collect::<Vec<_>>(), (2018..=2026).collect::<Vec<_>>());
    for (year, plan) in calendar.years() {
        assert!(plan.notices[0].number.starts_with(&format!("国办发明电〔{}〕", year - 1)), "{year}");
        let Some(file) = shared::json(&format!("data/calendars/natescarlet_{year}.json")) else { return };
        let papers: Vec<_> = file["papers"].as_array().unwrap().iter().map(|url| url.as_str().unwrap()).collect();
        assert_eq!(plan.notices.iter().map(|notice| notice.url.as_str()).collect::<Vec<_>>(), papers);
    }
}

#[test]
fn the_plans_do_not_contradict_themselves() {
    let official = WorkCalendar::official();
    let again = WorkCalendar::of(official.version().to_owned(), official.years().clone());
    assert_eq!(again.unwrap(), official);

    let mut plan = YearPlan::default();
    plan.off.insert(date(2027, 1, 1));
    plan.work.insert(date(2027, 1, 1));
    let contradiction = WorkCalendar::of("test".to_owned(), BTreeMap::from([(2027, plan)]));
    assert_eq!(contradiction, Err(CalendarError::Contradiction { date: date(2027, 1, 1) }));
}

/// Working days by month, as printed in section 5.2 of the regulation notes.
#[test]
fn the_months_have_the_counts_of_the_notes() {
    let calendar = WorkCalendar::official();
    for (year, counts) in [
        (2024, [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22]),
        (2025, [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23]),
        (2026, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]),
    ] {
        for (month, expected) in (1..=12).zip(counts) {
            let first = date(year, month, 1);
            let found = calendar.working_days_between(first.yesterday().unwrap(), first.last_of_month());
            assert_eq!(found, expected, "{year}-{month:02}");
        }
    }
}

/// The other collection, made by other people: the exceptions of 2024 to 2026.
#[test]
fn the_second_collection_agrees() {
    let Some(file) = shared::json("regulation/calendar-2024-2026.json") else { return };
    let calendar = WorkCalendar::official();
    for (year, lists) in file["years"].as_object().unwrap() {
        let dates = |list: &str| -> Vec<shuqiao_vocabulary::Date> {
            lists[list].as_array().unwrap().iter().map(|day| day.as_str().unwrap().parse().unwrap()).collect()
        };
        let (off, worked) = (dates("weekdays_off"), dates("weekend_working"));
        let mut day = date(year.parse().unwrap(), 1, 1);
        while day.year().to_string() == *year {
            let weekend = day.weekday().to_monday_one_offset() > 5;
            let expected = if weekend { worked.contains(&day) } else { !off.contains(&day) };
            assert_eq!(works(&calendar, day), expected, "{day}");
            day = day.tomorrow().unwrap();
        }
    }
}

#[test]
fn the_days_around_new_year_follow_the_next_notice() {
    let calendar = WorkCalendar::official();
    assert!(works(&calendar, date(2018, 12, 29)), "a worked Saturday");
    assert!(!works(&calendar, date(2018, 12, 31)), "a Monday off");
    // The notice for 2027 may still move days of the last week of 2026.
    assert!(!calendar.is_working_day(date(2026, 12, 24)).provisional);
    assert!(calendar.is_working_day(date(2026, 12, 31)).provisional);
    assert!(!calendar.is_working_day(date(2025, 12, 31)).provisional);
}

#[test]
fn years_without_a_notice_are_provisional() {
    if let Some(file) = shared::json("data/calendars/natescarlet_2027_incomplete.json") {
        assert!(file["days"].as_array().unwrap().is_empty(), "2027 has been announced: add it to the table");
    }
    let calendar = WorkCalendar::official();
    for day in [date(2027, 1, 4), date(2017, 6, 1), date(1970, 1, 1), date(9999, 12, 31)] {
        assert!(calendar.is_working_day(day).provisional, "{day}");
    }
    assert!(works(&calendar, date(2027, 1, 4)) && !works(&calendar, date(2027, 1, 2)));
}
