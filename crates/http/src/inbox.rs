//! The inbox of the reader.

use crate::{
    HttpState,
    extract::{LoggedIn, QueryOf},
    problem::Problem,
    wire::{inbox::Inbox, list},
};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(inbox_fetch))
}

/// Which tab.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct InboxQuery {
    /// Which tab.
    #[param(value_type = list::InboxTab)]
    tab: list::InboxTab,
}

/// What waits for whom, by due moment
#[utoipa::path(get, path = "/inbox", operation_id = "inbox_fetch", tag = "inbox", params(InboxQuery),
    responses((status = 200, body = Inbox, description = "The tab, and how many each tab holds")))]
async fn inbox_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    QueryOf(query): QueryOf<InboxQuery>,
) -> Result<Json<Inbox>, Problem> {
    Ok(Json(state.app.inbox(&ctx, query.tab.into()).await?.into()))
}
