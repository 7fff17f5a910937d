//! Working days and deadlines against the State Council's notices as others collected them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod days;
mod deadlines;
mod light;
mod naive;
mod notices;
mod second;
mod shared;
