//! Department systems and their secrets. A secret is shown once; only its digest is kept.

use crate::{App, AppError, Ctx};
use shuqiao_crypto::secret;
use shuqiao_domain::{
    Refusal, RefusalCode,
    organisation::checked_name,
    system::{System, SystemIdentity},
};
use shuqiao_policy::{Action, Resource};
use shuqiao_vocabulary::SystemId;

/// Bytes of chance in a system's secret: 256 bits.
const SECRET_BYTES: usize = 32;

fn of_system(system: &System) -> Resource {
    Resource::System { organisation: system.organisation }
}

impl App {
    /// The systems of the reader's organisation.
    pub async fn system_list(&self, ctx: &Ctx) -> Result<Vec<System>, AppError> {
        self.attempt(ctx, Action::SystemRead, "node", async {
            let organisation = ctx.principal.organisation;
            self.permit(ctx, Action::SystemRead, &Resource::System { organisation })?;
            let listed = self.store.begin_read().await?.system_list(Some(organisation)).await?;
            Ok(listed)
        })
        .await
    }

    /// Registers a system; answers its secret, shown once.
    pub async fn system_create(&self, ctx: &Ctx, name: &str) -> Result<(System, String), AppError> {
        if let Some(subject) = self.replayed(ctx).await? {
            return Err(AppError::AlreadyDone { subject });
        }
        self.attempt(ctx, Action::SystemCreate, "node", async {
            let organisation = ctx.principal.organisation;
            let permit = self.permit(ctx, Action::SystemCreate, &Resource::System { organisation })?;
            let (id, given) = (ctx.edge.mint(), secret::random_text(SECRET_BYTES));
            let name = checked_name("name", name)?;
            let system = System {
                id,
                organisation,
                name,
                secret_digests: vec![secret::digest(&given)],
                active: true,
                identity: SystemIdentity::default(),
            };
            let mut tx = self.store.begin_write().await?;
            tx.system_insert(&system, &permit).await?;
            tx.commit(self.done(ctx, &permit, "SystemRegistered", id)).await?;
            self.book_refresh(ctx.now()).await;
            Ok((system, given))
        })
        .await
    }

    /// Gives a system a new secret; the one before stays good until the next rotation, so that the change can overlap.
    pub async fn system_rotate(&self, ctx: &Ctx, id: SystemId) -> Result<(System, String), AppError> {
        if let Some(subject) = self.replayed(ctx).await? {
            return Err(AppError::AlreadyDone { subject });
        }
        let given = secret::random_text(SECRET_BYTES);
        let digest = secret::digest(&given);
        let rotate = |system: System| {
            if !system.active {
                return Err(Refusal::new(RefusalCode::AlreadyInactive, None));
            }
            Ok(system.with_secret(digest))
        };
        let system = self.system_change(ctx, id, Action::SystemRotate, "SystemSecretRotated", rotate).await?;
        Ok((system, given))
    }

    /// Closes a system; its next call is denied.
    pub async fn system_deactivate(&self, ctx: &Ctx, id: SystemId) -> Result<System, AppError> {
        let close = |mut system: System| {
            if !system.active {
                return Err(Refusal::new(RefusalCode::AlreadyInactive, None));
            }
            system.active = false;
            system.secret_digests.clear();
            Ok(system)
        };
        self.system_change(ctx, id, Action::SystemDeactivate, "SystemDeactivated", close).await
    }

    pub(crate) async fn system_change(
        &self,
        ctx: &Ctx,
        id: SystemId,
        action: Action,
        event: &str,
        change: impl FnOnce(System) -> Result<System, Refusal>,
    ) -> Result<System, AppError> {
        self.attempt(ctx, action, id, async {
            let mut tx = self.store.begin_write().await?;
            let found = tx.system_fetch(id).await?;
            let permit = self.permit(ctx, action, &of_system(&found.value))?;
            let system = change(found.value)?;
            tx.system_save(&system, found.revision, &permit).await?;
            tx.commit(self.done(ctx, &permit, event, id)).await?;
            self.book_refresh(ctx.now()).await;
            Ok(system)
        })
        .await
    }
}
