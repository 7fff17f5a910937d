//! Whose copy leaked: a file that has turned up is looked for among what was delivered (泄露追溯).

use crate::{
    App, AppError, Ctx,
    attempt::facts,
    port::LeakFailure,
    view::{LeakForm, LeakFound, LeakGrantNames, LeakTraceView},
};
use sha2::{Digest as _, Sha256};
use shuqiao_policy::{Action, Resource};
use shuqiao_store::StoreError;
use shuqiao_vocabulary::{GrantId, OrganisationId, SystemId};
use std::collections::BTreeMap;

/// The largest file that is taken in, in bytes; `shuqiao trace` on the node's own machine has no such bound.
pub const LEAK_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Deliveries that are listed.
const LISTED_MAX: usize = 100;

impl From<LeakFailure> for AppError {
    fn from(failure: LeakFailure) -> Self {
        match failure {
            LeakFailure::File(failure) => failure.into(),
            LeakFailure::Unavailable => Self::Unavailable,
        }
    }
}

impl App {
    /// Which deliveries contained the rows of a file. Who asked is on record with the file's digest and the grants that
    /// were named, before anything is answered; the file is not kept.
    ///
    /// # Errors
    /// When the file is too large, cannot be read as a table or has no rows, or when nothing can be searched or recorded.
    pub async fn leak_trace(&self, ctx: &Ctx, form: LeakForm, bytes: Vec<u8>) -> Result<LeakTraceView, AppError> {
        self.attempt(ctx, Action::LeakTraceRead, "node", async {
            let permit = self.permit(ctx, Action::LeakTraceRead, &Resource::Journal)?;
            if bytes.len() as u64 > LEAK_BYTES_MAX {
                return Err(AppError::FileTooLarge { max: LEAK_BYTES_MAX });
            }
            let digest = shuqiao_crypto::digest::hex(&Sha256::digest(&bytes));
            let mut found = self.usage.trace(form, bytes).await?;
            let named = found.deliveries.len();
            found.deliveries.truncate(LISTED_MAX);
            let mut record = self.done(ctx, &permit, "LeakTraced", "node");
            found.grants.truncate(LISTED_MAX);
            record.related = found.grants.iter().filter_map(|of| of.grant).map(|grant| grant.to_string()).collect();
            record.facts = facts([
                ("digest", &digest),
                ("form", &form),
                ("rows_compared", &found.rows_compared),
                ("deliveries_searched", &found.searched),
                ("deliveries_named", &named),
            ]);
            let record_index = self.store.begin_write().await?.commit(record).await?;
            let (grants, callers, organisations) =
                (self.leak_grants(&found).await?, self.leak_callers(&found).await?, self.leak_holders(&found).await?);
            let more = (named - found.deliveries.len()) as u64;
            Ok(LeakTraceView { found, more, digest, grants, callers, organisations, record_index })
        })
        .await
    }

    async fn leak_grants(&self, found: &LeakFound) -> Result<BTreeMap<GrantId, LeakGrantNames>, AppError> {
        let organisations = self.organisations().await?;
        let name = |id| organisations.get(&id).map(|known| known.name.clone()).unwrap_or_default();
        let mut tx = self.store.begin_read().await?;
        let mut grants = BTreeMap::new();
        for id in found.grants.iter().filter_map(|of| of.grant) {
            match tx.grant_fetch(id).await {
                Ok(grant) => {
                    let (requester, provider) = (name(grant.value.requester), name(grant.value.provider));
                    grants.insert(id, LeakGrantNames { number: grant.value.number, requester, provider });
                }
                // A usage log may be older than the database beside it.
                Err(StoreError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(grants)
    }

    async fn leak_callers(&self, found: &LeakFound) -> Result<BTreeMap<String, String>, AppError> {
        let ids = || found.deliveries.iter().map(|delivery| &delivery.caller);
        let systems: Vec<SystemId> = ids().filter_map(|id| id.parse().ok()).collect();
        let listed = self.store.begin_read().await?.system_list_by_ids(&systems).await?;
        let people = self.people().await?;
        let person = |id: &String| Some((id.clone(), people.get(&id.parse().ok()?)?.clone()));
        let systems = listed.into_iter().map(|system| (system.id.to_string(), system.name));
        Ok(systems.chain(ids().filter_map(person)).collect())
    }

    async fn leak_holders(&self, found: &LeakFound) -> Result<BTreeMap<OrganisationId, String>, AppError> {
        let organisations = self.organisations().await?;
        let ids = found.deliveries.iter().filter_map(|delivery| delivery.organisation);
        Ok(ids.filter_map(|id| Some((id, organisations.get(&id)?.name.clone()))).collect())
    }
}
