//! How long a revoked grant still delivers: on the node, at two gateways that follow it, and at gateways whose node has
//! fallen silent. Calls go on all the time; what counts is the answer that brought data last.
//!
//! What it is not: a test. That a revocation holds, and that a gateway without its node denies, is asserted by tests; here
//! it is timed, against what is promised and beside the time of a plain call of the same run.
//!
//! Where to start: [`main`], then `README.md` beside it for what was found.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use shuqiao_testkit::{
    demo::{Demo, Gateway, released},
    node::Client,
    stage::{Stage, access_token, id},
};
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};
use tokio::task::{JoinHandle, spawn};

/// Revocations; odd, so that the median is one of them.
const REVOCATIONS: usize = 21;
/// Times that the node falls silent.
const SILENCES: usize = 5;
/// What is promised on the node, and over gateways and at those cut off.
const PROMISED: [(&str, Duration); 3] = [
    ("revoked, on the node", Duration::from_secs(1)),
    ("revoked, over a gateway", Duration::from_secs(5)),
    ("node silent, at a gateway", Duration::from_secs(5)),
];
/// Nobody calls longer than this.
const PATIENCE: Duration = Duration::from_secs(60);
const ITEMS: &[&str] = &["id_number", "name", "county_code"];

/// What a caller has seen until it was refused for good.
struct Seen {
    /// When the last answer with data had come.
    last: Instant,
    /// How long each call with data took.
    calls: Vec<Duration>,
}

/// Calls without a pause until it is refused with this code, and five times more.
fn call(base: &str, token: &str, grant: &Value, code: &'static str) -> Result<JoinHandle<Result<Seen>>> {
    let client = Client::anonymous(base).with_bearer(token);
    let path = format!("/data/v1/grants/{}/query", id(grant)?);
    let body = json!({"purpose": grant["purpose"], "limit": 1});
    Ok(spawn(async move {
        let begun = Instant::now();
        let (mut seen, mut refused) = (Seen { last: begun, calls: Vec::new() }, 0);
        while refused <= 5 {
            ensure!(begun.elapsed() < PATIENCE, "{code} was never answered");
            let sent = Instant::now();
            let answer = client.json("POST", &path, &[], Some(&body)).await?;
            if answer.status.is_success() {
                ensure!(refused == 0, "data came after {code}");
                seen.last = Instant::now();
                seen.calls.push(sent.elapsed());
            } else {
                ensure!(answer.json()["code"] == code, "{} {}", answer.status, answer.text);
                refused += 1;
            }
        }
        Ok(seen)
    }))
}

/// Stops a process, or lets it go on: it falls silent and closes no connection, as behind a cut line.
fn signal(process: u32, name: &str) -> Result<()> {
    let status = Command::new("kill").args([format!("-{name}"), process.to_string()]).status()?;
    ensure!(status.success(), "kill -{name} ended with {status}");
    Ok(())
}

/// Waits until a gateway delivers again.
async fn delivers(base: &str, token: &str, grant: &Value) -> Result<()> {
    let client = Client::anonymous(base).with_bearer(token);
    let path = format!("/data/v1/grants/{}/query", id(grant)?);
    let body = json!({"purpose": grant["purpose"], "limit": 1});
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if client.json("POST", &path, &[], Some(&body)).await?.status.is_success() {
            return Ok(());
        }
    }
    anyhow::bail!("a gateway does not deliver")
}

#[tokio::main]
async fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("the project's root")?;
    #[expect(clippy::disallowed_methods, reason = "the program's edge: a program that is built already may be named")]
    let named = std::env::args().nth(1).map(PathBuf::from);
    let program = named.map_or_else(|| released(root, &[]), Ok)?;
    let program = program.to_str().context("a path")?;
    let folder = tempfile::Builder::new().prefix("shuqiao-bench-").tempdir()?;
    let demo = Demo::start(program, folder.path(), folder.path().join("node"), &["--enterprises", "300"])?;
    let stage = Stage::of(&demo.node);
    let mut places = vec![demo.node.base().to_owned()];
    let mut gateways = Vec::new();
    for name in ["a", "b"] {
        let gateway = Gateway::new(program, &stage, &demo.data, folder.path().join(name)).await?;
        places.push(gateway.node.base().to_owned());
        gateways.push(gateway);
    }
    let (mut grants, _until) = demo.unhindered(&stage, ITEMS, REVOCATIONS + 1).await?;
    let kept = grants.pop().context("a grant")?;
    let mut tokens = Vec::new();
    for base in &places {
        tokens.push(access_token(base, &demo.system, &demo.secret).await?);
        delivers(base, tokens.last().context("a token")?, &kept).await?;
    }
    let callers = |grant: &Value, code, from: usize| -> Result<Vec<JoinHandle<Result<Seen>>>> {
        places.iter().zip(&tokens).skip(from).map(|(base, token)| call(base, token, grant, code)).collect()
    };
    let mut found: [Vec<Duration>; 3] = Default::default();
    let mut calls = Vec::new();
    let mut take = |place: usize, since: Instant, seen: Seen| -> Result<()> {
        ensure!(!seen.calls.is_empty(), "a caller had no data before it was refused");
        calls.extend(seen.calls);
        found[place].push(seen.last.saturating_duration_since(since));
        Ok(())
    };
    let ground = json!({"ground": {"kind": "purpose_ended", "text": "核验工作已完成"}});
    for grant in &grants {
        for (base, token) in places.iter().zip(&tokens) {
            delivers(base, token, grant).await?;
        }
        let running = callers(grant, "grant_revoked", 0)?;
        delivers(&places[0], &tokens[0], grant).await?;
        let since = Instant::now();
        stage.verb("police.office", "grants", grant, "revoke", Some(&ground)).await?;
        for (at, caller) in running.into_iter().enumerate() {
            take(at.min(1), since, caller.await??)?;
        }
    }
    for _ in 0..SILENCES {
        let running = callers(&kept, "book_stale", 1)?;
        delivers(&places[1], &tokens[1], &kept).await?;
        let since = Instant::now();
        signal(demo.node.pid(), "STOP")?;
        for caller in running {
            take(2, since, caller.await??)?;
        }
        signal(demo.node.pid(), "CONT")?;
        for (base, token) in places.iter().zip(&tokens) {
            delivers(base, token, &kept).await?;
        }
    }
    let (plain, _) = median_and_worst(&mut calls)?;
    println!("a call with data, beside the others: median {plain:.2?}, of {}", calls.len());
    for ((name, promised), times) in PROMISED.into_iter().zip(&mut found) {
        let (median, worst) = median_and_worst(times)?;
        println!(
            "{name}: data for {median:.2?} more, at worst {worst:.2?}, of {}; of what is promised {:.3}, at worst {:.3}",
            times.len(),
            median.as_secs_f64() / promised.as_secs_f64(),
            worst.as_secs_f64() / promised.as_secs_f64()
        );
    }
    Ok(())
}

fn median_and_worst(times: &mut [Duration]) -> Result<(Duration, Duration)> {
    times.sort_unstable();
    Ok((*times.get(times.len() / 2).context("no time")?, *times.last().context("no time")?))
}
