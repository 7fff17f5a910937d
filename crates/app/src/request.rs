//! The life of a sharing request, from draft to grant (Art. 20-22).

use crate::{App, AppError, Ctx, attempt::facts, view::RequestView};
use shuqiao_domain::{
    Refusal,
    catalogue::Entry,
    request::{
        self, Decision, Proposal, Request, RequestContent, RequestEvent, RequestState, RequestStateName, RequestVerb,
    },
};
use shuqiao_policy::{Action, Permit, Resource};
use shuqiao_store::{Record, Tx};
use shuqiao_vocabulary::{CatalogueEntryId, Moment, SharingRequestId};
use std::collections::BTreeMap;

/// States in which a request is settled.
pub(crate) const SETTLED: [RequestStateName; 3] =
    [RequestStateName::Agreed, RequestStateName::Refused, RequestStateName::Withdrawn];

pub(crate) fn of_request(request: &Request) -> Resource {
    let consented_by = request.state.reception().map(|reception| reception.consent.person);
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
    }
}

impl App {
    /// What the reader may do to a request now: what the state admits and the policy permits.
    pub(crate) fn request_allowed(&self, ctx: &Ctx, request: &Request) -> Vec<RequestVerb> {
        let (state, resource) = (request.state.name(), of_request(request));
        let admitted = |verb: &RequestVerb| {
            request::admits(state, *verb) && self.policies.may(&ctx.principal, action_of(*verb), &resource)
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
                let entry = tx.entry_fetch(entry).await?.value;
                let provider = tx.organisation_fetch(entry.provider).await?;
                self.permit(ctx, Action::CatalogueRead, &crate::catalogue::of_entry(&entry, &provider))?;
                let resource = Resource::SharingRequest {
                    requester: ctx.principal.organisation,
                    provider: entry.provider,
                    state: "draft",
                    drafted_by: Some(ctx.principal.person),
                    consented_by: None,
                    proposed_by: None,
                };
                let permit = self.permit(ctx, Action::RequestCreate, &resource)?;
                check_systems(&mut tx, ctx, &content).await?;
                let number = request_number(&mut tx, ctx.now()).await?;
                let content = content.typed(&entry);
                let (request, event) = request::draft(ctx.edge.mint(), number, &entry, content, &ctx.stamp())?;
                let saved = tx.request_insert(&request, &permit).await?;
                let mut record = self.done(ctx, &permit, event.name().as_str(), request.id);
                record.facts = facts([("entry", &request.entry), ("number", &request.number)]);
                tx.commit(record).await?;
                Ok(saved)
            })
            .await?;
        self.request_view(ctx, saved).await
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
        let decide = |r: Request, entry: &Entry| applied(request::consent(&r, entry, &self.calendar, ctx.stamp())?, r);
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

    /// The provider tells once what is missing.
    pub async fn request_ask_supplement(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        missing: &[String],
    ) -> Result<RequestView, AppError> {
        let decide = |r: Request, _: &Entry| applied(request::ask_supplement(&r, missing, ctx.stamp())?, r);
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
        let decide = |r: Request, entry: &Entry| applied(request::supplement(&r, entry, answers, ctx.stamp())?, r);
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
                let decision = request::decide(&found, &entry, ctx.edge.mint(), ctx.stamp())?;
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

    /// What every verb of a request begins with: fetch, permit, the revision that was seen.
    async fn request_open(
        &self,
        ctx: &Ctx,
        id: SharingRequestId,
        seen: u64,
        verb: RequestVerb,
    ) -> Result<(Tx, Request, Entry, Permit), AppError> {
        let mut tx = self.store.begin_write().await?;
        let found = tx.request_fetch(id).await?;
        let entry = tx.entry_fetch(found.value.entry).await?.value;
        let resource = of_request(&found.value);
        let elsewhere = RequestStateName::ALL.iter().map(|other| in_state(&resource, other.as_str()));
        let permit = self.permit_seen(ctx, action_of(verb), &resource, elsewhere, (found.revision, seen))?;
        Ok((tx, found.value, entry, permit))
    }

    /// The shape of every verb but the decision: open, decide, save, record.
    async fn request_change(
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

    fn request_record(
        &self,
        ctx: &Ctx,
        permit: &Permit,
        request: &Request,
        event: &RequestEvent,
        revision: u64,
    ) -> Record {
        let mut record = self.done(ctx, permit, event.name().as_str(), request.id);
        record.related = vec![request.entry.to_string()];
        record.facts = request_facts(event, revision);
        record
    }
}

fn applied(event: RequestEvent, request: Request) -> Result<(Request, RequestEvent), Refusal> {
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
async fn request_number(tx: &mut Tx, now: Moment) -> Result<String, AppError> {
    let year = now.date().year();
    let running = tx.counter_next(&format!("request-{year}")).await?;
    Ok(format!("{year}-{running:06}"))
}

/// What the record says of an event, beside its name: reasons and opinions of officials, terms, due moments.
fn request_facts(event: &RequestEvent, revision: u64) -> BTreeMap<String, String> {
    let mut found = facts([("revision", &revision)]);
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            found.insert(name.to_owned(), value);
        }
    };
    match event {
        RequestEvent::Received { clock, .. } => {
            add("due", clock.due.to_string());
            add("working_days", clock.working_days.to_string());
            add("ground", clock.ground.to_string());
            add("calendar", clock.calendar.clone());
        }
        RequestEvent::Declined(returned)
        | RequestEvent::Withdrawn(returned)
        | RequestEvent::ProposalReturned(returned) => add("note", returned.reason.clone()),
        RequestEvent::SupplementAsked { missing, .. } => add("note", missing.join("；")),
        RequestEvent::Supplemented(answer) => add("note", answer.answers.clone()),
        RequestEvent::ReplyProposed { proposal: Proposal::Agree { opinion, .. }, .. } => {
            add("decision", "agree".to_owned());
            add("note", opinion.clone());
        }
        RequestEvent::ReplyProposed { proposal: Proposal::Refuse { reasons, .. }, .. } => {
            add("decision", "refuse".to_owned());
            let reasons: Vec<String> =
                reasons.iter().map(|reason| format!("{}: {}", reason.code, reason.text)).collect();
            add("note", reasons.join("；"));
        }
        RequestEvent::Agreed { grant, .. } => add("grant", grant.to_string()),
        RequestEvent::Drafted | RequestEvent::Revised | RequestEvent::Submitted(_) | RequestEvent::Refused { .. } => {}
    }
    found
}
