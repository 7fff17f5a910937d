//! Facts for scorecards, out of the journal alone: every row is checked against its leaf of the log, and no row of the
//! state is read.

use super::{FACTS_MAX, KINDS, too_many};
use crate::AppError;
use shuqiao_domain::{
    case::{
        CaseKind, Correction, CorrectionVerb, Demand, DemandState, DemandVerb, Disposal, DisposalState, DisposalVerb,
        Dispute, DisputeState, Procedure, ReturnFlow, ReturnFlowVerb,
    },
    catalogue::EntryEventName,
    request::RequestEventName,
    rules::UpdateStopPolicy,
    scorecard::{CaseRef, DisputeFact, DutyFact, DutyKind, FlowFact, FlowRun, ReplyEnd, ReplyFact, ScoreFacts},
};
use shuqiao_store::{Conn, JournalRow, Outcome, WINDOW};
use shuqiao_vocabulary::{Date, Moment, OrganisationId, closed::ClosedList};
use std::collections::BTreeMap;

/// A clock that followed the calendar.
const RECOMPUTED: &str = "ClockRecomputed";

/// Every event that bears on a scorecard.
fn events() -> Vec<&'static str> {
    let requests = RequestEventName::ALL.iter().map(|name| name.as_str());
    let entries = EntryEventName::ALL.iter().map(|name| name.as_str());
    requests.chain(entries).chain(KINDS.into_iter().flat_map(CaseKind::events)).chain([RECOMPUTED]).collect()
}

/// Everything the journal says. It is read window by window, so its length costs time and no memory.
pub(super) async fn facts(conn: &mut Conn) -> Result<ScoreFacts, AppError> {
    let (events, head) = (events(), conn.log_head().await?);
    let (mut tale, mut from) = (Tale::default(), 0);
    while from < head {
        for row in conn.journal_window(&events, from).await? {
            tale.tell(&row)?;
        }
        from = from.saturating_add(WINDOW);
    }
    Ok(tale.facts())
}

/// What is known of each thing so far, by its id.
#[derive(Default)]
struct Tale {
    replies: BTreeMap<String, ReplyFact>,
    deliveries: BTreeMap<String, DutyFact>,
    cases: BTreeMap<String, Told>,
    entries: BTreeMap<String, Vec<Update>>,
}

/// What is known of a change that an entry must follow.
struct Update {
    duty: DutyFact,
    /// When its clock started; with the due moment it tells the clocks of one entry apart.
    started: Moment,
    stops_with: UpdateStopPolicy,
    /// Whether what answers it is filed and was not sent back.
    answered: bool,
    /// What answers it is published: nothing moves it any more.
    settled: bool,
}

/// What is known of a case so far.
#[derive(Default)]
struct Told {
    kind: Option<CaseKind>,
    opened: Option<Moment>,
    /// The newest facts, by name.
    facts: BTreeMap<String, String>,
    /// When each event last happened.
    last: BTreeMap<String, Moment>,
    /// Runs of a return flow, by due date.
    runs: BTreeMap<Date, FlowRun>,
}

fn fact<T: std::str::FromStr>(facts: &BTreeMap<String, String>, name: &str) -> Option<T> {
    facts.get(name)?.parse().ok()
}

impl Tale {
    /// Takes in the next row; one that is not what the log says of it is not believed.
    fn tell(&mut self, row: &JournalRow) -> Result<(), AppError> {
        if row.outcome != Outcome::Done {
            return Ok(());
        }
        if !row.entry_is_of_body() {
            return Err(AppError::Fault(format!("record {} is not what its leaf says", row.index)));
        }
        self.take(row);
        let most = self.replies.len().max(self.cases.len()).max(self.entries.len());
        if most > FACTS_MAX { Err(too_many()) } else { Ok(()) }
    }

    fn take(&mut self, row: &JournalRow) {
        if let Ok(event) = row.event.parse::<RequestEventName>() {
            self.request(event, row);
        } else if let Ok(event) = row.event.parse::<EntryEventName>() {
            self.entry(event, row);
        } else if row.event == RECOMPUTED {
            self.recomputed(row);
        } else {
            self.case(row);
        }
    }

    fn request(&mut self, event: RequestEventName, row: &JournalRow) {
        if event == RequestEventName::Received {
            self.replies.extend(received(row).map(|reply| (row.subject.clone(), reply)));
            return;
        }
        let Some(reply) = self.replies.get_mut(&row.subject) else { return };
        match event {
            RequestEventName::SupplementAsked => {
                reply.acted = true;
                reply.waited = Some((row.at, None));
            }
            RequestEventName::Supplemented => {
                if let Some((_, until)) = &mut reply.waited {
                    *until = Some(row.at);
                }
                reply.due = fact(&row.facts, "due").unwrap_or(reply.due);
            }
            RequestEventName::ExtensionAsked => reply.acted = true,
            RequestEventName::ExtensionGranted => {
                reply.extended = true;
                reply.due = fact(&row.facts, "due").unwrap_or(reply.due);
            }
            RequestEventName::Withdrawn => reply.end = Some((ReplyEnd::Withdrawn, row.at)),
            RequestEventName::Refused => reply.end = Some((ReplyEnd::Refused, row.at)),
            RequestEventName::Agreed => {
                reply.end = Some((ReplyEnd::Agreed, row.at));
                self.deliveries.extend(agreed(row, reply).map(|duty| (row.subject.clone(), duty)));
            }
            _ => self.delivery(event, row),
        }
    }

    fn delivery(&mut self, event: RequestEventName, row: &JournalRow) {
        let Some(delivery) = self.deliveries.get_mut(&row.subject) else { return };
        match event {
            RequestEventName::DeliveryBegun => delivery.done = fact(&row.facts, "first_delivery"),
            RequestEventName::DeliveryReportedUnusable => delivery.done = None,
            RequestEventName::DeliveryConfirmed | RequestEventName::DeliveryPresumed => {
                delivery.done = delivery.done.or(Some(row.at));
            }
            RequestEventName::DeliveryLapsed => delivery.withdrawn = Some(row.at),
            _ => {}
        }
    }

    fn entry(&mut self, event: EntryEventName, row: &JournalRow) {
        if event == EntryEventName::ChangeRecorded {
            self.entries.entry(row.subject.clone()).or_default().extend(changed(row));
            return;
        }
        let Some(updates) = self.entries.get_mut(&row.subject) else { return };
        let open = updates.iter_mut().filter(|update| !update.settled);
        match event {
            EntryEventName::ExtensionConsented => {
                let place = fact::<usize>(&row.facts, "change").and_then(|place| updates.get_mut(place));
                if let (Some(update), Some(due)) = (place, fact(&row.facts, "due")) {
                    update.duty.due = due;
                }
            }
            EntryEventName::ApprovedByHead => open.for_each(|update| {
                update.answered = true;
                if update.stops_with == UpdateStopPolicy::Filing {
                    update.duty.done = update.duty.done.or(Some(row.at));
                }
            }),
            EntryEventName::ReturnedByAuthority => open.for_each(|update| {
                update.answered = false;
                update.duty.done = None;
            }),
            // What was recorded after the filing is not answered by what was filed: it stays open.
            EntryEventName::Published | EntryEventName::Retired => {
                open.filter(|update| update.answered).for_each(|update| {
                    update.duty.done = update.duty.done.or(Some(row.at));
                    update.settled = true;
                })
            }
            _ => {}
        }
    }

    /// The open clock of a thing: of a request that was agreed to, the clock of its delivery.
    fn recomputed(&mut self, row: &JournalRow) {
        let Some(due) = fact(&row.facts, "due") else { return };
        if let Some(delivery) = self.deliveries.get_mut(&row.subject) {
            delivery.due = due;
        } else if let Some(reply) = self.replies.get_mut(&row.subject) {
            reply.due = due;
        } else if let Some(case) = self.cases.get_mut(&row.subject) {
            case.facts.insert("due".to_owned(), due.to_string());
        } else if let Some(updates) = self.entries.get_mut(&row.subject) {
            let (started, before) = (fact(&row.facts, "started"), fact(&row.facts, "due_before"));
            let mut running = updates.iter_mut().filter(|update| update.duty.done.is_none());
            let seen = running.find(|update| started == Some(update.started) && before == Some(update.duty.due));
            seen.into_iter().for_each(|update| update.duty.due = due);
        }
    }

    fn case(&mut self, row: &JournalRow) {
        let case = self.cases.entry(row.subject.clone()).or_default();
        case.kind = case.kind.or_else(|| fact(&row.facts, "kind"));
        case.opened = case.opened.or(Some(row.at));
        case.facts.extend(row.facts.clone());
        case.last.insert(row.event.clone(), row.at);
        case.run(row);
    }

    fn facts(self) -> ScoreFacts {
        let mut known = ScoreFacts { replies: self.replies.into_values().collect(), ..ScoreFacts::default() };
        known.duties.extend(self.deliveries.into_values());
        known.duties.extend(self.entries.into_values().flatten().map(|update| update.duty));
        for (id, case) in &self.cases {
            match case.kind {
                Some(CaseKind::Correction) => known.duties.extend(case.correction(id)),
                Some(CaseKind::Disposal) => known.duties.extend(case.disposal(id)),
                Some(CaseKind::Demand) => known.duties.extend(case.demand(id)),
                Some(CaseKind::Dispute) => known.disputes.extend(case.dispute(id)),
                Some(CaseKind::ReturnFlow) => known.flows.extend(case.flow(id)),
                _ => {}
            }
        }
        known.sorted()
    }
}

fn received(row: &JournalRow) -> Option<ReplyFact> {
    Some(ReplyFact {
        case: CaseRef { number: row.facts.get("number")?.clone(), id: row.subject.clone() },
        request: row.subject.parse().ok()?,
        provider: fact(&row.facts, "provider")?,
        clock: fact(&row.facts, "clock"),
        received: row.at,
        due: fact(&row.facts, "due")?,
        extended: false,
        acted: false,
        waited: None,
        end: None,
    })
}

fn changed(row: &JournalRow) -> Option<Update> {
    let duty = DutyFact {
        kind: DutyKind::CatalogueUpdate,
        case: CaseRef { number: row.facts.get("number")?.clone(), id: row.subject.clone() },
        unit: fact(&row.facts, "provider")?,
        due: fact(&row.facts, "due")?,
        acted: false,
        done: None,
        withdrawn: None,
    };
    let (started, stops_with) = (fact(&row.facts, "started")?, fact(&row.facts, "stops_with")?);
    Some(Update { duty, started, stops_with, answered: false, settled: false })
}

fn agreed(row: &JournalRow, reply: &ReplyFact) -> Option<DutyFact> {
    Some(DutyFact {
        kind: DutyKind::Delivery,
        case: reply.case.clone(),
        unit: reply.provider,
        due: fact(&row.facts, "due")?,
        acted: false,
        done: None,
        withdrawn: None,
    })
}

impl Told {
    fn state<S: ClosedList>(&self) -> Option<S> {
        fact(&self.facts, "state")
    }

    fn at(&self, event: &str) -> Option<Moment> {
        self.last.get(event).copied()
    }

    fn duty(&self, kind: DutyKind, id: &str, unit: Option<OrganisationId>, due: Option<Moment>) -> Option<DutyFact> {
        let case = CaseRef { number: self.facts.get("number")?.clone(), id: id.to_owned() };
        Some(DutyFact { kind, case, unit: unit?, due: due?, acted: false, done: None, withdrawn: None })
    }

    fn correction(&self, id: &str) -> Option<DutyFact> {
        let (unit, due) = (fact(&self.facts, "respondent"), fact(&self.facts, "due"));
        Some(DutyFact {
            done: self.at(Correction::event(CorrectionVerb::Answer)),
            withdrawn: self.at(Correction::event(CorrectionVerb::Withdraw)),
            ..self.duty(DutyKind::Correction, id, unit, due)?
        })
    }

    fn disposal(&self, id: &str) -> Option<DutyFact> {
        let proved = matches!(self.state()?, DisposalState::Proved | DisposalState::Verified);
        let (unit, due) = (fact(&self.facts, "respondent"), fact(&self.facts, "due"));
        Some(DutyFact {
            done: self.at(Disposal::event(DisposalVerb::Prove)).filter(|_| proved),
            ..self.duty(DutyKind::Disposal, id, unit, due)?
        })
    }

    fn demand(&self, id: &str) -> Option<DutyFact> {
        let met = matches!(self.state()?, DemandState::Matched | DemandState::Fulfilled);
        let at = |verb| self.at(Demand::event(verb));
        let own = [Demand::OPENED, Demand::event(DemandVerb::Withdraw), Demand::event(DemandVerb::Reopen)];
        let unit = fact(&self.facts, "respondent").or_else(|| fact(&self.facts, "authority"));
        Some(DutyFact {
            acted: self.last.keys().any(|event| !own.contains(&event.as_str())),
            done: at(DemandVerb::Match).max(at(DemandVerb::Fulfil)).filter(|_| met),
            withdrawn: at(DemandVerb::Withdraw),
            ..self.duty(DutyKind::Demand, id, unit, fact(&self.facts, "needed_by"))?
        })
    }

    /// What a row says of a run of a return flow.
    fn run(&mut self, row: &JournalRow) {
        let Some(period) = fact::<Date>(&row.facts, "period") else { return };
        if row.event == ReturnFlow::event(ReturnFlowVerb::ReportRun) {
            let rows = |name| fact::<u64>(&row.facts, name).unwrap_or(0);
            let complete = rows("rows_returned") >= rows("rows_expected");
            let run = |returned_on| FlowRun { returned_on, complete, usable: None };
            self.runs.extend(fact(&row.facts, "returned_on").map(|on| (period, run(on))));
        } else if row.event == ReturnFlow::event(ReturnFlowVerb::ConfirmRun) {
            self.runs.entry(period).and_modify(|run| run.usable = fact(&row.facts, "usable"));
        }
    }

    fn flow(&self, id: &str) -> Option<FlowFact> {
        Some(FlowFact {
            case: CaseRef { number: self.facts.get("number")?.clone(), id: id.to_owned() },
            unit: fact(&self.facts, "respondent")?,
            first_due: fact(&self.facts, "first_due")?,
            frequency: fact(&self.facts, "frequency")?,
            runs: self.runs.clone(),
            ended: self.at(ReturnFlow::event(ReturnFlowVerb::End)).map(Moment::date),
        })
    }

    fn dispute(&self, id: &str) -> Option<DisputeFact> {
        let state: DisputeState = self.state()?;
        let opener: OrganisationId = fact(&self.facts, "opener")?;
        Some(DisputeFact {
            case: CaseRef { number: self.facts.get("number")?.clone(), id: id.to_owned() },
            parties: std::iter::once(opener).chain(fact(&self.facts, "respondent")).collect(),
            request: fact(&self.facts, "request"),
            raised: self.opened?,
            closed: Dispute::settled(state),
            for_requester: state == DisputeState::DecidedFor,
        })
    }
}
