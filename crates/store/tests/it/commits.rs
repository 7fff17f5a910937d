//! Commits: state, journal and log together, or nothing.

use crate::{
    databases::{Database, on_both},
    samples::{at, commit, entry, furnish, id, organisation, permit, record},
};
use sha2::{Digest as _, Sha256};
use shuqiao_store::{CheckpointRow, IdempotencyRow, JournalActor, Outcome, Record, RecordActor, StoreError};

on_both!(
    a_commit_keeps_the_record_and_the_leaf,
    every_kind_of_record_reads_back,
    several_records_commit_together,
    dropping_undoes_everything,
    a_commit_that_fails_leaves_nothing,
    a_failed_transaction_cannot_be_committed,
    a_decision_needs_its_record,
    an_idempotency_key_is_kept_with_its_write,
    records_have_limits,
    checkpoints_are_kept_by_size,
    counters_count_from_one,
);

async fn a_commit_keeps_the_record_and_the_leaf(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.entry_save(&entry(1), 1, &permit()).await.unwrap();
    let sent = Record {
        related: vec![id::<shuqiao_vocabulary::id::OrganisationKind>(1).to_string()],
        ..record("EntryRevised", entry(1).id)
    };
    let index = tx.commit(sent.clone()).await.unwrap();
    assert_eq!(index, 1);

    let mut reader = db.store.begin_read().await.unwrap();
    let row = reader.journal_fetch(index).await.unwrap();
    assert_eq!((row.index, row.at, row.event.as_str(), &row.subject), (1, sent.at, "EntryRevised", &sent.subject));
    assert_eq!((&row.related, &row.facts, &row.policies), (&sent.related, &sent.facts, &sent.policies));
    let body = r#"{"action":"request_submit","actor":"per_00000000000170008000000000000001","at":1760000000000000,"event":"EntryRevised","facts":{"revision":"1"},"index":1,"organisation":"org_00000000000170008000000000000001","outcome":"done","policies":["requests.submit"],"policy_digest":"00","related":["org_00000000000170008000000000000001"],"request_id":"r-1","subject":"cat_00000000000170008000000000000001"}"#;
    assert_eq!(row.body, body);
    let digest = Sha256::new().chain_update(row.salt).chain_update(&row.body).finalize();
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let leaf = format!("shuqiao-journal/1\n1\n1760000000000000\nEntryRevised\n{digest}\n");
    assert_eq!(String::from_utf8(row.entry.clone()).unwrap(), leaf);
    assert_eq!(reader.log_entries(1, 5).await.unwrap(), [leaf.into_bytes()]);
    assert_eq!(reader.history(&sent.subject).await.unwrap(), [row]);
    assert!(matches!(reader.journal_fetch(2).await, Err(StoreError::NotFound)));
}

async fn every_kind_of_record_reads_back(db: Database) {
    let refused = Outcome::Refused { code: "not_in_this_state".into() };
    let (person, organisation) = (id(1), id(2));
    let kinds = [
        (RecordActor::Person { person, organisation }, Outcome::Done, JournalActor::Person { person, organisation }),
        (RecordActor::Task("deadlines"), Outcome::Denied, JournalActor::Task("deadlines".into())),
        (RecordActor::Nobody, refused, JournalActor::Nobody),
    ];
    for (actor, outcome, told) in kinds {
        let tx = db.store.begin_write().await.unwrap();
        let index = tx.commit(Record { actor, outcome: outcome.clone(), ..record("E", "node") }).await.unwrap();
        let row = db.store.begin_read().await.unwrap().journal_fetch(index).await.unwrap();
        assert_eq!((row.actor, row.outcome), (told, outcome));
    }
}

async fn several_records_commit_together(db: Database) {
    let tx = db.store.begin_write().await.unwrap();
    let records = (0..5).map(|n| record(&format!("E{n}"), "node")).collect();
    assert_eq!(tx.commit_all(records).await.unwrap(), [0, 1, 2, 3, 4]);
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.log_head().await.unwrap(), 5);
    let events: Vec<String> = reader.history("node").await.unwrap().into_iter().map(|row| row.event).collect();
    assert_eq!(events, ["E0", "E1", "E2", "E3", "E4"]);
    let none = db.store.begin_write().await.unwrap().commit_all(Vec::new()).await;
    assert!(matches!(none, Err(StoreError::NoRecord)), "{none:?}");
}

async fn dropping_undoes_everything(db: Database) {
    let mut tx = db.store.begin_write().await.unwrap();
    tx.organisation_insert(&organisation(1), &permit()).await.unwrap();
    drop(tx);
    assert!(db.store.begin_write().await.unwrap().organisation_list().await.unwrap().is_empty());
    // The program ends in the middle of a transaction.
    let dying = db.open_again().await.unwrap();
    let mut tx = dying.begin_write().await.unwrap();
    tx.organisation_insert(&organisation(1), &permit()).await.unwrap();
    drop((tx, dying));
    let again = db.open_again().await.unwrap();
    let mut reader = again.begin_read().await.unwrap();
    assert!(reader.organisation_list().await.unwrap().is_empty());
    assert_eq!(reader.log_head().await.unwrap(), 0);
}

async fn a_commit_that_fails_leaves_nothing(db: Database) {
    let key = IdempotencyRow { actor: "per".into(), key: "k".into(), fingerprint: [1; 32], subject: "s".into() };
    let keyed = |event: &str| Record { idempotency: Some(key.clone()), ..record(event, "node") };
    db.store.begin_write().await.unwrap().commit(keyed("First")).await.unwrap();

    // The second record of the second transaction meets the key of the first.
    let mut tx = db.store.begin_write().await.unwrap();
    tx.organisation_insert(&organisation(1), &permit()).await.unwrap();
    let failed = tx.commit_all(vec![record("Second", "node"), keyed("Third")]).await;
    assert!(matches!(failed, Err(StoreError::Taken { what: "idempotency_key" })), "{failed:?}");

    let mut tx = db.store.begin_write().await.unwrap();
    assert!(tx.organisation_list().await.unwrap().is_empty());
    assert_eq!((tx.log_head().await.unwrap(), tx.history("node").await.unwrap().len()), (1, 1));
    assert_eq!(commit(tx).await, 1, "no index is lost");
}

async fn a_failed_transaction_cannot_be_committed(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.counter_next("n").await.unwrap();
    tx.organisation_insert(&organisation(1), &permit()).await.unwrap_err();
    let failed = tx.commit(record("E", "node")).await;
    assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{failed:?}");
    let mut tx = db.store.begin_write().await.unwrap();
    assert_eq!((tx.log_head().await.unwrap(), tx.counter_next("n").await.unwrap()), (1, 1));
}

async fn a_decision_needs_its_record(db: Database) {
    let mut tx = db.store.begin_write().await.unwrap();
    tx.organisation_insert(&organisation(1), &permit()).await.unwrap();
    let refused = tx.commit_derived(&permit()).await;
    assert!(matches!(refused, Err(StoreError::NoRecord)), "{refused:?}");
    assert!(db.store.begin_write().await.unwrap().organisation_list().await.unwrap().is_empty());
}

async fn an_idempotency_key_is_kept_with_its_write(db: Database) {
    let row = IdempotencyRow { actor: "per_1".into(), key: "k".into(), fingerprint: [5; 32], subject: "req_1".into() };
    let tx = db.store.begin_write().await.unwrap();
    tx.commit(Record { idempotency: Some(row.clone()), ..record("E", "req_1") }).await.unwrap();
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.idempotency_find("per_1", "k").await.unwrap(), Some(row));
    assert_eq!(reader.idempotency_find("per_2", "k").await.unwrap(), None);
    drop(reader);
    for (before, left) in [(at(0), true), (at(1), false)] {
        let mut tx = db.store.begin_write().await.unwrap();
        tx.expired_delete(at(0), before, &permit()).await.unwrap();
        tx.commit_derived(&permit()).await.unwrap();
        let found = db.store.begin_read().await.unwrap().idempotency_find("per_1", "k").await.unwrap();
        assert_eq!(found.is_some(), left);
    }
}

async fn records_have_limits(db: Database) {
    let long = Record { facts: [("x".to_owned(), "y".repeat(70_000))].into(), ..record("E", "node") };
    let many = Record { related: (0..200).map(|n| n.to_string()).collect(), ..record("E", "node") };
    for wrong in [record("two words", "node"), record("", "node"), record("a\nb", "node"), long, many] {
        let refused = db.store.begin_write().await.unwrap().commit(wrong).await;
        assert!(matches!(refused, Err(StoreError::Corrupt { .. })), "{refused:?}");
    }
    assert_eq!(db.store.begin_read().await.unwrap().log_head().await.unwrap(), 0);
}

async fn checkpoints_are_kept_by_size(db: Database) {
    let checkpoint = |size, note: &str| CheckpointRow { size, root: [3; 32], note: note.into(), at: at(1) };
    assert_eq!(db.store.begin_read().await.unwrap().checkpoint_latest().await.unwrap(), None);
    for (size, note) in [(2, "two"), (5, "five"), (5, "five again"), (3, "three")] {
        let mut tx = db.store.begin_write().await.unwrap();
        tx.checkpoint_save(&checkpoint(size, note), &permit()).await.unwrap();
        tx.commit_derived(&permit()).await.unwrap();
    }
    let latest = db.store.begin_read().await.unwrap().checkpoint_latest().await.unwrap();
    assert_eq!(latest, Some(checkpoint(5, "five")));
}

async fn counters_count_from_one(db: Database) {
    let mut tx = db.store.begin_write().await.unwrap();
    assert_eq!(tx.counter_next("request-2026").await.unwrap(), 1);
    assert_eq!(tx.counter_next("request-2026").await.unwrap(), 2);
    assert_eq!(tx.counter_next("request-2027").await.unwrap(), 1);
    drop(tx);
    let mut tx = db.store.begin_write().await.unwrap();
    assert_eq!(tx.counter_next("request-2026").await.unwrap(), 1, "what was not committed was not counted");
}
