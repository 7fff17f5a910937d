//! The room of workbooks, by real files and by hostile ones.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod forms;
mod hostile;
mod real;
mod round_trip;
mod support;
