//! Organisations: departments, law-authorised organisations, sharing authorities (Art. 2, 8).

use crate::{Refusal, RefusalCode};
use shuqiao_vocabulary::{Level, OrganisationCode, OrganisationId, OrganisationKind, RegionCode};

/// An organisation of this node (机构).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Full name (全称).
    pub name: String,
    /// Short name (简称).
    pub short_name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its level.
    pub level: Level,
    /// Its region.
    pub region: RegionCode,
    /// Unified social credit code, where it is known.
    pub code: Option<OrganisationCode>,
}

/// Longest name of an organisation or a person, in characters.
pub const NAME_MAX: usize = 120;

/// A name of 1 to [`NAME_MAX`] characters, trimmed.
pub fn checked_name(field: &'static str, name: &str) -> Result<String, Refusal> {
    let trimmed = name.trim();
    let length = trimmed.chars().count();
    if length == 0 || length > NAME_MAX || trimmed.chars().any(char::is_control) {
        return Err(Refusal::new(RefusalCode::NameRefused, None).with("field", field).with("max", NAME_MAX));
    }
    Ok(trimmed.to_owned())
}
