//! The demo and its gateways as programs of their own, for tests and benchmarks that are about what follows.

use crate::{
    node::Node,
    stage::{Stage, id},
};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

/// A running node with the demo's story behind it.
pub struct Demo {
    /// The program.
    pub node: Node,
    /// Its data folder.
    pub data: PathBuf,
    /// The social department's system.
    pub system: String,
    /// Its client secret.
    pub secret: String,
}

impl Demo {
    /// Starts `program demo` on a free port with its data in the folder `data`, and waits until it listens. What it tells
    /// of secrets is left in the other folder.
    ///
    /// # Errors
    /// When the program ends before it listens.
    pub fn start(program: &str, folder: &Path, data: PathBuf, more: &[&str]) -> Result<Self> {
        let links = folder.join("links.json");
        let arguments = ["demo", "--data", text(&data)?, "--listen", "127.0.0.1:0", "--links", text(&links)?];
        let node = Node::run(program, &[&arguments[..], more].concat())?;
        let told: Value = serde_json::from_str(&fs::read_to_string(links)?)?;
        let secret = |name: &str| told["secrets"][name].as_str().context("the demo's system").map(str::to_owned);
        Ok(Self { system: secret("system")?, secret: secret("secret")?, node, data })
    }

    /// So many grants over the demo's register of people, made over HTTP as any other, with limits that no benchmark
    /// reaches alone, and the last day of them. The rows are a range of the key, so that the source finds a page at once.
    ///
    /// # Errors
    /// When one of the steps does not succeed.
    pub async fn unhindered(&self, stage: &Stage, items: &[&str], count: usize) -> Result<(Vec<Value>, String)> {
        let mut content = stage.entry_content("police", "persons").await?;
        content["name"] = json!("人口基础信息（性能测试）");
        content["limits"] =
            json!({"calls_per_second_max": 5_000, "rows_per_call_max": 1_000, "rows_per_day_max": 1_000_000_000});
        let entry = stage.published("police", &content).await?;
        let day = entry["secrecy"]["date"].as_str().context("the day of the demo")?;
        let (year, rest) = day.split_once('-').context("a day")?;
        let until = format!("{}-{}", year.parse::<u32>()? + 1, if rest == "02-29" { "02-28" } else { rest });
        let mut request = Stage::request_content(id(&entry)?, items, &self.system, day, &until);
        request["rows"] = json!([{"item": "id_number", "prefix": "5203"}]);
        request["calls_per_second"] = json!(5_000);
        request["rows_per_day"] = json!(1_000_000_000);
        let mut grants = Vec::new();
        for _ in 0..count {
            grants.push(stage.granted("police", &request).await?);
        }
        Ok((grants, until))
    }
}

/// A gateway as a program, with its folder.
pub struct Gateway {
    /// The running gateway.
    pub node: Node,
    /// Its id on the node.
    pub id: String,
    program: String,
    folder: PathBuf,
    intake: PathBuf,
}

impl Gateway {
    /// Registers a gateway of the police department on the node with this data folder, and starts it in a folder of its
    /// own.
    ///
    /// # Errors
    /// When it cannot be registered, or ends before it listens.
    pub async fn new(program: &str, stage: &Stage, data: &Path, folder: PathBuf) -> Result<Self> {
        let body = json!({"name": "公安网关"});
        let registered = stage.act("police.officer", "POST /api/v1/gateways", None, Some(&body)).await?;
        fs::create_dir_all(&folder)?;
        let file = folder.join("enrolment.json");
        fs::write(&file, registered["enrolment"].as_str().context("an enrolment")?)?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?;
        let intake = data.join("intake");
        let node = run(program, &folder, &intake)?;
        Ok(Self { node, id: id(&registered)?.to_owned(), program: program.to_owned(), folder, intake })
    }

    /// Kills it and starts it again in its folder.
    ///
    /// # Errors
    /// When it ends before it listens.
    pub fn start_again(&mut self) -> Result<()> {
        self.node.kill()?;
        self.node = run(&self.program, &self.folder, &self.intake)?;
        Ok(())
    }
}

/// Builds the program in release with these features, for a benchmark; where it then is.
///
/// # Errors
/// When the build fails.
pub fn released(root: &Path, features: &[&str]) -> Result<PathBuf> {
    let cargo = ["build", "--release", "--package", "shuqiao", "--features", &features.join(",")];
    let status = Command::new(env!("CARGO")).args(cargo).current_dir(root).status()?;
    ensure!(status.success(), "the build ended with {status}");
    // Beside the benchmark's own folder: .../target/debug/bench-call
    let ours = std::env::current_exe()?;
    Ok(ours.ancestors().nth(2).context("the folder of what cargo builds")?.join("release").join("shuqiao"))
}

fn run(program: &str, folder: &Path, intake: &Path) -> Result<Node> {
    let (data, file) = (folder.join("data"), folder.join("enrolment.json"));
    let told = ["gateway", "--data", text(&data)?, "--enrolment", text(&file)?, "--listen", "127.0.0.1:0"];
    Node::run(program, &[&told[..], &["--source-folder", text(intake)?]].concat())
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a folder whose name is not Unicode")
}
