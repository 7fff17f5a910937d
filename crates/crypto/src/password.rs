//! Passwords: argon2id, 19 MiB, two passes, one lane (the OWASP recommendation), stored in PHC form.
//!
//! A check takes tens of milliseconds and 19 MiB. How many run at once is the caller's matter.

use crate::secret;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

/// The longest password that is looked at, in bytes of UTF-8.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

/// Memory for one check, in KiB.
const MEMORY_KIB: u32 = 19_456;

/// Passes over the memory.
const PASSES: u32 = 2;

/// Lanes; more would only help with threads of our own.
const LANES: u32 = 1;

/// Why a password has no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Longer than will ever be looked at.
    #[error("the password is longer than {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    /// The algorithm refused, for want of memory.
    #[error("the password could not be hashed")]
    Hash,
}

/// The hash to store, as PHC text, with a salt of its own.
///
/// # Errors
/// When the password is longer than [`PASSWORD_BYTES_MAX`]. Whether it is strong enough is the caller's matter.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(PasswordError::TooLong);
    }
    let salt = secret::random_bytes::<16>();
    let hash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(|_| PasswordError::Hash)?;
    Ok(hash.to_string())
}

/// Whether the password is the one that was hashed. A hash of a strange form fits no password.
pub fn verify(password: &str, phc: &str) -> bool {
    let (Ok(argon2), Ok(stored)) = (argon2(), PasswordHash::new(phc)) else { return false };
    let known = stored.algorithm == Algorithm::Argon2id.ident() && is_affordable(&stored);
    known && password.len() <= PASSWORD_BYTES_MAX && argon2.verify_password(password.as_bytes(), &stored).is_ok()
}

/// Does the work of [`verify`] and answers no: for a login that does not exist, so that the answer takes as long as for
/// one that does.
pub fn verify_absent(password: &str) -> bool {
    /// A hash in today's form of a password nobody knows: its 32 bytes are not the image of anything chosen.
    const OF_NOBODY: &str =
        concat!("$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlz", "$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    verify(password, OF_NOBODY)
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| PasswordError::Hash)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether checking this hash costs at most some times what today's hashes cost; whoever can write one hash into the
/// database must not be able to stop the node with it.
fn is_affordable(stored: &PasswordHash) -> bool {
    Params::try_from(stored).is_ok_and(|params| {
        params.m_cost() <= 8 * MEMORY_KIB && params.t_cost() <= 8 * PASSES && params.p_cost() <= 8 * LANES
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_recognised() {
        let stored = hash("正确的马 battery").expect("a short password");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("正确的马 battery", &stored));
        assert!(!verify("正确的马 batterz", &stored) && !verify("", &stored));
        assert_ne!(hash("正确的马 battery").expect("a short password"), stored);
    }

    #[test]
    fn nobody_has_the_absent_password() {
        assert!(!verify_absent("") && !verify_absent("nobody"));
    }

    #[test]
    fn work_is_bounded() {
        assert_eq!(hash(&"x".repeat(PASSWORD_BYTES_MAX + 1)), Err(PasswordError::TooLong));
        let rest = "$bm9ib2R5IGhhcyB0aGlz$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        for costly in ["m=4194304,t=2,p=1", "m=19456,t=4000000,p=1", "m=19456,t=2,p=200"] {
            assert!(!verify("x", &format!("$argon2id$v=19${costly}{rest}")));
        }
        for strange in ["", "x", "$argon2id$", "$argon2i$v=19$m=19456,t=2,p=1", "$argon2id$v=19$m=19456,t=2,p=1$AAAA"] {
            assert!(!verify("x", strange), "{strange}");
        }
    }

    #[test]
    fn a_hash_made_elsewhere_is_recognised() {
        // Made by OpenSSL's Argon2 (through the Python package `cryptography` 48) with the salt `somesaltsomesalt`.
        let stored =
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$K13EBUiG7JV+9ZxztmHFTdb7J0WQsnj2V8bZaqyPptE";
        assert!(verify("password", stored) && !verify("Password", stored));
    }
}
