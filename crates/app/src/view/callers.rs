//! How systems call, and why they were refused.

use shuqiao_domain::organisation::Organisation;
use shuqiao_vocabulary::{GrantId, Moment, SystemId};
use std::collections::BTreeMap;

/// A service that a system may call with the national platform's signature, and how it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NationalUse {
    /// The system.
    pub system: SystemId,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub organisation: Organisation,
    /// The service code.
    pub service: String,
    /// The grant that it stands for.
    pub grant: GrantId,
    /// Calls under the grant that were known by that signature.
    pub calls: u64,
    /// The last of them.
    pub last_at: Option<Moment>,
}

/// Why a call was refused: the check that failed and what to do, in both languages; never a value of the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalLine {
    /// The reference that the caller was given.
    pub reference: String,
    /// When.
    pub at: Moment,
    /// The problem's code.
    pub code: String,
    /// Names, counts and checks, by name.
    pub params: BTreeMap<String, String>,
    /// The grant, when it is the department's.
    pub grant: Option<GrantId>,
    /// What was refused, Chinese and English.
    pub title: (String, String),
    /// What to do next, Chinese and English.
    pub next: (String, String),
}
