//! Gateways: data planes in a provider's own network. What they ask of the node is the data plane's matter, under `/gateway/`.

use crate::{
    HttpState,
    answer::Created,
    extract::{JsonBody, LoggedIn, NoBody, PathId},
    problem::Problem,
    wire::{
        gateway::{Gateway, GatewayNew},
        shared::Items,
        text,
    },
};
use axum::{Json, extract::State};
use shuqiao_vocabulary::GatewayId;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(gateway_list, gateway_create)).routes(routes!(gateway_remove))
}

/// Gateways of the own organisation
#[utoipa::path(get, path = "/gateways", operation_id = "gateway_list", tag = "gateways",
    responses((status = 200, body = Items<Gateway>, description = "The gateways")))]
async fn gateway_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
) -> Result<Json<Items<Gateway>>, Problem> {
    Ok(Json(Items::of(state.app.gateway_list(&ctx).await?)))
}

/// Register a gateway
///
/// The answer holds its enrolment file, once.
#[utoipa::path(post, path = "/gateways", operation_id = "gateway_create", tag = "gateways",
    request_body = GatewayNew, responses((status = 201, body = Gateway, description = "The gateway")))]
async fn gateway_create(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(form): JsonBody<GatewayNew>,
) -> Result<Created<Json<Gateway>>, Problem> {
    let created = state.app.gateway_create(&ctx, &form.name).await?;
    Ok(Created { place: format!("/gateways/{}", created.0.gateway.id), body: Json(created.into()) })
}

/// Remove a gateway
///
/// The node tells it nothing any more; within five seconds it refuses every call.
#[utoipa::path(post, path = "/gateways/{id}/remove", operation_id = "gateway_remove", tag = "gateways",
    params(("id" = text::GatewayId, Path, description = "The gateway")),
    responses((status = 200, body = Gateway, description = "The gateway")))]
async fn gateway_remove(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<GatewayId>,
    _: NoBody,
) -> Result<Json<Gateway>, Problem> {
    Ok(Json(state.app.gateway_remove(&ctx, id).await?.into()))
}
