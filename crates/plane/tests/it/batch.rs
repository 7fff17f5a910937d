//! Batch exchange from outside: a plane over SQLite, a database of each kind or a folder that receives.

use crate::{
    receiving::{Database, Kind, over_each_kind},
    world::{World, grant_id, id, item, masked, quick_folder, requester, sqlite_file, terms},
};
use async_trait::async_trait;
use shuqiao_crypto::seal::SealKey;
use shuqiao_plane::{
    book::GrantTerms,
    delivery::batch::{
        Batch, BatchError, BatchSettings, RunPhase, RunReport, RunResult,
        schedule::Schedule,
        target::{PartFormat, TargetLocation},
        task::{BatchDesk, BatchMode, BatchTask},
    },
    source::Location,
};
use shuqiao_vocabulary::{BatchRunId, ItemType, Mask, Moment, SharingMethod};
use std::path::PathBuf;

/// A plane, batch exchange on it, and a grant that it delivers under.
pub(crate) struct Exchange {
    pub(crate) world: World,
    pub(crate) batch: Batch,
    pub(crate) grant: GrantTerms,
    pub(crate) task: BatchTask,
}

pub(crate) const ROWS: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, amount TEXT, day TEXT, at TEXT);";

/// So many rows for [`ROWS`], with empty and odd cells among them.
pub(crate) fn rows(from: u32, to: u32) -> String {
    format!(
        "WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to})
         INSERT INTO t SELECT i, CASE i % 7 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'a,\"b\"' || char(10) || i
           ELSE '遵义' || i END, i || '.50', date('2000-01-01', i || ' days'),
           strftime('%Y-%m-%dT%H:%M:%S', '2020-01-01', i || ' seconds') || '.5Z' FROM n;"
    )
}

pub(crate) fn items() -> Vec<shuqiao_plane::book::GrantedItem> {
    let mut hidden = masked("hidden", ItemType::Text, Mask::KeepEnds { head: 1, tail: 0 });
    hidden.column = "name".to_owned();
    vec![
        item("id", ItemType::Integer),
        item("name", ItemType::Text),
        item("amount", ItemType::Decimal),
        item("day", ItemType::Date),
        item("at", ItemType::DateTime),
        hidden,
    ]
}

pub(crate) fn settings(world: &World) -> BatchSettings {
    let mut settings = BatchSettings::under(world.folder.path());
    settings.targets.hosts = vec!["127.0.0.1".to_owned()];
    settings.targets.folders = vec![world.folder.path().join("out")];
    settings.rows_per_chunk = 50;
    std::fs::create_dir_all(world.folder.path().join("out")).unwrap();
    settings
}

pub(crate) fn task(target: &TargetLocation, mode: BatchMode) -> BatchTask {
    BatchTask {
        id: id("bat", 1),
        grant: grant_id(),
        requester: requester(),
        person: id("per", 9),
        mode,
        sealed_target: target.seal(&SealKey::from_bytes([1; 32])),
        table: "received".to_owned(),
        schedule: Schedule::Manual,
        since: Moment::from_microseconds(0),
    }
}

pub(crate) fn incremental() -> BatchMode {
    BatchMode::Incremental { change: "at".to_owned(), overlap: 0 }
}

impl Exchange {
    /// A SQLite source made by these statements, delivered to this target.
    pub(crate) async fn of(statements: &str, target: &TargetLocation, mode: BatchMode) -> Self {
        let folder = quick_folder();
        let path = folder.path().join("intake/people.db");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        sqlite_file(&path, statements).await;
        let world = World::at(folder, Location::Sqlite { path }, &crate::world::Options::default());
        let mut grant = terms("t", items(), &["id"]);
        grant.methods = vec![SharingMethod::BatchExchange];
        world.install(vec![grant.clone()]);
        let batch = Batch::open(world.plane.clone(), settings(&world)).unwrap();
        Self { task: task(target, mode), world, batch, grant }
    }

    /// To a new database.
    pub(crate) async fn to(kind: Kind, statements: &str, mode: BatchMode) -> (Self, Database) {
        let database = Database::of(kind);
        (Self::of(statements, &database.target(), mode).await, database)
    }

    /// To a folder below the plane's own.
    pub(crate) async fn to_folder(statements: &str, mode: BatchMode) -> (Self, PathBuf) {
        Self::to_files(statements, PartFormat::Csv, mode).await
    }

    /// The same, in this form.
    pub(crate) async fn to_files(statements: &str, format: PartFormat, mode: BatchMode) -> (Self, PathBuf) {
        let unset = TargetLocation::Folder { path: PathBuf::new(), format };
        let mut exchange = Self::of(statements, &unset, mode).await;
        let path = exchange.world.folder.path().join("out");
        exchange.task.sealed_target =
            TargetLocation::Folder { path: path.clone(), format }.seal(&SealKey::from_bytes([1; 32]));
        (exchange, path)
    }

    pub(crate) fn install(&self) {
        self.world.install(vec![self.grant.clone()]);
    }

    pub(crate) async fn source(&self, statements: &str) {
        sqlite_file(&self.world.intake("people.db"), statements).await;
    }

    /// Begins a run, a second later than what was before, and makes one attempt of it.
    pub(crate) async fn run(&self) -> RunReport {
        self.world.pass_seconds(1);
        self.install();
        let run = self.batch.begin(&self.task).await.unwrap();
        self.batch.attempt(run).await.unwrap()
    }
}

pub(crate) fn result(report: &RunReport) -> &RunResult {
    match &report.phase {
        RunPhase::Finished(result) => result,
        other => panic!("{other:?}"),
    }
}

/// Code and parameters of a run that failed.
pub(crate) fn failed(report: &RunReport) -> (String, String) {
    match &report.phase {
        RunPhase::Failed(problem) => {
            (problem.code.clone(), serde_json::Value::Object(problem.params.clone()).to_string())
        }
        other => panic!("{other:?}"),
    }
}

pub(crate) fn waits(report: &RunReport) -> String {
    match &report.phase {
        RunPhase::Open { problem: Some(problem), until: Some(_) } => problem.code.clone(),
        other => panic!("{other:?}"),
    }
}

over_each_kind!(
    a_full_run_replaces_the_table_at_once_and_is_receipted,
    an_incremental_run_brings_what_changed_and_loses_nothing_at_the_edge,
    bad_rows_are_put_aside_with_reasons_and_the_others_arrive,
    too_many_bad_rows_end_the_run_and_nothing_is_delivered,
    a_revocation_midway_ends_the_run_and_leaves_the_old_table,
);

async fn a_full_run_replaces_the_table_at_once_and_is_receipted(kind: Kind) {
    let (exchange, database) = Exchange::to(kind, &(ROWS.to_owned() + &rows(1, 120)), BatchMode::Full).await;
    let report = exchange.run().await;
    let found = result(&report).clone();
    assert_eq!((found.rows, report.rows, report.bad, report.chunks), (120, 120, 0, 3));
    let (amount, at) = match kind {
        Kind::Postgres => ("trim_scale(amount)", "at AT TIME ZONE 'UTC'"),
        Kind::Mysql => ("amount + 0e0", "left(at, 21)"),
    };
    let sample = format!(
        "SELECT concat_ws('/', id, name, {amount}, day, {at}, hidden) FROM received WHERE id IN (2, 3, 7, 8) ORDER BY id"
    );
    assert_eq!(
        database.one(&sample).await,
        "2/a,\"b\"\n2/2.5/2000-01-03/2020-01-01 00:00:02.5/a******|3/遵义3/3.5/2000-01-04/2020-01-01 00:00:03.5/遵**|\
         7/7.5/2000-01-08/2020-01-01 00:00:07.5|8//8.5/2000-01-09/2020-01-01 00:00:08.5/"
    );
    // The receipt is a note of the usage log's key over the counts of both sides.
    let note = shuqiao_crypto::note::verify(&found.receipt, &[exchange.world.plane.usage_verifier().clone()]).unwrap();
    assert!(note.contains("rows 120\n") && note.contains(&format!("read-back sm3-sum:{}", found.digest)), "{note}");
    assert_eq!(found.records, Some((0, 2)));
    let record = exchange.world.plane.usage_record(1).unwrap();
    assert_eq!((record.method, record.request_id), (SharingMethod::BatchExchange, report.id.to_string()));
    assert!(exchange.batch.countersign(report.id, 120, &found.digest, "org").unwrap());
    assert!(!exchange.batch.countersign(report.id, 119, &found.digest, "org").unwrap());
    // Again: what is gone from the source is gone from the target, and nothing of the staging is left.
    exchange.source("DELETE FROM t WHERE id > 100; UPDATE t SET name = 'new' WHERE id = 1").await;
    assert_eq!(result(&exchange.run().await).rows, 100);
    assert_eq!(
        database.one("SELECT concat(count(*), max(id), min(CASE id WHEN 1 THEN name END)) FROM received").await,
        "100100new"
    );
    assert_eq!(database.tables().await, "received");
}

async fn an_incremental_run_brings_what_changed_and_loses_nothing_at_the_edge(kind: Kind) {
    let (exchange, database) = Exchange::to(kind, &(ROWS.to_owned() + &rows(1, 60)), incremental()).await;
    assert_eq!(result(&exchange.run().await).rows, 60);
    // One row with the same moment as the last one, one after it, one before it.
    let edge = "UPDATE t SET at = (SELECT max(at) FROM t), name = 'edge' WHERE id = 5;
                UPDATE t SET at = '2030-01-01T00:00:00Z', name = 'later' WHERE id = 6;
                UPDATE t SET name = 'too early' WHERE id = 7;";
    exchange.source(edge).await;
    assert_eq!(result(&exchange.run().await).rows, 3);
    let names = "SELECT name FROM received WHERE id IN (5, 6, 7) AND name IS NOT NULL ORDER BY id";
    assert_eq!(database.one(names).await, "edge|later");
    exchange.source("UPDATE t SET at = '2029-12-31T23:59:50Z', name = 'late commit' WHERE id = 8").await;
    let mut exchange = exchange;
    exchange.task.mode = BatchMode::Incremental { change: "at".to_owned(), overlap: 0 };
    assert_eq!(result(&exchange.run().await).rows, 1);
    assert_eq!(database.one("SELECT concat(count(*)) FROM received").await, "60");
}

#[tokio::test]
async fn a_folder_receives_parts_and_the_manifest_last() {
    let (exchange, out) = Exchange::to_folder(&(ROWS.to_owned() + &rows(1, 120)), BatchMode::Full).await;
    let report = exchange.run().await;
    let folder = out.join("received").join(report.id.to_string());
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    assert_eq!((manifest["rows"].as_u64(), manifest["parts"].as_array().map(Vec::len)), (Some(120), Some(3)));
    assert_eq!(manifest["digest"], format!("sm3-sum:{}", result(&report).digest));
    let first = std::fs::read_to_string(folder.join("part-00001.csv")).unwrap();
    let lines: Vec<&str> = first.lines().collect();
    assert_eq!(lines[0], r#""id","name","amount","day","at","hidden""#);
    assert_eq!(lines[1], r#"1,"",1.5,2000-01-02,2020-01-01T00:00:01.5Z,"""#);
}

#[tokio::test]
async fn parquet_parts_have_the_types_of_the_items_and_are_told_in_the_manifest() {
    let statements = ROWS.to_owned() + &rows(1, 120);
    let (exchange, out) = Exchange::to_files(&statements, PartFormat::Parquet, BatchMode::Full).await;
    let report = exchange.run().await;
    let folder = out.join("received").join(report.id.to_string());
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    assert_eq!((manifest["format"].as_str(), manifest["rows"].as_u64()), (Some("parquet"), Some(120)));
    assert_eq!(manifest["digest"], format!("sm3-sum:{}", result(&report).digest));
    // The same rows have the same digest, whatever they are brought in.
    let (into_csv, _) = Exchange::to_folder(&statements, BatchMode::Full).await;
    assert_eq!(result(&into_csv.run().await).digest, result(&report).digest);
    let parts = manifest["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 3);
    for part in parts {
        let bytes = std::fs::read(folder.join(part["file"].as_str().unwrap())).unwrap();
        assert_eq!(part["sha256"], shuqiao_crypto::digest::sha256_hex(&bytes));
        let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes));
        let schema = reader.unwrap().schema().clone();
        let types: Vec<String> = schema.fields().iter().map(|field| field.data_type().to_string()).collect();
        assert_eq!(types, ["Int64", "Utf8", "Utf8", "Date32", "Timestamp(µs, \"UTC\")", "Utf8"]);
    }
}

#[tokio::test]
async fn a_part_that_was_changed_is_noticed_before_the_manifest() {
    for format in [PartFormat::Csv, PartFormat::Parquet] {
        let (exchange, out) = Exchange::to_files(&(ROWS.to_owned() + &rows(1, 3_000)), format, BatchMode::Full).await;
        let run = exchange.batch.begin(&exchange.task).await.unwrap();
        crate::batch_kill::until_chunk(&exchange.batch, run, 2).await;
        let ending = if format == PartFormat::Csv { "csv" } else { "parquet" };
        let part = out.join("received").join(run.to_string()).join(format!("part-00001.{ending}"));
        let mut bytes = std::fs::read(&part).unwrap();
        bytes.truncate(bytes.len() - 1);
        std::fs::write(&part, bytes).unwrap();
        let report = exchange.batch.attempt(run).await.unwrap();
        assert_eq!(failed(&report).0, "digest_differs", "{format:?}");
    }
}

async fn bad_rows_are_put_aside_with_reasons_and_the_others_arrive(kind: Kind) {
    let bad = "UPDATE t SET day = 'never' WHERE id IN (10, 11, 60);
               UPDATE t SET name = 'a' || char(0) || 'b' WHERE id = 12;
               UPDATE t SET name = 'much too long for it' WHERE id = 13;
               UPDATE t SET name = 'refused' WHERE id = 120;";
    let statements = ROWS.to_owned() + &rows(1, 120) + bad;
    for mode in [BatchMode::Full, incremental()] {
        let (exchange, database) = Exchange::to(kind, &statements, mode).await;
        let table = "CREATE TABLE received (id bigint PRIMARY KEY, name varchar(12) CHECK (name <> 'refused'),
                     amount numeric(8, 2), day date, at timestamptz, hidden text, more int DEFAULT 7)";
        database.execute(&table.replace("timestamptz", database.moment()));
        let report = exchange.run().await;
        assert_eq!((result(&report).rows, report.bad), (114, 6), "{report:?}");
        let mut found: Vec<String> = exchange
            .batch
            .quarantine(report.id)
            .unwrap()
            .iter()
            .map(|row| format!("{} {} {}", row.chunk, row.code, row.item.as_deref().unwrap_or("-")))
            .collect();
        found.sort();
        let expected = [
            "1 cell_type_mismatch -",
            "1 cell_type_mismatch -",
            "1 text_has_nul name",
            "1 text_too_long name",
            "2 cell_type_mismatch -",
            "3 target_refused -",
        ];
        let without_columns: Vec<String> = found.iter().map(|line| line.replace(" day", " -")).collect();
        assert_eq!(without_columns, expected);
        let stored = std::fs::read_to_string(
            settings(&exchange.world).folder.join(report.id.to_string()).join("quarantine.jsonl"),
        );
        assert!(!stored.unwrap().contains("too long for"));
        assert_eq!(database.one("SELECT concat(count(*), '/', sum(more)) FROM received").await, "114/798");
    }
}

async fn too_many_bad_rows_end_the_run_and_nothing_is_delivered(kind: Kind) {
    let statements = ROWS.to_owned() + &rows(1, 120) + "UPDATE t SET day = 'never' WHERE id > 60";
    let (mut exchange, database) = Exchange::to(kind, &statements, BatchMode::Full).await;
    let mut settings = settings(&exchange.world);
    settings.bad_rows_max = 20;
    exchange.batch = Batch::open(exchange.world.plane.clone(), settings).unwrap();
    let report = exchange.run().await;
    assert!(matches!(failed(&report).0.as_str(), "bad_rows_too_many" | "cell_type_mismatch"), "{report:?}");
    assert_eq!(database.tables().await, "");
}

async fn a_revocation_midway_ends_the_run_and_leaves_the_old_table(kind: Kind) {
    let (exchange, database) = Exchange::to(kind, &(ROWS.to_owned() + &rows(1, 3_000)), BatchMode::Full).await;
    exchange.run().await;
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    let before = exchange.world.plane.usage_summary(&grant_id()).rows;
    crate::batch_kill::until_chunk(&exchange.batch, run, 2).await;
    exchange.world.install(Vec::new());
    let report = exchange.batch.attempt(run).await.unwrap();
    assert_eq!(failed(&report).0, "grant_revoked");
    assert!(exchange.world.plane.usage_summary(&grant_id()).rows < before + 3_000);
    assert_eq!(database.one("SELECT concat(count(*)) FROM received").await, "3000");
    assert_eq!(database.tables().await, "received");
}

#[tokio::test]
async fn a_used_up_day_waits_for_the_next_legal_day() {
    let (mut exchange, _) = Exchange::to_folder(&(ROWS.to_owned() + &rows(1, 120)), BatchMode::Full).await;
    exchange.grant.rows_per_day = 70;
    exchange.install();
    let report = exchange.run().await;
    assert_eq!((waits(&report).as_str(), report.rows), ("daily_rows_exceeded", 70));
    assert!(exchange.batch.tick(&Desk(vec![exchange.task.clone()])).await.is_empty());
    exchange.world.pass_seconds(86_400);
    exchange.grant.valid_until = exchange.world.moment().plus_seconds(86_400);
    exchange.world.pass_seconds(-1);
    // The terms must stay the same for a run to go on: here they do, for they were set before it began.
    let due = exchange.batch.tick(&Desk(vec![exchange.task.clone()])).await;
    assert_eq!(due, [report.id]);
}

/// A desk with these tasks.
pub(crate) struct Desk(pub(crate) Vec<BatchTask>);

#[async_trait]
impl BatchDesk for Desk {
    async fn tasks(&self) -> Option<Vec<BatchTask>> {
        Some(self.0.clone())
    }
}

#[tokio::test]
async fn runs_begin_by_schedule_stop_and_go_on_and_end_with_their_task() {
    let (mut exchange, out) = Exchange::to_folder(&(ROWS.to_owned() + &rows(1, 3_000)), BatchMode::Full).await;
    // It is noon: two hours ago was ten o'clock.
    exchange.task.schedule = Schedule::Daily { minute: 600 };
    exchange.task.since = exchange.world.moment().plus_seconds(-10_800);
    let desk = Desk(vec![exchange.task.clone()]);
    let due = exchange.batch.tick(&desk).await;
    let [run]: [BatchRunId; 1] = due.try_into().unwrap();
    assert_eq!(exchange.batch.begin(&exchange.task).await, Err(BatchError::RunOpen));
    exchange.batch.stop(run).unwrap();
    assert!(exchange.batch.tick(&desk).await.is_empty());
    assert_eq!(exchange.batch.attempt(run).await.unwrap().phase, RunPhase::Stopped);
    exchange.batch.resume(run).unwrap();
    assert_eq!(exchange.batch.tick(&desk).await, [run]);
    assert_eq!(result(&exchange.batch.attempt(run).await.unwrap()).rows, 3_000);
    assert!(exchange.batch.tick(&desk).await.is_empty());
    // A run of a task that is gone ends, and what it had left is removed.
    let orphan = exchange.batch.begin(&exchange.task).await.unwrap();
    crate::batch_kill::until_chunk(&exchange.batch, orphan, 2).await;
    assert_eq!(exchange.batch.tick(&Desk(Vec::new())).await, [orphan]);
    assert_eq!(failed(&exchange.batch.attempt(orphan).await.unwrap()).0, "task_gone");
    assert!(!out.join("received").join(orphan.to_string()).exists());
    // What is read back from disk stands as it stood.
    let again = Batch::open(exchange.world.plane.clone(), settings(&exchange.world)).unwrap();
    assert_eq!(again.runs_of(exchange.task.id, 10), exchange.batch.runs_of(exchange.task.id, 10));
}
