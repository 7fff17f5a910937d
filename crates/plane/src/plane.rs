//! The plane as a whole: what it holds, how the node brings it up to date, what the node may ask of it.

use crate::{
    book::{BOOK_STALE_SECONDS, BookError, SignedBook},
    compiled::CompiledBook,
    meter::MeterClock,
    problem::Refused,
    source::{SourceSettings, Sources},
    usage::{LogHead, LogLimits, UsageError, UsageLog, UsageRecord, UsageSummary},
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
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

mod answer;
mod assertion;
mod call;
mod identity;
mod national;
mod proof;
mod refusals;
mod replay;
mod token;

use identity::Identity;

pub(crate) use call::{Answer, Call, Delivery};
pub(crate) use national::NationalFields;
pub(crate) use proof::Sent;
pub(crate) use token::{OAuthError, TokenCall, TokenRequest};
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
    /// Which sources may be read.
    pub sources: SourceSettings,
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
            request_url: format!("{public_origin}/catalogue"),
            public_origin,
            sources: SourceSettings::under(data),
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
    book: RwLock<Arc<CompiledBook>>,
    installing: Mutex<()>,
    /// When the book was last known to be the newest, in microseconds; `i64::MIN` while there is none.
    confirmed: AtomicI64,
    usage: UsageLog,
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
        let quota = Quota::per_second(UNPROVEN_PER_SECOND);
        Ok(Self {
            sources: Arc::new(Sources::new(settings.sources.clone())),
            book: RwLock::new(Arc::new(CompiledBook::empty())),
            installing: Mutex::new(()),
            confirmed: AtomicI64::new(i64::MIN),
            unproven: RateLimiter::direct_with_clock(quota, settings.meter_clock.clone()),
            identity: Identity::new(&keys.token, clock()),
            usage,
            settings,
            keys,
            clock,
        })
    }

    /// Installs a book; from here on it alone is served from. The epoch.
    ///
    /// # Errors
    /// When its signature does not hold, or it is older than the one in force.
    pub fn install(&self, signed: &SignedBook, now: Moment) -> Result<u64, BookError> {
        let book = signed.open(&self.keys.book)?;
        // One book at a time, compiled beside the one in force: a large book must not hold up calls.
        let _installing = self.installing.lock().unwrap_or_else(PoisonError::into_inner);
        let compiled = CompiledBook::compile(
            book,
            &self.book(),
            &self.keys.seal,
            &self.keys.mask_master,
            &self.settings.meter_clock,
            &|grant| self.usage.grant(grant).today,
        )?;
        let epoch = compiled.epoch;
        *self.book.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(compiled);
        self.confirmed.store(now.microseconds(), Ordering::Release);
        Ok(epoch)
    }

    /// Notes that the book of this epoch is still the newest. Another epoch is not confirmed: `false`, and what is
    /// served from grows stale until the newer book arrives.
    pub fn confirm(&self, epoch: u64, now: Moment) -> bool {
        let current = self.book().epoch == epoch && self.confirmed.load(Ordering::Acquire) != i64::MIN;
        if current {
            self.confirmed.store(now.microseconds(), Ordering::Release);
        }
        current
    }

    /// The epoch of the book in force; 0 before the first.
    pub fn epoch(&self) -> u64 {
        self.book().epoch
    }

    /// Whether the book is fresh enough to serve from.
    pub fn is_fresh(&self, now: Moment) -> bool {
        let confirmed = self.confirmed.load(Ordering::Acquire);
        confirmed != i64::MIN && (now.microseconds() - confirmed).abs() <= BOOK_STALE_SECONDS * 1_000_000
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
    pub(crate) fn caller(&self, bearer: Option<&str>, now: Moment) -> Result<Claims, Refused> {
        self.claims(bearer, &self.book(), now)
    }

    fn book(&self) -> Arc<CompiledBook> {
        self.book.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
