//! `cargo xtask demo`: from a fresh checkout to a running node with data in it.

use crate::{
    setup,
    step::{run as must, step},
    workspace::Workspace,
};
use anyhow::{Context as _, Result};
use std::{os::unix::process::CommandExt as _, process::Command};

/// Built with the dev profile, as the tests are: cold, that is about 300 s of processor time, some three minutes on two
/// idle cores, while an optimised build takes several times as long; and a person who tries the demo waits for its first
/// page, not for its thousandth call. What would be slow unoptimised (passwords, SQLite, hashes, signatures) is optimised
/// by name in the root manifest; the demo's 120,000 rows then take two to three seconds. And who has run the tests has
/// the demo already built, and the other way round.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let workspace = &Workspace::find()?;
    step("Node: builds the console, installed when missing", setup::debian_for_demo)?;
    setup::node_packages(workspace)?;
    setup::console_build(workspace)?;
    step("cargo build: the program (the first time all libraries are built: minutes)", || {
        must(Command::new("cargo").args(["build", "--workspace", "--bins"]).current_dir(&workspace.root))
    })?;
    let program = workspace.target.join("debug/shuqiao");
    println!("==> shuqiao demo {}", arguments.join(" "));
    // In place of this process, so that Ctrl-C and signals reach the program and nobody stands in between.
    let refused = Command::new(&program).arg("demo").args(arguments).current_dir(&workspace.root).exec();
    Err(refused).with_context(|| format!("could not start {}", program.display()))
}
