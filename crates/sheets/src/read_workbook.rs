//! Workbooks (.xlsx). Nothing is unpacked before it is known how far it unpacks, and cells are read one by one: a sheet
//! may say that it reaches to its last row and column, and a grid of that size would fill the memory.

use crate::{
    cell::Cell,
    fault::{Fault, SheetFault},
    grid::{Grid, Merged},
    limits::{CELL_CHARACTERS_MAX, CELLS_MAX, COLUMNS_MAX, PARTS_MAX, ROWS_MAX, SHEETS_MAX, UNPACKED_BYTES_MAX},
};
use calamine::{DataRef, Reader as _, SheetType, Xlsx, XlsxError};
use shuqiao_vocabulary::Date;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read as _},
};

/// What a workbook begins with, and what the old form and a protected workbook begin with.
const ARCHIVE: &[u8] = b"PK\x03\x04";
const OLD: &[u8] = b"\xd0\xcf\x11\xe0";

/// Merged cells of a sheet that are looked at.
const MERGED_MAX: usize = 10_000;

/// Whether the file begins as a workbook does.
pub(crate) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(ARCHIVE)
}

/// Whether the file begins as one of the old form does.
pub(crate) fn is_old(bytes: &[u8]) -> bool {
    bytes.starts_with(OLD)
}

/// Every sheet of a workbook.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Grid>, Fault> {
    let hidden = measured(bytes)?;
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    if sheets.len() > SHEETS_MAX {
        return Err(Fault::too_many("sheets", SHEETS_MAX));
    }
    let mut cells_left = CELLS_MAX;
    let mut grids = Vec::with_capacity(sheets.len());
    for name in sheets {
        let mut grid = read_sheet(&mut workbook, &name, &mut cells_left)?;
        grid.hidden = hidden.get(&name).cloned().unwrap_or_default();
        grid.hidden.retain(|row| grid.rows.contains_key(row));
        grids.push(grid);
    }
    Ok(grids)
}

fn read_sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str, cells_left: &mut usize) -> Result<Grid, Fault> {
    let mut grid = Grid { name: name.to_owned(), ..Grid::default() };
    let merged = workbook.merge_cells_by_sheet_name(name).map_err(fault)?;
    let one_based = |(row, column): (u32, u32)| (row.saturating_add(1), column);
    let places = merged.iter().take(MERGED_MAX);
    grid.merged = places.map(|place| Merged { first: one_based(place.start), last: one_based(place.end) }).collect();
    let mut reader = workbook.worksheet_cells_reader(name).map_err(fault)?;
    while let Some(found) = reader.next_cell_with_formula_metadata().map_err(fault)? {
        let (row, column) = one_based(found.pos);
        grid.formulas += u32::from(found.formula.is_some());
        let Some(cell) = cell(found.value) else { continue };
        if row > ROWS_MAX {
            return Err(Fault::too_many("rows", ROWS_MAX).with("sheet", name));
        }
        if column >= COLUMNS_MAX {
            return Err(Fault::too_many("columns", COLUMNS_MAX).with("sheet", name));
        }
        if let Cell::Text(text) = &cell
            && text.chars().count() > CELL_CHARACTERS_MAX
        {
            return Err(Fault::too_many("characters", CELL_CHARACTERS_MAX).with("sheet", name).with("row", row));
        }
        *cells_left = cells_left.checked_sub(1).ok_or_else(|| Fault::too_many("cells", CELLS_MAX))?;
        grid.rows.entry(row).or_default().insert(column, cell);
    }
    Ok(grid)
}

/// A cell's value; `None` when it holds nothing. Of a formula, the value that the spreadsheet had computed.
fn cell(value: DataRef<'_>) -> Option<Cell> {
    let text = |text: &str| (!text.trim().is_empty()).then(|| Cell::Text(text.to_owned()));
    match value {
        DataRef::Int(number) => Some(Cell::Number(number as f64)),
        DataRef::Float(number) => Some(Cell::Number(number)),
        DataRef::String(found) | DataRef::DateTimeIso(found) | DataRef::DurationIso(found) => text(&found),
        DataRef::SharedString(found) => text(found),
        DataRef::Bool(found) => Some(Cell::Bool(found)),
        DataRef::DateTime(found) => {
            let (year, month, day, ..) = found.to_ymd_hms_milli();
            let date = || Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
            Some(date().map_or(Cell::Number(found.as_f64()), Cell::Date))
        }
        DataRef::Error(_) => Some(Cell::Broken),
        DataRef::Empty => None,
    }
}

fn fault(error: XlsxError) -> Fault {
    Fault::new(match error {
        XlsxError::Password => SheetFault::OldFormat,
        XlsxError::Zip(_) | XlsxError::FileNotFound(_) => SheetFault::NotAWorkbook,
        _ => SheetFault::Damaged,
    })
}

/// Unpacks every part of the workbook without keeping it, so that one that unpacks too far is found before anything
/// grows; what the archive says of itself is not believed. Answers the hidden rows of each sheet, which are read here
/// because the parts pass by.
fn measured(bytes: &[u8]) -> Result<BTreeMap<String, BTreeSet<u32>>, Fault> {
    let damaged = |_| Fault::new(SheetFault::Damaged);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::new(SheetFault::NotAWorkbook))?;
    if archive.len() > PARTS_MAX {
        return Err(Fault::too_many("parts", PARTS_MAX));
    }
    let mut left = UNPACKED_BYTES_MAX;
    let mut parts: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Fault::new(SheetFault::Damaged))?;
        let name = part.name().map(|name| name.into_owned()).unwrap_or_default();
        let mut content = Vec::new();
        let read = part.take(left.saturating_add(1)).read_to_end(&mut content).map_err(damaged)? as u64;
        left = left
            .checked_sub(read)
            .ok_or_else(|| Fault::new(SheetFault::ExpandsTooFar).with("max", UNPACKED_BYTES_MAX))?;
        if name.ends_with(".rels") || name == "xl/workbook.xml" || name.starts_with("xl/worksheets/") {
            parts.insert(name, content);
        }
    }
    Ok(hidden::rows(&parts))
}

/// Which rows of which sheet a person does not see: the one thing that the library does not tell.
mod hidden {
    use quick_xml::{Reader, events::Event};
    use std::collections::{BTreeMap, BTreeSet};

    /// Hidden rows by the name of their sheet. What cannot be read is not hidden: the library reads the cells and says
    /// what is wrong with the file.
    pub(super) fn rows(parts: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, BTreeSet<u32>> {
        let part = |name: &str| parts.get(name).map(Vec::as_slice).unwrap_or_default();
        let mut targets = BTreeMap::new();
        elements(part("xl/_rels/workbook.xml.rels"), "Relationship", |found| {
            if let (Some(id), Some(target)) = (found.get("Id"), found.get("Target")) {
                targets.insert(id.clone(), target.clone());
            }
        });
        let mut hidden = BTreeMap::new();
        elements(part("xl/workbook.xml"), "sheet", |found| {
            let target = found.get("r:id").and_then(|id| targets.get(id));
            if let (Some(name), Some(target)) = (found.get("name"), target) {
                let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
                hidden.insert(name.clone(), hidden_rows(part(&path)));
            }
        });
        hidden
    }

    fn hidden_rows(sheet: &[u8]) -> BTreeSet<u32> {
        let mut rows = BTreeSet::new();
        elements(sheet, "row", |found| {
            let is_hidden = found.get("hidden").is_some_and(|value| value == "1" || value == "true");
            if let Some(row) = found.get("r").filter(|_| is_hidden).and_then(|row| row.parse().ok()) {
                rows.insert(row);
            }
        });
        rows
    }

    /// Calls for each element of this name with its attributes.
    fn elements(xml: &[u8], name: &str, mut each: impl FnMut(&BTreeMap<String, String>)) {
        let mut reader = Reader::from_reader(xml);
        let mut buffer = Vec::new();
        while let Ok(event) = reader.read_event_into(&mut buffer) {
            match event {
                Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == name => {
                    let mut found = BTreeMap::new();
                    for attribute in element.attributes().flatten() {
                        let raw: &str = attribute.value.as_ref();
                        let value =
                            quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), |text| text.into_owned());
                        let key: &str = attribute.key.as_ref();
                        found.insert(key.to_owned(), value);
                    }
                    each(&found);
                }
                Event::Eof => break,
                _ => {}
            }
            buffer.clear();
        }
    }
}
