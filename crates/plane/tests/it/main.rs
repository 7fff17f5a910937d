//! The plane from outside: over its routes, against real SQLite files, CSV files and a PostgreSQL server of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod calls;
mod csv_files;
mod differential;
mod forms;
mod sources;
mod tokens;
mod usage_log;
mod views;
mod world;
