//! Signed assertions of a client: `private_key_jwt` and the jwt-bearer grant (RFC 7523), in EdDSA and ES256.
//!
//! The algorithm is that of the registered key; what the token's header says must agree with it and never chooses.

use super::{
    Plane,
    identity::{CLOCK_SKEW_SECONDS, FoundKey, find_key, seconds},
    replay::Taken,
};
use crate::{
    book::{SystemCredential, SystemKey},
    compiled::CompiledBook,
    problem::{ProblemCode, Refused},
};
use serde::Deserialize;
use shuqiao_crypto::compact_jws::CompactJws;
use shuqiao_vocabulary::{Moment, id::SystemId};

/// The type that a form names (RFC 7523 section 2.2).
pub(super) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The grant's name (RFC 7523 section 2.1).
pub(super) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// From `iat` to `exp` at most. An hour is what widely used clients put by themselves; each is taken once.
const ASSERTION_SECONDS_MAX: i64 = 3_600;
/// The longest `jti`, in characters.
const JTI_CHARS_MAX: usize = 256;

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood; none are.
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct AssertionClaims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
    jti: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// A refusal and the system that it is about, when the assertion names one that there is.
type Failure<'a> = (Box<Refused>, Option<&'a SystemCredential>);

impl Plane {
    /// The system that made this assertion.
    pub(super) fn assertion<'a>(
        &self,
        book: &'a CompiledBook,
        text: &str,
        client_id: Option<&str>,
        now: Moment,
    ) -> Result<&'a SystemCredential, Failure<'a>> {
        let malformed = |what: &str| (Box::new(Refused::new(ProblemCode::AssertionMalformed).with("what", what)), None);
        let token = CompactJws::parse(text).ok_or_else(|| malformed("jwt"))?;
        let header: Header = serde_json::from_slice(&token.header).map_err(|_| malformed("header"))?;
        let claims: AssertionClaims = serde_json::from_slice(&token.payload).map_err(|_| malformed("claims"))?;
        let (Some(issuer), Some(subject)) = (claims.iss.as_deref(), claims.sub.as_deref()) else {
            return Err(malformed(if claims.iss.is_none() { "iss" } else { "sub" }));
        };
        let system = issuer.parse::<SystemId>().ok().and_then(|id| book.systems.get(&id));
        let unknown = || Refused::new(ProblemCode::ClientNotAuthenticated).with("check", "client");
        let system = system.ok_or_else(|| (Box::new(unknown()), None))?;
        let about = |refused| (Box::new(refused), Some(system));
        if header.crit.is_some() {
            return Err(about(Refused::new(ProblemCode::AssertionMalformed).with("what", "crit")));
        }
        check_signature(&system.identity.keys, &header, &token, now).map_err(about)?;
        if subject != issuer || client_id.is_some_and(|id| id != issuer) {
            return Err(about(Refused::new(ProblemCode::AssertionSubject)));
        }
        self.check_audience(claims.aud.as_ref()).map_err(about)?;
        let (expires, id) = check_times(&claims, now, self.identity.started).map_err(about)?;
        let end = Moment::from_microseconds((expires + CLOCK_SKEW_SECONDS).saturating_mul(1_000_000));
        match self.identity.replays.take(system.id, "jti", id, end, now) {
            Taken::First => Ok(system),
            Taken::Again => Err(about(Refused::new(ProblemCode::AssertionReplayed))),
            Taken::Full => Err(about(Refused::new(ProblemCode::ReplayMemoryFull).again_after(60))),
        }
    }

    fn check_audience(&self, audience: Option<&Audience>) -> Result<(), Refused> {
        let issuer = self.public_origin();
        let endpoint = format!("{issuer}/oauth2/token");
        let ours = |text: &String| text.strip_suffix('/').unwrap_or(text) == issuer || *text == endpoint;
        let is_for_us = match audience {
            None => return Err(Refused::new(ProblemCode::AssertionMalformed).with("what", "aud")),
            Some(Audience::One(one)) => ours(one),
            Some(Audience::Many(many)) => many.iter().any(ours),
        };
        if is_for_us { Ok(()) } else { Err(Refused::new(ProblemCode::AssertionAudience).with("expected", endpoint)) }
    }
}

fn check_signature(keys: &[SystemKey], header: &Header, token: &CompactJws<'_>, now: Moment) -> Result<(), Refused> {
    let fits = |key: &SystemKey| key.key.kind().token_algorithm() == Some(header.alg.as_str());
    let wrong_algorithm = || Refused::new(ProblemCode::AssertionAlgorithm).with("supported", "EdDSA, ES256");
    if !["EdDSA", "ES256"].contains(&header.alg.as_str()) {
        return Err(wrong_algorithm());
    }
    let verifies = |key: &SystemKey| key.key.verifies(token.signed.as_bytes(), &token.signature);
    let Some(kid) = &header.kid else {
        // Without a name, any key that is good now may have signed.
        let good = |key: &&SystemKey| key.not_before <= now && now < key.not_after && fits(key);
        let candidates: Vec<&SystemKey> = keys.iter().filter(good).collect();
        return if candidates.is_empty() {
            Err(Refused::new(ProblemCode::AssertionKeyUnknown))
        } else if candidates.into_iter().any(verifies) {
            Ok(())
        } else {
            Err(Refused::new(ProblemCode::AssertionSignature))
        };
    };
    match find_key(keys, kid, now) {
        FoundKey::Good(key) if !fits(key) => Err(wrong_algorithm().with("kid", key.kid.as_str())),
        FoundKey::Good(key) if verifies(key) => Ok(()),
        FoundKey::Good(key) => Err(Refused::new(ProblemCode::AssertionSignature).with("kid", key.kid.as_str())),
        FoundKey::NotYet(key) => Err(out_of_time(ProblemCode::AssertionKeyRetired, key, "from", key.not_before)),
        FoundKey::Retired(key) => Err(out_of_time(ProblemCode::AssertionKeyRetired, key, "until", key.not_after)),
        FoundKey::Unknown => Err(Refused::new(ProblemCode::AssertionKeyUnknown)),
    }
}

/// A key whose time has not come or is over.
pub(super) fn out_of_time(code: ProblemCode, key: &SystemKey, edge: &str, at: Moment) -> Refused {
    Refused::new(code).with("kid", key.kid.as_str()).with(edge, at.to_string())
}

/// The end in seconds, and the token's id.
fn check_times(claims: &AssertionClaims, now: Moment, started: i64) -> Result<(i64, &str), Refused> {
    let missing = |what: &str| Refused::new(ProblemCode::AssertionMalformed).with("what", what);
    // RFC 7519 allows fractions; beyond the range of seconds there is no sensible time.
    let whole = |value: f64, what: &str| {
        if value.is_finite() && value.abs() < 1e12 { Ok(value.floor() as i64) } else { Err(missing(what)) }
    };
    let expires = whole(claims.exp.ok_or_else(|| missing("exp"))?, "exp")?;
    let issued = whole(claims.iat.ok_or_else(|| missing("iat"))?, "iat")?;
    let not_before = whole(claims.nbf.unwrap_or(f64::from(i32::MIN)), "nbf")?;
    let id =
        claims.jti.as_deref().filter(|id| (1..=JTI_CHARS_MAX).contains(&id.len())).ok_or_else(|| missing("jti"))?;
    let now = seconds(now);
    if now >= expires + CLOCK_SKEW_SECONDS {
        return Err(Refused::new(ProblemCode::AssertionExpired).with("seconds", now - expires));
    }
    let ahead = issued.max(not_before) - now;
    if ahead > CLOCK_SKEW_SECONDS {
        return Err(Refused::new(ProblemCode::AssertionFromFuture).with("seconds", ahead));
    }
    if expires - issued > ASSERTION_SECONDS_MAX {
        return Err(Refused::new(ProblemCode::AssertionTooLong).with("limit", ASSERTION_SECONDS_MAX));
    }
    if issued < started {
        return Err(Refused::new(ProblemCode::AssertionExpired).with("since_start", started - issued));
    }
    Ok((expires, id))
}
