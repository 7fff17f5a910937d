//! The running node under everything that can be thrown at it: every route by people who may not use it, every write and
//! its record, kills, rivals, bad sources, bad paths, full disks.
//!
//! Each module begins with what it holds. `exceptions.txt` names every answer that differs from the rule, with its reason.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod batch;
mod batch_kill;
mod callers;
mod circular;
mod clocks;
mod crowd;
mod disk;
mod gateways;
mod journal;
mod kill;
mod papers;
mod papers_on_the_way;
mod paths;
mod play;
mod rivals;
mod routes;
mod signing;
mod sources;
mod trace;
mod usage;
mod views;
