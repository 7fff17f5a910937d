//! Department systems (业务系统): what calls data services on behalf of a department.

use shuqiao_vocabulary::{OrganisationId, SystemId};

mod identity;

pub use identity::{
    ADDRESSES_MAX, KEY_DAYS_MAX, KEYS_LIVE_MAX, KEYS_MAX, NationalAccess, NationalService, SERVICES_MAX,
    SystemIdentity, SystemKey,
};

/// A department's system with credentials of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// Its id, which is its OAuth2 client id.
    pub id: SystemId,
    /// The department it belongs to.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Digests of the secrets that are good now: one, or two while keys rotate.
    pub secret_digests: Vec<[u8; 32]>,
    /// Whether it may call.
    pub active: bool,
    /// Its keys, its addresses, and whether it must sign.
    pub identity: SystemIdentity,
}

/// Secrets good at one time: the new one and the one it replaces.
pub const SECRETS_MAX: usize = 2;

impl System {
    /// The system with one more secret; the oldest beyond [`SECRETS_MAX`] ends.
    #[must_use]
    pub fn with_secret(mut self, digest: [u8; 32]) -> Self {
        self.secret_digests.insert(0, digest);
        self.secret_digests.truncate(SECRETS_MAX);
        self
    }
}
