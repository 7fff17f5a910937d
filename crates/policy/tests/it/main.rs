//! The policies as a whole: validated, explained in a golden matrix, and held to their properties.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chinese;
mod codes;
mod denial;
mod domain;
mod golden;
mod matrix;
mod properties;
mod scene;
