//! The call signature of the national platform's existing clients (`gjgxjhpt_*`): HMAC-SHA256 over service code,
//! requester and time, under an `appsecret` that is handed out encrypted with the long-lived `appkey`.
//!
//! It covers neither body nor path and is here for clients that cannot be changed. Their wrapping of the secret - AES in
//! ECB with a key by SHA-1 - is theirs, used for nothing else, and protects a secret that lasts a day.
//!
//! Neither `appkey` nor `appsecret` is stored: both are derived from the node's token key.

use crate::{encoding, secret, token::TokenKey};
use aes::{
    Aes128, Block,
    cipher::{BlockCipherEncrypt, KeyInit as _},
};
use hmac::{Hmac, Mac};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use shuqiao_vocabulary::{Moment, id::SystemId};
use zeroize::Zeroizing;

/// Seconds of a period. A secret is good in the one in which it was handed out and in the next.
const PERIOD_SECONDS: i64 = 43_200;

const BLOCK_BYTES: usize = 16;

/// A secret as it is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedSecret {
    /// The `appsecret`, encrypted with the `appkey`, in base64.
    pub secret: String,
    /// From this moment on it is worth nothing.
    pub ends: Moment,
}

/// What a call states and signs.
#[derive(Clone, Copy, Debug)]
pub struct NationalCall<'a> {
    /// `gjgxjhpt_rid`.
    pub requester: &'a str,
    /// `gjgxjhpt_sid`.
    pub service: &'a str,
    /// `gjgxjhpt_rtime`, as it was sent.
    pub time: &'a str,
    /// `gjgxjhpt_sign`.
    pub signature: &'a str,
}

impl NationalCall<'_> {
    /// Whether it was signed with this key.
    pub fn is_signed_with(&self, key: &str) -> bool {
        let message = format!("{}{}{}", self.service, self.requester, self.time);
        let expected = encoding::base64(&mac(key.as_bytes(), message.as_bytes()));
        secret::equal(expected.as_bytes(), self.signature.as_bytes())
    }

    /// Whether it was signed with a secret of this `appkey` that is good now.
    pub fn is_signed_by(&self, appkey: &str, now: Moment) -> bool {
        let period = period(now);
        [period, period - 1].into_iter().any(|period| self.is_signed_with(&appsecret(appkey, period)))
    }
}

/// The `appkey` of a system; each serial gives another.
pub fn appkey(key: &TokenKey, system: SystemId, serial: u64) -> Zeroizing<String> {
    let bytes = key.derived(format!("shuqiao national appkey\0{system}\0{serial}").as_bytes());
    Zeroizing::new(encoding::hex(bytes.get(..16).unwrap_or_default()))
}

/// The secret that is handed out now.
pub fn wrapped_secret(appkey: &str, now: Moment) -> WrappedSecret {
    let period = period(now);
    let secret = wrap(appkey, &appsecret(appkey, period));
    WrappedSecret { secret, ends: Moment::from_microseconds((period + 2) * PERIOD_SECONDS * 1_000_000) }
}

fn period(now: Moment) -> i64 {
    now.microseconds().div_euclid(PERIOD_SECONDS * 1_000_000)
}

fn appsecret(appkey: &str, period: i64) -> Zeroizing<String> {
    let bytes = mac(appkey.as_bytes(), format!("shuqiao national appsecret\0{period}").as_bytes());
    Zeroizing::new(encoding::hex(bytes.get(..16).unwrap_or_default()))
}

/// AES-128 in ECB with PKCS#7 padding, under a key as the clients' `SHA1PRNG` makes it of the `appkey`.
fn wrap(appkey: &str, secret: &str) -> String {
    let seed = Sha1::digest(Sha1::digest(appkey.as_bytes()));
    let mut key = Zeroizing::new([0; BLOCK_BYTES]);
    key.iter_mut().zip(seed).for_each(|(to, from)| *to = from);
    let cipher = Aes128::new((&*key).into());
    let padding = BLOCK_BYTES - secret.len() % BLOCK_BYTES;
    let mut padded = Zeroizing::new(secret.as_bytes().to_vec());
    padded.extend(std::iter::repeat_n(padding as u8, padding));
    let mut wrapped = Vec::with_capacity(padded.len());
    for block in padded.chunks_exact(BLOCK_BYTES) {
        let mut bytes = [0; BLOCK_BYTES];
        bytes.copy_from_slice(block);
        let mut block = Block::from(bytes);
        cipher.encrypt_block(&mut block);
        wrapped.extend_from_slice(&block);
    }
    encoding::base64(&wrapped)
}

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC hashes a longer key and fills a shorter one up (RFC 2104); done here, the length cannot be wrong.
    let mut block = Zeroizing::new([0; 64]);
    let hashed;
    let key = if key.len() > block.len() {
        hashed = crate::digest::sha256(key);
        &hashed[..]
    } else {
        key
    };
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    Hmac::<Sha256>::new((&*block).into()).chain_update(message).finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Moment = Moment::from_microseconds(1_754_020_800_000_000);

    #[test]
    fn a_signature_is_that_of_the_clients() {
        // openssl: printf s_1r_11754020800000 | openssl dgst -sha256 -hmac secret -binary | base64
        let call = NationalCall { requester: "r_1", service: "s_1", time: "1754020800000", signature: SIGNATURE };
        assert!(call.is_signed_with("secret") && !call.is_signed_with("Secret"));
        assert!(!NationalCall { service: "s_2", ..call }.is_signed_with("secret"));
    }

    const SIGNATURE: &str = "HdV1/MaooSB+VQoDCGbekLzk0CUZDEocd5dGyJOJCD0=";

    #[test]
    fn a_secret_is_wrapped_as_the_clients_unwrap_it() {
        // openssl enc -aes-128-ecb under the first 16 bytes of sha1(sha1("0123456789abcdef")).
        assert_eq!(
            wrap("0123456789abcdef", "0123456789abcdef0123456789abcdef"),
            "1E3U5fuQFMgFAujCLfr1pNRN1OX7kBTIBQLowi369aRBHW5NRrnuDCIi6STnBaeK"
        );
    }

    #[test]
    fn a_secret_lasts_its_period_and_the_next() {
        let key = TokenKey::from_bytes([1; 32]);
        let system = "sys_00000000000000000000000000000001".parse().unwrap();
        let (one, other) = (appkey(&key, system, 1), appkey(&key, system, 2));
        assert_ne!(one, other);
        assert_eq!(one.len(), 32);
        let secret = appsecret(&one, period(NOON));
        let message = encoding::base64(&mac(secret.as_bytes(), b"s_1r_1t"));
        let call = NationalCall { requester: "r_1", service: "s_1", time: "t", signature: &message };
        let ends = wrapped_secret(&one, NOON).ends;
        assert!(call.is_signed_by(&one, NOON) && call.is_signed_by(&one, ends.plus_seconds(-1)));
        assert!(!call.is_signed_by(&one, ends) && !call.is_signed_by(&other, NOON));
    }
}
