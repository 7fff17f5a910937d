//! Batch exchange (批量交换): the rows of a grant brought into a database or a folder of the requester, in chunks, so
//! that after any interruption no row is lost, none is there twice, and both sides can count and say the same.
//!
//! A page of [`super::pages::Pages`] is a chunk. It is recorded in the usage log, and then committed in the target in one
//! transaction with its row in the target's ledger; what the target's ledger says last is where a run goes on. Full runs
//! are switched over at the end, at once; incremental runs update by key. Where to start: [`task::BatchTask`] is what is
//! to be done, `attempt` does it, [`target`] is where it goes, `ledger` is what is left on the node.

use crate::plane::Plane;
use shuqiao_crypto::{digest, secret};
use shuqiao_vocabulary::{BatchRunId, BatchTaskId, Moment};
use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

mod ahead;
mod attempt;
mod code;
mod fit;
mod ledger;
mod lines;
mod note;
mod run;
pub mod schedule;
pub mod target;
pub mod task;

use code::Halt;
pub use code::{BatchCode, BatchProblem};
use ledger::Line;
use run::Run;
pub use run::{Countersigned, QuarantinedRow, RunPhase, RunReport, RunResult};
use task::{BatchDesk, BatchTask};

/// Longest wait between two tries.
const WAIT_SECONDS_MAX: u64 = 900;
/// Shortest wait between two tries.
const WAIT_SECONDS_MIN: u64 = 5;

/// What batch exchange is started with.
#[derive(Clone, Debug)]
pub struct BatchSettings {
    /// The folder of the runs.
    pub folder: PathBuf,
    /// Which targets may be written to.
    pub targets: target::TargetSettings,
    /// Rows of one chunk, at most those of a page.
    pub rows_per_chunk: u32,
    /// Bytes that the runs together may have read and not yet written, beside a page each.
    pub ready_bytes_max: u64,
    /// Rows that may be put aside in one run.
    pub bad_rows_max: u64,
    /// Runs at a time.
    pub runs_max: usize,
    /// Failed tries in a row before a run is over.
    pub tries_max: u32,
}

impl BatchSettings {
    /// Defaults under a data folder, with no target allowed yet.
    pub fn under(data: &std::path::Path) -> Self {
        Self {
            folder: data.join("batch"),
            targets: target::TargetSettings::default(),
            rows_per_chunk: crate::query::ROWS_PER_PAGE_MAX,
            ready_bytes_max: 128 * 1024 * 1024,
            bad_rows_max: 1_000,
            runs_max: 4,
            tries_max: 20,
        }
    }
}

/// Why something that was asked for cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// There is no such run.
    #[error("there is no such run")]
    RunMissing,
    /// The task has a run that is not over.
    #[error("the task has a run that is not over")]
    RunOpen,
    /// The run is over, or not in a state in which this can be done.
    #[error("the run is not in a state in which this can be done")]
    RunState,
    /// The grant cannot be delivered under now.
    #[error("the grant cannot be delivered under: {}", .0.code)]
    Refused(BatchProblem),
    /// The ledger cannot be written.
    #[error("the ledger of the run cannot be written")]
    Ledger,
}

/// Batch exchange on one plane.
pub struct Batch {
    plane: Arc<Plane>,
    settings: BatchSettings,
    room: ahead::Room,
    runs: Mutex<HashMap<BatchRunId, Arc<Run>>>,
    /// Runs that an attempt is being made of.
    busy: Mutex<HashSet<BatchRunId>>,
}

impl Batch {
    /// Reads the runs back; nothing is started.
    ///
    /// # Errors
    /// When a ledger cannot be read.
    pub fn open(plane: Arc<Plane>, settings: BatchSettings) -> std::io::Result<Self> {
        std::fs::create_dir_all(&settings.folder)?;
        let mut runs = HashMap::new();
        for entry in std::fs::read_dir(&settings.folder)? {
            if let Some(run) = Run::open(entry?.path())? {
                runs.insert(run.id, Arc::new(run));
            }
        }
        let room = ahead::Room::of(settings.ready_bytes_max);
        Ok(Self { plane, settings, room, runs: Mutex::new(runs), busy: Mutex::new(HashSet::new()) })
    }

    /// Tries whether a run of the task could be begun: grant, target, table. Takes no row and makes nothing, so that a
    /// task that cannot work is not kept.
    ///
    /// # Errors
    /// What stands against it.
    pub async fn try_task(&self, task: &BatchTask) -> Result<(), BatchProblem> {
        match attempt::try_task(self, task).await {
            Ok(()) => Ok(()),
            Err(Halt::Again { problem, .. } | Halt::Over(problem)) => Err(problem),
        }
    }

    /// Begins a run of the task; an attempt is made of it at the next [`Batch::tick`].
    ///
    /// # Errors
    /// When the task has a run that is not over, or the grant cannot be delivered under.
    pub async fn begin(&self, task: &BatchTask) -> Result<BatchRunId, BatchError> {
        let now = self.plane.now();
        let grant = self.plane.live_grant(&task.grant, now).map_err(refused)?;
        let estimate = attempt::estimate(&self.plane, &grant).await;
        let mut runs = self.runs();
        if runs.values().any(|run| run.task.id == task.id && run.is_open()) {
            return Err(BatchError::RunOpen);
        }
        let id = new_id(now);
        let finished = runs.values().filter(|run| run.task.id == task.id && run.task.mode == task.mode);
        let finished =
            finished.filter(|run| run.task.sealed_target == task.sealed_target && run.task.table == task.table);
        let newest = finished.filter(|run| run.state().watermark.is_some()).max_by_key(|run| run.begun());
        let since = match newest {
            Some(before) => attempt::since(&self.plane, before, id).map_err(over)?,
            None => None,
        };
        let begun =
            Line::Begun { at: now.to_string(), task: task.into(), terms: attempt::terms(&grant), since, estimate };
        let run = Run::create(&self.settings.folder, id, begun).map_err(|_| BatchError::Ledger)?;
        runs.insert(id, Arc::new(run));
        Ok(id)
    }

    /// Stops a run for now, after the chunk that is on its way.
    ///
    /// # Errors
    /// When there is no such run, or it is over.
    pub fn stop(&self, run: BatchRunId) -> Result<(), BatchError> {
        let line = Line::Stopped { at: self.plane.now().to_string() };
        self.note(run, &line, |phase| matches!(phase, RunPhase::Open { .. }))
    }

    /// Lets a stopped or waiting run go on.
    ///
    /// # Errors
    /// When there is no such run, or it is over.
    pub fn resume(&self, run: BatchRunId) -> Result<(), BatchError> {
        let line = Line::Resumed { at: self.plane.now().to_string() };
        self.note(run, &line, |phase| matches!(phase, RunPhase::Open { .. } | RunPhase::Stopped))
    }

    /// Ends a run without a result; what it has left in the target is removed.
    ///
    /// # Errors
    /// When there is no such run, or it is over.
    pub fn end(&self, run: BatchRunId) -> Result<(), BatchError> {
        self.end_for(run, BatchCode::Ended)
    }

    fn end_for(&self, run: BatchRunId, code: BatchCode) -> Result<(), BatchError> {
        let line = Line::Failing { at: self.plane.now().to_string(), problem: BatchProblem::new(code) };
        self.note(run, &line, |phase| matches!(phase, RunPhase::Open { .. } | RunPhase::Stopped))
    }

    /// The receiver's own count of a finished run, under the name of who says so. Whether it agrees.
    ///
    /// # Errors
    /// When there is no such run, or it is not finished.
    pub fn countersign(&self, run: BatchRunId, rows: u64, digest: &str, by: &str) -> Result<bool, BatchError> {
        let found = self.run(run)?;
        let agrees = match &found.state().phase {
            RunPhase::Finished(result) => result.rows == rows && result.digest == digest,
            _ => return Err(BatchError::RunState),
        };
        let (at, digest, by) = (self.plane.now().to_string(), digest.to_owned(), by.to_owned());
        let line = Line::Countersigned { at, rows, digest, by, agrees };
        found.record_now(&line).map_err(|_| BatchError::Ledger)?;
        Ok(agrees)
    }

    /// The runs of a task, the newest first.
    pub fn runs_of(&self, task: BatchTaskId, limit: usize) -> Vec<RunReport> {
        let now = self.plane.now();
        let mut found: Vec<_> = self.runs().values().filter(|run| run.task.id == task).cloned().collect();
        found.sort_by_key(|run| std::cmp::Reverse((run.begun(), run.id)));
        found.iter().take(limit).map(|run| run.report(now)).collect()
    }

    /// The runs that are over, in no order: what the workflow records of them.
    pub fn over(&self) -> Vec<RunReport> {
        let now = self.plane.now();
        let over: Vec<_> = self.runs().values().filter(|run| !run.is_open()).cloned().collect();
        over.iter().map(|run| run.report(now)).collect()
    }

    /// One run.
    ///
    /// # Errors
    /// When there is no such run.
    pub fn report(&self, run: BatchRunId) -> Result<RunReport, BatchError> {
        Ok(self.run(run)?.report(self.plane.now()))
    }

    /// The rows that a run has put aside. Reads a file.
    ///
    /// # Errors
    /// When there is no such run, or the file cannot be read.
    pub fn quarantine(&self, run: BatchRunId) -> Result<Vec<QuarantinedRow>, BatchError> {
        self.run(run)?.quarantine().map_err(|_| BatchError::Ledger)
    }

    /// Brings the runs in line with the tasks: begins what is due, ends what has no task any more. The runs of which an
    /// attempt is to be made now, as many as may run at a time; the caller makes them ([`Batch::attempt`]). May run at any
    /// time and twice (a reconciler).
    pub async fn tick(&self, desk: &dyn BatchDesk) -> Vec<BatchRunId> {
        let now = self.plane.now();
        if let Some(tasks) = desk.tasks().await {
            let known: HashSet<BatchTaskId> = tasks.iter().map(|task| task.id).collect();
            let orphans: Vec<BatchRunId> = {
                let runs = self.runs();
                let orphans = runs.values().filter(|run| run.is_open() && !known.contains(&run.task.id));
                // A run that was begun while the desk was asked may be of a task that it did not know yet.
                let orphans = orphans.filter(|run| run.begun() <= now);
                orphans.filter(|run| !matches!(run.state().phase, RunPhase::Failing(_))).map(|run| run.id).collect()
            };
            for orphan in orphans {
                if let Err(error) = self.end_for(orphan, BatchCode::TaskGone) {
                    tracing::warn!(run = %orphan, %error, "a run whose task is gone could not be ended");
                }
            }
            for task in &tasks {
                let last = self.runs().values().filter(|run| run.task.id == task.id).map(|run| run.begun()).max();
                if !task.schedule.is_due(last.map_or(task.since, |last| last.max(task.since)), now) {
                    continue;
                }
                match self.begin(task).await {
                    Ok(_) | Err(BatchError::RunOpen) => {}
                    // Tried again at the next tick: the schedule's moment has not been used up.
                    Err(error) => tracing::debug!(task = %task.id, %error, "a run that is due could not be begun"),
                }
            }
        }
        let busy = self.busy().clone();
        let runs = self.runs();
        let mut due: Vec<_> = runs.values().filter(|run| run.is_due(now) && !busy.contains(&run.id)).collect();
        due.sort_by_key(|run| (run.begun(), run.id));
        due.iter().take(self.settings.runs_max.saturating_sub(busy.len())).map(|run| run.id).collect()
    }

    /// Makes one attempt of a run: it goes on until it is finished, fails, or has to wait. May be dropped at any await; a
    /// later attempt goes on where the target's ledger stands. Nothing happens while another attempt is being made.
    ///
    /// # Errors
    /// When there is no such run.
    pub async fn attempt(&self, id: BatchRunId) -> Result<RunReport, BatchError> {
        let run = self.run(id)?;
        if !self.busy().insert(id) {
            return Ok(run.report(self.plane.now()));
        }
        let _busy = Busy { batch: self, run: &run };
        run.attempt_begins(self.plane.now());
        let halted = match attempt::go_on(self, &run).await {
            Ok(()) => None,
            Err(Halt::Over(problem)) => {
                let line = Line::Failing { at: self.plane.now().to_string(), problem };
                // What is left in the target goes now, if it can.
                match run.record(line).await {
                    Ok(()) => attempt::go_on(self, &run).await.err(),
                    Err(halt) => Some(halt),
                }
            }
            Err(halt) => Some(halt),
        };
        if let Some(halt) = halted {
            self.wait_or_fail(&run, halt).await;
        }
        Ok(run.report(self.plane.now()))
    }

    /// Notes from when on a run is tried again, or that it has been tried often enough.
    async fn wait_or_fail(&self, run: &Arc<Run>, halt: Halt) {
        let now = self.plane.now();
        let (tries, failing) = {
            let state = run.state();
            (state.tries, matches!(state.phase, RunPhase::Failing(_)))
        };
        let line = match halt {
            Halt::Again { problem, seconds: Some(seconds) } => waits(now, problem, seconds, tries),
            Halt::Again { problem, seconds: None } if tries < self.settings.tries_max => {
                let wait = WAIT_SECONDS_MIN.saturating_mul(1 << tries.min(20)).min(WAIT_SECONDS_MAX);
                waits(now, problem, wait, tries + 1)
            }
            // The target has been gone for so long that what is left in it is left.
            Halt::Again { .. } | Halt::Over(_) if failing => Line::Failed { at: now.to_string() },
            Halt::Again { problem, .. } | Halt::Over(problem) => Line::Failing { at: now.to_string(), problem },
        };
        if let Err(halt) = run.record(line).await {
            tracing::error!(run = %run.id, ?halt, "the ledger of a run cannot be written");
        }
    }

    fn note(&self, run: BatchRunId, line: &Line, may: impl Fn(&RunPhase) -> bool) -> Result<(), BatchError> {
        let run = self.run(run)?;
        if !may(&run.state().phase) {
            return Err(BatchError::RunState);
        }
        run.record_now(line).map_err(|_| BatchError::Ledger)
    }

    fn run(&self, id: BatchRunId) -> Result<Arc<Run>, BatchError> {
        self.runs().get(&id).cloned().ok_or(BatchError::RunMissing)
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<BatchRunId, Arc<Run>>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn busy(&self) -> MutexGuard<'_, HashSet<BatchRunId>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Marks a run as being attempted, until the attempt ends or is dropped.
struct Busy<'a> {
    batch: &'a Batch,
    run: &'a Run,
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.run.attempt_ends();
        self.batch.busy().remove(&self.run.id);
    }
}

fn waits(now: Moment, problem: BatchProblem, seconds: u64, tries: u32) -> Line {
    let until = now.plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX)).to_string();
    Line::Waits { at: now.to_string(), problem, until, tries }
}

fn refused(refused: crate::problem::Refused) -> BatchError {
    over(refused.into())
}

fn over(halt: Halt) -> BatchError {
    match halt {
        Halt::Again { problem, .. } | Halt::Over(problem) => BatchError::Refused(problem),
    }
}

/// An id whose first half grows with time, so that folders sort by age.
fn new_id(now: Moment) -> BatchRunId {
    let time = u64::try_from(now.microseconds() / 1_000).unwrap_or(0).to_be_bytes();
    let bytes = [&time[2..], &secret::random_bytes::<10>()].concat();
    let text = format!("run_{}", digest::hex(&bytes));
    text.parse().unwrap_or_else(|_| unreachable!("16 bytes in hexadecimal are an id"))
}

/// Whether a name may be that of a folder below a target's folder: no path, nothing hidden, nothing without a limit.
fn safe_name(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    !name.is_empty() && name.len() <= 120 && !name.starts_with('.') && name.chars().all(plain)
}
