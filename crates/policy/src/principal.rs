//! Who asks.

use std::collections::BTreeSet;

use shuqiao_vocabulary::{
    Level, OrganisationKind, RegionCode, Role,
    id::{OrganisationId, PersonId},
};

/// A logged-in person (人员), as the policies see them. Made anew for every operation, from the state of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The person.
    pub person: PersonId,
    /// The organisation the person belongs to (所在单位).
    pub organisation: OrganisationId,
    /// What that organisation is.
    pub organisation_kind: OrganisationKind,
    /// Its level (层级).
    pub level: Level,
    /// Its division (行政区划).
    pub region: RegionCode,
    /// The roles held (角色). The person may do the union of what the roles may, but see `policies/separation.cedar`.
    pub roles: BTreeSet<Role>,
}

/// Roles that one person may not hold together (互斥角色). System, security and audit administration are three people
/// (三员分立), and a head who consents does not audit his own consents. A contractor (受托人员) is nothing else: whoever
/// works here for others decides nothing and sees no data (Art. 36(1)).
pub const CONFLICTS: &[(Role, Role)] = &[
    (Role::SystemAdministrator, Role::SecurityAdministrator),
    (Role::SystemAdministrator, Role::Auditor),
    (Role::SecurityAdministrator, Role::Auditor),
    (Role::OfficeHead, Role::Auditor),
    (Role::DepartmentHead, Role::Auditor),
    (Role::Contractor, Role::DataOfficer),
    (Role::Contractor, Role::OfficeHead),
    (Role::Contractor, Role::DepartmentHead),
    (Role::Contractor, Role::AuthorityOfficer),
    (Role::Contractor, Role::Developer),
    (Role::Contractor, Role::Auditor),
    (Role::Contractor, Role::Inspector),
    (Role::Contractor, Role::SystemAdministrator),
    (Role::Contractor, Role::SecurityAdministrator),
];

/// The first pair of [`CONFLICTS`] that this set of roles contains.
pub fn role_conflict(roles: &BTreeSet<Role>) -> Option<(Role, Role)> {
    CONFLICTS.iter().copied().find(|(one, other)| roles.contains(one) && roles.contains(other))
}
