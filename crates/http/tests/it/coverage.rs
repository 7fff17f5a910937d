//! Every route, by the list itself: a route that is added is tested here without anybody remembering to.

use crate::node::Node;
use shuqiao_http::{Route, route_list};

/// The route's path with ids that name nothing.
fn filled(route: &Route) -> String {
    let known = [
        ("/catalogue/{id}", "cat_"),
        ("/grants/{id}", "grt_"),
        ("/people/{id}", "per_"),
        ("/requests/{id}", "req_"),
        ("/cases/{id}", "cas_"),
        ("/sources/{id}", "src_"),
        ("/systems/{id}", "sys_"),
        ("/gateways/{id}", "gtw_"),
        ("/batch-tasks/{id}", "bat_"),
    ];
    let prefix = known.iter().find(|(part, _)| route.path.contains(part)).map_or("", |(_, prefix)| prefix);
    let id = format!("{prefix}0192f0c1a2b34c5d8e9fa0b1c2d3e4f5");
    let path = route
        .path
        .replace("{id}", &id)
        .replace("{index}", "7")
        .replace("{table}", "t")
        .replace("{run}", "run_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5")
        .replace("{change}", "0")
        .replace("{number}", "SLTZ-2026-000001");
    path.replace("{name}", "a.csv").replace("{path}", "0/000.p/1")
}

#[tokio::test]
async fn nobody_gets_past_a_login_that_is_needed() {
    let node = Node::start().await;
    for route in route_list().into_iter().filter(|route| route.needs_login) {
        let path = filled(&route);
        for token in ["", "Bearer wrong", "Basic eDp5", "Bearer "] {
            let headers = [("authorization", token), ("if-match", "\"1\"")];
            let headers = if token.is_empty() { &headers[1..] } else { &headers[..] };
            let answer = node.call(route.method, &path, headers, "{}").await;
            assert_eq!(answer.problem(), (401, "session_missing".into()), "{} {path} {token:?}", route.method);
        }
    }
}

#[tokio::test]
async fn what_needs_no_login_answers_without_one() {
    let node = Node::start().await;
    for route in route_list().into_iter().filter(|route| !route.needs_login) {
        let answer = node.call(route.method, &filled(&route), &[], "{}").await;
        assert_ne!(answer.problem().1, "session_missing", "{} {}", route.method, route.path);
        assert!(answer.status.as_u16() < 500, "{} {}: {}", route.method, route.path, answer.text);
    }
}

#[tokio::test]
async fn writes_on_existing_things_say_what_they_saw() {
    let node = Node::start().await;
    let bearer = node.bearer("li").await;
    for route in route_list().into_iter().filter(|route| route.needs_revision) {
        let answer = node.call(route.method, &filled(&route), &[("authorization", &bearer)], "{}").await;
        assert_eq!(answer.problem(), (428, "if_match_missing".into()), "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn no_write_is_taken_from_another_site() {
    let node = Node::start().await;
    for route in route_list().into_iter().filter(|route| route.path.starts_with("/api/") && route.method != "GET") {
        let answer = node.call(route.method, &filled(&route), &[("origin", "http://evil.example")], "{}").await;
        assert_eq!(answer.problem(), (403, "cross_site_refused".into()), "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn every_answer_of_the_interface_is_json_or_a_problem_and_is_never_kept() {
    let node = Node::start().await;
    let bearer = node.bearer("li").await;
    for route in route_list().into_iter().filter(|route| route.path.starts_with("/api/")) {
        let headers = [("authorization", bearer.as_str()), ("if-match", "\"1\"")];
        if route.operation == "session_delete" {
            continue;
        }
        let answer = node.call(route.method, &filled(&route), &headers, "{}").await;
        let kind = answer.header("content-type").to_owned();
        assert!(
            kind.starts_with("application/json") || kind == "application/problem+json" || answer.text.is_empty(),
            "{} {}: {kind} {}",
            route.method,
            route.path,
            answer.text
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{}", route.path);
        assert!(answer.status.as_u16() < 500, "{} {}: {}", route.method, route.path, answer.text);
    }
}
