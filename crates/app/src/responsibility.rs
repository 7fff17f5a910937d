//! Who answers for what under a grant (责任清单, Art. 34(1)): read off what was decided, entered by nobody.

use crate::{App, AppError, Ctx, grant::of_grant, organisation::known};
use shuqiao_domain::{
    organisation::{Organisation, authority_of},
    responsibility::{Responsible, Sources, matrix},
};
use shuqiao_policy::Action;
use shuqiao_vocabulary::{GrantId, OrganisationKind};

/// Who answers for a link of sharing.
#[derive(Clone, Debug)]
pub struct ResponsibleView {
    /// For what, in what part.
    pub responsible: Responsible,
    /// The organisation.
    pub organisation: Organisation,
    /// The person's name, where the person has an account here.
    pub person_name: Option<String>,
}

impl App {
    /// For each link of sharing, the organisations and people that answer for it today.
    pub async fn grant_responsibilities(&self, ctx: &Ctx, id: GrantId) -> Result<Vec<ResponsibleView>, AppError> {
        self.attempt(ctx, Action::GrantRead, id, async {
            let mut tx = self.store.begin_read().await?;
            let grant = tx.grant_fetch(id).await?.value;
            self.permit(ctx, Action::GrantRead, &of_grant(&grant, ctx.now()))?;
            let request = tx.request_fetch(grant.request).await?.value;
            drop(tx);
            let organisations = self.organisations().await?;
            let people = self.people().await?;
            let engagements = self.engagements_of(grant.requester).await?;
            // Who runs the node is its own authority; where it has none, the provider's.
            let own = organisations.values().find(|organisation| {
                organisation.kind == OrganisationKind::SharingAuthority
                    && organisation.level == self.node.level
                    && organisation.region == self.node.region
            });
            let of_provider = || authority_of(organisations.get(&grant.provider)?, organisations.values());
            let operator = own.or_else(of_provider).map(|organisation| organisation.id);
            let sources = Sources { grant: &grant, request: &request, operator, engagements: &engagements };
            let found = matrix(&sources, ctx.now().date()).into_iter().map(|responsible| {
                Ok(ResponsibleView {
                    organisation: known(&organisations, responsible.organisation)?,
                    person_name: responsible.person.and_then(|person| people.get(&person).cloned()),
                    responsible,
                })
            });
            found.collect()
        })
        .await
    }
}
