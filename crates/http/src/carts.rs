//! Applications for several entries.

use crate::{
    HttpState,
    answer::Created,
    extract::{JsonBody, LoggedIn, PathId},
    problem::Problem,
    wire::{
        cart::{Cart, NewCart, SeenRequests, seen_requests},
        text,
    },
};
use axum::{Json, extract::State};
use shuqiao_vocabulary::CartId;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(cart_create))
        .routes(routes!(cart_fetch))
        .routes(routes!(cart_submit))
        .routes(routes!(cart_consent))
}

/// Begin an application for several entries
///
/// One common statement, and for each entry its items and rows; each becomes a request of its own, grouped by provider.
#[utoipa::path(post, path = "/carts", operation_id = "cart_create", tag = "requests",
    request_body = NewCart, responses((status = 201, body = Cart, description = "The application")))]
async fn cart_create(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(form): JsonBody<NewCart>,
) -> Result<Created<Json<Cart>>, Problem> {
    let view = state.app.cart_create(&ctx, form.parts()).await?;
    Ok(Created { place: format!("/carts/{}", view.cart.id), body: Json(view.into()) })
}

/// One application with its requests
///
/// Each reader sees the requests that they may see.
#[utoipa::path(get, path = "/carts/{id}", operation_id = "cart_fetch", tag = "requests",
    params(("id" = text::CartId, Path, description = "The application")),
    responses((status = 200, body = Cart, description = "The application")))]
async fn cart_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CartId>,
) -> Result<Json<Cart>, Problem> {
    Ok(Json(state.app.cart_fetch(&ctx, id).await?.into()))
}

/// Submit requests of an application to the head of the own sharing office
///
/// All that are named, or none; each with the revision that was seen.
#[utoipa::path(post, path = "/carts/{id}/submit", operation_id = "cart_submit", tag = "requests",
    params(("id" = text::CartId, Path, description = "The application")),
    request_body = SeenRequests, responses((status = 200, body = Cart, description = "The application")))]
async fn cart_submit(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CartId>,
    JsonBody(form): JsonBody<SeenRequests>,
) -> Result<Json<Cart>, Problem> {
    Ok(Json(state.app.cart_submit(&ctx, id, &seen_requests(form)).await?.into()))
}

/// Consent to requests of an application, as head of the sharing office
///
/// All that are named, or none; each is received, and each has its own clock.
#[utoipa::path(post, path = "/carts/{id}/consent", operation_id = "cart_consent", tag = "requests",
    params(("id" = text::CartId, Path, description = "The application")),
    request_body = SeenRequests, responses((status = 200, body = Cart, description = "The application")))]
async fn cart_consent(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<CartId>,
    JsonBody(form): JsonBody<SeenRequests>,
) -> Result<Json<Cart>, Problem> {
    Ok(Json(state.app.cart_consent(&ctx, id, &seen_requests(form)).await?.into()))
}
