//! Papers (文书): have one made, list, fetch the file; and for everybody: is this one genuine?

use crate::{
    HttpState,
    answer::Created,
    extract::{JsonBody, LoggedIn, PathId, QueryOf},
    problem::Problem,
    wire::{
        paper::{Paper, PaperNew, PaperVerification, Papers},
        text,
    },
};
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(paper_list, paper_issue))
        .routes(routes!(paper_file))
        .routes(routes!(paper_verify))
}

/// Whose papers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PaperQuery {
    /// What they speak of: the id of a request, a grant, a catalogue entry or a case, or an evaluation.
    subject: text::PaperSubject,
}

/// The papers of a thing, and the kinds that can be made of it
#[utoipa::path(get, path = "/papers", operation_id = "paper_list", tag = "papers", params(PaperQuery),
    responses((status = 200, body = Papers, description = "The papers, the newest first")))]
async fn paper_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    QueryOf(query): QueryOf<PaperQuery>,
) -> Result<Json<Papers>, Problem> {
    Ok(Json(state.app.paper_list(&ctx, query.subject.into()).await?.into()))
}

/// Have a paper made
///
/// Whoever may read a thing may have its papers made, when the kind fits the state it is in. The same kind of the same
/// revision is the same paper: asking again answers with the one that was made. The circular of an evaluation is of a quarter
/// or a year that is over, and is had made by an officer of the authority; the same numbers are the same paper.
#[utoipa::path(post, path = "/papers", operation_id = "paper_issue", tag = "papers",
    request_body = PaperNew, responses((status = 201, body = Paper, description = "The paper")))]
async fn paper_issue(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(new): JsonBody<PaperNew>,
) -> Result<Created<Json<Paper>>, Problem> {
    let made = state.app.paper_issue(&ctx, new.kind.into(), new.subject.into()).await?;
    let paper = Paper::from(made);
    Ok(Created { place: format!("/papers/{}/file", paper.number), body: Json(paper) })
}

/// The file of a paper
#[utoipa::path(get, path = "/papers/{number}/file", operation_id = "paper_file", tag = "papers",
    params(("number" = String, Path, description = "The paper's number")),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf", description = "The PDF")))]
async fn paper_file(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(number): PathId<String>,
) -> Result<Response, Problem> {
    let paper = state.app.paper_file(&ctx, &number).await?;
    let name = format!("attachment; filename=\"{}.pdf\"", paper.number);
    let mut response = ([(header::CONTENT_TYPE, "application/pdf")], paper.file).into_response();
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// Is this paper genuine?
///
/// For everybody who holds one: kind, issuer, day and digests of the paper of this number; nothing about anybody. The
/// code on a paper leads to the console's page `/verify/{number}`, which asks here.
#[utoipa::path(get, path = "/verify/papers/{number}", operation_id = "paper_verify", tag = "papers", security(()),
    params(("number" = String, Path, description = "The number on the paper")),
    responses((status = 200, body = PaperVerification, description = "There is such a paper")))]
async fn paper_verify(
    State(state): State<HttpState>,
    PathId(number): PathId<String>,
) -> Result<Json<PaperVerification>, Problem> {
    Ok(Json(state.app.paper_check(&number).await?.into()))
}
