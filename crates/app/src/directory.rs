//! Who is on the node, by id: every view names organisations and people, and there are thousands of either.

use crate::{App, AppError, view::People};
use shuqiao_domain::organisation::Organisation;
use shuqiao_vocabulary::OrganisationId;
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::Mutex;

/// Every organisation of the node, by id.
pub(crate) type Organisations = Arc<BTreeMap<OrganisationId, Organisation>>;

/// What was read last. Rows are only added and names never change once entered, so that a directory of the right size is
/// the right one, whichever node on the same database added to it.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    organisations: Mutex<Organisations>,
    people: Mutex<People>,
}

impl App {
    /// Every organisation by id, for views.
    pub(crate) async fn organisations(&self) -> Result<Organisations, AppError> {
        let mut reader = self.store.begin_read().await?;
        let count = reader.organisation_count().await?;
        let mut known = self.directory.organisations.lock().await;
        if u64::try_from(known.len()) != Ok(count) {
            let listed = reader.organisation_list().await?;
            *known = Arc::new(listed.into_iter().map(|organisation| (organisation.id, organisation)).collect());
        }
        Ok(Arc::clone(&known))
    }

    /// Names of everybody on the node, for views: those who decide do so by name.
    pub(crate) async fn people(&self) -> Result<People, AppError> {
        let mut reader = self.store.begin_read().await?;
        let count = reader.person_count().await?;
        let mut known = self.directory.people.lock().await;
        if u64::try_from(known.len()) != Ok(count) {
            let listed = reader.person_list(None).await?;
            *known = Arc::new(listed.into_iter().map(|person| (person.id, person.name)).collect());
        }
        Ok(Arc::clone(&known))
    }
}
