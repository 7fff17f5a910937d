//! The run's own ledger on the node: `<data>/batch/<run>/ledger.jsonl`, one line for each thing that happened, only ever
//! added to and flushed line by line. It says what a run is, how it stands and how it ended. How far the target has got
//! is said by the target's own ledger; this one follows it.

use super::{
    code::{BatchCode, BatchProblem, Halt},
    task::{BatchMode, BatchTask},
};
use crate::{cursor, delivery::receipt::RowsDigest, value::Value};
use serde::{Deserialize, Serialize};
use shuqiao_crypto::seal::SealKey;
use shuqiao_vocabulary::{Moment, SharingMethod};
use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
    sync::{Mutex, PoisonError},
};

/// The way of sharing that all of this is.
pub(super) const METHOD: SharingMethod = SharingMethod::BatchExchange;

/// Where a run is after a chunk: all that is needed to go on. Sealed wherever it is kept, for the target's owner may see
/// neither the key of a row, which a mask may hide, nor change how far a run has got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The key of the last row.
    pub(super) key: Option<Vec<Value>>,
    /// The greatest value of the change item so far.
    pub(super) watermark: Option<Value>,
    /// The rows so far, counted.
    pub(super) digest: RowsDigest,
    /// Rows put aside so far.
    pub(super) bad: u64,
    /// The first and the last record in the usage log.
    pub(super) records: Option<(u64, u64)>,
    /// Whether there are no rows after it.
    pub(super) end: bool,
}

#[derive(Serialize, Deserialize)]
struct PlaceForm {
    key: Option<String>,
    watermark: Option<String>,
    rows: u64,
    digest: String,
    bad: u64,
    records: Option<(u64, u64)>,
    end: bool,
}

impl Place {
    /// The place of this run, sealed.
    pub(super) fn seal(&self, key: &SealKey, run: &str) -> String {
        let context = context(run);
        let form = PlaceForm {
            key: self.key.as_ref().map(|values| cursor::seal(key, &context, values)),
            watermark: self.watermark.as_ref().map(|value| cursor::seal(key, &context, std::slice::from_ref(value))),
            rows: self.digest.rows,
            digest: self.digest.hex(),
            bad: self.bad,
            records: self.records,
            end: self.end,
        };
        // Sealed once more as a whole: the counts are no secret, but nobody else may change them.
        let text = serde_json::to_string(&form).unwrap_or_default();
        cursor::seal(key, &context, &[Value::Text(text)])
    }

    /// Opens a place of this run whose table has so many key columns.
    ///
    /// # Errors
    /// When it is not one: the target's ledger was changed.
    pub(super) fn open(key: &SealKey, run: &str, sealed: &str, columns: usize) -> Result<Self, Halt> {
        let context = context(run);
        let changed = |_| Halt::over(BatchCode::TargetChanged);
        let unreadable = || Halt::over(BatchCode::TargetChanged);
        let whole = cursor::open(key, &context, sealed, 1).map_err(changed)?;
        let Some(Value::Text(text)) = whole.into_iter().next() else { return Err(unreadable()) };
        let form: PlaceForm = serde_json::from_str(&text).map_err(|_| unreadable())?;
        let open = |sealed: &String, columns| cursor::open(key, &context, sealed, columns).map_err(changed);
        Ok(Self {
            key: form.key.as_ref().map(|sealed| open(sealed, columns)).transpose()?,
            watermark: form.watermark.as_ref().map(|sealed| open(sealed, 1)).transpose()?.and_then(|mut v| v.pop()),
            digest: RowsDigest::of_hex(form.rows, &form.digest).ok_or_else(unreadable)?,
            bad: form.bad,
            records: form.records,
            end: form.end,
        })
    }
}

fn context(run: &str) -> Vec<u8> {
    format!("shuqiao batch place v1 {run}").into_bytes()
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Line {
    /// The run was begun: what it is, fixed from here on.
    Begun {
        /// When.
        at: String,
        /// The task as it was then.
        task: TaskForm,
        /// SHA-256 of the grant's terms: a run is not made under two versions of them.
        terms: String,
        /// Where the last finished run had got to in the change item, sealed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<String>,
        /// About how many rows there are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        estimate: Option<u64>,
    },
    /// A chunk stands in the target.
    Chunk {
        /// When.
        at: String,
        /// Its number, from 1.
        chunk: u64,
        /// Rows of the run so far.
        rows: u64,
        /// Rows put aside so far.
        bad: u64,
    },
    /// An attempt stopped; the run goes on later.
    Waits {
        /// When.
        at: String,
        /// Why.
        problem: BatchProblem,
        /// From when on it is tried again.
        until: String,
        /// Failed tries in a row.
        tries: u32,
    },
    /// The officer stopped it for now.
    Stopped {
        /// When.
        at: String,
    },
    /// The officer lets it go on.
    Resumed {
        /// When.
        at: String,
    },
    /// The run is over without a result; what stands in the target is to be removed.
    Failing {
        /// When.
        at: String,
        /// Why.
        problem: BatchProblem,
    },
    /// Nothing of the run is left in the target.
    Failed {
        /// When.
        at: String,
    },
    /// The run's rows are switched over.
    Finished {
        /// When.
        at: String,
        /// Rows sent.
        rows: u64,
        /// Their digest.
        digest: String,
        /// Rows put aside.
        bad: u64,
        /// The first and the last record in the usage log.
        records: Option<(u64, u64)>,
        /// Where it had got to in the change item, sealed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        watermark: Option<String>,
        /// The signed receipt.
        receipt: String,
    },
    /// The receiver has counted too.
    Countersigned {
        /// When.
        at: String,
        /// Rows counted.
        rows: u64,
        /// Their digest.
        digest: String,
        /// Who says so.
        by: String,
        /// Whether it agrees with the receipt.
        agrees: bool,
    },
}

/// The stored form of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct TaskForm {
    pub(super) id: String,
    pub(super) grant: String,
    pub(super) requester: String,
    pub(super) person: String,
    pub(super) mode: BatchMode,
    pub(super) sealed_target: String,
    pub(super) table: String,
}

impl From<&BatchTask> for TaskForm {
    fn from(task: &BatchTask) -> Self {
        Self {
            id: task.id.to_string(),
            grant: task.grant.to_string(),
            requester: task.requester.to_string(),
            person: task.person.to_string(),
            mode: task.mode.clone(),
            sealed_target: base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &task.sealed_target),
            table: task.table.clone(),
        }
    }
}

impl TaskForm {
    /// The task again; its schedule is of no account to a run.
    pub(super) fn task(&self) -> Option<BatchTask> {
        let sealed = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, &self.sealed_target);
        Some(BatchTask {
            id: self.id.parse().ok()?,
            grant: self.grant.parse().ok()?,
            requester: self.requester.parse().ok()?,
            person: self.person.parse().ok()?,
            mode: self.mode.clone(),
            sealed_target: sealed.ok()?,
            table: self.table.clone(),
            schedule: super::schedule::Schedule::Manual,
            since: Moment::from_microseconds(0),
        })
    }
}

/// A file of lines that is only added to.
pub(super) struct LineFile(Mutex<File>);

impl LineFile {
    /// Opens the file, makes it if need be, and reads its lines. A torn line at the end was never acknowledged and is cut.
    pub(super) fn open<T: for<'a> Deserialize<'a>>(path: &Path) -> std::io::Result<(Self, Vec<T>)> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let (mut whole, mut lines) = (0, Vec::new());
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            match serde_json::from_slice(line) {
                Ok(read) if line.ends_with(b"\n") => lines.push(read),
                _ => break,
            }
            whole += line.len();
        }
        if whole < text.len() {
            file.set_len(whole as u64)?;
            file.seek(SeekFrom::End(0))?;
            file.sync_data()?;
        }
        Ok((Self(Mutex::new(file)), lines))
    }

    /// Adds lines; when it returns, they are on the disk.
    pub(super) fn add<T: Serialize>(&self, lines: &[T]) -> std::io::Result<()> {
        let mut bytes = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut bytes, line)?;
            bytes.push(b'\n');
        }
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&bytes)?;
        file.sync_data()
    }
}
