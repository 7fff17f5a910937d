//! What enters at the edge, once per operation: the time, chance, and who asks (invariant 10).

use sha2::{Digest, Sha256};
use shuqiao_domain::Stamp;
use shuqiao_policy::Principal;
use shuqiao_vocabulary::{
    Moment,
    id::{Id, Kind},
};
use std::sync::atomic::{AtomicU64, Ordering};

/// Chance for one operation: a stream of bytes from a seed. The seed comes from the operating system, in tests from a
/// number, so that a run can be repeated.
#[derive(Debug)]
pub struct Chance {
    seed: [u8; 32],
    drawn: AtomicU64,
}

impl Chance {
    /// A stream from this seed.
    pub const fn from_seed(seed: [u8; 32]) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }

    /// The next `N` bytes, at most 32.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        const { assert!(N <= 32) };
        let draw = self.drawn.fetch_add(1, Ordering::Relaxed);
        let block: [u8; 32] = Sha256::new().chain_update(self.seed).chain_update(draw.to_be_bytes()).finalize().into();
        let mut taken = [0; N];
        taken.copy_from_slice(block.split_at(N).0);
        taken
    }
}

/// What enters at the edge when nobody is logged in yet.
#[derive(Debug)]
pub struct Edge {
    /// Now; taken once.
    pub now: Moment,
    /// Names this operation in answers, records and logs.
    pub request_id: String,
    /// Chance.
    pub chance: Chance,
}

impl Edge {
    /// A new id: UUID version 7 of this moment and chance.
    pub fn mint<K: Kind>(&self) -> Id<K> {
        let milliseconds = u64::try_from(self.now.microseconds() / 1_000).unwrap_or_default();
        let chance: [u8; 10] = self.chance.bytes();
        Id::from_uuid(uuid::Builder::from_unix_timestamp_millis(milliseconds, &chance).into_uuid())
    }
}

/// A caller's key for a write that may be sent twice, with a digest of what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The key, at most 120 characters.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub fingerprint: [u8; 32],
}

/// What enters at the edge with a logged-in person.
#[derive(Debug)]
pub struct Ctx {
    /// Time, request id, chance.
    pub edge: Edge,
    /// Who asks.
    pub principal: Principal,
    /// The person's name.
    pub person_name: String,
    /// The write's key, when it has one.
    pub idempotency: Option<Idempotency>,
}

impl Ctx {
    /// Now.
    pub const fn now(&self) -> Moment {
        self.edge.now
    }

    /// Who decides, for whom, now.
    pub const fn stamp(&self) -> Stamp {
        Stamp { person: self.principal.person, organisation: self.principal.organisation, at: self.edge.now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shuqiao_vocabulary::GrantId;

    #[test]
    fn ids_carry_their_moment_and_differ() {
        let edge = Edge {
            now: Moment::from_microseconds(1_754_063_999_000_000),
            request_id: String::new(),
            chance: Chance::from_seed([7; 32]),
        };
        let (one, two): (GrantId, GrantId) = (edge.mint(), edge.mint());
        assert_ne!(one, two);
        assert_eq!(one.uuid().get_version_num(), 7);
        // 1,754,063,999,000 ms in hexadecimal.
        assert!(one.to_string().starts_with(&format!("grt_{:012x}", 1_754_063_999_000_u64)), "{one}");
    }
}
