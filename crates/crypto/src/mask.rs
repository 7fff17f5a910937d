//! The keyed hash behind masks: the same value hides as the same text within one grant, and as another text in every
//! other grant, so that two receivers cannot put their deliveries together. Which cells are masked is the plane's matter.

use crate::encoding;
use hmac::{Hmac, KeyInit, Mac};
use shuqiao_vocabulary::id::GrantId;
use sm3::Sm3;
use zeroize::Zeroizing;

/// HMAC-SM3 of the value, as 64 lower-case hexadecimal digits.
pub fn keyed_hash(key: &[u8; 32], value: &[u8]) -> String {
    encoding::hex(&hmac_sm3(key, &[value]))
}

/// The key of one grant: HMAC-SM3 of the grant's id under the node's master key. Not stored; the same for ever, so
/// that a grant's masked values stay comparable from delivery to delivery.
pub fn grant_key(master: &[u8; 32], grant: &GrantId) -> [u8; 32] {
    hmac_sm3(master, &[b"shuqiao mask of grant v1\0", grant.uuid().as_bytes()])
}

fn hmac_sm3(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC fills a key up with zeros to its block of 64 bytes (RFC 2104); done here, the length cannot be wrong.
    let mut block = Zeroizing::new([0; 64]);
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sm3>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_hash_is_hmac_sm3() {
        // Computed with OpenSSL: printf 52030219990101 | openssl dgst -sm3 -mac HMAC -macopt hexkey:0707...07
        let expected = "3172e564cfcedf7d7f51c86f56885964b42f04304c03a6eebec06076c70a2c8f";
        assert_eq!(keyed_hash(&[7; 32], b"52030219990101"), expected);
    }

    #[test]
    fn every_grant_has_a_key_of_its_own() {
        let grant = |n| GrantId::from_uuid(Uuid::from_u128(n));
        assert_eq!(grant_key(&[1; 32], &grant(1)), grant_key(&[1; 32], &grant(1)));
        assert_ne!(grant_key(&[1; 32], &grant(1)), grant_key(&[1; 32], &grant(2)));
        assert_ne!(grant_key(&[1; 32], &grant(1)), grant_key(&[2; 32], &grant(1)));
    }
}
