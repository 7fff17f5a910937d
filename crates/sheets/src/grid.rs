//! A sheet as it was read: cells by row and column, and what is remarkable about it.

use crate::{cell::Cell, limits::ROWS_MAX};
use std::collections::{BTreeMap, BTreeSet};

/// A sheet. Rows are counted from 1, as a spreadsheet shows them; columns from 0.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    /// Its name.
    pub(crate) name: String,
    /// Cells that hold something.
    pub(crate) rows: BTreeMap<u32, BTreeMap<u32, Cell>>,
    /// Rows that a person does not see.
    pub(crate) hidden: BTreeSet<u32>,
    /// Cells that are one: first row and column, last row and column.
    pub(crate) merged: Vec<Merged>,
    /// Cells whose value is the cached result of a formula.
    pub(crate) formulas: u32,
}

/// Cells that a person sees as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Merged {
    /// First row and column.
    pub(crate) first: (u32, u32),
    /// Last row and column.
    pub(crate) last: (u32, u32),
}

impl Grid {
    /// The cell, when it holds something.
    pub(crate) fn cell(&self, row: u32, column: u32) -> Option<&Cell> {
        self.rows.get(&row)?.get(&column)
    }

    /// The last row that holds something.
    pub(crate) fn last_row(&self) -> u32 {
        self.rows.keys().next_back().copied().unwrap_or(0)
    }

    /// Gives each row of a cell that was merged over rows the cell's value: that is what its author sees. Only below
    /// this row, so that titles stay titles. Answers how many were spread.
    pub(crate) fn spread_merged(&mut self, below: u32) -> u32 {
        let mut spread = 0;
        for Merged { first: (first_row, column), last: (last_row, _) } in self.merged.clone() {
            let down = first_row > below && last_row > first_row && last_row <= ROWS_MAX;
            let Some(cell) = self.cell(first_row, column).filter(|_| down).cloned() else { continue };
            for row in first_row + 1..=last_row {
                self.rows.entry(row).or_default().insert(column, cell.clone());
            }
            spread += 1;
        }
        spread
    }
}

/// The letters of a column, `A` for 0.
pub(crate) fn letters(column: u32) -> String {
    let mut rest = column;
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => break,
        }
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), expected);
        }
    }

    #[test]
    fn what_was_merged_over_rows_stands_in_each() {
        let mut grid = Grid::default();
        grid.rows.entry(1).or_default().insert(0, Cell::Text("title".into()));
        grid.rows.entry(3).or_default().insert(0, Cell::Text("name".into()));
        grid.merged = vec![
            Merged { first: (1, 0), last: (2, 3) },
            Merged { first: (3, 0), last: (5, 0) },
            Merged { first: (3, 1), last: (9, 1) },
        ];
        assert_eq!(grid.spread_merged(2), 1);
        assert_eq!(grid.cell(5, 0), Some(&Cell::Text("name".into())));
        assert_eq!((grid.cell(2, 0), grid.cell(6, 0), grid.cell(4, 1)), (None, None, None));
    }
}
