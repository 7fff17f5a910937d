//! The life of a sharing request, from draft to grant (Art. 20-22).

use crate::{App, AppError, Ctx, attempt::facts, request_facts::request_facts, view::RequestView};
use shuqiao_domain::{
    Refusal,
    catalogue::Entry,
    organisation::Organisation,
    request::{
        self, Decision, Proposal, Request, RequestContent, RequestEvent, RequestState, RequestStateName, RequestVerb,
    },
};
use shuqiao_policy::{Action, Permit, Resource};
use shuqiao_store::{Record, Tx};
use shuqiao_vocabulary::{CatalogueEntryId, Date, Moment, Role, SharingRequestId};

/// States in which a request is settled.
pub(crate) const SETTLED: [RequestStateName; 3] =
    [RequestStateName::Agreed, RequestStateName::Refused, RequestStateName::Withdrawn];

pub(crate) fn of_request(request: &Request, provider: &Organisation) -> Resource {
    let reception = request.state.reception();
    let consented_by = reception.map(|reception| reception.consent.person);
    let extension_asked_by = reception.and_then(|reception| reception.extension.as_ref()).map(|e| e.asked.person);
    let (authority_level, authority_region) = provider.authority_place();
    let proposed_by = match &request.state {
        RequestState::Proposed { by, .. } => Some(by.person),
        RequestState::Agreed { proposed, .. } | RequestState::Refused { proposed, .. } => Some(proposed.person),
        _ => None,
    };
    Resource::SharingRequest {
        requester: request.requester,
        provider: request.provider,
        state: request.state.name().as_str(),
        drafted_by: Some(request.drafted_by),
        consented_by,
        proposed_by,
        extension_asked_by,
        authority_level,
        authority_region,
    }
}

/// A request that the reader's department does not have yet.
pub(crate) fn of_draft(ctx: &Ctx, provider: &Organisation) -> Resource {
    let (authority_level, authority_region) = provider.authority_place();
    Resource::SharingRequest {
        requester: ctx.principal.organisation,
        provider: provider.id,
        state: RequestStateName::Draft.as_str(),
        drafted_by: Some(ctx.principal.person),
        consented_by: None,
        proposed_by: None,
        extension_asked_by: None,
        authority_level,
        authority_region,
    }
}

/// The same request in another state.
fn in_state(request: &Resource, name: &'static str) -> Resource {
    let mut other = request.clone();
    if let Resource::SharingRequest { state, .. } = &mut other {
        *state = name;
    }
    other
}

pub(crate) const fn action_of(verb: RequestVerb) -> Action {
    match verb {
        RequestVerb::Edit => Action::RequestEdit,
        RequestVerb::Submit => Action::RequestSubmit,
        RequestVerb::Consent => Action::RequestConsent,
        RequestVerb::Decline => Action::RequestDecline,
        RequestVerb::Withdraw => Action::RequestWithdraw,
        RequestVerb::AskSupplement => Action::RequestAskSupplement,
        RequestVerb::Supplement => Action::RequestSupplement,
        RequestVerb::Propose => Action::RequestPropose,
        RequestVerb::ReturnProposal => Action::RequestReturnProposal,
        RequestVerb::Decide => Action::RequestDecide,
        RequestVerb::AskExtension => Action::RequestAskExtension,
        RequestVerb::GrantExtension => Action::RequestGrantExtension,
        RequestVerb::RefuseExtension => Action::RequestRefuseExtension,
        RequestVerb::ConfirmDelivery => Action::RequestConfirmDelivery,
        RequestVerb::ReportUndelivered => Action::RequestReportUndelivered,
    }
}

/// Whose step is next at the provider, while a clock runs.
pub(crate) const fn waits_for(state: RequestStateName) -> Role {
    match state {
        RequestStateName::Proposed => Role::OfficeHead,
        _ => Role::DataOfficer,
    }
}

impl App {
    /// What the reader may do to a request now: what it offers and the policy permits.
    pub(crate) fn request_allowed(&self, ctx: &Ctx, request: &Request, provider: &Organisation) -> Vec<RequestVerb> {
        let resource = of_request(request, provider);
        let admitted = |verb: &RequestVerb| {
            request::offers(request, *verb) && self.policies.may(&ctx.principal, action_of(*verb), &resource)
        };
        RequestVerb::ALL.iter().copied().filter(admitted).collect()
    }

    /// Begins a request on a published entry.
    pub async fn request_create(
        &self,
        ctx: &Ctx,
        entry: CatalogueEntryId,
        content: RequestContent,
    ) -> Result<RequestView, AppError> {
        if let Some(id) = self.replayed_id(ctx).await? {
            return self.request_fetch(ctx, id).await;
        }
        let saved = self
            .attempt(ctx, Action::RequestCreate, entry, async {
                let mut tx = self.store.begin_write().await?;
                let (request, event, permit) = self.request_drafted(&mut tx, ctx, entry, content).await?;
                let saved = tx.request_insert(&request, &permit).await?;
                let mut record = self.done(ctx, &permit, event.name().as_str(), request.id);
                record.facts = facts([("entry", &request.entry), ("number", &request.number)]);
                tx.commit(record).await?;
                Ok(saved)
            })
            .await?;
        self.request_view(ctx, saved).await
    }

    /// A new draft on an entry that the reader may see, with the permit to keep it.
    pub(crate) async fn request_drafted(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        entry: CatalogueEntryId,
        content: RequestContent,
    ) -> Result<(Request, RequestEvent, Permit), AppError> {
        let entry = tx.entry_fetch(entry).await?.value;
        let provider = tx.organisation_fetch(entry.provider).await?;
        self.permit(ctx, Action::CatalogueRead, &crate::catalogue::of_entry(&entry, &provider))?;
        let permit = self.permit(ctx, Action::RequestCreate, &of_draft(ctx, &provider))?;
        check_systems(tx, ctx, &content).await?;
        let number = request_number(tx, ctx.now()).await?;
        let content = content.typed(&entry);
        let (request, event) = request::draft(ctx.edge.mint(), number, &entry, content, &ctx.stamp())?;
        Ok((request, event, permit))
    }

    /// The draft, or the answer to a notice, says something else.
    pub async fn request_revise(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        content: RequestContent,
    ) -> Result<RequestView, AppError> {
        if self.replayed(ctx).await?.is_some() {
            return self.request_fetch(ctx, id).await;
        }
        let saved = self
            .attempt(ctx, Action::RequestEdit, id, async {
                let (mut tx, found, entry, permit) = self.request_open(ctx, id, seen, RequestVerb::Edit).await?;
                check_systems(&mut tx, ctx, &content).await?;
                let (request, event) = request::revise(found, content.typed(&entry))?;
                let saved = tx.request_save(&request, seen, &permit).await?;
                let record = self.request_record(ctx, &permit, &request, &event, saved.revision);
                tx.commit(record).await?;
                Ok(saved)
            })
            .await?;
        self.request_view(ctx, saved).await
    }

    /// Submits to the requesting department's office head.
    pub async fn request_submit(&self, ctx: &Ctx, id: SharingRequestId, seen: u64) -> Result<RequestView, AppError> {
        let today = ctx.now().date();
        let decide = |r: Request, entry: &Entry| applied(request::submit(&r, entry, today, ctx.stamp())?, r);
        self.request_change(ctx, id, seen, RequestVerb::Submit, decide).await
    }

    /// The requesting department's office head consents: received, and the clock starts.
    pub async fn request_consent(&self, ctx: &Ctx, id: SharingRequestId, seen: u64) -> Result<RequestView, AppError> {
        let organisations = self.organisations().await?;
        let decide = |r: Request, entry: &Entry| {
            let desk = self.desk_of(organisations.get(&entry.provider));
            applied(request::consent(&r, entry, desk.timing(), ctx.stamp())?, r)
        };
        self.request_change(ctx, id, seen, RequestVerb::Consent, decide).await
    }

    /// The requesting department's office head sends it back.
    pub async fn request_decline(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        reason: &str,
    ) -> Result<RequestView, AppError> {
        let decide = |r: Request, _: &Entry| applied(request::decline(&r, reason, ctx.stamp())?, r);
        self.request_change(ctx, id, seen, RequestVerb::Decline, decide).await
    }

    /// The requester withdraws it.
    pub async fn request_withdraw(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        reason: &str,
    ) -> Result<RequestView, AppError> {
        let decide = |r: Request, _: &Entry| applied(request::withdraw(&r, reason, ctx.stamp())?, r);
        self.request_change(ctx, id, seen, RequestVerb::Withdraw, decide).await
    }

    /// The provider tells once what is missing, and until when that may be answered.
    pub async fn request_ask_supplement(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        missing: &[String],
        answer_by: Option<Date>,
    ) -> Result<RequestView, AppError> {
        let decide = |r: Request, _: &Entry| applied(request::ask_supplement(&r, missing, answer_by, ctx.stamp())?, r);
        self.request_change(ctx, id, seen, RequestVerb::AskSupplement, decide).await
    }

    /// The requester gives what was missing.
    pub async fn request_supplement(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        answers: &str,
    ) -> Result<RequestView, AppError> {
        let organisations = self.organisations().await?;
        let decide = |r: Request, entry: &Entry| {
            let desk = self.desk_of(organisations.get(&entry.provider));
            let (request, event) = applied(request::supplement(&r, entry, answers, ctx.stamp())?, r)?;
            Ok((request.with_supplemented_clock(desk.timing())?, event))
        };
        self.request_change(ctx, id, seen, RequestVerb::Supplement, decide).await
    }

    /// The provider's reviewer proposes a reply.
    pub async fn request_propose(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        proposal: Proposal,
    ) -> Result<RequestView, AppError> {
        let decide =
            |r: Request, entry: &Entry| applied(request::propose(&r, entry, proposal.typed(entry), ctx.stamp())?, r);
        self.request_change(ctx, id, seen, RequestVerb::Propose, decide).await
    }

    /// The provider's office head sends the proposal back.
    pub async fn request_return_proposal(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        reason: &str,
    ) -> Result<RequestView, AppError> {
        let decide = |r: Request, _: &Entry| applied(request::return_proposal(&r, reason, ctx.stamp())?, r);
        self.request_change(ctx, id, seen, RequestVerb::ReturnProposal, decide).await
    }

    /// The provider's office head consents: the reply is effective, and an agreement is a grant, in the same commit.
    pub async fn request_decide(&self, ctx: &Ctx, id: SharingRequestId, seen: u64) -> Result<RequestView, AppError> {
        if self.replayed(ctx).await?.is_some() {
            return self.request_fetch(ctx, id).await;
        }
        let saved = self
            .attempt(ctx, Action::RequestDecide, id, async {
                let (mut tx, found, entry, permit) = self.request_open(ctx, id, seen, RequestVerb::Decide).await?;
                let provider = tx.organisation_fetch(found.provider).await?;
                let desk = self.desk_of(Some(&provider));
                let decision = request::decide(&found, &entry, ctx.edge.mint(), desk.timing(), ctx.stamp())?;
                let (event, grant) = match decision {
                    Decision::Agreed(event, grant) => (event, Some(grant)),
                    Decision::Refused(event) => (event, None),
                };
                let request = found.apply(&event);
                let saved = tx.request_save(&request, seen, &permit).await?;
                let mut records = vec![self.request_record(ctx, &permit, &request, &event, saved.revision)];
                if let Some(grant) = &grant {
                    tx.grant_insert(grant, &permit).await?;
                    let mut record = self.done(ctx, &permit, "GrantBegun", grant.id);
                    record.idempotency = None;
                    record.related = vec![request.id.to_string()];
                    record.facts = crate::grant::grant_facts(grant);
                    records.push(record);
                }
                tx.commit_all(records).await?;
                Ok(saved)
            })
            .await?;
        self.book_refresh(ctx.now()).await;
        self.request_view(ctx, saved).await
    }

    async fn request_open(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        verb: RequestVerb,
    ) -> Result<(Tx, Request, Entry, Permit), AppError> {
        let mut tx = self.store.begin_write().await?;
        let (request, entry, permit) = self.request_opened(&mut tx, ctx, id, seen, verb).await?;
        Ok((tx, request, entry, permit))
    }

    /// What every verb of a request begins with: fetch, permit, the revision that was seen.
    pub(crate) async fn request_opened(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        verb: RequestVerb,
    ) -> Result<(Request, Entry, Permit), AppError> {
        let found = tx.request_fetch(id).await?;
        let entry = tx.entry_fetch(found.value.entry).await?.value;
        let provider = tx.organisation_fetch(found.value.provider).await?;
        let resource = of_request(&found.value, &provider);
        let elsewhere = RequestStateName::ALL.iter().map(|other| in_state(&resource, other.as_str()));
        let permit = self.permit_seen(ctx, action_of(verb), &resource, elsewhere, (found.revision, seen))?;
        Ok((found.value, entry, permit))
    }

    /// The shape of every verb but the decision: open, decide, save, record.
    pub(crate) async fn request_change(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        verb: RequestVerb,
        decide: impl FnOnce(Request, &Entry) -> Result<(Request, RequestEvent), Refusal>,
    ) -> Result<RequestView, AppError> {
        if self.replayed(ctx).await?.is_some() {
            return self.request_fetch(ctx, id).await;
        }
        let saved = self
            .attempt(ctx, action_of(verb), id, async {
                let (mut tx, found, entry, permit) = self.request_open(ctx, id, seen, verb).await?;
                let (request, event) = decide(found, &entry)?;
                let saved = tx.request_save(&request, seen, &permit).await?;
                let record = self.request_record(ctx, &permit, &request, &event, saved.revision);
                tx.commit(record).await?;
                Ok(saved)
            })
            .await?;
        self.request_view(ctx, saved).await
    }

    pub(crate) fn request_record(
        &self,
        ctx: &Ctx,
        permit: &Permit,
        request: &Request,
        event: &RequestEvent,
        revision: u64,
    ) -> Record {
        let mut record = self.done(ctx, permit, event.name().as_str(), request.id);
        record.related = vec![request.entry.to_string()];
        record.facts = request_facts(request, event, revision);
        // A rule set may have moved the clock with it.
        if let (RequestEvent::Supplemented(_), Some(reception)) = (event, request.state.reception()) {
            record.facts.insert("due".to_owned(), reception.running().due.to_string());
        }
        record
    }
}

pub(crate) fn applied(event: RequestEvent, request: Request) -> Result<(Request, RequestEvent), Refusal> {
    Ok((request.apply(&event), event))
}

/// The systems named must be the requester's own and open.
async fn check_systems(tx: &mut Tx, ctx: &Ctx, content: &RequestContent) -> Result<(), AppError> {
    let own = tx.system_list(Some(ctx.principal.organisation)).await?;
    let open = |id| own.iter().any(|system| system.id == id && system.active);
    if content.systems.iter().all(|id| open(*id)) {
        return Ok(());
    }
    let problem = shuqiao_domain::Problem::new("systems", shuqiao_domain::ProblemCode::NotOffered, None);
    Refusal::unless_fine(
        shuqiao_domain::RefusalCode::RequestIncomplete,
        shuqiao_domain::law::REQUEST_CONTENT,
        vec![problem],
    )?;
    Ok(())
}

/// `2026-000001`: the year and a running number in it.
pub(crate) async fn request_number(tx: &mut Tx, now: Moment) -> Result<String, AppError> {
    let year = now.date().year();
    let running = tx.counter_next(&format!("request-{year}")).await?;
    Ok(format!("{year}-{running:06}"))
}
