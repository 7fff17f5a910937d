//! What handlers take: each extractor answers with a problem when the request is not of its form.

use crate::{
    HttpState,
    cross_site::is_json,
    edge::Entered,
    problem::{ApiCode, Problem},
};
use axum::{
    body::{Body, Bytes},
    extract::{
        FromRequest, FromRequestParts, OriginalUri, Query, RawPathParams, Request, State,
        rejection::{BytesRejection, FailedToBufferBody},
    },
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use shuqiao_app::{Ctx, Edge, Idempotency};
use std::{str::FromStr, sync::Arc};

/// The cookie that holds the session's token.
pub(crate) const SESSION_COOKIE: &str = "shuqiao_session";

/// The largest body that is not a file, in bytes.
pub(crate) const BODY_BYTES_MAX: usize = 1_048_576;

/// Characters of a path that a contractor's record keeps.
const PATH_MAX: usize = 200;

/// Characters of an idempotency key.
const KEY_MAX: usize = 120;

/// A body that is a file, all of it, up to so many bytes.
pub(crate) async fn whole_file(body: Body, max: u64) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::new(ApiCode::BodyBroken))?;
        if (bytes.len() as u64).saturating_add(chunk.len() as u64) > max {
            return Err(Problem::new(ApiCode::FileTooLarge).with("max", max));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Time, chance and id of the request, when nobody need be logged in.
pub(crate) struct AtEdge(pub(crate) Edge);

impl FromRequestParts<HttpState> for AtEdge {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &HttpState) -> Result<Self, Problem> {
        let entered = parts.extensions.get::<Arc<Entered>>();
        entered.map(|entered| Self(entered.edge())).ok_or_else(|| Problem::new(ApiCode::Fault))
    }
}

/// The session's token as the request carries it, if it carries one.
pub(crate) struct SessionToken(pub(crate) Option<String>);

impl FromRequestParts<HttpState> for SessionToken {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &HttpState) -> Result<Self, Self::Rejection> {
        Ok(Self(session_token(&parts.headers)))
    }
}

/// From `Authorization: Bearer`, else from the cookie. Where `Authorization` is given, the cookie is not looked at:
/// `cross_site.rs` relies on it.
fn session_token(headers: &HeaderMap) -> Option<String> {
    if let Some(authorization) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = authorization.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned());
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == SESSION_COOKIE).map(|(_, token)| token.to_owned())
}

/// Who asks, when, with what chance: the context of an operation by a logged-in person.
pub(crate) struct LoggedIn(pub(crate) Ctx);

impl FromRequestParts<HttpState> for LoggedIn {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        let AtEdge(edge) = AtEdge::from_request_parts(parts, state).await?;
        let token = session_token(&parts.headers).ok_or_else(|| Problem::new(ApiCode::SessionMissing))?;
        let who = state.app.session(&edge, &token).await?;
        let idempotency = parts.extensions.get::<Idempotency>().cloned();
        let ctx = Ctx { edge, principal: who.principal, person_name: who.person_name, idempotency };
        // The path as it was sent: inside a nest of routes, the request's own has lost its beginning.
        let sent = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let path: String = sent.path().chars().take(PATH_MAX).collect();
        state.app.contractor_called(&ctx, parts.method.as_str(), &path).await?;
        Ok(Self(ctx))
    }
}

/// Computes the fingerprint of a write that carries an `Idempotency-Key`, over method, path, query and body.
pub(crate) async fn fingerprinted(State(state): State<HttpState>, request: Request, next: Next) -> Response {
    match with_fingerprint(request, &state).await {
        Ok(request) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

async fn with_fingerprint(request: Request, state: &HttpState) -> Result<Request, Problem> {
    let Some(key) = request.headers().get("idempotency-key") else { return Ok(request) };
    let malformed = || Problem::new(ApiCode::IdempotencyKeyMalformed).with("max", KEY_MAX);
    let key = key.to_str().map_err(|_| malformed())?.to_owned();
    if key.is_empty() || key.len() > KEY_MAX || key.contains(' ') {
        return Err(malformed());
    }
    let (parts, body) = request.into_parts();
    let bytes = buffered(Request::from_parts(parts.clone(), body), state).await?;
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let mut digest = Sha256::new();
    for part in [parts.method.as_str().as_bytes(), path.as_bytes(), &bytes] {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    let mut request = Request::from_parts(parts, bytes.into());
    request.extensions_mut().insert(Idempotency { key, fingerprint: digest.finalize().into() });
    Ok(request)
}

/// The whole body, at most [`BODY_BYTES_MAX`]; the limit itself is set where the routes are put together.
async fn buffered(request: Request, state: &HttpState) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            Problem::new(ApiCode::BodyTooLarge).with("max", BODY_BYTES_MAX)
        }
        _ => Problem::new(ApiCode::BodyBroken),
    })
}

/// The revision that the caller saw.
pub(crate) struct IfMatch(pub(crate) u64);

impl FromRequestParts<HttpState> for IfMatch {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &HttpState) -> Result<Self, Problem> {
        let header = parts.headers.get(header::IF_MATCH).ok_or_else(|| Problem::new(ApiCode::IfMatchMissing))?;
        let quoted = header.to_str().ok().and_then(|text| text.strip_prefix('"')?.strip_suffix('"'));
        let digits = quoted.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let revision = digits.and_then(|text| text.parse().ok());
        revision.map(Self).ok_or_else(|| Problem::new(ApiCode::IfMatchMalformed))
    }
}

/// A value in the path. What is not of its form names nothing: 404.
pub(crate) struct PathId<T>(pub(crate) T);

impl<T: FromStr> FromRequestParts<HttpState> for PathId<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        let not_found = || Problem::new(ApiCode::NotFound);
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        let (_, text) = params.iter().next().ok_or_else(not_found)?;
        text.parse().map(Self).map_err(|_| not_found())
    }
}

/// Two values in the path, in its order.
pub(crate) struct PathIds<A, B>(pub(crate) A, pub(crate) B);

impl<A: FromStr, B: FromStr> FromRequestParts<HttpState> for PathIds<A, B> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        let not_found = || Problem::new(ApiCode::NotFound);
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        let mut texts = params.iter().map(|(_, text)| text);
        let (Some(one), Some(other)) = (texts.next(), texts.next()) else { return Err(not_found()) };
        let (Ok(one), Ok(other)) = (one.parse(), other.parse()) else { return Err(not_found()) };
        Ok(Self(one, other))
    }
}

/// The parameters of the query.
pub(crate) struct QueryOf<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<HttpState> for QueryOf<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &HttpState) -> Result<Self, Problem> {
        let parsed = Query::try_from_uri(&parts.uri);
        parsed.map(|Query(query)| Self(query)).map_err(|rejection| {
            let detail = rejection.body_text();
            let detail = detail.split_once(": ").map_or(detail.as_str(), |(_, cause)| cause);
            Problem::new(ApiCode::QueryMalformed).with("detail", shortened(detail))
        })
    }
}

/// A JSON body.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<HttpState> for JsonBody<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &HttpState) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(ApiCode::JsonExpected));
        }
        parsed(&buffered(request, state).await?).map(Self)
    }
}

/// No body, or an empty object.
pub(crate) struct NoBody;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl FromRequest<HttpState> for NoBody {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &HttpState) -> Result<Self, Problem> {
        let bytes = buffered(request, state).await?;
        if bytes.is_empty() {
            return Ok(Self);
        }
        parsed::<Nothing>(&bytes).map(|Nothing {}| Self)
    }
}

/// The value in a JSON text, or a problem that names the field, the line and the column.
fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (problem, field) = (located(error.inner()), error.path().to_string());
        // Where the text is no JSON, or the whole of it is of another form, there is no field to name.
        if matches!(field.as_str(), "." | "?") { problem } else { problem.with("field", field) }
    })?;
    reader.end().map_err(|error| located(&error))?;
    Ok(value)
}

fn located(error: &serde_json::Error) -> Problem {
    let code = if error.is_data() { ApiCode::JsonMismatch } else { ApiCode::JsonMalformed };
    let text = error.to_string();
    let detail = text.rsplit_once(" at line ").map_or(text.as_str(), |(cause, _)| cause);
    Problem::new(code).with("line", error.line()).with("column", error.column()).with("detail", shortened(detail))
}

/// The beginning of a text that repeats what the caller sent.
fn shortened(text: &str) -> String {
    const CHARACTERS_MAX: usize = 200;
    text.chars().take(CHARACTERS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{problem::Language, wire::entry::EntryContent};
    use axum::http::HeaderValue;

    fn check(text: &str, code: &str, field: &str, line: &str) {
        let problem = parsed::<EntryContent>(text.as_bytes()).map(|_| ()).unwrap_err();
        let body = problem.body(Language::English, "");
        let found = (problem.code(), body.params.get("field").map_or("", String::as_str), body.params["line"].as_str());
        assert_eq!(found, (code, field, line), "{text} {:?}", body.params);
    }

    #[test]
    fn what_is_wrong_with_a_body_is_told_with_its_place() {
        check("{", "json_malformed", "", "1");
        check("{\"name\":\"a\"}x", "json_malformed", "", "1");
        check("3", "json_mismatch", "", "1");
        check("{\n\"nmae\":\"a\"}", "json_mismatch", "nmae", "2");
        check("{\"items\":[{\"name\":\"a b\"}]}", "json_mismatch", "items[0].name", "1");
        check("{\"classification\":{\"grade\":\"l9\"}}", "json_mismatch", "classification.grade", "1");
    }

    #[test]
    fn where_authorization_is_given_the_cookie_is_not_read() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; shuqiao_session=one"));
        assert_eq!(session_token(&headers).as_deref(), Some("one"));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Basic eDp5"));
        assert_eq!(session_token(&headers), None);
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("bearer two"));
        assert_eq!(session_token(&headers).as_deref(), Some("two"));
    }
}
