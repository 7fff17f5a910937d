//! Keeping the catalogue up to date: versions, changes, extensions, retirement, announcements.

use crate::{
    HttpState,
    answer::{Paged, Versioned, page_limit},
    catalogue::versioned,
    extract::{IfMatch, JsonBody, LoggedIn, NoBody, PathId, PathIds, QueryOf},
    problem::Problem,
    wire::{
        entry::Entry,
        entry_update::{Announcement, ExtensionAnswer, NewChange, Version, VersionLine},
        shared::{Items, Page, Reason},
        text,
    },
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use serde::Deserialize;
use shuqiao_vocabulary::CatalogueEntryId;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(catalogue_versions))
        .routes(routes!(catalogue_version))
        .routes(routes!(catalogue_update))
        .routes(routes!(catalogue_discard))
        .routes(routes!(catalogue_record_change))
        .routes(routes!(catalogue_ask_extension))
        .routes(routes!(catalogue_decide_extension))
        .routes(routes!(catalogue_propose_retirement))
        .routes(routes!(catalogue_retire))
        .routes(routes!(announcement_list))
}

/// The published versions of an entry, the oldest first
///
/// Each says what it changed; nobody but its department sees a version before it is published.
#[utoipa::path(get, path = "/catalogue/{id}/versions", operation_id = "catalogue_versions", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry")),
    responses((status = 200, body = Items<VersionLine>, description = "The versions")))]
async fn catalogue_versions(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CatalogueEntryId>,
) -> Result<Json<Items<VersionLine>>, Problem> {
    Ok(Json(Items::of(state.app.entry_versions(&ctx, id).await?)))
}

/// One published version of an entry, with everything it says
#[utoipa::path(get, path = "/catalogue/{id}/versions/{version}", operation_id = "catalogue_version", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry"),
        ("version" = u32, Path, description = "Which, from 1")),
    responses((status = 200, body = Version, description = "The version")))]
async fn catalogue_version(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathIds(id, version): PathIds<CatalogueEntryId, u32>,
) -> Result<Json<Version>, Problem> {
    Ok(Json(state.app.entry_version(&ctx, id, version).await?.into()))
}

/// Begin the next version of a published entry
///
/// The published version holds until the next one is published.
#[utoipa::path(post, path = "/catalogue/{id}/update", operation_id = "catalogue_update", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry"), ("If-Match" = String, Header)),
    responses((status = 200, body = Entry, description = "The entry")))]
async fn catalogue_update(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CatalogueEntryId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<Entry>, Problem> {
    Ok(versioned(state.app.entry_update(&ctx, id, seen).await?))
}

/// Give up the next version while it is being written
///
/// A clock that a change started runs on.
#[utoipa::path(post, path = "/catalogue/{id}/discard", operation_id = "catalogue_discard", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry"), ("If-Match" = String, Header)),
    responses((status = 200, body = Entry, description = "The entry")))]
async fn catalogue_discard(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CatalogueEntryId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<Entry>, Problem> {
    Ok(versioned(state.app.entry_discard(&ctx, id, seen).await?))
}

/// Record that a law, a State Council decision or a duty changed
///
/// The term of 10 working days (Art. 17(2)) counts from the day it happened.
#[utoipa::path(post, path = "/catalogue/{id}/changes", operation_id = "catalogue_record_change", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry"), ("If-Match" = String, Header)),
    request_body = NewChange, responses((status = 200, body = Entry, description = "The entry")))]
async fn catalogue_record_change(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CatalogueEntryId>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<NewChange>,
) -> Result<Versioned<Entry>, Problem> {
    Ok(versioned(state.app.entry_record_change(&ctx, id, seen, form.into()).await?))
}

/// Ask the authority for 5 working days more
///
/// Once, with the special reason, and while the term runs (Art. 17(2)).
#[utoipa::path(post, path = "/catalogue/{id}/changes/{change}/extension", operation_id = "catalogue_ask_extension", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry"),
        ("change" = usize, Path, description = "The change, by its place"), ("If-Match" = String, Header)),
    request_body = Reason, responses((status = 200, body = Entry, description = "The entry")))]
async fn catalogue_ask_extension(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathIds(id, change): PathIds<CatalogueEntryId, usize>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<Reason>,
) -> Result<Versioned<Entry>, Problem> {
    Ok(versioned(state.app.entry_ask_extension(&ctx, id, seen, change, &form.reason).await?))
}

/// Consent to the longer term as the authority, or not
#[utoipa::path(post, path = "/catalogue/{id}/changes/{change}/extension/decision", operation_id = "catalogue_decide_extension", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry"),
        ("change" = usize, Path, description = "The change, by its place"), ("If-Match" = String, Header)),
    request_body = ExtensionAnswer, responses((status = 200, body = Entry, description = "The entry")))]
async fn catalogue_decide_extension(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathIds(id, change): PathIds<CatalogueEntryId, usize>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<ExtensionAnswer>,
) -> Result<Versioned<Entry>, Problem> {
    Ok(versioned(state.app.entry_decide_extension(&ctx, id, seen, change, &form.into()).await?))
}

/// Propose to retire a published entry
///
/// Refused while grants on it are in force: their service ends only after negotiation and filing (Art. 27(3)).
#[utoipa::path(post, path = "/catalogue/{id}/propose_retirement", operation_id = "catalogue_propose_retirement", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry"), ("If-Match" = String, Header)),
    request_body = Reason, responses((status = 200, body = Entry, description = "The entry")))]
async fn catalogue_propose_retirement(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CatalogueEntryId>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<Reason>,
) -> Result<Versioned<Entry>, Problem> {
    Ok(versioned(state.app.entry_propose_retirement(&ctx, id, seen, &form.reason).await?))
}

/// Retire an entry as the sharing authority, and announce that
#[utoipa::path(post, path = "/catalogue/{id}/retire", operation_id = "catalogue_retire", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry"), ("If-Match" = String, Header)),
    responses((status = 200, body = Entry, description = "The entry")))]
async fn catalogue_retire(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CatalogueEntryId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<Entry>, Problem> {
    Ok(versioned(state.app.entry_retire(&ctx, id, seen).await?))
}

/// Which announcements.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AnnouncementQuery {
    /// At most so many.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// The announcements of the catalogue (通告), the newest first
#[utoipa::path(get, path = "/announcements", operation_id = "announcement_list", tag = "catalogue",
    params(AnnouncementQuery),
    responses((status = 200, body = Page<Announcement>, description = "A page of announcements")))]
async fn announcement_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    OriginalUri(uri): OriginalUri,
    QueryOf(query): QueryOf<AnnouncementQuery>,
) -> Result<Paged<Announcement>, Problem> {
    let limit = page_limit(query.limit)?;
    Ok(Paged::of(state.app.announcement_list(&ctx, limit, query.after).await?, Announcement::from, &uri))
}
