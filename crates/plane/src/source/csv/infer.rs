//! Delimiter, header and types of a CSV file. Nothing is claimed that a single cell contradicts.
//!
//! - The first record is the header unless all its cells are numbers or dates; then columns are `column_1`, `column_2` …
//! - An empty name becomes `column_<n>`; a name that was there before (letter case aside) gets `_2`, `_3` …
//! - An empty cell is null. A column is `integer`, `decimal` or `date` only if every other cell is one in canonical form;
//!   leading zeros, thousands separators, `+` and blanks make text.
//! - Codes stay text, so that regions can be asked for by prefix: columns named like a code or number, and columns whose
//!   values are all digits of one width of at least five.

use super::{
    super::{COLUMNS_MAX, SourceError},
    text::{self, DecodedFile, Stop},
};
use crate::value::{self, Number};
use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord};
use shuqiao_vocabulary::ItemType;
use std::{io::Read, path::Path};

const HEADER_CHARS_MAX: usize = 256;
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
const CODE_ENDINGS: [&str; 10] = ["code", "_id", "_no", "码", "号", "证", "电话", "手机", "phone", "number"];

/// How a file is to be read.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) encoding: &'static str,
    delimiter: u8,
    has_header: bool,
    pub(super) columns: Vec<Column>,
}

/// One column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    item_type: ItemType,
}

impl Column {
    /// The type in the snapshot; decimals and dates stay text there, as written.
    pub(super) fn declared(&self) -> &'static str {
        match self.item_type {
            ItemType::Integer => "INTEGER",
            ItemType::Decimal => "TEXT_DECIMAL",
            ItemType::Date => "TEXT_DATE",
            _ => "TEXT",
        }
    }
}

/// What the cells of a column have left possible.
struct Possible {
    seen: u64,
    integer: bool,
    decimal: bool,
    date: bool,
    /// The one width of all values, while they are digits only.
    width: Option<usize>,
}

impl Possible {
    fn look_at(&mut self, cell: &str) {
        if cell.is_empty() {
            return;
        }
        self.seen += 1;
        self.integer = self.integer && value::integer(cell).is_some();
        self.decimal = self.decimal && is_plain_decimal(cell);
        self.date = self.date && value::date(cell).is_some();
        let digits = cell.bytes().all(|b| b.is_ascii_digit());
        self.width = if digits && (self.seen == 1 || self.width == Some(cell.len())) { Some(cell.len()) } else { None };
    }

    fn item_type(&self, name: &str) -> ItemType {
        let name = name.to_lowercase();
        let named_code = name == "id" || CODE_ENDINGS.iter().any(|ending| name.ends_with(ending));
        let shaped_code = self.seen > 1 && self.width.is_some_and(|width| width >= 5);
        if self.seen == 0 {
            ItemType::Text
        } else if self.date {
            ItemType::Date
        } else if named_code || shaped_code {
            ItemType::Text
        } else if self.integer {
            ItemType::Integer
        } else if self.decimal {
            ItemType::Decimal
        } else {
            ItemType::Text
        }
    }
}

/// `-?` digits without leading zeros, a point and digits if there is a point; no more digits than can be compared.
fn is_plain_decimal(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let whole = digits.split('.').next().unwrap_or("");
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && (whole == "0" || !whole.starts_with('0'));
    plain && Number::parse(cell).is_some_and(|number| number.significant_digits() <= 15)
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
        Self::in_encoding(path, text::GB18030).map_err(Failed::into_source_error)
    }

    fn in_encoding(path: &Path, encoding: &'static str) -> Result<Self, Failed> {
        let delimiter = find_delimiter(path, encoding)?;
        let mut records = Records::open(path, encoding, delimiter)?;
        let first = records.next()?.ok_or(Failed::Line { line: 1, what: "the file is empty" })?;
        if first.len() > COLUMNS_MAX {
            let name = "table".to_owned();
            let too_many = SourceError::TooMany { name, what: "columns", found: first.len(), limit: COLUMNS_MAX };
            return Err(Failed::Source(too_many));
        }
        let is_value = |cell: &str| is_plain_decimal(cell) || value::date(cell).is_some();
        let has_header = !first.iter().all(|cell| cell.is_empty() || is_value(cell.trim()));
        let names = if has_header { header_names(&first)? } else { header_names(&vec![""; first.len()].into())? };
        let fresh = || Possible { seen: 0, integer: true, decimal: true, date: true, width: None };
        let mut possible: Vec<Possible> = names.iter().map(|_| fresh()).collect();
        let mut look = |record: &StringRecord| {
            for (possible, cell) in possible.iter_mut().zip(record) {
                possible.look_at(cell);
            }
        };
        if !has_header {
            look(&first);
        }
        while let Some(record) = records.next()? {
            look(&record);
        }
        let columns = names
            .into_iter()
            .zip(&possible)
            .map(|(name, possible)| Column { item_type: possible.item_type(&name), name })
            .collect();
        Ok(Self { encoding, delimiter, has_header, columns })
    }

    /// Every row; an empty cell is `None`.
    pub(super) fn each_row(
        &self,
        path: &Path,
        take: &mut dyn FnMut(Vec<Option<String>>) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        let mut records = Records::open(path, self.encoding, self.delimiter).map_err(Failed::into_source_error)?;
        if self.has_header {
            records.next().map_err(Failed::into_source_error)?;
        }
        while let Some(record) = records.next().map_err(Failed::into_source_error)? {
            take(record.iter().map(|cell| (!cell.is_empty()).then(|| cell.to_owned())).collect())?;
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

fn header_names(header: &StringRecord) -> Result<Vec<String>, Failed> {
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    for (at, cell) in header.iter().enumerate() {
        let cell = cell.trim();
        if cell.chars().count() > HEADER_CHARS_MAX {
            return Err(Failed::Line { line: 1, what: "a column name longer than 256 characters" });
        }
        let plain: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let wanted = if plain.is_empty() { format!("column_{}", at + 1) } else { plain };
        let taken = |name: &str| names.iter().any(|known| known.to_lowercase() == name.to_lowercase());
        let mut name = wanted.clone();
        let mut number = 2;
        while taken(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        names.push(name);
    }
    Ok(names)
}
