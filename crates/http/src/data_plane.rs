//! The data plane's two main paths, described by hand, so that one document serves a developer from the catalogue to the
//! call. The routes themselves are the data plane's; nothing here is ever called.

use crate::wire::{
    filter::RowCondition,
    list::ItemType,
    text::{GrantId, ItemName},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A system's credentials (RFC 6749 section 4.4, RFC 7523), as a form: its secret, also in `Authorization: Basic`, or an
/// assertion that it has signed.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes what the data plane reads")]
pub(crate) struct TokenRequest {
    /// `client_credentials` or `urn:ietf:params:oauth:grant-type:jwt-bearer`.
    grant_type: String,
    /// The system's id, unless it stands in `Authorization`.
    client_id: Option<String>,
    /// The system's secret, unless it stands in `Authorization`.
    client_secret: Option<String>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`, with `client_assertion`.
    client_assertion_type: Option<String>,
    /// A JWT in EdDSA or ES256 by a key of the system (`private_key_jwt`).
    client_assertion: Option<String>,
    /// The same JWT, for the jwt-bearer grant.
    assertion: Option<String>,
}

/// An access token.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenAnswer {
    /// The token, opaque.
    access_token: String,
    /// Always `Bearer`.
    token_type: String,
    /// Seconds that it lasts.
    expires_in: u64,
}

/// A typed query. There is no query language: what is not granted cannot be said.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes what the data plane reads")]
pub(crate) struct DataQuery {
    /// The grant's purpose: the number of its request.
    purpose: String,
    /// The items wanted; empty or missing means all that are granted.
    #[schema(required = false)]
    items: Vec<ItemName>,
    /// Conditions beside those of the grant.
    #[schema(required = false)]
    conditions: Vec<RowCondition>,
    /// Rows in this answer; at most what the grant says.
    limit: Option<u32>,
    /// `next` of the answer before.
    after: Option<String>,
}

/// An item of an answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct DataItem {
    /// Its name.
    name: ItemName,
    /// Its type.
    r#type: ItemType,
    /// Whether it is masked.
    masked: bool,
}

/// Where the call stands in the usage log.
#[derive(Serialize, ToSchema)]
pub(crate) struct DataRecord {
    /// Index in the log.
    index: u64,
    /// Origin of the log.
    log: String,
}

/// Data. The call was recorded before a byte of it left.
#[derive(Serialize, ToSchema)]
pub(crate) struct DataAnswer {
    /// The items, in the order of the cells of a row.
    items: Vec<DataItem>,
    /// Rows of cells: text, number, true/false or null. Whole numbers beyond 2^53 and decimals are text.
    #[schema(value_type = Vec<Vec<Object>>)]
    rows: Vec<Vec<serde_json::Value>>,
    /// Where the next answer begins; null at the end.
    #[schema(required)]
    next: Option<String>,
    /// Where the call stands in the usage log.
    record: DataRecord,
}

/// Get an access token for a system
///
/// OAuth 2.0 client credentials or jwt-bearer. Errors are those of RFC 6749, with a `code` and the `request_id` to ask by.
#[utoipa::path(post, path = "/oauth2/token", operation_id = "token_create", tag = "data", security(("system_basic" = [])),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = TokenAnswer, description = "The token"),
        (status = 400, description = "An error of RFC 6749"), (status = 401, description = "`invalid_client`")))]
#[expect(dead_code, reason = "the route is the data plane's")]
pub(crate) fn token_create() {}

/// Call a grant
///
/// `Accept` chooses JSON (the default), `text/csv` or `application/vnd.apache.arrow.stream`. Every call is recorded, refused
/// ones too; `Shuqiao-Record` is its index in the usage log. A refusal for want of a grant says where to ask for one.
/// Conditional data of grade 3 and above is given to signed calls only (RFC 9421, tag `gds-call`); the answer is then signed
/// with a key of `/oauth2/jwks`.
#[utoipa::path(post, path = "/data/v1/grants/{id}/query", operation_id = "data_query", tag = "data",
    security(("system_token" = [])), params(("id" = GrantId, Path, description = "The grant")),
    request_body = DataQuery,
    responses((status = 200, description = "The data", content(
        (DataAnswer = "application/json"), (String = "text/csv"), (Vec<u8> = "application/vnd.apache.arrow.stream")))))]
#[expect(dead_code, reason = "the route is the data plane's")]
pub(crate) fn data_query() {}

/// The description of these paths.
#[derive(utoipa::OpenApi)]
#[openapi(paths(token_create, data_query))]
pub(crate) struct DataPlane;
