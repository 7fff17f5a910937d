//! Sharing requests.

use crate::{
    HttpState,
    answer::{Created, Paged, Versioned, page_limit},
    extract::{IfMatch, JsonBody, LoggedIn, NoBody, PathId, QueryOf},
    problem::{ApiCode, Problem},
    wire::{
        list,
        reply::Propose,
        request::{Answers, Missing, RequestContent, SharingRequest, SharingRequestHit},
        shared::{Page, Reason},
        text,
    },
};
use axum::extract::{OriginalUri, State};
use serde::Deserialize;
use shuqiao_app::{RequestBox, RequestFind, view::RequestView};
use shuqiao_vocabulary::SharingRequestId;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(request_list, request_create))
        .routes(routes!(request_fetch, request_revise))
        .routes(routes!(request_submit))
        .routes(routes!(request_consent))
        .routes(routes!(request_decline))
        .routes(routes!(request_withdraw))
        .routes(routes!(request_ask_supplement))
        .routes(routes!(request_supplement))
        .routes(routes!(request_propose))
        .routes(routes!(request_return_proposal))
        .routes(routes!(request_decide))
        .merge(crate::request_time::routes())
}

pub(crate) fn versioned(view: RequestView) -> Versioned<SharingRequest> {
    Versioned { revision: view.request.revision, body: view.into() }
}

/// Whose requests.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RequestSide {
    /// Those the own department asked.
    #[default]
    Mine,
    /// Those it was asked.
    Received,
    /// All that the reader may see.
    All,
}

impl From<RequestSide> for RequestBox {
    fn from(side: RequestSide) -> Self {
        match side {
            RequestSide::Mine => Self::Mine,
            RequestSide::Received => Self::Received,
            RequestSide::All => Self::All,
        }
    }
}

/// Which requests.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RequestQuery {
    /// Whose.
    #[serde(default, rename = "box")]
    #[param(inline, required = false)]
    whose: RequestSide,
    /// Only in this state.
    #[param(value_type = Option<list::RequestState>)]
    state: Option<list::RequestState>,
    /// At most so many.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Sharing requests
#[utoipa::path(get, path = "/requests", operation_id = "request_list", tag = "requests", params(RequestQuery),
    responses((status = 200, body = Page<SharingRequestHit>, description = "A page of requests")))]
async fn request_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    OriginalUri(uri): OriginalUri,
    QueryOf(query): QueryOf<RequestQuery>,
) -> Result<Paged<SharingRequestHit>, Problem> {
    let find = RequestFind {
        whose: query.whose.into(),
        states: query.state.map(Into::into).into_iter().collect(),
        limit: page_limit(query.limit)?,
        after: query.after,
    };
    Ok(Paged::of(state.app.request_list(&ctx, find).await?, SharingRequestHit::from, &uri))
}

/// Begin a request on a published entry
///
/// `entry` must be given; anything else may still lack, and is told in `completeness`.
#[utoipa::path(post, path = "/requests", operation_id = "request_create", tag = "requests",
    request_body = RequestContent, responses((status = 201, body = SharingRequest, description = "The draft")))]
async fn request_create(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(content): JsonBody<RequestContent>,
) -> Result<Created<Versioned<SharingRequest>>, Problem> {
    let missing = || Problem::new(ApiCode::JsonMismatch).with("field", "entry").with("detail", "missing field `entry`");
    let entry = content.entry.clone().ok_or_else(missing)?;
    let view = state.app.request_create(&ctx, entry.0, content.into()).await?;
    Ok(Created { place: format!("/requests/{}", view.request.value.id), body: versioned(view) })
}

/// One request
#[utoipa::path(get, path = "/requests/{id}", operation_id = "request_fetch", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request")),
    responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_fetch(&ctx, id).await?))
}

/// Change what a request says
///
/// While it is a draft, or while it answers a notice of what is missing.
#[utoipa::path(put, path = "/requests/{id}", operation_id = "request_revise", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    request_body = RequestContent, responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_revise(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    JsonBody(content): JsonBody<RequestContent>,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_revise(&ctx, id, seen, content.into()).await?))
}

/// Put a request before the head of the own sharing office
///
/// It must be complete and attested (Art. 20(2)); every field that is wrong is told at once.
#[utoipa::path(post, path = "/requests/{id}/submit", operation_id = "request_submit", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_submit(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_submit(&ctx, id, seen).await?))
}

/// Consent to asking, as head of the sharing office
///
/// With that the request is received, and the clock of Art. 21(1) starts.
#[utoipa::path(post, path = "/requests/{id}/consent", operation_id = "request_consent", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_consent(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_consent(&ctx, id, seen).await?))
}

/// Send a request back to its drafter, with the reason
#[utoipa::path(post, path = "/requests/{id}/decline", operation_id = "request_decline", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    request_body = Reason, responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_decline(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<Reason>,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_decline(&ctx, id, seen, &form.reason).await?))
}

/// Withdraw a request, with the reason
///
/// A clock that ran stays in the record.
#[utoipa::path(post, path = "/requests/{id}/withdraw", operation_id = "request_withdraw", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    request_body = Reason, responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_withdraw(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<Reason>,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_withdraw(&ctx, id, seen, &form.reason).await?))
}

/// Tell once everything that is missing
///
/// A second notice is refused (Art. 21(2)). Until the day to answer is over, nothing is refused for what is missing; without
/// one, that is the day before the reply is due.
#[utoipa::path(post, path = "/requests/{id}/ask_supplement", operation_id = "request_ask_supplement", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    request_body = Missing, responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_ask_supplement(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<Missing>,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(
        state.app.request_ask_supplement(&ctx, id, seen, &form.missing, form.answer_by.map(Into::into)).await?,
    ))
}

/// Give what was missing
#[utoipa::path(post, path = "/requests/{id}/supplement", operation_id = "request_supplement", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    request_body = Answers, responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_supplement(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<Answers>,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_supplement(&ctx, id, seen, &form.answers).await?))
}

/// Propose a reply to the head of the own sharing office
///
/// An agreement may narrow what was asked and never widens it; a refusal gives its reasons.
#[utoipa::path(post, path = "/requests/{id}/propose", operation_id = "request_propose", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    request_body = Propose, responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_propose(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<Propose>,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_propose(&ctx, id, seen, form.decision.into()).await?))
}

/// Send a proposed reply back to its author, with the reason
#[utoipa::path(post, path = "/requests/{id}/return_proposal", operation_id = "request_return_proposal", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    request_body = Reason, responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_return_proposal(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<Reason>,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_return_proposal(&ctx, id, seen, &form.reason).await?))
}

/// Consent to the proposed reply, as head of the sharing office
///
/// The reply is effective: agreeing makes the grant in the same transaction (Art. 20(3)).
#[utoipa::path(post, path = "/requests/{id}/decide", operation_id = "request_decide", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_decide(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_decide(&ctx, id, seen).await?))
}
