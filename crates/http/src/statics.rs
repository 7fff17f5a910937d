//! The console's files, embedded in the program.
//!
//! The policy sent with them admits no script, connection or frame from elsewhere, and no inline script.

use crate::problem::{ApiCode, Problem};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

/// What `npm run build` made in the console's folder.
#[derive(RustEmbed)]
#[folder = "../../console/dist"]
struct Console;

/// The page of the console; every path of its own is one of its views.
const INDEX: &str = "index.html";

/// Files under this have their digest in their name: they never change.
const HASHED: &str = "assets/";

/// First segments that belong to programs. Nothing under them is a page, in whatever case they are written.
const NOT_PAGES: &[&str] = &["api", "data", "tile", "oauth2", "checkpoint", "healthz", "openapi.json", ".well-known"];

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// Answers every path that no route has.
pub(crate) async fn console_file(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default().to_ascii_lowercase();
    if NOT_PAGES.contains(&first.as_str()) {
        return Problem::new(ApiCode::NotFound).into_response();
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        return Problem::new(ApiCode::MethodNotAllowed).into_response();
    }
    let name = if Console::get(path).is_some() || path.starts_with(HASHED) { path } else { INDEX };
    match Console::get(name) {
        Some(file) => answered(name, file, &headers),
        None => Problem::new(ApiCode::NotFound).into_response(),
    }
}

fn answered(name: &str, file: EmbeddedFile, asked: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", crate::wire::hex(&file.metadata.sha256_hash()));
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let unchanged = known.flat_map(|text| text.split(',')).any(|text| text.trim() == tag);
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = file.metadata.mimetype().to_owned();
        let mut response = Body::from(file.data).into_response();
        insert(&mut response, header::CONTENT_TYPE, &with_charset(&kind));
        response
    };
    let caching = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    insert(&mut response, header::CACHE_CONTROL, caching);
    insert(&mut response, header::ETAG, &tag);
    insert(&mut response, header::CONTENT_SECURITY_POLICY, POLICY);
    response
}

/// Our texts are UTF-8; browsers guess otherwise.
fn with_charset(kind: &str) -> String {
    if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.to_owned() }
}

fn insert(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn status(method: Method, path: &'static str) -> StatusCode {
        console_file(method, Uri::from_static(path), HeaderMap::new()).await.status()
    }

    #[tokio::test]
    async fn paths_of_programs_are_never_pages() {
        for path in
            ["/api/v1/nothing", "/API/v1/session", "/Data/v1", "/tile/9/000", "/oauth2/x", "/api", "/assets/no.js"]
        {
            assert_eq!(status(Method::GET, path).await, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(status(Method::POST, "/requests").await, StatusCode::METHOD_NOT_ALLOWED);
    }

    #[test]
    fn files_are_cached_by_their_digest() {
        let file = || {
            let metadata = rust_embed::Metadata::__rust_embed_new([7; 32], None, None, "text/html");
            EmbeddedFile { data: std::borrow::Cow::Borrowed(b"x"), metadata }
        };
        let first = answered("assets/x.js", file(), &HeaderMap::new());
        assert_eq!(first.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(first.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        let mut again = HeaderMap::new();
        again.insert(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone());
        let second = answered("index.html", file(), &again);
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(second.headers()[header::CACHE_CONTROL], "no-cache");
        assert!(second.headers().contains_key(header::CONTENT_SECURITY_POLICY));
    }
}
