//! Views on the running node: written and checked by an officer, catalogued, granted and called like any table; read by
//! the helper program, and by nothing when that is missing.

use crate::play::{Play, bytes, code, play, query_path};
use serde_json::{Value, json};
use shuqiao_testkit::{node::Answer, stage::id};

const JOIN: &str = "SELECT e.* FROM enterprises e \
                    JOIN (SELECT county_code, count(*) AS n FROM enterprises GROUP BY county_code) c \
                    ON c.county_code = e.county_code AND c.n > 0";

/// The market department's register, and the columns that name a row of it.
async fn register(play: &Play) -> (String, Value) {
    let source = play.first("market.officer", "GET /api/v1/sources").await;
    let tables = source["structure"]["tables"].as_array().unwrap();
    let table = tables.iter().find(|table| table["name"] == "enterprises").unwrap();
    (id(&source).unwrap().to_owned(), table["key"].clone())
}

fn view(source: &str, sql: &str, key: &Value) -> Value {
    let input = json!({"alias": "enterprises", "source": source, "table": "enterprises"});
    json!({"kind": "view", "name": "各县企业", "sql": sql, "inputs": [input], "key": key})
}

async fn asked(play: &Play, login: &str, call: &str, body: &Value) -> Answer {
    play.stage.ask(login, call, None, Some(body)).await.unwrap()
}

#[tokio::test]
async fn a_view_is_checked_connected_catalogued_granted_and_called() {
    let play = play(&[]);
    let (source, key) = register(&play).await;
    let clock = view(&source, "SELECT now() AS t", &key);
    let wrong = asked(&play, "market.officer", "POST /api/v1/sources/check", &clock).await;
    assert_eq!((wrong.status.as_u16(), code(&wrong).as_str()), (422, "view_function"), "{}", wrong.text);
    assert_eq!(wrong.json()["params"], json!({"name": "now", "line": "1", "column": "8"}));
    let good = view(&source, JOIN, &key);
    let checked = asked(&play, "market.officer", "POST /api/v1/sources/check", &good).await;
    assert_eq!(checked.status.as_u16(), 200, "{}", checked.text);
    assert_eq!(checked.json()["tables"][0]["rows_estimate"], 300);
    let other = asked(&play, "police.officer", "POST /api/v1/sources/check", &good).await;
    assert!([403, 404].contains(&other.status.as_u16()), "another department's source: {}", other.text);

    let made = asked(&play, "market.officer", "POST /api/v1/sources", &good).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text);
    let made = made.json();
    assert_eq!((&made["kind"], &made["structure"]["tables"][0]["name"]), (&json!("view"), &json!("view")));
    assert!(!made.to_string().contains("SELECT"), "the SQL is sealed: {made}");
    let mut nested = view(id(&made).unwrap(), "SELECT 1 AS id", &json!([]));
    nested["inputs"][0]["table"] = json!("view");
    let nested = asked(&play, "market.officer", "POST /api/v1/sources/check", &nested).await;
    assert_eq!(code(&nested), "view_input", "{}", nested.text);

    let mut content = play.stage.entry_content("market", "enterprises").await.unwrap();
    content["name"] = json!("各县企业登记汇总");
    content["resource"] = json!({"source": id(&made).unwrap(), "table": "view"});
    let entry = play.stage.published("market", &content).await.unwrap();
    let first = entry["items"][0]["name"].as_str().unwrap().to_owned();
    let request = play.request_content(&entry, &[&first]).await;
    let grant = play.stage.granted("market", &request).await.unwrap();
    let caller = play.caller().await;
    let (mut rows, mut after) = (0, Value::Null);
    for page in 0.. {
        let mut body = json!({"purpose": grant["purpose"], "limit": 10});
        if !after.is_null() {
            body["after"] = after;
        }
        let answer = caller.json("POST", &query_path(&grant), &[], Some(&body)).await.unwrap();
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        assert!(answer.headers.contains_key("shuqiao-record"), "every page is recorded");
        rows += answer.json()["rows"].as_array().unwrap().len();
        after = answer.json()["next"].clone();
        if after.is_null() || page == 2 {
            break;
        }
    }
    assert_eq!(rows, 30);
    assert!(std::fs::read_dir(play.data.join("views")).unwrap().next().is_none(), "nothing is left aside");
}

/// Wages of enterprises: in 甲县 five of them, in 乙县 four, of which one stands in two rows.
const WAGES: [&str; 11] = [
    "区县,信用代码,工资",
    "甲县,A1,10",
    "甲县,A2,20",
    "甲县,A3,30",
    "甲县,A4,40",
    "甲县,A5,50",
    "乙县,B1,60",
    "乙县,B2,70",
    "乙县,B3,80",
    "乙县,B4,90",
    "乙县,B4,95",
];

/// An entry with three items over this view, granted for these rows.
async fn granted_sums(play: &Play, source: &Value, name: &str, rows: Value) -> Value {
    let mut content = play.stage.entry_content("market", "enterprises").await.unwrap();
    let known = content["items"].as_array().unwrap().iter().find(|item| item["column"] == "county_code").unwrap();
    let item = |name: &str, title: &str, item_type: &str| {
        let mut item = known.clone();
        (item["name"], item["column"]) = (json!(name), json!(name));
        (item["title"], item["item_type"]) = (json!(title), json!(item_type));
        item
    };
    let items = [item("county", "区县", "text"), item("n", "企业数", "integer"), item("total", "工资合计", "integer")];
    (content["items"], content["name"]) = (json!(items), json!(name));
    content["resource"] = json!({"source": id(source).unwrap(), "table": "view"});
    let entry = play.stage.published("market", &content).await.unwrap();
    assert_eq!(entry["subjects_min"], 5);
    let mut request = play.request_content(&entry, &["county", "n", "total"]).await;
    request["rows"] = rows;
    play.stage.granted("market", &request).await.unwrap()
}

#[tokio::test]
async fn a_group_below_the_threshold_is_delivered_to_nobody() {
    let play = play(&[]);
    let table = play.connect_csv("market.officer", "wages.csv", &bytes(&WAGES)).await;
    assert_eq!(table.status.as_u16(), 201, "{}", table.text);
    let (source, table) =
        (id(&table.json()).unwrap().to_owned(), table.json()["structure"]["tables"][0]["name"].clone());
    let view = |sql: &str, threshold: Value| {
        let input = json!({"alias": "wages", "source": source, "table": table});
        let key = json!(["county"]);
        json!({"kind": "view", "name": "各县工资", "sql": sql, "inputs": [input], "key": key, "threshold": threshold})
    };
    let held = json!({"input": "wages", "column": "信用代码", "minimum": 5});
    let each = "SELECT 区县 AS county, max(工资) AS total FROM wages GROUP BY 区县";
    let wrong = asked(&play, "market.officer", "POST /api/v1/sources/check", &view(each, held.clone())).await;
    assert_eq!((wrong.status.as_u16(), code(&wrong).as_str()), (422, "view_threshold_function"), "{}", wrong.text);
    assert_eq!(wrong.json()["params"]["name"], "max");
    let sums = "SELECT 区县 AS county, count(*) AS n, sum(工资) AS total FROM wages GROUP BY 区县";
    let made = asked(&play, "market.officer", "POST /api/v1/sources", &view(sums, held.clone())).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text);
    let made = made.json();
    assert_eq!((&made["structure"]["threshold"], &made["structure"]["tables"][0]["rows_estimate"]), (&held, &json!(1)));

    let caller = play.caller().await;
    let grant = granted_sums(&play, &made, "各县工资汇总", json!([])).await;
    let other = json!([{"item": "county", "in": ["乙县"]}]);
    let narrow = granted_sums(&play, &made, "乙县工资汇总", other).await;
    let first = json!([["甲县", 5, 150]]);
    for (grant, conditions, expected) in [
        (&grant, json!([]), &first),
        (&grant, json!([{"item": "county", "eq": "甲县"}]), &first),
        (&grant, json!([{"item": "county", "eq": "乙县"}]), &json!([])),
        (&grant, json!([{"item": "total", "range": {"from": 151}}]), &json!([])),
        (&narrow, json!([]), &json!([])),
    ] {
        let body = json!({"purpose": grant["purpose"], "conditions": conditions, "limit": 10});
        let answer = caller.json("POST", &query_path(grant), &[], Some(&body)).await.unwrap();
        assert_eq!((answer.status.as_u16(), &answer.json()["rows"]), (200, expected), "{conditions} {}", answer.text);
    }
}

#[tokio::test]
async fn without_the_helper_there_are_no_views_and_everything_else() {
    let mut play = play(&[]);
    play.stage.person("market.officer").await.unwrap();
    let (source, key) = register(&play).await;
    play.serve_again(&["--worker", "/nothing/there"]).await;
    let answer = asked(&play, "police.officer", "POST /api/v1/sources/check", &view(&source, JOIN, &key)).await;
    assert!([403, 404].contains(&answer.status.as_u16()), "{}", answer.text);
    let answer = asked(&play, "market.officer", "POST /api/v1/sources/check", &view(&source, JOIN, &key)).await;
    assert_eq!((answer.status.as_u16(), code(&answer).as_str()), (422, "view_engine_missing"), "{}", answer.text);
    let grant = play.grant().await;
    let caller = play.caller().await;
    assert_eq!(play.call(&caller, &grant, 1).await.status.as_u16(), 200);
}
