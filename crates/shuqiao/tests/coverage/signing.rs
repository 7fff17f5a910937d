//! Whose calls must be signed follows the entry: what becomes conditional is asked for a signature with the next epoch, and
//! what was granted under one keeps it.

use crate::play::{PROGRAM, code, play, text};
use serde_json::{Value, json};
use shuqiao_testkit::{
    node::Node,
    stage::{Stage, id},
};

/// Publishes the entry's next version with this content.
async fn republished(stage: &Stage, entry: &Value, content: &Value) -> Value {
    let (officer, head) = ("market.officer", "market.head");
    let work = stage.verb(officer, "catalogue", entry, "update", None).await.unwrap();
    let call = format!("PUT /api/v1/catalogue/{}", id(entry).unwrap());
    let work = stage.act(officer, &call, work["revision"].as_u64(), Some(content)).await.unwrap();
    let work = stage.verb(officer, "catalogue", &work, "submit", None).await.unwrap();
    let work = stage.verb(head, "catalogue", &work, "approve", None).await.unwrap();
    stage.verb("authority", "catalogue", &work, "publish", None).await.unwrap()
}

/// The same content, shared in this way.
fn shared(content: &Value, attribute: &str) -> Value {
    let mut content = content.clone();
    content["sharing_attribute"] = json!(attribute);
    for item in content["items"].as_array_mut().unwrap() {
        item["sharing_attribute"] = json!(attribute);
    }
    if attribute == "conditional" {
        content["conditions"] = json!({"allowed_organisation_kinds": ["department"], "allowed_levels": [], "purposes": ["依法履职"], "subject_consent_required": false, "note": ""});
    }
    content
}

#[tokio::test]
async fn a_tightened_entry_asks_for_signatures_and_a_loosened_one_lets_nobody_off() {
    let mut play = play(&[]);
    for login in ["market.officer", "market.head", "authority", "social.officer"] {
        play.stage.person(login).await.unwrap();
    }
    let mut content = play.stage.entry_content("market", "enterprises").await.unwrap();
    content["name"] = json!("企业登记信息（分级）");
    content["classification"]["grade"] = json!("l3");
    let at =
        content["items"].as_array().unwrap().iter().position(|item| item["name"] == "legal_representative").unwrap();
    content["items"][at]["grade"] = json!("l3");
    let free = shared(&content, "unconditional");
    let entry = play.stage.published("market", &free).await.unwrap();
    let request = play.request_content(&entry, &["credit_code", "legal_representative"]).await;
    let grant = play.stage.granted("market", &request).await.unwrap();

    // As a node in earnest serves: signatures are asked for.
    play.node.kill().unwrap();
    play.node = Node::run(PROGRAM, &["serve", "--data", text(&play.data), "--listen", "127.0.0.1:0"]).unwrap();
    play.stage = Stage::of(&play.node);
    let caller = play.caller().await;
    assert_eq!(play.call(&caller, &grant, 1).await.status.as_u16(), 200, "unconditional: a token does");
    let entry = republished(&play.stage, &entry, &shared(&content, "conditional")).await;
    let answer = play.call(&caller, &grant, 1).await;
    assert_eq!((answer.status.as_u16(), code(&answer).as_str()), (401, "signature_required"), "{}", answer.text);

    // Granted while it was conditional: its terms stay, also when the entry no longer says so.
    let request = play.request_content(&entry, &["credit_code", "legal_representative"]).await;
    let strict = play.stage.granted("market", &request).await.unwrap();
    republished(&play.stage, &entry, &free).await;
    let answer = play.call(&caller, &strict, 1).await;
    assert_eq!((answer.status.as_u16(), code(&answer).as_str()), (401, "signature_required"), "{}", answer.text);
    assert_eq!(play.call(&caller, &grant, 1).await.status.as_u16(), 200, "granted without, and without again");
}
