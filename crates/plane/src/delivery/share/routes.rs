//! Routes of Delta Sharing, as its clients call them.

use super::{ADDRESS_SECONDS, TablePath, schema_string};
use crate::{
    compiled::CompiledGrant,
    plane::{Answer, Call, Facts, Plane},
    problem::{ProblemCode, Refused},
    routes::{Came, wants_chinese},
};
use axum::{
    Json, Router,
    body::Body,
    extract::{Path, Query, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};
use shuqiao_crypto::token::Claims;
use shuqiao_vocabulary::SharingMethod;
use std::{collections::BTreeSet, sync::Arc};

/// Things on one page of a list.
const PAGE_MAX: usize = 500;

/// The routes of Delta Sharing.
pub(crate) fn routes(plane: Arc<Plane>) -> Router {
    Router::new()
        .route("/delta-sharing/profile", get(profile))
        .route("/delta-sharing/shares", get(shares))
        .route("/delta-sharing/shares/{share}", get(share))
        .route("/delta-sharing/shares/{share}/schemas", get(schemas))
        .route("/delta-sharing/shares/{share}/schemas/{schema}/tables", get(tables))
        .route("/delta-sharing/shares/{share}/all-tables", get(all_tables))
        .route("/delta-sharing/shares/{share}/schemas/{schema}/tables/{table}/version", get(table_version))
        .route("/delta-sharing/shares/{share}/schemas/{schema}/tables/{table}/metadata", get(table_metadata))
        .route("/delta-sharing/shares/{share}/schemas/{schema}/tables/{table}/query", post(table_query))
        .with_state(plane)
}

/// One caller asking.
struct Asked {
    plane: Arc<Plane>,
    came: Came,
}

impl Asked {
    /// A body holds hints only; it is read so that the connection can go on.
    async fn of(plane: Arc<Plane>, request: Request) -> Self {
        Self { plane, came: Came::of(request).await }
    }

    fn call<'a>(&'a self, grant: &'a str) -> Call<'a> {
        self.came.call(&self.plane, grant, SharingMethod::FileDownload)
    }

    fn tables(&self) -> Result<Vec<(TablePath, Arc<CompiledGrant>)>, Refused> {
        let call = self.call("");
        let claims = self.plane.proven(&call)?;
        self.plane.share_tables(&claims, call.now)
    }

    fn table(&self, names: &TableNames) -> Result<(Arc<CompiledGrant>, Claims), Refused> {
        let call = self.call("");
        let claims = self.plane.proven(&call)?;
        let names = (&*names.share, &*names.schema, &*names.table);
        Ok((self.plane.share_table(&claims, names, call.now)?, claims))
    }

    /// A refusal, recorded, in the protocol's own form.
    async fn refused(&self, grant: Option<&CompiledGrant>, refused: Refused) -> Response {
        let grant = grant.map(|grant| grant.terms.id.to_string()).unwrap_or_default();
        let call = self.call(&grant);
        let mut facts = Facts::default();
        self.plane.learn(&call, &mut facts);
        match self.plane.record_refusal(&call, facts, refused).await {
            Answer::Refused { refused, record, .. } => self.shown(refused, record),
            Answer::Delivered(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }

    fn shown(&self, refused: Refused, record: Option<u64>) -> Response {
        let code = refused.code;
        let mut response = refused.into_response(&self.came.request_id, wants_chinese(self.came.headers()), record);
        let (zh, en) = code.titles();
        let message = if wants_chinese(self.came.headers()) { zh } else { en };
        let body = json!({ "errorCode": code.as_str(), "message": message, "requestId": self.came.request_id });
        *response.body_mut() = Body::from(body.to_string());
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response
    }
}

#[derive(Deserialize)]
struct TableNames {
    share: String,
    schema: String,
    table: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageQuery {
    max_results: Option<usize>,
    page_token: Option<String>,
}

/// A page of a sorted list; the token is the last thing on it.
fn page(items: Vec<Value>, query: &PageQuery) -> Result<Value, Refused> {
    let invalid = || Refused::new(ProblemCode::CursorInvalid);
    let start = match query.page_token.as_deref().filter(|token| !token.is_empty()) {
        None => 0,
        Some(token) => {
            let last = URL_SAFE_NO_PAD.decode(token).map_err(|_| invalid())?;
            items.iter().position(|item| item.to_string().as_bytes() == last).ok_or_else(invalid)? + 1
        }
    };
    let size = query.max_results.unwrap_or(PAGE_MAX).min(PAGE_MAX);
    let page: Vec<Value> = items.iter().skip(start).take(size).cloned().collect();
    let more = start + page.len() < items.len();
    let mut answer = json!({ "items": page });
    if let (true, Some(last)) = (more, answer["items"].as_array().and_then(|page| page.last())) {
        let token = URL_SAFE_NO_PAD.encode(last.to_string());
        answer["nextPageToken"] = json!(token);
    }
    Ok(answer)
}

async fn listed(asked: &Asked, query: &PageQuery, item: impl Fn(&TablePath) -> Option<Value>) -> Response {
    let answer = asked.tables().and_then(|tables| {
        // A set: a share has many tables and is listed once.
        let names: BTreeSet<String> =
            tables.iter().filter_map(|(path, _)| item(path)).map(|item| item.to_string()).collect();
        page(names.iter().filter_map(|text| serde_json::from_str(text).ok()).collect(), query)
    });
    match answer {
        Ok(answer) => Json(answer).into_response(),
        Err(refused) => asked.refused(None, refused).await,
    }
}

async fn shares(State(plane): State<Arc<Plane>>, Query(query): Query<PageQuery>, request: Request) -> Response {
    listed(&Asked::of(plane, request).await, &query, |path| Some(json!({ "name": path.share }))).await
}

async fn share(State(plane): State<Arc<Plane>>, Path(name): Path<String>, request: Request) -> Response {
    let asked = Asked::of(plane, request).await;
    let found = asked.tables().and_then(|tables| {
        let share = tables.into_iter().map(|(path, _)| path.share).find(|share| same(share, &name));
        share.ok_or_else(|| Refused::new(ProblemCode::TableMissing))
    });
    match found {
        Ok(share) => Json(json!({ "share": { "name": share } })).into_response(),
        Err(refused) => asked.refused(None, refused).await,
    }
}

async fn schemas(
    State(plane): State<Arc<Plane>>,
    Path(share): Path<String>,
    Query(query): Query<PageQuery>,
    request: Request,
) -> Response {
    let of_share =
        |path: &TablePath| same(&path.share, &share).then(|| json!({ "name": path.schema, "share": path.share }));
    listed(&Asked::of(plane, request).await, &query, of_share).await
}

async fn tables(
    State(plane): State<Arc<Plane>>,
    Path((share, schema)): Path<(String, String)>,
    Query(query): Query<PageQuery>,
    request: Request,
) -> Response {
    let within = |path: &TablePath| (same(&path.share, &share) && same(&path.schema, &schema)).then(|| shown(path));
    listed(&Asked::of(plane, request).await, &query, within).await
}

async fn all_tables(
    State(plane): State<Arc<Plane>>,
    Path(share): Path<String>,
    Query(query): Query<PageQuery>,
    request: Request,
) -> Response {
    listed(&Asked::of(plane, request).await, &query, |path| same(&path.share, &share).then(|| shown(path))).await
}

fn shown(path: &TablePath) -> Value {
    json!({ "name": path.table, "schema": path.schema, "share": path.share })
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// The version is the second in which the snapshot was made that a query would get.
async fn table_version(State(plane): State<Arc<Plane>>, Path(names): Path<TableNames>, request: Request) -> Response {
    let asked = Asked::of(plane, request).await;
    match asked.table(&names) {
        Ok((grant, claims)) => {
            let now = asked.plane.now();
            let snapshot = asked.plane.share_snapshot(&grant, &claims, now);
            let made = snapshot.map_or(now, |(_, manifest)| manifest.made);
            versioned(made.microseconds() / 1_000_000, Response::new(Body::empty()))
        }
        Err(refused) => asked.refused(None, refused).await,
    }
}

async fn table_metadata(State(plane): State<Arc<Plane>>, Path(names): Path<TableNames>, request: Request) -> Response {
    let asked = Asked::of(plane, request).await;
    match asked.table(&names) {
        Ok((grant, _)) => versioned(asked.plane.now().microseconds() / 1_000_000, lines(&described(&grant))),
        Err(refused) => asked.refused(None, refused).await,
    }
}

async fn table_query(State(plane): State<Arc<Plane>>, Path(names): Path<TableNames>, request: Request) -> Response {
    let asked = Asked::of(plane, request).await;
    let (grant, claims) = match asked.table(&names) {
        Ok(found) => found,
        Err(refused) => return asked.refused(None, refused).await,
    };
    let id = grant.terms.id.to_string();
    let call = asked.call(&id);
    let mut facts = Facts::default();
    match asked.plane.share_query(&call, &mut facts, &grant, claims).await {
        Ok((file, manifest)) => {
            let until = call.now.plus_seconds(ADDRESS_SECONDS).min(manifest.expires);
            let (origin, key) = (asked.plane.public_origin(), asked.plane.file_key(&file.id, until));
            let mut answer = described(&grant);
            answer.push(json!({ "file": {
                "url": format!("{origin}/data/v1/files/{}/content?key={key}", file.id),
                "id": manifest.sha256,
                "partitionValues": {},
                "size": manifest.bytes,
                "stats": json!({ "numRecords": manifest.rows }).to_string(),
                "expirationTimestamp": until.microseconds() / 1_000,
            }}));
            versioned(manifest.made.microseconds() / 1_000_000, lines(&answer))
        }
        Err(refused) => asked.refused(Some(&grant), refused).await,
    }
}

/// A profile of version 1 around the token that asks for it, to be saved as a file and given to a client.
async fn profile(State(plane): State<Arc<Plane>>, request: Request) -> Response {
    let asked = Asked::of(plane, request).await;
    let call = asked.call("");
    match asked.plane.proven(&call) {
        Ok(claims) => Json(json!({
            "shareCredentialsVersion": 1,
            "endpoint": format!("{}/delta-sharing", asked.plane.public_origin()),
            "bearerToken": call.bearer,
            "expirationTime": claims.expires.to_string(),
        }))
        .into_response(),
        Err(refused) => asked.refused(None, refused).await,
    }
}

fn described(grant: &CompiledGrant) -> Vec<Value> {
    vec![
        json!({ "protocol": { "minReaderVersion": 1 } }),
        json!({ "metaData": {
            "id": grant.terms.id.to_string(),
            "name": grant.terms.entry_name,
            "format": { "provider": "parquet" },
            "schemaString": schema_string(grant),
            "partitionColumns": [],
        }}),
    ]
}

fn lines(answer: &[Value]) -> Response {
    let text: String = answer.iter().map(|line| format!("{line}\n")).collect();
    let kind = HeaderValue::from_static("application/x-ndjson; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

fn versioned(version: i64, mut response: Response) -> Response {
    response.headers_mut().insert("delta-table-version", HeaderValue::from(version));
    response
}
