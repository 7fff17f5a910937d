//! A plane with keys, a clock that stands still, a book and sources, in a folder that goes away.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request},
};
use serde_json::{Value as Json, json};
use shuqiao_crypto::{
    note::SignerKey,
    seal::SealKey,
    secret,
    token::{Caller, Claims, TokenKey},
};
use shuqiao_plane::{
    book::{Book, GrantTerms, GrantedItem, SourceSpec, SystemCredential, SystemIdentity},
    delivery::FileLimits,
    meter::MeterClock,
    plane::{Plane, PlaneKeys, PlaneSettings},
    routes,
    source::{Location, SourceSettings},
    usage::LogLimits,
};
use shuqiao_vocabulary::{
    Condition, Grade, ItemName, ItemType, Literal, Mask, Moment, RowFilter, SharingMethod, Test,
    id::{GrantId, Id, Kind, OrganisationId, PersonId, SourceId, SystemId},
};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};
use tower::ServiceExt;

/// Noon of 2025-08-01 in Shanghai.
pub(crate) const NOON: i64 = 1_754_020_800_000_000;
pub(crate) const SECRET: &str = "a-client-secret-with-enough-chance-in-it";
pub(crate) const PURPOSE: &str = "2025-000001";

/// A database's statements, as needed for a fixture.
pub(crate) fn id<K: Kind>(prefix: &str, number: u32) -> Id<K> {
    format!("{prefix}_{number:032x}").parse().unwrap_or_else(|_| panic!("an id"))
}

pub(crate) fn requester() -> OrganisationId {
    id("org", 1)
}

pub(crate) fn provider() -> OrganisationId {
    id("org", 2)
}

pub(crate) fn stranger() -> OrganisationId {
    id("org", 3)
}

pub(crate) fn system() -> SystemId {
    id("sys", 1)
}

pub(crate) fn grant_id() -> GrantId {
    id("grt", 1)
}

pub(crate) fn source_id() -> SourceId {
    id("src", 1)
}

pub(crate) fn name(text: &str) -> ItemName {
    text.parse().unwrap()
}

pub(crate) fn item(item: &str, item_type: ItemType) -> GrantedItem {
    GrantedItem { name: name(item), column: item.to_owned(), item_type, grade: Grade::L2, mask: None }
}

pub(crate) fn masked(name: &str, item_type: ItemType, mask: Mask) -> GrantedItem {
    GrantedItem { mask: Some(mask), ..item(name, item_type) }
}

pub(crate) fn equals(item: &str, value: &str) -> Condition {
    Condition { item: name(item), test: Test::Equals(Literal::Text(value.to_owned())) }
}

pub(crate) fn prefix(item: &str, value: &str) -> Condition {
    Condition { item: name(item), test: Test::StartsWith(value.to_owned()) }
}

/// A grant on a table, of these items and all rows.
pub(crate) fn terms(table: &str, items: Vec<GrantedItem>, key: &[&str]) -> GrantTerms {
    GrantTerms {
        id: grant_id(),
        requester: requester(),
        provider: provider(),
        provider_name: "数据局".to_owned(),
        entry_name: "人口 基本信息".to_owned(),
        systems: vec![system()],
        purpose: PURPOSE.to_owned(),
        methods: vec![SharingMethod::ServiceInterface],
        source: source_id(),
        table: table.to_owned(),
        items,
        filter_columns: Vec::new(),
        rows: RowFilter::everything(),
        key: key.iter().map(|column| (*column).to_owned()).collect(),
        calls_per_second: 1_000_000,
        rows_per_call: 10_000,
        rows_per_day: 1_000_000_000,
        valid_from: Moment::from_microseconds(NOON - 1_000_000),
        valid_until: Moment::from_microseconds(NOON + 86_400_000_000),
        signature_required: false,
        request_url: "https://node.example/requests/new?entry=1".to_owned(),
    }
}

pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) plane: Arc<Plane>,
    pub(crate) router: Router,
    pub(crate) now: Arc<AtomicI64>,
    pub(crate) meter: Arc<AtomicU64>,
    pub(crate) token: Arc<TokenKey>,
    pub(crate) seal: Arc<SealKey>,
    signer: SignerKey,
    epoch: AtomicU64,
    location: Location,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or("no code").to_owned()
    }

    pub(crate) fn rows(&self) -> Vec<Vec<Json>> {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        serde_json::from_value(self.json()["rows"].clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

pub(crate) struct Options {
    pub(crate) usage_limits: LogLimits,
    pub(crate) file_limits: FileLimits,
    pub(crate) public_origin: String,
    pub(crate) bytes_per_day: Option<u64>,
    pub(crate) certificate_header: Option<String>,
    pub(crate) sources: Box<dyn Fn(&mut SourceSettings)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            usage_limits: LogLimits::default(),
            file_limits: FileLimits::default(),
            public_origin: "https://node.example/".to_owned(),
            bytes_per_day: None,
            certificate_header: None,
            sources: Box::new(|_| {}),
        }
    }
}

impl World {
    /// A plane whose one source is this location.
    pub(crate) fn at(folder: tempfile::TempDir, location: Location, options: &Options) -> Self {
        let (now, meter) = (Arc::new(AtomicI64::new(NOON)), Arc::new(AtomicU64::new(1)));
        let seal = Arc::new(SealKey::from_bytes([1; 32]));
        let token = Arc::new(TokenKey::from_bytes([2; 32]));
        let signer = SignerKey::generate("node.example/book", [3; 32]).unwrap();
        let plane = Arc::new(open_plane(folder.path(), &now, &meter, options));
        let router = routes(plane.clone());
        Self { folder, plane, router, now, meter, token, seal, signer, epoch: AtomicU64::new(0), location }
    }

    /// A plane over a SQLite file made by these statements.
    pub(crate) async fn sqlite(statements: &str) -> Self {
        Self::sqlite_with(statements, &Options::default()).await
    }

    pub(crate) async fn sqlite_with(statements: &str, options: &Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("intake/people.db");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        sqlite_file(&path, statements).await;
        Self::at(folder, Location::Sqlite { path }, options)
    }

    /// A plane over a CSV file with these bytes.
    pub(crate) fn csv(bytes: &[u8]) -> Self {
        Self::file("table.csv", bytes, |path| Location::Csv { path })
    }

    /// A plane over a file of this name with these bytes.
    pub(crate) fn file(name: &str, bytes: &[u8], location: impl Fn(PathBuf) -> Location) -> Self {
        Self::file_with(name, bytes, location, &Options::default())
    }

    pub(crate) fn file_with(
        name: &str,
        bytes: &[u8],
        location: impl Fn(PathBuf) -> Location,
        options: &Options,
    ) -> Self {
        let folder = quick_folder();
        let path = folder.path().join("intake").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        Self::at(folder, location(path), options)
    }

    /// The same world after its program has ended and started again.
    pub(crate) fn restarted(self, options: &Options) -> Self {
        let Self { folder, plane, router, now, location, .. } = self;
        drop((plane, router));
        let world = Self::at(folder, location, options);
        world.now.store(now.load(Ordering::SeqCst), Ordering::SeqCst);
        world
    }

    pub(crate) fn location(&self) -> &Location {
        &self.location
    }

    pub(crate) fn intake(&self, file: &str) -> PathBuf {
        self.folder.path().join("intake").join(file)
    }

    pub(crate) fn book(&self, grants: Vec<GrantTerms>) -> Book {
        let kind = self.location.source_type();
        let credential = |number, organisation| SystemCredential {
            id: id("sys", number),
            organisation,
            secret_digests: vec![secret::digest("an older secret"), secret::digest(SECRET)],
            identity: SystemIdentity::default(),
        };
        Book {
            epoch: self.epoch.fetch_add(1, Ordering::SeqCst) + 1,
            node: "node.example".to_owned(),
            grants,
            systems: vec![credential(1, requester()), credential(2, provider()), credential(3, stranger())],
            sources: vec![SourceSpec { id: source_id(), kind, sealed_location: self.location.seal(&self.seal) }],
            ..Book::default()
        }
    }

    pub(crate) fn install(&self, grants: Vec<GrantTerms>) {
        let book = self.book(grants).sign(&self.signer).unwrap();
        self.plane.install(&book, self.moment()).unwrap();
    }

    pub(crate) fn signer(&self) -> &SignerKey {
        &self.signer
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment::from_microseconds(self.now.load(Ordering::SeqCst))
    }

    pub(crate) fn pass_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        self.meter.fetch_add(seconds.unsigned_abs() * 1_000_000_000, Ordering::SeqCst);
    }

    pub(crate) fn claims(&self) -> Claims {
        Claims {
            caller: Caller::System(system()),
            organisation: requester(),
            grant: None,
            expires: self.moment().plus_seconds(600),
        }
    }

    pub(crate) fn bearer(&self) -> String {
        self.token.mint(&self.claims())
    }

    pub(crate) fn trial(&self, person: u32, grant: GrantId) -> String {
        let caller = Caller::Person(id::<shuqiao_vocabulary::id::PersonKind>("per", person) as PersonId);
        self.token.mint(&Claims { caller, grant: Some(grant), ..self.claims() })
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str, bearer: Option<&str>) -> Reply {
        let mut request = Request::get(path);
        if let Some(token) = bearer {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn query_as(&self, bearer: Option<&str>, grant: &str, accept: &str, body: &Json) -> Reply {
        let mut request = Request::post(format!("/data/v1/grants/{grant}/query")).header("accept", accept);
        if let Some(token) = bearer {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub(crate) async fn query(&self, mut body: Json) -> Reply {
        body.as_object_mut().unwrap().entry("purpose").or_insert(json!(PURPOSE));
        self.query_as(Some(&self.bearer()), &grant_id().to_string(), "application/json", &body).await
    }
}

/// The plane of a folder, with the same keys each time.
pub(crate) fn open_plane(folder: &Path, now: &Arc<AtomicI64>, meter: &Arc<AtomicU64>, options: &Options) -> Plane {
    try_open_plane(folder, now, meter, options).unwrap()
}

pub(crate) fn try_open_plane(
    folder: &Path,
    now: &Arc<AtomicI64>,
    meter: &Arc<AtomicU64>,
    options: &Options,
) -> Result<Plane, shuqiao_plane::usage::UsageError> {
    let mut settings = PlaneSettings::under(folder, &options.public_origin);
    settings.usage_limits = options.usage_limits;
    settings.file_limits = options.file_limits;
    settings.bytes_per_day = options.bytes_per_day;
    settings.identity.certificate_header.clone_from(&options.certificate_header);
    settings.meter_clock = MeterClock::Given(meter.clone());
    settings.sources.file_roots = vec![folder.join("intake")];
    settings.sources.database_hosts = vec!["127.0.0.1".to_owned()];
    settings.sources.query_timeout = Duration::from_secs(20);
    settings.sources.connect_timeout = Duration::from_secs(20);
    (options.sources)(&mut settings.sources);
    let keys = PlaneKeys {
        book: SignerKey::generate("node.example/book", [3; 32]).unwrap().verifier(),
        usage: Arc::new(SignerKey::generate("node.example/usage", [4; 32]).unwrap()),
        seal: Arc::new(SealKey::from_bytes([1; 32])),
        token: Arc::new(TokenKey::from_bytes([2; 32])),
        mask_master: [5; 32],
    };
    let now = now.clone();
    Plane::open(settings, keys, Arc::new(move || Moment::from_microseconds(now.load(Ordering::SeqCst))))
}

/// Runs statements on a SQLite file, which is made if need be.
pub(crate) async fn sqlite_file(path: &Path, statements: &str) {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// In memory where there is such a folder: many restarts and calls flush thousands of times.
pub(crate) fn quick_folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

/// A plane over a SQLite file in a quick folder.
pub(crate) async fn quick_world(statements: &str) -> World {
    let folder = quick_folder();
    let path = folder.path().join("intake/people.db");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    sqlite_file(&path, statements).await;
    World::at(folder, Location::Sqlite { path }, &Options::default())
}
