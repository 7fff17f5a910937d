//! The journal, for those who may read it, and the landing page's numbers.

use crate::{
    HttpState,
    answer::{Paged, page_limit},
    extract::{AtEdge, LoggedIn, PathId, QueryOf},
    problem::Problem,
    wire::{
        record::{Checkpoint, JournalEntry, JournalItem, Statistics},
        shared::Page,
        text,
    },
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use serde::Deserialize;
use shuqiao_app::JournalFind;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(journal_list))
        .routes(routes!(journal_checkpoint))
        .routes(routes!(journal_fetch))
        .routes(routes!(journal_proof))
        .routes(routes!(statistics_fetch))
}

/// Which records.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct JournalQuery {
    /// Only what was done to this, or what else concerns it.
    subject: Option<String>,
    /// Only what this person did.
    #[param(value_type = Option<text::PersonId>)]
    actor: Option<text::PersonId>,
    /// Only this event.
    event: Option<String>,
    /// At most so many.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// The journal, the newest first
#[utoipa::path(get, path = "/journal", operation_id = "journal_list", tag = "record", params(JournalQuery),
    responses((status = 200, body = Page<JournalItem>, description = "A page of records")))]
async fn journal_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    OriginalUri(uri): OriginalUri,
    QueryOf(query): QueryOf<JournalQuery>,
) -> Result<Paged<JournalItem>, Problem> {
    let find = JournalFind {
        subject: query.subject,
        actor: query.actor.map(Into::into),
        event: query.event,
        limit: page_limit(query.limit)?,
        after: query.after,
    };
    Ok(Paged::of(state.app.journal_list(&ctx, find).await?, JournalItem::from, &uri))
}

/// One record with what proves it
#[utoipa::path(get, path = "/journal/{index}", operation_id = "journal_fetch", tag = "record",
    params(("index" = u64, Path, description = "Its index in the log")),
    responses((status = 200, body = JournalEntry, description = "The record")))]
async fn journal_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(index): PathId<u64>,
) -> Result<Json<JournalEntry>, Problem> {
    Ok(Json(state.app.journal_fetch(&ctx, index).await?.into()))
}

/// The proof that a record is in the log
///
/// A `c2sp.org/tlog-proof@v1` file, which anybody can check offline.
#[utoipa::path(get, path = "/journal/{index}/proof", operation_id = "journal_proof", tag = "record",
    params(("index" = u64, Path, description = "Its index in the log")),
    responses((status = 200, body = String, content_type = "text/plain", description = "The proof file")))]
async fn journal_proof(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(index): PathId<u64>,
) -> Result<String, Problem> {
    Ok(state.app.journal_proof(&ctx, index).await?)
}

/// The head of the log, signed, with the key to verify it
#[utoipa::path(get, path = "/journal/checkpoint", operation_id = "journal_checkpoint", tag = "record", security(()),
    responses((status = 200, body = Checkpoint, description = "The checkpoint")))]
async fn journal_checkpoint(State(state): State<HttpState>, AtEdge(edge): AtEdge) -> Result<Json<Checkpoint>, Problem> {
    Ok(Json(state.app.checkpoint(edge.now).await?.into()))
}

/// The few numbers of the landing page
#[utoipa::path(get, path = "/statistics", operation_id = "statistics_fetch", tag = "record",
    responses((status = 200, body = Statistics, description = "The numbers")))]
async fn statistics_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
) -> Result<Json<Statistics>, Problem> {
    Ok(Json(state.app.statistics(&ctx).await?.into()))
}
