//! Data elements: which department is the source of what, and what several departments collect.

use crate::{
    HttpState,
    extract::LoggedIn,
    problem::Problem,
    wire::{
        element::{DataElement, RepeatedElement},
        shared::Items,
    },
};
use axum::{Json, extract::State};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(data_element_list)).routes(routes!(data_element_repeats))
}

/// Data elements
///
/// Those about which there is a designation, with the source department (数源部门, Art. 19(2)) or none yet.
#[utoipa::path(get, path = "/data_elements", operation_id = "data_element_list", tag = "cases",
    responses((status = 200, body = Items<DataElement>, description = "The elements, by name")))]
async fn data_element_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
) -> Result<Json<Items<DataElement>>, Problem> {
    Ok(Json(Items::of(state.app.element_list(&ctx).await?)))
}

/// What several departments state they collect
///
/// Computed over the published entries that state a basis of collection: leads for a human, never a verdict.
#[utoipa::path(get, path = "/data_elements/repeats", operation_id = "data_element_repeats", tag = "cases",
    responses((status = 200, body = Items<RepeatedElement>, description = "Those of most departments first")))]
async fn data_element_repeats(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
) -> Result<Json<Items<RepeatedElement>>, Problem> {
    Ok(Json(Items::of(state.app.element_repeats(&ctx).await?)))
}
