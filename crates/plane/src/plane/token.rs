//! The token endpoint: OAuth 2.0 client credentials (RFC 6749 section 4.4), for department systems.

use super::Plane;
use crate::problem::ProblemCode;
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
}

/// Why there is no token, in the words of RFC 6749.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OAuthError {
    pub(crate) status: u16,
    pub(crate) error: &'static str,
    pub(crate) description: &'static str,
}

const INVALID_CLIENT: OAuthError =
    OAuthError { status: 401, error: "invalid_client", description: "unknown client, or wrong secret" };

/// A token and how many seconds it is good.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) expires_in: i64,
}

impl Plane {
    /// Gives a department system a token for its client id and secret.
    pub(crate) fn token(
        &self,
        authorization: Option<&str>,
        request: &TokenRequest,
        now: Moment,
    ) -> Result<Issued, OAuthError> {
        let invalid = |description| OAuthError { status: 400, error: "invalid_request", description };
        match request.grant_type.as_deref() {
            Some("client_credentials") => {}
            None => return Err(invalid("grant_type is missing")),
            Some(_) => {
                let description = "only client_credentials is supported";
                return Err(OAuthError { status: 400, error: "unsupported_grant_type", description });
            }
        }
        let (id, client_secret) = match (authorization, &request.client_secret) {
            (Some(_), Some(_)) => return Err(invalid("more than one way of client authentication")),
            (Some(header), None) => basic(header).ok_or(INVALID_CLIENT)?,
            (None, Some(secret)) => (request.client_id.clone().ok_or(INVALID_CLIENT)?, secret.clone()),
            (None, None) => return Err(INVALID_CLIENT),
        };
        if request.client_id.as_ref().is_some_and(|in_body| *in_body != id) {
            return Err(invalid("two different client ids"));
        }
        if let Err(refused) = self.current(now) {
            let description = match refused.code {
                ProblemCode::ClockOff => "the clock of this gateway differs too much from the node's",
                _ => "the grant book is not fresh",
            };
            return Err(OAuthError { status: 503, error: "temporarily_unavailable", description });
        }
        let book = self.book();
        let system = id.parse::<SystemId>().ok().and_then(|id| book.systems.get(&id));
        // An unknown client costs the same comparison as a known one.
        let no_digests = [[0; 32]];
        let digests = system.map_or(&no_digests[..], |system| &system.secret_digests);
        let matches = digests.iter().fold(false, |found, kept| secret::matches(&client_secret, kept) | found);
        let system = system.filter(|_| matches).ok_or(INVALID_CLIENT)?;
        let claims = Claims {
            caller: Caller::System(system.id),
            organisation: system.organisation,
            grant: None,
            expires: now.plus_seconds(TOKEN_SECONDS),
        };
        Ok(Issued { access_token: self.keys.token.mint(&claims), expires_in: TOKEN_SECONDS })
    }
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
