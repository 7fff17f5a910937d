//! Tasks of batch exchange: set up, run, pause, end; what their runs came to.

use crate::{
    HttpState,
    answer::{Created, Versioned},
    extract::{IfMatch, JsonBody, LoggedIn, NoBody, PathId, PathIds, QueryOf},
    problem::Problem,
    wire::{
        batch::{BatchBadRow, BatchCountNew, BatchRun, BatchTask, BatchTaskNew},
        shared::Items,
        text,
    },
};
use axum::{Json, extract::State};
use serde::Deserialize;
use shuqiao_app::BatchTaskView;
use shuqiao_domain::batch_task::NewTask;
use shuqiao_vocabulary::{BatchRunId, BatchTaskId};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(batch_task_list, batch_task_create))
        .routes(routes!(batch_task_fetch))
        .routes(routes!(batch_task_run))
        .routes(routes!(batch_task_pause))
        .routes(routes!(batch_task_resume))
        .routes(routes!(batch_task_end))
        .routes(routes!(batch_run_list))
        .routes(routes!(batch_run_put_aside))
        .routes(routes!(batch_run_countersign))
}

fn versioned(view: BatchTaskView) -> Versioned<BatchTask> {
    Versioned { revision: view.task.revision, body: view.into() }
}

/// Of which grant.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TaskQuery {
    /// The grant.
    grant: text::GrantId,
}

/// The tasks of a grant
///
/// Both parties see them, with those that are over.
#[utoipa::path(get, path = "/batch-tasks", operation_id = "batch_task_list", tag = "batch-tasks", params(TaskQuery),
    responses((status = 200, body = Items<BatchTask>, description = "The tasks, the oldest first")))]
async fn batch_task_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    QueryOf(query): QueryOf<TaskQuery>,
) -> Result<Json<Items<BatchTask>>, Problem> {
    Ok(Json(Items::of(state.app.batch_task_list(&ctx, query.grant.into()).await?)))
}

/// Set a task up
///
/// Grant, target and table are tried first: what could not run is not kept. Login data is sealed and never given back.
#[utoipa::path(post, path = "/batch-tasks", operation_id = "batch_task_create", tag = "batch-tasks",
    request_body = BatchTaskNew, responses((status = 201, body = BatchTask, description = "The task")))]
async fn batch_task_create(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(form): JsonBody<BatchTaskNew>,
) -> Result<Created<Versioned<BatchTask>>, Problem> {
    let BatchTaskNew { grant, target, table, mode, schedule } = form;
    let new = NewTask { mode: mode.into(), table, schedule: schedule.into() };
    let view = state.app.batch_task_create(&ctx, grant.into(), new, &target.into()).await?;
    Ok(Created { place: format!("/batch-tasks/{}", view.task.value.id), body: versioned(view) })
}

/// One task with its newest run
#[utoipa::path(get, path = "/batch-tasks/{id}", operation_id = "batch_task_fetch", tag = "batch-tasks",
    params(("id" = text::BatchTaskId, Path, description = "The task")),
    responses((status = 200, body = BatchTask, description = "The task")))]
async fn batch_task_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<BatchTaskId>,
) -> Result<Versioned<BatchTask>, Problem> {
    Ok(versioned(state.app.batch_task_fetch(&ctx, id).await?))
}

/// Begin a run now
///
/// Refused while the grant does not deliver, and while a run is not over.
#[utoipa::path(post, path = "/batch-tasks/{id}/run", operation_id = "batch_task_run", tag = "batch-tasks",
    params(("id" = text::BatchTaskId, Path, description = "The task")),
    responses((status = 200, body = BatchTask, description = "The task with the run")))]
async fn batch_task_run(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<BatchTaskId>,
    _: NoBody,
) -> Result<Versioned<BatchTask>, Problem> {
    Ok(versioned(state.app.batch_task_run(&ctx, id).await?))
}

/// Pause a task
///
/// No run begins; one under way waits after the rows that are on their way.
#[utoipa::path(post, path = "/batch-tasks/{id}/pause", operation_id = "batch_task_pause", tag = "batch-tasks",
    params(("id" = text::BatchTaskId, Path, description = "The task"), ("If-Match" = String, Header)),
    responses((status = 200, body = BatchTask, description = "The task")))]
async fn batch_task_pause(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<BatchTaskId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<BatchTask>, Problem> {
    Ok(versioned(state.app.batch_task_pause(&ctx, id, seen).await?))
}

/// Let a paused task stand again
///
/// A run that waited goes on; moments of the schedule that went by are not made up for.
#[utoipa::path(post, path = "/batch-tasks/{id}/resume", operation_id = "batch_task_resume", tag = "batch-tasks",
    params(("id" = text::BatchTaskId, Path, description = "The task"), ("If-Match" = String, Header)),
    responses((status = 200, body = BatchTask, description = "The task")))]
async fn batch_task_resume(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<BatchTaskId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<BatchTask>, Problem> {
    Ok(versioned(state.app.batch_task_resume(&ctx, id, seen).await?))
}

/// End a task
///
/// A run under way is given up, and what it left in the target is removed; what finished runs brought stays.
#[utoipa::path(post, path = "/batch-tasks/{id}/end", operation_id = "batch_task_end", tag = "batch-tasks",
    params(("id" = text::BatchTaskId, Path, description = "The task"), ("If-Match" = String, Header)),
    responses((status = 200, body = BatchTask, description = "The task")))]
async fn batch_task_end(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<BatchTaskId>,
    IfMatch(seen): IfMatch,
    _: NoBody,
) -> Result<Versioned<BatchTask>, Problem> {
    Ok(versioned(state.app.batch_task_end(&ctx, id, seen).await?))
}

/// The runs of a task
///
/// With progress while they are at work, and with the signed receipt once they have finished.
#[utoipa::path(get, path = "/batch-tasks/{id}/runs", operation_id = "batch_run_list", tag = "batch-tasks",
    params(("id" = text::BatchTaskId, Path, description = "The task")),
    responses((status = 200, body = Items<BatchRun>, description = "The runs, the newest first")))]
async fn batch_run_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<BatchTaskId>,
) -> Result<Json<Items<BatchRun>>, Problem> {
    Ok(Json(Items::of(state.app.batch_run_list(&ctx, id).await?)))
}

/// The rows that a run put aside
///
/// Where and why, never what: a row is named by a keyed digest of its key.
#[utoipa::path(get, path = "/batch-tasks/{id}/runs/{run}/put-aside", operation_id = "batch_run_put_aside",
    tag = "batch-tasks",
    params(("id" = text::BatchTaskId, Path, description = "The task"),
        ("run" = text::BatchRunId, Path, description = "The run")),
    responses((status = 200, body = Items<BatchBadRow>, description = "The rows")))]
async fn batch_run_put_aside(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathIds(id, run): PathIds<BatchTaskId, BatchRunId>,
) -> Result<Json<Items<BatchBadRow>>, Problem> {
    Ok(Json(Items::of(state.app.batch_run_put_aside(&ctx, id, run).await?)))
}

/// Say what was counted of a run
///
/// The receiver counts its own table and says so; the answer tells whether both sides agree. The record keeps every count.
#[utoipa::path(post, path = "/batch-tasks/{id}/runs/{run}/countersign", operation_id = "batch_run_countersign",
    tag = "batch-tasks", request_body = BatchCountNew,
    params(("id" = text::BatchTaskId, Path, description = "The task"),
        ("run" = text::BatchRunId, Path, description = "The run")),
    responses((status = 200, body = BatchRun, description = "The run with both counts")))]
async fn batch_run_countersign(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathIds(id, run): PathIds<BatchTaskId, BatchRunId>,
    JsonBody(form): JsonBody<BatchCountNew>,
) -> Result<Json<BatchRun>, Problem> {
    Ok(Json(state.app.batch_run_countersign(&ctx, (id, run), form.rows, &form.digest).await?.into()))
}
