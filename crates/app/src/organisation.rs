//! Organisations of the node.

use crate::{App, AppError, Ctx, attempt::facts};
use shuqiao_domain::Refusal;
use shuqiao_domain::organisation::{Organisation, check_place, checked_name};
use shuqiao_policy::{Action, Resource};
use shuqiao_vocabulary::{Level, OrganisationCode, OrganisationId, OrganisationKind, RegionCode};
use std::collections::BTreeMap;

/// An organisation to be entered.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its level.
    pub level: Level,
    /// Its region.
    pub region: RegionCode,
    /// Its credit code, where it is known.
    pub code: Option<OrganisationCode>,
}

impl NewOrganisation {
    /// The organisation with this id; names must be well formed.
    pub fn named(self, id: OrganisationId) -> Result<Organisation, Refusal> {
        Ok(Organisation {
            id,
            name: checked_name("name", &self.name)?,
            short_name: checked_name("short_name", &self.short_name)?,
            kind: self.kind,
            level: self.level,
            region: self.region,
            code: self.code,
        })
    }
}

impl App {
    /// Every organisation of the node; names of departments are no secret among them.
    pub async fn organisation_list(&self, ctx: &Ctx) -> Result<Vec<Organisation>, AppError> {
        self.attempt(ctx, Action::OrganisationRead, "node", async {
            let own = Resource::Organisation { id: ctx.principal.organisation };
            self.permit(ctx, Action::OrganisationRead, &own)?;
            Ok(self.store.begin_read().await?.organisation_list().await?)
        })
        .await
    }

    /// Enters an organisation.
    pub async fn organisation_create(&self, ctx: &Ctx, new: NewOrganisation) -> Result<Organisation, AppError> {
        if let Some(id) = self.replayed_id(ctx).await? {
            return Ok(self.store.begin_read().await?.organisation_fetch(id).await?);
        }
        self.attempt(ctx, Action::OrganisationCreate, "node", async {
            let id = ctx.edge.mint();
            let permit = self.permit(ctx, Action::OrganisationCreate, &Resource::Organisation { id })?;
            let organisation = new.named(id)?;
            let mut tx = self.store.begin_write().await?;
            check_place(&organisation, tx.organisation_list().await?.iter())?;
            tx.organisation_insert(&organisation, &permit).await?;
            let mut record = self.done(ctx, &permit, "OrganisationCreated", id);
            record.facts = facts([("kind", &organisation.kind), ("region", &organisation.region)]);
            tx.commit(record).await?;
            Ok(organisation)
        })
        .await
    }
}

/// The organisation of this id, or a fault: references between rows are kept by the database.
pub(crate) fn known(
    organisations: &BTreeMap<OrganisationId, Organisation>,
    id: OrganisationId,
) -> Result<Organisation, AppError> {
    organisations.get(&id).cloned().ok_or_else(|| AppError::Fault(format!("{id} is not among the organisations")))
}
