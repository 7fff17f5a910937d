//! Weeks in the life of a city, simulated: departments publish and ask, officials do what they may and what they may
//! not, the clock moves through the real holidays of 2025 and 2026, and things go wrong at random. After every step the
//! invariants hold, computed here a second time.
//!
//! The seed is printed; `SIM_SEED=<number>` plays another city, `SIM_FULL=1` the one of full size.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says which city it played"
)]

mod city;
mod faults;
mod invariants;
#[path = "../ports/nothing.rs"]
mod nothing;
mod officials;
mod ports;

use city::City;
use shuqiao_vocabulary::{Date, Moment};

/// How large a city.
#[derive(Debug)]
struct Scale {
    departments: usize,
    entries: usize,
    requests: usize,
}

/// What a room of the suite has time for on two cores.
const SMALL: Scale = Scale { departments: 60, entries: 200, requests: 1_500 };
/// The city of the issue.
const FULL: Scale = Scale { departments: 60, entries: 5_000, requests: 20_000 };
/// Acts that a request takes on average, with those that fail.
const ACTS: usize = 7;

/// First day, last day, and a day of rest that is announced late, on the day given before it.
const STRETCHES: [[&str; 4]; 2] = [
    ["2025-09-26", "2025-10-17", "2025-09-30", "2025-10-10"],
    ["2026-02-06", "2026-03-06", "2026-02-13", "2026-02-27"],
];

#[expect(clippy::disallowed_methods, reason = "who repeats a run names its seed; no configuration of the product")]
fn asked_for(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Eight in the morning.
fn morning(date: Date) -> Moment {
    Moment::end_of_day(date).plus_seconds(1 - 16 * 3_600)
}

/// Futures of unoptimised builds are deep, and the policy engine says no when a stack nears its end: room for both.
const STACK: usize = 64 * 1_024 * 1_024;

#[test]
fn a_city_keeps_the_law_whatever_happens() {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(simulate());
    };
    std::thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
}

async fn simulate() {
    let seed = asked_for("SIM_SEED").unwrap_or(20_250_926);
    let full = asked_for("SIM_FULL").is_some_and(|value| value > 0);
    let scale = if full { FULL } else { SMALL };
    println!("simulation: SIM_SEED={seed} {scale:?}{}", if full { "" } else { " (SIM_FULL=1 for the full city)" });
    let [first, ..] = STRETCHES[0];
    let mut city = City::found(scale.departments, seed, morning(day(first))).await;
    while city.published.len() < scale.entries {
        city.entry_step().await;
    }
    let days: i32 = STRETCHES.iter().map(|[from, until, ..]| (day(until) - day(from)).get_days() + 1).sum();
    let per_day = scale.requests.div_ceil(usize::try_from(days).unwrap());
    for [from, until, announced, off] in STRETCHES {
        let mut today = day(from);
        while today <= day(until) {
            city.now = morning(today);
            if today == day(announced) {
                city.late_notice(day(off)).await;
            }
            a_day(&mut city, per_day).await;
            today = today.tomorrow().unwrap();
        }
        city.check_all(true).await;
        city.check_scorecards(&from[..4]).await;
    }
    println!("simulation: {} requests, {:#?}", city.requests.len(), city.counts);
    for needed in
        ["decide done", "consent denied", "propose refused", "race won", "sent again", "delivery lapsed", "kill"]
    {
        assert!(city.counts.contains_key(needed), "the city never saw: {needed}");
    }
    for code in ["S2", "S5", "S7", "Q4"] {
        assert!(city.counts.contains_key(&format!("scorecard 2026 {code} cases")), "no case behind {code}");
    }
    assert!(city.counts["clock moved by a late notice"] > 0, "no clock ran over the late notices");
}

/// A day: as many new requests as the scale wants, acts on those that are open, and trouble.
async fn a_day(city: &mut City, requests: usize) {
    let seconds = i64::try_from(12 * 3_600 / (requests * ACTS).max(1)).unwrap();
    city.reconcile().await;
    for act in 0..requests * ACTS {
        city.now = city.now.plus_seconds(seconds);
        if act % ACTS == 0 {
            city.ask().await;
        }
        if city.open.is_empty() {
            continue;
        }
        match city.dice.below(200) {
            0..=9 => city.stale_step().await,
            10..=29 => city.race_step().await,
            30..=31 => city.kill_step().await,
            33..=42 => city.case_step().await,
            43..=46 => city.entry_step().await,
            47 => city.reconcile().await,
            _ => city.request_step().await,
        }
    }
    city.check_all(false).await;
}
