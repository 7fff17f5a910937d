//! A private PostgreSQL server of Debian's package: in a temporary folder, on a free port, gone with the test.

use crate::server::{Owner, as_owner, free_port, owner_of, quiet, server_user};
use anyhow::{Context as _, Result};
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// Another process may take the free port between our look and the server's start.
const STARTS_MAX: usize = 5;

/// The database user; logins from this machine need no password, so any password is accepted too.
const USER: &str = "shuqiao";

/// PostgreSQL refuses to run as root; then it runs as its package's user, else as nobody.
const USERS: [&str; 2] = ["postgres", "nobody"];

/// Whether the server's writes survive a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Durability {
    /// `fsync` is off: quick, and right for every test that does not test durability itself.
    Quick,
    /// As in production.
    Durable,
}

/// A running server. It ends, and its folder goes, when this value is dropped - or when the test's process ends in
/// whatever way, so that a server kept in a `static` or left by a killed test does not stay behind.
#[derive(Debug)]
pub struct PostgresServer {
    folder: PathBuf,
    binaries: PathBuf,
    port: u16,
    durability: Durability,
    /// Waits for the end of its standard input, which we hold; then it stops the server and removes the folder.
    guard: Child,
}

impl PostgresServer {
    /// Starts a server without `fsync`; returns when it answers.
    pub fn start() -> Result<Self> {
        Self::start_as(Durability::Quick)
    }

    /// Starts a server that syncs every commit, for tests of durability.
    pub fn start_durable() -> Result<Self> {
        Self::start_as(Durability::Durable)
    }

    fn start_as(durability: Durability) -> Result<Self> {
        let binaries = binaries()?;
        let folder =
            tempfile::Builder::new().prefix("shuqiao-postgres-").tempdir().context("a folder for PostgreSQL")?;
        let owner = server_user(USERS)?;
        owner_of(&owner, folder.path())?;
        let data = folder.path().join("data");
        quiet(
            as_owner(&owner, &binaries.join("initdb"))
                .args(["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--username", USER, "--pgdata"])
                .arg(&data),
            None,
        )?;
        // From here on the guard removes the folder.
        let guard = guard(&owner, &binaries, folder.path())?;
        let mut server = Self { folder: folder.keep(), binaries, port: 0, durability, guard };
        let mut tries = 0;
        loop {
            tries += 1;
            server.port = free_port()?;
            match server.launch() {
                Ok(()) => return Ok(server),
                Err(_) if tries < STARTS_MAX => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// `postgres://shuqiao@127.0.0.1:<port>/<database>`
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The database user's name.
    pub fn user(&self) -> &'static str {
        USER
    }

    /// Creates an empty database; hands back its URL.
    pub fn create_database(&self, name: &str) -> Result<String> {
        quiet(self.client("createdb").arg(name), None)?;
        Ok(self.url(name))
    }

    /// Runs SQL statements; the first that fails ends it with the server's own words.
    pub fn execute(&self, database: &str, sql: &str) -> Result<()> {
        let file = tempfile::NamedTempFile::new().context("a file for the statements")?;
        std::fs::write(file.path(), sql).context("a file for the statements")?;
        let psql = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", database, "--file"];
        quiet(self.client("psql").args(psql).arg(file.path()), None)
    }

    /// Ends the server as a power cut would, for tests of what happens then. The data stay.
    pub fn stop(&self) -> Result<()> {
        let owner = server_user(USERS)?;
        quiet(self.control(&owner).args(["--mode=immediate", "--wait", "stop"]), None)
    }

    /// Starts the stopped server again, on the same port and data.
    pub fn start_again(&self) -> Result<()> {
        self.launch()
    }

    /// `pg_ctl --wait` returns when the server answers, so nobody has to sleep.
    fn launch(&self) -> Result<()> {
        let owner = server_user(USERS)?;
        let log = self.folder.join("server.log");
        let sync = match self.durability {
            Durability::Quick => "off",
            Durability::Durable => "on",
        };
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync={sync} \
             -c full_page_writes={sync} -c max_connections=200 -c shared_buffers=32MB",
            self.port,
            self.folder.display()
        );
        let mut command = self.control(&owner);
        command.args(["--wait", "--silent", "--log"]).arg(&log).arg("--options").arg(&options).arg("start");
        quiet(&mut command, Some(&log))
    }

    fn control(&self, owner: &Option<Owner>) -> Command {
        let mut command = as_owner(owner, &self.binaries.join("pg_ctl"));
        command.arg("--pgdata").arg(self.folder.join("data"));
        command
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.join(program));
        command.args(["--host=127.0.0.1", "--username", USER, "--port"]).arg(self.port.to_string());
        command
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // The guard sees the end of its input and does the rest.
        drop(self.guard.stdin.take());
        if let Err(error) = self.guard.wait() {
            eprintln!("the private PostgreSQL could not be ended: {error}");
        }
    }
}

/// A shell that outlives us by a moment, whatever ends us.
fn guard(owner: &Option<Owner>, binaries: &Path, folder: &Path) -> Result<Child> {
    const SCRIPT: &str = r#"cat >/dev/null; "$1/pg_ctl" --pgdata "$2/data" --mode=immediate --wait stop; rm -rf "$2""#;
    as_owner(owner, Path::new("sh"))
        .args(["-c", SCRIPT, "guard"])
        .arg(binaries)
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("the guard of the private PostgreSQL")
}

/// Where Debian keeps the newest installed version.
fn binaries() -> Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is not installed (apt: postgresql)")?;
    let mut found: Vec<(u32, PathBuf)> = versions
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, binaries)| binaries.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop().map(|(_, binaries)| binaries).context("PostgreSQL is not installed (apt: postgresql)")
}
