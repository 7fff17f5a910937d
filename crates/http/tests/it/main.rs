//! The interface from outside: real routes over a real store in a folder of its own, with a clock that tests move.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod coverage;
mod effects;
mod golden;
mod leads;
mod node;
#[path = "../../../app/tests/ports/nothing.rs"]
mod nothing;
mod paths;
mod problems;
mod session;
mod upload;
