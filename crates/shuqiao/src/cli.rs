//! The command line. Its words are stable: scripts depend on them.

use crate::{compose::PressSettings, deadline, demo, gateway, serve, trace, verify};
use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use shuqiao_plane::source::SourceSettings;
use std::{io::Write, net::SocketAddr, path::PathBuf, process::ExitCode};

/// 数桥 Shuqiao: a node of the national integrated government data system.
#[derive(Debug, Parser)]
#[command(name = "shuqiao", version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the node.
    Serve(ServeArguments),
    /// Fill a node with the demo's data, then serve it; prints links and one-time log-ins.
    Demo(DemoArguments),
    /// Serve the data plane alone, in a provider's network, as the node's book grants.
    Gateway(GatewayArguments),
    /// Print the OpenAPI document.
    Openapi,
    /// Count a deadline in working days; the start day is not counted.
    Deadline(DeadlineArguments),
    /// Verify a proof file offline. Exit 0 and what was proved, or exit 1 and why not.
    Verify(VerifyArguments),
    /// Check that the record of a node's folder still verifies, without serving it.
    Check(CheckArguments),
    /// Name the deliveries that contained the rows of a file that has turned up; reads a node's or gateway's folder only.
    Trace(trace::TraceArguments),
}

/// What a serving node is told.
#[derive(Args, Clone, Debug)]
pub(crate) struct ServeArguments {
    /// Folder of the node: database, keys, intake, usage log.
    #[arg(long, env = "SHUQIAO_DATA")]
    pub(crate) data: PathBuf,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "SHUQIAO_LISTEN", default_value = "127.0.0.1:8090")]
    pub(crate) listen: SocketAddr,
    /// `postgres://…` instead of the SQLite file in the folder.
    #[arg(long, env = "SHUQIAO_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// Where the node is reached from outside, when a proxy stands in front.
    #[arg(long, env = "SHUQIAO_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
    /// Seed file (TOML) with node, organisations and people; read at the first run only.
    #[arg(long, env = "SHUQIAO_SEED")]
    pub(crate) seed: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reach: SourceReach,
    /// Hosts that batch exchange may write to, apart from those that sources may be on: `db.example` or
    /// `db.example:5432`; may be given several times.
    #[arg(long = "target-host", env = "SHUQIAO_TARGET_HOSTS", value_delimiter = ',')]
    pub(crate) target_hosts: Vec<String>,
    /// Folder in which batch exchange hands files over, with a subfolder for each organisation; instead of `outbox` in
    /// the node's folder, into which only the node's own user can look.
    #[arg(long = "target-folder", env = "SHUQIAO_TARGET_FOLDER")]
    pub(crate) target_folder: Option<PathBuf>,
    /// Rows that batch exchange commits in a target at a time, 50000 when not said: fewer hold the target's locks for less
    /// long, more are quicker.
    #[arg(long = "target-chunk-rows", env = "SHUQIAO_TARGET_CHUNK_ROWS", value_parser = clap::value_parser!(u32).range(1..=50_000))]
    pub(crate) target_chunk_rows: Option<u32>,
    /// The time is what this file says (RFC 3339); only together with `--demo`.
    #[arg(long, hide = true)]
    pub(crate) clock_file: Option<PathBuf>,
    /// This node holds nothing real: its clock may be moved.
    #[arg(long, hide = true)]
    pub(crate) demo: bool,
    #[command(flatten)]
    pub(crate) callers: CallerArguments,
    #[command(flatten)]
    pub(crate) press: PressArguments,
}

/// What a gateway is told.
#[derive(Args, Clone, Debug)]
pub(crate) struct GatewayArguments {
    /// Folder of the gateway: keys, usage log, the book as it was last confirmed.
    #[arg(long, env = "SHUQIAO_DATA")]
    pub(crate) data: PathBuf,
    /// The enrolment file that the node gave out when the gateway was registered.
    #[arg(long, env = "SHUQIAO_ENROLMENT")]
    pub(crate) enrolment: PathBuf,
    /// Where the node is reached, when not where the enrolment file says.
    #[arg(long, env = "SHUQIAO_UPSTREAM")]
    pub(crate) upstream: Option<String>,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "SHUQIAO_LISTEN", default_value = "127.0.0.1:8091")]
    pub(crate) listen: SocketAddr,
    /// Where the gateway is reached from outside, when a proxy stands in front.
    #[arg(long, env = "SHUQIAO_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
    #[command(flatten)]
    pub(crate) reach: SourceReach,
    /// Bytes that each grant may have in a day from this gateway; larger files and answers never leave.
    #[arg(long, env = "SHUQIAO_BYTES_PER_DAY")]
    pub(crate) bytes_per_day: Option<u64>,
    /// Folders that files may lie in, by the path under which the node knows them; may be given several times.
    #[arg(long = "source-folder", env = "SHUQIAO_SOURCE_FOLDERS", value_delimiter = ',')]
    pub(crate) source_folders: Vec<PathBuf>,
    /// The helper program `shuqiao-worker`, which reads views, when it is not beside this one.
    #[arg(long, env = "SHUQIAO_WORKER")]
    pub(crate) worker: Option<PathBuf>,
    /// The time is what this file says (RFC 3339); only together with `--demo`.
    #[arg(long, hide = true)]
    pub(crate) clock_file: Option<PathBuf>,
    /// This gateway serves nothing real: its clock may be moved.
    #[arg(long, hide = true)]
    pub(crate) demo: bool,
}

/// How departments' systems are known, and what they may have at most.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct CallerArguments {
    /// Bytes that each grant may have in a day, whatever its own terms; larger files and answers never leave.
    #[arg(long, env = "SHUQIAO_BYTES_PER_DAY")]
    pub(crate) bytes_per_day: Option<u64>,
    /// Take calls of conditional data of grade 3 and above without a message signature too, while departments change
    /// over.
    #[arg(long, env = "SHUQIAO_UNSIGNED_CALLS")]
    pub(crate) unsigned_calls: bool,
    /// The one header in which the proxy in front says from which address a call came; without it, the connection's.
    #[arg(long, env = "SHUQIAO_ADDRESS_HEADER")]
    pub(crate) address_header: Option<String>,
    /// The one header in which the proxy in front hands over the certificate of a caller's TLS connection (RFC 9440, or
    /// nginx's escaped PEM); the proxy must overwrite what callers send under that name. Access tokens are then bound to
    /// the certificate that they were fetched with (RFC 8705).
    #[arg(long, env = "SHUQIAO_CERTIFICATE_HEADER")]
    pub(crate) certificate_header: Option<String>,
}

/// With what papers are printed.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PressArguments {
    /// The helper program `shuqiao-worker`, when it is not beside this one.
    #[arg(long, env = "SHUQIAO_WORKER")]
    worker: Option<PathBuf>,
    /// Font file to print papers with, in place of the system's Chinese fonts; may be given several times.
    #[arg(long = "font", env = "SHUQIAO_FONT", value_delimiter = ',')]
    fonts: Vec<PathBuf>,
}

impl From<PressArguments> for PressSettings {
    fn from(told: PressArguments) -> Self {
        Self { worker: told.worker, fonts: told.fonts }
    }
}

/// What the demo is told.
#[derive(Args, Clone, Debug)]
pub(crate) struct DemoArguments {
    /// Folder of the demo's node.
    #[arg(long, default_value = "demo-data")]
    pub(crate) data: PathBuf,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8090")]
    pub(crate) listen: SocketAddr,
    /// Synthetic persons in the register.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) persons: u32,
    /// Synthetic enterprises in the register.
    #[arg(long, default_value_t = 20_000)]
    pub(crate) enterprises: u32,
    /// Leave the catalogue empty, so that the whole job can be done by hand.
    #[arg(long)]
    pub(crate) empty: bool,
    /// Also write the links to this file, as JSON.
    #[arg(long)]
    pub(crate) links: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) press: PressArguments,
    /// `postgres://…` instead of the SQLite file in the folder.
    #[arg(long, hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// The time is what this file says (RFC 3339).
    #[arg(long, hide = true)]
    pub(crate) clock_file: Option<PathBuf>,
}

/// What a deadline is counted from.
#[derive(Args, Clone, Debug)]
pub(crate) struct DeadlineArguments {
    /// The day it starts, YYYY-MM-DD; not counted.
    #[arg(long)]
    pub(crate) start: String,
    /// Working days; or a clock of the law.
    #[arg(long, required_unless_present = "clock", conflicts_with = "clock")]
    pub(crate) working_days: Option<u16>,
    /// A clock of the law instead, such as `reply_conditional`: as long as the Decree says.
    #[arg(long)]
    pub(crate) clock: Option<String>,
    /// Answer as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is verified.
#[derive(Args, Clone, Debug)]
pub(crate) struct VerifyArguments {
    /// The `.tlog-proof` file.
    pub(crate) proof_file: PathBuf,
    /// File with the log's verifier key, `name+hash+base64`.
    #[arg(long)]
    pub(crate) key: PathBuf,
    /// The entry, when it is not in the proof file.
    #[arg(long)]
    pub(crate) entry: Option<PathBuf>,
    /// Answer as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is checked.
#[derive(Args, Clone, Debug)]
pub(crate) struct CheckArguments {
    /// Folder of the node.
    #[arg(long, env = "SHUQIAO_DATA")]
    pub(crate) data: PathBuf,
    /// `postgres://…` instead of the SQLite file in the folder.
    #[arg(long, env = "SHUQIAO_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
}

/// Does what was asked.
pub(crate) fn run(arguments: Arguments) -> Result<ExitCode> {
    match arguments.command {
        Command::Serve(told) => blocking(serve::run(told)).map(|()| ExitCode::SUCCESS),
        Command::Demo(told) => blocking(demo::run(told)).map(|()| ExitCode::SUCCESS),
        Command::Gateway(told) => blocking(gateway::run(told)).map(|()| ExitCode::SUCCESS),
        Command::Openapi => print_line(&serde_json::to_string_pretty(&shuqiao_http::openapi())?),
        Command::Deadline(told) => print_line(&deadline::answer(&told)?),
        Command::Verify(told) => {
            let (text, proved) = verify::answer(&told)?;
            print_line(&text)?;
            Ok(if proved { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Check(told) => blocking(serve::check(told)).map(|()| ExitCode::SUCCESS),
        Command::Trace(told) => print_line(&trace::answer(&told)?),
    }
}

/// Runs a future on a runtime of its own.
fn blocking<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime cannot start")?.block_on(work)
}

/// Prints a line for people or scripts.
pub(crate) fn print_line(text: &str) -> Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").context("standard output cannot be written")?;
    out.flush().context("standard output cannot be written")?;
    Ok(ExitCode::SUCCESS)
}

/// What a node may reach: to read from, and to write to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    /// What sources may be.
    pub(crate) sources: SourceReach,
    /// Hosts that batch exchange may write to.
    pub(crate) target_hosts: Vec<String>,
    /// Where batch exchange hands files over, when not in the node's folder.
    pub(crate) target_folder: Option<PathBuf>,
    /// Rows of one chunk of batch exchange, when not the usual.
    pub(crate) target_chunk_rows: Option<u32>,
}

/// What sources may be reached besides files of the intake folder.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SourceReach {
    /// Hosts that sources may be on, databases and services (by TLS): `db.example` or `db.example:5432`;
    /// `http://api.example:8080` for a service without TLS. May be given several times.
    #[arg(long = "source-host", env = "SHUQIAO_SOURCE_HOSTS", value_delimiter = ',')]
    pub(crate) source_hosts: Vec<String>,
    /// Authorities (PEM) that may vouch for services besides the public ones, as those of a government network do.
    #[arg(long = "source-authorities", env = "SHUQIAO_SOURCE_AUTHORITIES")]
    pub(crate) source_authorities: Option<PathBuf>,
    /// ODBC data sources (DSN) of this machine that sources may be; may be given several times. Only of a program that was
    /// built with `--features odbc`.
    #[arg(long = "source-odbc", env = "SHUQIAO_SOURCE_ODBC", value_delimiter = ',')]
    pub(crate) source_odbc: Vec<String>,
}

impl SourceReach {
    /// Allows sources what was told.
    pub(crate) fn allow(self, sources: &mut SourceSettings) {
        sources.database_hosts.clone_from(&self.source_hosts);
        sources.http_hosts = self.source_hosts;
        sources.http_authorities = self.source_authorities;
        sources.odbc_sources = self.source_odbc;
    }

    /// What was told, if this program can do it.
    ///
    /// # Errors
    /// When ODBC data sources are named to a program that was built without ODBC.
    pub(crate) fn checked(self) -> Result<Self> {
        if !self.source_odbc.is_empty() && !cfg!(feature = "odbc") {
            anyhow::bail!("`--source-odbc`: this program was built without ODBC; build it with `--features odbc`");
        }
        Ok(self)
    }
}
