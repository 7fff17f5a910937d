//! HTTP services as sources: a service that pages as told, and services that are slow, gone, changed or hostile.

use crate::world::{Options, World, equals, item, name, quick_folder, terms};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{any, post},
};
use serde_json::{Value, json};
use shuqiao_plane::source::{
    HttpColumn, HttpLogin, HttpMethod, HttpParameter, HttpService, Location, Paging, SourceError, Structure,
};
use shuqiao_vocabulary::{
    ItemType::{Boolean, Date, Decimal, Integer, Text},
    RowFilter,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

/// What a service holds and how it behaves, changed while it runs.
#[derive(Default)]
pub(crate) struct Behaviour {
    pub(crate) rows: Vec<Value>,
    /// Rows on a page at most, whatever is asked for.
    pub(crate) page_max: Option<usize>,
    /// Answers with this body instead.
    pub(crate) body: Option<String>,
    /// Answers with this status instead.
    pub(crate) status: Option<u16>,
    /// Never answers.
    pub(crate) silent: bool,
    /// The header that must be there, with its value.
    pub(crate) wants: Option<(&'static str, String)>,
    /// What was asked for, parameters by name.
    pub(crate) asked: Vec<HashMap<String, String>>,
    /// How often a token was given out.
    pub(crate) tokens: u32,
}

pub(crate) type Shared = Arc<Mutex<Behaviour>>;

/// Starts the service on a free port; the address is its base.
pub(crate) async fn serve() -> (String, Shared) {
    let behaviour = Shared::default();
    let router =
        Router::new().route("/v1/people", any(people)).route("/token", post(token)).with_state(behaviour.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (base, behaviour)
}

async fn token(State(shared): State<Shared>, headers: HeaderMap, body: String) -> Response {
    let mut behaviour = shared.lock().unwrap();
    behaviour.tokens += 1;
    // `client:s%2Bcret`, as the specification wants it.
    let known = headers.get("authorization").is_some_and(|value| value == "Basic Y2xpZW50OnMlMkJjcmV0");
    if known && body == "grant_type=client_credentials&scope=read" {
        Json(json!({"access_token": "given", "token_type": "Bearer", "expires_in": 600})).into_response()
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

async fn people(
    State(shared): State<Shared>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if shared.lock().unwrap().silent {
        std::future::pending::<()>().await;
    }
    let mut behaviour = shared.lock().unwrap();
    let mut asked = query;
    if let Ok(Value::Object(members)) = serde_json::from_slice(&body) {
        let written = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        asked.extend(members.into_iter().map(|(name, value)| (name, written(value))));
    }
    behaviour.asked.push(asked.clone());
    if let Some((header, value)) = &behaviour.wants
        && headers.get(*header).is_none_or(|found| found != value.as_str())
    {
        return (StatusCode::UNAUTHORIZED, "who are you, 王某某?").into_response();
    }
    if let Some(status) = behaviour.status {
        let location = [("location", "http://127.0.0.1:1/")];
        return (StatusCode::from_u16(status).unwrap(), location, "secret 王某某").into_response();
    }
    if let Some(body) = &behaviour.body {
        return body.clone().into_response();
    }
    let narrowed = |row: &&Value| asked.get("town").is_none_or(|town| row["town"] == town.as_str());
    let rows: Vec<&Value> = behaviour.rows.iter().filter(narrowed).collect();
    let number = |name: &str| asked.get(name).and_then(|text| text.parse::<usize>().ok());
    let size = number("limit").or(number("size")).unwrap_or(rows.len()).min(behaviour.page_max.unwrap_or(usize::MAX));
    let from = number("offset").or(number("page").map(|page| (page - 1) * size)).or(number("cursor")).unwrap_or(0);
    let end = (from + size).min(rows.len());
    let page = rows.get(from..end).unwrap_or_default();
    let next = (end < rows.len()).then(|| end.to_string());
    Json(json!({"data": {"list": page}, "next": next})).into_response()
}

pub(crate) fn service(base: &str, paging: Paging) -> HttpService {
    HttpService {
        base: base.to_owned(),
        path: "/v1/people".to_owned(),
        method: HttpMethod::Get,
        table: "people".to_owned(),
        rows: "/data/list".to_owned(),
        columns: Vec::new(),
        key: vec!["id".to_owned()],
        paging,
        parameters: Vec::new(),
        login: HttpLogin::None,
    }
}

pub(crate) fn offset(size: u32) -> Paging {
    Paging::Offset { offset: "offset".to_owned(), limit: "limit".to_owned(), size }
}

pub(crate) fn world(service: HttpService) -> World {
    world_with(service, |_| {})
}

fn world_with(service: HttpService, more: impl Fn(&mut shuqiao_plane::source::SourceSettings) + 'static) -> World {
    let listed = service.base.clone();
    let sources = move |sources: &mut shuqiao_plane::source::SourceSettings| {
        sources.http_hosts = vec![listed.clone()];
        more(sources);
    };
    let options = Options { sources: Box::new(sources), ..Options::default() };
    World::at(quick_folder(), Location::Http(Box::new(service)), &options)
}

async fn structure(world: &World) -> Result<Structure, SourceError> {
    world.plane.sources().describe(world.location()).await
}

fn people_rows(count: u32) -> Vec<Value> {
    // Not in the order of the key.
    let id = |n: u32| (n * 7 + 3) % count;
    (0..count)
        .map(|n| {
            let town = if id(n) % 2 == 0 { "东镇" } else { "西镇" };
            json!({"id": id(n), "town": town, "paid": 0.5, "on": "2019-01-02", "ok": true, "more": {"deep": "x"}})
        })
        .collect()
}

fn grant() -> shuqiao_plane::book::GrantTerms {
    let mut grant = terms("people", vec![item("id", Integer), item("town", Text)], &["id"]);
    grant.filter_columns = vec![(name("town"), "town".to_owned(), Text)];
    grant
}

/// All pages of the answer.
async fn ids(world: &World, limit: u32) -> Vec<i64> {
    let (mut found, mut body) = (Vec::new(), json!({"limit": limit}));
    loop {
        let reply = world.query(body.clone()).await;
        found.extend(reply.rows().iter().map(|row| row[0].as_i64().unwrap()));
        match &reply.json()["next"] {
            Value::Null => return found,
            next => body["after"] = next.clone(),
        }
    }
}

#[tokio::test]
async fn every_way_of_paging_gives_all_rows_in_the_order_of_the_key() {
    let page = |first| Paging::Page { page: "page".into(), limit: "size".into(), size: 10, first };
    let cursor = Paging::Cursor { cursor: "cursor".into(), next: "/next".into() };
    for paging in [Paging::None, offset(10), page(1), cursor] {
        for method in [HttpMethod::Get, HttpMethod::Post] {
            let (base, behaviour) = serve().await;
            behaviour.lock().unwrap().rows = people_rows(24);
            let world = world(HttpService { method, ..service(&base, paging.clone()) });
            structure(&world).await.unwrap();
            world.install(vec![grant()]);
            assert_eq!(ids(&world, 5).await, (0..24).collect::<Vec<_>>(), "{paging:?}");
        }
    }
}

#[tokio::test]
async fn a_service_that_gives_out_shorter_pages_than_asked_for_loses_no_rows() {
    let (base, behaviour) = serve().await;
    (behaviour.lock().unwrap().rows, behaviour.lock().unwrap().page_max) = (people_rows(24), Some(4));
    let world = world(service(&base, offset(10)));
    world.install(vec![grant()]);
    assert_eq!(ids(&world, 100).await.len(), 24);
}

#[tokio::test]
async fn a_sample_tells_the_columns_and_later_answers_are_held_against_them() {
    let (base, behaviour) = serve().await;
    behaviour.lock().unwrap().rows = people_rows(6);
    let asked = service(&base, Paging::None);
    let found = structure(&world(asked.clone())).await.unwrap();
    let columns: Vec<_> = found.tables[0].columns.iter().map(|c| (c.name.as_str(), c.item_type)).collect();
    // In the order in which the service gives them.
    let expected = [("id", Integer), ("town", Text), ("paid", Decimal), ("on", Date), ("ok", Boolean)];
    assert_eq!(columns, expected, "what is nested is no column unless the provider points into it");
    let mut settled = asked.settled(&found);
    let deep = HttpColumn { name: "deep".into(), pointer: "/more/deep".into(), item_type: "text".into() };
    settled.columns.push(deep);
    let world = world(settled);
    structure(&world).await.unwrap();
    let items = vec![item("id", Integer), item("deep", Text), item("paid", Decimal)];
    world.install(vec![terms("people", items, &["id"])]);
    assert_eq!(json!(world.query(json!({"limit": 1})).await.rows()), json!([[0, "x", "0.5"]]));
    behaviour.lock().unwrap().rows[5]["paid"] = json!("half");
    let reply = world.query(json!({})).await;
    assert_eq!((reply.status, reply.code().as_str()), (502, "cell_type_mismatch"));
    assert_eq!(reply.json()["params"], json!({"column": "paid"}));
    assert_eq!(structure(&world).await.unwrap_err(), SourceError::CellType { column: "paid".into() });
    for row in &mut behaviour.lock().unwrap().rows {
        row.as_object_mut().unwrap().remove("paid");
    }
    assert_eq!(structure(&world).await.unwrap_err(), SourceError::Changed { what: "paid".into() });
}

#[tokio::test]
async fn what_the_service_can_narrow_is_asked_of_it_and_checked_here() {
    let (base, behaviour) = serve().await;
    behaviour.lock().unwrap().rows = people_rows(24);
    let parameters = vec![HttpParameter { column: "town".into(), parameter: "town".into() }];
    let world = world(HttpService { parameters, ..service(&base, offset(100)) });
    structure(&world).await.unwrap();
    let mut grant = grant();
    grant.rows = RowFilter(vec![equals("town", "东镇")]);
    world.install(vec![grant]);
    assert_eq!(ids(&world, 100).await, (0..24).step_by(2).collect::<Vec<_>>());
    let asked = behaviour.lock().unwrap().asked.last().unwrap().clone();
    assert_eq!(asked.get("town").map(String::as_str), Some("东镇"));
    // Whatever it answers, the grant's rows are all that leaves.
    let liar = json!({"data": {"list": [{"id": 1, "town": "西镇"}, {"id": 2, "town": "东镇"}]}}).to_string();
    behaviour.lock().unwrap().body = Some(liar);
    let reply = world.query(json!({})).await;
    assert_eq!(reply.status, 502, "an answer that gives out its page for ever is not paged to its end");
    assert_eq!(reply.code(), "source_too_many_rows");
}

#[tokio::test]
async fn services_that_misbehave_cost_one_call_and_are_never_quoted() {
    let (base, behaviour) = serve().await;
    behaviour.lock().unwrap().rows = people_rows(8);
    let asked = service(&base, Paging::None);
    let found = structure(&world(asked.clone())).await.unwrap();
    let world = world_with(asked.settled(&found), |sources| {
        (sources.query_timeout, sources.http_bytes_max) = (Duration::from_secs(5), 2_000);
        sources.http_rows_max = 8;
    });
    structure(&world).await.unwrap();
    world.install(vec![grant()]);
    assert_eq!(ids(&world, 100).await.len(), 8);
    let list = |rows: &[(Value, &str)]| {
        let row = |(id, town): &(Value, &str)| json!({"id": id, "town": town, "ok": true, "on": null, "paid": 1});
        Some(json!({"data": {"list": rows.iter().map(row).collect::<Vec<_>>()}}).to_string())
    };
    let secret = "王某某";
    type Set = fn(&mut Behaviour);
    let statuses: [(Set, &str); 7] = [
        (|b| b.status = Some(500), "source_unreachable"),
        (|b| b.status = Some(302), "source_unreachable"),
        (|b| b.status = Some(401), "source_unreachable"),
        (|b| b.status = Some(404), "source_changed"),
        (|b| b.status = Some(503), "source_slow"),
        (|b| b.rows = people_rows(9), "source_too_many_rows"),
        (|b| b.rows = people_rows(200), "answer_too_large"),
    ];
    for (set, code) in statuses {
        set(&mut behaviour.lock().unwrap());
        let reply = world.query(json!({})).await;
        assert_eq!(reply.code(), code);
        assert!(!String::from_utf8_lossy(&reply.body).contains(secret));
        let mut behaviour = behaviour.lock().unwrap();
        (behaviour.status, behaviour.rows) = (None, people_rows(8));
    }
    let bodies = [
        (Some("<html>王某某".to_owned()), "source_changed"),
        (Some("{\"data\":{}}".to_owned()), "source_changed"),
        (Some("{\"data\":{\"list\":{}}}".to_owned()), "source_changed"),
        (Some("{\"data\":{\"list\":[7]}}".to_owned()), "source_changed"),
        (list(&[(json!("王某某"), "x")]), "cell_type_mismatch"),
        (list(&[(json!(1), "x"), (json!(1), "y")]), "key_not_unique"),
        (list(&[(json!(null), "x")]), "key_not_unique"),
    ];
    for (body, code) in bodies {
        behaviour.lock().unwrap().body = body;
        let reply = world.query(json!({})).await;
        assert_eq!(reply.code(), code);
        assert!(!String::from_utf8_lossy(&reply.body).contains(secret));
    }
}

#[tokio::test]
async fn a_service_that_never_answers_is_slow_and_one_that_is_gone_unreachable() {
    let (base, behaviour) = serve().await;
    behaviour.lock().unwrap().silent = true;
    let impatient = |sources: &mut shuqiao_plane::source::SourceSettings| {
        sources.query_timeout = Duration::from_millis(200);
    };
    assert_eq!(structure(&world_with(service(&base, Paging::None), impatient)).await, Err(SourceError::Slow));
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    assert_eq!(structure(&world(service(&gone, Paging::None))).await, Err(SourceError::Unreachable));
}

#[tokio::test]
async fn logins_are_sent_and_never_shown() {
    let (base, behaviour) = serve().await;
    behaviour.lock().unwrap().rows = people_rows(3);
    let credentials = HttpLogin::ClientCredentials {
        token_url: format!("{base}/token"),
        client: "client".into(),
        secret: "s+cret".into(),
        scope: Some("read".into()),
    };
    let logins = [
        (HttpLogin::Bearer { token: "s3".into() }, ("authorization", "Bearer s3")),
        (HttpLogin::Basic { user: "u".into(), password: "p".into() }, ("authorization", "Basic dTpw")),
        (HttpLogin::Header { name: "X-App".into(), value: "s3".into() }, ("x-app", "s3")),
        (credentials, ("authorization", "Bearer given")),
    ];
    for (login, (header, value)) in logins {
        behaviour.lock().unwrap().wants = Some((header, value.to_owned()));
        let good = world(HttpService { login, ..service(&base, Paging::None) });
        structure(&good).await.unwrap();
        structure(&good).await.unwrap();
        assert_eq!(format!("{:?}", good.location()), "Location(http)");
        assert_eq!(structure(&world(service(&base, Paging::None))).await, Err(SourceError::Unreachable));
    }
    assert_eq!(behaviour.lock().unwrap().tokens, 1, "a token is used until it ends");
}

#[tokio::test]
async fn what_was_said_wrong_is_named_by_its_field() {
    let (base, behaviour) = serve().await;
    behaviour.lock().unwrap().rows = people_rows(3);
    let wrong = |field| Err(SourceError::Misdescribed { field });
    let with = |change: fn(&mut HttpService)| {
        let mut service = service(&base, Paging::None);
        change(&mut service);
        async move { structure(&world(service)).await.map(|_| ()) }
    };
    assert_eq!(with(|s| s.base = "ftp://x".into()).await, wrong("base"));
    assert_eq!(with(|s| s.base = s.base.replace("//", "//u:p@")).await, wrong("base"));
    assert_eq!(with(|s| s.path = "v1".into()).await, wrong("path"));
    assert_eq!(with(|s| (s.base += "/v1", s.path = "/../people".into()).1).await, wrong("path"));
    assert_eq!(with(|s| s.table = String::new()).await, wrong("table"));
    assert_eq!(with(|s| s.rows = "data".into()).await, wrong("rows"));
    assert_eq!(with(|s| s.key = vec!["nobody".into()]).await, wrong("key"));
    assert_eq!(with(|s| s.paging = offset(0)).await, wrong("paging"));
    let column = HttpColumn { name: "a".into(), pointer: "/a".into(), item_type: "person".into() };
    let mut odd = service(&base, Paging::None);
    odd.columns = vec![column];
    assert_eq!(structure(&world(odd)).await.map(|_| ()), wrong("columns"));
    let elsewhere = service("http://127.0.0.1:9", Paging::None);
    let options = Options::default();
    let refused = World::at(quick_folder(), Location::Http(Box::new(elsewhere)), &options);
    assert_eq!(structure(&refused).await.map(|_| ()), Err(SourceError::NotAllowed));
}
