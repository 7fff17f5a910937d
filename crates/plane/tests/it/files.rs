//! Workbooks, Parquet and JSON files: real ones, made ones and broken ones; CSV in encodings that are hard to tell.

use crate::world::{Options, World, item, terms};
use arrow::{
    array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray, TimestampMicrosecondArray},
    record_batch::RecordBatch,
};
use parquet::arrow::ArrowWriter;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::json;
use shuqiao_plane::{
    book::GrantedItem,
    source::{BadCell, BadFile, Location, SourceError, Structure, TableStructure},
};
use shuqiao_vocabulary::ItemType::{self, Boolean, Date, DateTime, Decimal, Integer, Text};
use std::{io::Write, path::PathBuf, sync::Arc};

fn shared(file: &str) -> Option<Vec<u8>> {
    let path: PathBuf = shuqiao_testkit::shared::shared()?.join("data").join(file);
    Some(std::fs::read(path).unwrap())
}

fn workbook(bytes: &[u8]) -> World {
    World::file("table.xlsx", bytes, |path| Location::Workbook { path })
}

fn json_lines(bytes: &[u8]) -> World {
    World::file("table.jsonl", bytes, |path| Location::JsonLines { path })
}

fn parquet(bytes: &[u8]) -> World {
    World::file("table.parquet", bytes, |path| Location::Parquet { path })
}

async fn structure(world: &World) -> Result<Structure, SourceError> {
    world.plane.sources().describe(world.location()).await
}

async fn error_of(world: &World) -> SourceError {
    structure(world).await.unwrap_err()
}

fn types(table: &TableStructure) -> Vec<(&str, ItemType)> {
    table.columns.iter().map(|column| (column.name.as_str(), column.item_type)).collect()
}

/// All rows of a table, in order, as the plane gives them out.
async fn rows(world: &World, table: &TableStructure) -> Vec<Vec<serde_json::Value>> {
    let items = table.columns.iter().enumerate().map(|(at, column)| GrantedItem {
        column: column.name.clone(),
        ..item(&format!("item_{at}"), column.item_type)
    });
    world.install(vec![terms(&table.name, items.collect(), &["rowid"])]);
    world.query(json!({})).await.rows()
}

/// A workbook that `write` fills.
fn written(write: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    write(&mut book);
    book.save_to_buffer().unwrap()
}

#[tokio::test]
async fn the_universities_of_two_decades_read_with_their_codes() {
    for (file, header, code) in [
        ("moe_universities_2017.xls", "学校名称", "4111010001"),
        ("moe_universities_2025.xls", "学校名称", "4111010001"),
    ] {
        let Some(bytes) = shared(&format!("tables_cn/{file}")) else { return };
        let world = workbook(&bytes);
        let found = structure(&world).await.unwrap();
        let table = &found.tables[0];
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert!(names.contains(&header), "{file}: {names:?}");
        let all = rows(&world, table).await;
        assert!(all.len() > 2_500, "{file}: {}", all.len());
        let peking = all.iter().find(|row| row.contains(&json!("北京大学"))).unwrap();
        assert!(peking.contains(&json!(code)), "{file}: {peking:?}");
        let text = format!("{all:?}");
        assert!(!text.contains("4111010001.0") && !text.contains("全国普通高等学校名单"), "{file}");
    }
}

#[tokio::test]
async fn the_weather_stations_read_below_their_title_and_empty_sheets_are_no_tables() {
    let Some(bytes) = shared("tables_cn/weather_stations_2016.xls") else { return };
    let world = workbook(&bytes);
    let found = structure(&world).await.unwrap();
    assert_eq!(found.tables.len(), 1, "two more sheets are empty");
    assert_eq!(found.tables[0].columns.len(), 10);
    let all = rows(&world, &found.tables[0]).await;
    assert!(all.len() > 2_400, "{}", all.len());
    assert_eq!(all[0][1..5], [json!("北京"), json!("54398"), json!("顺义"), json!("一般站")]);
}

#[tokio::test]
async fn a_yearbook_with_merged_header_reads_by_the_names_of_both_levels() {
    let (Some(bytes), Some(key)) =
        (shared("tables_cn/dirty_yearbook_population.xlsx"), shared("tables_cn/dirty_yearbook_population.clean.csv"))
    else {
        return;
    };
    let world = workbook(&bytes);
    let found = structure(&world).await.unwrap();
    let table = &found.tables[0];
    let key = String::from_utf8(key).unwrap();
    // As they are written there; both levels of the merged header.
    let expected = ["年 份", "总人口 (年末)", "按性别分_男", "按性别分_女", "按城乡分_城镇", "按城乡分_乡村"];
    assert_eq!(table.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), expected);
    let all = rows(&world, table).await;
    // Nothing is guessed away: years written `1978年` and thousands separators are text, and so are their columns.
    assert_eq!(table.columns[0].item_type, Text);
    let years = key.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned());
    for year in years {
        assert!(all.iter().any(|row| row[0].as_str().is_some_and(|cell| cell.starts_with(&year))), "{year}");
    }
}

#[tokio::test]
async fn cells_become_what_the_spreadsheet_shows() {
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let percent = Format::new().set_num_format("0.0%");
    let bytes = written(|book| {
        let sheet = book.add_worksheet().set_name("人员").unwrap();
        sheet.merge_range(0, 0, 0, 7, "2024年人员情况表", &Format::new()).unwrap();
        sheet.write(1, 7, "单位：人").unwrap();
        for (column, name) in ["代码", "姓名", "人数", "比例", "日期", "时刻", "在职", "合计"].iter().enumerate()
        {
            sheet.write(2, column as u16, *name).unwrap();
        }
        for (row, name) in [(3_u32, "王𬭎"), (5, "李四")] {
            sheet.write(row, 0, 4_111_010_001.0 + f64::from(row)).unwrap();
            sheet.write(row, 1, name).unwrap();
            sheet.write(row, 2, row * 1000).unwrap();
            sheet.write_with_format(row, 3, 0.125, &percent).unwrap();
            sheet.write_with_format(row, 4, ExcelDateTime::parse_from_str("2019-01-02").unwrap(), &date).unwrap();
            let moment = ExcelDateTime::parse_from_str("2019-01-02T03:04:05").unwrap();
            sheet.write_with_format(row, 5, moment, &time).unwrap();
            sheet.write(row, 6, row == 3).unwrap();
            sheet.write_formula(row, 7, Formula::new("=C4+0.5").set_result("3000.5")).unwrap();
        }
        book.add_worksheet().set_name("空").unwrap();
    });
    let world = workbook(&bytes);
    let found = structure(&world).await.unwrap();
    let [table] = found.tables.as_slice() else { panic!("{:?}", found.tables) };
    assert_eq!(table.name, "人员");
    let expected = [
        ("代码", Text),
        ("姓名", Text),
        ("人数", Integer),
        ("比例", Decimal),
        ("日期", Date),
        ("时刻", DateTime),
        ("在职", Boolean),
        ("合计", Decimal),
    ];
    assert_eq!(types(table), expected);
    let all = rows(&world, table).await;
    let row = |code: &str, name, people, works: bool| {
        json!([code, name, people, "0.125", "2019-01-02", "2019-01-02T03:04:05Z", works, "3000.5"])
    };
    assert_eq!(json!(all), json!([row("4111010004", "王𬭎", 3000, true), row("4111010006", "李四", 5000, false)]));
    let digest = found.digest;
    assert_eq!(structure(&world).await.unwrap().digest, digest, "the snapshot is found again");
}

#[tokio::test]
async fn merged_cells_hold_for_the_rows_they_cover_and_headings_are_no_rows() {
    let bytes = written(|book| {
        let sheet = book.add_worksheet();
        let plain = Format::new();
        for (column, name) in ["市", "县", "人口"].iter().enumerate() {
            sheet.write(0, column as u16, *name).unwrap();
        }
        sheet.merge_range(1, 0, 1, 2, "一、东部", &plain).unwrap();
        sheet.merge_range(2, 0, 3, 0, "甲市", &plain).unwrap();
        for (row, county) in [(2, "一县"), (3, "二县"), (4, "三县")] {
            sheet.write(row, 1, county).unwrap();
            sheet.write(row, 2, row).unwrap();
        }
    });
    let world = workbook(&bytes);
    let found = structure(&world).await.unwrap();
    assert_eq!(types(&found.tables[0]), [("市", Text), ("县", Text), ("人口", Integer)]);
    let all = rows(&world, &found.tables[0]).await;
    assert_eq!(json!(all), json!([["甲市", "一县", 2], ["甲市", "二县", 3], [null, "三县", 4]]));
}

#[tokio::test]
async fn what_a_spreadsheet_has_rounded_is_refused_by_place() {
    let bad =
        |row, column: &str, what| SourceError::BadCell { table: "身份".into(), row, column: column.into(), what };
    let with = |value: f64| {
        written(|book| {
            let sheet = book.add_worksheet().set_name("身份").unwrap();
            sheet.write(0, 0, "姓名").unwrap();
            sheet.write(0, 1, "身份证号").unwrap();
            sheet.write(1, 0, "王").unwrap();
            sheet.write(1, 1, value).unwrap();
        })
    };
    let error = error_of(&workbook(&with(110_101_199_003_070_015.0))).await;
    assert_eq!(error, bad(2, "B", BadCell::TooManyDigits));
    assert!(!format!("{error} {error:?}").contains("1101011990"), "never the value");
    let broken = written(|book| {
        let sheet = book.add_worksheet().set_name("身份").unwrap();
        sheet.write(0, 0, "姓名").unwrap();
        sheet.write(1, 0, "王").unwrap();
        sheet.write_formula(2, 0, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    });
    assert_eq!(error_of(&workbook(&broken)).await, bad(3, "A", BadCell::FormulaError));
    assert!(structure(&workbook(&with(999_999_999_999_999.0))).await.is_ok());
}

/// An archive with these parts.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[tokio::test]
async fn workbooks_that_cannot_be_read_say_why() {
    let whole = written(|book| {
        book.add_worksheet().write(0, 0, "a").unwrap();
    });
    let mut protected = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    protected.resize(2_048, 0);
    protected.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let zeros = vec![b' '; 4 * 1024 * 1024];
    let cases: [(Vec<u8>, BadFile); 7] = [
        (whole[..whole.len() / 2].to_vec(), BadFile::Damaged),
        (b"a,b\n1,2\n".to_vec(), BadFile::Damaged),
        (b"\xd0\xcf\x11\xe0 and no more".to_vec(), BadFile::Damaged),
        (protected, BadFile::Protected),
        (archive(&[("xl/worksheets/sheet1.xml", &zeros)]), BadFile::ExpandsTooFar),
        (archive(&[("xl/externalLinks/externalLink1.xml", b"<a/>")]), BadFile::ExternalLinks),
        (written(|_| {}), BadFile::Empty),
    ];
    for (bytes, expected) in cases {
        let small =
            Options { sources: Box::new(|sources| sources.unpacked_bytes_max = 1024 * 1024), ..Options::default() };
        let world = World::file_with("table.xlsx", &bytes, |path| Location::Workbook { path }, &small);
        assert_eq!(error_of(&world).await, SourceError::BadFile(expected));
        let snapshots = std::fs::read_dir(world.folder.path().join("snapshots"));
        assert!(snapshots.map_or(0, Iterator::count) == 0, "nothing is left behind");
    }
}

#[tokio::test]
async fn json_reads_by_line_or_as_a_list_with_all_digits() {
    let lines = "\u{feff}{\"id\":7,\"name\":\"王𬭎\",\"paid\":1.10,\"on\":\"2019-01-02\",\"at\":\"2019-01-02T03:04:05Z\",\"ok\":true,\"tags\":[1]}\n\n\
                 {\"name\":\"\",\"id\":-2,\"paid\":12345678901234.5,\"big\":12345678901234567890,\"ok\":null}\n";
    let list = format!("[{}]", lines.trim_start_matches('\u{feff}').trim().replace("}\n\n{", "},{"));
    for text in [lines, &list] {
        let world = json_lines(text.as_bytes());
        let found = structure(&world).await.unwrap();
        let table = &found.tables[0];
        let expected = [
            ("id", Integer),
            ("name", Text),
            ("paid", Decimal),
            ("on", Date),
            ("at", DateTime),
            ("ok", Boolean),
            ("big", Text),
        ];
        assert_eq!(types(table), expected, "lists are no columns, and no digit is lost");
        let all = rows(&world, table).await;
        let first = json!([7, "王𬭎", "1.10", "2019-01-02", "2019-01-02T03:04:05Z", true, null]);
        let second = json!([-2, "", "12345678901234.5", null, null, null, "12345678901234567890"]);
        assert_eq!(json!(all), json!([first, second]));
    }
}

#[tokio::test]
async fn broken_json_names_the_line() {
    let line = |line, what| SourceError::BadLine { line, what };
    let cases: [(&[u8], SourceError); 7] = [
        (b"", SourceError::BadFile(BadFile::Empty)),
        (b"{\"a\":1}\n{\"a\":", line(2, "the file ends in the middle of an object")),
        (b"{\"a\":1}\n{\"a\" 2}\n", line(2, "not readable as JSON in UTF-8")),
        (b"{\"a\":1}\n{\"a\":\"\xff\"}\n", line(2, "not readable as JSON in UTF-8")),
        (b"{\"a\":1}\n7\n", line(3, "not an object that names each member once")),
        (b"{\"a\":1,\"a\":2}\n", line(1, "not an object that names each member once")),
        (b"[{\"a\":1},\n{\"a\":2}", line(2, "the file ends in the middle of an object")),
    ];
    for (bytes, expected) in cases {
        assert_eq!(error_of(&json_lines(bytes)).await, expected, "{:?}", String::from_utf8_lossy(bytes));
    }
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(5 * 1024 * 1024));
    assert_eq!(error_of(&json_lines(long.as_bytes())).await, line(1, "an object longer than 4 MiB"));
}

#[tokio::test]
async fn parquet_keeps_the_types_of_the_file() {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("k", Arc::new(Int64Array::from(vec![1, 2]))),
        ("name", Arc::new(StringArray::from(vec![Some("520302"), None]))),
        ("paid", Arc::new(Decimal128Array::from(vec![110, -5]).with_precision_and_scale(30, 2).unwrap())),
        ("on", Arc::new(Date32Array::from(vec![17_898, -1]))),
        ("at", Arc::new(TimestampMicrosecondArray::from(vec![1_546_398_245_000_000, 0]))),
        ("ok", Arc::new(BooleanArray::from(vec![Some(true), None]))),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true))).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let world = parquet(&bytes);
    let found = structure(&world).await.unwrap();
    let table = &found.tables[0];
    let expected = [("k", Integer), ("name", Text), ("paid", Decimal), ("on", Date), ("at", DateTime), ("ok", Boolean)];
    assert_eq!(types(table), expected);
    let all = rows(&world, table).await;
    let first = json!([1, "520302", "1.10", "2019-01-02", "2019-01-02T03:04:05Z", true]);
    let second = json!([2, null, "-0.05", "1969-12-31", "1970-01-01T00:00:00Z", null]);
    assert_eq!(json!(all), json!([first, second]));
    for broken in [&bytes[..bytes.len() - 1], &bytes[..20], b"PAR1".as_slice()] {
        assert_eq!(error_of(&parquet(broken)).await, SourceError::BadFile(BadFile::Damaged));
    }
}

#[tokio::test]
async fn a_benchmark_table_of_sixty_thousand_rows_reads() {
    let Some(bytes) = shared("benchmark/tpch_sf0.01_lineitem.parquet") else { return };
    let found = structure(&parquet(&bytes)).await.unwrap();
    let table = &found.tables[0];
    assert_eq!((table.rows_estimate, table.columns.len()), (Some(60_175), 16));
    assert_eq!((types(table)[0], types(table)[5]), (("l_orderkey", Integer), ("l_extendedprice", Decimal)));
    assert_eq!(types(table)[10], ("l_shipdate", Date));
}

#[tokio::test]
async fn big5_is_read_where_it_is_sure_and_western_text_is_not_taken_for_chinese() {
    let text =
        format!("編號,機關名稱,說明\n{}", "1,高雄市政府環境保護局,提供電動機車充電站名稱及充電站地址\n".repeat(3));
    let (big5, _, lost) = encoding_rs::BIG5.encode(&text);
    assert!(!lost);
    let world = World::csv(&big5);
    let found = structure(&world).await.unwrap();
    assert_eq!(found.encoding.as_deref(), Some("big5"));
    let all = rows(&world, &found.tables[0]).await;
    assert_eq!(all[2][1], json!("高雄市政府環境保護局"));
    let unknown = SourceError::Encoding { found: "unknown".to_owned() };
    let (few, ..) = encoding_rs::BIG5.encode("編號,名稱\n1,功能\n");
    assert_eq!(error_of(&World::csv(&few)).await, unknown, "too few characters to be sure");
    // `caffè, città` as a Macintosh writes it; as GB18030 the same bytes would be Chinese characters.
    assert_eq!(error_of(&World::csv(b"nome,nota\nl\xd5arte,caff\x8fx\n")).await, unknown);
    let Some(bytes) = shared("tables_intl/iuss_scienze_umane_2024_25.csv") else { return };
    let error = error_of(&World::csv(&bytes)).await;
    assert!(matches!(error, SourceError::Encoding { .. } | SourceError::BadLine { .. }), "{error:?}");
}

#[tokio::test]
async fn titles_above_the_header_of_a_csv_file_are_passed_over() {
    let world = World::csv("2024年统计表,,\n,,单位：人\n地区,人数,日期\n甲,1,2019-01-02\n乙,2,2019-01-03\n".as_bytes());
    let found = structure(&world).await.unwrap();
    assert_eq!(types(&found.tables[0]), [("地区", Text), ("人数", Integer), ("日期", Date)]);
    assert_eq!(rows(&world, &found.tables[0]).await.len(), 2);
    let all_values = World::csv(b"1,,\n2,3,4\n");
    assert_eq!(structure(&all_values).await.unwrap().tables[0].rows_estimate, Some(2));
}
