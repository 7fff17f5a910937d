//! The engine against a naive reading of the same view and conditions over the same rows, in memory.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod differential;
mod threshold;
