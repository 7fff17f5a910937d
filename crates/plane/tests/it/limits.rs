//! What no caller and no source may take more of: bytes of a day, places at a source, time, memory.

use crate::{
    batch::{Exchange, result, rows, settings, task, waits},
    mysql::mysql_world,
    receiving::{Database, Kind, Server},
    world::{Options, PURPOSE, World, grant_id, id, item, quick_folder, sqlite_file, terms},
};
use axum::{body::Body, http::Request};
use serde_json::{Value as Json, json};
use shuqiao_crypto::token::{Caller, Claims};
use shuqiao_plane::{
    book::GrantTerms,
    delivery::batch::{
        Batch,
        target::{PartFormat, TargetLocation},
        task::BatchMode,
    },
    source::Location,
    usage::Outcome,
};
use shuqiao_vocabulary::{ItemType, SharingMethod};
use std::time::Duration;

fn limited(bytes: u64) -> Options {
    Options { bytes_per_day: Some(bytes), ..Options::default() }
}

async fn world(options: &Options) -> World {
    let folder = quick_folder();
    let path = folder.path().join("intake/people.db");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    sqlite_file(&path, &(crate::batch::ROWS.to_owned() + &rows(1, 400))).await;
    let world = World::at(folder, Location::Sqlite { path }, options);
    world.install(vec![granted()]);
    world
}

fn granted() -> GrantTerms {
    let methods = vec![SharingMethod::ServiceInterface, SharingMethod::FileDownload, SharingMethod::BatchExchange];
    GrantTerms { methods, ..terms("t", crate::batch::items(), &["id"]) }
}

fn recorded_bytes(world: &World) -> u64 {
    let records = world.plane.usage(&grant_id(), 1_000).unwrap();
    let bytes = records.iter().map(|record| match &record.outcome {
        Outcome::Delivered { bytes, .. } => *bytes,
        Outcome::Received { .. } | Outcome::Refused { .. } => 0,
    });
    bytes.sum()
}

#[tokio::test]
async fn bytes_of_a_day_run_out_by_calls_and_come_back_the_next_day() {
    let mut world = world(&limited(20_000)).await;
    let mut answered = 0;
    let refused = loop {
        let reply = world.query(json!({ "limit": 40 })).await;
        if reply.status != 200 {
            break reply;
        }
        answered += 1;
    };
    assert_eq!((refused.status, refused.code().as_str()), (429, "daily_bytes_exceeded"));
    assert_eq!(
        (refused.header("retry-after"), refused.json()["params"]["limit"].clone()),
        (Some("43200"), json!(20_000))
    );
    let delivered = recorded_bytes(&world);
    assert!(answered > 1 && delivered <= 20_000, "{answered} answers with {delivered} bytes");
    // A smaller answer still fits; nothing is cut.
    assert_eq!(world.query(json!({ "limit": 1 })).await.status, 200);
    // What was delivered is known after a restart.
    world = world.restarted(&limited(20_000));
    world.install(vec![granted()]);
    assert_eq!(world.query(json!({ "limit": 40 })).await.code(), "daily_bytes_exceeded");
    world.pass_seconds(43_200);
    world.install(vec![granted()]);
    assert_eq!(world.query(json!({ "limit": 40 })).await.status, 200);
}

async fn ordered(world: &World) -> Json {
    let request = Request::post(format!("/data/v1/grants/{}/files", grant_id()));
    let request = request.header("authorization", format!("Bearer {}", world.bearer()));
    let body = json!({ "purpose": PURPOSE, "format": "csv" }).to_string();
    let reply = world.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(reply.status, 202, "{}", String::from_utf8_lossy(&reply.body));
    let file = reply.json()["id"].as_str().unwrap().to_owned();
    world.get(&format!("/data/v1/files/{file}?wait=60"), Some(&world.bearer())).await.json()
}

#[tokio::test]
async fn bytes_of_a_day_bound_files_and_batches_too() {
    let world = world(&limited(60_000)).await;
    let first = ordered(&world).await;
    assert_eq!(first["state"], "ready", "{first}");
    let bytes = first["bytes"].as_u64().unwrap();
    assert!((20_000..60_000).contains(&bytes), "{bytes}");
    let more = loop {
        let more = ordered(&world).await;
        if more["state"] != "ready" {
            break more;
        }
    };
    assert_eq!(more["code"], "daily_bytes_exceeded", "{more}");
    let delivered = recorded_bytes(&world);
    // A batch takes what is left of the day, waits, and goes on when the next has begun.
    let target = TargetLocation::Folder { path: world.folder.path().join("out"), format: PartFormat::Csv };
    let batch = Batch::open(world.plane.clone(), settings(&world)).unwrap();
    let exchange = Exchange { world, batch, grant: granted(), task: task(&target, BatchMode::Full) };
    let report = exchange.run().await;
    assert_eq!(waits(&report), "daily_bytes_exceeded");
    assert!((delivered..=60_000).contains(&recorded_bytes(&exchange.world)));
    exchange.world.pass_seconds(43_200);
    exchange.install();
    let report = exchange.batch.attempt(report.id).await.unwrap();
    assert_eq!(result(&report).rows, 400);
}

/// A view that never ends stands in for a caller whose calls take long.
#[tokio::test]
async fn one_caller_with_many_slow_calls_does_not_starve_another() {
    let options = Options {
        sources: Box::new(|sources| {
            sources.calls_max = 4;
            sources.query_timeout = Duration::from_millis(1_500);
        }),
        ..Options::default()
    };
    let world = World::sqlite_with(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x');
         CREATE VIEW slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS a FROM n WHERE i < 0;",
        &options,
    )
    .await;
    let of = |table: &str, number: u32, key: &[&str]| GrantTerms {
        id: id("grt", number),
        systems: vec![id("sys", 1), id("sys", 4)],
        ..terms(table, vec![item("a", ItemType::Text)], key)
    };
    let mut book = world.book(vec![of("slow", 1, &[]), of("t", 2, &["id"])]);
    let mut second = book.systems[0].clone();
    second.id = id("sys", 4);
    book.systems.push(second);
    world.plane.install(&book.sign(world.signer()).unwrap(), world.moment()).unwrap();
    let body = json!({ "purpose": PURPOSE });
    let other = world.token.mint(&Claims { caller: Caller::System(id("sys", 4)), ..world.claims() });
    let (first, quick) = (world.bearer(), id::<shuqiao_vocabulary::id::GrantKind>("grt", 2).to_string());
    // The structure is known before, so that every place is for calls.
    assert_eq!(world.query_as(Some(&other), &quick, "application/json", &body).await.status, 200);
    let slow = grant_id().to_string();
    let many = (0..12).map(|_| world.query_as(Some(&first), &slow, "application/json", &body));
    let many = futures_util::future::join_all(many);
    let another = async {
        let mut answered = 0;
        for _ in 0..10 {
            let reply = world.query_as(Some(&other), &quick, "application/json", &body).await;
            answered += u32::from(reply.status == 200);
        }
        answered
    };
    let (many, answered) = futures_util::future::join(many, another).await;
    assert_eq!(answered, 10, "the other caller has a place of its own");
    for reply in many {
        assert_eq!((reply.status, reply.code().as_str()), (504, "source_slow"));
    }
}

async fn postgres_world(statements: &str, options: &Options) -> World {
    let database = Database::of(Kind::Postgres);
    database.execute(statements);
    let Server::Postgres(server) = database.server() else { panic!("{database:?}") };
    let location = Location::Postgres {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        database: database.name,
        user: server.user().to_owned(),
        password: "any".to_owned(),
        tls: false,
    };
    World::at(quick_folder(), location, options)
}

fn patience(milliseconds: u64) -> Options {
    let sources = move |sources: &mut shuqiao_plane::source::SourceSettings| {
        sources.query_timeout = Duration::from_millis(milliseconds);
    };
    Options { sources: Box::new(sources), ..Options::default() }
}

#[tokio::test]
async fn a_slow_postgresql_view_is_given_up_and_harms_no_other() {
    let statements = "CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'x');
        CREATE VIEW slow AS SELECT (a + b)::text AS a FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b
        WHERE a + b < 0;";
    let world = postgres_world(statements, &patience(500)).await;
    world.install(vec![terms("slow", vec![item("a", ItemType::Text)], &[])]);
    let reply = world.query(json!({})).await;
    assert_eq!((reply.status, reply.code().as_str()), (504, "source_slow"));
    world.install(vec![terms("t", vec![item("a", ItemType::Text)], &["id"])]);
    assert_eq!(world.query(json!({})).await.status, 200);
}

/// More than what is gathered of one call is not gathered, wherever it comes from; less than that and more than an answer
/// may be is refused all the same.
async fn wide_rows_are_refused(world: &World) {
    world.install(vec![terms("t", vec![item("a", ItemType::Text)], &["id"])]);
    for (limit, status) in [(90, 422), (20, 422), (10, 200)] {
        let reply = world.query(json!({ "limit": limit })).await;
        assert_eq!(reply.status, status, "{limit}");
        if status == 422 {
            assert_eq!(reply.code(), "answer_too_large");
        }
    }
}

#[tokio::test]
async fn rows_of_postgresql_that_memory_has_no_room_for_are_refused() {
    let statements = "CREATE TABLE t (id int PRIMARY KEY, a text);
        INSERT INTO t SELECT i, repeat('x', 1000000) FROM generate_series(1, 90) i;";
    wide_rows_are_refused(&postgres_world(statements, &Options::default()).await).await;
}

#[tokio::test]
async fn rows_of_mysql_that_memory_has_no_room_for_are_refused() {
    let statements = "CREATE TABLE t (id int PRIMARY KEY, a longtext);
        INSERT INTO t SELECT seq, repeat('x', 1000000) FROM seq_1_to_90;";
    let (world, _server) = mysql_world(statements, &Options::default()).await;
    wide_rows_are_refused(&world).await;
}
