//! Routes of file delivery: order, look, fetch, confirm, delete.

use super::{DeliveredFile, FileState, Manifest, order, order::FileOrder};
use crate::{
    delivery::receipt::ReceivedRows,
    enforcement::restrict,
    plane::{Call, Facts, Plane},
    problem::{ProblemCode, Refused},
    routes::{Came, refusal, signed, wants_chinese},
};
use axum::{
    Json, Router,
    body::Body,
    extract::{Path, Query, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::Deserialize;
use serde_json::{Value, json};
use shuqiao_crypto::{digest, token::Claims};
use shuqiao_vocabulary::{Moment, SharingMethod};
use std::{sync::Arc, time::Duration};
use tower::ServiceExt;
use tower_http::services::ServeFile;

/// Seconds a download address is good; each look at the file gives a new one.
const KEY_SECONDS: i64 = 900;
/// A caller may wait this long for its file with one request.
const WAIT_SECONDS_MAX: u64 = 60;
/// Nothing else that was sealed with the same key opens as one.
const KEY_CONTEXT: &[u8] = b"shuqiao download key v1";

/// The routes of file delivery.
pub(crate) fn routes(plane: Arc<Plane>) -> Router {
    Router::new()
        .route("/data/v1/grants/{grant_id}/files", post(file_order).get(file_list))
        .route("/data/v1/files/{file_id}", get(file_show).delete(file_delete))
        .route("/data/v1/files/{file_id}/content", get(file_content))
        .route("/data/v1/files/{file_id}/receipt", post(file_receipt))
        .with_state(plane)
}

async fn file_order(State(plane): State<Arc<Plane>>, Path(grant): Path<String>, request: Request) -> Response {
    let came = Came::of(request).await;
    let call = came.call(&plane, &grant, SharingMethod::FileDownload);
    let mut facts = Facts::default();
    let response = match plane.file_ordered(&call, &mut facts) {
        Ok(file) => {
            let at = format!("{}/data/v1/files/{}", plane.public_origin(), file.id);
            let mut response = (StatusCode::ACCEPTED, Json(shown(&plane, &file, call.now))).into_response();
            if let Ok(at) = HeaderValue::from_str(&at) {
                response.headers_mut().insert(header::LOCATION, at);
            }
            response
        }
        Err(refused) => refusal(&plane, &call, facts, refused, came.headers()).await,
    };
    signed(&plane, response, &call).await
}

impl Plane {
    fn file_ordered(self: &Arc<Self>, call: &Call<'_>, facts: &mut Facts) -> Result<Arc<DeliveredFile>, Refused> {
        let (grant, caller) = self.admit(call, facts)?;
        let body = call.body.ok_or_else(|| Refused::new(ProblemCode::BodyTooLarge))?;
        let (query, format) = order::parse(body)?;
        if query.purpose == grant.terms.purpose {
            facts.purpose = query.purpose.clone();
        }
        restrict(&grant, &query, &caller, SharingMethod::FileDownload, call.now)?;
        facts.count(&grant)?;
        self.file_order(FileOrder { grant: grant.terms.id, caller, query, format }, call.request_id, call.now)
    }

    /// The file that this token or download key opens, while its grant is in force.
    fn file_opened(&self, id: &str, call: &Call<'_>, key: Option<&str>) -> Result<Arc<DeliveredFile>, Refused> {
        let missing = || Refused::new(ProblemCode::FileMissing);
        let file = match key {
            Some(key) => {
                if !self.key_opens(key, id, call.now) {
                    return Err(Refused::new(ProblemCode::FileKeyInvalid));
                }
                self.files().find(id).ok_or_else(missing)?
            }
            None => {
                let claims = self.proven(call)?;
                let file = self.files().of(id, claims.caller).ok_or_else(missing)?;
                let bound_elsewhere = claims.grant.is_some_and(|only| only != file.order.grant);
                if bound_elsewhere || claims.organisation != file.order.caller.organisation {
                    return Err(missing());
                }
                file
            }
        };
        // A file that was lawful when it was made is not when its grant has ended since.
        let grant = self.live_grant(&file.order.grant, call.now)?;
        if !self.book().knows(&file.order.caller) {
            return Err(Refused::new(ProblemCode::TokenInvalid));
        }
        restrict(&grant, &file.order.query, &file.order.caller, SharingMethod::FileDownload, call.now)?;
        if !file.is_of(&grant.terms) {
            return Err(Refused::new(ProblemCode::GrantChanged));
        }
        if file.has_expired(call.now, &self.files().limits) { Err(missing()) } else { Ok(file) }
    }

    /// A download key: this file, for some minutes, without a token. What browsers and Delta Sharing clients fetch by.
    pub(crate) fn file_key(&self, id: &str, until: Moment) -> String {
        let text = format!("{id} {}", until.microseconds());
        URL_SAFE_NO_PAD.encode(self.seal().seal(KEY_CONTEXT, text.as_bytes()))
    }

    fn key_opens(&self, key: &str, id: &str, now: Moment) -> bool {
        let text = URL_SAFE_NO_PAD.decode(key).ok().and_then(|sealed| self.seal().open(KEY_CONTEXT, &sealed).ok());
        let text = text.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        let (of, until) = text.split_once(' ').unwrap_or_default();
        of == id && until.parse().is_ok_and(|until: i64| now.microseconds() <= until)
    }
}

async fn file_list(State(plane): State<Arc<Plane>>, Path(grant): Path<String>, request: Request) -> Response {
    let came = Came::of(request).await;
    let call = came.call(&plane, &grant, SharingMethod::FileDownload);
    let mut facts = Facts::default();
    match plane.admit(&call, &mut facts) {
        Ok((grant, Claims { caller, .. })) => {
            plane.files_sweep(call.now);
            let files = plane.files().list(&grant.terms.id, caller);
            let items: Vec<Value> = files.iter().map(|file| shown(&plane, file, call.now)).collect();
            Json(json!({ "items": items })).into_response()
        }
        Err(refused) => refusal(&plane, &call, facts, refused, came.headers()).await,
    }
}

#[derive(Deserialize)]
struct ShowQuery {
    /// Seconds to wait for the file to be made, at most [`WAIT_SECONDS_MAX`].
    #[serde(default)]
    wait: u64,
}

async fn file_show(
    State(plane): State<Arc<Plane>>,
    Path(id): Path<String>,
    Query(ShowQuery { wait }): Query<ShowQuery>,
    request: Request,
) -> Response {
    let came = Came::of(request).await;
    let call = came.call(&plane, "", SharingMethod::FileDownload);
    match plane.file_opened(&id, &call, None) {
        Ok(file) => {
            let patience = Duration::from_secs(wait.min(WAIT_SECONDS_MAX));
            let _made = tokio::time::timeout(patience, file.ended()).await;
            Json(shown(&plane, &file, call.now)).into_response()
        }
        Err(refused) => file_refusal(&plane, &came, &id, refused).await,
    }
}

async fn file_delete(State(plane): State<Arc<Plane>>, Path(id): Path<String>, request: Request) -> Response {
    let came = Came::of(request).await;
    let call = came.call(&plane, "", SharingMethod::FileDownload);
    match plane.file_opened(&id, &call, None) {
        Ok(file) if matches!(file.state(), FileState::Making(_)) => {
            file_refusal(&plane, &came, &id, Refused::new(ProblemCode::FileNotReady)).await
        }
        Ok(file) => {
            plane.files().discard(&file.id);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(refused) => file_refusal(&plane, &came, &id, refused).await,
    }
}

#[derive(Deserialize)]
struct ContentQuery {
    key: Option<String>,
}

/// The content, whole or a range of it (RFC 9110 section 14).
async fn file_content(
    State(plane): State<Arc<Plane>>,
    Path(id): Path<String>,
    Query(ContentQuery { key }): Query<ContentQuery>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let came = Came::of(Request::from_parts(parts.clone(), Body::empty())).await;
    let request = Request::from_parts(parts, body);
    let call = came.call(&plane, "", SharingMethod::FileDownload);
    let opened = plane.file_opened(&id, &call, key.as_deref()).and_then(|file| match file.state() {
        FileState::Ready(manifest) => Ok((file, manifest)),
        FileState::Making(_) => Err(Refused::new(ProblemCode::FileNotReady).again_after(1)),
        FileState::Refused(refused) => Err(refused),
    });
    let (file, manifest) = match opened {
        Ok(opened) => opened,
        Err(refused) => return file_refusal(&plane, &came, &id, refused).await,
    };
    let Ok(mime) = file.order.format.media_type().parse() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let served = ServeFile::new_with_mime(plane.files().content(&id), &mime).oneshot(request).await;
    let Ok(mut response) = served.map(IntoResponse::into_response);
    let headers = response.headers_mut();
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let name: String = file.order.query.purpose.chars().take(64).map(plain).collect();
    let name = format!("attachment; filename=\"{name}.{}\"", file.order.format.as_str());
    let digest = digest::from_hex(&manifest.sha256).map(|digest| STANDARD.encode(digest)).unwrap_or_default();
    for (header, value) in [
        ("content-disposition", name),
        ("etag", format!("\"{}\"", manifest.sha256)),
        ("repr-digest", format!("sha-256=:{digest}:")),
        ("shuqiao-record", manifest.record.to_string()),
        ("cache-control", "no-store".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(header, value);
        }
    }
    response
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReceivedForm {
    rows: u64,
    rows_digest: String,
}

/// The receiver says what it counted (签收). A difference is recorded and told, and the file stays as it is.
async fn file_receipt(State(plane): State<Arc<Plane>>, Path(id): Path<String>, request: Request) -> Response {
    let came = Came::of(request).await;
    let call = came.call(&plane, "", SharingMethod::FileDownload);
    let body = call.body.unwrap_or_default();
    let malformed = || Refused::new(ProblemCode::QueryMalformed).with("field", "rows_digest");
    let done = match plane.file_opened(&id, &call, None) {
        Err(refused) => Err(refused),
        Ok(file) => match serde_json::from_slice::<ReceivedForm>(body) {
            Ok(form) if digest::from_hex(&form.rows_digest).is_some() => {
                let received = ReceivedRows { rows: form.rows, rows_digest: form.rows_digest.to_ascii_lowercase() };
                plane.file_received(&file, received, call.now).await.map(|manifest| (file, manifest))
            }
            _ => Err(malformed()),
        },
    };
    match done {
        Ok((file, manifest)) if manifest.received.as_ref().is_some_and(|received| received.agrees) => {
            Json(shown(&plane, &file, call.now)).into_response()
        }
        Ok((_, manifest)) => {
            let record = manifest.received.map(|received| received.record);
            let refused = Refused::new(ProblemCode::ReceiptDiffers).with("rows", manifest.rows);
            refused.with("rows_digest", manifest.rows_digest).into_response(
                call.request_id,
                wants_chinese(came.headers()),
                record,
            )
        }
        Err(refused) => file_refusal(&plane, &came, &id, refused).await,
    }
}

/// What callers see of a file.
fn shown(plane: &Plane, file: &DeliveredFile, now: Moment) -> Value {
    let mut shown = json!({
        "id": file.id,
        "grant": file.order.grant.to_string(),
        "purpose": file.order.query.purpose,
        "format": file.order.format.as_str(),
        "ordered_at": file.ordered.to_string(),
        "request_id": file.request_id,
    });
    let told = match file.state() {
        FileState::Making(rows) => json!({ "state": "making", "rows": rows }),
        FileState::Refused(refused) => {
            let (zh, en) = refused.code.titles();
            let code = refused.code.as_str();
            json!({ "state": "refused", "code": code, "title_zh": zh, "title_en": en, "params": refused.params })
        }
        FileState::Ready(manifest) => ready(plane, file, &manifest, now),
    };
    if let (Some(shown), Value::Object(told)) = (shown.as_object_mut(), told) {
        shown.extend(told);
    }
    shown
}

fn ready(plane: &Plane, file: &DeliveredFile, manifest: &Manifest, now: Moment) -> Value {
    let until = now.plus_seconds(KEY_SECONDS).min(manifest.expires);
    let columns: Vec<Value> = manifest
        .columns
        .iter()
        .map(|column| json!({ "name": column.name.as_str(), "type": column.item_type.as_str(), "masked": column.masked }))
        .collect();
    json!({
        "state": "ready",
        "items": columns,
        "rows": manifest.rows,
        "rows_digest": manifest.rows_digest,
        "bytes": manifest.bytes,
        "sha256": manifest.sha256,
        "sm3": manifest.sm3,
        "record": { "index": manifest.record, "log": plane.usage_origin() },
        "receipt": manifest.receipt,
        "made_at": manifest.made.to_string(),
        "expires_at": manifest.expires.to_string(),
        "content_url": format!("{}/data/v1/files/{}/content", plane.public_origin(), file.id),
        "download_url": format!(
            "{}/data/v1/files/{}/content?key={}", plane.public_origin(), file.id, plane.file_key(&file.id, until)
        ),
        "download_until": until.to_string(),
        "received": manifest.received.as_ref().map(|received| json!({
            "rows": received.rows.rows,
            "rows_digest": received.rows.rows_digest,
            "agrees": received.agrees,
            "at": received.at.to_string(),
            "record": received.record,
        })),
    })
}

/// A refusal about a file is recorded with the file's grant, when it is known whose it is.
async fn file_refusal(plane: &Arc<Plane>, came: &Came, id: &str, refused: Refused) -> Response {
    let mut facts = Facts::default();
    let grant = plane.files().find(id).map(|file| file.order.grant.to_string()).unwrap_or_default();
    let call = came.call(plane, &grant, SharingMethod::FileDownload);
    plane.learn(&call, &mut facts);
    refusal(plane, &call, facts, refused, came.headers()).await
}
