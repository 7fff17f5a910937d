//! Change of use (Art. 25(1)).

use super::{World, case_id, opened, walk};
use crate::samples::*;
use shuqiao_domain::{
    RefusalCode, Stamp,
    case::{Case, Effect, Procedure, UseChange, UseChangeAct as Act},
    grant::ConsentKind,
};

fn matter(change: ConsentKind) -> UseChange {
    UseChange {
        grant: grant_id(),
        change,
        text: "用于年度救助对象复核。".into(),
        basis: "社会救助暂行办法第十三条".into(),
        necessity: "复核须核对家庭经济状况。".into(),
        safeguards: "沿用现有措施。".into(),
    }
}

fn case(change: ConsentKind) -> Case<UseChange> {
    opened(matter(change), &World::new(), by_requester())
}

fn go(case: &Case<UseChange>, act: &Act, by: Stamp) -> Case<UseChange> {
    case.after(act, &World::new().facts(), by).unwrap()
}

#[test]
fn what_follows_from_each_act() {
    let acts = [
        (Act::Send, by_requester()),
        (Act::Propose { opinion: "拟同意。".into() }, by_provider()),
        (Act::Consent { text: "同意，限本年度。".into() }, by_provider()),
        (Act::Refuse { reason: "非必要。".into() }, by_provider()),
        (Act::Withdraw { reason: "不再需要。".into() }, by_requester()),
    ];
    walk(vec![case(ConsentKind::Purpose)], &acts, &World::new());
}

#[test]
fn only_the_consent_itself_is_written_on_the_grant() {
    for kind in ConsentKind::ALL {
        let asked = case(*kind);
        assert_eq!((asked.respondent, asked.authority), (None, None), "it has not left the house");
        let received = go(&asked, &Act::Send, by_requester());
        assert_eq!((received.respondent, received.authority), (Some(provider()), Some(authority())));
        let propose = Act::Propose { opinion: "拟同意。".into() };
        let proposed = go(&received, &propose, by_provider());
        assert_eq!(UseChange::effects_of_act(&proposed, &propose), []);
        let consent = Act::Consent { text: " 同意，限本年度。".into() };
        let consented = go(&proposed, &consent, by_provider());
        let effects = UseChange::effects_of_act(&consented, &consent);
        let [Effect::RecordConsent { grant, consent }] = &effects[..] else { panic!("{effects:?}") };
        assert_eq!((*grant, consent.kind, consent.text.as_str()), (grant_id(), *kind, "同意，限本年度。"));
        assert_eq!((consent.case, consent.number.as_str(), consent.from), (case_id(), "YT-2026-000001", today()));
    }
}

#[test]
fn who_uses_the_data_asks_while_it_flows() {
    let refused = |world: &World, by: Stamp| {
        Case::open(case_id(), String::new(), matter(ConsentKind::Scope), &world.facts(), by).unwrap_err().code
    };
    assert_eq!(refused(&World::new(), by_provider()), RefusalCode::NotAParty);
    assert_eq!(refused(&World::ended(), by_requester()), RefusalCode::NotInThisState);
}
