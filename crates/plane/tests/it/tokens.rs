//! The token endpoint, as RFC 6749 and RFC 8414 have it.

use crate::world::{Options, PURPOSE, Reply, SECRET, World, grant_id, item, system, terms};
use axum::{body::Body, http::Request};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use shuqiao_vocabulary::ItemType;

async fn world() -> World {
    world_with(&Options::default()).await
}

async fn world_with(options: &Options) -> World {
    let statements = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x');";
    let world = World::sqlite_with(statements, options).await;
    world.install(vec![terms("t", vec![item("a", ItemType::Text)], &["id"])]);
    world
}

async fn ask(world: &World, basic: Option<&str>, form: &str) -> Reply {
    let mut request = Request::post("/oauth2/token").header("content-type", "application/x-www-form-urlencoded");
    if let Some(basic) = basic {
        request = request.header("authorization", format!("Basic {}", STANDARD.encode(basic)));
    }
    world.send(request.body(Body::from(form.to_owned())).unwrap()).await
}

#[tokio::test]
async fn a_system_gets_a_token_that_works() {
    let world = world().await;
    let id = system().to_string();
    for (basic, form) in [
        (Some(format!("{id}:{SECRET}")), "grant_type=client_credentials".to_owned()),
        (Some(format!("{id}:an older secret")), format!("grant_type=client_credentials&client_id={id}&scope=any")),
        (None, format!("grant_type=client_credentials&client_id={id}&client_secret={SECRET}")),
    ] {
        let reply = ask(&world, basic.as_deref(), &form).await;
        assert_eq!(reply.status, 200, "{form}");
        let token = reply.json();
        assert_eq!((&token["token_type"], &token["expires_in"]), (&json!("Bearer"), &json!(600)));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let bearer = token["access_token"].as_str().unwrap();
        let answer = world.query_as(Some(bearer), &grant_id().to_string(), "*/*", &json!({"purpose": PURPOSE})).await;
        assert_eq!(answer.rows(), [[json!("x")]]);
        world.pass_seconds(1);
    }
}

#[tokio::test]
async fn anybody_else_gets_none() {
    let world = world().await;
    let id = system().to_string();
    let (good, wrong) = (format!("{id}:{SECRET}"), format!("{id}:wrong"));
    let stranger = format!("sys_000000000000000000000000000000ff:{SECRET}");
    let form = "grant_type=client_credentials";
    let both = format!("{form}&client_secret={SECRET}");
    let other_id = format!("{form}&client_id=sys_00000000000000000000000000000002");
    let cases = [
        (Some(wrong.as_str()), form, 401, "invalid_client"),
        (Some(stranger.as_str()), form, 401, "invalid_client"),
        (Some("nonsense"), form, 401, "invalid_client"),
        (None, form, 401, "invalid_client"),
        (Some(good.as_str()), "grant_type=password", 400, "unsupported_grant_type"),
        (Some(good.as_str()), "x=y", 400, "invalid_request"),
        (Some(good.as_str()), both.as_str(), 400, "invalid_request"),
        (Some(good.as_str()), other_id.as_str(), 400, "invalid_request"),
    ];
    for (basic, form, status, error) in cases {
        let reply = ask(&world, basic, form).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (status, Some(error)), "{form}");
        assert_eq!(reply.header("www-authenticate").is_some(), status == 401);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
    let long = format!("{form}&x={}", "y".repeat(9_000));
    assert_eq!(ask(&world, Some(&good), &long).await.json()["error"], "invalid_request");
    world.pass_seconds(6);
    assert_eq!(ask(&world, Some(&good), form).await.status, 503, "a stale book gives no tokens");
}

#[tokio::test]
async fn the_metadata_say_what_there_is() {
    let world = world().await;
    let reply = world.get("/.well-known/oauth-authorization-server", None).await;
    let metadata = reply.json();
    assert_eq!(metadata["issuer"], "https://node.example");
    assert_eq!(metadata["token_endpoint"], "https://node.example/oauth2/token");
    assert_eq!(
        metadata["grant_types_supported"],
        json!(["client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer"])
    );
    assert_eq!(metadata["jwks_uri"], "https://node.example/oauth2/jwks");
}

const CLIENT_CERT: &str = "client-cert";

/// A certificate's place in the header, RFC 9440; what is in it is nothing to us.
fn certificate(of: u8) -> String {
    format!(":{}:", STANDARD.encode([&[0x30, 0x81, 200][..], &[of; 200]].concat()))
}

/// Asks for a token, or calls with one, behind a proxy that hands this over as the certificate.
async fn behind_proxy(world: &World, certificate: Option<&str>, bearer: Option<&str>) -> Reply {
    let (path, body) = match bearer {
        None => ("/oauth2/token".to_owned(), "grant_type=client_credentials".to_owned()),
        Some(_) => (format!("/data/v1/grants/{}/query", grant_id()), json!({"purpose": PURPOSE}).to_string()),
    };
    let basic = || format!("Basic {}", STANDARD.encode(format!("{}:{SECRET}", system())));
    let mut request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("authorization", bearer.map_or_else(basic, |token| format!("Bearer {token}")));
    if let Some(certificate) = certificate {
        request = request.header(CLIENT_CERT, certificate);
    }
    world.send(request.body(Body::from(body)).unwrap()).await
}

fn issued(reply: &Reply) -> String {
    reply.json()["access_token"].as_str().unwrap().to_owned()
}

/// RFC 8705 section 3.
#[tokio::test]
async fn a_token_fetched_with_a_certificate_is_good_with_that_certificate_only() {
    let world = world_with(&Options { certificate_header: Some(CLIENT_CERT.to_owned()), ..Options::default() }).await;
    let (own, other) = (certificate(1), certificate(2));
    let bound = issued(&behind_proxy(&world, Some(&own), None).await);
    assert_eq!(behind_proxy(&world, Some(&own), Some(&bound)).await.rows(), [[json!("x")]]);
    for wrong in [Some(other.as_str()), Some("CN=nobody"), Some(""), None] {
        let reply = behind_proxy(&world, wrong, Some(&bound)).await;
        assert_eq!((reply.status, reply.code().as_str()), (401, "certificate_mismatch"), "{wrong:?}");
        assert!(!reply.json().to_string().contains(&own), "what it is bound to is not told");
    }
    // Who has none gets a token that is bound to none.
    let free = issued(&behind_proxy(&world, None, None).await);
    assert_eq!(behind_proxy(&world, Some(&other), Some(&free)).await.rows(), [[json!("x")]]);
    let unread = behind_proxy(&world, Some("CN=nobody"), None).await;
    let told = (unread.status, unread.json()["error"].clone(), unread.json()["code"].clone());
    assert_eq!(told, (400, json!("invalid_request"), json!("certificate_unreadable")));
    let metadata = world.get("/.well-known/oauth-authorization-server", None).await.json();
    assert_eq!(metadata["tls_client_certificate_bound_access_tokens"], true);
}

#[tokio::test]
async fn without_a_proxy_that_is_named_nobody_says_which_certificate_a_call_came_with() {
    let named = Options { certificate_header: Some(CLIENT_CERT.to_owned()), ..Options::default() };
    let bound = issued(&behind_proxy(&world_with(&named).await, Some(&certificate(1)), None).await);
    let world = world().await;
    // The same node, with the header no longer named: what callers write there counts for nothing.
    let reply = behind_proxy(&world, Some(&certificate(1)), Some(&bound)).await;
    assert_eq!(reply.code(), "certificate_mismatch");
    let free = issued(&behind_proxy(&world, Some(&certificate(1)), None).await);
    assert_eq!(behind_proxy(&world, None, Some(&free)).await.rows(), [[json!("x")]]);
    let metadata = world.get("/.well-known/oauth-authorization-server", None).await.json();
    assert_eq!(metadata["tls_client_certificate_bound_access_tokens"], false);
}
