//! The whole process is killed, by the kernel, again and again, in the midst of a run; each new one goes on.

use crate::{
    batch::{ROWS, items, rows, task},
    batch_kill::{Chance, setting},
    receiving::{Database, Kind},
    world::{NOON, Options, id, open_plane, provider, quick_folder, source_id, sqlite_file, terms},
};
use shuqiao_crypto::{note::SignerKey, seal::SealKey};
use shuqiao_plane::{
    book::{Book, SourceSpec},
    delivery::batch::{Batch, BatchSettings, RunPhase, target::TargetLocation, task::BatchMode},
    source::Location,
};
use shuqiao_vocabulary::{Moment, SharingMethod, SourceType};
use std::{
    future::Future,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    pin::pin,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64},
    },
};

const FOLDER: &str = "SHUQIAO_BATCH_TEST_FOLDER";
const TARGET: &str = "SHUQIAO_BATCH_TEST_TARGET";
const KILLS: u32 = 5;
const COUNT: u32 = 3_000;

fn source(folder: &Path) -> PathBuf {
    folder.join("intake/people.db")
}

#[test]
fn a_killed_process_loses_nothing_and_doubles_nothing() {
    killed(Kind::Postgres, "batch_process::a_killed_process_loses_nothing_and_doubles_nothing");
}

#[test]
fn a_killed_process_that_writes_to_mysql_loses_nothing_and_doubles_nothing() {
    killed(Kind::Mysql, "batch_process::a_killed_process_that_writes_to_mysql_loses_nothing_and_doubles_nothing");
}

fn killed(kind: Kind, test: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // The test starts its own program again, as the one to be killed.
    if let Some(folder) = setting(FOLDER) {
        return runtime.block_on(go_on(Path::new(&folder)));
    }
    let (folder, database) = (quick_folder(), Database::of(kind));
    std::fs::create_dir_all(folder.path().join("intake")).unwrap();
    runtime.block_on(sqlite_file(&source(folder.path()), &(ROWS.to_owned() + &rows(1, COUNT))));
    let target = serde_json::to_string(&database.target()).unwrap();
    let (mut chance, mut kills) = (Chance::new(), 0);
    loop {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(FOLDER, folder.path())
            .env(TARGET, &target)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // While there are kills left, it is killed after some chunks, wherever it then stands.
        let mut chunks_left = if kills < KILLS { chance.up_to(8) } else { u32::MAX };
        let mut finished = false;
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            finished |= line.contains("the run is finished");
            if line.contains("a chunk is in") {
                chunks_left -= 1;
            }
            if chunks_left == 0 {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        if finished {
            break;
        }
        kills += 1;
        assert!(kills < 10 * KILLS, "it does not come to an end");
    }
    assert!(kills >= KILLS);
    let expected = format!("{COUNT}/{COUNT}/{}", u64::from(COUNT) * u64::from(COUNT + 1) / 2);
    let found = "SELECT concat(count(*), '/', count(DISTINCT id), '/', sum(id)) FROM received";
    assert_eq!(runtime.block_on(database.texts(found)), [expected]);
}

/// The process that is killed: goes on with the run, and tells of every chunk.
#[expect(clippy::print_stdout, reason = "this is how it tells the test that started it")]
async fn go_on(folder: &Path) {
    let target: TargetLocation = serde_json::from_str(&setting(TARGET).unwrap()).unwrap();
    let (now, meter) = (Arc::new(AtomicI64::new(NOON)), Arc::new(AtomicU64::new(1)));
    let plane = Arc::new(open_plane(folder, &now, &meter, &Options::default()));
    let mut grant = terms("t", items(), &["id"]);
    grant.methods = vec![SharingMethod::BatchExchange];
    assert_eq!(grant.provider, provider());
    let sealed_location = Location::Sqlite { path: source(folder) }.seal(&SealKey::from_bytes([1; 32]));
    let book = Book {
        epoch: 1,
        node: "node.example".to_owned(),
        grants: vec![grant],
        systems: Vec::new(),
        sources: vec![SourceSpec { id: source_id(), kind: SourceType::Sqlite, sealed_location }],
        ..Book::default()
    };
    let signer = SignerKey::generate("node.example/book", [3; 32]).unwrap();
    plane.install(&book.sign(&signer).unwrap(), Moment::from_microseconds(NOON)).unwrap();
    let mut settings = BatchSettings::under(folder);
    settings.targets.hosts = vec!["127.0.0.1".to_owned()];
    settings.rows_per_chunk = 50;
    let batch = Batch::open(plane, settings).unwrap();
    let mut task = task(&target, BatchMode::Full);
    task.id = id("bat", 1);
    let known = batch.runs_of(task.id, 1).first().map(|report| report.id);
    let run = match known {
        Some(run) => run,
        None => batch.begin(&task).await.unwrap(),
    };
    if matches!(batch.report(run).unwrap().phase, RunPhase::Open { .. }) {
        batch.resume(run).unwrap();
    }
    let mut attempt = pin!(batch.attempt(run));
    let mut told = batch.report(run).unwrap().chunks;
    let report = std::future::poll_fn(|context| {
        let polled = attempt.as_mut().poll(context);
        let chunks = batch.report(run).unwrap().chunks;
        while told < chunks {
            told += 1;
            println!("a chunk is in");
        }
        polled
    })
    .await
    .unwrap();
    if matches!(report.phase, RunPhase::Finished(_)) {
        println!("the run is finished");
    }
}
