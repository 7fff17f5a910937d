//! Tasks of batch exchange, their runs, and rows put aside.

use super::{
    list::{BatchTaskState, BatchTaskVerb},
    shared::{Signature, person_name, signature},
    text::{BatchRunId, BatchTaskId, GrantId, ItemName, MomentText},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::{BatchTaskView, port, view::People};
use shuqiao_domain::batch_task as domain;
use utoipa::ToSchema;

/// Where a task brings its rows. Login data is sealed at once and never given back.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BatchTargetNew {
    /// A table of a PostgreSQL database.
    Postgres {
        /// Host; it must be on the node's list of targets.
        host: String,
        /// Port.
        port: u16,
        /// Database.
        database: String,
        /// Login role; it may create tables and owns the target table.
        user: String,
        /// Password.
        password: String,
        /// Whether TLS is demanded.
        #[serde(default)]
        tls: bool,
    },
    /// A table of a MySQL or MariaDB database.
    Mysql {
        /// Host; it must be on the node's list of targets.
        host: String,
        /// Port.
        port: u16,
        /// Database.
        database: String,
        /// Login; what it must be allowed to do: `docs/batch-targets.md`.
        user: String,
        /// Password.
        password: String,
        /// Whether TLS is demanded.
        #[serde(default)]
        tls: bool,
    },
    /// Files with a manifest, in the organisation's folder of the node.
    Folder {
        /// The form of the files.
        #[serde(default)]
        format: BatchPartFormat,
    },
}

/// The form of the files that a run makes.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchPartFormat {
    /// CSV in UTF-8: texts are quoted and nothing else is, so that an empty text and nothing are two things.
    #[default]
    Csv,
    /// Apache Parquet with the items' types; texts and decimals as UTF-8.
    Parquet,
}

impl From<BatchPartFormat> for port::PartFormat {
    fn from(format: BatchPartFormat) -> Self {
        match format {
            BatchPartFormat::Csv => Self::Csv,
            BatchPartFormat::Parquet => Self::Parquet,
        }
    }
}

impl From<BatchTargetNew> for port::NewTarget {
    fn from(form: BatchTargetNew) -> Self {
        match form {
            BatchTargetNew::Postgres { host, port, database, user, password, tls } => {
                Self::Postgres { host, port, database, user, password, tls }
            }
            BatchTargetNew::Mysql { host, port, database, user, password, tls } => {
                Self::Mysql { host, port, database, user, password, tls }
            }
            BatchTargetNew::Folder { format } => Self::Folder { format: format.into() },
        }
    }
}

/// What a run brings.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BatchMode {
    /// All rows, in place of those of before (全量).
    Full,
    /// The rows that changed since the last finished run (增量), updated by the key.
    Incremental {
        /// The granted, unmasked item that grows with each change.
        change: ItemName,
        /// How far before the last value to begin: seconds of a date and time, days of a date, steps of a number.
        #[serde(default)]
        overlap: u32,
    },
}

impl From<BatchMode> for domain::BatchMode {
    fn from(form: BatchMode) -> Self {
        match form {
            BatchMode::Full => Self::Full,
            BatchMode::Incremental { change, overlap } => Self::Incremental { change: change.0, overlap },
        }
    }
}

impl From<domain::BatchMode> for BatchMode {
    fn from(mode: domain::BatchMode) -> Self {
        match mode {
            domain::BatchMode::Full => Self::Full,
            domain::BatchMode::Incremental { change, overlap } => {
                Self::Incremental { change: ItemName(change), overlap }
            }
        }
    }
}

/// When runs begin by themselves, in legal time (Asia/Shanghai).
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BatchSchedule {
    /// Only when somebody says so.
    Manual,
    /// Every day.
    Daily {
        /// Minutes after midnight.
        #[schema(maximum = 1439)]
        minute: u16,
    },
    /// Every week.
    Weekly {
        /// 1 is Monday, 7 Sunday.
        #[schema(minimum = 1, maximum = 7)]
        weekday: u8,
        /// Minutes after midnight.
        #[schema(maximum = 1439)]
        minute: u16,
    },
}

impl From<BatchSchedule> for domain::BatchSchedule {
    fn from(form: BatchSchedule) -> Self {
        match form {
            BatchSchedule::Manual => Self::Manual,
            BatchSchedule::Daily { minute } => Self::Daily { minute },
            BatchSchedule::Weekly { weekday, minute } => Self::Weekly { weekday, minute },
        }
    }
}

impl From<domain::BatchSchedule> for BatchSchedule {
    fn from(schedule: domain::BatchSchedule) -> Self {
        match schedule {
            domain::BatchSchedule::Manual => Self::Manual,
            domain::BatchSchedule::Daily { minute } => Self::Daily { minute },
            domain::BatchSchedule::Weekly { weekday, minute } => Self::Weekly { weekday, minute },
        }
    }
}

/// A task to be set up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchTaskNew {
    /// The grant, of batch exchange.
    pub grant: GrantId,
    /// Where the rows go.
    pub target: BatchTargetNew,
    /// The table, which is made when it is not there; of another schema than the usual one as `schema.table`. Of a
    /// folder: the subfolder.
    #[schema(min_length = 1, max_length = 120)]
    pub table: String,
    /// What a run brings.
    pub mode: BatchMode,
    /// When runs begin.
    pub schedule: BatchSchedule,
}

/// Why a run waits or has ended, or a row was put aside.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchReason {
    /// The code; codes are for ever.
    pub code: String,
    /// What it means and what to do, in Chinese.
    pub title_zh: String,
    /// The same in English.
    pub title_en: String,
    /// Names, counts, types; never a value of the data.
    pub params: std::collections::BTreeMap<String, String>,
}

impl From<port::BatchFailure> for BatchReason {
    fn from(port::BatchFailure { code, params, zh, en }: port::BatchFailure) -> Self {
        Self { code, title_zh: zh, title_en: en, params }
    }
}

/// How a run stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchRunState {
    /// At work, or about to be.
    Running,
    /// Waits, and goes on by itself.
    Waiting,
    /// Waits because its task is paused.
    Stopped,
    /// Over without a result.
    Failed,
    /// Its rows are in the target.
    Finished,
}

/// A run of a task (批量交换运行).
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchRun {
    /// Its id.
    pub id: BatchRunId,
    /// How it stands.
    pub state: BatchRunState,
    /// When it was begun.
    pub begun_at: MomentText,
    /// When something last happened; of a run that is over, when it ended.
    pub updated_at: MomentText,
    /// Rows in the target.
    pub rows: u64,
    /// About how many there will be; null when nobody knows.
    #[schema(required)]
    pub rows_estimate: Option<u64>,
    /// Rows put aside.
    pub put_aside: u64,
    /// Rows a second, while it is at work.
    #[schema(required)]
    pub rows_per_second: Option<u64>,
    /// Seconds until it is done, at that rate.
    #[schema(required)]
    pub seconds_left: Option<u64>,
    /// Why it waits or has failed.
    #[schema(required)]
    pub reason: Option<BatchReason>,
    /// From when on a waiting run is tried again.
    #[schema(required)]
    pub next_try_at: Option<MomentText>,
    /// Digest of the rows that were read back from the target, of a finished run.
    #[schema(required)]
    pub digest: Option<String>,
    /// The first and the last record of its pages in the usage log.
    #[schema(required)]
    pub records: Option<[u64; 2]>,
    /// The receipt (回执): a note signed with the usage log's key, which anybody can check offline.
    #[schema(required)]
    pub receipt: Option<String>,
    /// What the receiver counted itself; null while it has said nothing.
    #[schema(required)]
    pub counted: Option<BatchCount>,
}

/// What a receiver counted of a run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchCountNew {
    /// Rows in its table, or in its files.
    pub rows: u64,
    /// Their digest: for each row SM3 over its cells, summed modulo 2^256; 64 hexadecimal digits. How it is computed:
    /// `docs/batch-digest.md`.
    #[schema(min_length = 64, max_length = 64)]
    pub digest: String,
}

/// The receiver's own count beside the node's (需求方核对).
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchCount {
    /// Rows counted.
    pub rows: u64,
    /// Their digest, 64 hexadecimal digits.
    pub digest: String,
    /// Whether both sides agree.
    pub agrees: bool,
}

impl From<port::BatchCount> for BatchCount {
    fn from(port::BatchCount { rows, digest, agrees }: port::BatchCount) -> Self {
        Self { rows, digest, agrees }
    }
}

impl From<port::BatchRunLine> for BatchRun {
    fn from(line: port::BatchRunLine) -> Self {
        let mut run = Self {
            id: BatchRunId(line.id),
            state: BatchRunState::Running,
            begun_at: MomentText(line.begun),
            updated_at: MomentText(line.updated),
            rows: line.rows,
            rows_estimate: line.rows_estimate,
            put_aside: line.bad,
            rows_per_second: line.rows_per_second,
            seconds_left: line.seconds_left,
            reason: None,
            next_try_at: None,
            digest: None,
            records: None,
            receipt: None,
            counted: None,
        };
        match line.phase {
            port::BatchRunPhase::Open { problem: None, .. } => {}
            port::BatchRunPhase::Open { until, problem: Some(problem) } => {
                run.state = BatchRunState::Waiting;
                run.reason = Some(problem.into());
                run.next_try_at = until.map(MomentText);
            }
            port::BatchRunPhase::Stopped => run.state = BatchRunState::Stopped,
            port::BatchRunPhase::Failing(problem) | port::BatchRunPhase::Failed(problem) => {
                run.state = BatchRunState::Failed;
                run.reason = Some(problem.into());
            }
            port::BatchRunPhase::Finished { digest, records, receipt, counted } => {
                run.state = BatchRunState::Finished;
                run.digest = Some(digest);
                run.records = records.map(|(first, last)| [first, last]);
                run.receipt = Some(receipt);
                run.counted = counted.map(Into::into);
            }
        }
        run
    }
}

/// A row that was put aside: where and why, never what.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchBadRow {
    /// Keyed digest of the row's key, by which the provider's node can find it.
    pub key_digest: String,
    /// The item or column at fault, where it is known.
    #[schema(required)]
    pub item: Option<String>,
    /// Why.
    pub reason: BatchReason,
}

impl From<port::BatchBadRow> for BatchBadRow {
    fn from(port::BatchBadRow { key_digest, item, reason }: port::BatchBadRow) -> Self {
        Self { key_digest, item, reason: reason.into() }
    }
}

/// A task of batch exchange (批量交换任务).
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchTask {
    /// Its id.
    pub id: BatchTaskId,
    /// Its revision.
    pub revision: u64,
    /// The grant it delivers under.
    pub grant: GrantId,
    /// Where the rows go, without the login.
    pub place: String,
    /// The table or subfolder.
    pub table: String,
    /// What a run brings.
    pub mode: BatchMode,
    /// When runs begin.
    pub schedule: BatchSchedule,
    /// Where it stands.
    pub state: BatchTaskState,
    /// Who set it up and answers for it.
    pub set_up: Signature,
    /// Who paused or ended it; null while it stands, and when it ended with its grant.
    #[schema(required)]
    pub changed_by: Option<String>,
    /// When it was paused or ended.
    #[schema(required)]
    pub changed_at: Option<MomentText>,
    /// What the reader may do with it now.
    pub allowed: Vec<BatchTaskVerb>,
    /// Its newest run.
    #[schema(required)]
    pub last_run: Option<BatchRun>,
}

impl From<BatchTaskView> for BatchTask {
    fn from(BatchTaskView { task, verbs, last, people }: BatchTaskView) -> Self {
        let (revision, task) = (task.revision, task.value);
        let (changed_by, changed_at) = changed(&people, &task.state);
        Self {
            id: BatchTaskId(task.id),
            revision,
            grant: GrantId(task.grant),
            place: task.place,
            table: task.table,
            mode: task.mode.into(),
            schedule: task.schedule.into(),
            state: BatchTaskState(task.state.name()),
            set_up: signature(&people, &task.set_up),
            changed_by,
            changed_at,
            allowed: verbs.into_iter().map(BatchTaskVerb).collect(),
            last_run: last.map(Into::into),
        }
    }
}

fn changed(people: &People, state: &domain::BatchTaskState) -> (Option<String>, Option<MomentText>) {
    match state {
        domain::BatchTaskState::Standing => (None, None),
        domain::BatchTaskState::Paused { by, at } => (Some(person_name(people, *by)), Some(MomentText(*at))),
        domain::BatchTaskState::Ended { by, at } => (by.map(|by| person_name(people, by)), Some(MomentText(*at))),
    }
}
