//! Reminders of the reader.

use crate::{
    HttpState,
    extract::{JsonBody, LoggedIn},
    problem::Problem,
    wire::reminder::{Reminders, RemindersRead},
};
use axum::{Json, extract::State};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(reminder_list)).routes(routes!(reminder_read))
}

/// Reminders of the reader
#[utoipa::path(get, path = "/reminders", operation_id = "reminder_list", tag = "inbox",
    responses((status = 200, body = Reminders, description = "The newest, and how many are not read")))]
async fn reminder_list(State(state): State<HttpState>, LoggedIn(ctx): LoggedIn) -> Result<Json<Reminders>, Problem> {
    Ok(Json(state.app.reminder_list(&ctx).await?.into()))
}

/// Reminders were read
#[utoipa::path(post, path = "/reminders/read", operation_id = "reminder_read", tag = "inbox",
    request_body = RemindersRead,
    responses((status = 200, body = Reminders, description = "The newest, and how many are not read")))]
async fn reminder_read(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(form): JsonBody<RemindersRead>,
) -> Result<Json<Reminders>, Problem> {
    let ids: Vec<_> = form.ids.into_iter().take(shuqiao_app::READ_MAX).map(|id| id.0).collect();
    Ok(Json(state.app.reminder_read(&ctx, &ids).await?.into()))
}
