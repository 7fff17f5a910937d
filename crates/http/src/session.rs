//! Login, session, first login.

use crate::{
    HttpState,
    answer::Created,
    extract::{AtEdge, JsonBody, LoggedIn, SESSION_COOKIE, SessionToken},
    problem::Problem,
    wire::people::{FirstLogin, FirstLoginPerson, FirstLoginToken, Login, Session},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use shuqiao_app::{Ctx, view::Opened};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(session_fetch, session_create, session_delete))
        .routes(routes!(first_login_check))
        .routes(routes!(first_login))
}

/// Where the cookie is sent to: the interface, and never the data plane.
fn cookie(state: &HttpState, token: &str, seconds: i64) -> Option<HeaderValue> {
    let secure = if state.is_secure() { "; Secure" } else { "" };
    let path = crate::PREFIX;
    let text = format!("{SESSION_COOKIE}={token}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).ok()
}

fn with_cookie(answer: impl IntoResponse, cookie: Option<HeaderValue>) -> Response {
    let mut response = answer.into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Who is logged in
///
/// Answers the person, this node, and the actions that such a person may do at all.
#[utoipa::path(get, path = "/session", operation_id = "session_fetch", tag = "session",
    responses((status = 200, body = Session, description = "The session")))]
async fn session_fetch(State(state): State<HttpState>, LoggedIn(ctx): LoggedIn) -> Result<Json<Session>, Problem> {
    Ok(Json(Session::of(state.app.me(&ctx).await?, state.app.node(), None)))
}

/// Log in
///
/// Sets the session's cookie; or, with `bearer`, answers its token for `Authorization: Bearer`. What exactly was wrong is
/// never told. After five failures the account is locked for a quarter of an hour.
#[utoipa::path(post, path = "/session", operation_id = "session_create", tag = "session", security(()),
    request_body = Login, responses((status = 201, body = Session, description = "Logged in")))]
async fn session_create(
    State(state): State<HttpState>,
    AtEdge(edge): AtEdge,
    JsonBody(form): JsonBody<Login>,
) -> Result<Response, Problem> {
    let Opened { token, seconds, who } = state.app.login(&edge, &form.login, &form.password).await?;
    let ctx = Ctx { edge, principal: who.principal, person_name: who.person_name, idempotency: None };
    let me = state.app.me(&ctx).await?;
    let cookie = if form.bearer { None } else { cookie(&state, &token, seconds) };
    let body = Session::of(me, state.app.node(), form.bearer.then_some(token));
    Ok(with_cookie(Created { place: "/session".to_owned(), body: Json(body) }, cookie))
}

/// Log out
///
/// The session ends at once, everywhere.
#[utoipa::path(delete, path = "/session", operation_id = "session_delete", tag = "session", security(()),
    responses((status = 204, description = "Logged out, or nobody was logged in")))]
async fn session_delete(
    State(state): State<HttpState>,
    AtEdge(edge): AtEdge,
    token: SessionToken,
) -> Result<Response, Problem> {
    if let Some(token) = token.0 {
        state.app.logout(&edge, &token).await?;
    }
    Ok(with_cookie(StatusCode::NO_CONTENT, cookie(&state, "", 0)))
}

/// Whose one-time link it is
#[utoipa::path(post, path = "/first-login/check", operation_id = "first_login_check", tag = "session", security(()),
    request_body = FirstLoginToken, responses((status = 200, body = FirstLoginPerson, description = "Whose it is")))]
async fn first_login_check(
    State(state): State<HttpState>,
    AtEdge(edge): AtEdge,
    JsonBody(form): JsonBody<FirstLoginToken>,
) -> Result<Json<FirstLoginPerson>, Problem> {
    let (login, name) = state.app.first_login_check(&edge, &form.token).await?;
    Ok(Json(FirstLoginPerson { login, name }))
}

/// Set the password by a one-time link
///
/// The link is used up, and every session of the account ends.
#[utoipa::path(post, path = "/first-login", operation_id = "first_login", tag = "session", security(()),
    request_body = FirstLogin, responses((status = 204, description = "Set")))]
async fn first_login(
    State(state): State<HttpState>,
    AtEdge(edge): AtEdge,
    JsonBody(form): JsonBody<FirstLogin>,
) -> Result<StatusCode, Problem> {
    state.app.first_login(&edge, &form.token, &form.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
