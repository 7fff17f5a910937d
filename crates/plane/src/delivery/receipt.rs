//! Receipts: what was delivered, as both sides can count it. Counts and an order-independent digest of the rows, so that
//! the receiver, who may hold the rows in any order and any form, can compute the same and say so.
//!
//! The digest of a row is SM3 over its cells as netstrings of their written forms (`3:abc,`, empty text `0:,`, null `-,`);
//! the digest of the rows is the sum of these, as unsigned numbers, modulo 2^256. Adding makes the order not matter and
//! lets parts be counted apart; unlike a XOR, a row that is there twice does not vanish. It is a reconciliation between two
//! parties that both hold the rows, not a commitment against one who may choose them.

use crate::value::Value;
use shuqiao_crypto::digest;
use shuqiao_vocabulary::id::GrantId;
use std::io::Write;

/// The digest of a set of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowsDigest {
    /// Rows counted.
    pub rows: u64,
    /// The sum, big end first.
    sum: [u8; 32],
}

impl RowsDigest {
    /// Counts one row.
    pub fn add(&mut self, row: &[Value]) {
        self.add_all(&[row]);
    }

    /// Counts rows.
    pub fn add_all(&mut self, rows: &[impl AsRef<[Value]>]) {
        let (mut cells, mut written) = (WrittenRow::default(), Vec::new());
        for row in rows {
            cells.clear();
            for value in row.as_ref() {
                written.clear();
                let there = value.write_to(&mut written);
                cells.add(there.then_some(written.as_slice()));
            }
            self.add_written(&cells);
        }
    }

    /// Counts one row whose cells are written already.
    pub(crate) fn add_written(&mut self, row: &WrittenRow) {
        self.join(&Self { rows: 1, sum: digest::sm3(&row.0) });
    }

    /// Counts the rows of another part.
    pub fn join(&mut self, other: &Self) {
        self.rows += other.rows;
        let mut carry = 0;
        for (here, there) in self.sum.iter_mut().zip(other.sum).rev() {
            let [high, low] = (u16::from(*here) + u16::from(there) + carry).to_be_bytes();
            (carry, *here) = (u16::from(high), low);
        }
    }

    /// The digest of so many rows, from its 64 hexadecimal digits; `None` when the text is not that.
    pub fn of_hex(rows: u64, hex: &str) -> Option<Self> {
        let shaped = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let mut sum = [0; 32];
        for (byte, pair) in sum.iter_mut().zip(hex.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        shaped.then_some(Self { rows, sum })
    }

    /// The digest as 64 lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        digest::hex(&self.sum)
    }
}

/// The written forms of a row's cells, one after the other, as they are counted.
#[derive(Debug, Default)]
pub(crate) struct WrittenRow(Vec<u8>);

impl WrittenRow {
    /// Adds a cell; `None` is null.
    pub(crate) fn add(&mut self, written: Option<&[u8]>) {
        match written {
            None => self.0.extend_from_slice(b"-,"),
            Some(written) => {
                // Writing into a vector cannot fail.
                let _ = write!(self.0, "{}:", written.len());
                self.0.extend_from_slice(written);
                self.0.push(b',');
            }
        }
    }

    /// Begins another row in the same memory.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// What a receiver counted of what it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRows {
    /// Rows.
    pub rows: u64,
    /// Their [`RowsDigest`], as 64 hexadecimal digits.
    pub rows_digest: String,
}

impl ReceivedRows {
    /// Whether it got what was delivered.
    pub fn agrees_with(&self, rows: u64, rows_digest: &str) -> bool {
        self.rows == rows && self.rows_digest.eq_ignore_ascii_case(rows_digest)
    }
}

/// What the plane says of a delivery in bulk, to be signed as a note with the key of the usage log.
pub(crate) struct Receipt<'a> {
    /// The usage log.
    pub(crate) log: &'a str,
    /// The place of the delivery's record in it.
    pub(crate) record: u64,
    /// Under which grant.
    pub(crate) grant: &'a GrantId,
    /// Which file or run.
    pub(crate) delivery: &'a str,
    /// What was delivered.
    pub(crate) rows: &'a RowsDigest,
    /// Of a file: bytes, SHA-256, SM3.
    pub(crate) content: Option<(u64, &'a str, &'a str)>,
}

impl Receipt<'_> {
    /// The text of the note: one fact a line, so that people can read what is signed.
    pub(crate) fn text(&self) -> String {
        let Self { log, record, grant, delivery, rows, content } = self;
        let mut text = format!(
            "shuqiao delivery receipt v1\nlog {log}\nrecord {record}\ngrant {grant}\ndelivery {delivery}\nrows {}\nrows-digest {}\n",
            rows.rows,
            rows.hex()
        );
        if let Some((bytes, sha256, sm3)) = content {
            text.push_str(&format!("bytes {bytes}\nsha256 {sha256}\nsm3 {sm3}\n"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&[Value]]) -> RowsDigest {
        let mut digest = RowsDigest::default();
        rows.iter().for_each(|row| digest.add(row));
        digest
    }

    #[test]
    fn the_digest_is_one_that_others_can_compute() {
        // Computed with OpenSSL and Python: sm3 of `6:张三,-,1:7,` and of `0:,-,2:-1,`, added modulo 2^256.
        let (one, other) = (
            [Value::Text("张三".to_owned()), Value::Null, Value::Integer(7)],
            [Value::Text(String::new()), Value::Null, Value::Integer(-1)],
        );
        assert_eq!(of(&[&one, &other]).hex(), "bcda6442f038e96afc571ebddbb1b63bc7829580fe8b013e38f07d30f82e0285");
        assert_eq!(of(&[&one, &other]), of(&[&other, &one]));
        assert_ne!(of(&[&one]), of(&[&one, &one]));
        assert_ne!(of(&[&one, &one, &other]), of(&[&other, &other, &one]));
        assert_eq!(of(&[]).hex(), "0".repeat(64));
    }

    #[test]
    fn parts_add_up() {
        let row = |n: i64| [Value::Integer(n)];
        let rows: Vec<_> = (0..500).map(row).collect();
        let whole = of(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
        let mut parts = RowsDigest::default();
        for part in rows.chunks(7) {
            parts.join(&of(&part.iter().map(|row| &row[..]).collect::<Vec<_>>()));
        }
        assert_eq!((parts, parts.rows), (whole, 500));
    }
}
