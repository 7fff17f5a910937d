//! A system's public keys, its addresses, and whether it must sign. Every change is in the next book.

use crate::{
    App, AppError, Ctx,
    grant::of_grant,
    organisation::known,
    view::{NationalUse, RefusalLine},
};
use shuqiao_crypto::{national, public_key::PublicKey};
use shuqiao_domain::{
    Refusal, RefusalCode,
    system::{NationalAccess, System, SystemKey},
};
use shuqiao_policy::{Action, Resource};
use shuqiao_store::StoreError;
use shuqiao_vocabulary::{Date, Moment, SystemId};
use std::collections::BTreeSet;

/// A public key to be registered: a JSON Web Key's members and its days.
#[derive(Clone, Debug)]
pub struct NewSystemKey {
    /// Its name.
    pub kid: String,
    /// `kty`.
    pub kty: String,
    /// `crv`.
    pub crv: String,
    /// `x`.
    pub x: String,
    /// `y`.
    pub y: Option<String>,
    /// The first legal day of its time; none means at once.
    pub from: Option<Date>,
    /// The last legal day of its time.
    pub until: Date,
}

impl App {
    /// Registers a public key; those before it stay good, so that the change can overlap.
    pub async fn system_key_add(&self, ctx: &Ctx, id: SystemId, new: NewSystemKey) -> Result<System, AppError> {
        let now = ctx.now();
        let add = |system: System| {
            let key = PublicKey::from_jwk(&new.kty, &new.crv, &new.x, new.y.as_deref())
                .map_err(|error| Refusal::new(RefusalCode::KeyRefused, None).with("reason", error))?;
            let first = new.from.and_then(|date| date.yesterday().ok());
            let key = SystemKey {
                kid: new.kid,
                kty: key.key_type().to_owned(),
                crv: key.kind().curve().to_owned(),
                x: key.x(),
                y: key.y(),
                thumbprint: key.thumbprint(),
                not_before: first.map_or(now, |before| Moment::end_of_day(before).plus_seconds(1)),
                not_after: Moment::end_of_day(new.until),
            };
            system.with_key(key, now)
        };
        self.system_change(ctx, id, Action::SystemIdentify, "SystemKeyAdded", add).await
    }

    /// Ends a public key's time now.
    pub async fn system_key_retire(&self, ctx: &Ctx, id: SystemId, kid: &str) -> Result<System, AppError> {
        let now = ctx.now();
        let retire = |system: System| system.with_key_retired(kid, now);
        self.system_change(ctx, id, Action::SystemIdentify, "SystemKeyRetired", retire).await
    }

    /// Lets a system use the national platform's call signature. Answers its `appkey`, when there is a new one: it is shown
    /// once.
    pub async fn system_national_set(
        &self,
        ctx: &Ctx,
        id: SystemId,
        access: NationalAccess,
        new_key: bool,
    ) -> Result<(System, Option<String>), AppError> {
        let mut known = BTreeSet::new();
        let mut read = self.store.begin_read().await?;
        for service in &access.services {
            match read.grant_fetch(service.grant).await {
                Ok(grant) if grant.value.terms.systems.contains(&id) => {
                    known.insert(service.grant);
                }
                // Of a grant that is not the system's, not even that it exists.
                Ok(_) | Err(StoreError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        drop(read);
        let mut had = 0;
        let set = |system: System| {
            if let Some(unknown) = access.services.iter().find(|service| !known.contains(&service.grant)) {
                return Err(Refusal::new(RefusalCode::NationalRefused, None).with("field", &unknown.code));
            }
            had = system.identity.appkeys;
            system.with_national(access, new_key)
        };
        let system = self.system_change(ctx, id, Action::SystemIdentify, "SystemNationalEnabled", set).await?;
        let given = (system.identity.appkeys > had)
            .then(|| national::appkey(&self.token_key, id, system.identity.appkeys).to_string());
        Ok((system, given))
    }

    /// Ends a system's use of the national platform's call signature.
    pub async fn system_national_end(&self, ctx: &Ctx, id: SystemId) -> Result<System, AppError> {
        let end = |system: System| system.without_national();
        self.system_change(ctx, id, Action::SystemIdentify, "SystemNationalEnded", end).await
    }

    /// Who still uses the national platform's call signature: systems that may, each with its services and their calls, on
    /// this node and on gateways. A department sees its own systems and those that call what it provides; who supervises
    /// (Art. 29(1)) sees all: the policies of systems and of usage records say which.
    pub async fn system_national_list(&self, ctx: &Ctx) -> Result<Vec<NationalUse>, AppError> {
        let organisations = self.organisations().await?;
        let mut read = self.store.begin_read().await?;
        let systems = read.system_list(None).await?;
        let mut used = Vec::new();
        for system in systems {
            let Some(access) = &system.identity.national else {
                continue;
            };
            let organisation = system.organisation;
            let own = self.policies.may(&ctx.principal, Action::SystemRead, &Resource::System { organisation });
            for service in &access.services {
                let grant = read.grant_fetch(service.grant).await?.value;
                if !own && !self.policies.may(&ctx.principal, Action::UsageRead, &of_grant(&grant, ctx.now())) {
                    continue;
                }
                let (calls, last_at) = self.usage.legacy_calls(&service.grant).await;
                used.push(NationalUse {
                    system: system.id,
                    name: system.name.clone(),
                    organisation: known(&organisations, organisation)?,
                    service: service.code.clone(),
                    grant: service.grant,
                    calls,
                    last_at,
                });
            }
        }
        Ok(used)
    }

    /// Why a call of the reader's department was refused lately.
    ///
    /// # Errors
    /// `NotFound` when there is no such refusal, or it is another department's.
    pub async fn refusal_fetch(&self, ctx: &Ctx, reference: &str) -> Result<RefusalLine, AppError> {
        self.attempt(ctx, Action::SystemRead, "node", async {
            let organisation = ctx.principal.organisation;
            self.permit(ctx, Action::SystemRead, &Resource::System { organisation })?;
            self.usage.refusal(organisation, reference).ok_or(AppError::NotFound)
        })
        .await
    }

    /// Says from where a system calls and whether it must sign.
    pub async fn system_calling_set(
        &self,
        ctx: &Ctx,
        id: SystemId,
        addresses: &[String],
        signature_required: bool,
    ) -> Result<System, AppError> {
        let set = |system: System| system.with_calling(addresses, signature_required);
        self.system_change(ctx, id, Action::SystemIdentify, "SystemCallingChanged", set).await
    }
}
