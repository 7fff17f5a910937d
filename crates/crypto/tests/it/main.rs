//! Proof files, notes and digests as strangers see them: against published vectors, against other people's tools, and
//! against whoever bends a byte.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod log;
mod offline;
mod outside;
mod sm3;
mod strangers;
