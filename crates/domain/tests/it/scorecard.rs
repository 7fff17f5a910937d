//! The indicators: each formula, and what it does at its edges.

use crate::samples::*;
use shuqiao_domain::{
    ClockId,
    scorecard::{
        CaseRef, DisputeFact, DutyFact, DutyKind, FlowFact, FlowRun, IndicatorCode, Period, ReplyEnd, ReplyFact, Score,
        ScoreFacts, ScoreLight, Standing, scorecard,
    },
};
use shuqiao_vocabulary::{Moment, OrganisationId, SharingRequestId, UpdateFrequency};

fn at(date: &str) -> Moment {
    noon(day(date))
}

fn request(number: usize) -> SharingRequestId {
    format!("req_{number:032x}").parse().unwrap()
}

/// A conditional request, received on 2 March and due on the 16th, which nobody has answered.
fn open(number: usize) -> ReplyFact {
    ReplyFact {
        case: CaseRef { number: format!("2026-{number:06}"), id: request(number).to_string() },
        request: request(number),
        provider: provider(),
        clock: Some(ClockId::ReplyConditional),
        received: at("2026-03-02"),
        due: Moment::end_of_day(day("2026-03-16")),
        extended: false,
        acted: false,
        waited: None,
        end: None,
    }
}

fn ended(number: usize, end: ReplyEnd, date: &str) -> ReplyFact {
    ReplyFact { end: Some((end, at(date))), ..open(number) }
}

fn duty(kind: DutyKind, number: usize, done: Option<&str>, withdrawn: Option<&str>) -> DutyFact {
    DutyFact {
        kind,
        case: CaseRef { number: format!("C-{number:06}"), id: format!("case{number}") },
        unit: provider(),
        due: Moment::end_of_day(day("2026-03-16")),
        acted: false,
        done: done.map(at),
        withdrawn: withdrawn.map(at),
    }
}

fn card(facts: &ScoreFacts, unit: Option<OrganisationId>, period: &str, now: &str) -> Vec<Score> {
    scorecard(facts, unit, &period.parse().unwrap(), &calendar(), at(now))
}

fn of(scores: &[Score], code: IndicatorCode) -> &Score {
    scores.iter().find(|score| score.code == code).unwrap()
}

/// The indicator for replies alone, in March, as seen in May.
fn march(replies: Vec<ReplyFact>, code: IndicatorCode) -> Score {
    let facts = ScoreFacts { replies, ..ScoreFacts::default() };
    of(&card(&facts, Some(provider()), "2026-03", "2026-05-06"), code).clone()
}

fn numbers(score: &Score) -> (usize, usize, Option<u64>, Option<ScoreLight>) {
    (score.numerator(), score.denominator(), score.value, score.light)
}

#[test]
fn a_duty_stands_in_one_of_four_ways() {
    let due = Moment::end_of_day(day("2026-03-16"));
    let table = [
        (Some("2026-03-16"), None, false, "2026-03-20", Standing::InTime),
        (Some("2026-03-17"), None, false, "2026-03-20", Standing::Late),
        (None, None, false, "2026-03-16", Standing::Running),
        (None, None, false, "2026-03-17", Standing::Late),
        (None, Some("2026-03-10"), false, "2026-03-20", Standing::Excluded),
        (None, Some("2026-03-10"), true, "2026-03-20", Standing::InTime),
        (None, Some("2026-03-17"), false, "2026-03-20", Standing::Late),
        (None, Some("2026-03-17"), true, "2026-03-20", Standing::Late),
        (Some("2026-03-10"), Some("2026-03-17"), false, "2026-03-20", Standing::InTime),
    ];
    for (done, withdrawn, acted, now, expected) in table {
        let found = Standing::of(due, done.map(at), withdrawn.map(at), acted, at(now));
        assert_eq!(found, expected, "{done:?} {withdrawn:?} {acted} {now}");
    }
    assert_eq!(Standing::of(due, Some(due), None, false, due), Standing::InTime, "the last moment is in time");
}

#[test]
fn periods_are_months_quarters_and_years() {
    let days = |text: &str| {
        let period: Period = text.parse().unwrap();
        (period.first().to_string(), period.last().to_string())
    };
    assert_eq!(days("2026"), ("2026-01-01".into(), "2026-12-31".into()));
    assert_eq!(days("2028-02"), ("2028-02-01".into(), "2028-02-29".into()));
    assert_eq!(days("2026-Q2"), ("2026-04-01".into(), "2026-06-30".into()));
    for wrong in ["", "26", "2026-", "2026-13", "2026-00", "2026-1", "2026-Q5", "2026-q1", "+026", "2026-03-01", "1999"]
    {
        assert!(wrong.parse::<Period>().is_err(), "{wrong}");
    }
    let march: Period = "2026-03".parse().unwrap();
    // Legal days are days of Asia/Shanghai: the month ends there before it ends in UTC.
    assert!(march.has(Moment::end_of_day(day("2026-03-31"))));
    assert!(!march.has(Moment::end_of_day(day("2026-03-31")).plus_seconds(1)));
    assert!(march.has(Moment::end_of_day(day("2026-02-28")).plus_seconds(1)));
}

#[test]
fn s2_counts_replies_in_the_month_of_their_deadline() {
    let late = ended(2, ReplyEnd::Refused, "2026-03-17");
    let april = ReplyFact { due: Moment::end_of_day(day("2026-04-01")), ..ended(3, ReplyEnd::Agreed, "2026-03-30") };
    let other = ReplyFact { provider: requester(), ..ended(4, ReplyEnd::Agreed, "2026-03-10") };
    let unseen = ended(5, ReplyEnd::Withdrawn, "2026-03-10");
    let overdue = ended(6, ReplyEnd::Withdrawn, "2026-03-18");
    let replies = vec![ended(1, ReplyEnd::Agreed, "2026-03-16"), late, april, other, unseen, overdue, open(7)];
    let score = march(replies.clone(), IndicatorCode::S2);
    assert_eq!(numbers(&score), (1, 4, Some(2_500), Some(ScoreLight::Red)));
    let listed: Vec<_> = score.cases.iter().map(|case| (case.case.number.as_str(), case.counts)).collect();
    assert_eq!(listed, [("2026-000001", true), ("2026-000002", false), ("2026-000006", false), ("2026-000007", false)]);
    assert!(score.few);
    let facts = ScoreFacts { replies, ..ScoreFacts::default() };
    let all = card(&facts, None, "2026-Q1", "2026-05-06");
    assert_eq!(of(&all, IndicatorCode::S2).denominator(), 5, "all departments together");
}

#[test]
fn an_approved_extension_counts_and_an_open_case_waits() {
    let extended = ReplyFact {
        extended: true,
        due: Moment::end_of_day(day("2026-03-23")),
        ..ended(1, ReplyEnd::Agreed, "2026-03-20")
    };
    let facts = ScoreFacts { replies: vec![extended, open(2)], ..ScoreFacts::default() };
    let scores = card(&facts, Some(provider()), "2026-03", "2026-03-16");
    let replies = of(&scores, IndicatorCode::S2);
    assert_eq!(numbers(replies), (1, 1, Some(10_000), Some(ScoreLight::Green)));
    assert_eq!(replies.running, [open(2).case]);
    assert_eq!(numbers(of(&scores, IndicatorCode::S7)), (1, 1, Some(10_000), Some(ScoreLight::Red)));
}

#[test]
fn s3_takes_working_days_and_never_subtracts_waiting() {
    let dates = ["2026-03-03", "2026-03-04", "2026-03-09", "2026-03-16"];
    let mut replies: Vec<_> = dates.iter().enumerate().map(|(n, on)| ended(n, ReplyEnd::Agreed, on)).collect();
    replies[3].waited = Some((at("2026-03-05"), Some(at("2026-03-10"))));
    // 1, 2, 5 and 10 working days.
    let mean = march(replies.clone(), IndicatorCode::S3Mean);
    assert_eq!((mean.value, mean.light), (Some(450), Some(ScoreLight::Green)));
    assert_eq!(mean.cases[3].working_days, Some(10));
    assert_eq!(mean.cases[3].waiting_days, 3, "Friday, Monday, Tuesday: beside, not off");
    let median = march(replies.clone(), IndicatorCode::S3Median);
    assert_eq!((median.value, median.light), (Some(350), Some(ScoreLight::Red)), "days are kept or not: no yellow");
    let most = march(replies.clone(), IndicatorCode::S3P95);
    assert_eq!((most.value, most.light), (Some(1_000), Some(ScoreLight::Green)));
    replies.truncate(3);
    assert_eq!(march(replies, IndicatorCode::S3Median).value, Some(200));
    let none = march(vec![open(1)], IndicatorCode::S3Mean);
    assert_eq!(numbers(&none), (0, 0, None, None));
}

#[test]
fn waiting_that_nobody_ended_ends_with_the_case() {
    let waited = Some((at("2026-03-05"), None));
    let reply = ReplyFact { acted: true, waited, ..ended(1, ReplyEnd::Withdrawn, "2026-03-09") };
    let score = march(vec![reply], IndicatorCode::S2);
    assert_eq!(numbers(&score), (1, 1, Some(10_000), Some(ScoreLight::Green)), "withdrawn in time after an action");
    assert_eq!((score.cases[0].working_days, score.cases[0].waiting_days), (None, 2));
}

#[test]
fn s4_wants_agreement_within_one_working_day() {
    let reply = |number, end, on| ReplyFact { clock: Some(ClockId::ReplyUnconditional), ..ended(number, end, on) };
    let replies = vec![
        reply(1, ReplyEnd::Agreed, "2026-03-02"),
        reply(2, ReplyEnd::Agreed, "2026-03-03"),
        reply(3, ReplyEnd::Agreed, "2026-03-04"),
        reply(4, ReplyEnd::Refused, "2026-03-02"),
        ended(5, ReplyEnd::Agreed, "2026-03-02"),
    ];
    assert_eq!(numbers(&march(replies, IndicatorCode::S4)), (2, 4, Some(5_000), Some(ScoreLight::Red)));
}

#[test]
fn s6_watches_refusals_and_those_overturned() {
    let replies = vec![
        ended(1, ReplyEnd::Refused, "2026-03-10"),
        ended(2, ReplyEnd::Refused, "2026-03-10"),
        ended(3, ReplyEnd::Refused, "2026-03-10"),
        ended(4, ReplyEnd::Agreed, "2026-03-10"),
        ReplyFact { acted: true, ..ended(5, ReplyEnd::Withdrawn, "2026-03-10") },
    ];
    let dispute = |number: usize, closed, for_requester| DisputeFact {
        case: CaseRef { number: format!("ZY-{number}"), id: format!("dispute{number}") },
        parties: vec![requester(), provider()],
        request: Some(request(number)),
        raised: at("2026-04-01"),
        closed,
        for_requester,
    };
    let disputes = vec![dispute(1, true, true), dispute(2, false, false), dispute(4, true, true)];
    let facts = ScoreFacts { replies, disputes, ..ScoreFacts::default() };
    let scores = card(&facts, Some(provider()), "2026-03", "2026-05-06");
    assert_eq!(numbers(of(&scores, IndicatorCode::S6)), (3, 4, Some(7_500), None));
    assert_eq!(numbers(of(&scores, IndicatorCode::S6Overturned)), (1, 2, Some(5_000), None));
    assert_eq!(of(&scores, IndicatorCode::D1).denominator(), 0, "raised in April");
    let april = card(&facts, Some(requester()), "2026-04", "2026-05-06");
    assert_eq!(numbers(of(&april, IndicatorCode::D1)), (2, 3, Some(6_666), Some(ScoreLight::Red)));
}

#[test]
fn duties_are_counted_by_their_kind() {
    let table = [
        (DutyKind::CatalogueUpdate, IndicatorCode::C4),
        (DutyKind::Demand, IndicatorCode::S1),
        (DutyKind::Delivery, IndicatorCode::S5),
        (DutyKind::Correction, IndicatorCode::Q4),
        (DutyKind::Disposal, IndicatorCode::X2),
    ];
    for (kind, code) in table {
        let duties = vec![
            duty(kind, 1, Some("2026-03-16"), None),
            duty(kind, 2, Some("2026-03-17"), None),
            duty(kind, 3, None, None),
            duty(kind, 4, None, Some("2026-03-05")),
            duty(kind, 5, None, Some("2026-03-17")),
        ];
        let facts = ScoreFacts { duties, ..ScoreFacts::default() };
        let scores = card(&facts, Some(provider()), "2026-03", "2026-05-06");
        assert_eq!(numbers(of(&scores, code)), (1, 4, Some(2_500), Some(ScoreLight::Red)), "{kind}");
        let counted: usize = scores.iter().map(Score::denominator).sum();
        assert_eq!(counted, 4, "{kind} counts nowhere else");
    }
}

#[test]
fn lights_turn_exactly_at_the_target_and_five_points_below() {
    let score = |good: usize, all: usize| {
        let done = |n: usize| Some(if n < good { "2026-03-10" } else { "2026-03-20" });
        let duties = (0..all).map(|n| duty(DutyKind::Correction, n, done(n), None)).collect();
        let facts = ScoreFacts { duties, ..ScoreFacts::default() };
        of(&card(&facts, None, "2026-03", "2026-05-06"), IndicatorCode::Q4).clone()
    };
    let light = |good, all| score(good, all).light;
    assert_eq!(light(19, 20), Some(ScoreLight::Green), "95 %");
    assert_eq!(light(18, 19), Some(ScoreLight::Yellow), "94.7 %");
    assert_eq!(light(18, 20), Some(ScoreLight::Yellow), "90 %");
    assert_eq!(light(17, 19), Some(ScoreLight::Red), "89.4 %");
    assert!(score(9, 9).few && !score(10, 10).few, "fewer than ten are not ranked");
    let extended = |number: usize, all: usize| {
        let reply = |n| ReplyFact { extended: n < number, ..ended(n, ReplyEnd::Agreed, "2026-03-10") };
        march((0..all).map(reply).collect(), IndicatorCode::S7).light
    };
    assert_eq!(extended(1, 10), Some(ScoreLight::Green), "10 %");
    assert_eq!(extended(3, 20), Some(ScoreLight::Yellow), "15 %");
    assert_eq!(extended(4, 20), Some(ScoreLight::Red), "20 %");
}

/// A monthly return flow that was due first on 16 January.
fn flow(runs: &[(&str, &str, bool, Option<bool>)], ended: Option<&str>) -> FlowFact {
    let run = |&(due, on, complete, usable): &(&str, &str, bool, Option<bool>)| {
        (day(due), FlowRun { returned_on: day(on), complete, usable })
    };
    FlowFact {
        case: CaseRef { number: "HL-2026-000001".into(), id: "flow1".into() },
        unit: provider(),
        first_due: day("2026-01-16"),
        frequency: UpdateFrequency::Monthly,
        runs: runs.iter().map(run).collect(),
        ended: ended.map(day),
    }
}

#[test]
fn r1_asks_of_each_due_date_whether_usable_rows_came_back_in_time() {
    let r1 = |flow: FlowFact, period: &str, now: &str| {
        let facts = ScoreFacts { flows: vec![flow], ..ScoreFacts::default() };
        of(&card(&facts, Some(provider()), period, now), IndicatorCode::R1).clone()
    };
    let runs = [
        ("2026-01-16", "2026-01-16", true, None),
        ("2026-02-16", "2026-02-17", true, Some(true)),
        ("2026-03-16", "2026-03-10", false, None),
        ("2026-04-16", "2026-04-16", true, Some(false)),
        ("2026-05-16", "2026-05-15", true, Some(true)),
    ];
    let year = r1(flow(&runs, None), "2026", "2026-07-01");
    let counts: Vec<bool> = year.cases.iter().map(|case| case.counts).collect();
    assert_eq!(
        counts,
        [true, false, false, false, true, false],
        "silence, late, incomplete, unusable, usable, missing"
    );
    assert_eq!(year.cases[1].due, Some(Moment::end_of_day(day("2026-02-16"))), "in the order of their due dates");
    assert_eq!(r1(flow(&runs, None), "2026-Q2", "2026-07-01").denominator(), 3);
    let ended = r1(flow(&runs, Some("2026-04-16")), "2026", "2026-07-01");
    assert_eq!(ended.denominator(), 3, "from the day it was ended nothing is due");
    let today = r1(flow(&[], None), "2026", "2026-01-16");
    assert_eq!((today.denominator(), today.running.len()), (0, 1), "due today: it still runs");
}
