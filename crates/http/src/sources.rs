//! Sources of the reader's organisation, and the files behind them.

use crate::{
    HttpState,
    answer::{Created, Versioned},
    extract::{IfMatch, JsonBody, LoggedIn, NoBody, PathId, PathIds},
    problem::{ApiCode, Problem},
    wire::{
        entry::Item,
        shared::Items,
        source::{IntakeFile, Source, SourceNew, Structure},
        text,
    },
};
use axum::{Json, body::Body, extract::State};
use futures_util::StreamExt as _;
use shuqiao_app::{NewSource, view::SourceView};
use shuqiao_vocabulary::SourceId;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(source_list, source_create))
        .routes(routes!(source_check))
        .routes(routes!(source_fetch))
        .routes(routes!(source_describe))
        .routes(routes!(source_proposal))
        .routes(routes!(intake_list))
}

/// The route on which files come in: it takes longer and is larger than any other.
pub(crate) fn upload_routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(intake_upload))
}

fn versioned(view: SourceView) -> Versioned<Source> {
    Versioned { revision: view.revision, body: view.into() }
}

/// Sources of the own organisation
#[utoipa::path(get, path = "/sources", operation_id = "source_list", tag = "sources",
    responses((status = 200, body = Items<Source>, description = "The sources")))]
async fn source_list(State(state): State<HttpState>, LoggedIn(ctx): LoggedIn) -> Result<Json<Items<Source>>, Problem> {
    Ok(Json(Items::of(state.app.source_list(&ctx).await?)))
}

/// Connect a source
///
/// Its structure is read at once. Login data is sealed and never given back.
#[utoipa::path(post, path = "/sources", operation_id = "source_create", tag = "sources",
    request_body = SourceNew, responses((status = 201, body = Source, description = "The source")))]
async fn source_create(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(form): JsonBody<SourceNew>,
) -> Result<Created<Versioned<Source>>, Problem> {
    let view = state.app.source_create(&ctx, form.into()).await?;
    Ok(Created { place: format!("/sources/{}", view.value.id), body: versioned(view) })
}

/// Read the structure of what would be connected
///
/// Nothing is kept. For a view: its columns and the number of its rows, or what is wrong with it and where.
#[utoipa::path(post, path = "/sources/check", operation_id = "source_check", tag = "sources",
    request_body = SourceNew, responses((status = 200, body = Structure, description = "The structure")))]
async fn source_check(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(form): JsonBody<SourceNew>,
) -> Result<Json<Structure>, Problem> {
    let new: NewSource = form.into();
    Ok(Json(state.app.source_check(&ctx, &new.location).await?.into()))
}

/// One source with its structure
#[utoipa::path(get, path = "/sources/{id}", operation_id = "source_fetch", tag = "sources",
    params(("id" = text::SourceId, Path, description = "The source")),
    responses((status = 200, body = Source, description = "The source")))]
async fn source_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SourceId>,
) -> Result<Versioned<Source>, Problem> {
    Ok(versioned(state.app.source_fetch(&ctx, id).await?))
}

/// Read the structure of a source again
#[utoipa::path(post, path = "/sources/{id}/describe", operation_id = "source_describe", tag = "sources",
    params(("id" = text::SourceId, Path, description = "The source"), ("If-Match" = String, Header)),
    responses((status = 200, body = Source, description = "The source")))]
async fn source_describe(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SourceId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<Source>, Problem> {
    Ok(versioned(state.app.source_describe(&ctx, id, seen).await?))
}

/// Data items proposed from a table
#[utoipa::path(get, path = "/sources/{id}/tables/{table}/proposal", operation_id = "source_proposal", tag = "sources",
    params(("id" = text::SourceId, Path, description = "The source"),
        ("table" = String, Path, description = "The table's name")),
    responses((status = 200, body = Items<Item>, description = "One item per column, for the officer to complete")))]
async fn source_proposal(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathIds(id, table): PathIds<SourceId, String>,
) -> Result<Json<Items<Item>>, Problem> {
    Ok(Json(Items::of(state.app.source_proposal(&ctx, id, &table).await?)))
}

/// Files placed for the own organisation
#[utoipa::path(get, path = "/intake", operation_id = "intake_list", tag = "sources",
    responses((status = 200, body = Items<IntakeFile>, description = "The files")))]
async fn intake_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
) -> Result<Json<Items<IntakeFile>>, Problem> {
    Ok(Json(Items::of(state.app.intake_list(&ctx).await?)))
}

/// Place a file
///
/// The body is the file itself. A file of the same name is replaced when the whole of the new one is there.
#[utoipa::path(put, path = "/intake/{name}", operation_id = "intake_upload", tag = "sources",
    params(("name" = String, Path, description = "The file's name, ending in .csv, .db or .sqlite")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = IntakeFile, description = "The file")))]
async fn intake_upload(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(name): PathId<String>,
    body: Body,
) -> Result<Json<IntakeFile>, Problem> {
    let mut upload = state.app.intake_begin(&ctx, &name).await?;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::new(ApiCode::BodyBroken))?;
        upload.write(&chunk).await?;
    }
    Ok(Json(state.app.intake_finish(&ctx, upload).await?.into()))
}
