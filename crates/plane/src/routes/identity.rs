//! The routes by which callers are known: tokens, the node's keys, why something was refused. And what is done to an
//! answer when the call was signed.

use super::{bearer, certificate, request_id, text_header, wants_chinese};
use crate::{
    plane::{Call, CameFrom, IdentitySettings, OAuthError, Plane, TokenCall, TokenRequest},
    problem::{ProblemCode, Refused},
};
use axum::{
    Form, Json, Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Path, Request, State, rejection::FormRejection},
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// A form with an assertion in it.
const TOKEN_BODY_BYTES_MAX: usize = 8 * 1024;

pub(super) fn routes() -> Router<Arc<Plane>> {
    Router::new()
        .route("/oauth2/token", post(token_issue).layer(DefaultBodyLimit::max(TOKEN_BODY_BYTES_MAX)))
        .route("/oauth2/jwks", get(node_keys))
        .route("/.well-known/oauth-authorization-server", get(token_metadata))
        .route("/data/v1/refusals/{request_id}", get(refusal_read))
        .route("/data/v1/problems/{code}", get(problem_read))
}

/// From where a call comes, and with which certificate.
pub(super) fn came_from(settings: &IdentitySettings, headers: &HeaderMap, extensions: &Extensions) -> CameFrom {
    let certificate =
        settings.certificate_header.as_ref().map_or(Ok(None), |name| certificate::thumbprint(headers, name));
    CameFrom {
        address: address(settings, headers, extensions),
        certificate: certificate.ok().flatten(),
        unreadable: certificate.is_err(),
    }
}

/// As the one trusted header says, else the connection.
fn address(settings: &IdentitySettings, headers: &HeaderMap, extensions: &Extensions) -> Option<IpAddr> {
    match &settings.address_header {
        // The last one: what stands before it, a caller may have sent.
        Some(name) => headers.get_all(name).iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok(),
        None => extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip()),
    }
}

/// Signs the answer to a call whose signature held: what it says and which request it answers.
pub(super) async fn signed(plane: &Plane, response: Response, call: &Call<'_>) -> Response {
    let Some(signed) = call.sent.signed.get() else {
        return response;
    };
    let (mut parts, body) = response.into_parts();
    // An answer of ours lies in memory; it is as long as it is.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Refused::new(ProblemCode::AnswerCheckFailed).into_response(call.request_id, true, None);
    };
    let fields = plane.sign_answer(signed, call.now, parts.status.as_u16(), &parts.headers, &bytes);
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::from_str(&value) {
            parts.headers.insert(name, value);
        }
    }
    Response::from_parts(parts, Body::from(bytes))
}

async fn token_issue(State(plane): State<Arc<Plane>>, request: Request) -> Response {
    let headers = request.headers().clone();
    let from = came_from(plane.identity_settings(), &headers, request.extensions());
    let form: Result<Form<TokenRequest>, FormRejection> = Form::from_request(request, &()).await;
    let request_id = request_id(&headers);
    let issued = plane.token(&TokenCall {
        authorization: text_header(&headers, header::AUTHORIZATION),
        form: form.as_ref().ok().map(|Form(form)| form),
        from,
        request_id: &request_id,
        now: plane.now(),
    });
    let mut response = match issued {
        Ok(issued) => Json(json!({
            "access_token": issued.access_token, "token_type": "Bearer", "expires_in": issued.expires_in,
        }))
        .into_response(),
        Err(error) => token_refused(&plane, &error, &request_id),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        headers.insert("x-request-id", value);
    }
    response
}

/// An error of RFC 6749 with what to do, and the reference to ask by.
fn token_refused(plane: &Plane, error: &OAuthError, request_id: &str) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let ((_, title), (_, advice)) = (error.refused.code.titles(), error.refused.code.advice());
    let body = json!({
        "error": error.error,
        "error_description": format!("{title}. {advice} Reference: {request_id}"),
        "error_uri": format!("{}/problems/{}", plane.public_origin(), error.refused.code.as_str()),
        "code": error.refused.code.as_str(),
        "request_id": request_id,
    });
    let mut response = (status, Json(body)).into_response();
    if status == StatusCode::UNAUTHORIZED {
        let basic = HeaderValue::from_static("Basic realm=\"shuqiao\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
    }
    response
}

/// RFC 8414.
async fn token_metadata(State(plane): State<Arc<Plane>>) -> Response {
    let origin = plane.public_origin();
    Json(json!({
        "issuer": origin,
        "token_endpoint": format!("{origin}/oauth2/token"),
        "jwks_uri": format!("{origin}/oauth2/jwks"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["EdDSA", "ES256"],
        "grant_types_supported": ["client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
        "response_types_supported": [],
        "tls_client_certificate_bound_access_tokens": plane.identity_settings().certificate_header.is_some(),
    }))
    .into_response()
}

/// The node's own public keys (RFC 7517): by these its answers are verified.
async fn node_keys(State(plane): State<Arc<Plane>>) -> Response {
    let keys: Vec<_> = plane
        .answer_key()
        .into_iter()
        .map(|key| {
            json!({ "kty": key.key_type(), "crv": key.kind().curve(), "x": key.x(), "kid": key.thumbprint(), "use": "sig" })
        })
        .collect();
    let kind = [(header::CONTENT_TYPE, "application/jwk-set+json"), (header::CACHE_CONTROL, "max-age=300")];
    (kind, json!({ "keys": keys }).to_string()).into_response()
}

/// Why something was refused, for the department that was refused.
async fn refusal_read(
    State(plane): State<Arc<Plane>>,
    Path(reference): Path<String>,
    extensions: Extensions,
    headers: HeaderMap,
) -> Response {
    let from = came_from(plane.identity_settings(), &headers, &extensions);
    let (own_id, chinese) = (request_id(&headers), wants_chinese(&headers));
    let claims = match plane.caller((bearer(&headers), &from), plane.now()) {
        Ok(claims) => claims,
        Err(refused) => return refused.into_response(&own_id, chinese, None),
    };
    match plane.refusal(claims.organisation, &reference) {
        Some(refusal) => ([(header::CACHE_CONTROL, "no-store")], Json(refusal.to_json())).into_response(),
        None => Refused::new(ProblemCode::RefusalMissing).into_response(&own_id, chinese, None),
    }
}

/// What a code means and what to do about it: the same for everybody, so it needs no token.
async fn problem_read(Path(code): Path<String>, headers: HeaderMap) -> Response {
    match ProblemCode::ALL.iter().find(|known| known.as_str() == code) {
        Some(known) => {
            let ((title_zh, title_en), (next_zh, next_en)) = (known.titles(), known.advice());
            Json(json!({
                "code": known.as_str(), "status": known.status(), "title_zh": title_zh, "title_en": title_en,
                "next_zh": next_zh, "next_en": next_en,
            }))
            .into_response()
        }
        None => {
            let missing = Refused::new(ProblemCode::RefusalMissing);
            missing.into_response(&request_id(&headers), wants_chinese(&headers), None)
        }
    }
}
