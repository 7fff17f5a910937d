//! One cell, and its value read as what a column asks for.

use shuqiao_vocabulary::Date;

/// The value of a cell that holds something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Text.
    Text(String),
    /// A number, as spreadsheets have them.
    Number(f64),
    /// A date, perhaps with a time that nobody asked for.
    Date(Date),
    /// True or false.
    Bool(bool),
    /// A formula that came to nothing (`#REF!`, `#N/A`).
    Broken,
}

impl Cell {
    /// As a person reads it, without blanks around it. A number that is whole has no decimal point: a code or a year
    /// that somebody typed became a number only because the spreadsheet thought so.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) => trimmed(text).to_owned(),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
            Self::Number(number) => number.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Bool(true) => "是".to_owned(),
            Self::Bool(false) => "否".to_owned(),
            Self::Broken => String::new(),
        }
    }

    /// A whole number, also where it was typed as text; without a unit.
    pub(crate) fn whole(&self) -> Option<u64> {
        let text = self.text();
        let halved: String = text.chars().map(half_width).collect();
        let digits = halved.strip_suffix(".0").unwrap_or(&halved);
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
    }

    /// A date, also where it was typed as text: `2018-01-31`, `2018/1/31`, `2018.1.31`, `2018年1月31日`, `20180131`.
    pub(crate) fn date(&self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(*date),
            Self::Text(_) | Self::Number(_) => date_of(&self.text()),
            Self::Bool(_) | Self::Broken => None,
        }
    }
}

/// Without blanks around it, whatever kind of blank.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// The half-width character of a full-width one (`Ａ`, `１`, `（`), else the character itself.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// A date out of its text.
pub(crate) fn date_of(text: &str) -> Option<Date> {
    let text = trimmed(text);
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Date::new(text.get(..4)?.parse().ok()?, text.get(4..6)?.parse().ok()?, text.get(6..)?.parse().ok()?)
            .ok();
    }
    let text = text.strip_suffix('日').unwrap_or(text);
    let mut parts = text.split(['-', '/', '.', '年', '月']).map(str::trim);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let plain = |part: &str, most: usize| part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || year.len() != 4 || !plain(year, 4) || !plain(month, 2) || !plain(day, 2) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn numbers_that_were_typed_as_text_are_numbers_and_units_are_not() {
        assert_eq!(text(" 100 ").whole(), Some(100));
        assert_eq!(text("１００").whole(), Some(100));
        assert_eq!(Cell::Number(100.0).whole(), Some(100));
        assert_eq!(Cell::Number(38.5).whole(), None);
        for bad in ["100字节", "-1", "", "1e3", "十"] {
            assert_eq!(text(bad).whole(), None, "{bad}");
        }
        assert_eq!((Cell::Number(2018.0).text(), Cell::Number(0.5).text()), ("2018".into(), "0.5".into()));
    }

    #[test]
    fn dates_are_read_however_they_were_typed() {
        for good in ["2018-01-31", "2018/1/31", "2018.1.31", "2018年1月31日", "20180131"] {
            assert_eq!(text(good).date().map(|date| date.to_string()).as_deref(), Some("2018-01-31"), "{good}");
        }
        assert_eq!(Cell::Number(20_180_131.0).date().map(|date| date.to_string()).as_deref(), Some("2018-01-31"));
        for bad in ["2018", "2018-13-01", "2018-02-30", "18-01-31", "2018-01-31-", "43131", ""] {
            assert_eq!(text(bad).date(), None, "{bad}");
        }
    }
}
