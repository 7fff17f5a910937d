//! What a way gave, read back by readers that are not ours, as written cells.

use super::case::{COLUMNS, Case, date_of, moment_of};
use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{DataType, Date32Type, Int64Type, TimestampMicrosecondType},
    ipc::reader::StreamReader,
};
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value as Json;
use shuqiao_vocabulary::ItemType;

pub(crate) type Cells = Vec<Option<String>>;

/// What was given: the names of its columns, and rows of written cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Cells>,
    /// Codes of rows that were put aside.
    pub(crate) aside: Vec<String>,
}

/// What a form can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Everything.
    Exact,
    /// An empty text and nothing at all are one.
    Sheet,
    /// That too, and a text that a spreadsheet would run gets a `'` in front.
    Csv,
}

impl Form {
    fn told(self, cell: Option<String>, is_text: bool) -> Option<String> {
        match self {
            Self::Exact => cell,
            Self::Sheet => cell.filter(|cell| !cell.is_empty()),
            Self::Csv => cell
                .filter(|cell| !cell.is_empty())
                .map(|cell| if is_text && cell.starts_with(['=', '-', '+', '@']) { format!("'{cell}") } else { cell }),
        }
    }
}

impl Given {
    /// As this form tells it; of decimals without the zeros that say nothing.
    pub(crate) fn told_as(self, form: Form, case: &Case) -> Self {
        let plain = |cell: String| cell.trim_end_matches('0').trim_end_matches('.').to_owned();
        let told = |(name, cell): (&String, Option<String>)| {
            let column = column_of(name);
            let masked = case.is_masked(column);
            let is_number = COLUMNS[column].1 == ItemType::Decimal && !masked;
            // Only behind the point do zeros say nothing: `10` is not `1`.
            let cell = cell.map(|cell| if is_number && cell.contains('.') { plain(cell) } else { cell });
            form.told(cell, COLUMNS[column].1 == ItemType::Text || masked)
        };
        let rows = self.rows.into_iter().map(|row| self.columns.iter().zip(row).map(told).collect()).collect();
        Self { rows, columns: self.columns, aside: self.aside }
    }

    /// The cells of the columns of these names, in their order.
    pub(crate) fn only(&self, names: &[&String]) -> Vec<Cells> {
        let places: Vec<usize> =
            names.iter().map(|name| self.columns.iter().position(|column| column == *name).unwrap()).collect();
        self.rows.iter().map(|row| places.iter().map(|at| row[*at].clone()).collect()).collect()
    }
}

/// The column that an item of this name is of.
pub(crate) fn column_of(item: &str) -> usize {
    let column = item.strip_prefix("item_").and_then(|name| COLUMNS.iter().position(|(column, _)| *column == name));
    column.unwrap_or_else(|| panic!("{item} was not granted"))
}

pub(crate) fn json(body: &[u8]) -> Given {
    let body: Json = serde_json::from_slice(body).unwrap();
    let text = |cell: &Json| match cell {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let list = |value: &Json| value.as_array().unwrap().clone();
    Given {
        columns: list(&body["items"]).iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect(),
        rows: list(&body["rows"]).iter().map(|row| list(row).iter().map(text).collect()).collect(),
        aside: Vec::new(),
    }
}

pub(crate) fn csv(body: &[u8]) -> Given {
    let mut reader = csv::ReaderBuilder::new().from_reader(body);
    let columns = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let cell = |cell: &str| Some(cell.to_owned()).filter(|cell| !cell.is_empty());
    let rows = reader.records().map(|record| record.unwrap().iter().map(cell).collect()).collect();
    Given { columns, rows, aside: Vec::new() }
}

pub(crate) fn arrow(body: &[u8]) -> Given {
    let reader = StreamReader::try_new(body, None).unwrap();
    let columns = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    Given { columns, rows: reader.flat_map(|batch| batch_rows(&batch.unwrap())).collect(), aside: Vec::new() }
}

pub(crate) fn parquet(body: Vec<u8>) -> Given {
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(body)).unwrap();
    let columns = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    let batches = reader.build().unwrap();
    Given { columns, rows: batches.flat_map(|batch| batch_rows(&batch.unwrap())).collect(), aside: Vec::new() }
}

fn batch_rows(batch: &RecordBatch) -> Vec<Cells> {
    let row = |at| batch.columns().iter().map(|column| arrow_cell(column, at)).collect();
    (0..batch.num_rows()).map(row).collect()
}

fn arrow_cell(column: &dyn Array, at: usize) -> Option<String> {
    if column.is_null(at) {
        return None;
    }
    Some(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(at).to_owned(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(at).to_string(),
        DataType::Boolean => column.as_boolean().value(at).to_string(),
        DataType::Date32 => date_of(i64::from(column.as_primitive::<Date32Type>().value(at)) - 10_957).to_string(),
        DataType::Timestamp(..) => {
            let micros = column.as_primitive::<TimestampMicrosecondType>().value(at) - 946_684_800_000_000;
            moment_of(micros / 500_000 - 7_200)
        }
        other => panic!("{other:?}"),
    })
}

pub(crate) fn workbook(body: Vec<u8>) -> Given {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(body)).unwrap();
    let range = calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap();
    let cell = |cell: &calamine::Data| Some(cell.to_string()).filter(|cell| !cell.is_empty());
    let mut rows = range.rows().map(|row| row.iter().map(cell).collect::<Cells>());
    let columns = rows.next().unwrap().into_iter().map(Option::unwrap).collect();
    Given { columns, rows: rows.collect(), aside: Vec::new() }
}

/// One part of a batch in a folder: every text is quoted and nothing else is, so that the empty ones stay apart.
pub(crate) fn part(text: &str) -> Given {
    let (mut rows, mut row, mut rest) = (Vec::new(), Cells::new(), text);
    while !rest.is_empty() {
        let mut cell = None;
        if rest.starts_with('"') {
            let text: &mut String = cell.insert(String::new());
            while let Some(quoted) = rest.strip_prefix('"') {
                let end = quoted.find('"').unwrap();
                text.push_str(&quoted[..end]);
                rest = &quoted[end + 1..];
                // A quote that is followed by another stands for itself.
                if rest.starts_with('"') {
                    text.push('"');
                }
            }
        } else {
            let end = rest.find([',', '\n']).unwrap();
            cell = Some(rest[..end].to_owned()).filter(|cell| !cell.is_empty());
            rest = &rest[end..];
        }
        row.push(cell);
        if rest.starts_with('\n') {
            rows.push(std::mem::take(&mut row));
        }
        rest = &rest[1..];
    }
    let mut rows = rows.into_iter();
    let columns = rows.next().unwrap().into_iter().map(Option::unwrap).collect();
    Given { columns, rows: rows.collect(), aside: Vec::new() }
}
