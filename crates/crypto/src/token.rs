//! Access tokens: what a system or a person holds for some minutes in order to call the plane.
//!
//! A token is `base64url(claims ‖ HMAC-SHA256)`, 122 characters, opaque to everyone but this node; one that is bound to a
//! TLS certificate (RFC 8705) has its thumbprint behind the claims, 164 characters. It has one spelling: whatever is changed
//! in it, it is refused.

use crate::{encoding, message::MessageSigner, public_key::PublicKeyError};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use shuqiao_vocabulary::{
    Moment,
    id::{GrantId, Id, Kind, OrganisationId, PersonId, SystemId},
};
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Says what is authenticated, so that no other use of the key can make a token.
const DOMAIN: &[u8] = b"shuqiao access token\0";

/// The same for the key that is derived for signing answers.
const MESSAGE_DOMAIN: &[u8] = b"shuqiao message signature key\0";

/// The form of the claims; a later form gets another number.
const VERSION: u8 = 1;

/// The form of claims that a certificate's thumbprint follows.
const BOUND: u8 = 2;

/// SHA-256 of a certificate's DER: `x5t#S256` of RFC 8705.
pub type Thumbprint = [u8; THUMBPRINT_BYTES];

const THUMBPRINT_BYTES: usize = 32;

/// The claims in bytes: version, kind of caller, caller, organisation, whether for one grant, grant, expiry.
const CLAIMS_BYTES: usize = 1 + 1 + 16 + 16 + 1 + 16 + 8;

/// The longest text that is looked at, in characters.
const TOKEN_CHARS_MAX: usize = (CLAIMS_BYTES + THUMBPRINT_BYTES + 32).div_ceil(3) * 4;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A department's system.
    System(SystemId),
    /// A person, trying a grant from the console.
    Person(PersonId),
}

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Who calls.
    pub caller: Caller,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// When there is one, the token is good for this grant only.
    pub grant: Option<GrantId>,
    /// From this moment on it is worth nothing.
    pub expires: Moment,
}

/// Why a token is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token of this node, or changed.
    #[error("this is not an access token of this node")]
    Invalid,
    /// It was one until this moment.
    #[error("the access token expired at {0}")]
    Expired(Moment),
    /// It is good only with the certificate that it was issued to (RFC 8705 section 3).
    #[error("the access token is bound to another certificate")]
    Certificate,
}

/// The key that makes and checks tokens.
pub struct TokenKey(Zeroizing<[u8; 32]>);

impl TokenKey {
    /// The key made of these bytes, which must be chance.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Makes a token.
    pub fn mint(&self, claims: &Claims) -> String {
        self.sealed(&to_bytes(claims, VERSION))
    }

    /// Makes a token that is good only together with the certificate of this thumbprint (RFC 8705).
    pub fn mint_bound(&self, claims: &Claims, certificate: &Thumbprint) -> String {
        self.sealed(&[&to_bytes(claims, BOUND)[..], certificate].concat())
    }

    fn sealed(&self, claims: &[u8]) -> String {
        let mac = self.mac(claims).finalize().into_bytes();
        encoding::base64url(&[claims, &mac[..]].concat())
    }

    /// What the token says, if it says so now, to a caller with this certificate. One that is bound to none is good with
    /// any.
    ///
    /// # Errors
    /// When it is not a token of this node, has expired, or is bound to another certificate.
    pub fn check(&self, token: &str, now: Moment, certificate: Option<&Thumbprint>) -> Result<Claims, TokenError> {
        let (claims, bound) = self.opened(token).ok_or(TokenError::Invalid)?;
        if now >= claims.expires {
            Err(TokenError::Expired(claims.expires))
        } else if bound.is_some() && bound.as_ref() != certificate {
            Err(TokenError::Certificate)
        } else {
            Ok(claims)
        }
    }

    /// What a token of this node says, even if its time is over: for explaining a refusal, never for granting.
    pub fn authentic(&self, token: &str) -> Option<Claims> {
        self.opened(token).map(|(claims, _)| claims)
    }

    fn opened(&self, token: &str) -> Option<(Claims, Option<Thumbprint>)> {
        if token.len() > TOKEN_CHARS_MAX {
            return None;
        }
        let bytes = encoding::from_base64url(token)?;
        let (said, mac) = bytes.split_last_chunk::<32>()?;
        // Compares in constant time, and the whole length.
        self.mac(said).verify_slice(mac).ok()?;
        let (claims, rest) = said.split_first_chunk::<CLAIMS_BYTES>()?;
        match (claims.first(), rest.len()) {
            (Some(&VERSION), 0) => Some((from_bytes(claims)?, None)),
            (Some(&BOUND), THUMBPRINT_BYTES) => Some((from_bytes(claims)?, Some(rest.try_into().ok()?))),
            _ => None,
        }
    }

    /// The key that signs the node's answers, derived so that there is no file more to keep and to lose: it lasts as long
    /// as this key does.
    ///
    /// # Errors
    /// Never for a key of chance.
    pub fn message_signer(&self) -> Result<MessageSigner, PublicKeyError> {
        MessageSigner::from_seed(&self.derived(MESSAGE_DOMAIN))
    }

    /// 32 bytes that only this key gives for this purpose.
    pub(crate) fn derived(&self, purpose: &[u8]) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.keyed(purpose).finalize().into_bytes().into())
    }

    fn mac(&self, claims: &[u8]) -> Hmac<Sha256> {
        self.keyed(DOMAIN).chain_update(claims)
    }

    fn keyed(&self, domain: &[u8]) -> Hmac<Sha256> {
        // HMAC fills a key up with zeros to its block of 64 bytes (RFC 2104); done here, the length cannot be wrong.
        let mut key = Zeroizing::new([0; 64]);
        key.iter_mut().zip(self.0.iter()).for_each(|(to, from)| *to = *from);
        Hmac::<Sha256>::new((&*key).into()).chain_update(domain)
    }
}

/// Prints a placeholder.
impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey(…)")
    }
}

fn to_bytes(claims: &Claims, version: u8) -> Vec<u8> {
    let (kind, caller) = match claims.caller {
        Caller::System(id) => (1, id.uuid()),
        Caller::Person(id) => (2, id.uuid()),
    };
    let mut bytes = vec![version, kind];
    bytes.extend(caller.as_bytes());
    bytes.extend(claims.organisation.uuid().as_bytes());
    bytes.push(claims.grant.is_some().into());
    bytes.extend(claims.grant.map_or(Uuid::nil(), |grant| grant.uuid()).as_bytes());
    bytes.extend(claims.expires.microseconds().to_be_bytes());
    bytes
}

fn from_bytes(bytes: &[u8; CLAIMS_BYTES]) -> Option<Claims> {
    let ([version, kind], rest) = bytes.split_first_chunk()?;
    let (caller, rest) = rest.split_first_chunk()?;
    let (organisation, rest) = rest.split_first_chunk()?;
    let (for_grant, rest) = rest.split_first()?;
    let (grant, rest) = rest.split_first_chunk()?;
    let expires = i64::from_be_bytes(rest.try_into().ok()?);
    let caller = match (version, kind) {
        (&(VERSION | BOUND), 1) => Caller::System(id(caller)),
        (&(VERSION | BOUND), 2) => Caller::Person(id(caller)),
        _ => return None,
    };
    let grant = match for_grant {
        0 => None,
        1 => Some(id(grant)),
        _ => return None,
    };
    Some(Claims { caller, organisation: id(organisation), grant, expires: Moment::from_microseconds(expires) })
}

fn id<K: Kind>(bytes: &[u8; 16]) -> Id<K> {
    Id::from_uuid(Uuid::from_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(person: bool, grant: Option<u128>) -> Claims {
        let uuid = Uuid::from_u128(0x0192_f0c1_a2b3_4c5d_8e9f_a0b1_c2d3_e4f5);
        Claims {
            caller: if person { Caller::Person(Id::from_uuid(uuid)) } else { Caller::System(Id::from_uuid(uuid)) },
            organisation: Id::from_uuid(Uuid::from_u128(7)),
            grant: grant.map(|n| Id::from_uuid(Uuid::from_u128(n))),
            expires: Moment::from_microseconds(1_000_000),
        }
    }

    const BEFORE: Moment = Moment::from_microseconds(999_999);
    const THEN: Moment = Moment::from_microseconds(1_000_000);

    #[test]
    fn a_token_says_what_it_was_made_to_say_until_it_expires() {
        let key = TokenKey::from_bytes([1; 32]);
        for claims in [claims(false, None), claims(true, Some(9)), claims(false, Some(0)), claims(true, None)] {
            let token = key.mint(&claims);
            assert_eq!(token.len(), 122);
            assert_eq!(key.check(&token, BEFORE, None), Ok(claims));
            assert_eq!(key.check(&token, THEN, None), Err(TokenError::Expired(THEN)));
            assert_eq!(TokenKey::from_bytes([2; 32]).check(&token, BEFORE, None), Err(TokenError::Invalid));
        }
    }

    #[test]
    fn a_bound_token_is_good_with_its_certificate_only() {
        let (key, claims) = (TokenKey::from_bytes([1; 32]), claims(false, Some(9)));
        let token = key.mint_bound(&claims, &[7; 32]);
        assert_eq!(token.len(), 164);
        assert_eq!(key.check(&token, BEFORE, Some(&[7; 32])), Ok(claims));
        assert_eq!(key.check(&token, BEFORE, Some(&[8; 32])), Err(TokenError::Certificate));
        assert_eq!(key.check(&token, BEFORE, None), Err(TokenError::Certificate));
        assert_eq!(key.check(&token, THEN, Some(&[7; 32])), Err(TokenError::Expired(THEN)));
        assert_eq!(key.authentic(&token), Some(claims));
        assert_eq!(key.check(&key.mint(&claims), BEFORE, Some(&[7; 32])), Ok(claims), "one that is bound to none");
        // Cutting the binding off, or claiming to have none, makes no token.
        let bytes = encoding::from_base64url(&token).unwrap();
        let cut = [&bytes[..CLAIMS_BYTES], &bytes[CLAIMS_BYTES + 32..]].concat();
        let mut unbound = cut.clone();
        unbound[0] = VERSION;
        for bent in [cut, unbound] {
            assert_eq!(key.check(&encoding::base64url(&bent), BEFORE, None), Err(TokenError::Invalid));
        }
    }

    #[test]
    fn every_other_spelling_is_refused() {
        let key = TokenKey::from_bytes([1; 32]);
        let token = key.mint(&claims(true, Some(9)));
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= .\u{4e00}";
        for (at, right) in token.char_indices() {
            for other in alphabet.chars().filter(|other| *other != right) {
                let bent: String = token.char_indices().map(|(i, c)| if i == at { other } else { c }).collect();
                assert_eq!(key.check(&bent, BEFORE, None), Err(TokenError::Invalid), "{bent}");
            }
        }
        for length in 0..token.len() {
            assert_eq!(key.check(&token[..length], BEFORE, None), Err(TokenError::Invalid), "{length}");
        }
        for longer in [format!("{token}A"), format!("{token}=="), format!(" {token}"), "A".repeat(1_000_000)] {
            assert_eq!(key.check(&longer, BEFORE, None), Err(TokenError::Invalid));
        }
    }

    #[test]
    fn claims_of_an_unknown_form_are_refused_even_when_authentic() {
        let key = TokenKey::from_bytes([1; 32]);
        for (at, value) in [(0, 2), (0, 3), (1, 0), (1, 3), (34, 2)] {
            let mut bytes = to_bytes(&claims(false, None), VERSION);
            bytes[at] = value;
            let mac = key.mac(&bytes).finalize().into_bytes();
            let token = encoding::base64url(&[&bytes[..], &mac[..]].concat());
            assert_eq!(key.check(&token, BEFORE, None), Err(TokenError::Invalid), "{at}");
        }
    }

    #[test]
    fn keys_do_not_print() {
        assert_eq!(format!("{:?}", TokenKey::from_bytes([5; 32])), "TokenKey(…)");
    }
}
