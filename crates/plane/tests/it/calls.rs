//! Data calls over SQLite: what is delivered, what is refused, what is recorded.

use crate::world::{
    PURPOSE, World, equals, grant_id, id, item, masked, name, prefix, provider, requester, stranger, system, terms,
};
use serde_json::json;
use shuqiao_crypto::token::{Caller, Claims};
use shuqiao_plane::{book::GrantTerms, usage::Outcome};
use shuqiao_vocabulary::{ItemType, Mask, RowFilter, SharingMethod, id::GrantId};

const PEOPLE: &str = "
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, id_number TEXT, county TEXT, born DATE,
        income DECIMAL(10,2), married BOOLEAN, seen DATETIME, note TEXT);
    INSERT INTO people VALUES
        (1, '张三', '520302199001011234', '520302', '1990-01-01', 1200.5, 1, '2025-01-02 03:04:05', '=1+1'),
        (2, '欧阳修远', '520303198502021235', '520303', '1985-02-02', 99, 0, '2025-01-02T03:04:05.5Z', NULL),
        (3, '李四', '520102197703031236', '520102', '1977-03-03', NULL, NULL, NULL, ''),
        (4, '王五', '520302200104041237', '520302', '2001-04-04', -3.25, 1, '2024-12-31 23:59:59.999999', 'a,\"b\"');";

fn people() -> GrantTerms {
    let mut grant = terms(
        "people",
        vec![
            item("name", ItemType::Text),
            masked("id_number", ItemType::Text, Mask::KeepEnds { head: 6, tail: 2 }),
            item("county", ItemType::Text),
            item("born", ItemType::Date),
            item("income", ItemType::Decimal),
            item("married", ItemType::Boolean),
            item("seen", ItemType::DateTime),
            item("note", ItemType::Text),
        ],
        &["id"],
    );
    grant.filter_columns = vec![(name("county"), "county".to_owned(), ItemType::Text)];
    grant.rows = RowFilter(vec![prefix("county", "5203")]);
    grant
}

async fn world() -> World {
    let world = World::sqlite(PEOPLE).await;
    world.install(vec![people()]);
    world
}

#[tokio::test]
async fn what_was_granted_is_delivered_and_recorded() {
    let world = world().await;
    let reply = world.query(json!({})).await;
    assert_eq!(
        reply.json(),
        json!({
            "items": [
                {"name": "name", "type": "text", "masked": false},
                {"name": "id_number", "type": "text", "masked": true},
                {"name": "county", "type": "text", "masked": false},
                {"name": "born", "type": "date", "masked": false},
                {"name": "income", "type": "decimal", "masked": false},
                {"name": "married", "type": "boolean", "masked": false},
                {"name": "seen", "type": "date_time", "masked": false},
                {"name": "note", "type": "text", "masked": false},
            ],
            "rows": [
                ["张三", "520302**********34", "520302", "1990-01-01", "1200.5", true, "2025-01-02T03:04:05Z", "=1+1"],
                ["欧阳修远", "520303**********35", "520303", "1985-02-02", "99", false, "2025-01-02T03:04:05.5Z", null],
                ["王五", "520302**********37", "520302", "2001-04-04", "-3.25", true, "2024-12-31T23:59:59.999999Z", "a,\"b\""],
            ],
            "next": null,
            "record": {"index": 0, "log": "node.example/usage"},
        })
    );
    assert_eq!(reply.header("shuqiao-record"), Some("0"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("ratelimit-limit"), Some("1000000"));
    let record = world.plane.usage(&grant_id(), 10).unwrap().remove(0);
    assert_eq!(
        (record.index, record.caller, record.organisation),
        (0, Some(Caller::System(system())), Some(requester()))
    );
    assert_eq!((record.provider, record.purpose.as_str()), (Some(provider()), PURPOSE));
    assert_eq!(record.items.len(), 8);
    assert!(matches!(record.outcome, Outcome::Delivered { rows: 3, .. }));
    let summary = world.plane.usage_summary(&grant_id());
    assert_eq!((summary.calls, summary.rows, summary.refused), (1, 3, 0));
    assert_eq!(summary.last_at, Some(world.moment()));
    assert_eq!(world.plane.usage_calls_on(world.moment().date()), 1);
}

#[tokio::test]
async fn the_digest_in_the_record_is_of_what_was_delivered() {
    let world = world().await;
    let csv =
        world.query_as(Some(&world.bearer()), &grant_id().to_string(), "text/csv", &json!({"purpose": PURPOSE})).await;
    let json = world.query(json!({})).await;
    let text = String::from_utf8(json.body.clone()).unwrap();
    let (covered, _) = text.split_once(",\"record\":").unwrap();
    let records = world.plane.usage(&grant_id(), 10).unwrap();
    for (record, bytes) in records.iter().zip([format!("{covered}}}").into_bytes(), csv.body]) {
        let Outcome::Delivered { digest, bytes: counted, .. } = &record.outcome else { panic!("{record:?}") };
        assert_eq!(*digest, shuqiao_crypto::digest::sha256_hex(&bytes));
        assert_eq!(*counted, bytes.len() as u64);
    }
}

#[tokio::test]
async fn conditions_narrow() {
    let world = world().await;
    let cases = [
        (json!([{"item": "county", "eq": "520302"}]), vec!["张三", "王五"]),
        (json!([{"item": "county", "prefix": "52"}]), vec!["张三", "欧阳修远", "王五"]),
        (json!([{"item": "county", "prefix": "5201"}]), vec![]),
        (json!([{"item": "county", "in": ["520303", "520102", "x"]}]), vec!["欧阳修远"]),
        (json!([{"item": "born", "range": {"from": "1985-02-02", "to": "1990-01-01"}}]), vec!["张三", "欧阳修远"]),
        (json!([{"item": "income", "range": {"from": 0}}]), vec!["张三", "欧阳修远"]),
        (json!([{"item": "income", "eq": "1200.50"}]), vec!["张三"]),
        (json!([{"item": "income", "eq": -3.25}]), vec!["王五"]),
        (json!([{"item": "married", "eq": true}]), vec!["张三", "王五"]),
        (json!([{"item": "seen", "range": {"from": "2025-01-02T03:04:05.000001Z"}}]), vec!["欧阳修远"]),
        (json!([{"item": "seen", "eq": "2025-01-02T03:04:05.500Z"}]), vec!["欧阳修远"]),
        (json!([{"item": "note", "eq": ""}, {"item": "name", "prefix": ""}]), vec![]),
        (json!([{"item": "name", "eq": "张三'; DROP TABLE people; --"}]), vec![]),
    ];
    for (conditions, expected) in cases {
        let reply = world.query(json!({"items": ["name"], "conditions": conditions})).await;
        let names: Vec<_> = reply.rows().into_iter().map(|row| row[0].clone()).collect();
        assert_eq!(names, expected, "{conditions}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_end() {
    let world = world().await;
    let first = world.query(json!({"items": ["name"], "limit": 2})).await;
    assert_eq!(first.rows(), [[json!("张三")], [json!("欧阳修远")]]);
    let cursor = first.json()["next"].as_str().unwrap().to_owned();
    assert_eq!(first.header("shuqiao-next"), Some(cursor.as_str()));
    // The cursor goes on from the row, whatever items are asked for.
    let second = world.query(json!({"items": ["born"], "limit": 2, "after": cursor})).await;
    assert_eq!(second.rows(), [[json!("2001-04-04")]]);
    assert_eq!(second.json()["next"], json!(null));
    // It is bound to the conditions, and to every one of its characters.
    let other = json!({"limit": 2, "after": cursor, "conditions": [{"item": "county", "prefix": "5"}]});
    assert_eq!(world.query(other).await.code(), "cursor_invalid");
    for at in (0..cursor.len()).step_by(7) {
        let mut changed = cursor.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        let reply = world.query(json!({"items": ["name"], "after": changed})).await;
        assert_eq!((reply.status, reply.code().as_str()), (422, "cursor_invalid"), "{at}");
    }
    for bad in ["", "x", "🙂", &cursor[..cursor.len() - 1]] {
        assert_eq!(world.query(json!({"after": bad})).await.code(), "cursor_invalid", "{bad}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_grant_is_refused() {
    let world = World::sqlite(PEOPLE).await;
    let other: GrantId = id("grt", 2);
    world.install(vec![people(), GrantTerms { id: other, ..people() }]);
    let cursor = world.query(json!({"limit": 1})).await.json()["next"].clone();
    let body = json!({"purpose": PURPOSE, "after": cursor});
    let reply = world.query_as(Some(&world.bearer()), &other.to_string(), "*/*", &body).await;
    assert_eq!(reply.code(), "cursor_invalid");
}

#[tokio::test]
async fn refusals_have_their_codes_and_are_recorded() {
    let world = world().await;
    let cases = [
        (json!({"purpose": "2025-000002"}), 403, "purpose_mismatch"),
        (json!({"items": ["name", "id"]}), 403, "item_not_granted"),
        (json!({"conditions": [{"item": "id", "eq": 1}]}), 403, "item_not_granted"),
        (json!({"conditions": [{"item": "id_number", "prefix": "5203"}]}), 422, "condition_on_masked_item"),
        (json!({"conditions": [{"item": "born", "eq": "yesterday"}]}), 422, "condition_type_mismatch"),
        (json!({"conditions": [{"item": "born", "prefix": "19"}]}), 422, "condition_type_mismatch"),
        (json!({"conditions": [{"item": "married", "range": {"from": true}}]}), 422, "condition_type_mismatch"),
        (json!({"conditions": [{"item": "income", "eq": "1.00000000000000000001"}]}), 422, "condition_type_mismatch"),
        (json!({"limit": 10_001}), 422, "limit_too_large"),
        (json!({"sql": "SELECT 1"}), 400, "query_malformed"),
    ];
    for (place, (body, status, code)) in cases.iter().enumerate() {
        let reply = world.query(body.clone()).await;
        assert_eq!((reply.status, reply.code().as_str()), (*status, *code), "{body}");
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        assert_eq!(reply.header("shuqiao-record"), Some(place.to_string().as_str()));
        let record = world.plane.usage_record(place as u64).unwrap();
        assert_eq!(record.outcome, Outcome::Refused { code: (*code).to_owned() });
        assert_eq!(record.grant, Some(grant_id()));
    }
    let problem = world.query(json!({"items": ["id"]})).await.json();
    assert_eq!(problem["params"], json!({"items": ["id"]}));
    assert_eq!(problem["request_url"], "https://node.example/requests/new?entry=1");
    assert_eq!(problem["type"], "/problems/item_not_granted");
    assert_eq!(world.plane.usage_summary(&grant_id()).refused, cases.len() as u64 + 1);
    let wrong = world.plane.usage_record(0).unwrap();
    assert_eq!(wrong.purpose, "", "a purpose that is not the grant's may be anything and is not kept");
}

#[tokio::test]
async fn nobody_else_learns_whether_the_grant_exists() {
    let world = world().await;
    let there = grant_id().to_string();
    let mut answers = Vec::new();
    let other = Claims { caller: Caller::System(id("sys", 3)), organisation: stranger(), ..world.claims() };
    let bearer = world.token.mint(&other);
    for grant in [there.as_str(), "grt_000000000000000000000000000000ff", "nonsense"] {
        for body in [json!({"purpose": PURPOSE}), json!({"nonsense": 1})] {
            let reply = world.query_as(Some(&bearer), grant, "*/*", &body).await;
            assert_eq!((reply.status, reply.code().as_str()), (403, "grant_missing"));
            let mut problem = reply.json();
            problem["request_id"] = json!("");
            answers.push(problem);
        }
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(answers[0]["request_url"].is_string());
}

#[tokio::test]
async fn tokens_are_looked_at_first() {
    let world = world().await;
    let grant = grant_id().to_string();
    let body = json!({"purpose": PURPOSE});
    let reply = world.query_as(None, &grant, "*/*", &body).await;
    assert_eq!((reply.status, reply.code().as_str()), (401, "token_missing"));
    assert!(reply.header("www-authenticate").is_some());
    let reply = world.query_as(Some("nonsense"), &grant, "*/*", &body).await;
    assert_eq!((reply.status, reply.code().as_str()), (401, "token_invalid"));
    let old = world.bearer();
    world.pass_seconds(600);
    world.plane.confirm(1, world.moment());
    let reply = world.query_as(Some(&old), &grant, "*/*", &body).await;
    assert_eq!((reply.status, reply.code().as_str()), (401, "token_expired"));
    let gone = Claims { caller: Caller::System(id("sys", 9)), ..world.claims() };
    let reply = world.query_as(Some(&world.token.mint(&gone)), &grant, "*/*", &body).await;
    assert_eq!(reply.code(), "token_invalid");
    let moved = Claims { caller: Caller::System(id("sys", 3)), ..world.claims() };
    let reply = world.query_as(Some(&world.token.mint(&moved)), &grant, "*/*", &body).await;
    assert_eq!(reply.code(), "token_invalid");
    assert_eq!(world.plane.usage_record(4).unwrap().outcome, Outcome::Refused { code: "token_invalid".to_owned() });
}

#[tokio::test]
async fn a_trial_token_is_good_for_its_grant_alone() {
    let world = World::sqlite(PEOPLE).await;
    let other: GrantId = id("grt", 2);
    world.install(vec![people(), GrantTerms { id: other, ..people() }]);
    let trial = world.trial(7, grant_id());
    let body = json!({"purpose": PURPOSE});
    assert_eq!(world.query_as(Some(&trial), &grant_id().to_string(), "*/*", &body).await.status, 200);
    assert_eq!(world.query_as(Some(&trial), &other.to_string(), "*/*", &body).await.code(), "grant_missing");
    let record = world.plane.usage_record(0).unwrap();
    assert_eq!(record.caller, Some(Caller::Person(id("per", 7))));
    let unbound = world.token.mint(&Claims { caller: Caller::Person(id("per", 7)), ..world.claims() });
    assert_eq!(world.query_as(Some(&unbound), &grant_id().to_string(), "*/*", &body).await.code(), "token_invalid");
}

#[tokio::test]
async fn terms_of_time_method_and_system_hold() {
    let world = World::sqlite(PEOPLE).await;
    let now = world.moment();
    let cases = [
        (GrantTerms { valid_from: now.plus_seconds(1), ..people() }, "grant_not_started"),
        (GrantTerms { valid_until: now.plus_seconds(-1), ..people() }, "grant_expired"),
        (GrantTerms { methods: vec![SharingMethod::FileDownload], ..people() }, "method_not_granted"),
        (GrantTerms { systems: vec![id("sys", 8)], ..people() }, "system_not_named"),
        (GrantTerms { filter_columns: Vec::new(), ..people() }, "grant_unusable"),
        (GrantTerms { rows: RowFilter(vec![equals("other", "x")]), ..people() }, "grant_unusable"),
        (GrantTerms { table: "persons".to_owned(), ..people() }, "source_changed"),
        (GrantTerms { valid_from: now, valid_until: now, ..people() }, "no code"),
    ];
    for (grant, code) in cases {
        world.install(vec![grant]);
        assert_eq!(world.query(json!({})).await.code(), code);
    }
}

#[tokio::test]
async fn a_grant_that_left_the_book_was_revoked_for_its_holder_alone() {
    let world = world().await;
    world.install(vec![]);
    assert_eq!(world.query(json!({})).await.code(), "grant_revoked");
    let other = Claims { caller: Caller::System(id("sys", 3)), organisation: stranger(), ..world.claims() };
    let bearer = world.token.mint(&other);
    let reply = world.query_as(Some(&bearer), &grant_id().to_string(), "*/*", &json!({"purpose": PURPOSE})).await;
    assert_eq!(reply.code(), "grant_missing");
    world.install(vec![people()]);
    assert_eq!(world.query(json!({})).await.status, 200);
}

#[tokio::test]
async fn a_stale_book_serves_nothing() {
    let world = world().await;
    world.pass_seconds(5);
    assert_eq!(world.query(json!({})).await.status, 200);
    world.now.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    let reply = world.query(json!({})).await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "book_stale"));
    assert!(!world.plane.confirm(2, world.moment()), "another epoch is no confirmation");
    assert_eq!(world.query(json!({})).await.code(), "book_stale");
    assert!(world.plane.confirm(1, world.moment()));
    assert_eq!(world.query(json!({})).await.status, 200);
    let empty = World::sqlite(PEOPLE).await;
    assert!(!empty.plane.confirm(0, empty.moment()), "no book is no book");
}

#[tokio::test]
async fn books_are_signed_and_only_go_forward() {
    let world = world().await;
    let older = world.book(vec![]).sign(world.signer()).unwrap();
    world.install(vec![people()]);
    assert!(world.plane.install(&older, world.moment()).is_err());
    let mut bytes = world.book(vec![people()]).sign(world.signer()).unwrap().as_bytes().to_vec();
    for at in (0..bytes.len()).step_by(11) {
        bytes[at] ^= 1;
        let forged = shuqiao_plane::book::SignedBook::from_bytes(bytes.clone());
        assert!(world.plane.install(&forged, world.moment()).is_err(), "{at}");
        bytes[at] ^= 1;
    }
    let book = world.book(vec![people()]);
    let signed = book.sign(world.signer()).unwrap();
    assert_eq!(signed.open(&world.signer().verifier()).unwrap(), book);
}

#[tokio::test]
async fn limits_of_rate_and_day_hold() {
    let world = World::sqlite(PEOPLE).await;
    world.install(vec![GrantTerms { calls_per_second: 2, rows_per_day: 4, rows_per_call: 3, ..people() }]);
    assert_eq!(world.query(json!({})).await.rows().len(), 3);
    assert_eq!(world.query(json!({})).await.rows().len(), 1, "what is left of the day");
    let reply = world.query(json!({})).await;
    assert_eq!((reply.status, reply.code().as_str()), (429, "rate_exceeded"));
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_eq!(reply.header("ratelimit-remaining"), Some("0"));
    world.pass_seconds(1);
    let reply = world.query(json!({})).await;
    assert_eq!((reply.status, reply.code().as_str()), (429, "daily_rows_exceeded"));
    assert_eq!(reply.header("retry-after"), Some("43199"));
    assert_eq!(world.query(json!({"limit": 4})).await.code(), "limit_too_large");
}

#[tokio::test]
async fn a_query_larger_than_any_is_refused() {
    let world = world().await;
    let reply = world.query(json!({"after": "x".repeat(70_000)})).await;
    assert_eq!((reply.status, reply.code().as_str()), (413, "body_too_large"));
    let body = json!({"purpose": PURPOSE});
    let reply = world.query_as(Some(&world.bearer()), &grant_id().to_string(), "text/html", &body).await;
    assert_eq!((reply.status, reply.code().as_str()), (406, "not_acceptable"));
}
