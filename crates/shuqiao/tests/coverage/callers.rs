//! Systems made with other people's libraries, at a running node: tokens, signed calls, signed answers, and the national
//! platform's call signature.

use crate::play::{days, play};
use serde_json::json;
use shuqiao_testkit::{
    outside::{ask, callers, java},
    stage::id,
};

/// The test keys of RFC 9421 appendix B.1, which all the world knows.
const ED25519: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n";
const ED25519_X: &str = "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs";
const P256: &str = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIFKbhfNZfpDsW43+0+JjUr9K+bTeuxopu653+hBaXGA7oAoGCCqGSM49\nAwEHoUQDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lfw0EkjqF7xB4FivAxzic30tMM\n4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==\n-----END EC PRIVATE KEY-----\n";
const P256_X: &str = "qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA";
const P256_Y: &str = "Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0";

#[tokio::test]
async fn systems_made_by_others_are_known_and_know_the_node() {
    let Some(mut tool) = callers(env!("CARGO_TARGET_TMPDIR")) else { return };
    let play = play(&[]);
    let grant = play.grant().await;
    let path = |rest: &str| format!("POST /api/v1/systems/{}/{rest}", play.system);
    for (kid, jwk) in [
        ("ed", json!({"kty": "OKP", "crv": "Ed25519", "x": ED25519_X})),
        ("ec", json!({"kty": "EC", "crv": "P-256", "x": P256_X, "y": P256_Y})),
    ] {
        let key = json!({"kid": kid, "jwk": jwk, "until": days(&grant).1});
        play.stage.act("social.developer", &path("keys"), None, Some(&key)).await.unwrap();
    }
    // From now on the system must sign, whatever a grant says.
    let calling = json!({"addresses": ["127.0.0.0/8"], "signature_required": true});
    play.stage.act("social.developer", &path("calling"), None, Some(&calling)).await.unwrap();
    let question = json!({
        "base": play.node.base(), "client": play.system, "secret": play.secret, "grant": id(&grant).unwrap(),
        "purpose": grant["purpose"], "ed25519": ED25519, "p256": P256,
    });
    let asked = tokio::task::spawn_blocking(move || ask(&mut tool, &question)).await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&asked.stdout).contains("\"verified\": 2"));
    let unsigned = play.call(&play.caller().await, &grant, 1).await;
    assert_eq!(unsigned.json()["code"], "signature_required");
    let reference = unsigned.json()["request_id"].as_str().unwrap().to_owned();
    let why =
        play.stage.act("social.developer", &format!("GET /api/v1/refusals/{reference}"), None, None).await.unwrap();
    assert_eq!((&why["code"], &why["grant"]), (&json!("signature_required"), &grant["id"]));
    let other =
        play.stage.ask("market.officer", &format!("GET /api/v1/refusals/{reference}"), None, None).await.unwrap();
    assert_eq!(other.status.as_u16(), 404, "another department's");
}

#[tokio::test]
async fn a_client_in_java_calls_with_the_national_signature() {
    let Some(mut tool) = java("National.java") else { return };
    let play = play(&[]);
    let grant = play.grant().await;
    let path = format!("POST /api/v1/systems/{}/national", play.system);
    let body = json!({
        "requester_code": "7acbccd9-ff09", "services": [{"code": "s_1200019900000_2024", "grant": grant["id"]}],
    });
    let enabled = play.stage.act("social.developer", &path, None, Some(&body)).await.unwrap();
    let appkey = enabled["appkey"].as_str().unwrap().to_owned();
    tool.args([play.node.base(), "7acbccd9-ff09", "s_1200019900000_2024", &appkey]);
    let output = tokio::task::spawn_blocking(move || tool.output()).await.unwrap().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out} {err}");
    assert!(out.contains("\"rows\":[["), "{out}");
    let list = play.stage.act("social.developer", "GET /api/v1/systems/national", None, None).await.unwrap();
    assert_eq!((&list["items"][0]["calls"], &list["items"][0]["grant"]), (&json!(1), &grant["id"]));
    // Its provider sees it too, with whose system it is; a stranger's department does not.
    let provider = play.stage.act("police.head", "GET /api/v1/systems/national", None, None).await.unwrap();
    assert_eq!(provider["items"], list["items"]);
    assert_eq!(list["items"][0]["organisation"]["id"], grant["requester"]["id"]);
    let stranger = play.stage.act("market.officer", "GET /api/v1/systems/national", None, None).await.unwrap();
    assert_eq!(stranger["items"], json!([]));
    let authority = play.stage.act("authority", "GET /api/v1/systems/national", None, None).await.unwrap();
    assert_eq!(authority["items"], list["items"], "who supervises sees all (Art. 29(1))");
    let again = play.stage.act("social.developer", &path, None, Some(&body)).await.unwrap();
    assert!(again["appkey"].is_null(), "an appkey is shown once");
}
