//! Rows on their way into MySQL and back: how many a statement takes, how cells are bound, and how the server's text of a
//! cell becomes the written form in which rows are counted.

use crate::{delivery::batch::fit::plain, value::Value};
use shuqiao_vocabulary::ItemType;
use sqlx::{MySql, mysql::MySqlArguments, query::Query};
use std::{borrow::Cow, ops::Range};

/// Values of one statement; the protocol counts them in 16 bits.
const VALUES_MAX: usize = 65_535;
/// Rows of one statement. More bring nothing; as many each time keep the statement prepared.
const ROWS_MAX: usize = 500;
/// Bytes of one statement of many rows, where the server would take more.
const BYTES_MAX: usize = 4 * 1024 * 1024;
/// What a statement takes beside its rows.
const BYTES_BESIDE: usize = 1_024;

/// What one statement may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packet {
    rows: usize,
    /// Of one row at most, or it is not sent.
    bytes_of_row: usize,
    /// Of several rows.
    bytes: usize,
}

impl Packet {
    /// For rows of so many cells, to a server that takes packets of so many bytes.
    pub(super) fn of(cells: usize, packet_bytes_max: usize) -> Self {
        let bytes_of_row = packet_bytes_max.saturating_sub(BYTES_BESIDE);
        Self { rows: ROWS_MAX.min(VALUES_MAX / cells.max(1)).max(1), bytes_of_row, bytes: bytes_of_row.min(BYTES_MAX) }
    }

    /// Whether the row fits into a statement at all.
    pub(super) fn takes(&self, row: &[Value]) -> bool {
        weight(row) <= self.bytes_of_row
    }

    /// The rows from here on that go into one statement: one at least.
    pub(super) fn filled(&self, rows: &[Vec<Value>], from: usize) -> Range<usize> {
        let (mut bytes, mut end) = (0, from);
        for row in rows.iter().skip(from).take(self.rows) {
            bytes += weight(row);
            if bytes > self.bytes && end > from {
                break;
            }
            end += 1;
        }
        from..end
    }

    /// Whether so many rows are as many as there usually are: then the statement will be needed again.
    pub(super) fn is_usual(&self, rows: usize) -> bool {
        rows == self.rows
    }
}

/// Bytes of a row on the wire and in the statement's text, or more.
fn weight(row: &[Value]) -> usize {
    row.iter().map(Value::weight).sum()
}

/// `(?,?),(?,?)` for so many rows of so many cells.
pub(super) fn places(rows: usize, cells: usize) -> String {
    let row = format!("({})", vec!["?"; cells].join(","));
    vec![row; rows].join(",")
}

/// Binds a cell. Dates and exact numbers go as text, which the server reads exactly.
pub(super) fn bind<'q>(query: Query<'q, MySql, MySqlArguments>, value: &'q Value) -> Query<'q, MySql, MySqlArguments> {
    match value {
        Value::Null => query.bind(None::<&str>),
        Value::Text(text) | Value::Decimal(text) => query.bind(text.as_str()),
        Value::Integer(number) => query.bind(*number),
        Value::Boolean(yes) => query.bind(i64::from(*yes)),
        Value::Date(date) => query.bind(date.to_string()),
        Value::DateTime(_) => {
            let written = value.written().unwrap_or_default();
            query.bind(written.trim_end_matches('Z').replacen('T', " ", 1))
        }
    }
}

/// The written form of what the server says of a cell of this type.
pub(super) fn written(cell: &[u8], item_type: ItemType) -> Cow<'_, [u8]> {
    let Ok(text) = std::str::from_utf8(cell) else { return cell.into() };
    match (item_type, text) {
        (ItemType::Decimal, _) => plain(text).into_bytes().into(),
        (ItemType::Boolean, "0") => b"false".into(),
        (ItemType::Boolean, "1") => b"true".into(),
        // All six digits of a second are there, whether they say anything or not.
        (ItemType::DateTime, _) => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            let (whole, fraction) = (whole.replacen(' ', "T", 1), fraction.trim_end_matches('0'));
            let point = if fraction.is_empty() { "" } else { "." };
            format!("{whole}{point}{fraction}Z").into_bytes().into()
        }
        (ItemType::Text | ItemType::Integer | ItemType::Date | ItemType::Boolean, _) => cell.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_written_as_they_were_sent() {
        let cases = [
            (ItemType::Text, " a\0 ", " a\0 "),
            (ItemType::Integer, "-7", "-7"),
            (ItemType::Decimal, "-1.500000000000000000000000000000", "-1.5"),
            (ItemType::Decimal, "100.000", "100"),
            (ItemType::Date, "0001-01-01", "0001-01-01"),
            (ItemType::DateTime, "2020-01-01 00:00:00.000000", "2020-01-01T00:00:00Z"),
            (ItemType::DateTime, "2020-10-10 10:10:10.100000", "2020-10-10T10:10:10.1Z"),
            (ItemType::DateTime, "2020-01-01 00:00:20.000010", "2020-01-01T00:00:20.00001Z"),
            (ItemType::Boolean, "1", "true"),
            (ItemType::Boolean, "0", "false"),
            (ItemType::Boolean, "2", "2"),
        ];
        for (item_type, cell, expected) in cases {
            assert_eq!(written(cell.as_bytes(), item_type), expected.as_bytes(), "{item_type:?} {cell}");
        }
    }

    #[test]
    fn statements_hold_what_the_server_takes() {
        let row = |bytes: usize| vec![Value::Text("x".repeat(bytes)), Value::Null];
        let packet = Packet::of(2, 10_000);
        let rows = vec![row(10), row(8_000), row(900), row(9_500), row(10)];
        let mut at = 0;
        let parts: Vec<Range<usize>> = std::iter::from_fn(|| {
            let part = packet.filled(&rows, at);
            at = part.end;
            (!part.is_empty()).then_some(part)
        })
        .collect();
        assert_eq!(parts, [0..2, 2..3, 3..4, 4..5]);
        assert!(rows.iter().zip([true, true, true, false, true]).all(|(row, fits)| packet.takes(row) == fits));
        let many = vec![row(1); 2_000];
        assert_eq!(Packet::of(2, 16 << 20).filled(&many, 100), 100..600);
        assert_eq!(Packet::of(1_000, 16 << 20).filled(&many, 0), 0..65);
        assert_eq!(places(2, 3), "(?,?,?),(?,?,?)");
    }
}
