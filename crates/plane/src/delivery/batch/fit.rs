//! Whether a cell fits the column it is to go into, before it goes, so that a misfit is a row put aside and not a run that
//! fails; and the one form of decimals in which both sides count.

use super::code::BatchCode;
use crate::value::Value;
use shuqiao_vocabulary::ItemType;

/// What a column of a target can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// Text of so many characters.
    Text(Option<usize>),
    /// Text of so many bytes of UTF-8.
    TextBytes(usize),
    /// Whole numbers of so many bits.
    Integer(u32),
    /// Whole numbers of so many bits that are not below zero.
    Natural(u32),
    /// Exact numbers; with digits before and after the point when they are limited.
    Decimal(Option<(usize, usize)>),
    /// Calendar dates.
    Date,
    /// Moments to the microsecond.
    DateTime,
    /// Yes or no.
    Boolean,
}

/// One column of a target, as far as rows are checked against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    /// What it holds.
    pub(super) room: Room,
    /// Whether it may be empty.
    pub(super) nullable: bool,
}

impl Fit {
    /// A column made for items of this type.
    pub(super) fn of(item_type: ItemType) -> Self {
        let room = match item_type {
            ItemType::Text => Room::Text(None),
            ItemType::Integer => Room::Integer(64),
            ItemType::Decimal => Room::Decimal(None),
            ItemType::Date => Room::Date,
            ItemType::DateTime => Room::DateTime,
            ItemType::Boolean => Room::Boolean,
        };
        Self { room, nullable: true }
    }

    /// Why the cell cannot stand in the column, if it cannot. Types agree already: enforcement and the check of the table
    /// have seen to that.
    pub(super) fn against(&self, value: &Value) -> Option<BatchCode> {
        match (value, self.room) {
            (Value::Null, _) => (!self.nullable).then_some(BatchCode::EmptyNotAllowed),
            (Value::Text(text), _) if text.contains('\0') => Some(BatchCode::TextHasNul),
            (Value::Text(text), Room::Text(Some(limit))) => {
                (text.len() > limit && text.chars().count() > limit).then_some(BatchCode::TextTooLong)
            }
            (Value::Text(text), Room::TextBytes(limit)) => (text.len() > limit).then_some(BatchCode::TextTooLong),
            (Value::Integer(number), Room::Natural(bits)) => {
                let fits = u64::try_from(*number).is_ok_and(|number| bits >= 64 || number < 1 << bits);
                (!fits).then_some(BatchCode::NumberOutOfRange)
            }
            (Value::Integer(number), Room::Integer(bits)) if bits < 64 => {
                let end = 1_i64 << (bits - 1);
                (!(-end..end).contains(number)).then_some(BatchCode::NumberOutOfRange)
            }
            (Value::Decimal(text), Room::Decimal(Some((before, after)))) => {
                let digits = text.trim_start_matches('-');
                let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
                let whole = if whole == "0" { 0 } else { whole.len() };
                (whole > before || fraction.len() > after).then_some(BatchCode::NumberOutOfRange)
            }
            _ => None,
        }
    }
}

/// The value in the form in which both sides count it: a decimal without exponent, without zeros that say nothing.
pub(super) fn counted(value: Value) -> Value {
    match value {
        Value::Decimal(text) if !is_plain(&text) => Value::Decimal(plain(&text)),
        other => other,
    }
}

/// Whether [`plain`] would leave it as it is.
fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole)
        && fraction.is_none_or(|fraction| all_digits(fraction) && !fraction.ends_with('0'))
        && (!whole.starts_with('0') || whole == "0" && (fraction.is_some() || text == digits))
}

/// A written decimal (`-?digits(.digits)?(e±digits)?`) as plain digits.
pub(super) fn plain(text: &str) -> String {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i64>().unwrap_or(0).clamp(-10_000, 10_000)),
        None => (text, 0),
    };
    let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    let point = whole.len() as i64 + exponent;
    let shifted = if point <= 0 {
        format!("0.{}{all}", "0".repeat(point.unsigned_abs() as usize))
    } else if point as usize >= all.len() {
        format!("{all}{}", "0".repeat(point as usize - all.len()))
    } else {
        format!("{}.{}", &all[..point as usize], &all[point as usize..])
    };
    let (whole, fraction) = shifted.split_once('.').unwrap_or((&shifted, ""));
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    match (whole, fraction) {
        ("0", "") => "0".to_owned(),
        (whole, "") => format!("{sign}{whole}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_one_form() {
        let cases = [
            ("1.50", "1.5"),
            ("-0.00", "0"),
            ("007.10", "7.1"),
            ("10", "10"),
            ("1e3", "1000"),
            ("1.25E-2", "0.0125"),
            ("-12.5e1", "-125"),
            ("0.001e2", "0.1"),
            ("0", "0"),
        ];
        for (written, expected) in cases {
            assert_eq!(plain(written), expected, "{written}");
            assert_eq!(is_plain(written), written == expected, "{written}");
        }
    }

    #[test]
    fn misfits_are_named() {
        use BatchCode as C;
        let fit = |room| Fit { room, nullable: false };
        let text = |text: &str| Value::Text(text.to_owned());
        let decimal = |text: &str| Value::Decimal(text.to_owned());
        let cases = [
            (Room::Text(Some(2)), text("遵义"), None),
            (Room::Text(Some(2)), text("遵义市"), Some(C::TextTooLong)),
            (Room::Text(None), text("a\0b"), Some(C::TextHasNul)),
            (Room::Text(None), Value::Null, Some(C::EmptyNotAllowed)),
            (Room::TextBytes(6), text("遵义"), None),
            (Room::TextBytes(5), text("遵义"), Some(C::TextTooLong)),
            (Room::Natural(8), Value::Integer(255), None),
            (Room::Natural(8), Value::Integer(256), Some(C::NumberOutOfRange)),
            (Room::Natural(64), Value::Integer(-1), Some(C::NumberOutOfRange)),
            (Room::Natural(64), Value::Integer(i64::MAX), None),
            (Room::Integer(16), Value::Integer(32_767), None),
            (Room::Integer(16), Value::Integer(-32_769), Some(C::NumberOutOfRange)),
            (Room::Integer(64), Value::Integer(i64::MIN), None),
            (Room::Decimal(Some((2, 1))), decimal("-99.9"), None),
            (Room::Decimal(Some((2, 1))), decimal("100"), Some(C::NumberOutOfRange)),
            (Room::Decimal(Some((2, 1))), decimal("0.25"), Some(C::NumberOutOfRange)),
            (Room::Decimal(Some((0, 2))), decimal("0.25"), None),
        ];
        for (room, value, expected) in cases {
            assert_eq!(fit(room).against(&value), expected, "{room:?} {value:?}");
        }
    }
}
