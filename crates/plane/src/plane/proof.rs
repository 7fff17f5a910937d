//! What a call proves beside its token: from where it comes and, when it is signed (RFC 9421), that it is exactly what
//! the system's key has signed.

use super::{
    Plane,
    assertion::out_of_time,
    identity::{CLOCK_SKEW_SECONDS, CameFrom, FoundKey, check_address, find_key, seconds},
    replay::Taken,
};
use crate::{
    book::{SystemIdentity, SystemKey},
    compiled::CompiledBook,
    problem::{ProblemCode, Refused},
    usage::Authentication,
};
use axum::http::{HeaderMap, Method, Uri};
use shuqiao_crypto::{
    message::{self, Component, DigestCheck, MessageError, MessageSignature},
    token::{Caller, Claims},
};
use shuqiao_vocabulary::{Moment, id::SystemId};
use std::sync::OnceLock;

/// The tag of a signed call.
pub(super) const CALL_TAG: &str = "gds-call";
/// From `created` to `expires` at most.
pub(super) const SIGNATURE_SECONDS_MAX: i64 = 300;
/// The longest nonce, in characters.
const NONCE_CHARS_MAX: usize = 256;
/// What every signature covers.
const COVERED: [&str; 4] = ["@method", "@target-uri", "content-digest", "content-type"];

/// A call as it was sent, for what is proven by its form.
pub(crate) struct Sent<'a> {
    /// The method.
    pub(crate) method: &'a Method,
    /// The target as it came in.
    pub(crate) uri: &'a Uri,
    /// The header fields.
    pub(crate) headers: &'a HeaderMap,
    /// From where it came.
    pub(crate) from: CameFrom,
    /// Filled in when the signature holds: the answer binds to it.
    pub(crate) signed: OnceLock<SignedCall>,
    /// Of a call with the national platform's signature: that it held, or why it did not.
    pub(crate) national: Option<Result<(), Refused>>,
}

/// A call's signature that held.
#[derive(Clone, Debug)]
pub(crate) struct SignedCall {
    /// The label of the signature in the request.
    pub(super) label: String,
    /// The signature as a component's value.
    pub(super) member: String,
}

impl<'a> Sent<'a> {
    pub(crate) fn new(method: &'a Method, uri: &'a Uri, headers: &'a HeaderMap, from: CameFrom) -> Self {
        Self { method, uri, headers, from, signed: OnceLock::new(), national: None }
    }

    /// A field's value, those of one name joined (RFC 9421 section 2.1).
    fn field(&self, name: &str) -> Option<String> {
        let values: Option<Vec<&str>> =
            self.headers.get_all(name).iter().map(|value| value.to_str().ok().map(str::trim)).collect();
        values.filter(|values| !values.is_empty()).map(|values| values.join(", "))
    }

    fn value(&self, component: &Component, origin: &str) -> Option<String> {
        if component.of_request || component.key.is_some() {
            return None;
        }
        let (scheme, authority) = origin.split_once("://")?;
        let path_and_query = self.uri.path_and_query().map_or("/", |path| path.as_str());
        match component.name.as_str() {
            "@method" => Some(self.method.as_str().to_owned()),
            // The origin is the one under which callers know us, whatever a proxy has made of the host.
            "@target-uri" => Some(format!("{origin}{path_and_query}")),
            "@authority" => Some(authority.to_ascii_lowercase()),
            "@scheme" => Some(scheme.to_owned()),
            "@request-target" => Some(path_and_query.to_owned()),
            "@path" => Some(self.uri.path().to_owned()),
            "@query" => Some(format!("?{}", self.uri.query().unwrap_or_default())),
            name if name.starts_with('@') => None,
            name => self.field(name),
        }
    }
}

impl Plane {
    /// What the call proves beside its token. A signature that is there must hold, whether or not one is demanded.
    pub(super) fn prove(
        &self,
        sent: &Sent<'_>,
        body: Option<&[u8]>,
        claims: &Claims,
        book: &CompiledBook,
        now: Moment,
    ) -> Result<Authentication, Refused> {
        let none = SystemIdentity::default();
        let system = match claims.caller {
            Caller::System(id) => book.systems.get(&id).map(|system| (id, &system.identity)),
            Caller::Person(_) => None,
        };
        let identity = system.map_or(&none, |(_, identity)| identity);
        check_address(&identity.addresses, sent.from.address)?;
        if sent.national.is_some() {
            let demanded = identity.signature_required;
            return if demanded {
                Err(Refused::new(ProblemCode::SignatureRequired))
            } else {
                Ok(Authentication::LegacySigned)
            };
        }
        let (Some(input), Some(signature)) = (sent.field("signature-input"), sent.field("signature")) else {
            if sent.headers.contains_key("signature-input") || sent.headers.contains_key("signature") {
                return Err(malformed("signature-input"));
            }
            let demanded = identity.signature_required;
            return if demanded {
                Err(Refused::new(ProblemCode::SignatureRequired))
            } else {
                Ok(Authentication::Bearer)
            };
        };
        let (Some((id, identity)), Some(body)) = (system, body) else {
            let code = if body.is_none() { ProblemCode::BodyTooLarge } else { ProblemCode::SignatureKeyUnknown };
            return Err(Refused::new(code));
        };
        let found = message::read(&input, &signature).map_err(unreadable)?;
        let tagged = found.into_iter().find(|one| one.tag.as_deref() == Some(CALL_TAG));
        let tagged = tagged.ok_or_else(|| parameter_missing("tag"))?;
        self.check_signature((id, identity), sent, body, &tagged, now)?;
        // Set once: a call is proven once.
        let _set = sent.signed.set(SignedCall { label: tagged.label.clone(), member: tagged.member() });
        Ok(Authentication::Signed)
    }

    fn check_signature(
        &self,
        (id, identity): (SystemId, &SystemIdentity),
        sent: &Sent<'_>,
        body: &[u8],
        signature: &MessageSignature,
        now: Moment,
    ) -> Result<(), Refused> {
        if let Some(missing) = COVERED.iter().find(|name| !signature.covers(name)) {
            return Err(Refused::new(ProblemCode::SignatureComponentMissing).with("component", *missing));
        }
        let given = |name: &str, value: &Option<String>| value.clone().ok_or_else(|| parameter_missing(name));
        let keyid = given("keyid", &signature.keyid)?;
        let nonce = given("nonce", &signature.nonce)?;
        if !(1..=NONCE_CHARS_MAX).contains(&nonce.len()) {
            return Err(malformed("nonce"));
        }
        let expires = check_times(signature, now, self.identity.started)?;
        let key = match find_key(&identity.keys, &keyid, now) {
            FoundKey::Good(key) => key,
            FoundKey::NotYet(key) => {
                return Err(out_of_time(ProblemCode::SignatureKeyRetired, key, "from", key.not_before));
            }
            FoundKey::Retired(key) => {
                return Err(out_of_time(ProblemCode::SignatureKeyRetired, key, "until", key.not_after));
            }
            FoundKey::Unknown => return Err(Refused::new(ProblemCode::SignatureKeyUnknown)),
        };
        check_algorithm(key, signature)?;
        let digest = sent.field("content-digest").ok_or_else(|| malformed("content-digest"))?;
        match message::check_digest(&digest, body) {
            DigestCheck::Same => {}
            DigestCheck::Differs => return Err(Refused::new(ProblemCode::ContentDigestMismatch)),
            DigestCheck::Unreadable => return Err(malformed("content-digest")),
        }
        let base = signature.base(|component| sent.value(component, self.public_origin())).map_err(unreadable)?;
        if !key.key.verifies(base.as_bytes(), &signature.signature) {
            let target = format!("{}{}", self.public_origin(), sent.uri.path());
            let refused = Refused::new(ProblemCode::SignatureInvalid).with("kid", key.kid.as_str());
            return Err(refused.with("target", target));
        }
        // Only what the system has signed is remembered: nobody else can fill its memory.
        let end = Moment::from_microseconds(expires.saturating_mul(1_000_000));
        match self.identity.replays.take(id, "nonce", &nonce, end, now) {
            Taken::First => Ok(()),
            Taken::Again => Err(Refused::new(ProblemCode::SignatureReplayed)),
            Taken::Full => Err(Refused::new(ProblemCode::ReplayMemoryFull).again_after(60)),
        }
    }
}

/// The algorithm is the key's; a name that stands in the signature must agree with it.
fn check_algorithm(key: &SystemKey, signature: &MessageSignature) -> Result<(), Refused> {
    let own = key.key.kind().message_algorithm();
    if own.is_some() && signature.alg.as_deref().is_none_or(|alg| own == Some(alg)) {
        return Ok(());
    }
    let refused = Refused::new(ProblemCode::SignatureAlgorithm).with("kid", key.kid.as_str());
    Err(refused.with("curve", key.key.kind().curve()))
}

/// The end in seconds.
fn check_times(signature: &MessageSignature, now: Moment, started: i64) -> Result<i64, Refused> {
    let created = signature.created.ok_or_else(|| parameter_missing("created"))?;
    let expires = signature.expires.ok_or_else(|| parameter_missing("expires"))?;
    let now = seconds(now);
    let wrong = |check: &str, seconds: i64| {
        Err(Refused::new(ProblemCode::SignatureOutOfTime).with("check", check).with("seconds", seconds))
    };
    let lasts = expires.saturating_sub(created);
    if created.saturating_sub(now) > CLOCK_SKEW_SECONDS {
        wrong("created_in_the_future", created.saturating_sub(now))
    } else if now >= expires {
        wrong("expired", now.saturating_sub(expires))
    } else if !(1..=SIGNATURE_SECONDS_MAX).contains(&lasts) {
        wrong("lasts_too_long", lasts)
    } else if created < started {
        // What this plane's last run has taken is forgotten.
        wrong("before_the_node_started", started.saturating_sub(created))
    } else {
        Ok(expires)
    }
}

fn parameter_missing(name: &str) -> Refused {
    Refused::new(ProblemCode::SignatureParameterMissing).with("parameter", name)
}

fn malformed(what: &str) -> Refused {
    Refused::new(ProblemCode::SignatureMalformed).with("what", what)
}

fn unreadable(error: MessageError) -> Refused {
    match error {
        MessageError::Field(field) => malformed(field),
        MessageError::Twice(component) => malformed("component covered twice").with("component", component),
        MessageError::Component(component) => malformed("component not in the message").with("component", component),
    }
}
