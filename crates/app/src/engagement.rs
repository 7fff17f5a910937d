//! Contractors (受托人员, Art. 36(1)): they are let in only within an engagement that is in force, and each of their calls
//! is recorded, whatever it comes to.

use crate::{App, AppError, Ctx, Edge, attempt::facts};
use shuqiao_domain::{
    account::Person,
    case::{AnyCase, Case, CaseKind, Engagement},
};
use shuqiao_store::{CaseQuery, LIST_MAX};
use shuqiao_vocabulary::{OrganisationId, Role};

impl App {
    /// Whether an account may be used now: a contractor's only within an engagement in force that names it.
    pub(crate) async fn engaged(&self, edge: &Edge, person: &Person) -> Result<bool, AppError> {
        if !person.roles.contains(&Role::Contractor) {
            return Ok(true);
        }
        let engagements = self.engagements_of(person.organisation).await?;
        let today = edge.now.date();
        Ok(engagements.iter().any(|case| case.in_force_on(today) && case.matter.people.contains(&person.id)))
    }

    /// Engagements of an organisation that are not over.
    pub(crate) async fn engagements_of(&self, organisation: OrganisationId) -> Result<Vec<Case<Engagement>>, AppError> {
        let query = CaseQuery {
            kinds: vec![CaseKind::Engagement],
            party: Some(organisation),
            settled: Some(false),
            limit: LIST_MAX,
            ..CaseQuery::default()
        };
        let listed = self.store.begin_read().await?.case_list(&query).await?;
        let engagement = |case| match case {
            AnyCase::Engagement(case) if case.opener == organisation => Some(case),
            _ => None,
        };
        Ok(listed.items.into_iter().filter_map(|case| engagement(case.value)).collect())
    }

    /// Records that a contractor called, before the call is looked at; nothing for anybody else.
    // INVARIANT (record-before-answer): a call that cannot be recorded is not looked at.
    pub async fn contractor_called(&self, ctx: &Ctx, method: &str, path: &str) -> Result<(), AppError> {
        if !ctx.principal.roles.contains(&Role::Contractor) {
            return Ok(());
        }
        let actor = crate::attempt::actor_of(ctx);
        let mut record = self.happened(&ctx.edge, actor, "ContractorCalled", ctx.principal.person);
        record.facts = facts([("method", &method), ("path", &path)]);
        self.store.begin_write().await?.commit(record).await?;
        Ok(())
    }
}
