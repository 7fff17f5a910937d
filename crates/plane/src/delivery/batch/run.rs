//! One run as the node knows it: the fold of its ledger.

use super::{
    code::{BatchCode, BatchProblem, Halt},
    ledger::{Line, LineFile},
    task::{BatchMode, BatchTask},
};
use serde::{Deserialize, Serialize};
use shuqiao_vocabulary::{BatchRunId, BatchTaskId, GrantId, Moment, OrganisationId};
use std::{
    io::{Error, ErrorKind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How a run stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunPhase {
    /// It goes on, or waits for a moment to go on.
    Open {
        /// From when on it is tried again; `None` when at once.
        until: Option<Moment>,
        /// Why it waits.
        problem: Option<BatchProblem>,
    },
    /// The officer stopped it for now.
    Stopped,
    /// It is over without a result; what it left in the target is still to be removed.
    Failing(BatchProblem),
    /// It is over without a result.
    Failed(BatchProblem),
    /// Its rows are in the target.
    Finished(RunResult),
}

/// What a finished run brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunResult {
    /// Rows, sent and read back.
    pub rows: u64,
    /// Their digest, 64 hexadecimal digits ([`crate::delivery::receipt`]).
    pub digest: String,
    /// The first and the last record of its pages in the usage log.
    pub records: Option<(u64, u64)>,
    /// The receipt, a note signed with the usage log's key.
    pub receipt: String,
    /// What the receiver counted last.
    pub countersigned: Option<Countersigned>,
}

/// The receiver's own count of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countersigned {
    /// Who says so.
    pub by: String,
    /// Rows counted.
    pub rows: u64,
    /// Their digest, 64 hexadecimal digits.
    pub digest: String,
    /// Whether it is what was delivered.
    pub agrees: bool,
}

/// A run as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunReport {
    /// The run.
    pub id: BatchRunId,
    /// Its task.
    pub task: BatchTaskId,
    /// Its grant.
    pub grant: GrantId,
    /// The department that receives.
    pub requester: OrganisationId,
    /// How it stands.
    pub phase: RunPhase,
    /// When it was begun.
    pub begun: Moment,
    /// When something last happened.
    pub updated: Moment,
    /// Rows in the target.
    pub rows: u64,
    /// About how many there will be; of an incremental run nobody knows.
    pub rows_estimate: Option<u64>,
    /// Rows put aside.
    pub bad: u64,
    /// Chunks in the target.
    pub chunks: u64,
    /// Rows a second in the present attempt.
    pub rows_per_second: Option<u64>,
    /// Seconds until it is done, at that rate.
    pub seconds_left: Option<u64>,
}

/// A row that was put aside: where and why, never what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedRow {
    /// The chunk it was found in.
    pub chunk: u64,
    /// HMAC-SM3 of the row's key under the grant's own key: the provider's node can find the row by it, nobody can
    /// guess the key from it.
    pub key_digest: String,
    /// The code of the reason.
    pub code: String,
    /// The item or column at fault, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
}

pub(super) struct Run {
    pub(super) id: BatchRunId,
    pub(super) folder: PathBuf,
    /// The task as it was when the run was begun.
    pub(super) task: BatchTask,
    /// SHA-256 of the grant's terms then.
    pub(super) terms: String,
    /// Where the run before had got to, sealed.
    pub(super) since: Option<String>,
    estimate: Option<u64>,
    begun: Moment,
    ledger: LineFile,
    state: Mutex<State>,
}

pub(super) struct State {
    pub(super) phase: RunPhase,
    pub(super) tries: u32,
    pub(super) watermark: Option<String>,
    updated: Moment,
    rows: u64,
    bad: u64,
    chunks: u64,
    /// When the present attempt began, and the rows there were then.
    attempt: Option<(Moment, u64)>,
}

impl Run {
    /// Makes a run's folder and its ledger with the first line.
    pub(super) fn create(folders: &Path, id: BatchRunId, begun: Line) -> std::io::Result<Self> {
        let folder = folders.join(id.to_string());
        std::fs::create_dir_all(&folder)?;
        let (ledger, _) = LineFile::open::<Line>(&folder.join("ledger.jsonl"))?;
        ledger.add(&[&begun])?;
        Self::of(folder, id, ledger, vec![begun])
    }

    /// Reads a run back. `Ok(None)` of a folder whose run was never begun.
    pub(super) fn open(folder: PathBuf) -> std::io::Result<Option<Self>> {
        let name = folder.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
        let Some(id) = name else { return Ok(None) };
        let (ledger, lines) = LineFile::open::<Line>(&folder.join("ledger.jsonl"))?;
        if lines.is_empty() { Ok(None) } else { Self::of(folder, id, ledger, lines).map(Some) }
    }

    fn of(folder: PathBuf, id: BatchRunId, ledger: LineFile, lines: Vec<Line>) -> std::io::Result<Self> {
        let unreadable = || Error::new(ErrorKind::InvalidData, "the ledger of a run does not begin as it must");
        let Some(Line::Begun { at, task, terms, since, estimate }) = lines.first().cloned() else {
            return Err(unreadable());
        };
        let begun: Moment = at.parse().map_err(|_| unreadable())?;
        let state = State {
            phase: RunPhase::Open { until: None, problem: None },
            tries: 0,
            watermark: None,
            updated: begun,
            rows: 0,
            bad: 0,
            chunks: 0,
            attempt: None,
        };
        let task = task.task().ok_or_else(unreadable)?;
        let state = Mutex::new(state);
        let run = Self { id, folder, task, terms, since, estimate, begun, ledger, state };
        lines.iter().skip(1).for_each(|line| run.state().apply(line));
        Ok(run)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn begun(&self) -> Moment {
        self.begun
    }

    /// Whether the run is not over yet.
    pub(super) fn is_open(&self) -> bool {
        !matches!(self.state().phase, RunPhase::Failed(_) | RunPhase::Finished(_))
    }

    /// Whether an attempt should be made now.
    pub(super) fn is_due(&self, now: Moment) -> bool {
        match &self.state().phase {
            RunPhase::Open { until, .. } => until.is_none_or(|until| until <= now),
            RunPhase::Failing(_) => true,
            RunPhase::Stopped | RunPhase::Failed(_) | RunPhase::Finished(_) => false,
        }
    }

    /// Whether the run may take another chunk now.
    pub(super) fn goes_on(&self) -> bool {
        matches!(self.state().phase, RunPhase::Open { .. })
    }

    pub(super) fn attempt_begins(&self, now: Moment) {
        let mut state = self.state();
        state.attempt = Some((now, state.rows));
    }

    pub(super) fn attempt_ends(&self) {
        self.state().attempt = None;
    }

    /// Writes a line, flushed, and takes it to heart. Goes on to the end when the caller is dropped meanwhile.
    ///
    /// # Errors
    /// `ledger_failed`, to be tried again.
    pub(super) async fn record(self: &Arc<Self>, line: Line) -> Result<(), Halt> {
        let run = self.clone();
        let written = tokio::task::spawn_blocking(move || run.record_now(&line));
        match written.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Halt::again(BatchCode::LedgerFailed)),
        }
    }

    /// The same, at once.
    pub(super) fn record_now(&self, line: &Line) -> std::io::Result<()> {
        self.ledger.add(std::slice::from_ref(line))?;
        self.state().apply(line);
        Ok(())
    }

    /// The quarantine as it was after this chunk: what a lost attempt put aside later is found again.
    pub(super) fn quarantine_after(&self, chunk: u64) -> std::io::Result<LineFile> {
        let path = self.quarantine_path();
        let (file, rows) = LineFile::open::<QuarantinedRow>(&path)?;
        let kept: Vec<&QuarantinedRow> = rows.iter().filter(|row| row.chunk <= chunk).collect();
        if kept.len() == rows.len() {
            return Ok(file);
        }
        let beside = path.with_extension("new");
        let _ = std::fs::remove_file(&beside);
        LineFile::open::<QuarantinedRow>(&beside)?.0.add(&kept)?;
        std::fs::rename(&beside, &path)?;
        Ok(LineFile::open::<QuarantinedRow>(&path)?.0)
    }

    /// The rows put aside.
    pub(super) fn quarantine(&self) -> std::io::Result<Vec<QuarantinedRow>> {
        let mut text = String::new();
        match std::fs::File::open(self.quarantine_path()) {
            Ok(mut file) => std::io::Read::read_to_string(&mut file, &mut text)?,
            Err(error) if error.kind() == ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    fn quarantine_path(&self) -> PathBuf {
        self.folder.join("quarantine.jsonl")
    }

    /// The run as it is shown.
    pub(super) fn report(&self, now: Moment) -> RunReport {
        let state = self.state();
        let rows_estimate = self.estimate.filter(|_| self.task.mode == BatchMode::Full);
        let rate = state.attempt.and_then(|(since, rows)| {
            let seconds = (now.microseconds() - since.microseconds()).max(0).unsigned_abs() / 1_000_000;
            (state.rows - rows).checked_div(seconds)
        });
        let left = |estimate: u64| estimate.saturating_sub(state.rows);
        let seconds_left = rows_estimate.and_then(|estimate| left(estimate).checked_div(rate?));
        RunReport {
            id: self.id,
            task: self.task.id,
            grant: self.task.grant,
            requester: self.task.requester,
            phase: state.phase.clone(),
            begun: self.begun,
            updated: state.updated,
            rows: state.rows,
            rows_estimate,
            bad: state.bad,
            chunks: state.chunks,
            rows_per_second: rate,
            seconds_left,
        }
    }
}

impl State {
    fn apply(&mut self, line: &Line) {
        let open = RunPhase::Open { until: None, problem: None };
        let at = match line {
            Line::Begun { at, .. } => at,
            Line::Chunk { at, chunk, rows, bad } => {
                (self.chunks, self.rows, self.bad, self.tries) = (*chunk, *rows, *bad, 0);
                at
            }
            Line::Waits { at, problem, until, tries } => {
                // A word of the officer's that came meanwhile stands.
                if matches!(self.phase, RunPhase::Open { .. }) {
                    self.phase = RunPhase::Open { until: until.parse().ok(), problem: Some(problem.clone()) };
                }
                self.tries = *tries;
                at
            }
            Line::Stopped { at } => {
                self.phase = RunPhase::Stopped;
                at
            }
            Line::Resumed { at } => {
                self.phase = open;
                at
            }
            Line::Failing { at, problem } => {
                self.phase = RunPhase::Failing(problem.clone());
                at
            }
            Line::Failed { at } => {
                if let RunPhase::Failing(problem) = &self.phase {
                    self.phase = RunPhase::Failed(problem.clone());
                }
                at
            }
            Line::Finished { at, rows, digest, bad, records, watermark, receipt } => {
                (self.rows, self.bad, self.watermark) = (*rows, *bad, watermark.clone());
                self.phase = RunPhase::Finished(RunResult {
                    rows: *rows,
                    digest: digest.clone(),
                    records: *records,
                    receipt: receipt.clone(),
                    countersigned: None,
                });
                at
            }
            Line::Countersigned { at, rows, digest, by, agrees } => {
                if let RunPhase::Finished(result) = &mut self.phase {
                    let (by, digest) = (by.clone(), digest.clone());
                    result.countersigned = Some(Countersigned { by, rows: *rows, digest, agrees: *agrees });
                }
                at
            }
        };
        self.updated = at.parse().unwrap_or(self.updated);
    }
}
