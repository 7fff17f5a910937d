//! What the plane holds to know its callers by, beside the book: what was seen before, the refusals of late, the key that
//! signs answers.

use super::{
    Plane,
    refusals::{Refusal, Refusals},
    replay::Replays,
};
use crate::{
    book::SystemKey,
    problem::{ProblemCode, Refused},
};
use shuqiao_crypto::{
    message::MessageSigner,
    token::{Thumbprint, TokenKey},
};
use shuqiao_vocabulary::{
    AddressRange, Moment,
    id::{GrantId, OrganisationId},
};
use std::net::IpAddr;

/// A caller's clock may be ahead of ours by this much.
pub(super) const CLOCK_SKEW_SECONDS: i64 = 30;

/// How callers are known; everything is off unless it is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentitySettings {
    /// The one header in which the proxy in front says from which address a call came. Without it the address is that of
    /// the connection.
    pub address_header: Option<String>,
    /// The one header in which the proxy in front hands over the certificate that a caller's TLS connection came with; the
    /// proxy overwrites what a caller sends under that name. Tokens are then bound to it (RFC 8705).
    pub certificate_header: Option<String>,
}

/// From where a call came, as far as that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CameFrom {
    /// The address.
    pub(crate) address: Option<IpAddr>,
    /// The caller's certificate; none too where it cannot be read, which opens nothing.
    pub(crate) certificate: Option<Thumbprint>,
    /// Something stands in the place of the certificate and cannot be read.
    pub(crate) unreadable: bool,
}

/// See the module's page.
pub(super) struct Identity {
    pub(super) replays: Replays,
    pub(super) refusals: Refusals,
    /// `None` for a key that cannot sign, which chance does not make: then answers go out unsigned.
    pub(super) signer: Option<MessageSigner>,
    /// What was made before this second may have been taken by this plane's last run, which is forgotten.
    pub(super) started: i64,
}

impl Identity {
    pub(super) fn new(token: &TokenKey, now: Moment) -> Self {
        Self {
            replays: Replays::default(),
            refusals: Refusals::default(),
            signer: token.message_signer().ok(),
            started: seconds(now),
        }
    }
}

/// Whole seconds since 1970.
pub(super) fn seconds(moment: Moment) -> i64 {
    moment.microseconds().div_euclid(1_000_000)
}

/// The key that is meant by its name or thumbprint, if it is good now; otherwise why not.
pub(super) enum FoundKey<'a> {
    Good(&'a SystemKey),
    /// Its time has not come.
    NotYet(&'a SystemKey),
    /// Its time is over.
    Retired(&'a SystemKey),
    Unknown,
}

pub(super) fn find_key<'a>(keys: &'a [SystemKey], id: &str, now: Moment) -> FoundKey<'a> {
    // A name may have been used again for a new key: one that is good now counts first.
    let named = || keys.iter().filter(|key| key.kid == id || key.key.thumbprint() == id);
    let good = |key: &&SystemKey| key.not_before <= now && now < key.not_after;
    match named().find(good).map(FoundKey::Good) {
        Some(found) => found,
        None => match named().next() {
            None => FoundKey::Unknown,
            Some(key) if now < key.not_before => FoundKey::NotYet(key),
            Some(key) => FoundKey::Retired(key),
        },
    }
}

/// Whether a system may call from there; an empty list allows every address.
pub(super) fn check_address(ranges: &[AddressRange], address: Option<IpAddr>) -> Result<(), Refused> {
    if ranges.is_empty() || address.is_some_and(|address| ranges.iter().any(|range| range.contains(address))) {
        return Ok(());
    }
    let from = address.map_or_else(|| "unknown".to_owned(), |address| address.to_canonical().to_string());
    Err(Refused::new(ProblemCode::AddressNotAllowed).with("address", from))
}

impl Plane {
    /// The refusal of this reference, for a reader of the department that called.
    pub fn refusal(&self, organisation: OrganisationId, request_id: &str) -> Option<Refusal> {
        self.identity.refusals.find(organisation, request_id)
    }

    /// Keeps a refusal for questions.
    pub(super) fn keep_refusal(
        &self,
        refused: &Refused,
        at: Moment,
        request_id: &str,
        whose: (Option<OrganisationId>, bool),
        grant: Option<GrantId>,
    ) {
        self.identity.refusals.keep(refused.kept(at, request_id, whose.0, grant), whose.1);
    }
}
