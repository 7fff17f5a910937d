//! Digests: of evidence, of entries, of what the record must be able to recognise without holding it.

use crate::encoding;
use sha2::Digest;
use std::io::{self, Read};

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

/// The 32 bytes that [`hex`] wrote, in either case; `None` for anything else.
pub fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// SHA-256(salt ‖ body): what the log holds instead of a body. The salt keeps a guessable body from being found by
/// trying; with salt and body at hand anyone can show that the log has spoken of them.
pub fn salted(salt: &[u8; 16], body: &[u8]) -> [u8; 32] {
    sha2::Sha256::new().chain_update(salt).chain_update(body).finalize().into()
}

/// Both digests of a file, read once.
pub struct FileDigests {
    /// Bytes read.
    pub bytes: u64,
    /// SHA-256, as 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// SM3, as 64 lower-case hexadecimal digits.
    pub sm3: String,
}

impl FileDigests {
    /// Reads to the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn of(mut file: impl Read) -> io::Result<Self> {
        let (mut sha256, mut sm3, mut bytes) = (sha2::Sha256::new(), sm3::Sm3::new(), 0);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = file.read(&mut buffer)?;
            let part = buffer.get(..read).unwrap_or_default();
            if part.is_empty() {
                break;
            }
            sha256.update(part);
            sm3.update(part);
            bytes += read as u64;
        }
        Ok(Self { bytes, sha256: hex(&sha256.finalize()), sm3: hex(&sm3.finalize()) })
    }
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
    fn digests_are_read_back() {
        let digest = sha256(b"abc");
        assert_eq!(from_hex(&hex(&digest)), Some(digest));
        assert_eq!(from_hex(&hex(&digest).to_ascii_uppercase()), Some(digest));
        for bad in ["", "ab", &"g".repeat(64), &"+1".repeat(32), &"0".repeat(66)] {
            assert_eq!(from_hex(bad), None, "{bad}");
        }
    }

    #[test]
    fn salt_and_body_do_not_run_into_each_other() {
        assert_eq!(salted(&[b'a'; 16], b"b"), sha256(b"aaaaaaaaaaaaaaaab"));
        assert_ne!(salted(&[b'a'; 16], b"b"), salted(&[b'b'; 16], b"b"));
    }
}
