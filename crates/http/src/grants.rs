//! Grants: terms, trial calls, proof, usage, revocation.

use crate::{
    HttpState,
    answer::{LIMIT_MAX, Paged, Versioned, page_limit},
    extract::{IfMatch, JsonBody, LoggedIn, NoBody, PathId, QueryOf},
    problem::Problem,
    wire::{
        grant::{Grant, Revoke, TrialToken, UsageRecord},
        responsibility::Responsible,
        shared::{Items, Page},
        text,
    },
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use serde::Deserialize;
use shuqiao_app::{GrantSide, view::GrantView};
use shuqiao_vocabulary::GrantId;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(grant_list))
        .routes(routes!(grant_fetch))
        .routes(routes!(grant_revoke))
        .routes(routes!(grant_trial_token))
        .routes(routes!(grant_proof))
        .routes(routes!(grant_usage))
        .routes(routes!(grant_responsibilities))
}

fn form(state: &HttpState, view: GrantView) -> Grant {
    Grant::of(view, &state.app.node().base_url)
}

fn versioned(state: &HttpState, view: GrantView) -> Versioned<Grant> {
    Versioned { revision: view.grant.revision, body: form(state, view) }
}

/// Which side of grants.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Side {
    /// Given to the own department.
    #[default]
    Mine,
    /// Given by it.
    Given,
    /// All that the reader may see.
    All,
}

impl From<Side> for GrantSide {
    fn from(side: Side) -> Self {
        match side {
            Side::Mine => Self::Mine,
            Side::Given => Self::Given,
            Side::All => Self::All,
        }
    }
}

/// Which grants.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GrantQuery {
    /// Which side.
    #[serde(default)]
    #[param(inline, required = false)]
    side: Side,
    /// Only those without a record of use of the quarter before this one (Art. 29(2)), for a human to look into.
    #[serde(default)]
    #[param(required = false)]
    unrecorded: bool,
    /// At most so many.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Grants
#[utoipa::path(get, path = "/grants", operation_id = "grant_list", tag = "grants", params(GrantQuery),
    responses((status = 200, body = Page<Grant>, description = "A page of grants")))]
async fn grant_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    OriginalUri(uri): OriginalUri,
    QueryOf(query): QueryOf<GrantQuery>,
) -> Result<Paged<Grant>, Problem> {
    let limit = page_limit(query.limit)?;
    let page = state.app.grant_list(&ctx, query.side.into(), query.unrecorded, limit, query.after).await?;
    Ok(Paged::of(page, |view| form(&state, view), &uri))
}

/// One grant, with samples of how to call it
#[utoipa::path(get, path = "/grants/{id}", operation_id = "grant_fetch", tag = "grants",
    params(("id" = text::GrantId, Path, description = "The grant")),
    responses((status = 200, body = Grant, description = "The grant")))]
async fn grant_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<GrantId>,
) -> Result<Versioned<Grant>, Problem> {
    Ok(versioned(&state, state.app.grant_fetch(&ctx, id).await?))
}

/// End a grant before its last day
///
/// Because its purpose has ended (Art. 27(1)), by the head of the sharing office of either side. The next call is refused,
/// and the disposal of what was received opens. Misuse (Art. 27(2)) and an end by agreement (Art. 27(3)) are refused
/// here: they have cases of their own.
#[utoipa::path(post, path = "/grants/{id}/revoke", operation_id = "grant_revoke", tag = "grants",
    params(("id" = text::GrantId, Path, description = "The grant"), ("If-Match" = String, Header)),
    request_body = Revoke, responses((status = 200, body = Grant, description = "The grant")))]
async fn grant_revoke(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<GrantId>,
    IfMatch(seen): IfMatch,
    JsonBody(revoke): JsonBody<Revoke>,
) -> Result<Versioned<Grant>, Problem> {
    Ok(versioned(&state, state.app.grant_revoke(&ctx, id, seen, revoke.ground.into()).await?))
}

/// A short token for trial calls by this person under this grant
///
/// The calls go to the data plane like any other, and are recorded like any other.
#[utoipa::path(post, path = "/grants/{id}/trial_token", operation_id = "grant_trial_token", tag = "grants",
    params(("id" = text::GrantId, Path, description = "The grant")),
    responses((status = 200, body = TrialToken, description = "The token")))]
async fn grant_trial_token(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<GrantId>,
    _: NoBody,
) -> Result<Json<TrialToken>, Problem> {
    Ok(Json(state.app.grant_trial_token(&ctx, id).await?.into()))
}

/// The proof that a grant began as the record says
///
/// A `c2sp.org/tlog-proof@v1` file, which anybody can check offline.
#[utoipa::path(get, path = "/grants/{id}/proof", operation_id = "grant_proof", tag = "grants",
    params(("id" = text::GrantId, Path, description = "The grant")),
    responses((status = 200, body = String, content_type = "text/plain", description = "The proof file")))]
async fn grant_proof(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<GrantId>,
) -> Result<String, Problem> {
    Ok(state.app.grant_proof(&ctx, id).await?)
}

/// How many usage records.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct UsageQuery {
    /// At most so many.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// The newest usage records of a grant
///
/// Both sides may see them (Art. 29(2)). They hold no data value.
#[utoipa::path(get, path = "/grants/{id}/usage", operation_id = "grant_usage", tag = "grants",
    params(("id" = text::GrantId, Path, description = "The grant"), UsageQuery),
    responses((status = 200, body = Items<UsageRecord>, description = "The records, the newest first")))]
async fn grant_usage(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<GrantId>,
    QueryOf(query): QueryOf<UsageQuery>,
) -> Result<Json<Items<UsageRecord>>, Problem> {
    let limit = page_limit(query.limit.or(Some(LIMIT_MAX)))?;
    Ok(Json(Items::of(state.app.grant_usage(&ctx, id, limit as usize).await?)))
}

/// Who answers for each link of sharing under a grant
///
/// Read off the request, the grant and the engagements in force today (Art. 34(1)); nobody enters it.
#[utoipa::path(get, path = "/grants/{id}/responsibilities", operation_id = "grant_responsibilities", tag = "grants",
    params(("id" = text::GrantId, Path, description = "The grant")),
    responses((status = 200, body = Items<Responsible>, description = "By link, from collecting to destroying")))]
async fn grant_responsibilities(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<GrantId>,
) -> Result<Json<Items<Responsible>>, Problem> {
    Ok(Json(Items::of(state.app.grant_responsibilities(&ctx, id).await?)))
}
