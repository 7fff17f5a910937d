//! The plane as a whole: what it holds, how the node brings it up to date, what the node may ask of it.

use crate::{
    compiled::{CompiledBook, CompiledGrant},
    delivery::{FileLimits, file::FileDesk, receipt::Receipt},
    meter::MeterClock,
    problem::{ProblemCode, Refused},
    source::{SourceSettings, Sources},
    trace::TraceIndex,
    usage::{LogHead, LogLimits, NewUsage, UsageCounts, UsageError, UsageLog, UsageRecord, UsageSummary},
};
use governor::{
    Quota, RateLimiter,
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed},
};
use shuqiao_crypto::{
    note::{SignerKey, VerifierKey},
    seal::SealKey,
    token::{Claims, TokenKey},
};
use shuqiao_vocabulary::{Date, Moment, id::GrantId};
use std::{
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicBool, AtomicI64},
    },
};

mod answer;
mod assertion;
mod bulk;
mod call;
mod identity;
mod national;
mod proof;
mod refusals;
mod replay;
mod taking;
mod token;
mod verify;

use identity::Identity;

pub(crate) use call::{Answer, Call, Delivery, Facts};
pub(crate) use identity::CameFrom;
pub(crate) use national::NationalFields;
pub(crate) use proof::Sent;
pub(crate) use token::{OAuthError, TokenCall, TokenRequest};
pub(crate) use verify::Verified;
pub use {identity::IdentitySettings, refusals::Refusal};

/// Recorded refusals a second of callers that have proven nothing: more would let anybody fill the disk.
const UNPROVEN_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(49);

/// How the program tells the time. It is asked once for each call (INVARIANT time-enters-once).
pub type Clock = Arc<dyn Fn() -> Moment + Send + Sync>;

/// What a plane is started with.
#[derive(Clone)]
pub struct PlaneSettings {
    /// The folder of the usage log.
    pub usage: PathBuf,
    /// How large the usage log may grow.
    pub usage_limits: LogLimits,
    /// The address under which callers reach the plane, without a slash at the end.
    pub public_origin: String,
    /// Where to ask for a grant when none can be named.
    pub request_url: String,
    /// The folder of the index of fingerprints.
    pub trace: PathBuf,
    /// The folder of files that were ordered.
    pub files: PathBuf,
    /// How much they may take.
    pub file_limits: FileLimits,
    /// Which sources may be read.
    pub sources: SourceSettings,
    /// Bytes that each grant may have in a legal day here, whatever its own terms; `None` bounds none. No delivery is cut
    /// for it: a file or a chunk of a batch larger than this never leaves.
    pub bytes_per_day: Option<u64>,
    /// What calls a second are measured with.
    pub meter_clock: MeterClock,
    /// How callers are known.
    pub identity: IdentitySettings,
}

impl PlaneSettings {
    /// Defaults under a data folder, for a plane reached at this address.
    pub fn under(data: &Path, public_origin: &str) -> Self {
        let public_origin = public_origin.trim_end_matches('/').to_owned();
        Self {
            usage: data.join("usage"),
            usage_limits: LogLimits::default(),
            trace: data.join("trace"),
            files: data.join("files"),
            file_limits: FileLimits::default(),
            request_url: format!("{public_origin}/catalogue"),
            public_origin,
            sources: SourceSettings::under(data),
            bytes_per_day: None,
            meter_clock: MeterClock::steady(),
            identity: IdentitySettings::default(),
        }
    }
}

/// The keys a plane works with.
pub struct PlaneKeys {
    /// Verifies the grant book.
    pub book: VerifierKey,
    /// Signs the heads of the usage log.
    pub usage: Arc<SignerKey>,
    /// Opens locations, seals cursors.
    pub seal: Arc<SealKey>,
    /// Makes and checks access tokens.
    pub token: Arc<TokenKey>,
    /// From which each grant's mask key is derived.
    pub mask_master: [u8; 32],
}

/// The data plane.
pub struct Plane {
    settings: PlaneSettings,
    keys: PlaneKeys,
    clock: Clock,
    sources: Arc<Sources>,
    book: RwLock<CompiledBook>,
    /// The parts of a snapshot that is not complete yet, and how many they are; held while a book or a change is taken.
    taking: Mutex<Option<(CompiledBook, u32)>>,
    /// When the book was last known to be the newest, in microseconds; `i64::MIN` while there is none.
    confirmed: AtomicI64,
    /// Whether this program's clock and the node's are too far apart to judge by it what is in force.
    clock_off: AtomicBool,
    usage: UsageLog,
    trace: Arc<TraceIndex>,
    files: FileDesk,
    identity: Identity,
    unproven: RateLimiter<NotKeyed, InMemoryState, MeterClock, NoOpMiddleware<Nanos>>,
}

impl Plane {
    /// Opens the usage log and starts a plane that serves nothing until a book is installed.
    ///
    /// # Errors
    /// When the usage log cannot be opened or is damaged.
    pub fn open(settings: PlaneSettings, keys: PlaneKeys, clock: Clock) -> Result<Self, UsageError> {
        let usage = UsageLog::open(&settings.usage, keys.usage.clone(), settings.usage_limits)?;
        let trace = Arc::new(TraceIndex::open(&settings.trace, &keys.mask_master)?);
        let files = FileDesk::open(&settings.files, settings.file_limits)?;
        let quota = Quota::per_second(UNPROVEN_PER_SECOND);
        Ok(Self {
            sources: Arc::new(Sources::new(settings.sources.clone())),
            book: RwLock::new(CompiledBook::empty()),
            taking: Mutex::new(None),
            confirmed: AtomicI64::new(i64::MIN),
            clock_off: AtomicBool::new(false),
            unproven: RateLimiter::direct_with_clock(quota, settings.meter_clock.clone()),
            identity: Identity::new(&keys.token, clock()),
            usage,
            trace,
            files,
            settings,
            keys,
            clock,
        })
    }

    /// The sources, for describing and probing them.
    pub fn sources(&self) -> &Arc<Sources> {
        &self.sources
    }

    /// The newest usage records of a grant, newest first. Reads files.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn usage(&self, grant: &GrantId, limit: usize) -> Result<Vec<UsageRecord>, UsageError> {
        self.usage.newest(grant, limit)
    }

    /// Counts over all usage records of a grant.
    pub fn usage_summary(&self, grant: &GrantId) -> UsageSummary {
        self.usage.grant(grant).summary
    }

    /// Counts over all usage records, by grant.
    pub fn usage_counts(&self) -> UsageCounts {
        self.usage.counts()
    }

    /// Calls on that legal day over all grants, if it is the latest day on which there were any.
    pub fn usage_calls_on(&self, day: Date) -> u64 {
        self.usage.calls_on(day)
    }

    /// The signed head of the usage log, at most a second behind it.
    pub fn usage_head(&self) -> LogHead {
        self.usage.head()
    }

    /// The signed note of [`Plane::usage_head`].
    pub fn usage_checkpoint(&self) -> String {
        self.usage.head().note
    }

    /// The usage log's name.
    pub fn usage_origin(&self) -> &str {
        self.usage.origin()
    }

    /// The usage log's public key.
    pub fn usage_verifier(&self) -> &VerifierKey {
        self.usage.verifier()
    }

    /// One usage record. Reads files.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn usage_record(&self, index: u64) -> Result<UsageRecord, UsageError> {
        self.usage.record(index)
    }

    /// The proof file (`.tlog-proof`) of one usage record. Reads files, and flushes when the record is younger than the
    /// signed head.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn usage_proof(&self, index: u64) -> Result<String, UsageError> {
        self.usage.proof(index)
    }

    /// A tile of the usage log by its path, `tile/…`. Reads files.
    ///
    /// # Errors
    /// When the log has no such tile.
    pub fn usage_tile(&self, path: &str) -> Result<Vec<u8>, UsageError> {
        self.usage.tile(path)
    }

    /// Waits until the fingerprints of all answers so far are written: before the program ends.
    pub async fn trace_settled(&self) {
        self.trace.settled().await;
    }

    /// The index of fingerprints.
    pub(crate) fn trace(&self) -> &Arc<TraceIndex> {
        &self.trace
    }

    /// Removes files that have expired.
    pub fn files_sweep(&self, now: Moment) {
        self.files.sweep(now);
    }

    /// The files that were ordered.
    pub(crate) fn files(&self) -> &FileDesk {
        &self.files
    }

    /// Records something; its place in the usage log. It is on the disk when this returns.
    ///
    /// # Errors
    /// `record_unavailable`.
    pub(crate) async fn record(&self, usage: NewUsage) -> Result<u64, Refused> {
        self.usage.append(usage).await.map_err(|_| Refused::new(ProblemCode::RecordUnavailable).again_after(1))
    }

    /// Signs a receipt with the key of the usage log.
    ///
    /// # Errors
    /// Never, as long as receipts are text.
    pub(crate) fn sign_receipt(&self, receipt: &Receipt<'_>) -> Result<String, Refused> {
        self.keys.usage.sign(&receipt.text()).map_err(|_| Refused::new(ProblemCode::RecordUnavailable))
    }

    /// Seals bytes that leave and come back.
    pub(crate) fn seal(&self) -> &SealKey {
        &self.keys.seal
    }

    /// The moment, asked for at the edge.
    pub(crate) fn now(&self) -> Moment {
        (self.clock)()
    }

    pub(crate) fn public_origin(&self) -> &str {
        &self.settings.public_origin
    }

    pub(crate) fn identity_settings(&self) -> &IdentitySettings {
        &self.settings.identity
    }

    /// Who holds this token.
    pub(crate) fn caller(&self, presented: (Option<&str>, &CameFrom), now: Moment) -> Result<Claims, Refused> {
        self.claims(presented, &self.book(), now)
    }

    /// The grant of this id, when it is in the book and the book is fresh.
    ///
    /// # Errors
    /// `book_stale`, `grant_revoked`.
    pub(crate) fn live_grant(&self, id: &GrantId, now: Moment) -> Result<Arc<CompiledGrant>, Refused> {
        self.current(now)?;
        self.book().grants.get(id).cloned().ok_or_else(|| Refused::new(ProblemCode::GrantRevoked))
    }
}
