//! The contract is generated from the program and committed: `openapi.json`, and from it the console's types.

use crate::{
    step::{read, run, step},
    workspace::Workspace,
};
use anyhow::{Context as _, Result, bail};
use std::{path::PathBuf, process::Command};

/// Files that `write` makes, from the root.
const MADE: &[&str] = &["openapi.json", "console/src/api/schema.d.ts"];

/// `cargo xtask codegen`.
pub(crate) fn write() -> Result<()> {
    let workspace = &Workspace::find()?;
    step("codegen: openapi.json from the program, the console's types from openapi.json", || make(workspace))
}

/// Makes the files anew and compares. What was there before is put back, so that a check changes nothing.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let paths: Vec<PathBuf> = MADE.iter().map(|name| workspace.path(name)).collect();
    let before: Vec<Vec<u8>> = paths
        .iter()
        .map(|path| std::fs::read(path).with_context(|| format!("{}: run `cargo xtask codegen`", path.display())))
        .collect::<Result<_>>()?;
    let made = make(workspace);
    let mut stale = Vec::new();
    for ((path, before), name) in paths.iter().zip(&before).zip(MADE) {
        if std::fs::read(path).is_ok_and(|after| after != *before) {
            stale.push(*name);
        }
        std::fs::write(path, before).with_context(|| path.display().to_string())?;
    }
    made?;
    if !stale.is_empty() {
        bail!("not what the program says: {}; run `cargo xtask codegen` and commit", stale.join(", "));
    }
    Ok(())
}

fn make(workspace: &Workspace) -> Result<()> {
    // The whole workspace's set of binaries, not one package: libraries then keep the features they have in the tests.
    run(Command::new("cargo").args(["build", "--workspace", "--bins"]).current_dir(&workspace.root))?;
    let program = workspace.target.join("debug/shuqiao");
    let contract = read(Command::new(program).arg("openapi"))?;
    std::fs::write(workspace.path("openapi.json"), contract).context("openapi.json")?;
    run(Command::new("npm").args(["run", "codegen"]).current_dir(workspace.path("console")))
}
