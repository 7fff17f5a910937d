//! Forms of answers: one thing with its revision, a new thing with its place, a page of a list.

use crate::{
    problem::{ApiCode, Problem},
    wire::shared::Page,
};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use shuqiao_app::view;

/// Items of one page when the caller does not say how many.
const LIMIT_DEFAULT: u32 = 20;
/// The most items of one page.
pub(crate) const LIMIT_MAX: u32 = 100;

/// A representation and the revision it shows.
pub(crate) struct Versioned<T> {
    /// The representation.
    pub(crate) body: T,
    /// Its revision.
    pub(crate) revision: u64,
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", self.revision)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

/// Something new, and where it is.
pub(crate) struct Created<T> {
    /// The path after the prefix of the interface.
    pub(crate) place: String,
    /// The answer about it.
    pub(crate) body: T,
}

impl<T: IntoResponse> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut response = self.body.into_response();
        *response.status_mut() = StatusCode::CREATED;
        if let Ok(place) = HeaderValue::from_str(&format!("{}{}", crate::PREFIX, self.place)) {
            response.headers_mut().insert(header::LOCATION, place);
        }
        response
    }
}

/// A workbook, to be saved under this name.
pub(crate) struct Workbook {
    /// The file.
    pub(crate) bytes: Vec<u8>,
    /// Its name, in ASCII, without its ending.
    pub(crate) name: &'static str,
}

/// The content type of workbooks.
pub(crate) const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl IntoResponse for Workbook {
    fn into_response(self) -> Response {
        let mut response = self.bytes.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(WORKBOOK));
        if let Ok(place) = HeaderValue::from_str(&format!("attachment; filename=\"{}.xlsx\"", self.name)) {
            headers.insert(header::CONTENT_DISPOSITION, place);
        }
        response
    }
}

/// A page, with a link to the next one.
pub(crate) struct Paged<T> {
    page: Page<T>,
    link: Option<HeaderValue>,
}

impl<T> Paged<T> {
    /// The wire form of a page that was asked for at this address.
    pub(crate) fn of<V>(page: view::Page<V>, form: impl FnMut(V) -> T, uri: &Uri) -> Self {
        let view::Page { items, next } = page;
        let link = next.as_deref().and_then(|next| next_link(uri, next));
        Self { page: Page { items: items.into_iter().map(form).collect(), next }, link }
    }
}

impl<T: Serialize> IntoResponse for Paged<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.page).into_response();
        if let Some(link) = self.link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

/// The same query with another place to begin.
fn next_link(uri: &Uri, next: &str) -> Option<HeaderValue> {
    let kept =
        uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
    let after = format!("after={}", escaped(next));
    let query = kept.chain([after.as_str()]).collect::<Vec<_>>().join("&");
    HeaderValue::from_str(&format!("<{}?{query}>; rel=\"next\"", uri.path())).ok()
}

/// A text as a query's value: what is not plainly harmless is escaped.
fn escaped(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// How many items a page has.
pub(crate) fn page_limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked {
        None => Ok(LIMIT_DEFAULT),
        Some(limit @ 1..=LIMIT_MAX) => Ok(limit),
        Some(_) => Err(Problem::new(ApiCode::QueryMalformed).with("field", "limit").with("max", LIMIT_MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_the_query() {
        let uri: Uri = "/api/v1/catalogue?q=%E4%BC%81&after=1~cat&limit=5".parse().unwrap();
        let link = next_link(&uri, "17~cat_0").unwrap();
        assert_eq!(link, "</api/v1/catalogue?q=%E4%BC%81&limit=5&after=17~cat_0>; rel=\"next\"");
    }

    #[test]
    fn pages_have_a_limit() {
        assert!(page_limit(None).is_ok_and(|limit| limit == 20));
        assert!(page_limit(Some(100)).is_ok() && page_limit(Some(0)).is_err() && page_limit(Some(101)).is_err());
    }
}
