//! Signed calls and signed answers (RFC 9421), and each way in which a signature is refused.

use crate::{
    keys::{CallerKey, SignedCall, install, query},
    world::{World, grant_id, item, terms},
};
use serde_json::json;
use shuqiao_crypto::{
    message::{self, DigestCheck},
    public_key::PublicKey,
};
use shuqiao_plane::{
    book::{GrantTerms, SystemIdentity},
    usage::Authentication,
};
use shuqiao_vocabulary::ItemType;

fn path() -> String {
    format!("/data/v1/grants/{}/query", grant_id())
}

fn demanding() -> GrantTerms {
    GrantTerms { signature_required: true, ..terms("t", vec![item("a", ItemType::Text)], &["id"]) }
}

async fn world() -> World {
    let world = World::sqlite("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x');").await;
    let now = world.moment();
    let mut old = CallerKey::ed25519(9).registered("old", now);
    old.not_after = now;
    let mut sm2 = CallerKey::p256(8).registered("sm2", now);
    let p256 = CallerKey::p256(8).public();
    sm2.key = PublicKey::from_jwk("EC", "SM2", &p256.x(), p256.y().as_deref()).unwrap();
    let keys = vec![CallerKey::ed25519(7).registered("ed", now), CallerKey::p256(8).registered("ec", now), old, sm2];
    install(&world, vec![demanding()], SystemIdentity { keys, ..SystemIdentity::default() });
    world
}

#[tokio::test]
async fn a_signed_call_is_answered_and_the_answer_is_signed() {
    let world = world().await;
    let jwks = world.get("/oauth2/jwks", None).await.json();
    let key = &jwks["keys"][0];
    let member = |name: &str| key[name].as_str().unwrap();
    let node = PublicKey::from_jwk(member("kty"), member("crv"), member("x"), None).unwrap();
    for (kid, key) in [("ed", CallerKey::ed25519(7)), ("ec", CallerKey::p256(8))] {
        let request = SignedCall::new(&world, &path(), &query(), kid).request(&key, &world.bearer());
        let sent = request.headers()["signature"].to_str().unwrap().strip_prefix("call=").unwrap().to_owned();
        let reply = world.send(request).await;
        assert_eq!(reply.rows(), [[json!("x")]]);
        let record = world.plane.usage(&grant_id(), 1).unwrap().remove(0);
        assert_eq!(record.authentication, Some(Authentication::Signed));
        let header = |name: &str| reply.header(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(message::check_digest(header("content-digest"), &reply.body), DigestCheck::Same);
        let answer = &message::read(header("signature-input"), header("signature")).unwrap()[0];
        assert_eq!(answer.keyid.as_deref(), Some(node.thumbprint().as_str()));
        assert_eq!(answer.tag.as_deref(), Some("gds-answer"));
        let base = answer.base(|part| match part.name.as_str() {
            "@status" => Some("200".to_owned()),
            "signature" if part.of_request && part.key.as_deref() == Some("call") => Some(sent.clone()),
            name => reply.header(name).map(str::to_owned),
        });
        assert!(node.verifies(base.unwrap().as_bytes(), &answer.signature));
        assert!(answer.covers("shuqiao-record") && answer.covers("content-type"));
    }
}

#[tokio::test]
async fn a_refusal_of_a_signed_call_is_signed_too() {
    let world = world().await;
    let body = json!({ "purpose": "another" });
    let request = SignedCall::new(&world, &path(), &body, "ed").request(&CallerKey::ed25519(7), &world.bearer());
    let reply = world.send(request).await;
    assert_eq!(reply.code(), "purpose_mismatch");
    assert_eq!(message::check_digest(reply.header("content-digest").unwrap(), &reply.body), DigestCheck::Same);
    assert!(reply.header("signature").is_some());
}

#[tokio::test]
async fn where_a_signature_is_demanded_a_token_alone_is_refused() {
    let world = world().await;
    let reply = world.query(json!({})).await;
    assert_eq!((reply.status, reply.code()), (401, "signature_required".to_owned()));
    assert!(reply.header("signature").is_none(), "an unsigned call is not answered with a signature");
    // A person who tries a grant from the console has no key.
    let trial = world.trial(1, grant_id());
    assert_eq!(world.query_as(Some(&trial), &grant_id().to_string(), "*/*", &query()).await.status, 200);
    let record = world.plane.usage(&grant_id(), 1).unwrap().remove(0);
    assert_eq!(record.authentication, Some(Authentication::Bearer));
    // The department may demand it of its own system where the grant does not.
    let identity = SystemIdentity { signature_required: true, ..SystemIdentity::default() };
    install(&world, vec![GrantTerms { signature_required: false, ..demanding() }], identity);
    assert_eq!(world.query(json!({})).await.code(), "signature_required");
}

type Change = Box<dyn Fn(&mut SignedCall)>;

#[tokio::test]
async fn every_flaw_of_a_signature_is_named() {
    let world = world().await;
    let now = world.moment().microseconds() / 1_000_000;
    let params = |text: &'static str| -> Change {
        Box::new(move |call| {
            call.params = text.replace("NOW", &now.to_string()).replace("SOON", &(now + 60).to_string())
        })
    };
    let times = |created: i64, expires: i64| -> Change {
        Box::new(move |call| {
            call.params = format!(";created={created};expires={expires};nonce=\"n\";keyid=\"ed\";tag=\"gds-call\"");
        })
    };
    let cases: Vec<(Change, &str, &str)> = vec![
        (
            Box::new(|call| call.components.retain(|name| *name != "@target-uri")),
            "signature_component_missing",
            "@target-uri",
        ),
        (
            Box::new(|call| call.components.retain(|name| *name != "content-digest")),
            "signature_component_missing",
            "content-digest",
        ),
        (params(";created=NOW;expires=SOON;nonce=\"n\";keyid=\"ed\""), "signature_parameter_missing", "tag"),
        (params(";created=NOW;expires=SOON;keyid=\"ed\";tag=\"gds-call\""), "signature_parameter_missing", "nonce"),
        (params(";created=NOW;expires=SOON;nonce=\"n\";tag=\"gds-call\""), "signature_parameter_missing", "keyid"),
        (params(";expires=SOON;nonce=\"n\";keyid=\"ed\";tag=\"gds-call\""), "signature_parameter_missing", "created"),
        (params(";created=NOW;nonce=\"n\";keyid=\"ed\";tag=\"gds-call\""), "signature_parameter_missing", "expires"),
        (
            params(";created=NOW;expires=SOON;nonce=\"n\";keyid=\"ed\";tag=\"gds-call\";alg=\"hmac-sha256\""),
            "signature_algorithm",
            "ed",
        ),
        (params(";created=NOW;expires=SOON;nonce=\"n\";keyid=\"sm2\";tag=\"gds-call\""), "signature_algorithm", "SM2"),
        (
            params(";created=NOW;expires=SOON;nonce=\"n\";keyid=\"nobody\";tag=\"gds-call\""),
            "signature_key_unknown",
            "",
        ),
        (
            params(";created=NOW;expires=SOON;nonce=\"n\";keyid=\"old\";tag=\"gds-call\""),
            "signature_key_retired",
            "until",
        ),
        (params(";created=NOW;expires=SOON;nonce=\"n\";keyid=\"ec\";tag=\"gds-call\""), "signature_invalid", "ec"),
        (times(now + 31, now + 60), "signature_out_of_time", "31"),
        (times(now - 100, now - 40), "signature_out_of_time", "40"),
        (times(now, now + 301), "signature_out_of_time", "lasts_too_long"),
        (times(now - 1, now + 60), "signature_out_of_time", "before_the_node_started"),
        (Box::new(|call| call.body.push(' ')), "content_digest_mismatch", ""),
        (Box::new(|call| call.digest = "sha-512=:AAE=:".to_owned()), "signature_malformed", "content-digest"),
        (
            Box::new(|call| call.target = call.target.replace("node", "other")),
            "signature_invalid",
            "https://node.example/data",
        ),
        (Box::new(|call| call.params.push_str(";nonce=")), "signature_malformed", "signature-input"),
    ];
    for (change, code, told) in cases {
        let mut call = SignedCall::new(&world, &path(), &query(), "ed");
        change(&mut call);
        let reply = world.send(call.request(&CallerKey::ed25519(7), &world.bearer())).await;
        assert_eq!(reply.code(), code, "{}", call.params);
        assert!(reply.json()["params"].to_string().contains(told), "{told}: {}", reply.json()["params"]);
        let reference = format!("/data/v1/refusals/{}", reply.json()["request_id"].as_str().unwrap());
        let why = world.get(&reference, Some(&world.bearer())).await;
        assert_eq!(why.json()["code"], code);
    }
}

#[tokio::test]
async fn a_signature_is_taken_once_and_its_replay_is_recorded() {
    let world = world().await;
    let call = SignedCall::new(&world, &path(), &query(), "ed");
    let (key, bearer) = (CallerKey::ed25519(7), world.bearer());
    assert_eq!(world.send(call.request(&key, &bearer)).await.status, 200);
    assert_eq!(world.send(call.request(&key, &bearer)).await.code(), "signature_replayed");
    // A signature that somebody else made does not use the nonce up.
    let call = SignedCall::new(&world, &path(), &query(), "ed");
    assert_eq!(world.send(call.request(&CallerKey::ed25519(9), &bearer)).await.code(), "signature_invalid");
    assert_eq!(world.send(call.request(&key, &bearer)).await.status, 200);
}

#[tokio::test]
async fn keys_overlap_while_they_are_exchanged() {
    let world = world().await;
    let (now, old, new) = (world.moment(), CallerKey::ed25519(7), CallerKey::p256(8));
    let mut ending = old.registered("k1", now);
    ending.not_after = now.plus_seconds(3);
    let identity = SystemIdentity { keys: vec![ending, new.registered("k2", now)], ..SystemIdentity::default() };
    install(&world, vec![demanding()], identity);
    for (kid, key) in [("k1", &old), ("k2", &new)] {
        let call = SignedCall::new(&world, &path(), &query(), kid);
        assert_eq!(world.send(call.request(key, &world.bearer())).await.status, 200, "{kid}");
    }
    world.pass_seconds(3);
    let call = SignedCall::new(&world, &path(), &query(), "k1");
    assert_eq!(world.send(call.request(&old, &world.bearer())).await.code(), "signature_key_retired");
    let call = SignedCall::new(&world, &path(), &query(), "k2");
    assert_eq!(world.send(call.request(&new, &world.bearer())).await.status, 200);
}
