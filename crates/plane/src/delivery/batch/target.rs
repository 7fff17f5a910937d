//! Targets: where a run puts its rows. The requester's side, so the rules are the reverse of a source's: a target is
//! written and must be on a list of its own, and it keeps the run's ledger beside the rows, in the same transaction, so
//! that after any crash it is the target that says how far the run has got.

use super::{
    code::{BatchCode, Halt},
    fit::Fit,
    ledger::Place,
};
use crate::{delivery::receipt::RowsDigest, value::Value};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shuqiao_crypto::seal::SealKey;
use shuqiao_vocabulary::ItemType;
use std::{fmt, net::IpAddr, path::PathBuf};

mod folder;
mod mysql;
mod postgres;
mod shape;
mod tried;

/// Nothing else that was sealed with the same key opens as a target, no source's location either.
const SEAL_CONTEXT: &[u8] = b"shuqiao batch target v1";

/// The table in a target that holds the ledgers of its runs.
pub const LEDGER_TABLE: &str = "shuqiao_batch_ledger";

/// Where a target is and how to get in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TargetLocation {
    /// A PostgreSQL database.
    Postgres {
        /// Host name or address; must be on the list of targets.
        host: String,
        /// Port.
        port: u16,
        /// Database.
        database: String,
        /// Login role; it creates tables and owns the target table.
        user: String,
        /// Its password.
        password: String,
        /// Whether TLS with a verified certificate is demanded.
        tls: bool,
    },
    /// A MySQL or MariaDB database, or another that speaks their protocol.
    Mysql {
        /// Host name or address; must be on the list of targets.
        host: String,
        /// Port.
        port: u16,
        /// Database.
        database: String,
        /// Login; it creates and renames tables there.
        user: String,
        /// Its password.
        password: String,
        /// Whether TLS with a verified certificate is demanded.
        tls: bool,
    },
    /// A folder of the node that receives parts and a manifest for each run.
    Folder {
        /// Its full path; must lie under a listed folder.
        path: PathBuf,
        /// The form of the parts.
        #[serde(default)]
        format: PartFormat,
    },
}

/// The form of the parts in a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartFormat {
    /// CSV in its exact form: texts are quoted, so that an empty one and nothing are two things.
    #[default]
    Csv,
    /// Apache Parquet with the items' types, compressed with Snappy; texts and decimals as UTF-8.
    Parquet,
}

/// Bytes that are not a target, or a seal that does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a batch target, or sealed with another key")]
pub struct TargetLocationError;

impl TargetLocation {
    /// Seals the location.
    pub fn seal(&self, key: &SealKey) -> Vec<u8> {
        key.seal(SEAL_CONTEXT, &serde_json::to_vec(self).unwrap_or_default())
    }

    /// Opens a sealed location.
    ///
    /// # Errors
    /// When it was sealed with another key, or is not a target.
    pub fn open(key: &SealKey, sealed: &[u8]) -> Result<Self, TargetLocationError> {
        let bytes = key.open(SEAL_CONTEXT, sealed).map_err(|_| TargetLocationError)?;
        serde_json::from_slice(&bytes).map_err(|_| TargetLocationError)
    }
}

/// Never the password, so that a stray `{:?}` gives nothing away.
impl fmt::Debug for TargetLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Postgres { .. } => "TargetLocation(postgres)",
            Self::Mysql { .. } => "TargetLocation(mysql)",
            Self::Folder { .. } => "TargetLocation(folder)",
        })
    }
}

/// Which targets may be written to, and how patiently.
#[derive(Clone, Debug)]
pub struct TargetSettings {
    /// Hosts of databases that may be written to, as written: `db.example` or `db.example:5432`.
    pub hosts: Vec<String>,
    /// Folders must lie under one of these, after symbolic links have been followed.
    pub folders: Vec<PathBuf>,
    /// How long to wait for a connection.
    pub connect_timeout: std::time::Duration,
    /// How long to wait for one answer of the target.
    pub answer_timeout: std::time::Duration,
}

impl Default for TargetSettings {
    /// Nothing allowed.
    fn default() -> Self {
        Self {
            hosts: Vec::new(),
            folders: Vec::new(),
            connect_timeout: std::time::Duration::from_secs(5),
            answer_timeout: std::time::Duration::from_secs(120),
        }
    }
}

/// What a run loads into its target.
#[derive(Clone, Debug)]
pub(super) struct Load {
    /// The run's id.
    pub(super) run: String,
    /// The table; of another schema than `public` as `schema.table`. Of a folder: the name of the subfolder.
    pub(super) table: String,
    /// Names and types of what is delivered, in order; what is masked is text.
    pub(super) columns: Vec<(String, ItemType)>,
    /// Positions of the columns that name a row, when they are delivered.
    pub(super) key: Vec<usize>,
    /// Whether the whole table is replaced; otherwise rows are updated by key.
    pub(super) full: bool,
}

/// How far the target has got in a run, by its own ledger.
#[derive(Clone, Debug)]
pub(super) struct Reached {
    /// The last chunk that was committed; 0 before the first.
    pub(super) chunk: u64,
    /// The place in the sealed form in which it was written.
    pub(super) sealed_place: Option<String>,
    /// Whether the run's rows have been switched over.
    pub(super) published: bool,
    /// What the columns can hold, in the order of the load.
    pub(super) fits: Vec<Fit>,
}

/// The row of the ledger that a chunk is committed with.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    /// Its number, from 1.
    pub(super) chunk: u64,
    /// Its rows, counted.
    pub(super) digest: RowsDigest,
    /// Rows put aside in it.
    pub(super) bad: u64,
    /// The place after it.
    pub(super) place: &'a Place,
    /// The same, sealed.
    pub(super) sealed_place: &'a str,
}

/// A target while one attempt is made. Dropped at any moment, it leaves a chunk with its ledger row, or nothing of it.
#[async_trait]
pub(super) trait Target: Send {
    /// Says whether the load fits, and makes nothing.
    async fn check(&mut self) -> Result<(), Halt>;

    /// Makes ready and says how far the run has got.
    async fn begin(&mut self) -> Result<Reached, Halt>;

    /// Takes in a chunk's rows, which are also given as lines, not yet committed. The positions of rows that the target
    /// refused, of which there may be so many.
    async fn put(&mut self, rows: &[Vec<Value>], lines: &[u8], refused_max: usize) -> Result<Vec<usize>, Halt>;

    /// Commits the chunk with its row in the ledger; before that, rows that are updated in place are read back and held
    /// against the entry's digest.
    async fn commit(&mut self, entry: &Entry<'_>) -> Result<(), Halt>;

    /// Counts what has been committed and is not yet switched over; `None` where every chunk was read back already.
    async fn read_back(&mut self) -> Result<Option<RowsDigest>, Halt>;

    /// Switches the run's rows over, at once: readers see the rows of before or these.
    async fn publish(&mut self, entry: &Entry<'_>) -> Result<(), Halt>;

    /// Removes what is not switched over.
    async fn discard(&mut self) -> Result<(), Halt>;
}

/// Connects to a target that may be written to.
pub(super) async fn open(
    settings: &TargetSettings,
    location: &TargetLocation,
    load: Load,
) -> Result<Box<dyn Target>, Halt> {
    if let TargetLocation::Postgres { host, port, .. } | TargetLocation::Mysql { host, port, .. } = location
        && !host_is_listed(&settings.hosts, host, *port)
    {
        return Err(Halt::over(BatchCode::TargetNotAllowed));
    }
    match location {
        TargetLocation::Postgres { .. } => {
            Ok(Box::new(postgres::PostgresTarget::connect(settings, location, load).await?))
        }
        TargetLocation::Mysql { .. } => Ok(Box::new(mysql::MysqlTarget::connect(settings, location, load).await?)),
        TargetLocation::Folder { path, format } => {
            let real = path.canonicalize().map_err(|_| Halt::over(BatchCode::TargetNotAllowed))?;
            let mut roots = settings.folders.iter().filter_map(|root| root.canonicalize().ok());
            if !roots.any(|root| real.starts_with(root)) {
                return Err(Halt::over(BatchCode::TargetNotAllowed));
            }
            Ok(Box::new(folder::FolderTarget::new(&real, *format, load)?))
        }
    }
}

/// Whether a host is on the list. A socket path or a list of hosts would slip past a comparison of names.
fn host_is_listed(list: &[String], host: &str, port: u16) -> bool {
    let named = host.parse::<IpAddr>().is_ok()
        || (!host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c)));
    let with_port = format!("{host}:{port}");
    named && list.iter().any(|entry| *entry == *host || *entry == with_port)
}
