//! When runs begin by themselves. Days and hours are legal ones (Asia/Shanghai).

use serde::{Deserialize, Serialize};
use shuqiao_vocabulary::Moment;

const SECONDS_PER_DAY: i64 = 86_400;
/// Legal time is eight hours ahead of UTC, without daylight saving.
const SHANGHAI_SECONDS: i64 = 8 * 3_600;
/// 1970-01-01 was a Thursday: the day with number 4 was a Monday.
const FIRST_MONDAY: i64 = 4;

/// When runs begin by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Schedule {
    /// Only when somebody says so.
    Manual,
    /// Every so many hours from when the task was set up, 1 to 168.
    EveryHours {
        /// Hours.
        hours: u8,
    },
    /// Every day at this minute of the legal day, 0 to 1439.
    Daily {
        /// Minutes after midnight.
        minute: u16,
    },
    /// Every week, at this minute of this day.
    Weekly {
        /// 1 is Monday, 7 Sunday.
        weekday: u8,
        /// Minutes after midnight.
        minute: u16,
    },
}

impl Schedule {
    /// Whether the numbers make sense.
    pub fn is_sound(self) -> bool {
        match self {
            Self::Manual => true,
            Self::EveryHours { hours } => (1..=168).contains(&hours),
            Self::Daily { minute } => minute < 1_440,
            Self::Weekly { weekday, minute } => (1..=7).contains(&weekday) && minute < 1_440,
        }
    }

    /// Whether a run is due at `now`: one of the schedule's moments lies after `since` (when the last run began, or the
    /// task was set up) and not after `now`. Moments that were missed together make one run.
    pub fn is_due(self, since: Moment, now: Moment) -> bool {
        let (since, now) = (since.microseconds() / 1_000_000, now.microseconds() / 1_000_000);
        let latest = match self {
            Self::Manual => return false,
            Self::EveryHours { hours } => return now - since >= i64::from(hours.max(1)) * 3_600,
            Self::Daily { minute } => latest_of(now, SECONDS_PER_DAY, i64::from(minute) * 60),
            Self::Weekly { weekday, minute } => {
                let day = FIRST_MONDAY + i64::from(weekday.saturating_sub(1));
                latest_of(now, 7 * SECONDS_PER_DAY, day * SECONDS_PER_DAY + i64::from(minute) * 60)
            }
        };
        latest > since
    }
}

/// The latest moment not after `now` that is `offset` seconds of legal time after the beginning of a period.
fn latest_of(now: i64, period: i64, offset: i64) -> i64 {
    now - (now + SHANGHAI_SECONDS - offset).rem_euclid(period)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_fall_due_on_legal_days() {
        let at = |text: &str| text.parse::<Moment>().unwrap_or_else(|_| Moment::from_microseconds(0));
        let daily = Schedule::Daily { minute: 2 * 60 };
        let monday = Schedule::Weekly { weekday: 1, minute: 0 };
        let six = Schedule::EveryHours { hours: 6 };
        let cases = [
            (Schedule::Manual, "2025-08-01T00:00:00+08:00", "2026-08-01T00:00:00+08:00", false),
            (daily, "2025-08-01T02:00:00+08:00", "2025-08-02T01:59:59+08:00", false),
            (daily, "2025-08-01T02:00:00+08:00", "2025-08-02T02:00:00+08:00", true),
            (daily, "2025-08-01T01:59:00+08:00", "2025-08-01T02:00:00+08:00", true),
            // 2025-08-04 is a Monday.
            (monday, "2025-08-01T12:00:00+08:00", "2025-08-03T23:59:59+08:00", false),
            (monday, "2025-08-01T12:00:00+08:00", "2025-08-04T00:00:00+08:00", true),
            (monday, "2025-08-04T00:00:01+08:00", "2025-08-10T23:00:00+08:00", false),
            (six, "2025-08-01T00:00:00+08:00", "2025-08-01T05:59:59+08:00", false),
            (six, "2025-08-01T00:00:00+08:00", "2025-08-01T06:00:00+08:00", true),
        ];
        for (schedule, since, now, due) in cases {
            assert_eq!(schedule.is_due(at(since), at(now)), due, "{schedule:?} {since} {now}");
        }
    }
}
