//! What everybody may read, at the root: the log of the record (C2SP tlog-tiles), its keys, health, and this interface's
//! own description.

use crate::{
    HttpState,
    extract::{AtEdge, PathId},
    problem::{ApiCode, Problem},
    wire::record::LogKeys,
};
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::sync::LazyLock;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes at the root, but for the tiles.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(health_fetch))
        .routes(routes!(checkpoint_fetch))
        .routes(routes!(log_keys_fetch))
        .routes(routes!(openapi_fetch))
}

/// The document's path of a tile. The router's own spelling of "the rest of the path" is none of OpenAPI's, so the route
/// is put in by hand, beside its description.
pub(crate) fn tile_routes() -> (axum::Router<HttpState>, utoipa::openapi::path::Paths) {
    let router = axum::Router::new().route("/tile/{*path}", axum::routing::get(tile_fetch));
    let (_, paths, _): utoipa_axum::router::UtoipaMethodRouter<HttpState> = routes!(tile_fetch);
    (router, paths)
}

/// Whether the node can do its work.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// Always `ok`: a node that is not answers with a problem.
    status: &'static str,
}

/// Whether the store answers and the record can be written
#[utoipa::path(get, path = "/healthz", operation_id = "health_fetch", tag = "public", security(()),
    responses((status = 200, body = Health, description = "It can")))]
async fn health_fetch(State(state): State<HttpState>, AtEdge(edge): AtEdge) -> Result<Json<Health>, Problem> {
    state.app.health(edge.now).await?;
    Ok(Json(Health { status: "ok" }))
}

/// The newest checkpoint of the record: a signed note
#[utoipa::path(get, path = "/checkpoint", operation_id = "checkpoint_fetch", tag = "public", security(()),
    responses((status = 200, body = String, content_type = "text/plain", description = "The note")))]
async fn checkpoint_fetch(State(state): State<HttpState>, AtEdge(edge): AtEdge) -> Result<String, Problem> {
    Ok(state.app.checkpoint(edge.now).await?.note)
}

/// Keys of the node's two logs
#[utoipa::path(get, path = "/.well-known/shuqiao-log", operation_id = "log_keys_fetch", tag = "public", security(()),
    responses((status = 200, body = LogKeys, description = "Origins and verifier keys")))]
async fn log_keys_fetch(State(state): State<HttpState>) -> Json<LogKeys> {
    Json(state.app.log_keys().into())
}

/// A tile of the record's log
///
/// `path` is what C2SP tlog-tiles puts behind `/tile/`, with its slashes: `0/x001/234`, `entries/000.p/7`.
#[utoipa::path(get, path = "/tile/{path}", operation_id = "tile_fetch", tag = "public", security(()),
    params(("path" = String, Path, description = "Level, index and width of the tile")),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream", description = "The tile")))]
async fn tile_fetch(State(state): State<HttpState>, PathId(path): PathId<String>) -> Result<Response, Problem> {
    let tile = state.app.tile(&path).await?.ok_or_else(|| Problem::new(ApiCode::NotFound))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        // A tile that is there never changes.
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((headers, tile).into_response())
}

/// This document
#[utoipa::path(get, path = "/openapi.json", operation_id = "openapi_fetch", tag = "public", security(()),
    responses((status = 200, body = Object, content_type = "application/json", description = "OpenAPI 3.1")))]
async fn openapi_fetch() -> Response {
    // Made once: it is large, and anybody may ask for it.
    static DOCUMENT: LazyLock<Bytes> =
        LazyLock::new(|| serde_json::to_vec(&crate::openapi()).unwrap_or_default().into());
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.clone()).into_response()
}
