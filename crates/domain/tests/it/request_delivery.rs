//! Delivery (Art. 22(1)): 20 working days from the agreeing reply, stopped by the first usable delivery.

use crate::{rules::guizhou, samples::*};
use shuqiao_domain::{
    Refusal, Timing,
    catalogue::Entry,
    request::{self, DeliverySettled, Request},
    rules::Policies,
};
use shuqiao_vocabulary::{Level, Moment};
use std::fmt::Debug;

fn check<T: Debug>(result: Result<T, Refusal>, expected: &str) {
    assert_eq!(refusal_line(&result.expect_err("the rules say no")), expected);
}

fn entry() -> Entry {
    published(content())
}

fn on(text: &str) -> Moment {
    noon(day(text))
}

/// What the task does on that day; the request after it, and the name of what happened.
fn step(request: &Request, delivered: Option<&str>, live: bool, now: &str) -> (Request, Option<&'static str>) {
    let event = request::delivery_step(request, delivered.map(on), live, &calendar(), on(now));
    let name = event.as_ref().map(|event| event.name().as_str());
    (event.map_or_else(|| request.clone(), |event| request.clone().apply(&event)), name)
}

/// The Decree has no number for silence, so a rule set may name another than ours (自动确认).
#[test]
fn a_rule_set_says_how_long_silence_is() {
    let (calendar, city) = (calendar(), "5203".parse().unwrap());
    let book = guizhou(&[], Policies { objection_days: Some(2), ..Policies::default() });
    let (request, _) = step(&agreed(&entry()), Some("2026-03-09"), true, "2026-03-09");
    let said = |now| {
        let timing = Timing::at(&calendar, &book, Level::City, &city);
        request::delivery_step(&request, Some(on("2026-03-09")), true, timing, on(now))
            .map(|event| event.name().as_str())
    };
    assert_eq!((said("2026-03-11"), said("2026-03-12")), (None, Some("SharingRequestDeliveryPresumed")));
}

#[test]
fn agreeing_starts_the_clock_of_delivery() {
    let request = agreed(&entry());
    let delivery = request.state.delivery().unwrap();
    let clock = &delivery.clock;
    assert_eq!((clock.working_days, clock.ground.to_string()), (20, "22(1)".into()));
    assert_eq!((clock.started, clock.due.date().to_string()), (by_provider().at, "2026-03-30".into()));
    assert_eq!((delivery.stopped_at(), delivery.awaited_since()), (None, by_provider().at));
}

#[test]
fn a_confirmation_stops_the_clock_at_the_first_delivery() {
    let request = agreed(&entry());
    let confirmed =
        after(request.clone(), request::confirm_delivery(&request, stamp_on(requester(), 2, day("2026-03-12"))));
    assert_eq!(confirmed.state.delivery().unwrap().stopped_at(), Some(on("2026-03-12")), "nothing else is known");
    let (request, _) = step(&request, Some("2026-03-09"), true, "2026-03-09");
    let confirmed =
        after(request.clone(), request::confirm_delivery(&request, stamp_on(requester(), 2, day("2026-03-12"))));
    assert_eq!(confirmed.state.delivery().unwrap().stopped_at(), Some(on("2026-03-09")));
    check(request::confirm_delivery(&confirmed, by_requester()), "delivery_settled (22(1))");
    check(request::report_undelivered(&confirmed, "无数据。", by_requester()), "delivery_settled (22(1))");
}

/// Five working days of silence: from Monday to the end of the next Monday.
#[test]
fn silence_counts_as_usable() {
    let request = agreed(&entry());
    let (request, said) = step(&request, None, true, "2026-03-06");
    assert_eq!(said, None);
    let (request, said) = step(&request, Some("2026-03-09"), true, "2026-03-09");
    assert_eq!(said, Some("SharingRequestDeliveryBegun"));
    let (request, said) = step(&request, Some("2026-03-09"), true, "2026-03-16");
    assert_eq!(said, None, "the last day to object");
    let (request, said) = step(&request, Some("2026-03-09"), true, "2026-03-17");
    assert_eq!(said, Some("SharingRequestDeliveryPresumed"));
    assert_eq!(request.state.delivery().unwrap().stopped_at(), Some(on("2026-03-09")));
    assert_eq!(step(&request, Some("2026-03-20"), false, "2026-04-20").1, None, "once");
}

/// What cannot be used is no delivery: the clock runs on, and only a later one counts.
#[test]
fn an_objection_keeps_the_clock_running() {
    let (request, _) = step(&agreed(&entry()), Some("2026-03-09"), true, "2026-03-09");
    check(request::report_undelivered(&request, " ", by_requester()), "text_required field=reason max=2000");
    let objection = request::report_undelivered(&request, "接口无数据。", stamp_on(requester(), 2, day("2026-03-10")));
    let request = after(request, objection);
    let delivery = request.state.delivery().unwrap();
    assert_eq!((delivery.first, delivery.stopped_at()), (None, None));
    let (request, said) = step(&request, Some("2026-03-09"), true, "2026-04-01");
    assert_eq!(said, None, "the delivery that was objected to");
    let (request, said) = step(&request, Some("2026-03-11"), true, "2026-03-11");
    assert_eq!(said, Some("SharingRequestDeliveryBegun"));
    let (request, _) = step(&request, None, true, "2026-03-19");
    assert_eq!(request.state.delivery().unwrap().stopped_at(), Some(on("2026-03-11")));
}

#[test]
fn an_ended_grant_leaves_nothing_to_deliver() {
    let (request, said) = step(&agreed(&entry()), None, false, "2026-03-12");
    assert_eq!(said, Some("SharingRequestDeliveryLapsed"));
    let settled = request.state.delivery().unwrap().settled.clone();
    assert_eq!(settled, Some(DeliverySettled::Lapsed { at: on("2026-03-12") }));
    check(request::confirm_delivery(&request, by_requester()), "delivery_settled (22(1))");
}

#[test]
fn nothing_happens_to_what_is_not_agreed() {
    let entry = entry();
    for request in [request_draft(&entry), received(&entry), withdrawn(received(&entry))] {
        assert_eq!(step(&request, Some("2026-03-09"), false, "2026-06-01").1, None);
    }
}
