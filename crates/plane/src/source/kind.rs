//! What a kind of source has to be able to do, and the list of the kinds there are.
//!
//! A new kind is a module that implements [`Source`] and one line in [`source_at`]. A kind of database implements
//! [`super::pool::Session`] and [`super::database::Catalogue`] instead and is a [`Database`] for the rest.

#[cfg(feature = "odbc")]
use super::odbc;
use super::{
    Location, SourceError, SourceSettings, Structure, database::Database, describe::Described, file, http, mysql,
    postgres, sql::ScanRequest, tabular::Form, view::ViewSource,
};
use crate::value::Value;
use async_trait::async_trait;
use std::{sync::Arc, time::Duration};

/// A source of one kind at one place. It bounds its own work: by calls at a time, by time, by bytes.
#[async_trait]
pub(crate) trait Source: Send + Sync {
    /// For how long what was seen may be used without looking again. In between, a cell of another type fails closed
    /// and a statement on something that is gone fails with an error of the source.
    fn fresh(&self) -> Duration;

    /// Looks at the source as it is now. Hands back `known` itself when nothing has changed: plans belong to it.
    async fn describe(&self, known: Option<Arc<Described>>) -> Result<Arc<Described>, SourceError>;

    /// The structure for an officer who connects the source: looked at more closely than calls have time for, where a
    /// kind has more to look at.
    async fn examine(&self, described: &Described) -> Result<Structure, SourceError> {
        Ok(described.structure.clone())
    }

    /// Whether the source answers.
    async fn probe(&self, described: &Described) -> Result<(), SourceError>;

    /// The rows of one restricted query, as many as its limit.
    async fn scan(&self, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError>;
}

/// A kind that this program was built without; its locations are on no list either.
#[cfg(not(feature = "odbc"))]
struct NotBuilt;

#[cfg(not(feature = "odbc"))]
#[async_trait]
impl Source for NotBuilt {
    fn fresh(&self) -> Duration {
        Duration::ZERO
    }

    async fn describe(&self, _known: Option<Arc<Described>>) -> Result<Arc<Described>, SourceError> {
        Err(SourceError::NotAllowed)
    }

    async fn probe(&self, _described: &Described) -> Result<(), SourceError> {
        Err(SourceError::NotAllowed)
    }

    async fn scan(&self, _request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
        Err(SourceError::NotAllowed)
    }
}

/// The source at this location; nothing is connected yet.
pub(crate) fn source_at(location: Location, settings: Arc<SourceSettings>) -> Box<dyn Source> {
    match location {
        Location::Sqlite { path } => Box::new(file::SqliteSource::new(path, settings)),
        Location::Csv { path } => Box::new(file::SnapshotSource::new(path, Form::Csv, settings)),
        Location::Workbook { path } => Box::new(file::SnapshotSource::new(path, Form::Workbook, settings)),
        Location::Parquet { path } => Box::new(file::SnapshotSource::new(path, Form::Parquet, settings)),
        Location::JsonLines { path } => Box::new(file::SnapshotSource::new(path, Form::JsonLines, settings)),
        Location::Http(service) => Box::new(http::HttpSource::new(*service, settings)),
        location @ Location::Postgres { .. } => {
            Box::new(Database::<postgres::PostgresSession>::new(location, settings))
        }
        #[cfg(feature = "odbc")]
        location @ Location::Odbc { .. } => {
            let target = odbc::OdbcTarget::new(location, &settings);
            Box::new(Database::<odbc::OdbcSession>::new(target, settings))
        }
        #[cfg(not(feature = "odbc"))]
        Location::Odbc { .. } => Box::new(NotBuilt),
        location @ Location::Mysql { .. } => Box::new(Database::<mysql::MysqlSession>::new(location, settings)),
        // Views are made where their inputs are opened; one that comes here has none and is refused.
        Location::View(view) => Box::new(ViewSource::new(view, Vec::new(), None)),
    }
}
