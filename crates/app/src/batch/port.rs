//! Batch exchange as the workflow sees it: what runs the tasks, and what it tells of the runs. The data plane stands behind it.

use async_trait::async_trait;
use shuqiao_domain::batch_task::BatchTask;
use shuqiao_vocabulary::{BatchRunId, BatchTaskId, Moment, OrganisationId, PersonId};
use std::collections::BTreeMap;

/// Where a task brings its rows, as the officer says it. Never stored unsealed, never printed.
#[derive(Clone)]
pub enum NewTarget {
    /// A PostgreSQL database.
    Postgres {
        /// Host; must be on the node's list of targets.
        host: String,
        /// Port.
        port: u16,
        /// Database.
        database: String,
        /// Login role; it creates tables and owns the target table.
        user: String,
        /// Password.
        password: String,
        /// Whether TLS is demanded.
        tls: bool,
    },
    /// A MySQL or MariaDB database.
    Mysql {
        /// Host; must be on the node's list of targets.
        host: String,
        /// Port.
        port: u16,
        /// Database.
        database: String,
        /// Login; it creates and renames tables there.
        user: String,
        /// Its password.
        password: String,
        /// Whether TLS is demanded.
        tls: bool,
    },
    /// Files in the organisation's folder of the node.
    Folder {
        /// The form of the files.
        format: PartFormat,
    },
}

/// The form of the files that a run makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PartFormat {
    /// CSV in its exact form.
    #[default]
    Csv,
    /// Apache Parquet, with the items' types.
    Parquet,
}

impl std::fmt::Debug for NewTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewTarget(…)")
    }
}

/// A target as it is kept.
#[derive(Clone, Debug)]
pub struct SealedTarget {
    /// What people may see of where it is.
    pub place: String,
    /// Where it is and how one gets in, sealed.
    pub sealed: Vec<u8>,
}

/// Why a task or a run does not go on, in the words of the plane; carries no value of the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchFailure {
    /// Which failure; codes are for ever.
    pub code: String,
    /// Names, counts, types.
    pub params: BTreeMap<String, String>,
    /// What it means and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// How a run stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchRunPhase {
    /// It goes on, or waits for a moment to go on.
    Open {
        /// From when on it is tried again; `None` when at once.
        until: Option<Moment>,
        /// Why it waits.
        problem: Option<BatchFailure>,
    },
    /// It waits because its task is paused.
    Stopped,
    /// It is given up; what it left in the target is being removed.
    Failing(BatchFailure),
    /// It is over without a result.
    Failed(BatchFailure),
    /// Its rows are in the target.
    Finished {
        /// Digest of the rows, 64 hexadecimal digits.
        digest: String,
        /// The first and the last record of its pages in the usage log.
        records: Option<(u64, u64)>,
        /// The receipt (回执), a note signed with the usage log's key.
        receipt: String,
        /// What the receiver counted itself.
        counted: Option<BatchCount>,
    },
}

/// The receiver's own count of a run (需求方核对).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchCount {
    /// Rows counted.
    pub rows: u64,
    /// Their digest, 64 lower-case hexadecimal digits.
    pub digest: String,
    /// Whether it is what was delivered.
    pub agrees: bool,
}

/// A run as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRunLine {
    /// The run.
    pub id: BatchRunId,
    /// Its task.
    pub task: BatchTaskId,
    /// How it stands.
    pub phase: BatchRunPhase,
    /// When it was begun.
    pub begun: Moment,
    /// When something last happened.
    pub updated: Moment,
    /// Rows in the target.
    pub rows: u64,
    /// About how many there will be.
    pub rows_estimate: Option<u64>,
    /// Rows put aside.
    pub bad: u64,
    /// Rows a second, while it is at work.
    pub rows_per_second: Option<u64>,
    /// Seconds until it is done, at that rate.
    pub seconds_left: Option<u64>,
}

/// A row that was put aside: where and why, never what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchBadRow {
    /// Keyed digest of the row's key, by which the provider's node can find it.
    pub key_digest: String,
    /// The item or column at fault, where it is known.
    pub item: Option<String>,
    /// Why.
    pub reason: BatchFailure,
}

/// Where what runs the tasks learns of them; the other way round, from the plane to the workflow.
#[async_trait]
pub trait BatchTasks: Send + Sync {
    /// The tasks that are not over; `None` when that cannot be said now.
    async fn batch_tasks(&self) -> Option<Vec<BatchTask>>;
}

/// Runs the tasks of batch exchange.
#[async_trait]
pub trait BatchRunner: Send + Sync {
    /// Seals a target of this requester.
    fn seal(&self, requester: OrganisationId, target: &NewTarget) -> Result<SealedTarget, BatchFailure>;
    /// Tries whether a run of the task could be begun: grant, target, table. Takes no row and makes nothing.
    async fn try_task(&self, task: &BatchTask) -> Result<(), BatchFailure>;
    /// Begins a run; `None` when the task has one that is not over.
    async fn begin(&self, task: &BatchTask) -> Result<Option<BatchRunId>, BatchFailure>;
    /// The runs of a task, the newest first.
    async fn runs(&self, task: BatchTaskId, limit: usize) -> Vec<BatchRunLine>;
    /// The rows that a run put aside, at most so many.
    async fn put_aside(&self, run: BatchRunId, limit: usize) -> Result<Vec<BatchBadRow>, BatchFailure>;
    /// Keeps the receiver's own count of a finished run, and whether it agrees.
    async fn countersign(&self, run: BatchRunId, rows: u64, digest: &str, by: PersonId) -> Result<bool, BatchFailure>;
    /// The runs that are over, of tasks that are over too.
    async fn over(&self) -> Vec<BatchRunLine>;
    /// Brings the runs in line with the tasks that are not over, and sets off as many as may run at a time. Does not wait
    /// for them; may be called at any time and twice.
    async fn turn(&self, tasks: &dyn BatchTasks);
}
