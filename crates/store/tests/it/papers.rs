//! Papers: written once, found by number, by thing and by revision, and never changed.

use crate::{
    databases::{Database, Kind, on_both},
    samples::{commit, furnish, id, permit, stamp},
};
use shuqiao_domain::paper::{Paper, PaperSubject};
use shuqiao_store::{StoreError, Tx};
use shuqiao_vocabulary::PaperKind;

on_both!(
    papers_read_back,
    a_revision_has_one_paper_of_a_kind,
    papers_cannot_be_changed_or_removed,
    a_counter_can_be_looked_at
);

fn paper(number: &str, revision: u64) -> Paper {
    Paper {
        number: number.to_owned(),
        kind: PaperKind::ReceiptNotice,
        subject: PaperSubject::Request(id(1)),
        subject_revision: revision,
        issuer: id(1),
        issued: stamp(1, i64::try_from(revision).unwrap()),
        content_digest: [1; 32],
        file_digest: [2; 32],
        file_sha256: [3; 32],
    }
}

async fn insert(tx: &mut Tx, paper: &Paper) -> Result<(), StoreError> {
    tx.paper_insert(paper, "正文\n", b"%PDF-\0", &permit()).await
}

async fn papers_read_back(db: Database) {
    furnish(&db.store).await;
    let (one, two) = (paper("SLTZ-2026-000001", 1), paper("SLTZ-2026-000002", 2));
    let mut tx = db.store.begin_write().await.unwrap();
    insert(&mut tx, &one).await.unwrap();
    insert(&mut tx, &two).await.unwrap();
    commit(tx).await;
    let mut tx = db.store.begin_read().await.unwrap();
    assert_eq!(tx.paper_fetch(&one.number).await.unwrap(), one);
    assert_eq!(tx.paper_file(&one.number).await.unwrap(), b"%PDF-\0");
    assert_eq!(tx.paper_content(&one.number).await.unwrap(), "正文\n");
    assert_eq!(tx.paper_list(one.subject).await.unwrap(), [two.clone(), one.clone()]);
    assert_eq!(tx.paper_list(PaperSubject::Grant(id(1))).await.unwrap(), []);
    assert_eq!(tx.paper_find(one.kind, one.subject, 2).await.unwrap(), Some(two));
    assert_eq!(tx.paper_find(PaperKind::ApplicationForm, one.subject, 2).await.unwrap(), None);
    for unknown in ["SLTZ-2026-000003", "", "a\0b"] {
        assert!(matches!(tx.paper_fetch(unknown).await, Err(StoreError::NotFound)), "{unknown:?}");
    }
}

async fn a_revision_has_one_paper_of_a_kind(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    insert(&mut tx, &paper("SLTZ-2026-000001", 1)).await.unwrap();
    commit(tx).await;
    for again in [paper("SLTZ-2026-000002", 1), paper("SLTZ-2026-000001", 2)] {
        let mut tx = db.store.begin_write().await.unwrap();
        let refused = insert(&mut tx, &again).await.unwrap_err();
        let taken = matches!(refused, StoreError::Taken { what: "paper" });
        assert!(taken || refused.to_string().contains("append-only"), "{refused}");
    }
}

async fn papers_cannot_be_changed_or_removed(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    insert(&mut tx, &paper("SLTZ-2026-000001", 1)).await.unwrap();
    commit(tx).await;
    let replace = match db.kind {
        Kind::Sqlite => "insert or replace into paper select * from paper",
        Kind::Postgres => "truncate paper",
    };
    for statement in ["update paper set number = 'x'", "delete from paper", replace] {
        let refused = db.tamper(statement).await.unwrap_err();
        assert!(refused.to_string().contains("is append-only"), "{statement}: {refused}");
    }
}

async fn a_counter_can_be_looked_at(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    assert_eq!(tx.counter_value("papers").await.unwrap(), 0);
    assert_eq!(tx.counter_next("papers").await.unwrap(), 1);
    assert_eq!(tx.counter_value("papers").await.unwrap(), 1);
    drop(tx);
}
