//! Tables as an engine reads them: whole, or cut down by conditions, page by page, each page one statement.
//!
//! This is no way to a caller: an engine sits behind a view, and what a view yields passes the enforcement point like
//! the rows of any table.

use super::{
    ColumnStructure, Location, OpenSource, ScanRequest, SourceError, Sources, TablePlan, TypedCondition, TypedTest,
};
use crate::value::Value;
use std::sync::Arc;

/// Rows of one page, while they weigh no more than one answer may; wide rows come in smaller pages.
const PAGE_ROWS: u32 = 16_384;

/// A table of a source, as it is structured now.
#[derive(Clone)]
pub struct InputTable {
    source: Arc<OpenSource>,
    plan: Arc<TablePlan>,
    columns: Vec<ColumnStructure>,
    rows_estimate: Option<u64>,
}

impl Sources {
    /// Opens a table for an engine. What can be asked of it counts its columns as [`InputTable::columns`] does.
    ///
    /// # Errors
    /// What is wrong with the source, or `Changed` when it has no such table.
    pub async fn input(&self, location: &Location, table: &str) -> Result<InputTable, SourceError> {
        if matches!(location, Location::View(_)) {
            return Err(SourceError::NotAllowed);
        }
        let source = self.open(location)?;
        let described = source.current().await?;
        let changed = || SourceError::Changed { what: table.to_owned() };
        let structure = described.structure.table(table).ok_or_else(changed)?.clone();
        let wanted: Vec<_> = structure.columns.iter().map(|c| (c.name.clone(), c.item_type)).collect();
        let plan = Arc::new(TablePlan::of(&described, table, &wanted, &structure.key)?);
        Ok(InputTable { source, plan, columns: structure.columns, rows_estimate: structure.rows_estimate })
    }
}

impl InputTable {
    /// Its columns, in order.
    pub fn columns(&self) -> &[ColumnStructure] {
        &self.columns
    }

    /// About how many rows it has.
    pub fn rows_estimate(&self) -> Option<u64> {
        self.rows_estimate
    }

    /// A scan of these columns, in this order, of the rows for which all conditions hold: positions of columns, and
    /// what must hold of each. `limit` is the number of rows at most.
    pub fn scan(&self, columns: &[usize], conditions: Vec<(usize, TypedTest)>, limit: Option<u64>) -> InputScan {
        let mut fetched = columns.to_vec();
        for key in &self.plan.key {
            if !fetched.contains(key) {
                fetched.push(*key);
            }
        }
        InputScan {
            input: self.clone(),
            wanted: columns.len(),
            key: self.plan.key.iter().filter_map(|key| fetched.iter().position(|at| at == key)).collect(),
            fetched,
            conditions: conditions.into_iter().map(|(column, test)| TypedCondition { column, test }).collect(),
            left: limit.unwrap_or(u64::MAX),
            page_rows: PAGE_ROWS,
            after: None,
            ended: false,
        }
    }
}

/// A scan under way. Between two pages nothing is held in the source: rows that are written meanwhile may be seen or
/// not, but none is seen twice and none that stays is left out.
pub struct InputScan {
    input: InputTable,
    wanted: usize,
    fetched: Vec<usize>,
    key: Vec<usize>,
    conditions: Vec<TypedCondition>,
    left: u64,
    page_rows: u32,
    after: Option<Vec<Value>>,
    ended: bool,
}

impl InputScan {
    /// The next page; `None` after the last.
    ///
    /// # Errors
    /// What is wrong with the source. `TooLarge` for a table without a key that weighs more than one answer may.
    pub async fn next_page(&mut self) -> Result<Option<Vec<Vec<Value>>>, SourceError> {
        if self.ended || self.left == 0 {
            return Ok(None);
        }
        // Without a key there is nothing to go on by: one page has to hold the table.
        let most = if self.key.is_empty() { u32::MAX } else { self.page_rows };
        let limit = u32::try_from(self.left).unwrap_or(u32::MAX).min(most);
        let request = ScanRequest {
            plan: &self.input.plan,
            columns: &self.fetched,
            conditions: &self.conditions,
            after: self.after.as_deref(),
            limit,
            // An engine works for one call in a process of its own: there is nobody to share with.
            whose: None,
        };
        let mut rows = match self.input.source.scan(&request).await {
            Err(SourceError::TooLarge) if !self.key.is_empty() && limit > 1 => {
                self.page_rows = limit / 8 + 1;
                return Box::pin(self.next_page()).await;
            }
            answered => answered?,
        };
        // Rows whose key is empty would be passed over by the next page.
        if rows.iter().any(|row| self.key.iter().any(|at| row[*at].is_null())) {
            return Err(SourceError::KeyNotUnique);
        }
        self.left -= (rows.len() as u64).min(self.left);
        self.ended = self.key.is_empty() || rows.len() < limit as usize;
        self.after = rows.last().map(|row| self.key.iter().map(|at| row[*at].clone()).collect());
        for row in &mut rows {
            row.truncate(self.wanted);
        }
        Ok(if rows.is_empty() { None } else { Some(rows) })
    }
}
