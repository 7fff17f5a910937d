//! `.xlsx`: measured before it is unpacked, then read cell by cell; a sheet may say that it reaches to its last row and
//! column, and a grid of that size would fill the memory.

use super::{Cells, Found, TakeRow, found_ref};
use crate::source::{BadCell, BadFile, SourceError};
use calamine::{DataRef, Dimensions, Reader as _, Sheet, Xlsx, XlsxError};
use std::{
    fs::File,
    io::{self, BufReader, Read as _},
    path::Path,
};

/// Files inside a workbook.
const PARTS_MAX: usize = 5_000;
/// Merged places of a sheet.
const MERGED_MAX: usize = 100_000;

/// Unpacks every part without keeping it, so that one that unpacks too far is found before anything grows; what the
/// archive says of itself is not believed.
///
/// # Errors
/// [`BadFile`]: damaged, expands too far, has links to other workbooks.
pub(super) fn measure(path: &Path, unpacked_bytes_max: u64) -> Result<(), SourceError> {
    let damaged = || SourceError::BadFile(BadFile::Damaged);
    let too_far = || SourceError::BadFile(BadFile::ExpandsTooFar);
    let file = BufReader::new(File::open(path).map_err(|_| SourceError::Unreachable)?);
    let mut archive = zip::ZipArchive::new(file).map_err(|_| damaged())?;
    if archive.len() > PARTS_MAX {
        return Err(too_far());
    }
    let mut left = unpacked_bytes_max;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| damaged())?;
        let name = part.name().map(|name| name.into_owned()).unwrap_or_default();
        if name.starts_with("xl/externalLinks/") {
            return Err(SourceError::BadFile(BadFile::ExternalLinks));
        }
        let mut part = part.take(left.saturating_add(1));
        let read = io::copy(&mut part, &mut io::sink()).map_err(|_| damaged())?;
        left = left.checked_sub(read).ok_or_else(too_far)?;
    }
    Ok(())
}

/// An open workbook.
pub(super) struct Book(Box<Xlsx<BufReader<File>>>);

impl Book {
    pub(super) fn open(file: BufReader<File>) -> Result<Self, SourceError> {
        Xlsx::new(file).map(|book| Self(Box::new(book))).map_err(fault)
    }

    pub(super) fn sheets(&self) -> &[Sheet] {
        self.0.sheets_metadata()
    }

    pub(super) fn merged(&mut self, sheet: &str) -> Result<Vec<Dimensions>, SourceError> {
        let places = self.0.merge_cells_by_sheet_name(sheet).map_err(fault)?;
        if places.len() > MERGED_MAX {
            let (name, found) = (sheet.to_owned(), places.len());
            return Err(SourceError::TooMany { name, what: "merged places", found, limit: MERGED_MAX });
        }
        Ok(places)
    }

    pub(super) fn each_row(&mut self, sheet: &str, take: TakeRow<'_>) -> Result<(), SourceError> {
        let mut reader = self.0.worksheet_cells_reader(sheet).map_err(fault)?;
        let (mut at, mut cells) = (0_u32, Cells::new());
        while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(fault)? {
            let (row, column) = (cell.pos.0.saturating_add(1), cell.pos.1);
            if row < at {
                return Err(SourceError::BadFile(BadFile::Damaged));
            }
            if row > at {
                flush(at, &mut cells, take)?;
                at = row;
            }
            // Programs that write formulas without computing them leave nothing to read.
            let uncomputed = cell.formula.is_some() && cell.value == DataRef::Empty;
            let found =
                if uncomputed { Some(Found::Bad(BadCell::FormulaWithoutResult)) } else { found_ref(cell.value) };
            cells.extend(found.map(|found| (column, found)));
        }
        flush(at, &mut cells, take)
    }
}

fn flush(row: u32, cells: &mut Cells, take: TakeRow<'_>) -> Result<(), SourceError> {
    if cells.is_empty() { Ok(()) } else { take(row, std::mem::take(cells)) }
}

fn fault(error: XlsxError) -> SourceError {
    let protected = matches!(error, XlsxError::Password);
    SourceError::BadFile(if protected { BadFile::Protected } else { BadFile::Damaged })
}
