//! Chance, and secrets made of it: client secrets, one-time links, session tokens.

use crate::{digest, encoding};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The longest secret that is made, in bytes of chance.
const BYTES_MAX: usize = 1_024;

/// Bytes of chance from the operating system.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// A secret made of this many bytes of chance (at most 1,024), in base64url: 32 bytes make 43 characters.
pub fn random_text(bytes: usize) -> String {
    let mut chance = Zeroizing::new(vec![0; bytes.min(BYTES_MAX)]);
    fill(&mut chance);
    encoding::base64url(&chance)
}

/// What is kept of a secret that [`random_text`] made: SHA-256. Not for passwords, which people choose and others guess.
pub fn digest(secret: &str) -> [u8; 32] {
    digest::sha256(secret.as_bytes())
}

/// Whether the secret is the one of which `kept` is the digest. Takes as long whether or not.
pub fn matches(secret: &str, kept: &[u8; 32]) -> bool {
    equal(&digest(secret), kept)
}

/// Whether two byte strings are equal, in a time that depends on their lengths alone.
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[expect(clippy::disallowed_methods, reason = "this is the room that the lint points to: chance for keys and secrets")]
#[expect(clippy::panic, reason = "a system without chance must not go on and make keys that can be guessed")]
fn fill(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        panic!("the operating system gives no random bytes: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_recognised() {
        let (one, other) = (random_text(32), random_text(32));
        assert_eq!(one.len(), 43);
        assert_ne!(one, other);
        assert!(matches(&one, &digest(&one)) && !matches(&other, &digest(&one)));
        assert_ne!(random_bytes::<16>(), random_bytes::<16>());
        assert_eq!(random_text(usize::MAX).len(), 1_366);
    }

    #[test]
    fn equality_is_of_the_whole() {
        assert!(equal(b"", b"") && equal(b"ab", b"ab"));
        assert!(!equal(b"ab", b"ac") && !equal(b"ab", b"abc") && !equal(b"", b"a"));
    }
}
