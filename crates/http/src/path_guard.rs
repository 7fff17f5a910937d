//! Paths that could mean another path than the one that was authorised never reach a handler.
//!
//! Nothing is normalised: a path is either written in the one plain way, or refused with `path_refused`. So there are no
//! two readings of one path, by a proxy before us and by the router, that could differ.

use crate::{
    edge::language,
    problem::{ApiCode, Problem},
};
use axum::{
    extract::Request,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};

/// Longest path, in bytes.
const PATH_BYTES_MAX: usize = 2_048;

/// Puts the guard before every route of a router of another room, such as the data plane's.
pub fn path_guarded<S: Clone + Send + Sync + 'static>(router: axum::Router<S>) -> axum::Router<S> {
    router.layer(from_fn(guard_alone))
}

/// The guard, before an edge that renders problems.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    if is_plain(request.uri().path()) { next.run(request).await } else { refused().into_response() }
}

/// The guard where there is no such edge. The request has no id yet: it gets none.
async fn guard_alone(request: Request, next: Next) -> Response {
    let language = language(request.headers());
    if is_plain(request.uri().path()) { next.run(request).await } else { refused().render(language, "") }
}

fn refused() -> Problem {
    Problem::new(ApiCode::PathRefused)
}

/// Whether a path is written in the one plain way: absolute, ASCII, no empty segment, no dot segment, nothing encoded
/// that would separate, climb or control, and UTF-8 when decoded.
pub(crate) fn is_plain(path: &str) -> bool {
    if !path.starts_with('/') || path.len() > PATH_BYTES_MAX {
        return false;
    }
    let bytes_plain = path.bytes().all(|byte| (0x21..=0x7e).contains(&byte) && !matches!(byte, b'\\' | b';'));
    if !bytes_plain {
        return false;
    }
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        // The last segment may be empty: `/` itself, and paths with a slash at the end, which no route has.
        let fine = if segment.is_empty() { segments.peek().is_none() } else { segment_is_plain(segment) };
        if !fine {
            return false;
        }
    }
    true
}

fn segment_is_plain(segment: &str) -> bool {
    let Some(decoded) = decoded(segment) else { return false };
    let Ok(text) = std::str::from_utf8(&decoded) else { return false };
    let only_dots = text.chars().all(|c| c == '.');
    // Other spellings of the dot and the slashes, which something behind us might fold to the plain ones.
    let lookalike = |c: char| {
        matches!(
            c,
            '\u{ff0e}'
                | '\u{ff0f}'
                | '\u{ff3c}'
                | '\u{2024}'
                | '\u{2025}'
                | '\u{2026}'
                | '\u{2044}'
                | '\u{2215}'
                | '\u{29f8}'
        )
    };
    !only_dots && !text.chars().any(|c| c.is_control() || matches!(c, '/' | '\\' | ';') || lookalike(c))
}

/// The bytes of a segment; `None` when an escape is broken, or encodes what needs no escape but separates or climbs.
fn decoded(segment: &str) -> Option<Vec<u8>> {
    let mut bytes = segment.bytes();
    let mut plain = Vec::with_capacity(segment.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            plain.push(byte);
            continue;
        }
        let high = char::from(bytes.next()?).to_digit(16)?;
        let low = char::from(bytes.next()?).to_digit(16)?;
        let value = u8::try_from(high * 16 + low).ok()?;
        // An escaped dot is never needed, and an escaped percent sign is a second layer of escapes.
        if matches!(value, b'.' | b'%') {
            return None;
        }
        plain.push(value);
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn plain_paths_pass() {
        for good in [
            "/",
            "/api/v1/session",
            "/api/v1/sources/src_1/tables/public.people/proposal",
            "/api/v1/intake/%E4%BC%81%E4%B8%9A%202019(1).csv",
            "/tile/0/x001/234.p/5",
            "/.well-known/shuqiao-log",
            "/assets/index-3f2a.js",
        ] {
            assert!(is_plain(good), "{good}");
        }
    }

    #[test]
    fn bypasses_are_refused() {
        for bad in BYPASSES {
            assert!(!is_plain(bad), "{bad}");
        }
    }

    /// Ways in which a path has been made to mean another one.
    const BYPASSES: &[&str] = &[
        "",
        "api/v1/session",
        "*",
        "//api/v1/session",
        "/api//v1/session",
        "/api/v1//session",
        "/api/v1/./session",
        "/api/v1/../v1/session",
        "/api/v1/...",
        "/api/v1/%2e/session",
        "/api/v1/%2e%2e/session",
        "/api/v1/%2E%2E/session",
        "/api/v1/.%2e/session",
        "/api/v1/x%2ecsv",
        "/api/v1%2fsession",
        "/api/v1%2Fsession",
        "/api/v1/x%5c..%5csession",
        "/api/v1/x\\session",
        "/api/v1/session;x=1",
        "/api/v1/session%3bx",
        "/api;/v1/session",
        "/api/v1/session%00",
        "/api/v1/session%0a",
        "/api/v1/session%0d%0aX:1",
        "/api/v1/session%7f",
        "/api/v1/%c2%85session",
        "/api/v1/session%",
        "/api/v1/session%2",
        "/api/v1/session%zz",
        "/api/v1/%252e%252e/session",
        "/api/v1/%25/session",
        "/api/v1/%c0%ae%c0%ae/session",
        "/api/v1/%c0%af",
        "/api/v1/%e0%80%af",
        "/api/v1/%ff",
        "/api/v1/%u002e/session",
        "/api/v1/%ef%bc%8e%ef%bc%8e/session",
        "/api/v1/a%ef%bc%8fb",
        "/api/v1/a%e2%88%95b",
        "/api/v1/a%e2%80%a6",
        "/api/v1/\u{ff0e}\u{ff0e}/session",
        "/api/v1/s\u{e9}ssion",
        "/api/v1/session\t",
        "/api/v1/ses sion",
    ];

    #[test]
    fn long_paths_are_refused() {
        assert!(!is_plain(&format!("/{}", "a".repeat(3_000))));
    }
}
