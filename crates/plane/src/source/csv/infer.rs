//! Encoding, delimiter, header and types of a CSV file.
//!
//! - Rows above the header that hold one cell, and no value, are a title, as office programs write it.
//! - The record after them is the header unless all its cells are numbers or dates; then columns are `column_1` …
//! - Names and types are found as [`crate::source::tabular::infer`] says; an empty cell is null.

use super::{
    encoding,
    text::{self, DecodedFile, Stop},
};
use crate::source::{
    SourceError,
    tabular::{
        Cell, Column, Kind, Row,
        infer::{self, Possible},
    },
};
use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord};
use std::{io::Read, path::Path};

/// Records from the first in which the header is looked for.
const HEADER_RECORDS_MAX: usize = 20;
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// How a file is to be read.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) encoding: &'static str,
    delimiter: u8,
    /// Records before the first row: titles and the header.
    head: usize,
    pub(super) columns: Vec<Column>,
}

impl Layout {
    /// Reads the whole file and finds out.
    pub(super) fn of(path: &Path) -> Result<Self, SourceError> {
        if let Some(encoding) = DecodedFile::utf_16(path)? {
            return Self::in_encoding(path, encoding).map_err(Failed::into_source_error);
        }
        match Self::in_encoding(path, text::UTF_8) {
            Err(Failed::NotThisEncoding { .. }) => {}
            other => return other.map_err(Failed::into_source_error),
        }
        let sure = encoding::sure(path)?;
        let found = Self::in_encoding(path, sure.unwrap_or(text::GB18030)).map_err(Failed::into_source_error)?;
        // It can be read as GB18030, and would be another text than was written.
        if sure.is_some() { Ok(found) } else { Err(SourceError::Encoding { found: "unknown".to_owned() }) }
    }

    fn in_encoding(path: &Path, encoding: &'static str) -> Result<Self, Failed> {
        let delimiter = find_delimiter(path, encoding)?;
        let mut records = Records::open(path, encoding, delimiter)?;
        let mut first = Vec::new();
        while first.len() < HEADER_RECORDS_MAX
            && let Some(record) = records.next()?
        {
            infer::not_too_wide("table", record.len()).map_err(Failed::Source)?;
            first.push(record);
        }
        let titles = titles(&first);
        let header = first.get(titles).ok_or(Failed::Line { line: 1, what: "the file is empty" })?;
        let has_header = !header.iter().all(|cell| cell.is_empty() || infer::is_value(cell.trim()));
        let head = titles + usize::from(has_header);
        let headings: Vec<&str> = header.iter().map(|cell| if has_header { cell } else { "" }).collect();
        let too_long = Failed::Line { line: 1, what: "a column name longer than 256 characters" };
        let names = infer::names(headings).ok_or(too_long)?;
        let mut possible: Vec<Possible> = vec![Possible::default(); names.len()];
        let mut look = |record: &StringRecord| {
            for (possible, cell) in possible.iter_mut().zip(record).filter(|(_, cell)| !cell.is_empty()) {
                possible.look_at(&Cell::new(Kind::Untyped, cell));
            }
        };
        first.iter().skip(head).for_each(&mut look);
        while let Some(record) = records.next()? {
            look(&record);
        }
        let columns = names
            .into_iter()
            .zip(&possible)
            .map(|(name, possible)| Column { item_type: possible.item_type(&name), name })
            .collect();
        Ok(Self { encoding, delimiter, head, columns })
    }

    /// Every row; an empty cell is `None`.
    pub(super) fn each_row(
        &self,
        path: &Path,
        take: &mut dyn FnMut(Row) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        let mut records = Records::open(path, self.encoding, self.delimiter).map_err(Failed::into_source_error)?;
        for _ in 0..self.head {
            records.next().map_err(Failed::into_source_error)?;
        }
        while let Some(record) = records.next().map_err(Failed::into_source_error)? {
            let cell = |cell: &str| (!cell.is_empty()).then(|| Cell::new(Kind::Untyped, cell));
            take(record.iter().map(cell).collect())?;
        }
        Ok(())
    }
}

/// Why a file cannot be read.
enum Failed {
    /// A byte that the encoding does not have.
    NotThisEncoding {
        line: u64,
        what: &'static str,
    },
    /// A line that is wrong in any encoding.
    Line {
        line: u64,
        what: &'static str,
    },
    Source(SourceError),
}

impl Failed {
    fn into_source_error(self) -> SourceError {
        match self {
            Self::NotThisEncoding { line, what } | Self::Line { line, what } => SourceError::BadLine { line, what },
            Self::Source(error) => error,
        }
    }
}

/// The records of a file, one at a time.
struct Records {
    reader: Reader<DecodedFile>,
    /// The line at which the record being read begins.
    line: u64,
    /// The line at which the last record began, and whether it has line ends in its cells.
    last: (u64, bool),
    /// What is said of bytes that the encoding does not have.
    not_of: &'static str,
}

impl Records {
    fn open(path: &Path, encoding: &str, delimiter: u8) -> Result<Self, Failed> {
        let file = DecodedFile::open(path, encoding).map_err(Failed::Source)?;
        let reader = ReaderBuilder::new().has_headers(false).flexible(false).delimiter(delimiter).from_reader(file);
        let not_of = match encoding {
            text::BIG5 => "bytes that are not Big5, though the file is otherwise in it",
            text::UTF_16LE | text::UTF_16BE => "bytes that are not UTF-16, though the file begins as such",
            _ => "bytes that are neither UTF-8 nor GB18030",
        };
        Ok(Self { reader, line: 1, last: (1, false), not_of })
    }

    fn next(&mut self) -> Result<Option<StringRecord>, Failed> {
        let mut record = StringRecord::new();
        self.line = self.reader.position().line();
        match self.reader.read_record(&mut record) {
            Ok(true) => {
                self.reader.get_mut().since_record = 0;
                self.last = (self.line, record.iter().any(|cell| cell.contains('\n')));
                Ok(Some(record))
            }
            Ok(false) => self.check_last().map(|()| None),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// A file that ends inside a quoted cell has lost its end; the csv reader takes what is there for whole.
    fn check_last(&self) -> Result<(), Failed> {
        let file = self.reader.get_ref();
        let (line, has_line_ends) = self.last;
        if file.quotes % 2 == 1 && (has_line_ends || file.last_byte != b'\n') {
            return Err(Failed::Line { line, what: "a quotation mark is never closed" });
        }
        Ok(())
    }

    fn failed(&self, error: &csv::Error) -> Failed {
        let file = self.reader.get_ref();
        match (error.kind(), &file.stop) {
            (ErrorKind::UnequalLengths { pos, .. }, _) => {
                let line = pos.as_ref().map_or(0, csv::Position::line);
                Failed::Line { line, what: "another number of cells than in the first line" }
            }
            (_, Some(Stop::BadByte)) => Failed::NotThisEncoding { line: file.lines + 1, what: self.not_of },
            (_, Some(Stop::Nul)) => Failed::Line { line: file.lines + 1, what: "a NUL byte" },
            (_, Some(Stop::RecordTooLong)) => {
                let line = self.line;
                Failed::Line { line, what: "a record longer than 4 MiB, or a quotation mark that is never closed" }
            }
            (_, Some(Stop::Io)) => Failed::Source(SourceError::Unreachable),
            _ => Failed::Line { line: file.lines + 1, what: "not readable as CSV" },
        }
    }
}

/// The delimiter that the first line has most of, outside of quotation marks.
fn find_delimiter(path: &Path, encoding: &'static str) -> Result<u8, Failed> {
    let mut file = DecodedFile::open(path, encoding).map_err(Failed::Source)?;
    let mut start = vec![0; 64 * 1024];
    let mut filled = 0;
    while filled < start.len() {
        match file.read(&mut start[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            // Whatever it is, reading the records meets it again and tells the line.
            Err(_) => break,
        }
    }
    let (mut quoted, mut counts) = (false, [0_u32; DELIMITERS.len()]);
    for byte in &start[..filled] {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            other if !quoted => {
                if let Some(at) = DELIMITERS.iter().position(|delimiter| delimiter == other) {
                    counts[at] += 1;
                }
            }
            _ => {}
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let at = counts.iter().position(|count| *count == most).unwrap_or(0);
    Ok(if most == 0 { b',' } else { DELIMITERS[at] })
}

/// How many of the first records stand above the header: each holds one cell, and no value, of a wider table.
fn titles(first: &[StringRecord]) -> usize {
    let filled = |record: &StringRecord| record.iter().filter(|cell| !cell.trim().is_empty()).count();
    let is_title = |record: &&StringRecord| {
        filled(record) <= 1 && !record.iter().any(|cell| !cell.is_empty() && infer::is_value(cell.trim()))
    };
    let titles = first.iter().take_while(is_title).count();
    if first.get(titles).is_some_and(|record| filled(record) >= 2) { titles } else { 0 }
}
