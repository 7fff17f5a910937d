//! A gateway that follows a node: both planes here, each with a clock of its own, and what passes between them by hand.

use crate::world::{
    NOON, PURPOSE, Reply, SECRET, World, grant_id, id, item, masked, provider, requester, stranger, system, terms,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use serde_json::{Value as Json, json};
use shuqiao_crypto::{
    note::SignerKey,
    seal::SealKey,
    token::{Caller, Claims, TokenKey},
};
use shuqiao_plane::{
    book::{Change, GatewayCredential, GrantTerms},
    gateway::{self, Enrolment, FollowError, Follower, GATEWAY_HEADER, REPORT_PATH, ReportAnswer, Upstream},
    meter::MeterClock,
    plane::{Plane, PlaneKeys, PlaneSettings},
    routes,
};
use shuqiao_vocabulary::{ItemType, Mask, Moment, id::GatewayId};
use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};
use tower::ServiceExt;

const TABLE: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO t VALUES (1, 'x', 'y');";

fn granted() -> GrantTerms {
    let items = vec![item("a", ItemType::Text), masked("b", ItemType::Text, Mask::KeyedHash)];
    GrantTerms { valid_from: Moment::from_microseconds(NOON - 60_000_000), ..terms("t", items, &["id"]) }
}

/// A grant of another provider.
fn foreign() -> GrantTerms {
    GrantTerms { id: id("grt", 9), provider: stranger(), ..granted() }
}

fn gateway_id(number: u32) -> GatewayId {
    id("gtw", number)
}

/// A node with its side of the link.
struct Node {
    world: World,
    upstream: Arc<Upstream>,
    router: Router,
    epoch: AtomicU64,
}

impl Node {
    async fn new() -> Self {
        let world = World::sqlite(TABLE).await;
        let mut book = world.book(vec![granted(), foreign()]);
        let gateway = |number| GatewayCredential { id: gateway_id(number), provider: provider() };
        book.gateways = vec![gateway(1), gateway(2)];
        world.plane.install(&book.sign(world.signer()).unwrap(), world.moment()).unwrap();
        let (upstream, router) = upstream(&world);
        Self { world, upstream, router, epoch: AtomicU64::new(1) }
    }

    /// Applies a change to the node's own plane.
    fn change(&self, change: Change) {
        let from = self.epoch.fetch_add(1, Ordering::SeqCst);
        let change = Change { node: "node.example".to_owned(), from, to: from + 1, ..change };
        self.world.plane.change(&change.sign(self.world.signer()).unwrap(), self.world.moment()).unwrap();
    }

    fn enrolment(&self, number: u32) -> Enrolment {
        Enrolment {
            upstream: "http://node.example".to_owned(),
            node: "node.example".to_owned(),
            book: self.world.signer().verifier(),
            gateway: gateway_id(number),
            provider: provider(),
            secret: self.upstream.secret(&gateway_id(number)).to_text().to_string(),
        }
    }

    async fn get(&self, path: &str, headers: &[(&'static str, String)]) -> (u16, Vec<u8>) {
        let request = headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, value));
        sent(&self.router, request.body(Body::empty()).unwrap()).await
    }
}

fn upstream(world: &World) -> (Arc<Upstream>, Router) {
    let signer = Arc::new(SignerKey::generate("node.example/book", [3; 32]).unwrap());
    let folder = world.folder.path().join("gateways");
    let upstream = Upstream::new(world.plane.clone(), signer, world.seal.clone(), "node.example", &folder);
    let upstream = Arc::new(upstream);
    (upstream.clone(), gateway::routes(upstream))
}

async fn sent(router: &Router, request: Request<Body>) -> (u16, Vec<u8>) {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status.as_u16(), to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

/// A gateway.
struct Gateway {
    plane: Arc<Plane>,
    follower: Follower,
    router: Router,
    now: Arc<AtomicI64>,
    token: Arc<TokenKey>,
    folder: tempfile::TempDir,
    number: u32,
}

impl Gateway {
    fn new(node: &Node, number: u32) -> Self {
        Self::started(node, number, tempfile::tempdir().unwrap())
    }

    fn started(node: &Node, number: u32, folder: tempfile::TempDir) -> Self {
        let enrolment: Enrolment = node.enrolment(number).to_text().parse().unwrap();
        let now = Arc::new(AtomicI64::new(NOON));
        let mut settings = PlaneSettings::under(folder.path(), "https://gateway.example");
        settings.sources.file_roots = vec![node.world.folder.path().join("intake")];
        settings.meter_clock = MeterClock::Given(Arc::new(AtomicU64::new(1)));
        let name = gateway::gateway_name(&enrolment.node, &enrolment.gateway);
        let token = Arc::new(TokenKey::from_bytes([12; 32]));
        let keys = PlaneKeys {
            book: enrolment.book.clone(),
            usage: Arc::new(SignerKey::generate(&format!("{name}/usage"), [14; 32]).unwrap()),
            seal: Arc::new(enrolment.seal_key().unwrap()),
            token: token.clone(),
            mask_master: [15; 32],
        };
        let clock = now.clone();
        let clock = Arc::new(move || Moment::from_microseconds(clock.load(Ordering::SeqCst)));
        let plane = Arc::new(Plane::open(settings, keys, clock).unwrap());
        let follower = Follower::open(plane.clone(), enrolment, folder.path()).unwrap();
        Self { router: routes(plane.clone()), plane, follower, now, token, folder, number }
    }

    /// Ends the program and starts it again in the same folder.
    fn restarted(self, node: &Node) -> Self {
        let Self { folder, number, plane, router, follower, .. } = self;
        drop((router, follower, plane));
        Self::started(node, number, folder)
    }

    fn moment(&self) -> Moment {
        Moment::from_microseconds(self.now.load(Ordering::SeqCst))
    }

    fn pass(&self, microseconds: i64) {
        self.now.fetch_add(microseconds, Ordering::SeqCst);
    }

    /// Asks the node, and takes its answer.
    async fn follow(&self, node: &Node) -> Result<(), FollowError> {
        let question = self.follower.question(self.moment());
        let (status, answer) = node.get(&question.path, &question.headers).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
        self.follower.answered(&question, &answer, self.moment())
    }

    async fn query(&self) -> Reply {
        let claims = Claims {
            caller: Caller::System(system()),
            organisation: requester(),
            grant: None,
            expires: self.moment().plus_seconds(600),
        };
        let request = Request::post(format!("/data/v1/grants/{}/query", grant_id()))
            .header("authorization", format!("Bearer {}", self.token.mint(&claims)))
            .body(Body::from(json!({"purpose": PURPOSE}).to_string()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    async fn code(&self) -> String {
        let reply = self.query().await;
        if reply.status == 200 { "delivered".to_owned() } else { reply.code() }
    }

    /// Sends its report, if it has one.
    async fn report(&self, node: &Node) -> Option<(u16, Json)> {
        // The head that is reported is signed with the proof of the newest record, not by waiting for the next second.
        let size = self.plane.usage_counts().grants.iter().map(|(_, s)| s.calls + s.refused).sum::<u64>();
        if size > 0 {
            self.plane.usage_proof(size - 1).unwrap();
        }
        let report = self.follower.report()?;
        let request = Request::post(REPORT_PATH).header(GATEWAY_HEADER, gateway_id(self.number).to_string());
        let (status, body) = sent(&node.router, request.body(Body::from(report)).unwrap()).await;
        let answer: Json = serde_json::from_slice(&body).unwrap();
        if status == 200 {
            self.follower.reported(serde_json::from_value::<ReportAnswer>(answer.clone()).unwrap());
        }
        Some((status, answer))
    }
}

#[tokio::test]
async fn a_gateway_delivers_what_its_node_delivers() {
    let node = Node::new().await;
    let gateway = Gateway::new(&node, 1);
    assert_eq!(gateway.code().await, "token_invalid", "before the first book there is no system");
    gateway.follow(&node).await.unwrap();
    let (here, there) = (gateway.query().await.rows(), node.world.query(json!({})).await.rows());
    assert_eq!(here, there, "masks too: {here:?}");
    assert_eq!(gateway.plane.epoch(), 1);
    let question = gateway.follower.question(gateway.moment());
    let (_, answer) = node.get(&question.path, &question.headers).await;
    assert!(answer.len() < 1_000, "nothing new is told by a confirmation alone");
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={SECRET}", system());
    let request =
        Request::post("/oauth2/token").header("content-type", "application/x-www-form-urlencoded").body(form.into());
    assert_eq!(sent(&gateway.router, request.unwrap()).await.0, 200, "it has a token endpoint of its own");
}

#[tokio::test]
async fn nothing_of_other_providers_and_nothing_readable_passes() {
    let node = Node::new().await;
    let gateway = Gateway::new(&node, 1);
    let question = gateway.follower.question(gateway.moment());
    let (_, answer) = node.get(&question.path, &question.headers).await;
    let readable = String::from_utf8_lossy(&answer);
    for secret in [
        "intake",
        PURPOSE,
        "grants",
        &grant_id().to_string(),
        &id::<shuqiao_vocabulary::id::GrantKind>("grt", 9).to_string(),
    ] {
        assert!(!readable.contains(secret), "{secret}");
    }
    gateway.follower.answered(&question, &answer, gateway.moment()).unwrap();
    node.change(Change { grants: vec![GrantTerms { id: id("grt", 8), ..foreign() }], ..Change::default() });
    gateway.follow(&node).await.unwrap();
    let kept = std::fs::read(gateway.folder.path().join("book.kept")).unwrap();
    assert!(!String::from_utf8_lossy(&kept).contains(PURPOSE), "nor lies about");
    // The answer to one gateway is nothing to another.
    let other = Gateway::new(&node, 2);
    assert!(matches!(other.follower.answered(&question, &answer, other.moment()), Err(FollowError::NotConfirmed)));
    assert_eq!(other.code().await, "token_invalid");
}

#[tokio::test]
async fn a_revocation_and_a_narrowing_reach_all_gateways() {
    let node = Node::new().await;
    let gateways = [Gateway::new(&node, 1), Gateway::new(&node, 2)];
    for gateway in &gateways {
        gateway.follow(&node).await.unwrap();
        assert_eq!(gateway.code().await, "delivered");
    }
    let narrowed = GrantTerms { items: vec![item("a", ItemType::Text)], ..granted() };
    node.change(Change { grants: vec![narrowed], ..Change::default() });
    for gateway in &gateways {
        gateway.follow(&node).await.unwrap();
        assert_eq!(gateway.query().await.rows(), [[json!("x")]]);
    }
    node.change(Change { grants_gone: vec![grant_id()], ..Change::default() });
    assert_eq!(node.world.query(json!({})).await.code(), "grant_revoked", "on the node with the next call");
    for gateway in &gateways {
        gateway.follow(&node).await.unwrap();
        assert_eq!((gateway.code().await.as_str(), gateway.plane.epoch()), ("grant_revoked", 3));
    }
}

#[tokio::test]
async fn a_gateway_that_is_told_nothing_denies_after_five_seconds() {
    let node = Node::new().await;
    let gateway = Gateway::new(&node, 1);
    gateway.follow(&node).await.unwrap();
    gateway.pass(5_000_000);
    assert_eq!(gateway.code().await, "delivered");
    gateway.pass(1);
    assert_eq!(gateway.code().await, "book_stale");
    node.world.pass_seconds(5);
    gateway.follow(&node).await.unwrap();
    assert_eq!(gateway.code().await, "delivered");
    gateway.pass(1);
    assert_eq!(gateway.code().await, "book_stale", "the node itself was last sure five seconds before");
    node.world.plane.confirm(1, node.world.moment());
    gateway.follow(&node).await.unwrap();
    assert_eq!(gateway.code().await, "delivered");
    node.world.pass_seconds(6);
    let question = gateway.follower.question(gateway.moment());
    let (status, answer) = node.get(&question.path, &question.headers).await;
    assert_eq!(status, 503, "a node that is not sure confirms nothing: {}", String::from_utf8_lossy(&answer));
}

#[tokio::test]
async fn the_moment_of_the_question_counts_and_no_old_answer() {
    let node = Node::new().await;
    let gateway = Gateway::new(&node, 1);
    gateway.follow(&node).await.unwrap();
    let old = gateway.follower.question(gateway.moment());
    let (_, recorded) = node.get(&old.path, &old.headers).await;
    gateway.pass(4_000_000);
    let new = gateway.follower.question(gateway.moment());
    for question in [&new, &gateway.follower.question(gateway.moment())] {
        let replayed = gateway.follower.answered(question, &recorded, gateway.moment());
        assert!(matches!(replayed, Err(FollowError::NotConfirmed)), "{replayed:?}");
    }
    // An answer that was held back on the way confirms the moment at which it was asked for, and no later one.
    gateway.follower.answered(&old, &recorded, gateway.moment()).unwrap();
    gateway.pass(1_000_001);
    assert_eq!(gateway.code().await, "book_stale");
}

#[tokio::test]
async fn whatever_is_changed_on_the_way_is_not_believed() {
    let node = Node::new().await;
    let gateway = Gateway::new(&node, 1);
    gateway.follow(&node).await.unwrap();
    node.change(Change { grants_gone: vec![grant_id()], ..Change::default() });
    let question = gateway.follower.question(gateway.moment());
    let (_, mut answer) = node.get(&question.path, &question.headers).await;
    for at in (0..answer.len()).step_by(5) {
        answer[at] ^= 1;
        assert!(gateway.follower.answered(&question, &answer, gateway.moment()).is_err(), "{at}");
        assert_eq!(gateway.plane.epoch(), 1, "{at}");
        answer[at] ^= 1;
    }
    for cut in [0, 3, answer.len() / 2, answer.len() - 1] {
        assert!(gateway.follower.answered(&question, &answer[..cut], gateway.moment()).is_err(), "{cut}");
    }
    // Without its change a confirmation confirms nothing: the epoch is not the one in force.
    let note = u32::from_be_bytes(answer[..4].try_into().unwrap()) as usize + 4;
    assert!(gateway.follower.answered(&question, &answer[..note], gateway.moment()).is_err());
    gateway.pass(5_000_001);
    assert_eq!(gateway.code().await, "book_stale");
    node.world.pass_seconds(5);
    gateway.follow(&node).await.unwrap();
    assert_eq!(gateway.plane.epoch(), 2);
}

#[tokio::test]
async fn a_clock_that_is_off_denies_and_says_so() {
    let node = Node::new().await;
    let gateway = Gateway::new(&node, 1);
    gateway.follow(&node).await.unwrap();
    for (seconds, off) in [(5, false), (6, true), (-5, false), (-6, true)] {
        gateway.now.store(NOON + seconds * 1_000_000, Ordering::SeqCst);
        let followed = gateway.follow(&node).await;
        let told = matches!(followed, Err(FollowError::ClockOff { seconds: told }) if told == seconds);
        assert_eq!((told, followed.is_ok()), (off, !off), "{seconds}");
        assert_eq!(gateway.code().await, if off { "clock_off" } else { "delivered" }, "{seconds}");
    }
    let reply = gateway.query().await;
    assert_eq!((reply.status, &reply.json()["params"]["limit_seconds"]), (503, &json!(5)));
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={SECRET}", system());
    let request =
        Request::post("/oauth2/token").header("content-type", "application/x-www-form-urlencoded").body(form.into());
    let (status, body) = sent(&gateway.router, request.unwrap()).await;
    assert_eq!(status, 503, "{}", String::from_utf8_lossy(&body));
    gateway.now.store(NOON, Ordering::SeqCst);
    gateway.follow(&node).await.unwrap();
    assert_eq!(gateway.code().await, "delivered");
}

#[tokio::test]
async fn a_gateway_starts_without_its_node_and_denies_until_it_is_confirmed() {
    let node = Node::new().await;
    let gateway = Gateway::new(&node, 1);
    gateway.follow(&node).await.unwrap();
    let more = GrantTerms { id: id("grt", 2), ..granted() };
    node.change(Change { grants: vec![more], ..Change::default() });
    gateway.follow(&node).await.unwrap();
    let gateway = gateway.restarted(&node);
    assert_eq!((gateway.plane.epoch(), gateway.code().await.as_str()), (2, "book_stale"));
    let question = gateway.follower.question(gateway.moment());
    assert!(!question.is_for_snapshot(), "{}", question.path);
    gateway.follow(&node).await.unwrap();
    assert_eq!(gateway.code().await, "delivered");
    // A kept book whose end was cut off is good up to there, and made whole.
    let kept = gateway.folder.path().join("book.kept");
    let bytes = std::fs::read(&kept).unwrap();
    std::fs::write(&kept, &bytes[..bytes.len() - 1]).unwrap();
    let gateway = gateway.restarted(&node);
    assert_eq!((gateway.plane.epoch(), gateway.code().await.as_str()), (1, "book_stale"));
    gateway.follow(&node).await.unwrap();
    assert_eq!((gateway.plane.epoch(), gateway.code().await.as_str()), (2, "delivered"));
}

#[tokio::test]
async fn a_gateway_too_far_behind_takes_a_snapshot() {
    let mut node = Node::new().await;
    let gateway = Gateway::new(&node, 1);
    gateway.follow(&node).await.unwrap();
    // The node's program starts anew: it has no changes in memory.
    let mut book = node.world.book(vec![]);
    book.epoch = 7;
    book.gateways = vec![GatewayCredential { id: gateway_id(1), provider: provider() }];
    node.world.plane.install(&book.sign(node.world.signer()).unwrap(), node.world.moment()).unwrap();
    (node.upstream, node.router) = upstream(&node.world);
    gateway.follow(&node).await.unwrap();
    assert_eq!((gateway.plane.epoch(), gateway.code().await.as_str()), (7, "grant_revoked"));
}

#[tokio::test]
async fn who_is_not_a_gateway_or_no_longer_is_told_nothing() {
    let node = Node::new().await;
    let (gateway, other) = (Gateway::new(&node, 1), Gateway::new(&node, 2));
    gateway.follow(&node).await.unwrap();
    let question = gateway.follower.question(gateway.moment());
    let denied = async |path: &str, headers: &[(&'static str, String)]| {
        let (status, body) = node.get(path, headers).await;
        let body: Json = serde_json::from_slice(&body).unwrap();
        assert_eq!((status, &body["code"]), (403, &json!("gateway_unknown")), "{path}");
    };
    denied(&question.path, &[]).await;
    denied(&question.path, &question.headers[..1]).await;
    let mut disguised = question.headers.clone();
    disguised[0].1 = gateway_id(2).to_string();
    denied(&question.path, &disguised).await;
    disguised[0].1 = gateway_id(3).to_string();
    denied(&question.path, &disguised).await;
    denied(&question.path.replace("since=1", "since=none"), &question.headers).await;
    node.change(Change { gateways_gone: vec![gateway_id(1)], ..Change::default() });
    denied(&question.path, &question.headers).await;
    gateway.pass(5_000_001);
    assert_eq!(gateway.code().await, "book_stale");
    other.follow(&node).await.unwrap();
    assert_eq!(other.code().await, "delivered");
    assert_eq!(node.upstream.heard(&gateway_id(2)).unwrap().at, node.world.moment());
}

#[tokio::test]
async fn what_gateways_served_is_counted_on_the_node() {
    let mut node = Node::new().await;
    let gateways = [Gateway::new(&node, 1), Gateway::new(&node, 2)];
    for gateway in &gateways {
        gateway.follow(&node).await.unwrap();
        assert!(gateway.report(&node).await.is_none(), "nothing to tell");
        assert_eq!(gateway.code().await, "delivered");
        assert_eq!(gateway.report(&node).await.unwrap(), (200, json!({"taken": true, "size": 1})));
        assert!(gateway.report(&node).await.is_none(), "told already");
    }
    gateways[0].query().await;
    gateways[0].report(&node).await.unwrap();
    let summary = node.upstream.reports().summary(&grant_id());
    assert_eq!((summary.calls, summary.rows, summary.refused), (3, 3, 0));
    assert_eq!(summary.last_at, Some(gateways[0].moment()));
    assert_eq!(node.upstream.reports().calls_on(gateways[0].moment().date()), 3);
    let heads = node.upstream.reports().heads();
    let own = gateways[0].plane.usage_head();
    assert_eq!(heads.len(), 2);
    assert!(heads.contains(&(own.origin, 2, own.root)));
    // A node that starts anew remembers; one that lost what it knew is told everything.
    (node.upstream, node.router) = upstream(&node.world);
    assert_eq!(node.upstream.reports().summary(&grant_id()).calls, 3);
    std::fs::remove_file(node.world.folder.path().join(format!("gateways/{}.json", gateway_id(1)))).unwrap();
    (node.upstream, node.router) = upstream(&node.world);
    gateways[0].query().await;
    assert_eq!(gateways[0].report(&node).await.unwrap(), (200, json!({"taken": false, "size": 0})));
    assert_eq!(gateways[0].report(&node).await.unwrap(), (200, json!({"taken": true, "size": 3})));
    assert_eq!(node.upstream.reports().summary(&grant_id()).calls, 4);
}

#[tokio::test]
async fn a_report_that_contradicts_the_one_before_is_refused() {
    let node = Node::new().await;
    let gateway = Gateway::new(&node, 1);
    gateway.follow(&node).await.unwrap();
    gateway.query().await;
    gateway.report(&node).await.unwrap();
    // The same gateway in a new folder: its log begins anew.
    let anew = Gateway::new(&node, 1);
    anew.follow(&node).await.unwrap();
    anew.query().await;
    let (status, told) = anew.report(&node).await.unwrap();
    assert_eq!((status, &told["code"]), (409, &json!("gateway_report_refused")), "the salts make it another log");
    let key = SealKey::from_bytes([9; 32]);
    let forged = key.seal(b"shuqiao gateway report v1", b"{}");
    let request = Request::post(REPORT_PATH).header(GATEWAY_HEADER, gateway_id(1).to_string());
    let (status, _) = sent(&node.router, request.body(Body::from(forged)).unwrap()).await;
    assert_eq!(status, 403, "sealed by nobody who is known");
    assert_eq!(node.upstream.reports().summary(&grant_id()).calls, 1);
}
