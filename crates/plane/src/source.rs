//! Sources: connect, describe, probe, scan. The only place that speaks to departments' databases and files.
//!
//! Every connection is read-only and every statement has a deadline. SQL is built here from described structure, with
//! quoted identifiers and bound values; nothing a caller sends is ever part of a statement's text.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    net::IpAddr,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

pub(crate) mod csv;
mod database;
mod describe;
mod file;
mod http;
mod input;
mod kind;
mod location;
pub(crate) mod mysql;
#[cfg(feature = "odbc")]
mod odbc;
mod open;
mod pool;
mod postgres;
mod snapshot;
mod sql;
mod sqlite;
mod structure;
pub(crate) mod tabular;
mod turns;
pub mod view;

pub use http::service::{HttpColumn, HttpLogin, HttpMethod, HttpParameter, HttpService, Paging};
pub use input::{InputScan, InputTable};
pub use location::{Location, LocationError};
pub(crate) use open::OpenSource;
pub use sql::TypedTest;
pub(crate) use sql::quote;
pub(crate) use sql::{ScanRequest, TablePlan, TypedCondition};
pub use structure::{
    BadCell, BadFile, COLUMNS_MAX, ColumnStructure, SourceError, Structure, TABLES_MAX, TableStructure,
};

use view::{ViewEngine, ViewInput, ViewSource, ViewSpec};

/// Sources held open at a time; the one not used for longest is let go.
const OPEN_SOURCES_MAX: usize = 4_096;

/// What sources may be read, and how patiently.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceSettings {
    /// Files must lie under one of these folders, after symbolic links have been followed.
    pub file_roots: Vec<PathBuf>,
    /// Hosts of databases that may be connected to, as written: `db.example` or `db.example:5432`.
    pub database_hosts: Vec<String>,
    /// Names of ODBC data sources (DSN) that may be connected to. Without the feature `odbc` there are none.
    pub odbc_sources: Vec<String>,
    /// Hosts that services may be on: `api.example` and `api.example:8443` by TLS, `http://api.example:8080` without.
    pub http_hosts: Vec<String>,
    /// Authorities, as PEM, that may vouch for services besides the public ones.
    pub http_authorities: Option<PathBuf>,
    /// Bytes of all pages that a service may answer one call with.
    pub http_bytes_max: u64,
    /// Rows of all pages that are gone through for one call.
    pub http_rows_max: u64,
    /// Pages that are fetched for one call.
    pub http_pages_max: u32,
    /// Where private snapshots of files are kept.
    pub snapshots: PathBuf,
    /// Bytes of the largest file that is read into a snapshot: CSV, JSON, Parquet.
    pub csv_bytes_max: u64,
    /// Bytes of the largest workbook.
    pub workbook_bytes_max: u64,
    /// Bytes that a workbook may unpack to.
    pub unpacked_bytes_max: u64,
    /// How long to wait for a connection.
    pub connect_timeout: Duration,
    /// How long to wait for an answer.
    pub query_timeout: Duration,
    /// How long reading a CSV file in may take.
    pub import_timeout: Duration,
    /// Calls that one source may have at a time; one caller may have three quarters of them.
    pub calls_max: usize,
}

impl SourceSettings {
    /// Defaults, with nothing allowed yet.
    pub fn under(data: &Path) -> Self {
        Self {
            file_roots: Vec::new(),
            database_hosts: Vec::new(),
            odbc_sources: Vec::new(),
            http_hosts: Vec::new(),
            http_authorities: None,
            http_bytes_max: 64 * 1024 * 1024,
            http_rows_max: 100_000,
            http_pages_max: 200,
            snapshots: data.join("snapshots"),
            csv_bytes_max: 2 * 1024 * 1024 * 1024,
            workbook_bytes_max: 64 * 1024 * 1024,
            unpacked_bytes_max: 1024 * 1024 * 1024,
            connect_timeout: Duration::from_secs(3),
            query_timeout: Duration::from_secs(5),
            import_timeout: Duration::from_secs(600),
            calls_max: 16,
        }
    }
}

/// The sources of a node. Cheap to share; connections are kept and reused.
pub struct Sources {
    settings: Arc<SourceSettings>,
    open: Mutex<HashMap<[u8; 32], Opened>>,
    ticks: AtomicU64,
    /// What reads views; set once. Without it views are refused, and everything else is served.
    view_engine: OnceLock<Arc<dyn ViewEngine>>,
}

struct Opened {
    source: Arc<OpenSource>,
    used: u64,
}

impl Sources {
    /// Sources under these settings; nothing is connected yet.
    pub fn new(settings: SourceSettings) -> Self {
        Self {
            settings: Arc::new(settings),
            open: Mutex::new(HashMap::new()),
            ticks: AtomicU64::new(0),
            view_engine: OnceLock::new(),
        }
    }

    /// Sets what reads views; the first one stays.
    pub fn read_views_with(&self, engine: Arc<dyn ViewEngine>) {
        let _kept = self.view_engine.set(engine);
    }

    /// Looks at the source as it is now and says what it holds.
    pub async fn describe(&self, location: &Location) -> Result<Structure, SourceError> {
        let source = self.open(location)?;
        source.look_again();
        source.examine().await
    }

    /// Whether the source answers.
    pub async fn probe(&self, location: &Location) -> Result<(), SourceError> {
        self.open(location)?.probe().await
    }

    /// The source at this location, opened if need be. Allow-lists are applied each time: they are cheap, and a link
    /// may have been turned since.
    pub(crate) fn open(&self, location: &Location) -> Result<Arc<OpenSource>, SourceError> {
        let name: [u8; 32] = Sha256::digest(location.to_bytes()).into();
        let inputs = match location {
            Location::View(view) => self.open_inputs(view)?,
            _ => Vec::new(),
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let tick = self.ticks.fetch_add(1, Ordering::Relaxed);
        if let Some(opened) = open.get_mut(&name) {
            opened.used = tick;
            return Ok(opened.source.clone());
        }
        let location = self.allowed(location)?;
        if open.len() >= OPEN_SOURCES_MAX
            && let Some(oldest) = open.iter().min_by_key(|(_, opened)| opened.used).map(|(name, _)| *name)
        {
            open.remove(&oldest);
        }
        let source = match location {
            Location::View(view) => {
                let view = ViewSource::new(view, inputs, self.view_engine.get().cloned());
                OpenSource::of(Box::new(view), &self.settings)
            }
            location => OpenSource::new(location, self.settings.clone()),
        };
        let source = Arc::new(source);
        open.insert(name, Opened { source: source.clone(), used: tick });
        Ok(source)
    }

    /// The sources that a view reads. A view of views would be an engine that waits for an engine.
    fn open_inputs(&self, view: &ViewSpec) -> Result<Vec<Arc<OpenSource>>, SourceError> {
        let one = |input: &ViewInput| match input.location {
            Location::View(_) => Err(SourceError::NotAllowed),
            _ => self.open(&input.location),
        };
        view.inputs.iter().map(one).collect()
    }

    fn allowed(&self, location: &Location) -> Result<Location, SourceError> {
        match location {
            Location::Sqlite { path } => Ok(Location::Sqlite { path: allowed_path(&self.settings, path)? }),
            // Its inputs are sources of their own and pass here when they are opened.
            Location::View(_) => Ok(location.clone()),
            Location::Csv { path } => Ok(Location::Csv { path: allowed_path(&self.settings, path)? }),
            Location::Workbook { path } => Ok(Location::Workbook { path: allowed_path(&self.settings, path)? }),
            Location::Parquet { path } => Ok(Location::Parquet { path: allowed_path(&self.settings, path)? }),
            Location::JsonLines { path } => Ok(Location::JsonLines { path: allowed_path(&self.settings, path)? }),
            Location::Http(service) => http::allowed(&self.settings, service).map(|()| location.clone()),
            Location::Postgres { host, port, .. } | Location::Mysql { host, port, .. } => {
                // A socket path or a list of hosts would slip past a comparison of names.
                let named = host.parse::<IpAddr>().is_ok()
                    || (!host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c)));
                let with_port = format!("{host}:{port}");
                let listed = self.settings.database_hosts.iter().any(|entry| *entry == *host || *entry == with_port);
                if named && listed { Ok(location.clone()) } else { Err(SourceError::NotAllowed) }
            }
            Location::Odbc { dsn, user, password } => {
                // A driver that does not know how such characters are quoted would read a new attribute after them.
                let plain = ![user, password].into_iter().any(|text| text.contains([';', '{', '}', '\0']));
                let listed = cfg!(feature = "odbc") && self.settings.odbc_sources.contains(dsn);
                if listed && plain { Ok(location.clone()) } else { Err(SourceError::NotAllowed) }
            }
        }
    }
}

/// The real path, when it lies under a configured folder. A path outside gives the same answer whether it exists.
pub(crate) fn allowed_path(settings: &SourceSettings, path: &Path) -> Result<PathBuf, SourceError> {
    let roots = settings.file_roots.iter().filter_map(|root| root.canonicalize().ok()).collect::<Vec<_>>();
    let inside = |real: &Path| roots.iter().any(|root| real.starts_with(root) && real != root);
    match path.canonicalize() {
        Ok(real) if inside(&real) => Ok(real),
        Ok(_) => Err(SourceError::NotAllowed),
        Err(_) => {
            let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
            let may_know = folder.is_some_and(|folder| roots.iter().any(|root| folder.starts_with(root)));
            Err(if may_know { SourceError::Unreachable } else { SourceError::NotAllowed })
        }
    }
}
