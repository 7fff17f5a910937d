//! Reading sharing requests: lists, one request with what people need beside it, and its clock as it stands now.

use crate::{
    App, AppError, Ctx,
    organisation::known,
    request::{SETTLED, of_request},
    view::{ClockView, Page, RequestHit, RequestView, beginning},
};
use shuqiao_domain::{
    Clock,
    grant::GrantStateName,
    organisation::Organisation,
    request::{self, Request, RequestState, RequestStateName, RequesterFacts},
};
use shuqiao_policy::Action;
use shuqiao_store::{GrantQuery, RequestQuery, Revised};
use shuqiao_vocabulary::{Moment, SharingRequestId};

/// Whose requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestBox {
    /// Those the reader's department asked.
    Mine,
    /// Those it was asked.
    Received,
    /// All that the reader may see.
    All,
}

/// Which requests.
#[derive(Clone, Debug)]
pub struct RequestFind {
    /// Whose.
    pub whose: RequestBox,
    /// In which states; empty means any.
    pub states: Vec<RequestStateName>,
    /// At most so many, 1 to 100.
    pub limit: u32,
    /// Where the page begins.
    pub after: Option<String>,
}

impl App {
    /// Requests of the reader's department, asked by it or of it; of all departments for those who supervise.
    pub async fn request_list(&self, ctx: &Ctx, find: RequestFind) -> Result<Page<RequestHit>, AppError> {
        let own = ctx.principal.organisation;
        let after = beginning(find.after.as_deref())?;
        let mut query = RequestQuery { states: find.states, limit: find.limit, after, ..Default::default() };
        match find.whose {
            RequestBox::Mine => query.requester = Some(own),
            RequestBox::Received => query.provider = Some(own),
            RequestBox::All => {}
        }
        let listed = self.store.begin_read().await?.request_list(&query).await?;
        let organisations = self.organisations().await?;
        let mut items = Vec::with_capacity(listed.items.len());
        for request in listed.items {
            let provider = known(&organisations, request.value.provider)?;
            if !self.policies.may(&ctx.principal, Action::RequestRead, &of_request(&request.value, &provider)) {
                continue;
            }
            let entry = self.store.begin_read().await?.entry_fetch(request.value.entry).await?;
            items.push(RequestHit {
                entry_name: entry.value.content.name,
                requester: known(&organisations, request.value.requester)?,
                provider,
                clock: self.request_clock(&request.value.state, ctx.now()),
                request,
            });
        }
        Ok(Page::new(items, listed.next))
    }

    /// The reply clock as it stands at a moment: the extended one, once there is one.
    pub(crate) fn clock_view(&self, state: &RequestState, now: Moment) -> Option<ClockView> {
        let reception = state.reception()?;
        let closed_at = state.closed_at();
        let until = closed_at.unwrap_or(now);
        let waiting = reception
            .supplement
            .as_ref()
            .map(|supplement| (supplement.asked.at, supplement.answered.as_ref().map_or(until, |answer| answer.by.at)));
        Some(self.timed(reception.running(), closed_at, now, waiting.as_slice()))
    }

    /// The clock that runs now: that of the delivery, once agreed and not stopped; that of the reply otherwise.
    pub(crate) fn request_clock(&self, state: &RequestState, now: Moment) -> Option<ClockView> {
        match state.delivery().filter(|delivery| delivery.settled.is_none()) {
            Some(delivery) => Some(self.delivery_view(delivery, now)),
            None => self.clock_view(state, now),
        }
    }

    /// A clock as it stands at a moment, or as it stood when it stopped; `waiting` is when the other side was waited for.
    pub(crate) fn timed(
        &self,
        clock: &Clock,
        stopped_at: Option<Moment>,
        now: Moment,
        waiting: &[(Moment, Moment)],
    ) -> ClockView {
        let until = stopped_at.unwrap_or(now);
        let (started, due) = (clock.started.date(), clock.due.date());
        let calendar = self.calendar_of_clock(clock);
        ClockView {
            remaining_working_days: calendar.working_days_between(until.date(), due),
            light: calendar.light(until.date(), started, due, stopped_at.is_some()),
            spent: clock.time(until, waiting, &calendar),
            clock: clock.clone(),
        }
    }

    /// One request, as the reader may see it.
    pub async fn request_fetch(&self, ctx: &Ctx, id: SharingRequestId) -> Result<RequestView, AppError> {
        self.attempt(ctx, Action::RequestRead, id, async {
            let mut tx = self.store.begin_read().await?;
            let request = tx.request_fetch(id).await?;
            let provider = tx.organisation_fetch(request.value.provider).await?;
            drop(tx);
            self.permit(ctx, Action::RequestRead, &of_request(&request.value, &provider))?;
            self.request_view(ctx, request).await
        })
        .await
    }

    pub(crate) async fn request_view(&self, ctx: &Ctx, request: Revised<Request>) -> Result<RequestView, AppError> {
        let organisations = self.organisations().await?;
        let requester = known(&organisations, request.value.requester)?;
        let provider = known(&organisations, request.value.provider)?;
        let mut tx = self.store.begin_read().await?;
        let entry = tx.entry_fetch(request.value.entry).await?.value;
        let systems = tx.system_list_by_ids(&request.value.content.systems).await?;
        let cart = match request.value.cart {
            Some(cart) => Some(tx.cart_fetch(cart).await?),
            None => None,
        };
        drop(tx);
        let facts = self.requester_facts(ctx, &request.value, &requester).await?;
        let precheck = request::precheck(&request.value.content, &entry, &facts);
        let problems = match request.value.state {
            RequestState::Draft { .. } | RequestState::SupplementAsked { .. } => {
                request::problems(&request.value.content, &entry, ctx.now().date())
            }
            _ => Vec::new(),
        };
        let clock = self.clock_view(&request.value.state, ctx.now());
        let delivery = request.value.state.delivery().map(|delivery| self.delivery_view(delivery, ctx.now()));
        let delivered = request.value.state.delivery().and_then(|delivery| delivery.first).unwrap_or(ctx.now());
        let objection_days = self.desk_of(Some(&provider)).timing().objection_days(delivered.date());
        let allowed = self.request_allowed(ctx, &request.value, &provider);
        let history = self.history(&request.value.id.to_string()).await?;
        let people = self.people().await?;
        Ok(RequestView {
            request,
            entry,
            requester,
            provider,
            cart,
            clock,
            delivery,
            objection_days,
            precheck,
            problems,
            systems,
            history,
            people,
            allowed,
        })
    }

    async fn requester_facts(
        &self,
        ctx: &Ctx,
        request: &Request,
        requester: &Organisation,
    ) -> Result<RequesterFacts, AppError> {
        let mut tx = self.store.begin_read().await?;
        let same = GrantQuery {
            requester: Some(request.requester),
            entry: Some(request.entry),
            limit: 100,
            ..GrantQuery::default()
        };
        let grants = tx.grant_list(&same).await?.items;
        let live = grants
            .into_iter()
            .map(|g| g.value)
            .find(|g| g.request != request.id && g.state_on(ctx.now()) == GrantStateName::Active);
        let others = RequestQuery {
            requester: Some(request.requester),
            entry: Some(request.entry),
            limit: 100,
            ..RequestQuery::default()
        };
        let open = tx.request_list(&others).await?.items.into_iter().map(|r| r.value);
        let open = open.filter(|r| r.id != request.id && !SETTLED.contains(&r.state.name()));
        let open_request = open.map(|r| r.number).next();
        let (kind, level) = (requester.kind, requester.level);
        Ok(RequesterFacts { kind, level, live_grant: live.map(|g| g.number), open_request })
    }
}
