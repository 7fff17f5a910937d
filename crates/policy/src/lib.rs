//! Who may do what: Cedar policies and the [`Permit`].
//!
//! What it is: the closed list of [`Action`]s, the [`Resource`]s they are done to, a schema, some thirty readable
//! policies in `policies/*.cedar`, and one function, [`PolicySet::authorize`], that answers with a [`Permit`] or with
//! [`Denied`]. A permit cannot be had any other way, and every write of the store asks for one. The golden matrix
//! `tests/golden/matrix.txt` prints the whole answer, role by role, for officials to read.
//!
//! What it is not: it knows no database, no session and no request of the wire; it does not look anything up, so the
//! caller says what state a thing is in and who prepared it. It does not know the rules of procedure either (is the
//! entry complete, is the reason given): those are the domain's, and they refuse with an article, not with a denial.
//!
//! Where to start: `policies/requests.cedar`, then [`PolicySet`].
//!
//! INVARIANT (pure-core): no async, no I/O, no clock, no chance. The policies are compiled in.

mod action;
mod entities;
mod permit;
mod principal;
mod resource;
mod set;

pub use action::Action;
pub use permit::{Actor, Denied, Ground, Permit};
pub use principal::{CONFLICTS, Principal, role_conflict};
pub use resource::{CATALOGUE_STATES, CaseResource, GRANT_STATES, REQUEST_STATES, Resource};
pub use set::{PolicyError, PolicySet};
