//! The catalogue.

use crate::{
    HttpState,
    answer::{Created, Paged, Versioned, page_limit},
    extract::{IfMatch, JsonBody, LoggedIn, NoBody, PathId, QueryOf},
    problem::Problem,
    wire::{
        entry::{Entry, EntryContent, EntryHit},
        list,
        shared::{Page, Reason},
        text,
    },
};
use axum::extract::{OriginalUri, State};
use serde::Deserialize;
use shuqiao_app::{EntryFind, Scope, view::EntryView};
use shuqiao_vocabulary::CatalogueEntryId;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(catalogue_list, catalogue_create))
        .routes(routes!(catalogue_fetch, catalogue_revise))
        .routes(routes!(catalogue_submit))
        .routes(routes!(catalogue_approve))
        .routes(routes!(catalogue_return))
        .routes(routes!(catalogue_publish))
}

pub(crate) fn versioned(view: EntryView) -> Versioned<Entry> {
    Versioned { revision: view.entry.revision, body: view.into() }
}

/// Which entries a search looks at.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CatalogueScope {
    /// Published ones, of everybody.
    #[default]
    Published,
    /// All of the own department.
    Mine,
    /// Those that wait for the authority.
    Review,
}

impl From<CatalogueScope> for Scope {
    fn from(scope: CatalogueScope) -> Self {
        match scope {
            CatalogueScope::Published => Self::Published,
            CatalogueScope::Mine => Self::Mine,
            CatalogueScope::Review => Self::Review,
        }
    }
}

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CatalogueQuery {
    /// Words; each must be found in name, abstract, class, items or provider.
    #[serde(default)]
    q: String,
    /// Only this sharing attribute.
    #[param(value_type = Option<list::SharingAttribute>)]
    attribute: Option<list::SharingAttribute>,
    /// Only this provider.
    #[param(value_type = Option<text::OrganisationId>)]
    provider: Option<text::OrganisationId>,
    /// Which entries.
    #[serde(default)]
    #[param(inline, required = false)]
    scope: CatalogueScope,
    /// At most so many.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Search the catalogue
#[utoipa::path(get, path = "/catalogue", operation_id = "catalogue_list", tag = "catalogue", params(CatalogueQuery),
    responses((status = 200, body = Page<EntryHit>, description = "A page of entries")))]
async fn catalogue_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    OriginalUri(uri): OriginalUri,
    QueryOf(query): QueryOf<CatalogueQuery>,
) -> Result<Paged<EntryHit>, Problem> {
    let find = EntryFind {
        q: query.q,
        attribute: query.attribute.map(Into::into),
        provider: query.provider.map(Into::into),
        scope: query.scope.into(),
        limit: page_limit(query.limit)?,
        after: query.after,
    };
    Ok(Paged::of(state.app.entry_list(&ctx, find).await?, EntryHit::from, &uri))
}

/// Begin a catalogue entry
///
/// It may lack anything; what it lacks is told in `completeness`.
#[utoipa::path(post, path = "/catalogue", operation_id = "catalogue_create", tag = "catalogue",
    request_body = EntryContent, responses((status = 201, body = Entry, description = "The draft")))]
async fn catalogue_create(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(content): JsonBody<EntryContent>,
) -> Result<Created<Versioned<Entry>>, Problem> {
    let view = state.app.entry_create(&ctx, content.into()).await?;
    Ok(Created { place: format!("/catalogue/{}", view.entry.value.id), body: versioned(view) })
}

/// One entry
#[utoipa::path(get, path = "/catalogue/{id}", operation_id = "catalogue_fetch", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry")),
    responses((status = 200, body = Entry, description = "The entry")))]
async fn catalogue_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CatalogueEntryId>,
) -> Result<Versioned<Entry>, Problem> {
    Ok(versioned(state.app.entry_fetch(&ctx, id).await?))
}

/// Change what a draft says
#[utoipa::path(put, path = "/catalogue/{id}", operation_id = "catalogue_revise", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry"), ("If-Match" = String, Header)),
    request_body = EntryContent, responses((status = 200, body = Entry, description = "The entry")))]
async fn catalogue_revise(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CatalogueEntryId>,
    IfMatch(seen): IfMatch,
    JsonBody(content): JsonBody<EntryContent>,
) -> Result<Versioned<Entry>, Problem> {
    Ok(versioned(state.app.entry_revise(&ctx, id, seen, content.into()).await?))
}

/// Put a draft before the department's head
///
/// It must be complete (Art. 13); every field that is wrong is told at once.
#[utoipa::path(post, path = "/catalogue/{id}/submit", operation_id = "catalogue_submit", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry"), ("If-Match" = String, Header)),
    responses((status = 200, body = Entry, description = "The entry")))]
async fn catalogue_submit(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CatalogueEntryId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<Entry>, Problem> {
    Ok(versioned(state.app.entry_submit(&ctx, id, seen).await?))
}

/// Approve an entry as the department's head
///
/// With that it is filed with the sharing authority.
#[utoipa::path(post, path = "/catalogue/{id}/approve", operation_id = "catalogue_approve", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry"), ("If-Match" = String, Header)),
    responses((status = 200, body = Entry, description = "The entry")))]
async fn catalogue_approve(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CatalogueEntryId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<Entry>, Problem> {
    Ok(versioned(state.app.entry_approve(&ctx, id, seen).await?))
}

/// Send an entry back, with the reason
#[utoipa::path(post, path = "/catalogue/{id}/return", operation_id = "catalogue_return", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry"), ("If-Match" = String, Header)),
    request_body = Reason, responses((status = 200, body = Entry, description = "The entry")))]
async fn catalogue_return(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CatalogueEntryId>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<Reason>,
) -> Result<Versioned<Entry>, Problem> {
    Ok(versioned(state.app.entry_return(&ctx, id, seen, &form.reason).await?))
}

/// Publish and announce an entry as the sharing authority
#[utoipa::path(post, path = "/catalogue/{id}/publish", operation_id = "catalogue_publish", tag = "catalogue",
    params(("id" = text::CatalogueEntryId, Path, description = "The entry"), ("If-Match" = String, Header)),
    responses((status = 200, body = Entry, description = "The entry")))]
async fn catalogue_publish(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CatalogueEntryId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<Entry>, Problem> {
    Ok(versioned(state.app.entry_publish(&ctx, id, seen).await?))
}
