//! The period of a scorecard: a month, a quarter or a year.

use shuqiao_vocabulary::{Date, Moment, closed::UnknownSpelling};
use std::{fmt, str::FromStr};

/// A month `2026-11`, a quarter `2026-Q4` or a year `2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    first: Date,
    last: Date,
}

/// Which part of a year a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodPart {
    /// A month, 1 to 12.
    Month(i8),
    /// A quarter, 1 to 4.
    Quarter(i8),
    /// All of it.
    Year,
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

    /// Which part of its year it is.
    pub fn part(&self) -> PeriodPart {
        let first = self.first.month();
        match self.last.month() - first {
            0 => PeriodPart::Month(first),
            2 => PeriodPart::Quarter((first + 2) / 3),
            _ => PeriodPart::Year,
        }
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
        Some(Self { first, last })
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
        let year = self.first.year();
        match self.part() {
            PeriodPart::Month(month) => write!(f, "{year}-{month:02}"),
            PeriodPart::Quarter(quarter) => write!(f, "{year}-Q{quarter}"),
            PeriodPart::Year => write!(f, "{year}"),
        }
    }
}
