//! What a request says (Art. 20(2)): basis of use, scenario, scope, sharing method, period, and what is asked for.

use crate::catalogue::LegalBasis;
use shuqiao_vocabulary::{Date, ItemName, RowFilter, SharingMethod, SystemId};

/// What a request says. A draft may lack anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestContent {
    /// Basis of use: the duty by law (使用依据).
    pub basis: Option<LegalBasis>,
    /// Scenario (使用场景).
    pub scenario: String,
    /// Scope of use: who uses it, where (使用范围).
    pub scope_of_use: String,
    /// Purpose (用途).
    pub purpose: String,
    /// Items asked for; the least that serves the purpose.
    pub items: Vec<ItemName>,
    /// Rows asked for.
    pub rows: RowFilter,
    /// Sharing method (共享方式).
    pub method: Option<SharingMethod>,
    /// The systems that will call.
    pub systems: Vec<SystemId>,
    /// Calls per second asked for.
    pub calls_per_second: u32,
    /// Rows in one answer asked for.
    pub rows_per_call: u32,
    /// Rows in one day asked for.
    pub rows_per_day: u64,
    /// First day of use (使用期限).
    pub valid_from: Option<Date>,
    /// Last day of use.
    pub valid_until: Option<Date>,
    /// How the data will be kept safe (安全措施).
    pub safeguards: String,
    /// Name of the contact.
    pub contact_name: String,
    /// Telephone of the contact.
    pub contact_phone: String,
    /// The department answers for truth, lawfulness and necessity (Art. 20(2)).
    pub attested: bool,
}
