//! More time to reply (Art. 21(1)), and the delivery after the reply (Art. 22(1)).

use crate::{
    App, AppError, Ctx, Edge,
    attempt::task_of,
    request::applied,
    request_facts::request_facts,
    view::{ClockView, RequestView},
};
use shuqiao_domain::{
    catalogue::Entry,
    grant::GrantStateName,
    law,
    request::{self, Delivery, Request, RequestVerb},
};
use shuqiao_policy::Permit;
use shuqiao_store::Revised;
use shuqiao_vocabulary::{Moment, SharingRequestId};

/// Deliveries looked at in one turn, a page at a time.
const PAGE: u32 = 200;
/// Pages of one turn.
const PAGES_MAX: usize = 500;

impl App {
    /// The provider asks for more time to reply.
    pub async fn request_ask_extension(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        working_days: u16,
        reason: &str,
    ) -> Result<RequestView, AppError> {
        let organisations = self.organisations().await?;
        let decide = |r: Request, entry: &Entry| {
            let desk = self.desk_of(organisations.get(&entry.provider));
            applied(request::ask_extension(&r, working_days, reason, desk.timing(), ctx.stamp())?, r)
        };
        self.request_change(ctx, id, seen, RequestVerb::AskExtension, decide).await
    }

    /// The authority consents to more time; with the same act the requester is told.
    pub async fn request_grant_extension(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
    ) -> Result<RequestView, AppError> {
        let organisations = self.organisations().await?;
        let decide = |r: Request, entry: &Entry| {
            let desk = self.desk_of(organisations.get(&entry.provider));
            applied(request::grant_extension(&r, desk.timing(), ctx.stamp())?, r)
        };
        self.request_change(ctx, id, seen, RequestVerb::GrantExtension, decide).await
    }

    /// The authority does not consent to more time.
    pub async fn request_refuse_extension(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        reason: &str,
    ) -> Result<RequestView, AppError> {
        let decide = |r: Request, _: &Entry| applied(request::refuse_extension(&r, reason, ctx.stamp())?, r);
        self.request_change(ctx, id, seen, RequestVerb::RefuseExtension, decide).await
    }

    /// The requester confirms that what is delivered can be used.
    pub async fn request_confirm_delivery(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
    ) -> Result<RequestView, AppError> {
        let decide = |r: Request, _: &Entry| applied(request::confirm_delivery(&r, ctx.stamp())?, r);
        self.request_change(ctx, id, seen, RequestVerb::ConfirmDelivery, decide).await
    }

    /// The requester says that nothing usable was delivered: the clock runs on.
    pub async fn request_report_undelivered(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        reason: &str,
    ) -> Result<RequestView, AppError> {
        let decide = |r: Request, _: &Entry| applied(request::report_undelivered(&r, reason, ctx.stamp())?, r);
        self.request_change(ctx, id, seen, RequestVerb::ReportUndelivered, decide).await
    }

    /// The clock of a delivery as it stands at a moment.
    pub(crate) fn delivery_view(&self, delivery: &Delivery, now: Moment) -> ClockView {
        self.timed(&delivery.clock, delivery.stopped_at(), now, &[])
    }

    /// Takes up what the planes delivered and what time has settled; may run twice. Gives the number of steps taken.
    pub async fn delivery_reconcile(&self, edge: &Edge) -> Result<u64, AppError> {
        let (mut after, mut steps) = (None, 0);
        for _ in 0..PAGES_MAX {
            let open = self.store.begin_read().await?.request_deliveries(after, PAGE).await?;
            let Some(last) = open.last() else { break };
            after = Some(last.value.id);
            for request in open {
                steps += u64::from(self.delivery_step(edge, request).await?);
            }
        }
        Ok(steps)
    }

    async fn delivery_step(&self, edge: &Edge, found: Revised<Request>) -> Result<bool, AppError> {
        let Revised { value: request, revision } = found;
        let request::RequestState::Agreed { grant, delivery: Some(delivery), .. } = &request.state else {
            return Ok(false);
        };
        let delivered = self.usage.delivered_since(grant, delivery.awaited_since()).await;
        let mut conn = self.store.begin_read().await?;
        let live = conn.grant_fetch(*grant).await?.value.state_on(edge.now);
        let provider = conn.organisation_fetch(request.provider).await?;
        drop(conn);
        let desk = self.desk_of(Some(&provider));
        // What only pauses may still be delivered.
        let live = !matches!(live, GrantStateName::Revoked | GrantStateName::Expired);
        let Some(event) = request::delivery_step(&request, delivered, live, desk.timing(), edge.now) else {
            return Ok(false);
        };
        let permit = Permit::system("delivery", law::DELIVERY.article);
        let request = request.apply(&event);
        let mut tx = self.store.begin_write().await?;
        match tx.request_save(&request, revision, &permit).await {
            // The requester was faster: the next turn sees what was said.
            Err(shuqiao_store::StoreError::Stale { .. }) => return Ok(false),
            other => other?,
        };
        let mut record = self.happened(edge, task_of(&permit), event.name().as_str(), request.id);
        record.related = vec![request.entry.to_string()];
        record.facts = request_facts(&request, &event, revision + 1);
        tx.commit(record).await?;
        Ok(true)
    }
}

#[cfg(test)]
pub(crate) mod tests;
