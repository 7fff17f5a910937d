//! One open source: its connections, its structure as last seen, and how many calls it may have at a time.

use super::{
    Location, SourceError, SourceSettings, Structure,
    describe::{Described, FileIdentity},
    postgres,
    snapshot::snapshot,
    sql::ScanRequest,
    sqlite,
    tabular::Form,
};
use crate::value::Value;
use std::{
    future::Future,
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// A file is looked at again after this long, a database's catalogue after [`CATALOGUE_FRESH`]. In between, a cell of
/// another type fails closed and a statement on something that is gone fails with an error of the source.
const FILE_FRESH: Duration = Duration::from_secs(1);
const CATALOGUE_FRESH: Duration = Duration::from_secs(30);

/// A connection of any kind.
pub(crate) enum Connection {
    /// To a SQLite file: a department's, or the private snapshot of a CSV file.
    Sqlite(sqlite::Guarded),
    /// To a PostgreSQL server.
    Postgres(Box<sqlx::PgConnection>),
}

/// What was seen when the source was last looked at.
struct Seen {
    described: Arc<Described>,
    /// `None` when it is to be looked at again, whatever its age.
    at: Option<Instant>,
}

/// One open source.
pub(crate) struct OpenSource {
    location: Location,
    settings: Arc<SourceSettings>,
    permits: Semaphore,
    idle: Mutex<Vec<(u64, Connection)>>,
    seen: RwLock<Option<Seen>>,
    looking: tokio::sync::Mutex<()>,
}

impl OpenSource {
    pub(super) fn new(location: Location, settings: Arc<SourceSettings>) -> Self {
        Self {
            permits: Semaphore::new(settings.calls_max.max(1)),
            location,
            settings,
            idle: Mutex::new(Vec::new()),
            seen: RwLock::new(None),
            looking: tokio::sync::Mutex::new(()),
        }
    }

    /// The structure as it is now, as far as it was looked at lately.
    pub(crate) async fn current(&self) -> Result<Arc<Described>, SourceError> {
        if let Some(described) = self.seen_lately() {
            return Ok(described);
        }
        let _looking = self.looking.lock().await;
        if let Some(described) = self.seen_lately() {
            return Ok(described);
        }
        let known = {
            let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
            seen.as_ref().map(|seen| seen.described.clone())
        };
        let described = match &self.location {
            Location::Postgres { .. } => self.look_at_postgres(known).await?,
            Location::Sqlite { path } => self.look_at_sqlite(path, known).await?,
            Location::Csv { path } => self.look_at_csv(path, known).await?,
        };
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        *seen = Some(Seen { described: described.clone(), at: Some(Instant::now()) });
        Ok(described)
    }

    /// The same for a call, which does not wait for longer than a query may take. Reading a large file in may take much
    /// longer; it goes on without the caller, and a later call finds it done.
    pub(crate) async fn current_soon(self: &Arc<Self>) -> Result<Arc<Described>, SourceError> {
        if let Some(described) = self.seen_lately() {
            return Ok(described);
        }
        let source = self.clone();
        let looking = tokio::spawn(async move { source.current().await });
        match timeout(self.settings.query_timeout, looking).await {
            Ok(Ok(described)) => described,
            Ok(Err(_)) => Err(SourceError::Failed),
            Err(_) => Err(SourceError::Slow),
        }
    }

    /// Forgets when the source was last looked at, so that the next call looks again.
    pub(crate) fn look_again(&self) {
        if let Some(seen) = self.seen.write().unwrap_or_else(PoisonError::into_inner).as_mut() {
            seen.at = None;
        }
    }

    /// Whether the source answers.
    pub(crate) async fn probe(&self) -> Result<(), SourceError> {
        let described = self.current().await?;
        let mut lease = self.lease(described.edition, described.file.as_deref()).await?;
        let answered = match lease.connection()? {
            Connection::Sqlite(connection) => lease_timeout(&self.settings, sqlite::probe(connection)).await,
            Connection::Postgres(connection) => lease_timeout(&self.settings, postgres::probe(connection)).await,
        };
        lease.end(answered)
    }

    /// The rows of one restricted query, as many as its limit.
    pub(crate) async fn scan(&self, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
        let mut answered = self.scan_once(request).await;
        if matches!(answered, Err((SourceError::Unreachable, true))) {
            // The connection had lain idle and its server has gone or restarted since: a new one may do.
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
            answered = self.scan_once(request).await;
        }
        answered.map_err(|(error, _)| {
            if matches!(error, SourceError::Changed { .. } | SourceError::Failed) {
                self.look_again();
            }
            error
        })
    }

    /// The flag of an error says whether the connection was one that had been used before.
    async fn scan_once(&self, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, (SourceError, bool)> {
        let mut lease =
            self.lease(request.plan.edition(), request.plan.file()).await.map_err(|error| (error, false))?;
        let reused = lease.reused;
        let answered = match lease.connection().map_err(|error| (error, reused))? {
            Connection::Sqlite(connection) => lease_timeout(&self.settings, sqlite::scan(connection, request)).await,
            Connection::Postgres(connection) => {
                lease_timeout(&self.settings, postgres::scan(connection, request)).await
            }
        };
        lease.end(answered).map_err(|error| (error, reused))
    }

    fn seen_lately(&self) -> Option<Arc<Described>> {
        let fresh = if matches!(self.location, Location::Postgres { .. }) { CATALOGUE_FRESH } else { FILE_FRESH };
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        let lately = |seen: &&Seen| seen.at.is_some_and(|at| at.elapsed() < fresh);
        seen.as_ref().filter(lately).map(|seen| seen.described.clone())
    }

    async fn look_at_postgres(&self, known: Option<Arc<Described>>) -> Result<Arc<Described>, SourceError> {
        let edition = next_edition(known.as_deref());
        let mut lease = self.lease(edition, None).await?;
        let answered = match lease.connection()? {
            Connection::Postgres(connection) => {
                lease_timeout(&self.settings, postgres::describe(connection, edition)).await
            }
            Connection::Sqlite(_) => Err(SourceError::Failed),
        };
        let found = lease.end(answered)?;
        Ok(known.filter(|known| known.structure.digest == found.structure.digest).unwrap_or_else(|| Arc::new(found)))
    }

    async fn look_at_sqlite(&self, path: &Path, known: Option<Arc<Described>>) -> Result<Arc<Described>, SourceError> {
        let real = super::allowed_path(&self.settings, path)?;
        let identity = FileIdentity::of(&real)?;
        let known_edition = known.as_deref().map(|known| known.edition);
        let known = known.filter(|known| known.identity.is_same_file(&identity));
        let edition = known.as_deref().map_or(known_edition.unwrap_or(0) + 1, |known| known.edition);
        self.look_into_file(&real, identity, edition, known).await
    }

    async fn look_at_csv(&self, path: &Path, known: Option<Arc<Described>>) -> Result<Arc<Described>, SourceError> {
        let real = super::allowed_path(&self.settings, path)?;
        let identity = FileIdentity::of(&real)?;
        if let Some(known) = known.as_ref().filter(|known| known.identity == identity) {
            return Ok(known.clone());
        }
        let import = snapshot(&self.settings, Form::Csv, &identity);
        let snapshot = timeout(self.settings.import_timeout, import).await.map_err(|_| SourceError::Slow)??;
        let edition = next_edition(known.as_deref());
        let found = self.look_into_file(&snapshot.path, identity, edition, None).await?;
        let found = Arc::try_unwrap(found).map_err(|_| SourceError::Failed)?;
        Ok(Arc::new(found.encoded_as(snapshot.encoding)))
    }

    /// Describes the SQLite file, or confirms what is known of it.
    async fn look_into_file(
        &self,
        file: &Path,
        identity: FileIdentity,
        edition: u64,
        known: Option<Arc<Described>>,
    ) -> Result<Arc<Described>, SourceError> {
        let mut lease = self.lease(edition, Some(file)).await?;
        let look = async |connection: &mut sqlite::Guarded| {
            let version = sqlite::schema_version(connection).await?;
            match known {
                Some(known) if known.schema_version == version => Ok(known),
                known => {
                    let edition = known.map_or(edition, |known| known.edition + 1);
                    sqlite::describe(connection, file, identity, version, edition).await.map(Arc::new)
                }
            }
        };
        let answered = match lease.connection()? {
            Connection::Sqlite(connection) => lease_timeout(&self.settings, look(connection)).await,
            Connection::Postgres(_) => Err(SourceError::Failed),
        };
        lease.end(answered)
    }

    /// A connection for one piece of work. A slow source fills its own permits and nobody else's.
    async fn lease(&self, edition: u64, file: Option<&Path>) -> Result<Lease<'_>, SourceError> {
        let permit = match timeout(self.settings.query_timeout, self.permits.acquire()).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(SourceError::Failed),
            Err(_) => return Err(SourceError::Slow),
        };
        let idle = self.idle_connection(edition);
        let reused = idle.is_some();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                timeout(self.settings.connect_timeout, self.connect(file)).await.map_err(|_| SourceError::Slow)??
            }
        };
        if let Connection::Sqlite(connection) = &connection {
            connection.must_end_within(self.settings.query_timeout);
        }
        Ok(Lease { source: self, edition, connection: Some(connection), reused, _permit: permit })
    }

    fn idle_connection(&self, edition: u64) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((of_edition, connection)) = idle.pop() {
            if of_edition == edition || matches!(connection, Connection::Postgres(_)) {
                return Some(connection);
            }
        }
        None
    }

    async fn connect(&self, file: Option<&Path>) -> Result<Connection, SourceError> {
        match (&self.location, file) {
            (Location::Postgres { .. }, _) => postgres::connect(&self.location, &self.settings)
                .await
                .map(|connection| Connection::Postgres(Box::new(connection))),
            (_, Some(file)) => sqlite::connect(file).await.map(Connection::Sqlite),
            (_, None) => Err(SourceError::Unreachable),
        }
    }
}

/// A connection while one piece of work is done on it. Dropped midway, it is closed and never given to the next call.
struct Lease<'a> {
    source: &'a OpenSource,
    edition: u64,
    connection: Option<Connection>,
    reused: bool,
    _permit: SemaphorePermit<'a>,
}

impl Lease<'_> {
    fn connection(&mut self) -> Result<&mut Connection, SourceError> {
        self.connection.as_mut().ok_or(SourceError::Failed)
    }

    /// Gives the connection back if it is in a known state.
    fn end<T>(mut self, answered: Result<T, SourceError>) -> Result<T, SourceError> {
        let clean = answered.is_ok();
        if let Some(connection) = self.connection.take().filter(|_| clean) {
            let mut idle = self.source.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < self.source.settings.calls_max {
                idle.push((self.edition, connection));
            }
        }
        answered
    }
}

async fn lease_timeout<T>(
    settings: &SourceSettings,
    work: impl Future<Output = Result<T, SourceError>>,
) -> Result<T, SourceError> {
    timeout(settings.query_timeout, work).await.unwrap_or(Err(SourceError::Slow))
}

fn next_edition(known: Option<&Described>) -> u64 {
    known.map_or(1, |known| known.edition + 1)
}

impl Described {
    fn encoded_as(mut self, encoding: Option<String>) -> Self {
        self.structure = Structure::of(self.structure.tables, encoding);
        self
    }
}
