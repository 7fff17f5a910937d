//! Opening: new, again, with another program's tables.

use crate::{
    databases::{Database, Kind, on_both, sqlite_url},
    samples::{commit, furnish, organisation, permit},
};
use shuqiao_store::{Store, StoreError};

on_both!(
    opening_again_finds_everything,
    two_programs_share_a_database,
    a_newer_database_is_left_alone,
    a_changed_migration_is_noticed,
);

async fn opening_again_finds_everything(db: Database) {
    furnish(&db.store).await;
    db.store.close().await;
    let again = db.open_again().await.unwrap();
    let mut tx = again.begin_write().await.unwrap();
    assert_eq!(tx.organisation_list().await.unwrap().len(), 2);
    assert_eq!(commit(tx).await, 1, "the log goes on");
}

async fn two_programs_share_a_database(db: Database) {
    let other = db.open_again().await.unwrap();
    let mut tx = other.begin_write().await.unwrap();
    tx.organisation_insert(&organisation(1), &permit()).await.unwrap();
    assert_eq!(commit(tx).await, 0);
    let mut tx = db.store.begin_write().await.unwrap();
    assert_eq!(tx.organisation_list().await.unwrap().len(), 1);
    assert_eq!(commit(tx).await, 1);
}

async fn a_newer_database_is_left_alone(db: Database) {
    let (checksum, success) = match db.kind {
        Kind::Sqlite => ("x'00'", "1"),
        Kind::Postgres => ("'\\x00'", "true"),
    };
    db.tamper(&format!(
        "insert into schema_migration (version, description, success, checksum, execution_time) \
         values (9999, 'tomorrow', {success}, {checksum}, 0)"
    ))
    .await
    .unwrap();
    let refused = db.open_again().await.unwrap_err();
    assert!(matches!(refused, StoreError::TooNew { found: 9999, known: 13 }), "{refused}");
}

async fn a_changed_migration_is_noticed(db: Database) {
    let checksum = match db.kind {
        Kind::Sqlite => "x'00'",
        Kind::Postgres => "'\\x00'",
    };
    db.tamper(&format!("update schema_migration set checksum = {checksum} where version = 1")).await.unwrap();
    let refused = db.open_again().await.unwrap_err();
    assert!(matches!(refused, StoreError::Corrupt { .. }), "{refused}");
}

#[tokio::test]
async fn what_cannot_be_opened_is_said_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let refused = [
        Store::open("postgres://shuqiao:very-secret@127.0.0.1:1/node").await.unwrap_err(),
        Store::open("postgres://shuqiao:very-secret@[/node").await.unwrap_err(),
        Store::open("nonsense").await.unwrap_err(),
        Store::open(&sqlite_url(&folder.path().join("absent/node.db"))).await.unwrap_err(),
    ];
    for error in refused {
        assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        assert!(!format!("{error:?} {error}").contains("very-secret"), "{error:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_file_is_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("数据 node.db");
    let store = Store::open(&sqlite_url(&path)).await.unwrap();
    furnish(&store).await;
    for name in ["数据 node.db", "数据 node.db-wal"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}
