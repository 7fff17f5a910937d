//! The stored form of what a system proves itself with.

use super::{Spelled, common::StoredMoment, read, stored, write};
use crate::error::Result;
use shuqiao_domain::system::{NationalAccess, NationalService, SystemIdentity, SystemKey};
use shuqiao_vocabulary::{AddressRange, GrantId};

stored! {
    StoredIdentity of SystemIdentity {
        keys: Vec<StoredKey>,
        addresses: Vec<Spelled<AddressRange>>,
        signature_required: bool,
        national: Option<StoredNational>,
        appkeys: u64,
    }
}
stored! {
    StoredNational of NationalAccess { requester_code: String, services: Vec<StoredService> }
}
stored! {
    StoredService of NationalService { code: String, grant: Spelled<GrantId> }
}
stored! {
    StoredKey of SystemKey {
        kid: String,
        kty: String,
        crv: String,
        x: String,
        y: Option<String>,
        thumbprint: String,
        not_before: StoredMoment,
        not_after: StoredMoment,
    }
}

/// The stored text of a system's identity.
pub(crate) fn identity_text(value: &SystemIdentity) -> Result<String> {
    write::<_, StoredIdentity>(value, &"department_system")
}

/// A system's identity out of its stored text.
pub(crate) fn identity_read(id: &str, text: &str) -> Result<SystemIdentity> {
    read::<_, StoredIdentity>(text, &format_args!("department_system {id}"))
}
