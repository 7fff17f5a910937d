//! Department systems.

use super::{
    people::Activity,
    shared::OrganisationName,
    text::{Date, GrantId, MomentText, SystemId},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::view;
use shuqiao_domain::system as domain;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A system to be registered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemNew {
    /// Its name.
    pub name: String,
}

/// A department's system (业务系统).
#[derive(Debug, Serialize, ToSchema)]
pub struct System {
    /// Its id, which is its OAuth2 client id.
    pub id: SystemId,
    /// Its name.
    pub name: String,
    /// Whether it may call.
    pub state: Activity,
    /// Its secret; shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub client_secret: Option<String>,
    /// Its public keys, those included whose time is over.
    pub keys: Vec<SystemKey>,
    /// From where it may call; empty means from anywhere.
    pub addresses: Vec<String>,
    /// Whether every data call of it must be signed.
    pub signature_required: bool,
    /// The national platform's call signature, while it may use that.
    #[schema(required)]
    pub national: Option<NationalServices>,
    /// A new `appkey` of the national platform's call signature; shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub appkey: Option<String>,
}

/// How a system calls with the national platform's signature.
#[derive(Debug, Serialize, ToSchema)]
pub struct NationalServices {
    /// The requester's code on the national platform (`gjgxjhpt_rid`).
    pub requester_code: String,
    /// What it may call.
    pub services: Vec<NationalService>,
}

/// A service code (`gjgxjhpt_sid`) and the grant that it stands for.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NationalService {
    /// The code.
    pub code: String,
    /// The grant; it must name the system.
    pub grant: GrantId,
}

/// How a system is to call with the national platform's signature.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NationalAccess {
    /// The requester's code on the national platform (`gjgxjhpt_rid`).
    pub requester_code: String,
    /// What it may call.
    pub services: Vec<NationalService>,
    /// Whether its `appkey` is replaced; the one before ends at once.
    #[serde(default)]
    pub new_key: bool,
}

impl From<NationalAccess> for domain::NationalAccess {
    fn from(form: NationalAccess) -> Self {
        let service = |service: NationalService| domain::NationalService { code: service.code, grant: service.grant.0 };
        Self { requester_code: form.requester_code, services: form.services.into_iter().map(service).collect() }
    }
}

/// A service that a system may call with the national platform's signature, and how it is used.
#[derive(Debug, Serialize, ToSchema)]
pub struct NationalUse {
    /// The system.
    pub system: SystemId,
    /// Its name.
    pub name: String,
    /// The department whose system it is.
    pub organisation: OrganisationName,
    /// The service code.
    pub service: String,
    /// The grant that it stands for.
    pub grant: GrantId,
    /// Calls under the grant that were known by that signature.
    pub calls: u64,
    /// The last of them.
    #[schema(required)]
    pub last_at: Option<MomentText>,
}

impl From<view::NationalUse> for NationalUse {
    fn from(used: view::NationalUse) -> Self {
        Self {
            system: SystemId(used.system),
            name: used.name,
            organisation: OrganisationName::from(&used.organisation),
            service: used.service,
            grant: GrantId(used.grant),
            calls: used.calls,
            last_at: used.last_at.map(MomentText),
        }
    }
}

/// A public key of a system.
#[derive(Debug, Serialize, ToSchema)]
pub struct SystemKey {
    /// Its name, for `keyid` and `kid`.
    pub kid: String,
    /// Its curve: `Ed25519`, `P-256`, or `SM2`, which is kept and not verified with yet.
    pub curve: String,
    /// SHA-256 thumbprint (RFC 7638), which may be used in place of the name.
    pub thumbprint: String,
    /// Good from this moment on.
    pub not_before: MomentText,
    /// From this moment on no longer.
    pub not_after: MomentText,
}

/// A public key to be registered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemKeyNew {
    /// Its name: letters, digits, `-`, `_`, `.`; used once.
    pub kid: String,
    /// The public key.
    pub jwk: PublicJwk,
    /// The first day of its time; without it, at once.
    #[schema(nullable = false)]
    pub from: Option<Date>,
    /// The last day of its time, at most two years on.
    pub until: Date,
}

/// The public members of a JSON Web Key (RFC 7517). Others, such as `use` and `alg`, are passed over; a private key is
/// refused.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PublicJwk {
    /// `OKP` or `EC`.
    pub kty: String,
    /// `Ed25519`, `P-256` or `SM2`.
    pub crv: String,
    /// 32 bytes in base64url.
    pub x: String,
    /// 32 bytes in base64url, for `EC`.
    #[schema(nullable = false)]
    pub y: Option<String>,
    /// Must not be there: it is the private key.
    #[serde(default)]
    #[schema(ignore)]
    pub d: Option<serde::de::IgnoredAny>,
}

/// From where a system calls and whether it must sign.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemCalling {
    /// Address ranges, such as `10.20.0.0/16`; none means from anywhere.
    pub addresses: Vec<String>,
    /// Whether every data call of it must be signed.
    pub signature_required: bool,
}

/// Why a call was refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct Refusal {
    /// The reference that the caller was given.
    pub request_id: String,
    /// When.
    pub at: MomentText,
    /// The problem's code.
    pub code: String,
    /// Names, counts and checks; never a value of the data.
    pub params: BTreeMap<String, String>,
    /// The grant, when it is the department's.
    #[schema(required)]
    pub grant: Option<GrantId>,
    /// What was refused, in Chinese.
    pub title_zh: String,
    /// What was refused, in English.
    pub title_en: String,
    /// What to do next, in Chinese.
    pub next_zh: String,
    /// What to do next, in English.
    pub next_en: String,
}

impl From<view::RefusalLine> for Refusal {
    fn from(line: view::RefusalLine) -> Self {
        Self {
            request_id: line.reference,
            at: MomentText(line.at),
            code: line.code,
            params: line.params,
            grant: line.grant.map(GrantId),
            title_zh: line.title.0,
            title_en: line.title.1,
            next_zh: line.next.0,
            next_en: line.next.1,
        }
    }
}

impl From<domain::System> for System {
    fn from(system: domain::System) -> Self {
        let key = |key: domain::SystemKey| SystemKey {
            kid: key.kid,
            curve: key.crv,
            thumbprint: key.thumbprint,
            not_before: MomentText(key.not_before),
            not_after: MomentText(key.not_after),
        };
        let identity = system.identity;
        Self {
            id: SystemId(system.id),
            name: system.name,
            state: system.active.into(),
            client_secret: None,
            keys: identity.keys.into_iter().map(key).collect(),
            addresses: identity.addresses.iter().map(ToString::to_string).collect(),
            signature_required: identity.signature_required,
            national: identity.national.map(|access| NationalServices {
                requester_code: access.requester_code,
                services: access
                    .services
                    .into_iter()
                    .map(|service| NationalService { code: service.code, grant: GrantId(service.grant) })
                    .collect(),
            }),
            appkey: None,
        }
    }
}

impl From<(domain::System, String)> for System {
    fn from((system, secret): (domain::System, String)) -> Self {
        Self { client_secret: Some(secret), ..Self::from(system) }
    }
}
