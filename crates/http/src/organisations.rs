//! Organisations of this node, and the public divisions.

use crate::{
    HttpState,
    answer::Created,
    extract::{JsonBody, LoggedIn, QueryOf},
    problem::Problem,
    wire::{
        organisation::{Organisation, OrganisationNew, Region},
        shared::Items,
    },
};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(organisation_list, organisation_create)).routes(routes!(region_list))
}

/// Organisations
#[utoipa::path(get, path = "/organisations", operation_id = "organisation_list", tag = "organisations",
    responses((status = 200, body = Items<Organisation>, description = "All of this node")))]
async fn organisation_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
) -> Result<Json<Items<Organisation>>, Problem> {
    Ok(Json(Items::of(state.app.organisation_list(&ctx).await?)))
}

/// Enter an organisation
#[utoipa::path(post, path = "/organisations", operation_id = "organisation_create", tag = "organisations",
    request_body = OrganisationNew, responses((status = 201, body = Organisation, description = "The organisation")))]
async fn organisation_create(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(form): JsonBody<OrganisationNew>,
) -> Result<Created<Json<Organisation>>, Problem> {
    let organisation = state.app.organisation_create(&ctx, form.into()).await?;
    Ok(Created { place: format!("/organisations/{}", organisation.id), body: Json(organisation.into()) })
}

/// Which divisions.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RegionQuery {
    /// The code of the division above; without it, the provinces.
    #[serde(default)]
    parent: String,
}

/// Administrative divisions below another
///
/// Public data (GB/T 2260).
#[utoipa::path(get, path = "/regions", operation_id = "region_list", tag = "organisations", security(()),
    params(RegionQuery), responses((status = 200, body = Items<Region>, description = "The divisions")))]
async fn region_list(
    State(state): State<HttpState>,
    QueryOf(query): QueryOf<RegionQuery>,
) -> Result<Json<Items<Region>>, Problem> {
    Ok(Json(Items::of((state.regions)(&query.parent))))
}
