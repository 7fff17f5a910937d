//! A private MariaDB server of Debian's package: in a temporary folder, on a free port, gone with the test.

use crate::server::{Owner, as_owner, free_port, owner_of, quiet, server_user};
use anyhow::{Context as _, Result, bail};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Stdio},
    sync::{Mutex, PoisonError, mpsc},
};

/// Another process may take the free port between our look and the server's start.
const STARTS_MAX: usize = 5;

/// Who reads, over TCP, and may do nothing else.
const READER: &str = "shuqiao";
/// Who receives, over TCP: makes, fills and replaces tables in the databases made for it.
const WRITER: &str = "receiver";
/// The password of both.
const PASSWORD: &str = "a reader's pass; word";
/// Who makes databases, over the socket.
const ADMINISTRATOR: &str = "root";

/// MariaDB refuses to run as root; then it runs as its package's user, else as nobody.
const USERS: [&str; 2] = ["mysql", "nobody"];

/// A running server. It ends, and its folder goes, when this value is dropped - or when the test's process ends in
/// whatever way.
#[derive(Debug)]
pub struct MariadbServer {
    folder: PathBuf,
    port: u16,
    server: Mutex<Option<Child>>,
    /// Waits for the end of its standard input, which we hold; then it stops the server and removes the folder.
    guard: Child,
}

impl MariadbServer {
    /// Starts a server that hands its writes to the system without syncing them; returns when it answers.
    pub fn start() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("shuqiao-mariadb-").tempdir().context("a folder for MariaDB")?;
        let owner = server_user(USERS)?;
        owner_of(&owner, folder.path())?;
        let mut install = as_owner(&owner, Path::new("mariadb-install-db"));
        install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        // Servers that are set up at the same time take each other's temporary tables away where they share a folder.
        install.env("TMPDIR", folder.path());
        quiet(install.arg(format!("--datadir={}", folder.path().join("data").display())), None)
            .context("MariaDB is not installed (apt: mariadb-server)")?;
        // From here on the guard removes the folder.
        let guard = guard(&owner, folder.path())?;
        let mut server = Self { folder: folder.keep(), port: 0, server: Mutex::new(None), guard };
        let mut tries = 0;
        loop {
            tries += 1;
            server.port = free_port()?;
            match server.launch() {
                Ok(()) => break,
                Err(_) if tries < STARTS_MAX => {}
                Err(error) => return Err(error),
            }
        }
        let password = PASSWORD.replace('\'', "''");
        for user in [READER, WRITER] {
            server.execute("mysql", &format!("CREATE USER '{user}'@'127.0.0.1' IDENTIFIED BY '{password}'"))?;
        }
        Ok(server)
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The socket, for the administrator.
    pub fn socket(&self) -> PathBuf {
        self.folder.join("socket")
    }

    /// The administrator, who needs no password on the socket.
    pub fn administrator(&self) -> &'static str {
        ADMINISTRATOR
    }

    /// The reader's name.
    pub fn user(&self) -> &'static str {
        READER
    }

    /// The receiver's name.
    pub fn receiver(&self) -> &'static str {
        WRITER
    }

    /// The password of reader and receiver.
    pub fn password(&self) -> &'static str {
        PASSWORD
    }

    /// Creates an empty database, which the reader may read.
    pub fn create_database(&self, name: &str) -> Result<()> {
        let grant =
            format!("CREATE DATABASE `{name}`; GRANT SELECT, SHOW VIEW ON `{name}`.* TO '{READER}'@'127.0.0.1'");
        self.execute("mysql", &grant)
    }

    /// Creates an empty database for the receiver, who has these rights in it: `SELECT, INSERT`.
    pub fn create_receiving_database(&self, name: &str, rights: &str) -> Result<()> {
        let grant = format!("CREATE DATABASE `{name}`; GRANT {rights} ON `{name}`.* TO '{WRITER}'@'127.0.0.1'");
        self.execute("mysql", &grant)
    }

    /// Runs SQL statements as the administrator; the first that fails ends it with the server's own words.
    pub fn execute(&self, database: &str, sql: &str) -> Result<()> {
        let mut client = Command::new("mariadb")
            .args(["--no-defaults", "--default-character-set=utf8mb4", "--user", ADMINISTRATOR, "--socket"])
            .args([self.socket().as_os_str(), database.as_ref()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("mariadb")?;
        // The client may end early; what it says then is the error.
        let _ = client.stdin.take().context("the client's input")?.write_all(sql.as_bytes());
        let output = client.wait_with_output().context("mariadb")?;
        if output.status.success() {
            return Ok(());
        }
        bail!("mariadb: {}", String::from_utf8_lossy(&output.stderr).trim())
    }

    /// Ends the server as a power cut would, for tests of what happens then. The data stay.
    pub fn stop(&self) -> Result<()> {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mut child) = server.take() {
            child.kill().context("ending MariaDB")?;
            child.wait().context("ending MariaDB")?;
        }
        std::fs::remove_file(self.folder.join("pid")).context("the server's number")
    }

    /// Starts the stopped server again, on the same port and data.
    pub fn start_again(&self) -> Result<()> {
        self.launch()
    }

    /// The server says in its log when it is ready; so nobody has to sleep.
    fn launch(&self) -> Result<()> {
        let owner = server_user(USERS)?;
        let at = |name: &str, place: &str| format!("--{name}={}", self.folder.join(place).display());
        let mut child = as_owner(&owner, Path::new("/usr/sbin/mariadbd"))
            .args(["--no-defaults", "--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin"])
            .args(["--innodb-flush-log-at-trx-commit=2", "--innodb-doublewrite=0", "--innodb-buffer-pool-size=32M"])
            .args(["--innodb-log-file-size=8M", "--character-set-server=utf8mb4", "--max-connections=200"])
            .args([at("datadir", "data"), at("socket", "socket"), at("pid-file", "pid"), at("tmpdir", "")])
            .arg(format!("--port={}", self.port))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("MariaDB is not installed (apt: mariadb-server)")?;
        let log = child.stderr.take().context("the server's log")?;
        if let Err(said) = ready(log) {
            let _ = child.kill();
            let _ = child.wait();
            bail!("MariaDB did not start: {said}");
        }
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        Ok(())
    }
}

impl Drop for MariadbServer {
    fn drop(&mut self) {
        // The guard sees the end of its input and does the rest.
        drop(self.guard.stdin.take());
        if let Err(error) = self.guard.wait() {
            eprintln!("the private MariaDB could not be ended: {error}");
        }
        if let Some(mut child) = self.server.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = child.wait();
        }
    }
}

/// Waits until the server is ready, or hands back what it said before it ended. The log is read on for as long as the
/// server lives, since a full pipe would stop it.
fn ready(log: ChildStderr) -> Result<(), String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut said = String::new();
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            if line.contains("ready for connections") {
                let _ = sender.send(Ok(()));
            }
            said.push_str(&line);
            said.push('\n');
        }
        let _ = sender.send(Err(said));
    });
    receiver.recv().unwrap_or_else(|_| Err("its log cannot be read".to_owned()))
}

/// A shell that outlives us by a moment, whatever ends us.
fn guard(owner: &Option<Owner>, folder: &Path) -> Result<Child> {
    const SCRIPT: &str = r#"cat >/dev/null; [ -f "$1/pid" ] && kill -9 "$(cat "$1/pid")"; rm -rf "$1""#;
    as_owner(owner, Path::new("sh"))
        .args(["-c", SCRIPT, "guard"])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("the guard of the private MariaDB")
}
