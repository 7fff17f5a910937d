//! Organisations: departments, law-authorised organisations, sharing authorities (Art. 2, 8).

use crate::{Refusal, RefusalCode, law};
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

impl Organisation {
    /// Level and region of its own sharing authority (同级政务数据共享主管部门). At the nation's level the region says nothing.
    pub fn authority_place(&self) -> (Level, RegionCode) {
        let level = law::authority_level(self.level);
        let cut = digits(level).and_then(|digits| self.region.as_str().get(..digits)?.parse().ok());
        (level, cut.unwrap_or_else(|| self.region.clone()))
    }
}

/// Digits of the division codes of a level (GB/T 2260); the nation has none, and a ministry's region says where it sits.
const fn digits(level: Level) -> Option<usize> {
    match level {
        Level::Province => Some(2),
        Level::City => Some(4),
        Level::County => Some(6),
        Level::Township => Some(9),
        Level::Nation | Level::Ministry => None,
    }
}

/// Whether an organisation can be entered beside the others: its region is one of its level, and a level and region have
/// one sharing authority (Art. 8).
///
/// # Errors
/// `RegionOfOtherLevel` with the digits that its level has; `NoAuthorityOfLevel` for the authority of a ministry or a
/// township, which have another's; `AuthorityExists` with the name of the one there is.
pub fn check_place<'a>(new: &Organisation, mut others: impl Iterator<Item = &'a Organisation>) -> Result<(), Refusal> {
    let refused = |code| Refusal::new(code, Some(law::AUTHORITIES)).with("level", new.level);
    if let Some(digits) = digits(new.level)
        && new.region.as_str().len() != digits
    {
        return Err(refused(RefusalCode::RegionOfOtherLevel).with("region", &new.region).with("digits", digits));
    }
    if new.kind != OrganisationKind::SharingAuthority {
        return Ok(());
    }
    if law::authority_level(new.level) != new.level {
        return Err(refused(RefusalCode::NoAuthorityOfLevel));
    }
    let place = new.authority_place();
    let same = |other: &&Organisation| {
        other.kind == OrganisationKind::SharingAuthority
            && other.level == new.level
            && (new.level == Level::Nation || other.authority_place() == place)
    };
    match others.find(same) {
        Some(other) => Err(refused(RefusalCode::AuthorityExists).with("authority", &other.name)),
        None => Ok(()),
    }
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

/// The same-level sharing authority (同级主管部门) of an organisation: of its level and its region. A ministry's is the
/// nation's, a township's the county's (Art. 8).
pub fn authority_of<'a>(
    organisation: &Organisation,
    all: impl Iterator<Item = &'a Organisation>,
) -> Option<&'a Organisation> {
    let (level, region) = organisation.authority_place();
    let mut authorities = all.filter(|other| other.kind == OrganisationKind::SharingAuthority);
    authorities.find(|other| other.level == level && (level == Level::Nation || other.region == region))
}

/// The sharing authority next above another one (上级主管部门, Art. 41), where this node has one.
pub fn superior_authority_of<'a>(
    authority: &Organisation,
    all: impl Iterator<Item = &'a Organisation>,
) -> Option<&'a Organisation> {
    let above = |other: &&Organisation| {
        other.kind == OrganisationKind::SharingAuthority
            && other.level < authority.level
            && (other.level == Level::Nation || other.region.contains(&authority.region))
    };
    all.filter(above).max_by_key(|other| other.level)
}

/// Whether it is an organisation of the whole nation, to which regions do not matter.
const fn national(organisation: &Organisation) -> bool {
    matches!(organisation.level, Level::Nation | Level::Ministry)
}

/// Whether a sharing authority has this organisation under it: of its level or a lower one, inside its region.
pub fn covers(authority: &Organisation, organisation: &Organisation) -> bool {
    let inside = authority.level == Level::Nation
        || (!national(organisation)
            && authority.level <= organisation.level
            && authority.region.contains(&organisation.region));
    authority.kind == OrganisationKind::SharingAuthority && inside
}

/// Whether an organisation is of a level above another's, and the other's region lies in its own (上级, Art. 24).
pub fn is_superior(upper: &Organisation, lower: &Organisation) -> bool {
    !national(lower) && upper.level < lower.level && (national(upper) || upper.region.contains(&lower.region))
}

/// The common superior authority (共同的上级主管部门, Art. 28): the lowest sharing authority whose region contains all.
/// Of two departments of one level and region it is their own; of a province's and its city's departments the
/// province's (the default of the open point 6a; the authority may hand the matter on).
pub fn common_authority<'a>(
    organisations: &[&Organisation],
    all: impl Iterator<Item = &'a Organisation>,
) -> Option<&'a Organisation> {
    all.filter(|authority| organisations.iter().all(|organisation| covers(authority, organisation)))
        .max_by_key(|authority| authority.level)
}
