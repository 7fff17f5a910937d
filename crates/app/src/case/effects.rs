//! What follows from a case for other things, each sort in one place.

use super::case_number;
use crate::{
    App, AppError, Ctx,
    attempt::facts,
    grant::{grant_event_facts, of_grant},
    request::request_number,
};
use shuqiao_domain::{
    Refusal,
    case::{AnyCase, Effect},
    grant::{self, Grant, GrantEvent},
    request,
};
use shuqiao_policy::Permit;
use shuqiao_store::{Record, Tx};
use shuqiao_vocabulary::{GrantId, SharingRequestId};

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
            Effect::AskAnew { request } => self.ask_anew(ctx, tx, permit, case, request).await,
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

    /// A draft with the content of a refused request, on the ground of the decision in this case. It goes the ordinary
    /// way from there: the draft can be changed, the head of the office consents, a clock of its own starts.
    async fn ask_anew(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        permit: &Permit,
        case: &AnyCase,
        refused: SharingRequestId,
    ) -> Result<Record, AppError> {
        let refused = tx.request_fetch(refused).await?.value;
        let entry = tx.entry_fetch(refused.entry).await?.value;
        let number = request_number(tx, ctx.now()).await?;
        let (request, event) = request::draft(ctx.edge.mint(), number, &entry, refused.content.clone(), &ctx.stamp())?;
        tx.request_insert(&request, permit).await?;
        let mut record = self.done(ctx, permit, event.name().as_str(), request.id);
        record.related = vec![case.id().to_string(), refused.id.to_string()];
        record.facts = facts([
            ("case", &case.number()),
            ("entry", &request.entry),
            ("number", &request.number),
            ("refused", &refused.number),
        ]);
        Ok(record)
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
