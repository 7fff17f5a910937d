//! Return flow to lower levels (Art. 24).

use super::{World, case_id, opened, walk};
use crate::samples::*;
use shuqiao_domain::{
    RefusalCode, Stamp,
    case::{Case, FlowGap, FlowProgress, ReturnFlow, ReturnFlowAct},
};
use shuqiao_vocabulary::{Condition, Date, Level, OrganisationKind::Department, Test, UpdateFrequency};

/// The department that needs the data is a county's.
fn world() -> World {
    World::new().with(requester(), Department, Level::County, "520302")
}

fn matter() -> ReturnFlow {
    ReturnFlow {
        entry: entry_id(),
        items: names(&["person_name", "household_size"]),
        region_item: item_name("county_code"),
        need: "区级社会救助资格核对".into(),
        frequency: UpdateFrequency::Monthly,
        first_due: day("2026-03-31"),
        region: None,
    }
}

fn report(period: &str, on: &str, rows: (u64, u64)) -> ReturnFlowAct {
    ReturnFlowAct::ReportRun { period: day(period), returned_on: day(on), rows_expected: rows.0, rows_returned: rows.1 }
}

fn confirm(period: &str, usable: bool) -> ReturnFlowAct {
    ReturnFlowAct::ConfirmRun { period: day(period), usable, note: "缺两个街道的数据".into() }
}

fn provider_on(date: &str) -> Stamp {
    stamp_on(provider(), 1, day(date))
}

fn played(acts: &[(ReturnFlowAct, Stamp)]) -> Case<ReturnFlow> {
    let world = world();
    let accept = (ReturnFlowAct::Accept { docking: "接口对接".into() }, by_provider());
    [accept].iter().chain(acts).fold(opened(matter(), &world, by_requester()), |case, (act, by)| {
        case.after(act, &world.facts(), by.clone()).unwrap()
    })
}

#[test]
fn what_follows_from_each_act() {
    let acts = [
        (ReturnFlowAct::Accept { docking: "接口对接".into() }, by_provider()),
        (report("2026-03-31", "2026-03-02", (10, 10)), by_provider()),
        (confirm("2026-03-31", true), by_requester()),
        (ReturnFlowAct::End { reason: "不再需要".into() }, by_requester()),
    ];
    walk(vec![opened(matter(), &world(), by_requester())], &acts, &world());
}

#[test]
fn the_region_is_the_receivers_own_and_cannot_be_widened() {
    let wider = ReturnFlow { region: Some("52".parse().unwrap()), ..matter() };
    let case = opened(wider, &world(), by_requester());
    assert_eq!(case.matter.region.as_ref().unwrap().as_str(), "520302");
    let own = Condition { item: item_name("county_code"), test: Test::StartsWith("520302".into()) };
    assert_eq!(case.matter.rows(), Some(own));
    assert_eq!((case.respondent, case.authority), (Some(provider()), Some(authority())));
}

#[test]
fn data_flows_from_an_upper_level_to_a_region_inside_it() {
    let fits = [(Level::County, "520302"), (Level::Township, "520302001")];
    let does_not = [(Level::City, "5203"), (Level::Province, "52"), (Level::County, "520102"), (Level::Ministry, "11")];
    for (level, region) in fits {
        let world = World::new().with(requester(), Department, level, region);
        assert_eq!(opened(matter(), &world, by_requester()).matter.region, Some(region.parse().unwrap()));
    }
    for (level, region) in does_not {
        let world = World::new().with(requester(), Department, level, region);
        let refused = Case::open(case_id(), String::new(), matter(), &world.facts(), by_requester()).unwrap_err();
        assert_eq!(refused.code, RefusalCode::NotSuperior, "{level} {region}");
    }
    // A ministry is above every region.
    let ministry = world().with(provider(), Department, Level::Ministry, "11");
    assert_eq!(opened(matter(), &ministry, by_requester()).respondent, Some(provider()));
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let wrong = ReturnFlow {
        items: names(&["person_name", "person_name", "case_note", "nothing"]),
        region_item: item_name("household_size"),
        frequency: UpdateFrequency::Irregular,
        first_due: day("2026-03-01"),
        ..matter()
    };
    let refused = Case::open(case_id(), String::new(), wrong, &world().facts(), by_requester()).unwrap_err();
    assert_eq!(
        refusal_line(&refused),
        "case_incomplete (24(1))\nitems[1]: duplicate name=person_name\nitems[2]: not_offered name=case_note\n\
         items[3]: not_offered name=nothing\nregion_item: type_mismatch type=integer\nfrequency: not_offered (24(1))\n\
         first_due: period_wrong"
    );
    let unpublished = World { entry: entry_draft(content()), ..world() };
    let refused = Case::open(case_id(), String::new(), matter(), &unpublished.facts(), by_requester()).unwrap_err();
    assert_eq!(refused.code, RefusalCode::EntryNotPublished);
    let forbidden = World { entry: published(not_shared_content()), ..world() };
    let refused = Case::open(case_id(), String::new(), matter(), &forbidden.facts(), by_requester()).unwrap_err();
    assert_eq!(refused.code, RefusalCode::EntryNotShared);
}

#[test]
fn due_dates_follow_the_frequency() {
    let dates = |frequency, first: &str, until: &str| -> Vec<Date> {
        ReturnFlow { frequency, first_due: day(first), ..matter() }.due_dates(day(until))
    };
    let days = |list: &[&str]| list.iter().map(|text| day(text)).collect::<Vec<_>>();
    use UpdateFrequency as F;
    assert_eq!(dates(F::Daily, "2026-02-27", "2026-03-01"), days(&["2026-02-27", "2026-02-28", "2026-03-01"]));
    assert_eq!(dates(F::RealTime, "2026-02-28", "2026-03-01"), days(&["2026-02-28", "2026-03-01"]));
    assert_eq!(dates(F::Weekly, "2026-12-28", "2027-01-10"), days(&["2026-12-28", "2027-01-04"]));
    assert_eq!(
        dates(F::Monthly, "2026-12-31", "2027-03-31"),
        days(&["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"])
    );
    assert_eq!(dates(F::Quarterly, "2026-11-30", "2027-05-31"), days(&["2026-11-30", "2027-02-28", "2027-05-30"]));
    assert_eq!(dates(F::HalfYearly, "2026-08-31", "2027-02-28"), days(&["2026-08-31", "2027-02-28"]));
    assert_eq!(dates(F::Yearly, "2024-02-29", "2025-12-31"), days(&["2024-02-29", "2025-02-28"]));
    assert_eq!(dates(F::Yearly, "9999-01-01", "9999-12-31"), days(&["9999-01-01"]));
    assert_eq!(dates(F::Never, "2026-01-01", "2027-01-01"), []);
}

#[test]
fn completeness_and_lag_are_computed_from_the_runs() {
    let case = played(&[
        (report("2026-03-31", "2026-03-30", (100, 90)), provider_on("2026-03-30")),
        (confirm("2026-03-31", false), by_requester()),
        // Returned anew, whole this time: the last report of a due date counts.
        (report("2026-03-31", "2026-04-02", (100, 100)), provider_on("2026-04-02")),
        (confirm("2026-03-31", true), by_requester()),
        (report("2026-05-31", "2026-05-31", (120, 110)), provider_on("2026-05-31")),
    ]);
    let progress = case.progress(day("2026-06-15"));
    let wanted = FlowProgress {
        due: 3,
        filled: 2,
        late: 1,
        missing: vec![day("2026-04-30")],
        longest_lag_days: 46,
        rows_expected: 220,
        rows_returned: 210,
        usable: 1,
        unusable: 0,
    };
    assert_eq!(progress, wanted);
    assert_eq!(played(&[]).progress(today()), FlowProgress::default());
    // After its end, nothing more falls due.
    let end = (ReturnFlowAct::End { reason: "机构改革".into() }, stamp_on(requester(), 2, day("2026-04-15")));
    assert_eq!(played(&[end]).progress(day("2026-12-31")).missing, [day("2026-03-31")]);
}

#[test]
fn a_run_fills_a_due_date_and_is_confirmed_once() {
    let case = played(&[(report("2026-03-31", "2026-03-30", (1, 1)), provider_on("2026-03-30"))]);
    let refused = |act: ReturnFlowAct| {
        lines(&case.after(&act, &world().facts(), provider_on("2026-04-01")).unwrap_err().problems)
    };
    assert_eq!(
        refused(report("2026-04-01", "2026-04-02", (1, 2))),
        "period: not_offered first_due=2026-03-31\nreturned_on: period_wrong\nrows_returned: too_large max=1"
    );
    assert_eq!(refused(confirm("2026-04-30", true)), "period: not_offered");
    let confirmed = case.after(&confirm("2026-03-31", true), &world().facts(), by_requester()).unwrap();
    let twice = confirmed.after(&confirm("2026-03-31", true), &world().facts(), by_requester()).unwrap_err();
    assert_eq!(lines(&twice.problems), "period: not_offered");
    let silent = ReturnFlowAct::ConfirmRun { period: day("2026-03-31"), usable: false, note: String::new() };
    assert_eq!(case.after(&silent, &world().facts(), by_requester()).unwrap_err().code, RefusalCode::TextRequired);
}

#[test]
fn due_dates_in_a_row_that_were_not_kept_are_one_gap() {
    let today = day("2026-08-15");
    let gap = |first: &str, dates, returned: Option<&str>| FlowGap {
        first: day(first),
        dates,
        returned_on: returned.map(day),
    };
    assert_eq!(played(&[]).gaps(day("2026-03-31")), [], "its day is not over");
    assert_eq!(played(&[]).gaps(today), [gap("2026-03-31", 5, None)]);
    let kept = || (report("2026-04-30", "2026-04-30", (10, 10)), provider_on("2026-04-30"));
    let one = played(&[kept()]);
    assert_eq!(one.gaps(today), [gap("2026-03-31", 1, None), gap("2026-05-31", 3, None)]);
    let late = || (report("2026-05-31", "2026-06-03", (10, 10)), provider_on("2026-06-03"));
    let filled_late = played(&[kept(), late()]);
    assert_eq!(filled_late.gaps(today)[1], gap("2026-05-31", 3, Some("2026-06-03")), "late stays the same gap");
    let again = (report("2026-04-30", "2026-05-20", (12, 12)), provider_on("2026-05-20"));
    assert_eq!(played(&[kept(), again]).gaps(today), one.gaps(today), "a better report later makes nothing late");
    let end = (ReturnFlowAct::End { reason: "不再需要".into() }, stamp_on(requester(), 2, day("2026-05-31")));
    assert_eq!(played(&[kept(), end]).gaps(today), [gap("2026-03-31", 1, None)], "nothing is due after the end");
}
