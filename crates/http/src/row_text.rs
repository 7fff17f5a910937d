//! A row range in words, as a grant's page and an official read it.

use shuqiao_domain::grant::Terms;
use shuqiao_vocabulary::{Condition, Literal, Test};

/// 县区编码以“5203”开头，且状态等于“在业”; `全部数据` when there is no condition.
pub(crate) fn in_chinese(terms: &Terms) -> String {
    if terms.rows.0.is_empty() {
        return "全部数据".to_owned();
    }
    let quoted = |literal: &Literal| format!("“{}”", written(literal));
    let sentence = |condition: &Condition| {
        let title = title(terms, condition);
        match &condition.test {
            Test::Equals(literal) => format!("{title}等于{}", quoted(literal)),
            Test::OneOf(list) => format!("{title}为{}之一", list.iter().map(quoted).collect::<Vec<_>>().join("、")),
            Test::StartsWith(prefix) => format!("{title}以“{prefix}”开头"),
            Test::Between { from: Some(from), to: Some(to) } => {
                format!("{title}介于{}与{}之间（含）", quoted(from), quoted(to))
            }
            Test::Between { from: Some(from), to: None } => format!("{title}不小于{}", quoted(from)),
            Test::Between { from: None, to: Some(to) } => format!("{title}不大于{}", quoted(to)),
            Test::Between { from: None, to: None } => format!("{title}不为空"),
        }
    };
    terms.rows.0.iter().map(sentence).collect::<Vec<_>>().join("，且")
}

/// `县区编码 starts with “5203”, and 状态 equals “在业”`; `every row` when there is no condition.
pub(crate) fn in_english(terms: &Terms) -> String {
    if terms.rows.0.is_empty() {
        return "every row".to_owned();
    }
    let quoted = |literal: &Literal| format!("“{}”", written(literal));
    let sentence = |condition: &Condition| {
        let title = title(terms, condition);
        match &condition.test {
            Test::Equals(literal) => format!("{title} equals {}", quoted(literal)),
            Test::OneOf(list) => {
                format!("{title} is one of {}", list.iter().map(quoted).collect::<Vec<_>>().join(", "))
            }
            Test::StartsWith(prefix) => format!("{title} starts with “{prefix}”"),
            Test::Between { from: Some(from), to: Some(to) } => {
                format!("{title} is between {} and {}, both included", quoted(from), quoted(to))
            }
            Test::Between { from: Some(from), to: None } => format!("{title} is at least {}", quoted(from)),
            Test::Between { from: None, to: Some(to) } => format!("{title} is at most {}", quoted(to)),
            Test::Between { from: None, to: None } => format!("{title} is not empty"),
        }
    };
    terms.rows.0.iter().map(sentence).collect::<Vec<_>>().join(", and ")
}

/// The item's title for people; its name when the terms do not know it.
fn title<'a>(terms: &'a Terms, condition: &'a Condition) -> &'a str {
    let mut items = terms.items.iter().chain(&terms.row_items);
    items.find(|item| item.name == condition.item).map_or(condition.item.as_str(), |item| item.title.as_str())
}

fn written(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => text.clone(),
        Literal::Integer(number) => number.to_string(),
        Literal::Date(date) => date.to_string(),
        Literal::Boolean(flag) => flag.to_string(),
    }
}
