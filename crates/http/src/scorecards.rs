//! Scorecards: how a department does its duties in a period, with the cases behind each number.

use crate::{
    HttpState,
    extract::{LoggedIn, QueryOf},
    problem::Problem,
    wire::{
        scorecard::{RecomputedScorecard, Scorecard, ScorecardTable},
        text,
    },
};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(scorecard_fetch))
        .routes(routes!(scorecard_departments))
        .routes(routes!(scorecard_recomputed))
}

/// Which scorecard.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ScorecardQuery {
    /// A month, a quarter or a year.
    #[param(value_type = text::PeriodText)]
    period: text::PeriodText,
    /// Of this organisation; left out, of all of them together.
    #[param(value_type = Option<text::OrganisationId>)]
    unit: Option<text::OrganisationId>,
}

/// Which period.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PeriodQuery {
    /// A month, a quarter or a year.
    #[param(value_type = text::PeriodText)]
    period: text::PeriodText,
}

/// A scorecard
///
/// The evaluation indicators (Art. 38(2)) that the node can compute, each with its cases.
#[utoipa::path(get, path = "/scorecards", operation_id = "scorecard_fetch", tag = "record", params(ScorecardQuery),
    responses((status = 200, body = Scorecard, description = "The scorecard")))]
async fn scorecard_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    QueryOf(query): QueryOf<ScorecardQuery>,
) -> Result<Json<Scorecard>, Problem> {
    Ok(Json(state.app.scorecard(&ctx, query.unit.map(Into::into), query.period.into()).await?.into()))
}

/// The scorecards of all departments
///
/// Every department of the caller's region with its indicators, without the cases behind them.
#[utoipa::path(get, path = "/scorecards/departments", operation_id = "scorecard_departments", tag = "record",
    params(PeriodQuery), responses((status = 200, body = ScorecardTable, description = "The table")))]
async fn scorecard_departments(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    QueryOf(query): QueryOf<PeriodQuery>,
) -> Result<Json<ScorecardTable>, Problem> {
    Ok(Json(state.app.scorecard_departments(&ctx, query.period.into()).await?.into()))
}

/// A scorecard, computed anew from the journal
///
/// For those who check: beside what is shown, what the journal alone gives, and whether both agree.
#[utoipa::path(get, path = "/scorecards/recomputed", operation_id = "scorecard_recomputed", tag = "record",
    params(ScorecardQuery), responses((status = 200, body = RecomputedScorecard, description = "Both")))]
async fn scorecard_recomputed(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    QueryOf(query): QueryOf<ScorecardQuery>,
) -> Result<Json<RecomputedScorecard>, Problem> {
    Ok(Json(state.app.scorecard_recomputed(&ctx, query.unit.map(Into::into), query.period.into()).await?.into()))
}
