//! The plane from outside: over its routes, against real files of every form, services, and servers of its own of
//! PostgreSQL and MariaDB.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod assertions;
mod batch;
mod batch_edges;
mod batch_kill;
mod batch_misfit;
mod batch_mysql;
mod batch_process;
mod calls;
mod changes;
mod csv_files;
mod file_delivery;
mod files;
mod forms;
mod gateways;
mod keys;
mod limits;
mod mysql;
mod national;
#[cfg(feature = "odbc")]
mod odbc;
mod receiving;
mod service;
mod share;
mod signatures;
mod sources;
mod tokens;
mod trace;
mod usage_log;
mod verify;
mod views;
mod ways;
mod world;
