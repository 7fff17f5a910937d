//! Cases: corrections, disputes, rectifications … of every kind.

use crate::{
    HttpState,
    answer::{Created, Paged, Versioned, page_limit},
    extract::{IfMatch, JsonBody, LoggedIn, PathId, QueryOf},
    problem::Problem,
    wire::{
        case::{Case, CaseAct, CaseHit, CaseMatter},
        list,
        shared::Page,
        text,
    },
};
use axum::extract::{OriginalUri, State};
use serde::Deserialize;
use shuqiao_app::{CaseFind, view::CaseView};
use shuqiao_domain::case::About;
use shuqiao_vocabulary::CaseId;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(case_list, case_open)).routes(routes!(case_fetch)).routes(routes!(case_act))
}

fn versioned(view: CaseView) -> Versioned<Case> {
    Versioned { revision: view.hit.case.revision, body: view.into() }
}

/// Which cases.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CaseQuery {
    /// Only of this kind.
    #[param(value_type = Option<list::CaseKind>)]
    kind: Option<list::CaseKind>,
    /// Only about this entry.
    #[param(value_type = Option<text::CatalogueEntryId>)]
    entry: Option<text::CatalogueEntryId>,
    /// Only about this request.
    #[param(value_type = Option<text::SharingRequestId>)]
    request: Option<text::SharingRequestId>,
    /// Only about this grant.
    #[param(value_type = Option<text::GrantId>)]
    grant: Option<text::GrantId>,
    /// Only about this case.
    #[param(value_type = Option<text::CaseId>)]
    case: Option<text::CaseId>,
    /// Only those with nothing left to do (`true`), or only the others (`false`).
    settled: Option<bool>,
    /// All that the reader may see, not only those of the own organisation.
    #[serde(default)]
    #[param(required = false)]
    all: bool,
    /// At most so many.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Cases
#[utoipa::path(get, path = "/cases", operation_id = "case_list", tag = "cases", params(CaseQuery),
    responses((status = 200, body = Page<CaseHit>, description = "A page of cases, those moved last first")))]
async fn case_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    OriginalUri(uri): OriginalUri,
    QueryOf(query): QueryOf<CaseQuery>,
) -> Result<Paged<CaseHit>, Problem> {
    let find = CaseFind {
        kinds: query.kind.map(Into::into).into_iter().collect(),
        about: About {
            entry: query.entry.map(Into::into),
            request: query.request.map(Into::into),
            grant: query.grant.map(Into::into),
            case: query.case.map(Into::into),
        },
        settled: query.settled,
        mine: !query.all,
        limit: page_limit(query.limit)?,
        after: query.after,
    };
    Ok(Paged::of(state.app.case_list(&ctx, find).await?, CaseHit::from, &uri))
}

/// Open a case
///
/// `kind` says which; what else is asked for depends on it.
#[utoipa::path(post, path = "/cases", operation_id = "case_open", tag = "cases",
    request_body = CaseMatter, responses((status = 201, body = Case, description = "The case")))]
async fn case_open(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(matter): JsonBody<CaseMatter>,
) -> Result<Created<Versioned<Case>>, Problem> {
    let view = state.app.case_open(&ctx, matter.into()).await?;
    Ok(Created { place: format!("/cases/{}", view.hit.case.value.id()), body: versioned(view) })
}

/// One case
#[utoipa::path(get, path = "/cases/{id}", operation_id = "case_fetch", tag = "cases",
    params(("id" = text::CaseId, Path, description = "The case")),
    responses((status = 200, body = Case, description = "The case")))]
async fn case_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CaseId>,
) -> Result<Versioned<Case>, Problem> {
    Ok(versioned(state.app.case_fetch(&ctx, id).await?))
}

/// Act in a case
///
/// `kind` and `verb` say what is done; `allowed` of the case lists the verbs that the caller may do now.
#[utoipa::path(post, path = "/cases/{id}/acts", operation_id = "case_act", tag = "cases",
    params(("id" = text::CaseId, Path, description = "The case"), ("If-Match" = String, Header)),
    request_body = CaseAct, responses((status = 200, body = Case, description = "The case")))]
async fn case_act(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CaseId>,
    IfMatch(seen): IfMatch,
    JsonBody(act): JsonBody<CaseAct>,
) -> Result<Versioned<Case>, Problem> {
    Ok(versioned(state.app.case_act(&ctx, id, seen, act.into()).await?))
}
