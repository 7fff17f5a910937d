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

/// A verification: for each subject, the values that should stand in one row.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes what the data plane reads")]
pub(crate) struct DataVerification {
    /// The grant's purpose: the number of its request.
    purpose: String,
    /// Up to a hundred subjects; of each the items and the values asked about, text, number or true/false.
    #[schema(value_type = Vec<Object>)]
    subjects: Vec<serde_json::Value>,
}

/// Yes or no for each subject, and nothing else.
#[derive(Serialize, ToSchema)]
pub(crate) struct DataVerified {
    /// Whether there is such a row, in the order of the subjects.
    answers: Vec<bool>,
    /// Where the call stands in the usage log.
    record: DataRecord,
}

/// The form of a file.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileFormat {
    /// Apache Parquet.
    Parquet,
    /// CSV in UTF-8.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

/// An order for a file: a query without limit and cursor.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes what the data plane reads")]
pub(crate) struct FileOrder {
    /// The grant's purpose: the number of its request.
    purpose: String,
    /// The items wanted; empty or missing means all that are granted.
    #[schema(required = false)]
    items: Vec<ItemName>,
    /// Conditions beside those of the grant.
    #[schema(required = false)]
    conditions: Vec<RowCondition>,
    /// `parquet` when nothing is said.
    format: Option<FileFormat>,
}

/// A file in the making, ready, or refused. What only a ready file has is missing before.
#[derive(Serialize, ToSchema)]
pub(crate) struct DataFile {
    /// Its id.
    id: String,
    /// The grant.
    grant: GrantId,
    /// `making`, `ready` or `refused`.
    state: String,
    /// The form.
    format: FileFormat,
    /// Rows so far, in the end all.
    rows: Option<u64>,
    /// Bytes.
    bytes: Option<u64>,
    /// SHA-256 of the file.
    sha256: Option<String>,
    /// SM3 of the file.
    sm3: Option<String>,
    /// The sum modulo 2^256 of SM3 over each row's cells as netstrings, null as `-,`: the same in any order.
    rows_digest: Option<String>,
    /// A note signed with the usage log's key.
    receipt: Option<String>,
    /// Where the delivery stands in the usage log.
    record: Option<DataRecord>,
    /// Where to fetch it with a token.
    content_url: Option<String>,
    /// Where to fetch it without one, until `download_until`.
    download_url: Option<String>,
    /// When `download_url` ends.
    download_until: Option<String>,
    /// When the file is removed.
    expires_at: Option<String>,
    /// Why it could not be made.
    code: Option<String>,
}

/// What a receiver counted.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes what the data plane reads")]
pub(crate) struct FileReceived {
    /// Rows.
    rows: u64,
    /// Their digest, as `rows_digest` of the file.
    rows_digest: String,
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

/// Verify values under a grant
///
/// Answers whether there is a row with all the values of a subject (核验). Nothing of any row is delivered. Each subject counts
/// as a row of the day.
#[utoipa::path(post, path = "/data/v1/grants/{id}/verify", operation_id = "data_verify", tag = "data",
    security(("system_token" = [])), params(("id" = GrantId, Path, description = "The grant")),
    request_body = DataVerification, responses((status = 200, body = DataVerified, description = "The answers")))]
#[expect(dead_code, reason = "the route is the data plane's")]
pub(crate) fn data_verify() {}

/// Order a file under a grant
///
/// The file is made in the background; ask for it with `wait` to be told when it is ready.
#[utoipa::path(post, path = "/data/v1/grants/{id}/files", operation_id = "file_order", tag = "data",
    security(("system_token" = [])), params(("id" = GrantId, Path, description = "The grant")),
    request_body = FileOrder, responses((status = 202, body = DataFile, description = "Being made; `Location` is its address")))]
#[expect(dead_code, reason = "the route is the data plane's")]
pub(crate) fn file_order() {}

/// Look at a file
#[utoipa::path(get, path = "/data/v1/files/{id}", operation_id = "file_show", tag = "data",
    security(("system_token" = [])), params(("id" = String, Path, description = "The file"),
        ("wait" = Option<u64>, Query, description = "Seconds to wait for it to be made, at most 60")),
    responses((status = 200, body = DataFile, description = "The file"), (status = 404, description = "`file_missing`")))]
#[expect(dead_code, reason = "the route is the data plane's")]
pub(crate) fn file_show() {}

/// Fetch a file
///
/// Whole, or a range of it (RFC 9110). A file of a grant that has ended is not handed out any more.
#[utoipa::path(get, path = "/data/v1/files/{id}/content", operation_id = "file_content", tag = "data",
    security(("system_token" = [])), params(("id" = String, Path, description = "The file"),
        ("key" = Option<String>, Query, description = "The key of `download_url`, instead of a token")),
    responses((status = 200, body = Vec<u8>, description = "The file", content_type = "application/octet-stream"),
        (status = 206, description = "A range of it")))]
#[expect(dead_code, reason = "the route is the data plane's")]
pub(crate) fn file_content() {}

/// Say what was received
///
/// Rows and digest as the receiver counted them; recorded, and refused when they are not what was delivered.
#[utoipa::path(post, path = "/data/v1/files/{id}/receipt", operation_id = "file_receipt", tag = "data",
    security(("system_token" = [])), params(("id" = String, Path, description = "The file")),
    request_body = FileReceived, responses((status = 200, body = DataFile, description = "It agrees"),
        (status = 409, description = "`receipt_differs`")))]
#[expect(dead_code, reason = "the route is the data plane's")]
pub(crate) fn file_receipt() {}

/// The description of these paths.
#[derive(utoipa::OpenApi)]
#[openapi(paths(token_create, data_query, data_verify, file_order, file_show, file_content, file_receipt))]
pub(crate) struct DataPlane;
