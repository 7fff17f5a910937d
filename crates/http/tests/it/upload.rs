//! Files that come in.

use crate::node::Node;
use axum::{body::Body, http::Request};

async fn put(node: &Node, bearer: &str, name: &str, bytes: usize) -> crate::node::Answer {
    let request = Request::put(format!("/api/v1/intake/{name}")).header("authorization", bearer);
    let request = request.header("content-type", "application/octet-stream");
    node.send(request.body(Body::from(vec![b'a'; bytes])).unwrap()).await
}

#[tokio::test]
async fn a_file_is_placed_whole_or_not_at_all() {
    let node = Node::start().await;
    let bearer = node.bearer("li").await;
    // Larger than any JSON body may be.
    let placed = put(&node, &bearer, "%E4%BC%81%E4%B8%9A.csv", 1_500_000).await;
    assert_eq!(placed.json()["name"], "企业.csv", "{}", placed.text);
    assert_eq!(placed.json()["bytes"], 1_500_000);
    assert_eq!(put(&node, &bearer, "large.csv", 2_000_001).await.problem(), (413, "file_too_large".into()));
    assert_eq!(put(&node, &bearer, "a.exe", 1).await.problem(), (422, "name_refused".into()));
    assert_eq!(put(&node, &bearer, "..%2f..%2fa.csv", 1).await.problem(), (400, "path_refused".into()));
    let listed = node.call("GET", "/api/v1/intake", &[("authorization", &bearer)], "").await;
    assert_eq!(listed.json()["items"].as_array().unwrap().len(), 1, "{}", listed.text);
    let folder = std::fs::read_dir(node.folder.path().join("intake")).unwrap().next().unwrap().unwrap().path();
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1, "what was not finished leaves nothing behind");
}
