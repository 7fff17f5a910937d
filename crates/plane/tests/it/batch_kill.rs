//! Killed at random points: the attempt's future is dropped at a random await, the process is killed, source and target
//! go away. However often: no row lost, none twice, both digests equal.
//!
//! By default some dozens of kills over a few thousand rows; `SHUQIAO_BATCH_KILLS` and `SHUQIAO_BATCH_ROWS` set more (a
//! thousand over a million).

use crate::{
    batch::{Exchange, ROWS, database, incremental, postgres, result, rows, server, settings, texts, waits},
    world::{grant_id, id},
};
use shuqiao_plane::delivery::batch::{Batch, RunPhase, task::BatchMode};
use shuqiao_testkit::postgres::PostgresServer;
use shuqiao_vocabulary::BatchRunId;
use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll},
};

/// Polls a future so many times at most, then drops it where it stands. What it came to, if it ended.
pub(crate) async fn with_fuel<T>(mut fuel: u32, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context: &mut Context<'_>| {
        if fuel == 0 {
            return Poll::Ready(None);
        }
        fuel -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// Makes an attempt until so many chunks are in, and drops it there. There must be many more.
pub(crate) async fn until_chunk(batch: &Batch, run: BatchRunId, chunks: u64) {
    let mut attempt = pin!(batch.attempt(run));
    std::future::poll_fn(|context: &mut Context<'_>| {
        assert!(attempt.as_mut().poll(context).is_pending(), "it was over before it could be dropped");
        let report = batch.report(run).unwrap();
        if report.chunks >= chunks { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// A small generator of chance with a seed that is printed, so that a failure can be repeated.
pub(crate) struct Chance(u64);

impl Chance {
    #[expect(clippy::print_stdout, reason = "a failed run is repeated from its seed")]
    pub(crate) fn new() -> Self {
        let seed = setting("SHUQIAO_BATCH_SEED").and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| {
            std::hash::BuildHasher::hash_one(&std::collections::hash_map::RandomState::new(), 1_u8) | 1
        });
        println!("SHUQIAO_BATCH_SEED={seed}");
        Self(seed)
    }

    /// From 1 to `most`.
    pub(crate) fn up_to(&mut self, most: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from(self.0 % u64::from(most)).unwrap_or(0) + 1
    }
}

fn number(name: &str, default: u32) -> u32 {
    setting(name).and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// What whoever runs the tests has set.
#[expect(clippy::disallowed_methods, reason = "a test is set by whoever runs it")]
pub(crate) fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

async fn killed_at_random(mode: BatchMode) {
    let (count, kills_wanted) = (number("SHUQIAO_BATCH_ROWS", 2_000), number("SHUQIAO_BATCH_KILLS", 25));
    let (mut exchange, database) = Exchange::to_postgres(&(ROWS.to_owned() + &rows(1, count)), mode).await;
    let mut settings = settings(&exchange.world);
    settings.rows_per_chunk = (count / kills_wanted.max(1)).clamp(40, 10_000);
    exchange.batch = Batch::open(exchange.world.plane.clone(), settings.clone()).unwrap();
    let (mut chance, mut kills) = (Chance::new(), 0);
    let mut run = exchange.batch.begin(&exchange.task).await.unwrap();
    loop {
        if let Some(report) = with_fuel(chance.up_to(150), exchange.batch.attempt(run)).await {
            match report.unwrap().phase {
                RunPhase::Finished(_) if kills >= kills_wanted => break,
                RunPhase::Finished(_) => run = exchange.batch.begin(&exchange.task).await.unwrap(),
                // A commit that was not heard of may still be on its way: the run waits and then reads the ledger.
                RunPhase::Open { .. } => exchange.batch.resume(run).unwrap(),
                other => panic!("{other:?}"),
            }
            continue;
        }
        kills += 1;
        if chance.up_to(4) == 1 {
            // The node starts anew and knows only what is on its disk.
            exchange.batch = Batch::open(exchange.world.plane.clone(), settings.clone()).unwrap();
        }
    }
    let report = exchange.batch.report(run).unwrap();
    let expected = format!("{count}/{count}/{}", u64::from(count) * u64::from(count + 1) / 2);
    let found = "SELECT count(*) || '/' || count(DISTINCT id) || '/' || sum(id) FROM received";
    assert_eq!(texts(server(), &database, found).await, [expected], "after {kills} kills");
    if exchange.task.mode == BatchMode::Full {
        assert_eq!(result(&report).rows, u64::from(count));
    }
    let ledger = format!("SELECT sum(rows)::text FROM shuqiao_batch_ledger WHERE run = '{}' AND NOT published", run);
    assert_eq!(texts(server(), &database, &ledger).await, [result(&report).rows.to_string()]);
    // No more left than was recorded before: a page that was recorded and lost was recorded again.
    assert!(exchange.world.plane.usage_summary(&grant_id()).rows >= u64::from(count));
}

#[tokio::test]
async fn a_full_run_killed_at_random_loses_nothing_and_doubles_nothing() {
    killed_at_random(BatchMode::Full).await;
}

#[tokio::test]
async fn an_incremental_run_killed_at_random_loses_nothing_and_doubles_nothing() {
    killed_at_random(incremental()).await;
}

#[tokio::test]
async fn a_folder_run_killed_at_random_loses_nothing_and_doubles_nothing() {
    let (exchange, out) = Exchange::to_folder(&(ROWS.to_owned() + &rows(1, 1_000)), BatchMode::Full).await;
    let (mut chance, mut kills) = (Chance::new(), 0);
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    let report = loop {
        match with_fuel(chance.up_to(120), exchange.batch.attempt(run)).await {
            Some(report) => break report.unwrap(),
            None => kills += 1,
        }
    };
    assert_eq!(result(&report).rows, 1_000, "after {kills} kills");
    let folder = out.join("received").join(run.to_string());
    let mut ids: Vec<u32> = Vec::new();
    for part in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        if part.extension().is_some_and(|extension| extension == "csv") {
            let mut reader = csv::Reader::from_path(&part).unwrap();
            ids.extend(reader.records().map(|record| record.unwrap()[0].parse::<u32>().unwrap()));
        }
    }
    ids.sort_unstable();
    assert_eq!(ids, (1..=1_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn source_and_target_may_go_away_midway_and_come_back() {
    let own = PostgresServer::start().unwrap();
    own.create_database("target").unwrap();
    let target = postgres(&own, "target");
    let exchange = Exchange::of(&(ROWS.to_owned() + &rows(1, 3_000)), &target, BatchMode::Full).await;
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    until_chunk(&exchange.batch, run, 4).await;
    own.stop().unwrap();
    let report = exchange.batch.attempt(run).await.unwrap();
    assert_eq!(waits(&report), "target_unreachable");
    own.start_again().unwrap();
    let (here, away) = (exchange.world.intake("people.db"), exchange.world.intake("away.db"));
    std::fs::rename(&here, &away).unwrap();
    exchange.world.plane.sources().describe(exchange.world.location()).await.unwrap_err();
    let report = exchange.batch.attempt(run).await.unwrap();
    assert_eq!(waits(&report), "source_unreachable");
    std::fs::rename(&away, &here).unwrap();
    exchange.world.plane.sources().describe(exchange.world.location()).await.unwrap();
    let report = exchange.batch.attempt(run).await.unwrap();
    assert_eq!(result(&report).rows, 3_000);
    let found = "SELECT count(*) || '/' || count(DISTINCT id) FROM received";
    assert_eq!(texts(&own, "target", found).await, ["3000/3000"]);
}

#[tokio::test]
async fn what_somebody_changes_in_the_staging_table_is_noticed_and_not_switched_over() {
    let (exchange, database) = Exchange::to_postgres(&(ROWS.to_owned() + &rows(1, 3_000)), BatchMode::Full).await;
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    let stage = format!("shuqiao_stage_{}", run.to_string().trim_start_matches("run_"));
    until_chunk(&exchange.batch, run, 2).await;
    server().execute(&database, &format!("UPDATE {stage} SET name = 'changed' WHERE id = 1")).unwrap();
    let report = exchange.batch.attempt(run).await.unwrap();
    assert_eq!(crate::batch::failed(&report).0, "digest_differs");
    let left = "SELECT relname::text FROM pg_class WHERE relname = 'received' OR relname LIKE 'shuqiao_stage%'";
    assert!(texts(server(), &database, left).await.is_empty());
}

#[tokio::test]
async fn each_database_is_its_own() {
    // Two runs of two tasks into two databases at a time do not meet.
    let names = [database(), database()];
    let statements = ROWS.to_owned() + &rows(1, 200);
    let mut one = Exchange::of(&statements, &postgres(server(), &names[0]), BatchMode::Full).await;
    let other = crate::batch::task(&postgres(server(), &names[1]), BatchMode::Full);
    one.task.id = id("bat", 2);
    let (first, second) = (one.batch.begin(&one.task).await.unwrap(), one.batch.begin(&other).await.unwrap());
    let (first, second) = tokio::join!(one.batch.attempt(first), one.batch.attempt(second));
    assert_eq!(result(&first.unwrap()).digest, result(&second.unwrap()).digest);
}
