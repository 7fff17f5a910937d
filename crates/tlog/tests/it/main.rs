//! The log's arithmetic against a naive reference, for every size up to 600, and against everything bent.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod reference;
mod tree;
mod vectors;
