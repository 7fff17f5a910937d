//! Where a source is. Sealed at rest, because it may hold a password.

use super::HttpService;
use super::view::ViewSpec;
use serde::{Deserialize, Serialize};
use shuqiao_crypto::seal::SealKey;
use shuqiao_vocabulary::SourceType;
use std::{fmt, path::PathBuf};

/// Nothing else that was sealed with the same key opens as a location.
const SEAL_CONTEXT: &[u8] = b"shuqiao source location v1";

/// Where a source is and how to get in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Location {
    /// A SQLite database file.
    Sqlite {
        /// Its full path.
        path: PathBuf,
    },
    /// A CSV file.
    Csv {
        /// Its full path.
        path: PathBuf,
    },
    /// A workbook, `.xlsx` or `.xls`.
    Workbook {
        /// Its full path.
        path: PathBuf,
    },
    /// A Parquet file.
    Parquet {
        /// Its full path.
        path: PathBuf,
    },
    /// A file of JSON objects, one a line or all in an array.
    JsonLines {
        /// Its full path.
        path: PathBuf,
    },
    /// An HTTP service that answers in JSON.
    Http(Box<HttpService>),
    /// A PostgreSQL database.
    Postgres {
        /// Host name or address; must be on the configured list.
        host: String,
        /// Port.
        port: u16,
        /// Database.
        database: String,
        /// Login role; it needs no more than SELECT.
        user: String,
        /// Its password.
        password: String,
        /// Whether TLS with a verified certificate is demanded.
        tls: bool,
    },
    /// A MySQL or MariaDB database.
    Mysql {
        /// Host name or address; must be on the configured list.
        host: String,
        /// Port.
        port: u16,
        /// Database.
        database: String,
        /// User; it needs no more than SELECT.
        user: String,
        /// Its password.
        password: String,
        /// Whether TLS with a verified certificate is demanded.
        tls: bool,
    },
    /// A database behind an ODBC driver.
    Odbc {
        /// Name of a data source (DSN) of this machine; must be on the configured list.
        dsn: String,
        /// User; it needs no more than SELECT. Empty where the data source has one.
        user: String,
        /// Its password.
        password: String,
    },
    /// A provider's view over tables of its other sources.
    View(ViewSpec),
}

/// Bytes that are not a location, or a seal that does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a source's location, or sealed with another key")]
pub struct LocationError;

impl Location {
    /// What the location is of.
    pub fn source_type(&self) -> SourceType {
        match self {
            Self::Sqlite { .. } => SourceType::Sqlite,
            Self::Csv { .. } => SourceType::Csv,
            Self::Workbook { .. } => SourceType::Workbook,
            Self::Parquet { .. } => SourceType::Parquet,
            Self::JsonLines { .. } => SourceType::JsonLines,
            Self::Http(_) => SourceType::Http,
            Self::Postgres { .. } => SourceType::Postgres,
            Self::Mysql { .. } => SourceType::Mysql,
            Self::Odbc { .. } => SourceType::Odbc,
            Self::View(_) => SourceType::View,
        }
    }

    /// The bytes that are to be sealed before they are stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        // A path that is not Unicode cannot be written as JSON; it cannot be read back either and is refused there.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads the bytes back.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LocationError> {
        serde_json::from_slice(bytes).map_err(|_| LocationError)
    }

    /// Seals the location.
    pub fn seal(&self, key: &SealKey) -> Vec<u8> {
        key.seal(SEAL_CONTEXT, &self.to_bytes())
    }

    /// Opens a sealed location.
    ///
    /// # Errors
    /// When it was sealed with another key, or is not a location.
    pub fn open(key: &SealKey, sealed: &[u8]) -> Result<Self, LocationError> {
        Self::from_bytes(&key.open(SEAL_CONTEXT, sealed).map_err(|_| LocationError)?)
    }
}

/// Never the password, so that a stray `{:?}` gives nothing away.
impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({})", self.source_type())
    }
}
