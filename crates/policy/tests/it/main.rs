//! The policies as a whole: validated, explained in a golden matrix, and held to their properties.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod set;
