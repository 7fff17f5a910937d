//! The main job in a real browser: a private node with demo data, and the script that walks through it by role.

use crate::{step::run, workspace::Workspace};
use anyhow::{Context as _, Result};
use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

/// Starts a node of its own on a free port with an empty folder, runs `console/e2e/main-job.mjs` against it, ends it.
#[expect(dead_code, reason = "not yet a step of `test`: registered when the script is there")]
pub(crate) fn browser(workspace: &Workspace) -> Result<()> {
    let data = workspace.target.join("browser-test");
    if data.exists() {
        std::fs::remove_dir_all(&data).context("the folder of an earlier browser test")?;
    }
    std::fs::create_dir_all(&data).context("a folder for the browser test")?;
    let node = Node::start(workspace, &data)?;
    run(Command::new("node")
        .arg("e2e/main-job.mjs")
        .current_dir(workspace.path("console"))
        .env("SHUQIAO_E2E_LINKS", &node.links))
}

/// A running demo; ended when this value is dropped.
struct Node {
    process: Child,
    /// What the demo prints until it serves: its address and one-time links, as JSON.
    links: String,
    /// Held open: the demo must not find its output closed.
    output: BufReader<ChildStdout>,
}

impl Node {
    fn start(workspace: &Workspace, data: &std::path::Path) -> Result<Self> {
        let mut process = Command::new(workspace.target.join("debug/shuqiao"))
            .args(["demo", "--listen", "127.0.0.1:0", "--json", "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start the demo")?;
        let output = process.stdout.take().context("the demo's output")?;
        let mut node = Self { process, links: String::new(), output: BufReader::new(output) };
        node.output.read_line(&mut node.links).context("the demo's first line")?;
        anyhow::ensure!(!node.links.trim().is_empty(), "the demo ended before it printed its links");
        Ok(node)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Err(error) = self.process.kill().and_then(|()| self.process.wait().map(drop)) {
            eprintln!("the demo could not be ended: {error}");
        }
    }
}
