//! The lights of the inbox.

use shuqiao_calendar::{Light, WorkCalendar};

fn check(today: &str, started: &str, due: &str, expected: Light) {
    let calendar = WorkCalendar::official();
    let [today, started, due] = [today, started, due].map(|text| text.parse().unwrap());
    assert_eq!(calendar.light(today, started, due, false), expected, "{today}: {started} to {due}");
    assert_eq!(calendar.light(today, started, due, true), Light::Grey);
}

#[test]
fn lights_change_as_the_days_pass() {
    // Ten working days: 2025-08-01 to 2025-08-15.
    check("2025-08-01", "2025-08-01", "2025-08-15", Light::Green);
    check("2025-08-12", "2025-08-01", "2025-08-15", Light::Green);
    check("2025-08-13", "2025-08-01", "2025-08-15", Light::Yellow);
    check("2025-08-15", "2025-08-01", "2025-08-15", Light::Orange);
    check("2025-08-16", "2025-08-01", "2025-08-15", Light::Red);
    // Twenty working days: a fifth are four.
    check("2025-08-22", "2025-08-01", "2025-08-29", Light::Green);
    check("2025-08-25", "2025-08-01", "2025-08-29", Light::Yellow);
    // One working day is yellow from the start, over the whole holiday.
    check("2025-09-30", "2025-09-30", "2025-10-09", Light::Yellow);
    check("2025-10-08", "2025-09-30", "2025-10-09", Light::Yellow);
}

#[test]
fn spellings_are_for_ever() {
    let spellings: Vec<_> = Light::ALL.iter().map(|light| light.as_str()).collect();
    assert_eq!(spellings, ["green", "yellow", "orange", "red", "grey"]);
}
