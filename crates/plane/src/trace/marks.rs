//! Rows as marks: which columns of a delivery are taken, and what is kept of their cells.

use super::{
    canonical::{canonical, form_bits},
    chance::real,
    frame::{MARKS_MAX, Mark, MarkedColumn, MarkedRows, NOTHING, mark},
};
use crate::value::Value;
use shuqiao_crypto::fingerprint::FingerprintKey;
use std::{borrow::Cow, sync::Arc};

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
        let (looked_at, rest) = match &self.columns {
            Some(_) => rows.split_at(0),
            None => rows.split_at(rows.len().min(ROWS_LOOKED_AT)),
        };
        let mut frames = Vec::new();
        if !looked_at.is_empty() {
            // What the columns are chosen by is kept: most deliveries are one short page.
            let seen: Vec<SeenColumn> = (0..looked_at[0].len()).map(|at| self.seen(looked_at, at)).collect();
            let columns = self.columns.insert(chosen(&seen, looked_at.len()));
            let taken: Vec<&SeenColumn> = columns.iter().filter_map(|at| seen.get(*at)).collect();
            let marks = (0..looked_at.len()).flat_map(|row| taken.iter().map(move |column| column.marks[row]));
            frames = self.frame(marks.collect());
        }
        for rows in rest.chunks(ROWS_PER_FRAME) {
            let columns = self.columns.as_deref().unwrap_or_default();
            let mut written = Vec::new();
            let mut marks = Vec::with_capacity(rows.len() * columns.len());
            for row in rows {
                marks.extend(
                    columns.iter().map(|at| self.mark(row.get(*at), &mut written).map_or(NOTHING, |(mark, _)| mark)),
                );
            }
            frames.extend(self.frame(marks));
        }
        frames
    }

    /// The frame of rows of marks; nothing when no column is taken.
    fn frame(&self, marks: Vec<Mark>) -> Vec<u8> {
        let places = self.columns.as_deref().unwrap_or_default();
        if places.is_empty() {
            return Vec::new();
        }
        let column = |(slot, at): (usize, &usize)| MarkedColumn {
            place: u16::try_from(*at).unwrap_or(u16::MAX),
            equal_pairs: equal_pairs(marks.iter().skip(slot).step_by(places.len()).copied()),
        };
        let columns = places.iter().enumerate().map(column).collect();
        MarkedRows { delivery: self.delivery, columns, marks }.frame(&self.key)
    }

    fn seen(&self, rows: &[Vec<Value>], at: usize) -> SeenColumn {
        let (mut written, mut bits) = (Vec::new(), 0.0);
        let mut mark = |row: &Vec<Value>| {
            let (mark, canonical) = self.mark(row.get(at), &mut written)?;
            bits += f64::from(form_bits(&canonical));
            Some(mark)
        };
        let marks = rows.iter().map(|row| mark(row).unwrap_or(NOTHING)).collect();
        SeenColumn { marks, bits }
    }

    /// The mark of a value and its canonical form; `None` where nothing is written or there.
    fn mark<'w>(&self, value: Option<&Value>, written: &'w mut Vec<u8>) -> Option<(Mark, Cow<'w, str>)> {
        written.clear();
        let _is_something = value.is_some_and(|value| value.write_to(written));
        let canonical = canonical(std::str::from_utf8(written).ok()?)?;
        Some((mark(&self.key, &canonical), canonical))
    }
}

/// A column of the rows that columns are chosen by.
struct SeenColumn {
    marks: Vec<Mark>,
    /// Sum over its cells of what their form can tell.
    bits: f64,
}

/// The places of the columns whose values tell rows apart best, in their order.
fn chosen(columns: &[SeenColumn], rows: usize) -> Vec<usize> {
    let told = |(at, column): (usize, &SeenColumn)| {
        let filled = column.marks.iter().filter(|mark| **mark != NOTHING).count() as u64;
        let form = column.bits / real(filled.max(1));
        let shown = seen_bits(filled, equal_pairs(column.marks.iter().copied())).unwrap_or(f64::INFINITY);
        // A column that is empty in most rows tells as much less of most of them.
        (form.min(shown) * real(filled) / real(rows as u64), at)
    };
    let mut telling: Vec<(f64, usize)> = columns.iter().enumerate().map(told).collect();
    telling.retain(|(bits, _)| *bits >= COLUMN_BITS_MIN);
    telling.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    telling.truncate(MARKS_MAX);
    let mut places: Vec<usize> = telling.into_iter().map(|(_, at)| at).collect();
    places.sort_unstable();
    places
}

/// Pairs that are equal; cells where nothing is make none.
pub(super) fn equal_pairs(all: impl IntoIterator<Item = Mark>) -> u64 {
    let mut all: Vec<Mark> = all.into_iter().filter(|mark| *mark != NOTHING).collect();
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
    use super::{
        super::frame::{Frame, read},
        *,
    };

    fn marker() -> Marker {
        Marker::new(Arc::new(FingerprintKey::derive(&[1; 32])), 9)
    }

    fn chosen_of(rows: &[Vec<Value>]) -> Vec<usize> {
        let mut marker = marker();
        let _frames = marker.page(rows);
        marker.columns.unwrap()
    }

    /// The rows that columns are chosen by are marked as all others are.
    #[test]
    fn a_row_has_the_same_marks_wherever_in_a_page_it_stands() {
        let key = FingerprintKey::derive(&[1; 32]);
        let row = |n: usize| {
            vec![Value::Text(format!("52030219900101{n:04}")), Value::Null, Value::Integer(n as i64 * 7_919)]
        };
        let rows: Vec<_> = (0..ROWS_LOOKED_AT + 9).map(|n| row(n % 1_005)).collect();
        let frames = marker().page(&rows);
        let (mut file, mut marks) = (frames.as_slice(), Vec::new());
        while let Some(Frame::Rows(found)) = read(&mut file, &key).unwrap() {
            assert_eq!((found.delivery, found.columns.len()), (9, 2));
            marks.extend(found.rows().map(<[Mark]>::to_vec));
        }
        assert_eq!(marks.len(), rows.len());
        assert_eq!(marks[..4], marks[1_005..], "the last four are the first four again");
        assert_ne!(marks[0], marks[1]);
    }

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
        let places = chosen_of(&rows);
        assert_eq!(places.len(), MARKS_MAX);
        assert!(places.contains(&1) && places.iter().all(|at| *at == 1 || *at > 4), "{places:?}");
        // Of a single row nothing is seen but its form.
        assert_eq!(chosen_of(&[row(7)[..5].to_vec()]), [1, 2, 4]);
        assert!(chosen_of(&[vec![Value::Null]]).is_empty());
    }

    #[test]
    fn equal_pairs_are_counted() {
        assert_eq!(equal_pairs([1, 2, 1, 3, 1, 3]), 4);
        assert_eq!(seen_bits(1_000, 0), None);
        // Two values, half and half: about one bit.
        let bits = seen_bits(1_000, equal_pairs((0..1_000).map(|n| n % 2 + 1))).unwrap();
        assert!((bits - 1.0).abs() < 0.01, "{bits}");
    }
}
