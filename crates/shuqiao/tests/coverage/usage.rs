//! Every data-plane call, delivered or refused, leaves a usage record whose index is in the answer's header, and which is
//! there when the answer is.

use crate::play::{code, play, query_path};
use serde_json::json;
use shuqiao_testkit::{node::Client, stage::id};

#[tokio::test]
async fn every_call_leaves_a_usage_record_before_its_answer() {
    let play = play(&[]);
    let (grant, caller) = (play.grant().await, play.caller().await);
    let (path, purpose) = (query_path(&grant), grant["purpose"].clone());
    let nobody = Client::anonymous(play.node.base());
    let stranger = "/data/v1/grants/grt_00000000000000000000000000000000/query";
    let cases = [
        (&caller, path.as_str(), json!({"purpose": purpose, "limit": 5}), 200, ""),
        (&nobody, path.as_str(), json!({"purpose": purpose}), 401, "token_missing"),
        (&caller, stranger, json!({"purpose": purpose}), 403, "grant_missing"),
        (&caller, path.as_str(), json!({"purpose": "something else"}), 403, "purpose_mismatch"),
        (&caller, path.as_str(), json!({"purpose": purpose, "items": ["phone"]}), 403, "item_not_granted"),
        (&caller, path.as_str(), json!({"purpose": purpose, "limit": 100_000}), 422, "limit_too_large"),
        (&caller, path.as_str(), json!({"purpose": purpose, "after": "nonsense"}), 422, "cursor_invalid"),
        (&caller, path.as_str(), json!({"nonsense": 1}), 400, "query_malformed"),
        (
            &caller,
            path.as_str(),
            json!({"purpose": purpose, "conditions": [{"item": "name", "eq": "王立"}]}),
            422,
            "condition_on_masked_item",
        ),
    ];
    let mut indexes = Vec::new();
    for (client, path, body, status, told) in &cases {
        let answer = client.json("POST", path, &[], Some(body)).await.unwrap();
        assert_eq!((answer.status.as_u16(), code(&answer).as_str()), (*status, *told), "{body}: {}", answer.text);
        let index = answer.headers.get("shuqiao-record").unwrap_or_else(|| panic!("{body}: no record"));
        indexes.push(index.parse::<u64>().unwrap());
        // The record is there when the answer is: the very next thing asked is its proof.
        let proof = caller.send("GET", &format!("/data/v1/usage/{index}/proof"), &[], None).await.unwrap();
        let ours = !["token_missing"].contains(told);
        assert_eq!(proof.status.as_u16(), if ours { 200 } else { 404 }, "{body}: {}", proof.text);
    }
    let first = indexes[0];
    assert_eq!(indexes, (first..first + indexes.len() as u64).collect::<Vec<_>>(), "no gap, no index given twice");

    let call = format!("GET /api/v1/grants/{}/usage?limit=100", id(&grant).unwrap());
    let shown = play.stage.act("police.officer", &call, None, None).await.unwrap();
    let shown: Vec<u64> = shown["items"].as_array().unwrap().iter().map(|r| r["index"].as_u64().unwrap()).collect();
    for (index, (_, path, ..)) in indexes.iter().zip(&cases) {
        assert_eq!(shown.contains(index), !path.contains("0000000000000000"), "{index} of {path} in {shown:?}");
    }
}

#[tokio::test]
async fn calls_over_the_rate_are_recorded_too() {
    let play = play(&[]);
    let (grant, caller) = (play.grant().await, play.caller().await);
    let (mut refused, mut seen) = (0, std::collections::BTreeSet::new());
    for _ in 0..200 {
        let answer = play.call(&caller, &grant, 1).await;
        assert!(seen.insert(answer.headers["shuqiao-record"].clone()), "an index given twice");
        match answer.status.as_u16() {
            200 => {}
            429 => {
                assert_eq!(code(&answer), "rate_exceeded");
                assert!(answer.headers.contains_key("retry-after"));
                refused += 1;
            }
            other => panic!("{other}: {}", answer.text),
        }
        if refused == 3 {
            return;
        }
    }
    panic!("200 calls in a row were let through at 20 a second");
}
