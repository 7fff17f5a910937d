//! Arrow IPC stream: one schema, one batch.

use crate::{
    mask::{AnswerColumn, MaskedRows},
    value::{Value, date_time_text},
};
use arrow::{
    array::{
        ArrayRef, BooleanBuilder, Date32Builder, Int64Builder, RecordBatch, RecordBatchOptions, StringBuilder,
        TimestampMicrosecondBuilder,
    },
    datatypes::{DataType, Field, Schema, TimeUnit},
    ipc::writer::StreamWriter,
};
use shuqiao_vocabulary::{Date, ItemType};
use std::{collections::HashMap, sync::Arc};

/// `None` only if the rows do not fit the columns, which the check before has excluded.
pub(super) fn encode(rows: &MaskedRows) -> Option<Vec<u8>> {
    let batch = batch(rows)?;
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).ok()?;
    writer.write(&batch).ok()?;
    writer.finish().ok()?;
    writer.into_inner().ok()
}

pub(super) fn schema(columns: &[AnswerColumn]) -> Arc<Schema> {
    let field = |column: &AnswerColumn| {
        let type_word = column.item_type.as_str().to_owned();
        let notes = [("type".to_owned(), type_word), ("masked".to_owned(), column.masked.to_string())];
        Field::new(column.name.as_str(), data_type(column.item_type), true).with_metadata(HashMap::from(notes))
    };
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

pub(super) fn batch(rows: &MaskedRows) -> Option<RecordBatch> {
    let types: Vec<ItemType> = rows.columns.iter().map(|column| column.item_type).collect();
    batch_of(schema(&rows.columns), &types, &rows.rows)
}

/// Rows of these types under a schema that has the columns for them.
pub(super) fn batch_of(schema: Arc<Schema>, types: &[ItemType], rows: &[Vec<Value>]) -> Option<RecordBatch> {
    let arrays = types.iter().enumerate().map(|(at, item_type)| array(rows, at, *item_type)).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    RecordBatch::try_new_with_options(schema, arrays, &options).ok()
}

pub(super) fn data_type(item_type: ItemType) -> DataType {
    match item_type {
        ItemType::Text | ItemType::Decimal => DataType::Utf8,
        ItemType::Integer => DataType::Int64,
        ItemType::Date => DataType::Date32,
        ItemType::DateTime => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        ItemType::Boolean => DataType::Boolean,
    }
}

fn array(rows: &[Vec<Value>], at: usize, item_type: ItemType) -> ArrayRef {
    let cells = rows.iter().map(|row| &row[at]);
    match item_type {
        ItemType::Text | ItemType::Decimal => {
            let mut builder = StringBuilder::new();
            cells.for_each(|cell| match cell {
                Value::Text(text) | Value::Decimal(text) => builder.append_value(text),
                Value::DateTime(microseconds) => builder.append_value(date_time_text(*microseconds)),
                other => builder.append_option(other.written()),
            });
            Arc::new(builder.finish())
        }
        ItemType::Integer => {
            let mut builder = Int64Builder::new();
            cells.for_each(|cell| builder.append_option(if let Value::Integer(n) = cell { Some(*n) } else { None }));
            Arc::new(builder.finish())
        }
        ItemType::Date => {
            let mut builder = Date32Builder::new();
            cells.for_each(|cell| builder.append_option(if let Value::Date(d) = cell { Some(days(*d)) } else { None }));
            Arc::new(builder.finish())
        }
        ItemType::DateTime => {
            let mut builder = TimestampMicrosecondBuilder::new().with_timezone("UTC");
            cells.for_each(|cell| builder.append_option(if let Value::DateTime(t) = cell { Some(*t) } else { None }));
            Arc::new(builder.finish())
        }
        ItemType::Boolean => {
            let mut builder = BooleanBuilder::new();
            cells.for_each(|cell| builder.append_option(if let Value::Boolean(b) = cell { Some(*b) } else { None }));
            Arc::new(builder.finish())
        }
    }
}

/// Days since 1970-01-01.
fn days(date: Date) -> i32 {
    let start = jiff::civil::date(1970, 1, 1);
    (date - start).get_days()
}
