//! What stands behind a network or a heavy dependency: the data plane, seen from the workflow, and the press that prints
//! papers.

use crate::view::{UsageLine, UsageSummary};
use async_trait::async_trait;
use shuqiao_domain::{
    grant::Grant,
    source::{Source, Structure},
    system::System,
};
use shuqiao_vocabulary::{GrantId, Moment, OrganisationId, PaperContent};
use std::collections::BTreeMap;

/// Where a source is, as the officer says it. Never stored unsealed, never printed.
#[derive(Clone)]
pub enum NewLocation {
    /// A SQLite file in the organisation's intake folder.
    Sqlite {
        /// The file's name.
        file: String,
    },
    /// A CSV file in the organisation's intake folder.
    Csv {
        /// The file's name.
        file: String,
    },
    /// A PostgreSQL database.
    Postgres {
        /// Host; must be on the node's list.
        host: String,
        /// Port.
        port: u16,
        /// Database.
        database: String,
        /// User.
        user: String,
        /// Password.
        password: String,
        /// Whether TLS is demanded.
        tls: bool,
    },
}

impl std::fmt::Debug for NewLocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewLocation(…)")
    }
}

/// A source as it was found.
#[derive(Clone, Debug)]
pub struct Described {
    /// Its structure.
    pub structure: Structure,
    /// What people may see of where it is.
    pub place: String,
    /// The sealed location.
    pub sealed_location: Vec<u8>,
}

/// Why a source could not be read; carries no data value and no credential.
#[derive(Clone, Debug)]
pub struct SourceFailure {
    /// Which failure.
    pub code: String,
    /// What the text needs, by name.
    pub params: BTreeMap<String, String>,
}

/// Connects and describes sources.
#[async_trait]
pub trait SourceDesk: Send + Sync {
    /// Reads the structure of what lies at a location of this provider, and seals the location.
    async fn describe(&self, provider: OrganisationId, location: &NewLocation) -> Result<Described, SourceFailure>;
    /// Reads the structure of a known source again.
    async fn describe_again(&self, source: &Source) -> Result<Structure, SourceFailure>;
}

/// All that a data plane serves from, at one epoch.
#[derive(Clone, Debug)]
pub struct BookContents {
    /// Grows with every change of a grant, a system or a source.
    pub epoch: u64,
    /// The live grants.
    pub grants: Vec<Grant>,
    /// The systems.
    pub systems: Vec<System>,
    /// The sources.
    pub sources: Vec<Source>,
}

/// Carries the book of grants to the planes.
#[async_trait]
pub trait GrantBook: Send + Sync {
    /// Signs and installs the book; returns when the local plane serves from it.
    async fn publish(&self, contents: BookContents, now: Moment) -> Result<(), String>;
    /// Tells the planes that this epoch is still the newest.
    async fn confirm(&self, epoch: u64, now: Moment);
}

/// What the planes recorded of the use of grants.
#[async_trait]
pub trait UsageLedger: Send + Sync {
    /// The newest usage records of a grant.
    async fn recent(&self, grant: &GrantId, limit: usize) -> Vec<UsageLine>;
    /// Counts over all usage records of a grant.
    async fn summary(&self, grant: &GrantId) -> UsageSummary;
    /// Calls on the legal day of this moment, over all grants.
    async fn calls_today(&self, now: Moment) -> u64;
    /// The head of the plane's own log: origin, size, root.
    async fn head(&self) -> Option<(String, u64, [u8; 32])>;
    /// The plane's own log's verifier key: origin and text.
    fn verifier_key(&self) -> (String, String);
}

/// A paper to be printed.
#[derive(Clone, Debug)]
pub struct PaperOrder {
    /// Its number.
    pub number: String,
    /// What it says.
    pub content: PaperContent,
    /// Where it is found out whether it is genuine.
    pub verify_url: String,
    /// Digest of its content under its number, in hexadecimal.
    pub digest: String,
}

/// Why a paper could not be printed; carries nothing of what it says but a character's number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PressFailure {
    /// The helper program is not where it should be.
    #[error("the helper program is missing")]
    WorkerMissing,
    /// It did not answer in time, was killed by a limit, or said something that cannot be read.
    #[error("the helper program failed")]
    WorkerFailed,
    /// No Chinese font, or the named one cannot be read.
    #[error("no font")]
    FontMissing,
    /// No font has a character that the paper needs.
    #[error("no font has the character {character}")]
    CharacterMissing {
        /// `U+XXXX`.
        character: String,
    },
    /// Longer than a paper may be.
    #[error("the paper is too large")]
    TooLarge,
}

/// Prints papers.
#[async_trait]
pub trait PaperPress: Send + Sync {
    /// The paper as PDF.
    async fn print(&self, order: PaperOrder) -> Result<Vec<u8>, PressFailure>;
}
