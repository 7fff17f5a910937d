//! Notices that come late, and those of regions.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use proptest::prelude::*;
use serde_json::Value;
use shuqiao_calendar::{
    CalendarError, DayKind, LateNotice, NOTICE_NUMBER_MAX, NOTICES_MAX, Notice, Overlay, WorkCalendar, YearPlan,
};
use shuqiao_vocabulary::{Date, RegionCode};

use crate::{naive::Naive, shared};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn days(texts: &[&str]) -> BTreeSet<Date> {
    texts.iter().map(|text| day(text)).collect()
}

fn notice(number: &str) -> Notice {
    Notice { number: number.to_owned(), url: String::new() }
}

fn late(year: i16, number: &str, off: &[&str], work: &[&str]) -> LateNotice {
    LateNotice { year, notice: notice(number), off: days(off), work: days(work) }
}

fn region(code: &str) -> RegionCode {
    code.parse().unwrap()
}

fn overlay(code: &str, number: &str, off: &[&str], work: &[&str]) -> Overlay {
    Overlay { region: region(code), notice: notice(number), off: days(off), work: days(work) }
}

fn works(calendar: &WorkCalendar, text: &str) -> bool {
    calendar.is_working_day(day(text)).kind == DayKind::Working
}

/// The official calendar as it stood before this year's second notice.
fn before_the_amendment(year: i16, off: &[&str], not_off: &[&str], work: &[&str], not_work: &[&str]) -> WorkCalendar {
    let mut years = WorkCalendar::official().years().clone();
    let plan = years.get_mut(&year).unwrap();
    plan.notices.truncate(1);
    plan.off.extend(days(off));
    plan.off.retain(|date| !days(not_off).contains(date));
    plan.work.extend(days(work));
    plan.work.retain(|date| !days(not_work).contains(date));
    WorkCalendar::of(format!("CN before {year}"), years).unwrap()
}

/// 2019: the notice of 22 March made one day off of 劳动节 into four.
#[test]
fn the_amendment_of_2019_gives_the_days_of_2019() {
    let (off, work) = (["2019-05-02", "2019-05-03", "2019-05-04"], ["2019-04-28", "2019-05-05"]);
    let before = before_the_amendment(2019, &[], &off, &[], &work);
    assert_eq!(before.due_after(day("2019-04-30"), 1).unwrap().date, day("2019-05-02"));
    let amended = before.with_notice(&late(2019, "国办发明电〔2019〕3号", &off, &work)).unwrap();
    assert_eq!(amended.version(), "CN before 2019+国办发明电〔2019〕3号");
    let official = WorkCalendar::official();
    assert_eq!(amended.years()[&2019].off, official.years()[&2019].off);
    assert_eq!(amended.years()[&2019].work, official.years()[&2019].work);
    let due = |calendar: &WorkCalendar| calendar.due_after(day("2019-04-30"), 1).unwrap().date;
    assert_eq!((due(&amended), due(&official)), (day("2019-05-05"), day("2019-05-05")));
}

/// 2020: the notice of 27 January lengthened 春节 to 2 February, and Saturday the 1st was no longer worked.
#[test]
fn the_amendment_of_2020_takes_a_worked_saturday_back() {
    let before = before_the_amendment(2020, &[], &["2020-01-31", "2020-02-01", "2020-02-02"], &["2020-02-01"], &[]);
    assert!(works(&before, "2020-02-01"), "a worked Saturday");
    let off = ["2020-01-31", "2020-02-01", "2020-02-02"];
    let amended = before.with_notice(&late(2020, "国办发明电〔2020〕1号", &off, &[])).unwrap();
    let official = WorkCalendar::official();
    assert_eq!((&amended.years()[&2020].off, &amended.years()[&2020].work), {
        let plan = &official.years()[&2020];
        (&plan.off, &plan.work)
    });
    assert_eq!(before.due_after(day("2020-01-23"), 1).unwrap().date, day("2020-01-31"));
    assert_eq!(amended.due_after(day("2020-01-23"), 1).unwrap().date, day("2020-02-03"));
}

/// Each year of the table, taken away and announced again as a late notice, gives the table's days.
#[test]
fn every_year_can_arrive_late() {
    let official = WorkCalendar::official();
    let Some(naive) = Naive::read() else { return };
    for (year, plan) in official.years() {
        let mut others = official.years().clone();
        others.remove(year);
        let base = WorkCalendar::of("base".to_owned(), others).unwrap();
        let told = plan.notices.last().unwrap();
        let announced =
            LateNotice { year: *year, notice: told.clone(), off: plan.off.clone(), work: plan.work.clone() };
        assert!(base.is_working_day(date(*year, 6, 2)).provisional);
        let calendar = base.with_notice(&announced).unwrap();
        assert_eq!(calendar.version(), format!("base+{}", told.number));
        let mut day = date(*year, 1, 1).yesterday().unwrap();
        while day.year() <= *year {
            let found = calendar.is_working_day(day);
            assert_eq!(found.kind == DayKind::Working, naive.works(day), "{day}");
            day = day.tomorrow().unwrap();
        }
        assert!(!calendar.is_working_day(date(*year, 6, 2)).provisional);
    }
}

#[test]
fn a_year_that_is_announced_is_no_longer_provisional() {
    let calendar = WorkCalendar::official();
    let before = calendar.due_after(day("2026-12-30"), 2).unwrap();
    assert_eq!((before.date, before.provisional), (day("2027-01-01"), true), "nobody knows of the holiday yet");
    let announced = calendar.with_notice(&late(2027, "国办发明电〔2026〕9号", &["2027-01-01"], &[])).unwrap();
    let after = announced.due_after(day("2026-12-30"), 2).unwrap();
    assert_eq!((after.date, after.provisional), (day("2027-01-04"), false));
    assert_eq!(after.calendar, "CN-2018..2026+国办发明电〔2026〕9号");
    assert_eq!(calendar, WorkCalendar::official(), "the old one is what it was");
}

#[test]
fn notices_that_contradict_are_refused() {
    let calendar = WorkCalendar::official();
    let check = |found: LateNotice, expected: CalendarError| assert_eq!(calendar.with_notice(&found), Err(expected));
    check(
        late(2027, "国办发明电〔2026〕9号", &["2027-02-06"], &["2027-02-06"]),
        CalendarError::Contradiction { date: day("2027-02-06") },
    );
    check(
        late(2026, "国办发明电〔2025〕7号", &["2026-05-06"], &[]),
        CalendarError::NoticeKnown { number: "国办发明电〔2025〕7号".to_owned() },
    );
    check(late(2027, "n", &["2026-12-24"], &[]), CalendarError::OutsideTheYear { date: day("2026-12-24"), year: 2027 });
    check(late(2027, "n", &["2028-01-01"], &[]), CalendarError::OutsideTheYear { date: day("2028-01-01"), year: 2027 });
    check(late(2026, "n", &[], &["2026-06-01"]), CalendarError::AlreadyWorking { date: day("2026-06-01") });
    check(late(2026, "n", &["2026-06-06"], &[]), CalendarError::NothingChanges);
    check(late(2026, "n", &[], &[]), CalendarError::NothingChanges);
    for number in [String::new(), " n".to_owned(), "号".repeat(NOTICE_NUMBER_MAX + 1)] {
        check(late(2026, &number, &["2026-06-01"], &[]), CalendarError::NumberWrong { max: NOTICE_NUMBER_MAX });
    }
    assert!(calendar.with_notice(&late(2026, "n", &[], &["2026-06-19"])).is_ok(), "a day of rest that is taken back");
    let again = calendar.with_notice(&late(2027, "n", &["2027-01-01"], &[])).unwrap();
    let twice = again.with_notice(&late(2027, "n", &["2027-01-02"], &[]));
    assert_eq!(twice, Err(CalendarError::NoticeKnown { number: "n".to_owned() }));
}

#[test]
fn a_calendar_holds_so_many_notices() {
    let mut calendar = WorkCalendar::official();
    for number in 0..NOTICES_MAX {
        let off = date(2028, 1, 5).checked_add(jiff::Span::new().weeks(i64::try_from(number).unwrap())).unwrap();
        let year = off.year();
        let one = LateNotice { year, notice: notice(&number.to_string()), off: [off].into(), work: BTreeSet::new() };
        calendar = calendar.with_notice(&one).unwrap();
    }
    let more = late(2026, "more", &["2026-06-01"], &[]);
    assert_eq!(calendar.with_notice(&more), Err(CalendarError::TooMany { max: NOTICES_MAX }));
}

/// 雪顿节 is a festival of Lhasa, 藏历新年 one of all Tibet: both in Lhasa, one in Shigatse, none in Zunyi.
#[test]
fn a_region_has_its_own_days_and_nobody_else() {
    let calendar = WorkCalendar::official()
        .with_overlay(overlay("54", "藏政办发〔2026〕1号", &["2026-02-18", "2026-02-24", "2026-02-25"], &[]))
        .unwrap()
        .with_overlay(overlay("5401", "拉政办发〔2026〕8号", &["2026-08-12"], &["2026-08-15"]))
        .unwrap();
    assert_eq!(calendar.version(), "CN-2018..2026", "the nation's calendar is what it was");
    let (lhasa, shigatse, zunyi) = ("540102", "5402", "5203");
    let at = |code: &str| calendar.for_region(&region(code));
    assert_eq!(at(lhasa).version(), "CN-2018..2026+54:藏政办发〔2026〕1号+5401:拉政办发〔2026〕8号");
    assert_eq!(at(shigatse).version(), "CN-2018..2026+54:藏政办发〔2026〕1号");
    assert_eq!(at(zunyi).version(), "CN-2018..2026");
    assert!(calendar.differs_in(&region(lhasa)) && !calendar.differs_in(&region(zunyi)));
    let dues = |start: &str| [lhasa, shigatse, zunyi].map(|code| at(code).due_after(day(start), 1).unwrap().date);
    assert_eq!(dues("2026-02-14"), ["2026-02-26", "2026-02-26", "2026-02-24"].map(day));
    assert_eq!(dues("2026-08-11"), ["2026-08-13", "2026-08-12", "2026-08-12"].map(day));
    assert_eq!(dues("2026-08-14"), ["2026-08-15", "2026-08-17", "2026-08-17"].map(day));
}

#[test]
fn the_smaller_region_holds_and_then_the_later_notice() {
    let calendar = WorkCalendar::official()
        .with_overlay(overlay("5401", "小", &[], &["2026-09-25"]))
        .unwrap()
        .with_overlay(overlay("54", "大", &["2026-09-28"], &[]))
        .unwrap()
        .with_overlay(overlay("54", "后", &[], &["2026-09-28"]))
        .unwrap();
    assert!(works(&calendar.for_region(&region("5401")), "2026-09-25"), "the city works on a national holiday");
    assert!(!works(&calendar.for_region(&region("54")), "2026-09-25"));
    assert!(works(&calendar.for_region(&region("54")), "2026-09-28"), "the later notice took it back");
    let refused = calendar.with_overlay(overlay("5401", "大", &["2026-09-29"], &[]));
    assert_eq!(refused, Err(CalendarError::NoticeKnown { number: "大".to_owned() }));
    let nothing = calendar.with_overlay(overlay("5401", "空", &["2026-10-01"], &[]));
    assert_eq!(nothing, Err(CalendarError::NothingChanges));
    let amended = calendar.with_notice(&late(2027, "国", &["2027-01-01"], &[])).unwrap();
    assert_eq!(amended.for_region(&region("54")).version(), "CN-2018..2026+国+54:大+54:后");
}

/// The cases of another project's parser: a sentence of a notice, and the days it means. We parse no sentences; a notice
/// is entered as days. So we take the days, and look whether the calendar of that year says the same of each.
#[test]
fn the_days_of_real_sentences_are_in_the_table() {
    let Some(Value::Array(cases)) = shared::json("data/calendars/natescarlet_notice_parsing_cases.json") else {
        return;
    };
    let calendar = WorkCalendar::official();
    let (mut compared, mut announced_again) = (0, 0);
    for case in &cases {
        let year = i16::try_from(case["year"].as_i64().unwrap()).unwrap();
        let told: Vec<(Date, bool)> = case["expected"]
            .as_array()
            .unwrap()
            .iter()
            .map(|day| (day["date"].as_str().unwrap().parse().unwrap(), day["isOffDay"].as_bool().unwrap()))
            .collect();
        let (off, work): (Vec<_>, Vec<_>) = told.iter().copied().partition(|(_, off)| *off);
        let one = LateNotice {
            year,
            notice: notice("sentence"),
            off: off.into_iter().map(|(date, _)| date).collect(),
            work: work.into_iter().map(|(date, _)| date).collect(),
        };
        let bare = WorkCalendar::of("bare".to_owned(), BTreeMap::new()).unwrap();
        let made = bare.with_notice(&one).unwrap_or_else(|error| panic!("{case}: {error}"));
        announced_again += 1;
        for (date, off) in told {
            assert_eq!(made.is_working_day(date).kind == DayKind::Rest, off, "{date}");
            let amended_later = [("2019-05-01", 2019), ("2020-02-01", 2020)].contains(&(&*date.to_string(), year));
            if calendar.years().contains_key(&year) && !amended_later {
                assert_eq!(calendar.is_working_day(date).kind == DayKind::Rest, off, "{date} of {case}");
                compared += 1;
            }
        }
    }
    assert!(announced_again > 20 && compared >= 50, "{announced_again} sentences, {compared} days");
}

fn some_days() -> impl Strategy<Value = BTreeSet<Date>> {
    prop::collection::btree_set((1_i8..=12, 1_i8..=28).prop_map(|(m, d)| date(2027, m, d)), 0..12)
}

proptest! {
    /// Whatever a notice says, on the days it names it holds, on all others nothing changes, and its number is told.
    #[test]
    fn a_notice_moves_its_days_and_no_other(off in some_days(), work in some_days()) {
        let calendar = WorkCalendar::official();
        let one = LateNotice { year: 2027, notice: notice("随机"), off: off.clone(), work: work.clone() };
        let Ok(next) = calendar.with_notice(&one) else {
            let ordinary = |date: &Date| date.weekday().to_monday_one_offset() <= 5;
            prop_assert!(work.iter().any(|date| ordinary(date) || off.contains(date)));
            return Ok(());
        };
        prop_assert_eq!(next.version(), "CN-2018..2026+随机");
        let mut day = date(2027, 1, 1);
        while day.year() == 2027 {
            let found = next.is_working_day(day);
            prop_assert!(!found.provisional || day >= date(2027, 12, 25));
            let expected = if off.contains(&day) {
                DayKind::Rest
            } else if work.contains(&day) {
                DayKind::Working
            } else {
                calendar.is_working_day(day).kind
            };
            prop_assert_eq!(found.kind, expected);
            day = day.tomorrow().unwrap();
        }
    }
}

#[test]
fn the_days_walked_end_on_the_day_due() {
    let calendar = WorkCalendar::official();
    let walked = calendar.days_walked(day("2025-09-30"), 3).unwrap();
    assert_eq!(walked.len(), 11, "eight days of rest and three worked ones");
    assert_eq!(walked.iter().map(|day| day.counted).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
    assert_eq!(walked[10].date, calendar.due_after(day("2025-09-30"), 3).unwrap().date);
    let arranged: Vec<_> = calendar.special_days(2025).filter(|(_, kind)| *kind == DayKind::Working).collect();
    assert_eq!(arranged.len(), 5, "worked weekends of 2025");
    let plan: &YearPlan = &calendar.years()[&2025];
    assert_eq!(calendar.special_days(2025).count(), plan.off.len() + plan.work.len());
}
