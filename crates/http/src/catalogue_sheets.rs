//! The catalogue in files: entries come in, what is wrong goes back beside their rows, what a search finds goes out.

use crate::{
    HttpState,
    answer::{WORKBOOK, Workbook},
    catalogue::CatalogueScope,
    extract::{LoggedIn, QueryOf, whole_file},
    problem::Problem,
    wire::{
        import::{ImportProblem, ImportReport},
        list, text,
    },
};
use axum::{Json, body::Body, extract::State};
use serde::Deserialize;
use shuqiao_app::EntryFind;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(catalogue_import))
        .routes(routes!(catalogue_import_report))
        .routes(routes!(catalogue_export))
}

/// How a file is read.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    /// The form it has: `shuqiao-1`, `dsg-2026`, `dsg-info-2026`, `guide-2017`, `province-2026` or `credit-719`.
    profile: String,
    /// Only say what is wrong and what would be drafted; draft nothing.
    #[serde(default = "yes")]
    #[param(required = false, default = true)]
    check: bool,
}

const fn yes() -> bool {
    true
}

/// How a file is given back with remarks.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReportQuery {
    /// The form it has.
    profile: String,
}

/// What is exported.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
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
}

/// Draft entries from a workbook or table
///
/// The body is the file itself. Each row that nothing speaks against becomes a draft of the own department; what is wrong
/// is told by sheet, row and column. With `check`, nothing is drafted. A file that comes twice drafts nothing twice.
#[utoipa::path(post, path = "/catalogue/import", operation_id = "catalogue_import", tag = "catalogue",
    params(ImportQuery), request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = ImportReport, description = "What became of it")))]
async fn catalogue_import(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    QueryOf(query): QueryOf<ImportQuery>,
    body: Body,
) -> Result<Json<ImportReport>, Problem> {
    let bytes = whole_file(body, state.app.import_bytes_max()).await?;
    Ok(Json(state.app.entry_import(&ctx, &query.profile, bytes, query.check).await?.into()))
}

/// The same file with what is wrong beside its rows
///
/// Nothing is drafted.
#[utoipa::path(post, path = "/catalogue/import/report", operation_id = "catalogue_import_report", tag = "catalogue",
    params(ReportQuery), request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Vec<u8>, content_type = WORKBOOK, description = "A workbook with remarks")))]
async fn catalogue_import_report(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    QueryOf(query): QueryOf<ReportQuery>,
    body: Body,
) -> Result<Workbook, Problem> {
    let bytes = whole_file(body, state.app.import_bytes_max()).await?;
    let report = ImportReport::from(state.app.entry_import(&ctx, &query.profile, bytes.clone(), true).await?);
    let remark = |problem: ImportProblem| {
        let text = problem.remark();
        (problem.sheet, problem.row, text)
    };
    let remarks = report.problems.into_iter().map(remark).collect();
    let bytes = state.app.entry_import_remarked(&ctx, bytes, remarks).await?;
    Ok(Workbook { bytes, name: "import-report" })
}

/// What a search finds, as a workbook
///
/// In the form of the template that departments know; it can be imported again as `shuqiao-1`.
#[utoipa::path(get, path = "/catalogue/export", operation_id = "catalogue_export", tag = "catalogue",
    params(ExportQuery),
    responses((status = 200, body = Vec<u8>, content_type = WORKBOOK, description = "A workbook of entries")))]
async fn catalogue_export(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    QueryOf(query): QueryOf<ExportQuery>,
) -> Result<Workbook, Problem> {
    let find = EntryFind {
        q: query.q,
        attribute: query.attribute.map(Into::into),
        provider: query.provider.map(Into::into),
        scope: query.scope.into(),
        limit: crate::answer::LIMIT_MAX,
        after: None,
    };
    let bytes = state.app.entry_export(&ctx, find).await?;
    Ok(Workbook { bytes, name: "catalogue" })
}
