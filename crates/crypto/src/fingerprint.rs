//! Keyed fingerprints of delivered values: they recognise a value that is shown again, and tell nothing of one that is
//! not, as long as the key stays with the node. Which values are taken, and in which form, is the plane's matter.

use crate::mask::hmac_sm3;
use siphasher::sip::SipHasher24;
use std::fmt;
use zeroize::Zeroizing;

/// The node's key for fingerprints.
pub struct FingerprintKey {
    /// SipHash is made for many short inputs under a secret key; an HMAC of each cell cost more than all the rest of a
    /// delivery in bulk.
    frames: SipHasher24,
    values: SipHasher24,
}

impl FingerprintKey {
    /// The key that belongs to the node's master key for masks: always the same, so that what was delivered years ago is
    /// recognised; not a grant's, so that one value is the same in every delivery.
    pub fn derive(master: &[u8; 32]) -> Self {
        let base = Zeroizing::new(hmac_sm3(master, &[b"shuqiao leak fingerprint v1"]));
        let hasher = |of: &[u8]| {
            let key = Zeroizing::new(hmac_sm3(&base, &[of]));
            SipHasher24::new_with_key(key.first_chunk::<16>().unwrap_or(&[0; 16]))
        };
        Self { frames: hasher(b"frames"), values: hasher(b"values") }
    }

    /// The fingerprint of a value: SipHash-2-4.
    pub fn value(&self, canonical: &str) -> u64 {
        self.values.hash(canonical.as_bytes())
    }

    /// Eight bytes by which the node knows that it has written these bytes itself.
    pub fn check(&self, bytes: &[u8]) -> [u8; 8] {
        self.frames.hash(bytes).to_be_bytes()
    }
}

/// Prints no key.
impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_known_again_under_its_key_only() {
        let (ours, same, theirs) =
            (FingerprintKey::derive(&[7; 32]), FingerprintKey::derive(&[7; 32]), FingerprintKey::derive(&[8; 32]));
        assert_eq!(ours.value("520302199001011234"), same.value("520302199001011234"));
        assert_ne!(ours.value("520302199001011234"), theirs.value("520302199001011234"));
        assert_ne!(ours.value("a"), ours.value("b"));
        assert_ne!(ours.value("a").to_be_bytes(), ours.check(b"a"), "values and frames are apart");
        assert_eq!(format!("{ours:?}"), "FingerprintKey(…)");
    }
}
