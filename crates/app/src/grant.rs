//! Grants: what exactly may flow, the trial call, the end before time, the proof.

use crate::{
    App, AppError, Ctx,
    attempt::facts,
    case::{Hand, of_case},
    organisation::known,
    view::{GrantView, Page, TrialToken, UsageLine, beginning},
};
use shuqiao_crypto::token::{Caller, Claims};
use shuqiao_domain::{
    case::{About, AnyCase, CaseKind, CaseMatter, Disposal, UsageRecord},
    grant::{self, Grant, GrantEvent, GrantVerb, RevocationGround},
    law,
};
use shuqiao_policy::{Action, Resource};
use shuqiao_store::{CaseQuery, GrantQuery, LIST_MAX, Revised};
use shuqiao_vocabulary::{GrantId, Moment};
use std::collections::BTreeMap;

/// How long a trial token lasts, in seconds.
const TRIAL_SECONDS: i64 = 120;

/// Which side of grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantSide {
    /// Given to the reader's department.
    Mine,
    /// Given by it.
    Given,
    /// All that the reader may see.
    All,
}

pub(crate) fn of_grant(grant: &Grant, now: Moment) -> Resource {
    let state = grant.state_on(now).as_str();
    Resource::Grant { requester: grant.requester, provider: grant.provider, state }
}

const fn action_of(verb: GrantVerb) -> Action {
    match verb {
        GrantVerb::Revoke => Action::GrantRevoke,
        GrantVerb::Try => Action::GrantTry,
    }
}

/// What the record says of a grant's beginning: terms, never data.
pub(crate) fn grant_facts(grant: &Grant) -> BTreeMap<String, String> {
    let items = grant.terms.items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>().join(" ");
    let systems = grant.terms.systems.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    facts([
        ("number", &grant.number),
        ("requester", &grant.requester),
        ("provider", &grant.provider),
        ("entry", &grant.entry),
        ("items", &items),
        ("row_conditions", &grant.terms.rows.0.len()),
        ("method", &grant.terms.method),
        ("systems", &systems),
        ("calls_per_second", &grant.terms.calls_per_second),
        ("rows_per_call", &grant.terms.rows_per_call),
        ("rows_per_day", &grant.terms.rows_per_day),
        ("valid_from", &grant.terms.valid_from),
        ("valid_until", &grant.terms.valid_until),
    ])
}

impl App {
    /// Grants to or from the reader's department; all of them for those who supervise. `unrecorded`: only those whose
    /// use in the last whole quarter nobody has recorded (Art. 29(2)), a lead for a human to look into.
    pub async fn grant_list(
        &self,
        ctx: &Ctx,
        side: GrantSide,
        unrecorded: bool,
        limit: u32,
        after: Option<String>,
    ) -> Result<Page<GrantView>, AppError> {
        let own = ctx.principal.organisation;
        let after = beginning(after.as_deref())?;
        let mut query = GrantQuery { limit, after, ..GrantQuery::default() };
        match side {
            GrantSide::Mine => query.requester = Some(own),
            GrantSide::Given => query.provider = Some(own),
            GrantSide::All => {}
        }
        let listed = self.store.begin_read().await?.grant_list(&query).await?;
        let mut items = Vec::with_capacity(listed.items.len());
        for grant in listed.items {
            let wanted = !unrecorded || self.use_unrecorded(&grant.value, ctx.now()).await?;
            if wanted && self.policies.may(&ctx.principal, Action::GrantRead, &of_grant(&grant.value, ctx.now())) {
                items.push(self.grant_view(ctx, grant).await?);
            }
        }
        Ok(Page::new(items, listed.next))
    }

    /// Whether the use of a grant in the quarter before this one lacks its record.
    pub(crate) async fn use_unrecorded(&self, grant: &Grant, now: Moment) -> Result<bool, AppError> {
        let (from, until) = UsageRecord::period_before(now.date());
        if !grant.in_force_between(from, until) {
            return Ok(false);
        }
        let query = CaseQuery {
            kinds: vec![CaseKind::UsageRecord],
            about: About::grant(grant.id),
            limit: LIST_MAX,
            ..CaseQuery::default()
        };
        let records = self.store.begin_read().await?.case_list(&query).await?;
        Ok(!records.items.iter().any(|case| UsageRecord::speaks_of(&case.value, from, until)))
    }

    /// Open cases about a grant that the reader may see.
    async fn grant_open_cases(&self, ctx: &Ctx, id: GrantId) -> Result<Vec<AnyCase>, AppError> {
        let query = CaseQuery { about: About::grant(id), settled: Some(false), ..CaseQuery::default() };
        let listed = self.store.begin_read().await?.case_list(&query).await?;
        let cases = listed.items.into_iter().map(|case| case.value);
        Ok(cases.filter(|case| self.policies.may(&ctx.principal, Action::CaseRead, &of_case(case))).collect())
    }

    /// One grant.
    pub async fn grant_fetch(&self, ctx: &Ctx, id: GrantId) -> Result<GrantView, AppError> {
        self.attempt(ctx, Action::GrantRead, id, async {
            let grant = self.grant_readable(ctx, id, Action::GrantRead).await?;
            self.grant_view(ctx, grant).await
        })
        .await
    }

    async fn grant_readable(&self, ctx: &Ctx, id: GrantId, action: Action) -> Result<Revised<Grant>, AppError> {
        let grant = self.store.begin_read().await?.grant_fetch(id).await?;
        self.permit(ctx, action, &of_grant(&grant.value, ctx.now()))?;
        Ok(grant)
    }

    pub(crate) async fn grant_view(&self, ctx: &Ctx, grant: Revised<Grant>) -> Result<GrantView, AppError> {
        let organisations = self.organisations().await?;
        let (requester, provider) = (grant.value.requester, grant.value.provider);
        let mut tx = self.store.begin_read().await?;
        let systems = tx.system_list_by_ids(&grant.value.terms.systems).await?;
        let begun = tx.history(&grant.value.id.to_string()).await?;
        let request = tx.request_fetch(grant.value.request).await?.value;
        drop(tx);
        let resource = of_grant(&grant.value, ctx.now());
        let state = grant.value.state_on(ctx.now());
        let admitted = |verb: &GrantVerb| {
            grant::admits(state, *verb) && self.policies.may(&ctx.principal, action_of(*verb), &resource)
        };
        Ok(GrantView {
            state,
            requester: known(&organisations, requester)?,
            provider: known(&organisations, provider)?,
            systems,
            people: self.people().await?,
            delivery: request.state.delivery().map(|delivery| self.delivery_view(delivery, ctx.now())),
            open_cases: self.grant_open_cases(ctx, grant.value.id).await?,
            usage: self.usage.summary(&grant.value.id).await,
            record_index: begun.iter().find(|row| row.event == "GrantBegun").map(|row| row.index),
            allowed: GrantVerb::ALL.iter().copied().filter(admitted).collect(),
            grant,
        })
    }

    /// Ends a grant whose purpose has ended, before its last day; when this answers, the plane of this node denies its
    /// next call, and the disposal of what was received is open (Art. 27(1)).
    pub async fn grant_revoke(
        &self,
        ctx: &Ctx,
        id: GrantId,
        seen: u64,
        ground: RevocationGround,
    ) -> Result<GrantView, AppError> {
        if self.replayed(ctx).await?.is_some() {
            return self.grant_fetch(ctx, id).await;
        }
        let saved = self
            .attempt(ctx, Action::GrantRevoke, id, async {
                let mut tx = self.store.begin_write().await?;
                let found = tx.grant_fetch(id).await?;
                let permit = self.permit(ctx, Action::GrantRevoke, &of_grant(&found.value, ctx.now()))?;
                if found.revision != seen {
                    return Err(AppError::Stale { found: found.revision });
                }
                let event = grant::revoke(&found.value, ground, ctx.stamp())?;
                let grant = found.value.apply(&event);
                let saved = tx.grant_save(&grant, seen, &permit).await?;
                let mut record = self.done(ctx, &permit, event.name().as_str(), id);
                record.related = vec![grant.request.to_string()];
                record.facts = grant_event_facts(&event);
                let matter = CaseMatter::Disposal(Disposal { grant: id });
                let mut records = vec![record];
                records.extend(self.case_follows(&Hand::of(ctx), &mut tx, &permit, matter, id.to_string()).await?);
                tx.commit_all(records).await?;
                Ok(saved)
            })
            .await?;
        self.book_refresh(ctx.now()).await;
        self.grant_view(ctx, saved).await
    }

    /// A short token with which the reader may try this grant, through the very same door as the systems.
    pub async fn grant_trial_token(&self, ctx: &Ctx, id: GrantId) -> Result<TrialToken, AppError> {
        self.attempt(ctx, Action::GrantTry, id, async {
            let found = self.store.begin_read().await?.grant_fetch(id).await?;
            let permit = self.permit(ctx, Action::GrantTry, &of_grant(&found.value, ctx.now()))?;
            let claims = Claims {
                caller: Caller::Person(ctx.principal.person),
                organisation: ctx.principal.organisation,
                grant: Some(id),
                expires: ctx.now().plus_seconds(TRIAL_SECONDS),
            };
            let record = self.done(ctx, &permit, "TrialTokenIssued", id);
            self.store.begin_write().await?.commit(record).await?;
            Ok(TrialToken { access_token: self.token_key.mint(&claims), seconds: TRIAL_SECONDS })
        })
        .await
    }

    /// The proof that the grant's beginning stands in the record (`.tlog-proof`).
    pub async fn grant_proof(&self, ctx: &Ctx, id: GrantId) -> Result<String, AppError> {
        let index = self.grant_fetch(ctx, id).await?.record_index.ok_or(AppError::NotFound)?;
        self.proof(&ctx.edge, index).await
    }

    /// The newest usage records of a grant (Art. 29(2)).
    pub async fn grant_usage(&self, ctx: &Ctx, id: GrantId, limit: usize) -> Result<Vec<UsageLine>, AppError> {
        self.attempt(ctx, Action::UsageRead, id, async {
            self.grant_readable(ctx, id, Action::UsageRead).await?;
            Ok(self.usage.recent(&id, limit).await)
        })
        .await
    }
}

/// What the record says of an event of a grant.
pub(crate) fn grant_event_facts(event: &GrantEvent) -> BTreeMap<String, String> {
    let ground = match event {
        GrantEvent::Revoked { ground, .. } => ground,
        GrantEvent::Suspended { reason, .. } => return facts([("article", &law::MISUSE), ("note", reason)]),
        GrantEvent::ConsentRecorded { consent } => {
            return facts([("kind", &consent.kind), ("article", &law::NO_WIDENING), ("note", &consent.text)]);
        }
        GrantEvent::Begun | GrantEvent::Resumed { .. } => return BTreeMap::new(),
    };
    let mut found = facts([("ground", &ground.name()), ("article", &ground.article()), ("note", &ground.text())]);
    if let RevocationGround::Negotiated { filing_number, .. } = ground {
        found.insert("filing_number".to_owned(), filing_number.clone());
    }
    found
}
