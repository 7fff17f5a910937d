//! Killed at random points: the attempt's future is dropped at a random await, the process is killed, source and target
//! go away. However often: no row lost, none twice, both digests equal.
//!
//! By default some dozens of kills over a few thousand rows; `SHUQIAO_BATCH_KILLS` and `SHUQIAO_BATCH_ROWS` set more (a
//! thousand over a million).

use crate::{
    batch::{Exchange, ROWS, incremental, result, rows, settings, waits},
    receiving::{Database, Kind, Server, over_each_kind},
    world::{grant_id, id},
};
use shuqiao_plane::delivery::batch::{Batch, RunPhase, target::PartFormat, task::BatchMode};
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

async fn killed_at_random(kind: Kind, mode: BatchMode) {
    let (count, kills_wanted) = (number("SHUQIAO_BATCH_ROWS", 2_000), number("SHUQIAO_BATCH_KILLS", 25));
    let (mut exchange, database) = Exchange::to(kind, &(ROWS.to_owned() + &rows(1, count)), mode).await;
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
    let found = "SELECT concat(count(*), '/', count(DISTINCT id), '/', sum(id)) FROM received";
    assert_eq!(database.one(found).await, expected, "after {kills} kills");
    assert_eq!(database.tables().await, "received", "after {kills} kills");
    if exchange.task.mode == BatchMode::Full {
        assert_eq!(result(&report).rows, u64::from(count));
    }
    let ledger =
        format!("SELECT concat(sum(l.rows)) FROM shuqiao_batch_ledger l WHERE l.run = '{run}' AND NOT l.published");
    assert_eq!(database.one(&ledger).await, result(&report).rows.to_string());
    // No more left than was recorded before: a page that was recorded and lost was recorded again.
    assert!(exchange.world.plane.usage_summary(&grant_id()).rows >= u64::from(count));
}

over_each_kind!(
    a_full_run_killed_at_random_loses_nothing_and_doubles_nothing,
    an_incremental_run_killed_at_random_loses_nothing_and_doubles_nothing,
    a_run_killed_at_each_of_its_steps_is_finished_by_the_next_attempt,
    source_and_target_may_go_away_midway_and_come_back,
    what_somebody_changes_in_the_staging_table_is_noticed_and_not_switched_over,
);

async fn a_full_run_killed_at_random_loses_nothing_and_doubles_nothing(kind: Kind) {
    killed_at_random(kind, BatchMode::Full).await;
}

async fn an_incremental_run_killed_at_random_loses_nothing_and_doubles_nothing(kind: Kind) {
    killed_at_random(kind, incremental()).await;
}

/// Of a full run into a table that is there, whose steps are all that a run has: dropped after its first step, after its
/// second, and so on, until it has no more.
async fn a_run_killed_at_each_of_its_steps_is_finished_by_the_next_attempt(kind: Kind) {
    let (exchange, database) = Exchange::to(kind, &(ROWS.to_owned() + &rows(1, 60)), BatchMode::Full).await;
    exchange.run().await;
    for step in 1.. {
        assert!(step < 2_000, "it does not come to an end");
        exchange.source(&format!("UPDATE t SET name = 'of {step}' WHERE id = 60")).await;
        let run = exchange.batch.begin(&exchange.task).await.unwrap();
        let ended = with_fuel(step, exchange.batch.attempt(run)).await;
        let is_last = ended.is_some();
        let mut report = match ended {
            Some(report) => report.unwrap(),
            None => exchange.batch.attempt(run).await.unwrap(),
        };
        while let RunPhase::Open { .. } = report.phase {
            // What the server was doing when the attempt was dropped was still on its way.
            exchange.batch.resume(run).unwrap();
            report = exchange.batch.attempt(run).await.unwrap();
        }
        assert_eq!(result(&report).rows, 60, "after a kill at step {step}");
        let found = "SELECT concat(count(*), '/', sum(id), '/', max(CASE id WHEN 60 THEN name END)) FROM received";
        assert_eq!(database.one(found).await, format!("60/1830/of {step}"), "after a kill at step {step}");
        assert_eq!(database.tables().await, "received", "after a kill at step {step}");
        if is_last {
            break;
        }
    }
}

#[tokio::test]
async fn a_folder_run_killed_at_random_loses_nothing_and_doubles_nothing() {
    folder_killed_at_random(PartFormat::Csv).await;
}

#[tokio::test]
async fn a_run_of_parquet_parts_killed_at_random_loses_nothing_and_doubles_nothing() {
    folder_killed_at_random(PartFormat::Parquet).await;
}

async fn folder_killed_at_random(format: PartFormat) {
    let (exchange, out) = Exchange::to_files(&(ROWS.to_owned() + &rows(1, 1_000)), format, BatchMode::Full).await;
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
        let number = |cell: &str| cell.parse::<u32>().unwrap();
        if part.extension().is_some_and(|extension| extension == "csv") {
            let mut reader = csv::Reader::from_path(&part).unwrap();
            ids.extend(reader.records().map(|record| number(&record.unwrap()[0])));
        } else if part.extension().is_some_and(|extension| extension == "parquet") {
            let given = crate::ways::told::parquet(std::fs::read(&part).unwrap());
            ids.extend(given.only(&[&"id".to_owned()]).iter().map(|row| number(row[0].as_ref().unwrap())));
        }
    }
    ids.sort_unstable();
    assert_eq!(ids, (1..=1_000).collect::<Vec<_>>());
}

async fn source_and_target_may_go_away_midway_and_come_back(kind: Kind) {
    let own = Server::start(kind);
    own.create_database("target");
    let target = own.target("target");
    let exchange = Exchange::of(&(ROWS.to_owned() + &rows(1, 3_000)), &target, BatchMode::Full).await;
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    until_chunk(&exchange.batch, run, 4).await;
    own.stop();
    let report = exchange.batch.attempt(run).await.unwrap();
    assert_eq!(waits(&report), "target_unreachable");
    own.start_again();
    let (here, away) = (exchange.world.intake("people.db"), exchange.world.intake("away.db"));
    std::fs::rename(&here, &away).unwrap();
    exchange.world.plane.sources().describe(exchange.world.location()).await.unwrap_err();
    let report = exchange.batch.attempt(run).await.unwrap();
    assert_eq!(waits(&report), "source_unreachable");
    std::fs::rename(&away, &here).unwrap();
    exchange.world.plane.sources().describe(exchange.world.location()).await.unwrap();
    let report = exchange.batch.attempt(run).await.unwrap();
    assert_eq!(result(&report).rows, 3_000);
    let found = "SELECT concat(count(*), '/', count(DISTINCT id)) FROM received";
    assert_eq!(own.texts("target", found).await, ["3000/3000"]);
}

async fn what_somebody_changes_in_the_staging_table_is_noticed_and_not_switched_over(kind: Kind) {
    let (exchange, database) = Exchange::to(kind, &(ROWS.to_owned() + &rows(1, 3_000)), BatchMode::Full).await;
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    let stage = format!("shuqiao_stage_{}", run.to_string().trim_start_matches("run_"));
    until_chunk(&exchange.batch, run, 2).await;
    database.execute(&format!("UPDATE {stage} SET name = 'changed' WHERE id = 1"));
    let report = exchange.batch.attempt(run).await.unwrap();
    assert_eq!(crate::batch::failed(&report).0, "digest_differs");
    assert_eq!(database.tables().await, "");
}

#[tokio::test]
async fn each_database_is_its_own() {
    // Two runs of two tasks into databases of two kinds at a time do not meet.
    let both = [Kind::Postgres, Kind::Mysql].map(Database::of);
    let statements = ROWS.to_owned() + &rows(1, 200);
    let mut one = Exchange::of(&statements, &both[0].target(), BatchMode::Full).await;
    let other = crate::batch::task(&both[1].target(), BatchMode::Full);
    one.task.id = id("bat", 2);
    let (first, second) = (one.batch.begin(&one.task).await.unwrap(), one.batch.begin(&other).await.unwrap());
    let (first, second) = tokio::join!(one.batch.attempt(first), one.batch.attempt(second));
    assert_eq!(result(&first.unwrap()).digest, result(&second.unwrap()).digest);
}
