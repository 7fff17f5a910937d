//! Whose copy leaked: which deliveries contained the rows of a file that has turned up, without a single value having
//! been altered for it.
//!
//! What it is: of every delivery of rows, masked as they left, an index keeps *marks*: keyed fingerprints of the cells of
//! the up to eight columns that tell rows apart best, five bytes each, row by row. A search reads the file with the readers
//! of sources, marks it with the same key, and goes once through the index. Values are compared whatever their columns are
//! called, so that dropped, moved and renamed columns do not hide a row; masks differ by grant, so that they tell grants
//! apart.
//!
//! What it is not: evidence. It names deliveries to look at, each with its record, which can be proved; whoever was
//! given the same rows under two names, and what two systems hold alike, it cannot tell apart, and says so.
//!
//! Where to start: [`Tracer::search`] asks, `index` is what deliveries write, `compare` is what counts as a match,
//! `chance` how likely it is without a leak.

use crate::{
    source::SourceError,
    usage::{Outcome, UsageReader, UsageRecord},
};
use shuqiao_crypto::fingerprint::FingerprintKey;
use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufReader},
    path::{Path, PathBuf},
};

mod canonical;
mod chance;
mod compare;
mod frame;
mod index;
mod leak;
mod marks;
mod report;

use compare::{Comparison, Matches};
use frame::Frame;
pub(crate) use index::TraceIndex;
use leak::Leak;
pub(crate) use marks::Marker;
use report::Searched;
pub use report::{TraceReport, TracedDelivery, TracedGrant};

/// Records without fingerprints that are named.
const WITHOUT_MAX: usize = 10;
/// Records that a usage log may have, so that memory has a bound: half a gigabyte of bits.
const RECORDS_MAX: usize = 1 << 32;

/// Why nothing can be searched.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The file cannot be read as a table.
    #[error("the file cannot be read as a table: {0}")]
    File(#[source] SourceError),
    /// The file has no rows to look for.
    #[error("the file has no rows to look for")]
    Empty,
    /// The index or the usage log cannot be read.
    #[error("the index of fingerprints or the usage log cannot be read")]
    Io(#[from] io::Error),
}

/// Searches the index of one node or gateway. It only reads; the node may be serving meanwhile.
pub struct Tracer {
    key: FingerprintKey,
    index: PathBuf,
    usage: PathBuf,
}

/// What a way through the index has found.
#[derive(Default)]
struct Found {
    /// Matches by a delivery's number in the index.
    matches: HashMap<u64, Matches>,
    /// Of records with matches, the delivery's number in the index.
    deliveries: HashMap<u64, u64>,
    /// Records that have fingerprints, a bit each: there may be a billion.
    recorded: Vec<u64>,
}

impl Found {
    fn recorded(&mut self, record: u64, delivery: u64) {
        let word = usize::try_from(record / 64).unwrap_or(usize::MAX);
        // A number that no usage log has reached is no record.
        if word >= RECORDS_MAX / 64 {
            return;
        }
        if self.recorded.len() <= word {
            self.recorded.resize(word + 1, 0);
        }
        self.recorded[word] |= 1 << (record % 64);
        if self.matches.contains_key(&delivery) {
            self.deliveries.insert(record, delivery);
        }
    }

    fn is_recorded(&self, record: u64) -> bool {
        let word = usize::try_from(record / 64).ok().and_then(|word| self.recorded.get(word));
        word.is_some_and(|word| word & (1 << (record % 64)) != 0)
    }
}

impl Tracer {
    /// A tracer over the data folder of a node, with the node's master key for masks.
    pub fn under(data: &Path, mask_master: &[u8; 32]) -> Self {
        let (index, usage) = (data.join("trace"), data.join("usage"));
        Self { key: FingerprintKey::derive(mask_master), index, usage }
    }

    /// Names the deliveries that contained rows of this file: CSV in any encoding that sources may have, workbooks,
    /// Parquet, JSON lines. Reads all of the index and of the usage log.
    ///
    /// # Errors
    /// When the file, the index or the usage log cannot be read.
    pub fn search(&self, file: &Path) -> Result<TraceReport, TraceError> {
        let leak = Leak::read(file, &self.key).map_err(TraceError::File)?;
        if leak.rows.is_empty() {
            return Err(TraceError::Empty);
        }
        let mut report = TraceReport {
            rows_in_file: leak.rows_in_file,
            rows_compared: leak.rows.len() as u64,
            ..TraceReport::default()
        };
        let found = self.compare(&leak, &mut report)?;
        let mut searched = Vec::new();
        UsageReader::new(&self.usage).each(&mut |record| {
            let Some(rows) = rows_left(&record) else { return };
            if !found.is_recorded(record.index) {
                report.without += 1;
                if report.without_first.len() < WITHOUT_MAX {
                    report.without_first.push(record.index);
                }
                return;
            }
            report.searched += 1;
            report.searched_rows += rows;
            let of_delivery = found.deliveries.get(&record.index).and_then(|delivery| found.matches.get(delivery));
            let counting = of_delivery.into_iter().flatten().filter(|(_, row)| row.counts(rows));
            let matches: Matches = counting.map(|(at, row)| (*at, *row)).collect();
            if !matches.is_empty() {
                searched.push(Searched { record, delivered: rows, matches });
            }
        })?;
        report.rank(searched);
        Ok(report)
    }

    /// Goes once through the index.
    fn compare(&self, leak: &Leak, report: &mut TraceReport) -> Result<Found, TraceError> {
        let comparison = Comparison::of(leak);
        let mut found = Found::default();
        let files = match index::files(&self.index) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        for (_, path) in files {
            let mut file = BufReader::with_capacity(1024 * 1024, File::open(&path)?);
            let mut whole = frame::read_head(&mut file)?;
            while whole {
                match frame::read(&mut file, &self.key) {
                    Ok(Some(Frame::Rows(rows))) => {
                        let mut matches = found.matches.remove(&rows.delivery).unwrap_or_default();
                        comparison.with(&rows, &mut matches);
                        if !matches.is_empty() {
                            found.matches.insert(rows.delivery, matches);
                        }
                    }
                    Ok(Some(Frame::Delivered { delivery, record, rows: _ })) => found.recorded(record, delivery),
                    Ok(None) => break,
                    Err(error) if error.kind() == io::ErrorKind::InvalidData => whole = false,
                    Err(error) => return Err(error.into()),
                }
            }
            if !whole {
                report.broken_files.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
            }
        }
        Ok(found)
    }
}

/// The rows that left with this record; `None` when none did.
fn rows_left(record: &UsageRecord) -> Option<u64> {
    match &record.outcome {
        // A verification tells one character a subject and no row; every form of rows takes more.
        Outcome::Delivered { rows, bytes, .. } if *rows > 0 && bytes > rows => Some(*rows),
        _ => None,
    }
}
