//! The 22 queries of TPC-H as views, over its tables in a department's database, against answers computed elsewhere.

use crate::bench::{Bench, everything};
use arrow::{
    array::{Array, AsArray as _},
    datatypes::{DataType, Date32Type, Decimal128Type, Int32Type, Int64Type},
    util::display::array_value_to_string,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use shuqiao_plane::value::Value;
use sqlx::AssertSqlSafe;
use std::{fs::File, path::Path};

const TABLES: [(&str, &str); 8] = [
    ("customer", "c_custkey"),
    ("lineitem", "l_orderkey, l_linenumber"),
    ("nation", "n_nationkey"),
    ("orders", "o_orderkey"),
    ("part", "p_partkey"),
    ("partsupp", "ps_partkey, ps_suppkey"),
    ("region", "r_regionkey"),
    ("supplier", "s_suppkey"),
];

fn declared(data_type: &DataType) -> String {
    match data_type {
        DataType::Int32 | DataType::Int64 => "INTEGER".to_owned(),
        DataType::Decimal128(precision, scale) => format!("DECIMAL({precision},{scale})"),
        DataType::Date32 => "DATE".to_owned(),
        _ => "TEXT".to_owned(),
    }
}

/// The table's rows as a department's database would hold them.
async fn loaded(bench: &Bench, shared: &Path, table: &str, key: &str) {
    let file = shared.join(format!("data/benchmark/tpch_sf0.01_{table}.parquet"));
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(file).unwrap()).unwrap();
    let fields = reader.schema().fields().clone();
    let columns: Vec<String> =
        fields.iter().map(|field| format!("{} {} NOT NULL", field.name(), declared(field.data_type()))).collect();
    let create = format!("CREATE TABLE {table} ({}, PRIMARY KEY ({key}))", columns.join(", "));
    let mut connection = bench.written(&["PRAGMA synchronous = OFF", &create, "BEGIN"]).await;
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        for row in 0..batch.num_rows() {
            let values: Vec<String> = batch
                .columns()
                .iter()
                .map(|array| match array.data_type() {
                    DataType::Int32 => array.as_primitive::<Int32Type>().value(row).to_string(),
                    DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
                    DataType::Decimal128(..) => array.as_primitive::<Decimal128Type>().value_as_string(row),
                    DataType::Date32 => {
                        format!("'{}'", array.as_primitive::<Date32Type>().value_as_date(row).unwrap())
                    }
                    _ => format!("'{}'", array_value_to_string(array, row).unwrap().replace('\'', "''")),
                })
                .collect();
            let insert = format!("INSERT INTO {table} VALUES ({})", values.join(","));
            sqlx::query(AssertSqlSafe(insert)).persistent(false).execute(&mut connection).await.unwrap();
        }
    }
    sqlx::query("COMMIT").execute(&mut connection).await.unwrap();
}

/// Numbers by value, within what another engine's floating point leaves; all else by its written form.
fn alike(found: &Value, wanted: Option<&str>) -> bool {
    match (found, wanted) {
        (Value::Null, None) => true,
        (Value::Decimal(found), Some(wanted)) => {
            let (found, wanted): (f64, f64) = (found.parse().unwrap(), wanted.parse().unwrap());
            (found - wanted).abs() <= 1e-6_f64.max(wanted.abs() * 1e-6)
        }
        (found, Some(wanted)) => found.written().as_deref() == Some(wanted),
        (_, None) => false,
    }
}

#[tokio::test]
async fn the_queries_of_tpch_are_views_with_the_expected_answers() {
    let Some(shared) = shuqiao_testkit::shared::shared() else { return };
    let bench = Bench::new();
    for (table, key) in TABLES {
        loaded(&bench, &shared, table, key).await;
    }
    let read = |name: &str| -> Vec<serde_json::Value> {
        serde_json::from_slice(&std::fs::read(shared.join("data/benchmark").join(name)).unwrap()).unwrap()
    };
    let queries = read("tpch_queries.json");
    let expected = read("tpch_expected_sf0.01.json");
    assert_eq!((queries.len(), expected.len()), (22, 22));
    let tables = TABLES.map(|(table, _)| table);
    let mut wrong = Vec::new();
    for (query, expected) in queries.iter().zip(&expected) {
        let (number, sql) = (&query["query"], query["sql"].as_str().unwrap());
        let view = bench.view(sql, &tables, &[]);
        let rows = match bench.described(view.clone()) {
            Ok(columns) => bench.read(view, everything(&columns, &[])),
            Err(refusal) => Err(refusal),
        };
        let mut wanted: Vec<Vec<Option<&str>>> = Vec::new();
        for row in expected["rows"].as_array().unwrap() {
            wanted.push(row.as_array().unwrap().iter().map(serde_json::Value::as_str).collect());
        }
        match rows {
            Err(refusal) => wrong.push(format!("{number}: {refusal}")),
            Ok(mut rows) => {
                // A view is a set: the order that a query asks for is the reader's.
                for row in wanted {
                    let same = |found: &Vec<Value>| {
                        found.len() == row.len() && found.iter().zip(&row).all(|(found, wanted)| alike(found, *wanted))
                    };
                    match rows.iter().position(same) {
                        Some(at) => drop(rows.swap_remove(at)),
                        None => wrong.push(format!("{number}: no row {row:?}")),
                    }
                }
                wrong.extend(rows.iter().map(|row| format!("{number}: a row too many {row:?}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
