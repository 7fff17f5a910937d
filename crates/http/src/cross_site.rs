//! Writes that a browser sends on behalf of another site are refused.
//!
//! The session's cookie is `SameSite=Strict`; this is the second lock. A program that sends a bearer token is no browser
//! that somebody else steers, so only requests without `Authorization` are looked at; where that header is given, the
//! cookie is never read.

use crate::{
    HttpState,
    problem::{ApiCode, Problem},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The check, before every route of the interface.
pub(crate) async fn refuse(State(state): State<HttpState>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || headers.contains_key(header::AUTHORIZATION) {
        return next.run(request).await;
    }
    let host = text(headers, &header::HOST).or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    if !same_site(headers, host, &state.app.node().base_url) {
        return Problem::new(ApiCode::CrossSiteRefused).into_response();
    }
    // A form of another site can post, but neither JSON nor a file as it is. The other methods no form can send.
    if *request.method() == Method::POST && !is_json(headers) && !is_file(headers) {
        return Problem::new(ApiCode::JsonExpected).into_response();
    }
    next.run(request).await
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether what the browser says of where the request comes from, if it says anything, is this node.
fn same_site(headers: &HeaderMap, host: Option<&str>, base_url: &str) -> bool {
    let fetch_site_fine = match headers.get(SEC_FETCH_SITE) {
        Some(site) => site == "same-origin",
        None => true,
    };
    let origin_fine = match headers.get(header::ORIGIN) {
        Some(origin) => origin.to_str().is_ok_and(|origin| {
            let of_host = origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host);
            of_host || origin == base_url
        }),
        None => true,
    };
    fetch_site_fine && origin_fine
}

/// Whether the body is said to be JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    is_of_kind(headers, "application/json")
}

/// Whether the body is said to be a file as it is; a browser asks before it sends that to another site.
fn is_file(headers: &HeaderMap) -> bool {
    is_of_kind(headers, "application/octet-stream")
}

fn is_of_kind(headers: &HeaderMap, kind: &str) -> bool {
    let found = text(headers, &header::CONTENT_TYPE).unwrap_or_default();
    found.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn check(pairs: &[(&'static str, &'static str)], expected: bool) {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        assert_eq!(same_site(&headers, Some("node.example:8080"), "https://data.example"), expected, "{pairs:?}");
    }

    #[test]
    fn only_this_site_may_write_with_a_cookie() {
        check(&[], true);
        check(&[("origin", "http://node.example:8080"), ("sec-fetch-site", "same-origin")], true);
        check(&[("origin", "https://data.example")], true);
        check(&[("origin", "https://data.example.evil.example")], false);
        check(&[("origin", "http://evil.example")], false);
        check(&[("origin", "null")], false);
        check(&[("sec-fetch-site", "cross-site")], false);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("sec-fetch-site", "none")], false);
    }
}
