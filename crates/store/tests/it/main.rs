//! The store, from outside: one suite, run on SQLite and on PostgreSQL.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod aggregates;
mod append_only;
mod batch_tasks;
mod book;
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
