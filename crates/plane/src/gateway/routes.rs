//! The node's routes for gateways.

use super::{
    BOOK_PATH, GATEWAY_HEADER, PROOF_HEADER, REPORT_BYTES_MAX, REPORT_PATH,
    upstream::{Asked, Upstream},
};
use crate::problem::{ProblemCode, Refused};
use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::{Query, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use shuqiao_crypto::secret;
use std::sync::Arc;

/// The routes that gateways ask on.
pub fn routes(upstream: Arc<Upstream>) -> Router {
    Router::new().route(BOOK_PATH, get(book)).route(REPORT_PATH, post(report)).with_state(upstream)
}

#[derive(Deserialize)]
struct BookQuery {
    #[serde(default)]
    since: String,
    #[serde(default)]
    nonce: String,
}

async fn book(State(upstream): State<Arc<Upstream>>, Query(query): Query<BookQuery>, headers: HeaderMap) -> Response {
    let (gateway, proof) = (text(&headers, GATEWAY_HEADER), text(&headers, PROOF_HEADER));
    let now = upstream.plane.now();
    let answered = tokio::task::spawn_blocking(move || {
        let asked = Asked { gateway: &gateway, since: &query.since, nonce: &query.nonce, proof: &proof };
        upstream.answer(&asked, now)
    });
    match answered.await {
        Ok(Ok(bytes)) => {
            let kind = (header::CONTENT_TYPE, "application/octet-stream");
            ([kind, (header::CACHE_CONTROL, "no-store")], bytes).into_response()
        }
        Ok(Err(refused)) => told(refused),
        Err(_) => told(Refused::new(ProblemCode::BookStale).again_after(1)),
    }
}

async fn report(State(upstream): State<Arc<Upstream>>, headers: HeaderMap, body: Body) -> Response {
    let gateway = text(&headers, GATEWAY_HEADER);
    // Who is not known is not read from.
    if let Err(refused) = upstream.known(&gateway) {
        return told(refused);
    }
    let Ok(body) = to_bytes(body, REPORT_BYTES_MAX).await else {
        return told(Refused::new(ProblemCode::BodyTooLarge));
    };
    match tokio::task::spawn_blocking(move || upstream.take_report(&gateway, &body)).await {
        Ok(Ok(answer)) => Json(answer).into_response(),
        Ok(Err(refused)) => told(refused),
        Err(_) => told(Refused::new(ProblemCode::RecordUnavailable).again_after(1)),
    }
}

fn told(refused: Refused) -> Response {
    refused.into_response(&secret::random_text(12), true, None)
}

fn text(headers: &HeaderMap, name: &str) -> String {
    let given = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.chars().take(128).collect()
}
