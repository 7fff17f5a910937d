//! The application and what it is made of.

use crate::{
    clocks::Recomputing,
    directory::Directory,
    legal_time::LegalTimeCell,
    port::{BatchRunner, GrantBook, Notifier, PaperPress, SheetDesk, SourceDesk, UsageLedger},
};
use shuqiao_calendar::WorkCalendar;
use shuqiao_crypto::{note::SignerKey, token::TokenKey};
use shuqiao_policy::PolicySet;
use shuqiao_store::Store;
use shuqiao_vocabulary::{BatchRunId, Level, Moment, RegionCode};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};
use tokio::sync::{Mutex, Semaphore};

/// What this node is.
#[derive(Clone, Debug)]
pub struct NodeIdentity {
    /// Its name, for people.
    pub name: String,
    /// Its level.
    pub level: Level,
    /// Its region.
    pub region: RegionCode,
    /// Its region's name.
    pub region_name: String,
    /// Where it is reached from outside, without a slash at the end.
    pub base_url: String,
    /// Origin of its log, `<host>/record`.
    pub log_origin: String,
}

/// What the program puts together.
pub struct AppParts {
    /// State, journal, log.
    pub store: Store,
    /// Who may do what.
    pub policies: PolicySet,
    /// Working days.
    pub calendar: WorkCalendar,
    /// What this node is.
    pub node: NodeIdentity,
    /// Signs the log's checkpoints.
    pub log_signer: SignerKey,
    /// Mints tokens for trial calls.
    pub token_key: Arc<TokenKey>,
    /// Where files of organisations are placed, one folder per organisation.
    pub intake: PathBuf,
    /// Largest file that may be placed, in bytes.
    pub intake_bytes_max: u64,
    /// Connects sources.
    pub source_desk: Arc<dyn SourceDesk>,
    /// Reads and writes workbooks.
    pub sheet_desk: Arc<dyn SheetDesk>,
    /// Carries the book.
    pub book: Arc<dyn GrantBook>,
    /// Runs the tasks of batch exchange.
    pub batch: Arc<dyn BatchRunner>,
    /// Reads usage.
    pub usage: Arc<dyn UsageLedger>,
    /// Carries reminders outside.
    pub notifier: Arc<dyn Notifier>,
    /// Prints papers.
    pub press: Arc<dyn PaperPress>,
}

/// Password checks at one time: each takes 19 MiB and a core, so a flood of logins must not take the node with it.
const PASSWORD_CHECKS_MAX: usize = 2;

/// The application.
pub struct App {
    pub(crate) store: Store,
    pub(crate) policies: PolicySet,
    /// What the program brought; notices and rule sets of the store come on top.
    pub(crate) calendar_at_start: WorkCalendar,
    pub(crate) legal_time: LegalTimeCell,
    pub(crate) node: NodeIdentity,
    pub(crate) log_signer: SignerKey,
    pub(crate) token_key: Arc<TokenKey>,
    pub(crate) intake: PathBuf,
    pub(crate) intake_bytes_max: u64,
    pub(crate) source_desk: Arc<dyn SourceDesk>,
    pub(crate) sheet_desk: Arc<dyn SheetDesk>,
    pub(crate) book: Arc<dyn GrantBook>,
    pub(crate) batch: Arc<dyn BatchRunner>,
    /// The runs whose end is in the record, as far as this program has looked.
    pub(crate) batch_recorded: Mutex<BTreeSet<BatchRunId>>,
    pub(crate) usage: Arc<dyn UsageLedger>,
    pub(crate) notifier: Arc<dyn Notifier>,
    /// How far open clocks have been compared with the calendar; held while they are.
    pub(crate) recomputing: Mutex<Recomputing>,
    pub(crate) press: Arc<dyn PaperPress>,
    pub(crate) directory: Directory,
    pub(crate) password_checks: Semaphore,
    /// Held while a book is read and published, so that books arrive in order.
    pub(crate) published_epoch: Mutex<Option<u64>>,
    /// Held while a file of entries is drafted, so that each import finds what the one before drafted.
    pub(crate) importing: Mutex<()>,
    /// Held while a checkpoint is signed, so that each size is signed once.
    pub(crate) checkpointing: Mutex<()>,
    /// The sizes of the planes' usage logs that the record last anchored, by the logs' names.
    pub(crate) anchored_sizes: Mutex<BTreeMap<String, u64>>,
    /// When the disk last had room; held while it is tried, so that many who ask at once are one trial.
    pub(crate) room_found: Mutex<Option<Moment>>,
    /// Held while a paper is printed and numbered, so that numbers have no gaps and one core at most prints.
    pub(crate) printing: Mutex<()>,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: AppParts) -> Self {
        let AppParts {
            store,
            policies,
            calendar,
            node,
            log_signer,
            token_key,
            intake,
            intake_bytes_max,
            source_desk,
            sheet_desk,
            book,
            batch,
            usage,
            notifier,
            press,
        } = parts;
        Self {
            store,
            policies,
            legal_time: LegalTimeCell::of(calendar.clone()),
            calendar_at_start: calendar,
            node,
            log_signer,
            token_key,
            intake,
            intake_bytes_max,
            source_desk,
            sheet_desk,
            book,
            batch,
            batch_recorded: Mutex::default(),
            usage,
            notifier,
            recomputing: Mutex::default(),
            press,
            directory: Directory::default(),
            password_checks: Semaphore::new(PASSWORD_CHECKS_MAX),
            published_epoch: Mutex::new(None),
            importing: Mutex::new(()),
            checkpointing: Mutex::new(()),
            anchored_sizes: Mutex::default(),
            room_found: Mutex::new(None),
            printing: Mutex::new(()),
        }
    }

    /// What this node is.
    pub const fn node(&self) -> &NodeIdentity {
        &self.node
    }
}
