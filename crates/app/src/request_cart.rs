//! Applications for several entries (合并申请): drafted, submitted and consented to together; each request keeps its own
//! record, clock and reply.

use crate::{
    App, AppError, Ctx,
    attempt::facts,
    organisation::known,
    request::{action_of, applied, of_request},
    view::{CartPart, CartView, RequestHit},
};
use shuqiao_domain::{
    Refusal,
    catalogue::Entry,
    request::{self, CART_ENTRIES_MAX, Cart, Request, RequestContent, RequestEvent, RequestVerb},
};
use shuqiao_policy::{Action, Resource};
use shuqiao_store::{RequestQuery, Tx};
use shuqiao_vocabulary::{CartId, CatalogueEntryId, Moment, SharingRequestId};

/// Event of a new application; for ever (invariant 12).
const APPLICATION_CREATED: &str = "SharingApplicationCreated";

impl App {
    /// Begins an application: one draft per entry, all of them or none.
    pub async fn cart_create(
        &self,
        ctx: &Ctx,
        parts: Vec<(CatalogueEntryId, RequestContent)>,
    ) -> Result<CartView, AppError> {
        if let Some(id) = self.replayed_id(ctx).await? {
            return self.cart_fetch(ctx, id).await;
        }
        let id = self
            .attempt(ctx, Action::RequestCreate, "node", async {
                let permit = self.permit(ctx, Action::RequestCreate, &Resource::Node)?;
                let entries: Vec<CatalogueEntryId> = parts.iter().map(|(entry, _)| *entry).collect();
                request::cart_entries(&entries)?;
                let mut tx = self.store.begin_write().await?;
                let cart = Cart {
                    id: ctx.edge.mint(),
                    number: cart_number(&mut tx, ctx.now()).await?,
                    requester: ctx.principal.organisation,
                    drafted_by: ctx.principal.person,
                    at: ctx.now(),
                };
                tx.cart_insert(&cart, &permit).await?;
                let mut parent = self.done(ctx, &permit, APPLICATION_CREATED, cart.id);
                parent.facts = facts([("number", &cart.number), ("requests", &parts.len())]);
                let mut records = Vec::with_capacity(parts.len() + 1);
                for (entry, content) in parts {
                    let (request, event, permit) = self.request_drafted(&mut tx, ctx, entry, content).await?;
                    let request = request::in_cart(request, cart.id);
                    tx.request_insert(&request, &permit).await?;
                    let mut record = self.done(ctx, &permit, event.name().as_str(), request.id);
                    record.idempotency = None;
                    record.related = vec![cart.id.to_string()];
                    record.facts = facts([("entry", &request.entry), ("number", &request.number)]);
                    parent.related.push(request.id.to_string());
                    records.push(record);
                }
                records.insert(0, parent);
                tx.commit_all(records).await?;
                Ok(cart.id)
            })
            .await?;
        self.cart_fetch(ctx, id).await
    }

    /// One application with the requests that the reader may see: the provider sees its own, from receipt on.
    pub async fn cart_fetch(&self, ctx: &Ctx, id: CartId) -> Result<CartView, AppError> {
        self.attempt(ctx, Action::RequestRead, id, async {
            let mut tx = self.store.begin_read().await?;
            let cart = tx.cart_fetch(id).await?;
            let query = RequestQuery { cart: Some(id), limit: 100, ..RequestQuery::default() };
            let mut listed = tx.request_list(&query).await?.items;
            drop(tx);
            listed.sort_by(|one, other| one.value.number.cmp(&other.value.number));
            let organisations = self.organisations().await?;
            let (mut parts, mut hidden) = (Vec::with_capacity(listed.len()), None);
            for request in listed {
                let provider = known(&organisations, request.value.provider)?;
                let resource = of_request(&request.value, &provider);
                if !self.policies.may(&ctx.principal, Action::RequestRead, &resource) {
                    hidden = Some(resource);
                    continue;
                }
                let entry = self.store.begin_read().await?.entry_fetch(request.value.entry).await?;
                let allowed = self.request_allowed(ctx, &request.value, &provider);
                let hit = RequestHit {
                    entry_name: entry.value.content.name,
                    requester: known(&organisations, request.value.requester)?,
                    provider,
                    clock: self.request_clock(&request.value.state, ctx.now()),
                    request,
                };
                parts.push(CartPart { hit, allowed });
            }
            if let (true, Some(hidden)) = (parts.is_empty(), hidden) {
                self.permit(ctx, Action::RequestRead, &hidden)?;
            }
            let requester = known(&organisations, cart.requester)?;
            Ok(CartView { requester, people: self.people().await?, cart, parts })
        })
        .await
    }

    /// Submits these requests of an application, all of them or none.
    pub async fn cart_submit(
        &self,
        ctx: &Ctx,
        id: CartId,
        seen: &[(SharingRequestId, u64)],
    ) -> Result<CartView, AppError> {
        let today = ctx.now().date();
        let decide = |r: Request, entry: &Entry| applied(request::submit(&r, entry, today, ctx.stamp())?, r);
        self.cart_change(ctx, id, seen, RequestVerb::Submit, decide).await
    }

    /// The office head consents to these requests of an application, all of them or none; each is received, and each has
    /// its clock.
    pub async fn cart_consent(
        &self,
        ctx: &Ctx,
        id: CartId,
        seen: &[(SharingRequestId, u64)],
    ) -> Result<CartView, AppError> {
        let organisations = self.organisations().await?;
        let decide = |r: Request, entry: &Entry| {
            let desk = self.desk_of(organisations.get(&entry.provider));
            applied(request::consent(&r, entry, desk.timing(), ctx.stamp())?, r)
        };
        self.cart_change(ctx, id, seen, RequestVerb::Consent, decide).await
    }

    async fn cart_change(
        &self,
        ctx: &Ctx,
        id: CartId,
        seen: &[(SharingRequestId, u64)],
        verb: RequestVerb,
        decide: impl Fn(Request, &Entry) -> Result<(Request, RequestEvent), Refusal>,
    ) -> Result<CartView, AppError> {
        if self.replayed(ctx).await?.is_some() {
            return self.cart_fetch(ctx, id).await;
        }
        self.attempt(ctx, action_of(verb), id, async {
            let mut tx = self.store.begin_write().await?;
            tx.cart_fetch(id).await?;
            if seen.is_empty() || seen.len() > CART_ENTRIES_MAX {
                self.cart_known(&mut tx, ctx, id).await?;
                let refusal =
                    Refusal::new(shuqiao_domain::RefusalCode::CartEntries, Some(shuqiao_domain::law::REQUEST_CONTENT));
                return Err(refusal.with("max", CART_ENTRIES_MAX).into());
            }
            let mut records = Vec::with_capacity(seen.len());
            for (part, revision) in seen {
                let (found, entry, permit) = self.request_opened(&mut tx, ctx, *part, *revision, verb).await?;
                if found.cart != Some(id) {
                    return Err(AppError::NotFound);
                }
                let number = found.number.clone();
                let (request, event) = decide(found, &entry).map_err(|refusal| refusal.with("request", number))?;
                let saved = tx.request_save(&request, *revision, &permit).await?;
                let mut record = self.request_record(ctx, &permit, &request, &event, saved.revision);
                record.related.push(id.to_string());
                if !records.is_empty() {
                    record.idempotency = None;
                }
                records.push(record);
            }
            tx.commit_all(records).await?;
            Ok(())
        })
        .await?;
        self.cart_fetch(ctx, id).await
    }

    /// Whether the reader may know of an application at all: of one of its requests.
    async fn cart_known(&self, tx: &mut Tx, ctx: &Ctx, id: CartId) -> Result<(), AppError> {
        let query = RequestQuery { cart: Some(id), limit: 100, ..RequestQuery::default() };
        let mut denied = None;
        for request in tx.request_list(&query).await?.items {
            let provider = tx.organisation_fetch(request.value.provider).await?;
            match self.permit(ctx, Action::RequestRead, &of_request(&request.value, &provider)) {
                Ok(_) => return Ok(()),
                Err(error) => denied = Some(error),
            }
        }
        Err(denied.unwrap_or(AppError::NotFound))
    }
}

/// `2026-A00001`: the year and a running number in it.
async fn cart_number(tx: &mut Tx, now: Moment) -> Result<String, AppError> {
    let year = now.date().year();
    let running = tx.counter_next(&format!("application-{year}")).await?;
    Ok(format!("{year}-A{running:05}"))
}
