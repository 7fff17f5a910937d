//! A file given back with a column of remarks, so that officials find what is wrong beside their own rows.

use crate::{
    fault::{Fault, SheetFault},
    grid::Grid,
    limits::FILE_BYTES_MAX,
    read_table, read_workbook,
    write::{self, Looks, put, put_as},
};
use rust_xlsxwriter::Workbook;
use std::collections::{BTreeMap, BTreeSet};

/// What is to be written beside a row.
#[derive(Clone, Debug)]
pub struct Remark {
    /// The sheet.
    pub sheet: String,
    /// The row, as a spreadsheet counts them.
    pub row: u32,
    /// What.
    pub text: String,
}

/// The file's cells as text, each row in its place, with a further column in which the remarks stand; only sheets that
/// hold something.
///
/// # Errors
/// A [`Fault`] when the file cannot be read or written.
pub fn annotated(bytes: &[u8], head: &str, remarks: &[Remark]) -> Result<Vec<u8>, Fault> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Fault::new(SheetFault::FileTooLarge).with("max", FILE_BYTES_MAX));
    }
    let grids =
        if read_workbook::is_archive(bytes) { read_workbook::read(bytes)? } else { vec![read_table::read(bytes)?] };
    let mut by_row: BTreeMap<(&str, u32), Vec<&str>> = BTreeMap::new();
    for remark in remarks {
        by_row.entry((&remark.sheet, remark.row)).or_default().push(&remark.text);
    }
    let looks = Looks::new();
    let mut workbook = Workbook::new();
    for grid in grids.iter().filter(|grid| !grid.rows.is_empty()) {
        let remarks = |row: u32| by_row.get(&(grid.name.as_str(), row)).map(|texts| texts.join("\n"));
        let rows: BTreeSet<u32> =
            by_row.keys().filter(|(sheet, _)| *sheet == grid.name).map(|(_, row)| *row).chain([1]).collect();
        write_sheet(&mut workbook, grid, head, &rows, &remarks, &looks)?;
    }
    write::finished(workbook)
}

fn write_sheet(
    workbook: &mut Workbook,
    grid: &Grid,
    head: &str,
    remarked: &BTreeSet<u32>,
    remarks: &dyn Fn(u32) -> Option<String>,
    looks: &Looks,
) -> Result<(), Fault> {
    let sheet = write::sheet(workbook, &grid.name)?;
    let last = grid.rows.values().filter_map(|cells| cells.keys().next_back()).max().copied().unwrap_or(0);
    let column = |column: u32| u16::try_from(column).unwrap_or(u16::MAX);
    let rows: BTreeSet<u32> = grid.rows.keys().chain(remarked).copied().collect();
    for row in rows {
        let at = row.saturating_sub(1);
        for (place, cell) in grid.rows.get(&row).into_iter().flatten() {
            put(sheet, at, column(*place), &cell.text(), looks)?;
        }
        if let Some(text) = remarks(row) {
            put(sheet, at, column(last.saturating_add(1)), &text, looks)?;
        } else if row == 1 {
            put_as(sheet, at, column(last.saturating_add(1)), head, &looks.head)?;
        }
    }
    Ok(())
}
