//! What proof costs a file: two tables of TPC-H, filtered and masked by a grant, made into Parquet and CSV by file delivery,
//! against DuckDB writing the same columns and rows.
//!
//! What it is not: no test, and no result in the sense of the TPC. A figure is for one machine and one run; only ratios
//! within a run are comparable.
//!
//! Where to start: [`main`], then `README.md` beside it.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod delivery;

use anyhow::{Context, Result, ensure};
use delivery::Delivery;
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// The scale factor, when none is given.
const SCALE: &str = "1";
/// Rounds; odd, so that the median is one of them.
const ROUNDS: usize = 3;
/// The packages that the peer and the tables come from.
const PACKAGES: [&str; 2] = ["duckdb==2.0.0", "tpchgen-cli==4.0.0"];

#[tokio::main]
async fn main() -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "the program's edge: a scale factor may be given")]
    let scale = std::env::args().nth(1).unwrap_or_else(|| SCALE.to_owned());
    let folder = tempfile::Builder::new().prefix("shuqiao-bench-").tempdir()?;
    let peer = Peer::made(folder.path(), &scale)?;
    let delivery = Delivery::over(folder.path())?;
    for table in ["lineitem", "orders"] {
        for format in ["parquet", "csv"] {
            let (mut ours, mut theirs, mut rows) = (Vec::new(), Vec::new(), 0);
            for _ in 0..ROUNDS {
                let begun = Instant::now();
                rows = delivery.make(table, format).await?;
                ours.push(begun.elapsed().as_secs_f64());
                let (seconds, found) = peer.write(table, format)?;
                theirs.push(seconds);
                ensure!(found == rows, "of {table} DuckDB wrote {found} rows, file delivery {rows}");
            }
            println!("{table} {format}: {ours:.2?} s, DuckDB {theirs:.2?} s");
            let (ours, theirs) = (median(ours).context("no round")?, median(theirs).context("no round")?);
            let pace = rows as f64 / ours;
            println!("{table} {format}: {rows} rows, {pace:.0} rows/s; file delivery / DuckDB {:.2}", theirs / ours);
        }
    }
    Ok(())
}

fn median(mut seconds: Vec<f64>) -> Option<f64> {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied()
}

/// DuckDB, in a Python environment of its own beside the tables.
struct Peer {
    folder: PathBuf,
    python: PathBuf,
}

impl Peer {
    /// Makes the environment and the tables of this scale, as Parquet for the peer and as a SQLite file for the plane.
    fn made(folder: &Path, scale: &str) -> Result<Self> {
        let environment = folder.join("python");
        done(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        let bin = environment.join("bin");
        done(Command::new(bin.join("pip")).args(["install", "--quiet"]).args(PACKAGES))
            .context("the packages of the peer cannot be installed")?;
        let tables = ["parquet", "--scale-factor", scale, "--tables", "lineitem,orders", "--output-dir"];
        done(Command::new(bin.join("tpchgen-cli")).args(tables).arg(folder))?;
        let peer = Self { folder: folder.to_owned(), python: bin.join("python") };
        done(peer.script("tables").arg(folder))?;
        Ok(peer)
    }

    /// Seconds and rows of one file.
    fn write(&self, table: &str, format: &str) -> Result<(f64, u64)> {
        let out = self.folder.join(format!("peer.{format}"));
        let said = self.script("write").arg(&self.folder).args([table, format]).arg(out).output()?;
        ensure!(said.status.success(), "DuckDB: {}", String::from_utf8_lossy(&said.stderr));
        let said = String::from_utf8(said.stdout)?;
        let (seconds, rows) = said.trim().split_once(' ').context("seconds and rows")?;
        Ok((seconds.parse()?, rows.parse()?))
    }

    fn script(&self, what: &str) -> Command {
        let mut script = Command::new(&self.python);
        script.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/peer.py")).arg(what);
        script
    }
}

fn done(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{command:?}"))?;
    ensure!(status.success(), "{command:?} failed");
    Ok(())
}
