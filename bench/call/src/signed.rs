//! Calls that are signed as RFC 9421 says and as the data service demands it (ADR 0024): each once, since a nonce is taken
//! once. They are signed before a run, so that what is measured is the node and not the caller.

use anyhow::{Context, Result};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use shuqiao_crypto::message::digest_field;
use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

/// The name under which the key is registered.
pub(crate) const KEY_ID: &str = "bench";
/// How long a signature is good: longer than the run it is made for.
const GOOD_SECONDS: u64 = 60;

/// The calling system's key.
pub(crate) struct Caller(SigningKey);

impl Caller {
    /// A key for this run. What it protects is a demo's data.
    pub(crate) fn new() -> Self {
        Self(SigningKey::from_bytes(&[7; 32]))
    }

    /// The public half as it is registered.
    pub(crate) fn jwk(&self) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(self.0.verifying_key().as_bytes())})
    }

    /// Writes so many signed calls, taken in turn from `calls` (path and body): a line each, its parts divided by tabs.
    pub(crate) fn write(&self, file: &Path, base: &str, calls: &[(String, String)], count: u64) -> Result<()> {
        let mut file = BufWriter::new(File::create(file)?);
        let created = now()?;
        let digests: Vec<String> = calls.iter().map(|(_, body)| digest_field(body.as_bytes())).collect();
        for (number, ((path, body), digest)) in (0..count).zip(calls.iter().zip(&digests).cycle()) {
            let (input, signature) = self.signed(&format!("{base}{path}"), digest, created, number);
            writeln!(file, "{path}\t{digest}\t{input}\t{signature}\t{body}")?;
        }
        file.flush().context("signed calls cannot be written")
    }

    /// `Signature-Input` and `Signature` of one call.
    fn signed(&self, target: &str, digest: &str, created: u64, number: u64) -> (String, String) {
        let params = format!(
            "(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\");created={created};expires={};\
             nonce=\"{created}-{number}\";keyid=\"{KEY_ID}\";tag=\"gds-call\"",
            created + GOOD_SECONDS
        );
        let base = format!(
            "\"@method\": POST\n\"@target-uri\": {target}\n\"content-digest\": {digest}\n\
             \"content-type\": application/json\n\"@signature-params\": {params}"
        );
        let signature = STANDARD.encode(self.0.sign(base.as_bytes()).to_bytes());
        (format!("call={params}"), format!("call=:{signature}:"))
    }
}

/// Seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the program's edge: here the time enters")]
fn now() -> Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
}
