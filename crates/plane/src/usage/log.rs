//! The usage log: one writing thread, many callers, one flush for all who wait.

use super::{
    record::{NewUsage, UsageRecord},
    store::{LogLimits, Reader, Store, entry},
    tally::{GrantTally, Tally, UsageCounts},
};
use shuqiao_crypto::note::{SignerKey, VerifierKey};
use shuqiao_tlog::{
    Hash, inclusion_proof,
    proof::Proof,
    tile::{TilePath, encode_bundle},
};
use shuqiao_vocabulary::{Date, id::GrantId};
use std::{
    io,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// Records that may wait to be written; beyond it calls are refused.
const QUEUE_MAX: usize = 8_192;
/// Records that one flush takes along.
const BATCH_MAX: usize = 2_048;
/// When so many records went with a flush, the next is held for those that come with its first: a flush for each few would
/// take more of the processor than the calls themselves. A caller alone waits once, after others have left.
const GATHERED_MIN: usize = 4;
/// So long at most.
const GATHERED_FOR: Duration = Duration::from_micros(300);
/// A head is signed at most this long after a record.
const CHECKPOINT_AFTER: Duration = Duration::from_secs(1);
/// Records of one grant that are shown at a time.
const SHOWN_MAX: usize = 1_000;

/// Why something could not be recorded, or the log not be opened.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    /// The file system refused.
    #[error("the usage log's files cannot be read or written")]
    Io(#[from] io::Error),
    /// The configured size has been reached.
    #[error("the usage log has reached its configured size")]
    Full,
    /// Something that was safe is not there any more, or was changed.
    #[error(
        "the usage log is damaged ({0}): records that were safe are missing or changed; restore it from the backup"
    )]
    Damaged(&'static str),
    /// A flush has failed before.
    #[error("the usage log stopped after a failed flush; restart the program")]
    Broken,
    /// Too many records wait, or the writer has ended.
    #[error("the usage log does not keep up")]
    Busy,
    /// There is no such record.
    #[error("there is no such usage record")]
    Missing,
}

/// The head of the usage log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogHead {
    /// The log's name.
    pub origin: String,
    /// Records in it.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// The signed note.
    pub note: String,
}

enum Command {
    Append(NewUsage, oneshot::Sender<Option<u64>>),
    Checkpoint(SyncSender<Result<LogHead, UsageError>>),
    Stop,
}

/// The usage log.
pub(crate) struct UsageLog {
    sender: SyncSender<Command>,
    shared: Arc<Shared>,
    reader: Reader,
    verifier: VerifierKey,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    tally: Arc<RwLock<Tally>>,
    size: AtomicU64,
    /// The head as it was signed last, at most [`CHECKPOINT_AFTER`] old.
    head: RwLock<LogHead>,
}

impl UsageLog {
    /// Opens the log and starts its writer.
    pub(crate) fn open(folder: &Path, signer: Arc<SignerKey>, limits: LogLimits) -> Result<Self, UsageError> {
        let mut store = Store::open(folder, signer, limits)?;
        let head = RwLock::new(store.sign()?);
        let (sender, receiver) = sync_channel(QUEUE_MAX);
        let (reader, verifier) = (store.reader(), store.signer().verifier());
        let shared = Arc::new(Shared { tally: store.tally.clone(), size: AtomicU64::new(store.size), head });
        let written = shared.clone();
        let thread = std::thread::Builder::new()
            .name("usage-log".to_owned())
            .spawn(move || Writer { store, shared: written, due: None, last: 0 }.run(&receiver))?;
        Ok(Self { sender, shared, reader, verifier, thread: Mutex::new(Some(thread)) })
    }

    /// Records a call. When this returns an index, the record is on the disk.
    pub(crate) async fn append(&self, usage: NewUsage) -> Result<u64, UsageError> {
        let (answer, answered) = oneshot::channel();
        self.sender.try_send(Command::Append(usage, answer)).map_err(|_| UsageError::Busy)?;
        match answered.await {
            Ok(Some(index)) => Ok(index),
            Ok(None) | Err(_) => Err(UsageError::Busy),
        }
    }

    /// The log's name.
    pub(crate) fn origin(&self) -> &str {
        self.verifier.name()
    }

    /// The log's public key.
    pub(crate) fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Records that are safe.
    pub(crate) fn size(&self) -> u64 {
        self.shared.size.load(Ordering::Acquire)
    }

    /// What a grant has been used for.
    pub(crate) fn grant(&self, grant: &GrantId) -> GrantTally {
        self.shared.tally.read().unwrap_or_else(PoisonError::into_inner).grant(grant)
    }

    /// Counts over all records.
    pub(crate) fn counts(&self) -> UsageCounts {
        self.shared.tally.read().unwrap_or_else(PoisonError::into_inner).counts()
    }

    /// Calls on that legal day, if it is the latest on which there were any.
    pub(crate) fn calls_on(&self, day: Date) -> u64 {
        self.shared.tally.read().unwrap_or_else(PoisonError::into_inner).calls_on(day)
    }

    /// The newest records of a grant, newest first.
    pub(crate) fn newest(&self, grant: &GrantId, limit: usize) -> Result<Vec<UsageRecord>, UsageError> {
        let mut records = Vec::new();
        let mut next = self.grant(grant).last;
        while let Some(index) = next.filter(|_| records.len() < limit.min(SHOWN_MAX)) {
            let frame = self.reader.frame(index)?;
            let (record, previous) = UsageRecord::from_body(&frame.body).ok_or(UsageError::Damaged("record"))?;
            records.push(record);
            next = previous.filter(|previous| *previous < index);
        }
        Ok(records)
    }

    /// One record.
    pub(crate) fn record(&self, index: u64) -> Result<UsageRecord, UsageError> {
        if index >= self.size() {
            return Err(UsageError::Missing);
        }
        let frame = self.reader.frame(index)?;
        UsageRecord::from_body(&frame.body).map(|(record, _)| record).ok_or(UsageError::Damaged("record"))
    }

    /// The head as it was signed last; records of the last second may lie beyond it.
    pub(crate) fn head(&self) -> LogHead {
        self.shared.head.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A signed head that covers the record. Blocks for a flush when the last one does not.
    fn head_over(&self, index: u64) -> Result<LogHead, UsageError> {
        let head = self.head();
        if index < head.size {
            return Ok(head);
        }
        let (answer, answered) = sync_channel(1);
        self.sender.send(Command::Checkpoint(answer)).map_err(|_| UsageError::Busy)?;
        answered.recv().map_err(|_| UsageError::Busy)?
    }

    /// The proof file of one record: entry, way to the root, signed head.
    pub(crate) fn proof(&self, index: u64) -> Result<String, UsageError> {
        if index >= self.size() {
            return Err(UsageError::Missing);
        }
        let head = self.head_over(index)?;
        let frame = self.reader.frame(index)?;
        let file = self.reader.hashes()?;
        let hashes = inclusion_proof(index, head.size, &mut |node| self.reader.hash(&file, node));
        let hashes = hashes.map_err(|_| UsageError::Damaged("hashes"))?;
        let extra = Some(entry(index, &frame.salt, &frame.body));
        Ok(Proof { extra, index, hashes, checkpoint_note: head.note }.to_string())
    }

    /// The bytes of a tile, `tile/…`, if the log has it.
    pub(crate) fn tile(&self, path: &str) -> Result<Vec<u8>, UsageError> {
        let size = self.size();
        match TilePath::parse(path).map_err(|_| UsageError::Missing)? {
            TilePath::Hashes(tile) if tile.is_within(size) => {
                let file = self.reader.hashes()?;
                let mut bytes = Vec::new();
                for node in tile.nodes() {
                    bytes.extend_from_slice(&self.reader.hash(&file, node)?);
                }
                Ok(bytes)
            }
            TilePath::Entries(bundle) if bundle.is_within(size) => {
                let mut entries = Vec::new();
                for index in bundle.entries() {
                    let frame = self.reader.frame(index)?;
                    entries.push(entry(index, &frame.salt, &frame.body));
                }
                encode_bundle(&entries).map_err(|_| UsageError::Damaged("record"))
            }
            TilePath::Hashes(_) | TilePath::Entries(_) => Err(UsageError::Missing),
        }
    }
}

impl Drop for UsageLog {
    fn drop(&mut self) {
        let _ = self.sender.send(Command::Stop);
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
    }
}

struct Writer {
    store: Store,
    shared: Arc<Shared>,
    /// When a head is to be signed, if there is anything new.
    due: Option<Instant>,
    /// Records that went with the last flush.
    last: usize,
}

impl Writer {
    fn run(mut self, receiver: &Receiver<Command>) {
        loop {
            let first = match self.due {
                None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => receiver.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            let mut next = match first {
                Ok(command) => Some(command),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let mut batch = Vec::new();
            let mut gathers = self.last >= GATHERED_MIN;
            while let Some(Command::Append(usage, answer)) = next {
                batch.push((usage, answer));
                next = if batch.len() < BATCH_MAX { receiver.try_recv().ok() } else { None };
                if next.is_none() && gathers && batch.len() < self.last {
                    // Not by waiting for each: to be woken for every record is what this is to spare.
                    gathers = false;
                    std::thread::park_timeout(GATHERED_FOR);
                    next = receiver.try_recv().ok();
                }
            }
            self.last = batch.len();
            self.append(batch);
            match next {
                Some(Command::Checkpoint(answer)) => {
                    let _ = answer.send(self.sign());
                }
                Some(Command::Stop) => break,
                Some(Command::Append(..)) | None => {}
            }
            if self.due.is_some_and(|due| due <= Instant::now()) {
                self.sign_or_say();
            }
        }
        self.sign_or_say();
        if let Err(error) = self.store.save_tally() {
            tracing::warn!(%error, "usage counts not kept; they will be made again from the log");
        }
    }

    fn sign(&mut self) -> Result<LogHead, UsageError> {
        self.due = None;
        let head = self.store.sign()?;
        *self.shared.head.write().unwrap_or_else(PoisonError::into_inner) = head.clone();
        Ok(head)
    }

    fn sign_or_say(&mut self) {
        if let Err(error) = self.sign() {
            tracing::error!(%error, "head of the usage log not signed");
        }
    }

    fn append(&mut self, batch: Vec<(NewUsage, oneshot::Sender<Option<u64>>)>) {
        if batch.is_empty() {
            return;
        }
        let (records, answers): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        match self.store.append(records) {
            Ok(first) => {
                self.shared.size.store(self.store.size, Ordering::Release);
                self.due = self.due.or_else(|| Instant::now().checked_add(CHECKPOINT_AFTER));
                for (index, answer) in (first..).zip(answers) {
                    let _ = answer.send(Some(index));
                }
            }
            Err(error) => {
                tracing::error!(%error, calls = answers.len(), "usage not recorded; the calls are refused");
                for answer in answers {
                    let _ = answer.send(None);
                }
            }
        }
    }
}
