//! Files (文件下载): what a grant gives, made once into one file, which its orderer may fetch until it expires.
//!
//! An order is admitted like a call. The file is made in the background, page by page; when it is complete and on the
//! disk, its delivery is recorded, and only then can it be fetched (INVARIANT record-before-answer). Every fetch asks the
//! book again: a file of a grant that has been revoked, or gives something else by now, is not handed out, however long it
//! would have been kept.
//! `<data>/files/<id>` holds `content` and `manifest.json`; a folder without a manifest is an order that was cut short,
//! of which nothing has left.

use crate::{
    book::GrantTerms,
    delivery::{
        pages::{Order, Pages},
        receipt::{Receipt, ReceivedRows},
    },
    meter::ReservedRows,
    plane::Plane,
    problem::{ProblemCode, Refused},
    usage::{NewUsage, Outcome},
};
use shuqiao_crypto::{secret, token::Caller};
use shuqiao_vocabulary::{ItemName, Moment, SharingMethod, id::GrantId};
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{Semaphore, mpsc, watch};

mod manifest;
mod order;
mod routes;
mod writer;

use manifest::FileColumn;
pub(crate) use manifest::Manifest;
pub(crate) use order::FileOrder;
pub(crate) use routes::routes;
pub(crate) use writer::FileFormat;
use writer::{Finished, Making};

/// Pages that may wait for the disk.
const PAGES_WAITING: usize = 1;

/// How much file delivery may take of the machine.
#[derive(Clone, Copy, Debug)]
pub struct FileLimits {
    /// Bytes of one file.
    pub bytes_max: u64,
    /// Bytes of all files together, the unfinished ones too.
    pub folder_bytes_max: u64,
    /// Files that are made at a time; further orders wait.
    pub making_max: usize,
    /// Files one grant may have, waiting ones too.
    pub per_grant_max: usize,
    /// Seconds a file is kept.
    pub kept_seconds: i64,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self {
            bytes_max: 16 * 1024 * 1024 * 1024,
            folder_bytes_max: 64 * 1024 * 1024 * 1024,
            making_max: 2,
            per_grant_max: 32,
            kept_seconds: 3 * 86_400,
        }
    }
}

/// The files of a plane.
pub(crate) struct FileDesk {
    folder: PathBuf,
    limits: FileLimits,
    files: Mutex<HashMap<String, Arc<DeliveredFile>>>,
    making: Semaphore,
}

/// One ordered file.
pub(crate) struct DeliveredFile {
    /// Its id: chance, so that knowing one does not find another.
    pub(crate) id: String,
    /// The order.
    pub(crate) order: FileOrder,
    /// When it was ordered.
    pub(crate) ordered: Moment,
    /// The id for questions that the order was given.
    pub(crate) request_id: String,
    /// Whether it holds all that the grant gives.
    pub(crate) whole: bool,
    /// The scope of the grant that it was ordered under ([`order::scope`]).
    scope: String,
    state: watch::Sender<FileState>,
}

/// How far a file is.
#[derive(Clone, Debug)]
pub(crate) enum FileState {
    /// Being made; rows so far.
    Making(u64),
    /// Can be fetched.
    Ready(Arc<Manifest>),
    /// Could not be made.
    Refused(Refused),
}

impl DeliveredFile {
    /// How far it is.
    pub(crate) fn state(&self) -> FileState {
        self.state.borrow().clone()
    }

    /// Whether the grant still gives what it gave when the file was ordered.
    pub(crate) fn is_of(&self, terms: &GrantTerms) -> bool {
        self.scope == order::scope(terms)
    }

    /// What is told of it, once it can be fetched.
    pub(crate) fn ready(&self) -> Option<Arc<Manifest>> {
        match &*self.state.borrow() {
            FileState::Ready(manifest) => Some(manifest.clone()),
            FileState::Making(_) | FileState::Refused(_) => None,
        }
    }

    /// Waits until it is made or could not be.
    pub(crate) async fn ended(&self) {
        let mut changes = self.state.subscribe();
        let _ended = changes.wait_for(|state| !matches!(state, FileState::Making(_))).await;
    }

    fn set(&self, state: FileState) {
        self.state.send_replace(state);
    }

    fn has_expired(&self, now: Moment, limits: &FileLimits) -> bool {
        let until = match self.state() {
            FileState::Making(_) => return false,
            FileState::Ready(manifest) => manifest.expires,
            FileState::Refused(_) => self.ordered.plus_seconds(limits.kept_seconds),
        };
        now > until
    }
}

impl FileDesk {
    /// Opens the folder: takes up finished files again, removes what was cut short.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub(crate) fn open(folder: &Path, limits: FileLimits) -> std::io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut files = HashMap::new();
        for entry in fs::read_dir(folder)?.flatten() {
            let id = entry.file_name().to_string_lossy().into_owned();
            match Manifest::read(&entry.path()) {
                Some((file, manifest)) if file.id == id => {
                    file.set(FileState::Ready(Arc::new(manifest)));
                    files.insert(id, Arc::new(file));
                }
                _ => remove(&entry.path()),
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            limits,
            files: Mutex::new(files),
            making: Semaphore::new(limits.making_max.max(1)),
        })
    }

    /// The file of this id that this caller ordered under this grant.
    pub(crate) fn of(&self, id: &str, caller: Caller) -> Option<Arc<DeliveredFile>> {
        self.files().get(id).filter(|file| file.order.caller.caller == caller).cloned()
    }

    /// The file of this id, whoever ordered it.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<DeliveredFile>> {
        self.files().get(id).cloned()
    }

    /// What a caller has ordered under a grant, newest first.
    pub(crate) fn list(&self, grant: &GrantId, caller: Caller) -> Vec<Arc<DeliveredFile>> {
        let of_caller = |file: &&Arc<DeliveredFile>| file.order.grant == *grant && file.order.caller.caller == caller;
        let mut files: Vec<_> = self.files().values().filter(of_caller).cloned().collect();
        files.sort_by(|a, b| (b.ordered, &b.id).cmp(&(a.ordered, &a.id)));
        files
    }

    /// Where the content of a file is.
    pub(crate) fn content(&self, id: &str) -> PathBuf {
        self.folder.join(id).join("content")
    }

    /// Removes what has expired.
    pub(crate) fn sweep(&self, now: Moment) {
        let expired: Vec<String> = {
            let mut files = self.files();
            let over: Vec<String> =
                files.values().filter(|file| file.has_expired(now, &self.limits)).map(|file| file.id.clone()).collect();
            over.iter().for_each(|id| drop(files.remove(id)));
            over
        };
        expired.iter().for_each(|id| remove(&self.folder.join(id)));
    }

    /// Takes an order in, if there is room for it.
    fn take(
        &self,
        order: FileOrder,
        terms: &GrantTerms,
        request_id: &str,
        now: Moment,
    ) -> Result<Arc<DeliveredFile>, Refused> {
        self.sweep(now);
        let mut files = self.files();
        let of_grant = files.values().filter(|file| file.order.grant == order.grant).count();
        if of_grant >= self.limits.per_grant_max {
            // What could not be made holds nothing, and a client of Delta Sharing cannot delete it: the oldest gives way.
            let refused = |file: &&Arc<DeliveredFile>| {
                file.order.grant == order.grant && matches!(&*file.state.borrow(), FileState::Refused(_))
            };
            let oldest = files.values().filter(refused).min_by_key(|file| file.ordered).map(|file| file.id.clone());
            let too_many = || Refused::new(ProblemCode::TooManyFiles).with("limit", self.limits.per_grant_max);
            drop(files.remove(&oldest.ok_or_else(too_many)?));
        }
        let file = Arc::new(DeliveredFile {
            id: secret::random_text(18),
            whole: order.query.items.is_empty() && order.query.conditions.is_empty(),
            scope: order::scope(terms),
            order,
            ordered: now,
            request_id: request_id.to_owned(),
            state: watch::Sender::new(FileState::Making(0)),
        });
        files.insert(file.id.clone(), file.clone());
        Ok(file)
    }

    /// Forgets a file and removes it.
    pub(crate) fn discard(&self, id: &str) {
        self.files().remove(id);
        remove(&self.folder.join(id));
    }

    /// Bytes that one more file may take.
    fn room(&self) -> u64 {
        let sizes = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let used: u64 = sizes.filter_map(|entry| Some(fs::metadata(entry.path().join("content")).ok()?.len())).sum();
        self.limits.bytes_max.min(self.limits.folder_bytes_max.saturating_sub(used))
    }

    fn files(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<DeliveredFile>>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn remove(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::error!(%error, "a file that has expired or was cut short cannot be removed");
    }
}

impl Plane {
    /// Takes an admitted order in; the file is made in the background.
    ///
    /// # Errors
    /// What stands against the order already now.
    pub(crate) fn file_order(
        self: &Arc<Self>,
        order: FileOrder,
        request_id: &str,
        now: Moment,
    ) -> Result<Arc<DeliveredFile>, Refused> {
        let pages = Pages::of(self, order.pages(), None)?;
        let file = self.files().take(order, &pages.grant().terms, request_id, now)?;
        let (plane, made) = (self.clone(), file.clone());
        tokio::spawn(async move { plane.file_make(&made, pages).await });
        Ok(file)
    }

    /// Makes an ordered file and waits for it: for a client that cannot come back later.
    ///
    /// # Errors
    /// Why it could not be made; that has been recorded.
    pub(crate) async fn file_now(
        self: &Arc<Self>,
        order: FileOrder,
        request_id: &str,
        now: Moment,
    ) -> Result<(Arc<DeliveredFile>, Arc<Manifest>), Refused> {
        let pages = Pages::of(self, order.pages(), None)?;
        let file = self.files().take(order, &pages.grant().terms, request_id, now)?;
        // Should the client go away, the file is finished all the same and found by its next call.
        let (plane, made) = (self.clone(), file.clone());
        let making = tokio::spawn(async move { plane.file_make(&made, pages).await });
        let _ended = making.await;
        match file.state() {
            FileState::Ready(manifest) => Ok((file, manifest)),
            FileState::Refused(refused) => Err(refused),
            FileState::Making(_) => Err(Refused::new(ProblemCode::FileFailed)),
        }
    }

    async fn file_make(&self, file: &DeliveredFile, pages: Pages) {
        let _turn = self.files().making.acquire().await;
        let state = match self.file_write(file, pages).await {
            Ok(manifest) => FileState::Ready(Arc::new(manifest)),
            Err(refused) => {
                remove(&self.files().folder.join(&file.id));
                self.file_refused(file, &refused).await;
                FileState::Refused(refused)
            }
        };
        file.set(state);
    }

    /// Pages to the disk, then the record, then the manifest.
    async fn file_write(&self, file: &DeliveredFile, mut pages: Pages) -> Result<Manifest, Refused> {
        let folder = self.files().folder.join(&file.id);
        let room = self.files().room();
        let provider = pages.grant().terms.provider;
        let (sender, receiver) = mpsc::channel(PAGES_WAITING);
        let (format, place) = (file.order.format, folder.clone());
        let traced = (self.trace().clone(), self.trace().marker(&file.id));
        let writing = tokio::task::spawn_blocking(move || Making::begin(&place, format, room, traced)?.run(receiver));
        let mut reserved: Vec<(ReservedRows, u64)> = Vec::new();
        let mut rows = 0;
        while let Some(page) = pages.next().await? {
            let count = page.rows.rows.len() as u64;
            rows += count;
            reserved.push((page.reserved, count));
            if sender.send(page.rows).await.is_err() {
                break;
            }
            file.set(FileState::Making(rows));
        }
        drop(sender);
        let finished: Finished = writing.await.unwrap_or_else(|_| Err(Refused::new(ProblemCode::FileFailed)))?;
        if finished.digest.rows != rows {
            return Err(Refused::new(ProblemCode::FileFailed));
        }
        let now = self.now();
        let bytes = self.bytes_of_day(pages.grant(), now, finished.bytes)?;
        let usage = NewUsage {
            provider: Some(provider),
            items: finished.columns.iter().map(|column| column.name.clone()).collect(),
            ..self.file_usage(
                file,
                now,
                Outcome::Delivered { rows, bytes: finished.bytes, digest: finished.sha256.clone() },
            )
        };
        let record = self.record(usage).await?;
        self.file_traced(file, record, rows).await;
        bytes.keep();
        reserved.into_iter().for_each(|(reserved, count)| reserved.keep(count));
        let receipt = Receipt {
            log: self.usage_origin(),
            record,
            grant: &file.order.grant,
            delivery: &file.id,
            rows: &finished.digest,
            content: Some((finished.bytes, &finished.sha256, &finished.sm3)),
        };
        let receipt = self.sign_receipt(&receipt)?;
        let expires = now.plus_seconds(self.files().limits.kept_seconds);
        let manifest = Manifest::new(finished, record, receipt, now, expires);
        manifest.write(&folder, file).map_err(|_| Refused::new(ProblemCode::StorageUnavailable))?;
        Ok(manifest)
    }

    /// Records that a file which is there is handed out once more.
    ///
    /// # Errors
    /// `record_unavailable`.
    pub(crate) async fn file_recorded_again(
        &self,
        file: &DeliveredFile,
        manifest: &Manifest,
        request_id: &str,
        now: Moment,
    ) -> Result<u64, Refused> {
        let (rows, bytes, digest) = (manifest.rows, manifest.bytes, manifest.sha256.clone());
        let usage = NewUsage {
            items: manifest.columns.iter().map(|column| column.name.clone()).collect(),
            request_id: request_id.to_owned(),
            ..self.file_usage(file, now, Outcome::Delivered { rows, bytes, digest })
        };
        let record = self.record(usage).await?;
        self.file_traced(file, record, rows).await;
        Ok(record)
    }

    /// Says in the index of fingerprints that the file has been recorded: once when it is made, and each time that it is
    /// handed out anew.
    async fn file_traced(&self, file: &DeliveredFile, record: u64, rows: u64) {
        let (trace, id) = (self.trace().clone(), file.id.clone());
        // It tells by itself what it cannot write.
        let _told = tokio::task::spawn_blocking(move || trace.named_recorded(&id, record, rows)).await;
    }

    async fn file_refused(&self, file: &DeliveredFile, refused: &Refused) {
        let outcome = Outcome::Refused { code: refused.code.as_str().to_owned() };
        // When even this cannot be recorded, the log has said so itself; nothing has left.
        let _recorded = self.record(self.file_usage(file, self.now(), outcome)).await;
    }

    /// Compares what the receiver has counted with what was delivered, and records what it says.
    ///
    /// # Errors
    /// `file_not_ready`, `record_unavailable`.
    pub(crate) async fn file_received(
        &self,
        file: &DeliveredFile,
        received: ReceivedRows,
        now: Moment,
    ) -> Result<Manifest, Refused> {
        let FileState::Ready(manifest) = file.state() else {
            return Err(Refused::new(ProblemCode::FileNotReady));
        };
        let agrees = received.agrees_with(manifest.rows, &manifest.rows_digest);
        let outcome = Outcome::Received { rows: received.rows, digest: received.rows_digest.clone(), agrees };
        let record = self.record(self.file_usage(file, now, outcome)).await?;
        let confirmed = manifest.confirmed(received, agrees, now, record);
        let folder = self.files().folder.join(&file.id);
        confirmed.write(&folder, file).map_err(|_| Refused::new(ProblemCode::StorageUnavailable))?;
        file.set(FileState::Ready(Arc::new(confirmed.clone())));
        Ok(confirmed)
    }

    fn file_usage(&self, file: &DeliveredFile, at: Moment, outcome: Outcome) -> NewUsage {
        let claims = &file.order.caller;
        NewUsage {
            at,
            grant: Some(file.order.grant),
            caller: Some(claims.caller),
            organisation: Some(claims.organisation),
            provider: self.live_grant(&file.order.grant, at).ok().map(|grant| grant.terms.provider),
            purpose: file.order.query.purpose.clone(),
            method: SharingMethod::FileDownload,
            outcome,
            items: Vec::<ItemName>::new(),
            request_id: file.request_id.clone(),
            authentication: None,
        }
    }
}

impl FileOrder {
    fn pages(&self) -> Order {
        Order { grant: self.grant, query: self.query.clone(), caller: self.caller, method: SharingMethod::FileDownload }
    }
}
