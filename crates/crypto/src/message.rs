//! HTTP message signatures (RFC 9421) and content digests (RFC 9530): what the signature fields say, the base that is
//! signed, and the node's own key that signs answers. Structured fields are read and written by `sfv`; the base is ours.

use crate::{digest, encoding, public_key::PublicKey};
use ed25519_dalek::{Signer, SigningKey};
use sfv::{BareItem, Dictionary, FieldType, InnerList, Item, ListEntry, Parser};
use std::{collections::HashSet, fmt};

/// The longest signature field that is looked at, in bytes.
pub const FIELD_BYTES_MAX: usize = 4_096;

/// The most components one signature may cover.
const COMPONENTS_MAX: usize = 32;

/// Why a message's signature cannot be looked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Not the structured field it should be.
    #[error("`{0}` is not a structured field of the expected form")]
    Field(&'static str),
    /// A component that the message has not, or that is not known here.
    #[error("the covered component {0} is not in the message or not known here")]
    Component(String),
    /// A component is named twice.
    #[error("the component {0} is covered twice")]
    Twice(String),
}

/// One covered component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its name, such as `@method` or `content-type`.
    pub name: String,
    /// The structured text of the identifier, parameters included.
    pub identifier: String,
    /// Whether it is of the request that is answered (`;req`).
    pub of_request: bool,
    /// The member of a dictionary that is meant (`;key="…"`).
    pub key: Option<String>,
}

/// What a `Signature-Input` says of one signature, with the signature itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageSignature {
    /// Its label.
    pub label: String,
    /// What it covers, in order.
    pub components: Vec<Component>,
    /// `created`, in seconds since 1970.
    pub created: Option<i64>,
    /// `expires`, in seconds since 1970.
    pub expires: Option<i64>,
    /// `nonce`.
    pub nonce: Option<String>,
    /// `keyid`.
    pub keyid: Option<String>,
    /// `alg`.
    pub alg: Option<String>,
    /// `tag`.
    pub tag: Option<String>,
    /// The signature.
    pub signature: Vec<u8>,
    /// The value of `@signature-params`.
    params: String,
}

/// The signatures of a message: the members of `Signature-Input`, each with that of `Signature`.
///
/// # Errors
/// When a field is not what it should be, or a label stands in one field only.
pub fn read(input: &str, signature: &str) -> Result<Vec<MessageSignature>, MessageError> {
    let dictionary = |name: &'static str, text: &str| -> Result<Dictionary, MessageError> {
        let short = Some(text).filter(|text| text.len() <= FIELD_BYTES_MAX);
        short.and_then(|text| Parser::new(text).parse().ok()).ok_or(MessageError::Field(name))
    };
    let (inputs, signatures) = (dictionary("signature-input", input)?, dictionary("signature", signature)?);
    inputs
        .iter()
        .map(|(label, entry)| {
            let ListEntry::InnerList(list) = entry else {
                return Err(MessageError::Field("signature-input"));
            };
            let signature = match signatures.get(label.as_str()) {
                Some(ListEntry::Item(Item { bare_item: BareItem::ByteSequence(bytes), .. })) => bytes.clone(),
                _ => return Err(MessageError::Field("signature")),
            };
            one(label.as_str(), list, signature)
        })
        .collect()
}

fn one(label: &str, list: &InnerList, signature: Vec<u8>) -> Result<MessageSignature, MessageError> {
    if list.items.len() > COMPONENTS_MAX {
        return Err(MessageError::Field("signature-input"));
    }
    let components = list.items.iter().map(component).collect::<Result<Vec<_>, _>>()?;
    let mut seen = HashSet::new();
    if let Some(twice) = components.iter().find(|component| !seen.insert(&component.identifier)) {
        return Err(MessageError::Twice(twice.identifier.clone()));
    }
    let text = |name: &str| -> Option<String> {
        match list.params.get(name)? {
            BareItem::String(text) => Some(text.as_str().to_owned()),
            _ => None,
        }
    };
    let seconds = |name: &str| list.params.get(name).and_then(BareItem::as_integer).map(i64::from);
    Ok(MessageSignature {
        label: label.to_owned(),
        components,
        created: seconds("created"),
        expires: seconds("expires"),
        nonce: text("nonce"),
        keyid: text("keyid"),
        alg: text("alg"),
        tag: text("tag"),
        signature,
        params: vec![ListEntry::InnerList(list.clone())].serialize().ok_or(MessageError::Field("signature-input"))?,
    })
}

fn component(item: &Item) -> Result<Component, MessageError> {
    let BareItem::String(name) = &item.bare_item else {
        return Err(MessageError::Field("signature-input"));
    };
    let identifier = item.serialize();
    let (mut of_request, mut key) = (false, None);
    for (name, value) in &item.params {
        match (name.as_str(), value) {
            ("req", BareItem::Boolean(true)) => of_request = true,
            ("key", BareItem::String(text)) => key = Some(text.as_str().to_owned()),
            // What changes the value in a way that is not known here must not be passed over.
            _ => return Err(MessageError::Component(identifier)),
        }
    }
    Ok(Component { name: name.as_str().to_owned(), identifier, of_request, key })
}

impl MessageSignature {
    /// Whether it covers the plain component of this name.
    pub fn covers(&self, name: &str) -> bool {
        self.components.iter().any(|part| part.name == name && part.identifier == format!("\"{name}\""))
    }

    /// What was signed (RFC 9421 section 2.5); `value` gives a component's value.
    ///
    /// # Errors
    /// When there is no value for a covered component.
    pub fn base(&self, value: impl Fn(&Component) -> Option<String>) -> Result<String, MessageError> {
        let mut base = String::new();
        for component in &self.components {
            let value = value(component).filter(|value| !value.contains(['\n', '\r']));
            let value = value.ok_or_else(|| MessageError::Component(component.identifier.clone()))?;
            base.push_str(&format!("{}: {value}\n", component.identifier));
        }
        base.push_str("\"@signature-params\": ");
        base.push_str(&self.params);
        Ok(base)
    }

    /// The member of a `Signature` field as it stands in a base, for `"signature";key="…"`.
    pub fn member(&self) -> String {
        format!(":{}:", encoding::base64(&self.signature))
    }
}

/// What the digest field says about the body (RFC 9530).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestCheck {
    /// `sha-256` is there and is the body's.
    Same,
    /// `sha-256` is there and is another's.
    Differs,
    /// Not the field it should be, or without `sha-256`.
    Unreadable,
}

/// Compares a `Content-Digest` with the body; only `sha-256` counts.
pub fn check_digest(field: &str, body: &[u8]) -> DigestCheck {
    let short = Some(field).filter(|text| text.len() <= FIELD_BYTES_MAX);
    let parsed: Option<Dictionary> = short.and_then(|text| Parser::new(text).parse().ok());
    let claimed = parsed.and_then(|digests| match digests.get("sha-256") {
        Some(ListEntry::Item(Item { bare_item: BareItem::ByteSequence(bytes), .. })) => Some(bytes.clone()),
        _ => None,
    });
    match claimed {
        None => DigestCheck::Unreadable,
        Some(claimed) if claimed == digest::sha256(body) => DigestCheck::Same,
        Some(_) => DigestCheck::Differs,
    }
}

/// The `Content-Digest` of a body.
pub fn digest_field(body: &[u8]) -> String {
    format!("sha-256=:{}:", encoding::base64(&digest::sha256(body)))
}

/// The node's key that signs answers; its id is its thumbprint.
pub struct MessageSigner {
    key: SigningKey,
    public: PublicKey,
}

/// The fields that a signed answer carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureFields {
    /// `Signature-Input`.
    pub input: String,
    /// `Signature`.
    pub signature: String,
}

/// The label of our own signatures.
const LABEL: &str = "node";

impl MessageSigner {
    /// The key made of these bytes, which must be chance or derived from chance.
    ///
    /// # Errors
    /// Never for bytes of chance: when the public half is not sound.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, crate::public_key::PublicKeyError> {
        let key = SigningKey::from_bytes(seed);
        let x = encoding::base64url(key.verifying_key().as_bytes());
        Ok(Self { public: PublicKey::from_jwk("OKP", "Ed25519", &x, None)?, key })
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs: each covered component by identifier and value, then `created` and `tag`.
    pub fn sign(&self, components: &[(&str, &str)], created: i64, tag: &str) -> SignatureFields {
        let covered: Vec<&str> = components.iter().map(|(identifier, _)| *identifier).collect();
        let keyid = self.public.thumbprint();
        let params = format!("({});created={created};keyid=\"{keyid}\";tag=\"{tag}\"", covered.join(" "));
        let mut base: String =
            components.iter().map(|(identifier, value)| format!("{identifier}: {value}\n")).collect();
        base.push_str(&format!("\"@signature-params\": {params}"));
        let signature = self.key.sign(base.as_bytes()).to_bytes();
        SignatureFields {
            input: format!("{LABEL}={params}"),
            signature: format!("{LABEL}=:{}:", encoding::base64(&signature)),
        }
    }
}

/// Prints a placeholder.
impl fmt::Debug for MessageSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageSigner(…)")
    }
}

#[cfg(test)]
mod tests;
