//! `cargo xtask demo`: from a fresh checkout to a running node with data in it.

use crate::{
    setup,
    step::{run as must, step},
    workspace::Workspace,
};
use anyhow::{Context as _, Result};
use std::{os::unix::process::CommandExt as _, process::Command};

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
