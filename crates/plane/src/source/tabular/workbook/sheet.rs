//! One sheet as a table: its columns, and its rows with merged cells filled.
//!
//! A cell merged downwards holds for each of its rows. A row that is one cell merged across the whole table is a heading
//! between rows, and no row. What stands beside or below the table is part of it: nothing is left out unseen.

use super::{
    Cells, Found,
    head::{self, Head},
    number,
};
use crate::source::{
    BadCell, SourceError,
    tabular::{
        Cell, Column, Row,
        infer::{self, Possible},
    },
};
use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

/// A merged place: rows from 1, columns from 0, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) first_row: u32,
    pub(super) last_row: u32,
    pub(super) first_column: u32,
    pub(super) last_column: u32,
}

/// How a sheet is to be read.
pub(super) struct Layout {
    name: String,
    first_row: u32,
    merged: HashMap<(u32, u32), Merged>,
    /// The sheet's columns that are columns of the table, in order, from 0.
    places: Vec<u32>,
    pub(super) columns: Vec<Column>,
}

/// A layout in the making: rows go in, one by one.
pub(super) struct Finding {
    name: String,
    merged: Vec<Merged>,
    /// The first rows, until the header is found among them.
    first: Vec<(u32, Cells)>,
    head: Option<(Head, Filler)>,
    possible: BTreeMap<u32, Possible>,
}

impl Finding {
    pub(super) fn new(name: &str, merged: Vec<Merged>) -> Self {
        Self { name: name.to_owned(), merged, first: Vec::new(), head: None, possible: BTreeMap::new() }
    }

    pub(super) fn look_at(&mut self, row: u32, cells: Cells) -> Result<(), SourceError> {
        if self.head.is_some() {
            return self.look_below(row, cells);
        }
        self.first.push((row, cells));
        if self.first.len() == head::ROWS_MAX { self.begin() } else { Ok(()) }
    }

    /// The layout; `None` of a sheet that holds nothing.
    pub(super) fn finish(mut self) -> Result<Option<Layout>, SourceError> {
        if self.head.is_none() {
            if self.first.is_empty() {
                return Ok(None);
            }
            self.begin()?;
        }
        let Some((head, _)) = self.head else { return Err(SourceError::Failed) };
        let mut places: Vec<u32> = head.headings.keys().chain(self.possible.keys()).copied().collect();
        places.sort_unstable();
        places.dedup();
        infer::not_too_wide(&self.name, places.len())?;
        let headings = places.iter().map(|place| head.headings.get(place).map_or("", String::as_str));
        let too_long = || bad(&self.name, head.first_row.saturating_sub(1), 0, BadCell::TooLong);
        let names = infer::names(headings).ok_or_else(too_long)?;
        let none = Possible::default();
        let columns = names.into_iter().zip(&places).map(|(name, place)| Column {
            item_type: self.possible.get(place).unwrap_or(&none).item_type(&name),
            name,
        });
        let columns = columns.collect();
        let merged = by_place(&self.merged);
        Ok(Some(Layout { first_row: head.first_row, merged, places, columns, name: self.name }))
    }

    /// The header is found, and the rows below it that were kept are looked at.
    fn begin(&mut self) -> Result<(), SourceError> {
        let head = Head::of(&self.first, &self.merged);
        self.head = Some((head, Filler::new(by_place(&self.merged))));
        std::mem::take(&mut self.first).into_iter().try_for_each(|(row, cells)| self.look_below(row, cells))
    }

    fn look_below(&mut self, row: u32, cells: Cells) -> Result<(), SourceError> {
        let Some((head, filler)) = &mut self.head else { return Err(SourceError::Failed) };
        if row < head.first_row || filler.is_heading(row, &cells, head.headings.len()) {
            return Ok(());
        }
        for (column, found) in filler.fill(row, cells) {
            let cell = number::cell(found).map_err(|what| bad(&self.name, row, column, what))?;
            self.possible.entry(column).or_default().look_at(&cell);
        }
        Ok(())
    }
}

impl Layout {
    /// What makes rows of a sheet's cells.
    pub(super) fn rows(&self) -> Rows<'_> {
        Rows { layout: self, filler: Filler::new(self.merged.clone()) }
    }
}

/// Makes rows of cells, in the order of the sheet.
pub(super) struct Rows<'a> {
    layout: &'a Layout,
    filler: Filler,
}

impl Rows<'_> {
    /// The row; `None` above the table, and of a heading between rows.
    pub(super) fn row(&mut self, row: u32, cells: Cells) -> Result<Option<Row>, SourceError> {
        let layout = self.layout;
        if row < layout.first_row || self.filler.is_heading(row, &cells, layout.columns.len()) {
            return Ok(None);
        }
        let mut made: Row = vec![None; layout.columns.len()];
        for (column, found) in self.filler.fill(row, cells) {
            let place = layout.places.binary_search(&column).map_err(|_| SourceError::Failed)?;
            let cell: Cell = number::cell(found).map_err(|what| bad(&layout.name, row, column, what))?;
            made[place] = Some(cell);
        }
        Ok(Some(made))
    }
}

/// Carries cells that are merged downwards into the rows they cover.
struct Filler {
    merged: HashMap<(u32, u32), Merged>,
    carried: Vec<(Merged, Found)>,
}

impl Filler {
    fn new(merged: HashMap<(u32, u32), Merged>) -> Self {
        Self { merged, carried: Vec::new() }
    }

    fn is_heading(&self, row: u32, cells: &Cells, width: usize) -> bool {
        let [(column, _)] = cells.as_slice() else { return false };
        let place = self.merged.get(&(row, *column));
        width > 1 && place.is_some_and(|place| (place.last_column - place.first_column) as usize + 1 >= width)
    }

    fn fill(&mut self, row: u32, mut cells: Cells) -> Cells {
        self.carried.retain(|(place, _)| place.last_row >= row);
        let own = cells.len();
        for (place, found) in &self.carried {
            if !cells[..own].iter().any(|(column, _)| *column == place.first_column) {
                cells.push((place.first_column, found.clone()));
            }
        }
        for (column, found) in &cells[..own] {
            if let Some(place) = self.merged.get(&(row, *column)).filter(|place| place.last_row > row) {
                self.carried.push((*place, found.clone()));
            }
        }
        cells
    }
}

fn by_place(merged: &[Merged]) -> HashMap<(u32, u32), Merged> {
    merged.iter().map(|place| ((place.first_row, place.first_column), *place)).collect()
}

fn bad(table: &str, row: u32, column: u32, what: BadCell) -> SourceError {
    SourceError::BadCell { table: table.to_owned(), row: u64::from(row), column: letters(column), what }
}

/// A column as a spreadsheet calls it: `A`, `Z`, `AA`.
fn letters(column: u32) -> String {
    let (mut rest, mut letters) = (column + 1, Vec::new());
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// Whether a compound file is a new workbook under a password: it then holds this stream and no workbook.
pub(super) fn is_protected_archive(path: &Path) -> Result<bool, SourceError> {
    let bytes = fs::read(path).map_err(|_| SourceError::Unreachable)?;
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    Ok(bytes.windows(name.len()).any(|window| window == name))
}
