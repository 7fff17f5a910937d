//! Workbooks, `.xlsx` and `.xls`: each sheet that holds something is a table.
//!
//! Numbers are taken as the spreadsheet itself shows them, with 15 digits; a whole number of more is refused, because a
//! number cell has rounded it before we see it (an identity number that was not entered as text). A formula counts as
//! its stored result. Dates and times have no zone in a workbook and are taken as UTC, as those of databases are.

mod head;
mod number;
mod sheet;
mod xlsx;

use super::{FileTable, Row, TabularFile, counted, first_bytes};
use crate::source::{BadCell, BadFile, SourceError, SourceSettings};
use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Reader as _, SheetType, Xls, XlsError};
use sheet::{Layout, Merged};
use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

/// Sheets that a workbook may have.
const SHEETS_MAX: usize = 500;
/// Characters of a cell; spreadsheets admit 32,767.
const CELL_CHARS_MAX: usize = 40_000;

/// What old workbooks and protected new ones begin with.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0";
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// A cell as the library reads it.
#[derive(Clone)]
pub(super) enum Found {
    /// Text that holds more than blanks.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A date, a time or both, as a serial number.
    Serial(ExcelDateTime),
    /// What makes the whole file unreadable.
    Bad(BadCell),
}

/// The cells of one row that hold something, by column from 0.
pub(super) type Cells = Vec<(u32, Found)>;
/// Takes the rows of a sheet in order, each with its number from 1.
pub(super) type TakeRow<'a> = &'a mut dyn FnMut(u32, Cells) -> Result<(), SourceError>;

/// A workbook whose sheets, headers and types were found.
pub(crate) struct Workbook {
    path: PathBuf,
    old: bool,
    sheets: Vec<(String, Layout)>,
    tables: Vec<FileTable>,
}

impl Workbook {
    /// Reads all sheets and finds out.
    ///
    /// # Errors
    /// What is wrong with the file or with one of its cells.
    pub(crate) fn of(path: &Path, settings: &SourceSettings) -> Result<Self, SourceError> {
        let start = first_bytes(path, 4)?;
        let old = start == COMPOUND;
        if !old && start != ARCHIVE {
            return Err(SourceError::BadFile(BadFile::Damaged));
        }
        if old && sheet::is_protected_archive(path)? {
            return Err(SourceError::BadFile(BadFile::Protected));
        }
        if !old {
            xlsx::measure(path, settings.unpacked_bytes_max)?;
        }
        let mut book = Book::open(path, old)?;
        let names = book.sheets();
        if names.len() > SHEETS_MAX {
            let (name, found) = ("workbook".to_owned(), names.len());
            return Err(SourceError::TooMany { name, what: "sheets", found, limit: SHEETS_MAX });
        }
        let (mut sheets, mut tables) = (Vec::new(), Vec::new());
        for name in names {
            let merged = book.merged(&name)?;
            let mut finding = sheet::Finding::new(&name, merged);
            let mut rows = 0;
            book.each_row(&name, &mut |row, cells| {
                counted(&mut rows)?;
                finding.look_at(row, cells)
            })?;
            if let Some(layout) = finding.finish()? {
                tables.push(FileTable { name: Some(name.clone()), columns: layout.columns.clone() });
                sheets.push((name, layout));
            }
        }
        if tables.is_empty() {
            return Err(SourceError::BadFile(BadFile::Empty));
        }
        Ok(Self { path: path.to_owned(), old, sheets, tables })
    }
}

impl TabularFile for Workbook {
    fn tables(&self) -> &[FileTable] {
        &self.tables
    }

    fn each_row(&self, table: usize, take: &mut dyn FnMut(Row) -> Result<(), SourceError>) -> Result<(), SourceError> {
        let (name, layout) = self.sheets.get(table).ok_or(SourceError::Failed)?;
        let mut rows = layout.rows();
        Book::open(&self.path, self.old)?.each_row(name, &mut |row, cells| match rows.row(row, cells)? {
            Some(row) => take(row),
            None => Ok(()),
        })
    }
}

/// An open workbook of either form.
enum Book {
    Old(Box<Xls<BufReader<File>>>),
    New(xlsx::Book),
}

impl Book {
    fn open(path: &Path, old: bool) -> Result<Self, SourceError> {
        let file = BufReader::new(File::open(path).map_err(|_| SourceError::Unreachable)?);
        if !old {
            return xlsx::Book::open(file).map(Self::New);
        }
        let opened = Xls::new(file).map_err(|error| {
            let protected = matches!(error, XlsError::Password);
            SourceError::BadFile(if protected { BadFile::Protected } else { BadFile::Damaged })
        });
        opened.map(|book| Self::Old(Box::new(book)))
    }

    fn sheets(&self) -> Vec<String> {
        let sheets = match self {
            Self::Old(book) => book.sheets_metadata(),
            Self::New(book) => book.sheets(),
        };
        let worksheets = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        worksheets.map(|sheet| sheet.name.clone()).collect()
    }

    fn merged(&mut self, sheet: &str) -> Result<Vec<Merged>, SourceError> {
        let damaged = SourceError::BadFile(BadFile::Damaged);
        let places: Vec<Dimensions> = match self {
            Self::Old(book) => book.merge_cells_by_sheet_name(sheet).map_err(|_| damaged)?,
            Self::New(book) => book.merged(sheet)?,
        };
        let merged = |place: &Dimensions| Merged {
            first_row: place.start.0.saturating_add(1),
            last_row: place.end.0.saturating_add(1),
            first_column: place.start.1,
            last_column: place.end.1,
        };
        Ok(places.iter().map(merged).collect())
    }

    fn each_row(&mut self, sheet: &str, take: TakeRow<'_>) -> Result<(), SourceError> {
        match self {
            Self::New(book) => book.each_row(sheet, take),
            Self::Old(book) => {
                let range = book.worksheet_range(sheet).map_err(|_| SourceError::BadFile(BadFile::Damaged))?;
                let (top, left) = range.start().unwrap_or_default();
                for (row, cells) in (top + 1..).zip(range.rows()) {
                    let cells: Cells =
                        (left..).zip(cells).filter_map(|(column, cell)| Some((column, found(cell)?))).collect();
                    if !cells.is_empty() {
                        take(row, cells)?;
                    }
                }
                Ok(())
            }
        }
    }
}

/// A cell of an old workbook; `None` when it holds nothing.
fn found(cell: &Data) -> Option<Found> {
    match cell {
        Data::Int(number) => Some(Found::Number(*number as f64)),
        Data::Float(number) => Some(Found::Number(*number)),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text_found(text),
        Data::Bool(yes) => Some(Found::Boolean(*yes)),
        Data::DateTime(serial) => Some(Found::Serial(*serial)),
        Data::Error(_) => Some(Found::Bad(BadCell::FormulaError)),
        Data::Empty => None,
    }
}

/// The same for a new one, whose library lends the text.
fn found_ref(cell: DataRef<'_>) -> Option<Found> {
    match cell {
        DataRef::SharedString(text) => text_found(text),
        DataRef::String(text) => text_found(&text),
        other => found(&Data::from(other)),
    }
}

fn text_found(text: &str) -> Option<Found> {
    if text.chars().nth(CELL_CHARS_MAX).is_some() {
        return Some(Found::Bad(BadCell::TooLong));
    }
    (!text.trim().is_empty()).then(|| Found::Text(text.to_owned()))
}
