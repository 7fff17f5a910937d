//! Parquet: how every file of it is written, and small ones whole, both ways.

use super::arrow::{batch_of, data_type};
use crate::value::Value;
use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{DataType, Date32Type, Field, Int64Type, Schema, TimestampMicrosecondType},
};
use bytes::Bytes;
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder},
    basic::Compression,
    file::properties::WriterProperties,
};
use shuqiao_vocabulary::ItemType;
use std::{collections::HashMap, sync::Arc};

/// Rows of a row group: as many as a reader may have to hold.
const ROW_GROUP_ROWS: usize = 128 * 1024;

/// How files are written: compressed with Snappy, which every reader knows.
pub(crate) fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .build()
}

/// The rows as one file; texts and decimals as UTF-8, moments in microseconds of UTC. `None` only if the rows do not fit
/// the columns.
pub(crate) fn write(columns: &[(String, ItemType)], rows: &[Vec<Value>]) -> Option<Vec<u8>> {
    let schema = schema(columns);
    let types: Vec<ItemType> = columns.iter().map(|(_, item_type)| *item_type).collect();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties())).ok()?;
    writer.write(&batch_of(schema, &types, rows)?).ok()?;
    writer.into_inner().ok()
}

fn schema(columns: &[(String, ItemType)]) -> Arc<Schema> {
    let field = |(name, item_type): &(String, ItemType)| {
        let notes = HashMap::from([("type".to_owned(), item_type.as_str().to_owned())]);
        Field::new(name, data_type(*item_type), true).with_metadata(notes)
    };
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

/// Gives the rows of such a file, one after the other. `None` when it is not a whole file with these columns.
pub(crate) fn read(bytes: Vec<u8>, columns: &[(String, ItemType)], mut take: impl FnMut(&[Value])) -> Option<()> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).ok()?;
    let told = |field: &Arc<Field>| (field.name().clone(), field.data_type().clone());
    let wanted = columns.iter().map(|(name, item_type)| (name.clone(), data_type(*item_type)));
    if !reader.schema().fields().iter().map(told).eq(wanted) {
        return None;
    }
    let mut row = Vec::with_capacity(columns.len());
    for batch in reader.build().ok()? {
        let batch: RecordBatch = batch.ok()?;
        for at in 0..batch.num_rows() {
            row.clear();
            for column in batch.columns() {
                row.push(cell(column, at)?);
            }
            take(&row);
        }
    }
    Some(())
}

/// A cell as a value that is written as what was sent is.
fn cell(column: &dyn Array, at: usize) -> Option<Value> {
    if column.is_null(at) {
        return Some(Value::Null);
    }
    Some(match column.data_type() {
        DataType::Utf8 => Value::Text(column.as_string::<i32>().value(at).to_owned()),
        DataType::Int64 => Value::Integer(column.as_primitive::<Int64Type>().value(at)),
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>().value_as_date(at)?;
            Value::Date(days.to_string().parse().ok()?)
        }
        DataType::Timestamp(..) => Value::DateTime(column.as_primitive::<TimestampMicrosecondType>().value(at)),
        DataType::Boolean => Value::Boolean(column.as_boolean().value(at)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::date_time;

    #[test]
    fn what_is_written_reads_back_and_nothing_else_does() {
        let types = [
            ItemType::Text,
            ItemType::Integer,
            ItemType::Decimal,
            ItemType::Date,
            ItemType::DateTime,
            ItemType::Boolean,
        ];
        let columns: Vec<(String, ItemType)> =
            types.iter().map(|item_type| (item_type.as_str().to_owned(), *item_type)).collect();
        let rows = vec![
            vec![
                Value::Text("a,\"b\"\n北京".to_owned()),
                Value::Integer(i64::MIN),
                Value::Decimal("-0.10000000000000000000000001".to_owned()),
                Value::Date("0001-01-01".parse().unwrap()),
                Value::DateTime(date_time("2020-01-01T00:00:00.000001Z").unwrap()),
                Value::Boolean(true),
            ],
            vec![const { Value::Null }; 6],
            vec![
                Value::Text(String::new()),
                Value::Integer(0),
                Value::Decimal("1".to_owned()),
                Value::Date("9999-12-31".parse().unwrap()),
                Value::DateTime(date_time("1950-06-05T04:03:02Z").unwrap()),
                Value::Boolean(false),
            ],
        ];
        let bytes = write(&columns, &rows).unwrap();
        let written = |row: &[Value]| row.iter().map(Value::written).collect::<Vec<_>>();
        let mut found = Vec::new();
        read(bytes.clone(), &columns, |row| found.push(written(row))).unwrap();
        assert_eq!(found, rows.iter().map(|row| written(row)).collect::<Vec<_>>());
        let none = write(&columns, &[]).unwrap();
        read(none, &columns, |_| panic!("there are no rows")).unwrap();
        assert_eq!(read(bytes[..bytes.len() - 1].to_vec(), &columns, |_| {}), None);
        assert_eq!(read(bytes, &columns[1..], |_| {}), None);
    }
}
