//! What cases show (Art. 39(1)(3), (5), (6), 40(1)(4), 41(1)(2)), and what excuses it.

use super::*;
use shuqiao_domain::{
    case::{
        Correction, CorrectionState, Disposal, DisposalState, Dispute, DisputeAct, DisputeState, ReturnFlow,
        ReturnFlowAct, ReturnFlowState, SourceDesignation, SourceDesignationAct, SourceDesignationState, Step,
    },
    lead::{COOPERATION_WAITS_DAYS, DISPUTE_AGES_AFTER_DAYS},
};
use shuqiao_vocabulary::UpdateFrequency;

/// A world with a request and a grant, for cases to be about.
async fn with_a_grant() -> World {
    let world = World::new().await;
    super::services::granted(&world).await;
    world
}

/// What was found beside the record of use that the grant of these stories never gets.
fn besides(found: Vec<(LeadRule, OrganisationId)>) -> Vec<(LeadRule, OrganisationId)> {
    found.into_iter().filter(|(rule, _)| *rule != LeadRule::UsageRecordMissing).collect()
}

fn correction(world: &World, number: u8, state: CorrectionState, clock: CaseClock) -> AnyCase {
    let matter = Correction {
        grant: id(1),
        items: vec!["field".parse().unwrap()],
        rows: "一行".into(),
        doubt: "不准".into(),
        proposal: String::new(),
        evidence: "证明".into(),
    };
    AnyCase::Correction(Case { clocks: vec![clock], ..world.case(number, matter, state) })
}

#[tokio::test]
async fn a_late_correction_is_a_lead_also_when_it_was_answered_meanwhile() {
    let world = with_a_grant().await;
    world.insert(correction(&world, 1, CorrectionState::Received, world.clock(0, 14, None))).await;
    world.insert(correction(&world, 2, CorrectionState::Answered, world.clock(0, 14, Some(20)))).await;
    world.insert(correction(&world, 3, CorrectionState::Answered, world.clock(0, 14, Some(13)))).await;
    world.insert(correction(&world, 4, CorrectionState::Withdrawn, world.clock(0, 14, Some(2)))).await;
    assert_eq!(world.found(14).await.len(), 1, "the one that was answered on the 20th, seen from any day");
    assert_eq!(world.found(15).await, [(LeadRule::CorrectionOverdue, id(PROVIDER)); 2]);
}

#[tokio::test]
async fn a_disposal_is_late_by_its_order_and_a_new_order_is_another_duty() {
    let world = with_a_grant().await;
    let disposal = |number, state, clocks| {
        let case = Case { respondent: Some(id(REQUESTER)), ..world.case(number, Disposal { grant: id(1) }, state) };
        AnyCase::Disposal(Case { clocks, ..case })
    };
    world.insert(disposal(1, DisposalState::AwaitingInstruction, Vec::new())).await;
    let proved = world.clock(0, 10, Some(9));
    world.insert(disposal(2, DisposalState::Verified, vec![proved.clone()])).await;
    world.insert(disposal(3, DisposalState::Instructed, vec![proved, world.clock(12, 20, None)])).await;
    assert_eq!(world.found(20).await, []);
    assert_eq!(world.found(21).await, [(LeadRule::DisposalOverdue, id(REQUESTER))]);
}

fn flow(world: &World, acts: Vec<(ReturnFlowAct, i64)>) -> AnyCase {
    let matter = ReturnFlow {
        entry: id(1),
        items: vec!["field".parse().unwrap()],
        region_item: "field".parse().unwrap(),
        need: "履职".into(),
        frequency: UpdateFrequency::Weekly,
        first_due: world.day(7),
        region: Some("520302".parse().unwrap()),
    };
    let steps = acts.into_iter().map(|(act, days)| Step { act, by: world.stamp(PROVIDER, days) }).collect();
    AnyCase::ReturnFlow(Case { steps, ..world.case(1, matter, ReturnFlowState::Running) })
}

fn run(world: &World, period: i64, on: i64) -> (ReturnFlowAct, i64) {
    let act = ReturnFlowAct::ReportRun {
        period: world.day(period),
        returned_on: world.day(on),
        rows_expected: 1,
        rows_returned: 1,
    };
    (act, on)
}

#[tokio::test]
async fn a_return_flow_that_stands_still_is_one_lead_and_kept_dates_are_none() {
    let world = with_a_grant().await;
    world.insert(flow(&world, vec![run(&world, 7, 6)])).await;
    assert_eq!(world.found(14).await, [], "one date was kept, the other is not over");
    let late = (LeadRule::ReturnFlowOverdue, id(PROVIDER));
    assert_eq!(world.found(15).await, [late]);
    assert_eq!(besides(world.found(100).await), [late], "twelve dates in a row are one thing to look at");
    let kept = with_a_grant().await;
    kept.insert(flow(&kept, vec![run(&kept, 7, 7), run(&kept, 14, 14)])).await;
    assert_eq!(kept.found(21).await, []);
}

fn designation(world: &World, state: SourceDesignationState, acts: Vec<(SourceDesignationAct, u8)>) -> AnyCase {
    let matter = SourceDesignation { element: "甲".into(), definition: "甲".into(), carriers: Vec::new() };
    let steps = acts.into_iter().map(|(act, who)| Step { act, by: world.stamp(who, 0) }).collect();
    AnyCase::SourceDesignation(Case { opener: id(AUTHORITY), steps, ..world.case(1, matter, state) })
}

#[tokio::test]
async fn a_department_that_does_not_answer_the_source_is_a_lead_and_one_that_does_is_not() {
    let designate = || (SourceDesignationAct::Designate { source: id(PROVIDER), reasons: "登记".into() }, AUTHORITY);
    let report = || {
        let text = "三个月未更新".into();
        (SourceDesignationAct::ReportNotCooperating { department: id(REQUESTER), text }, PROVIDER)
    };
    let answer = || (SourceDesignationAct::Cooperate { text: "已更新".into() }, REQUESTER);
    let world = World::new().await;
    let acts = vec![designate(), report()];
    world.insert(designation(&world, SourceDesignationState::NotCooperating, acts)).await;
    assert_eq!(world.found(COOPERATION_WAITS_DAYS).await, [], "it may still say what it has done");
    assert_eq!(world.found(COOPERATION_WAITS_DAYS + 1).await, [(LeadRule::CooperationOverdue, id(REQUESTER))]);
    let answered = World::new().await;
    let acts = vec![designate(), report(), answer()];
    answered.insert(designation(&answered, SourceDesignationState::Designated, acts)).await;
    assert_eq!(answered.found(COOPERATION_WAITS_DAYS + 1).await, []);
}

fn dispute(world: &World, number: u8, state: DisputeState, apply: i64) -> AnyCase {
    let matter =
        Dispute { request: None, grant: Some(id(1)), position: "应当提供".into(), demand: "提供".into() };
    let act = DisputeAct::Apply { reason: "协商不成".into() };
    let steps = vec![Step { act, by: world.stamp(REQUESTER, apply) }];
    AnyCase::Dispute(Case { steps, ..world.case(number, matter, state) })
}

#[tokio::test]
async fn a_dispute_ages_while_an_authority_has_it() {
    let world = with_a_grant().await;
    world.insert(dispute(&world, 1, DisputeState::Mediation, 0)).await;
    world.insert(dispute(&world, 2, DisputeState::Settled, 0)).await;
    world.insert(dispute(&world, 3, DisputeState::Escalated, 0)).await;
    world.insert(dispute(&world, 4, DisputeState::MediationProposed, 5)).await;
    let old = (LeadRule::DisputeAgeing, id(AUTHORITY));
    assert_eq!(besides(world.found(DISPUTE_AGES_AFTER_DAYS).await), []);
    assert_eq!(besides(world.found(DISPUTE_AGES_AFTER_DAYS + 1).await), [old]);
    assert_eq!(
        besides(world.found(DISPUTE_AGES_AFTER_DAYS + 6).await),
        [old; 2],
        "settled and reported ones do not age"
    );
}
