//! Writers at the same time.

use crate::{
    databases::{Database, on_both},
    samples::{at, commit, entry, furnish, id, permit, record},
};
use shuqiao_domain::account::Lock;
use shuqiao_store::{Store, StoreError};
use shuqiao_testkit::postgres::PostgresServer;
use shuqiao_tlog::{leaf_hash, verify_inclusion};

on_both!(
    of_two_writers_one_wins,
    many_writers_make_one_log,
    a_reader_sees_one_moment,
    failures_are_counted_one_by_one,
    a_link_is_used_by_one,
);

async fn of_two_writers_one_wins(db: Database) {
    furnish(&db.store).await;
    let save = |store: Store| async move {
        let mut tx = store.begin_write().await?;
        tx.entry_save(&entry(1), 1, &permit()).await?;
        tx.commit(record("Saved", "node")).await
    };
    let (one, other) = (tokio::spawn(save(db.store.clone())), tokio::spawn(save(db.store.clone())));
    let outcomes = [one.await.unwrap(), other.await.unwrap()];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    let stale = outcomes.iter().any(|outcome| matches!(outcome, Err(StoreError::Stale { expected: 1, found: 2 })));
    assert!(stale, "{outcomes:?}");
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!((reader.entry_fetch(id(1)).await.unwrap().revision, reader.log_head().await.unwrap()), (2, 2));
}

async fn many_writers_make_one_log(db: Database) {
    const WRITERS: u64 = 8;
    const COMMITS: u64 = 12;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = db.store.clone();
            tokio::spawn(async move {
                let mut indexes = Vec::new();
                for n in 0..COMMITS {
                    let mut tx = store.begin_write().await.unwrap();
                    tx.counter_next("shared").await.unwrap();
                    indexes.push(tx.commit(record(&format!("W{writer}-{n}"), "node")).await.unwrap());
                }
                indexes
            })
        })
        .collect();
    let mut indexes = Vec::new();
    for writer in writers {
        indexes.extend(writer.await.unwrap());
    }
    indexes.sort_unstable();
    let size = WRITERS * COMMITS;
    assert_eq!(indexes, (0..size).collect::<Vec<_>>());

    let mut tx = db.store.begin_write().await.unwrap();
    assert_eq!(tx.counter_next("shared").await.unwrap(), size + 1);
    let entries = tx.log_entries(0, size).await.unwrap();
    let mut hashes = std::collections::HashMap::new();
    let wanted = shuqiao_tlog::root_nodes(size);
    hashes.extend(wanted.iter().copied().zip(tx.log_nodes(&wanted).await.unwrap()));
    let root = shuqiao_tlog::root(size, &mut |node| hashes.get(&node).copied().ok_or(())).unwrap();
    for (index, entry) in (0..).zip(&entries) {
        let wanted = shuqiao_tlog::inclusion_nodes(index, size);
        hashes.extend(wanted.iter().copied().zip(tx.log_nodes(&wanted).await.unwrap()));
        let proof = shuqiao_tlog::inclusion_proof(index, size, &mut |node| hashes.get(&node).copied().ok_or(()));
        verify_inclusion(&leaf_hash(entry), index, size, &root, &proof.unwrap()).unwrap();
    }
}

async fn a_reader_sees_one_moment(db: Database) {
    furnish(&db.store).await;
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.log_head().await.unwrap(), 1);
    let mut tx = db.store.begin_write().await.unwrap();
    tx.entry_save(&entry(1), 1, &permit()).await.unwrap();
    commit(tx).await;
    assert_eq!((reader.log_head().await.unwrap(), reader.entry_fetch(id(1)).await.unwrap().revision), (1, 1));
    drop(reader);
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!((reader.log_head().await.unwrap(), reader.entry_fetch(id(1)).await.unwrap().revision), (2, 2));
}

async fn failures_are_counted_one_by_one(db: Database) {
    furnish(&db.store).await;
    let attempts: Vec<_> = (0..4)
        .map(|_| {
            let store = db.store.clone();
            tokio::spawn(async move {
                let mut tx = store.begin_write().await.unwrap();
                let lock = tx.credential_fetch(id(1)).await.unwrap().lock.after_failure(at(0));
                tx.lock_save(id(1), lock, &permit()).await.unwrap();
                tx.commit(record("LoginFailed", "node")).await.unwrap();
            })
        })
        .collect();
    for attempt in attempts {
        attempt.await.unwrap();
    }
    let lock = db.store.begin_read().await.unwrap().credential_fetch(id(1)).await.unwrap().lock;
    assert_eq!(lock, Lock { failures: 4, until: None });
}

async fn a_link_is_used_by_one(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.link_insert([1; 32], id(1), at(100), &permit()).await.unwrap();
    commit(tx).await;
    let attempts: Vec<_> = (0..4)
        .map(|_| {
            let store = db.store.clone();
            tokio::spawn(async move {
                let mut tx = store.begin_write().await?;
                tx.link_use([1; 32], &permit()).await?;
                tx.commit(record("LinkUsed", "node")).await
            })
        })
        .collect();
    let mut used = 0;
    for attempt in attempts {
        match attempt.await.unwrap() {
            Ok(_) => used += 1,
            Err(error) => assert!(matches!(error, StoreError::NotFound), "{error}"),
        }
    }
    assert_eq!(used, 1);
}

/// INVARIANT (record-before-answer): what was answered is on the disk, also where the server's default is not to wait.
#[tokio::test]
async fn what_was_committed_survives_a_crash_of_the_server() {
    let server = PostgresServer::start_durable().unwrap();
    let url = server.create_database("node").unwrap();
    server.execute("node", "alter database node set synchronous_commit = off").unwrap();
    let store = Store::open(&url).await.unwrap();
    for expected in 0..20 {
        let tx = store.begin_write().await.unwrap();
        assert_eq!(tx.commit(record("Tested", "node")).await.unwrap(), expected);
    }
    server.stop().unwrap();
    server.start_again().unwrap();
    assert_eq!(store.begin_read().await.unwrap().log_head().await.unwrap(), 20);
    assert_eq!(commit(store.begin_write().await.unwrap()).await, 20, "the log goes on");
}
