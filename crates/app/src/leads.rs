//! Leads (线索, Art. 39-41): what the node knows is handed to the detectors, and what they find is opened as leads, each
//! once, in the name of the authority whose people look at it.
//!
//! Each sort of facts is gathered in a file of its own: requests, cases, catalogue, services.

mod cases;
mod catalogue;
mod requests;
mod services;

use crate::{
    App, AppError, Ctx, Edge,
    attempt::{facts, task_of},
    case::case_number,
};
use sha2::{Digest as _, Sha256};
use shuqiao_domain::{
    RefusalCode,
    case::{AnyCase, Case, CaseKind, CaseMatter, Lead},
    lead::{self, Indication, LeadFacts},
};
use shuqiao_policy::Permit;
use shuqiao_store::StoreError;
use shuqiao_vocabulary::CaseId;

/// The task's name in the record and in the leads that it opens.
const TASK: &str = "leads";
/// Leads that one turn opens; the next turn opens the next.
const RAISED_MAX: usize = 100;
/// Pages of [`shuqiao_store::LIST_MAX`] rows of one sort that one turn looks at, those moved last first.
const PAGES_MAX: usize = 20;

/// The id of a lead is made of what makes it the same lead, so that two turns, or two nodes on one database, cannot
/// open it twice.
fn lead_id(found: &Indication) -> CaseId {
    let digest: [u8; 32] = Sha256::digest(found.key()).into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(digest.split_at(16).0);
    CaseId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

impl App {
    /// Opens what the detectors find and is not open yet; may run twice. Answers how many leads it opened.
    pub async fn leads_reconcile(&self, edge: &Edge) -> Result<usize, AppError> {
        let found = lead::detect(&self.lead_facts(edge).await?);
        let mut raised = 0;
        for indication in found {
            if raised == RAISED_MAX {
                break;
            }
            // One that cannot be opened does not keep the others from being looked at.
            match self.lead_raise(edge, indication).await {
                Ok(opened) => raised += usize::from(opened),
                Err(error) => tracing::error!(error = %error, "a lead could not be raised; the next turn tries again"),
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

    /// What this node knows now.
    async fn lead_facts(&self, edge: &Edge) -> Result<LeadFacts, AppError> {
        let mut known = LeadFacts::at(edge.now);
        self.requests_in_question(&mut known).await?;
        self.cases_in_question(&mut known).await?;
        self.catalogue_in_question(&mut known).await?;
        self.services_in_question(&mut known).await?;
        Ok(known)
    }
}
