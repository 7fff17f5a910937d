//! Sources that are files: SQLite databases as they are, other forms through a private SQLite snapshot.

use super::{
    SourceError, SourceSettings, Structure, allowed_path,
    describe::{Described, FileIdentity},
    kind::Source,
    pool::Pool,
    snapshot::snapshot,
    sql::ScanRequest,
    sqlite::{self, SqliteSession},
    tabular::Form,
};
use crate::value::Value;
use async_trait::async_trait;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::time::timeout;

/// A file is looked at again after this long.
const FILE_FRESH: Duration = Duration::from_secs(1);

/// A department's SQLite file.
pub(crate) struct SqliteSource {
    path: PathBuf,
    settings: Arc<SourceSettings>,
    pool: Pool<SqliteSession>,
}

impl SqliteSource {
    /// The file at this path; it is not opened yet.
    pub(crate) fn new(path: PathBuf, settings: Arc<SourceSettings>) -> Self {
        Self { path, pool: Pool::new(settings.clone()), settings }
    }
}

#[async_trait]
impl Source for SqliteSource {
    fn fresh(&self) -> Duration {
        FILE_FRESH
    }

    async fn describe(&self, known: Option<Arc<Described>>) -> Result<Arc<Described>, SourceError> {
        let real = allowed_path(&self.settings, &self.path)?;
        let identity = FileIdentity::of(&real)?;
        let known_edition = known.as_deref().map(|known| known.edition);
        let known = known.filter(|known| known.identity.is_same_file(&identity));
        let edition = known.as_deref().map_or(known_edition.unwrap_or(0) + 1, |known| known.edition);
        look_into(&self.pool, &real, identity, edition, known).await
    }

    async fn probe(&self, described: &Described) -> Result<(), SourceError> {
        probe(&self.pool, described).await
    }

    async fn scan(&self, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
        scan(&self.pool, request).await
    }
}

/// A file of another form: its rows are read into a snapshot.
pub(crate) struct SnapshotSource {
    path: PathBuf,
    form: Form,
    settings: Arc<SourceSettings>,
    pool: Pool<SqliteSession>,
}

impl SnapshotSource {
    /// The file at this path; it is not read yet.
    pub(crate) fn new(path: PathBuf, form: Form, settings: Arc<SourceSettings>) -> Self {
        Self { path, form, pool: Pool::new(settings.clone()), settings }
    }
}

#[async_trait]
impl Source for SnapshotSource {
    fn fresh(&self) -> Duration {
        FILE_FRESH
    }

    async fn describe(&self, known: Option<Arc<Described>>) -> Result<Arc<Described>, SourceError> {
        let real = allowed_path(&self.settings, &self.path)?;
        let identity = FileIdentity::of(&real)?;
        if let Some(known) = known.as_ref().filter(|known| known.identity == identity) {
            return Ok(known.clone());
        }
        let import = snapshot(&self.settings, self.form, &identity);
        let snapshot = timeout(self.settings.import_timeout, import).await.map_err(|_| SourceError::Slow)??;
        let edition = Described::next_edition(known.as_deref());
        let found = look_into(&self.pool, &snapshot.path, identity, edition, None).await?;
        let mut found = Arc::try_unwrap(found).map_err(|_| SourceError::Failed)?;
        found.structure = Structure::of(found.structure.tables, snapshot.encoding);
        Ok(Arc::new(found))
    }

    async fn probe(&self, described: &Described) -> Result<(), SourceError> {
        probe(&self.pool, described).await
    }

    async fn scan(&self, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
        scan(&self.pool, request).await
    }
}

/// Describes the SQLite file, or confirms what is known of it.
async fn look_into(
    pool: &Pool<SqliteSession>,
    file: &Path,
    identity: FileIdentity,
    edition: u64,
    known: Option<Arc<Described>>,
) -> Result<Arc<Described>, SourceError> {
    let mut lease = pool.lease(file, edition, None).await?;
    let session = lease.session()?;
    let look = async {
        let version = sqlite::schema_version(session).await?;
        match known {
            Some(known) if known.schema_version == version => Ok(known),
            known => {
                let edition = known.map_or(edition, |known| known.edition + 1);
                sqlite::describe(session, file, identity, version, edition).await.map(Arc::new)
            }
        }
    };
    let answered = pool.patiently(look).await;
    lease.end(answered)
}

async fn probe(pool: &Pool<SqliteSession>, described: &Described) -> Result<(), SourceError> {
    let file = described.file.as_deref().ok_or(SourceError::Unreachable)?;
    pool.probe(file, described.edition).await
}

async fn scan(pool: &Pool<SqliteSession>, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
    let file = request.plan.file().ok_or(SourceError::Unreachable)?;
    pool.scan(file, request.plan.edition(), request).await
}
