//! Login, cookies, and writes from other sites.

use crate::node::{Node, PASSWORD};
use axum::http::StatusCode;
use shuqiao_vocabulary::Moment;
use std::sync::atomic::Ordering;

fn login(password: &str) -> String {
    format!(r#"{{"login":"li","password":"{password}"}}"#)
}

async fn cookie(node: &Node) -> String {
    let answer = node.call("POST", "/api/v1/session", &[], &login(PASSWORD)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert!(answer.json().get("token").is_none(), "a browser's script never sees the token");
    let set = answer.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api/v1", "Max-Age="] {
        assert!(set.contains(part), "{set}");
    }
    set.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_session_begins_and_ends() {
    let node = Node::start().await;
    let nobody = node.call("GET", "/api/v1/session", &[], "").await;
    assert_eq!(nobody.problem(), (401, "session_missing".into()));
    assert_eq!(nobody.header("www-authenticate"), "Bearer");
    let cookie = cookie(&node).await;
    let me = node.call("GET", "/api/v1/session", &[("cookie", &cookie)], "").await;
    assert_eq!(me.json()["person"]["login"], "li", "{}", me.text);
    assert_eq!(me.json()["node"]["region_name"], "遵义市");
    assert!(me.json()["can"].as_array().unwrap().contains(&"catalogue_create".into()));
    assert_eq!(me.header("cache-control"), "no-store");
    let ended = node.call("DELETE", "/api/v1/session", &[("cookie", &cookie)], "").await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert!(ended.header("set-cookie").contains("Max-Age=0"));
    let after = node.call("GET", "/api/v1/session", &[("cookie", &cookie)], "").await;
    assert_eq!(after.problem(), (401, "session_missing".into()));
}

#[tokio::test]
async fn a_session_is_over_when_its_time_is() {
    let node = Node::start().await;
    let cookie = cookie(&node).await;
    node.clock.fetch_add(12 * 3_600 * 1_000_000, Ordering::Relaxed);
    let after = node.call("GET", "/api/v1/session", &[("cookie", &cookie)], "").await;
    assert_eq!(after.problem(), (401, "session_missing".into()), "{}", after.text);
}

#[tokio::test]
async fn what_is_over_is_removed_and_nothing_else() {
    let node = Node::start().await;
    let first = cookie(&node).await;
    let now = || Moment::from_microseconds(node.clock.load(Ordering::Relaxed));
    node.app.expired_sweep(now()).await.unwrap();
    let me = node.call("GET", "/api/v1/session", &[("cookie", &first)], "").await;
    assert_eq!(me.status, StatusCode::OK, "a session that is not over stays: {}", me.text);
    node.clock.fetch_add(12 * 3_600 * 1_000_000, Ordering::Relaxed);
    let second = cookie(&node).await;
    assert_eq!(node.app.expired_sweep(now()).await.unwrap(), 1);
    assert_eq!(node.app.expired_sweep(now()).await.unwrap(), 0, "it may run twice");
    let me = node.call("GET", "/api/v1/session", &[("cookie", &second)], "").await;
    assert_eq!(me.status, StatusCode::OK, "{}", me.text);
}

#[tokio::test]
async fn failures_lock_and_say_nothing_else() {
    let node = Node::start().await;
    let unknown = r#"{"login":"nobody.here","password":"correct horse battery"}"#;
    let unknown = node.call("POST", "/api/v1/session", &[], unknown).await;
    assert_eq!(unknown.problem(), (401, "login_failed".into()));
    for _ in 0..5 {
        let wrong = node.call("POST", "/api/v1/session", &[], &login("wrong horse battery")).await;
        assert_eq!(wrong.problem(), (401, "login_failed".into()));
    }
    let locked = node.call("POST", "/api/v1/session", &[], &login(PASSWORD)).await;
    assert_eq!(locked.problem(), (429, "login_locked".into()));
    assert_eq!(locked.json()["params"]["until"], "2026-03-02T02:15:00Z");
}

#[tokio::test]
async fn writes_of_other_sites_are_refused() {
    let node = Node::start().await;
    let cookie = cookie(&node).await;
    let check = async |headers: &[(&str, &str)], expected: u16| {
        let mut all = vec![("cookie", cookie.as_str())];
        all.extend(headers);
        let answer = node.call("POST", "/api/v1/catalogue", &all, "{}").await;
        assert_eq!(answer.status.as_u16(), expected, "{headers:?} {}", answer.text);
    };
    check(&[("origin", "http://node.example"), ("sec-fetch-site", "same-origin")], 201).await;
    check(&[], 201).await;
    check(&[("origin", "http://evil.example")], 403).await;
    check(&[("origin", "null")], 403).await;
    check(&[("sec-fetch-site", "cross-site")], 403).await;
    check(&[("sec-fetch-site", "same-site"), ("origin", "http://node.example")], 403).await;
    // The forged login of another site, which would log somebody in as the attacker.
    let forged = node.call("POST", "/api/v1/session", &[("origin", "http://evil.example")], &login(PASSWORD)).await;
    assert_eq!(forged.problem(), (403, "cross_site_refused".into()));
    // What a form can send without asking.
    let request = axum::http::Request::post("/api/v1/catalogue").header("cookie", &cookie);
    let request = request.header("content-type", "text/plain").body(axum::body::Body::from("{}")).unwrap();
    assert_eq!(node.send(request).await.problem(), (415, "json_expected".into()));
}

#[tokio::test]
async fn answers_carry_their_headers_and_our_own_id() {
    let node = Node::start().await;
    let answer = node.call("GET", "/healthz", &[("x-request-id", "mine")], "").await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, r#"{"status":"ok"}"#));
    assert_eq!(answer.header("x-request-id").len(), 32);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let regions = node.call("GET", "/api/v1/regions?parent=52", &[], "").await;
    assert_eq!(regions.text, r#"{"items":[{"code":"5203","name":"遵义市"}]}"#);
    let keys = node.call("GET", "/.well-known/shuqiao-log", &[], "").await;
    assert_eq!(keys.json()["origin"], "test/record");
    let checkpoint = node.call("GET", "/checkpoint", &[], "").await;
    assert!(checkpoint.text.starts_with("test/record\n"), "{}", checkpoint.text);
    let tile = node.call("GET", "/tile/0/000.p/1", &[], "").await;
    assert_eq!((tile.status, tile.headers["content-length"].to_str().unwrap()), (StatusCode::OK, "32"));
    assert!(tile.header("cache-control").contains("immutable"));
}
