//! The node's signature on an answer: what it says, and which request it answers.

use super::{Plane, identity::seconds, proof::SignedCall};
use axum::http::{HeaderMap, HeaderName, header};
use shuqiao_crypto::{message, public_key::PublicKey};
use shuqiao_vocabulary::Moment;

/// The tag of a signed answer.
const ANSWER_TAG: &str = "gds-answer";

/// Signed too when they are there: the place in the usage log, the cursor.
const ALSO: [&str; 2] = ["shuqiao-record", "shuqiao-next"];

impl Plane {
    /// The public key by which answers are verified.
    pub(crate) fn answer_key(&self) -> Option<&PublicKey> {
        self.identity.signer.as_ref().map(|signer| signer.public())
    }

    /// The fields that a signed answer carries: digest, signature and what it covers.
    pub(crate) fn sign_answer(
        &self,
        call: &SignedCall,
        now: Moment,
        status: u16,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Vec<(HeaderName, String)> {
        let Some(signer) = &self.identity.signer else {
            return Vec::new();
        };
        let digest = message::digest_field(body);
        let mut components = vec![("\"@status\"".to_owned(), status.to_string())];
        components.push(("\"content-digest\"".to_owned(), digest.clone()));
        let sent = [header::CONTENT_TYPE.as_str()].into_iter().chain(ALSO);
        components.extend(
            sent.filter_map(|name| Some((format!("\"{name}\""), headers.get(name)?.to_str().ok()?.to_owned()))),
        );
        components.push((format!("\"signature\";req;key=\"{}\"", call.label), call.member.clone()));
        let components: Vec<(&str, &str)> = components.iter().map(|(id, value)| (&**id, &**value)).collect();
        let fields = signer.sign(&components, seconds(now), ANSWER_TAG);
        vec![
            (HeaderName::from_static("content-digest"), digest),
            (HeaderName::from_static("signature-input"), fields.input),
            (HeaderName::from_static("signature"), fields.signature),
        ]
    }
}
