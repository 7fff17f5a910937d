//! Facts for scorecards, out of the rows of the state.

use crate::AppError;
use shuqiao_domain::{
    case::{
        AnyCase, Case, CaseKind, Correction, CorrectionVerb, Demand, DemandState, DemandVerb, Disposal, DisposalState,
        DisposalVerb, Dispute, DisputeState, Procedure,
    },
    request::{DeliverySettled, Request, RequestState, RequestStateName},
    scorecard::{CaseRef, DisputeFact, DutyFact, DutyKind, ReplyEnd, ReplyFact, ScoreFacts},
};
use shuqiao_store::{CaseQuery, Conn, RequestQuery};
use shuqiao_vocabulary::{Moment, OrganisationId};

/// Rows of a page.
const PAGE: u32 = 100;
/// Most pages of requests, and of cases.
const PAGES_MAX: usize = 2_000;

/// Kinds of case that scorecards look at.
const KINDS: [CaseKind; 4] = [CaseKind::Correction, CaseKind::Disposal, CaseKind::Demand, CaseKind::Dispute];

fn too_many() -> AppError {
    AppError::Fault(format!("more than {PAGES_MAX} pages for one scorecard"))
}

/// Everything the state says of a unit, or of all.
pub(super) async fn facts(conn: &mut Conn, unit: Option<OrganisationId>) -> Result<ScoreFacts, AppError> {
    let mut known = ScoreFacts::default();
    let states = RequestStateName::ALL.iter().copied();
    let states = states.filter(|name| !matches!(name, RequestStateName::Draft | RequestStateName::AwaitingConsent));
    let mut query = RequestQuery { provider: unit, states: states.collect(), limit: PAGE, ..RequestQuery::default() };
    for page in 0.. {
        if page == PAGES_MAX {
            return Err(too_many());
        }
        let listed = conn.request_list(&query).await?;
        for request in listed.items.into_iter().map(|found| found.value) {
            known.replies.extend(reply(&request));
            known.duties.extend(delivery(&request));
        }
        match listed.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    let mut query = CaseQuery { kinds: KINDS.to_vec(), party: unit, limit: PAGE, ..CaseQuery::default() };
    for page in 0.. {
        if page == PAGES_MAX {
            return Err(too_many());
        }
        let listed = conn.case_list(&query).await?;
        for found in &listed.items {
            match &found.value {
                AnyCase::Correction(case) => known.duties.extend(correction(case)),
                AnyCase::Disposal(case) => known.duties.extend(disposal(case)),
                AnyCase::Demand(case) => known.duties.extend(demand(case)),
                AnyCase::Dispute(case) => known.disputes.push(dispute(case)),
                _ => {}
            }
        }
        match listed.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    Ok(known.sorted())
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
