//! The reply clock of Art. 21(1) over real holidays.

use crate::samples::*;
use shuqiao_domain::{
    Clock, ClockId, RefusalCode,
    catalogue::EntryContent,
    law,
    request::{self, Narrowing, RequestContent},
};
use shuqiao_vocabulary::{Article, Date, Moment, SharingAttribute};

/// The clock of a request that is received on this day.
fn clock(content: EntryContent, received: Date) -> Clock {
    let entry = published(content);
    let mut request = request_draft(&entry);
    request.content = RequestContent { valid_from: Some(received), valid_until: Some(received), ..request.content };
    let by = || stamp_on(requester(), 2, received);
    let request = after(request.clone(), request::submit(&request, &entry, received, by()));
    let request = after(request.clone(), request::consent(&request, &entry, &calendar(), by()));
    request.state.reception().unwrap().clock.clone()
}

fn check(attribute: SharingAttribute, received: &str, due: &str) {
    let (content, days, kind) = match attribute {
        SharingAttribute::Unconditional => (unconditional_content(), 1, ClockId::ReplyUnconditional),
        _ => (content(), 10, ClockId::ReplyConditional),
    };
    let clock = clock(content, day(received));
    let by_hand = Clock {
        started: noon(day(received)),
        due: Moment::end_of_day(day(due)),
        working_days: days,
        ground: Article::paragraph(21, 1),
        calendar: calendar().version().to_owned(),
        provisional: false,
        kind: Some(kind),
        rule_set: "decree_809".to_owned(),
        extended_by: 0,
        paused_for: 0,
        counted_from: None,
        region: None,
    };
    assert_eq!(clock, by_hand, "{attribute}, received {received}, due {due}");
}

#[test]
fn unconditional_data_is_answered_in_one_working_day() {
    for (received, due) in [
        ("2025-08-01", "2025-08-04"),
        ("2025-09-26", "2025-09-28"), // a Sunday worked before National Day
        ("2025-09-27", "2025-09-28"), // received on a Saturday of rest
        ("2025-09-30", "2025-10-09"),
        ("2025-10-01", "2025-10-09"), // received on the holiday itself
        ("2025-10-10", "2025-10-11"), // a Saturday worked after National Day
        ("2025-12-31", "2026-01-04"), // over the year, a Sunday worked
        ("2026-02-13", "2026-02-14"), // a Saturday worked before Spring Festival
        ("2026-02-14", "2026-02-24"),
        ("2026-04-30", "2026-05-06"),
        ("2026-05-08", "2026-05-09"),
        ("2026-09-24", "2026-09-28"),
    ] {
        check(SharingAttribute::Unconditional, received, due);
    }
}

#[test]
fn conditional_data_is_answered_in_ten_working_days() {
    for (received, due) in [
        ("2025-08-01", "2025-08-15"),
        ("2025-09-30", "2025-10-21"),
        ("2025-12-31", "2026-01-15"),
        ("2026-01-30", "2026-02-13"),
        ("2026-02-14", "2026-03-06"),
        ("2026-04-30", "2026-05-18"),
        ("2026-09-30", "2026-10-20"),
    ] {
        check(SharingAttribute::Conditional, received, due);
    }
}

#[test]
fn a_year_without_a_plan_is_provisional() {
    let inside = clock(content(), day("2026-12-04"));
    assert_eq!((inside.due, inside.provisional), (Moment::end_of_day(day("2026-12-18")), false));
    let over_the_year = clock(content(), day("2026-12-24"));
    assert!(over_the_year.provisional, "2027 is not announced");
    let next_year = clock(unconditional_content(), day("2027-03-05"));
    assert_eq!((next_year.due, next_year.provisional), (Moment::end_of_day(day("2027-03-08")), true));
}

#[test]
fn the_hour_of_receipt_does_not_matter() {
    let entry = published(content());
    let request = submitted(&entry);
    let end = Moment::end_of_day(today());
    let dues: Vec<Moment> = [end.plus_seconds(1 - 86_400), noon(today()), end]
        .into_iter()
        .map(|at| {
            let by = shuqiao_domain::Stamp { at, ..by_requester() };
            let request = after(request.clone(), request::consent(&request, &entry, &calendar(), by));
            let clock = request.state.reception().unwrap().clock.clone();
            assert_eq!(clock.started, at);
            clock.due
        })
        .collect();
    assert_eq!(dues, [Moment::end_of_day(day("2026-03-16")); 3]);
}

#[test]
fn a_clock_beyond_the_calendar_is_refused() {
    let entry = published(content());
    let last = day("9999-12-30");
    let mut request = request_draft(&entry);
    request.content = RequestContent { valid_from: Some(last), valid_until: Some(last), ..request.content };
    let by = || stamp_on(requester(), 2, last);
    let request = after(request.clone(), request::submit(&request, &entry, last, by()));
    let refusal = request::consent(&request, &entry, &calendar(), by()).expect_err("no day is left");
    assert_eq!((refusal.code, refusal.ground), (RefusalCode::DeadlineOutOfRange, Some(law::REPLY_CONDITIONAL.article)));
}

/// The supplement, the proposal and its return take time; the statutory clock runs on through all of them.
#[test]
fn nothing_on_the_way_moves_the_clock() {
    let entry = published(content());
    let at_receipt = received(&entry).state.reception().unwrap().clone();
    for request in [
        supplement_asked(&entry),
        supplemented(&entry),
        proposed(supplemented(&entry), &entry, agree(Narrowing::default())),
        decided(proposed(received(&entry), &entry, agree(Narrowing::default())), &entry).0,
        decided(proposed(received(&entry), &entry, refuse(vec![reason("用途不需要。")])), &entry).0,
        withdrawn(supplemented(&entry)),
    ] {
        let now = request.state.reception().expect("a clock that ran is never lost");
        assert_eq!((&now.clock, &now.consent), (&at_receipt.clock, &at_receipt.consent));
    }
}
