//! What proof costs a table: batch exchange against `psql COPY | psql COPY`, sling and dlt.
//!
//! What it is not: no test. A figure is for one machine and one run; only ratios within a run are comparable.
//!
//! Where to start: [`main`], then `README.md` beside it.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod exchange;

use anyhow::{Context, Result, ensure};
use exchange::Exchange;
use shuqiao_testkit::postgres::PostgresServer;
use std::{
    process::{Command, Stdio},
    time::Instant,
};

/// Rows, when no number is given.
const ROWS: u64 = 10_000_000;
/// Where dlt remembers which tables it has made.
const DLT_TABLES: &str = "_dlt_loads, _dlt_pipeline_state, _dlt_version";
/// Rounds; odd, so that the median is one of them.
const ROUNDS: usize = 3;

#[tokio::main]
async fn main() -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "the program's edge: another number of rows may be given")]
    let given = std::env::args().nth(1);
    let rows = given.map_or(Ok(ROWS), |text| text.parse()).context("a number of rows")?;
    let server = PostgresServer::start_durable()?;
    server.create_database("source")?;
    server.create_database("target")?;
    server.execute(
        "source",
        &format!(
            "CREATE TABLE t (id bigint PRIMARY KEY, name text, amount numeric(12, 2), day date, at timestamptz);
             INSERT INTO t SELECT i, 'name ' || i, i / 100.0, date '2000-01-01' + (i % 9000)::int,
               timestamptz '2020-01-01' + i * interval '1 second' FROM generate_series(1, {rows}) i;
             VACUUM ANALYZE t"
        ),
    )?;
    let exchange = Exchange::between(&server)?;
    let runs = |program: &str, arguments: &[&str]| {
        let quiet = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        quiet.is_ok_and(|status| status.success())
    };
    let peers = [("sling", runs("sling", &["--version"])), ("dlt", runs("python3", &["-c", "import dlt"]))];
    for (name, _) in peers.iter().filter(|(_, there)| !there) {
        println!("{name} is not installed and is left out");
    }
    let mut seconds: [Vec<f64>; 4] = Default::default();
    for round in 1..=ROUNDS {
        for (side, taken) in seconds.iter_mut().enumerate() {
            if side > 1 && !peers.get(side - 2).is_some_and(|(_, there)| *there) {
                continue;
            }
            server.execute("target", &format!("DROP TABLE IF EXISTS received, {DLT_TABLES}"))?;
            let start = Instant::now();
            match side {
                0 => exchange.run(rows).await?,
                1 => floor(&server)?,
                2 => sling(&server)?,
                _ => dlt(&server)?,
            }
            taken.push(start.elapsed().as_secs_f64());
            let check = format!("SELECT 1 / (count(*) = {rows})::int FROM received");
            server.execute("target", &check).context("the target has another number of rows")?;
        }
        println!("round {round} of {ROUNDS}: {seconds:?} s");
    }
    let [batch, floor, sling, dlt] = seconds.map(median);
    let (batch, floor) = (batch.context("no round")?, floor.context("no round")?);
    println!("batch exchange {:.0} rows/s, psql {:.0} rows/s", rows as f64 / batch, rows as f64 / floor);
    println!("batch exchange / psql {:.2}", floor / batch);
    for (name, peer) in [("sling", sling), ("dlt", dlt)] {
        if let Some(peer) = peer {
            println!("batch exchange / {name} {:.2} ({name} {:.0} rows/s)", peer / batch, rows as f64 / peer);
        }
    }
    println!("memory at most {} MB", memory_peak_mb()?);
    Ok(())
}

fn median(mut seconds: Vec<f64>) -> Option<f64> {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied()
}

/// What psql does with the same columns, and no more.
fn floor(server: &PostgresServer) -> Result<()> {
    let table = "CREATE TABLE received (id bigint PRIMARY KEY, name text, amount numeric, day date, at timestamptz)";
    server.execute("target", table)?;
    let psql = |database: &str, sql: &str| {
        let mut psql = Command::new("psql");
        psql.args(["--no-psqlrc", "--quiet", "--dbname"]).arg(server.url(database)).args(["--command", sql]);
        psql
    };
    let mut out = psql("source", "COPY t TO STDOUT").stdout(Stdio::piped()).spawn().context("psql")?;
    let pipe = out.stdout.take().context("a pipe")?;
    let taken = psql("target", "COPY received FROM STDIN").stdin(pipe).status().context("psql")?;
    ensure!(out.wait()?.success() && taken.success(), "psql failed");
    Ok(())
}

fn sling(server: &PostgresServer) -> Result<()> {
    let plain = |database| format!("{}?sslmode=disable", server.url(database));
    let (source, target) = (plain("source"), plain("target"));
    let done = Command::new("sling")
        .args(["run", "--src-conn", &source, "--src-stream", "public.t"])
        .args(["--tgt-conn", &target, "--tgt-object", "public.received", "--mode", "full-refresh"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    ensure!(done.success(), "sling failed");
    Ok(())
}

fn dlt(server: &PostgresServer) -> Result<()> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/with_dlt.py");
    let (source, target) = (server.url("source"), server.url("target"));
    let done = Command::new("python3").args([script, &source, &target]).stdout(Stdio::null()).status()?;
    ensure!(done.success(), "dlt failed");
    Ok(())
}

/// The most memory that this program has had resident: batch exchange, for the peers are programs of their own.
fn memory_peak_mb() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no figure for memory")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1024)
}
