//! More time to reply (Art. 21(1)) and the delivery after it (Art. 22(1)).

use crate::{
    HttpState,
    answer::Versioned,
    extract::{IfMatch, JsonBody, LoggedIn, NoBody, PathId},
    problem::Problem,
    requests::versioned,
    wire::{request::SharingRequest, request_time::AskExtension, shared::Reason, text},
};
use axum::extract::State;
use shuqiao_vocabulary::SharingRequestId;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this part.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(request_ask_extension))
        .routes(routes!(request_grant_extension))
        .routes(routes!(request_refuse_extension))
        .routes(routes!(request_confirm_delivery))
        .routes(routes!(request_report_undelivered))
}

/// Ask for more time to reply
///
/// For a special reason, once, while the term runs; the clock is not stopped by it.
#[utoipa::path(post, path = "/requests/{id}/ask_extension", operation_id = "request_ask_extension", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    request_body = AskExtension, responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_ask_extension(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<AskExtension>,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_ask_extension(&ctx, id, seen, form.working_days, &form.reason).await?))
}

/// Consent to more time, as the authority of the provider's level and region
///
/// The extended clock counts from now on, and the requester is told.
#[utoipa::path(post, path = "/requests/{id}/grant_extension", operation_id = "request_grant_extension", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_grant_extension(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_grant_extension(&ctx, id, seen).await?))
}

/// Do not consent to more time, with the reason
///
/// The term stays as it was; the requester is told.
#[utoipa::path(post, path = "/requests/{id}/refuse_extension", operation_id = "request_refuse_extension", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    request_body = Reason, responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_refuse_extension(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<Reason>,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_refuse_extension(&ctx, id, seen, &form.reason).await?))
}

/// Confirm that what is delivered can be used
///
/// The clock of delivery stops at the first usable delivery.
#[utoipa::path(post, path = "/requests/{id}/confirm_delivery", operation_id = "request_confirm_delivery", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_confirm_delivery(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_confirm_delivery(&ctx, id, seen).await?))
}

/// Report that nothing usable was delivered, with the reason
///
/// The clock of delivery runs on.
#[utoipa::path(post, path = "/requests/{id}/report_undelivered", operation_id = "request_report_undelivered", tag = "requests",
    params(("id" = text::SharingRequestId, Path, description = "The request"), ("If-Match" = String, Header)),
    request_body = Reason, responses((status = 200, body = SharingRequest, description = "The request")))]
async fn request_report_undelivered(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SharingRequestId>,
    IfMatch(seen): IfMatch,
    JsonBody(form): JsonBody<Reason>,
) -> Result<Versioned<SharingRequest>, Problem> {
    Ok(versioned(state.app.request_report_undelivered(&ctx, id, seen, &form.reason).await?))
}
