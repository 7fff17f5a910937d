//! Row conditions and masks as JSON.

use super::text::ItemName;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use shuqiao_vocabulary as v;
use std::fmt;
use utoipa::ToSchema;

/// A value in a condition: text (dates as `YYYY-MM-DD`), a whole number, or yes/no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal(pub v::Literal);

impl Serialize for Literal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            v::Literal::Text(text) => serializer.serialize_str(text),
            v::Literal::Integer(number) => serializer.serialize_i64(*number),
            v::Literal::Date(date) => serializer.collect_str(date),
            v::Literal::Boolean(flag) => serializer.serialize_bool(*flag),
        }
    }
}

struct LiteralVisitor;

impl de::Visitor<'_> for LiteralVisitor {
    type Value = Literal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a whole number, true or false")
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Literal, E> {
        Ok(Literal(v::Literal::Boolean(flag)))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Literal, E> {
        Ok(Literal(v::Literal::Integer(number)))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Literal, E> {
        let number = i64::try_from(number).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(number), &self))?;
        Ok(Literal(v::Literal::Integer(number)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Literal, E> {
        Ok(Literal(v::Literal::Text(text.to_owned())))
    }
}

impl<'de> Deserialize<'de> for Literal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LiteralVisitor)
    }
}

impl utoipa::PartialSchema for Literal {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Type};
        OneOfBuilder::new()
            .item(ObjectBuilder::new().schema_type(Type::String))
            .item(ObjectBuilder::new().schema_type(Type::Integer))
            .item(ObjectBuilder::new().schema_type(Type::Boolean))
            .description(Some("A value: text (dates as YYYY-MM-DD), a whole number, or true/false."))
            .into()
    }
}

impl ToSchema for Literal {}

/// A closed range; a missing end is open.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Lower end, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Literal>,
    /// Upper end, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Literal>,
}

/// One condition on one item: exactly one of `eq`, `in`, `prefix`, `range`. An empty value satisfies none.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "RowConditionFields")]
pub struct RowCondition {
    /// The item it speaks of.
    pub item: ItemName,
    /// Equal to this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub eq: Option<Literal>,
    /// Equal to one of these.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub one_of: Option<Vec<Literal>>,
    /// Text that starts with this: a region and everything in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub prefix: Option<String>,
    /// Between two values.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub range: Option<Range>,
}

/// The fields as they come, before it is known that exactly one test is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowConditionFields {
    item: ItemName,
    #[serde(default)]
    eq: Option<Literal>,
    #[serde(default, rename = "in")]
    one_of: Option<Vec<Literal>>,
    #[serde(default)]
    prefix: Option<String>,
    #[serde(default)]
    range: Option<Range>,
}

impl TryFrom<RowConditionFields> for RowCondition {
    type Error = &'static str;
    fn try_from(fields: RowConditionFields) -> Result<Self, Self::Error> {
        let RowConditionFields { item, eq, one_of, prefix, range } = fields;
        let tests = [eq.is_some(), one_of.is_some(), prefix.is_some(), range.is_some()];
        if tests.into_iter().filter(|given| *given).count() != 1 {
            return Err("a condition has exactly one of `eq`, `in`, `prefix`, `range`");
        }
        Ok(Self { item, eq, one_of, prefix, range })
    }
}

impl From<RowCondition> for v::Condition {
    fn from(form: RowCondition) -> Self {
        let RowCondition { item, eq, one_of, prefix, range } = form;
        let list = || v::Test::OneOf(one_of.unwrap_or_default().into_iter().map(|literal| literal.0).collect());
        let test = match (eq, prefix, range) {
            (Some(literal), _, _) => v::Test::Equals(literal.0),
            (None, Some(prefix), _) => v::Test::StartsWith(prefix),
            (None, None, Some(range)) => v::Test::Between { from: range.from.map(|l| l.0), to: range.to.map(|l| l.0) },
            (None, None, None) => list(),
        };
        Self { item: item.0, test }
    }
}

impl From<v::Condition> for RowCondition {
    fn from(condition: v::Condition) -> Self {
        let item = ItemName(condition.item);
        let empty = Self { item, eq: None, one_of: None, prefix: None, range: None };
        match condition.test {
            v::Test::Equals(literal) => Self { eq: Some(Literal(literal)), ..empty },
            v::Test::OneOf(list) => Self { one_of: Some(list.into_iter().map(Literal).collect()), ..empty },
            v::Test::StartsWith(prefix) => Self { prefix: Some(prefix), ..empty },
            v::Test::Between { from, to } => {
                Self { range: Some(Range { from: from.map(Literal), to: to.map(Literal) }), ..empty }
            }
        }
    }
}

/// A conjunction from its wire form.
pub fn row_filter(rows: Vec<RowCondition>) -> v::RowFilter {
    v::RowFilter(rows.into_iter().map(Into::into).collect())
}

/// The wire form of a conjunction.
pub fn row_conditions(filter: v::RowFilter) -> Vec<RowCondition> {
    filter.0.into_iter().map(Into::into).collect()
}

/// How a value is hidden before it leaves (脱敏方式).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Mask {
    /// Keep this many characters at the head and the tail (保留首尾).
    KeepEnds {
        /// Characters kept at the head.
        head: u8,
        /// Characters kept at the tail.
        tail: u8,
    },
    /// A keyed hash, the same for the same value within one grant (加密散列).
    KeyedHash {},
    /// Only the year of a date (仅保留年份).
    YearOnly {},
    /// Only the first digits of a region code or identity number (仅保留区划).
    RegionOnly {
        /// Digits kept: 2, 4 or 6.
        digits: u8,
    },
    /// Nothing is kept (完全隐藏).
    Redact {},
    /// Another value of the same form, one for one within one grant (保形替换).
    Token {},
    /// Never delivered; it can only be asked whether a value is the one (仅核验).
    VerifyOnly {},
}

impl From<Mask> for v::Mask {
    fn from(form: Mask) -> Self {
        match form {
            Mask::KeepEnds { head, tail } => Self::KeepEnds { head, tail },
            Mask::KeyedHash {} => Self::KeyedHash,
            Mask::YearOnly {} => Self::YearOnly,
            Mask::RegionOnly { digits } => Self::RegionOnly { digits },
            Mask::Redact {} => Self::Redact,
            Mask::Token {} => Self::Token,
            Mask::VerifyOnly {} => Self::VerifyOnly,
        }
    }
}

impl From<v::Mask> for Mask {
    fn from(mask: v::Mask) -> Self {
        match mask {
            v::Mask::KeepEnds { head, tail } => Self::KeepEnds { head, tail },
            v::Mask::KeyedHash => Self::KeyedHash {},
            v::Mask::YearOnly => Self::YearOnly {},
            v::Mask::RegionOnly { digits } => Self::RegionOnly { digits },
            v::Mask::Redact => Self::Redact {},
            v::Mask::Token => Self::Token {},
            v::Mask::VerifyOnly => Self::VerifyOnly {},
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_go_both_ways() {
        for text in [
            r#"{"item":"a","eq":"x"}"#,
            r#"{"item":"a","eq":3}"#,
            r#"{"item":"a","in":["x",1,true]}"#,
            r#"{"item":"a","prefix":"5203"}"#,
            r#"{"item":"a","range":{"from":1,"to":9}}"#,
            r#"{"item":"a","range":{"to":9}}"#,
        ] {
            let form: RowCondition = serde_json::from_str(text).unwrap();
            let condition: v::Condition = form.into();
            assert_eq!(serde_json::to_string(&RowCondition::from(condition)).unwrap(), text);
        }
    }

    #[test]
    fn conditions_have_exactly_one_test() {
        for text in [
            r#"{"item":"a"}"#,
            r#"{"item":"a","eq":"x","prefix":"y"}"#,
            r#"{"item":"a","eq":1.5}"#,
            r#"{"item":"a","eq":9223372036854775808}"#,
            r#"{"item":"a","like":"x"}"#,
            r#"{"item":"a b","eq":"x"}"#,
        ] {
            assert!(serde_json::from_str::<RowCondition>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn masks_take_no_stray_fields() {
        assert!(serde_json::from_str::<Mask>(r#"{"kind":"redact"}"#).is_ok());
        assert!(serde_json::from_str::<Mask>(r#"{"kind":"redact","x":1}"#).is_err());
        assert!(serde_json::from_str::<Mask>(r#"{"kind":"keep_ends","head":1}"#).is_err());
    }
}
