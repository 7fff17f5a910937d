//! A department's database and the helper program that reads views of it.

use shuqiao_plane::source::{
    Location, SourceSettings,
    view::{Frame, Look, ViewInput, ViewJob, ViewLimits, ViewRefusal, ViewScan, ViewSpec, ViewTask, frame_of},
};
use shuqiao_plane::value::Value;
use shuqiao_vocabulary::ItemType;
use sqlx::{AssertSqlSafe, ConnectOptions as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    io::Write as _,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
};

pub(crate) struct Bench {
    folder: tempfile::TempDir,
    pub(crate) limits: ViewLimits,
}

/// What a helper answered: its frames, and how it ended.
pub(crate) struct Answer {
    pub(crate) frames: Vec<Frame>,
    pub(crate) status: ExitStatus,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let temp_folder = folder.path().join("aside");
        std::fs::create_dir(&temp_folder).unwrap();
        let limits = ViewLimits {
            memory_bytes: 256 * 1024 * 1024,
            temp_bytes: 1024 * 1024 * 1024,
            temp_folder,
            cpu_seconds: 300,
        };
        Self { folder, limits }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("sources.db")
    }

    /// Runs statements on the department's database.
    pub(crate) async fn written(&self, statements: &[&str]) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.database()).create_if_missing(true);
        let mut connection = options.disable_statement_logging().connect().await.unwrap();
        for statement in statements {
            sqlx::query(AssertSqlSafe((*statement).to_owned())).execute(&mut connection).await.unwrap();
        }
        connection
    }

    pub(crate) fn view(&self, sql: &str, tables: &[&str], key: &[&str]) -> ViewSpec {
        let input = |table: &&str| ViewInput {
            alias: (*table).to_owned(),
            location: Location::Sqlite { path: self.database() },
            table: (*table).to_owned(),
        };
        ViewSpec {
            sql: sql.to_owned(),
            inputs: tables.iter().map(input).collect(),
            key: key.iter().map(|name| (*name).to_owned()).collect(),
            threshold: None,
        }
    }

    /// Starts a helper on this task.
    pub(crate) fn begun(&self, view: ViewSpec, task: ViewTask) -> Child {
        let mut sources = SourceSettings::under(self.folder.path());
        sources.file_roots = vec![self.folder.path().to_owned()];
        // The machine may be busy; what is tested are the helper's limits.
        sources.query_timeout = std::time::Duration::from_secs(120);
        let job = ViewJob { v: 1, view, task, sources, limits: self.limits.clone() };
        let mut helper = Command::new(env!("CARGO_BIN_EXE_shuqiao-worker"))
            .arg("view")
            .env_clear()
            .env("MALLOC_ARENA_MAX", "2")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        helper.stdin.take().unwrap().write_all(&job.to_bytes()).unwrap();
        helper
    }

    pub(crate) fn ended(helper: Child, width: usize) -> Answer {
        let output = helper.wait_with_output().unwrap();
        let (mut rest, mut frames) = (output.stdout.as_slice(), Vec::new());
        while let Some((head, after)) = rest.split_first_chunk::<5>() {
            let length = u32::from_be_bytes(head[1..].try_into().unwrap()) as usize;
            let Some((body, after)) = after.split_at_checked(length) else { break };
            frames.push(frame_of(head[0], body, width).unwrap());
            rest = after;
        }
        Answer { frames, status: output.status }
    }

    /// What the view is, looked at with its rows.
    pub(crate) fn described(&self, view: ViewSpec) -> Result<Vec<(String, ItemType)>, ViewRefusal> {
        let answer = Self::ended(self.begun(view, ViewTask::Describe(Look::Rows)), 1);
        match answer.frames.as_slice() {
            [Frame::Structure(structure), Frame::Done] => {
                Ok(structure.columns.iter().map(|column| (column.name.clone(), column.item_type)).collect())
            }
            [Frame::Refused(refusal)] => Err(refusal.clone()),
            other => panic!("{other:?} {}", answer.status),
        }
    }

    /// The rows of a scan.
    pub(crate) fn read(&self, view: ViewSpec, scan: ViewScan) -> Result<Vec<Vec<Value>>, ViewRefusal> {
        let width = scan.columns.len();
        let answer = Self::ended(self.begun(view, ViewTask::Scan(scan)), width);
        match answer.frames.split_last() {
            Some((Frame::Done, rows)) => Ok(rows
                .iter()
                .flat_map(|frame| match frame {
                    Frame::Rows(rows) => rows.clone(),
                    other => panic!("{other:?}"),
                })
                .collect()),
            Some((Frame::Refused(refusal), _)) => Err(refusal.clone()),
            other => panic!("{other:?} {}", answer.status),
        }
    }
}

/// All of a view, in order of its key.
pub(crate) fn everything(columns: &[(String, ItemType)], key: &[&str]) -> ViewScan {
    let of_key = |name: &&str| columns.iter().find(|column| column.0 == **name).unwrap().clone();
    ViewScan {
        columns: columns.to_vec(),
        conditions: Vec::new(),
        key: key.iter().map(of_key).collect(),
        after: None,
        limit: 20_000,
    }
}
