//! The holidays that the State Council has arranged, 2018 to 2026.
//!
//! Facts taken from the notices named here, written down by us holiday by holiday as the notices word them. Tests
//! compare the result day by day with two collections made by others. To add a year: add its notice and holidays,
//! and change [`VERSION`].

use std::collections::BTreeMap;

use jiff::civil::date as day;
use shuqiao_vocabulary::Date;

use crate::calendar::{Notice, YearPlan};

/// Changes whenever the table changes.
pub(crate) const VERSION: &str = "CN-2018..2026";

struct Year {
    year: i16,
    /// Number and address.
    notices: &'static [(&'static str, &'static str)],
    holidays: &'static [Holiday],
}

/// One holiday: days of rest from the first to the last, and the weekend days worked for it.
struct Holiday {
    first: Date,
    last: Date,
    worked: &'static [Date],
}

const fn rest(first: Date, last: Date, worked: &'static [Date]) -> Holiday {
    Holiday { first, last, worked }
}

/// The table as plans.
pub(crate) fn years() -> BTreeMap<i16, YearPlan> {
    TABLE.iter().map(|year| (year.year, plan(year))).collect()
}

fn plan(year: &Year) -> YearPlan {
    let notice = |(number, url): &(&str, &str)| Notice { number: (*number).to_owned(), url: (*url).to_owned() };
    let mut plan = YearPlan { notices: year.notices.iter().map(notice).collect(), ..YearPlan::default() };
    for holiday in year.holidays {
        let days = holiday.first.series(jiff::Span::new().days(1)).take_while(|date| *date <= holiday.last);
        plan.off.extend(days);
        plan.work.extend(holiday.worked);
    }
    plan
}

// In each year: 元旦, 春节, 清明节, 劳动节, 端午节, 中秋节, 国庆节, in the order of the days.
static TABLE: &[Year] = &[
    Year {
        year: 2018,
        notices: &[("国办发明电〔2017〕12号", "http://www.gov.cn/zhengce/zhengceku/2017-11/30/content_5243579.htm")],
        holidays: &[
            rest(day(2018, 1, 1), day(2018, 1, 1), &[]),
            rest(day(2018, 2, 15), day(2018, 2, 21), &[day(2018, 2, 11), day(2018, 2, 24)]),
            rest(day(2018, 4, 5), day(2018, 4, 7), &[day(2018, 4, 8)]),
            rest(day(2018, 4, 29), day(2018, 5, 1), &[day(2018, 4, 28)]),
            rest(day(2018, 6, 18), day(2018, 6, 18), &[]),
            rest(day(2018, 9, 24), day(2018, 9, 24), &[]),
            rest(day(2018, 10, 1), day(2018, 10, 7), &[day(2018, 9, 29), day(2018, 9, 30)]),
        ],
    },
    Year {
        year: 2019,
        // The second notice lengthens 劳动节.
        notices: &[
            ("国办发明电〔2018〕15号", "http://www.gov.cn/zhengce/zhengceku/2018-12/06/content_5346276.htm"),
            ("国办发明电〔2019〕3号", "http://www.gov.cn/zhengce/zhengceku/2019-03/22/content_5375877.htm"),
        ],
        holidays: &[
            rest(day(2018, 12, 30), day(2019, 1, 1), &[day(2018, 12, 29)]),
            rest(day(2019, 2, 4), day(2019, 2, 10), &[day(2019, 2, 2), day(2019, 2, 3)]),
            rest(day(2019, 4, 5), day(2019, 4, 5), &[]),
            rest(day(2019, 5, 1), day(2019, 5, 4), &[day(2019, 4, 28), day(2019, 5, 5)]),
            rest(day(2019, 6, 7), day(2019, 6, 7), &[]),
            rest(day(2019, 9, 13), day(2019, 9, 13), &[]),
            rest(day(2019, 10, 1), day(2019, 10, 7), &[day(2019, 9, 29), day(2019, 10, 12)]),
        ],
    },
    Year {
        year: 2020,
        // The second notice lengthens 春节 to 2 February; Saturday 1 February is then not worked.
        notices: &[
            ("国办发明电〔2019〕16号", "http://www.gov.cn/zhengce/zhengceku/2019-11/21/content_5454164.htm"),
            ("国办发明电〔2020〕1号", "http://www.gov.cn/zhengce/zhengceku/2020-01/27/content_5472352.htm"),
        ],
        holidays: &[
            rest(day(2020, 1, 1), day(2020, 1, 1), &[]),
            rest(day(2020, 1, 24), day(2020, 2, 2), &[day(2020, 1, 19)]),
            rest(day(2020, 4, 4), day(2020, 4, 6), &[]),
            rest(day(2020, 5, 1), day(2020, 5, 5), &[day(2020, 4, 26), day(2020, 5, 9)]),
            rest(day(2020, 6, 25), day(2020, 6, 27), &[day(2020, 6, 28)]),
            rest(day(2020, 10, 1), day(2020, 10, 8), &[day(2020, 9, 27), day(2020, 10, 10)]),
        ],
    },
    Year {
        year: 2021,
        notices: &[("国办发明电〔2020〕27号", "http://www.gov.cn/zhengce/zhengceku/2020-11/25/content_5564127.htm")],
        holidays: &[
            rest(day(2021, 1, 1), day(2021, 1, 3), &[]),
            rest(day(2021, 2, 11), day(2021, 2, 17), &[day(2021, 2, 7), day(2021, 2, 20)]),
            rest(day(2021, 4, 3), day(2021, 4, 5), &[]),
            rest(day(2021, 5, 1), day(2021, 5, 5), &[day(2021, 4, 25), day(2021, 5, 8)]),
            rest(day(2021, 6, 12), day(2021, 6, 14), &[]),
            rest(day(2021, 9, 19), day(2021, 9, 21), &[day(2021, 9, 18)]),
            rest(day(2021, 10, 1), day(2021, 10, 7), &[day(2021, 9, 26), day(2021, 10, 9)]),
        ],
    },
    Year {
        year: 2022,
        notices: &[("国办发明电〔2021〕11号", "http://www.gov.cn/zhengce/zhengceku/2021-10/25/content_5644835.htm")],
        holidays: &[
            rest(day(2022, 1, 1), day(2022, 1, 3), &[]),
            rest(day(2022, 1, 31), day(2022, 2, 6), &[day(2022, 1, 29), day(2022, 1, 30)]),
            rest(day(2022, 4, 3), day(2022, 4, 5), &[day(2022, 4, 2)]),
            rest(day(2022, 4, 30), day(2022, 5, 4), &[day(2022, 4, 24), day(2022, 5, 7)]),
            rest(day(2022, 6, 3), day(2022, 6, 5), &[]),
            rest(day(2022, 9, 10), day(2022, 9, 12), &[]),
            rest(day(2022, 10, 1), day(2022, 10, 7), &[day(2022, 10, 8), day(2022, 10, 9)]),
        ],
    },
    Year {
        year: 2023,
        notices: &[("国办发明电〔2022〕16号", "http://www.gov.cn/zhengce/zhengceku/2022-12/08/content_5730844.htm")],
        holidays: &[
            rest(day(2022, 12, 31), day(2023, 1, 2), &[]),
            rest(day(2023, 1, 21), day(2023, 1, 27), &[day(2023, 1, 28), day(2023, 1, 29)]),
            rest(day(2023, 4, 5), day(2023, 4, 5), &[]),
            rest(day(2023, 4, 29), day(2023, 5, 3), &[day(2023, 4, 23), day(2023, 5, 6)]),
            rest(day(2023, 6, 22), day(2023, 6, 24), &[day(2023, 6, 25)]),
            rest(day(2023, 9, 29), day(2023, 10, 6), &[day(2023, 10, 7), day(2023, 10, 8)]),
        ],
    },
    Year {
        year: 2024,
        notices: &[("国办发明电〔2023〕7号", "https://www.gov.cn/zhengce/zhengceku/202310/content_6911528.htm")],
        holidays: &[
            rest(day(2024, 1, 1), day(2024, 1, 1), &[]),
            rest(day(2024, 2, 10), day(2024, 2, 17), &[day(2024, 2, 4), day(2024, 2, 18)]),
            rest(day(2024, 4, 4), day(2024, 4, 6), &[day(2024, 4, 7)]),
            rest(day(2024, 5, 1), day(2024, 5, 5), &[day(2024, 4, 28), day(2024, 5, 11)]),
            rest(day(2024, 6, 10), day(2024, 6, 10), &[]),
            rest(day(2024, 9, 15), day(2024, 9, 17), &[day(2024, 9, 14)]),
            rest(day(2024, 10, 1), day(2024, 10, 7), &[day(2024, 9, 29), day(2024, 10, 12)]),
        ],
    },
    Year {
        year: 2025,
        notices: &[("国办发明电〔2024〕12号", "https://www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm")],
        holidays: &[
            rest(day(2025, 1, 1), day(2025, 1, 1), &[]),
            rest(day(2025, 1, 28), day(2025, 2, 4), &[day(2025, 1, 26), day(2025, 2, 8)]),
            rest(day(2025, 4, 4), day(2025, 4, 6), &[]),
            rest(day(2025, 5, 1), day(2025, 5, 5), &[day(2025, 4, 27)]),
            rest(day(2025, 5, 31), day(2025, 6, 2), &[]),
            rest(day(2025, 10, 1), day(2025, 10, 8), &[day(2025, 9, 28), day(2025, 10, 11)]),
        ],
    },
    Year {
        year: 2026,
        notices: &[("国办发明电〔2025〕7号", "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm")],
        holidays: &[
            rest(day(2026, 1, 1), day(2026, 1, 3), &[day(2026, 1, 4)]),
            rest(day(2026, 2, 15), day(2026, 2, 23), &[day(2026, 2, 14), day(2026, 2, 28)]),
            rest(day(2026, 4, 4), day(2026, 4, 6), &[]),
            rest(day(2026, 5, 1), day(2026, 5, 5), &[day(2026, 5, 9)]),
            rest(day(2026, 6, 19), day(2026, 6, 21), &[]),
            rest(day(2026, 9, 25), day(2026, 9, 27), &[]),
            rest(day(2026, 10, 1), day(2026, 10, 7), &[day(2026, 9, 20), day(2026, 10, 10)]),
        ],
    },
];
