//! A query as callers send it, and as the plane understands it. There is no SQL in it and no place to put any.

use crate::problem::{ProblemCode, Refused};
use serde::Deserialize;
use shuqiao_vocabulary::{Condition, ItemName, Literal, Test};
use std::collections::{BTreeMap, HashSet};

/// Bytes of a query.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// Items one query may name.
pub const ITEMS_MAX: usize = 1_000;
/// Conditions one query may have.
pub const CONDITIONS_MAX: usize = 32;
/// Subjects one verification may ask about.
pub const SUBJECTS_MAX: usize = 100;
/// Values one list may have.
pub const LIST_VALUES_MAX: usize = 1_000;
/// Rows one call may have, whatever was granted.
pub const ROWS_PER_CALL_MAX: u32 = 10_000;
/// Rows of one page of a delivery in bulk, unless they are wide: what memory holds of it at a time. Each page costs a record, a
/// commit and some round trips, on a busy network more than ten thousand rows do.
pub const ROWS_PER_PAGE_MAX: u32 = 50_000;
/// Bytes of one value in a condition.
const LITERAL_BYTES_MAX: usize = 4_096;
/// Bytes of a purpose or a cursor.
const TEXT_BYTES_MAX: usize = 8_192;

/// What a caller asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedQuery {
    /// The purpose, repeated with every call.
    pub purpose: String,
    /// The items wanted; none named means all that are granted.
    pub items: Vec<ItemName>,
    /// Conditions, all of which must hold, on top of the grant's own.
    pub conditions: Vec<Condition>,
    /// Rows at most.
    pub limit: Option<u32>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QueryForm {
    purpose: String,
    #[serde(default)]
    items: Vec<String>,
    #[serde(default)]
    conditions: Vec<ConditionForm>,
    limit: Option<u32>,
    after: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionForm {
    item: String,
    eq: Option<LiteralForm>,
    #[serde(rename = "in")]
    one_of: Option<Vec<LiteralForm>>,
    range: Option<RangeForm>,
    prefix: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RangeForm {
    from: Option<LiteralForm>,
    to: Option<LiteralForm>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum LiteralForm {
    Boolean(bool),
    Integer(i64),
    Number(serde_json::Number),
    Text(String),
}

impl TypedQuery {
    /// Reads the body of a call.
    ///
    /// # Errors
    /// `query_malformed` with the field at fault; nothing of the body is repeated.
    pub fn parse(body: &[u8]) -> Result<Self, Refused> {
        let form: QueryForm = serde_json::from_slice(body)
            .map_err(|error| malformed("body").with("line", error.line()).with("column", error.column()))?;
        let too_long = |text: &str| text.len() > TEXT_BYTES_MAX;
        if too_long(&form.purpose) {
            return Err(malformed("purpose"));
        }
        if form.after.as_deref().is_some_and(too_long) {
            return Err(Refused::new(ProblemCode::CursorInvalid));
        }
        if form.items.len() > ITEMS_MAX {
            return Err(malformed("items").with("limit", ITEMS_MAX));
        }
        if form.conditions.len() > CONDITIONS_MAX {
            return Err(malformed("conditions").with("limit", CONDITIONS_MAX));
        }
        if form.limit == Some(0) {
            return Err(malformed("limit"));
        }
        let items = form.items.iter().map(|name| item_name(name, "items")).collect::<Result<Vec<_>, _>>()?;
        let distinct: HashSet<&ItemName> = items.iter().collect();
        if distinct.len() < items.len() {
            return Err(malformed("items"));
        }
        let conditions = form.conditions.into_iter().map(condition).collect::<Result<_, _>>()?;
        Ok(Self { purpose: form.purpose, items, conditions, limit: form.limit, after: form.after })
    }
}

/// A verification as callers send it: for each subject, the values that should stand in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The purpose, repeated with every call.
    pub purpose: String,
    /// The subjects, each with an equality for every item asked about.
    pub subjects: Vec<Vec<Condition>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerificationForm {
    purpose: String,
    subjects: Vec<BTreeMap<String, LiteralForm>>,
}

impl Verification {
    /// Reads the body of a verification.
    ///
    /// # Errors
    /// `query_malformed` with the field at fault; nothing of the body is repeated.
    pub fn parse(body: &[u8]) -> Result<Self, Refused> {
        let form: VerificationForm = serde_json::from_slice(body)
            .map_err(|error| malformed("body").with("line", error.line()).with("column", error.column()))?;
        if form.purpose.len() > TEXT_BYTES_MAX {
            return Err(malformed("purpose"));
        }
        if form.subjects.is_empty() || form.subjects.len() > SUBJECTS_MAX {
            return Err(malformed("subjects").with("limit", SUBJECTS_MAX));
        }
        let subject = |form: BTreeMap<String, LiteralForm>| {
            if form.is_empty() || form.len() > CONDITIONS_MAX {
                return Err(malformed("subjects").with("limit", CONDITIONS_MAX));
            }
            let equals = |(name, value): (String, LiteralForm)| {
                Ok(Condition { item: item_name(&name, "subjects")?, test: Test::Equals(literal(value)?) })
            };
            form.into_iter().map(equals).collect()
        };
        let subjects = form.subjects.into_iter().map(subject).collect::<Result<_, Refused>>()?;
        Ok(Self { purpose: form.purpose, subjects })
    }
}

fn malformed(field: &'static str) -> Refused {
    Refused::new(ProblemCode::QueryMalformed).with("field", field)
}

fn item_name(text: &str, field: &'static str) -> Result<ItemName, Refused> {
    text.parse().map_err(|_| malformed(field))
}

fn condition(form: ConditionForm) -> Result<Condition, Refused> {
    let item = item_name(&form.item, "conditions.item")?;
    let test = match (form.eq, form.one_of, form.range, form.prefix) {
        (Some(value), None, None, None) => Test::Equals(literal(value)?),
        (None, Some(values), None, None) => {
            if values.is_empty() || values.len() > LIST_VALUES_MAX {
                return Err(malformed("conditions.in").with("limit", LIST_VALUES_MAX));
            }
            Test::OneOf(values.into_iter().map(literal).collect::<Result<_, _>>()?)
        }
        (None, None, Some(range), None) => {
            let from = range.from.map(literal).transpose()?;
            let to = range.to.map(literal).transpose()?;
            if from.is_none() && to.is_none() {
                return Err(malformed("conditions.range"));
            }
            Test::Between { from, to }
        }
        (None, None, None, Some(prefix)) => Test::StartsWith(text(prefix)?),
        _ => return Err(malformed("conditions").with("item", item.as_str())),
    };
    Ok(Condition { item, test })
}

fn literal(form: LiteralForm) -> Result<Literal, Refused> {
    Ok(match form {
        LiteralForm::Boolean(yes) => Literal::Boolean(yes),
        LiteralForm::Integer(number) => Literal::Integer(number),
        LiteralForm::Number(number) => Literal::Text(number.to_string()),
        LiteralForm::Text(value) => Literal::Text(text(value)?),
    })
}

/// A NUL cannot stand in a text of PostgreSQL, and in none of anybody's data on purpose.
fn text(value: String) -> Result<String, Refused> {
    if value.len() > LITERAL_BYTES_MAX || value.contains('\0') { Err(malformed("conditions")) } else { Ok(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Result<TypedQuery, Refused> {
        TypedQuery::parse(body.as_bytes())
    }

    #[test]
    fn queries_read() {
        let query = parse(
            r#"{"purpose":"2026-000001","items":["name","姓名"],"conditions":[
                {"item":"county_code","prefix":"5203"},{"item":"x","eq":7},{"item":"y","in":["a","b"]},
                {"item":"z","range":{"from":"2019-01-01"}}],"limit":5,"after":"abc"}"#,
        )
        .unwrap();
        assert_eq!(query.conditions.len(), 4);
        assert_eq!(query.conditions[1].test, Test::Equals(Literal::Integer(7)));
        assert_eq!(query.limit, Some(5));
    }

    #[test]
    fn anything_else_is_refused_without_an_echo() {
        let many: Vec<String> = (0..33).map(|n| format!(r#"{{"item":"x","eq":{n}}}"#)).collect();
        let list: Vec<String> = (0..1001).map(|n| n.to_string()).collect();
        for bad in [
            "",
            "[]",
            "{}",
            r#"{"purpose":"p","sql":"SELECT secret"}"#,
            r#"{"purpose":"p","items":["a","a"]}"#,
            r#"{"purpose":"p","items":["secret\"; DROP TABLE x"]}"#,
            r#"{"purpose":"p","limit":0}"#,
            r#"{"purpose":"p","limit":-1}"#,
            r#"{"purpose":"p","conditions":[{"item":"x"}]}"#,
            r#"{"purpose":"p","conditions":[{"item":"x","eq":null}]}"#,
            r#"{"purpose":"p","conditions":[{"item":"x","eq":"secret","prefix":"secret"}]}"#,
            r#"{"purpose":"p","conditions":[{"item":"x","range":{}}]}"#,
            r#"{"purpose":"p","conditions":[{"item":"x","in":[]}]}"#,
            r#"{"purpose":"p","conditions":[{"item":"x","like":"%secret%"}]}"#,
            r#"{"purpose":"p","conditions":[{"item":"x","eq":"secret\u0000"}]}"#,
            &format!(r#"{{"purpose":"p","conditions":[{}]}}"#, many.join(",")),
            &format!(r#"{{"purpose":"p","conditions":[{{"item":"x","in":[{}]}}]}}"#, list.join(",")),
        ] {
            let refused = parse(bad).unwrap_err();
            assert_eq!(refused.code, ProblemCode::QueryMalformed, "{bad}");
            assert!(!format!("{refused:?}").contains("secret"), "{bad}");
        }
    }
}
