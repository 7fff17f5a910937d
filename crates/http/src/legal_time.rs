//! The calendar, the rule sets, and the deadline calculator.

use crate::{
    HttpState,
    answer::Created,
    extract::{JsonBody, LoggedIn, QueryOf},
    problem::Problem,
    wire::{
        legal_time::{CalendarNotice, CalendarNoticeNew, CalendarYear, Deadline, RuleSet, RuleSetNew, RuleSets},
        list::{ClockId, Level},
        shared::Items,
        text::{Date, RegionCode},
    },
};
use axum::{Json, extract::State};
use serde::Deserialize;
use shuqiao_app::AppError;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(calendar_fetch))
        .routes(routes!(calendar_notice_list, calendar_notice_add))
        .routes(routes!(rule_set_list, rule_set_adopt))
        .routes(routes!(deadline_fetch))
}

/// Which calendar.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CalendarQuery {
    /// The year; this one when left out.
    #[serde(default)]
    year: Option<i16>,
    /// The region; the nation's calendar when left out.
    #[serde(default)]
    #[param(value_type = Option<RegionCode>)]
    region: Option<RegionCode>,
}

/// The calendar of a year
#[utoipa::path(get, path = "/calendar", operation_id = "calendar_fetch", tag = "calendar", params(CalendarQuery),
    responses((status = 200, body = CalendarYear, description = "Its notices and the days they arrange")))]
async fn calendar_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    QueryOf(query): QueryOf<CalendarQuery>,
) -> Result<Json<CalendarYear>, Problem> {
    let year = query.year.unwrap_or(ctx.now().date().year());
    Ok(Json(state.app.calendar_year(&ctx, year, query.region.map(Into::into)).await?.into()))
}

/// Notices that were added to the calendar
#[utoipa::path(get, path = "/calendar/notices", operation_id = "calendar_notice_list", tag = "calendar",
    responses((status = 200, body = Items<CalendarNotice>, description = "In the order in which they came")))]
async fn calendar_notice_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
) -> Result<Json<Items<CalendarNotice>>, Problem> {
    Ok(Json(Items::of(state.app.calendar_notice_list(&ctx).await?)))
}

/// Add a notice to the calendar
///
/// Open clocks are computed anew, and each that moves is recorded.
#[utoipa::path(post, path = "/calendar/notices", operation_id = "calendar_notice_add", tag = "calendar",
    request_body = CalendarNoticeNew, responses((status = 201, body = CalendarNotice, description = "The notice")))]
async fn calendar_notice_add(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(form): JsonBody<CalendarNoticeNew>,
) -> Result<Created<Json<CalendarNotice>>, Problem> {
    let notice = form.notice().map_err(AppError::from)?;
    let added = state.app.calendar_notice_add(&ctx, notice).await?;
    Ok(Created { place: "/calendar/notices".to_owned(), body: Json(added.into()) })
}

/// Rule sets
#[utoipa::path(get, path = "/rules", operation_id = "rule_set_list", tag = "calendar",
    responses((status = 200, body = RuleSets, description = "What the Decree says, and the sets adopted")))]
async fn rule_set_list(State(state): State<HttpState>, LoggedIn(ctx): LoggedIn) -> Result<Json<RuleSets>, Problem> {
    Ok(Json(state.app.rule_set_list(&ctx).await?.into()))
}

/// Adopt a rule set
///
/// Shorter terms are encouraged (Art. 23); a longer one is refused with the article. Sets are superseded, never edited.
#[utoipa::path(post, path = "/rules", operation_id = "rule_set_adopt", tag = "calendar", request_body = RuleSetNew,
    responses((status = 201, body = RuleSet, description = "The set")))]
async fn rule_set_adopt(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(form): JsonBody<RuleSetNew>,
) -> Result<Created<Json<RuleSet>>, Problem> {
    let adopted = state.app.rule_set_adopt(&ctx, form.into()).await?;
    Ok(Created { place: "/rules".to_owned(), body: Json(adopted.into()) })
}

/// Which deadline.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DeadlineQuery {
    /// The clock of the law.
    #[param(value_type = ClockId)]
    clock: ClockId,
    /// The day it starts; not counted.
    #[param(value_type = Date)]
    from: Date,
    /// The region; this node's when left out.
    #[serde(default)]
    #[param(value_type = Option<RegionCode>)]
    region: Option<RegionCode>,
    /// The level; this node's when left out.
    #[serde(default)]
    #[param(value_type = Option<Level>)]
    level: Option<Level>,
}

/// Count a deadline
#[utoipa::path(get, path = "/deadlines", operation_id = "deadline_fetch", tag = "calendar", params(DeadlineQuery),
    responses((status = 200, body = Deadline, description = "The end, the rule and every day walked over")))]
async fn deadline_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    QueryOf(query): QueryOf<DeadlineQuery>,
) -> Result<Json<Deadline>, Problem> {
    let place = (query.level.map(Into::into), query.region.map(Into::into));
    Ok(Json(state.app.deadline(&ctx, query.clock.into(), query.from.into(), place).await?.into()))
}
