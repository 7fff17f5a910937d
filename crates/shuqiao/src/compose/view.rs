//! The engine of views: a helper process for each view that is read, with limits that the kernel holds.
//!
//! An engine's join cannot be cancelled from within; a process can. One or two helpers are kept started and idle, so that
//! a call does not wait for a start. A helper works once: whatever a view has done to it ends with it.

use super::helper::{Helper, Running};
use async_trait::async_trait;
use futures_util::{StreamExt as _, stream};
use shuqiao_plane::source::{
    SourceSettings,
    view::{
        FRAME_BYTES_MAX, Frame, Look, RowStream, ViewCode, ViewEngine, ViewJob, ViewLimits, ViewRefusal, ViewScan,
        ViewSpec, ViewStructure, ViewTask, frame_of,
    },
};
use std::{
    fs::DirBuilder,
    io,
    os::unix::{fs::DirBuilderExt as _, process::ExitStatusExt as _},
    path::{Path, PathBuf},
    process::ExitStatus,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout, timeout_at},
};

/// Helpers that work at a time; each may take its memory and both cores.
const WORKING_MAX: usize = 4;
/// Helpers that wait for work.
const IDLE_MAX: usize = 2;
/// Of which memory is taken from the system: each would reserve address space of its own.
const ENVIRONMENT: &[(&str, &str)] = &[("MALLOC_ARENA_MAX", "2")];

/// Signals by which the kernel ends a helper.
const SIGNAL_ABORT: i32 = 6;
const SIGNAL_KILL: i32 = 9;
const SIGNAL_CPU: i32 = 24;
const SIGNAL_FILE_SIZE: i32 = 25;

/// What one view may take.
#[derive(Clone, Debug)]
pub(crate) struct ViewSettings {
    /// Bytes of working memory.
    pub(crate) memory_bytes: u64,
    /// Bytes put aside on disk.
    pub(crate) temp_bytes: u64,
    /// Seconds of processor time.
    pub(crate) cpu_seconds: u64,
    /// How long an answer may take; less than one over HTTP may.
    pub(crate) within: Duration,
    /// How long to wait for a helper to be free.
    pub(crate) wait: Duration,
}

impl Default for ViewSettings {
    fn default() -> Self {
        Self {
            memory_bytes: 512 * 1024 * 1024,
            temp_bytes: 8 * 1024 * 1024 * 1024,
            cpu_seconds: 40,
            within: Duration::from_secs(22),
            wait: Duration::from_secs(4),
        }
    }
}

/// The engine of this program: the helper, a process per view.
#[derive(Clone)]
pub(crate) struct WorkerEngine(Arc<Shared>);

struct Shared {
    helper: Helper,
    settings: ViewSettings,
    sources: SourceSettings,
    /// The folder under which each piece of work gets one of its own.
    temp: PathBuf,
    works: AtomicU64,
    idle: Mutex<Vec<Running>>,
    working: Arc<Semaphore>,
}

/// A folder that goes with the work it was made for.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed now is removed when the node serves next.
        let _left = std::fs::remove_dir_all(&self.0);
    }
}

/// A piece of work under way. Dropped, its helper is killed and its folder removed.
struct Work {
    running: Running,
    until: Instant,
    width: usize,
    _folder: Folder,
    _permit: OwnedSemaphorePermit,
}

impl WorkerEngine {
    /// The engine with this helper over these sources; what views put aside goes under `temp`.
    pub(crate) fn new(helper: Helper, settings: ViewSettings, sources: SourceSettings, temp: &Path) -> Self {
        Self(Arc::new(Shared {
            helper,
            settings,
            sources,
            temp: temp.to_owned(),
            works: AtomicU64::new(0),
            idle: Mutex::new(Vec::new()),
            working: Arc::new(Semaphore::new(WORKING_MAX)),
        }))
    }

    /// Hands a task to a helper.
    async fn begin(&self, view: &ViewSpec, task: ViewTask, width: usize) -> Result<Work, ViewRefusal> {
        let shared = &self.0;
        let failed = || ViewRefusal::new(ViewCode::Failed);
        let permit = match timeout(shared.settings.wait, shared.working.clone().acquire_owned()).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(failed()),
            Err(_) => return Err(ViewRefusal::new(ViewCode::Busy)),
        };
        let until = Instant::now() + shared.settings.within;
        let folder = shared.folder().map_err(|error| {
            tracing::error!(%error, "a view has no place to put anything aside");
            failed()
        })?;
        let job = ViewJob {
            v: 1,
            view: view.clone(),
            task,
            sources: shared.sources.clone(),
            limits: ViewLimits {
                memory_bytes: shared.settings.memory_bytes,
                temp_bytes: shared.settings.temp_bytes,
                temp_folder: folder.0.clone(),
                cpu_seconds: shared.settings.cpu_seconds,
            },
        };
        let mut running = shared.helper().map_err(|error| {
            tracing::error!(%error, worker = %shared.helper.place().display(), "the helper program cannot be started");
            match error.kind() {
                io::ErrorKind::NotFound => ViewRefusal::new(ViewCode::EngineMissing),
                _ => failed(),
            }
        })?;
        if let Some(mut into) = running.into.take() {
            let told = timeout_at(until, into.write_all(&job.to_bytes())).await;
            if !matches!(told, Ok(Ok(()))) {
                return Err(failed());
            }
        }
        shared.fill_up();
        Ok(Work { running, until, width, _folder: folder, _permit: permit })
    }
}

impl Shared {
    fn folder(&self) -> io::Result<Folder> {
        let folder = self.temp.join(self.works.fetch_add(1, Ordering::Relaxed).to_string());
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        Ok(Folder(folder))
    }

    /// One that waits, else a new one.
    fn helper(&self) -> io::Result<Running> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(mut running) = idle.pop() {
            if running.runs() {
                return Ok(running);
            }
        }
        self.start()
    }

    fn start(&self) -> io::Result<Running> {
        self.helper.start(["view"], ENVIRONMENT)
    }

    /// Starts those that the next calls will find.
    fn fill_up(&self) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while idle.len() < IDLE_MAX {
            match self.start() {
                Ok(running) => idle.push(running),
                Err(_) => return,
            }
        }
    }
}

impl Work {
    /// The next frame, which is never one that says how it ended: that is `None`, or the refusal.
    async fn next(&mut self) -> Result<Option<Frame>, ViewRefusal> {
        let read = timeout_at(self.until, read_frame(&mut self.running, self.width)).await;
        match read {
            Err(_) => Err(ViewRefusal::new(ViewCode::TooDear)),
            Ok(Ok(Frame::Done)) => Ok(None),
            Ok(Ok(Frame::Refused(refusal))) => Err(refusal),
            Ok(Ok(frame)) => Ok(Some(frame)),
            // Torn: what had come before does not count.
            Ok(Err(_)) => {
                let ended = timeout_at(self.until, self.running.ended()).await;
                Err(ViewRefusal::new(match ended {
                    Err(_) => ViewCode::TooDear,
                    Ok(ended) => of_end(ended.as_ref().ok()),
                }))
            }
        }
    }
}

async fn read_frame(running: &mut Running, width: usize) -> io::Result<Frame> {
    let mut head = [0; 5];
    running.out.read_exact(&mut head).await?;
    let [kind, length @ ..] = head;
    let length = u32::from_be_bytes(length) as usize;
    if length > FRAME_BYTES_MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; length];
    running.out.read_exact(&mut body).await?;
    frame_of(kind, &body, width).map_err(io::Error::other)
}

/// What it means that a helper ended without saying so.
fn of_end(status: Option<&ExitStatus>) -> ViewCode {
    match status.and_then(|status| status.signal()) {
        Some(SIGNAL_CPU) => ViewCode::TooDear,
        // Memory that the engine had not accounted for: refused by the kernel, or taken back by it.
        Some(SIGNAL_ABORT | SIGNAL_KILL | SIGNAL_FILE_SIZE) => ViewCode::OutOfMemory,
        _ => {
            tracing::error!(?status, "a view's helper ended without an answer");
            ViewCode::Failed
        }
    }
}

#[async_trait]
impl ViewEngine for WorkerEngine {
    async fn describe(&self, view: &ViewSpec, look: Look) -> Result<ViewStructure, ViewRefusal> {
        let mut work = self.begin(view, ViewTask::Describe(look), 1).await?;
        let failed = || ViewRefusal::new(ViewCode::Failed);
        let Some(Frame::Structure(structure)) = work.next().await? else {
            return Err(failed());
        };
        match work.next().await? {
            None => Ok(structure),
            Some(_) => Err(failed()),
        }
    }

    async fn scan(&self, view: &ViewSpec, scan: &ViewScan) -> Result<RowStream, ViewRefusal> {
        let work = self.begin(view, ViewTask::Scan(scan.clone()), scan.columns.len()).await?;
        let pages = stream::try_unfold(work, |mut work| async move {
            match work.next().await? {
                Some(Frame::Rows(rows)) => Ok(Some((rows, work))),
                Some(_) => Err(ViewRefusal::new(ViewCode::Failed)),
                None => Ok(None),
            }
        });
        Ok(pages.boxed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_of_a_view_has_its_words() {
        let titled = shuqiao_http::error_codes();
        for code in ViewCode::ALL {
            assert!(titled.contains(&code.as_str()), "{code}");
        }
    }

    #[test]
    fn an_end_without_a_word_has_a_reason() {
        for (raw, code) in [
            (SIGNAL_CPU, ViewCode::TooDear),
            (SIGNAL_KILL, ViewCode::OutOfMemory),
            (SIGNAL_ABORT, ViewCode::OutOfMemory),
            (SIGNAL_FILE_SIZE, ViewCode::OutOfMemory),
            (11, ViewCode::Failed),
            (101 << 8, ViewCode::Failed),
            (0, ViewCode::Failed),
        ] {
            assert_eq!(of_end(Some(&ExitStatus::from_raw(raw))), code, "{raw}");
        }
        assert_eq!(of_end(None), ViewCode::Failed);
    }
}
