//! Walks in a real browser, each on a private node with demo data: the main job by role, from an otherwise empty catalogue,
//! and what the demo's own story leaves for a visitor.

use crate::{step::run, workspace::Workspace};
use anyhow::{Context as _, Result, ensure};
use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

/// Starts a node of its own for each walk, on a free port with an empty folder, and ends it after the walk.
pub(crate) fn browser(workspace: &Workspace) -> Result<()> {
    let data = workspace.target.join("browser-test");
    if data.exists() {
        std::fs::remove_dir_all(&data).context("the folder of an earlier browser test")?;
    }
    for (walk, more) in [("main-job", &["--empty"][..]), ("in-bulk", &[])] {
        let data = data.join(walk);
        std::fs::create_dir_all(&data).context("a folder for the browser test")?;
        let node = Node::start(workspace, &data, more)?;
        run(Command::new("node")
            .arg(format!("e2e/{walk}.mjs"))
            .arg(&node.links)
            .arg(data.join("pictures"))
            .current_dir(workspace.path("console")))?;
    }
    Ok(())
}

/// A running demo; ended when this value is dropped.
struct Node {
    process: Child,
    /// The file with its address and one-time links.
    links: PathBuf,
    /// Held open: the demo must not find its output closed.
    _output: BufReader<ChildStdout>,
}

impl Node {
    /// A demo with small registers; returns once it listens.
    fn start(workspace: &Workspace, data: &Path, more: &[&str]) -> Result<Self> {
        let links = data.join("links.json");
        let mut process = Command::new(workspace.target.join("debug/shuqiao"))
            .args(["demo", "--listen", "127.0.0.1:0", "--persons", "2000", "--enterprises", "300", "--data"])
            .arg(data.join("node"))
            .arg("--links")
            .arg(&links)
            .args(more)
            // One line for each request would bury what the walk says.
            .env("SHUQIAO_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start the demo")?;
        let mut output = BufReader::new(process.stdout.take().context("the demo's output")?);
        let listens = (&mut output).lines().map_while(Result::ok).any(|line| line.starts_with("listening on "));
        let node = Self { process, links, _output: output };
        ensure!(listens, "the demo ended before it listened");
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
