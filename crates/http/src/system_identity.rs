//! A system's public keys, addresses, and whether it must sign.

use crate::{
    HttpState,
    extract::{JsonBody, LoggedIn, NoBody, PathId, PathIds},
    problem::Problem,
    wire::{
        shared::Items,
        system::{NationalAccess, NationalUse, Refusal, System, SystemCalling, SystemKeyNew},
        text,
    },
};
use axum::{Json, extract::State};
use shuqiao_app::NewSystemKey;
use shuqiao_domain::{Refusal as Refused, RefusalCode};
use shuqiao_vocabulary::SystemId;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this resource.
pub(crate) fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(system_key_add))
        .routes(routes!(system_key_retire))
        .routes(routes!(system_calling_set))
        .routes(routes!(system_national_list))
        .routes(routes!(system_national_set))
        .routes(routes!(system_national_end))
        .routes(routes!(refusal_fetch))
}

/// Register a public key of a system
///
/// Keys before it stay good until their time is over, so that the change can overlap.
#[utoipa::path(post, path = "/systems/{id}/keys", operation_id = "system_key_add", tag = "systems",
    params(("id" = text::SystemId, Path, description = "The system")), request_body = SystemKeyNew,
    responses((status = 200, body = System, description = "The system")))]
async fn system_key_add(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SystemId>,
    JsonBody(form): JsonBody<SystemKeyNew>,
) -> Result<Json<System>, Problem> {
    if form.jwk.d.is_some() {
        // Whoever sends it here has to make another one: it has been seen.
        let private =
            Refused::new(RefusalCode::KeyRefused, None).with("reason", "this is a private key; make a new pair");
        return Err(private.into());
    }
    let new = NewSystemKey {
        kid: form.kid,
        kty: form.jwk.kty,
        crv: form.jwk.crv,
        x: form.jwk.x,
        y: form.jwk.y,
        from: form.from.map(Into::into),
        until: form.until.into(),
    };
    Ok(Json(state.app.system_key_add(&ctx, id, new).await?.into()))
}

/// Retire a public key of a system
///
/// What it signed is refused from now on.
#[utoipa::path(post, path = "/systems/{id}/keys/{kid}/retire", operation_id = "system_key_retire", tag = "systems",
    params(("id" = text::SystemId, Path, description = "The system"), ("kid" = String, Path, description = "The key's name")),
    responses((status = 200, body = System, description = "The system")))]
async fn system_key_retire(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathIds(id, kid): PathIds<SystemId, String>,
    _: NoBody,
) -> Result<Json<System>, Problem> {
    Ok(Json(state.app.system_key_retire(&ctx, id, &kid).await?.into()))
}

/// Let a system use the national platform's call signature
///
/// For clients that cannot be changed: it covers neither body nor path. The answer holds the `appkey`, once, when there is a
/// new one.
#[utoipa::path(post, path = "/systems/{id}/national", operation_id = "system_national_set", tag = "systems",
    params(("id" = text::SystemId, Path, description = "The system")), request_body = NationalAccess,
    responses((status = 200, body = System, description = "The system")))]
async fn system_national_set(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SystemId>,
    JsonBody(form): JsonBody<NationalAccess>,
) -> Result<Json<System>, Problem> {
    let new_key = form.new_key;
    let (system, appkey) = state.app.system_national_set(&ctx, id, form.into(), new_key).await?;
    Ok(Json(System { appkey, ..system.into() }))
}

/// End a system's use of the national platform's call signature
#[utoipa::path(post, path = "/systems/{id}/national/end", operation_id = "system_national_end", tag = "systems",
    params(("id" = text::SystemId, Path, description = "The system")),
    responses((status = 200, body = System, description = "The system")))]
async fn system_national_end(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SystemId>,
    _: NoBody,
) -> Result<Json<System>, Problem> {
    Ok(Json(state.app.system_national_end(&ctx, id).await?.into()))
}

/// Who still uses the national platform's call signature
///
/// Systems that may, with their services and calls on this node and its gateways: the own department's, those that call
/// what it provides, and all for those who supervise (Art. 29(1)).
#[utoipa::path(get, path = "/systems/national", operation_id = "system_national_list", tag = "systems",
    responses((status = 200, body = Items<NationalUse>, description = "The services")))]
async fn system_national_list(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
) -> Result<Json<Items<NationalUse>>, Problem> {
    Ok(Json(Items::of(state.app.system_national_list(&ctx).await?)))
}

/// Why a call of the own department was refused
///
/// By the `request_id` that the caller was given. Reasons are kept in memory for a while; the usage record keeps the code.
#[utoipa::path(get, path = "/refusals/{request_id}", operation_id = "refusal_fetch", tag = "systems",
    params(("request_id" = String, Path, description = "The reference")),
    responses((status = 200, body = Refusal, description = "What was refused, which check failed, what to do next")))]
async fn refusal_fetch(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(reference): PathId<String>,
) -> Result<Json<Refusal>, Problem> {
    Ok(Json(state.app.refusal_fetch(&ctx, &reference).await?.into()))
}

/// Say from where a system calls and whether it must sign
///
/// Calls from other addresses are refused with the next book, which is within a second.
#[utoipa::path(post, path = "/systems/{id}/calling", operation_id = "system_calling_set", tag = "systems",
    params(("id" = text::SystemId, Path, description = "The system")), request_body = SystemCalling,
    responses((status = 200, body = System, description = "The system")))]
async fn system_calling_set(
    State(state): State<HttpState>,
    LoggedIn(ctx): LoggedIn,
    PathId(id): PathId<SystemId>,
    JsonBody(form): JsonBody<SystemCalling>,
) -> Result<Json<System>, Problem> {
    let set = state.app.system_calling_set(&ctx, id, &form.addresses, form.signature_required).await?;
    Ok(Json(set.into()))
}
