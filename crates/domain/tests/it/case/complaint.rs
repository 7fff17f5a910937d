//! Complaints and reports (Art. 37(2)).

use super::{World, case_id, opened, other, walk};
use crate::samples::*;
use shuqiao_domain::{
    RefusalCode,
    case::{Case, Complainant, Complaint, ComplaintAct, ComplaintChannel, ComplaintOutcome, ComplaintTopic},
};

fn matter() -> Complaint {
    Complaint {
        complainant: Complainant::Citizen,
        channel: ComplaintChannel::Hotline,
        anonymous: false,
        file_reference: "XF〔2026〕12号".into(),
        topic: ComplaintTopic::WrongData,
        what: "低收入家庭人口数登记有误，多次提交材料未更正。".into(),
        entry: Some(entry_id()),
    }
}

fn case() -> Case<Complaint> {
    opened(matter(), &World::new(), by_authority())
}

fn transfer(to: shuqiao_vocabulary::OrganisationId) -> ComplaintAct {
    ComplaintAct::Transfer { to, reason: "属该部门职责".into() }
}

#[test]
fn what_follows_from_each_act() {
    let acts = [
        (transfer(provider()), by_authority()),
        (ComplaintAct::Handle { note: "已核实".into() }, by_provider()),
        (ComplaintAct::Answer { outcome: ComplaintOutcome::Partly, text: "已更正".into() }, by_provider()),
        (ComplaintAct::Close { note: "办结".into() }, by_provider()),
    ];
    walk(vec![case()], &acts, &World::new());
}

#[test]
fn no_clock_runs_and_lists_show_no_word_of_it() {
    let case = case();
    assert_eq!((case.running(), case.respondent), (None, Some(authority())));
    let world = World::new();
    let title = shuqiao_domain::case::Procedure::title(&case.matter, &world.facts());
    assert_eq!(title, world.entry.content.name);
}

#[test]
fn it_goes_to_each_department_once() {
    let world = World::new();
    let first = case().after(&transfer(provider()), &world.facts(), by_authority()).unwrap();
    assert_eq!(first.respondent, Some(provider()));
    let second = first.after(&transfer(other()), &world.facts(), by_provider()).unwrap();
    for again in [provider(), other(), authority()] {
        let refused = second.after(&transfer(again), &world.facts(), by_provider()).unwrap_err();
        assert_eq!(lines(&refused.problems), "to: duplicate (37(2))");
    }
}

#[test]
fn who_complains_is_not_written_down() {
    let world = World::new();
    let refused = |matter| Case::open(case_id(), String::new(), matter, &world.facts(), by_authority()).unwrap_err();
    for what in ["来电 13800000000 反映", "身份证 52030019900101001X"] {
        assert_eq!(refused(Complaint { what: what.into(), ..matter() }).code, RefusalCode::PersonalDataRefused);
    }
    let named = refused(Complaint { file_reference: "王某来信".into(), ..matter() });
    assert_eq!(lines(&named.problems), "file_reference: type_mismatch (37(2)) max=40");
    let note = ComplaintAct::Handle { note: "回访 13800000000".into() };
    let refused = case().after(&note, &world.facts(), by_authority()).unwrap_err();
    assert_eq!((refused.code, refused.params["field"].as_str()), (RefusalCode::PersonalDataRefused, "note"));
}
