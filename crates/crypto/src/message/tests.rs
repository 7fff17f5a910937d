//! The base against the vectors of RFC 9421 appendix B, which lie in the shared folder; our own signatures read back.

use super::*;
use serde_json::Value as Json;
use shuqiao_testkit::shared;
use std::collections::HashMap;

/// A message of the vectors: its first line and its fields, those of one name joined as RFC 9421 section 2.1 has it.
struct Message {
    first: Vec<String>,
    fields: HashMap<String, String>,
}

fn message(text: &str) -> Message {
    let head = text.split("\n\n").next().unwrap();
    let mut lines = head.lines();
    let first = lines.next().unwrap().split(' ').map(str::to_owned).collect();
    let mut fields: HashMap<String, String> = HashMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').unwrap();
        let kept = fields.entry(name.to_ascii_lowercase()).or_default();
        if !kept.is_empty() {
            kept.push_str(", ");
        }
        kept.push_str(value.trim());
    }
    Message { first, fields }
}

impl Message {
    fn value(&self, component: &Component) -> Option<String> {
        let target = || self.first.get(1).map(|target| target.split_once('?').unwrap_or((target, "")));
        match component.name.as_str() {
            "@method" => self.first.first().cloned(),
            "@authority" => self.fields.get("host").cloned(),
            "@path" => target().map(|(path, _)| path.to_owned()),
            "@query" => target().map(|(_, query)| format!("?{query}")),
            "@status" => self.first.get(1).cloned(),
            name => self.fields.get(name).cloned(),
        }
    }
}

fn key(name: &str) -> Option<PublicKey> {
    // The public keys of RFC 9421 appendix B.1.3 and B.1.4 as JSON Web Keys.
    match name {
        "test-key-ed25519" => {
            PublicKey::from_jwk("OKP", "Ed25519", "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs", None).ok()
        }
        "test-key-ecc-p256" => PublicKey::from_jwk(
            "EC",
            "P-256",
            "qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA",
            Some("Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0"),
        )
        .ok(),
        _ => None,
    }
}

#[test]
fn the_vectors_of_the_standard() {
    let Some(shared) = shared::shared() else { return };
    let path = shared.join("data/http_signatures/rfc9421_vectors.json");
    let vectors: Json = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let messages: Vec<&str> =
        vectors["messages"].as_array().unwrap().iter().map(|m| m["message"].as_str().unwrap()).collect();
    let (mut bases, mut signatures) = (0, 0);
    for case in vectors["cases"].as_array().unwrap() {
        let text = |name: &str| case[name].as_str().unwrap();
        // `@query-param` is no component that calls need; what is not known is refused, not passed over.
        if text("signature_base").contains("@query-param") {
            assert!(matches!(read(text("signature_input"), text("signature")), Err(MessageError::Component(_))));
            continue;
        }
        let read = read(text("signature_input"), text("signature")).unwrap();
        let signature = read.iter().find(|one| one.label == text("label")).unwrap();
        let base = text("signature_base");
        // Which message a case is of, the vectors leave to the reader: the one that gives this base.
        let same = messages.iter().any(|m| {
            let message = message(m);
            signature.base(|component| message.value(component)).is_ok_and(|made| made == base)
        });
        bases += usize::from(same);
        if let Some(key) = signature.keyid.as_deref().and_then(key) {
            assert!(key.verifies(base.as_bytes(), &signature.signature), "{}", text("section"));
            signatures += 1;
        }
    }
    assert!(bases >= 6, "{bases} bases were made anew");
    assert!(signatures >= 2, "{signatures} signatures verified");
}

#[test]
fn fields_of_another_form_are_refused() {
    let good = (r#"a=("@method");created=1;keyid="k";tag="gds-call""#, "a=:AAE=:");
    let one = &read(good.0, good.1).unwrap()[0];
    assert_eq!((one.created, one.keyid.as_deref(), one.tag.as_deref()), (Some(1), Some("k"), Some("gds-call")));
    assert!(one.covers("@method") && !one.covers("@target-uri"));
    assert_eq!(
        one.base(|_| Some("GET".to_owned())).unwrap(),
        concat!("\"@method\": GET\n", "\"@signature-params\": (\"@method\");created=1;keyid=\"k\";tag=\"gds-call\"",)
    );
    assert_eq!(one.base(|_| None), Err(MessageError::Component("\"@method\"".to_owned())));
    assert_eq!(one.base(|_| Some("GET\n\"x\": y".to_owned())), Err(MessageError::Component("\"@method\"".to_owned())));
    let field = |name| Err(MessageError::Field(name));
    assert_eq!(read("a=1", good.1), field("signature-input"));
    assert_eq!(read("a=(1)", good.1), field("signature-input"));
    assert_eq!(read(good.0, "b=:AAE=:"), field("signature"));
    assert_eq!(read(good.0, "a=1"), field("signature"));
    assert_eq!(read(&format!("a=(\"{}\")", "x".repeat(5_000)), good.1), field("signature-input"));
    assert_eq!(read(r#"a=("x" "x")"#, good.1), Err(MessageError::Twice("\"x\"".to_owned())));
    assert_eq!(read(r#"a=("x";bs)"#, good.1), Err(MessageError::Component("\"x\";bs".to_owned())));
}

#[test]
fn digests_are_compared() {
    assert_eq!(check_digest(&digest_field(b"x"), b"x"), DigestCheck::Same);
    assert_eq!(check_digest(&digest_field(b"x"), b"y"), DigestCheck::Differs);
    assert_eq!(check_digest("sha-512=:AAE=:", b"x"), DigestCheck::Unreadable);
    assert_eq!(check_digest("(", b"x"), DigestCheck::Unreadable);
}

#[test]
fn what_the_node_signs_reads_back() {
    let signer = MessageSigner::from_seed(&[7; 32]).unwrap();
    let parts = [("\"@status\"", "200"), ("\"signature\";req;key=\"sig\"", ":AAE=:")];
    let fields = signer.sign(&parts, 5, "gds-answer");
    let one = &read(&fields.input, &fields.signature).unwrap()[0];
    assert_eq!(one.keyid.as_deref(), Some(signer.public().thumbprint().as_str()));
    assert!(one.components[1].of_request && one.components[1].key.as_deref() == Some("sig"));
    let base = one.base(|c| parts.iter().find(|(id, _)| *id == c.identifier).map(|(_, v)| (*v).to_owned())).unwrap();
    assert!(signer.public().verifies(base.as_bytes(), &one.signature));
    assert_eq!(format!("{signer:?}"), "MessageSigner(…)");
}
