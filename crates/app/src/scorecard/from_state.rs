//! Facts for scorecards, out of the rows of the state.

use super::{FACTS_MAX, KINDS, too_many};
use crate::AppError;
use shuqiao_domain::{
    case::{
        AnyCase, Case, Correction, CorrectionVerb, Demand, DemandState, DemandVerb, Disposal, DisposalState,
        DisposalVerb, Dispute, DisputeState, Procedure, ReturnFlow, ReturnFlowAct, ReturnFlowVerb,
    },
    catalogue::Entry,
    request::{DeliverySettled, Request, RequestState, RequestStateName},
    scorecard::{CaseRef, DisputeFact, DutyFact, DutyKind, FlowFact, FlowRun, ReplyEnd, ReplyFact, ScoreFacts},
};
use shuqiao_store::{CaseQuery, Conn, EntryQuery, RequestQuery};
use shuqiao_vocabulary::{Moment, OrganisationId};

/// Rows of a page.
const PAGE: u32 = 100;
/// Most pages of requests, of cases and of entries.
const PAGES_MAX: usize = FACTS_MAX / PAGE as usize;

/// Everything the state says of a unit, or of all.
pub(super) async fn facts(conn: &mut Conn, unit: Option<OrganisationId>) -> Result<ScoreFacts, AppError> {
    let mut known = ScoreFacts::default();
    requests(conn, unit, &mut known).await?;
    cases(conn, unit, &mut known).await?;
    entries(conn, unit, &mut known).await?;
    Ok(known.sorted())
}

async fn requests(conn: &mut Conn, unit: Option<OrganisationId>, known: &mut ScoreFacts) -> Result<(), AppError> {
    let states = RequestStateName::ALL.iter().copied();
    let states = states.filter(|name| !matches!(name, RequestStateName::Draft | RequestStateName::AwaitingConsent));
    let mut query = RequestQuery { provider: unit, states: states.collect(), limit: PAGE, ..RequestQuery::default() };
    for _ in 0..PAGES_MAX {
        let listed = conn.request_list(&query).await?;
        for request in listed.items.into_iter().map(|found| found.value) {
            known.replies.extend(reply(&request));
            known.duties.extend(delivery(&request));
        }
        let Some(next) = listed.next else { return Ok(()) };
        query.after = Some(next);
    }
    Err(too_many())
}

async fn cases(conn: &mut Conn, unit: Option<OrganisationId>, known: &mut ScoreFacts) -> Result<(), AppError> {
    let mut query = CaseQuery { kinds: KINDS.to_vec(), party: unit, limit: PAGE, ..CaseQuery::default() };
    for _ in 0..PAGES_MAX {
        let listed = conn.case_list(&query).await?;
        for found in &listed.items {
            match &found.value {
                AnyCase::Correction(case) => known.duties.extend(correction(case)),
                AnyCase::Disposal(case) => known.duties.extend(disposal(case)),
                AnyCase::Demand(case) => known.duties.extend(demand(case)),
                AnyCase::Dispute(case) => known.disputes.push(dispute(case)),
                AnyCase::ReturnFlow(case) => known.flows.extend(flow(case)),
                _ => {}
            }
        }
        let Some(next) = listed.next else { return Ok(()) };
        query.after = Some(next);
    }
    Err(too_many())
}

async fn entries(conn: &mut Conn, unit: Option<OrganisationId>, known: &mut ScoreFacts) -> Result<(), AppError> {
    let mut query = EntryQuery { provider: unit, limit: PAGE, ..EntryQuery::default() };
    for _ in 0..PAGES_MAX {
        let listed = conn.entry_list(&query).await?;
        for found in &listed.items {
            known.duties.extend(updates(&found.entry.value));
        }
        let Some(next) = listed.next else { return Ok(()) };
        query.after = Some(next);
    }
    Err(too_many())
}

fn of_request(request: &Request) -> CaseRef {
    CaseRef { number: request.number.clone(), id: request.id.to_string() }
}

fn reply(request: &Request) -> Option<ReplyFact> {
    let reception = request.state.reception()?;
    let end = match &request.state {
        RequestState::Agreed { decided, .. } => Some((ReplyEnd::Agreed, decided.at)),
        RequestState::Refused { decided, .. } => Some((ReplyEnd::Refused, decided.at)),
        RequestState::Withdrawn { withdrawn, .. } => Some((ReplyEnd::Withdrawn, withdrawn.by.at)),
        _ => None,
    };
    let waited = reception
        .supplement
        .as_ref()
        .map(|supplement| (supplement.asked.at, supplement.answered.as_ref().map(|answer| answer.by.at)));
    Some(ReplyFact {
        case: of_request(request),
        request: request.id,
        provider: request.provider,
        clock: reception.clock.kind,
        received: reception.consent.at,
        due: reception.running().due,
        extended: reception.extension.as_ref().is_some_and(|extension| extension.clock().is_some()),
        acted: reception.supplement.is_some() || reception.extension.is_some(),
        waited,
        end,
    })
}

fn delivery(request: &Request) -> Option<DutyFact> {
    let delivery = request.state.delivery()?;
    let (said, withdrawn) = match &delivery.settled {
        Some(DeliverySettled::Confirmed(by)) => (Some(by.at), None),
        Some(DeliverySettled::Presumed { at }) => (Some(*at), None),
        Some(DeliverySettled::Lapsed { at }) => (None, Some(*at)),
        None => (None, None),
    };
    Some(DutyFact {
        kind: DutyKind::Delivery,
        case: of_request(request),
        unit: request.provider,
        due: delivery.clock.due,
        acted: false,
        done: delivery.first.or(said),
        withdrawn,
    })
}

fn of_case<P: Procedure>(case: &Case<P>) -> CaseRef {
    CaseRef { number: case.number.clone(), id: case.id.to_string() }
}

/// When this was last done in a case.
fn last<P: Procedure>(case: &Case<P>, verbs: &[P::Verb]) -> Option<Moment> {
    case.steps.iter().rev().find(|step| verbs.contains(&P::verb(&step.act))).map(|step| step.by.at)
}

fn correction(case: &Case<Correction>) -> Option<DutyFact> {
    Some(DutyFact {
        kind: DutyKind::Correction,
        case: of_case(case),
        unit: case.respondent?,
        due: case.clocks.last()?.clock.due,
        acted: false,
        done: last(case, &[CorrectionVerb::Answer]),
        withdrawn: last(case, &[CorrectionVerb::Withdraw]),
    })
}

fn disposal(case: &Case<Disposal>) -> Option<DutyFact> {
    let proved = matches!(case.state, DisposalState::Proved | DisposalState::Verified);
    Some(DutyFact {
        kind: DutyKind::Disposal,
        case: of_case(case),
        unit: case.respondent?,
        due: case.clocks.last()?.clock.due,
        acted: false,
        done: last(case, &[DisposalVerb::Prove]).filter(|_| proved),
        withdrawn: None,
    })
}

fn demand(case: &Case<Demand>) -> Option<DutyFact> {
    let met = matches!(case.state, DemandState::Matched | DemandState::Fulfilled);
    let own = [DemandVerb::Withdraw, DemandVerb::Reopen];
    Some(DutyFact {
        kind: DutyKind::Demand,
        case: of_case(case),
        unit: case.respondent.or(case.authority)?,
        due: Moment::end_of_day(case.matter.needed_by),
        acted: case.steps.iter().any(|step| !own.contains(&Demand::verb(&step.act))),
        done: last(case, &[DemandVerb::Match, DemandVerb::Fulfil]).filter(|_| met),
        withdrawn: last(case, &[DemandVerb::Withdraw]),
    })
}

fn dispute(case: &Case<Dispute>) -> DisputeFact {
    DisputeFact {
        case: of_case(case),
        parties: std::iter::once(case.opener).chain(case.respondent).collect(),
        request: case.matter.request,
        raised: case.opened.at(),
        closed: Dispute::settled(case.state),
        for_requester: case.state == DisputeState::DecidedFor,
    }
}

/// Each change of a published entry, in the order in which they were recorded.
fn updates(entry: &Entry) -> Vec<DutyFact> {
    let case = CaseRef { number: entry.number().unwrap_or_default().to_owned(), id: entry.id.to_string() };
    let update = |change: &shuqiao_domain::catalogue::Change| DutyFact {
        kind: DutyKind::CatalogueUpdate,
        case: case.clone(),
        unit: entry.provider,
        due: change.clock.due,
        acted: false,
        done: change.stopped(),
        withdrawn: None,
    };
    entry.changes.iter().map(update).collect()
}

fn flow(case: &Case<ReturnFlow>) -> Option<FlowFact> {
    let mut found = FlowFact {
        case: of_case(case),
        unit: case.respondent?,
        first_due: case.matter.first_due,
        frequency: case.matter.frequency,
        runs: std::collections::BTreeMap::new(),
        ended: last(case, &[ReturnFlowVerb::End]).map(Moment::date),
    };
    for step in &case.steps {
        match &step.act {
            ReturnFlowAct::ReportRun { period, returned_on, rows_expected, rows_returned } => {
                let complete = rows_returned >= rows_expected;
                found.runs.insert(*period, FlowRun { returned_on: *returned_on, complete, usable: None });
            }
            ReturnFlowAct::ConfirmRun { period, usable, .. } => {
                found.runs.entry(*period).and_modify(|run| run.usable = Some(*usable));
            }
            ReturnFlowAct::Accept { .. } | ReturnFlowAct::End { .. } => {}
        }
    }
    Some(found)
}
