//! Verification: yes or no, and nothing else; and items that are for verification alone.

use crate::world::{PURPOSE, Reply, World, equals, grant_id, item, masked, quick_world, terms};
use axum::{body::Body, http::Request};
use serde_json::{Value as Json, json};
use shuqiao_plane::book::GrantTerms;
use shuqiao_vocabulary::{ItemType, Mask, RowFilter};

const PEOPLE: &str = "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, card TEXT, county TEXT);
    INSERT INTO people VALUES (1, '张三', '520302199001011234', '5203'), (2, '李四', '52030219900101123X', '5201'),
    (3, '张三', '520302199001011234', '5203');";

fn granted() -> GrantTerms {
    let items = vec![
        masked("name", ItemType::Text, Mask::VerifyOnly),
        masked("card", ItemType::Text, Mask::VerifyOnly),
        item("county", ItemType::Text),
    ];
    terms("people", items, &["id"])
}

impl World {
    async fn verify(&self, mut body: Json) -> Reply {
        body.as_object_mut().unwrap().entry("purpose").or_insert(json!(PURPOSE));
        let request = Request::post(format!("/data/v1/grants/{}/verify", grant_id()));
        let request = request.header("authorization", format!("Bearer {}", self.bearer()));
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }
}

fn pair(name: &str, card: &str) -> Json {
    json!({ "name": name, "card": card })
}

#[tokio::test]
async fn values_that_go_together_are_told_and_nothing_else() {
    let world = quick_world(PEOPLE).await;
    world.install(vec![granted()]);
    let subjects = [
        pair("张三", "520302199001011234"),
        pair("李四", "520302199001011234"),
        pair("李四", "52030219900101123X"),
        pair("王五", "1"),
        json!({ "name": "李四", "county": "5201" }),
    ];
    let reply = world.verify(json!({ "subjects": subjects })).await;
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    let told = reply.json();
    assert_eq!(told["answers"], json!([true, false, true, false, true]));
    assert_eq!(told.as_object().unwrap().keys().collect::<Vec<_>>(), ["answers", "record"]);
    let record = world.plane.usage_record(told["record"]["index"].as_u64().unwrap()).unwrap();
    assert_eq!(record.items.iter().map(|name| name.as_str()).collect::<Vec<_>>(), ["card", "county", "name"]);
    assert_eq!(world.plane.usage_summary(&grant_id()).rows, 5, "each subject counts");
}

#[tokio::test]
async fn the_grants_own_rows_bound_it() {
    let world = quick_world(PEOPLE).await;
    let county = ("county".parse().unwrap(), "county".to_owned(), ItemType::Text);
    world.install(vec![GrantTerms {
        rows: RowFilter(vec![equals("county", "5203")]),
        filter_columns: vec![county],
        rows_per_day: 3,
        ..granted()
    }]);
    let both = [pair("张三", "520302199001011234"), pair("李四", "52030219900101123X")];
    assert_eq!(world.verify(json!({ "subjects": both })).await.json()["answers"], json!([true, false]));
    let beyond = world.verify(json!({ "subjects": both })).await;
    assert_eq!((beyond.status, beyond.code()), (429, "daily_rows_exceeded".to_owned()));
    assert_eq!(world.verify(json!({ "subjects": [both[0]] })).await.status, 200, "what is left of the day is left");
}

#[tokio::test]
async fn what_is_for_verification_alone_is_never_delivered_nor_probed() {
    let world = quick_world(PEOPLE).await;
    world.install(vec![granted()]);
    assert_eq!(world.query(json!({})).await.rows().concat(), ["5203", "5201", "5203"]);
    let asked = world.query(json!({ "items": ["county", "card"] })).await;
    assert_eq!(
        (asked.status, asked.code(), &asked.json()["params"]["item"]),
        (422, "item_verify_only".to_owned(), &json!("card"))
    );
    for probe in
        [json!({ "eq": "520302199001011234" }), json!({ "prefix": "5203" }), json!({ "range": { "from": "5" } })]
    {
        let mut condition = probe.clone();
        condition["item"] = json!("card");
        let probed = world.query(json!({ "conditions": [condition] })).await;
        assert_eq!(probed.code(), "condition_on_masked_item", "{probe}");
    }
    let nothing_else = vec![masked("card", ItemType::Text, Mask::VerifyOnly)];
    world.install(vec![terms("people", nothing_else, &["id"])]);
    assert_eq!(world.query(json!({})).await.code(), "item_verify_only");
}

#[tokio::test]
async fn other_masks_are_not_verified_through_and_bad_bodies_are_refused() {
    let world = quick_world(PEOPLE).await;
    let ends = Mask::KeepEnds { head: 6, tail: 0 };
    world.install(vec![terms(
        "people",
        vec![item("name", ItemType::Text), masked("card", ItemType::Text, ends)],
        &["id"],
    )]);
    let probed = world.verify(json!({ "subjects": [pair("张三", "520302199001011234")] })).await;
    assert_eq!(probed.code(), "condition_on_masked_item");
    assert!(!String::from_utf8(probed.body).unwrap().contains("19900101"));
    let many: Vec<Json> = (0..101).map(|n| json!({ "name": n.to_string() })).collect();
    for (body, code) in [
        (json!({}), "query_malformed"),
        (json!({ "subjects": [] }), "query_malformed"),
        (json!({ "subjects": [{}] }), "query_malformed"),
        (json!({ "subjects": many }), "query_malformed"),
        (json!({ "subjects": [{ "name": null }] }), "query_malformed"),
        (json!({ "subjects": [{ "salary": "1" }] }), "item_not_granted"),
        (json!({ "subjects": [{ "name": 1 }] }), "condition_type_mismatch"),
        (json!({ "subjects": [{ "name": "x" }], "purpose": "another" }), "purpose_mismatch"),
    ] {
        let reply = world.verify(body.clone()).await;
        assert_eq!(reply.code(), code, "{body}");
        assert!(reply.header("shuqiao-record").is_some(), "{body}");
    }
}
