//! File delivery: order, wait, fetch whole and in ranges, confirm; and everything that stands against it.

use crate::world::{
    NOON, Options, PURPOSE, Reply, World, equals, grant_id, item, masked, quick_folder, quick_world, sqlite_file, terms,
};
use arrow::array::{Array, AsArray, RecordBatch};
use axum::{body::Body, http::Request};
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value as Json, json};
use shuqiao_crypto::{digest, note};
use shuqiao_plane::{book::GrantTerms, delivery::FileLimits, delivery::receipt::RowsDigest, value::Value};
use shuqiao_vocabulary::{ItemType, Mask, Moment, SharingMethod, id::GrantId};
use std::sync::atomic::Ordering;

const PEOPLE: &str = "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, card TEXT, born TEXT);
    INSERT INTO people VALUES (1, '张三', '520302199001011234', '1990-01-01'), (2, '=1+1', '52030219900101123X', NULL),
    (3, NULL, '520303198512319999', '1985-12-31');";

fn granted() -> GrantTerms {
    let items = vec![
        item("id", ItemType::Integer),
        item("name", ItemType::Text),
        masked("card", ItemType::Text, Mask::KeepEnds { head: 6, tail: 0 }),
        item("born", ItemType::Date),
    ];
    GrantTerms { methods: vec![SharingMethod::FileDownload], ..terms("people", items, &["id"]) }
}

async fn world() -> World {
    let world = quick_world(PEOPLE).await;
    world.install(vec![granted()]);
    world
}

impl World {
    async fn post(&self, path: &str, bearer: &str, body: &Json) -> Reply {
        let request = Request::post(path).header("authorization", format!("Bearer {bearer}"));
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub(crate) async fn order(&self, mut body: Json) -> Reply {
        body.as_object_mut().unwrap().entry("purpose").or_insert(json!(PURPOSE));
        self.post(&format!("/data/v1/grants/{}/files", grant_id()), &self.bearer(), &body).await
    }

    /// Orders and waits; what is told in the end.
    async fn made(&self, body: Json) -> Json {
        let ordered = self.order(body).await;
        assert_eq!(ordered.status, 202, "{}", String::from_utf8_lossy(&ordered.body));
        let id = ordered.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(ordered.header("location"), Some(&*format!("https://node.example/data/v1/files/{id}")));
        self.get(&format!("/data/v1/files/{id}?wait=60"), Some(&self.bearer())).await.json()
    }

    pub(crate) async fn delete(&self, path: &str) {
        let request = Request::delete(path).header("authorization", format!("Bearer {}", self.bearer()));
        assert_eq!(self.send(request.body(Body::empty()).unwrap()).await.status, 204);
    }

    async fn content(&self, file: &Json) -> Reply {
        self.get(&path(file, "content_url"), Some(&self.bearer())).await
    }
}

/// The path of an address that was told.
pub(crate) fn path(file: &Json, name: &str) -> String {
    file[name].as_str().unwrap_or_else(|| panic!("{file}")).strip_prefix("https://node.example").unwrap().to_owned()
}

fn batches(bytes: Vec<u8>) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).unwrap();
    reader.build().unwrap().collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn a_parquet_file_holds_what_was_granted_and_can_be_proved() {
    let world = world().await;
    let file = world.made(json!({})).await;
    assert_eq!((file["state"].as_str(), file["rows"].as_u64()), (Some("ready"), Some(3)), "{file}");
    let fetched = world.content(&file).await;
    assert_eq!(fetched.status, 200);
    assert_eq!(fetched.body.len() as u64, file["bytes"].as_u64().unwrap());
    assert_eq!(digest::sha256_hex(&fetched.body), file["sha256"].as_str().unwrap());
    assert_eq!(digest::sm3_hex(&fetched.body), file["sm3"].as_str().unwrap());
    assert_eq!(fetched.header("etag"), Some(&*format!("\"{}\"", file["sha256"].as_str().unwrap())));
    let batch = &batches(fetched.body)[0];
    let names: Vec<_> = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["id", "name", "card", "born"]);
    let texts =
        |at: usize| batch.column(at).as_string::<i32>().iter().map(|t| t.map(str::to_owned)).collect::<Vec<_>>();
    assert_eq!(texts(1), [Some("张三".to_owned()), Some("=1+1".to_owned()), None]);
    assert_eq!(texts(2)[0].as_deref(), Some("520302************"));
    assert!(batch.column(3).is_null(1));
    // The receiver counts the same from what it got.
    let text = |text: &str| Value::Text(text.to_owned());
    let mut digest = RowsDigest::default();
    for (id, name, card, born) in [
        (3, Value::Null, "520303************", text("1985-12-31")),
        (1, text("张三"), "520302************", text("1990-01-01")),
        (2, text("=1+1"), "520302************", Value::Null),
    ] {
        digest.add(&[Value::Integer(id), name, text(card), born]);
    }
    assert_eq!(digest.hex(), file["rows_digest"].as_str().unwrap());
    // The receipt is signed by the log that holds the record, and the record names the file's digest.
    let key = world.plane.usage_verifier().clone();
    let receipt = note::verify(file["receipt"].as_str().unwrap(), &[key]).unwrap().to_owned();
    for line in
        ["rows 3", &format!("sha256 {}", file["sha256"].as_str().unwrap()), &format!("rows-digest {}", digest.hex())]
    {
        assert!(receipt.lines().any(|is| is == line), "{line} in {receipt}");
    }
    let record = world.plane.usage_record(file["record"]["index"].as_u64().unwrap()).unwrap();
    assert_eq!((record.method, record.items.len()), (SharingMethod::FileDownload, 4));
    assert!(format!("{:?}", record.outcome).contains(file["sha256"].as_str().unwrap()));
    // And it says what it counted.
    let path = format!("/data/v1/files/{}/receipt", file["id"].as_str().unwrap());
    let wrong = world.post(&path, &world.bearer(), &json!({ "rows": 2, "rows_digest": digest.hex() })).await;
    assert_eq!((wrong.status, wrong.code()), (409, "receipt_differs".to_owned()));
    let told = world.post(&path, &world.bearer(), &json!({ "rows": 3, "rows_digest": digest.hex() })).await;
    assert_eq!((told.status, told.json()["received"]["agrees"].clone()), (200, json!(true)));
    for bad in
        [json!({}), json!({ "rows": 3, "rows_digest": "abc" }), json!({ "rows": -1, "rows_digest": digest.hex() })]
    {
        assert_eq!(world.post(&path, &world.bearer(), &bad).await.code(), "query_malformed");
    }
}

#[tokio::test]
async fn ranges_and_heads_are_answered_and_an_address_is_good_for_minutes() {
    let world = world().await;
    let file = world.made(json!({ "format": "csv" })).await;
    let whole = world.content(&file).await.body;
    assert_eq!(
        String::from_utf8(whole.clone()).unwrap(),
        "id,name,card,born\r\n1,张三,520302************,1990-01-01\r\n2,\"'=1+1\",520302************,\r\n3,,520303************,1985-12-31\r\n"
    );
    let key = path(&file, "download_url");
    let part = world.send(Request::get(&key).header("range", "bytes=3-7").body(Body::empty()).unwrap()).await;
    assert_eq!((part.status, &part.body[..]), (206, &whole[3..=7]));
    assert_eq!(part.header("content-range"), Some(&*format!("bytes 3-7/{}", whole.len())));
    let head = world.send(Request::head(&key).body(Body::empty()).unwrap()).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), Some(&*whole.len().to_string()));
    let beyond = world.send(Request::get(&key).header("range", "bytes=99999-").body(Body::empty()).unwrap()).await;
    assert_eq!(beyond.status, 416);
    for changed in [key.replace("key=", "key=A"), key.split('=').next().unwrap().to_owned() + "="] {
        assert_eq!(world.get(&changed, None).await.code(), "file_key_invalid");
    }
    let other = world.made(json!({ "format": "csv" })).await;
    let swapped = key.replace(file["id"].as_str().unwrap(), other["id"].as_str().unwrap());
    assert_eq!(world.get(&swapped, None).await.code(), "file_key_invalid");
    world.pass_seconds(901);
    world.install(vec![granted()]);
    assert_eq!(world.get(&key, None).await.code(), "file_key_invalid");
}

#[tokio::test]
async fn a_workbook_opens_and_runs_nothing() {
    let world = world().await;
    let file = world.made(json!({ "format": "xlsx", "items": ["id", "name", "born"] })).await;
    assert_eq!(file["state"], "ready", "{file}");
    let bytes = world.content(&file).await.body;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let range = calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap();
    let cells: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    assert_eq!(
        cells,
        [["id", "name", "born"], ["1", "张三", "1990-01-01"], ["2", "=1+1", ""], ["3", "", "1985-12-31"]]
    );
    let formulas = calamine::Reader::worksheet_formula(&mut book, "Sheet1").unwrap();
    assert!(formulas.is_empty(), "{formulas:?}");
}

#[tokio::test]
async fn conditions_narrow_and_an_empty_file_still_has_its_columns() {
    let world = world().await;
    let file = world.made(json!({ "conditions": [{ "item": "id", "eq": 2 }], "items": ["name"] })).await;
    assert_eq!((file["rows"].as_u64(), file["items"].as_array().unwrap().len()), (Some(1), 1));
    let none = world.made(json!({ "conditions": [{ "item": "id", "eq": 99 }] })).await;
    assert_eq!((none["state"].as_str(), none["rows"].as_u64()), (Some("ready"), Some(0)));
    let bytes = world.content(&none).await.body;
    assert!(batches(bytes.clone()).iter().all(|batch| batch.num_rows() == 0));
    let schema = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).unwrap().schema().clone();
    assert_eq!(schema.fields().len(), 4);
}

#[tokio::test]
async fn many_pages_make_one_file() {
    let world = quick_world(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, card TEXT, born TEXT);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25001)
         INSERT INTO people SELECT i, 'n' || i, '520302199001011234', '1990-01-01' FROM n;",
    )
    .await;
    world.install(vec![granted()]);
    let file = world.made(json!({})).await;
    assert_eq!(file["rows"].as_u64(), Some(25_001), "{file}");
    let batches = batches(world.content(&file).await.body);
    let ids = batches
        .iter()
        .flat_map(|batch| batch.column(0).as_primitive::<arrow::datatypes::Int64Type>().values().to_vec());
    assert!(ids.eq(1..=25_001));
    let summary = world.plane.usage_summary(&grant_id());
    assert_eq!((summary.calls, summary.rows), (1, 25_001));
}

#[tokio::test]
async fn orders_are_refused_like_calls_and_leave_nothing() {
    let world = world().await;
    let cases = [
        (json!({ "purpose": "another" }), 403, "purpose_mismatch"),
        (json!({ "items": ["salary"] }), 403, "item_not_granted"),
        (json!({ "conditions": [{ "item": "card", "prefix": "5203" }] }), 422, "condition_on_masked_item"),
        (json!({ "format": "pdf" }), 400, "query_malformed"),
        (json!({ "limit": 5 }), 400, "query_malformed"),
    ];
    for (body, status, code) in cases {
        let reply = world.order(body.clone()).await;
        assert_eq!((reply.status, reply.code()), (status, code.to_owned()), "{body}");
        let record = world.plane.usage_record(reply.header("shuqiao-record").unwrap().parse().unwrap()).unwrap();
        assert_eq!(record.method, SharingMethod::FileDownload);
    }
    world.install(vec![GrantTerms { methods: vec![SharingMethod::ServiceInterface], ..granted() }]);
    assert_eq!(world.order(json!({})).await.code(), "method_not_granted");
    world.install(vec![granted()]);
    let as_call = world.query(json!({})).await;
    assert_eq!(as_call.code(), "method_not_granted");
    assert_eq!(std::fs::read_dir(world.folder.path().join("files")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_file_is_its_orderers_alone_and_of_a_live_grant() {
    let world = world().await;
    let file = world.made(json!({})).await;
    let id = file["id"].as_str().unwrap();
    let (shown, content) = (format!("/data/v1/files/{id}"), path(&file, "content_url"));
    for bearer in [world.trial(1, grant_id()), world.trial(1, GrantId::from_uuid(uuid::Uuid::from_u128(9)))] {
        for path in [&shown, &content] {
            let reply = world.get(path, Some(&bearer)).await;
            assert_eq!((reply.status, reply.code()), (404, "file_missing".to_owned()));
        }
    }
    assert_eq!(world.get(&content, None).await.code(), "token_missing");
    assert_eq!(world.get("/data/v1/files/none", Some(&world.bearer())).await.code(), "file_missing");
    // Revoked: neither token nor address opens it any more.
    world.install(Vec::new());
    assert_eq!(world.get(&content, Some(&world.bearer())).await.code(), "grant_revoked");
    assert_eq!(world.get(&path(&file, "download_url"), None).await.code(), "grant_revoked");
    world.install(vec![granted()]);
    assert_eq!(world.get(&content, Some(&world.bearer())).await.status, 200);
    // A book that nobody confirms: denied.
    world.now.fetch_add(6_000_000, Ordering::SeqCst);
    assert_eq!(world.get(&content, Some(&world.bearer())).await.code(), "book_stale");
    world.install(vec![granted()]);
    world.delete(&shown).await;
    assert_eq!(world.get(&content, Some(&world.bearer())).await.code(), "file_missing");
    assert!(!world.folder.path().join("files").join(id).exists());
}

#[tokio::test]
async fn a_file_that_cannot_be_made_leaves_nothing_and_says_why() {
    let world = quick_world(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, card TEXT, born TEXT);
         INSERT INTO people VALUES (1, 'a', 'b', '1990-01-01'), (2, 'a', 'b', 'not a date');",
    )
    .await;
    world.install(vec![granted()]);
    let file = world.made(json!({})).await;
    assert_eq!(
        (file["state"].as_str(), file["code"].as_str()),
        (Some("refused"), Some("cell_type_mismatch")),
        "{file}"
    );
    assert!(!file.to_string().contains("not a date"));
    assert_eq!(std::fs::read_dir(world.folder.path().join("files")).unwrap().count(), 0);
    assert_eq!(world.plane.usage_summary(&grant_id()).refused, 1);
    // The rows of the day were given back.
    world.install(vec![GrantTerms { rows_per_day: 1, items: vec![item("id", ItemType::Integer)], ..granted() }]);
    let one = world.made(json!({ "conditions": [{ "item": "id", "eq": 1 }] })).await;
    assert_eq!(one["rows"].as_u64(), Some(1));
    let more = world.made(json!({})).await;
    assert_eq!(more["code"], "daily_rows_exceeded");
}

#[tokio::test]
async fn limits_hold_and_what_has_expired_is_gone_also_after_a_restart() {
    let folder = quick_folder();
    let path = folder.path().join("intake/people.db");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    sqlite_file(&path, PEOPLE).await;
    let limits = FileLimits { bytes_max: 100, per_grant_max: 2, kept_seconds: 3_600, ..FileLimits::default() };
    let options = Options { file_limits: limits, ..Options::default() };
    let world = World::at(folder, shuqiao_plane::source::Location::Sqlite { path }, &options);
    world.install(vec![granted()]);
    let small = world.made(json!({ "format": "csv", "items": ["id"] })).await;
    assert_eq!(small["state"], "ready", "{small}");
    let large = world.made(json!({ "format": "csv" })).await;
    assert_eq!((large["code"].as_str(), large["params"]["limit_bytes"].as_u64()), (Some("file_too_large"), Some(100)));
    assert_eq!(world.made(json!({ "format": "csv", "items": ["id"] })).await["state"], "ready");
    assert_eq!(world.order(json!({})).await.code(), "too_many_files");
    // A restart finds the finished file, and no trace of one that was cut short.
    let cut_short = world.folder.path().join("files/cut-short");
    std::fs::create_dir_all(&cut_short).unwrap();
    std::fs::write(cut_short.join("content"), b"half a fi").unwrap();
    let world = world.restarted(&options);
    world.install(vec![granted()]);
    assert_eq!(world.content(&small).await.status, 200);
    assert!(!cut_short.exists());
    world.pass_seconds(3_601);
    world.install(vec![granted()]);
    assert_eq!(world.content(&small).await.code(), "file_missing");
    world.plane.files_sweep(Moment::from_microseconds(NOON + 3_602_000_000));
    assert_eq!(std::fs::read_dir(world.folder.path().join("files")).unwrap().count(), 0);
}

#[tokio::test]
async fn what_could_not_be_made_does_not_stand_in_the_way_of_what_can() {
    let limits = FileLimits { per_grant_max: 2, ..FileLimits::default() };
    let options = Options { file_limits: limits, ..Options::default() };
    let world = World::sqlite_with(PEOPLE, &options).await;
    sqlite_file(&world.intake("people.db"), "UPDATE people SET born = 'not a date' WHERE id = 3").await;
    world.install(vec![granted()]);
    for _ in 0..3 {
        assert_eq!(world.made(json!({})).await["code"], "cell_type_mismatch");
    }
    for _ in 0..2 {
        let one = world.made(json!({ "conditions": [{ "item": "id", "eq": 1 }] })).await;
        assert_eq!(one["state"], "ready", "{one}");
    }
    // Those that are there stay.
    assert_eq!(world.order(json!({})).await.code(), "too_many_files");
}

#[tokio::test]
async fn a_condition_of_the_grant_holds_in_files_too() {
    let world = quick_world(PEOPLE).await;
    let born = ("born".parse().unwrap(), "born".to_owned(), ItemType::Date);
    let rows = shuqiao_vocabulary::RowFilter(vec![equals("born", "1990-01-01")]);
    world.install(vec![GrantTerms { rows, filter_columns: vec![born], ..granted() }]);
    let file = world.made(json!({ "format": "csv", "items": ["id"] })).await;
    assert_eq!(world.content(&file).await.body, b"id\r\n1\r\n");
}
