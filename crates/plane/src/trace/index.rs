//! Writing the index: frames are added to files of the plane's own, off the way of the answer.
//!
//! The record comes first and never waits for the index; a delivery whose frames could not be written stays recorded, is
//! told in the log of the program, and is counted by whoever traces as one without fingerprints.

use super::{
    frame::{HEAD, delivered},
    marks::Marker,
};
use crate::{mask::MaskedRows, value::Value};
use shuqiao_crypto::{digest, fingerprint::FingerprintKey, secret};
use std::{
    collections::VecDeque,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    mem,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How a file of the index ends.
pub(super) const ENDING: &str = "marks";
/// A file is closed when it has grown to this; whole files are what is put away with old parts of the usage log.
const FILE_BYTES: u64 = 256 * 1024 * 1024;
/// KiB of rows that may wait to be marked.
const ROOM_KIB: u32 = 64 * 1024;
/// An answer of more cells than this is marked on another thread. For fewer, marking costs less than handing over, and what
/// one thread has taken from memory another gives back at a price.
const CELLS_MARKED_AT_ONCE: usize = 512;
/// Frames of short answers are written together this often.
const WRITE_EVERY: Duration = Duration::from_millis(20);
/// Bytes of frames that may wait to be written.
const UNWRITTEN_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Threads that mark answers at a time.
const MARKERS_MAX: usize = 4;
/// Marks of so many bytes are written at once.
const WRITE_BYTES: usize = 256 * 1024;
const TOO_SLOW: &str = "the index of fingerprints does not keep up; a delivery is without";
const UNWRITTEN: &str = "the index of fingerprints cannot be written; deliveries are without";
/// An answer waits for room no longer than this.
const ROOM_PATIENCE: Duration = Duration::from_secs(1);
/// What was written is made safe this often at most.
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// The index of a plane.
pub(crate) struct TraceIndex {
    key: Arc<FingerprintKey>,
    folder: PathBuf,
    writer: Mutex<Option<Writer>>,
    room: Arc<Semaphore>,
    queue: Mutex<Queue>,
    /// Frames of short answers on their way to the disk.
    unwritten: Mutex<Unwritten>,
    /// Told when there are enough of them for a write.
    enough: Notify,
    /// The number of the next delivery: counted from chance.
    next: AtomicU64,
}

/// Frames that wait, and of how many answers they are.
#[derive(Default)]
struct Unwritten {
    frames: Vec<u8>,
    deliveries: usize,
}

/// Answers whose rows wait to be marked.
#[derive(Default)]
struct Queue {
    answers: VecDeque<Answered>,
    /// Threads that take from it.
    markers: usize,
}

struct Answered {
    record: u64,
    rows: Vec<Vec<Value>>,
    /// Given back when the marks are written.
    room: OwnedSemaphorePermit,
}

struct Writer {
    file: File,
    bytes: u64,
    flushed: Instant,
}

impl TraceIndex {
    /// Opens the folder. Each start begins a file of its own: what a crash has torn is the end of another.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub(crate) fn open(folder: &Path, master: &[u8; 32]) -> io::Result<Self> {
        make_folder(folder)?;
        Ok(Self {
            key: Arc::new(FingerprintKey::derive(master)),
            folder: folder.to_owned(),
            writer: Mutex::new(None),
            room: Arc::new(Semaphore::new(ROOM_KIB as usize)),
            queue: Mutex::default(),
            unwritten: Mutex::default(),
            enough: Notify::new(),
            next: AtomicU64::new(u64::from_be_bytes(secret::random_bytes())),
        })
    }

    /// Takes the rows of an answer that has been recorded. Those of a long answer are marked in the background; while more
    /// of them wait than memory is set aside for, this waits, and gives up after a second.
    pub(crate) async fn answered(self: &Arc<Self>, record: u64, rows: MaskedRows) {
        let rows = rows.rows;
        let Some(first) = rows.first() else { return };
        if rows.len() * first.len() <= CELLS_MARKED_AT_ONCE {
            let frames = self.frames(record, &rows);
            return self.write_soon(record, &frames);
        }
        let weight: usize = rows.iter().flatten().map(Value::weight).sum();
        let weight = u32::try_from(weight / 1024 + 1).unwrap_or(ROOM_KIB).min(ROOM_KIB);
        let Ok(Ok(room)) = timeout(ROOM_PATIENCE, self.room.clone().acquire_many_owned(weight)).await else {
            tracing::warn!(record, "{TOO_SLOW}");
            return;
        };
        let one_more = {
            let mut queue = self.queue();
            queue.answers.push_back(Answered { record, rows, room });
            let one_more = queue.markers < MARKERS_MAX;
            queue.markers += usize::from(one_more);
            one_more
        };
        if one_more {
            let index = self.clone();
            // Not waited for: the answer leaves meanwhile.
            drop(tokio::task::spawn_blocking(move || index.mark_all()));
        }
    }

    /// Takes frames that are written with those of other answers.
    fn write_soon(self: &Arc<Self>, record: u64, frames: &[u8]) {
        let (is_first, is_enough) = {
            let mut unwritten = self.unwritten();
            if unwritten.frames.len() + frames.len() > UNWRITTEN_BYTES_MAX {
                tracing::warn!(record, "{TOO_SLOW}");
                return;
            }
            unwritten.frames.extend_from_slice(frames);
            unwritten.deliveries += 1;
            (unwritten.deliveries == 1, unwritten.frames.len() >= WRITE_BYTES)
        };
        if is_enough {
            self.enough.notify_one();
        }
        if is_first {
            let index = self.clone();
            drop(tokio::spawn(async move {
                let _enough_or_time = timeout(WRITE_EVERY, index.enough.notified()).await;
                let _written = tokio::task::spawn_blocking(move || index.write_waiting()).await;
            }));
        }
    }

    /// Writes what waits; when it returns, nothing that was taken before is still on its way.
    fn write_waiting(&self) {
        // The writer first: while it is busy frames stay where their number is bounded, and another call waits for it.
        let mut writer = self.writer();
        let Unwritten { frames, deliveries } = mem::take(&mut *self.unwritten());
        if frames.is_empty() {
            return;
        }
        if let Err(error) = self.append_by(&mut writer, &frames, false) {
            tracing::error!(deliveries, %error, "{UNWRITTEN}");
        }
    }

    fn writer(&self) -> MutexGuard<'_, Option<Writer>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unwritten(&self) -> MutexGuard<'_, Unwritten> {
        self.unwritten.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks what waits, and writes the marks of many answers at once.
    fn mark_all(&self) {
        let (mut frames, mut written_with) = (Vec::new(), Vec::new());
        loop {
            let next = {
                let mut queue = self.queue();
                let next = queue.answers.pop_front();
                if next.is_none() && frames.is_empty() {
                    queue.markers -= 1;
                    return;
                }
                next
            };
            if let Some(Answered { record, rows, room }) = next {
                frames.extend(self.frames(record, &rows));
                written_with.push((record, room));
                if frames.len() < WRITE_BYTES {
                    continue;
                }
            }
            if let Err(error) = self.append(&frames, false) {
                let first = written_with.first().map(|(record, _)| record);
                tracing::error!(?first, deliveries = written_with.len(), %error, "{UNWRITTEN}");
            }
            frames.clear();
            written_with.clear();
        }
    }

    /// Marks rows that have been recorded and are on their way; when it returns, nothing holds them any more.
    pub(crate) async fn sent(self: &Arc<Self>, record: u64, rows: Arc<Vec<Vec<Value>>>) {
        let index = self.clone();
        // Whatever becomes of the marks, the rows go on.
        let _marked = tokio::task::spawn_blocking(move || index.recorded(record, &rows)).await;
    }

    /// Waits until all rows that were taken have been marked and written.
    pub(crate) async fn settled(&self) {
        let _all = self.room.acquire_many(ROOM_KIB).await;
        self.write_waiting();
    }

    /// A marker for what is made before it is recorded, under a name that is its own.
    pub(crate) fn marker(&self, name: &str) -> Marker {
        Marker::new(self.key.clone(), numbered(name))
    }

    /// Adds frames of a [`Marker`].
    pub(crate) fn add(&self, frames: &[u8]) {
        if frames.is_empty() {
            return;
        }
        if let Err(error) = self.append(frames, false) {
            tracing::error!(%error, "{UNWRITTEN}");
        }
    }

    /// Says that what was marked under this name has been recorded, as often as it is.
    pub(crate) fn named_recorded(&self, name: &str, record: u64, rows: u64) {
        if let Err(error) = self.append(&delivered(&self.key, numbered(name), record, rows), true) {
            tracing::error!(record, %error, "{UNWRITTEN}");
        }
    }

    /// Marks rows and says that they have been recorded, in one write.
    fn recorded(&self, record: u64, rows: &[Vec<Value>]) {
        if let Err(error) = self.append(&self.frames(record, rows), false) {
            tracing::error!(record, %error, "{UNWRITTEN}");
        }
    }

    fn frames(&self, record: u64, rows: &[Vec<Value>]) -> Vec<u8> {
        let delivery = self.next.fetch_add(1, Ordering::Relaxed);
        let mut frames = Marker::new(self.key.clone(), delivery).page(rows);
        frames.extend(delivered(&self.key, delivery, record, rows.len() as u64));
        frames
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn append(&self, frames: &[u8], flush: bool) -> io::Result<()> {
        self.append_by(&mut self.writer(), frames, flush)
    }

    fn append_by(&self, writer: &mut Option<Writer>, frames: &[u8], flush: bool) -> io::Result<()> {
        let open = match writer.take().filter(|open| open.bytes < FILE_BYTES) {
            Some(open) => open,
            None => self.next_file()?,
        };
        // After a failed write the file may end within a frame, behind which nothing is read: it is left as it is.
        *writer = Some(open.write(frames, flush)?);
        Ok(())
    }

    fn next_file(&self) -> io::Result<Writer> {
        // It may have been put away meanwhile with all that was in it.
        make_folder(&self.folder)?;
        let last = files(&self.folder)?.into_iter().map(|(number, _)| number).max();
        let path = self.folder.join(format!("{:020}.{ENDING}", last.map_or(0, |last| last + 1)));
        let mut file = OpenOptions::new().append(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(HEAD)?;
        Ok(Writer { file, bytes: HEAD.len() as u64, flushed: Instant::now() })
    }
}

impl Drop for TraceIndex {
    fn drop(&mut self) {
        self.write_waiting();
    }
}

impl Writer {
    fn write(mut self, frames: &[u8], flush: bool) -> io::Result<Self> {
        self.file.write_all(frames)?;
        self.bytes += frames.len() as u64;
        if flush || self.flushed.elapsed() >= FLUSH_EVERY {
            self.file.sync_data()?;
            self.flushed = Instant::now();
        }
        Ok(self)
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The files of an index, oldest first.
pub(super) fn files(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut files = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
        if let Some(number) = number.filter(|_| path.extension().is_some_and(|ending| ending == ENDING)) {
            files.push((number, path));
        }
    }
    files.sort();
    Ok(files)
}

/// The number of a delivery that has a name.
fn numbered(name: &str) -> u64 {
    digest::sha256(name.as_bytes()).first_chunk::<8>().map_or(0, |first| u64::from_be_bytes(*first))
}
