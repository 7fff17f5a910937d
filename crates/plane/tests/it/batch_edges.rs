//! What else can go wrong, or must stay right, around a run: privileges, changed ledgers, patience, masks that do not
//! apply, keys that are only delivered hashed, receivers that count otherwise.

use crate::{
    batch::{Exchange, ROWS, failed, incremental, items, result, rows, settings, waits},
    batch_kill::until_chunk,
    receiving::{Kind, over_each_kind},
    world::{grant_id, item, masked},
};
use shuqiao_plane::delivery::batch::{Batch, RunPhase, task::BatchMode};
use shuqiao_vocabulary::{ItemType, Mask};
use std::{
    future::{Future, poll_fn},
    pin::pin,
};

over_each_kind!(
    what_was_read_ahead_does_not_leave_after_a_revocation,
    runs_that_share_little_room_all_come_to_their_end,
    a_changed_ledger_is_not_believed,
    a_key_that_is_delivered_hashed_is_updated_by_its_hash,
    an_empty_table_and_a_stale_book_are_no_failures,
);

#[tokio::test]
async fn privileges_indexes_and_defaults_survive_the_switch() {
    let (exchange, database) = Exchange::to(Kind::Postgres, &(ROWS.to_owned() + &rows(1, 60)), BatchMode::Full).await;
    let table = "CREATE TABLE received (id int PRIMARY KEY, name text, amount numeric, day date, at timestamp, hidden text,
                     more int DEFAULT 7);
                 CREATE INDEX by_day ON received (day);
                 CREATE ROLE batch_reader; GRANT SELECT ON received TO batch_reader; GRANT SELECT ON received TO PUBLIC";
    database.execute(table);
    assert_eq!(result(&exchange.run().await).rows, 60);
    let who = "SELECT grantee::text || privilege_type FROM information_schema.role_table_grants
               WHERE table_name = 'received' AND grantee IN ('batch_reader', 'PUBLIC') ORDER BY 1";
    assert_eq!(database.one(who).await, "PUBLICSELECT|batch_readerSELECT");
    let indexes = "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'received'::regclass ORDER BY 1";
    let found = database.one(indexes).await;
    assert!(found.contains("(day)") && found.contains("received_pkey") && !found.contains("stage"), "{found}");
    assert_eq!(database.one("SELECT sum(more)::text FROM received").await, "420");
}

async fn what_was_read_ahead_does_not_leave_after_a_revocation(kind: Kind) {
    let (exchange, _) = Exchange::to(kind, &(ROWS.to_owned() + &rows(1, 3_000)), BatchMode::Full).await;
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    let delivered = || exchange.world.plane.usage_summary(&grant_id()).rows;
    let (mut attempt, mut revoked_after) = (pin!(exchange.batch.attempt(run)), None);
    let report = poll_fn(|context| {
        let polled = attempt.as_mut().poll(context);
        if revoked_after.is_none() && exchange.batch.report(run).unwrap().chunks >= 2 {
            exchange.world.install(Vec::new());
            revoked_after = Some(delivered());
        }
        polled
    })
    .await;
    assert_eq!(failed(&report.unwrap()).0, "grant_revoked");
    // One chunk was on its way to the record already; the two that were ready beside it stay here.
    let after = delivered() - revoked_after.unwrap();
    assert!(
        after <= u64::from(settings(&exchange.world).rows_per_chunk),
        "{after} rows were recorded after the revocation"
    );
}

async fn runs_that_share_little_room_all_come_to_their_end(kind: Kind) {
    let (exchange, _) = Exchange::to(kind, &(ROWS.to_owned() + &rows(1, 1_000)), BatchMode::Full).await;
    let mut settings = settings(&exchange.world);
    // Less than any chunk takes: one chunk of one run at a time.
    settings.ready_bytes_max = 1_024;
    let batch = Batch::open(exchange.world.plane.clone(), settings).unwrap();
    let mut other = exchange.task.clone();
    (other.id, other.table) = (crate::world::id("bat", 2), "received_too".to_owned());
    let (one, two) = (batch.begin(&exchange.task).await.unwrap(), batch.begin(&other).await.unwrap());
    let (one, two) = tokio::join!(batch.attempt(one), batch.attempt(two));
    assert_eq!((result(&one.unwrap()).rows, result(&two.unwrap()).rows), (1_000, 1_000));
}

async fn a_changed_ledger_is_not_believed(kind: Kind) {
    let (exchange, database) = Exchange::to(kind, &(ROWS.to_owned() + &rows(1, 3_000)), BatchMode::Full).await;
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    until_chunk(&exchange.batch, run, 2).await;
    database.execute("UPDATE shuqiao_batch_ledger SET place = concat('AAAA', place)");
    assert_eq!(failed(&exchange.batch.attempt(run).await.unwrap()).0, "target_changed");
}

#[tokio::test]
async fn a_target_that_stays_away_ends_the_run_after_enough_tries() {
    let (mut exchange, out) = Exchange::to_folder(&(ROWS.to_owned() + &rows(1, 60)), BatchMode::Full).await;
    let mut settings = settings(&exchange.world);
    settings.tries_max = 3;
    exchange.batch = Batch::open(exchange.world.plane.clone(), settings).unwrap();
    // A file stands where the folder of the table should be made.
    std::fs::write(out.join("received"), b"in the way").unwrap();
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    let mut pauses = Vec::new();
    let report = loop {
        let report = exchange.batch.attempt(run).await.unwrap();
        let RunPhase::Open { until: Some(until), .. } = &report.phase else { break report };
        assert_eq!(waits(&report), "target_unreachable");
        pauses.push((until.microseconds() - exchange.world.moment().microseconds()) / 1_000_000);
    };
    assert_eq!(pauses, [5, 10, 20]);
    let report = match report.phase {
        // What is in the way is in the way of removing, too.
        RunPhase::Failing(_) => exchange.batch.attempt(run).await.unwrap(),
        _ => report,
    };
    assert_eq!(failed(&report).0, "target_unreachable");
}

#[tokio::test]
async fn a_row_that_a_mask_cannot_hide_is_put_aside_and_shown_nowhere() {
    let statements = ROWS.to_owned() + &rows(1, 120) + "UPDATE t SET name = '520302' WHERE id <> 80";
    let (mut exchange, database) = Exchange::to(Kind::Postgres, &statements, BatchMode::Full).await;
    let mut region = masked("region", ItemType::Text, Mask::RegionOnly { digits: 4 });
    region.column = "name".to_owned();
    exchange.grant.items = vec![item("id", ItemType::Integer), region];
    exchange.install();
    let report = exchange.run().await;
    assert_eq!((result(&report).rows, report.bad), (119, 1));
    let rows = exchange.batch.quarantine(report.id).unwrap();
    let told = (rows[0].chunk, rows[0].code.as_str(), rows[0].item.as_deref(), rows[0].key_digest.len());
    assert_eq!(told, (2, "mask_not_applicable", Some("region"), 64));
    assert_eq!(database.one("SELECT DISTINCT region FROM received").await, "5203");
}

async fn a_key_that_is_delivered_hashed_is_updated_by_its_hash(kind: Kind) {
    let (mut exchange, database) = Exchange::to(kind, &(ROWS.to_owned() + &rows(1, 60)), incremental()).await;
    exchange.grant.items[0] = masked("id", ItemType::Integer, Mask::KeyedHash);
    exchange.install();
    assert_eq!(result(&exchange.run().await).rows, 60);
    exchange.source("UPDATE t SET name = 'again', at = '2031-01-01T00:00:00Z' WHERE id = 4").await;
    // The row at the edge comes again, too.
    assert_eq!(result(&exchange.run().await).rows, 2);
    let found =
        "SELECT concat(count(*), '/', count(DISTINCT id), '/', sum(CASE name WHEN 'again' THEN 1 END)) FROM received";
    assert_eq!(database.one(found).await, "60/60/1");
}

#[tokio::test]
async fn a_node_that_is_reached_elsewhere_after_a_restart_goes_on_with_its_runs() {
    let (mut exchange, _) = Exchange::to_folder(&(ROWS.to_owned() + &rows(1, 3_000)), BatchMode::Full).await;
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    until_chunk(&exchange.batch, run, 2).await;
    exchange.grant.request_url = "https://elsewhere.example/requests/new?entry=1".to_owned();
    exchange.install();
    assert_eq!(result(&exchange.batch.attempt(run).await.unwrap()).rows, 3_000);
}

#[tokio::test]
async fn terms_that_change_midway_end_the_run() {
    let (mut exchange, _) = Exchange::to_folder(&(ROWS.to_owned() + &rows(1, 3_000)), BatchMode::Full).await;
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    until_chunk(&exchange.batch, run, 2).await;
    exchange.grant.items[1].mask = Some(Mask::Redact);
    exchange.install();
    assert_eq!(failed(&exchange.batch.attempt(run).await.unwrap()).0, "grant_changed");
    // A new run is made under the new terms.
    assert_eq!(result(&exchange.run().await).rows, 3_000);
}

async fn an_empty_table_and_a_stale_book_are_no_failures(kind: Kind) {
    let (exchange, database) = Exchange::to(kind, ROWS, BatchMode::Full).await;
    let report = exchange.run().await;
    assert_eq!((result(&report).rows, result(&report).digest.as_str()), (0, "0".repeat(64).as_str()));
    assert_eq!(database.one("SELECT concat(count(*)) FROM received").await, "0");
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    exchange.world.pass_seconds(10);
    let report = exchange.batch.attempt(run).await.unwrap();
    assert_eq!(waits(&report), "book_stale");
    exchange.install();
    assert_eq!(result(&exchange.batch.attempt(run).await.unwrap()).rows, 0);
    assert_eq!(exchange.world.plane.usage_summary(&grant_id()).calls, 2);
}

#[tokio::test]
async fn progress_is_told_while_it_goes_on() {
    let (exchange, _) = Exchange::to_folder(&(ROWS.to_owned() + &rows(1, 3_000)), BatchMode::Full).await;
    assert_eq!(items().len(), 6);
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    let mut told = Vec::new();
    let mut attempt = std::pin::pin!(exchange.batch.attempt(run));
    let report = std::future::poll_fn(|context| {
        exchange.world.pass_seconds(1);
        exchange.install();
        let polled = Future::poll(attempt.as_mut(), context);
        let report = exchange.batch.report(run).unwrap();
        if let Some(left) = report.seconds_left {
            told.push((report.rows, report.rows_estimate, left));
        }
        polled
    })
    .await
    .unwrap();
    assert_eq!((report.rows, report.rows_estimate), (3_000, Some(3_000)));
    assert!(told.iter().any(|(rows, estimate, left)| *rows > 0 && *estimate == Some(3_000) && *left > 0), "{told:?}");
    assert!(told.iter().all(|(rows, ..)| *rows <= 3_000));
}
