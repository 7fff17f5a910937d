//! Targets that do not fit: each misfit has a code of its own, names what is wrong, and nothing is delivered.

use crate::{
    batch::{Exchange, ROWS, failed, incremental, rows},
    receiving::{Kind, over_each_kind},
};
use shuqiao_plane::delivery::batch::{
    BatchCode,
    target::{PartFormat, TargetLocation},
    task::BatchMode,
};

const FITTING: &str = "id bigint, name text, amount numeric, day date, at timestamptz, hidden text";

over_each_kind!(
    every_misfit_is_named_and_nothing_is_delivered,
    a_task_can_be_tried_before_it_is_kept_and_leaves_nothing
);

async fn every_misfit_is_named_and_nothing_is_delivered(kind: Kind) {
    let full = BatchMode::Full;
    let without = |column: &str| FITTING.replace(column, "other int");
    let create = |columns: String| format!("CREATE TABLE received ({columns})");
    let hanging = match kind {
        Kind::Postgres => ("CREATE VIEW v AS SELECT id FROM received", r#"{"what":["view"]}"#),
        Kind::Mysql => {
            ("CREATE TRIGGER v BEFORE INSERT ON received FOR EACH ROW SET @a = 1", r#"{"what":["trigger"]}"#)
        }
    };
    // The spelling of a type is its database's own.
    let types = |params: &'static str| match kind {
        Kind::Postgres => params.to_owned(),
        Kind::Mysql => {
            params.replace("character varying(10)", "varchar(10)").replace("timestamp(0) with time zone", "datetime")
        }
    };
    let cases = [
        (full.clone(), create(without("day date")), "target_column_missing", r#"{"column":"day","item_type":"date"}"#),
        (
            full.clone(),
            create(FITTING.replace("day date", "day varchar(10)")),
            "target_column_type",
            r#"{"column":"day","column_type":"character varying(10)","item_type":"date"}"#,
        ),
        (
            full.clone(),
            create(FITTING.replace("at timestamptz", "at timestamptz(0)")),
            "target_column_type",
            r#"{"column":"at","column_type":"timestamp(0) with time zone","item_type":"date_time"}"#,
        ),
        (
            full.clone(),
            create(FITTING.to_owned() + ", more int NOT NULL"),
            "target_column_required",
            r#"{"column":"more"}"#,
        ),
        (full.clone(), create(FITTING.to_owned()) + "; " + hanging.0, "target_in_use", hanging.1),
        (full.clone(), "CREATE VIEW received AS SELECT 1 AS id".to_owned(), "target_kind", "{}"),
        (incremental(), create(FITTING.to_owned()), "target_key_missing", r#"{"columns":["id"]}"#),
        (
            BatchMode::Incremental { change: "hidden".to_owned(), overlap: 0 },
            String::new(),
            "change_item_unfit",
            r#"{"item":"hidden"}"#,
        ),
    ];
    for (mode, sql, code, params) in cases {
        let (exchange, database) = Exchange::to(kind, &(ROWS.to_owned() + &rows(1, 60)), mode).await;
        let sql = match kind {
            Kind::Postgres => sql,
            Kind::Mysql => sql.replace("timestamptz(0)", "datetime").replace("timestamptz", "datetime(6)"),
        };
        database.execute(&sql);
        let report = exchange.run().await;
        let (found, found_params) = failed(&report);
        let read =
            |text: &str| serde_json::from_str::<serde_json::Value>(&text.replace("datetime", "date_time")).unwrap();
        assert_eq!((found.as_str(), read(&found_params)), (code, read(&types(params))), "{sql}");
        assert!(!database.tables().await.contains("shuqiao"), "{sql}");
        assert_eq!(exchange.world.plane.usage_head().size, 0, "no page was taken: {sql}");
    }
}

async fn a_task_can_be_tried_before_it_is_kept_and_leaves_nothing(kind: Kind) {
    let (mut exchange, database) = Exchange::to(kind, &(ROWS.to_owned() + &rows(1, 3)), BatchMode::Full).await;
    assert_eq!(exchange.batch.try_task(&exchange.task).await, Ok(()));
    assert_eq!(database.tables().await, "");
    database.execute("CREATE TABLE received (id bigint)");
    let problem = exchange.batch.try_task(&exchange.task).await.unwrap_err();
    assert_eq!((problem.code.as_str(), &problem.params["column"]), ("target_column_missing", &"name".into()));
    assert!(problem.titles().0.contains("增加该列"));
    exchange.task.table = "很".repeat(65);
    assert_eq!(exchange.batch.try_task(&exchange.task).await.unwrap_err().code, "target_name_too_long");
    exchange.task.requester = crate::world::stranger();
    assert_eq!(exchange.batch.try_task(&exchange.task).await.unwrap_err().code, "grant_missing");
    exchange.grant.methods.clear();
    exchange.install();
    exchange.task.requester = crate::world::requester();
    assert_eq!(exchange.batch.try_task(&exchange.task).await.unwrap_err().code, "method_not_granted");
}

#[tokio::test]
async fn a_key_that_is_not_delivered_cannot_be_updated_by() {
    let (mut exchange, _) = Exchange::to(Kind::Postgres, &(ROWS.to_owned() + &rows(1, 3)), incremental()).await;
    exchange.grant.items.remove(0);
    exchange.install();
    assert_eq!(failed(&exchange.run().await).0, "key_not_granted");
}

#[tokio::test]
async fn only_listed_targets_are_written_to() {
    let elsewhere = TargetLocation::Folder { path: "/tmp".into(), format: PartFormat::Csv };
    let exchange = Exchange::of(&(ROWS.to_owned() + &rows(1, 3)), &elsewhere, BatchMode::Full).await;
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    let report = exchange.batch.attempt(run).await.unwrap();
    assert_eq!(failed(&report).0, "target_not_allowed");
    let other = TargetLocation::Postgres {
        host: "/var/run/postgresql".to_owned(),
        port: 5432,
        database: "x".to_owned(),
        user: "x".to_owned(),
        password: "secret".to_owned(),
        tls: false,
    };
    assert!(!format!("{other:?}").contains("secret"));
    let exchange = Exchange::of(&(ROWS.to_owned() + &rows(1, 3)), &other, BatchMode::Full).await;
    let report = exchange.run().await;
    assert_eq!(failed(&report).0, "target_not_allowed");
}

#[test]
fn codes_are_for_ever() {
    let golden = include_str!("../golden/batch-codes.txt");
    let codes: Vec<&str> = BatchCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(golden.lines().collect::<Vec<_>>(), codes, "add new codes at the end of the list and of the file");
}
