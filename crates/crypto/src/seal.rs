//! Sealing: bytes that only this node can open, and only for what they were sealed for.
//!
//! The algorithm is XAES-256-GCM (`c2sp.org/XAES-256-GCM`): AES-256-GCM under a key derived afresh for each message.
//! Plain AES-256-GCM with random nonces wears a key out after 2^32 messages, which a busy node would reach within
//! months, for it seals a cursor with every page; this form does not wear out.

use crate::secret;
use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, KeyInit, Payload},
    aes::{Aes256, cipher::BlockCipherEncrypt},
};
use std::fmt;
use zeroize::Zeroizing;

/// The nonce in front of sealed bytes, in bytes.
const NONCE_BYTES: usize = 24;

/// How much longer sealed bytes are than what they hold, in bytes: the nonce in front and the tag behind.
pub const OVERHEAD_BYTES: usize = NONCE_BYTES + 16;

/// The key of a seal.
pub struct SealKey(Zeroizing<[u8; 32]>);

/// Why sealed bytes stay closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Too short to be sealed bytes.
    #[error("the sealed bytes are cut short")]
    Truncated,
    /// Another key, another context, or changed bytes; which of them cannot be told.
    #[error("the sealed bytes were changed, or were sealed with another key or for another purpose")]
    NotAuthentic,
}

impl SealKey {
    /// The key made of these bytes, which must be chance.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key itself, for deriving others from it in this room.
    pub(crate) fn key(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals `plain` for `context`: the same context must be named to open it. Each call gives other bytes.
    pub fn seal(&self, context: &[u8], plain: &[u8]) -> Vec<u8> {
        let nonce = secret::random_bytes::<NONCE_BYTES>();
        let mut sealed = nonce.to_vec();
        sealed.extend(self.encrypt(&nonce, context, plain));
        sealed
    }

    /// Opens what was sealed for `context`.
    ///
    /// # Errors
    /// When it was not sealed with this key and for this context, or was changed since.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Truncated)?;
        if sealed.len() < OVERHEAD_BYTES {
            return Err(SealError::Truncated);
        }
        let (cipher, nonce) = self.cipher(nonce);
        let payload = Payload { msg: rest, aad: context };
        cipher.decrypt(&nonce, payload).map_err(|_| SealError::NotAuthentic)
    }

    #[expect(clippy::panic, reason = "AES-GCM refuses only above 64 GiB, and nothing here may go out unsealed")]
    fn encrypt(&self, nonce: &[u8; NONCE_BYTES], context: &[u8], plain: &[u8]) -> Vec<u8> {
        let (cipher, nonce) = self.cipher(nonce);
        match cipher.encrypt(&nonce, Payload { msg: plain, aad: context }) {
            Ok(sealed) => sealed,
            Err(_) => panic!("{} bytes are more than can be sealed at once", plain.len()),
        }
    }

    /// The cipher of one message and the nonce within it: NIST SP 800-108r1 in counter mode over CMAC-AES256, as the
    /// specification spells it out.
    fn cipher(&self, nonce: &[u8; NONCE_BYTES]) -> (Aes256Gcm, Nonce<aes_gcm::aes::cipher::consts::U12>) {
        let block_cipher = Aes256::new((&*self.0).into());
        let encrypt = |block: u128| {
            let mut block = block.to_be_bytes().into();
            block_cipher.encrypt_block(&mut block);
            u128::from_be_bytes(block.into())
        };
        let top = encrypt(0);
        let subkey = (top << 1) ^ if top >> 127 == 1 { 0b1000_0111 } else { 0 };
        let (mut first, mut second) = ([0; 12], [0; 12]);
        first.iter_mut().zip(nonce.iter()).for_each(|(to, from)| *to = *from);
        second.iter_mut().zip(nonce.iter().skip(12)).for_each(|(to, from)| *to = *from);
        // The twelve bytes of the nonce behind counter, label and a zero.
        let tail = first.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        let message = |counter: u128| encrypt((counter << 112 | 0x58 << 104 | tail) ^ subkey);
        let mut key = Zeroizing::new([0; 32]);
        let halves = message(1).to_be_bytes().into_iter().chain(message(2).to_be_bytes());
        key.iter_mut().zip(halves).for_each(|(to, from)| *to = from);
        (Aes256Gcm::new((&*key).into()), second.into())
    }
}

/// Prints a placeholder.
impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::hex;

    #[test]
    fn the_vectors_of_the_specification() {
        let nonce = b"ABCDEFGHIJKLMNOPQRSTUVWX";
        let seal = |key, context: &str| {
            hex(&SealKey::from_bytes([key; 32]).encrypt(nonce, context.as_bytes(), b"XAES-256-GCM"))
        };
        assert_eq!(seal(1, ""), "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271");
        assert_eq!(seal(3, "c2sp.org/XAES-256-GCM"), "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d");
    }

    #[test]
    fn sealed_bytes_open_only_for_what_they_were_sealed_for() {
        let key = SealKey::from_bytes([5; 32]);
        for plain in [&b""[..], b"x", &[9; 5_000]] {
            let sealed = key.seal(b"source", plain);
            assert_eq!(sealed.len(), plain.len() + OVERHEAD_BYTES);
            assert_eq!(key.open(b"source", &sealed), Ok(plain.to_vec()));
            assert_eq!(key.open(b"cursor", &sealed), Err(SealError::NotAuthentic));
            assert_eq!(SealKey::from_bytes([6; 32]).open(b"source", &sealed), Err(SealError::NotAuthentic));
            assert_ne!(key.seal(b"source", plain), sealed);
        }
    }

    #[test]
    fn every_changed_bit_and_every_cut_is_refused() {
        let key = SealKey::from_bytes([5; 32]);
        let sealed = key.seal(b"source", b"host=db password=secret");
        for bit in 0..sealed.len() * 8 {
            let mut bent = sealed.clone();
            bent[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key.open(b"source", &bent), Err(SealError::NotAuthentic), "{bit}");
        }
        for length in 0..sealed.len() {
            let wanted = if length < OVERHEAD_BYTES { SealError::Truncated } else { SealError::NotAuthentic };
            assert_eq!(key.open(b"source", &sealed[..length]), Err(wanted), "{length}");
        }
    }

    #[test]
    fn keys_do_not_print() {
        assert_eq!(format!("{:?}", SealKey::from_bytes([5; 32])), "SealKey(…)");
    }
}
