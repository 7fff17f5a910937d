//! Digests: of evidence, of entries, of what the record must be able to recognise without holding it.

use crate::encoding;
use sha2::Digest;

/// SHA-256 of the bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

/// SM3 (GB/T 32905-2016) of the bytes.
pub fn sm3(bytes: &[u8]) -> [u8; 32] {
    sm3::Sm3::digest(bytes).into()
}

/// SHA-256 of the bytes, as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&sha256(bytes))
}

/// SM3 of the bytes, as 64 lower-case hexadecimal digits.
pub fn sm3_hex(bytes: &[u8]) -> String {
    hex(&sm3(bytes))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    encoding::hex(bytes)
}

/// SHA-256(salt ‖ body): what the log holds instead of a body. The salt keeps a guessable body from being found by
/// trying; with salt and body at hand anyone can show that the log has spoken of them.
pub fn salted(salt: &[u8; 16], body: &[u8]) -> [u8; 32] {
    sha2::Sha256::new().chain_update(salt).chain_update(body).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standards() {
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(sm3_hex(b"abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    }

    #[test]
    fn salt_and_body_do_not_run_into_each_other() {
        assert_eq!(salted(&[b'a'; 16], b"b"), sha256(b"aaaaaaaaaaaaaaaab"));
        assert_ne!(salted(&[b'a'; 16], b"b"), salted(&[b'b'; 16], b"b"));
    }
}
