//! The whole program is killed in the midst of a run of batch exchange, and started again: the run goes on by itself, and
//! every row is in the requester's table once.
//!
//! The moment is held by the target: a row in the middle waits there for a lock that the test has.

use crate::{
    batch::{ROWS, TASKS, act, batch_grant, postgres_task, runs, until},
    play::{PROGRAM, Play, play},
};
use serde_json::json;
use shuqiao_testkit::{
    node::Node,
    postgres::PostgresServer,
    stage::{Stage, id},
};
use sqlx::{Connection as _, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::time::Duration;
use tokio::time::timeout;

/// Rows of a chunk: the run has sixty.
const CHUNK_ROWS: i64 = 5;
/// How many rows are before the one that waits.
const BEFORE: i64 = 152;
/// How long to wait for the run to come there, which takes seconds; nothing is asserted of the time.
const WITHIN: Duration = Duration::from_secs(60);

/// The table that receives. A row with this key waits for whoever holds the lock 42.
fn table(key: &str) -> String {
    format!(
        "CREATE TABLE enterprises (credit_code text PRIMARY KEY, name text, registered_capital numeric, established_on date);
         CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NEW; END';
         CREATE TRIGGER hold BEFORE INSERT ON enterprises FOR EACH ROW WHEN (NEW.credit_code = '{key}')
             EXECUTE FUNCTION hold()"
    )
}

async fn key_at(play: &Play, provider: &str, place: i64) -> String {
    let file = play.data.join("intake").join(provider).join("enterprises.db");
    let mut source = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&file)).await.unwrap();
    let key = "select credit_code from enterprises order by credit_code limit 1 offset ?";
    sqlx::query_scalar(key).bind(place).fetch_one(&mut source).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_killed_in_the_midst_of_a_run_brings_each_row_once() {
    let server = PostgresServer::start().unwrap();
    let url = server.create_database("received").unwrap();
    let mut play = play(&[]);
    let grant = batch_grant(&play).await;
    let key = key_at(&play, &play.organisation_of(&grant, "provider"), BEFORE).await;
    server.execute("received", &table(&key)).unwrap();
    let arguments = ["--target-host", "127.0.0.1", "--target-chunk-rows", &CHUNK_ROWS.to_string()];
    play.serve_again(&arguments).await;

    let mut holder = PgConnection::connect(&url).await.unwrap();
    sqlx::query("SELECT pg_advisory_lock(42)").execute(&mut holder).await.unwrap();
    let change = json!({"kind": "incremental", "change": "established_on"});
    let wanted = postgres_task(&grant, "127.0.0.1", server.port(), change);
    let task = play.stage.act("social.officer", TASKS, None, Some(&wanted)).await.unwrap();
    act(&play, &task, "run").await;
    let waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    let there = async { while sqlx::query_scalar::<_, i64>(waits).fetch_one(&mut holder).await.unwrap() == 0 {} };
    timeout(WITHIN, there).await.expect("the run never came to the row that waits");

    // SIGKILL, while a chunk is half in.
    play.node.kill().unwrap();
    let committed = "SELECT count(*), sum(rows)::bigint FROM shuqiao_batch_ledger";
    let (chunks, rows): (i64, i64) = sqlx::query_as(committed).fetch_one(&mut holder).await.unwrap();
    assert_eq!((chunks, rows), (BEFORE / CHUNK_ROWS, BEFORE / CHUNK_ROWS * CHUNK_ROWS), "whole chunks and no more");
    let there: i64 = sqlx::query_scalar("SELECT count(*) FROM enterprises").fetch_one(&mut holder).await.unwrap();
    assert_eq!(there, rows, "a row without its chunk's line in the ledger");
    holder.close().await.unwrap();

    play.node = Node::start(PROGRAM, &play.data, &arguments).unwrap();
    play.stage = Stage::of(&play.node);
    let run = until(&play, &task, 1, "finished").await;
    assert_eq!((run["rows"].as_i64(), run["put_aside"].as_i64()), (Some(ROWS), Some(0)), "{run}");
    assert!(run["receipt"].as_str().unwrap().contains(&format!("\nrows {ROWS}\n")), "{run}");
    let mut target = PgConnection::connect(&url).await.unwrap();
    let found = "SELECT count(*), count(DISTINCT credit_code) FROM enterprises";
    let found: (i64, i64) = sqlx::query_as(found).fetch_one(&mut target).await.unwrap();
    assert_eq!(found, (ROWS, ROWS));
    let ledger =
        "SELECT count(DISTINCT run), count(*), sum(rows)::bigint FROM shuqiao_batch_ledger WHERE NOT published";
    let ledger: (i64, i64, i64) = sqlx::query_as(ledger).fetch_one(&mut target).await.unwrap();
    // The same run went on: one more than sixty chunks at most, for the one that says there is nothing left.
    assert!(
        ledger.0 == 1 && (ROWS / CHUNK_ROWS..=ROWS / CHUNK_ROWS + 1).contains(&ledger.1) && ledger.2 == ROWS,
        "{ledger:?}"
    );
    assert_eq!(runs(&play, &task).await.len(), 1, "{}", id(&task).unwrap());
}
