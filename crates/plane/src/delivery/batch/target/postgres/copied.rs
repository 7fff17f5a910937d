//! What `COPY … TO STDOUT` gives, in its text format, brought into the written forms in which rows are counted.

use crate::delivery::{
    batch::fit::plain,
    receipt::{RowsDigest, WrittenRow},
};
use std::borrow::Cow;

/// How the text of a column becomes its written form. The session writes dates as ISO does, moments in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadAs {
    AsItIs,
    /// Without zeros that say nothing.
    Decimal,
    /// RFC 3339 in UTC.
    Moment,
    /// `true` or `false`.
    Boolean,
}

impl ReadAs {
    /// A column of the base type of this name.
    pub(super) fn of(base: &str) -> Self {
        match base {
            "numeric" => Self::Decimal,
            "timestamp" | "timestamptz" => Self::Moment,
            "bool" => Self::Boolean,
            _ => Self::AsItIs,
        }
    }

    fn written(self, cell: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::AsItIs => unescaped(cell),
            Self::Decimal => match std::str::from_utf8(cell) {
                Ok(text) => plain(text).into_bytes().into(),
                Err(_) => cell.into(),
            },
            Self::Moment => {
                let mut written = cell.strip_suffix(b"+00").unwrap_or(cell).to_vec();
                if let Some(between) = written.get_mut(10) {
                    *between = b'T';
                }
                written.push(b'Z');
                written.into()
            }
            Self::Boolean => Cow::Borrowed(if cell == b"t" { b"true" } else { b"false" }),
        }
    }
}

/// Counts rows as they come, in pieces that may end anywhere.
pub(super) struct CopiedRows {
    columns: Vec<ReadAs>,
    found: RowsDigest,
    row: WrittenRow,
    /// A line that is not whole yet.
    begun: Vec<u8>,
}

/// A line that has another number of cells than the table has columns.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Torn;

impl CopiedRows {
    pub(super) fn of(columns: &[ReadAs]) -> Self {
        Self { columns: columns.to_vec(), found: RowsDigest::default(), row: WrittenRow::default(), begun: Vec::new() }
    }

    /// Takes the next piece.
    pub(super) fn take(&mut self, mut piece: &[u8]) -> Result<(), Torn> {
        // A line feed within a cell is escaped.
        while let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = piece.split_at(end);
            piece = rest.get(1..).unwrap_or_default();
            if self.begun.is_empty() {
                self.line(line)?;
            } else {
                let mut whole = std::mem::take(&mut self.begun);
                whole.extend_from_slice(line);
                self.line(&whole)?;
            }
        }
        self.begun.extend_from_slice(piece);
        Ok(())
    }

    /// What has come.
    pub(super) fn counted(self) -> Result<RowsDigest, Torn> {
        if self.begun.is_empty() { Ok(self.found) } else { Err(Torn) }
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Torn> {
        self.row.clear();
        let mut cells = line.split(|byte| *byte == b'\t');
        for read_as in &self.columns {
            match cells.next().ok_or(Torn)? {
                b"\\N" => self.row.add(None),
                cell => self.row.add(Some(&read_as.written(cell))),
            }
        }
        if cells.next().is_some() {
            return Err(Torn);
        }
        self.found.add_written(&self.row);
        Ok(())
    }
}

/// The text that the format's backslashes stand for. They are written before these characters only.
fn unescaped(cell: &[u8]) -> Cow<'_, [u8]> {
    if !cell.contains(&b'\\') {
        return cell.into();
    }
    let mut text = Vec::with_capacity(cell.len());
    let mut bytes = cell.iter().copied();
    while let Some(byte) = bytes.next() {
        text.push(match byte {
            b'\\' => match bytes.next() {
                Some(b'b') => 8,
                Some(b't') => b'\t',
                Some(b'n') => b'\n',
                Some(b'v') => 11,
                Some(b'f') => 12,
                Some(b'r') => b'\r',
                Some(itself) => itself,
                None => b'\\',
            },
            plain => plain,
        });
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Value, date_time};

    const COLUMNS: [ReadAs; 5] = [ReadAs::AsItIs, ReadAs::Decimal, ReadAs::Moment, ReadAs::Boolean, ReadAs::AsItIs];

    fn counted(pieces: &[&[u8]]) -> Result<RowsDigest, Torn> {
        let mut rows = CopiedRows::of(&COLUMNS);
        pieces.iter().try_for_each(|piece| rows.take(piece))?;
        rows.counted()
    }

    #[test]
    fn rows_are_counted_as_they_were_sent() {
        let row = |text: &str, decimal: &str, moment: &str, yes, date: &str| {
            let moment = Value::DateTime(date_time(moment).unwrap());
            [
                Value::Text(text.to_owned()),
                Value::Decimal(decimal.to_owned()),
                moment,
                Value::Boolean(yes),
                Value::Date(date.parse().unwrap()),
            ]
        };
        let mut sent = RowsDigest::default();
        sent.add(&row("a\tb\\\r\n\u{8}\u{b}\u{c}\\N", "-1.5", "2020-01-01T00:00:01Z", true, "2000-01-31"));
        sent.add(&row("北京", "0", "1999-12-31T23:59:59.25Z", false, "0001-01-01"));
        sent.add(&[const { Value::Null }; 5]);
        let copied = "a\\tb\\\\\\r\\n\\b\\v\\f\\\\N\t-1.50\t2020-01-01 00:00:01+00\tt\t2000-01-31\n\
            北京\t0.00\t1999-12-31 23:59:59.25\tf\t0001-01-01\n\\N\t\\N\t\\N\t\\N\t\\N\n";
        let copied = copied.as_bytes();
        assert_eq!(counted(&[copied]), Ok(sent));
        for cut in 0..copied.len() {
            assert_eq!(counted(&[&copied[..cut], &copied[cut..]]), Ok(sent), "cut at {cut}");
        }
    }

    #[test]
    fn torn_lines_are_not_counted() {
        for torn in ["a\n", "a\t1\t2020-01-01 00:00:00\tt\tb\tc\n", "a\t1"] {
            assert_eq!(counted(&[torn.as_bytes()]), Err(Torn), "{torn:?}");
        }
    }
}
