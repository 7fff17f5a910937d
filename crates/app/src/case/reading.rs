//! Reading cases: lists, and one case with what people need beside it.

use super::{facts::Found, of_case};
use crate::{
    App, AppError, Ctx,
    organisation::known,
    view::{CaseHit, CaseView, ClockView, Page, beginning},
};
use shuqiao_domain::{
    case::{About, AnyCase, CaseKind},
    organisation::Organisation,
};
use shuqiao_policy::Action;
use shuqiao_store::{CaseQuery, Revised};
use shuqiao_vocabulary::{CaseId, Date, Moment, OrganisationId};
use std::collections::BTreeMap;

/// Which cases.
#[derive(Clone, Debug, Default)]
pub struct CaseFind {
    /// Of which kinds; empty means any.
    pub kinds: Vec<CaseKind>,
    /// What they are about.
    pub about: About,
    /// Only open ones, or only settled ones.
    pub settled: Option<bool>,
    /// Only those that concern the reader's organisation; else all that the reader may see.
    pub mine: bool,
    /// At most so many, 1 to 100.
    pub limit: u32,
    /// Where the page begins.
    pub after: Option<String>,
}

impl App {
    /// Cases that the reader may see.
    pub async fn case_list(&self, ctx: &Ctx, find: CaseFind) -> Result<Page<CaseHit>, AppError> {
        let query = CaseQuery {
            kinds: find.kinds,
            party: find.mine.then_some(ctx.principal.organisation),
            about: find.about,
            settled: find.settled,
            limit: find.limit,
            after: beginning(find.after.as_deref())?,
        };
        let listed = self.store.begin_read().await?.case_list(&query).await?;
        let organisations = self.organisations().await?;
        let mut items = Vec::with_capacity(listed.items.len());
        for case in listed.items {
            if self.policies.may(&ctx.principal, Action::CaseRead, &of_case(&case.value)) {
                items.push(self.case_hit(ctx, case, &organisations).await?);
            }
        }
        Ok(Page::new(items, listed.next))
    }

    pub(crate) async fn case_hit(
        &self,
        ctx: &Ctx,
        case: Revised<AnyCase>,
        organisations: &BTreeMap<OrganisationId, Organisation>,
    ) -> Result<CaseHit, AppError> {
        let name = |id: Option<OrganisationId>| id.map(|id| known(organisations, id)).transpose();
        Ok(CaseHit {
            title: self.case_title(&case.value).await?,
            opener: known(organisations, case.value.opener())?,
            respondent: name(case.value.respondent())?,
            authority: name(case.value.authority())?,
            clock: self.case_clock(&case.value, ctx.now()),
            allowed: self.case_allowed(ctx, &case.value),
            case,
        })
    }

    /// One case.
    pub async fn case_fetch(&self, ctx: &Ctx, id: CaseId) -> Result<CaseView, AppError> {
        self.attempt(ctx, Action::CaseRead, id, async {
            let case = self.store.begin_read().await?.case_fetch(id).await?;
            self.permit(ctx, Action::CaseRead, &of_case(&case.value))?;
            self.case_view(ctx, case).await
        })
        .await
    }

    pub(crate) async fn case_view(&self, ctx: &Ctx, case: Revised<AnyCase>) -> Result<CaseView, AppError> {
        let organisations = self.organisations().await?;
        let kept_until = self.kept_until(&case.value, &organisations).await?;
        let concerned = case.value.concerned().iter().map(|id| known(&organisations, *id));
        Ok(CaseView {
            concerned: concerned.collect::<Result<_, _>>()?,
            people: self.people().await?,
            progress: match &case.value {
                AnyCase::ReturnFlow(flow) => Some(flow.progress(ctx.now().date())),
                _ => None,
            },
            kept_until,
            organisations: organisations.values().map(|o| (o.id, o.short_name.clone())).collect(),
            hit: self.case_hit(ctx, case, &organisations).await?,
        })
    }

    /// Until which day a record of use is kept at least (Art. 29(2)), by the rules of its requester on the day it was
    /// filed; nothing for other kinds.
    async fn kept_until(
        &self,
        case: &AnyCase,
        organisations: &BTreeMap<OrganisationId, Organisation>,
    ) -> Result<Option<Date>, AppError> {
        let AnyCase::UsageRecord(record) = case else { return Ok(None) };
        let grant = self.store.begin_read().await?.grant_fetch(record.matter.grant).await?.value;
        let own = known(organisations, grant.requester)?;
        let retention = self.rules().usage_retention(own.level, &own.region, record.opened.at().date());
        Ok(Some(record.matter.kept_until(grant.last_day(), retention)))
    }

    /// The verbs that the state admits and the policy permits the reader.
    fn case_allowed(&self, ctx: &Ctx, case: &AnyCase) -> Vec<&'static str> {
        let resource = of_case(case);
        let may = |verb: &&'static str| {
            Action::case_act(case.kind(), verb)
                .is_some_and(|action| self.policies.may(&ctx.principal, action, &resource))
        };
        case.admitted().into_iter().filter(may).collect()
    }

    /// The title needs names only, so that a list does not fetch what only a decision needs.
    async fn case_title(&self, case: &AnyCase) -> Result<String, AppError> {
        let found = self.case_names(case.about()).await?;
        Ok(case.title(&found.facts(&self.legal_time.get())))
    }

    /// What a case is about, for its title and its papers.
    pub(crate) async fn case_names(&self, about: About) -> Result<Found, AppError> {
        let mut tx = self.store.begin_read().await?;
        Found::named(&mut tx, about).await
    }

    /// The newest clock of a case as it stands at a moment.
    pub(crate) fn case_clock(&self, case: &AnyCase, now: Moment) -> Option<ClockView> {
        let newest = case.clocks().last()?;
        Some(self.timed(&newest.clock, newest.stopped, now, &[]))
    }
}
