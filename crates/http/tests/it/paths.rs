//! Paths that could mean another path never reach a handler.

use crate::node::Node;
use axum::http::StatusCode;

/// Ways to write `/api/v1/people` and its like so that a careless reader takes them for something else.
const BYPASSES: &[&str] = &[
    "//api/v1/people",
    "/api//v1/people",
    "/api/v1//people",
    "/api/v1/./people",
    "/api/v1/session/../people",
    "/api/v1/session/%2e%2e/people",
    "/api/v1/session/.%2E/people",
    "/assets/..%2fapi/v1/people",
    "/assets/..%5capi/v1/people",
    "/api/v1%2Fpeople",
    "/api/v1/people;jsessionid=1",
    "/api;x/v1/people",
    "/api/v1/people%00",
    "/api/v1/people%0d%0aX-A:1",
    "/api/v1/%252e%252e/people",
    "/api/v1/%c0%ae%c0%ae/people",
    "/api/v1/people%ff",
    "/api/v1/%ef%bc%8e%ef%bc%8e/people",
    "/healthz/%2e%2e/api/v1/people",
];

/// These name nothing, but are written plainly.
const NOTHING: &[&str] = &[
    "/api/v1/people/",
    "/api/v1/people.",
    "/api/v1/people.json",
    "/api/v1/People",
    "/API/V1/people",
    "/Api/v1/people",
    "/api/v1/peop%6ce/x",
    "/api/v2/people",
    "/api",
    "/data/v1/nothing",
    "/tile/9/zzz",
    "/assets/none.js",
];

#[tokio::test]
async fn bypasses_are_refused_before_any_handler() {
    let node = Node::start().await;
    let bearer = node.bearer("admin").await;
    for path in BYPASSES {
        for method in ["GET", "POST", "DELETE"] {
            let answer = node.call(method, path, &[("authorization", &bearer)], "").await;
            assert_eq!(answer.problem(), (400, "path_refused".into()), "{method} {path}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn paths_that_name_nothing_are_not_found() {
    let node = Node::start().await;
    let bearer = node.bearer("admin").await;
    for path in NOTHING {
        let answer = node.call("GET", path, &[("authorization", &bearer)], "").await;
        assert_eq!(answer.problem(), (404, "not_found".into()), "{path}: {}", answer.text);
    }
    // An escaped letter is the letter to the router of no path: it matches what is written.
    let answer = node.call("GET", "/api/v1/peopl%65", &[], "").await;
    assert_ne!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn another_rooms_routes_can_stand_behind_the_same_guard() {
    let plain = axum::Router::<()>::new().route("/data/{id}", axum::routing::get(|| async { "reached" }));
    let guarded = shuqiao_http::path_guarded(plain);
    let ask = |path: &str| axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap();
    for (path, status) in [("/data/x", 200), ("/data/%2e%2e", 400), ("/data/a%2fb", 400)] {
        let answer = tower::ServiceExt::oneshot(guarded.clone(), ask(path)).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
    }
}
