//! What every operation does around its work: the record of what was done, and of what was denied or refused.

use crate::{App, AppError, Ctx, Edge};
use shuqiao_policy::{Action, Actor, Permit, Resource};
use shuqiao_store::{IdempotencyRow, Outcome, Record, RecordActor};
use std::{collections::BTreeMap, fmt::Display, future::Future};

/// Event of a denial by the policy; for ever (invariant 12).
pub(crate) const ACTION_DENIED: &str = "ActionDenied";
/// Event of a refusal by the rules; for ever (invariant 12).
pub(crate) const ACTION_REFUSED: &str = "ActionRefused";

/// Facts of a record, by name.
pub(crate) fn facts<const N: usize>(pairs: [(&str, &dyn Display); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_string())).collect()
}

impl App {
    /// The permit for an action, or the denial.
    pub(crate) fn permit(&self, ctx: &Ctx, action: Action, resource: &Resource) -> Result<Permit, AppError> {
        Ok(self.policies.authorize(&ctx.principal, action, resource)?)
    }

    /// The permit for a verb on a thing as it stands, when the revision that the caller saw is the one it has.
    ///
    /// Who saw an older one and could do it in another state (`elsewhere`) is told that somebody was faster, and not that
    /// the newer state does not admit it - unless the caller may not know of the thing at all.
    pub(crate) fn permit_seen(
        &self,
        ctx: &Ctx,
        action: Action,
        resource: &Resource,
        mut elsewhere: impl Iterator<Item = Resource>,
        (found, seen): (u64, u64),
    ) -> Result<Permit, AppError> {
        match self.policies.authorize(&ctx.principal, action, resource) {
            Ok(permit) if found == seen => Ok(permit),
            Ok(_) => Err(AppError::Stale { found }),
            Err(denied) => {
                let overtaken = found != seen && denied.visible;
                let stale = overtaken && elsewhere.any(|other| self.policies.may(&ctx.principal, action, &other));
                Err(if stale { AppError::Stale { found } } else { denied.into() })
            }
        }
    }

    /// Runs the work of an operation; when the policy or the rules say no, that is recorded before the caller is told.
    // INVARIANT (record-before-answer): a denial that cannot be recorded is answered as unavailable.
    pub(crate) async fn attempt<T>(
        &self,
        ctx: &Ctx,
        action: Action,
        subject: impl Display,
        work: impl Future<Output = Result<T, AppError>>,
    ) -> Result<T, AppError> {
        let result = work.await;
        let (event, outcome, policies, facts) = match &result {
            Err(AppError::Denied(denied)) => {
                (ACTION_DENIED, Outcome::Denied, denied.determined_by.clone(), BTreeMap::new())
            }
            Err(AppError::Refused(refusal)) => {
                let code = refusal.code.as_str().to_owned();
                let fields = refusal.problems.iter().map(|p| p.field.as_str()).collect::<Vec<_>>().join(" ");
                (ACTION_REFUSED, Outcome::Refused { code }, Vec::new(), facts([("fields", &fields)]))
            }
            _ => return result,
        };
        let record = Record {
            at: ctx.now(),
            event: event.to_owned(),
            actor: actor_of(ctx),
            subject: subject.to_string(),
            related: Vec::new(),
            outcome,
            action: action.as_str().to_owned(),
            policies,
            policy_digest: self.policies.digest().to_owned(),
            facts,
            request_id: ctx.edge.request_id.clone(),
            salt: ctx.edge.chance.bytes(),
            idempotency: None,
        };
        self.store.begin_write().await?.commit(record).await?;
        result
    }

    /// The record of something done under a permit.
    pub(crate) fn done(&self, ctx: &Ctx, permit: &Permit, event: &str, subject: impl Display) -> Record {
        let subject = subject.to_string();
        let idempotency = ctx.idempotency.as_ref().map(|sent| IdempotencyRow {
            actor: ctx.principal.person.to_string(),
            key: sent.key.clone(),
            fingerprint: sent.fingerprint,
            subject: subject.clone(),
        });
        Record {
            at: ctx.now(),
            event: event.to_owned(),
            actor: actor_of(ctx),
            subject,
            related: Vec::new(),
            outcome: Outcome::Done,
            action: permit.action().map_or("", Action::as_str).to_owned(),
            policies: permit.determined_by().to_vec(),
            policy_digest: permit.policy_digest().unwrap_or_default().to_owned(),
            facts: BTreeMap::new(),
            request_id: ctx.edge.request_id.clone(),
            salt: ctx.edge.chance.bytes(),
            idempotency,
        }
    }

    /// The record of something that happened at the edge, or that a task of the system did.
    pub(crate) fn happened(&self, edge: &Edge, actor: RecordActor, event: &str, subject: impl Display) -> Record {
        Record {
            at: edge.now,
            event: event.to_owned(),
            actor,
            subject: subject.to_string(),
            related: Vec::new(),
            outcome: Outcome::Done,
            action: String::new(),
            policies: Vec::new(),
            policy_digest: String::new(),
            facts: BTreeMap::new(),
            request_id: edge.request_id.clone(),
            salt: edge.chance.bytes(),
            idempotency: None,
        }
    }

    /// What the write with this idempotency key was done to, when it was done before.
    pub(crate) async fn replayed(&self, ctx: &Ctx) -> Result<Option<String>, AppError> {
        let Some(sent) = &ctx.idempotency else { return Ok(None) };
        let mut tx = self.store.begin_read().await?;
        match tx.idempotency_find(&ctx.principal.person.to_string(), &sent.key).await? {
            None => Ok(None),
            Some(row) if row.fingerprint == sent.fingerprint => Ok(Some(row.subject)),
            Some(_) => Err(AppError::IdempotencyMismatch),
        }
    }

    /// The id of what was done before under this idempotency key.
    pub(crate) async fn replayed_id<T: std::str::FromStr>(&self, ctx: &Ctx) -> Result<Option<T>, AppError> {
        let Some(subject) = self.replayed(ctx).await? else { return Ok(None) };
        subject.parse().map(Some).map_err(|_| AppError::IdempotencyMismatch)
    }
}

pub(crate) fn actor_of(ctx: &Ctx) -> RecordActor {
    RecordActor::Person { person: ctx.principal.person, organisation: ctx.principal.organisation }
}

/// The task of a system permit, as the record names it.
pub(crate) fn task_of(permit: &Permit) -> RecordActor {
    match permit.actor() {
        Actor::Task { name } => RecordActor::Task(name),
        Actor::Person { person, organisation } => RecordActor::Person { person: *person, organisation: *organisation },
    }
}
