//! Which of a plan's conditions a source can test itself: those that are tests of the plane, on one column each. It may
//! leave rows over, never take one away: the engine tests every condition itself.

use crate::{decimal, types};
use datafusion::{
    arrow::datatypes::DataType,
    logical_expr::{BinaryExpr, Expr, Operator},
    scalar::ScalarValue,
};
use shuqiao_plane::{
    source::{ColumnStructure, TypedTest},
    value::Value,
};
use shuqiao_vocabulary::ItemType;

/// Values that a list handed to a source may have.
const LIST_VALUES_MAX: usize = 1_000;
/// Digits that any column of numbers can be compared with exactly, floating point or not.
const DIGITS_SAFE: usize = 15;

/// A condition as a source can test it: the column's position, and a test that holds wherever the condition does.
pub(crate) fn pushed(condition: &Expr, columns: &[ColumnStructure]) -> Option<(usize, TypedTest)> {
    let column_of = |expression: &Expr| match expression {
        Expr::Column(column) => columns.iter().position(|known| known.name == column.name),
        _ => None,
    };
    let value_of = |at: usize, expression: &Expr| match expression {
        Expr::Literal(scalar, _) => value(scalar, &columns[at]),
        _ => None,
    };
    Some(match condition {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            let (at, op, value) = match (column_of(left), column_of(right)) {
                (Some(at), None) => (at, *op, value_of(at, right)?),
                (None, Some(at)) => (at, op.swap()?, value_of(at, left)?),
                _ => return None,
            };
            let between = |from, to| TypedTest::Between { from, to };
            match op {
                Operator::Eq => (at, TypedTest::Equals(value)),
                Operator::GtEq => (at, between(Some(value), None)),
                Operator::LtEq => (at, between(None, Some(value))),
                Operator::Gt => (at, between(Some(value), None)),
                Operator::Lt => (at, between(None, Some(value))),
                _ => return None,
            }
        }
        Expr::InList(list) if !list.negated && !list.list.is_empty() && list.list.len() <= LIST_VALUES_MAX => {
            let at = column_of(&list.expr)?;
            let values = list.list.iter().map(|value| value_of(at, value)).collect::<Option<_>>()?;
            (at, TypedTest::OneOf(values))
        }
        Expr::Between(between) if !between.negated => {
            let at = column_of(&between.expr)?;
            let (from, to) = (value_of(at, &between.low)?, value_of(at, &between.high)?);
            (at, TypedTest::Between { from: Some(from), to: Some(to) })
        }
        Expr::IsNotNull(inner) => (column_of(inner)?, TypedTest::Between { from: None, to: None }),
        Expr::Like(like) if !like.negated && !like.case_insensitive && like.escape_char.is_none() => {
            let at = column_of(&like.expr)?;
            let Value::Text(pattern) = value_of(at, &like.pattern)? else {
                return None;
            };
            let prefix = pattern.strip_suffix('%')?;
            if prefix.is_empty() || prefix.contains(['%', '_', '\\']) {
                return None;
            }
            (at, TypedTest::StartsWith(prefix.to_owned()))
        }
        // `e = true`, as the planner rewrites it.
        Expr::Column(_) => (column_of(condition)?, TypedTest::Equals(Value::Boolean(true))),
        Expr::Not(inner) => (column_of(inner)?, TypedTest::Equals(Value::Boolean(false))),
        _ => return None,
    })
}

/// A literal as a value of the column's type, when a source compares it as the engine does.
fn value(scalar: &ScalarValue, column: &ColumnStructure) -> Option<Value> {
    Some(match (column.item_type, scalar) {
        (
            ItemType::Text,
            ScalarValue::Utf8(Some(text)) | ScalarValue::LargeUtf8(Some(text)) | ScalarValue::Utf8View(Some(text)),
        ) if !text.contains('\0') => Value::Text(text.clone()),
        (ItemType::Integer, ScalarValue::Int64(Some(number))) => Value::Integer(*number),
        (ItemType::Decimal, ScalarValue::Decimal128(Some(units), _, scale))
            if matches!(types::of_column(column), DataType::Decimal128(..)) =>
        {
            let text = decimal::written(*units, *scale);
            if decimal::significant_digits(&text) > DIGITS_SAFE {
                return None;
            }
            Value::Decimal(text)
        }
        (ItemType::Date, ScalarValue::Date32(Some(days))) => Value::Date(types::date(*days)?),
        (ItemType::DateTime, ScalarValue::TimestampMicrosecond(Some(at), None)) => Value::DateTime(*at),
        (ItemType::Boolean, ScalarValue::Boolean(Some(yes))) => Value::Boolean(*yes),
        _ => return None,
    })
}
