//! Masked pages into one file on the disk: Parquet, CSV or XLSX. It runs on a thread of its own and knows no grant.

use super::FileColumn;
use crate::{
    delivery::receipt::RowsDigest,
    encode,
    mask::MaskedRows,
    problem::{ProblemCode, Refused},
    trace::{Marker, TraceIndex},
    value::Value,
};
use arrow::datatypes::Schema;
use parquet::arrow::ArrowWriter;
use rust_xlsxwriter::{Workbook, XlsxError};
use shuqiao_crypto::digest::FileDigests;
use std::{
    fs::{self, DirBuilder, File},
    io::{BufWriter, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};
use tokio::sync::mpsc;

/// Rows of a sheet, without its header.
const SHEET_ROWS_MAX: u64 = 1_048_575;
/// Characters of a cell of a sheet.
const SHEET_CHARS_MAX: usize = 32_767;
/// Whole numbers beyond it lose digits in a spreadsheet, which counts in binary fractions and shows fifteen digits.
const SHEET_EXACT_MAX: u64 = 999_999_999_999_999;

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileFormat {
    /// Apache Parquet, compressed with Snappy; text and decimals as UTF-8.
    Parquet,
    /// CSV by RFC 4180 in UTF-8.
    Csv,
    /// An Excel workbook with one sheet.
    Xlsx,
}

impl FileFormat {
    /// The word for it, which is also the file's ending.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Csv => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl FromStr for FileFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Parquet, Self::Csv, Self::Xlsx].into_iter().find(|format| format.as_str() == text).ok_or(())
    }
}

/// A file that is complete and on the disk.
pub(super) struct Finished {
    pub(super) columns: Vec<FileColumn>,
    pub(super) digest: RowsDigest,
    pub(super) bytes: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub(super) sha256: String,
    /// SM3 of the file, in hexadecimal.
    pub(super) sm3: String,
}

/// A file in the making.
pub(super) struct Making {
    path: PathBuf,
    format: FileFormat,
    bytes_max: u64,
    digest: RowsDigest,
    traced: (Arc<TraceIndex>, Marker),
}

/// What the pages go into.
enum Sink {
    Parquet(Box<ArrowWriter<File>>),
    Csv(BufWriter<File>),
    /// Rows written, besides the header.
    Xlsx(Box<Workbook>, u64),
}

impl Making {
    /// Makes the folder of a file that may have this many bytes, and whose rows are marked in this index.
    pub(super) fn begin(
        folder: &Path,
        format: FileFormat,
        bytes_max: u64,
        traced: (Arc<TraceIndex>, Marker),
    ) -> Result<Self, Refused> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|_| unavailable())?;
        Ok(Self { path: folder.join("content"), format, bytes_max, digest: RowsDigest::default(), traced })
    }

    /// Writes pages until there are no more. Of an order without rows there is one page, and it is empty: columns are
    /// known from it.
    pub(super) fn run(mut self, mut pages: mpsc::Receiver<MaskedRows>) -> Result<Finished, Refused> {
        let first = pages.blocking_recv().ok_or_else(|| Refused::new(ProblemCode::FileFailed))?;
        let columns = first.columns.iter().map(FileColumn::of).collect();
        let mut sink = self.open(&first)?;
        let mut next = Some(first);
        while let Some(page) = next {
            page.rows.iter().for_each(|row| self.digest.add(row));
            sink.write(&page)?;
            let (index, marker) = &mut self.traced;
            index.add(&marker.page(&page.rows));
            if sink.bytes(&self.path) > self.bytes_max {
                return Err(too_large(self.bytes_max));
            }
            next = pages.blocking_recv();
        }
        sink.finish(&self.path)?;
        let digests = File::open(&self.path)
            .and_then(|file| file.sync_all().map(|()| file))
            .and_then(FileDigests::of)
            .map_err(|_| unavailable())?;
        if digests.bytes > self.bytes_max {
            return Err(too_large(self.bytes_max));
        }
        let FileDigests { bytes, sha256, sm3 } = digests;
        Ok(Finished { columns, digest: self.digest, bytes, sha256, sm3 })
    }

    fn open(&self, first: &MaskedRows) -> Result<Sink, Refused> {
        let create = || File::create(&self.path).map_err(|_| unavailable());
        Ok(match self.format {
            FileFormat::Parquet => {
                let properties = encode::parquet::properties();
                let schema: Arc<Schema> = encode::arrow_schema(&first.columns);
                let writer = ArrowWriter::try_new(create()?, schema, Some(properties)).map_err(|_| unavailable())?;
                Sink::Parquet(Box::new(writer))
            }
            FileFormat::Csv => {
                let mut writer = BufWriter::new(create()?);
                writer.write_all(&encode::csv_header(&first.columns)).map_err(|_| unavailable())?;
                Sink::Csv(writer)
            }
            FileFormat::Xlsx => {
                let mut workbook = Workbook::new();
                // What is not finished stays in the node's own folder too, not where others of the machine keep things.
                workbook.set_tempdir(self.path.parent().unwrap_or(&self.path)).map_err(|error| sheet_failed(&error))?;
                let sheet = workbook.add_worksheet_with_constant_memory().map_err(|error| sheet_failed(&error))?;
                for (at, column) in (0_u16..).zip(&first.columns) {
                    sheet.write_string(0, at, column.name.as_str()).map_err(|error| sheet_failed(&error))?;
                }
                Sink::Xlsx(Box::new(workbook), 0)
            }
        })
    }
}

impl Sink {
    fn write(&mut self, page: &MaskedRows) -> Result<(), Refused> {
        match self {
            Self::Parquet(writer) => {
                let batch = encode::arrow_batch(page).ok_or_else(|| Refused::new(ProblemCode::FileFailed))?;
                writer.write(&batch).map_err(|_| unavailable())
            }
            Self::Csv(writer) => writer.write_all(&encode::csv_rows(&page.rows)).map_err(|_| unavailable()),
            Self::Xlsx(workbook, rows) => {
                if *rows + page.rows.len() as u64 > SHEET_ROWS_MAX {
                    return Err(Refused::new(ProblemCode::FileTooLarge).with("limit_rows", SHEET_ROWS_MAX));
                }
                let sheet = workbook.worksheet_from_index(0).map_err(|error| sheet_failed(&error))?;
                for row in &page.rows {
                    *rows += 1;
                    for (at, value) in (0_u16..).zip(row) {
                        sheet_cell(sheet, u32::try_from(*rows).unwrap_or(u32::MAX), at, value)?;
                    }
                }
                Ok(())
            }
        }
    }

    /// Bytes written so far; a workbook has none before it is finished.
    fn bytes(&self, path: &Path) -> u64 {
        match self {
            Self::Parquet(writer) => (writer.bytes_written() + writer.in_progress_size()) as u64,
            Self::Csv(_) | Self::Xlsx(..) => fs::metadata(path).map_or(0, |file| file.len()),
        }
    }

    fn finish(self, path: &Path) -> Result<(), Refused> {
        match self {
            Self::Parquet(writer) => writer.close().map(|_| ()).map_err(|_| unavailable()),
            Self::Csv(mut writer) => writer.flush().map_err(|_| unavailable()),
            Self::Xlsx(mut workbook, _) => workbook.save(path).map_err(|error| sheet_failed(&error)),
        }
    }
}

/// Text goes in as text, so that nothing runs as a formula; numbers only where a spreadsheet keeps every digit.
fn sheet_cell(sheet: &mut rust_xlsxwriter::Worksheet, row: u32, at: u16, value: &Value) -> Result<(), Refused> {
    let text = match value {
        Value::Null => return Ok(()),
        Value::Integer(number) if number.unsigned_abs() <= SHEET_EXACT_MAX => {
            #[expect(clippy::cast_precision_loss, reason = "fifteen digits fit a binary fraction exactly")]
            let number = *number as f64;
            return sheet.write_number(row, at, number).map(|_| ()).map_err(|error| sheet_failed(&error));
        }
        Value::Boolean(yes) => {
            return sheet.write_boolean(row, at, *yes).map(|_| ()).map_err(|error| sheet_failed(&error));
        }
        other => other.written().unwrap_or_default(),
    };
    if text.chars().count() > SHEET_CHARS_MAX {
        return Err(Refused::new(ProblemCode::FileTooLarge).with("limit_cell_characters", SHEET_CHARS_MAX));
    }
    sheet.write_string(row, at, text).map(|_| ()).map_err(|error| sheet_failed(&error))
}

fn sheet_failed(error: &XlsxError) -> Refused {
    match error {
        XlsxError::RowColumnLimitError => Refused::new(ProblemCode::FileTooLarge).with("limit_rows", SHEET_ROWS_MAX),
        _ => unavailable(),
    }
}

fn too_large(limit: u64) -> Refused {
    Refused::new(ProblemCode::FileTooLarge).with("limit_bytes", limit)
}

fn unavailable() -> Refused {
    Refused::new(ProblemCode::StorageUnavailable)
}
