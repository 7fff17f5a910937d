//! The files of the usage log, written by one thread. A frame is: length of the body (4 bytes, big end first), leaf hash
//! (32), salt (16), body. A log ends where a frame is cut off or its hash does not fit.

use super::{
    log::{LogHead, UsageError},
    record::{NewUsage, UsageRecord},
    tally::Tally,
};
use shuqiao_crypto::{digest, note::SignerKey, secret};
use shuqiao_tlog::{Hash, NodeAt, append, checkpoint::Checkpoint, leaf_hash, node_count, root};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock, RwLockWriteGuard},
};

/// Bytes of a body; a record with every item of a 1,000-column table has some 70 KB.
const BODY_BYTES_MAX: usize = 1024 * 1024;
const SALTS_AT_ONCE: usize = 32;
const HEADER_BYTES: usize = 4 + 32 + 16;
const HASH_BYTES: u64 = 32;
const OFFSET_BYTES: u64 = 8;
/// Space that is taken ahead of the records. A flush that does not make the file longer has no file system's own books to
/// keep (measured: 340 flushes a second against 240), and a disk that fills up is met here, before a record is half
/// written.
const RESERVE_BYTES: u64 = 4 * 1024 * 1024;

/// How large the log and its parts may grow.
#[derive(Clone, Copy, Debug)]
pub struct LogLimits {
    /// Bytes of the whole log; beyond it calls are refused.
    pub bytes_max: u64,
    /// A segment is closed when it has grown to this.
    pub segment_bytes: u64,
}

impl Default for LogLimits {
    fn default() -> Self {
        Self { bytes_max: 1 << 50, segment_bytes: 64 * 1024 * 1024 }
    }
}

/// Where the files are, for those who only read.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    folder: PathBuf,
}

/// The writer's side.
pub(crate) struct Store {
    reader: Reader,
    signer: Arc<SignerKey>,
    limits: LogLimits,
    segment: File,
    /// Offset in the whole log at which the segment begins, and the bytes in it that are safe.
    segment_start: u64,
    segment_bytes: u64,
    /// Length of the segment's file; from its records to here it is zeros, which read as the end of the log.
    segment_reserved: u64,
    hashes: File,
    offsets: File,
    /// Records that are safe.
    pub(crate) size: u64,
    pub(crate) tally: Arc<RwLock<Tally>>,
    /// After a failed flush nobody knows what is on the disk: nothing more is written until a restart has looked.
    broken: bool,
    /// The head on disk.
    signed: Option<LogHead>,
}

/// The bytes that are a leaf of the log: the place, and a salted digest of the record. The record itself stays in this
/// node's files, because a log can never forget.
pub(crate) fn entry(index: u64, salt: &[u8; 16], body: &[u8]) -> Vec<u8> {
    format!("shuqiao usage v1\n{index}\n{}\n", digest::hex(&digest::salted(salt, body))).into_bytes()
}

/// One frame, taken apart.
pub(crate) struct Frame {
    pub(crate) leaf: Hash,
    pub(crate) salt: [u8; 16],
    pub(crate) body: Vec<u8>,
}

impl Reader {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    pub(super) fn segment_path(&self, start: u64) -> PathBuf {
        self.folder.join(format!("{start:020}.log"))
    }

    /// The offsets at which segments begin, in order.
    pub(super) fn segments(&self) -> io::Result<Vec<u64>> {
        let mut starts = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            let name = file?.file_name();
            let start =
                name.to_str().and_then(|name| name.strip_suffix(".log")).and_then(|start| start.parse::<u64>().ok());
            starts.extend(start);
        }
        starts.sort_unstable();
        Ok(starts)
    }

    /// A node's hash.
    pub(crate) fn hash(&self, hashes: &File, node: NodeAt) -> io::Result<Hash> {
        let mut hash = [0; 32];
        hashes.read_exact_at(&mut hash, node.place() * HASH_BYTES)?;
        Ok(hash)
    }

    /// The file of hashes.
    pub(crate) fn hashes(&self) -> io::Result<File> {
        File::open(self.folder.join("hashes"))
    }

    /// The frame of a record.
    pub(crate) fn frame(&self, index: u64) -> io::Result<Frame> {
        let offset = self.offset(&File::open(self.folder.join("offsets"))?, index)?;
        let start = self.segments()?.into_iter().rfind(|start| *start <= offset);
        let start = start.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        let segment = File::open(self.segment_path(start))?;
        let found = read_frame(&segment, offset - start)?.map(|(frame, _)| frame);
        found.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))
    }

    fn offset(&self, offsets: &File, index: u64) -> io::Result<u64> {
        let mut offset = [0; 8];
        offsets.read_exact_at(&mut offset, index * OFFSET_BYTES)?;
        Ok(u64::from_be_bytes(offset))
    }
}

/// The frame at an offset of a segment, and the offset after it; `None` where the log ends.
pub(super) fn read_frame(segment: &File, at: u64) -> io::Result<Option<(Frame, u64)>> {
    let mut header = [0; HEADER_BYTES];
    if !read_whole(segment, &mut header, at)? {
        return Ok(None);
    }
    let (length, rest) = header.split_at(4);
    let (leaf, salt) = rest.split_at(32);
    let length = u32::from_be_bytes(length.try_into().unwrap_or_default()) as usize;
    if length == 0 || length > BODY_BYTES_MAX {
        return Ok(None);
    }
    let mut body = vec![0; length];
    if !read_whole(segment, &mut body, at + HEADER_BYTES as u64)? {
        return Ok(None);
    }
    let frame = Frame { leaf: leaf.try_into().unwrap_or_default(), salt: salt.try_into().unwrap_or_default(), body };
    Ok(Some((frame, at + (HEADER_BYTES + length) as u64)))
}

/// Whether the buffer could be filled; a file that ends earlier is no error.
fn read_whole(file: &File, buffer: &mut [u8], at: u64) -> io::Result<bool> {
    match file.read_exact_at(buffer, at) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

impl Store {
    /// Opens the log, cuts a torn tail off, and makes sure that what is left continues the last signed checkpoint.
    pub(crate) fn open(folder: &Path, signer: Arc<SignerKey>, limits: LogLimits) -> Result<Self, UsageError> {
        fs::create_dir_all(folder)?;
        let reader = Reader::new(folder);
        let mut starts = reader.segments()?;
        if starts.is_empty() {
            File::create(reader.segment_path(0))?.sync_all()?;
            starts.push(0);
        }
        let index_file =
            |name| OpenOptions::new().create(true).read(true).write(true).truncate(false).open(folder.join(name));
        let segment_start = starts.last().copied().unwrap_or(0);
        let mut store = Self {
            segment: OpenOptions::new().read(true).write(true).open(reader.segment_path(segment_start))?,
            segment_start,
            segment_bytes: 0,
            segment_reserved: 0,
            hashes: index_file("hashes")?,
            offsets: index_file("offsets")?,
            size: 0,
            tally: Arc::default(),
            broken: false,
            signed: None,
            reader,
            signer,
            limits,
        };
        File::open(folder)?.sync_all()?;
        let signed = store.last_checkpoint()?;
        let known = store.tally_on_disk().filter(|tally| store.agrees(signed.as_ref(), tally.size));
        let replayed = match known {
            Some(tally) => store.replay(&starts, tally),
            None => Err(UsageError::Damaged("hashes")),
        };
        // Hashes, offsets and counts can all be made again from the log.
        if replayed.is_err() {
            store.replay(&starts, Tally::default())?;
        }
        if let Some(signed) = &signed {
            let agrees = signed.size <= store.size && store.root(signed.size)? == signed.root;
            if !agrees {
                return Err(UsageError::Damaged("log"));
            }
        }
        store.signed = signed;
        // Only bytes that nobody was told are safe can be torn. They are cut off last, when all the rest has been found
        // to be as it was signed: a damaged log is left as it is.
        if store.segment.metadata()?.len() > store.segment_bytes {
            store.segment.set_len(store.segment_bytes)?;
            store.segment.sync_all()?;
        }
        store.segment_reserved = store.segment_bytes;
        Ok(store)
    }

    fn tally_mut(&self) -> RwLockWriteGuard<'_, Tally> {
        self.tally.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the hashes on disk lead to the signed root, and reach at least as far as the counts.
    fn agrees(&self, signed: Option<&LogHead>, counted: u64) -> bool {
        let Some(signed) = signed else {
            return counted == 0;
        };
        counted <= signed.size && self.root(signed.size).is_ok_and(|root| root == signed.root)
    }

    /// Reads the log from where the counts end, and makes hashes, offsets and counts of what follows.
    fn replay(&mut self, starts: &[u64], tally: Tally) -> Result<(), UsageError> {
        self.size = tally.size;
        *self.tally_mut() = tally;
        let mut at = match self.size {
            0 => 0,
            size => {
                let last = self.reader.offset(&self.offsets, size - 1)?;
                let start =
                    starts.iter().copied().rfind(|start| *start <= last).ok_or(UsageError::Damaged("offsets"))?;
                let segment = File::open(self.reader.segment_path(start))?;
                let (frame, after) = read_frame(&segment, last - start)?.ok_or(UsageError::Damaged("offsets"))?;
                let leaf = self.reader.hash(&self.hashes, NodeAt { level: 0, index: size - 1 })?;
                if frame.leaf != leaf {
                    return Err(UsageError::Damaged("offsets"));
                }
                start + after
            }
        };
        for (place, start) in starts.iter().enumerate() {
            let is_last = place + 1 == starts.len();
            let end = starts.get(place + 1).copied().unwrap_or(u64::MAX);
            if end <= at {
                continue;
            }
            let segment = File::open(self.reader.segment_path(*start))?;
            at = start + self.replay_segment(&segment, *start, at - start)?;
            if is_last {
                self.segment_bytes = at - start;
            } else if at != end {
                return Err(UsageError::Damaged("log"));
            }
        }
        Ok(())
    }

    fn replay_segment(&mut self, segment: &File, start: u64, from: u64) -> Result<u64, UsageError> {
        let mut at = from;
        while let Some((frame, after)) = read_frame(segment, at)? {
            if leaf_hash(&entry(self.size, &frame.salt, &frame.body)) != frame.leaf {
                break;
            }
            let Some((record, _)) = UsageRecord::from_body(&frame.body).filter(|(record, _)| record.index == self.size)
            else {
                break;
            };
            let mut nodes = Vec::new();
            self.grow(self.size, frame.leaf, &mut nodes, node_count(self.size))?;
            self.write_index(&nodes, self.size, &[start + at])?;
            self.tally_mut().count(&record);
            self.size += 1;
            at = after;
        }
        Ok(at)
    }

    /// The nodes that a leaf completes, added to those that are not written yet (the first of them at place `base`).
    fn grow(&self, size: u64, leaf: Hash, pending: &mut Vec<Hash>, base: u64) -> io::Result<()> {
        let mut read = |node: NodeAt| match node.place().checked_sub(base) {
            Some(at) => pending.get(at as usize).copied().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound)),
            None => self.reader.hash(&self.hashes, node),
        };
        let made = append(size, leaf, &mut read)?;
        pending.extend(made.into_iter().map(|(_, hash)| hash));
        Ok(())
    }

    fn write_index(&self, nodes: &[Hash], first: u64, offsets: &[u64]) -> io::Result<()> {
        self.hashes.write_all_at(nodes.as_flattened(), node_count(first) * HASH_BYTES)?;
        let offsets: Vec<u8> = offsets.iter().flat_map(|offset| offset.to_be_bytes()).collect();
        self.offsets.write_all_at(&offsets, first * OFFSET_BYTES)
    }

    /// Appends records and flushes them together; the index of the first. Nothing is kept when anything fails.
    pub(crate) fn append(&mut self, records: Vec<NewUsage>) -> Result<u64, UsageError> {
        if self.broken {
            return Err(UsageError::Broken);
        }
        let first = self.size;
        let base = node_count(first);
        let (mut frames, mut nodes, mut offsets) = (Vec::new(), Vec::new(), Vec::new());
        let mut counted = Vec::with_capacity(records.len());
        let mut previous_in_batch = std::collections::HashMap::new();
        // Chance for many records is asked for at once: each time is a call of the system.
        let mut salts = Vec::new();
        for (index, record) in (first..).zip(records) {
            let record = record.at_index(index);
            let previous = record.grant.and_then(|grant| {
                previous_in_batch.insert(grant, index).or_else(|| self.tally_mut().grant(&grant).last)
            });
            let body = record.to_body(previous);
            if body.is_empty() || body.len() > BODY_BYTES_MAX {
                return Err(UsageError::Damaged("record"));
            }
            if salts.is_empty() {
                salts.extend(secret::random_bytes::<{ 16 * SALTS_AT_ONCE }>().as_chunks::<16>().0);
            }
            let salt = salts.pop().unwrap_or_else(secret::random_bytes);
            let leaf = leaf_hash(&entry(index, &salt, &body));
            self.grow(index, leaf, &mut nodes, base)?;
            offsets.push(self.segment_start + self.segment_bytes + frames.len() as u64);
            frames.extend_from_slice(&(body.len() as u32).to_be_bytes());
            frames.extend_from_slice(&leaf);
            frames.extend_from_slice(&salt);
            frames.extend_from_slice(&body);
            counted.push(record);
        }
        if self.segment_start + self.segment_bytes + frames.len() as u64 > self.limits.bytes_max {
            return Err(UsageError::Full);
        }
        // Hashes and offsets first: if they cannot be written nothing has happened, and they are written again.
        self.write_index(&nodes, first, &offsets)?;
        self.write_frames(&frames)?;
        let mut tally = self.tally_mut();
        counted.iter().for_each(|record| tally.count(record));
        drop(tally);
        self.size = first + counted.len() as u64;
        self.segment_bytes += frames.len() as u64;
        if self.segment_bytes >= self.limits.segment_bytes {
            self.next_segment();
        }
        Ok(first)
    }

    fn write_frames(&mut self, frames: &[u8]) -> Result<(), UsageError> {
        let end = self.segment_bytes + frames.len() as u64;
        if end > self.segment_reserved {
            self.reserve(end)?;
        }
        let written = self.segment.write_all_at(frames, self.segment_bytes).and_then(|()| self.segment.sync_data());
        if let Err(error) = written {
            // What of it is on the disk is unknown, and what is flushed next might hide that. A restart looks.
            self.broken = true;
            return Err(error.into());
        }
        Ok(())
    }

    /// Makes the segment's file longer than its records need now. On a full disk this fails and nothing has happened.
    fn reserve(&mut self, end: u64) -> Result<(), UsageError> {
        let wanted = (end + RESERVE_BYTES).min(self.limits.segment_bytes.max(end));
        let zeros = vec![0; usize::try_from(wanted - self.segment_reserved).unwrap_or_default()];
        let taken = self.segment.write_all_at(&zeros, self.segment_reserved).and_then(|()| self.segment.sync_all());
        if let Err(error) = taken {
            if self.segment.set_len(self.segment_reserved).is_err() {
                self.broken = true;
            }
            return Err(error.into());
        }
        self.segment_reserved = wanted;
        Ok(())
    }

    /// A new segment. If it cannot be made the old one grows on; that harms nothing.
    fn next_segment(&mut self) {
        let start = self.segment_start + self.segment_bytes;
        let path = self.reader.segment_path(start);
        let made = OpenOptions::new().create_new(true).read(true).write(true).open(&path).and_then(|file| {
            file.sync_all()?;
            File::open(&self.reader.folder)?.sync_all()?;
            Ok(file)
        });
        if let Ok(file) = made {
            // What was reserved and not used goes back; zeros at the end of a closed segment would harm nothing either.
            let _ = self.segment.set_len(self.segment_bytes);
            (self.segment, self.segment_start, self.segment_bytes) = (file, start, 0);
            self.segment_reserved = 0;
            // Counts from here on spare the next start the reading of what came before.
            if self.sign().is_ok() {
                let _ = self.save_tally();
            }
        }
    }

    /// The root at an earlier or the present size.
    pub(crate) fn root(&self, size: u64) -> Result<Hash, UsageError> {
        Ok(root(size, &mut |node| self.reader.hash(&self.hashes, node))?)
    }

    /// Signs the present head and keeps it, hashes and offsets first, so that a start can believe them.
    pub(crate) fn sign(&mut self) -> Result<LogHead, UsageError> {
        if let Some(signed) = self.signed.as_ref().filter(|signed| signed.size == self.size) {
            return Ok(signed.clone());
        }
        let origin = self.signer.name().to_owned();
        let checkpoint = Checkpoint { origin, size: self.size, root: self.root(self.size)? };
        let note = self.signer.sign(&checkpoint.to_text()).map_err(|_| UsageError::Damaged("key"))?;
        self.hashes.sync_data()?;
        self.offsets.sync_data()?;
        self.replace("checkpoint", note.as_bytes())?;
        let Checkpoint { origin, size, root } = checkpoint;
        let head = LogHead { origin, size, root, note };
        self.signed = Some(head.clone());
        Ok(head)
    }

    /// Keeps the counts. The checkpoint must have been written before: counts beyond it are not believed.
    pub(crate) fn save_tally(&self) -> Result<(), UsageError> {
        let bytes = self.tally_mut().to_bytes();
        Ok(self.replace("tally", &bytes)?)
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let next = self.reader.folder.join(format!("{name}.next"));
        let mut file = File::create(&next)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&next, self.reader.folder.join(name))?;
        File::open(&self.reader.folder)?.sync_all()
    }

    fn last_checkpoint(&self) -> Result<Option<LogHead>, UsageError> {
        let note = match fs::read_to_string(self.reader.folder.join("checkpoint")) {
            Ok(note) => note,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let text = shuqiao_crypto::note::verify(&note, &[self.signer.verifier()])
            .map_err(|_| UsageError::Damaged("checkpoint"))?;
        let Checkpoint { origin, size, root } =
            Checkpoint::parse(&text).map_err(|_| UsageError::Damaged("checkpoint"))?;
        if origin != self.signer.name() {
            return Err(UsageError::Damaged("checkpoint"));
        }
        Ok(Some(LogHead { origin, size, root, note }))
    }

    fn tally_on_disk(&self) -> Option<Tally> {
        let bytes = fs::read(self.reader.folder.join("tally")).ok();
        match bytes {
            Some(bytes) => Tally::from_bytes(&bytes),
            None => Some(Tally::default()),
        }
    }

    /// The reader's side.
    pub(crate) fn reader(&self) -> Reader {
        self.reader.clone()
    }

    /// Name and key of the log.
    pub(crate) fn signer(&self) -> &SignerKey {
        &self.signer
    }
}
