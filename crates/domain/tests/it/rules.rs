//! Rule sets: whose terms hold where and when, and that none is ever longer than the Decree's.

use crate::samples::*;
use proptest::prelude::*;
use shuqiao_calendar::{LateNotice, Notice, WorkCalendar};
use shuqiao_domain::{
    Clock, ClockId, Refusal, RefusalCode, RuleBook, RuleSet, Spent, Timing,
    clock::longest_extension,
    law,
    rules::{CommonAuthorityPolicy, DECREE, ExtensionPolicy, Policies, SupplementPolicy, UpdateStopPolicy},
};
use shuqiao_vocabulary::{Article, Date, Level, Moment, RegionCode};
use std::collections::{BTreeMap, BTreeSet};

fn region(code: &str) -> RegionCode {
    code.parse().unwrap()
}

fn set(id: &str, level: Option<Level>, region_code: Option<&str>, from: &str, terms: &[(ClockId, u16)]) -> RuleSet {
    RuleSet {
        id: id.to_owned(),
        level,
        region: region_code.map(region),
        from: day(from),
        terms: terms.iter().copied().collect(),
        policies: Policies::default(),
        title: format!("规则 {id}"),
        number: format!("文〔2026〕{id}号"),
    }
}

fn book(sets: impl IntoIterator<Item = RuleSet>) -> RuleBook {
    sets.into_iter().fold(RuleBook::decree(), |book, set| book.adopt(set).unwrap())
}

fn found(book: &RuleBook, clock: ClockId, level: Level, code: &str, date: &str) -> (u16, String) {
    let rule = book.resolve(clock, level, &region(code), day(date));
    (rule.term.days, rule.rule_set)
}

fn at(date: &str) -> Moment {
    noon(day(date))
}

/// A book in which Guizhou reads the law so, and names these terms, from 2026 on.
pub(crate) fn guizhou(terms: &[(ClockId, u16)], policies: Policies) -> RuleBook {
    let set = RuleSet {
        id: "贵州".into(),
        level: None,
        region: Some(region("52")),
        from: day("2026-01-01"),
        terms: terms.iter().copied().collect(),
        policies,
        title: "贵州省规则".into(),
        number: "黔府发〔2026〕1号".into(),
    };
    RuleBook::decree().adopt(set).expect("a set in order")
}

#[test]
fn without_a_set_the_decree_holds_everywhere() {
    let table = ClockId::ALL.map_terms();
    insta::assert_snapshot!(table, @r"
    reply_unconditional 1 21(1)
    reply_conditional 10 21(1)
    reply_extension 10 21(1)
    delivery 20 22(1)
    catalogue_update 10 17(2)
    catalogue_update_extension 5 17(2)
    catalogue_review 2 17(3)
    correction 10 26(2)
    ");
}

trait Terms {
    fn map_terms(&self) -> String;
}

impl Terms for &[ClockId] {
    fn map_terms(&self) -> String {
        let line = |clock: &ClockId| {
            let rule = RuleBook::decree().resolve(*clock, Level::City, &region("5203"), day("2026-03-02"));
            assert_eq!((rule.rule_set.as_str(), rule.due_hour, rule.term), (DECREE, 24, law::term(*clock)));
            format!("{clock} {} {}", rule.term.days, rule.term.article)
        };
        self.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn the_narrowest_set_in_force_holds() {
    let clock = ClockId::ReplyConditional;
    let book = book([
        set("nation", None, None, "2026-01-01", &[(clock, 9), (ClockId::Delivery, 15)]),
        set("province", None, Some("52"), "2026-01-01", &[(clock, 7)]),
        set("counties", Some(Level::County), Some("52"), "2026-01-01", &[(clock, 6)]),
        set("city", None, Some("5203"), "2026-03-01", &[(clock, 5)]),
        set("city again", None, Some("5203"), "2026-06-01", &[(clock, 4)]),
    ]);
    let check = |level, code, date, days, id: &str| {
        assert_eq!(found(&book, clock, level, code, date), (days, id.to_owned()), "{level} {code} {date}");
    };
    check(Level::City, "5203", "2025-12-31", 10, DECREE);
    check(Level::City, "5101", "2026-01-01", 9, "nation");
    check(Level::City, "5203", "2026-02-28", 7, "province");
    check(Level::County, "520302", "2026-02-28", 6, "counties");
    check(Level::County, "520302", "2026-03-01", 5, "city");
    check(Level::City, "5203", "2026-05-31", 5, "city");
    check(Level::City, "5203", "2026-06-01", 4, "city again");
    // What the narrower sets do not speak of is as the wider says.
    assert_eq!(found(&book, ClockId::Delivery, Level::City, "5203", "2026-06-01"), (15, "nation".to_owned()));
    assert_eq!(found(&book, ClockId::Correction, Level::City, "5203", "2026-06-01"), (10, DECREE.to_owned()));
}

#[test]
fn a_set_is_superseded_and_never_edited() {
    let clock = ClockId::Delivery;
    let first = book([set("1", None, Some("52"), "2026-01-01", &[(clock, 12)])]);
    let same_day = first.adopt(set("2", None, Some("52"), "2026-01-01", &[(clock, 14)])).unwrap();
    assert_eq!(found(&same_day, clock, Level::City, "5203", "2026-02-01"), (14, "2".to_owned()));
    let earlier = same_day.adopt(set("3", None, Some("52"), "2025-12-01", &[(clock, 8)])).unwrap();
    assert_eq!(found(&earlier, clock, Level::City, "5203", "2026-02-01"), (14, "2".to_owned()));
    // A set that says nothing ends another, and only another.
    let ended = earlier.adopt(set("4", None, Some("52"), "2026-05-01", &[])).unwrap();
    assert_eq!(found(&ended, clock, Level::City, "5203", "2026-05-01"), (20, DECREE.to_owned()));
    assert_eq!(found(&ended, clock, Level::City, "5203", "2026-04-30"), (14, "2".to_owned()));
    let nothing = earlier.adopt(set("5", None, Some("51"), "2026-05-01", &[])).unwrap_err();
    assert_eq!((nothing.code, nothing.ground), (RefusalCode::RuleRefused, Some(law::SHORTER_TERMS)));
    assert_eq!(first.sets().len(), 1, "the earlier book is what it was");
}

fn refusal(one: RuleSet) -> Refusal {
    RuleBook::decree().adopt(one).unwrap_err()
}

#[test]
fn no_term_is_longer_than_the_decree() {
    for clock in ClockId::ALL {
        let longest = law::term(*clock);
        let one = |days| set("x", None, Some("52"), "2026-01-01", &[(*clock, days)]);
        let longer = refusal(one(longest.days + 1));
        assert_eq!((longer.code, longer.ground), (RefusalCode::RuleTooLong, Some(longest.article)), "{clock}");
        assert_eq!(longer.params["max"], longest.days.to_string());
        let same = refusal(one(longest.days));
        assert_eq!((same.code, same.ground), (RefusalCode::RuleRefused, Some(Article::of(23))), "{clock}");
        assert_eq!(RuleBook::decree().adopt(one(0)).is_ok(), clock.is_extension(), "{clock}: no time at all");
        assert_eq!(RuleBook::decree().adopt(one(longest.days - 1)).is_ok(), longest.days > 1 || clock.is_extension());
    }
}

#[test]
fn a_set_is_well_formed() {
    let good = || set("x", None, Some("52"), "2026-01-01", &[(ClockId::Delivery, 5)]);
    let field = |one: RuleSet| refusal(one).params["field"].clone();
    assert_eq!(field(RuleSet { id: DECREE.to_owned(), ..good() }), "id");
    assert_eq!(field(RuleSet { title: String::new(), ..good() }), "title");
    assert_eq!(field(RuleSet { number: "号".repeat(61), ..good() }), "number");
    let none = Policies::default;
    for (policies, expected) in [
        (Policies { due_hour: Some(11), ..none() }, "due_hour"),
        (Policies { objection_days: Some(0), ..none() }, "objection_days"),
        (Policies { usage_retention_years: Some(101), ..none() }, "usage_retention_years"),
    ] {
        assert_eq!(field(RuleSet { policies, ..good() }), expected);
    }
    assert_eq!(field(RuleSet { terms: BTreeMap::new(), ..good() }), "terms");
    let twice = book([good()]).adopt(good()).unwrap_err();
    assert_eq!(twice.params["field"], "id");
}

#[test]
fn open_points_have_their_defaults_and_can_be_read_otherwise() {
    let place = (Level::City, region("5203"), day("2026-03-02"));
    let decree = RuleBook::decree();
    assert_eq!(decree.supplement(place.0, &place.1, place.2), SupplementPolicy::RunOn);
    assert_eq!(decree.extension_for_unconditional(place.0, &place.1, place.2), ExtensionPolicy::Allowed);
    let policies = Policies {
        supplement: Some(SupplementPolicy::Pause),
        extension_for_unconditional: Some(ExtensionPolicy::Off),
        due_hour: Some(18),
        ..Policies::default()
    };
    let local = book([RuleSet { policies, ..set("x", None, Some("52"), "2026-01-01", &[]) }]);
    assert_eq!(local.supplement(place.0, &place.1, place.2), SupplementPolicy::Pause);
    assert_eq!(local.supplement(place.0, &region("51"), place.2), SupplementPolicy::RunOn);
    let (calendar, city) = (calendar(), region("5203"));
    let timing = Timing::at(&calendar, &local, Level::City, &city);
    let longest = |clock| longest_extension(clock, &timing, place.2).map(|term| term.days);
    assert_eq!(longest(ClockId::ReplyUnconditional), Some(0));
    assert_eq!(longest(ClockId::ReplyConditional), Some(10));
    assert_eq!(longest(ClockId::CatalogueUpdate), Some(5));
    assert_eq!([ClockId::Delivery, ClockId::Correction, ClockId::CatalogueReview].map(longest), [None; 3]);
    let clock = timing.start(ClockId::ReplyConditional, at("2026-03-02")).unwrap();
    assert_eq!(clock.due.to_string(), "2026-03-16T09:59:59Z", "18:00 in Shanghai");
    assert_eq!(clock.rule_set, "x");
    assert_eq!(clock.extended(3, law::REPLY_EXTENSION, &calendar).unwrap().due.to_string(), "2026-03-19T09:59:59Z");
}

/// What the Decree leaves open beyond the terms: each point by its name, with its default, read otherwise by a set.
#[test]
fn every_open_point_is_a_named_policy() {
    let (city, on) = (region("5203"), day("2026-03-02"));
    let read = |book: &RuleBook| Policies {
        supplement: Some(book.supplement(Level::City, &city, on)),
        extension_for_unconditional: Some(book.extension_for_unconditional(Level::City, &city, on)),
        due_hour: Some(book.resolve(ClockId::Delivery, Level::City, &city, on).due_hour),
        update_stop: Some(book.update_stop(Level::City, &city, on)),
        objection_days: Some(book.objection_days(Level::City, &city, on)),
        common_authority: Some(book.common_authority(Level::City, &city, on)),
        usage_retention_years: Some(book.usage_retention(Level::City, &city, on).years),
    };
    assert_eq!(read(&RuleBook::decree()), Policies::DEFAULTS);
    let other = Policies {
        supplement: Some(SupplementPolicy::Restart),
        extension_for_unconditional: Some(ExtensionPolicy::Off),
        due_hour: Some(17),
        update_stop: Some(UpdateStopPolicy::Publication),
        objection_days: Some(3),
        common_authority: Some(CommonAuthorityPolicy::Above),
        usage_retention_years: Some(10),
    };
    let local = book([RuleSet { policies: other, ..set("x", None, Some("52"), "2026-01-01", &[]) }]);
    assert_eq!(read(&local), other);
    // A narrower set that speaks of one point leaves the others as the wider one reads them.
    let policies = Policies { objection_days: Some(2), ..Policies::default() };
    let narrow = local.adopt(RuleSet { policies, ..set("y", None, Some("5203"), "2026-01-01", &[]) }).unwrap();
    assert_eq!(read(&narrow), Policies { objection_days: Some(2), ..other });
    assert_eq!(read(&book([set("z", None, Some("51"), "2026-01-01", &[(ClockId::Delivery, 5)])])), Policies::DEFAULTS);
}

#[test]
fn no_policy_goes_below_the_decree() {
    let one = |policies| refusal(RuleSet { policies, ..set("x", None, Some("52"), "2026-01-01", &[]) });
    let silence = one(Policies { objection_days: Some(law::DELIVERY.days + 1), ..Policies::default() });
    assert_eq!((silence.code, silence.ground), (RefusalCode::RuleTooLong, Some(Article::paragraph(22, 1))));
    let forgotten = one(Policies { usage_retention_years: Some(2), ..Policies::default() });
    assert_eq!((forgotten.code, forgotten.ground), (RefusalCode::RuleRefused, Some(Article::paragraph(29, 2))));
    assert_eq!((&*forgotten.params["field"], &*forgotten.params["min"]), ("usage_retention_years", "3"));
}

#[test]
fn a_shorter_term_makes_a_shorter_clock_and_says_by_which_set() {
    let local = book([set("贵州", None, Some("52"), "2026-01-01", &[(ClockId::ReplyConditional, 5)])]);
    let (calendar, city, elsewhere) = (calendar(), region("5203"), region("5101"));
    let clock = |place: &RegionCode| {
        Timing::at(&calendar, &local, Level::City, place).start(ClockId::ReplyConditional, at("2026-02-14")).unwrap()
    };
    let (here, there) = (clock(&city), clock(&elsewhere));
    assert_eq!((here.due, here.working_days), (Moment::end_of_day(day("2026-02-28")), 5));
    assert_eq!((here.rule_set.as_str(), here.ground), ("贵州", Article::paragraph(21, 1)));
    assert_eq!((there.due, there.rule_set.as_str()), (Moment::end_of_day(day("2026-03-06")), DECREE));
}

#[test]
fn an_extension_is_limited_in_all() {
    let calendar = calendar();
    let clock = Clock::start(law::REPLY_CONDITIONAL, at("2026-03-02"), &calendar).unwrap();
    let longer = clock.extended(4, law::REPLY_EXTENSION, &calendar).unwrap();
    assert_eq!((longer.due, longer.working_days, longer.extended_by), (Moment::end_of_day(day("2026-03-20")), 10, 4));
    let longest = longer.extended(6, law::REPLY_EXTENSION, &calendar).unwrap();
    assert_eq!(longest.due, Moment::end_of_day(day("2026-03-30")));
    let refused = longest.extended(1, law::REPLY_EXTENSION, &calendar).unwrap_err();
    assert_eq!((refused.code, refused.ground), (RefusalCode::RuleTooLong, Some(Article::paragraph(21, 1))));
}

#[test]
fn a_notice_of_what_is_missing_moves_the_clock_only_where_a_set_says_so() {
    let calendar = calendar();
    let clock = Clock::start(law::REPLY_CONDITIONAL, at("2026-03-02"), &calendar).unwrap();
    let waited = (at("2026-03-04"), at("2026-03-09"));
    let due = |policy| {
        let moved = clock.supplemented(policy, waited, &calendar).unwrap();
        assert_eq!(moved.started, clock.started, "a clock never loses its start");
        moved.due
    };
    assert_eq!(due(SupplementPolicy::RunOn), Moment::end_of_day(day("2026-03-16")));
    assert_eq!(due(SupplementPolicy::Pause), Moment::end_of_day(day("2026-03-19")), "three working days waited");
    assert_eq!(due(SupplementPolicy::Restart), Moment::end_of_day(day("2026-03-23")));
}

#[test]
fn gross_and_net_time() {
    let calendar = calendar();
    let clock = Clock::start(law::REPLY_CONDITIONAL, at("2026-02-13"), &calendar).unwrap();
    let spent = |until: &str, waiting: &[(&str, &str)]| {
        let waiting: Vec<_> = waiting.iter().map(|(from, to)| (at(from), at(to))).collect();
        let Spent { gross, waiting, net } = clock.time(at(until), &waiting, &calendar);
        (gross, waiting, net)
    };
    assert_eq!(spent("2026-02-13", &[]), (0, 0, 0));
    assert_eq!(spent("2026-02-14", &[]), (1, 0, 1), "a worked Saturday");
    assert_eq!(spent("2026-02-23", &[]), (1, 0, 1), "over the Spring Festival");
    assert_eq!(spent("2026-03-06", &[("2026-02-24", "2026-03-02")]), (11, 5, 6));
    // Spans that overlap count once; what lies before the start or after the end does not count.
    let many = [("2026-02-24", "2026-02-27"), ("2026-02-26", "2026-03-02"), ("2026-02-01", "2026-02-13")];
    assert_eq!(spent("2026-03-06", &many), (11, 5, 6));
    assert_eq!(spent("2026-02-27", &[("2026-02-24", "2026-03-02")]), (5, 3, 2));
    assert_eq!(spent("2026-02-01", &[("2026-02-24", "2026-03-02")]), (0, 0, 0), "before it started");
}

fn late(off: &[&str], work: &[&str]) -> WorkCalendar {
    let days = |texts: &[&str]| -> BTreeSet<Date> { texts.iter().map(|text| day(text)).collect() };
    let notice = Notice { number: "国办发明电〔2026〕9号".to_owned(), url: String::new() };
    calendar().with_notice(&LateNotice { year: 2027, notice, off: days(off), work: days(work) }).unwrap()
}

#[test]
fn a_late_notice_moves_an_open_clock_once() {
    let before = Clock::start(law::REPLY_CONDITIONAL, at("2026-12-28"), &calendar()).unwrap();
    assert_eq!((before.due, before.provisional), (Moment::end_of_day(day("2027-01-11")), true));
    let announced = late(&["2027-01-01", "2027-01-02", "2027-01-03"], &[]);
    let after = before.recomputed(&announced).unwrap();
    assert_eq!((after.due, after.provisional), (Moment::end_of_day(day("2027-01-12")), false));
    assert_eq!((after.started, after.working_days, after.kind), (before.started, 10, before.kind));
    assert_eq!(after.calendar, "CN-2018..2026+国办发明电〔2026〕9号");
    assert_eq!(after.recomputed(&announced), None, "twice is once");
    // Its end does not move, and it is certain now: that is a change too.
    let easy = Clock::start(law::CATALOGUE_REVIEW, at("2026-12-28"), &calendar()).unwrap();
    let certain = easy.recomputed(&announced).unwrap();
    assert_eq!((certain.due, easy.provisional, certain.provisional), (easy.due, true, false));
    // A clock that the notice does not concern stays as it was computed.
    let old = Clock::start(law::REPLY_CONDITIONAL, at("2026-03-02"), &calendar()).unwrap();
    assert_eq!(old.recomputed(&announced), None);
    // An extended one keeps its extension.
    let extended = before.extended(5, law::REPLY_EXTENSION, &calendar()).unwrap().recomputed(&announced).unwrap();
    assert_eq!((extended.due, extended.extended_by), (Moment::end_of_day(day("2027-01-19")), 5));
}

fn starts() -> impl Strategy<Value = Moment> {
    (2018_i16..=2027, 1_i8..=12, 1_i8..=28, 0_i64..86_400).prop_map(|(year, month, d, second)| {
        Moment::end_of_day(Date::new(year, month, d).unwrap()).plus_seconds(-second)
    })
}

proptest! {
    #[test]
    fn extending_never_shortens_and_the_start_stays(
        started in starts(), days in 1_u16..=20, first in 0_u16..=10, second in 0_u16..=10, wait in 0_i64..=40,
    ) {
        let calendar = calendar();
        let term = law::Term { days, article: Article::of(21) };
        let clock = Clock::start(term, started, &calendar).unwrap();
        let longest = law::Term { days: 20, article: Article::of(21) };
        let once = clock.extended(first, longest, &calendar).unwrap();
        let twice = once.extended(second, longest, &calendar).unwrap();
        prop_assert!(clock.due <= once.due && once.due <= twice.due);
        prop_assert_eq!(clock.due < once.due, first > 0);
        prop_assert_eq!(&twice.due, &clock.extended(first + second, longest, &calendar).unwrap().due);
        let answered = started.plus_seconds(wait * 86_400);
        for policy in SupplementPolicy::ALL {
            let moved = twice.supplemented(*policy, (started, answered), &calendar).unwrap();
            prop_assert!(moved.due >= twice.due, "a notice never shortens");
            prop_assert_eq!(moved.started, started);
            prop_assert_eq!(moved.recomputed(&calendar), None, "it is what the calendar says");
        }
    }

    #[test]
    fn recomputing_twice_is_once(started in starts(), days in 1_u16..=40, off in 1_i8..=28, work in 1_i8..=28) {
        let before = Clock::start(law::Term { days, article: Article::of(21) }, started, &calendar()).unwrap();
        let off_day = Date::new(2027, 1, off).unwrap();
        let worked = Date::new(2027, 2, work).unwrap();
        let notice = Notice { number: "n".to_owned(), url: String::new() };
        let one = LateNotice { year: 2027, notice, off: [off_day].into(), work: [worked].into() };
        let Ok(next) = calendar().with_notice(&one) else { return Ok(()) };
        if let Some(after) = before.recomputed(&next) {
            prop_assert_eq!(after.started, before.started);
            prop_assert_eq!(after.recomputed(&next), None);
            prop_assert_eq!(&after.due, &Clock::start(law::Term { days, article: Article::of(21) }, started, &next).unwrap().due);
        }
    }

    #[test]
    fn net_and_waiting_make_gross(started in starts(), until in starts(), spans in prop::collection::vec((starts(), starts()), 0..5)) {
        let calendar = calendar();
        let clock = Clock::start(law::DELIVERY, started, &calendar).unwrap();
        let Spent { gross, waiting, net } = clock.time(until, &spans, &calendar);
        prop_assert_eq!(net + waiting, gross);
    }

    #[test]
    fn no_book_ever_answers_with_more_than_the_decree(
        sets in prop::collection::vec((0_usize..ClockId::ALL.len(), 0_u16..=25, 0_usize..4, 2025_i16..=2027), 0..12),
        clock in 0_usize..ClockId::ALL.len(), year in 2025_i16..=2028,
    ) {
        let mut book = RuleBook::decree();
        for (number, (clock, days, place, from)) in sets.into_iter().enumerate() {
            let place = [None, Some("52"), Some("5203"), Some("51")][place];
            let one = set(&number.to_string(), None, place, &format!("{from}-06-01"), &[(ClockId::ALL[clock], days)]);
            book = book.adopt(one).unwrap_or(book);
        }
        let clock = ClockId::ALL[clock];
        let rule = book.resolve(clock, Level::City, &region("5203"), Date::new(year, 6, 1).unwrap());
        prop_assert!(rule.term.days <= law::term(clock).days);
        prop_assert_eq!(rule.term.article, law::term(clock).article);
    }
}
