//! When somebody is told that a clock runs out.

use crate::samples::*;
use shuqiao_domain::{Clock, law, reminder::told};

/// What is told on each day of March 2026 of a clock of ten working days that started on the 2nd, due on the 16th.
#[test]
fn a_clock_is_told_of_at_yellow_on_the_day_and_after() {
    let calendar = calendar();
    let clock = Clock::start(law::REPLY_CONDITIONAL, noon(day("2026-03-02")), &calendar).unwrap();
    let mut lines = Vec::new();
    let mut last = None;
    let mut date = day("2026-03-02");
    while date <= day("2026-04-01") {
        let found = told(&clock, noon(date), &calendar);
        if found != last {
            lines.push(found.map_or(format!("{date} -"), |(kind, step)| format!("{date} {kind} {step}")));
        }
        (last, date) = (found, date.tomorrow().unwrap());
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    2026-03-12 due_soon 0
    2026-03-16 due_today 0
    2026-03-17 overdue 1
    2026-03-24 overdue 6
    2026-03-31 overdue 11
    ");
}

#[test]
fn over_a_holiday_nobody_is_told_that_it_is_overdue() {
    let calendar = calendar();
    let clock = Clock::start(law::REPLY_UNCONDITIONAL, noon(day("2026-02-13")), &calendar).unwrap();
    let on = |date: &str| told(&clock, noon(day(date)), &calendar).map(|(kind, step)| format!("{kind} {step}"));
    assert_eq!(on("2026-02-13").as_deref(), Some("due_soon 0"));
    assert_eq!(on("2026-02-14").as_deref(), Some("due_today 0"));
    assert_eq!(on("2026-02-15"), None, "no working day has passed");
    assert_eq!(on("2026-02-23"), None);
    assert_eq!(on("2026-02-24").as_deref(), Some("overdue 1"));
}
