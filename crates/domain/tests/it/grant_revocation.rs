//! How a grant ends before its last day (Art. 27): on one of three grounds, each with its article.

use crate::{
    grants::{misuse, revoked, suspended},
    samples::*,
};
use shuqiao_domain::{
    grant::{self, GrantState, GrantStateName, RevocationGround, RevocationGroundName},
    law,
};
use shuqiao_vocabulary::{Article, Moment};

fn negotiated(filing_number: &str) -> RevocationGround {
    RevocationGround::Negotiated { text: "已协商一致。".into(), filing_number: filing_number.into() }
}

fn purpose_ended(text: &str) -> RevocationGround {
    RevocationGround::PurposeEnded { text: text.into() }
}

fn check(ground: RevocationGround, expected: &str) {
    let said = match grant::end(&active(), ground, by_provider()) {
        Ok(event) => event.name().to_string(),
        Err(refusal) => refusal_line(&refusal),
    };
    assert_eq!(said, expected);
}

/// 暂停其政务数据共享权限，并督促限期整改, before 终止; 协商并备案, before 终止.
#[test]
fn only_the_end_of_the_purpose_ends_it_without_a_procedure() {
    for grant in [active(), suspended()] {
        let said = |ground| match grant::revoke(&grant, ground, by_provider()) {
            Ok(event) => event.name().to_string(),
            Err(refusal) => refusal_line(&refusal),
        };
        assert_eq!(said(misuse()), "rectification_first (27(2))");
        assert_eq!(said(negotiated("备字2026-3号")), "service_change_first (27(3))");
        assert_eq!(said(purpose_ended("救助已结束。")), "GrantRevoked");
    }
}

#[test]
fn what_a_procedure_came_to_is_on_the_grant_also_after_its_last_day() {
    let grant = suspended();
    let late =
        shuqiao_domain::Stamp { at: Moment::end_of_day(grant.terms.valid_until).plus_seconds(1), ..by_provider() };
    let ended = grant.clone().apply(&grant::end(&grant, misuse(), late.clone()).unwrap());
    assert_eq!(ended.state_on(late.at), GrantStateName::Revoked);
    let resumed = grant.clone().apply(&grant::resume(&grant, late.clone()).unwrap());
    assert_eq!((resumed.state.clone(), resumed.state_on(late.at)), (GrantState::Active, GrantStateName::Expired));
    let twice = grant::end(&ended, misuse(), late).expect_err("it has ended");
    assert_eq!(refusal_line(&twice), "not_in_this_state state=revoked verb=revoke");
}

#[test]
fn a_consent_adds_words_and_nothing_that_flows() {
    let consent = || grant::Consent {
        kind: grant::ConsentKind::Purpose,
        text: "同意用于年度核查。".into(),
        case: "cas_00000000000000000000000000000001".parse().unwrap(),
        number: "YT-2026-000001".into(),
        from: today(),
    };
    let before = active();
    let after = before.clone().apply(&grant::consent(&before, consent(), &by_provider()).unwrap());
    assert_eq!(after.consents, [consent()]);
    assert_eq!((after.terms, after.state), (before.terms, before.state));
    for ended in [suspended(), revoked()] {
        let refusal = grant::consent(&ended, consent(), &by_provider()).expect_err("nothing is delivered");
        assert_eq!(refusal.code, shuqiao_domain::RefusalCode::NotInThisState);
    }
}

#[test]
fn each_ground_has_its_article() {
    let grounds = [misuse(), purpose_ended("救助已结束。"), negotiated("备字2026-3号")];
    let articles = [Article::paragraph(27, 2), Article::paragraph(27, 1), Article::paragraph(27, 3)];
    let kinds: Vec<_> = grounds.iter().map(RevocationGround::name).collect();
    assert_eq!(kinds, RevocationGroundName::ALL, "every kind of ground is here");
    for (ground, article) in grounds.into_iter().zip(articles) {
        assert_eq!(ground.article(), article, "{ground:?}");
        check(ground, "GrantRevoked");
    }
}

#[test]
fn a_ground_is_told_in_words() {
    let expected = "text_required field=ground.text max=2000";
    check(purpose_ended(" "), expected);
    check(RevocationGround::Misuse { text: String::new() }, expected);
    check(RevocationGround::Negotiated { text: "\t".into(), filing_number: "备字2026-3号".into() }, expected);
    check(purpose_ended(&"长".repeat(2_001)), expected);
}

/// 与政务数据需求部门协商，并报同级政务数据共享主管部门备案.
#[test]
fn ending_by_agreement_is_filed() {
    check(negotiated(""), "filing_number_required (27(3)) max=120");
    check(negotiated("  "), "filing_number_required (27(3)) max=120");
    check(negotiated(&"备".repeat(121)), "filing_number_required (27(3)) max=120");
    assert_eq!(law::SERVICE_END_FILED, Article::paragraph(27, 3));
}

#[test]
fn the_last_day_is_a_whole_day_of_shanghai() {
    let grant = active();
    let last = Moment::end_of_day(grant.terms.valid_until);
    assert_eq!(grant.state_on(last), GrantStateName::Active);
    assert_eq!(grant.state_on(last.plus_seconds(1)), GrantStateName::Expired);
    let late = shuqiao_domain::Stamp { at: last.plus_seconds(1), ..by_provider() };
    let refusal = grant::revoke(&grant, misuse(), late).expect_err("it is over");
    assert_eq!(refusal_line(&refusal), "not_in_this_state state=expired verb=revoke");
}

#[test]
fn a_revoked_grant_keeps_who_and_why() {
    let grant = revoked();
    assert_eq!(grant.state, GrantState::Revoked { by: by_provider(), ground: misuse() });
    // Also after its last day it is revoked, not merely over.
    assert_eq!(grant.state_on(Moment::end_of_day(day("2030-01-01"))), GrantStateName::Revoked);
}
