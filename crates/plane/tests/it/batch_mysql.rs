//! What is MySQL's own when it receives: a switch that commits by itself, keys that are compared loosely, packets, rights.

use crate::{
    batch::{Exchange, ROWS, failed, incremental, result, rows},
    batch_kill::until_chunk,
    receiving::{Database, Kind, Server},
};
use shuqiao_plane::delivery::batch::{Batch, RunPhase, task::BatchMode};
use shuqiao_testkit::mariadb::MariadbServer;
use shuqiao_vocabulary::{BatchRunId, ItemType};

const COLUMNS: &str =
    "id int PRIMARY KEY, name varchar(200), amount decimal(20,2), day date, at datetime(6), hidden text";

async fn exchange(count: u32, mode: BatchMode) -> (Exchange, Database) {
    Exchange::to(Kind::Mysql, &(ROWS.to_owned() + &rows(1, count)), mode).await
}

fn mysql() -> &'static MariadbServer {
    match Server::shared(Kind::Mysql) {
        Server::Mysql(server) => server,
        other @ Server::Postgres(_) => panic!("{other:?}"),
    }
}

/// A run that is dropped between its last chunk and the switch, when the server is done with it; and what the names of its
/// tables end with.
async fn loaded(exchange: &Exchange, database: &Database) -> (BatchRunId, String) {
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    until_chunk(&exchange.batch, run, 3).await;
    let own = run.to_string().replace("run_", "");
    let mut other = crate::receiving::administrator(mysql(), &database.name).await;
    let lock = format!("shuqiao_batch_{own}");
    sqlx::query("SELECT GET_LOCK(?, 60)").bind(&lock).execute(&mut other).await.unwrap();
    sqlx::query("DO RELEASE_LOCK(?)").bind(&lock).execute(&mut other).await.unwrap();
    // It may have made ready for the switch; that it came no further is asserted.
    database.execute(&format!("DROP TABLE IF EXISTS shuqiao_mark_{own}"));
    assert!(database.tables().await.contains(&format!("shuqiao_stage_{own}")), "it was switched over already");
    (run, own)
}

/// Each state that a kill within the switch leaves, made by the statements that the run would have sent. Servers before
/// MySQL 8 and MariaDB 10.6 may themselves die between two renames of one statement.
#[tokio::test]
async fn whatever_a_kill_within_the_switch_leaves_is_brought_to_its_end() {
    let states = [
        "CREATE TABLE <mark> (here boolean)",
        "CREATE TABLE <done> (here boolean); RENAME TABLE received TO <old>, <stage> TO received",
        "CREATE TABLE <done> (here boolean); RENAME TABLE received TO <old>, <stage> TO received; DROP TABLE <old>",
        "CREATE TABLE <done> (here boolean)",
        "CREATE TABLE <done> (here boolean); RENAME TABLE received TO <old>",
    ];
    // The same where there was no table before.
    let of_new = [
        "CREATE TABLE <mark> (here boolean)",
        "CREATE TABLE <done> (here boolean); RENAME TABLE <stage> TO received",
        "CREATE TABLE <done> (here boolean)",
    ];
    let states = states.map(|state| (state, false)).into_iter().chain(of_new.map(|state| (state, true)));
    for (state, is_new) in states {
        let (exchange, database) = exchange(120, BatchMode::Full).await;
        if !is_new {
            database.execute(&format!("CREATE TABLE received ({COLUMNS}); INSERT INTO received (id) VALUES (999)"));
        }
        let (run, own) = loaded(&exchange, &database).await;
        database.execute(&state.replace('<', "shuqiao_").replace('>', &format!("_{own}")));
        let report = exchange.batch.attempt(run).await.unwrap();
        assert_eq!(result(&report).rows, 120, "{state}");
        assert_eq!(database.one("SELECT concat(count(*), '/', sum(id)) FROM received").await, "120/7260", "{state}");
        assert_eq!(database.tables().await, "received", "{state}");
    }
}

#[tokio::test]
async fn what_is_changed_in_the_target_between_look_and_switch_is_not_lost() {
    let (exchange, database) = exchange(120, BatchMode::Full).await;
    database.execute(&format!("CREATE TABLE received ({COLUMNS}); INSERT INTO received (id) VALUES (999)"));
    let (run, own) = loaded(&exchange, &database).await;
    // As if the column had been added after the run looked, and before it renamed.
    database.execute(&format!(
        "ALTER TABLE received ADD more int; CREATE TABLE shuqiao_done_{own} (here boolean);
         RENAME TABLE received TO shuqiao_old_{own}, shuqiao_stage_{own} TO received"
    ));
    assert_eq!(failed(&exchange.batch.attempt(run).await.unwrap()).0, "target_changed");
    assert_eq!(database.one("SELECT concat(id, more IS NULL) FROM received").await, "9991");
    assert_eq!(database.tables().await, "received");
}

#[tokio::test]
async fn a_run_that_is_given_up_after_the_switch_leaves_what_readers_see() {
    let (exchange, database) = exchange(120, BatchMode::Full).await;
    database.execute(&format!("CREATE TABLE received ({COLUMNS})"));
    let (run, own) = loaded(&exchange, &database).await;
    database.execute(&format!(
        "CREATE TABLE shuqiao_done_{own} (here boolean);
         RENAME TABLE received TO shuqiao_old_{own}, shuqiao_stage_{own} TO received"
    ));
    exchange.batch.end(run).unwrap();
    assert_eq!(failed(&exchange.batch.attempt(run).await.unwrap()).0, "ended");
    assert_eq!(database.one("SELECT concat(count(*)) FROM received").await, "120");
    assert_eq!(database.tables().await, "received");
}

#[tokio::test]
async fn indexes_defaults_and_views_survive_the_switch() {
    let (exchange, database) = exchange(60, BatchMode::Full).await;
    database.execute(&format!(
        "CREATE TABLE received ({COLUMNS}, more int DEFAULT 7, KEY by_day (day));
         CREATE VIEW seen AS SELECT id, more FROM received"
    ));
    assert_eq!(result(&exchange.run().await).rows, 60);
    let index = "SELECT concat(INDEX_NAME, COLUMN_NAME) FROM information_schema.STATISTICS
                  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'received' ORDER BY 1";
    assert_eq!(database.one(index).await, "by_dayday|PRIMARYid");
    assert_eq!(database.one("SELECT concat(count(*), '/', sum(more)) FROM seen").await, "60/420");
}

#[tokio::test]
async fn a_row_that_another_unique_key_keeps_out_is_put_aside_and_changes_no_other() {
    let (exchange, database) = exchange(60, incremental()).await;
    database.execute(&format!(
        "CREATE TABLE received ({COLUMNS}, UNIQUE KEY (day)); INSERT INTO received (id, day) VALUES (999, '2000-01-11')"
    ));
    let report = exchange.run().await;
    assert_eq!((result(&report).rows, report.bad), (59, 1));
    let found =
        "SELECT concat(count(*), '/', sum(CASE id WHEN 999 THEN day = '2000-01-11' WHEN 10 THEN 9 END)) FROM received";
    assert_eq!(database.one(found).await, "60/1");
}

#[tokio::test]
async fn keys_that_a_collation_takes_for_one_are_told_before_or_put_aside_and_never_merged() {
    let statements = "CREATE TABLE t (id TEXT PRIMARY KEY, name TEXT, amount TEXT, day TEXT, at TEXT);
        INSERT INTO t VALUES ('a', '1', '1', NULL, '2020-01-01T00:00:00Z'), ('A', '2', '2', NULL, '2020-01-02T00:00:00Z'),
                             ('a ', '3', '3', NULL, '2020-01-03T00:00:00Z')";
    let keyed = |collation: &str| {
        COLUMNS.replace("id int", &format!("id varchar(20) CHARACTER SET utf8mb4 COLLATE {collation}"))
    };
    for (mode, collation, expected) in [
        (incremental(), Some("utf8mb4_general_ci"), Err("target_collation")),
        (BatchMode::Full, Some("utf8mb4_general_ci"), Ok((1, 2))),
        (incremental(), Some("utf8mb4_nopad_bin"), Ok((3, 0))),
        (incremental(), None, Ok((3, 0))),
        (BatchMode::Full, None, Ok((3, 0))),
    ] {
        let (mut exchange, database) = Exchange::to(Kind::Mysql, statements, mode).await;
        exchange.grant.items[0].item_type = ItemType::Text;
        exchange.install();
        if let Some(collation) = collation {
            database.execute(&format!("CREATE TABLE received ({})", keyed(collation)));
        }
        let report = exchange.run().await;
        match expected {
            Ok((rows, bad)) => assert_eq!((result(&report).rows, report.bad), (rows, bad), "{collation:?}"),
            Err(code) => assert_eq!(failed(&report).0, code, "{collation:?}"),
        }
    }
}

#[tokio::test]
async fn what_cannot_hold_a_run_is_refused_before_a_row_moves() {
    let full = BatchMode::Full;
    let cases = [
        (full.clone(), format!("CREATE TABLE received ({COLUMNS}) ENGINE = MyISAM"), "target_engine"),
        (incremental(), format!("CREATE TABLE received ({COLUMNS}) ENGINE = Aria"), "target_engine"),
        (full.clone(), format!("CREATE TABLE received ({COLUMNS}) WITH SYSTEM VERSIONING"), "target_kind"),
        (
            full.clone(),
            format!("CREATE TABLE received ({})", COLUMNS.replace("id int", "id int(8) ZEROFILL")),
            "target_column_type",
        ),
        (
            full.clone(),
            format!("CREATE TABLE received ({})", COLUMNS.replace("varchar(200)", "char(200)")),
            "target_column_type",
        ),
        (
            full.clone(),
            format!("CREATE TABLE received ({})", COLUMNS.replace("day date", "day date AS ('2020-01-01')")),
            "target_column_type",
        ),
        (
            full,
            format!(
                "CREATE TABLE received ({COLUMNS}); CREATE TABLE child (id int, FOREIGN KEY (id) REFERENCES received (id))"
            ),
            "target_in_use",
        ),
    ];
    for (mode, sql, code) in cases {
        let (exchange, database) = exchange(60, mode).await;
        database.execute(&sql);
        assert_eq!(failed(&exchange.run().await).0, code, "{sql}");
        assert_eq!(exchange.world.plane.usage_head().size, 0, "no page was taken: {sql}");
    }
    // Rights: a login that could not switch over at the end is told at the beginning which it lacks.
    let name = "of_few_rights";
    mysql().create_receiving_database(name, "SELECT, INSERT, CREATE, ALTER").unwrap();
    let target = Server::shared(Kind::Mysql).target(name);
    let exchange = Exchange::of(&(ROWS.to_owned() + &rows(1, 3)), &target, BatchMode::Full).await;
    let problem = exchange.batch.try_task(&exchange.task).await.unwrap_err();
    assert_eq!(
        (problem.code.as_str(), &problem.params["lacking"]),
        ("target_not_permitted", &serde_json::json!(["DROP", "TRIGGER"]))
    );
    assert_eq!(failed(&exchange.run().await).0, "target_not_permitted");
}

#[tokio::test]
async fn items_whose_names_differ_in_case_only_are_told_apart_or_not_begun() {
    let (mut exchange, _) = exchange(3, BatchMode::Full).await;
    exchange.grant.items[5].name = "NAME".parse().unwrap();
    exchange.install();
    let (code, params) = failed(&exchange.run().await);
    assert_eq!((code.as_str(), params.as_str()), ("target_names_collide", r#"{"name":"name"}"#));
}

#[tokio::test]
async fn columns_of_every_width_put_aside_what_they_cannot_hold() {
    let statements = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, amount TEXT, day TEXT, at TEXT);
        INSERT INTO t VALUES
          (1, 'ok', '1.25', '1000-01-01', '9999-12-01T23:59:59.999999Z'), (-1, 'below', '1', NULL, NULL),
          (16777216, 'above', '1', NULL, NULL), (2, printf('%.256c', 'x'), '1', NULL, NULL), (3, 'ok', '1.255', NULL, NULL),
          (4, '𠀀a', '99999999.99', '2020-02-29', '2020-01-01T00:00:00Z'), (5, NULL, '100000000', NULL, NULL)";
    let (exchange, database) = Exchange::to(Kind::Mysql, statements, BatchMode::Full).await;
    let table = "CREATE TABLE received (id mediumint unsigned PRIMARY KEY, name tinytext CHARACTER SET utf8mb4,
                 amount decimal(10,2), day date, at datetime(6), hidden varchar(300) CHARACTER SET utf8mb3)";
    database.execute(table);
    let report = exchange.run().await;
    let mut codes: Vec<String> =
        exchange.batch.quarantine(report.id).unwrap().into_iter().map(|row| row.code).collect();
    codes.sort();
    // The masked name of row 4 has no place in the three bytes of that column; the server says so.
    let out = ["number_out_of_range"; 4].into_iter().chain(["target_refused", "text_too_long"]);
    assert_eq!(codes, out.collect::<Vec<_>>());
    assert_eq!(
        (
            result(&report).rows,
            database.one("SELECT concat(id, '/', amount, '/', day, '/', at) FROM received").await.as_str()
        ),
        (1, "1/1.25/1000-01-01/9999-12-01 23:59:59.999999")
    );
}

#[tokio::test]
async fn a_row_that_no_packet_takes_is_put_aside_and_many_rows_go_in_few() {
    let own = MariadbServer::start().unwrap();
    own.execute("mysql", "SET GLOBAL max_allowed_packet = 65536").unwrap();
    own.create_receiving_database("small", crate::receiving::MYSQL_RIGHTS).unwrap();
    let server = Server::Mysql(own);
    let statements = ROWS.to_owned()
        + &rows(1, 400)
        + "UPDATE t SET name = printf('%.70000c', 'x') WHERE id = 5; UPDATE t SET name = printf('%.30000c', 'y') WHERE id = 6;";
    let mut exchange = Exchange::of(&statements, &server.target("small"), BatchMode::Full).await;
    // Without the masked copy of the name, which is as long again.
    exchange.grant.items.pop();
    exchange.install();
    let mut settings = crate::batch::settings(&exchange.world);
    settings.rows_per_chunk = 400;
    exchange.batch = Batch::open(exchange.world.plane.clone(), settings).unwrap();
    let report = exchange.run().await;
    assert_eq!((result(&report).rows, report.bad), (399, 1));
    let found = "SELECT concat(count(*), '/', max(length(name))) FROM received";
    assert_eq!(server.texts("small", found).await, ["399/30000"]);
}

#[tokio::test]
async fn an_attempt_waits_for_the_one_before_that_the_server_is_not_done_with() {
    let (exchange, database) = exchange(60, BatchMode::Full).await;
    let run = exchange.batch.begin(&exchange.task).await.unwrap();
    let lock = format!("shuqiao_batch_{}", run.to_string().replace("run_", ""));
    let mut other = crate::receiving::administrator(mysql(), &database.name).await;
    sqlx::query("SELECT GET_LOCK(?, 0)").bind(&lock).execute(&mut other).await.unwrap();
    let mut attempt = std::pin::pin!(exchange.batch.attempt(run));
    // It comes no further than to the lock, which the server says.
    let waiting = "SELECT concat(count(*)) FROM information_schema.PROCESSLIST WHERE STATE = 'User lock' AND INFO LIKE '%GET_LOCK%'";
    let seen = async { while database.one(waiting).await != "1" {} };
    tokio::select! {
        report = &mut attempt => panic!("{report:?}"),
        () = seen => {}
    }
    sqlx::query("DO RELEASE_LOCK(?)").bind(&lock).execute(&mut other).await.unwrap();
    assert!(matches!(attempt.await.unwrap().phase, RunPhase::Finished(_)));
}
