//! More time to reply (Art. 21(1)), the time to answer a notice and the conditions of a refusal (Art. 15, 21(2)).

use crate::{rules::guizhou, samples::*};
use shuqiao_domain::{
    ClockId, Refusal, Timing,
    organisation::Organisation,
    request::{self, ExtensionDecision, Narrowing, Proposal, RefusalReason, RefusalReasonCode, Request, RequestState},
    rules::{ExtensionPolicy, Policies},
};
use shuqiao_vocabulary::{Level, Moment, OrganisationKind};
use std::fmt::Debug;

fn check<T: Debug>(result: Result<T, Refusal>, expected: &str) {
    assert_eq!(refusal_line(&result.expect_err("the rules say no")), expected);
}

fn ask(request: &Request, days: u16) -> Result<request::RequestEvent, Refusal> {
    request::ask_extension(request, days, "需向省级系统核对。", &calendar(), by_provider())
}

/// The original due stays beside the extended one, and everybody counts by the extended one.
#[test]
fn an_extension_adds_its_days_to_the_term() {
    let entry = published(content());
    let request = received(&entry);
    let asked = extension_asked(request.clone());
    let reception = asked.state.reception().unwrap();
    assert_eq!(reception.running(), &request.state.reception().unwrap().clock, "asking stops and moves nothing");
    let granted = extension_granted(request);
    let reception = granted.state.reception().unwrap();
    let ends = |moment: Moment| moment.date().to_string();
    assert_eq!((ends(reception.clock.due), ends(reception.running().due)), ("2026-03-16".into(), "2026-03-23".into()));
    assert_eq!((reception.running().whole(), reception.running().started), (15, reception.clock.started));
    let ExtensionDecision::Granted { by, notified, .. } = &reception.extension.as_ref().unwrap().decision else {
        panic!("granted")
    };
    assert_eq!((by, notified), (&by_authority(), &by_authority().at), "the requester is told at once");
}

#[test]
fn an_extension_has_its_bounds() {
    let entry = published(content());
    let request = received(&entry);
    check(ask(&request, 0), "extension_too_long (21(1)) max=10");
    check(ask(&request, 11), "extension_too_long (21(1)) max=10");
    assert!(ask(&request, 10).is_ok());
    check(request::ask_extension(&request, 3, " ", &calendar(), by_provider()), "text_required field=reason max=2000");
    check(ask(&extension_asked(request.clone()), 3), "extension_already_asked (21(1))");
    check(ask(&extension_granted(request.clone()), 3), "extension_already_asked (21(1))");
    assert!(
        ask(&extension_refused(request.clone()), 3).is_ok(),
        "what was refused may be asked for with a better reason"
    );
    let refuse = request::refuse_extension(&extension_asked(request.clone()), "", by_authority());
    check(refuse, "text_required field=reason max=2000");
    check(request::grant_extension(&request, &calendar(), by_authority()), "extension_not_asked (21(1))");
    let decided = extension_refused(request);
    check(request::grant_extension(&decided, &calendar(), by_authority()), "extension_not_asked (21(1))");
}

/// A rule set may leave less of the extension than the law, or nothing for the one-day reply; that is told when it is asked.
#[test]
fn an_extension_that_a_rule_set_switches_off_is_not_asked_for() {
    let (calendar, city) = (calendar(), "5203".parse().unwrap());
    let policies = Policies { extension_for_unconditional: Some(ExtensionPolicy::Off), ..Policies::default() };
    let book = guizhou(&[(ClockId::ReplyExtension, 4)], policies);
    let ask = |content, days| {
        let timing = Timing::at(&calendar, &book, Level::City, &city);
        let entry = published(content);
        let event = request::consent(&submitted(&entry), &entry, timing, by_requester());
        request::ask_extension(&after(submitted(&entry), event), days, "需核对。", timing, by_provider())
    };
    check(ask(content(), 5), "extension_too_long (21(1)) max=4");
    assert!(ask(content(), 4).is_ok());
    check(ask(unconditional_content(), 1), "extension_too_long (21(1)) max=0");
}

#[test]
fn what_is_over_is_not_made_longer() {
    let entry = published(content());
    let late = |organisation| stamp_on(organisation, 1, day("2026-03-17"));
    let asked = request::ask_extension(&received(&entry), 5, "需核对。", &calendar(), late(provider()));
    check(asked, "term_over (21(1)) due=2026-03-16");
    let open = extension_asked(received(&entry));
    check(request::grant_extension(&open, &calendar(), late(authority())), "term_over (21(1)) due=2026-03-16");
    assert!(request::refuse_extension(&open, "已逾期。", late(authority())).is_ok(), "an answer it gets");
}

/// A reply takes the extension with it into the record, decided or not.
#[test]
fn an_extension_survives_the_reply() {
    let entry = published(content());
    let request = proposed(extension_granted(received(&entry)), &entry, agree(Narrowing::default()));
    let (request, _) = decided(request, &entry);
    assert_eq!(request.state.reception().unwrap().running().whole(), 15);
}

#[test]
fn a_notice_leaves_time_to_answer() {
    let entry = published(content());
    let ask = |on: Option<&str>| {
        request::ask_supplement(&received(&entry), &["委托书".into()], on.map(day), by_provider())
            .map(|event| supplement_of(&received(&entry).apply(&event)).unwrap().answer_by.unwrap().date().to_string())
    };
    assert_eq!(ask(None).unwrap(), "2026-03-15", "the day before the reply is due");
    assert_eq!(ask(Some("2026-03-02")).unwrap(), "2026-03-02");
    assert_eq!(ask(Some("2026-03-16")).unwrap(), "2026-03-16");
    let wrong = "answer_day_wrong (21(2)) from=2026-03-02 until=2026-03-16";
    check(ask(Some("2026-03-01")), wrong);
    check(ask(Some("2026-03-17")), wrong);
}

/// 不得直接予以拒绝.
#[test]
fn incomplete_papers_are_not_refused_outright() {
    let entry = published(content());
    let refusal = |code| refuse(vec![RefusalReason { code, ..reason("材料不全。") }]);
    let propose = |request: &Request, proposal, by| request::propose(request, &entry, proposal, by);
    let code = RefusalReasonCode::SupplementNotGiven;
    check(propose(&received(&entry), refusal(code), by_provider()), "notice_not_given (21(2))");
    let open = supplement_asked(&entry);
    for code in RefusalReasonCode::ALL.iter().copied() {
        check(propose(&open, refusal(code), by_provider()), "notice_open (21(2)) answer_by=2026-03-15");
        assert!(propose(&open, refusal(code), by_provider_later()).is_ok());
    }
    assert!(propose(&open, agree(Narrowing::default()), by_provider()).is_ok(), "an agreement is always allowed");
    assert!(propose(&supplemented(&entry), refusal(RefusalReasonCode::NotLawful), by_provider()).is_ok());
}

fn self_made(reasons: Vec<RefusalReason>) -> Vec<String> {
    let entry = published(content());
    let entered = Proposal::Refuse { reasons, opinion: String::new(), self_made: vec!["entered".into()] };
    let request = proposed(received(&entry), &entry, entered);
    let (request, _) = decided(request, &entry);
    let RequestState::Refused { proposal, .. } = request.state else { panic!("refused") };
    proposal.self_made().to_vec()
}

/// 不得自行增设条件: the sample publishes purposes, and nothing else.
#[test]
fn a_condition_of_the_providers_own_making_is_flagged() {
    let not_met = |condition: Option<&str>, text: &str| RefusalReason {
        code: RefusalReasonCode::ConditionNotMet,
        condition: condition.map(Into::into),
        ..reason(text)
    };
    assert_eq!(self_made(vec![not_met(Some("purposes"), "用途不符。")]), Vec::<String>::new());
    assert_eq!(self_made(vec![reason("用途不需要。")]), Vec::<String>::new(), "not every reason is a condition");
    assert_eq!(self_made(vec![not_met(Some("levels"), "层级不符。")]), ["levels"], "known, and not published");
    assert_eq!(self_made(vec![not_met(Some("须先签订协议"), "未签协议。")]), ["须先签订协议"]);
    assert_eq!(self_made(vec![not_met(None, "未缴纳费用。")]), ["未缴纳费用。"]);
    assert_eq!(self_made(vec![not_met(Some("  "), "未缴纳费用。"), not_met(None, "未缴纳费用。")]), ["未缴纳费用。"]);
    let other = RefusalReason { condition: Some("须先签订协议".into()), ..reason("不必要。") };
    assert_eq!(self_made(vec![other]), ["须先签订协议"], "under whatever reason it is hidden");
}

#[test]
fn a_departments_own_authority_is_of_its_level_and_region() {
    let place = |level, region: &str| {
        let organisation = Organisation {
            id: provider(),
            name: "某局".into(),
            short_name: "某局".into(),
            kind: OrganisationKind::Department,
            level,
            region: region.parse().unwrap(),
            code: None,
        };
        let (level, region) = organisation.authority_place();
        format!("{level} {region}")
    };
    assert_eq!(place(Level::City, "5203"), "city 5203");
    assert_eq!(place(Level::City, "520300"), "city 5203");
    assert_eq!(place(Level::County, "520302"), "county 520302");
    assert_eq!(place(Level::Township, "520302001"), "county 520302");
    assert_eq!(place(Level::Province, "52"), "province 52");
    assert_eq!(place(Level::Ministry, "11"), "nation 11");
}

#[test]
fn an_answered_notice_keeps_a_granted_extension() {
    let entry = published(content());
    let asked = extension_granted(supplement_asked(&entry));
    let running = asked.state.reception().unwrap().running().clone();
    assert_eq!(running.extended_by, 5);
    let answered = after(asked.clone(), request::supplement(&asked, &entry, "委托书见附件。", by_requester()));
    let calendar = calendar();
    let answered = answered.with_supplemented_clock((&calendar).into()).unwrap();
    assert_eq!(answered.state.reception().unwrap().running(), &running);
}
