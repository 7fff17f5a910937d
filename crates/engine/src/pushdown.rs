//! Which of a plan's conditions a source can test itself: those that are tests of the plane, on one column each. All
//! others stay in the engine.

use crate::{decimal, types};
use datafusion::{
    arrow::datatypes::DataType,
    logical_expr::{BinaryExpr, Expr, Operator, TableProviderFilterPushDown as Pushdown},
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

/// A condition as a source can test it: the column's position, the test, and whether the rows it leaves are exactly
/// those of the condition (else the engine tests them again).
pub(crate) fn pushed(condition: &Expr, columns: &[ColumnStructure]) -> Option<(usize, TypedTest, Pushdown)> {
    let column_of = |expression: &Expr| match expression {
        Expr::Column(column) => columns.iter().position(|known| known.name == column.name),
        _ => None,
    };
    let value_of = |at: usize, expression: &Expr| match expression {
        Expr::Literal(scalar, _) => value(scalar, &columns[at]),
        _ => None,
    };
    let (at, test, exact) = match condition {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            let (at, op, value) = match (column_of(left), column_of(right)) {
                (Some(at), None) => (at, *op, value_of(at, right)?),
                (None, Some(at)) => (at, op.swap()?, value_of(at, left)?),
                _ => return None,
            };
            let between = |from, to| TypedTest::Between { from, to };
            match op {
                Operator::Eq => (at, TypedTest::Equals(value), true),
                Operator::GtEq => (at, between(Some(value), None), true),
                Operator::LtEq => (at, between(None, Some(value)), true),
                Operator::Gt => (at, between(Some(value), None), false),
                Operator::Lt => (at, between(None, Some(value)), false),
                _ => return None,
            }
        }
        Expr::InList(list) if !list.negated && !list.list.is_empty() && list.list.len() <= LIST_VALUES_MAX => {
            let at = column_of(&list.expr)?;
            let values = list.list.iter().map(|value| value_of(at, value)).collect::<Option<_>>()?;
            (at, TypedTest::OneOf(values), true)
        }
        Expr::Between(between) if !between.negated => {
            let at = column_of(&between.expr)?;
            let (from, to) = (value_of(at, &between.low)?, value_of(at, &between.high)?);
            (at, TypedTest::Between { from: Some(from), to: Some(to) }, true)
        }
        Expr::IsNotNull(inner) => (column_of(inner)?, TypedTest::Between { from: None, to: None }, true),
        Expr::Like(like) if !like.negated && !like.case_insensitive && like.escape_char.is_none() => {
            let at = column_of(&like.expr)?;
            let Value::Text(pattern) = value_of(at, &like.pattern)? else {
                return None;
            };
            let prefix = pattern.strip_suffix('%')?;
            if prefix.is_empty() || prefix.contains(['%', '_', '\\']) {
                return None;
            }
            (at, TypedTest::StartsWith(prefix.to_owned()), true)
        }
        _ => return None,
    };
    // How a source compares decimals depends on how it keeps them: it may leave rows over, never take one away.
    let exact = exact && columns[at].item_type != ItemType::Decimal;
    Some((at, test, if exact { Pushdown::Exact } else { Pushdown::Inexact }))
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
