//! A second implementation, as plain as can be: it reads the yearly files that others made of the notices and walks
//! day by day. It shares no line with the crate.

use std::collections::HashMap;

use shuqiao_vocabulary::Date;

use crate::shared;

pub(crate) struct Naive {
    /// Day → is it off.
    days: HashMap<Date, bool>,
}

impl Naive {
    pub(crate) fn read() -> Option<Self> {
        let mut days = HashMap::new();
        for year in 2018..=2026 {
            let file = shared::json(&format!("data/calendars/natescarlet_{year}.json"))?;
            for day in file["days"].as_array().unwrap() {
                let date: Date = day["date"].as_str().unwrap().parse().unwrap();
                days.insert(date, day["isOffDay"].as_bool().unwrap());
            }
        }
        Some(Self { days })
    }

    pub(crate) fn works(&self, date: Date) -> bool {
        match self.days.get(&date) {
            Some(off) => !off,
            None => date.weekday().to_monday_one_offset() <= 5,
        }
    }

    pub(crate) fn due(&self, start: Date, working_days: u16) -> Date {
        let mut date = start;
        let mut counted = 0;
        while counted < working_days {
            date = date.tomorrow().unwrap();
            if self.works(date) {
                counted += 1;
            }
        }
        date
    }

    pub(crate) fn between(&self, after: Date, until: Date) -> i32 {
        let (mut from, to, sign) = if after <= until { (after, until, 1) } else { (until, after, -1) };
        let mut count = 0;
        while from < to {
            from = from.tomorrow().unwrap();
            count += i32::from(self.works(from));
        }
        count * sign
    }
}
