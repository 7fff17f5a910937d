//! Return flow to lower levels (数据回流). There is no field for a condition, and unknown fields are refused.

use super::{acts, form};
use crate::wire::{
    list::UpdateFrequency,
    text::{CatalogueEntryId, Date, ItemName, RegionCode},
};
use serde::{Deserializer, Serialize, de::Error as _};
use shuqiao_domain::case as d;
use utoipa::ToSchema;

/// What the server computes is shown, and refused like any field that it does not know.
fn never_given<'de, D: Deserializer<'de>>(_given: D) -> Result<Option<RegionCode>, D::Error> {
    Err(D::Error::custom("unknown field `region`: it is computed, never given"))
}

form! {
    /// What is to flow back, and by when (回流, Art. 24).
    ReturnFlow of d::ReturnFlow {
        /// The entry of the upper department.
        entry: CatalogueEntryId,
        /// The items needed.
        #[serde(default)]
        items: Vec<ItemName>,
        /// The item by whose division code the rows of the receiver's region are found.
        region_item: ItemName,
        /// For which duty they are needed.
        #[serde(default)]
        need: String,
        /// How often.
        frequency: UpdateFrequency,
        /// The first due date; the others follow by the frequency.
        first_due: Date,
        /// The receiver's own division: computed, never given, so it cannot be widened.
        #[serde(default, deserialize_with = "never_given")]
        #[schema(read_only)]
        region: Option<RegionCode>,
    }
}

acts! {
    /// What is done to a return flow.
    ReturnFlowAct of d::ReturnFlowAct {
        /// The upper department accepts.
        Accept {
            /// How the systems are docked (系统对接).
            #[serde(default)]
            docking: String,
        },
        /// It reports what it returned.
        ReportRun {
            /// The due date that the run fills.
            period: Date,
            /// The day on which the rows were returned.
            returned_on: Date,
            /// Rows that its system has for the region.
            rows_expected: u64,
            /// Rows that it returned.
            rows_returned: u64,
        },
        /// The receiver confirms.
        ConfirmRun {
            /// The due date of the run.
            period: Date,
            /// Whether the rows are usable.
            usable: bool,
            /// What was found; must be given when they are not.
            #[serde(default)]
            note: String,
        },
        /// The receiver ends it.
        End {
            /// Why.
            #[serde(default)]
            reason: String,
        },
    }
}

/// How complete and how timely a return flow is (完整、及时), computed from its runs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FlowProgress {
    /// Due dates that are over.
    pub due: u32,
    /// Due dates for which rows came back.
    pub filled: u32,
    /// Of them, after the due date.
    pub late: u32,
    /// Due dates that are over and still wait, the earliest first.
    pub missing: Vec<Date>,
    /// The longest lag in days.
    pub longest_lag_days: u32,
    /// Rows that the upper department has, over all runs.
    pub rows_expected: u64,
    /// Rows that came back.
    pub rows_returned: u64,
    /// Runs that the receiver found usable.
    pub usable: u32,
    /// Runs that it did not.
    pub unusable: u32,
}

impl From<d::FlowProgress> for FlowProgress {
    fn from(progress: d::FlowProgress) -> Self {
        Self {
            due: progress.due,
            filled: progress.filled,
            late: progress.late,
            missing: progress.missing.into_iter().map(Date::from).collect(),
            longest_lag_days: progress.longest_lag_days,
            rows_expected: progress.rows_expected,
            rows_returned: progress.rows_returned,
            usable: progress.usable,
            unusable: progress.unusable,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::wire::case::CaseMatter;
    use serde_json::{Value, json};

    fn order() -> Value {
        json!({
            "kind": "return_flow", "entry": format!("cat_{}", "7".repeat(32)), "items": ["name"],
            "region_item": "region", "need": "低保核对", "frequency": "monthly", "first_due": "2026-03-31",
        })
    }

    #[test]
    fn there_is_no_field_for_a_condition_and_none_for_the_region() {
        assert!(serde_json::from_value::<CaseMatter>(order()).is_ok());
        for (field, value) in [
            ("conditions", json!(["须经本局逐次审批"])),
            ("condition", json!("仅限查询")),
            ("region", json!("52")),
            ("rows", json!([])),
            ("purposes", json!(["低保"])),
        ] {
            let mut wrong = order();
            wrong[field] = value;
            let refused = serde_json::from_value::<CaseMatter>(wrong).unwrap_err().to_string();
            assert!(refused.contains(&format!("unknown field `{field}`")), "{refused}");
        }
    }
}
