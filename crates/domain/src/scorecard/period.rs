//! The period of a scorecard: a month, a quarter or a year.

use shuqiao_vocabulary::{Date, Moment, closed::UnknownSpelling};
use std::{fmt, str::FromStr};

/// A month `2026-11`, a quarter `2026-Q4` or a year `2026`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    text: String,
    first: Date,
    last: Date,
}

impl Period {
    /// Whether the legal day of a moment falls in it.
    pub fn has(&self, at: Moment) -> bool {
        let day = at.date();
        self.first <= day && day <= self.last
    }

    /// The first day.
    pub const fn first(&self) -> Date {
        self.first
    }

    /// The last day.
    pub const fn last(&self) -> Date {
        self.last
    }

    fn parse(text: &str) -> Option<Self> {
        let (year, rest) = text.split_once('-').map_or((text, None), |(year, rest)| (year, Some(rest)));
        let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) {
            return None;
        }
        let year: i16 = year.parse().ok().filter(|year| (2000..=2999).contains(year))?;
        let (from, to) = match rest {
            None => (1, 12),
            Some("Q1") => (1, 3),
            Some("Q2") => (4, 6),
            Some("Q3") => (7, 9),
            Some("Q4") => (10, 12),
            Some(month) if digits(month, 2) => month.parse().ok().map(|month: i8| (month, month))?,
            Some(_) => return None,
        };
        let first = Date::new(year, from, 1).ok()?;
        let last = Date::new(year, to, 1).ok()?.last_of_month();
        Some(Self { text: text.to_owned(), first, last })
    }
}

impl FromStr for Period {
    type Err = UnknownSpelling;

    fn from_str(text: &str) -> Result<Self, UnknownSpelling> {
        Self::parse(text).ok_or_else(|| UnknownSpelling { list: "Period", found: text.chars().take(16).collect() })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
