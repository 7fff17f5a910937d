//! Where a sheet's table begins: titles and units above, a header of one row or of merged levels, then rows.
//!
//! The header is the first row, among the first twenty that hold something, with at least half as many cells as the
//! widest of them (and two, unless the table has one column); merged cells count for what they cover. A row whose cells
//! are all values is no header but the first row. A header goes down as far as its merged cells do; where it has cells
//! merged across, it goes on for one row at least, and names are joined by `_` (`性别_男`).

use super::{Cells, Found, Merged, number};
use crate::source::tabular::{Kind, infer};
use std::collections::BTreeMap;

/// Rows that hold something in which the header is looked for.
pub(super) const ROWS_MAX: usize = 20;
/// Rows that a header may have.
const LEVELS_MAX: u32 = 4;

/// What was found at the top of a sheet.
pub(super) struct Head {
    /// The first row of the table proper, from 1.
    pub(super) first_row: u32,
    /// Headings by column, from 0.
    pub(super) headings: BTreeMap<u32, String>,
}

impl Head {
    /// Finds the header among the first rows.
    pub(super) fn of(rows: &[(u32, Cells)], merged: &[Merged]) -> Self {
        let starting = |row: u32, column: u32| {
            merged.iter().find(move |place| place.first_row == row && place.first_column == column)
        };
        let width = |(row, cells): &(u32, Cells)| {
            let covered = |column: u32| starting(*row, column).map_or(1, |m| m.last_column - m.first_column + 1);
            cells.iter().map(|(column, _)| covered(*column) as usize).sum::<usize>()
        };
        // A title merged across the sheet is one cell, however wide.
        let own = |(_, cells): &(u32, Cells)| cells.len();
        let wide = rows.iter().filter(|row| own(row) >= 2).map(&width).max().unwrap_or(1);
        let is_table = |row: &&(u32, Cells)| width(row) * 2 >= wide && (own(row) >= 2 || wide == 1);
        let Some((row, cells)) = rows.iter().find(is_table) else {
            return Self { first_row: 1, headings: BTreeMap::new() };
        };
        if cells.iter().all(|(_, found)| is_value(found)) {
            return Self { first_row: *row, headings: BTreeMap::new() };
        }
        let of_header: Vec<&Merged> = merged.iter().filter(|place| place.first_row == *row).collect();
        let across = of_header.iter().any(|place| place.last_column > place.first_column);
        let down = of_header.iter().map(|place| place.last_row).max().unwrap_or(*row);
        let last = down.max(row + u32::from(across)).min(row + LEVELS_MAX - 1);
        Self { first_row: last + 1, headings: headings(rows, merged, *row..=last) }
    }
}

fn headings(rows: &[(u32, Cells)], merged: &[Merged], levels: std::ops::RangeInclusive<u32>) -> BTreeMap<u32, String> {
    let mut headings: BTreeMap<u32, String> = BTreeMap::new();
    for (row, cells) in rows.iter().filter(|(row, _)| levels.contains(row)) {
        for (column, found) in cells {
            let text = text(found);
            let place = merged.iter().find(|place| place.first_row == *row && place.first_column == *column);
            for covered in *column..=place.map_or(*column, |place| place.last_column) {
                let heading = headings.entry(covered).or_default();
                if !heading.is_empty() {
                    heading.push('_');
                }
                heading.push_str(&text);
            }
        }
    }
    headings
}

/// A heading on one line, with single blanks.
fn text(found: &Found) -> String {
    let text = number::cell(found.clone()).map(|cell| cell.text).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_value(found: &Found) -> bool {
    number::cell(found.clone()).is_ok_and(|cell| cell.kind != Kind::Untyped || infer::is_value(cell.text.trim()))
}
