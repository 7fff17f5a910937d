//! Whose copy leaked: a file that has turned up, looked for among what was delivered.

use crate::{
    HttpState,
    extract::{LoggedIn, QueryOf, whole_file},
    problem::Problem,
    wire::{leak::LeakTrace, list},
};
use axum::{Json, body::Body, extract::State};
use serde::Deserialize;
use shuqiao_app::LEAK_BYTES_MAX;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(leak_trace))
}

/// What the file is.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LeakQuery {
    /// Its form.
    #[param(inline)]
    form: list::LeakForm,
}

/// Find out whose copy of delivered rows leaked
///
/// The body is the file that has turned up, 64 MiB at most; it is not kept. Names the deliveries of this node that contained
/// its rows, with the probability that it is by chance. Who asked, and the file's digest, are on record. What gateways
/// delivered is looked for with `shuqiao trace` where they run.
#[utoipa::path(post, path = "/leaks/trace", operation_id = "leak_trace", tag = "record",
    params(LeakQuery), request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = LeakTrace, description = "What was found")))]
async fn leak_trace(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    QueryOf(query): QueryOf<LeakQuery>,
    body: Body,
) -> Result<Json<LeakTrace>, Problem> {
    let bytes = whole_file(body, LEAK_BYTES_MAX).await?;
    Ok(Json(state.app.leak_trace(&ctx, query.form.into(), bytes).await?.into()))
}
