//! The two addresses of the national platform's existing clients: the secret, and the call.

use super::{accept, identity, outcome, request_id};
use crate::{
    plane::{Call, NationalFields, Plane, Sent},
    problem::ProblemCode,
    query::BODY_BYTES_MAX,
};
use axum::{
    Json, Router,
    body::to_bytes,
    extract::{Request, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Map, Value, json};
use shuqiao_vocabulary::SharingMethod;
use std::sync::Arc;

const SECRET_BODY_BYTES_MAX: usize = 4 * 1024;
/// The longest field.
const FIELD_CHARS_MAX: usize = 256;

pub(super) fn routes() -> Router<Arc<Plane>> {
    Router::new()
        .route("/data/v1/national/secret", post(national_secret))
        .route("/data/v1/national/call", post(national_call))
}

/// Out of the headers, else out of the body, as clients do it.
fn fields(headers: &HeaderMap, body: Option<&Map<String, Value>>) -> NationalFields {
    let field = |name: &str| {
        let sent = headers.get(name).and_then(|value| value.to_str().ok());
        let text = sent.or_else(|| body?.get(name)?.as_str()).unwrap_or_default();
        text.chars().take(FIELD_CHARS_MAX).collect()
    };
    NationalFields {
        requester: field("gjgxjhpt_rid"),
        service: field("gjgxjhpt_sid"),
        time: field("gjgxjhpt_rtime"),
        signature: field("gjgxjhpt_sign"),
    }
}

/// The secret, in the form that clients read: `code`, `message`, `data`.
async fn national_secret(State(plane): State<Arc<Plane>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, SECRET_BODY_BYTES_MAX).await.ok();
    let body: Option<Map<String, Value>> = body.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let (request_id, now) = (request_id(&parts.headers), plane.now());
    let address = identity::came_from(plane.identity_settings(), &parts.headers, &parts.extensions).address;
    let fields = fields(&parts.headers, body.as_ref());
    let answer = match plane.national_secret(&fields, address, now) {
        Ok(wrapped) => json!({
            "code": "0",
            "message": "ok",
            "data": {
                "secret": wrapped.secret,
                "secretEndTime": wrapped.ends.microseconds().div_euclid(1_000).to_string(),
            },
        }),
        Err(refused) => {
            let code = if refused.code == ProblemCode::NationalNotEnabled { "E-106" } else { "-1" };
            let message = format!("{} [{}] {request_id}", refused.code.titles().0, refused.code.as_str());
            plane.national_refused(&fields, &refused, now, &request_id);
            json!({ "code": code, "message": message })
        }
    };
    ([("cache-control", "no-store")], Json(answer)).into_response()
}

/// A call: the service code names the grant; what is in the body is our query, whose purpose may be left out.
async fn national_call(State(plane): State<Arc<Plane>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_BYTES_MAX).await.ok();
    let headers = &parts.headers;
    let (request_id, now) = (request_id(headers), plane.now());
    let from = identity::came_from(plane.identity_settings(), headers, &parts.extensions);
    let mut sent = Sent::new(&parts.method, &parts.uri, headers, from);
    let fields = fields(headers, None);
    let admitted = plane.national_admit(&fields, from.address, now);
    let admitted = match admitted {
        Ok(admission) => {
            sent.national = Some(Ok(()));
            Some(admission)
        }
        Err(refused) => {
            plane.national_refused(&fields, &refused, now, &request_id);
            sent.national = Some(Err(refused));
            None
        }
    };
    let body =
        body.map(|body| admitted.as_ref().map_or_else(|| body.to_vec(), |known| with_purpose(&body, &known.purpose)));
    let grant = admitted.as_ref().map(|known| known.grant.to_string()).unwrap_or_default();
    let call = Call {
        grant: &grant,
        bearer: admitted.as_ref().map(|known| known.bearer.as_str()),
        body: body.as_deref(),
        format: accept(headers),
        request_id: &request_id,
        now,
        method: SharingMethod::ServiceInterface,
        sent,
    };
    outcome(&plane, &call, headers).await
}

/// The query with the grant's purpose, when the client states none.
fn with_purpose(body: &[u8], purpose: &str) -> Vec<u8> {
    let parsed: Option<Map<String, Value>> =
        if body.trim_ascii().is_empty() { Some(Map::new()) } else { serde_json::from_slice(body).ok() };
    match parsed {
        Some(mut query) => {
            query.entry("purpose").or_insert_with(|| json!(purpose));
            Value::Object(query).to_string().into_bytes()
        }
        // Not an object: the query's own reading says so.
        None => body.to_vec(),
    }
}
