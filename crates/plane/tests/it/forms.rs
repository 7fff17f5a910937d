//! The forms of an answer and of a problem, as they stand on the wire; golden files.

use crate::world::{PURPOSE, World, grant_id, item, masked, terms};
use axum::{body::Body, http::Request};
use serde_json::json;
use shuqiao_plane::problem::ProblemCode;
use shuqiao_vocabulary::{ItemType, Mask};

async fn world() -> World {
    let world = World::sqlite(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n INTEGER);
         INSERT INTO t VALUES (1, '=cmd|calc', 9007199254740993), (2, 'a,\"b\"', -5), (3, NULL, NULL);",
    )
    .await;
    let items =
        vec![item("a", ItemType::Text), item("n", ItemType::Integer), masked("id", ItemType::Integer, Mask::Redact)];
    world.install(vec![terms("t", items, &["id"])]);
    world
}

#[tokio::test]
async fn csv_is_safe_and_says_where_it_goes_on() {
    let world = world().await;
    let body = json!({"purpose": PURPOSE, "limit": 2});
    let reply = world.query_as(Some(&world.bearer()), &grant_id().to_string(), "text/csv", &body).await;
    assert_eq!(
        String::from_utf8(reply.body.clone()).unwrap(),
        "a,n,id\r\n\"'=cmd|calc\",9007199254740993,***\r\n\"a,\"\"b\"\"\",-5,***\r\n"
    );
    assert_eq!(reply.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    let body = json!({"purpose": PURPOSE, "after": reply.header("shuqiao-next").unwrap()});
    let reply = world.query_as(Some(&world.bearer()), &grant_id().to_string(), "text/csv", &body).await;
    assert_eq!(reply.body, b"a,n,id\r\n,,***\r\n");
    assert_eq!(reply.header("shuqiao-next"), None);
    assert_eq!(reply.header("shuqiao-record"), Some("1"));
}

#[tokio::test]
async fn json_numbers_stay_exact() {
    let world = world().await;
    let rows = world.query(json!({"items": ["n"]})).await.rows();
    assert_eq!(rows, [[json!("9007199254740993")], [json!(-5)], [json!(null)]]);
}

#[tokio::test]
async fn problems_speak_the_callers_language() {
    let world = world().await;
    let ask = async |language: Option<&str>| {
        let mut request = Request::post(format!("/data/v1/grants/{}/query", grant_id()))
            .header("x-request-id", "given-by-the-layer-in-front");
        if let Some(language) = language {
            request = request.header("accept-language", language);
        }
        world.send(request.body(Body::from("{}")).unwrap()).await
    };
    let english = ask(Some("en-GB, zh;q=0.5")).await;
    assert_eq!(
        english.json(),
        json!({
            "type": "/problems/token_missing",
            "title": "The call carries no access token",
            "title_zh": "请求未携带访问令牌",
            "title_en": "The call carries no access token",
            "status": 401,
            "code": "token_missing",
            "params": {},
            "ground": null,
            "request_id": "given-by-the-layer-in-front",
        })
    );
    assert_eq!(english.header("x-request-id"), Some("given-by-the-layer-in-front"));
    for language in [None, Some("zh-CN"), Some("zh")] {
        assert_eq!(ask(language).await.json()["title"], "请求未携带访问令牌");
    }
}

#[tokio::test]
async fn an_answer_larger_than_any_is_refused_before_it_is_made() {
    let world = World::sqlite(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90)
         INSERT INTO t SELECT i, hex(zeroblob(500000)) FROM n;",
    )
    .await;
    world.install(vec![terms("t", vec![item("a", ItemType::Text)], &["id"])]);
    for (limit, status) in [(90, 422), (20, 422), (10, 200)] {
        let reply = world.query(json!({"limit": limit})).await;
        assert_eq!(reply.status, status, "{limit}");
        if status != 200 {
            assert_eq!(reply.code(), "answer_too_large");
        }
    }
}

/// Codes are for ever: the file only grows (INVARIANT codes-are-forever).
#[test]
fn problem_codes_are_those_of_the_golden_file() {
    let golden = include_str!("../golden/problem-codes.txt");
    let codes: Vec<String> =
        ProblemCode::ALL.iter().map(|code| format!("{} {}", code.status(), code.as_str())).collect();
    assert_eq!(golden.lines().collect::<Vec<_>>(), codes, "add new codes at the end of the list and of the file");
}
