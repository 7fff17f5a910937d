//! What a department's system proves itself with beside its secrets, as the book carries it, and its stored form.

use super::{BookError, form::parsed};
use serde::{Deserialize, Serialize};
use shuqiao_crypto::public_key::PublicKey;
use shuqiao_vocabulary::{AddressRange, Moment, id::GrantId};

/// Keys, addresses and habits of a system. Empty when it has nothing but secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemIdentity {
    /// Its public keys, also those whose time is over, so that a refusal can say so.
    pub keys: Vec<SystemKey>,
    /// From where it may call; empty means from anywhere.
    pub addresses: Vec<AddressRange>,
    /// Whether its data calls must be signed, whatever the grant says.
    pub signature_required: bool,
    /// The national platform's call signature, when it may use that.
    pub national: Option<NationalCredential>,
}

/// A public key and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemKey {
    /// The name that the department gave it.
    pub kid: String,
    /// The key.
    pub key: PublicKey,
    /// Good from this moment on.
    pub not_before: Moment,
    /// From this moment on no longer.
    pub not_after: Moment,
}

/// What a system needs for the national platform's call signature (`gjgxjhpt_*`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NationalCredential {
    /// The requester's code on the national platform (`gjgxjhpt_rid`).
    pub requester_code: String,
    /// Which `appkey` is in force; each serial gives another, derived from the node's key.
    pub serial: u64,
    /// Service codes (`gjgxjhpt_sid`), each with the grant that it stands for.
    pub services: Vec<(String, GrantId)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityForm {
    keys: Vec<KeyForm>,
    addresses: Vec<String>,
    signature_required: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    national: Option<NationalForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyForm {
    kid: String,
    kty: String,
    crv: String,
    x: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    y: Option<String>,
    not_before: i64,
    not_after: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NationalForm {
    requester_code: String,
    serial: u64,
    services: Vec<(String, String)>,
}

pub(super) fn identity_form(identity: &SystemIdentity) -> Option<IdentityForm> {
    let key = |key: &SystemKey| KeyForm {
        kid: key.kid.clone(),
        kty: key.key.key_type().to_owned(),
        crv: key.key.kind().curve().to_owned(),
        x: key.key.x(),
        y: key.key.y(),
        not_before: key.not_before.microseconds(),
        not_after: key.not_after.microseconds(),
    };
    (*identity != SystemIdentity::default()).then(|| IdentityForm {
        keys: identity.keys.iter().map(key).collect(),
        addresses: identity.addresses.iter().map(ToString::to_string).collect(),
        signature_required: identity.signature_required,
        national: identity.national.as_ref().map(|national| NationalForm {
            requester_code: national.requester_code.clone(),
            serial: national.serial,
            services: national.services.iter().map(|(code, grant)| (code.clone(), grant.to_string())).collect(),
        }),
    })
}

pub(super) fn identity(form: Option<IdentityForm>) -> Result<SystemIdentity, BookError> {
    let Some(form) = form else {
        return Ok(SystemIdentity::default());
    };
    let key = |form: KeyForm| {
        let key = PublicKey::from_jwk(&form.kty, &form.crv, &form.x, form.y.as_deref());
        Ok(SystemKey {
            kid: form.kid,
            key: key.map_err(|error| BookError::Value(error.to_string()))?,
            not_before: Moment::from_microseconds(form.not_before),
            not_after: Moment::from_microseconds(form.not_after),
        })
    };
    let national = |form: NationalForm| -> Result<NationalCredential, BookError> {
        Ok(NationalCredential {
            requester_code: form.requester_code,
            serial: form.serial,
            services: form
                .services
                .into_iter()
                .map(|(code, grant)| Ok((code, parsed(&grant)?)))
                .collect::<Result<_, BookError>>()?,
        })
    };
    Ok(SystemIdentity {
        keys: form.keys.into_iter().map(key).collect::<Result<_, BookError>>()?,
        addresses: form.addresses.iter().map(|text| parsed(text)).collect::<Result<_, _>>()?,
        signature_required: form.signature_required,
        national: form.national.map(national).transpose()?,
    })
}
