//! Record of use (使用记录).

use super::{acts, form};
use crate::wire::text::{Date, GrantId};
use shuqiao_domain::case as d;

form! {
    /// The law's five parts, for one grant and one period (Art. 29(2)).
    UseRecord of d::UsageRecord {
        /// The grant.
        grant: GrantId,
        /// First day of the period.
        from: Date,
        /// Last day of the period.
        until: Date,
        /// Where it was used (使用场景).
        #[serde(default)]
        scenario: String,
        /// How (使用过程).
        #[serde(default)]
        process: String,
        /// With what effect (应用成效).
        #[serde(default)]
        effect: String,
        /// How it is stored (存储情况).
        #[serde(default)]
        storage: String,
        /// What was destroyed (销毁情况).
        #[serde(default)]
        destruction: String,
    }
}

acts! {
    /// What is done to a record of use.
    UseRecordAct of d::UsageRecordAct {
        /// Something is added.
        Supplement {
            /// What.
            #[serde(default)]
            text: String,
        },
    }
}
