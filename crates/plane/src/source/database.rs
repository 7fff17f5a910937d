//! Sources that are databases on a server: one catalogue to look at, connections that may be reused.

use super::{
    COLUMNS_MAX, SourceError, SourceSettings, TABLES_MAX, TableStructure,
    describe::Described,
    kind::Source,
    pool::{Pool, Session},
    sql::ScanRequest,
};
use crate::value::Value;
use async_trait::async_trait;
use std::{future::Future, sync::Arc, time::Duration};

/// A database's catalogue is looked at again after this long.
const CATALOGUE_FRESH: Duration = Duration::from_secs(30);

/// A connection that can say what its database holds.
pub(crate) trait Catalogue: Session {
    /// What the database holds, as far as the login may read it.
    fn describe(&mut self, edition: u64) -> impl Future<Output = Result<Described, SourceError>> + Send;
}

/// Refuses a database with more than can be served.
pub(crate) fn check_counts(tables: &[TableStructure]) -> Result<(), SourceError> {
    let too_many = |name: &str, what, found, limit| SourceError::TooMany { name: name.to_owned(), what, found, limit };
    if tables.len() > TABLES_MAX {
        return Err(too_many("source", "tables", tables.len(), TABLES_MAX));
    }
    match tables.iter().find(|table| table.columns.len() > COLUMNS_MAX) {
        Some(table) => Err(too_many(&table.name, "columns", table.columns.len(), COLUMNS_MAX)),
        None => Ok(()),
    }
}

/// One database.
pub(crate) struct Database<S: Session>
where
    S::Target: Sized,
{
    target: S::Target,
    pool: Pool<S>,
}

impl<S: Catalogue> Database<S>
where
    S::Target: Sized,
{
    /// The database at this place; nothing is connected yet.
    pub(crate) fn new(target: S::Target, settings: Arc<SourceSettings>) -> Self {
        Self { target, pool: Pool::new(settings) }
    }
}

#[async_trait]
impl<S: Catalogue> Source for Database<S>
where
    S::Target: Sized + Send,
{
    fn fresh(&self) -> Duration {
        CATALOGUE_FRESH
    }

    async fn describe(&self, known: Option<Arc<Described>>) -> Result<Arc<Described>, SourceError> {
        let edition = Described::next_edition(known.as_deref());
        let mut lease = self.pool.lease(&self.target, edition, None).await?;
        let answered = self.pool.patiently(lease.session()?.describe(edition)).await;
        let found = lease.end(answered)?;
        Ok(known.filter(|known| known.is_as(&found)).unwrap_or_else(|| Arc::new(found)))
    }

    async fn probe(&self, described: &Described) -> Result<(), SourceError> {
        self.pool.probe(&self.target, described.edition).await
    }

    async fn scan(&self, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
        self.pool.scan(&self.target, request.plan.edition(), request).await
    }
}
