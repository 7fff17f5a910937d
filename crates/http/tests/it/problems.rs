//! What goes wrong is told as problem+json, whoever notices it.

use crate::node::Node;
use serde_json::json;

const ENTRY: &str = "/api/v1/catalogue/cat_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5";

#[tokio::test]
async fn bodies_that_are_not_of_the_form_asked_for() {
    let node = Node::start().await;
    let bearer = node.bearer("li").await;
    let check = async |body: &str, kind: &str, expected: (u16, &str)| {
        let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
        let request = node.call("POST", "/api/v1/catalogue", &headers[..1], "").await;
        assert_eq!(request.problem().0, 415, "a body must be said to be JSON");
        let mut request = axum::http::Request::post("/api/v1/catalogue");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = node.send(request.body(axum::body::Body::from(body.to_owned())).unwrap()).await;
        assert_eq!(answer.problem(), (expected.0, expected.1.to_owned()), "{}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        answer
    };
    let json_type = "application/json";
    check("{\"name\":", json_type, (400, "json_malformed")).await;
    check("{}", "text/plain", (415, "json_expected")).await;
    check(&format!("{{\"name\":\"{}\"}}", "a".repeat(2_000_000)), json_type, (413, "body_too_large")).await;
    let answer = check("{\n \"items\": [{\"name\": \"a b\"}]}", json_type, (422, "json_mismatch")).await;
    assert_eq!(answer.json()["params"]["field"], json!("items[0].name"));
    assert_eq!(answer.json()["params"]["line"], json!("2"));
    let answer = check("{\"nmae\":\"x\"}", json_type, (422, "json_mismatch")).await;
    assert_eq!(answer.json()["params"]["field"], json!("nmae"));
}

#[tokio::test]
async fn revisions_that_were_seen() {
    let node = Node::start().await;
    let bearer = node.bearer("li").await;
    let check = async |tag: Option<&str>, expected: (u16, &str)| {
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend(tag.map(|tag| ("if-match", tag)));
        let answer = node.call("PUT", ENTRY, &headers, "{}").await;
        assert_eq!(answer.problem(), (expected.0, expected.1.to_owned()), "{tag:?} {}", answer.text);
    };
    check(None, (428, "if_match_missing")).await;
    for malformed in ["1", "*", "W/\"1\"", "\"\"", "\"-1\"", "\"1\", \"2\"", "\"99999999999999999999\""] {
        check(Some(malformed), (400, "if_match_malformed")).await;
    }
    check(Some("\"1\""), (404, "not_found")).await;
}

#[tokio::test]
async fn a_write_that_saw_an_older_revision_is_refused() {
    let node = Node::start().await;
    let bearer = node.bearer("li").await;
    let headers = [("authorization", bearer.as_str()), ("if-match", "\"1\"")];
    let created = node.call("POST", "/api/v1/catalogue", &headers[..1], r#"{"name":"企业登记"}"#).await;
    assert_eq!((created.status.as_u16(), created.header("etag")), (201, "\"1\""), "{}", created.text);
    let place = created.header("location").to_owned();
    assert_eq!(place, format!("/api/v1/catalogue/{}", created.json()["id"].as_str().unwrap()));
    let revised = node.call("PUT", &place, &headers, r#"{"name":"企业登记信息"}"#).await;
    assert_eq!((revised.status.as_u16(), revised.header("etag")), (200, "\"2\""), "{}", revised.text);
    let stale = node.call("PUT", &place, &headers, r#"{"name":"x"}"#).await;
    assert_eq!(stale.problem(), (409, "stale_revision".into()), "{}", stale.text);
    assert_eq!(stale.json()["params"]["found"], json!("2"));
}

#[tokio::test]
async fn everything_that_a_draft_lacks_is_told_at_once_with_its_article() {
    let node = Node::start().await;
    let bearer = node.bearer("li").await;
    let headers = [("authorization", bearer.as_str()), ("if-match", "\"1\""), ("accept-language", "en")];
    let created = node.call("POST", "/api/v1/catalogue", &headers[..1], "{}").await;
    let answer = node.call("POST", &format!("{}/submit", created.header("location")), &headers, "{}").await;
    assert_eq!(answer.problem(), (422, "entry_incomplete".into()), "{}", answer.text);
    let problem = answer.json();
    assert_eq!(problem["ground"], json!({"article": "13", "zh": "第十三条"}));
    assert_eq!(problem["title"], problem["title_en"]);
    assert_eq!(problem["type"], json!("/problems/entry_incomplete"));
    assert_eq!(problem["request_id"].as_str().unwrap(), answer.header("x-request-id"));
    assert!(problem["problems"].as_array().unwrap().len() > 5);
    assert!(problem["problems"].as_array().unwrap().iter().any(|p| p["field"] == "name" && p["code"] == "required"));
}

#[tokio::test]
async fn ids_that_name_nothing() {
    let node = Node::start().await;
    let bearer = node.bearer("li").await;
    let headers = [("authorization", bearer.as_str())];
    let unknown = node.call("GET", ENTRY, &headers, "").await;
    assert_eq!(unknown.problem(), (404, "not_found".into()));
    for id in ["cat_1", "org_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5", "1", "%E4%BC%81"] {
        let answer = node.call("GET", &format!("/api/v1/catalogue/{id}"), &headers, "").await;
        assert_eq!(without_request_id(&answer.text), without_request_id(&unknown.text), "{id}");
    }
}

fn without_request_id(text: &str) -> serde_json::Value {
    let mut body: serde_json::Value = serde_json::from_str(text).unwrap();
    body.as_object_mut().unwrap().remove("request_id");
    body
}

#[tokio::test]
async fn queries_that_are_not_of_the_form_asked_for() {
    let node = Node::start().await;
    let bearer = node.bearer("li").await;
    for query in ["limit=0", "limit=101", "limit=x", "attribute=secret", "scope=all", "unknown=1", "provider=1"] {
        let answer = node.call("GET", &format!("/api/v1/catalogue?{query}"), &[("authorization", &bearer)], "").await;
        assert_eq!(answer.problem(), (400, "query_malformed".into()), "{query} {}", answer.text);
    }
    let answer = node.call("GET", "/api/v1/catalogue?after=nowhere", &[("authorization", &bearer)], "").await;
    assert_eq!(answer.problem(), (422, "cursor_invalid".into()), "{}", answer.text);
}

#[tokio::test]
async fn methods_that_a_path_has_not() {
    let node = Node::start().await;
    for (method, path) in [("PATCH", "/api/v1/session"), ("PUT", "/healthz"), ("DELETE", "/"), ("POST", "/requests")] {
        let answer = node.call(method, path, &[("authorization", "Bearer x")], "").await;
        assert_eq!(answer.problem(), (405, "method_not_allowed".into()), "{method} {path}");
    }
}

#[tokio::test]
async fn a_write_sent_twice_with_a_key_is_done_once() {
    let node = Node::start().await;
    let bearer = node.bearer("li").await;
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", "k-1")];
    let one = node.call("POST", "/api/v1/catalogue", &headers, r#"{"name":"a"}"#).await;
    let again = node.call("POST", "/api/v1/catalogue", &headers, r#"{"name":"a"}"#).await;
    assert_eq!((one.status.as_u16(), again.status.as_u16()), (201, 201), "{}", again.text);
    assert_eq!(one.json()["id"], again.json()["id"]);
    let other = node.call("POST", "/api/v1/catalogue", &headers, r#"{"name":"b"}"#).await;
    assert_eq!(other.problem(), (422, "idempotency_mismatch".into()), "{}", other.text);
    for bad in ["", "a b", &"k".repeat(121)] {
        let headers = [headers[0], ("idempotency-key", bad)];
        let answer = node.call("POST", "/api/v1/catalogue", &headers, "{}").await;
        assert_eq!(answer.problem(), (400, "idempotency_key_malformed".into()), "{bad:?}");
    }
}
