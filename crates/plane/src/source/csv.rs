//! CSV files: one table, read as a stream, with its encoding found and decoded strictly.

use super::{
    SourceError,
    tabular::{FileTable, Row, TabularFile},
};
use std::path::{Path, PathBuf};

mod encoding;
mod infer;
mod text;

use infer::Layout;

/// A CSV file whose encoding, delimiter, header and types were found.
pub(crate) struct CsvFile {
    path: PathBuf,
    layout: Layout,
    table: [FileTable; 1],
}

impl CsvFile {
    /// Reads the whole file and finds out.
    ///
    /// # Errors
    /// What is wrong, by line; an encoding that is not read.
    pub(crate) fn of(path: &Path) -> Result<Self, SourceError> {
        let layout = Layout::of(path)?;
        let table = [FileTable { name: None, columns: layout.columns.clone() }];
        Ok(Self { path: path.to_owned(), layout, table })
    }
}

impl TabularFile for CsvFile {
    fn tables(&self) -> &[FileTable] {
        &self.table
    }

    fn encoding(&self) -> Option<&'static str> {
        Some(self.layout.encoding)
    }

    fn each_row(&self, _table: usize, take: &mut dyn FnMut(Row) -> Result<(), SourceError>) -> Result<(), SourceError> {
        self.layout.each_row(&self.path, take)
    }
}
