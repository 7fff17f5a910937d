//! What was recorded cannot be changed, not even past the store.

use crate::{
    databases::{Database, Kind, on_both},
    samples::furnish,
};

on_both!(recorded_rows_cannot_be_changed_or_removed, the_log_cannot_shrink);

async fn recorded_rows_cannot_be_changed_or_removed(db: Database) {
    furnish(&db.store).await;
    let mut statements = vec![
        "update journal set event = 'x'".to_owned(),
        "update journal_related set subject = 'x'".to_owned(),
        "update log_leaf set entry = salt from journal".to_owned(),
        "update log_node set place = place + 7".to_owned(),
    ];
    statements.push("update rule_set set body = 'x'".to_owned());
    statements.push("update calendar_notice set number = 'x'".to_owned());
    for table in ["journal_related", "journal", "log_leaf", "log_node", "rule_set", "calendar_notice"] {
        statements.push(format!("delete from {table}"));
        match db.kind {
            Kind::Sqlite => statements.push(format!("insert or replace into {table} select * from {table}")),
            Kind::Postgres => statements.push(format!("truncate {table} cascade")),
        }
    }
    for statement in statements {
        let refused = db.tamper(&statement).await.unwrap_err();
        assert!(refused.to_string().contains("is append-only"), "{statement}: {refused}");
    }
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.history("node").await.unwrap().len(), 1);
}

async fn the_log_cannot_shrink(db: Database) {
    furnish(&db.store).await;
    let mut statements =
        vec!["update log_head set size = 0", "update log_head set size = size", "delete from log_head"];
    if db.kind == Kind::Sqlite {
        statements.push("insert or replace into log_head (id, size) values (1, 0)");
    }
    for statement in statements {
        let refused = db.tamper(statement).await.unwrap_err();
        assert!(refused.to_string().contains("log_head is append-only"), "{statement}: {refused}");
    }
    assert_eq!(db.store.begin_read().await.unwrap().log_head().await.unwrap(), 1);
}
