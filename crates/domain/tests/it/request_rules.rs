//! The rules of a request that are not about one field: on what it may be made, what one notice may ask, what a reply
//! must have, and that nothing is agreed to that nobody consented to.

use crate::samples::*;
use shuqiao_domain::{
    Refusal,
    catalogue::EntryStateName,
    request::{
        self, Decision, Narrowing, Proposal, RefusalReasonCode, Request, RequestContent, RequestState, RequestStateName,
    },
};
use shuqiao_vocabulary::{RowFilter, SharingMethod};
use std::fmt::Debug;

fn check<T: Debug>(result: Result<T, Refusal>, expected: &str) {
    let refusal = result.expect_err("the rules say no");
    assert_eq!(refusal_line(&refusal), expected);
}

#[test]
fn only_published_shared_data_of_others_can_be_asked_for() {
    for state in [EntryStateName::Draft, EntryStateName::AwaitingHead, EntryStateName::Filed] {
        let entry = entry_in(state, content());
        let draft = request::draft(request_id(), "2026-000001".into(), &entry, asked(), &by_requester());
        check(draft, "entry_not_published (20(2))");
    }
    let not_shared = published(not_shared_content());
    let draft = request::draft(request_id(), "2026-000001".into(), &not_shared, asked(), &by_requester());
    check(draft, "entry_not_shared (14)");
    let draft = request::draft(request_id(), "2026-000001".into(), &published(content()), asked(), &by_provider());
    check(draft, "own_entry (3(2))");
}

#[test]
fn submission_and_consent_ask_for_a_complete_request() {
    let entry = published(content());
    let mut incomplete = request_draft(&entry);
    incomplete.content.attested = false;
    check(
        request::submit(&incomplete, &entry, today(), by_requester()),
        "request_incomplete (20(2))\nattestation: required (20(2))",
    );
    // Time has passed between submission and consent.
    let late = stamp_on(requester(), 2, day("2027-03-10"));
    check(
        request::consent(&submitted(&entry), &entry, &calendar(), late),
        "request_incomplete (20(2))\nvalid_until: period_wrong (20(2)) max_days=1098",
    );
}

#[test]
fn sending_back_and_withdrawing_give_a_reason() {
    let entry = published(content());
    let expected = "text_required field=reason max=2000";
    check(request::decline(&submitted(&entry), " ", by_requester()), expected);
    check(request::withdraw(&received(&entry), "", by_requester()), expected);
    let proposed = proposed(received(&entry), &entry, agree(Narrowing::default()));
    check(request::return_proposal(&proposed, &"长".repeat(2_001), by_provider()), expected);
}

/// 一次性告知: once, and everything.
#[test]
fn the_notice_is_given_once_and_says_what_is_missing() {
    let entry = published(content());
    let ask = |request: &Request, missing: &[String]| request::ask_supplement(request, missing, None, by_provider());
    check(ask(&received(&entry), &[]), "text_required (21(2)) field=missing max=50");
    check(ask(&received(&entry), &vec!["补".to_owned(); 51]), "text_required (21(2)) field=missing max=50");
    check(ask(&received(&entry), &["委托书".into(), " ".into()]), "text_required field=missing max=2000");
    check(ask(&supplemented(&entry), &["再补".into()]), "supplement_already_asked (21(2))");
    let returned = proposed(supplemented(&entry), &entry, agree(Narrowing::default()));
    let returned = after(returned.clone(), request::return_proposal(&returned, "请核对。", by_provider()));
    check(ask(&returned, &["再补".into()]), "supplement_already_asked (21(2))");
    check(
        request::supplement(&supplement_asked(&entry), &entry, " ", by_requester()),
        "text_required field=answers max=2000",
    );
}

/// A notice that was given can be answered as long as no reply is effective: sending back a proposal does not take the
/// answer away from the requester.
#[test]
fn a_returned_proposal_leaves_the_notice_to_be_answered() {
    let entry = published(content());
    let refused = refuse(vec![reason("未按告知补正。")]);
    let request = supplement_asked(&entry);
    let request = after(request.clone(), request::propose(&request, &entry, refused, by_provider_later()));
    let request = after(request.clone(), request::return_proposal(&request, "应等待补正。", by_provider()));
    assert_eq!(request.state.name(), RequestStateName::SupplementAsked);
    let request = after(request.clone(), request::supplement(&request, &entry, "见附件。", by_requester()));
    let answered = supplement_of(&request).and_then(|supplement| supplement.answered.as_ref());
    assert_eq!(answered.map(|answer| answer.answers.as_str()), Some("见附件。"));
}

/// What the office head consented to is what may be agreed to (Art. 20(2)): a supplement completes the statements, it
/// does not ask for more.
#[test]
fn a_supplement_does_not_ask_for_more_than_was_consented_to() {
    let entry = published(content());
    let revise = |change: &dyn Fn(&mut RequestContent)| {
        let mut content = asked();
        change(&mut content);
        request::revise(supplement_asked(&entry), content).map(|(request, _)| request.content)
    };
    let wider = |field: &str| format!("not_narrower (20(2)) field={field}");
    check(revise(&|c| c.items.push(item_name("county_code"))), &wider("items"));
    check(revise(&|c| c.rows = RowFilter::everything()), &wider("rows"));
    check(revise(&|c| c.rows = RowFilter(vec![in_region("52")])), &wider("rows"));
    check(revise(&|c| c.method = Some(SharingMethod::FileDownload)), &wider("method"));
    check(revise(&|c| c.systems.push(system(2))), &wider("systems"));
    check(revise(&|c| c.calls_per_second = 11), &wider("calls_per_second"));
    check(revise(&|c| c.rows_per_call = 101), &wider("rows_per_call"));
    check(revise(&|c| c.rows_per_day = 10_001), &wider("rows_per_day"));
    check(revise(&|c| c.valid_from = Some(day("2026-03-09"))), &wider("valid_from"));
    check(revise(&|c| c.valid_until = Some(day("2027-03-10"))), &wider("valid_until"));

    let less = revise(&|c| {
        c.items.truncate(1);
        c.rows.0.push(in_region("520302"));
        c.rows_per_day = 5;
        c.valid_until = Some(day("2026-12-31"));
        c.basis.as_mut().unwrap().article = "第七十四条第二款".into();
        c.safeguards.push_str("数据到期销毁。");
    });
    assert_eq!(less.unwrap().items, names(&["person_name"]));
    // Before consent anything may change.
    let mut more = asked();
    more.items.push(item_name("county_code"));
    assert!(request::revise(request_draft(&entry), more).is_ok());
}

/// While the notice is open the requester may write anything, also something incomplete; that is not agreed to.
#[test]
fn an_incomplete_revision_is_not_agreed_to() {
    let entry = published(content());
    let incomplete = RequestContent { purpose: String::new(), attested: false, ..asked() };
    let (request, _) = request::revise(supplement_asked(&entry), incomplete).unwrap();
    check(
        request::propose(&request, &entry, agree(Narrowing::default()), by_provider()),
        "request_incomplete (20(2))\npurpose: required (20(2))\nattestation: required (20(2))",
    );
    check(
        request::supplement(&request, &entry, "见附件。", by_requester()),
        "request_incomplete (20(2))\npurpose: required (20(2))\nattestation: required (20(2))",
    );
    // It can still be refused, with reasons, when the time to answer is over.
    let refused = request::propose(&request, &entry, refuse(vec![reason("未补正。")]), by_provider_later());
    assert!(refused.is_ok());
}

/// 不同意共享的，应当说明理由.
#[test]
fn a_refusal_has_reasons() {
    let entry = published(content());
    let propose = |proposal: Proposal| request::propose(&received(&entry), &entry, proposal, by_provider());
    check(propose(refuse(Vec::new())), "reasons_required (21(2))");
    check(propose(refuse(vec![reason("用途不需要。"), reason("  ")])), "reasons_required (21(2))");
    check(propose(refuse(vec![reason(&"长".repeat(2_001))])), "text_required field=reasons max=2000");
    check(propose(refuse(vec![reason("理由"); 51])), "reasons_required (21(2)) max=50");
    let opinion =
        |opinion: String| Proposal::Refuse {
            reasons: vec![reason("用途不需要。")], opinion, self_made: Vec::new()
        };
    check(propose(opinion("长".repeat(2_001))), "text_required field=opinion max=2000");
    assert!(propose(opinion(String::new())).is_ok(), "an opinion may be left out");
    for code in RefusalReasonCode::ALL.iter().copied() {
        let reason = request::RefusalReason { code, ..reason("见说明。") };
        let noticed = if code == RefusalReasonCode::SupplementNotGiven { supplemented } else { received };
        let request = proposed(noticed(&entry), &entry, refuse(vec![reason.clone()]));
        let (request, grant) = decided(request, &entry);
        assert!(grant.is_none());
        let RequestState::Refused { proposal: Proposal::Refuse { reasons, .. }, .. } = request.state else {
            panic!("refused with its reasons");
        };
        assert_eq!(reasons, [reason]);
    }
}

#[test]
fn nothing_is_agreed_to_whose_time_is_over() {
    let entry = published(content());
    let agreeing = proposed(received(&entry), &entry, agree(Narrowing::default()));
    let on_the_last_day = stamp_on(provider(), 1, day("2027-03-09"));
    assert!(matches!(
        request::decide(&agreeing, &entry, grant_id(), &calendar(), on_the_last_day),
        Ok(Decision::Agreed(..))
    ));
    let a_day_late = stamp_on(provider(), 1, day("2027-03-10"));
    check(
        request::decide(&agreeing, &entry, grant_id(), &calendar(), a_day_late),
        "period_over (20(2)) valid_until=2027-03-09",
    );
}

#[test]
fn agreeing_is_granting() {
    let entry = published(content());
    let (request, grant) = decided(proposed(received(&entry), &entry, agree(Narrowing::default())), &entry);
    let grant = grant.expect("an agreement makes a grant");
    let RequestState::Agreed { grant: id, decided, .. } = &request.state else { panic!("agreed") };
    assert_eq!((*id, decided), (grant.id, &grant.agreed));
    assert_eq!(
        (grant.number, grant.request, grant.entry, grant.requester, grant.provider, grant.entry_name),
        (request.number, request.id, entry.id, requester(), provider(), entry.content.name)
    );
}
