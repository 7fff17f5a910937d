//! What proof costs a table: batch exchange against `psql COPY | psql COPY`.
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
    let with_sling = Command::new("sling").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !with_sling {
        println!("sling is not installed and is left out");
    }
    let mut seconds: [Vec<f64>; 3] = Default::default();
    for round in 1..=ROUNDS {
        for (side, taken) in seconds.iter_mut().enumerate() {
            if side == 2 && !with_sling {
                continue;
            }
            server.execute("target", "DROP TABLE IF EXISTS received")?;
            let start = Instant::now();
            match side {
                0 => exchange.run(rows).await?,
                1 => floor(&server)?,
                _ => sling(&server)?,
            }
            taken.push(start.elapsed().as_secs_f64());
            let check = format!("SELECT 1 / (count(*) = {rows})::int FROM received");
            server.execute("target", &check).context("the target has another number of rows")?;
        }
        println!("round {round} of {ROUNDS}: {seconds:?} s");
    }
    let [batch, floor, sling] = seconds.map(median);
    let (batch, floor) = (batch.context("no round")?, floor.context("no round")?);
    println!("batch exchange {:.0} rows/s, psql {:.0} rows/s", rows as f64 / batch, rows as f64 / floor);
    println!("batch exchange / psql {:.2}", floor / batch);
    if let Some(sling) = sling {
        println!("batch exchange / sling {:.2}", sling / batch);
    }
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
    let (source, target) = (server.url("source"), server.url("target"));
    let done = Command::new("sling")
        .args(["run", "--src-conn", &source, "--src-stream", "public.t"])
        .args(["--tgt-conn", &target, "--tgt-object", "public.received", "--mode", "full-refresh"])
        .stdout(Stdio::null())
        .status()?;
    ensure!(done.success(), "sling failed");
    Ok(())
}
