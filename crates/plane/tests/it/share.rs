//! Delta Sharing: what its clients may list and read, and the client of its makers doing so.

use crate::world::{
    Options, PURPOSE, Reply, SECRET, World, grant_id, id, item, masked, quick_folder, quick_world, sqlite_file,
    stranger, system, terms,
};
use axum::{body::Body, http::Request};
use serde_json::{Value as Json, json};
use shuqiao_plane::{book::GrantTerms, source::Location};
use shuqiao_testkit::outside::{ask, python_running};
use shuqiao_vocabulary::{ItemType, Mask, SharingMethod};
use std::path::Path;

const PEOPLE: &str =
    "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, card TEXT, born TEXT, seen TEXT, yes BOOLEAN);
    INSERT INTO people VALUES (1, '张三', '520302199001011234', '1990-01-01', '2020-01-02T03:04:05Z', 1),
    (2, NULL, '52030219900101123X', NULL, NULL, 0);";
const TABLE: &str = "/delta-sharing/shares/数据局/schemas/2025-000001/tables/人口_基本信息";

fn granted() -> GrantTerms {
    let items = vec![
        item("id", ItemType::Integer),
        item("name", ItemType::Text),
        masked("card", ItemType::Text, Mask::KeepEnds { head: 6, tail: 0 }),
        item("born", ItemType::Date),
        item("seen", ItemType::DateTime),
        item("yes", ItemType::Boolean),
    ];
    GrantTerms { methods: vec![SharingMethod::FileDownload], ..terms("people", items, &["id"]) }
}

fn encoded(path: &str) -> String {
    path.bytes().map(|b| if b.is_ascii() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

impl World {
    async fn share(&self, path: &str) -> Reply {
        self.get(&encoded(path), Some(&self.bearer())).await
    }

    pub(crate) async fn share_query(&self, body: &str) -> Reply {
        let request = Request::post(encoded(&format!("{TABLE}/query")));
        let request = request.header("authorization", format!("Bearer {}", self.bearer()));
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }
}

pub(crate) fn lines(reply: &Reply) -> Vec<Json> {
    let text = String::from_utf8(reply.body.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn what_is_held_by_grants_of_file_delivery_is_listed_and_nothing_else() {
    let world = quick_world(PEOPLE).await;
    let another = |number: u32, change: &dyn Fn(&mut GrantTerms)| {
        let mut terms = GrantTerms { id: id("grt", number), ..granted() };
        change(&mut terms);
        terms
    };
    world.install(vec![
        granted(),
        another(2, &|terms| terms.entry_name = "法人.a/b".to_owned()),
        another(3, &|terms| terms.requester = stranger()),
        another(4, &|terms| terms.methods = vec![SharingMethod::ServiceInterface]),
        another(5, &|terms| terms.systems = vec![id("sys", 9)]),
        another(6, &|terms| terms.provider_name = "Other Office".to_owned()),
    ]);
    let shares = world.share("/delta-sharing/shares").await.json();
    assert_eq!(shares, json!({ "items": [{ "name": "Other_Office" }, { "name": "数据局" }] }));
    let one = world.share("/delta-sharing/shares/other_office").await.json();
    assert_eq!(one, json!({ "share": { "name": "Other_Office" } }));
    let schemas = world.share("/delta-sharing/shares/数据局/schemas").await.json();
    assert_eq!(schemas, json!({ "items": [{ "name": PURPOSE, "share": "数据局" }] }));
    let tables =
        world.share(&format!("/delta-sharing/shares/数据局/schemas/{PURPOSE}/tables?maxResults=1")).await.json();
    assert_eq!(tables["items"], json!([{ "name": "人口_基本信息", "schema": PURPOSE, "share": "数据局" }]));
    let token = tables["nextPageToken"].as_str().unwrap();
    let rest = world.share(&format!("/delta-sharing/shares/数据局/all-tables?pageToken={token}")).await.json();
    assert_eq!(rest, json!({ "items": [{ "name": "法人_a_b", "schema": PURPOSE, "share": "数据局" }] }));
    assert_eq!(world.share("/delta-sharing/shares?pageToken=AAAA").await.json()["errorCode"], "cursor_invalid");
    let missing = world.share("/delta-sharing/shares/nobody").await;
    assert_eq!((missing.status, missing.json()["errorCode"].clone()), (404, json!("table_missing")));
    assert_eq!(world.get("/delta-sharing/shares", None).await.json()["errorCode"], "token_missing");
}

#[tokio::test]
async fn a_query_makes_one_file_counts_once_and_falls_with_the_grant() {
    let world = quick_world(PEOPLE).await;
    world.install(vec![GrantTerms { rows_per_day: 5, ..granted() }]);
    let metadata = world.share(&format!("{TABLE}/metadata")).await;
    let schema: Json = serde_json::from_str(lines(&metadata)[1]["metaData"]["schemaString"].as_str().unwrap()).unwrap();
    let kinds: Vec<&str> = schema["fields"].as_array().unwrap().iter().map(|f| f["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["long", "string", "string", "date", "timestamp", "boolean"]);
    assert!(metadata.header("delta-table-version").is_some());
    let first = world.share_query(r#"{"predicateHints":["id = 1"],"limitHint":1}"#).await;
    assert_eq!(first.status, 200, "{}", String::from_utf8_lossy(&first.body));
    let file = lines(&first)[2]["file"].clone();
    let again = world.share_query("{}").await;
    assert_eq!(lines(&again)[2]["file"]["id"], file["id"], "a snapshot is made once");
    assert_eq!(
        world.share(&format!("{TABLE}/version")).await.header("delta-table-version"),
        again.header("delta-table-version")
    );
    assert_eq!(world.plane.usage_summary(&grant_id()).rows, 4, "each query is a delivery");
    let beyond = world.share_query("{}").await;
    assert_eq!((beyond.status, beyond.json()["errorCode"].clone()), (429, json!("daily_rows_exceeded")));
    let url = file["url"].as_str().unwrap().strip_prefix("https://node.example").unwrap();
    assert_eq!(world.get(url, None).await.body.len() as u64, file["size"].as_u64().unwrap());
    world.install(Vec::new());
    assert_eq!(world.get(url, None).await.code(), "grant_revoked");
    assert_eq!(world.share_query("{}").await.json()["errorCode"], "table_missing");
}

#[tokio::test]
async fn a_narrower_grant_is_not_served_from_the_snapshot_of_the_wider_one() {
    let world = quick_world(PEOPLE).await;
    world.install(vec![granted()]);
    let wide = lines(&world.share_query("{}").await)[2]["file"].clone();
    let url = wide["url"].as_str().unwrap().strip_prefix("https://node.example").unwrap();
    let mut narrow = granted();
    narrow.items.remove(1);
    world.install(vec![narrow.clone()]);
    let after = world.get(url, None).await;
    assert_eq!((after.status, after.code()), (409, "grant_changed".to_owned()));
    let file = lines(&world.share_query("{}").await)[2]["file"].clone();
    assert_ne!(file["id"], wide["id"]);
    let url = file["url"].as_str().unwrap().strip_prefix("https://node.example").unwrap();
    let given = crate::ways::told::parquet(world.get(url, None).await.body);
    assert_eq!(given.columns, ["id", "card", "born", "seen", "yes"]);
    // More of its time, another pace, another number of calls: the same is given, and the file stays good.
    narrow.valid_until = narrow.valid_until.plus_seconds(60);
    narrow.calls_per_second = 7;
    world.install(vec![narrow]);
    assert_eq!(world.get(url, None).await.status, 200);
}

#[tokio::test]
async fn the_client_of_the_protocols_makers_reads_the_table_in_one_line() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outside/delta.py");
    let folder = quick_folder();
    let path = folder.path().join("intake/people.db");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    sqlite_file(&path, PEOPLE).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let options = Options { public_origin: origin.clone(), ..Options::default() };
    let world = World::at(folder, Location::Sqlite { path }, &options);
    world.install(vec![granted()]);
    let served = tokio::spawn(axum::serve(listener, world.router.clone()).into_future());
    let endpoint = format!("{origin}/delta-sharing");
    let bearer = json!({
        "shareCredentialsVersion": 1, "endpoint": endpoint, "bearerToken": world.bearer(),
    });
    let credentials = json!({
        "shareCredentialsVersion": 2, "type": "oauth_client_credentials", "endpoint": endpoint,
        "tokenEndpoint": format!("{origin}/oauth2/token"), "clientId": system().to_string(), "clientSecret": SECRET,
    });
    for profile in [bearer, credentials] {
        let name = format!("数据局.{PURPOSE}.人口_基本信息");
        let question = json!({ "profile": profile, "tables": [name] });
        let Some(mut python) = python_running(env!("CARGO_TARGET_TMPDIR"), "delta_sharing", &script) else { return };
        let answer = tokio::task::spawn_blocking(move || ask(&mut python, &question)).await.unwrap().unwrap();
        let answer: Json = serde_json::from_slice(&answer.stdout).unwrap();
        assert_eq!(answer["listed"], json!([["数据局", PURPOSE, "人口_基本信息"]]));
        let table = &answer["tables"][&name];
        let columns: Vec<&String> = table["columns"].as_object().unwrap().keys().collect();
        assert_eq!(columns.len(), 6, "{columns:?}");
        let rows = table["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 2, "{table}");
        assert_eq!([&rows[0][0], &rows[0][1], &rows[0][2]], [&json!(1), &json!("张三"), &json!("520302************")]);
        assert!(rows[1][1].is_null());
    }
    served.abort();
}
