//! The project's own commands: `cargo xtask test | demo | tidy | codegen | bench`.
//!
//! What it is: the only scripts there are. Each command does all of its own set-up on a fresh machine and says what it
//! is doing and why, so that a newcomer, a developer and CI type the same words and see the same thing.
//!
//! What it is not: no part of the product, and it knows nothing of the product but the names of its rooms. It depends
//! on no crate of the workspace, so that it builds in seconds.
//!
//! Where to start: [`check`] is `cargo xtask test` from top to bottom; [`tidy`] holds the tests of the house itself.

#![expect(clippy::print_stdout, reason = "these commands talk to the person who typed them")]

mod bench;
mod browser;
mod check;
mod codegen;
mod demo;
mod setup;
mod step;
mod tidy;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask test            set up this machine, then run every check and every test
cargo xtask demo [ARGS]     set up, build, then `shuqiao demo ARGS`
cargo xtask tidy            the tests of the house itself: edges between rooms, pages, sizes, maps
cargo xtask codegen         write openapi.json and the console's types anew from the program
cargo xtask bench [NAME]    list the benchmarks, or run one";

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "the program's edge: arguments enter here")]
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test"] => check::run(),
        ["demo", rest @ ..] => demo::run(rest),
        ["tidy"] => tidy::run(),
        ["codegen"] => codegen::write(),
        ["bench"] => bench::list(),
        ["bench", name] => bench::run(name),
        _ => {
            println!("{USAGE}");
            return if matches!(words.as_slice(), [] | ["help" | "--help" | "-h"]) {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(2)
            };
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("\nfailed: {error:#}");
            ExitCode::FAILURE
        }
    }
}
