//! A folder as target: `<folder>/<table>/<run>/part-00001.csv` (or `.parquet`) … and, at the end, `manifest.json`. A reader goes by the
//! manifest: before it is there, the run is not. Beside each part lies its ledger row, `.part-00001.ledger`; it is written
//! after the part, so that a part without it is written anew.

use super::{BatchCode, Entry, Fit, Halt, Load, PartFormat, Reached, Target};
use crate::{
    delivery::{
        batch::{lines, safe_name},
        receipt::RowsDigest,
    },
    encode::parquet,
    value::Value,
};
use async_trait::async_trait;
use serde_json::json;
use shuqiao_crypto::digest;
use std::{
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

pub(super) struct FolderTarget {
    folder: PathBuf,
    format: PartFormat,
    load: Load,
    /// The part that is written and not yet committed.
    written: Option<Vec<u8>>,
}

impl FolderTarget {
    pub(super) fn new(root: &Path, format: PartFormat, load: Load) -> Result<Self, Halt> {
        if !safe_name(&load.table) {
            return Err(Halt::over(BatchCode::TargetKind));
        }
        Ok(Self { folder: root.join(&load.table).join(&load.run), format, load, written: None })
    }

    fn part(&self, chunk: u64) -> PathBuf {
        self.folder.join(format!("part-{chunk:05}.{}", self.word()))
    }

    /// The word for the form, which is also the parts' ending.
    fn word(&self) -> &'static str {
        match self.format {
            PartFormat::Csv => "csv",
            PartFormat::Parquet => "parquet",
        }
    }

    fn row(&self, chunk: u64) -> PathBuf {
        self.folder.join(format!(".part-{chunk:05}.ledger"))
    }

    fn manifest(&self) -> PathBuf {
        self.folder.join("manifest.json")
    }

    /// Writes a file so that it is there whole or not at all, also after a power cut. Not handed to another thread: an
    /// attempt that is dropped must not go on writing beside the next one.
    fn write_whole(&self, path: &Path, bytes: &[u8]) -> Result<(), Halt> {
        let beside = path.with_extension("tmp");
        let mut file = std::fs::File::create(&beside).map_err(failure)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failure)?;
        std::fs::rename(&beside, path).map_err(failure)?;
        std::fs::File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(failure)
    }

    /// The rows of one part as a reader finds them, counted.
    fn count(&self, chunk: u64) -> Result<RowsDigest, Halt> {
        let bytes = std::fs::read(self.part(chunk)).map_err(failure)?;
        let mut found = RowsDigest::default();
        let read = match self.format {
            PartFormat::Csv => lines::decode(&bytes).and_then(|rows| {
                let (_head, rows) = rows.split_first()?;
                found.add_all(rows);
                Some(())
            }),
            PartFormat::Parquet => parquet::read(bytes, &self.load.columns, |row| found.add(row)),
        };
        read.map(|()| found).ok_or_else(|| Halt::over(BatchCode::DigestDiffers))
    }

    fn last_chunk(&self) -> u64 {
        (1..).take_while(|chunk| self.row(*chunk).is_file()).last().unwrap_or(0)
    }
}

#[async_trait]
impl Target for FolderTarget {
    async fn check(&mut self) -> Result<(), Halt> {
        // The folder was found and is listed when the target was opened; what may be written in it shows when it is.
        Ok(())
    }

    async fn begin(&mut self) -> Result<Reached, Halt> {
        std::fs::create_dir_all(&self.folder).map_err(failure)?;
        let chunk = self.last_chunk();
        let sealed_place = match chunk {
            0 => None,
            chunk => Some(std::fs::read_to_string(self.row(chunk)).map_err(failure)?),
        };
        let fits = self.load.columns.iter().map(|(_, item_type)| Fit::of(*item_type)).collect();
        Ok(Reached { chunk, sealed_place, published: self.manifest().is_file(), fits })
    }

    async fn put(&mut self, rows: &[Vec<Value>], lines: &[u8], _refused_max: usize) -> Result<Vec<usize>, Halt> {
        self.written = match self.format {
            PartFormat::Csv => {
                let mut bytes = lines::head(self.load.columns.iter().map(|(name, _)| name.as_str()));
                bytes.extend_from_slice(lines);
                Some(bytes)
            }
            PartFormat::Parquet => parquet::write(&self.load.columns, rows),
        };
        Ok(Vec::new())
    }

    async fn commit(&mut self, entry: &Entry<'_>) -> Result<(), Halt> {
        let bytes = self.written.take().ok_or_else(|| Halt::again(BatchCode::TargetFailed))?;
        self.write_whole(&self.part(entry.chunk), &bytes)?;
        self.write_whole(&self.row(entry.chunk), entry.sealed_place.as_bytes())
    }

    async fn read_back(&mut self) -> Result<Option<RowsDigest>, Halt> {
        let mut found = RowsDigest::default();
        for chunk in 1..=self.last_chunk() {
            found.join(&self.count(chunk)?);
            tokio::task::yield_now().await;
        }
        Ok(Some(found))
    }

    async fn publish(&mut self, entry: &Entry<'_>) -> Result<(), Halt> {
        let mut parts = Vec::new();
        for chunk in 1..=self.last_chunk() {
            let path = self.part(chunk);
            let bytes = std::fs::read(&path).map_err(failure)?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            parts.push(json!({ "file": name, "bytes": bytes.len(), "sha256": digest::sha256_hex(&bytes) }));
            tokio::task::yield_now().await;
        }
        let columns: Vec<_> =
            self.load.columns.iter().map(|(name, item)| json!({ "name": name, "type": item.as_str() })).collect();
        let empty = match self.format {
            PartFormat::Csv => "nothing between the commas; an empty text is \"\"",
            PartFormat::Parquet => "null",
        };
        let manifest = json!({
            "run": self.load.run,
            "table": self.load.table,
            "mode": if self.load.full { "full" } else { "incremental" },
            "format": self.word(),
            "null": empty,
            "columns": columns,
            "parts": parts,
            "rows": entry.place.digest.rows,
            "digest": format!("sm3-sum:{}", entry.place.digest.hex()),
        });
        self.write_whole(&self.manifest(), format!("{manifest:#}\n").as_bytes())
    }

    async fn discard(&mut self) -> Result<(), Halt> {
        if self.manifest().is_file() {
            return Ok(());
        }
        match std::fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failure(error)),
            _ => Ok(()),
        }
    }
}

fn failure(error: std::io::Error) -> Halt {
    Halt::again(match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => BatchCode::TargetFull,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => BatchCode::TargetNotPermitted,
        _ => BatchCode::TargetUnreachable,
    })
}
