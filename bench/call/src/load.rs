//! One run of wrk, and its figures.

use crate::signed::Caller;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{path::Path, process::Command};

/// Connections that call at the same time, each the next call when it has its answer.
const CONNECTIONS: u32 = 32;

/// What is called.
pub(crate) struct Load<'a> {
    /// The script.
    pub(crate) script: &'a Path,
    /// `http://host:port`
    pub(crate) base: &'a str,
    /// Path and body of the calls, taken in turn.
    pub(crate) calls: Vec<(String, String)>,
    /// The access token.
    pub(crate) token: &'a str,
    /// Who signs each call, where calls are signed, and the file for them.
    pub(crate) signed: Option<(&'a Caller, &'a Path)>,
}

/// What came of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    pub(crate) calls: u64,
    pub(crate) calls_per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

impl Load<'_> {
    /// Calls for so many seconds. Anything but a 200 of at least so many bytes fails the benchmark: a refusal is quick,
    /// and would make a fine figure.
    ///
    /// At most `calls_max` signed calls are prepared; a run that needs more fails, since the node takes none twice.
    pub(crate) fn run(&self, seconds: u32, bytes_min: u64, calls_max: u64) -> Result<Figures> {
        let mut signed = String::new();
        if let Some((caller, file)) = self.signed {
            caller.write(file, self.base, &self.calls, calls_max)?;
            signed = file.to_str().context("a path")?.to_owned();
        }
        let calls: Vec<String> = self.calls.iter().map(|(path, body)| format!("{path} {body}")).collect();
        let output = Command::new("wrk")
            .args(["--threads", "1", "--connections", &CONNECTIONS.to_string()])
            .args(["--duration", &format!("{seconds}s"), "--latency", "--script"])
            .arg(self.script)
            .arg(self.base)
            .env("BENCH_TOKEN", self.token)
            .env("BENCH_CALLS", calls.join("\n"))
            .env("BENCH_SIGNED", signed)
            .output()
            .context("wrk cannot be started (apt: wrk)")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().find_map(|line| line.strip_prefix("figures "));
        let line = line.with_context(|| format!("wrk: {text}{}", String::from_utf8_lossy(&output.stderr)))?;
        let found: Value = serde_json::from_str(line)?;
        let number = |name: &str| found[name].as_u64().with_context(|| format!("no {name} in {line}"));
        let (calls, microseconds) = (number("requests")?, number("microseconds")?);
        ensure!(calls > 0, "no call was answered: {line}");
        ensure!(number("refused")? == 0, "not every answer was a 200: {line}");
        ensure!(number("broken")? == 0, "connections broke: {line}");
        ensure!(number("bytes")? / calls >= bytes_min, "answers are smaller than the one that was looked at: {line}");
        Ok(Figures {
            calls,
            calls_per_second: calls as f64 * 1e6 / microseconds as f64,
            p50_ms: number("p50")? as f64 / 1e3,
            p99_ms: number("p99")? as f64 / 1e3,
        })
    }
}
