//! A service's answer: where the rows are in it, and a row's values, typed strictly.

use crate::{
    source::{
        SourceError,
        tabular::{
            Kind,
            json::{self, Json, Record},
        },
    },
    value::{self, Number, Value},
};
use serde_json::value::RawValue;
use shuqiao_vocabulary::ItemType;

/// A JSON pointer (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pointer(Vec<String>);

impl Pointer {
    /// Reads one; `None` when it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self(Vec::new()));
        }
        let escaped = |token: &str| token.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        let tokens: Vec<&str> = text.strip_prefix('/')?.split('/').collect();
        let plain = |token: &&str| token.replace("~1", "/").replace("~0", "~");
        tokens.iter().all(|token| escaped(token)).then(|| Self(tokens.iter().map(plain).collect()))
    }

    /// The pointer to a member of an object.
    pub(super) fn to_member(name: &str) -> String {
        format!("/{}", name.replace('~', "~0").replace('/', "~1"))
    }

    /// Whether it points to the whole.
    pub(super) fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// What it points to; `None` when nothing is there.
    pub(super) fn find<'a>(&self, raw: &'a RawValue) -> Option<&'a RawValue> {
        self.0.iter().try_fold(raw, |raw, token| Inside::of(raw)?.at(token))
    }

    fn find_in<'a>(&self, inside: &Inside<'a>) -> Option<&'a RawValue> {
        let (first, rest) = self.0.split_first()?;
        rest.iter().try_fold(inside.at(first)?, |raw, token| Inside::of(raw)?.at(token))
    }
}

/// What is inside a value that is not plain.
enum Inside<'a> {
    Object(Record<'a>),
    List(Vec<&'a RawValue>),
}

impl<'a> Inside<'a> {
    fn of(raw: &'a RawValue) -> Option<Self> {
        match raw.get().as_bytes().first() {
            Some(b'{') => Record::of(raw).map(Self::Object),
            Some(b'[') => serde_json::from_str(raw.get()).ok().map(Self::List),
            _ => None,
        }
    }

    fn at(&self, token: &str) -> Option<&'a RawValue> {
        match self {
            Self::Object(record) => record.member(token),
            Self::List(list) => list.get(usize::try_from(value::integer(token)?).ok()?).copied(),
        }
    }
}

/// One answer.
pub(super) struct Answer<'a>(&'a RawValue);

impl<'a> Answer<'a> {
    /// Reads it.
    ///
    /// # Errors
    /// [`SourceError::Changed`] when it is not JSON.
    pub(super) fn of(body: &'a [u8]) -> Result<Self, SourceError> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        serde_json::from_slice(body).map(Self).map_err(|_| SourceError::Changed { what: "answer".to_owned() })
    }

    /// Its rows.
    ///
    /// # Errors
    /// [`SourceError::Changed`] when there is no list where the rows should be.
    pub(super) fn rows(&self, at: &Pointer) -> Result<Vec<&'a RawValue>, SourceError> {
        match at.find(self.0).and_then(Inside::of) {
            Some(Inside::List(rows)) => Ok(rows),
            _ => Err(SourceError::Changed { what: "rows".to_owned() }),
        }
    }

    /// The word for the next page, if there is one.
    pub(super) fn next(&self, at: &Pointer) -> Result<Option<String>, SourceError> {
        match at.find(self.0).map(json::read) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::Plain(word)) if matches!(word.kind, Kind::Text | Kind::Number) => {
                Ok(Some(word.text).filter(|word| !word.is_empty()))
            }
            Some(_) => Err(SourceError::Changed { what: "cursor".to_owned() }),
        }
    }
}

/// How one column is read from a row.
pub(super) struct Reading {
    pub(super) name: String,
    pub(super) pointer: Pointer,
    pub(super) item_type: ItemType,
}

/// A row's values, and the places of those that are of another type than theirs, which are empty here. What is absent is
/// null.
///
/// # Errors
/// [`SourceError::Changed`] when the row is no object or list.
pub(super) fn read_row(row: &RawValue, columns: &[Reading]) -> Result<(Vec<Value>, Vec<usize>), SourceError> {
    let inside = Inside::of(row).ok_or_else(|| SourceError::Changed { what: "rows".to_owned() })?;
    let mut misfits = Vec::new();
    let value = |(at, column): (usize, &Reading)| match column.pointer.find_in(&inside).map(json::read) {
        None | Some(Json::Null) => Value::Null,
        Some(found) => typed(found, column.item_type).unwrap_or_else(|| {
            misfits.push(at);
            Value::Null
        }),
    };
    let values = columns.iter().enumerate().map(value).collect();
    Ok((values, misfits))
}

/// Whether the row has the member at all, be it null.
pub(super) fn has(row: &RawValue, column: &Reading) -> bool {
    column.pointer.find(row).is_some()
}

/// The value, if it is one of this type. A number keeps the digits it was written with.
fn typed(found: Json, item_type: ItemType) -> Option<Value> {
    let Json::Plain(cell) = found else { return None };
    let text = cell.text;
    match (item_type, cell.kind) {
        // Where a sample had both text and numbers, a number counts as it is written.
        (ItemType::Text, Kind::Text | Kind::Number | Kind::Boolean) => Some(Value::Text(text)),
        (ItemType::Integer, Kind::Number) => value::integer(&text).map(Value::Integer),
        // Many services write exact numbers as text, because readers round the others.
        (ItemType::Decimal, Kind::Number | Kind::Text) => {
            Number::parse(&text).is_some().then_some(Value::Decimal(text))
        }
        (ItemType::Boolean, Kind::Boolean) => Some(Value::Boolean(text == "true")),
        (ItemType::Date, Kind::Text) => value::date(&text).map(Value::Date),
        (ItemType::DateTime, Kind::Text) => value::date_time(&text).map(Value::DateTime),
        _ => None,
    }
}

/// The members of sample rows that can be columns, with their types, in the order in which they first appear.
///
/// # Errors
/// [`SourceError::Changed`] when a row is no object.
pub(super) fn sampled(rows: &[&RawValue]) -> Result<Vec<(String, ItemType)>, SourceError> {
    use crate::source::tabular::infer::Possible;
    let mut members: Vec<(String, Possible, bool)> = Vec::new();
    for row in rows {
        let record = Record::of(row).ok_or_else(|| SourceError::Changed { what: "rows".to_owned() })?;
        for (name, raw) in &record.0 {
            let at = members.iter().position(|(known, ..)| known == name).unwrap_or_else(|| {
                members.push((name.clone().into_owned(), Possible::default(), false));
                members.len() - 1
            });
            match json::read(raw) {
                Json::Null => {}
                Json::Plain(cell) => members[at].1.look_at(&cell),
                Json::Nested => members[at].2 = true,
            }
        }
    }
    let plain = members.into_iter().filter(|(_, _, nested)| !nested);
    Ok(plain.map(|(name, possible, _)| (possible.item_type(&name), name)).map(|(of, name)| (name, of)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn pointers_find_what_they_point_to() {
        let answer = raw(r#"{"a/b":{"~":[1,{"x":"found"}]},"":2}"#);
        let find = |pointer: &str| Pointer::parse(pointer)?.find(&answer).map(|raw| raw.get().to_owned());
        assert_eq!(find("/a~1b/~0/1/x").as_deref(), Some("\"found\""));
        assert_eq!(find("/").as_deref(), Some("2"));
        assert_eq!(find("").as_deref(), Some(answer.get()));
        for nothing in ["/a", "/a~1b/~0/2", "/a~1b/~0/01", "/a~1b/~0/-1", "/a~1b/~0/1/x/y"] {
            assert_eq!(find(nothing), None, "{nothing}");
        }
        for bad in ["a", "/~", "/a~2"] {
            assert_eq!(Pointer::parse(bad), None, "{bad}");
        }
        assert_eq!(Pointer::to_member("a/~b"), "/a~1~0b");
    }

    #[test]
    fn values_are_of_their_type_or_refused() {
        use ItemType as T;
        let of = |text: &str, item_type| typed(json::read(&raw(text)), item_type);
        assert_eq!(of("1.10", T::Decimal), Some(Value::Decimal("1.10".into())));
        assert_eq!(of("12345678901234567890.5", T::Decimal), Some(Value::Decimal("12345678901234567890.5".into())));
        assert_eq!(of("\"0.5\"", T::Decimal), Some(Value::Decimal("0.5".into())));
        assert_eq!(of("7", T::Integer), Some(Value::Integer(7)));
        assert_eq!(of("\"\\u5317\"", T::Text), Some(Value::Text("北".into())));
        let refused =
            [("1.0", T::Integer), ("\"7\"", T::Integer), ("1", T::Boolean), ("\"2019\"", T::Date), ("{}", T::Text)];
        for (text, item_type) in refused {
            assert_eq!(of(text, item_type), None, "{text}");
        }
    }
}
