//! The program of a node.
//!
//! What it is: the command line, the configuration, and the composition root where the rooms meet: the workflow
//! (`http` over `app`), the data plane, and between them the three ports of `app`, wired in [`compose`].
//!
//! What it is not: it decides nothing. It is the only place that reads files, arguments and the clock (INVARIANT
//! config-at-the-root, INVARIANT time-enters-once).
//!
//! Where to start: [`cli`] for what it can be told, then [`serve`].

mod cli;
mod compose;
mod data_dir;
mod deadline;
mod demo;
mod edge;
mod gateway;
mod regions;
mod seed;
mod serve;
mod trace;
mod verify;

use clap::Parser;
use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A password check takes 19 MiB. The C library's allocator keeps such blocks for each thread that ever made one: an idle
/// node then held 206 MB after thirteen log-ins. This one gives them back.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    // One provider of cryptography for all clients; the first to be installed, so it cannot be refused.
    let _there = rustls::crypto::ring::default_provider().install_default();
    match cli::run(arguments) {
        Ok(code) => code,
        Err(error) => {
            // One line for people: what failed, and the chain of why.
            eprintln!("shuqiao: {error:#}");
            ExitCode::FAILURE
        }
    }
}
