//! The store, from outside: one suite, run on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod accounts;
mod aggregates;
mod append_only;
mod cases;
mod commits;
mod databases;
mod legal_time;
mod lists;
mod logs;
mod migrations;
mod papers;
mod requests;
mod samples;
mod writers;
