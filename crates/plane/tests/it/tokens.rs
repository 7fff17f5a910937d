//! The token endpoint, as RFC 6749 and RFC 8414 have it.

use crate::world::{PURPOSE, Reply, SECRET, World, grant_id, item, system, terms};
use axum::{body::Body, http::Request};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use shuqiao_vocabulary::ItemType;

async fn world() -> World {
    let world = World::sqlite("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x');").await;
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
