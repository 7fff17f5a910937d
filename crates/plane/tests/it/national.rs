//! The national platform's call signature: the secret, the call, and each way of being refused.

use crate::{
    keys::install,
    world::{Reply, World, grant_id, id, item, requester, stranger, system, terms},
};
use axum::{body::Body, http::Request};
use serde_json::{Value as Json, json};
use shuqiao_crypto::{
    national::appkey,
    token::{Caller, Claims},
};
use shuqiao_plane::{
    book::{GrantTerms, NationalCredential, SystemIdentity},
    usage::Authentication,
};
use shuqiao_testkit::outside::has_openssl;
use shuqiao_vocabulary::ItemType;
use std::process::{Command, Stdio};

const RID: &str = "7acbccd9-requester";
const SID: &str = "s_1200019900000_2024";

fn grant() -> GrantTerms {
    terms("t", vec![item("a", ItemType::Text)], &["id"])
}

fn identity() -> SystemIdentity {
    let services = vec![(SID.to_owned(), grant_id())];
    let national = NationalCredential { requester_code: RID.to_owned(), serial: 1, services };
    SystemIdentity { national: Some(national), ..SystemIdentity::default() }
}

async fn world() -> World {
    let world = World::sqlite("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x');").await;
    install(&world, vec![grant()], identity());
    world
}

/// Runs openssl: a client of the signature that is not ours.
fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("openssl: {error}"));
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    output.stdout
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn base64(bytes: &[u8]) -> String {
    String::from_utf8(openssl(&["base64", "-A"], bytes)).unwrap()
}

fn sign(key: &str, sid: &str, rtime: &str) -> String {
    let mac = openssl(&["dgst", "-sha256", "-hmac", key, "-binary"], format!("{sid}{RID}{rtime}").as_bytes());
    base64(&mac)
}

fn rtime(world: &World) -> String {
    (world.moment().microseconds() / 1_000).to_string()
}

async fn secret(world: &World, key: &str) -> Json {
    let rtime = rtime(world);
    let fields = json!({
        "gjgxjhpt_rid": RID, "gjgxjhpt_sid": SID, "gjgxjhpt_rtime": rtime, "gjgxjhpt_sign": sign(key, SID, &rtime),
    });
    let request = Request::post("/data/v1/national/secret").header("content-type", "application/json");
    world.send(request.body(Body::from(fields.to_string())).unwrap()).await.json()
}

/// As clients unwrap it: AES in ECB under the first 16 bytes of SHA-1 of SHA-1 of the `appkey`.
fn unwrapped(appkey: &str, answer: &Json) -> String {
    let twice = openssl(&["dgst", "-sha1", "-binary"], &openssl(&["dgst", "-sha1", "-binary"], appkey.as_bytes()));
    let wrapped = answer["data"]["secret"].as_str().unwrap();
    let cipher = openssl(&["base64", "-d", "-A"], wrapped.as_bytes());
    String::from_utf8(openssl(&["enc", "-d", "-aes-128-ecb", "-K", &hex(&twice[..16])], &cipher)).unwrap()
}

async fn call(world: &World, sid: &str, rtime: &str, signature: &str) -> Reply {
    let request = Request::post("/data/v1/national/call")
        .header("gjgxjhpt_rid", RID)
        .header("gjgxjhpt_sid", sid)
        .header("gjgxjhpt_rtime", rtime)
        .header("gjgxjhpt_sign", signature);
    world.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_client_gets_its_secret_and_calls() {
    if !has_openssl() {
        return;
    }
    let world = world().await;
    let appkey = appkey(&world.token, system(), 1);
    let answer = secret(&world, &appkey).await;
    assert_eq!(answer["code"], "0", "{answer}");
    let appsecret = unwrapped(&appkey, &answer);
    assert_eq!(appsecret.len(), 32);
    world.pass_seconds(1);
    install(&world, vec![grant()], identity());
    let rtime = rtime(&world);
    let signature = sign(&appsecret, SID, &rtime);
    assert_eq!(call(&world, SID, &rtime, &signature).await.rows(), [[json!("x")]]);
    let record = world.plane.usage(&grant_id(), 1).unwrap().remove(0);
    assert_eq!(record.authentication, Some(Authentication::LegacySigned));
    assert_eq!((record.caller, record.organisation), (Some(Caller::System(system())), Some(requester())));
    assert_eq!(call(&world, SID, &rtime, &signature).await.code(), "national_replayed");
}

#[tokio::test]
async fn it_is_off_unless_it_is_on_and_never_enough_where_a_signature_is_demanded() {
    if !has_openssl() {
        return;
    }
    let world = world().await;
    let appkey = appkey(&world.token, system(), 1);
    let appsecret = unwrapped(&appkey, &secret(&world, &appkey).await);
    let now = rtime(&world);
    let at = |milliseconds: i64| (world.moment().microseconds() / 1_000 + milliseconds).to_string();
    for (sid, rtime, key, code) in [
        (SID, at(300_001), appsecret.as_str(), "national_out_of_time"),
        (SID, at(-300_001), appsecret.as_str(), "national_out_of_time"),
        (SID, "soon".to_owned(), appsecret.as_str(), "national_out_of_time"),
        ("s_2", now.clone(), appsecret.as_str(), "national_not_enabled"),
        (SID, now.clone(), appkey.as_str(), "national_signature_invalid"),
    ] {
        let reply = call(&world, sid, &rtime, &sign(key, sid, &rtime)).await;
        assert_eq!(reply.code(), code, "{rtime}");
    }
    assert_eq!(secret(&world, "another key").await["code"], "-1");
    let demanding = GrantTerms { signature_required: true, ..grant() };
    install(&world, vec![demanding], identity());
    let reply = call(&world, SID, &now, &sign(&appsecret, SID, &now)).await;
    assert_eq!(reply.code(), "signature_required");
    install(&world, vec![grant()], SystemIdentity::default());
    let reply = call(&world, SID, &now, &sign(&appsecret, SID, &now)).await;
    assert_eq!(reply.code(), "national_not_enabled");
    assert_eq!(secret(&world, &appkey).await["code"], "E-106");
}

#[tokio::test]
async fn a_department_reads_why_and_another_does_not() {
    let world = world().await;
    let now = rtime(&world);
    let reply = call(&world, SID, &now, "wrong").await;
    let path = format!("/data/v1/refusals/{}", reply.json()["request_id"].as_str().unwrap());
    assert_eq!(world.get(&path, Some(&world.bearer())).await.json()["code"], "national_signature_invalid");
    let other = Claims { caller: Caller::System(id("sys", 3)), organisation: stranger(), ..world.claims() };
    let seen = world.get(&path, Some(&world.token.mint(&other))).await;
    assert_eq!(seen.code(), "refusal_missing");
}
