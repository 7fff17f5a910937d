//! A file that has turned up, read with the readers of sources, as marks.

use super::{
    canonical::{canonical, form_bits},
    frame::{MARK_BITS, Mark, mark},
    marks::{equal_pairs, seen_bits},
};
use crate::source::{
    SourceError, SourceSettings,
    tabular::{Form, Row},
};
use shuqiao_crypto::fingerprint::FingerprintKey;
use std::{collections::HashSet, path::Path};

/// Rows of a file that are compared; of a larger file as many, evenly spaced.
pub(super) const ROWS_MAX: u64 = 100_000;
/// Columns of a table that are compared: those that tell most.
const COLUMNS_MAX: usize = 16;

/// One cell of a leaked row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LeakedCell {
    pub(super) mark: Mark,
    /// Bits it can tell at most, by its form and by how often the column repeats itself in the file.
    pub(super) bits: f32,
}

/// A file as it is compared.
#[derive(Debug, Default)]
pub(super) struct Leak {
    /// Rows that differ, of those compared, each the cells that hold something.
    pub(super) rows: Vec<Vec<LeakedCell>>,
    /// Rows in the file.
    pub(super) rows_in_file: u64,
}

impl Leak {
    /// Reads a file; its name's ending says what it is.
    ///
    /// # Errors
    /// What is wrong with it, by place.
    pub(super) fn read(path: &Path, key: &FingerprintKey) -> Result<Self, SourceError> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        let form = match ending.as_str() {
            "xlsx" | "xls" | "xlsm" => Form::Workbook,
            "parquet" => Form::Parquet,
            "json" | "jsonl" | "ndjson" => Form::JsonLines,
            _ => Form::Csv,
        };
        let mut settings = SourceSettings::under(path);
        // What is asked for by hand and once may take what the machine has.
        settings.csv_bytes_max = u64::MAX;
        if std::fs::metadata(path).is_ok_and(|file| file.len() > form.bytes_max(&settings)) {
            let found = std::fs::metadata(path).map_or(0, |file| file.len());
            return Err(SourceError::FileTooLarge { found, limit: form.bytes_max(&settings) });
        }
        let file = form.read(path, &settings)?;
        let tables = 0..file.tables().len();
        let mut rows_in_file = 0_u64;
        for table in tables.clone() {
            file.each_row(table, &mut |_| {
                rows_in_file += 1;
                Ok(())
            })?;
        }
        let step = rows_in_file.div_ceil(ROWS_MAX).max(1);
        let (mut leak, mut at) = (Self { rows_in_file, ..Self::default() }, 0_u64);
        for table in tables {
            let mut marked = Vec::new();
            file.each_row(table, &mut |row| {
                if at % step == 0 {
                    marked.push(cells(key, &row));
                }
                at += 1;
                Ok(())
            })?;
            leak.add_table(marked);
        }
        Ok(leak)
    }

    /// Takes the rows of one table, each as wide as the table.
    pub(super) fn add_table(&mut self, table: Vec<Vec<Option<LeakedCell>>>) {
        let width = table.iter().map(Vec::len).max().unwrap_or(0);
        let mut columns: Vec<(f32, usize)> = (0..width)
            .map(|at| {
                let cells = || table.iter().filter_map(move |row| row.get(at).copied().flatten());
                let filled = cells().count();
                #[expect(clippy::cast_precision_loss, reason = "a mean over at most 100,000 rows")]
                let form = cells().map(|cell| cell.bits).sum::<f32>() / filled.max(1) as f32;
                (form.min(column_bits(filled as u64, equal_pairs(cells().map(|cell| cell.mark)))), at)
            })
            .collect();
        columns.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        columns.truncate(COLUMNS_MAX);
        // The same row twice is no second witness.
        let mut known: HashSet<Vec<Mark>> = HashSet::new();
        for row in &table {
            let cell = |(most, at): &(f32, usize)| {
                let cell = row.get(*at).copied().flatten()?;
                Some(LeakedCell { bits: cell.bits.min(*most), ..cell })
            };
            let cells: Vec<LeakedCell> = columns.iter().filter_map(cell).collect();
            if !cells.is_empty() && known.insert(cells.iter().map(|cell| cell.mark).collect()) {
                self.rows.push(cells);
            }
        }
    }
}

/// What a column of so many filled rows can tell, as far as it is seen.
#[expect(clippy::cast_possible_truncation, reason = "bits of a value are few")]
pub(super) fn column_bits(rows: u64, equal_pairs: u64) -> f32 {
    seen_bits(rows, equal_pairs).map_or(f32::INFINITY, |bits| bits as f32)
}

#[expect(clippy::cast_precision_loss, reason = "bits of a mark are few")]
fn cells(key: &FingerprintKey, row: &Row) -> Vec<Option<LeakedCell>> {
    let cell = |text: &str| {
        let value = canonical(text)?;
        Some(LeakedCell { mark: mark(key, &value), bits: form_bits(&value).min(MARK_BITS as f32) })
    };
    row.iter().map(|found| cell(&found.as_ref()?.text)).collect()
}
