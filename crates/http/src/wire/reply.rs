//! The reply to a request: what a reviewer proposes and an office head decides.

use super::{
    filter::{Mask, RowCondition, row_conditions, row_filter},
    list::{BasisRank, RefusalReasonCode},
    shared::person_name,
    text::{Date, ItemName, MomentText},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::view;
use shuqiao_domain::{Stamp, request as domain};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How an agreement narrows what was asked; whatever is missing stays as asked. It never widens.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Narrowing {
    /// Fewer items.
    pub items: Option<Vec<ItemName>>,
    /// More row conditions, beside those asked.
    pub rows: Option<Vec<RowCondition>>,
    /// Fewer calls per second.
    pub calls_per_second: Option<u32>,
    /// Fewer rows in an answer.
    pub rows_per_call: Option<u32>,
    /// Fewer rows in a day.
    pub rows_per_day: Option<u64>,
    /// An earlier last day.
    pub valid_until: Option<Date>,
    /// Masks by item, on items that the entry gives unmasked, or stronger ones.
    #[schema(value_type = Option<BTreeMap<String, Mask>>)]
    pub masks: Option<BTreeMap<ItemName, Mask>>,
}

/// The norm that a reason relies on.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefusalBasis {
    /// The norm's rank.
    pub rank: BasisRank,
    /// Title and article.
    pub title: String,
}

/// A reason for a refusal (Art. 21(2)).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefusalReason {
    /// What kind of reason.
    pub code: RefusalReasonCode,
    /// In words.
    #[serde(default)]
    pub text: String,
    /// The published condition it relies on, by its key; anything else is told as a condition of one's own making.
    #[serde(default)]
    pub condition: Option<String>,
    /// The norm it relies on.
    #[serde(default)]
    pub basis: Option<RefusalBasis>,
}

/// A reply: to agree, perhaps to less than was asked, or to refuse with reasons.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Decision {
    /// To agree, perhaps to less than was asked.
    Agree {
        /// How it narrows.
        #[serde(default)]
        narrowing: Option<Narrowing>,
        /// The reviewer's opinion.
        #[serde(default)]
        #[schema(required = false)]
        opinion: Option<String>,
    },
    /// To refuse, with reasons.
    Refuse {
        /// At least one.
        reasons: Vec<RefusalReason>,
        /// The reviewer's opinion.
        #[serde(default)]
        #[schema(required = false)]
        opinion: Option<String>,
    },
}

/// A reply with its author.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Decided {
    /// The reply.
    #[serde(flatten)]
    pub decision: Decision,
    /// Conditions it relies on that the published entry lacks (自设条件, Art. 15, 39(2)): found, not entered.
    pub self_made_conditions: Vec<String>,
    /// Whose it is.
    pub by_name: String,
    /// When.
    pub at: MomentText,
}

/// The wire form of a reply under a stamp.
pub fn decided(people: &view::People, proposal: domain::Proposal, by: &Stamp) -> Decided {
    let self_made_conditions = proposal.self_made().to_vec();
    Decided {
        decision: proposal.into(),
        self_made_conditions,
        by_name: person_name(people, by.person),
        at: MomentText(by.at),
    }
}

impl From<Narrowing> for domain::Narrowing {
    fn from(form: Narrowing) -> Self {
        let masks = form.masks.unwrap_or_default();
        Self {
            items: form.items.map(|items| items.into_iter().map(Into::into).collect()),
            rows: form.rows.map(row_filter),
            calls_per_second: form.calls_per_second,
            rows_per_call: form.rows_per_call,
            rows_per_day: form.rows_per_day,
            valid_until: form.valid_until.map(Into::into),
            masks: masks.into_iter().map(|(item, mask)| (item.0, mask.into())).collect(),
        }
    }
}

impl From<domain::Narrowing> for Narrowing {
    fn from(narrowing: domain::Narrowing) -> Self {
        let masks: BTreeMap<_, _> =
            narrowing.masks.into_iter().map(|(item, mask)| (ItemName(item), mask.into())).collect();
        Self {
            items: narrowing.items.map(|items| items.into_iter().map(ItemName).collect()),
            rows: narrowing.rows.map(row_conditions),
            calls_per_second: narrowing.calls_per_second,
            rows_per_call: narrowing.rows_per_call,
            rows_per_day: narrowing.rows_per_day,
            valid_until: narrowing.valid_until.map(Into::into),
            masks: (!masks.is_empty()).then_some(masks),
        }
    }
}

impl From<RefusalReason> for domain::RefusalReason {
    fn from(form: RefusalReason) -> Self {
        Self {
            code: form.code.0,
            text: form.text,
            condition: form.condition,
            basis: form.basis.map(|basis| (basis.rank.0, basis.title)),
        }
    }
}

impl From<domain::RefusalReason> for RefusalReason {
    fn from(reason: domain::RefusalReason) -> Self {
        Self {
            code: RefusalReasonCode(reason.code),
            text: reason.text,
            condition: reason.condition,
            basis: reason.basis.map(|(rank, title)| RefusalBasis { rank: BasisRank(rank), title }),
        }
    }
}

impl From<Decision> for domain::Proposal {
    fn from(form: Decision) -> Self {
        match form {
            Decision::Agree { narrowing, opinion } => {
                Self::Agree { narrowing: narrowing.unwrap_or_default().into(), opinion: opinion.unwrap_or_default() }
            }
            Decision::Refuse { reasons, opinion } => {
                let reasons = reasons.into_iter().map(Into::into).collect();
                Self::Refuse { reasons, opinion: opinion.unwrap_or_default(), self_made: Vec::new() }
            }
        }
    }
}

impl From<domain::Proposal> for Decision {
    fn from(proposal: domain::Proposal) -> Self {
        match proposal {
            domain::Proposal::Agree { narrowing, opinion } => {
                Self::Agree { narrowing: Some(narrowing.into()), opinion: Some(opinion) }
            }
            domain::Proposal::Refuse { reasons, opinion, .. } => {
                Self::Refuse { reasons: reasons.into_iter().map(Into::into).collect(), opinion: Some(opinion) }
            }
        }
    }
}

/// A reply that is proposed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Propose {
    /// The reply.
    pub decision: Decision,
}
