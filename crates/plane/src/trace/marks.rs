//! Rows as marks: which columns of a delivery are taken, and what is kept of their cells.

use super::{
    canonical::{canonical, form_bits},
    chance::real,
    frame::{MARKS_MAX, Mark, MarkedColumn, MarkedRows, mark},
};
use crate::value::Value;
use shuqiao_crypto::fingerprint::FingerprintKey;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

/// Rows that one frame takes.
const ROWS_PER_FRAME: usize = 16_384;
/// Rows of the first page that columns are chosen by.
const ROWS_LOOKED_AT: usize = 1_000;
/// A column that can tell less than this is not taken.
const COLUMN_BITS_MIN: f64 = 1.0;

/// Marks the rows of one delivery, page by page. It holds no value of a page that is done.
pub(crate) struct Marker {
    key: Arc<FingerprintKey>,
    delivery: u64,
    columns: Option<Vec<usize>>,
}

impl Marker {
    /// A marker for the delivery with this number.
    pub(super) fn new(key: Arc<FingerprintKey>, delivery: u64) -> Self {
        Self { key, delivery, columns: None }
    }

    /// The frames of a page, one after the other. The first page with rows decides which columns are taken.
    pub(crate) fn page(&mut self, rows: &[Vec<Value>]) -> Vec<u8> {
        if rows.is_empty() {
            return Vec::new();
        }
        let columns = self.columns.get_or_insert_with(|| chosen(rows));
        if columns.is_empty() {
            return Vec::new();
        }
        rows.chunks(ROWS_PER_FRAME).flat_map(|rows| marked(&self.key, self.delivery, columns, rows)).collect()
    }
}

fn marked(key: &FingerprintKey, delivery: u64, columns: &[usize], rows: &[Vec<Value>]) -> Vec<u8> {
    let mut marks = Vec::with_capacity(rows.len() * columns.len());
    let mut written = Vec::new();
    for row in rows {
        marks.extend(columns.iter().map(|at| {
            written.clear();
            // Nothing written and nothing there are the same.
            let _ = row.get(*at).is_some_and(|value| value.write_to(&mut written));
            std::str::from_utf8(&written).ok().and_then(canonical).map_or(0, |value| mark(key, &value))
        }));
    }
    let column = |(slot, at): (usize, &usize)| MarkedColumn {
        place: u16::try_from(*at).unwrap_or(u16::MAX),
        equal_pairs: equal_pairs(marks.iter().skip(slot).step_by(columns.len()).copied().filter(|mark| *mark != 0)),
    };
    let columns = columns.iter().enumerate().map(column).collect();
    MarkedRows { delivery, columns, marks }.frame(key)
}

/// The places of the columns whose values tell rows apart best, in their order.
fn chosen(rows: &[Vec<Value>]) -> Vec<usize> {
    let rows = &rows[..rows.len().min(ROWS_LOOKED_AT)];
    let width = rows.first().map_or(0, Vec::len);
    let mut telling: Vec<(f64, usize)> = (0..width)
        .map(|at| {
            let (mut form, mut hashes) = (0.0, Vec::new());
            for written in rows.iter().filter_map(|row| row.get(at)?.written()) {
                let Some(cell) = canonical(&written) else { continue };
                form += f64::from(form_bits(&cell));
                let mut hasher = DefaultHasher::new();
                cell.hash(&mut hasher);
                hashes.push(hasher.finish());
            }
            let filled = hashes.len();
            let form = form / real(filled.max(1) as u64);
            let shown = seen_bits(filled as u64, equal_pairs(hashes)).unwrap_or(f64::INFINITY);
            // A column that is empty in most rows tells as much less of most of them.
            (form.min(shown) * real(filled as u64) / real(rows.len() as u64), at)
        })
        .filter(|(bits, _)| *bits >= COLUMN_BITS_MIN)
        .collect();
    telling.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    telling.truncate(MARKS_MAX);
    let mut places: Vec<usize> = telling.into_iter().map(|(_, at)| at).collect();
    places.sort_unstable();
    places
}

/// Pairs that are equal.
pub(super) fn equal_pairs(all: impl IntoIterator<Item = Mark>) -> u64 {
    let mut all: Vec<Mark> = all.into_iter().collect();
    all.sort_unstable();
    all.chunk_by(|a, b| a == b).map(|equal| equal.len() as u64).map(|count| count * (count - 1) / 2).sum()
}

/// What is seen of how much a column tells, in bits: minus the logarithm of the probability that two of its rows are
/// equal. `None` when no two are, for then it is only known to be much.
pub(super) fn seen_bits(rows: u64, equal_pairs: u64) -> Option<f64> {
    let pairs = real(rows) * (real(rows) - 1.0) / 2.0;
    (equal_pairs > 0 && pairs > 0.0).then(|| (pairs / real(equal_pairs)).log2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_that_tell_rows_apart_are_taken() {
        let row = |n: i64| {
            let mut row = vec![
                Value::Text("***".to_owned()),
                Value::Text(format!("5203021990010{n:05}")),
                Value::Text(if n % 2 == 0 { "男" } else { "女" }.to_owned()),
                Value::Null,
                Value::Text("贵州省遵义市红花岗区".to_owned()),
            ];
            row.extend((0..9).map(|at| Value::Integer(n * 1_000_003 + at)));
            row
        };
        let rows: Vec<_> = (0..500).map(row).collect();
        let places = chosen(&rows);
        assert_eq!(places.len(), MARKS_MAX);
        assert!(places.contains(&1) && places.iter().all(|at| *at == 1 || *at > 4), "{places:?}");
        // Of a single row nothing is seen but its form.
        assert_eq!(chosen(&[row(7)[..5].to_vec()]), [1, 2, 4]);
        assert!(chosen(&[vec![Value::Null]]).is_empty());
    }

    #[test]
    fn equal_pairs_are_counted() {
        assert_eq!(equal_pairs([1, 2, 1, 3, 1, 3]), 4);
        assert_eq!(seen_bits(1_000, 0), None);
        // Two values, half and half: about one bit.
        let bits = seen_bits(1_000, equal_pairs((0..1_000).map(|n| n % 2))).unwrap();
        assert!((bits - 1.0).abs() < 0.01, "{bits}");
    }
}
