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
use shuqiao_vocabulary::GrantId;

impl App {
    pub(super) async fn carry_out(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        permit: &Permit,
        case: &AnyCase,
        effect: Effect,
    ) -> Result<Record, AppError> {
        match effect {
            Effect::SuspendGrant { grant, reason } => {
                let suspend = |found: &Grant| grant::suspend(found, case.id(), &reason, ctx.stamp());
                self.grant_follows(ctx, tx, permit, case, grant, suspend).await
            }
            Effect::ResumeGrant { grant } => {
                let resume = |found: &Grant| grant::resume(found, ctx.stamp());
                self.grant_follows(ctx, tx, permit, case, grant, resume).await
            }
            Effect::EndGrant { grant, ground } => {
                let end = |found: &Grant| grant::revoke(found, ground, ctx.stamp());
                self.grant_follows(ctx, tx, permit, case, grant, end).await
            }
            Effect::OpenCase(matter) => {
                let found = self.case_facts_within(tx, matter.about()).await?;
                let number = case_number(tx, matter.kind(), ctx.now()).await?;
                let (opened, _) =
                    AnyCase::open(ctx.edge.mint(), number, *matter, &found.facts(&self.calendar()), ctx.stamp())?;
                tx.case_insert(&opened, permit).await?;
                let mut record = self.case_record(ctx, permit, &opened, opened.opened_event());
                record.related.push(case.id().to_string());
                Ok(record)
            }
        }
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
