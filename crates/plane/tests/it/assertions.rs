//! Signed assertions at the token endpoint (RFC 7523), good ones and each way of being refused.

use crate::{
    keys::{CallerKey, install},
    world::{PURPOSE, Reply, SECRET, World, grant_id, item, stranger, system, terms},
};
use axum::{body::Body, http::Request};
use serde_json::{Value as Json, json};
use shuqiao_crypto::token::{Caller, Claims};
use shuqiao_plane::book::SystemIdentity;
use shuqiao_vocabulary::ItemType;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

async fn world() -> World {
    let world = World::sqlite("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x');").await;
    let now = world.moment();
    let mut old = CallerKey::ed25519(9).registered("old", now);
    old.not_after = now;
    let mut next = CallerKey::ed25519(10).registered("next", now);
    next.not_before = now.plus_seconds(60);
    let keys = vec![CallerKey::ed25519(7).registered("ed", now), CallerKey::p256(8).registered("ec", now), old, next];
    let grants = vec![terms("t", vec![item("a", ItemType::Text)], &["id"])];
    install(&world, grants, SystemIdentity { keys, ..SystemIdentity::default() });
    world
}

fn claims(world: &World, jti: &str) -> Json {
    let now = world.moment().microseconds() / 1_000_000;
    let id = system().to_string();
    json!({ "iss": id, "sub": id, "aud": "https://node.example/oauth2/token", "iat": now, "exp": now + 300, "jti": jti })
}

async fn post(world: &World, form: &[(&str, &str)]) -> Reply {
    let encoded: Vec<String> =
        form.iter().map(|(name, value)| format!("{name}={}", value.replace(':', "%3A"))).collect();
    let request = Request::post("/oauth2/token").header("content-type", "application/x-www-form-urlencoded");
    world.send(request.body(Body::from(encoded.join("&"))).unwrap()).await
}

async fn authenticate(world: &World, jwt: &str) -> Reply {
    let form =
        [("grant_type", "client_credentials"), ("client_assertion_type", ASSERTION_TYPE), ("client_assertion", jwt)];
    post(world, &form).await
}

async fn works(world: &World, reply: &Reply) {
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    let token = reply.json();
    let bearer = token["access_token"].as_str().unwrap();
    let answer = world.query_as(Some(bearer), &grant_id().to_string(), "*/*", &json!({"purpose": PURPOSE})).await;
    assert_eq!(answer.rows(), [[json!("x")]]);
}

#[tokio::test]
async fn a_signed_assertion_gets_a_token_that_works() {
    let world = world().await;
    let (ed, ec) = (CallerKey::ed25519(7), CallerKey::p256(8));
    works(&world, &authenticate(&world, &ed.jwt(&json!({"alg": "EdDSA", "kid": "ed"}), &claims(&world, "1"))).await)
        .await;
    works(&world, &authenticate(&world, &ec.jwt(&json!({"alg": "ES256", "kid": "ec"}), &claims(&world, "2"))).await)
        .await;
    let by_thumbprint = json!({"alg": "ES256", "kid": ec.public().thumbprint()});
    works(&world, &authenticate(&world, &ec.jwt(&by_thumbprint, &claims(&world, "3"))).await).await;
    works(&world, &authenticate(&world, &ec.jwt(&json!({"alg": "ES256"}), &claims(&world, "4"))).await).await;
    let mut audience = claims(&world, "5");
    audience["aud"] = json!(["https://other.example", "https://node.example"]);
    let jwt = ed.jwt(&json!({"alg": "EdDSA", "kid": "ed"}), &audience);
    works(&world, &post(&world, &[("grant_type", JWT_BEARER), ("assertion", &jwt)]).await).await;
}

#[tokio::test]
async fn every_flaw_of_an_assertion_is_named() {
    let world = world().await;
    let ed = CallerKey::ed25519(7);
    let head = json!({"alg": "EdDSA", "kid": "ed"});
    let with = |name: &str, value: Json| {
        let mut changed = claims(&world, name);
        changed[name] = value;
        changed
    };
    let without = |name: &str| {
        let mut changed = claims(&world, name);
        changed.as_object_mut().unwrap().remove(name);
        changed
    };
    let now = world.moment().microseconds() / 1_000_000;
    let far = {
        let mut far = with("iat", json!(now + 31));
        far["exp"] = json!(now + 100);
        far
    };
    let fresh = claims(&world, "fresh");
    let unsigned = {
        let whole = ed.jwt(&json!({"alg": "none"}), &fresh);
        whole.rsplit_once('.').map(|(signed, _)| format!("{signed}.")).unwrap()
    };
    let stranger = {
        let mut other = fresh.clone();
        other["iss"] = json!("sys_000000000000000000000000000000ff");
        other
    };
    let cases = [
        (unsigned, "assertion_algorithm"),
        (ed.jwt(&json!({"alg": "HS256", "kid": "ed"}), &fresh), "assertion_algorithm"),
        (ed.jwt(&json!({"alg": "ES256", "kid": "ed"}), &fresh), "assertion_algorithm"),
        (ed.jwt(&json!({"alg": "EdDSA", "kid": "nobody"}), &fresh), "assertion_key_unknown"),
        (CallerKey::ed25519(9).jwt(&json!({"alg": "EdDSA", "kid": "old"}), &fresh), "assertion_key_retired"),
        (CallerKey::ed25519(10).jwt(&json!({"alg": "EdDSA", "kid": "next"}), &fresh), "assertion_key_retired"),
        (CallerKey::ed25519(9).jwt(&json!({"alg": "EdDSA"}), &fresh), "assertion_signature"),
        (CallerKey::ed25519(9).jwt(&head, &fresh), "assertion_signature"),
        (ed.jwt(&json!({"alg": "EdDSA", "kid": "ed", "crit": ["b64"]}), &fresh), "assertion_malformed"),
        (ed.jwt(&head, &stranger), "client_not_authenticated"),
        (ed.jwt(&head, &with("sub", json!("sys_00000000000000000000000000000002"))), "assertion_subject"),
        (ed.jwt(&head, &with("aud", json!("https://other.example"))), "assertion_audience"),
        (ed.jwt(&head, &with("exp", json!(now - 30))), "assertion_expired"),
        (ed.jwt(&head, &far), "assertion_from_future"),
        (ed.jwt(&head, &with("nbf", json!(now + 31))), "assertion_from_future"),
        (ed.jwt(&head, &with("exp", json!(now + 3_601))), "assertion_too_long"),
        (ed.jwt(&head, &with("iat", json!(now - 1))), "assertion_expired"),
        (ed.jwt(&head, &without("exp")), "assertion_malformed"),
        (ed.jwt(&head, &without("iat")), "assertion_malformed"),
        (ed.jwt(&head, &without("jti")), "assertion_malformed"),
        (ed.jwt(&head, &without("aud")), "assertion_malformed"),
        (ed.jwt(&head, &without("sub")), "assertion_malformed"),
        (ed.jwt(&head, &json!([])), "assertion_malformed"),
        ("not.a.jwt".to_owned(), "assertion_malformed"),
    ];
    for (jwt, code) in cases {
        let reply = authenticate(&world, &jwt).await;
        let body = reply.json();
        assert_eq!((body["code"].as_str(), body["error"].as_str()), (Some(code), Some("invalid_client")), "{jwt}");
        assert_eq!(reply.status, 401);
        let (description, reference) =
            (body["error_description"].as_str().unwrap(), body["request_id"].as_str().unwrap());
        assert!(description.contains(reference), "{description}");
        let granted = post(&world, &[("grant_type", JWT_BEARER), ("assertion", &jwt)]).await;
        assert_eq!((granted.status, granted.json()["error"].as_str().unwrap()), (400, "invalid_grant"));
    }
    let once = ed.jwt(&head, &claims(&world, "once"));
    assert_eq!(authenticate(&world, &once).await.status, 200);
    assert_eq!(authenticate(&world, &once).await.json()["code"], "assertion_replayed");
}

#[tokio::test]
async fn a_department_reads_why_its_own_system_was_refused() {
    let world = world().await;
    let ed = CallerKey::ed25519(7);
    let mut late = claims(&world, "late");
    late["exp"] = json!(world.moment().microseconds() / 1_000_000 - 90);
    let refused = authenticate(&world, &ed.jwt(&json!({"alg": "EdDSA", "kid": "ed"}), &late)).await.json();
    let path = format!("/data/v1/refusals/{}", refused["request_id"].as_str().unwrap());
    let why = world.get(&path, Some(&world.bearer())).await.json();
    assert_eq!((&why["code"], &why["params"]["seconds"]), (&json!("assertion_expired"), &json!(90)));
    assert!(why["next_zh"].as_str().unwrap().contains("时钟") && why["next_en"].as_str().unwrap().contains("clock"));
    let of_stranger =
        Claims { caller: Caller::System(crate::world::id("sys", 3)), organisation: stranger(), ..world.claims() };
    let reply = world.get(&path, Some(&world.token.mint(&of_stranger))).await;
    assert_eq!((reply.status, reply.code()), (404, "refusal_missing".to_owned()));
    assert_eq!(world.get(&path, None).await.code(), "token_missing");

    // A wrong secret and an unknown client are answered alike; only the department learns which it was.
    let form = |id: &str| {
        [
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", id.to_owned()),
            ("client_secret", "wrong".to_owned()),
        ]
    };
    let mut answers = Vec::new();
    for client in [system().to_string(), "sys_000000000000000000000000000000ff".to_owned()] {
        let form = form(&client);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        answers.push(post(&world, &form).await.json());
    }
    assert_eq!((&answers[0]["code"], &answers[0]["error"]), (&answers[1]["code"], &answers[1]["error"]));
    let path = format!("/data/v1/refusals/{}", answers[0]["request_id"].as_str().unwrap());
    let why = world.get(&path, Some(&world.bearer())).await;
    assert_eq!(why.json()["params"]["check"], "secret");
    assert!(!String::from_utf8(why.body).unwrap().contains(SECRET));
}

#[tokio::test]
async fn a_token_request_comes_from_a_listed_address() {
    let world = world().await;
    let addresses = vec!["10.20.0.0/16".parse().unwrap()];
    install(&world, Vec::new(), SystemIdentity { addresses, ..SystemIdentity::default() });
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={SECRET}", system());
    let ask = |peer: Option<&str>| {
        let mut request = Request::post("/oauth2/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form.clone()))
            .unwrap();
        if let Some(peer) = peer {
            let peer: std::net::SocketAddr = peer.parse().unwrap();
            request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        }
        request
    };
    assert_eq!(world.send(ask(Some("10.20.3.4:5"))).await.status, 200);
    for outside in [Some("10.21.3.4:5"), None] {
        let reply = world.send(ask(outside)).await;
        assert_eq!((reply.status, reply.json()["code"].as_str().unwrap()), (401, "address_not_allowed"));
    }
}
