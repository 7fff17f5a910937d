//! Parquet files: types are the file's own. Columns of lists, structures and bytes are left out.

use super::{Cell, Column, FileTable, Kind, Row, TabularFile, infer};
use crate::{
    source::{BadCell, BadFile, SourceError, tabular::ROWS_MAX},
    value,
};
use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch},
    compute::cast,
    datatypes::{
        DataType, Date32Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type, Int64Type, TimeUnit,
        TimestampMicrosecondType, TimestampNanosecondType, UInt64Type,
    },
};
use parquet::arrow::{
    ProjectionMask,
    arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder},
};
use shuqiao_vocabulary::ItemType;
use std::{
    fs::File,
    path::{Path, PathBuf},
};

/// Rows decoded at a time.
const ROWS_AT_A_TIME: usize = 1_000;
/// Bytes that one row group may unpack to: it is what may come into memory at a time.
const GROUP_BYTES_MAX: i64 = 2 * 1024 * 1024 * 1024;

/// A Parquet file whose schema was read.
pub(crate) struct ParquetFile {
    path: PathBuf,
    table: [FileTable; 1],
    /// Positions of the columns among the file's.
    places: Vec<usize>,
    metadata: ArrowReaderMetadata,
}

impl ParquetFile {
    /// Reads the schema.
    ///
    /// # Errors
    /// When it is not readable, too wide, has too many rows, or no column that can be served.
    pub(crate) fn of(path: &Path) -> Result<Self, SourceError> {
        let damaged = |_| SourceError::BadFile(BadFile::Damaged);
        let file = File::open(path).map_err(|_| SourceError::Unreachable)?;
        // A schema that the writer's library left beside the file's own is not needed, and need not be true.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata = ArrowReaderMetadata::load(&file, options).map_err(damaged)?;
        let rows = u64::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or(u64::MAX);
        if rows > ROWS_MAX {
            return Err(SourceError::TooManyRows { limit: ROWS_MAX });
        }
        if metadata.metadata().row_groups().iter().any(|group| group.total_byte_size() > GROUP_BYTES_MAX) {
            return Err(SourceError::BadFile(BadFile::ExpandsTooFar));
        }
        let fields = metadata.schema().fields();
        infer::not_too_wide("table", fields.len())?;
        let (mut places, mut types, mut headings) = (Vec::new(), Vec::new(), Vec::new());
        for (place, field) in fields.iter().enumerate() {
            if let Some(item_type) = item_type(field.data_type()) {
                places.push(place);
                types.push(item_type);
                headings.push(field.name().as_str());
            }
        }
        if places.is_empty() {
            return Err(SourceError::BadFile(BadFile::Empty));
        }
        let too_long = SourceError::BadLine { line: 1, what: "a column name longer than 256 characters" };
        let names = infer::names(headings).ok_or(too_long)?;
        let columns = names.into_iter().zip(types).map(|(name, item_type)| Column { name, item_type }).collect();
        Ok(Self { path: path.to_owned(), table: [FileTable { name: None, columns }], places, metadata })
    }
}

impl TabularFile for ParquetFile {
    fn tables(&self) -> &[FileTable] {
        &self.table
    }

    fn each_row(&self, _table: usize, take: &mut dyn FnMut(Row) -> Result<(), SourceError>) -> Result<(), SourceError> {
        let damaged = SourceError::BadFile(BadFile::Damaged);
        let file = File::open(&self.path).map_err(|_| SourceError::Unreachable)?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let wanted = ProjectionMask::roots(reader.parquet_schema(), self.places.iter().copied());
        let reader = reader.with_projection(wanted).with_batch_size(ROWS_AT_A_TIME).build();
        let mut row = 0;
        for batch in reader.map_err(|_| damaged.clone())? {
            self.take_batch(&batch.map_err(|_| damaged.clone())?, row, take)?;
            row += ROWS_AT_A_TIME as u64;
        }
        Ok(())
    }
}

impl ParquetFile {
    fn take_batch(
        &self,
        batch: &RecordBatch,
        rows_before: u64,
        take: &mut dyn FnMut(Row) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        let damaged = || SourceError::BadFile(BadFile::Damaged);
        let columns = &self.table[0].columns;
        if batch.num_columns() != columns.len() {
            return Err(damaged());
        }
        let arrays: Vec<ArrayRef> =
            batch.columns().iter().map(|array| plain(array).ok_or_else(damaged)).collect::<Result<_, _>>()?;
        for at in 0..batch.num_rows() {
            let mut row = Vec::with_capacity(columns.len());
            for (array, column) in arrays.iter().zip(columns) {
                let cell = if array.is_null(at) { None } else { Some(read(array, at)) };
                row.push(cell.transpose().map_err(|what| SourceError::BadCell {
                    table: "table".to_owned(),
                    row: rows_before + at as u64 + 1,
                    column: column.name.clone(),
                    what,
                })?);
            }
            take(row)?;
        }
        Ok(())
    }
}

/// The type of item that a column can be published as; `None` where there is none.
fn item_type(of: &DataType) -> Option<ItemType> {
    use DataType as D;
    Some(match of {
        D::Utf8 | D::LargeUtf8 | D::Utf8View => ItemType::Text,
        D::Int8 | D::Int16 | D::Int32 | D::Int64 | D::UInt8 | D::UInt16 | D::UInt32 | D::UInt64 => ItemType::Integer,
        D::Float32 | D::Float64 | D::Decimal32(..) | D::Decimal64(..) | D::Decimal128(..) | D::Decimal256(..) => {
            ItemType::Decimal
        }
        D::Boolean => ItemType::Boolean,
        D::Date32 | D::Date64 => ItemType::Date,
        D::Timestamp(..) => ItemType::DateTime,
        D::Dictionary(_, values) => return item_type(values),
        _ => return None,
    })
}

/// The array in one of the few forms that [`read`] knows.
fn plain(array: &ArrayRef) -> Option<ArrayRef> {
    use DataType as D;
    let to = match array.data_type() {
        D::Utf8 | D::LargeUtf8 | D::Utf8View => D::LargeUtf8,
        D::UInt64 => D::UInt64,
        D::Int8 | D::Int16 | D::Int32 | D::Int64 | D::UInt8 | D::UInt16 | D::UInt32 => D::Int64,
        D::Decimal32(digits, scale) | D::Decimal64(digits, scale) => D::Decimal128(*digits, *scale),
        D::Date32 | D::Date64 => D::Date32,
        D::Timestamp(TimeUnit::Nanosecond, _) => D::Timestamp(TimeUnit::Nanosecond, None),
        D::Timestamp(..) => D::Timestamp(TimeUnit::Microsecond, None),
        D::Dictionary(_, values) => return plain(&cast(array, values).ok()?),
        other => other.clone(),
    };
    cast(array, &to).ok()
}

fn read(array: &ArrayRef, at: usize) -> Result<Cell, BadCell> {
    use DataType as D;
    let cell = |kind, text: String| Ok(Cell::new(kind, text));
    match array.data_type() {
        D::LargeUtf8 => cell(Kind::Text, array.as_string::<i64>().value(at).to_owned()),
        D::Int64 => cell(Kind::Number, array.as_primitive::<Int64Type>().value(at).to_string()),
        D::UInt64 => {
            let number = array.as_primitive::<UInt64Type>().value(at);
            i64::try_from(number).map_err(|_| BadCell::NotANumber).and_then(|n| cell(Kind::Number, n.to_string()))
        }
        D::Float32 => float(array.as_primitive::<Float32Type>().value(at)),
        D::Float64 => float(array.as_primitive::<Float64Type>().value(at)),
        D::Decimal128(..) => cell(Kind::Number, array.as_primitive::<Decimal128Type>().value_as_string(at)),
        D::Decimal256(..) => cell(Kind::Number, array.as_primitive::<Decimal256Type>().value_as_string(at)),
        D::Boolean => cell(Kind::Boolean, array.as_boolean().value(at).to_string()),
        D::Date32 => {
            let date = array.as_primitive::<Date32Type>().value(at);
            let micros = i64::from(date) * 86_400_000_000;
            let text = value::date_time_text(micros);
            let date = text.split('T').next().filter(|date| value::date(date).is_some()).ok_or(BadCell::NotADate)?;
            cell(Kind::Date, date.to_owned())
        }
        D::Timestamp(unit, _) => {
            let micros = match unit {
                TimeUnit::Nanosecond => {
                    let nanos = array.as_primitive::<TimestampNanosecondType>().value(at);
                    // Decimals behind the sixth cannot be told; they are not cut off unsaid.
                    if nanos % 1000 == 0 { nanos / 1000 } else { return Err(BadCell::NotADate) }
                }
                _ => array.as_primitive::<TimestampMicrosecondType>().value(at),
            };
            let text = value::date_time_text(micros);
            if value::date_time(&text).is_some() { cell(Kind::DateTime, text) } else { Err(BadCell::NotADate) }
        }
        _ => Err(BadCell::NotANumber),
    }
}

/// The shortest decimal that is this floating number.
fn float<F: Into<f64> + std::fmt::Display + Copy>(number: F) -> Result<Cell, BadCell> {
    let wide: f64 = number.into();
    if wide.is_finite() { Ok(Cell::new(Kind::Number, number.to_string())) } else { Err(BadCell::NotANumber) }
}
