//! Values as they come from a source: typed, checked, comparable. One cell never changes type on its way out.

use shuqiao_vocabulary::{Date, ItemType, Literal};
use std::{cmp::Ordering, io::Write};

pub(crate) mod bytes;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing is there.
    Null,
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// An exact number in its written form.
    Decimal(String),
    /// A calendar date.
    Date(Date),
    /// Microseconds of UTC since 1970, negative before.
    DateTime(i64),
    /// Yes or no.
    Boolean(bool),
}

impl Value {
    /// Whether this is the null value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether the value may stand in an item of this type; null may stand anywhere.
    pub fn fits(&self, item_type: ItemType) -> bool {
        matches!(
            (self, item_type),
            (Self::Null, _)
                | (Self::Text(_), ItemType::Text)
                | (Self::Integer(_), ItemType::Integer)
                | (Self::Decimal(_), ItemType::Decimal)
                | (Self::Date(_), ItemType::Date)
                | (Self::DateTime(_), ItemType::DateTime)
                | (Self::Boolean(_), ItemType::Boolean)
        )
    }

    /// The written form: what a mask works on and what an encoder prints. `None` for null.
    pub fn written(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Text(text) | Self::Decimal(text) => Some(text.clone()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Date(date) => Some(date.to_string()),
            Self::DateTime(microseconds) => Some(date_time_text(*microseconds)),
            Self::Boolean(yes) => Some(yes.to_string()),
        }
    }

    /// Adds the written form; whether there is one.
    pub(crate) fn write_to(&self, out: &mut Vec<u8>) -> bool {
        // Writing into a vector cannot fail.
        let _ = match self {
            Self::Null => return false,
            Self::Text(text) | Self::Decimal(text) => out.write_all(text.as_bytes()),
            Self::Integer(number) => write!(out, "{number}"),
            Self::Date(date) => write!(out, "{date}"),
            Self::DateTime(microseconds) => match jiff::Timestamp::from_microsecond(*microseconds) {
                Ok(stamp) => write!(out, "{stamp}"),
                Err(_) => Ok(()),
            },
            Self::Boolean(yes) => write!(out, "{yes}"),
        };
        true
    }

    /// Bytes held, roughly, for the bound on an answer that is being gathered.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Text(text) | Self::Decimal(text) => 16 + text.len(),
            _ => 16,
        }
    }

    /// Order within one type; `None` between types and for null. Text compares by bytes of UTF-8, decimals by value.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
            (Self::Integer(a), Self::Integer(b)) => Some(a.cmp(b)),
            (Self::Decimal(a), Self::Decimal(b)) => Some(Number::parse(a)?.compare(&Number::parse(b)?)),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            (Self::DateTime(a), Self::DateTime(b)) => Some(a.cmp(b)),
            (Self::Boolean(a), Self::Boolean(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// The literal as a value of this type, or `None` when it cannot be one.
    pub fn of_literal(literal: &Literal, item_type: ItemType) -> Option<Self> {
        match (item_type, literal) {
            (ItemType::Text, Literal::Text(text)) => Some(Self::Text(text.clone())),
            (ItemType::Integer, Literal::Integer(number)) => Some(Self::Integer(*number)),
            (ItemType::Integer, Literal::Text(text)) => integer(text).map(Self::Integer),
            (ItemType::Decimal, Literal::Integer(number)) => Some(Self::Decimal(number.to_string())),
            (ItemType::Decimal, Literal::Text(text)) => Number::parse(text).map(|_| Self::Decimal(text.clone())),
            (ItemType::Date, Literal::Date(date)) => Some(Self::Date(*date)),
            (ItemType::Date, Literal::Text(text)) => date(text).map(Self::Date),
            (ItemType::DateTime, Literal::Text(text)) => date_time(text).map(Self::DateTime),
            (ItemType::Boolean, Literal::Boolean(yes)) => Some(Self::Boolean(*yes)),
            _ => None,
        }
    }
}

/// A whole number in canonical form: no `+`, no leading zeros, no `-0`.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// A date as `YYYY-MM-DD`, nothing else.
pub(crate) fn date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, b)| if at == 4 || at == 7 { *b == b'-' } else { b.is_ascii_digit() });
    if !shaped {
        return None;
    }
    let date = Date::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?).ok()?;
    // There is no year 0 in databases.
    (date.year() > 0).then_some(date)
}

/// A date and time in UTC: `YYYY-MM-DD` then `T` or a blank, `HH:MM:SS`, up to six decimals, an optional `Z`.
pub(crate) fn date_time(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    if !text.is_ascii() || text.len() < 19 || !matches!(text.as_bytes()[10], b'T' | b' ') {
        return None;
    }
    let day = date(&text[..10])?;
    let clock = &text.as_bytes()[11..19];
    let shaped =
        clock.iter().enumerate().all(|(at, b)| if at == 2 || at == 5 { *b == b':' } else { b.is_ascii_digit() });
    if !shaped {
        return None;
    }
    let micros: i32 = match &text[19..] {
        "" => 0,
        rest => {
            let digits = rest.strip_prefix('.')?;
            if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            format!("{digits:0<6}").parse().ok()?
        }
    };
    let time = jiff::civil::Time::new(
        text[11..13].parse().ok()?,
        text[14..16].parse().ok()?,
        text[17..19].parse().ok()?,
        micros * 1000,
    )
    .ok()?;
    let stamp = jiff::tz::Offset::UTC.to_timestamp(day.to_datetime(time)).ok()?;
    Some(stamp.as_microsecond())
}

/// RFC 3339 in UTC.
pub(crate) fn date_time_text(microseconds: i64) -> String {
    jiff::Timestamp::from_microsecond(microseconds).map(|stamp| stamp.to_string()).unwrap_or_default()
}

/// The year in UTC.
pub(crate) fn date_time_year(microseconds: i64) -> Option<i16> {
    let stamp = jiff::Timestamp::from_microsecond(microseconds).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(stamp).year())
}

/// A decimal number taken apart, to compare written forms by value: ± digits × 10^exponent, digits without leading or
/// trailing zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: i32,
}

impl<'a> Number<'a> {
    /// `-?digits(.digits)?(e[+-]?digits)?`, at most 1,000 characters.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        if text.len() > 1000 || !text.is_ascii() {
            return None;
        }
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok().filter(|e| e.abs() <= 10_000)?),
            None => (text, 0),
        };
        let (negative, digits) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let well_formed = !whole.is_empty()
            && all_digits(whole)
            && all_digits(fraction)
            && (!fraction.is_empty() || !digits.contains('.'));
        well_formed.then_some(Self { negative, whole, fraction, exponent })
    }

    fn digits(&self) -> impl Iterator<Item = u8> + Clone + '_ {
        self.whole.bytes().chain(self.fraction.bytes()).skip_while(|b| *b == b'0')
    }

    /// Digits that carry the value, without zeros at either end.
    pub(crate) fn significant_digits(&self) -> usize {
        let digits: Vec<u8> = self.digits().collect();
        digits.iter().rposition(|b| *b != b'0').map_or(0, |last| last + 1)
    }

    /// Power of ten of the first digit that is not zero; `None` for zero.
    pub(crate) fn magnitude(&self) -> Option<i64> {
        let all = self.whole.len() + self.fraction.len();
        let kept = self.digits().count();
        let zero = self.digits().all(|b| b == b'0');
        (!zero).then(|| self.whole.len() as i64 - (all - kept) as i64 + i64::from(self.exponent))
    }

    /// Order by value.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let (here, there) = (self.magnitude(), other.magnitude());
        let sign = |number: &Self, magnitude: Option<i64>| match (magnitude, number.negative) {
            (None, _) => 0,
            (Some(_), true) => -1,
            (Some(_), false) => 1,
        };
        let (sign_here, sign_there) = (sign(self, here), sign(other, there));
        if sign_here != sign_there || sign_here == 0 {
            return sign_here.cmp(&sign_there);
        }
        let by_size = here.cmp(&there).then_with(|| self.compare_digits(other));
        if self.negative { by_size.reverse() } else { by_size }
    }

    fn compare_digits(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (self.digits(), other.digits());
        loop {
            match (a.next(), b.next()) {
                (None, None) => return Ordering::Equal,
                (x, y) => match x.unwrap_or(b'0').cmp(&y.unwrap_or(b'0')) {
                    Ordering::Equal => {}
                    unequal => return unequal,
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_compare_by_value() {
        let order =
            ["-1e3", "-10.5", "-10.25", "0", "0.00001", "0.5", "1", "1.0000000000000000000001", "9.99", "10", "1e2"];
        for (i, a) in order.iter().enumerate() {
            for (j, b) in order.iter().enumerate() {
                let (x, y) = (Number::parse(a).unwrap(), Number::parse(b).unwrap());
                assert_eq!(x.compare(&y), i.cmp(&j), "{a} {b}");
            }
        }
        for (a, b) in [("1.10", "1.1"), ("0", "-0.00"), ("100", "1e2"), ("0.012", "12e-3"), ("007", "7")] {
            assert_eq!(Number::parse(a).unwrap().compare(&Number::parse(b).unwrap()), Ordering::Equal, "{a} {b}");
        }
        for bad in ["", "-", ".5", "5.", "1,000", "+1", "NaN", "1e", "0x1", "1e99999999", "١"] {
            assert!(Number::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(Number::parse("0012.3400").unwrap().significant_digits(), 4);
    }

    #[test]
    fn only_canonical_forms_are_values() {
        assert_eq!(integer("520302"), Some(520_302));
        for bad in ["0520", "+1", "-0", "1.0", "", " 1", "9223372036854775808"] {
            assert_eq!(integer(bad), None, "{bad}");
        }
        assert!(date("2019-01-02").is_some());
        for bad in ["2019-1-2", "2019-02-30", "20190102", "2019-01-02 ", "二〇一九"] {
            assert_eq!(date(bad), None, "{bad}");
        }
        assert_eq!(date_time("1970-01-01T00:00:01Z"), Some(1_000_000));
        assert_eq!(date_time("1970-01-01 00:00:00.5"), Some(500_000));
        assert_eq!(date_time("1969-12-31T23:59:59"), Some(-1_000_000));
        for bad in ["1970-01-01T00:00:01+08:00", "1970-01-01", "1970-01-01T24:00:00", "1970-01-01T00:00:00.1234567"] {
            assert_eq!(date_time(bad), None, "{bad}");
        }
        assert_eq!(date_time_text(500_000), "1970-01-01T00:00:00.5Z");
    }
}
