//! Chunks made ready while the one before is being written: a run otherwise waits for the source, the target and the
//! disk one after the other. What is ready has not left: whoever writes it asks the book again and records it first.

use super::{
    code::{BatchCode, Halt},
    fit::{Fit, counted},
    lines,
};
use crate::{
    delivery::{
        pages::{BadRow, Pages, Sifted},
        receipt::RowsDigest,
    },
    meter::ReservedRows,
    problem::Refused,
    source::SourceError,
    value::Value,
};
use shuqiao_crypto::digest;
use shuqiao_vocabulary::ItemName;
use std::sync::Arc;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    task::{JoinHandle, JoinSet, spawn_blocking},
};

/// Chunks that wait beside the ones being fetched, made ready and written: four at most, of wide rows as many as there is
/// [`Room`] for.
const WAITING_MAX: usize = 1;

/// Memory for what has been fetched and not yet written, shared by all runs of a node: wide rows make pages of tens of
/// megabytes, and several runs read ahead at a time.
#[derive(Clone)]
pub(super) struct Room {
    kib: Arc<Semaphore>,
    kib_max: u32,
}

impl Room {
    pub(super) fn of(bytes: u64) -> Self {
        let kib_max = u32::try_from(bytes / 1024).unwrap_or(u32::MAX >> 4).clamp(1, u32::MAX >> 4);
        Self { kib: Arc::new(Semaphore::new(kib_max as usize)), kib_max }
    }

    /// Room for these rows and for their lines. What is larger than all there is takes all there is.
    async fn for_rows(&self, rows: &[Vec<Value>]) -> Option<OwnedSemaphorePermit> {
        let weight: usize = rows.iter().flatten().map(Value::weight).sum();
        let kib = u32::try_from(2 * weight / 1024 + 1).unwrap_or(u32::MAX).min(self.kib_max);
        self.kib.clone().acquire_many_owned(kib).await.ok()
    }
}

/// A page as it will be written.
pub(super) struct Chunk {
    /// The rows that fit the target, in the form in which both sides count.
    pub(super) rows: Vec<Vec<Value>>,
    /// Their keys.
    pub(super) keys: Vec<Vec<Value>>,
    /// The rows that are put aside.
    pub(super) bad: Vec<BadRow>,
    /// The rows as [`lines`].
    pub(super) lines: Vec<u8>,
    /// SHA-256 of the lines.
    pub(super) lines_digest: String,
    /// The rows, counted.
    pub(super) digest: RowsDigest,
    /// The rows of the day set aside for the page.
    pub(super) reserved: ReservedRows,
    /// The key of the page's last row, when there are more.
    pub(super) last_key: Option<Vec<Value>>,
    /// Free again when the chunk is written, or dropped.
    pub(super) room: OwnedSemaphorePermit,
}

/// What a page has to fit.
pub(super) struct Shape {
    /// Names of what is delivered, in order.
    pub(super) items: Vec<ItemName>,
    /// What the target's columns can hold.
    pub(super) fits: Vec<Fit>,
}

/// The chunks of an order, in order. Dropped, it fetches nothing more.
pub(super) struct Ahead {
    ready: mpsc::Receiver<Result<Chunk, Halt>>,
    _reader: JoinSet<()>,
}

impl Ahead {
    /// Begins to read. A page may have so many bad rows; those of all pages together are for the reader of the chunks to
    /// count.
    pub(super) fn of(mut pages: Pages, shape: Shape, bad_max: usize, room: Room) -> Self {
        let (sender, ready) = mpsc::channel(WAITING_MAX);
        let (mut reader, shape) = (JoinSet::new(), Arc::new(shape));
        reader.spawn(async move {
            let mut before: Option<JoinHandle<Chunk>> = None;
            loop {
                let page = pages.next_sifted(bad_max).await;
                if let Some(before) = before.take() {
                    let Ok(chunk) = before.await else { return };
                    if sender.send(Ok(chunk)).await.is_err() {
                        return;
                    }
                }
                match page {
                    Ok(Some(page)) => {
                        // Whatever holds room has been sent to be written by now, so that room becomes free.
                        let Some(room) = room.for_rows(&page.rows.rows).await else { return };
                        let shape = shape.clone();
                        before = Some(spawn_blocking(move || shape.chunk(page, room)));
                    }
                    Ok(None) => return,
                    Err(refused) => {
                        let _ = sender.send(Err(refused.into())).await;
                        return;
                    }
                }
            }
        });
        Self { ready, _reader: reader }
    }

    /// The next chunk. After the last one, whose place is the end, there is none to ask for.
    ///
    /// # Errors
    /// What stands against the order, or is wrong with the source.
    pub(super) async fn next(&mut self) -> Result<Chunk, Halt> {
        // A reader that has gone before the end has failed in a way that it could not tell.
        self.ready.recv().await.unwrap_or_else(|| Err(Refused::from(SourceError::Failed).into()))
    }
}

impl Shape {
    fn chunk(&self, page: Sifted, room: OwnedSemaphorePermit) -> Chunk {
        let Sifted { rows, keys, mut bad, reserved, last_key } = page;
        let (mut kept, mut kept_keys) = (Vec::with_capacity(rows.rows.len()), Vec::with_capacity(keys.len()));
        for (row, key) in rows.rows.into_iter().zip(keys) {
            let row: Vec<Value> = row.into_iter().map(counted).collect();
            match self.misfit(&row) {
                None => {
                    kept.push(row);
                    kept_keys.push(key);
                }
                Some((at, code)) => {
                    let what = self.items.get(at).map(|item| item.as_str().to_owned());
                    bad.push(BadRow { key, code: code.as_str(), what });
                }
            }
        }
        let mut digest = RowsDigest::default();
        digest.add_all(&kept);
        let lines = lines::encode(&kept);
        let lines_digest = digest::sha256_hex(&lines);
        Chunk { rows: kept, keys: kept_keys, bad, lines, lines_digest, digest, reserved, last_key, room }
    }

    fn misfit(&self, row: &[Value]) -> Option<(usize, BatchCode)> {
        row.iter().zip(&self.fits).enumerate().find_map(|(at, (value, fit))| Some((at, fit.against(value)?)))
    }
}
