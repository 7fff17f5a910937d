//! A node of one organisation, and clients that speak to it.

use crate::nothing::Nothing;
use axum::{
    Router,
    body::Body,
    http::{Method, Request, Response, StatusCode, header},
};
use serde_json::Value;
use shuqiao_app::{App, AppParts, Chance, Edge, NewOrganisation, NewPerson, NodeIdentity, Seed, port::UsageLedger};
use shuqiao_calendar::WorkCalendar;
use shuqiao_crypto::{note::SignerKey, token::TokenKey};
use shuqiao_http::HttpState;
use shuqiao_policy::PolicySet;
use shuqiao_store::Store;
use shuqiao_vocabulary::{Level, Moment, OrganisationId, OrganisationKind, Role};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU8, Ordering},
    },
};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// The password of everybody.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// 2026-03-02T02:00:00Z.
const BEGIN: i64 = 1_772_416_800_000_000;

/// A node; it ends with the value.
pub(crate) struct Node {
    pub(crate) routes: Router,
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<AtomicI64>,
    pub(crate) folder: TempDir,
}

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Status and code of a problem.
    pub(crate) fn problem(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["code"].as_str().unwrap_or_default().to_owned())
    }
}

impl Node {
    /// A node of one department with an officer `li` and an administrator `admin`.
    pub(crate) async fn start() -> Self {
        Self::with_usage(Arc::new(Nothing)).await
    }

    /// The same, whose plane kept these records of use.
    pub(crate) async fn with_usage(usage: Arc<dyn UsageLedger>) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("intake")).unwrap();
        let store = Store::open(&format!("sqlite://{}/node.db", folder.path().display())).await.unwrap();
        let parts = AppParts {
            store,
            policies: PolicySet::load().unwrap(),
            calendar: WorkCalendar::official(),
            node: NodeIdentity {
                name: "test".into(),
                level: Level::City,
                region: "5203".parse().unwrap(),
                region_name: "遵义市".into(),
                base_url: "http://node.example".into(),
                log_origin: "test/record".into(),
            },
            log_signer: SignerKey::generate("test/record", [1; 32]).unwrap(),
            token_key: Arc::new(TokenKey::from_bytes([2; 32])),
            intake: folder.path().join("intake"),
            intake_bytes_max: 2_000_000,
            source_desk: Arc::new(Nothing),
            sheet_desk: Arc::new(Nothing),
            book: Arc::new(Nothing),
            usage,
            notifier: Arc::new(Nothing),
            press: Arc::new(Nothing),
            batch: Arc::new(Nothing),
        };
        let app = Arc::new(App::new(parts));
        seed(&app).await;
        let clock = Arc::new(AtomicI64::new(BEGIN));
        let (time, draws) = (clock.clone(), AtomicU8::new(0));
        let state = HttpState {
            app: app.clone(),
            clock: Arc::new(move || Moment::from_microseconds(time.load(Ordering::Relaxed))),
            chances: Arc::new(move || Chance::from_seed([draws.fetch_add(1, Ordering::Relaxed); 32])),
            regions: |parent| if parent == "52" { vec![("5203".into(), "遵义市".into())] } else { Vec::new() },
        };
        Self { routes: shuqiao_http::routes(state), app, clock, folder }
    }

    /// Sends a request just as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.routes.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 10_000_000).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// A request with JSON and headers.
    pub(crate) async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
        request = request.header(header::HOST, "node.example");
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// The `Authorization` of somebody who logs in.
    pub(crate) async fn bearer(&self, login: &str) -> String {
        let body = format!(r#"{{"login":"{login}","password":"{PASSWORD}","bearer":true}}"#);
        let answer = self.call("POST", "/api/v1/session", &[], &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        format!("Bearer {}", answer.json()["token"].as_str().unwrap())
    }
}

async fn seed(app: &App) {
    let edge = |seed: u8| Edge {
        now: Moment::from_microseconds(BEGIN),
        request_id: "seed".into(),
        chance: Chance::from_seed([seed; 32]),
    };
    let minted = edge(200);
    let organisation = NewOrganisation {
        name: "遵义市大数据发展局".into(),
        short_name: "大数据局".into(),
        kind: OrganisationKind::Department,
        level: Level::City,
        region: "5203".parse().unwrap(),
        code: None,
    };
    let id: OrganisationId = minted.mint();
    let person = |login: &str, role| NewPerson {
        login: login.into(),
        name: login.into(),
        organisation: id,
        roles: BTreeSet::from([role]),
    };
    let people = vec![person("li", Role::DataOfficer), person("admin", Role::SystemAdministrator)];
    let organisations = vec![organisation.named(id).unwrap()];
    let links = app.seed(&minted, Seed { organisations, people }).await.unwrap();
    for (number, (_, token)) in (201..).zip(links) {
        app.first_login(&edge(number), &token, PASSWORD).await.unwrap();
    }
}
