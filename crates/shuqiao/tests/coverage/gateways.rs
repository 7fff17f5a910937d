//! Gateways as programs of their own beside a node: what they deliver, and that they stop when they must.

use crate::play::{PROGRAM, Play, code, play, text};
use serde_json::{Value, json};
use shuqiao_testkit::{
    demo::Gateway,
    node::{Answer, Client, Node},
    stage::{access_token, id},
};
use std::{path::PathBuf, time::Duration};
use tokio::time::{interval, timeout};

/// How long an event may take that needs a second or five: it is waited for, and nothing is asserted of the time.
const WITHIN: Duration = Duration::from_secs(60);

/// A gateway of the police department beside the node.
async fn beside(play: &Play, folder: PathBuf) -> Gateway {
    Gateway::new(PROGRAM, &play.stage, &play.data, folder).await.unwrap()
}

async fn caller(gateway: &Gateway, play: &Play) -> Client {
    let token = access_token(gateway.node.base(), &play.system, &play.secret).await.unwrap();
    Client::anonymous(gateway.node.base()).with_bearer(&token)
}

/// Calls until it is answered in this way.
async fn until(play: &Play, caller: &Client, grant: &Value, wanted: &str) {
    let asked = async {
        let mut turns = interval(Duration::from_millis(100));
        loop {
            turns.tick().await;
            let answer = play.call(caller, grant, 1).await;
            if told(&answer) == wanted {
                return;
            }
        }
    };
    assert!(timeout(WITHIN, asked).await.is_ok(), "{wanted} was never answered");
}

fn told(answer: &Answer) -> String {
    if answer.status.is_success() { "delivered".to_owned() } else { code(answer) }
}

#[tokio::test]
async fn gateways_deliver_what_the_node_delivers_and_a_revocation_reaches_them() {
    let play = play(&[]);
    let folder = tempfile::tempdir().unwrap();
    let gateways = [beside(&play, folder.path().join("a")).await, beside(&play, folder.path().join("b")).await];
    let (grant, own) = (play.grant().await, play.caller().await);
    let rows = |answer: &Answer| answer.json()["rows"].clone();
    let here = play.call(&own, &grant, 3).await;
    let mut callers = Vec::new();
    for gateway in &gateways {
        let calling = caller(gateway, &play).await;
        let there = play.call(&calling, &grant, 3).await;
        assert_eq!(there.status, 200, "{}", there.text);
        assert_eq!(rows(&there), rows(&here), "the same rows, masked alike");
        assert_ne!(there.json()["record"]["log"], here.json()["record"]["log"], "each has a log of its own");
        callers.push(calling);
    }
    let foreign = play.call(&own.clone(), &grant, 1).await;
    assert_eq!(foreign.status, 200);
    // What they delivered is counted on the node, and the heads of their logs are in its record.
    let counted = async {
        let mut turns = interval(Duration::from_millis(200));
        loop {
            turns.tick().await;
            let call = format!("GET /api/v1/grants/{}", id(&grant).unwrap());
            let shown = play.stage.act("police.officer", &call, None, None).await.unwrap();
            if shown["usage"]["calls"].as_u64().is_some_and(|calls| calls >= 4) {
                return;
            }
        }
    };
    assert!(timeout(WITHIN, counted).await.is_ok(), "the gateways' calls were never counted");
    let listed = play.stage.act("police.officer", "GET /api/v1/gateways", None, None).await.unwrap();
    for gateway in listed["items"].as_array().unwrap() {
        assert!(gateway["seen_at"].is_string() && gateway["enrolment"].is_null(), "{gateway}");
        assert!(gateway["log_size"].as_u64().is_some_and(|size| size >= 1), "{gateway}");
    }
    let ground = json!({"ground": {"kind": "purpose_ended", "text": "核验工作已完成"}});
    let call = format!("POST /api/v1/grants/{}/revoke", id(&grant).unwrap());
    play.stage.act("police.office", &call, grant["revision"].as_u64(), Some(&ground)).await.unwrap();
    assert_eq!(told(&play.call(&own, &grant, 1).await), "grant_revoked", "on the node with the next call");
    for caller in &callers {
        until(&play, caller, &grant, "grant_revoked").await;
    }
}

#[tokio::test]
async fn a_gateway_without_its_node_and_one_that_was_removed_deny() {
    let mut play = play(&[]);
    let folder = tempfile::tempdir().unwrap();
    let (mut one, other) = (beside(&play, folder.path().join("a")).await, beside(&play, folder.path().join("b")).await);
    let (grant, removed) = (play.grant().await, caller(&other, &play).await);
    until(&play, &removed, &grant, "delivered").await;
    let call = format!("POST /api/v1/gateways/{}/remove", other.id);
    play.stage.act("police.officer", &call, None, None).await.unwrap();
    until(&play, &removed, &grant, "book_stale").await;
    let again = play.stage.ask("police.officer", &call, None, None).await.unwrap();
    assert_eq!(code(&again), "already_inactive");

    let calling = caller(&one, &play).await;
    until(&play, &calling, &grant, "delivered").await;
    let base = play.node.base().to_owned();
    play.node.kill().unwrap();
    until(&play, &calling, &grant, "book_stale").await;
    // It starts without its node, by the book it has kept, and denies; its own tokens stay good.
    one.start_again().unwrap();
    let token = access_token(one.node.base(), &play.system, &play.secret).await;
    assert!(token.is_err(), "no token by a book that nobody confirms");
    let address = base.strip_prefix("http://").unwrap();
    play.node = Node::run(PROGRAM, &["serve", "--data", text(&play.data), "--listen", address]).unwrap();
    let back = async {
        let mut turns = interval(Duration::from_millis(200));
        loop {
            turns.tick().await;
            if access_token(one.node.base(), &play.system, &play.secret).await.is_ok() {
                return;
            }
        }
    };
    assert!(timeout(WITHIN, back).await.is_ok(), "the node came back and the gateway did not");
    until(&play, &caller(&one, &play).await, &grant, "delivered").await;
}
