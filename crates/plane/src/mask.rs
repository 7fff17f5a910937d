//! The mask stage: what is hidden is hidden here, once, for every form of delivery. A mask that cannot be applied
//! refuses the whole answer.

use crate::{
    enforcement::CheckedRows,
    problem::{ProblemCode, Refused},
    value::{self, Value},
};
use shuqiao_vocabulary::{ItemName, ItemType, Mask};

/// What stands in the place of a redacted value, also of an empty one: not even that is told.
const REDACTED: &str = "***";

/// One column of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AnswerColumn {
    pub(crate) name: ItemName,
    /// The type of what is delivered; a masked item is delivered as text.
    pub(crate) item_type: ItemType,
    pub(crate) masked: bool,
}

/// Rows that may leave.
pub(crate) struct MaskedRows {
    pub(crate) columns: Vec<AnswerColumn>,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl CheckedRows {
    /// Applies the grant's masks.
    ///
    /// # Errors
    /// `mask_not_applicable`, naming the item.
    pub(crate) fn mask(self) -> Result<MaskedRows, Refused> {
        let mut rows = self.rows;
        let mut columns = Vec::with_capacity(self.items.len());
        for (at, item) in self.items.iter().map(|item| &self.grant.terms.items[*item]).enumerate() {
            let masked = item.mask.is_some();
            if let Some(mask) = &item.mask {
                for row in &mut rows {
                    row[at] = hide(mask, &row[at], &self.grant.mask_key)
                        .ok_or_else(|| Refused::new(ProblemCode::MaskNotApplicable).with("item", item.name.as_str()))?;
                }
            }
            let item_type = if masked { ItemType::Text } else { item.item_type };
            columns.push(AnswerColumn { name: item.name.clone(), item_type, masked });
        }
        Ok(MaskedRows { columns, rows })
    }

    /// The rows as they are: the floor that a benchmark measures governance by.
    #[cfg(feature = "bench-floor")]
    pub(crate) fn unmasked(self) -> MaskedRows {
        let column = |item: &usize| {
            let item = &self.grant.terms.items[*item];
            AnswerColumn { name: item.name.clone(), item_type: item.item_type, masked: false }
        };
        MaskedRows { columns: self.items.iter().map(column).collect(), rows: self.rows }
    }
}

/// Whether a mask can hide items of this type at all.
pub(crate) fn can_hide(mask: &Mask, item_type: ItemType) -> bool {
    match mask {
        Mask::KeepEnds { .. } => matches!(item_type, ItemType::Text | ItemType::Integer),
        Mask::KeyedHash | Mask::Redact | Mask::VerifyOnly => true,
        Mask::Token => item_type == ItemType::Text,
        Mask::YearOnly => matches!(item_type, ItemType::Text | ItemType::Date | ItemType::DateTime),
        Mask::RegionOnly { digits } => {
            matches!(digits, 2 | 4 | 6) && matches!(item_type, ItemType::Text | ItemType::Integer)
        }
    }
}

/// The masked value, or `None` when the mask does not apply to it.
fn hide(mask: &Mask, value: &Value, key: &[u8; 32]) -> Option<Value> {
    // What may only be verified is never delivered; should it get here, nothing of it shows.
    if matches!(mask, Mask::Redact | Mask::VerifyOnly) {
        return Some(Value::Text(REDACTED.to_owned()));
    }
    let Some(written) = value.written() else {
        return Some(Value::Null);
    };
    let hidden = match mask {
        Mask::KeepEnds { head, tail } => keep_ends(&written, usize::from(*head), usize::from(*tail)),
        Mask::KeyedHash => shuqiao_crypto::mask::keyed_hash(key, written.as_bytes()),
        Mask::YearOnly => year_of(value)?,
        Mask::RegionOnly { digits } => region_of(&written, usize::from(*digits))?,
        Mask::Token => shuqiao_crypto::mask::token(key, &written),
        Mask::Redact | Mask::VerifyOnly => REDACTED.to_owned(),
    };
    Some(Value::Text(hidden))
}

/// A text that would be shown whole is hidden whole.
fn keep_ends(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    let hides_something = head + tail < length;
    let kept = |at: usize| hides_something && (at < head || at >= length - tail);
    let mut hidden = String::with_capacity(text.len());
    hidden.extend(text.chars().enumerate().map(|(at, character)| if kept(at) { character } else { '*' }));
    hidden
}

fn year_of(value: &Value) -> Option<String> {
    let year = match value {
        Value::Date(date) => date.year(),
        Value::DateTime(microseconds) => value::date_time_year(*microseconds)?,
        Value::Text(text) => {
            let day =
                value::date(text).or_else(|| value::date(text.get(..10)?).filter(|_| value::date_time(text).is_some()));
            day?.year()
        }
        _ => return None,
    };
    Some(format!("{year:04}"))
}

/// Region codes have 2, 4, 6, 9 or 12 digits, identity numbers 15 or 18 characters; both begin with the region.
fn region_of(text: &str, digits: usize) -> Option<String> {
    let (body, last) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let all_digits = body.bytes().all(|b| b.is_ascii_digit());
    let last_digit = last.bytes().all(|b| b.is_ascii_digit());
    let is_code = matches!(text.len(), 2 | 4 | 6 | 9 | 12 | 15) && last_digit;
    let is_identity_number = text.len() == 18 && (last_digit || last == "X" || last == "x");
    if !(all_digits && (is_code || is_identity_number)) {
        return None;
    }
    Some(text.get(..digits.min(text.len()))?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Value {
        Value::Text(value.to_owned())
    }

    fn hidden(mask: Mask, value: Value) -> Option<String> {
        hide(&mask, &value, &[7; 32]).map(|value| value.written().unwrap_or_else(|| "null".to_owned()))
    }

    #[test]
    fn masks_hide() {
        let ends = |head, tail| Mask::KeepEnds { head, tail };
        let region = |digits| Mask::RegionOnly { digits };
        let date = Value::Date(value::date("1987-06-05").unwrap());
        let cases = [
            (ends(3, 4), text("13812345678"), Some("138****5678")),
            (ends(1, 0), text("欧阳修远"), Some("欧***")),
            (ends(1, 1), text("张三"), Some("**")),
            (ends(0, 0), text("abc"), Some("***")),
            (ends(9, 9), text(""), Some("")),
            (ends(1, 1), Value::Integer(12345), Some("1***5")),
            (ends(1, 1), Value::Null, Some("null")),
            (Mask::Redact, text("secret"), Some("***")),
            (Mask::Redact, Value::Null, Some("***")),
            (Mask::VerifyOnly, text("secret"), Some("***")),
            (Mask::YearOnly, date, Some("1987")),
            (Mask::YearOnly, text("1987-06-05"), Some("1987")),
            (Mask::YearOnly, text("1987-06-05 10:00:00"), Some("1987")),
            (Mask::YearOnly, text("1987年"), None),
            (Mask::YearOnly, text("1987-06-05 with a note"), None),
            (region(4), text("520302"), Some("5203")),
            (region(6), text("520302199001011234"), Some("520302")),
            (region(2), text("52030219900101123X"), Some("52")),
            (region(4), text("52"), Some("52")),
            (region(4), text("遵义市"), None),
            (region(4), text("not a region"), None),
            (region(4), text(""), None),
            (region(4), Value::Integer(520_302), Some("5203")),
        ];
        for (mask, value, expected) in cases {
            assert_eq!(hidden(mask.clone(), value.clone()).as_deref(), expected, "{mask:?} {value:?}");
        }
    }

    #[test]
    fn hashes_are_of_the_grant() {
        let of = |key: u8| hide(&Mask::KeyedHash, &text("520302199001011234"), &[key; 32]);
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }
}
