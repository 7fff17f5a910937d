//! The same random cases as [`crate::differential`] over files of every form and over a service that pages.
//!
//! Types are found in rows here, so each table has one row more that shows them all; every grant filters it away. What
//! a form cannot carry (an empty text in CSV, a character that XML has not) is left out of the cases before they are
//! judged.

use crate::{
    differential::{COLUMNS, Case, Cell, Probe, TEXTS, agree, run, written},
    service::{offset, serve, service, world as service_world},
    world::World,
};
use arrow::{
    array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray, TimestampMicrosecondArray},
    record_batch::RecordBatch,
};
use parquet::arrow::ArrowWriter;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Map, Value as Json, json};
use shuqiao_plane::source::{HttpColumn, HttpParameter, Location};
use shuqiao_vocabulary::ItemType;
use std::{path::PathBuf, sync::Arc};

/// The key of the row that shows the types.
const SHOWN: i64 = -1;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// The case over a file of this form: with the row that shows the types, and a filter that hides it.
fn with_shown(mut case: Case, carries: impl Fn(usize, i64) -> bool) -> (Case, Vec<Vec<Cell>>) {
    for row in &mut case.rows {
        for (column, cell) in row.iter_mut().enumerate() {
            *cell = cell.filter(|value| carries(column, *value));
        }
    }
    case.filter.push((0, Probe::Between(Some(0), None)));
    let mut all = case.rows.clone();
    all.push(vec![Some(SHOWN), Some(1), Some(1), Some(25), Some(1), Some(1), Some(1)]);
    (case, all)
}

fn over_files(
    name: &str,
    location: fn(PathBuf) -> Location,
    carries: fn(usize, i64) -> bool,
    write: fn(&[Vec<Cell>]) -> Vec<u8>,
) {
    let runtime = runtime();
    run(48, |case| {
        let (case, all) = with_shown(case, carries);
        let world = World::file(name, &write(&all), location);
        runtime.block_on(agree(&world, &case));
    });
}

fn micros(halves: i64) -> i64 {
    946_684_800_000_000 + (halves + 7_200) * 500_000
}

#[test]
fn parquet_files_answer_as_a_naive_reader_would() {
    over_files(
        "t.parquet",
        |path| Location::Parquet { path },
        |_, _| true,
        |rows| {
            let column = |at: usize| rows.iter().map(move |row| row[at]);
            let text =
                |at: usize| column(at).map(|cell| cell.map(|value| TEXTS[value as usize])).collect::<StringArray>();
            let whole = |at: usize| Arc::new(column(at).collect::<Int64Array>()) as ArrayRef;
            let paid = column(3).map(|cell| cell.map(i128::from)).collect::<Decimal128Array>();
            let days = column(4).map(|cell| cell.map(|days| 10_957 + days as i32)).collect::<Date32Array>();
            let flags = column(5).map(|cell| cell.map(|value| value == 1)).collect::<BooleanArray>();
            let moments = column(6).map(|cell| cell.map(micros)).collect::<TimestampMicrosecondArray>();
            let arrays: [ArrayRef; 7] = [
                whole(0),
                Arc::new(text(1)),
                whole(2),
                Arc::new(paid.with_precision_and_scale(10, 2).unwrap()),
                Arc::new(days),
                Arc::new(flags),
                Arc::new(moments),
            ];
            let named = COLUMNS.iter().zip(arrays).map(|((name, _), array)| (*name, array, true));
            let batch = RecordBatch::try_from_iter_with_nullable(named).unwrap();
            let mut bytes = Vec::new();
            let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
            writer.write(&batch).unwrap();
            writer.close().unwrap();
            bytes
        },
    );
}

/// A row as a JSON object; numbers with the digits they are written with.
fn object(row: &[Cell]) -> Map<String, Json> {
    let cell = |(column, cell): (usize, &Cell)| {
        let (name, item_type) = COLUMNS[column];
        let value = cell.map(|value| match item_type {
            ItemType::Integer => json!(value),
            ItemType::Decimal => serde_json::from_str(&written(column, value)).unwrap(),
            ItemType::Boolean => json!(value == 1),
            _ => json!(written(column, value)),
        });
        (name.to_owned(), value.unwrap_or(Json::Null))
    };
    row.iter().enumerate().map(cell).collect()
}

#[test]
fn json_files_answer_as_a_naive_reader_would() {
    over_files(
        "t.jsonl",
        |path| Location::JsonLines { path },
        |_, _| true,
        |rows| {
            let lines = rows.iter().map(|row| Json::Object(object(row)).to_string() + "\n");
            lines.collect::<String>().into_bytes()
        },
    );
}

fn is_text(column: usize) -> bool {
    COLUMNS[column].1 == ItemType::Text
}

#[test]
fn csv_files_answer_as_a_naive_reader_would() {
    // CSV has no words for yes and no, nor for moments: those columns are left empty and not granted.
    let carries = |column: usize, value: i64| match COLUMNS[column].1 {
        ItemType::Boolean | ItemType::DateTime => false,
        ItemType::Text => !TEXTS[value as usize].is_empty(),
        _ => true,
    };
    let runtime = runtime();
    run(48, |case| {
        let Some(case) = case.without(&[ItemType::Boolean, ItemType::DateTime]) else { return };
        let (case, all) = with_shown(case, carries);
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(COLUMNS.map(|(name, _)| name)).unwrap();
        for row in &all {
            let cell = |(column, cell): (usize, &Cell)| cell.map_or(String::new(), |value| written(column, value));
            writer.write_record(row.iter().enumerate().map(cell)).unwrap();
        }
        let world = World::file("t.csv", &writer.into_inner().unwrap(), |path| Location::Csv { path });
        runtime.block_on(agree(&world, &case));
    });
}

#[test]
fn workbooks_answer_as_a_naive_reader_would() {
    // A spreadsheet takes no empty text apart, and XML has no U+FFFF; dates before 1900 it has none of.
    let carries = |column: usize, value: i64| {
        !is_text(column) || !(TEXTS[value as usize].is_empty() || TEXTS[value as usize].contains('\u{ffff}'))
    };
    over_files(
        "t.xlsx",
        |path| Location::Workbook { path },
        carries,
        |rows| {
            let (day, moment) =
                (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("hh:mm:ss.0"));
            let mut book = Workbook::new();
            let sheet = book.add_worksheet().set_name("t").unwrap();
            for (column, (name, _)) in COLUMNS.iter().enumerate() {
                sheet.write(0, column as u16, *name).unwrap();
            }
            for (at, row) in (1_u32..).zip(rows) {
                for (column, value) in
                    row.iter().enumerate().filter_map(|(column, cell)| Some((column as u16, (*cell)?)))
                {
                    match COLUMNS[usize::from(column)].1 {
                        ItemType::Text => sheet.write(at, column, TEXTS[value as usize]),
                        ItemType::Integer => sheet.write(at, column, value as f64),
                        ItemType::Decimal => sheet.write(at, column, value as f64 / 100.0),
                        ItemType::Boolean => sheet.write(at, column, value == 1),
                        ItemType::Date => {
                            let date = ExcelDateTime::from_serial_datetime(36_526.0 + value as f64).unwrap();
                            sheet.write_with_format(at, column, date, &day)
                        }
                        ItemType::DateTime => {
                            let days = 36_526.0 + (value + 7_200) as f64 / 172_800.0;
                            sheet.write_with_format(
                                at,
                                column,
                                ExcelDateTime::from_serial_datetime(days).unwrap(),
                                &moment,
                            )
                        }
                    }
                    .unwrap();
                }
            }
            book.save_to_buffer().unwrap()
        },
    );
}

#[test]
fn a_service_that_pages_answers_as_a_naive_reader_would() {
    let runtime = runtime();
    let (base, behaviour) = runtime.block_on(serve());
    let mut told = service(&base, offset(5));
    (told.table, told.key) = ("t".to_owned(), vec!["k".to_owned()]);
    let column = |(name, item_type): &(&str, ItemType)| HttpColumn {
        name: (*name).to_owned(),
        pointer: format!("/{name}"),
        item_type: item_type.to_string(),
    };
    told.columns = COLUMNS.iter().map(column).collect();
    // What the service does not know it passes over: the rows are narrowed here all the same.
    told.parameters = vec![HttpParameter { column: "a".to_owned(), parameter: "a".to_owned() }];
    let world = service_world(told);
    run(48, |case| {
        // In another order than that of the key.
        behaviour.lock().unwrap().rows = case.rows.iter().rev().map(|row| Json::Object(object(row))).collect();
        runtime.block_on(agree(&world, &case));
    });
}
