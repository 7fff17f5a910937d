//! The light a case shows in every list.

use shuqiao_vocabulary::{Date, closed_list};

use crate::WorkCalendar;

closed_list! {
    /// How a case stands against its clock (灯). Never shown by colour alone: an icon and a word go with it.
    Light {
        /// 绿 正常: more is left than yellow asks for
        Green = "green",
        /// 黄 临期: two working days or a fifth of the time are left, or less
        Yellow = "yellow",
        /// 橙 当日到期
        Orange = "orange",
        /// 红 超期
        Red = "red",
        /// 灰 暂停或已办
        Grey = "grey",
    }
}

/// Yellow from here on, in working days left.
const SOON_WORKING_DAYS: i32 = 2;

/// Yellow from here on, as one part of so many of the whole time: a fifth.
const SOON_FRACTION: i32 = 5;

impl WorkCalendar {
    /// The light on `today` of a case whose clock `started` and is `due` on these days; `closed` when it is done or
    /// its clock stands.
    pub fn light(&self, today: Date, started: Date, due: Date, closed: bool) -> Light {
        if closed {
            return Light::Grey;
        }
        if today > due {
            return Light::Red;
        }
        if today == due {
            return Light::Orange;
        }
        let left = self.working_days_between(today, due);
        let whole = self.working_days_between(started, due);
        let soon = left <= SOON_WORKING_DAYS || left.saturating_mul(SOON_FRACTION) <= whole;
        if soon { Light::Yellow } else { Light::Green }
    }
}
