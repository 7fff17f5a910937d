//! The usage log: kept before the answer, whole after a crash, provable without the plane.

use crate::world::{
    NOON, Options, PURPOSE, World, grant_id, item, provider, quick_folder, stranger, terms, try_open_plane,
};
use serde_json::json;
use shuqiao_crypto::{
    note::SignerKey,
    offline::verify_proof,
    token::{Caller, Claims},
};
use shuqiao_plane::{
    plane::Plane,
    usage::{LogLimits, Outcome, UsageError},
};
use shuqiao_tlog::{leaf_hash, root};
use shuqiao_vocabulary::{ItemType, id::SystemKind};
use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

const TABLE: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x'), (2, 'y');";

async fn world_with(options: &Options) -> World {
    let world = World::sqlite_with(TABLE, options).await;
    world.install(vec![terms("t", vec![item("a", ItemType::Text)], &["id"])]);
    world
}

fn verifier() -> String {
    SignerKey::generate("node.example/usage", [4; 32]).unwrap().verifier().to_string()
}

fn reopen(folder: &Path) -> Result<Plane, UsageError> {
    try_open_plane(folder, &Arc::new(AtomicI64::new(NOON)), &Arc::new(AtomicU64::new(1)), &Options::default())
}

fn copy_log(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("usage")).unwrap();
    for file in fs::read_dir(from.join("usage")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join("usage").join(file.file_name())).unwrap();
    }
}

/// The log without the space that is reserved behind it; a record ends in a brace.
fn records(folder: &Path) -> Vec<u8> {
    let mut log = fs::read(log_file(folder)).unwrap();
    let end = log.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    log.truncate(end);
    log
}

fn log_file(folder: &Path) -> std::path::PathBuf {
    folder.join("usage").join(format!("{:020}.log", 0))
}

#[tokio::test]
async fn every_record_can_be_proven_offline() {
    let world = world_with(&Options::default()).await;
    for n in 0..20 {
        let body = if n % 3 == 0 { json!({"items": ["b"]}) } else { json!({}) };
        world.query(body).await;
    }
    for index in 0..20 {
        let proof = world.plane.usage_proof(index).unwrap();
        let proven = verify_proof(&proof, &verifier(), None).unwrap();
        assert_eq!((proven.origin.as_str(), proven.index), ("node.example/usage", index));
        assert!(proven.entry.starts_with(format!("shuqiao usage v1\n{index}\n").as_bytes()));
        let other = world.plane.usage_proof((index + 1) % 20).unwrap();
        let mixed = proof.replace(&format!("index {index}\n"), &format!("index {}\n", (index + 1) % 20));
        assert!(verify_proof(&mixed, &verifier(), None).is_err());
        assert_ne!(proof, other);
    }
    assert!(matches!(world.plane.usage_proof(20), Err(UsageError::Missing)));
}

#[tokio::test]
async fn tiles_and_head_agree_with_the_records() {
    let world = world_with(&Options::default()).await;
    for _ in 0..300 {
        world.query(json!({})).await;
    }
    world.plane.usage_proof(299).unwrap();
    let head = world.plane.usage_head();
    assert_eq!(head.size, 300);
    let full = world.get("/data/v1/usage/tile/entries/000", None).await;
    let rest = world.get("/data/v1/usage/tile/entries/001.p/44", None).await;
    assert_eq!((full.status, rest.status), (200, 200));
    let mut leaves = Vec::new();
    for bundle in [&full.body, &rest.body] {
        let entries = shuqiao_tlog::tile::decode_bundle(bundle).unwrap();
        leaves.extend(entries.into_iter().map(leaf_hash));
    }
    assert_eq!(leaves.len(), 300);
    let mut all = std::collections::HashMap::new();
    for (index, leaf) in (0_u64..).zip(&leaves) {
        let made = shuqiao_tlog::append(index, *leaf, &mut |node| all.get(&node).copied().ok_or(())).unwrap();
        all.extend(made);
    }
    assert_eq!(root(300, &mut |node| all.get(&node).copied().ok_or(())).unwrap(), head.root);
    let hashes = world.get("/data/v1/usage/tile/0/000", None).await;
    assert_eq!(hashes.body, leaves[..256].as_flattened());
    let checkpoint = world.get("/data/v1/usage/checkpoint", None).await;
    assert_eq!(String::from_utf8(checkpoint.body).unwrap(), world.plane.usage_checkpoint());
    for missing in ["tile/0/002", "tile/entries/001.p/45", "tile/1/001", "tile/x", "tile/0/../../checkpoint"] {
        assert_eq!(world.get(&format!("/data/v1/usage/{missing}"), None).await.status, 404, "{missing}");
    }
}

#[tokio::test]
async fn proofs_are_for_the_parties() {
    let world = world_with(&Options::default()).await;
    world.query(json!({})).await;
    let of = |number, organisation| {
        let caller = Caller::System(crate::world::id::<SystemKind>("sys", number));
        world.token.mint(&Claims { caller, organisation, ..world.claims() })
    };
    let path = "/data/v1/usage/0/proof";
    let mine = world.get(path, Some(&world.bearer())).await;
    assert_eq!(mine.status, 200);
    verify_proof(&String::from_utf8(mine.body).unwrap(), &verifier(), None).unwrap();
    assert_eq!(world.get(path, Some(&of(2, provider()))).await.status, 200);
    let other = world.get(path, Some(&of(3, stranger()))).await;
    assert_eq!((other.status, other.code().as_str()), (404, "record_missing"));
    assert_eq!(world.get(path, None).await.status, 401);
    assert_eq!(world.get("/data/v1/usage/1/proof", Some(&world.bearer())).await.status, 404);
    assert_eq!(world.get("/data/v1/usage/x/proof", Some(&world.bearer())).await.status, 404);
}

#[tokio::test]
async fn a_torn_tail_is_cut_and_the_log_goes_on() {
    let world = world_with(&Options::default()).await;
    for _ in 0..5 {
        world.query(json!({})).await;
    }
    // The head over the first five is signed and kept; the sixth comes after it.
    world.plane.usage_proof(4).unwrap();
    let before = records(world.folder.path()).len();
    world.query(json!({"limit": 1})).await;
    let crashed = quick_folder();
    copy_log(world.folder.path(), crashed.path());
    let whole = records(crashed.path());
    assert!(whole.len() > before);
    for cut in before..=whole.len() {
        // Half of the time with the reserved zeros behind it, as after a crash.
        let reserved = vec![0; if cut % 2 == 0 { 5_000 } else { 0 }];
        fs::write(log_file(crashed.path()), [&whole[..cut], &reserved].concat()).unwrap();
        for file in ["tally", "offsets"] {
            let _ = fs::remove_file(crashed.path().join("usage").join(file));
        }
        let scratch = quick_folder();
        copy_log(crashed.path(), scratch.path());
        let plane = reopen(scratch.path()).unwrap();
        let kept = if cut == whole.len() { 6 } else { 5 };
        assert_eq!(plane.usage_head().size, kept, "cut at {cut}");
        assert_eq!(plane.usage_summary(&grant_id()).calls, kept);
        assert_eq!(plane.usage(&grant_id(), 10).unwrap().len() as u64, kept);
        verify_proof(&plane.usage_proof(kept - 1).unwrap(), &verifier(), None).unwrap();
    }
    // Bytes that were never written whole, as a disk may leave them.
    let mut torn = whole.clone();
    torn[before + 60] ^= 1;
    fs::write(log_file(crashed.path()), &torn).unwrap();
    assert_eq!(reopen(crashed.path()).unwrap().usage_head().size, 5);
}

#[tokio::test]
async fn a_restart_goes_on_without_a_gap_or_a_double() {
    let world = world_with(&Options::default()).await;
    for _ in 0..3 {
        world.query(json!({})).await;
    }
    for crash in [true, false] {
        let next = tempfile::tempdir().unwrap();
        fs::create_dir_all(next.path().join("intake")).unwrap();
        copy_log(world.folder.path(), next.path());
        let plane = reopen(next.path()).unwrap();
        assert_eq!(plane.usage_head().size, 3);
        let today = plane.usage_calls_on(world.moment().date());
        assert_eq!(today, 3, "{crash}");
        drop(plane);
        let plane = reopen(next.path()).unwrap();
        assert_eq!(plane.usage_summary(&grant_id()).rows, 6);
        let indexes: Vec<u64> = plane.usage(&grant_id(), 10).unwrap().iter().map(|record| record.index).collect();
        assert_eq!(indexes, [2, 1, 0]);
    }
}

#[tokio::test]
async fn damage_behind_the_signed_head_is_not_papered_over() {
    let world = world_with(&Options::default()).await;
    for _ in 0..5 {
        world.query(json!({})).await;
    }
    world.plane.usage_proof(4).unwrap();
    let whole = records(world.folder.path());
    let attempt = |change: &dyn Fn(&Path)| {
        let scratch = tempfile::tempdir().unwrap();
        copy_log(world.folder.path(), scratch.path());
        change(scratch.path());
        let log = fs::read(log_file(scratch.path())).unwrap();
        let opened = reopen(scratch.path()).map(|plane| plane.usage_head().size);
        if opened.is_err() {
            assert_eq!(fs::read(log_file(scratch.path())).unwrap(), log, "a damaged log is left as it is");
        }
        opened
    };
    let damaged = |result: Result<u64, UsageError>| matches!(result, Err(UsageError::Damaged(_)));
    assert!(damaged(attempt(&|folder| fs::write(log_file(folder), &whole[..whole.len() - 1]).unwrap())));
    assert!(damaged(attempt(&|folder| fs::write(log_file(folder), b"").unwrap())));
    assert!(damaged(attempt(&|folder| {
        let mut changed = whole.clone();
        changed[100] ^= 1;
        fs::write(log_file(folder), changed).unwrap();
    })));
    assert!(damaged(attempt(&|folder| {
        let path = folder.join("usage/checkpoint");
        let note = fs::read_to_string(&path).unwrap().replace("\n5\n", "\n4\n");
        fs::write(path, note).unwrap();
    })));
    // What can be made again is made again.
    for file in ["hashes", "offsets", "tally"] {
        let again = attempt(&|folder| {
            let path = folder.join("usage").join(file);
            fs::write(path, b"nonsense that is longer than one of the numbers in it").unwrap();
        });
        assert_eq!(again.unwrap(), 5, "{file}");
        assert_eq!(attempt(&|folder| drop(fs::remove_file(folder.join("usage").join(file)))).unwrap(), 5, "{file}");
    }
}

#[tokio::test]
async fn a_full_log_refuses_and_delivers_nothing() {
    let options =
        Options { usage_limits: LogLimits { bytes_max: 1_200, ..LogLimits::default() }, ..Options::default() };
    let world = world_with(&options).await;
    let mut statuses = Vec::new();
    for _ in 0..8 {
        let reply = world.query(json!({})).await;
        if reply.status != 200 {
            assert_eq!((reply.status, reply.code().as_str()), (503, "record_unavailable"));
            assert!(!String::from_utf8_lossy(&reply.body).contains("\"x\""));
        }
        statuses.push(reply.status);
    }
    let delivered = statuses.iter().filter(|status| **status == 200).count() as u64;
    assert!(delivered > 0 && delivered < 8, "{statuses:?}");
    assert_eq!(world.plane.usage_summary(&grant_id()).calls, delivered);
    let refused = world.query_as(None, &grant_id().to_string(), "*/*", &json!({"purpose": PURPOSE})).await;
    assert_eq!(refused.code(), "record_unavailable", "not even a refusal without its record");
    assert!(records(world.folder.path()).len() <= 1_200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_callers_share_one_order() {
    let world = Arc::new(world_with(&Options::default()).await);
    let indexes = Arc::new(AtomicU64::new(0));
    let calls = (0..200).map(|_| {
        let (world, indexes) = (world.clone(), indexes.clone());
        tokio::spawn(async move {
            let reply = world.query(json!({})).await;
            let index: u64 = reply.header("shuqiao-record").unwrap().parse().unwrap();
            indexes.fetch_add(index, Ordering::SeqCst);
            index
        })
    });
    let mut seen: Vec<u64> = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        seen.push(call.await.unwrap());
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..200).collect::<Vec<_>>());
    let summary = world.plane.usage_summary(&grant_id());
    assert_eq!((summary.calls, summary.rows), (200, 400));
    assert!(matches!(world.plane.usage_record(199).unwrap().outcome, Outcome::Delivered { rows: 2, .. }));
}

#[tokio::test]
async fn segments_follow_each_other() {
    let limits = LogLimits { segment_bytes: 2_000, ..LogLimits::default() };
    let world = world_with(&Options { usage_limits: limits, ..Options::default() }).await;
    for _ in 0..40 {
        world.query(json!({})).await;
    }
    let segments = |folder: &Path| {
        let files = fs::read_dir(folder.join("usage")).unwrap();
        files.filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|end| end == "log")).count()
    };
    assert!(segments(world.folder.path()) > 5);
    assert_eq!(world.plane.usage(&grant_id(), 100).unwrap().len(), 40);
    for without in [None, Some("tally"), Some("hashes"), Some("offsets")] {
        let next = quick_folder();
        copy_log(world.folder.path(), next.path());
        if let Some(file) = without {
            fs::remove_file(next.path().join("usage").join(file)).unwrap();
        }
        let plane = reopen(next.path()).unwrap();
        assert_eq!((plane.usage_head().size, plane.usage_summary(&grant_id()).rows), (40, 80), "{without:?}");
        verify_proof(&plane.usage_proof(7).unwrap(), &verifier(), None).unwrap();
    }
}
