//! People, organisations and things for the tests.

use std::collections::BTreeSet;

use shuqiao_policy::{Principal, Resource};
use shuqiao_vocabulary::{
    Level, OrganisationKind, Role,
    id::{OrganisationId, PersonId},
};

pub(crate) const REQUESTER: u8 = 1;
pub(crate) const PROVIDER: u8 = 2;
pub(crate) const AUTHORITY: u8 = 3;
pub(crate) const OTHER: u8 = 4;
/// An organisation that a case concerns without being a party.
pub(crate) const CONCERNED: u8 = 5;
/// The sharing authority of another city.
pub(crate) const FOREIGN: u8 = 6;

/// The person who is asked about, and a colleague who prepared the matter.
pub(crate) const SELF: u8 = 1;
pub(crate) const COLLEAGUE: u8 = 2;

pub(crate) fn organisation(number: u8) -> OrganisationId {
    format!("org_{number:032x}").parse().unwrap()
}

pub(crate) fn person(number: u8) -> PersonId {
    format!("per_{number:032x}").parse().unwrap()
}

/// A catalogue entry of the provider, which is a department of this city.
pub(crate) fn entry(home: u8, state: &'static str, drafted_by: Option<PersonId>) -> Resource {
    Resource::CatalogueEntry {
        provider: organisation(home),
        authority_level: Level::City,
        authority_region: "5203".parse().unwrap(),
        state,
        drafted_by,
    }
}

/// Person [`SELF`] of this organisation. [`AUTHORITY`] and [`FOREIGN`] are sharing authorities, the others are
/// departments.
pub(crate) fn principal(home: u8, roles: impl IntoIterator<Item = Role>) -> Principal {
    let kind = if [AUTHORITY, FOREIGN].contains(&home) {
        OrganisationKind::SharingAuthority
    } else {
        OrganisationKind::Department
    };
    Principal {
        person: person(SELF),
        organisation: organisation(home),
        organisation_kind: kind,
        level: Level::City,
        region: if home == FOREIGN { "5201" } else { "5203" }.parse().unwrap(),
        roles: roles.into_iter().collect::<BTreeSet<_>>(),
    }
}
