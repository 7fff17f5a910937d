//! Public keys of callers, as JSON Web Keys (RFC 7517, RFC 8037) spell them, and what they verify.
//!
//! Ed25519 and ECDSA on P-256. An SM2 key can be kept and is recognised by its curve; nothing is verified with it yet,
//! and what it has signed is refused with a reason that says so.

use crate::{digest, encoding};
use ed25519_dalek::VerifyingKey;
use p256::ecdsa::{self, signature::Verifier};

/// Bytes of a coordinate on each of the curves.
const COORDINATE_BYTES: usize = 32;

/// Bytes of every signature that is verified here: `R ‖ S`.
const SIGNATURE_BYTES: usize = 64;

/// What a key can do; the spelling is that of its curve (`crv`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Edwards curve signatures, RFC 8032: `EdDSA` in tokens, `ed25519` in messages.
    Ed25519,
    /// ECDSA with SHA-256: `ES256` in tokens, `ecdsa-p256-sha256` in messages.
    P256,
    /// SM2 (GB/T 32918): kept, not verified with yet.
    Sm2,
}

impl KeyKind {
    /// The curve's name in a JSON Web Key.
    pub const fn curve(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::P256 => "P-256",
            Self::Sm2 => "SM2",
        }
    }

    /// The algorithm's name in a JSON Web Signature; none is registered for SM2.
    pub const fn token_algorithm(self) -> Option<&'static str> {
        match self {
            Self::Ed25519 => Some("EdDSA"),
            Self::P256 => Some("ES256"),
            Self::Sm2 => None,
        }
    }

    /// The algorithm's name in an HTTP message signature (RFC 9421); none is registered for SM2.
    pub const fn message_algorithm(self) -> Option<&'static str> {
        match self {
            Self::Ed25519 => Some("ed25519"),
            Self::P256 => Some("ecdsa-p256-sha256"),
            Self::Sm2 => None,
        }
    }

    const fn key_type(self) -> &'static str {
        if matches!(self, Self::Ed25519) { "OKP" } else { "EC" }
    }
}

/// Why a text is not a public key that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublicKeyError {
    /// Another type or curve.
    #[error("the key is of a kind that is not taken: `OKP` with `Ed25519`, `EC` with `P-256` or `SM2` are")]
    Kind,
    /// A coordinate is missing, of another length, or not base64url.
    #[error("`x` (and for `EC` also `y`) must be 32 bytes in base64url without padding")]
    Coordinates,
    /// Not a point of the curve, or one that would accept signatures that nobody made.
    #[error("the coordinates are not a sound public key")]
    Unsound,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    kind: KeyKind,
    x: [u8; COORDINATE_BYTES],
    /// Nothing but zeros for Ed25519, which has one coordinate.
    y: [u8; COORDINATE_BYTES],
    verifier: Verifying,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Verifying {
    Ed25519(Box<VerifyingKey>),
    P256(Box<ecdsa::VerifyingKey>),
    Nothing,
}

impl PublicKey {
    /// The key of these members of a JSON Web Key.
    ///
    /// # Errors
    /// When it is of another kind, or not a sound key.
    pub fn from_jwk(kty: &str, crv: &str, x: &str, y: Option<&str>) -> Result<Self, PublicKeyError> {
        let kind = [KeyKind::Ed25519, KeyKind::P256, KeyKind::Sm2]
            .into_iter()
            .find(|kind| kind.curve() == crv && kind.key_type() == kty)
            .ok_or(PublicKeyError::Kind)?;
        let x = coordinate(x)?;
        let y = match (kind, y) {
            (KeyKind::Ed25519, _) => [0; COORDINATE_BYTES],
            (_, Some(y)) => coordinate(y)?,
            (_, None) => return Err(PublicKeyError::Coordinates),
        };
        let verifier = match kind {
            KeyKind::Ed25519 => {
                let key = VerifyingKey::from_bytes(&x).map_err(|_| PublicKeyError::Unsound)?;
                if key.is_weak() {
                    return Err(PublicKeyError::Unsound);
                }
                Verifying::Ed25519(Box::new(key))
            }
            KeyKind::P256 => {
                let point = [&[4][..], &x, &y].concat();
                let key = ecdsa::VerifyingKey::from_sec1_bytes(&point).map_err(|_| PublicKeyError::Unsound)?;
                Verifying::P256(Box::new(key))
            }
            KeyKind::Sm2 => Verifying::Nothing,
        };
        Ok(Self { kind, x, y, verifier })
    }

    /// Its kind.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// `x` in base64url, as a JSON Web Key has it.
    pub fn x(&self) -> String {
        encoding::base64url(&self.x)
    }

    /// `y` in base64url; none for Ed25519.
    pub fn y(&self) -> Option<String> {
        (self.kind != KeyKind::Ed25519).then(|| encoding::base64url(&self.y))
    }

    /// `kty`.
    pub fn key_type(&self) -> &'static str {
        self.kind.key_type()
    }

    /// SHA-256 thumbprint (RFC 7638) in base64url: the same for every spelling of the key.
    pub fn thumbprint(&self) -> String {
        let (kty, crv, x) = (self.key_type(), self.kind.curve(), self.x());
        // The required members in the order of their names, without spaces: RFC 7638 section 3.
        let text = match self.y() {
            None => format!(r#"{{"crv":"{crv}","kty":"{kty}","x":"{x}"}}"#),
            Some(y) => format!(r#"{{"crv":"{crv}","kty":"{kty}","x":"{x}","y":"{y}"}}"#),
        };
        encoding::base64url(&digest::sha256(text.as_bytes()))
    }

    /// Whether this key signed the message. Never so for a kind that nothing is verified with.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(bytes) = <&[u8; SIGNATURE_BYTES]>::try_from(signature) else {
            return false;
        };
        match &self.verifier {
            // A key of small order was refused when it was read, and `S` is checked to be the one spelling of its number.
            // What the strict check adds is an `R` of small order, which only who has the key can make: a third of the
            // cost of every signed call for nothing that a caller could gain.
            Verifying::Ed25519(key) => key.verify(message, &ed25519_dalek::Signature::from_bytes(bytes)).is_ok(),
            Verifying::P256(key) => {
                ecdsa::Signature::from_slice(bytes).is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
            Verifying::Nothing => false,
        }
    }
}

fn coordinate(text: &str) -> Result<[u8; COORDINATE_BYTES], PublicKeyError> {
    let bytes = encoding::from_base64url(text).ok_or(PublicKeyError::Coordinates)?;
    bytes.try_into().map_err(|_| PublicKeyError::Coordinates)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037 appendix A.
    const ED25519_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    /// RFC 7515 appendix A.3.
    const P256_X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    const P256_Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

    #[test]
    fn keys_and_signatures_of_the_standards() {
        let key = PublicKey::from_jwk("OKP", "Ed25519", ED25519_X, None).unwrap();
        assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "RFC 8037 A.3");
        let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        let signature = encoding::from_base64url(signature).unwrap();
        assert!(key.verifies(message, &signature), "RFC 8037 A.5");
        assert!(!key.verifies(b"another", &signature) && !key.verifies(message, &signature[..63]));

        let key = PublicKey::from_jwk("EC", "P-256", P256_X, Some(P256_Y)).unwrap();
        let message = b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        let signature = encoding::from_base64url(signature).unwrap();
        assert!(key.verifies(message, &signature), "RFC 7515 A.3");
        assert!(!key.verifies(b"another", &signature));
    }

    #[test]
    fn what_is_no_key_is_refused_with_the_reason() {
        let read = |kty, crv, x, y| PublicKey::from_jwk(kty, crv, x, y).map(|key| key.kind());
        assert_eq!(read("RSA", "P-256", P256_X, Some(P256_Y)), Err(PublicKeyError::Kind));
        assert_eq!(read("OKP", "P-256", P256_X, Some(P256_Y)), Err(PublicKeyError::Kind));
        assert_eq!(read("EC", "P-256", P256_X, None), Err(PublicKeyError::Coordinates));
        assert_eq!(read("EC", "P-256", "AA", Some(P256_Y)), Err(PublicKeyError::Coordinates));
        assert_eq!(read("EC", "P-256", P256_Y, Some(P256_X)), Err(PublicKeyError::Unsound));
        let zeros = encoding::base64url(&[0; 32]);
        assert_eq!(read("OKP", "Ed25519", &zeros, None), Err(PublicKeyError::Unsound), "a key of small order");
    }

    #[test]
    fn an_sm2_key_is_kept_and_verifies_nothing() {
        let key = PublicKey::from_jwk("EC", "SM2", P256_X, Some(P256_Y)).unwrap();
        assert_eq!((key.kind().token_algorithm(), key.kind().message_algorithm()), (None, None));
        assert!(!key.verifies(b"", &[0; 64]));
    }
}
