//! Keys of callers for tests: what they sign, as tokens and as messages.

use crate::world::{World, id, requester};
use axum::{body::Body, http::Request};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ed25519_dalek::{Signer, SigningKey};
use p256::ecdsa;
use serde_json::{Value as Json, json};
use shuqiao_crypto::{digest, public_key::PublicKey, secret};
use shuqiao_plane::book::{GrantTerms, SystemCredential, SystemIdentity, SystemKey};
use shuqiao_vocabulary::Moment;

/// A private key of a caller.
pub(crate) enum CallerKey {
    Ed25519(SigningKey),
    P256(ecdsa::SigningKey),
}

impl CallerKey {
    pub(crate) fn ed25519(seed: u8) -> Self {
        Self::Ed25519(SigningKey::from_bytes(&[seed; 32]))
    }

    pub(crate) fn p256(seed: u8) -> Self {
        Self::P256(ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    pub(crate) fn public(&self) -> PublicKey {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Ed25519(key) => {
                PublicKey::from_jwk("OKP", "Ed25519", &text(key.verifying_key().as_bytes()), None).unwrap()
            }
            Self::P256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                let bytes = point.as_bytes();
                PublicKey::from_jwk("EC", "P-256", &text(&bytes[1..33]), Some(&text(&bytes[33..]))).unwrap()
            }
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Self::P256(key) => {
                let signature: ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
        }
    }

    pub(crate) fn jwt(&self, header: &Json, claims: &Json) -> String {
        let part = |json: &Json| URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// A registered key, good for a day around now.
    pub(crate) fn registered(&self, kid: &str, now: Moment) -> SystemKey {
        SystemKey {
            kid: kid.to_owned(),
            key: self.public(),
            not_before: now.plus_seconds(-43_200),
            not_after: now.plus_seconds(43_200),
        }
    }
}

/// Installs a book in which the requester's system has this identity.
pub(crate) fn install(world: &World, grants: Vec<GrantTerms>, identity: SystemIdentity) {
    let mut book = world.book(grants);
    book.systems[0] = SystemCredential { identity, ..book.systems[0].clone() };
    assert_eq!(book.systems[0].organisation, requester());
    assert_eq!(book.systems[0].id, id("sys", 1));
    let signed = book.sign(world.signer()).unwrap();
    world.plane.install(&signed, world.moment()).unwrap();
}

/// A call to be signed; what a test wants wrong, it changes.
pub(crate) struct SignedCall {
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) target: String,
    pub(crate) components: Vec<&'static str>,
    pub(crate) params: String,
    pub(crate) digest: String,
}

impl SignedCall {
    pub(crate) fn new(world: &World, path: &str, body: &Json, kid: &str) -> Self {
        let created = world.moment().microseconds() / 1_000_000;
        let (body, nonce) = (body.to_string(), secret::random_text(12));
        Self {
            path: path.to_owned(),
            target: format!("https://node.example{path}"),
            components: vec!["@method", "@target-uri", "content-digest", "content-type"],
            params: format!(
                ";created={created};expires={};nonce=\"{nonce}\";keyid=\"{kid}\";tag=\"gds-call\"",
                created + 60
            ),
            digest: format!("sha-256=:{}:", STANDARD.encode(digest::sha256(body.as_bytes()))),
            body,
        }
    }

    pub(crate) fn request(&self, key: &CallerKey, bearer: &str) -> Request<Body> {
        let value = |name: &str| match name {
            "@method" => "POST".to_owned(),
            "@target-uri" => self.target.clone(),
            "content-digest" => self.digest.clone(),
            "content-type" => "application/json".to_owned(),
            other => panic!("{other}"),
        };
        let quoted: Vec<String> = self.components.iter().map(|name| format!("\"{name}\"")).collect();
        let params = format!("({}){}", quoted.join(" "), self.params);
        let mut base: String = self.components.iter().map(|name| format!("\"{name}\": {}\n", value(name))).collect();
        base.push_str(&format!("\"@signature-params\": {params}"));
        let signature = STANDARD.encode(key.sign(base.as_bytes()));
        Request::post(&self.path)
            .header("authorization", format!("Bearer {bearer}"))
            .header("content-type", "application/json")
            .header("content-digest", &self.digest)
            .header("signature-input", format!("call={params}"))
            .header("signature", format!("call=:{signature}:"))
            .body(Body::from(self.body.clone()))
            .unwrap()
    }
}

/// A query's body.
pub(crate) fn query() -> Json {
    json!({ "purpose": crate::world::PURPOSE })
}
