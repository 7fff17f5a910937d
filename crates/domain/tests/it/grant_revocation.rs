//! How a grant ends before its last day (Art. 27): on one of three grounds, each with its article.

use crate::samples::*;
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
    let said = match grant::revoke(&active(), ground, by_provider()) {
        Ok(event) => event.name().to_string(),
        Err(refusal) => refusal_line(&refusal),
    };
    assert_eq!(said, expected);
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
