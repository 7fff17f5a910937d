//! What stands in the files of the index. A file begins with a line that says what it is; frames follow: length of the
//! body (4 bytes, big end first), check of the body under the node's key (8), body. Reading ends where a frame is cut off
//! or its check does not fit.

use shuqiao_crypto::fingerprint::FingerprintKey;
use std::io::{self, Read};

/// How a file begins.
pub(super) const HEAD: &[u8] = b"shuqiao trace v3\n";
/// Bytes of one mark.
pub(super) const MARK_BYTES: usize = 5;
/// Bits of one mark.
pub(super) const MARK_BITS: u32 = 8 * MARK_BYTES as u32;
/// Marks of one row.
pub(super) const MARKS_MAX: usize = 8;
/// Bytes of a body: more than the marks of all rows that one frame takes, and its head.
const BODY_BYTES_MAX: usize = 1024 * 1024;
const ROWS: u8 = 1;
const DELIVERED: u8 = 2;

/// A fingerprint of one value, cut to [`MARK_BITS`]; [`NOTHING`] where nothing is there.
pub(super) type Mark = u64;
/// The mark of no value.
pub(super) const NOTHING: Mark = 0;

/// One column of marked rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MarkedColumn {
    /// Its place among the delivered columns.
    pub(super) place: u16,
    /// Pairs of rows that have the same value in it.
    pub(super) equal_pairs: u64,
}

/// Marked rows of a delivery that is or will be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MarkedRows {
    /// Which delivery: chance, or of the name of a file.
    pub(super) delivery: u64,
    pub(super) columns: Vec<MarkedColumn>,
    /// Row by row, as many a row as there are columns.
    pub(super) marks: Vec<Mark>,
}

/// What a frame says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// Rows.
    Rows(MarkedRows),
    /// The rows of a delivery have been recorded, all of them; without it they have not left.
    Delivered {
        /// Which delivery.
        delivery: u64,
        /// Its record in the usage log.
        record: u64,
        /// Rows delivered.
        rows: u64,
    },
}

/// The mark of a value.
pub(super) fn mark(key: &FingerprintKey, canonical: &str) -> Mark {
    cut(key.value(canonical), MARK_BITS)
}

/// So many bits of a fingerprint, and never [`NOTHING`].
pub(super) fn cut(fingerprint: u64, bits: u32) -> Mark {
    (fingerprint >> (64 - bits)).max(1)
}

impl MarkedRows {
    /// Rows, each as many marks as there are columns.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[Mark]> {
        self.marks.chunks_exact(self.columns.len().max(1))
    }

    /// The frame of these rows.
    pub(super) fn frame(&self, key: &FingerprintKey) -> Vec<u8> {
        let mut body = vec![ROWS];
        body.extend(self.delivery.to_be_bytes());
        body.push(u8::try_from(self.columns.len()).unwrap_or(u8::MAX));
        for column in &self.columns {
            body.extend(column.place.to_be_bytes());
            body.extend(column.equal_pairs.to_be_bytes());
        }
        for mark in &self.marks {
            body.extend(&mark.to_be_bytes()[8 - MARK_BYTES..]);
        }
        framed(key, &body)
    }
}

/// The frame that says that a delivery has been recorded.
pub(super) fn delivered(key: &FingerprintKey, delivery: u64, record: u64, rows: u64) -> Vec<u8> {
    let mut body = vec![DELIVERED];
    [delivery, record, rows].iter().for_each(|number| body.extend(number.to_be_bytes()));
    framed(key, &body)
}

fn framed(key: &FingerprintKey, body: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(body.len() + 12);
    frame.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes());
    frame.extend(key.check(body));
    frame.extend_from_slice(body);
    frame
}

/// Whether a file begins as one of the index.
pub(super) fn read_head(file: &mut impl Read) -> io::Result<bool> {
    let mut head = [0; HEAD.len()];
    Ok(read_whole(file, &mut head)? == HEAD.len() && head == HEAD)
}

/// The next frame.
///
/// # Errors
/// When the file cannot be read; `InvalidData` where a frame is cut off or is not what this node wrote.
pub(super) fn read(file: &mut impl Read, key: &FingerprintKey) -> io::Result<Option<Frame>> {
    let broken = || io::Error::from(io::ErrorKind::InvalidData);
    let mut head = [0; 12];
    match read_whole(file, &mut head)? {
        0 => return Ok(None),
        12 => {}
        _ => return Err(broken()),
    }
    let (length, check) = head.split_at(4);
    let length = u32::from_be_bytes(length.try_into().unwrap_or_default()) as usize;
    if length == 0 || length > BODY_BYTES_MAX {
        return Err(broken());
    }
    let mut body = vec![0; length];
    if read_whole(file, &mut body)? != length || key.check(&body) != check {
        return Err(broken());
    }
    parse(&body).map(Some).ok_or_else(broken)
}

/// Bytes read, fewer only where the file ends.
fn read_whole(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while let Some(rest) = buffer.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(count) => read += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

fn parse(body: &[u8]) -> Option<Frame> {
    let (kind, rest) = body.split_first()?;
    let (delivery, rest) = number(rest)?;
    match *kind {
        DELIVERED => {
            let (record, rest) = number(rest)?;
            let (rows, rest) = number(rest)?;
            rest.is_empty().then_some(Frame::Delivered { delivery, record, rows })
        }
        ROWS => {
            let (count, mut rest) = rest.split_first()?;
            let mut columns = Vec::with_capacity(usize::from(*count));
            for _ in 0..*count {
                let (place, after) = rest.split_first_chunk::<2>()?;
                let (equal_pairs, after) = number(after)?;
                columns.push(MarkedColumn { place: u16::from_be_bytes(*place), equal_pairs });
                rest = after;
            }
            let row = usize::from(*count) * MARK_BYTES;
            if row == 0 || rest.len() % row != 0 {
                return None;
            }
            let wide = |mark: &[u8]| mark.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
            let marks = rest.chunks_exact(MARK_BYTES).map(wide).collect();
            Some(Frame::Rows(MarkedRows { delivery, columns, marks }))
        }
        _ => None,
    }
}

fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    bytes.split_first_chunk::<8>().map(|(number, rest)| (u64::from_be_bytes(*number), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_back_and_every_change_is_noticed() {
        let key = FingerprintKey::derive(&[1; 32]);
        let column = |place, equal_pairs| MarkedColumn { place, equal_pairs };
        let rows =
            MarkedRows { delivery: 9, columns: vec![column(0, 3), column(7, 0)], marks: vec![1, 2, 0, (1 << 40) - 1] };
        let bytes = [rows.frame(&key), delivered(&key, 9, 17, 2)].concat();
        let mut file = bytes.as_slice();
        assert_eq!(read(&mut file, &key).unwrap(), Some(Frame::Rows(rows.clone())));
        let said = Frame::Delivered { delivery: 9, record: 17, rows: 2 };
        assert_eq!((read(&mut file, &key).unwrap(), read(&mut file, &key).unwrap()), (Some(said), None));
        assert!(read(&mut bytes.as_slice(), &FingerprintKey::derive(&[2; 32])).is_err(), "another node's");
        let one = rows.frame(&key);
        for at in 0..one.len() {
            let mut bent = one.clone();
            bent[at] ^= 1;
            assert!(read(&mut bent.as_slice(), &key).is_err(), "bent at {at}");
            assert_eq!(read(&mut &one[..at], &key).is_err(), at > 0, "cut at {at}");
        }
    }
}
