//! What follows from a case for other things, each sort in one place.

use super::case_number;
use crate::{
    App, AppError, Ctx,
    attempt::facts,
    grant::{grant_event_facts, of_grant},
};
use shuqiao_domain::{
    Refusal,
    case::{AnyCase, Effect},
    grant::{self, Grant, GrantEvent},
};
use shuqiao_policy::Permit;
use shuqiao_store::{Record, Tx};
use shuqiao_vocabulary::{GrantId, PersonId};

impl App {
    pub(super) async fn carry_out(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        permit: &Permit,
        case: &AnyCase,
        effect: Effect,
    ) -> Result<Option<Record>, AppError> {
        match effect {
            Effect::SuspendGrant { grant, reason } => {
                let suspend = |found: &Grant| grant::suspend(found, case.id(), &reason, ctx.stamp());
                self.grant_follows(ctx, tx, permit, case, grant, suspend).await.map(Some)
            }
            Effect::ResumeGrant { grant } => {
                let resume = |found: &Grant| grant::resume(found, ctx.stamp());
                self.grant_follows(ctx, tx, permit, case, grant, resume).await.map(Some)
            }
            Effect::EndGrant { grant, ground } => {
                let end = |found: &Grant| grant::revoke(found, ground, ctx.stamp());
                self.grant_follows(ctx, tx, permit, case, grant, end).await.map(Some)
            }
            Effect::DeactivatePerson { person } => self.person_follows(ctx, tx, permit, case, person).await,
            Effect::OpenCase(matter) => {
                let found = self.case_facts_within(tx, &matter).await?;
                let number = case_number(tx, matter.kind(), ctx.now()).await?;
                let (opened, _) =
                    AnyCase::open(ctx.edge.mint(), number, *matter, &found.facts(&self.calendar()), ctx.stamp())?;
                tx.case_insert(&opened, permit).await?;
                let mut record = self.case_record(ctx, permit, &opened, opened.opened_event());
                record.related.push(case.id().to_string());
                Ok(Some(record))
            }
        }
    }

    /// An account that is closed because of a case; its sessions end at once. Closed already, there is nothing to say.
    async fn person_follows(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        permit: &Permit,
        case: &AnyCase,
        id: PersonId,
    ) -> Result<Option<Record>, AppError> {
        let mut person = tx.person_fetch(id).await?;
        if !person.active {
            return Ok(None);
        }
        person.active = false;
        tx.person_save(&person, permit).await?;
        tx.sessions_delete_of(id, permit).await?;
        let mut record = self.done(ctx, permit, "PersonDeactivated", id);
        record.related.push(case.id().to_string());
        record.facts = facts([("case", &case.number())]);
        Ok(Some(record))
    }

    /// A grant's own event that follows from a case.
    async fn grant_follows(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        permit: &Permit,
        case: &AnyCase,
        id: GrantId,
        decide: impl FnOnce(&Grant) -> Result<GrantEvent, Refusal>,
    ) -> Result<Record, AppError> {
        let found = tx.grant_fetch(id).await?;
        let event = decide(&found.value)?;
        let after = found.value.apply(&event);
        tx.grant_save(&after, found.revision, permit).await?;
        let mut record = self.done(ctx, permit, event.name().as_str(), id);
        record.related = vec![case.id().to_string(), after.request.to_string()];
        record.facts = grant_event_facts(&event);
        record.facts.extend(facts([("case", &case.number()), ("now", &of_grant(&after, ctx.now()))]));
        Ok(record)
    }
}
