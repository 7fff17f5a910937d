//! What stands behind a network or a heavy dependency: the data plane, workbooks, and the press that prints papers, seen
//! from the workflow.

use crate::view::{LeakForm, LeakFound, RefusalLine, UsageLine, UsageSummary};
use async_trait::async_trait;
use shuqiao_domain::{
    Problem,
    catalogue::EntryContent,
    gateway::Gateway,
    grant::Grant,
    source::{Source, Structure, SubjectThreshold},
    system::System,
};
use shuqiao_vocabulary::{
    Date, GatewayId, GrantId, Moment, OrganisationId, PaperContent, SharingAttribute, SourceId, SourceType, SystemId,
};
use std::collections::{BTreeMap, BTreeSet};

pub use crate::batch::port::{
    BatchBadRow, BatchCount, BatchFailure, BatchRunLine, BatchRunPhase, BatchRunner, BatchTasks, NewTarget, PartFormat,
    SealedTarget,
};
pub use crate::service::{NewLogin, NewPaging, NewService, NewServiceColumn, NewServiceParameter};

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
    /// A workbook in the organisation's intake folder.
    Workbook {
        /// The file's name.
        file: String,
    },
    /// A Parquet file in the organisation's intake folder.
    Parquet {
        /// The file's name.
        file: String,
    },
    /// A file of JSON objects in the organisation's intake folder.
    JsonLines {
        /// The file's name.
        file: String,
    },
    /// An HTTP service that answers in JSON.
    Http(Box<NewService>),
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
    /// A MySQL or MariaDB database.
    Mysql {
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
    /// A database behind an ODBC driver.
    Odbc {
        /// Name of the data source (DSN); must be on the node's list.
        dsn: String,
        /// User; empty where the data source has one.
        user: String,
        /// Password.
        password: String,
    },
    /// A view over tables of the provider's other sources (加工视图).
    View {
        /// One SELECT over the inputs.
        sql: String,
        /// The tables it reads.
        inputs: Vec<NewViewInput>,
        /// The columns that name a row of it; may be none.
        key: Vec<String>,
        /// How many distinct subjects each row must be summed up from.
        threshold: Option<SubjectThreshold>,
    },
}

impl NewLocation {
    /// What it is a place of.
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
            Self::View { .. } => SourceType::View,
        }
    }
}

/// A table that a view reads.
#[derive(Clone)]
pub struct NewViewInput {
    /// What the SELECT calls it.
    pub alias: String,
    /// The source, one of the provider's own.
    pub source: SourceId,
    /// The table there.
    pub table: String,
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
    /// Reads the structure of what lies at a location of this provider, and seals the location. `reads` are the sources
    /// that a view reads, one for each of its inputs; all are the provider's.
    async fn describe(
        &self,
        provider: OrganisationId,
        location: &NewLocation,
        reads: &[Source],
    ) -> Result<Described, SourceFailure>;
    /// Reads the structure of a known source again.
    async fn describe_again(&self, source: &Source) -> Result<Structure, SourceFailure>;
}

/// A part of all that a data plane serves from, at one epoch. Systems and gateways are in the first.
#[derive(Clone, Debug, Default)]
pub struct BookContents {
    /// Grows with every change of a grant, a system, a source or a gateway.
    pub epoch: u64,
    /// The live grants.
    pub grants: Vec<Grant>,
    /// The systems.
    pub systems: Vec<System>,
    /// The sources of the grants here.
    pub sources: Vec<Source>,
    /// The names of their providers.
    pub providers: BTreeMap<OrganisationId, String>,
    /// The gateways.
    pub gateways: Vec<Gateway>,
    /// Which part it is, from 0 on.
    pub part: u32,
    /// Whether another part follows; nothing is served before the last.
    pub more: bool,
    /// The grants of which each call must be signed.
    pub signed: BTreeSet<GrantId>,
}

/// What changed of that from one epoch to another.
#[derive(Clone, Debug, Default)]
pub struct BookChange {
    /// The epoch that it applies to.
    pub from: u64,
    /// The epoch that it leads to.
    pub to: u64,
    /// Grants that are new or have other terms, or another structure behind them.
    pub grants: Vec<Grant>,
    /// Grants that live no longer.
    pub grants_gone: Vec<GrantId>,
    /// Systems that are new or have other secrets.
    pub systems: Vec<System>,
    /// Systems that are closed.
    pub systems_gone: Vec<SystemId>,
    /// The sources that changed, and those of the grants here.
    pub sources: Vec<Source>,
    /// The names of the providers of the grants here.
    pub providers: BTreeMap<OrganisationId, String>,
    /// The grants here of which each call must be signed.
    pub signed: BTreeSet<GrantId>,
    /// Gateways that are new.
    pub gateways: Vec<Gateway>,
    /// Gateways that were removed.
    pub gateways_gone: Vec<GatewayId>,
}

/// What the node knows of a gateway from the gateway itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GatewayHeard {
    /// When it last asked, since the node's program started.
    pub at: Option<Moment>,
    /// The epoch that it had then.
    pub epoch: Option<u64>,
    /// Name, size and public key of its usage log, as it reported last.
    pub log: Option<(String, u64, String)>,
}

/// Carries the book of grants to the planes: that of this program, and gateways, which ask for it.
#[async_trait]
pub trait GrantBook: Send + Sync {
    /// Signs and installs a part of the book; with the last one it returns when the local plane serves from it.
    async fn publish(&self, contents: BookContents, now: Moment) -> Result<(), String>;
    /// Signs and applies a change; returns when the local plane serves from it. After an error the book is published whole.
    async fn change(&self, change: BookChange, now: Moment) -> Result<(), String>;
    /// Tells the planes that this epoch is still the newest.
    async fn confirm(&self, epoch: u64, now: Moment);
    /// The enrolment file of a gateway: where the node is, how it is recognised, and the gateway's secret.
    fn enrolment(&self, gateway: &Gateway) -> String;
    /// What is known of a gateway.
    fn heard(&self, gateway: &GatewayId) -> GatewayHeard;
}

/// Why a file that has turned up cannot be traced.
#[derive(Clone, Debug)]
pub enum LeakFailure {
    /// It cannot be read as a table, or has no rows.
    File(SourceFailure),
    /// The usage log, its fingerprints or the disk cannot be used now.
    Unavailable,
}

/// Usage records looked at for a grant's first delivery.
const DELIVERIES_LOOKED_AT: usize = 1_000;

/// What the planes recorded of the use of grants.
#[async_trait]
pub trait UsageLedger: Send + Sync {
    /// The newest usage records of a grant.
    async fn recent(&self, grant: &GrantId, limit: usize) -> Vec<UsageLine>;
    /// Counts over all usage records of a grant.
    async fn summary(&self, grant: &GrantId) -> UsageSummary;
    /// The first call of a grant that was answered with data, from this moment on, among its newest records. Asked often
    /// enough, that is the first of all; after a long pause it may be a later one of the same flood.
    async fn delivered_since(&self, grant: &GrantId, since: Moment) -> Option<Moment> {
        if self.summary(grant).await.calls == 0 {
            return None;
        }
        let newest = self.recent(grant, DELIVERIES_LOOKED_AT).await;
        newest.into_iter().filter(|line| line.refused.is_none() && line.at >= since).map(|line| line.at).min()
    }
    /// Calls on the legal day of this moment, over all grants.
    async fn calls_today(&self, now: Moment) -> u64;
    /// The heads of the planes' own logs, of this program's and of the gateways': origin, size, root.
    async fn heads(&self) -> Vec<(String, u64, [u8; 32])>;
    /// Calls under a grant that were known by the national platform's signature alone: how many, and the last.
    async fn legacy_calls(&self, _grant: &GrantId) -> (u64, Option<Moment>) {
        (0, None)
    }
    /// Which deliveries of this program's plane contained the rows of a file that has turned up. The file is not kept.
    async fn trace(&self, _form: LeakForm, _bytes: Vec<u8>) -> Result<LeakFound, LeakFailure> {
        Err(LeakFailure::Unavailable)
    }
    /// Why the planes refused a call of this organisation lately, by the reference that the caller was given.
    fn refusal(&self, _organisation: OrganisationId, _reference: &str) -> Option<RefusalLine> {
        None
    }
    /// The plane's own log's verifier key: origin and text.
    fn verifier_key(&self) -> (String, String);
}

/// What may leave the node of a reminder: no name, no title, no data; who is told logs in to read more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideNotice {
    /// The case's number.
    pub number: String,
    /// What is told: `due_soon`, `due_today`, `overdue`.
    pub kind: &'static str,
    /// When it is due.
    pub due: Moment,
    /// Where to log in.
    pub link: String,
}

/// Carries reminders outside: a mail gateway, the messenger of the administration, a file.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Hands one over; it may be handed over again when the program ends in between.
    async fn notify(&self, notice: &OutsideNotice) -> Result<(), String>;
}

/// What a workbook or table of entries says.
#[derive(Clone, Debug)]
pub struct SheetImport {
    /// Entries, in the order of the file.
    pub entries: Vec<SheetEntry>,
    /// What is wrong with its rows.
    pub problems: Vec<SheetProblem>,
    /// What is remarkable about the file as a whole: code, sheet, detail.
    pub notes: Vec<(&'static str, String, String)>,
}

/// An entry of a file.
#[derive(Clone, Debug)]
pub struct SheetEntry {
    /// Its sheet.
    pub sheet: String,
    /// Its row, as a spreadsheet counts them.
    pub row: u32,
    /// What it says.
    pub content: EntryContent,
    /// Whether something in its rows keeps it from being drafted.
    pub refused: bool,
}

/// Something wrong with a row of a file.
#[derive(Clone, Debug)]
pub struct SheetProblem {
    /// The sheet.
    pub sheet: String,
    /// The row, as a spreadsheet counts them.
    pub row: u32,
    /// The column's letters, when it is in one column.
    pub column: Option<String>,
    /// What is wrong.
    pub problem: Problem,
    /// Whether it keeps the entry from being drafted.
    pub fatal: bool,
}

/// Why a file cannot be read or written; carries no cell of it.
#[derive(Clone, Debug)]
pub struct SheetFailure {
    /// Which failure.
    pub code: String,
    /// What the text needs, by name.
    pub params: BTreeMap<String, String>,
}

/// What stands on the first sheet of an export.
#[derive(Clone, Debug)]
pub struct SheetCover {
    /// The node's name.
    pub node: String,
    /// The legal day.
    pub day: Date,
    /// The words that were looked for.
    pub q: String,
    /// The attribute that was asked for.
    pub attribute: Option<SharingAttribute>,
    /// The provider that was asked for.
    pub provider: Option<String>,
    /// Entries that were found and are not in the file, because it has a limit.
    pub more: bool,
}

/// An entry to be written.
#[derive(Clone, Debug)]
pub struct SheetRow {
    /// Its id.
    pub id: String,
    /// Its number in the catalogue, once published.
    pub number: String,
    /// The provider's name.
    pub provider: String,
    /// What it says.
    pub content: EntryContent,
}

/// Reads and writes workbooks of entries (目录的导入导出).
#[async_trait]
pub trait SheetDesk: Send + Sync {
    /// The largest file, in bytes.
    fn bytes_max(&self) -> u64;
    /// The most entries of an export.
    fn rows_max(&self) -> usize;
    /// A name without what people vary: two entries of one department do not have the same.
    fn name_key(&self, name: &str) -> String;
    /// Reads a file by the profile of this name.
    async fn read(&self, profile: &str, bytes: Vec<u8>) -> Result<SheetImport, SheetFailure>;
    /// The file with a column in which these remarks stand, each with its sheet and row.
    async fn remarked(&self, bytes: Vec<u8>, remarks: Vec<(String, u32, String)>) -> Result<Vec<u8>, SheetFailure>;
    /// A workbook of entries.
    async fn write(&self, cover: SheetCover, rows: Vec<SheetRow>) -> Result<Vec<u8>, SheetFailure>;
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
