//! The runner of batch exchange: what the workflow says of tasks, carried to the plane, and back what it tells of runs.

use async_trait::async_trait;
use shuqiao_app::port::{
    self as app, BatchBadRow, BatchCount, BatchFailure, BatchRunLine, BatchRunPhase, BatchRunner, BatchTasks,
    NewTarget, SealedTarget,
};
use shuqiao_crypto::seal::SealKey;
use shuqiao_domain::batch_task::{self as domain, BatchTaskState};
use shuqiao_plane::delivery::batch::{
    Batch, BatchCode, BatchError, BatchProblem, QuarantinedRow, RunPhase, RunReport, RunResult,
    schedule::Schedule,
    target::{PartFormat, TargetLocation},
    task::{BatchDesk, BatchMode, BatchTask},
};
use shuqiao_vocabulary::{BatchRunId, BatchTaskId, OrganisationId, PersonId};
use std::{fs, path::PathBuf, sync::Arc};

/// The runner of this program.
pub(crate) struct LocalBatch {
    /// Batch exchange on the plane.
    pub(crate) batch: Arc<Batch>,
    /// Seals targets.
    pub(crate) seal: Arc<SealKey>,
    /// Where files of organisations are handed over, one folder for each.
    pub(crate) outbox: PathBuf,
}

#[async_trait]
impl BatchRunner for LocalBatch {
    fn seal(&self, requester: OrganisationId, target: &NewTarget) -> Result<SealedTarget, BatchFailure> {
        let (location, place) = match target {
            NewTarget::Postgres { host, port, database, user, password, tls } => {
                let location = TargetLocation::Postgres {
                    host: host.clone(),
                    port: *port,
                    database: database.clone(),
                    user: user.clone(),
                    password: password.clone(),
                    tls: *tls,
                };
                (location, format!("{host}:{port}/{database}"))
            }
            NewTarget::Mysql { host, port, database, user, password, tls } => {
                let location = TargetLocation::Mysql {
                    host: host.clone(),
                    port: *port,
                    database: database.clone(),
                    user: user.clone(),
                    password: password.clone(),
                    tls: *tls,
                };
                (location, format!("{host}:{port}/{database}"))
            }
            NewTarget::Folder { format } => {
                // Each organisation has its own, so that no name of a subfolder leads to another's files.
                let path = self.outbox.join(requester.to_string());
                fs::create_dir_all(&path).map_err(|error| {
                    tracing::error!(%error, "the folder in which files are handed over cannot be made");
                    named(BatchCode::TargetFull)
                })?;
                let format = match format {
                    app::PartFormat::Csv => PartFormat::Csv,
                    app::PartFormat::Parquet => PartFormat::Parquet,
                };
                (TargetLocation::Folder { path, format }, format!("outbox/{requester}"))
            }
        };
        Ok(SealedTarget { place, sealed: location.seal(&self.seal) })
    }

    async fn try_task(&self, task: &domain::BatchTask) -> Result<(), BatchFailure> {
        self.batch.try_task(&task_of(task)).await.map_err(failure)
    }

    async fn begin(&self, task: &domain::BatchTask) -> Result<Option<BatchRunId>, BatchFailure> {
        match self.batch.begin(&task_of(task)).await {
            Ok(run) => Ok(Some(run)),
            Err(BatchError::RunOpen) => Ok(None),
            Err(BatchError::Refused(problem)) => Err(failure(problem)),
            Err(BatchError::RunMissing | BatchError::RunState | BatchError::Ledger) => {
                Err(named(BatchCode::LedgerFailed))
            }
        }
    }

    async fn runs(&self, task: BatchTaskId, limit: usize) -> Vec<BatchRunLine> {
        self.batch.runs_of(task, limit).into_iter().map(line).collect()
    }

    async fn put_aside(&self, run: BatchRunId, limit: usize) -> Result<Vec<BatchBadRow>, BatchFailure> {
        // It reads a file: not on a thread that others wait for.
        let batch = self.batch.clone();
        let read = tokio::task::spawn_blocking(move || batch.quarantine(run)).await;
        match read {
            Ok(Ok(rows)) => Ok(rows.into_iter().take(limit).map(bad_row).collect()),
            Ok(Err(_)) | Err(_) => Err(named(BatchCode::LedgerFailed)),
        }
    }

    async fn countersign(&self, run: BatchRunId, rows: u64, digest: &str, by: PersonId) -> Result<bool, BatchFailure> {
        self.batch.countersign(run, rows, digest, &by.to_string()).map_err(|_| named(BatchCode::LedgerFailed))
    }

    async fn over(&self) -> Vec<BatchRunLine> {
        self.batch.over().into_iter().map(line).collect()
    }

    async fn turn(&self, tasks: &dyn BatchTasks) {
        for run in self.batch.tick(&Desk { tasks, batch: &self.batch }).await {
            let batch = self.batch.clone();
            // Dropped when the program ends: the next attempt goes on where the target's ledger stands.
            tokio::spawn(async move {
                if let Err(error) = batch.attempt(run).await {
                    tracing::error!(%run, %error, "a run of batch exchange could not be attempted");
                }
            });
        }
    }
}

/// The workflow's tasks as the plane asks for them.
struct Desk<'a> {
    tasks: &'a dyn BatchTasks,
    batch: &'a Batch,
}

#[async_trait]
impl BatchDesk for Desk<'_> {
    async fn tasks(&self) -> Option<Vec<BatchTask>> {
        let tasks = self.tasks.batch_tasks().await?;
        for task in &tasks {
            self.hold_or_let_go(task);
        }
        Some(tasks.iter().map(task_of).collect())
    }
}

impl Desk<'_> {
    /// The newest run of a paused task waits, that of a standing one does not.
    fn hold_or_let_go(&self, task: &domain::BatchTask) {
        let Some(run) = self.batch.runs_of(task.id, 1).into_iter().next() else { return };
        let done = match (&task.state, &run.phase) {
            (BatchTaskState::Paused { .. }, RunPhase::Open { .. }) => self.batch.stop(run.id),
            (BatchTaskState::Standing, RunPhase::Stopped) => self.batch.resume(run.id),
            _ => return,
        };
        if let Err(error) = done {
            tracing::warn!(run = %run.id, %error, "a run could not be stopped or resumed; the next turn tries again");
        }
    }
}

fn task_of(task: &domain::BatchTask) -> BatchTask {
    BatchTask {
        id: task.id,
        grant: task.grant,
        requester: task.requester,
        person: task.set_up.person,
        mode: match &task.mode {
            domain::BatchMode::Full => BatchMode::Full,
            domain::BatchMode::Incremental { change, overlap } => {
                BatchMode::Incremental { change: change.as_str().to_owned(), overlap: *overlap }
            }
        },
        sealed_target: task.sealed_target.clone(),
        table: task.table.clone(),
        schedule: match (&task.state, task.schedule) {
            (BatchTaskState::Standing, domain::BatchSchedule::Daily { minute }) => Schedule::Daily { minute },
            (BatchTaskState::Standing, domain::BatchSchedule::Weekly { weekday, minute }) => {
                Schedule::Weekly { weekday, minute }
            }
            // Of a paused task no run begins by itself.
            _ => Schedule::Manual,
        },
        since: task.since,
    }
}

fn line(report: RunReport) -> BatchRunLine {
    let phase = match report.phase {
        RunPhase::Open { until, problem } => BatchRunPhase::Open { until, problem: problem.map(failure) },
        RunPhase::Stopped => BatchRunPhase::Stopped,
        RunPhase::Failing(problem) => BatchRunPhase::Failing(failure(problem)),
        RunPhase::Failed(problem) => BatchRunPhase::Failed(failure(problem)),
        RunPhase::Finished(result) => {
            let counted = result.countersigned.map(|said| BatchCount {
                rows: said.rows,
                digest: said.digest,
                agrees: said.agrees,
            });
            let RunResult { digest, records, receipt, .. } = result;
            BatchRunPhase::Finished { digest, records, receipt, counted }
        }
    };
    BatchRunLine {
        id: report.id,
        task: report.task,
        phase,
        begun: report.begun,
        updated: report.updated,
        rows: report.rows,
        rows_estimate: report.rows_estimate,
        bad: report.bad,
        rows_per_second: report.rows_per_second,
        seconds_left: report.seconds_left,
    }
}

fn bad_row(row: QuarantinedRow) -> BatchBadRow {
    let reason = failure(BatchProblem { code: row.code, params: serde_json::Map::new() });
    BatchBadRow { key_digest: row.key_digest, item: row.item, reason }
}

fn failure(problem: BatchProblem) -> BatchFailure {
    let (zh, en) = problem.titles();
    let (zh, en) = (zh.to_owned(), en.to_owned());
    let said = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    let params = problem.params.into_iter().map(|(name, value)| (name, said(value))).collect();
    BatchFailure { code: problem.code, params, zh, en }
}

fn named(code: BatchCode) -> BatchFailure {
    failure(BatchProblem { code: code.as_str().to_owned(), params: serde_json::Map::new() })
}
