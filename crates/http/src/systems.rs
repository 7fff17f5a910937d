//! Department systems: what calls data services.

use crate::{
    HttpState,
    answer::Created,
    extract::{JsonBody, LoggedIn, NoBody, PathId},
    problem::Problem,
    wire::{
        shared::Items,
        system::{System, SystemNew},
        text,
    },
};
use axum::{Json, extract::State};
use shuqiao_vocabulary::SystemId;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(system_list, system_create))
        .routes(routes!(system_rotate))
        .routes(routes!(system_deactivate))
}

/// Systems of the own organisation
#[utoipa::path(get, path = "/systems", operation_id = "system_list", tag = "systems",
    responses((status = 200, body = Items<System>, description = "The systems")))]
async fn system_list(State(state): State<HttpState>, LoggedIn(ctx): LoggedIn) -> Result<Json<Items<System>>, Problem> {
    Ok(Json(Items::of(state.app.system_list(&ctx).await?)))
}

/// Register a system
///
/// The answer holds its secret, once.
#[utoipa::path(post, path = "/systems", operation_id = "system_create", tag = "systems",
    request_body = SystemNew, responses((status = 201, body = System, description = "The system")))]
async fn system_create(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(form): JsonBody<SystemNew>,
) -> Result<Created<Json<System>>, Problem> {
    let (system, secret) = state.app.system_create(&ctx, &form.name).await?;
    Ok(Created { place: format!("/systems/{}", system.id), body: Json((system, secret).into()) })
}

/// Give a system a new secret
///
/// The one before stays good until the next rotation, so that the change can overlap.
#[utoipa::path(post, path = "/systems/{id}/rotate", operation_id = "system_rotate", tag = "systems",
    params(("id" = text::SystemId, Path, description = "The system")),
    responses((status = 200, body = System, description = "The system with its new secret, shown once")))]
async fn system_rotate(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SystemId>,
    _: NoBody,
) -> Result<Json<System>, Problem> {
    Ok(Json(state.app.system_rotate(&ctx, id).await?.into()))
}

/// Close a system
///
/// Its next call is refused.
#[utoipa::path(post, path = "/systems/{id}/deactivate", operation_id = "system_deactivate", tag = "systems",
    params(("id" = text::SystemId, Path, description = "The system")),
    responses((status = 200, body = System, description = "The system")))]
async fn system_deactivate(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SystemId>,
    _: NoBody,
) -> Result<Json<System>, Problem> {
    Ok(Json(state.app.system_deactivate(&ctx, id).await?.into()))
}
