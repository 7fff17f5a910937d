//! The program as its users meet it: its command line, and stories over HTTP on a running node.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command_line;
mod import;
mod outside;
mod public_record;
mod scorecards;
mod seeds;
mod stories;
mod tables;
mod world;
