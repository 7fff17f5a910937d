//! Receipts: what was delivered, as both sides can count it. Counts and an order-independent digest of the rows, so that
//! the receiver, who may hold the rows in any order and any form, can compute the same and say so.
//!
//! The digest of a row is SM3 over its cells as netstrings of their written forms (`3:abc,`, empty text `0:,`, null `-,`);
//! the digest of the rows is the sum of these, as unsigned numbers, modulo 2^256. Adding makes the order not matter and
//! lets parts be counted apart; unlike a XOR, a row that is there twice does not vanish. It is a reconciliation between two
//! parties that both hold the rows, not a commitment against one who may choose them.

use crate::value::Value;
use shuqiao_crypto::digest;

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
        let mut bytes = Vec::with_capacity(row.len() * 16);
        for value in row {
            match value.written() {
                None => bytes.extend_from_slice(b"-,"),
                Some(written) => {
                    bytes.extend_from_slice(written.len().to_string().as_bytes());
                    bytes.push(b':');
                    bytes.extend_from_slice(written.as_bytes());
                    bytes.push(b',');
                }
            }
        }
        self.join(&Self { rows: 1, sum: digest::sm3(&bytes) });
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
