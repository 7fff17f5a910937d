//! The plane's routes: parse, call, render. Mounted at the root by the program.

use crate::{
    delivery,
    encode::Format,
    meter::RateState,
    plane::{Answer, Call, Delivery, Facts, Plane, Sent, Verified},
    problem::{ProblemCode, Refused},
    query::BODY_BYTES_MAX,
    usage::UsageError,
};
use axum::{
    Json, Router,
    body::{Body, Bytes, to_bytes},
    extract::{Path, Request, State},
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;
use shuqiao_crypto::secret;
use shuqiao_vocabulary::SharingMethod;
use std::sync::Arc;

mod certificate;
mod identity;
mod national;

/// Longer tokens are not looked at.
const HEADER_CHARS_MAX: usize = 1_024;

/// The routes of a plane.
pub fn routes(plane: Arc<Plane>) -> Router {
    let router = Router::new()
        .merge(identity::routes())
        .merge(national::routes())
        .route("/data/v1/grants/{grant_id}/query", post(grant_query))
        .route("/data/v1/grants/{grant_id}/verify", post(grant_verify))
        .route("/data/v1/usage/checkpoint", get(usage_checkpoint))
        .route("/data/v1/usage/tile/{*path}", get(usage_tile))
        .route("/data/v1/usage/{index}/proof", get(usage_proof));
    #[cfg(feature = "bench-floor")]
    let router = router.route("/bench/floor/{grant_id}/query", post(grant_query_floor));
    router.with_state(plane.clone()).merge(delivery::file::routes(plane.clone())).merge(delivery::share::routes(plane))
}

async fn grant_query(State(plane): State<Arc<Plane>>, Path(grant): Path<String>, request: Request) -> Response {
    let came = Came::of(request).await;
    let call = Call { format: accept(came.headers()), ..came.call(&plane, &grant, SharingMethod::ServiceInterface) };
    outcome(&plane, &call, came.headers()).await
}

/// A request taken apart, to make a call of.
pub(crate) struct Came {
    parts: Parts,
    body: Option<Bytes>,
    /// The id for questions.
    pub(crate) request_id: String,
}

impl Came {
    /// Reads the request to its end, if it is not longer than a query may be.
    pub(crate) async fn of(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        let request_id = request_id(&parts.headers);
        Self { body: to_bytes(body, BODY_BYTES_MAX).await.ok(), parts, request_id }
    }

    /// The header fields.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The call that it is, of this grant.
    pub(crate) fn call<'a>(&'a self, plane: &Plane, grant: &'a str, method: SharingMethod) -> Call<'a> {
        let headers = &self.parts.headers;
        let from = identity::came_from(plane.identity_settings(), headers, &self.parts.extensions);
        Call {
            grant,
            bearer: bearer(headers),
            body: self.body.as_deref(),
            format: None,
            request_id: &self.request_id,
            now: plane.now(),
            method,
            sent: Sent::new(&self.parts.method, &self.parts.uri, headers, from),
        }
    }
}

/// The form that is accepted.
fn accept(headers: &HeaderMap) -> Option<Format> {
    Format::accepted(text_header(headers, header::ACCEPT))
}

/// Makes the call and renders what it comes to.
async fn outcome(plane: &Plane, call: &Call<'_>, headers: &HeaderMap) -> Response {
    let mut response = match plane.call(call).await {
        Answer::Delivered(delivery) => delivered(delivery),
        Answer::Refused { refused, record, rate } => {
            let mut response = refused.into_response(call.request_id, wants_chinese(headers), record);
            rate_headers(response.headers_mut(), rate);
            response
        }
    };
    if let Ok(value) = HeaderValue::from_str(call.request_id) {
        response.headers_mut().insert("x-request-id", value);
    }
    identity::signed(plane, response, call).await
}

async fn grant_verify(State(plane): State<Arc<Plane>>, Path(grant): Path<String>, request: Request) -> Response {
    let came = Came::of(request).await;
    let call = came.call(&plane, &grant, SharingMethod::ServiceInterface);
    let mut facts = Facts::default();
    let response = match plane.verify(&call, &mut facts).await {
        Ok(Verified { answers, record, rate }) => {
            let body = json!({ "answers": answers, "record": { "index": record, "log": plane.usage_origin() } });
            let mut response = Json(body).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            headers.insert("shuqiao-record", HeaderValue::from(record));
            rate_headers(headers, rate);
            response
        }
        Err(refused) => refusal(&plane, &call, facts, refused, came.headers()).await,
    };
    identity::signed(&plane, response, &call).await
}

/// Signs an answer to a signed call.
pub(crate) async fn signed(plane: &Plane, response: Response, call: &Call<'_>) -> Response {
    identity::signed(plane, response, call).await
}

/// A refusal, recorded.
pub(crate) async fn refusal(
    plane: &Plane,
    call: &Call<'_>,
    facts: Facts,
    refused: Refused,
    headers: &HeaderMap,
) -> Response {
    match plane.record_refusal(call, facts, refused).await {
        Answer::Refused { refused, record, rate } => {
            let mut response = refused.into_response(call.request_id, wants_chinese(headers), record);
            rate_headers(response.headers_mut(), rate);
            response
        }
        Answer::Delivered(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(feature = "bench-floor")]
async fn grant_query_floor(
    State(plane): State<Arc<Plane>>,
    Path(grant): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    use crate::plane::CameFrom;
    use axum::http::{Method, Uri};
    let body = to_bytes(body, BODY_BYTES_MAX).await.ok();
    let address = Uri::default();
    let call = Call {
        grant: &grant,
        bearer: None,
        body: body.as_deref(),
        format: Format::accepted(text_header(&headers, header::ACCEPT)),
        request_id: "",
        now: plane.now(),
        method: SharingMethod::ServiceInterface,
        sent: Sent::new(&Method::POST, &address, &headers, CameFrom::default()),
    };
    match plane.call_floor(&call).await {
        Ok(delivery) => delivered(delivery),
        Err(refused) => refused.into_response("", false, None),
    }
}

fn delivered(delivery: Delivery) -> Response {
    let mut response = Response::new(Body::from(delivery.bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(delivery.format.media_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(index) = delivery.record {
        headers.insert("shuqiao-record", HeaderValue::from(index));
    }
    if let Some(Ok(next)) = delivery.next.as_deref().map(HeaderValue::from_str) {
        // A cursor longer than any server takes as a header is in the JSON form only.
        headers.insert("shuqiao-next", next);
    }
    rate_headers(headers, delivery.rate);
    response
}

pub(crate) fn rate_headers(headers: &mut HeaderMap, rate: Option<RateState>) {
    if let Some(rate) = rate {
        headers.insert("ratelimit-limit", HeaderValue::from(rate.limit));
        headers.insert("ratelimit-remaining", HeaderValue::from(rate.remaining));
        headers.insert("ratelimit-reset", HeaderValue::from(rate.reset_seconds));
    }
}

async fn usage_checkpoint(State(plane): State<Arc<Plane>>) -> Response {
    (
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")],
        plane.usage_checkpoint(),
    )
        .into_response()
}

async fn usage_tile(State(plane): State<Arc<Plane>>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    let found = tokio::task::spawn_blocking(move || plane.usage_tile(&format!("tile/{path}"))).await;
    match found {
        Ok(Ok(bytes)) => ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        Ok(Err(error)) => usage_failed(&error, &headers),
        Err(_) => usage_failed(&UsageError::Busy, &headers),
    }
}

/// The proof is for the two departments of the record: the one that called and the one whose data it was.
async fn usage_proof(
    State(plane): State<Arc<Plane>>,
    Path(index): Path<String>,
    extensions: Extensions,
    headers: HeaderMap,
) -> Response {
    let from = identity::came_from(plane.identity_settings(), &headers, &extensions);
    let request_id = request_id(&headers);
    let claims = match plane.caller((bearer(&headers), &from), plane.now()) {
        Ok(claims) => claims,
        Err(refused) => return refused.into_response(&request_id, wants_chinese(&headers), None),
    };
    let found = tokio::task::spawn_blocking(move || {
        let index = index.parse::<u64>().map_err(|_| UsageError::Missing)?;
        let record = plane.usage_record(index)?;
        let is_party = [record.organisation, record.provider].contains(&Some(claims.organisation));
        let of_grant = claims.grant.is_none_or(|only| record.grant == Some(only));
        if is_party && of_grant { plane.usage_proof(index) } else { Err(UsageError::Missing) }
    });
    match found.await {
        Ok(Ok(proof)) => {
            let kind = (header::CONTENT_TYPE, "text/plain; charset=utf-8");
            let file = (header::CONTENT_DISPOSITION, "attachment; filename=\"usage.tlog-proof\"");
            ([kind, file], proof).into_response()
        }
        Ok(Err(error)) => usage_failed(&error, &headers),
        Err(_) => usage_failed(&UsageError::Busy, &headers),
    }
}

fn usage_failed(error: &UsageError, headers: &HeaderMap) -> Response {
    let code = match error {
        UsageError::Missing => ProblemCode::RecordMissing,
        _ => ProblemCode::RecordUnavailable,
    };
    Refused::new(code).into_response(&request_id(headers), wants_chinese(headers), None)
}

pub(crate) fn text_header(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok()).filter(|text| text.len() <= HEADER_CHARS_MAX)
}

pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text_header(headers, header::AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The id that the layer in front has given the request, or one of our own.
pub(crate) fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    let sound =
        |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    given.filter(sound).map_or_else(|| secret::random_text(12), str::to_owned)
}

/// Chinese unless another language is wanted first.
pub(crate) fn wants_chinese(headers: &HeaderMap) -> bool {
    let first = text_header(headers, header::ACCEPT_LANGUAGE).and_then(|text| text.split(',').next());
    first.is_none_or(|tag| tag.trim().to_ascii_lowercase().starts_with("zh") || tag.trim().starts_with('*'))
}
