//! The plane's values as columns of the engine, and back. One meaning each way: what cannot be held exactly is an error.

use crate::decimal::{self, Cut};
use datafusion::arrow::{
    array::{
        Array, ArrayRef, AsArray as _, BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder,
        RecordBatch, RecordBatchOptions, StringBuilder, TimestampMicrosecondBuilder,
    },
    datatypes::{
        DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, SchemaRef, TimeUnit, TimestampMicrosecondType,
    },
};
use shuqiao_plane::{
    source::{
        ColumnStructure,
        view::{ViewCode, ViewRefusal},
    },
    value::Value,
};
use shuqiao_vocabulary::{Date, ItemType};
use std::sync::Arc;

/// Decimals of a column whose source does not say how many it has.
const SCALE_UNLESS_SAID: i8 = 10;
const PRECISION_MAX: u8 = 38;

/// The engine's type for a column of a source.
pub(crate) fn of_column(column: &ColumnStructure) -> DataType {
    match column.item_type {
        ItemType::Text => DataType::Utf8,
        ItemType::Integer => DataType::Int64,
        ItemType::Decimal => of_decimal(&column.native_type),
        ItemType::Date => DataType::Date32,
        ItemType::DateTime => DataType::Timestamp(TimeUnit::Microsecond, None),
        ItemType::Boolean => DataType::Boolean,
    }
}

/// `numeric(15,2)` is exact with two decimals, `double precision` is what it is, anything else gets a fixed scale.
fn of_decimal(native: &str) -> DataType {
    let native = native.to_ascii_lowercase();
    if ["real", "floa", "doub"].iter().any(|part| native.contains(part)) {
        return DataType::Float64;
    }
    let inside = native.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inside, _)| inside);
    let said = inside.and_then(|inside| {
        let (precision, scale) = inside.split_once(',').unwrap_or((inside, "0"));
        Some((precision.trim().parse::<u8>().ok()?, scale.trim().parse::<i8>().ok()?))
    });
    match said {
        Some((precision @ 1..=PRECISION_MAX, scale)) if (0..=precision as i8).contains(&scale) => {
            DataType::Decimal128(precision, scale)
        }
        _ => DataType::Decimal128(PRECISION_MAX, SCALE_UNLESS_SAID),
    }
}

/// The type of item that a column of this type can be published as, and the one type of the engine that stands for it.
pub(crate) fn published(data_type: &DataType) -> Option<(ItemType, DataType)> {
    use DataType as D;
    Some(match data_type {
        D::Utf8 | D::LargeUtf8 | D::Utf8View => (ItemType::Text, D::Utf8),
        D::Int8 | D::Int16 | D::Int32 | D::Int64 | D::UInt8 | D::UInt16 | D::UInt32 | D::UInt64 => {
            (ItemType::Integer, D::Int64)
        }
        D::Float16 | D::Float32 | D::Float64 => (ItemType::Decimal, D::Float64),
        D::Decimal128(precision, scale) => (ItemType::Decimal, D::Decimal128(*precision, *scale)),
        D::Date32 | D::Date64 => (ItemType::Date, D::Date32),
        D::Timestamp(..) => (ItemType::DateTime, D::Timestamp(TimeUnit::Microsecond, None)),
        D::Boolean => (ItemType::Boolean, D::Boolean),
        _ => return None,
    })
}

/// The word for a type that stands in a structure.
pub(crate) fn word(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 => "text".to_owned(),
        DataType::Int64 => "bigint".to_owned(),
        DataType::Float64 => "double".to_owned(),
        DataType::Decimal128(precision, scale) => format!("decimal({precision},{scale})"),
        DataType::Date32 => "date".to_owned(),
        DataType::Timestamp(..) => "timestamp".to_owned(),
        DataType::Boolean => "boolean".to_owned(),
        other => other.to_string(),
    }
}

/// Rows of a source as a batch of this schema.
///
/// # Errors
/// `view_value` with the column, for a number that its type cannot hold exactly.
pub(crate) fn batch(schema: &SchemaRef, rows: &[Vec<Value>]) -> Result<RecordBatch, ViewRefusal> {
    let mut arrays = Vec::with_capacity(schema.fields().len());
    for (at, field) in schema.fields().iter().enumerate() {
        let inexact = || ViewRefusal::new(ViewCode::Value).with("name", field.name());
        arrays.push(array(rows.iter().map(|row| row.get(at)), field.data_type()).ok_or_else(inexact)?);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    RecordBatch::try_new_with_options(schema.clone(), arrays, &options).map_err(|_| ViewRefusal::new(ViewCode::Value))
}

fn array<'a>(cells: impl Iterator<Item = Option<&'a Value>>, data_type: &DataType) -> Option<ArrayRef> {
    macro_rules! built {
        ($builder:expr, $($wanted:pat => $value:expr),+) => {{
            let mut builder = $builder;
            for cell in cells {
                match cell? {
                    Value::Null => builder.append_null(),
                    $($wanted => builder.append_value($value),)+
                    _ => return None,
                }
            }
            Arc::new(builder.finish()) as ArrayRef
        }};
    }
    Some(match data_type {
        DataType::Utf8 => built!(StringBuilder::new(), Value::Text(text) => text),
        DataType::Int64 => built!(Int64Builder::new(), Value::Integer(number) => *number),
        DataType::Boolean => built!(BooleanBuilder::new(), Value::Boolean(yes) => *yes),
        DataType::Date32 => built!(Date32Builder::new(), Value::Date(date) => days(*date)),
        DataType::Timestamp(..) => built!(TimestampMicrosecondBuilder::new(), Value::DateTime(at) => *at),
        DataType::Float64 => built!(Float64Builder::new(), Value::Decimal(text) => text.parse().ok()?),
        DataType::Decimal128(precision, scale) => {
            let builder = Decimal128Builder::new().with_precision_and_scale(*precision, *scale).ok()?;
            built!(builder, Value::Decimal(text) => units(text, *precision, *scale)?)
        }
        _ => return None,
    })
}

/// A written number in units of the scale, when it can be held exactly.
pub(crate) fn units(text: &str, precision: u8, scale: i8) -> Option<i128> {
    match decimal::cut(text, u8::try_from(scale).ok()?)? {
        Cut::Exact(units) if units.unsigned_abs() < 10_u128.pow(u32::from(precision)) => Some(units),
        _ => None,
    }
}

/// Days since 1970-01-01.
pub(crate) fn days(date: Date) -> i32 {
    (date - jiff::civil::date(1970, 1, 1)).get_days()
}

/// The date so many days after 1970-01-01; there is none before the year 1.
pub(crate) fn date(days: i32) -> Option<Date> {
    let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
    (date.year() > 0).then_some(date)
}

/// The rows of a batch whose columns are of published types: for each row the columns at these places.
///
/// # Errors
/// `view_value` with the column, for something that is no value: not a number, a date before all dates.
pub(crate) fn rows(batch: &RecordBatch, places: &[usize]) -> Result<Vec<Vec<Value>>, ViewRefusal> {
    let mut rows: Vec<Vec<Value>> = (0..batch.num_rows()).map(|_| Vec::with_capacity(places.len())).collect();
    for place in places {
        let array = batch.column(*place);
        let no_value = || ViewRefusal::new(ViewCode::Value).with("name", batch.schema().field(*place).name());
        for (at, row) in rows.iter_mut().enumerate() {
            row.push(cell(array, at).ok_or_else(no_value)?);
        }
    }
    Ok(rows)
}

fn cell(array: &ArrayRef, at: usize) -> Option<Value> {
    if array.is_null(at) {
        return Some(Value::Null);
    }
    Some(match array.data_type() {
        DataType::Utf8 => Value::Text(array.as_string::<i32>().value(at).to_owned()),
        DataType::Int64 => Value::Integer(array.as_primitive::<Int64Type>().value(at)),
        DataType::Boolean => Value::Boolean(array.as_boolean().value(at)),
        DataType::Date32 => Value::Date(date(array.as_primitive::<Date32Type>().value(at))?),
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            let at = array.as_primitive::<TimestampMicrosecondType>().value(at);
            jiff::Timestamp::from_microsecond(at).ok()?;
            Value::DateTime(at)
        }
        DataType::Float64 => {
            let number = array.as_primitive::<Float64Type>().value(at);
            // -0 and 0 are one number, and both are written 0.
            number.is_finite().then(|| Value::Decimal((number + 0.0).to_string()))?
        }
        DataType::Decimal128(_, scale) => {
            Value::Decimal(decimal::written(array.as_primitive::<Decimal128Type>().value(at), *scale))
        }
        _ => return None,
    })
}
