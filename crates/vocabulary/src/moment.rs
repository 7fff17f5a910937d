//! Moments and dates. Nobody here asks for the time: it enters once, at the edge (invariant 10).

use crate::closed::UnknownSpelling;
use std::{fmt, str::FromStr};

/// A calendar date.
pub use jiff::civil::Date;

/// A moment, as microseconds of UTC since 1970. Legal days are days of Asia/Shanghai.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(i64);

/// Asia/Shanghai is UTC+8 without daylight saving since 1991; legal days of this system are later than that.
const SHANGHAI: jiff::tz::Offset = jiff::tz::offset(8);

/// 9999-12-30T22:00:00Z, the last moment that the calendar library can tell in every time zone.
const MICROSECONDS_MAX: i64 = 253_402_207_200_000_000;

impl Moment {
    /// The moment this many microseconds after 1970-01-01T00:00:00Z, held between 1970 and the end of 9999.
    pub const fn from_microseconds(microseconds: i64) -> Self {
        if microseconds < 0 {
            Self(0)
        } else if microseconds > MICROSECONDS_MAX {
            Self(MICROSECONDS_MAX)
        } else {
            Self(microseconds)
        }
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn microseconds(self) -> i64 {
        self.0
    }

    /// The moment this many seconds later.
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_microseconds(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// The legal day (Asia/Shanghai) on which it falls.
    pub fn date(self) -> Date {
        let timestamp = jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        SHANGHAI.to_datetime(timestamp).date()
    }

    /// The last second of a legal day: 23:59:59 in Asia/Shanghai.
    pub fn end_of_day(date: Date) -> Self {
        let end = date.at(23, 59, 59, 0);
        SHANGHAI.to_timestamp(end).map_or(Self(MICROSECONDS_MAX), |t| Self::from_microseconds(t.as_microsecond()))
    }
}

/// What [`Moment`] writes: RFC 3339 with an offset.
impl FromStr for Moment {
    type Err = UnknownSpelling;

    fn from_str(text: &str) -> Result<Self, UnknownSpelling> {
        let timestamp: jiff::Timestamp =
            text.parse().map_err(|_| UnknownSpelling { list: "Moment", found: text.chars().take(40).collect() })?;
        Ok(Self::from_microseconds(timestamp.as_microsecond()))
    }
}

/// RFC 3339 in UTC, `2025-08-01T01:02:03.000004Z`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let timestamp = jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        write!(f, "{timestamp}")
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;
    use jiff::civil::date;

    #[test]
    fn legal_days_are_days_of_shanghai() {
        let late = Moment::from_microseconds(1_754_063_999_000_000); // 2025-08-01T15:59:59Z
        assert_eq!(late.date(), date(2025, 8, 1));
        assert_eq!(late.plus_seconds(1).date(), date(2025, 8, 2));
        assert_eq!(Moment::end_of_day(date(2025, 8, 1)), late);
        assert_eq!(late.to_string(), "2025-08-01T15:59:59Z");
    }

    #[test]
    fn moments_stay_printable() {
        assert_eq!(Moment::from_microseconds(-1).microseconds(), 0);
        assert_eq!(Moment::from_microseconds(i64::MAX).date().year(), 9999);
    }
}
