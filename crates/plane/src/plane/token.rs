//! The token endpoint, for department systems: OAuth 2.0 client credentials (RFC 6749 section 4.4) with a secret or a
//! signed assertion, and the jwt-bearer grant (RFC 7523).

use super::{
    Plane,
    assertion::{ASSERTION_TYPE, JWT_BEARER},
    identity::{CameFrom, check_address},
};
use crate::{
    book::SystemCredential,
    compiled::CompiledBook,
    problem::{ProblemCode, Refused},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use shuqiao_crypto::{
    secret,
    token::{Caller, Claims},
};
use shuqiao_vocabulary::{Moment, id::SystemId};

/// How long a token is good. Short, because it is not looked up: what it may do is decided at each call.
const TOKEN_SECONDS: i64 = 600;

/// The form sent to the endpoint; other fields are passed over, as RFC 6749 demands.
#[derive(Default, Deserialize)]
pub(crate) struct TokenRequest {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_assertion_type: Option<String>,
    client_assertion: Option<String>,
    assertion: Option<String>,
}

/// How a token request came in.
pub(crate) struct TokenCall<'a> {
    /// The `Authorization` header.
    pub(crate) authorization: Option<&'a str>,
    /// The form; `None` when the body is none.
    pub(crate) form: Option<&'a TokenRequest>,
    /// From where.
    pub(crate) from: CameFrom,
    /// The id for questions.
    pub(crate) request_id: &'a str,
    /// The moment of the call.
    pub(crate) now: Moment,
}

/// Why there is no token: a word of RFC 6749 for programs, and the reason for people.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OAuthError {
    pub(crate) error: &'static str,
    /// Boxed: it is large, and rare.
    pub(crate) refused: Box<Refused>,
}

impl OAuthError {
    pub(crate) fn status(&self) -> u16 {
        match self.error {
            "invalid_client" => 401,
            "temporarily_unavailable" => 503,
            _ => 400,
        }
    }
}

/// A token and how many seconds it is good.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) expires_in: i64,
}

/// An error and the system that it is about, when there is such a one.
type Failure<'a> = (OAuthError, Option<&'a SystemCredential>);

impl Plane {
    /// Gives a department system a token for its secret or its signed assertion. A refusal is kept for questions.
    pub(crate) fn token(&self, call: &TokenCall<'_>) -> Result<Issued, OAuthError> {
        let book = self.book();
        let system = self.client(call, &book).map_err(|(error, about)| {
            // Whoever failed here has proven nothing, but the department that was named may read why.
            let whose = about.map(|system| system.organisation);
            self.keep_refusal(&error.refused, call.now, call.request_id, (whose, false), None);
            error
        })?;
        let claims = Claims {
            caller: Caller::System(system.id),
            organisation: system.organisation,
            grant: None,
            expires: call.now.plus_seconds(TOKEN_SECONDS),
        };
        let access_token = match &call.from.certificate {
            Some(certificate) => self.keys.token.mint_bound(&claims, certificate),
            None => self.keys.token.mint(&claims),
        };
        Ok(Issued { access_token, expires_in: TOKEN_SECONDS })
    }

    /// Who asks.
    fn client<'a>(&self, call: &TokenCall<'_>, book: &'a CompiledBook) -> Result<&'a SystemCredential, Failure<'a>> {
        let form = call.form.ok_or_else(|| malformed("form"))?;
        // Who comes with a certificate expects a token that nobody else can use; one that anybody can would be a surprise.
        if call.from.unreadable {
            let refused = Box::new(Refused::new(ProblemCode::CertificateUnreadable));
            return Err((OAuthError { error: "invalid_request", refused }, None));
        }
        let bearer_grant = match form.grant_type.as_deref() {
            Some("client_credentials") => false,
            Some(JWT_BEARER) => true,
            None => return Err(malformed("grant_type")),
            Some(_) => {
                let refused = Box::new(Refused::new(ProblemCode::GrantTypeUnsupported));
                return Err((OAuthError { error: "unsupported_grant_type", refused }, None));
            }
        };
        self.current(call.now).map_err(|refused| (unavailable(Box::new(refused)), None))?;
        let system = if bearer_grant {
            let assertion = form.assertion.as_deref().ok_or_else(|| malformed("assertion"))?;
            let found = self.assertion(book, assertion, form.client_id.as_deref(), call.now);
            found.map_err(|(refused, about)| (named("invalid_grant", refused), about))?
        } else if form.client_assertion.is_some() || form.client_assertion_type.is_some() {
            if call.authorization.is_some() || form.client_secret.is_some() {
                return Err(malformed("more than one way of client authentication"));
            }
            if form.client_assertion_type.as_deref() != Some(ASSERTION_TYPE) {
                return Err(malformed("client_assertion_type"));
            }
            let assertion = form.client_assertion.as_deref().ok_or_else(|| malformed("client_assertion"))?;
            let found = self.assertion(book, assertion, form.client_id.as_deref(), call.now);
            found.map_err(|(refused, about)| (named("invalid_client", refused), about))?
        } else {
            secret_holder(call.authorization, form, book)?
        };
        check_address(&system.identity.addresses, call.from.address)
            .map_err(|refused| (named("invalid_client", Box::new(refused)), Some(system)))?;
        Ok(system)
    }
}

/// `client_secret_basic` and `client_secret_post`.
fn secret_holder<'a>(
    authorization: Option<&str>,
    form: &TokenRequest,
    book: &'a CompiledBook,
) -> Result<&'a SystemCredential, Failure<'a>> {
    let refused = |check: &str| {
        named("invalid_client", Box::new(Refused::new(ProblemCode::ClientNotAuthenticated).with("check", check)))
    };
    let none = || (refused("credentials"), None);
    let (id, client_secret) = match (authorization, &form.client_secret) {
        (Some(_), Some(_)) => return Err(malformed("more than one way of client authentication")),
        (Some(header), None) => basic(header).ok_or_else(none)?,
        (None, Some(secret)) => (form.client_id.clone().ok_or_else(none)?, secret.clone()),
        (None, None) => return Err(none()),
    };
    if form.client_id.as_ref().is_some_and(|in_body| *in_body != id) {
        return Err(malformed("two different client ids"));
    }
    let system = id.parse::<SystemId>().ok().and_then(|id| book.systems.get(&id));
    // An unknown client costs the same comparison as a known one, and is answered alike.
    let no_digests = [[0; 32]];
    let digests = system.map_or(&no_digests[..], |system| &system.secret_digests);
    let matches = digests.iter().fold(false, |found, kept| secret::matches(&client_secret, kept) | found);
    match system {
        Some(system) if matches => Ok(system),
        Some(system) => Err((refused("secret"), Some(system))),
        None => Err((refused("client"), None)),
    }
}

fn named(error: &'static str, refused: Box<Refused>) -> OAuthError {
    if refused.code == ProblemCode::ReplayMemoryFull { unavailable(refused) } else { OAuthError { error, refused } }
}

fn unavailable(refused: Box<Refused>) -> OAuthError {
    OAuthError { error: "temporarily_unavailable", refused }
}

fn malformed<'a>(what: &str) -> Failure<'a> {
    let refused = Box::new(Refused::new(ProblemCode::TokenRequestMalformed).with("what", what));
    (OAuthError { error: "invalid_request", refused }, None)
}

/// Client id and secret of an `Authorization: Basic` header; both are form-encoded within (RFC 6749 section 2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id)?, form_decoded(secret)?))
}

fn form_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => {
                let (digits, after) = after.split_at_checked(2)?;
                rest = after;
                u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?
            }
            other => *other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_headers_read() {
        let header = |text: &str| format!("Basic {}", STANDARD.encode(text));
        assert_eq!(basic(&header("sys_1:a%3Ab+c")), Some(("sys_1".to_owned(), "a:b c".to_owned())));
        for bad in ["", "Basic", "Basic !!", "Bearer abc", &header("no colon"), &header("a:%zz"), &header("a:%4")] {
            assert_eq!(basic(bad), None, "{bad}");
        }
    }
}
