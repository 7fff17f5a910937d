//! Views on the running node: written and checked by an officer, catalogued, granted and called like any table; read by
//! the helper program, and by nothing when that is missing.

use crate::play::{Play, code, play, query_path};
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
