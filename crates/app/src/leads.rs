//! Leads (线索, Art. 39-41): what the node knows is handed to the detectors, and what they find is opened as leads, each
//! once, in the name of the authority whose people look at it.

use crate::{
    App, AppError, Ctx, Edge,
    attempt::{facts, task_of},
    case::case_number,
};
use sha2::{Digest as _, Sha256};
use shuqiao_domain::{
    RefusalCode,
    case::{About, AnyCase, Case, CaseKind, CaseMatter, Incident, Lead},
    grant::{Grant, GrantStateName},
    lead::{
        self, Duty, DutyKind, Evidence, EvidenceSort, IncidentFact, Indication, LeadFacts, RefusalFact, ServiceChange,
        ServiceFact, UseFact,
    },
    request::{DeliverySettled, Request, RequestState, RequestStateName},
};
use shuqiao_policy::Permit;
use shuqiao_store::{CaseQuery, GrantQuery, LIST_MAX, RequestQuery, StoreError};
use shuqiao_vocabulary::{CaseId, Date};
use std::collections::BTreeMap;

/// The task's name in the record and in the leads that it opens.
const TASK: &str = "leads";
/// Leads that one turn opens; the next turn opens the next.
const RAISED_MAX: usize = 100;
/// Pages of [`LIST_MAX`] requests that one turn looks at, those moved last first.
const PAGES_MAX: usize = 20;
/// Usage records of a grant that one turn looks at.
const USAGE_MAX: usize = 200;

/// The id of a lead is made of what makes it the same lead, so that two turns, or two nodes on one database, cannot
/// open it twice.
fn lead_id(found: &Indication) -> CaseId {
    let digest: [u8; 32] = Sha256::digest(found.key()).into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(digest.split_at(16).0);
    CaseId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// Whether a usage record's refusal tells that the provider's service changed.
fn change_of(code: &str) -> Option<ServiceChange> {
    match code {
        "source_unreachable" | "source_slow" | "source_failed" => Some(ServiceChange::Unreachable),
        "source_changed" => Some(ServiceChange::StructureChanged),
        _ => None,
    }
}

/// What the plane answers when the purpose is not the grant's.
const PURPOSE_MISMATCH: &str = "purpose_mismatch";

impl App {
    /// Opens what the detectors find and is not open yet; may run twice. Answers how many leads it opened.
    pub async fn leads_reconcile(&self, edge: &Edge) -> Result<usize, AppError> {
        let found = lead::detect(&self.lead_facts(edge).await?);
        let mut raised = 0;
        for indication in found {
            if raised == RAISED_MAX {
                break;
            }
            if self.lead_raise(edge, indication).await? {
                raised += 1;
            }
        }
        Ok(raised)
    }

    /// A case that is a lead at once: an incident where shared data is used. A failure is logged; the next turn finds it.
    pub(crate) async fn leads_hint(&self, ctx: &Ctx, case: &AnyCase) {
        let AnyCase::Incident(incident) = case else { return };
        let raised = async {
            let mut known = LeadFacts::at(ctx.now());
            known.incidents.extend(self.incident_fact(incident).await?);
            for indication in lead::detect(&known) {
                self.lead_raise(&ctx.edge, indication).await?;
            }
            Ok::<_, AppError>(())
        };
        if let Err(error) = raised.await {
            tracing::error!(error = %error, "a lead could not be raised; the next turn tries again");
        }
    }

    /// Opens a lead, unless it is open already, or was.
    async fn lead_raise(&self, edge: &Edge, found: Indication) -> Result<bool, AppError> {
        let id = lead_id(&found);
        match self.store.begin_read().await?.case_fetch(id).await {
            Ok(_) => return Ok(false),
            Err(StoreError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
        let permit = Permit::system(TASK, found.rule.article());
        let matter = Lead::from(found);
        let mut tx = self.store.begin_write().await?;
        let known = self.case_facts_within(&mut tx, &CaseMatter::Lead(matter.clone())).await?;
        let number = case_number(&mut tx, CaseKind::Lead, edge.now).await?;
        let lead = match Case::detected(id, number, matter, &known.facts(&self.legal_time.get()), TASK, edge.now) {
            Ok(lead) => lead,
            // This node has no authority for it: there is nobody here to look at it.
            Err(refusal) if refusal.code == RefusalCode::CaseSubjectMissing => return Ok(false),
            Err(refusal) => return Err(refusal.into()),
        };
        let (rule, period, authority) = (lead.matter.rule, lead.matter.period.clone(), lead.opener);
        let number = lead.number.clone();
        let lead = AnyCase::Lead(lead);
        match tx.case_insert(&lead, &permit).await {
            Err(StoreError::Taken { .. }) => return Ok(false),
            other => other?,
        };
        let mut record = self.happened(edge, task_of(&permit), lead.opened_event(), id);
        record.related = vec![authority.to_string()];
        record.facts = facts([("number", &number), ("rule", &rule), ("article", &rule.article()), ("period", &period)]);
        tx.commit(record).await?;
        Ok(true)
    }

    /// What this node knows now. Facts of flows that it does not have stay empty.
    async fn lead_facts(&self, edge: &Edge) -> Result<LeadFacts, AppError> {
        let mut known = LeadFacts::at(edge.now);
        self.replies(&mut known).await?;
        self.cases_in_question(&mut known).await?;
        self.calls_in_question(&mut known).await?;
        Ok(known)
    }

    /// Replies that are due or late, and refusals with what they rely on.
    async fn replies(&self, known: &mut LeadFacts) -> Result<(), AppError> {
        let states = vec![
            RequestStateName::Received,
            RequestStateName::SupplementAsked,
            RequestStateName::Proposed,
            RequestStateName::Agreed,
            RequestStateName::Refused,
        ];
        let mut query = RequestQuery { states, limit: LIST_MAX, ..RequestQuery::default() };
        for _ in 0..PAGES_MAX {
            let listed = self.store.begin_read().await?.request_list(&query).await?;
            for request in listed.items.into_iter().map(|request| request.value) {
                known.duties.extend(reply(&request));
                known.duties.extend(delivery(&request));
                known.refusals.extend(refusal(&request));
            }
            match listed.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        Ok(())
    }

    /// Corrections that are due or late, and incidents.
    async fn cases_in_question(&self, known: &mut LeadFacts) -> Result<(), AppError> {
        let mut after = String::new();
        for _ in 0..PAGES_MAX {
            let overdue = self.store.begin_read().await?.case_open(known.now, &after, LIST_MAX).await?;
            known.duties.extend(overdue.iter().filter_map(|case| correction(&case.value)));
            match overdue.last() {
                Some(last) => after = last.value.id().to_string(),
                None => break,
            }
        }
        let query = CaseQuery { kinds: vec![CaseKind::Incident], limit: LIST_MAX, ..CaseQuery::default() };
        let incidents = self.store.begin_read().await?.case_list(&query).await?;
        for case in incidents.items {
            if let AnyCase::Incident(incident) = case.value {
                known.incidents.extend(self.incident_fact(&incident).await?);
            }
        }
        Ok(())
    }

    async fn incident_fact(&self, incident: &Case<Incident>) -> Result<Option<IncidentFact>, AppError> {
        let Some(grant) = incident.matter.grant else { return Ok(None) };
        let grant = self.store.begin_read().await?.grant_fetch(grant).await?.value;
        Ok(Some(IncidentFact {
            organisation: incident.matter.organisation,
            requester: grant.requester,
            about: About { grant: Some(grant.id), case: Some(incident.id), ..About::NOTHING },
            number: incident.number.clone(),
            found_on: incident.matter.found_on,
        }))
    }

    /// Calls that were refused because of their purpose, or because the source could not answer.
    async fn calls_in_question(&self, known: &mut LeadFacts) -> Result<(), AppError> {
        let query = GrantQuery { limit: LIST_MAX, ..GrantQuery::default() };
        let listed = self.store.begin_read().await?.grant_list(&query).await?;
        for grant in listed.items.into_iter().map(|grant| grant.value) {
            if grant.state_on(known.now) != GrantStateName::Active {
                continue;
            }
            let mut purposes = BTreeMap::<Date, Vec<u64>>::new();
            let mut changes = BTreeMap::<(Date, u8), (ServiceChange, Vec<u64>)>::new();
            for line in self.usage.recent(&grant.id, USAGE_MAX).await {
                let Some(code) = line.refused.as_deref() else { continue };
                let day = line.at.date();
                if code == PURPOSE_MISMATCH {
                    purposes.entry(day).or_default().push(line.index);
                }
                if let Some(change) = change_of(code) {
                    let key = (day, u8::from(change == ServiceChange::StructureChanged));
                    changes.entry(key).or_insert_with(|| (change, Vec::new())).1.push(line.index);
                }
            }
            known.uses.extend(purposes.into_iter().map(|(day, indexes)| calls(&grant, day, indexes)));
            let service = |((day, _), (change, indexes))| service(&grant, change, day, indexes);
            known.services.extend(changes.into_iter().map(service));
        }
        Ok(())
    }
}

/// The reply that a request asks for, by the clock of Art. 21(1).
fn reply(request: &Request) -> Option<Duty> {
    let reception = request.state.reception()?;
    let (clock, running) = (&reception.clock, reception.running());
    let done = match &request.state {
        RequestState::Agreed { decided, .. } | RequestState::Refused { decided, .. } => Some(decided.at),
        _ => None,
    };
    Some(Duty {
        kind: DutyKind::Reply,
        organisation: request.provider,
        about: About::request(request.id),
        subject: request.number.clone(),
        due: clock.due,
        extended_until: (running.due > clock.due).then_some(running.due),
        done,
        evidence: vec![Evidence::new(EvidenceSort::Request, &request.number)],
    })
}

/// A refusal, with the conditions of the provider's own making that its reasons rely on: which those are was found when
/// the reply was proposed, by the entry as it was then.
fn refusal(request: &Request) -> Option<RefusalFact> {
    let RequestState::Refused { proposal, reception, .. } = &request.state else { return None };
    Some(RefusalFact {
        organisation: request.provider,
        about: About { request: Some(request.id), entry: Some(request.entry), ..About::NOTHING },
        number: request.number.clone(),
        relied_on: proposal.self_made().to_vec(),
        published: Vec::new(),
        supplements: usize::from(reception.supplement.is_some()),
    })
}

/// The delivery that an agreement asks for, by the clock of Art. 22(1): done with the first usable one.
fn delivery(request: &Request) -> Option<Duty> {
    let delivery = request.state.delivery()?;
    let settled = delivery.settled.as_ref().map(|settled| match settled {
        DeliverySettled::Confirmed(stamp) => stamp.at,
        DeliverySettled::Presumed { at } | DeliverySettled::Lapsed { at } => *at,
    });
    Some(Duty {
        kind: DutyKind::Delivery,
        organisation: request.provider,
        about: About::request(request.id),
        subject: request.number.clone(),
        due: delivery.clock.due,
        extended_until: None,
        done: delivery.first.or(settled),
        evidence: vec![Evidence::new(EvidenceSort::Request, &request.number)],
    })
}

/// The feedback that a correction asks for, by the clock of Art. 26(2).
fn correction(case: &AnyCase) -> Option<Duty> {
    let AnyCase::Correction(case) = case else { return None };
    Some(Duty {
        kind: DutyKind::Correction,
        organisation: case.respondent?,
        about: About { grant: Some(case.matter.grant), case: Some(case.id), ..About::NOTHING },
        subject: case.number.clone(),
        due: case.running()?.due,
        extended_until: None,
        done: None,
        evidence: vec![Evidence::new(EvidenceSort::Case, &case.number)],
    })
}

fn calls(grant: &Grant, day: Date, usage_records: Vec<u64>) -> UseFact {
    let (organisation, number) = (grant.requester, grant.number.clone());
    UseFact { organisation, about: About::grant(grant.id), number, day, usage_records }
}

fn service(grant: &Grant, change: ServiceChange, day: Date, usage_records: Vec<u64>) -> ServiceFact {
    ServiceFact {
        organisation: grant.provider,
        about: About::grant(grant.id),
        number: grant.number.clone(),
        change,
        day,
        // Filings of changes (Art. 27(3)) are another flow's; until the node has it, nothing counts as filed.
        filed: false,
        usage_records,
    }
}
