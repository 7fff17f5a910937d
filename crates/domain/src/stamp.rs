//! Who did a thing, for whom, and when.

use shuqiao_vocabulary::{Moment, OrganisationId, PersonId};

/// A decision's author and moment (署名).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The person.
    pub person: PersonId,
    /// The organisation the person acted for.
    pub organisation: OrganisationId,
    /// When.
    pub at: Moment,
}

/// Something sent back, with the reason (退回).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Who sent it back, and when.
    pub by: Stamp,
    /// Why.
    pub reason: String,
}
