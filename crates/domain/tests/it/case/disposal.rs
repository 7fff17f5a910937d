//! Disposal of received data (Art. 27(1)).

use super::{World, april, case_id, opened, walk};
use crate::{grants::suspended, samples::*};
use shuqiao_domain::{
    RefusalCode, Stamp,
    case::{AnyCase, Case, Disposal, DisposalAct as Act, DisposalManner as Manner},
};

const DOCUMENT: &str = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

fn matter() -> Disposal {
    Disposal { grant: grant_id() }
}

fn case() -> Case<Disposal> {
    opened(matter(), &World::ended(), by_requester())
}

fn instruct(manner: Manner, basis: &str) -> Act {
    Act::Instruct { manner, basis: basis.into(), text: "含备份在内全部副本。".into(), due: april(1) }
}

fn prove(document: &str) -> Act {
    Act::Prove { done: "已删除。".into(), on: today(), office: "信息科".into(), document: document.into() }
}

fn reject() -> Act {
    Act::Reject { finding: "备份未删。".into(), due: april(10) }
}

fn go(case: &Case<Disposal>, act: &Act, by: Stamp) -> Result<Case<Disposal>, String> {
    case.after(act, &World::ended().facts(), by)
        .map_err(|refusal| format!("{} {}", refusal.code, lines(&refusal.problems)))
}

#[test]
fn what_follows_from_each_act() {
    let acts = [
        (instruct(Manner::Delete, ""), by_provider()),
        (prove(DOCUMENT), by_requester()),
        (Act::Verify { finding: "现场核验。".into() }, by_provider()),
        (reject(), by_provider()),
    ];
    walk(vec![case()], &acts, &World::ended());
}

#[test]
fn whoever_ended_the_grant_the_provider_instructs_and_the_requester_proves() {
    for by in [by_provider(), by_requester(), by_authority()] {
        let case = opened(matter(), &World::ended(), by);
        assert_eq!((case.opener, case.respondent, case.running()), (provider(), Some(requester()), None));
    }
}

#[test]
fn data_of_a_live_grant_is_not_disposed_of_and_each_grant_once() {
    for grant in [active(), suspended()] {
        let world = World { grant, ..World::new() };
        let refused = Case::open(case_id(), String::new(), matter(), &world.facts(), by_provider()).unwrap_err();
        assert_eq!(refused.code, RefusalCode::NotInThisState);
    }
    let world = World { others: vec![AnyCase::Disposal(case())], ..World::ended() };
    let refused = Case::open(case_id(), String::new(), matter(), &world.facts(), by_provider()).unwrap_err();
    assert_eq!(refusal_line(&refused), "case_already_there (27(1)) number=CZ-2026-000001");
}

#[test]
fn the_instruction_sets_the_clock_and_keeping_needs_its_law() {
    let instructed = go(&case(), &instruct(Manner::Delete, ""), by_provider()).unwrap();
    let clock = instructed.running().unwrap();
    assert_eq!((clock.due.date(), clock.ground.to_string().as_str()), (april(1), "27(1)"));
    assert_eq!(go(&case(), &instruct(Manner::Keep, " "), by_provider()).unwrap_err(), "text_required ");
    assert!(go(&case(), &instruct(Manner::Keep, "档案法第十四条"), by_provider()).is_ok());
    let contradiction = go(&case(), &instruct(Manner::Return, "档案法"), by_provider()).unwrap_err();
    assert_eq!(contradiction, "case_incomplete basis: contradiction (27(1))");
}

#[test]
fn a_proof_names_its_document_and_a_day_that_has_been() {
    let instructed = go(&case(), &instruct(Manner::Delete, ""), by_provider()).unwrap();
    let upper = DOCUMENT.to_uppercase();
    for wrong in ["", "2c26", upper.as_str()] {
        let refused = go(&instructed, &prove(wrong), by_requester()).unwrap_err();
        assert_eq!(refused, "case_incomplete document: type_mismatch (27(1))");
    }
    let tomorrow = Act::Prove {
        done: "将删除。".into(),
        on: day("2026-03-03"),
        office: "信息科".into(),
        document: DOCUMENT.into(),
    };
    let refused = go(&instructed, &tomorrow, by_requester()).unwrap_err();
    assert_eq!(refused, "case_incomplete on: period_wrong (27(1))");
    let proved = go(&instructed, &prove(DOCUMENT), by_requester()).unwrap();
    assert_eq!(proved.running(), None);
    assert_eq!(go(&proved, &reject(), by_provider()).unwrap().running().unwrap().due.date(), april(10));
}
