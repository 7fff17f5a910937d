//! A node with the demo's seed, the files that its people place, and the program's other commands.

use shuqiao_testkit::{
    node::{Node, PASSWORD},
    postgres::PostgresServer,
    scenario::{Player, Scenario},
};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::LazyLock,
};
use tempfile::TempDir;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_shuqiao");

/// The PostgreSQL server of all tests here; each makes databases of its own. Its guard ends it with the process.
pub(crate) fn postgres() -> &'static PostgresServer {
    static SERVER: LazyLock<PostgresServer> = LazyLock::new(|| PostgresServer::start().unwrap());
    &SERVER
}

/// A running node and its folders.
pub(crate) struct World {
    /// The node.
    pub(crate) node: Node,
    /// Files to be placed on it.
    pub(crate) files: PathBuf,
    root: TempDir,
    more: Vec<String>,
}

impl World {
    /// A new node with the demo's seed, told these things besides.
    pub(crate) fn new(more: &[&str]) -> Self {
        let root = tempfile::tempdir().unwrap();
        let files = root.path().join("files");
        fs::create_dir(&files).unwrap();
        let node = start(root.path(), more);
        Self { node, files, root, more: more.iter().map(|&word| word.to_owned()).collect() }
    }

    /// The node's folder.
    pub(crate) fn data(&self) -> PathBuf {
        data(self.root.path())
    }

    /// A path for something that is handed out.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Kills the node as a power cut would, hands its folder to `meanwhile`, and starts it again.
    pub(crate) fn interrupted(&mut self, meanwhile: impl FnOnce(&Self)) {
        self.node.kill().unwrap();
        meanwhile(self);
        let more: Vec<&str> = self.more.iter().map(String::as_str).collect();
        self.node = start(self.root.path(), &more);
    }

    /// Somebody to play stories on the node, who knows what every story is given, and this.
    pub(crate) fn player(&self, given: &[(&str, &str)]) -> Player<'_> {
        let [today, in_a_month, in_a_year] = period();
        let usual = [
            ("files", self.files.to_str().unwrap()),
            ("today", today.as_str()),
            ("in_a_month", in_a_month.as_str()),
            ("in_a_year", in_a_year.as_str()),
            ("password", PASSWORD),
        ];
        Player::new(&self.node, &[&usual, given].concat())
    }
}

fn data(root: &Path) -> PathBuf {
    root.join("data")
}

fn start(root: &Path, more: &[&str]) -> Node {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/seed.toml");
    let told = [&["--seed", seed.to_str().unwrap()], more].concat();
    Node::start(PROGRAM, &data(root), &told).unwrap()
}

/// The story of this name.
pub(crate) fn scenario(name: &str) -> Scenario {
    Scenario::read(&scenarios().join(name)).unwrap()
}

/// Where the stories are, and their `data`.
pub(crate) fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios")
}

/// A legal day on which a period of use may begin, one that an order may set, and one on which a period may end.
#[expect(
    clippy::disallowed_methods,
    reason = "a request must name days that are not over; nothing is asserted of them"
)]
fn period() -> [String; 3] {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
    let today = now.date();
    [0, 30, 365].map(|days| today.checked_add(jiff::Span::new().days(days)).unwrap().to_string())
}

/// Makes a SQLite file from the statements of another file.
pub(crate) async fn make_sqlite(file: &Path, statements: &Path) {
    execute(file, &fs::read_to_string(statements).unwrap()).await;
}

/// Runs statements on a SQLite file.
pub(crate) async fn execute(file: &Path, sql: &str) {
    let mut connection = SqliteConnectOptions::new().filename(file).create_if_missing(true).connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// What a command of the program came to.
pub(crate) struct Ended {
    /// Its exit code.
    pub(crate) code: Option<i32>,
    /// What it printed.
    pub(crate) out: String,
    /// What it complained of.
    pub(crate) complaint: String,
}

/// Runs the program to its end.
pub(crate) fn run(arguments: &[&str]) -> Ended {
    let mut command = Command::new(PROGRAM);
    let Output { status, stdout, stderr } = command.args(arguments).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ended { code: status.code(), out: text(stdout), complaint: text(stderr) }
}

impl Ended {
    /// It failed as a command does that was told something wrong: code 1, nothing printed, one line that says this.
    #[track_caller]
    pub(crate) fn failed_saying(&self, part: &str) {
        assert_eq!((self.code, self.out.as_str()), (Some(1), ""), "{}", self.complaint);
        let lines: Vec<&str> = self.complaint.lines().collect();
        assert_eq!(lines.len(), 1, "{}", self.complaint);
        assert!(lines[0].starts_with("shuqiao: ") && lines[0].contains(part), "{}", self.complaint);
    }
}
