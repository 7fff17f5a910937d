//! Where the heads of the columns are, and which column of the form each is.

use crate::{
    cell::{Cell, trimmed},
    fault::{Fault, SheetFault},
    grid::Grid,
    limits::HEAD_ROWS_MAX,
    name::normalised,
    profile::{Column, Field, SheetForm},
};

/// The head of a sheet.
#[derive(Debug)]
pub(crate) struct Head {
    /// The row below which the data begins.
    pub(crate) row: u32,
    /// The columns that the form knows, in the order of the sheet.
    pub(crate) columns: Vec<Placed>,
    /// Heads that the form does not know, by column.
    pub(crate) unknown: Vec<(u32, String)>,
}

/// A column of the form, where it is in the sheet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    /// The sheet's column.
    pub(crate) at: u32,
    /// What the form says of it.
    pub(crate) column: &'static Column,
    /// Whether the file marks it with a star.
    pub(crate) starred: bool,
}

impl Placed {
    /// Whether it must be filled.
    pub(crate) const fn is_required(&self) -> bool {
        self.column.required || self.starred
    }
}

impl Head {
    /// The head of a sheet: the row near the top in which most heads of the form are found. A head may also stand one or
    /// two rows higher, where it was merged over them.
    pub(crate) fn find(grid: &Grid, form: &'static SheetForm) -> Result<Self, Fault> {
        let mut best: Option<Self> = None;
        for row in 1..=HEAD_ROWS_MAX.min(grid.last_row()) {
            let found = Self::at(grid, form, row);
            if best.as_ref().is_none_or(|best| found.columns.len() > best.columns.len()) {
                best = Some(found);
            }
        }
        let best = best.unwrap_or(Self { row: 0, columns: Vec::new(), unknown: Vec::new() });
        match form.columns.iter().find(|column| column.marks && !best.has(column.field)) {
            None => Ok(best),
            Some(missing) => Err(Fault::new(SheetFault::HeadMissing)
                .with("sheet", &grid.name)
                .with("head", missing.heads.first().copied().unwrap_or_default().trim_start_matches('*'))),
        }
    }

    fn at(grid: &Grid, form: &'static SheetForm, row: u32) -> Self {
        let mut head = Self { row, columns: Vec::new(), unknown: Vec::new() };
        let rows = (row.saturating_sub(2)..=row).rev();
        let last = rows.clone().filter_map(|r| grid.rows.get(&r)?.keys().next_back().copied()).max().unwrap_or(0);
        for at in 0..=last {
            let Some((text, own)) = rows.clone().find_map(|r| Some((grid.cell(r, at).map(Cell::text)?, r == row)))
            else {
                continue;
            };
            let wanted = normalised(&text);
            let known = form.columns.iter().find(|column| {
                column.heads.iter().any(|head| normalised(head) == wanted)
                    && !head.columns.iter().any(|placed| std::ptr::eq(placed.column, *column))
            });
            match known {
                Some(column) => {
                    head.columns.push(Placed { at, column, starred: trimmed(&text).starts_with(['*', '＊']) });
                }
                None if own => head.unknown.push((at, text)),
                None => {}
            }
        }
        head
    }

    /// Whether the sheet has a column for this.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|placed| placed.column.field == field)
    }

    /// The columns that hold this, in the order of the sheet.
    pub(crate) fn of(&self, field: Field) -> impl Iterator<Item = &Placed> {
        self.columns.iter().filter(move |placed| placed.column.field == field)
    }
}
