//! People with accounts on this node.

use crate::{
    HttpState,
    answer::Created,
    extract::{JsonBody, LoggedIn, NoBody, PathId},
    problem::Problem,
    wire::{
        people::{OneTimeLink, Person, PersonNew},
        shared::Items,
        text,
    },
};
use axum::{Json, extract::State};
use shuqiao_vocabulary::PersonId;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(person_list, person_create))
        .routes(routes!(person_reset))
        .routes(routes!(person_unlock))
        .routes(routes!(person_deactivate))
}

/// People
///
/// Those of every organisation for administrators, those of the own one for others who may see them.
#[utoipa::path(get, path = "/people", operation_id = "person_list", tag = "people",
    responses((status = 200, body = Items<Person>, description = "The people")))]
async fn person_list(State(state): State<HttpState>, LoggedIn(ctx): LoggedIn) -> Result<Json<Items<Person>>, Problem> {
    let people = state.app.person_list(&ctx).await?;
    let organisations = state.app.organisation_list(&ctx).await?;
    let items = people.into_iter().map(|person| Person::of(person, &organisations)).collect();
    Ok(Json(Items { items }))
}

/// Open an account
///
/// The answer holds the link for the first login, once.
#[utoipa::path(post, path = "/people", operation_id = "person_create", tag = "people",
    request_body = PersonNew, responses((status = 201, body = Person, description = "The account")))]
async fn person_create(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    JsonBody(form): JsonBody<PersonNew>,
) -> Result<Created<Json<Person>>, Problem> {
    let (person, token) = state.app.person_create(&ctx, form.into()).await?;
    let organisations = state.app.organisation_list(&ctx).await?;
    let place = format!("/people/{}", person.id);
    let body = Person::of(person, &organisations).with_link(state.app.node(), &token);
    Ok(Created { place, body: Json(body) })
}

/// Give a person a new one-time link
#[utoipa::path(post, path = "/people/{id}/reset", operation_id = "person_reset", tag = "people",
    params(("id" = text::PersonId, Path, description = "The person")),
    responses((status = 200, body = OneTimeLink, description = "The link, shown once")))]
async fn person_reset(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<PersonId>,
    _: NoBody,
) -> Result<Json<OneTimeLink>, Problem> {
    let token = state.app.person_reset(&ctx, id).await?;
    Ok(Json(OneTimeLink::of(state.app.node(), &token)))
}

/// Unlock an account
#[utoipa::path(post, path = "/people/{id}/unlock", operation_id = "person_unlock", tag = "people",
    params(("id" = text::PersonId, Path, description = "The person")),
    responses((status = 200, body = Person, description = "The account")))]
async fn person_unlock(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<PersonId>,
    _: NoBody,
) -> Result<Json<Person>, Problem> {
    let person = state.app.person_unlock(&ctx, id).await?;
    Ok(Json(Person::of(person, &state.app.organisation_list(&ctx).await?)))
}

/// Close an account
///
/// Its sessions end at once.
#[utoipa::path(post, path = "/people/{id}/deactivate", operation_id = "person_deactivate", tag = "people",
    params(("id" = text::PersonId, Path, description = "The person")),
    responses((status = 200, body = Person, description = "The account")))]
async fn person_deactivate(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<PersonId>,
    _: NoBody,
) -> Result<Json<Person>, Problem> {
    let person = state.app.person_deactivate(&ctx, id).await?;
    Ok(Json(Person::of(person, &state.app.organisation_list(&ctx).await?)))
}
