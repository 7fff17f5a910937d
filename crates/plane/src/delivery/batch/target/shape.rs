//! What a table in a target looks like, and whether a load fits it, whichever database it is in. Every misfit has a code of
//! its own and names column and both types; it is found before the first row is taken from the source.

use super::{BatchCode, Fit, Halt, Load};
use crate::delivery::batch::{code::BatchProblem, fit::Room};
use shuqiao_vocabulary::ItemType;
use std::collections::BTreeSet;

/// A table as its database describes it.
pub(super) struct Shape<N> {
    pub(super) columns: Vec<Column<N>>,
    /// The column sets that are unique together.
    pub(super) keys: Vec<BTreeSet<String>>,
    /// What hangs on the table that replacing it would lose.
    pub(super) hangers: Vec<String>,
    /// An ordinary table: no view, nothing partitioned by inheritance, nothing foreign.
    pub(super) ordinary: bool,
    /// Whether the login may replace the table, as far as that hangs on who owns it.
    pub(super) owned: bool,
}

/// A column as its database describes it.
pub(super) struct Column<N> {
    pub(super) name: String,
    /// Its type, in the database's own terms.
    pub(super) native: N,
    pub(super) nullable: bool,
    /// Something stands in it when nothing is given.
    pub(super) filled_in: bool,
    /// It cannot be written.
    pub(super) generated: bool,
    /// Its type as people write it.
    pub(super) spelling: String,
}

/// A column's type in the terms of one kind of database.
pub(super) trait Native {
    /// What items of this type find room in; `None` when the column is not for them.
    fn room(&self, item_type: ItemType) -> Option<Room>;

    /// Whether the database takes both for the name of one column.
    fn same_name(one: &str, other: &str) -> bool;
}

impl<N: Native> Shape<N> {
    /// The column of this name.
    pub(super) fn column(&self, name: &str) -> Option<&Column<N>> {
        self.columns.iter().find(|column| N::same_name(&column.name, name))
    }

    /// What the load's columns find room in.
    ///
    /// # Errors
    /// The first misfit.
    pub(super) fn fits(&self, load: &Load) -> Result<Vec<Fit>, Halt> {
        let over = |problem| Err(Halt::Over(problem));
        let about = |code, column: &str| BatchProblem::new(code).with("column", column);
        if !self.ordinary {
            return over(BatchProblem::new(BatchCode::TargetKind));
        }
        let mut fits = Vec::with_capacity(load.columns.len());
        for (name, item_type) in &load.columns {
            let Some(column) = self.column(name) else {
                let missing = about(BatchCode::TargetColumnMissing, name);
                return over(missing.with("item_type", item_type.as_str()));
            };
            let room = column.native.room(*item_type).filter(|_| !column.generated).ok_or_else(|| {
                let misfit = about(BatchCode::TargetColumnType, name).with("item_type", item_type.as_str());
                Halt::Over(misfit.with("column_type", column.spelling.as_str()))
            })?;
            fits.push(Fit { room, nullable: column.nullable });
        }
        let delivered = |column: &&Column<N>| load.columns.iter().any(|(name, _)| N::same_name(name, &column.name));
        let optional = |column: &Column<N>| column.nullable || column.filled_in || column.generated;
        if let Some(column) = self.columns.iter().filter(|column| !delivered(column)).find(|column| !optional(column)) {
            return over(about(BatchCode::TargetColumnRequired, &column.name));
        }
        if load.full {
            if !self.owned {
                return over(BatchProblem::new(BatchCode::TargetNotPermitted));
            }
            if !self.hangers.is_empty() {
                return over(BatchProblem::new(BatchCode::TargetInUse).with("what", self.hangers.clone()));
            }
        } else {
            let name = |at: &usize| load.columns.get(*at).and_then(|(name, _)| self.column(name));
            let wanted: BTreeSet<String> = load.key.iter().filter_map(name).map(|column| column.name.clone()).collect();
            if !self.keys.contains(&wanted) {
                let columns: Vec<String> = wanted.into_iter().collect();
                return over(BatchProblem::new(BatchCode::TargetKeyMissing).with("columns", columns));
            }
        }
        Ok(fits)
    }
}
