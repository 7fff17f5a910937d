//! The edge: what every request passes first and every answer last.
//!
//! Time and chance enter here, once (INVARIANT time-enters-once). Problems are rendered here, panics and slow work become
//! problems, and the one line of the access log is written: method, route, status, duration, request id - never a query
//! string, never a body.

use crate::{
    HttpState,
    problem::{ApiCode, Language, Problem},
    wire::hex,
};
use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use shuqiao_app::{Chance, Edge};
use shuqiao_vocabulary::Moment;
use std::{
    any::Any,
    sync::Arc,
    time::{Duration, Instant},
};
use tracing::Instrument as _;

/// Header that names the request in answers, logs and records.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How long an answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a file may take to arrive.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(1_800);

/// What entered with a request.
#[derive(Debug)]
pub(crate) struct Entered {
    now: Moment,
    request_id: String,
    seed: [u8; 32],
}

impl Entered {
    /// The operation's edge.
    pub(crate) fn edge(&self) -> Edge {
        Edge { now: self.now, request_id: self.request_id.clone(), chance: Chance::from_seed(self.seed) }
    }
}

/// Lets a request in and its answer out. The request's id is always ours: one sent by the caller could put another's id,
/// or a line break, into the record.
pub(crate) async fn pass(State(state): State<HttpState>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let chance = (state.chances)();
    let request_id = hex(&chance.bytes::<16>());
    let entered = Entered { now: (state.clock)(), request_id: request_id.clone(), seed: chance.bytes() };
    request.extensions_mut().insert(Arc::new(entered));
    let language = language(request.headers());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let span = tracing::info_span!("request", request_id);
    let response = next.run(request).instrument(span).await;
    let response = rendered(response, language, &request_id);
    tracing::info!(
        %method,
        route = route.as_deref().unwrap_or("(console)"),
        status = response.status().as_u16(),
        duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        request_id,
        "answered"
    );
    response
}

/// The answer as it leaves: problems in the reader's language, and the headers that every answer has.
fn rendered(mut response: Response, language: Language, request_id: &str) -> Response {
    let bare = response.status().is_client_error() && !response.headers().contains_key(header::CONTENT_TYPE);
    let problem = response.extensions_mut().remove::<Problem>().or_else(|| {
        // The router's own answers have no body.
        let code = if response.status() == StatusCode::METHOD_NOT_ALLOWED {
            ApiCode::MethodNotAllowed
        } else {
            ApiCode::NotFound
        };
        bare.then(|| Problem::new(code))
    });
    if let Some(problem) = problem {
        let body = problem.render(language, request_id);
        let allow = response.headers_mut().remove(header::ALLOW);
        response = body;
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// The language of titles: the better liked of Chinese and English; Chinese when neither is named.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let liking = |tag: &str| {
        let parts = wanted.split(',').map(str::trim).filter_map(|part| {
            let (name, quality) = part.split_once(";q=").unwrap_or((part, "1"));
            let of_tag = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(tag));
            of_tag.then(|| quality.trim().parse::<f32>().unwrap_or(0.0))
        });
        parts.fold(0.0_f32, f32::max)
    };
    if liking("en") > liking("zh") { Language::English } else { Language::Chinese }
}

/// Ends work that takes too long. Nothing half done stays: a transaction that is dropped is rolled back.
pub(crate) async fn bounded(request: Request, next: Next) -> Response {
    within(ANSWER_TIMEOUT, request, next).await
}

/// The same for a file on its way in.
pub(crate) async fn bounded_upload(request: Request, next: Next) -> Response {
    within(UPLOAD_TIMEOUT, request, next).await
}

async fn within(limit: Duration, request: Request, next: Next) -> Response {
    let answered = tokio::time::timeout(limit, next.run(request)).await;
    answered.unwrap_or_else(|_| Problem::new(ApiCode::TimedOut).into_response())
}

/// What a panic becomes: a mistake of ours, told by the request's id only.
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> axum::http::Response<Body> {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("(no text)"), "a handler panicked");
    Problem::new(ApiCode::Fault).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wanted: &str, expected: Language) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_str(wanted).unwrap());
        assert_eq!(language(&headers), expected, "{wanted}");
    }

    #[test]
    fn titles_are_in_the_language_that_is_asked_for() {
        check("en", Language::English);
        check("en-GB,en;q=0.9,zh;q=0.8", Language::English);
        check("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese);
        check("fr, EN;q=0.5", Language::English);
        check("fr", Language::Chinese);
        check("", Language::Chinese);
        check("en;q=x", Language::Chinese);
    }
}
