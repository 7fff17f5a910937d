//! Gateways: what a provider runs in its own network, and how it is enrolled. The secret is shown once and kept nowhere.

use crate::{App, AppError, Ctx, port::GatewayHeard};
use shuqiao_domain::{
    Refusal, RefusalCode,
    gateway::{GATEWAYS_MAX, Gateway},
    organisation::checked_name,
};
use shuqiao_policy::{Action, Resource};
use shuqiao_vocabulary::GatewayId;

/// A gateway as its provider sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayView {
    /// The gateway.
    pub gateway: Gateway,
    /// What is known of it.
    pub heard: GatewayHeard,
    /// Epochs that it is behind the node; `None` when it has none.
    pub lag: Option<u64>,
}

impl App {
    /// The gateways of the reader's organisation, removed ones too.
    pub async fn gateway_list(&self, ctx: &Ctx) -> Result<Vec<GatewayView>, AppError> {
        self.attempt(ctx, Action::GatewayRead, "node", async {
            let provider = ctx.principal.organisation;
            self.permit(ctx, Action::GatewayRead, &Resource::Source { provider })?;
            let mut tx = self.store.begin_read().await?;
            let (listed, epoch) = (tx.gateway_list(Some(provider)).await?, tx.grant_epoch().await?);
            Ok(listed.into_iter().map(|gateway| self.gateway_view(gateway, epoch)).collect())
        })
        .await
    }

    /// Registers a gateway; answers its enrolment file, shown once.
    pub async fn gateway_create(&self, ctx: &Ctx, name: &str) -> Result<(GatewayView, String), AppError> {
        if let Some(subject) = self.replayed(ctx).await? {
            return Err(AppError::AlreadyDone { subject });
        }
        self.attempt(ctx, Action::GatewayCreate, "node", async {
            let provider = ctx.principal.organisation;
            let permit = self.permit(ctx, Action::GatewayCreate, &Resource::Source { provider })?;
            let name = checked_name("name", name)?;
            let gateway = Gateway { id: ctx.edge.mint(), provider, name, registered: ctx.now(), removed: None };
            let mut tx = self.store.begin_write().await?;
            let standing = tx.gateway_list(Some(provider)).await?.iter().filter(|g| g.removed.is_none()).count();
            if standing >= GATEWAYS_MAX {
                return Err(Refusal::new(RefusalCode::TooManyGateways, None).with("limit", GATEWAYS_MAX).into());
            }
            tx.gateway_insert(&gateway, &permit).await?;
            tx.commit(self.done(ctx, &permit, "GatewayRegistered", gateway.id)).await?;
            self.book_refresh(ctx.now()).await;
            let file = self.book.enrolment(&gateway);
            Ok((self.gateway_view(gateway, 0), file))
        })
        .await
    }

    /// Removes a gateway: its next question is denied, and within five seconds it denies every call.
    pub async fn gateway_remove(&self, ctx: &Ctx, id: GatewayId) -> Result<GatewayView, AppError> {
        self.attempt(ctx, Action::GatewayRemove, id, async {
            let mut tx = self.store.begin_write().await?;
            let found = tx.gateway_fetch(id).await?;
            let of_provider = Resource::Source { provider: found.value.provider };
            let permit = self.permit(ctx, Action::GatewayRemove, &of_provider)?;
            if found.value.removed.is_some() {
                return Err(Refusal::new(RefusalCode::AlreadyInactive, None).into());
            }
            let gateway = Gateway { removed: Some(ctx.now()), ..found.value };
            tx.gateway_save(&gateway, found.revision, &permit).await?;
            tx.commit(self.done(ctx, &permit, "GatewayRemoved", id)).await?;
            self.book_refresh(ctx.now()).await;
            Ok(self.gateway_view(gateway, 0))
        })
        .await
    }

    fn gateway_view(&self, gateway: Gateway, epoch: u64) -> GatewayView {
        let heard = self.book.heard(&gateway.id);
        let lag = heard.epoch.map(|had| epoch.saturating_sub(had));
        GatewayView { gateway, heard, lag }
    }
}
