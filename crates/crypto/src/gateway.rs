//! What a gateway (网关) and its node share: one secret, handed out once, from which all else is derived.
//!
//! The node keeps no gateway's secret: it derives it from its own sealing key and the gateway's id, each time. So the
//! database of a node gives no gateway away, and a gateway that is removed cannot come back, for its id never does.
//!
//! Derivation is HMAC-SHA256 under the longer-lived key over a name of the purpose, which for keys of 32 bytes that are
//! chance already is the expand step of HKDF (RFC 5869) with one block.

use crate::{encoding, seal::SealKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use shuqiao_vocabulary::GatewayId;
use std::{fmt, str::FromStr};
use zeroize::Zeroizing;

/// Bytes of a request's nonce.
pub const NONCE_BYTES: usize = 24;

/// A gateway's secret, from which its keys are derived.
pub struct GatewaySecret(Zeroizing<[u8; 32]>);

/// Text that is not a gateway's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a gateway's secret: 43 characters of base64url are expected")]
pub struct GatewaySecretError;

impl GatewaySecret {
    /// The secret of the gateway with this id at the node with this sealing key; the same each time.
    pub fn derive(node: &SealKey, gateway: &GatewayId) -> Self {
        let key = Zeroizing::new(mac(node.key(), &[b"shuqiao gateway secret v1\0", gateway.uuid().as_bytes()]));
        Self(key)
    }

    /// The secret as text, for the enrolment file. Whoever reads it is the gateway.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(encoding::base64url(&*self.0))
    }

    /// The key with which the node seals what only this gateway may read, and it what only the node may.
    pub fn seal_key(&self) -> SealKey {
        SealKey::from_bytes(mac(&self.0, &[b"shuqiao gateway seal v1\0"]))
    }

    /// Proves a request: base64url of the HMAC over its parts, each with its length in front. The nonce is one of them.
    pub fn prove(&self, parts: &[&[u8]]) -> String {
        encoding::base64url(&self.proof(parts))
    }

    /// Whether the proof is of these parts. Takes as long whether or not.
    pub fn proves(&self, parts: &[&[u8]], proof: &str) -> bool {
        let given = encoding::from_base64url(proof).unwrap_or_default();
        crate::secret::equal(&given, &self.proof(parts))
    }

    fn proof(&self, parts: &[&[u8]]) -> [u8; 32] {
        let key = Zeroizing::new(mac(&self.0, &[b"shuqiao gateway request v1\0"]));
        let lengths: Vec<[u8; 8]> = parts.iter().map(|part| (part.len() as u64).to_be_bytes()).collect();
        let framed: Vec<&[u8]> =
            lengths.iter().zip(parts).flat_map(|(length, part)| [length.as_slice(), *part]).collect();
        mac(&key, &framed)
    }
}

impl FromStr for GatewaySecret {
    type Err = GatewaySecretError;
    fn from_str(text: &str) -> Result<Self, GatewaySecretError> {
        let bytes = Zeroizing::new(encoding::from_base64url(text).ok_or(GatewaySecretError)?);
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| GatewaySecretError)?;
        Ok(Self(Zeroizing::new(key)))
    }
}

/// Prints a placeholder.
impl fmt::Debug for GatewaySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GatewaySecret(…)")
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC fills a key up with zeros to its block of 64 bytes (RFC 2104); done here, the length cannot be wrong.
    let mut block = Zeroizing::new([0; 64]);
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn secret(node: u8, gateway: u128) -> GatewaySecret {
        GatewaySecret::derive(&SealKey::from_bytes([node; 32]), &GatewayId::from_uuid(Uuid::from_u128(gateway)))
    }

    #[test]
    fn the_mac_is_hmac_sha256() {
        // Computed with OpenSSL: printf abc | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707...07
        assert_eq!(encoding::hex(&mac(&[7; 32], &[b"a", b"bc"])), MAC_OF_ABC);
    }

    const MAC_OF_ABC: &str = "127da4ced6a839b8f6118bc244684d2663e70cb5ff0adeefca89d7e74d5a0525";

    #[test]
    fn every_gateway_of_every_node_has_a_secret_of_its_own() {
        assert_eq!(*secret(1, 7).to_text(), *secret(1, 7).to_text());
        assert_ne!(*secret(1, 7).to_text(), *secret(1, 8).to_text());
        assert_ne!(*secret(1, 7).to_text(), *secret(2, 7).to_text());
        let read: GatewaySecret = secret(1, 7).to_text().parse().unwrap();
        let sealed = secret(1, 7).seal_key().seal(b"c", b"plain");
        assert_eq!(read.seal_key().open(b"c", &sealed).unwrap(), b"plain");
        assert!(secret(1, 8).seal_key().open(b"c", &sealed).is_err());
        assert!(SealKey::from_bytes([1; 32]).open(b"c", &sealed).is_err());
        for bad in ["", "abc", "!"] {
            assert_eq!(bad.parse::<GatewaySecret>().unwrap_err(), GatewaySecretError, "{bad}");
        }
    }

    #[test]
    fn a_proof_is_of_its_parts_and_their_borders() {
        let secret = secret(1, 7);
        let proof = secret.prove(&[b"ab", b"c"]);
        assert!(secret.proves(&[b"ab", b"c"], &proof));
        assert!(!secret.proves(&[b"a", b"bc"], &proof));
        assert!(!secret.proves(&[b"ab", b"c"], ""));
        assert!(!super::tests::secret(1, 8).proves(&[b"ab", b"c"], &proof));
    }

    #[test]
    fn secrets_do_not_print() {
        assert_eq!(format!("{:?}", secret(1, 7)), "GatewaySecret(…)");
    }
}
