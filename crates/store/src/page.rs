//! Revisions, pages and the places where pages end.

use std::{fmt, str::FromStr};

/// The rows of a list when the caller does not say how many.
pub const LIST_DEFAULT: u32 = 20;
/// The most rows of one page.
pub const LIST_MAX: u32 = 1_000;

/// A value with the revision under which it is stored: 1 at first, one more with every save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revised<T> {
    /// The value.
    pub value: T,
    /// Its revision.
    pub revision: u64,
}

impl<T> Revised<T> {
    /// The value turned into another, under the same revision.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Revised<U> {
        Revised { value: turn(self.value), revision: self.revision }
    }
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next part begins; `None` at the end.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// The page with each row turned into another.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(turn).collect(), next: self.next }
    }
}

/// The place after which a page begins: the sort value of the last row before it, and its id, since values repeat.
/// Prints as `<value>~<id>` and reads back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Microseconds, or an index of the log.
    pub value: i64,
    /// An id; empty where the value alone is unique.
    pub id: String,
}

/// Text that is not a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor of a list")]
pub struct CursorError;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.value, self.id)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;
    fn from_str(text: &str) -> std::result::Result<Self, CursorError> {
        let (value, id) = text.split_once('~').ok_or(CursorError)?;
        let plain = id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let value = value.parse().map_err(|_| CursorError)?;
        if plain { Ok(Self { value, id: id.to_owned() }) } else { Err(CursorError) }
    }
}

/// How many rows to ask the database for: one more than the page has, to see whether another follows.
pub(crate) fn limit(asked: u32) -> usize {
    let rows = if asked == 0 { LIST_DEFAULT } else { asked.min(LIST_MAX) };
    usize::try_from(rows).unwrap_or(usize::MAX)
}

/// A page of the rows that were fetched with one row more than `limit`.
pub(crate) fn page<T>(mut rows: Vec<T>, limit: usize, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(cursor) } else { None };
    Page { items: rows, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_read_back_and_nothing_else_does() {
        for cursor in [Cursor { value: -7, id: "req_0a".into() }, Cursor { value: 7, id: String::new() }] {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for bad in ["", "7", "~", "x~y", "7~a'b", "7~a\0"] {
            assert_eq!(bad.parse::<Cursor>(), Err(CursorError), "{bad}");
        }
    }

    #[test]
    fn a_page_says_whether_another_follows() {
        let cursor = |row: &i64| Cursor { value: *row, id: String::new() };
        assert_eq!(page(vec![1, 2, 3], 2, cursor), Page { items: vec![1, 2], next: Some(cursor(&2)) });
        assert_eq!(page(vec![1, 2], 2, cursor).next, None);
        assert_eq!((limit(0), limit(5), limit(u32::MAX)), (20, 5, 1_000));
    }
}
