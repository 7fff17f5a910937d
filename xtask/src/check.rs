//! `cargo xtask test`: everything that must hold before a change lands, quickest first.

use crate::{
    browser, codegen, setup,
    step::{run as must, step},
    tidy,
    workspace::Workspace,
};
use anyhow::Result;
use std::process::Command;

pub(crate) fn run() -> Result<()> {
    let workspace = &Workspace::find()?;
    step("Debian packages: servers, a browser and checkers that the tests use, installed when missing", || {
        setup::debian_for_tests()
    })?;
    setup::node_packages(workspace)?;
    let python = setup::python_environment(workspace)?;

    step("tidy: the house itself, as the map and the law say it is", || tidy::check(workspace))?;
    step("cargo fmt: one way to write", || must(cargo(workspace).args(["fmt", "--all", "--check"])))?;
    // Before cargo, since the program carries the console's pages.
    setup::console_build(workspace)?;
    step("cargo clippy: the house rules that are lints (the first time all libraries are checked: minutes)", || {
        must(cargo(workspace).args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    })?;
    step("cargo test: every room (the first time all libraries are built: minutes)", || {
        let mut command = cargo(workspace);
        command.args(["test", "--workspace"]).env("SHUQIAO_TEST_PYTHON", python.join("bin/python"));
        if let Some(shared) = workspace.shared() {
            command.env("SHUQIAO_SHARED", shared);
        }
        must(&mut command)
    })?;
    step("cargo test: sources behind ODBC drivers, a feature that is off elsewhere", || {
        // Of the whole workspace, since another choice of packages would build the libraries anew.
        let with_odbc = ["--workspace", "--features", "shuqiao/odbc"];
        must(cargo(workspace).arg("clippy").args(with_odbc).args(["--all-targets", "--", "-D", "warnings"]))?;
        // The tests write their data sources into this file: a test may not change its own environment.
        let file = workspace.target.join("odbc-test.ini");
        let tests = ["--test", "it", "--", "odbc", "drivers"];
        must(cargo(workspace).arg("test").args(with_odbc).args(tests).env("ODBCINI", file))
    })?;
    step("codegen: openapi.json and the console's types are what the program says", || codegen::check(workspace))?;
    step("npm run lint: the console's rules", || {
        must(Command::new("npm").args(["run", "lint"]).current_dir(workspace.path("console")))
    })?;
    step("npm test: the console's own tests", || {
        must(Command::new("npm").args(["run", "test"]).current_dir(workspace.path("console")))
    })?;
    step("the main job in a real browser, by role, on a node of its own", || browser::browser(workspace))
}

fn cargo(workspace: &Workspace) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(&workspace.root);
    command
}
