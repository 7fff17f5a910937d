//! What a request says (Art. 20(2)): basis of use, scenario, scope, sharing method, period, and what is asked for.

use super::{Narrowing, Proposal};
use crate::catalogue::{Entry, LegalBasis};
use shuqiao_vocabulary::{Condition, Date, ItemName, ItemType, Literal, RowFilter, SharingMethod, SystemId, Test};

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

/// The row range with values of their items' types: a form sends dates as text, and only the entry knows which item is
/// a date. What does not parse stays as it is, so that validation names it.
pub fn typed_rows(rows: RowFilter, entry: &Entry) -> RowFilter {
    let literal = |literal: Literal, item_type: ItemType| match (literal, item_type) {
        (Literal::Text(text), ItemType::Date) => text.parse().map_or(Literal::Text(text), Literal::Date),
        (other, _) => other,
    };
    let condition = |condition: Condition| {
        let Some(item_type) = entry.content.item(&condition.item).map(|item| item.item_type) else { return condition };
        let test = match condition.test {
            Test::Equals(value) => Test::Equals(literal(value, item_type)),
            Test::OneOf(list) => Test::OneOf(list.into_iter().map(|value| literal(value, item_type)).collect()),
            Test::Between { from, to } => Test::Between {
                from: from.map(|value| literal(value, item_type)),
                to: to.map(|value| literal(value, item_type)),
            },
            Test::StartsWith(prefix) => Test::StartsWith(prefix),
        };
        Condition { test, ..condition }
    };
    RowFilter(rows.0.into_iter().map(condition).collect())
}

impl RequestContent {
    /// The content with row values of their items' types.
    #[must_use]
    pub fn typed(self, entry: &Entry) -> Self {
        Self { rows: typed_rows(self.rows, entry), ..self }
    }
}

impl Proposal {
    /// The proposal with row values of their items' types.
    #[must_use]
    pub fn typed(self, entry: &Entry) -> Self {
        match self {
            Self::Agree { narrowing, opinion } => {
                let rows = narrowing.rows.map(|rows| typed_rows(rows, entry));
                Self::Agree { narrowing: Narrowing { rows, ..narrowing }, opinion }
            }
            refuse @ Self::Refuse { .. } => refuse,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_a_date_where_the_item_is_one() {
        let item = |name: &str, item_type| crate::catalogue::Item {
            name: name.parse().unwrap(),
            title: String::new(),
            column: String::new(),
            item_type,
            grade: None,
            sharing_attribute: None,
            personal: false,
            sensitive: false,
            mask: None,
            description: String::new(),
        };
        let content = crate::catalogue::EntryContent {
            items: vec![item("day", ItemType::Date), item("word", ItemType::Text)],
            ..Default::default()
        };
        let zeros = "0".repeat(32);
        let entry = Entry {
            id: format!("cat_{zeros}").parse().unwrap(),
            provider: format!("org_{zeros}").parse().unwrap(),
            drafted_by: format!("per_{zeros}").parse().unwrap(),
            content,
            state: crate::catalogue::EntryState::Draft { returned: None },
            work: None,
            changes: Vec::new(),
            reviews: Vec::new(),
        };
        let text = |text: &str| Literal::Text(text.to_owned());
        let equals = |name: &str, value| Condition { item: name.parse().unwrap(), test: Test::Equals(value) };
        let asked =
            vec![equals("day", text("2026-01-04")), equals("day", text("x")), equals("word", text("2026-01-04"))];
        let typed = typed_rows(RowFilter(asked), &entry);
        let day = Literal::Date("2026-01-04".parse().unwrap());
        assert_eq!(typed.0, [equals("day", day), equals("day", text("x")), equals("word", text("2026-01-04"))]);
    }
}
