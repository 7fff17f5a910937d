//! CSV files: real ones of every encoding, and broken ones.

use crate::world::{World, equals, item, name, prefix, terms};
use serde_json::{Value as Json, json};
use shuqiao_plane::book::GrantedItem;
use shuqiao_plane::source::{SourceError, Structure, TableStructure};
use shuqiao_vocabulary::{ItemType, RowFilter};
use std::path::PathBuf;

/// A file of the shared test data, or `None` when it is not there.
fn shared(file: &str) -> Option<PathBuf> {
    Some(shuqiao_testkit::shared::shared()?.join("data/tables_cn").join(file))
}

async fn structure(world: &World) -> Result<Structure, SourceError> {
    world.plane.sources().describe(world.location()).await
}

fn types(table: &TableStructure) -> Vec<(&str, ItemType)> {
    table.columns.iter().map(|column| (column.name.as_str(), column.item_type)).collect()
}

async fn error_of(bytes: &[u8]) -> SourceError {
    structure(&World::csv(bytes)).await.unwrap_err()
}

#[tokio::test]
async fn gb18030_keeps_its_rare_characters() {
    let Some(path) = shared("derived_streets_gb18030.csv") else { return };
    let world = World::csv(&std::fs::read(&path).unwrap());
    let found = structure(&world).await.unwrap();
    assert_eq!(found.encoding.as_deref(), Some("gb18030"));
    let table = &found.tables[0];
    assert_eq!(
        (table.name.as_str(), table.rows_estimate, table.key.as_slice()),
        ("table", Some(2000), &["rowid".to_owned()][..])
    );
    assert_eq!(
        types(table),
        ["code", "name", "areaCode", "provinceCode", "cityCode"].map(|column| (column, ItemType::Text)),
        "codes stay text"
    );
    let mut grant = terms("table", vec![item("code", ItemType::Text), item("name", ItemType::Text)], &["rowid"]);
    grant.rows_per_call = 300;
    world.install(vec![grant]);
    let (mut names, mut after) = (Vec::new(), Json::Null);
    loop {
        let reply = world.query(if after.is_null() { json!({}) } else { json!({"after": after}) }).await;
        names.extend(reply.rows().into_iter().map(|row| row[1].as_str().unwrap().to_owned()));
        after = reply.json()["next"].clone();
        if after.is_null() {
            break;
        }
    }
    let original = encoding_rs::GB18030.decode(&std::fs::read(&path).unwrap()).0.into_owned();
    let expected: Vec<String> =
        original.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().trim_matches('"').to_owned()).collect();
    assert_eq!(names.len(), 2000);
    assert_eq!(names, expected);
    assert!(["㳇", "䃥", "㙦", "㮾"].iter().all(|rare| names.iter().any(|name| name.contains(rare))));
    assert!(!names.iter().any(|name| name.contains('?') || name.contains('\u{fffd}')));
}

#[tokio::test]
async fn enterprises_read_as_they_are() {
    let Some(path) = shared("enterprises_guizhou_2019.csv") else { return };
    let world = World::csv(&std::fs::read(path).unwrap());
    let found = structure(&world).await.unwrap();
    assert_eq!(found.encoding.as_deref(), Some("utf-8"));
    let table = &found.tables[0];
    assert_eq!(table.rows_estimate, Some(2000));
    assert_eq!(types(table)[2], ("注册日期", ItemType::Date));
    assert_eq!(types(table)[5], ("注册资金", ItemType::Text));
    let items =
        vec![item("企业名称", ItemType::Text), item("注册日期", ItemType::Date), item("注册资金", ItemType::Text)];
    let mut grant = terms("table", items, &["rowid"]);
    grant.filter_columns = vec![(name("地区"), "地区".to_owned(), ItemType::Text)];
    grant.rows = RowFilter(vec![prefix("地区", "遵义")]);
    world.install(vec![grant]);
    let all = world.query(json!({})).await.rows();
    assert!(all.len() > 50, "{}", all.len());
    let body = json!({"conditions": [{"item": "注册日期", "range": {"from": "2019-01-02", "to": "2019-01-02"}}]});
    let some = world.query(body).await.rows();
    assert!(!some.is_empty() && some.iter().all(|row| row[1] == "2019-01-02"));
    assert_eq!(some.len(), all.iter().filter(|row| row[1] == "2019-01-02").count());
}

#[tokio::test]
async fn a_wide_gbk_matrix_reads() {
    let Some(path) = shared("lidar_extinction_gbk.csv") else { return };
    let world = World::csv(&std::fs::read(path).unwrap());
    let found = structure(&world).await.unwrap();
    assert_eq!(found.encoding.as_deref(), Some("gb18030"));
    let table = &found.tables[0];
    assert_eq!((table.columns.len(), table.rows_estimate), (241, Some(660)));
    assert_eq!(types(table)[0].0, "距离(公里)");
    assert_eq!(types(table)[1].0, "09:00:06");
    let mut wide = item("moment", types(table)[1].1);
    wide.column = "09:00:06".to_owned();
    world.install(vec![terms("table", vec![wide], &["rowid"])]);
    assert_eq!(world.query(json!({})).await.rows().len(), 660);
}

#[tokio::test]
async fn types_are_claimed_only_when_every_cell_fits() {
    let world = World::csv(
        "\u{feff}whole,dotted,day,zeros,mixed,empty,面积,county_code,six,dash\r\n\
         1,1.10,2019-01-02,007,1,,12,520302,520302,-1\r\n\
         -20,2,2020-02-29,12,x,,1250.5,520303,520303,\r\n"
            .as_bytes(),
    );
    let found = structure(&world).await.unwrap();
    use ItemType as T;
    let expected =
        [T::Integer, T::Decimal, T::Date, T::Text, T::Text, T::Text, T::Decimal, T::Text, T::Text, T::Integer];
    assert_eq!(types(&found.tables[0]).into_iter().map(|(_, found)| found).collect::<Vec<_>>(), expected);
    let names = ["whole", "dotted", "day", "dash"];
    let items = names.iter().zip([T::Integer, T::Decimal, T::Date, T::Integer]).map(|(n, t)| item(n, t)).collect();
    world.install(vec![terms("table", items, &["rowid"])]);
    let rows = world.query(json!({})).await.rows();
    assert_eq!(rows[0], [json!(1), json!("1.10"), json!("2019-01-02"), json!(-1)], "decimals as written");
    assert_eq!(rows[1], [json!(-20), json!("2"), json!("2020-02-29"), json!(null)]);
    let body = json!({"conditions": [{"item": "dotted", "eq": "1.1"}]});
    assert_eq!(world.query(body).await.rows().len(), 1);
}

#[tokio::test]
async fn delimiters_and_headers_are_found() {
    let cases = [
        ("a;b;c\n1,5;x;y\n", vec!["a", "b", "c"]),
        ("a\tb\n1\t2\n", vec!["a", "b"]),
        ("name,Name,,name\n1,2,3,4\n", vec!["name", "Name_2", "column_3", "name_3"]),
        ("1,2,3\n4,5,6\n", vec!["column_1", "column_2", "column_3"]),
        ("\"quoted, name\",b\nx,y\n", vec!["quoted, name", "b"]),
        ("only\nx\n", vec!["only"]),
        ("name,2019,2020\nx,1,2\n", vec!["name", "2019", "2020"]),
        ("a,b", vec!["a", "b"]),
    ];
    for (text, expected) in cases {
        let found = structure(&World::csv(text.as_bytes())).await.unwrap();
        assert_eq!(types(&found.tables[0]).iter().map(|(name, _)| *name).collect::<Vec<_>>(), expected, "{text:?}");
    }
}

/// What office programs save as "Unicode text", and others the other way round.
#[tokio::test]
async fn utf_16_reads_by_its_mark() {
    let text = "姓名\t县区代码\t备注\r\n王𬭎\t520302\t\"甲\n乙\"\r\n李四\t520303\t\r\n";
    let units: Vec<u16> = std::iter::once(0xfeff).chain(text.encode_utf16()).collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    for (bytes, encoding) in [(little, "utf-16le"), (big, "utf-16be")] {
        let world = World::csv(&bytes);
        let found = structure(&world).await.unwrap();
        assert_eq!(found.encoding.as_deref(), Some(encoding));
        use ItemType::Text;
        assert_eq!(types(&found.tables[0]), [("姓名", Text), ("县区代码", Text), ("备注", Text)]);
        let items = [("name", "姓名"), ("county", "县区代码"), ("note", "备注")];
        let items =
            items.into_iter().map(|(own, column)| GrantedItem { column: column.into(), ..item(own, Text) }).collect();
        world.install(vec![terms("table", items, &["rowid"])]);
        let rows = world.query(json!({})).await.rows();
        assert_eq!(rows[0], [json!("王𬭎"), json!("520302"), json!("甲\n乙")], "{encoding}");
        assert_eq!(rows[1], [json!("李四"), json!("520303"), json!(null)], "{encoding}");
        assert_eq!(structure(&world).await.unwrap().digest, found.digest, "the snapshot is found again");
    }
}

#[tokio::test]
async fn broken_files_name_the_line() {
    let line = |line, what| SourceError::BadLine { line, what };
    let many = format!("a,b\n{}\"never closed\n", "1,2\n".repeat(3));
    let long = format!("a,b\n1,\"{}", "x\n".repeat(3 * 1024 * 1024));
    let cases: Vec<(Vec<u8>, SourceError)> = vec![
        (b"".to_vec(), line(1, "the file is empty")),
        (b"a,b\n1,2\n3\n".to_vec(), line(3, "another number of cells than in the first line")),
        (b"a,b\n1,2\n3,4,5\n".to_vec(), line(3, "another number of cells than in the first line")),
        (b"a,b\n1,\"2\n3,4\n".to_vec(), line(2, "a quotation mark is never closed")),
        (many.into_bytes(), line(5, "another number of cells than in the first line")),
        (long.into_bytes(), line(2, "a record longer than 4 MiB, or a quotation mark that is never closed")),
        (b"a,b\n1,2\nx\0,4\n".to_vec(), line(3, "a NUL byte")),
        (b"a,b\n1,2\n\xff\xff,4\n".to_vec(), line(3, "bytes that are neither UTF-8 nor GB18030")),
        (b"\xff\xfea\0,\0b\0\n\0x".to_vec(), line(2, "bytes that are not UTF-16, though the file begins as such")),
        (
            b"\xfe\xff\0a\0,\0b\0\n\xd8\0\0,\0c".to_vec(),
            line(2, "bytes that are not UTF-16, though the file begins as such"),
        ),
        (format!("{}\n1\n", "x".repeat(300)).into_bytes(), line(1, "a column name longer than 256 characters")),
        (
            vec![b','; 1000],
            SourceError::TooMany { name: "table".to_owned(), what: "columns", found: 1001, limit: 1000 },
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(error_of(&bytes).await, expected, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(60)]));
    }
}

#[tokio::test]
async fn a_file_that_was_replaced_is_read_again_and_held_if_it_no_longer_fits() {
    let world = World::csv(b"a,b\nx,1\n");
    world.install(vec![terms("table", vec![item("a", ItemType::Text), item("b", ItemType::Integer)], &["rowid"])]);
    assert_eq!(world.query(json!({})).await.rows(), [[json!("x"), json!(1)]]);
    std::fs::write(world.intake("table.csv"), b"a,b\nx,1\ny,2\n").unwrap();
    structure(&world).await.unwrap();
    assert_eq!(world.query(json!({})).await.rows().len(), 2);
    std::fs::write(world.intake("table.csv"), b"a,b\nx,1\ny,two\n").unwrap();
    structure(&world).await.unwrap();
    let reply = world.query(json!({})).await;
    assert_eq!((reply.status, reply.code().as_str()), (502, "source_changed"));
    assert_eq!(reply.json()["params"]["what"], "b");
    let snapshots = std::fs::read_dir(world.folder.path().join("snapshots")).unwrap().count();
    assert_eq!(snapshots, 1, "older editions are removed");
}

#[tokio::test]
async fn a_thousand_columns_are_served() {
    let names: Vec<String> = (0..1000).map(|n| format!("c{n}")).collect();
    let cells: Vec<String> = (0..1000).map(|n| format!("v{n}")).collect();
    let world = World::csv(format!("{}\n{}\n{}\n", names.join(","), cells.join(","), cells.join(",")).as_bytes());
    let mut grant = terms("table", names.iter().map(|name| item(name, ItemType::Text)).collect(), &["rowid"]);
    grant.filter_columns = vec![(name("c999"), "c999".to_owned(), ItemType::Text)];
    grant.rows = RowFilter(vec![equals("c999", "v999")]);
    world.install(vec![grant]);
    let rows = world.query(json!({"items": names})).await.rows();
    assert_eq!((rows.len(), rows[0].len(), &rows[1][999]), (2, 1000, &json!("v999")));
}
