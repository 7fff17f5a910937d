//! Sources that change, vanish, are slow, or are not what they say; and PostgreSQL's own types.

use crate::world::{Options, World, item, name, quick_folder, requester, terms};
use serde_json::json;
use shuqiao_plane::source::{Location, SourceError, TableStructure};
use shuqiao_testkit::postgres::PostgresServer;
use shuqiao_vocabulary::{Condition, ItemType, Literal, RowFilter, Test};
use std::{fmt::Write, time::Duration};

/// A plane over a database `source` of a server of its own, made by these statements.
pub(crate) async fn postgres_world(statements: &str) -> (World, PostgresServer) {
    let server = PostgresServer::start().unwrap();
    server.create_database("source").unwrap();
    server.execute("source", statements).unwrap();
    (World::at(quick_folder(), location(&server), &Options::default()), server)
}

fn location(server: &PostgresServer) -> Location {
    Location::Postgres {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        database: "source".to_owned(),
        user: server.user().to_owned(),
        password: "any".to_owned(),
        tls: false,
    }
}

fn patience(milliseconds: u64) -> Options {
    Options {
        sources: Box::new(move |sources| {
            sources.query_timeout = Duration::from_millis(milliseconds);
            sources.connect_timeout = Duration::from_millis(milliseconds);
            sources.calls_max = 2;
        }),
        ..Options::default()
    }
}

#[tokio::test]
async fn a_source_that_vanishes_is_unreachable_and_comes_back() {
    let world = World::sqlite("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x');").await;
    world.install(vec![terms("t", vec![item("a", ItemType::Text)], &["id"])]);
    assert_eq!(world.query(json!({})).await.status, 200);
    let (here, away) = (world.intake("people.db"), world.intake("away.db"));
    std::fs::rename(&here, &away).unwrap();
    assert_eq!(world.plane.sources().describe(world.location()).await.unwrap_err(), SourceError::Unreachable);
    let reply = world.query(json!({})).await;
    assert_eq!((reply.status, reply.code().as_str()), (502, "source_unreachable"));
    std::fs::rename(&away, &here).unwrap();
    assert_eq!(world.query(json!({})).await.status, 200);
    std::fs::write(&here, b"this is not a database, whatever its name says").unwrap();
    assert!(world.plane.sources().describe(world.location()).await.is_err());
    assert_eq!(world.query(json!({})).await.status, 502);
}

#[tokio::test]
async fn a_changed_structure_is_held_not_served_wrongly() {
    let world =
        World::sqlite("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO t VALUES (1, 'x', 'y');")
            .await;
    world.install(vec![terms("t", vec![item("a", ItemType::Text), item("b", ItemType::Text)], &["id"])]);
    let before = world.plane.sources().describe(world.location()).await.unwrap();
    assert_eq!(world.query(json!({})).await.rows(), [[json!("x"), json!("y")]]);
    // SQLite reads an unknown name in double quotes as a text; a statement must not fall for it.
    crate::world::sqlite_file(&world.intake("people.db"), "ALTER TABLE t RENAME COLUMN b TO c").await;
    let reply = world.query(json!({})).await;
    assert_eq!((reply.status, reply.code().as_str()), (502, "source_changed"), "{:?}", reply.json());
    let after = world.plane.sources().describe(world.location()).await.unwrap();
    assert_ne!(before.digest, after.digest);
    let reply = world.query(json!({})).await;
    assert_eq!(reply.json()["params"]["what"], "b");
    crate::world::sqlite_file(&world.intake("people.db"), "ALTER TABLE t RENAME COLUMN c TO b").await;
    world.plane.sources().describe(world.location()).await.unwrap();
    assert_eq!(world.query(json!({})).await.status, 200);
}

#[tokio::test]
async fn a_cell_of_another_type_fails_closed_and_is_not_shown() {
    let world = World::sqlite(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, d DATE, b BOOLEAN, x TEXT);
         INSERT INTO t VALUES (1, 5, '2020-01-01', 1, 'ok'), (2, 'secret', '2020-01-01', 1, 'ok'), (3, 5, '1.1.2020', 1, 'ok'),
             (4, 5, '2020-01-01', 7, 'ok'), (5, 5, '2020-01-01', 1, x'ff00');",
    )
    .await;
    for (column, item_type) in
        [("n", ItemType::Integer), ("d", ItemType::Date), ("b", ItemType::Boolean), ("x", ItemType::Text)]
    {
        world.install(vec![terms("t", vec![item(column, item_type)], &["id"])]);
        let reply = world.query(json!({})).await;
        assert_eq!((reply.status, reply.code().as_str()), (502, "cell_type_mismatch"));
        assert_eq!(reply.json()["params"], json!({"column": column}));
        assert!(!String::from_utf8_lossy(&reply.body).contains("secret"));
        assert_eq!(world.query(json!({"limit": 1})).await.status, if column == "n" { 502 } else { 200 });
    }
}

#[tokio::test]
async fn keys_that_do_not_name_rows_are_refused() {
    let world = World::sqlite(
        "CREATE TABLE t (a TEXT, b TEXT); INSERT INTO t VALUES ('1', 'x'), ('1', 'y'), (NULL, 'z');
         CREATE TABLE same (oid TEXT, rowid TEXT, _rowid_ TEXT); INSERT INTO same VALUES ('a', 'b', 'c'), ('d', 'e', 'f');
         CREATE VIEW v AS SELECT b FROM t;",
    )
    .await;
    let structure = world.plane.sources().describe(world.location()).await.unwrap();
    let key = |table: &str| structure.table(table).unwrap().key.clone();
    assert_eq!((key("t"), key("same"), key("v")), (vec!["rowid".to_owned()], vec![], vec![]));
    world.install(vec![terms("t", vec![item("b", ItemType::Text)], &["a"])]);
    assert_eq!(world.query(json!({})).await.code(), "key_not_unique");
    world.install(vec![terms("t", vec![item("b", ItemType::Text)], &["rowid"])]);
    assert_eq!(world.query(json!({"limit": 2})).await.rows().len(), 2);
    world.install(vec![terms("v", vec![item("b", ItemType::Text)], &[])]);
    assert_eq!(world.query(json!({"limit": 3})).await.rows().len(), 3);
    let reply = world.query(json!({"limit": 2})).await;
    assert_eq!((reply.status, reply.code().as_str()), (422, "paging_without_key"));
}

#[tokio::test]
async fn a_slow_source_is_given_up_and_harms_no_other() {
    let world = World::sqlite_with(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x');
         CREATE VIEW slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS a FROM n WHERE i < 0;",
        &patience(400),
    )
    .await;
    let mut slow = item("a", ItemType::Text);
    slow.column = "a".to_owned();
    world.install(vec![terms("slow", vec![slow], &[])]);
    let reply = world.query(json!({})).await;
    assert_eq!((reply.status, reply.code().as_str()), (504, "source_slow"));
    world.install(vec![terms("t", vec![item("a", ItemType::Text)], &["id"])]);
    assert_eq!(world.query(json!({})).await.status, 200);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_slow() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let location = Location::Postgres {
        host: "127.0.0.1".to_owned(),
        port,
        database: "d".to_owned(),
        user: "u".to_owned(),
        password: "p".to_owned(),
        tls: false,
    };
    let world = World::at(quick_folder(), location.clone(), &patience(200));
    assert_eq!(world.plane.sources().probe(&location).await.unwrap_err(), SourceError::Slow);
    world.install(vec![terms("t", vec![item("a", ItemType::Text)], &["id"])]);
    assert_eq!(world.query(json!({})).await.code(), "source_slow");
    drop(silent);
    assert_eq!(world.plane.sources().probe(&location).await.unwrap_err(), SourceError::Unreachable);
}

#[tokio::test]
async fn only_listed_places_are_read() {
    let world = World::sqlite("CREATE TABLE t (a TEXT)").await;
    let sources = world.plane.sources();
    let outside = tempfile::tempdir().unwrap();
    let path = outside.path().join("other.db");
    crate::world::sqlite_file(&path, "CREATE TABLE t (a TEXT)").await;
    let link = world.intake("link.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let up = world.intake("../usage/hashes");
    for path in [path.clone(), link, up, outside.path().join("nothing.db"), world.intake("")] {
        for location in [Location::Sqlite { path: path.clone() }, Location::Csv { path: path.clone() }] {
            assert_eq!(sources.describe(&location).await.unwrap_err(), SourceError::NotAllowed, "{}", path.display());
        }
    }
    for host in ["127.0.0.2", "localhost", "", "/var/run/postgresql", "127.0.0.1,evil.example", "127.0.0.1 x"] {
        let location = Location::Postgres {
            host: host.to_owned(),
            port: 1,
            database: "d".to_owned(),
            user: "u".to_owned(),
            password: "the password".to_owned(),
            tls: false,
        };
        assert_eq!(sources.probe(&location).await.unwrap_err(), SourceError::NotAllowed, "{host}");
        assert!(!format!("{location:?}").contains("password"));
    }
}

#[tokio::test]
async fn tables_wider_than_can_be_served_are_refused_by_name() {
    let columns: Vec<String> = (0..1_001).map(|n| format!("c{n} TEXT")).collect();
    let world = World::sqlite(&format!("CREATE TABLE wide ({})", columns.join(", "))).await;
    let error = world.plane.sources().describe(world.location()).await.unwrap_err();
    assert_eq!(error, SourceError::TooMany { name: "wide".to_owned(), what: "columns", found: 1_001, limit: 1_000 });
    assert!(error.to_string().contains("wide"));
}

const EVERY_TYPE: &str = "
    CREATE DOMAIN code AS char(6);
    CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE SCHEMA \"other schema\";
    CREATE TABLE \"other schema\".\"odd \"\" name\" (\"a \"\" column\" text PRIMARY KEY);
    INSERT INTO \"other schema\".\"odd \"\" name\" VALUES ('there');
    CREATE TABLE keyless (a text);
    CREATE TABLE uniquely (a text NOT NULL, b text, UNIQUE (b), UNIQUE (a));
    CREATE TABLE every (
        id uuid PRIMARY KEY, padded char(6), domained code, varied varchar(10), small smallint, large bigint,
        exact numeric, single real, double double precision, yes boolean, day date, local timestamp, zoned timestamptz,
        folded text COLLATE folded, doc jsonb);
    INSERT INTO every VALUES
        ('00000000-0000-0000-0000-000000000001', '5203', '520302', 'Ab', 1, 9007199254740993, 1.10, 0.1, 0.1, true,
         '2020-02-29', '2020-02-29 01:02:03.000004', '2020-02-29 09:02:03+08', 'Straße', '{\"a\": 1}'),
        ('00000000-0000-0000-0000-000000000002', '52', NULL, 'ab', -1, -5, 100000000000000000000.01, 1e10, 1e300, false,
         '1999-12-31', '1999-12-31 23:59:59', '1999-12-31 23:59:59Z', 'STRASSE', NULL),
        ('00000000-0000-0000-0000-000000000003', NULL, NULL, NULL, NULL, NULL, 'NaN', NULL, 'Infinity', NULL,
         '0044-03-15 BC', 'infinity', NULL, NULL, NULL);";

#[tokio::test]
async fn postgres_types_come_out_as_they_are() {
    let (world, server) = postgres_world(EVERY_TYPE).await;
    let structure = world.plane.sources().describe(world.location()).await.unwrap();
    let names: Vec<&str> = structure.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["other schema.odd \" name", "every", "keyless", "uniquely"]);
    let every = structure.table("every").unwrap();
    assert_eq!(every.key, ["id"]);
    assert_eq!(
        (structure.table("keyless").unwrap().key.len(), &structure.table("uniquely").unwrap().key),
        (0, &vec!["a".to_owned()])
    );
    let mut types = String::new();
    for column in &every.columns {
        write!(types, "{}:{} ", column.name, column.item_type).unwrap();
    }
    assert_eq!(
        types,
        "id:text padded:text domained:text varied:text small:integer large:integer exact:decimal single:decimal \
         double:decimal yes:boolean day:date local:date_time zoned:date_time folded:text doc:text "
    );
    let items = every.columns.iter().map(|column| item(&column.name, column.item_type)).collect::<Vec<_>>();
    let mut grant = terms("every", items, &["id"]);
    grant.rows_per_call = 2;
    grant.filter_columns = vec![(name("small"), "small".to_owned(), ItemType::Integer)];
    grant.rows = RowFilter(vec![Condition {
        item: name("small"),
        test: Test::Between { from: Some(Literal::Integer(-9)), to: None },
    }]);
    world.install(vec![grant]);
    assert_eq!(
        world.query(json!({})).await.rows(),
        [
            vec![
                json!("00000000-0000-0000-0000-000000000001"),
                json!("5203"),
                json!("520302"),
                json!("Ab"),
                json!(1),
                json!("9007199254740993"),
                json!("1.10"),
                json!("0.1"),
                json!("0.1"),
                json!(true),
                json!("2020-02-29"),
                json!("2020-02-29T01:02:03.000004Z"),
                json!("2020-02-29T01:02:03Z"),
                json!("Straße"),
                json!("{\"a\": 1}"),
            ],
            vec![
                json!("00000000-0000-0000-0000-000000000002"),
                json!("52"),
                json!(null),
                json!("ab"),
                json!(-1),
                json!(-5),
                json!("100000000000000000000.01"),
                json!("1e+10"),
                json!("1e+300"),
                json!(false),
                json!("1999-12-31"),
                json!("1999-12-31T23:59:59Z"),
                json!("1999-12-31T23:59:59Z"),
                json!("STRASSE"),
                json!(null),
            ],
        ]
    );
    postgres_conditions_find_their_rows(&world).await;
    postgres_oddities_hold(&world, every).await;
    drop(server);
}

async fn postgres_conditions_find_their_rows(world: &World) {
    for (condition, found) in [
        (json!({"item": "padded", "eq": "52"}), 1),
        (json!({"item": "padded", "prefix": "52"}), 2),
        (json!({"item": "domained", "in": ["520302", "x"]}), 1),
        (json!({"item": "varied", "eq": "ab"}), 1),
        (json!({"item": "varied", "range": {"from": "B", "to": "b"}}), 1),
        (json!({"item": "single", "eq": "0.1"}), 1),
        (json!({"item": "double", "eq": 0.1}), 1),
        (json!({"item": "exact", "range": {"from": "100000000000000000000.005"}}), 1),
        (json!({"item": "large", "eq": "9007199254740993"}), 1),
        (json!({"item": "yes", "eq": false}), 1),
        (json!({"item": "day", "range": {"to": "2000-01-01"}}), 1),
        (json!({"item": "local", "eq": "2020-02-29T01:02:03.000004Z"}), 1),
        (json!({"item": "zoned", "eq": "2020-02-29T01:02:03Z"}), 1),
        (json!({"item": "folded", "eq": "STRASSE"}), 1),
        (json!({"item": "folded", "eq": "strasse"}), 0),
        (json!({"item": "id", "prefix": "00000000-0000-0000-0000-000000000002"}), 1),
    ] {
        let reply = world.query(json!({"items": ["id"], "conditions": [condition]})).await;
        assert_eq!(reply.rows().len(), found, "{condition}");
    }
}

async fn postgres_oddities_hold(world: &World, every: &TableStructure) {
    for column in ["exact", "double", "day", "local"] {
        let item_type = every.columns.iter().find(|known| known.name == column).unwrap().item_type;
        world.install(vec![terms("every", vec![item(column, item_type)], &["id"])]);
        assert_eq!(world.query(json!({})).await.code(), "cell_type_mismatch", "{column} holds what no item can");
    }
    let mut odd = item("odd", ItemType::Text);
    odd.column = "a \" column".to_owned();
    world.install(vec![terms("other schema.odd \" name", vec![odd], &["a \" column"])]);
    assert_eq!(world.query(json!({"conditions": [{"item": "odd", "eq": "there"}]})).await.rows().len(), 1);
}

#[tokio::test]
async fn postgres_pages_survive_a_restart_and_notice_a_change() {
    let statements = "CREATE TABLE t (x int, y text, a text, PRIMARY KEY (x, y));
        INSERT INTO t SELECT n / 3, 'k' || n % 3, 'v' || n FROM generate_series(0, 9) n;";
    let (world, server) = postgres_world(statements).await;
    world.install(vec![terms("t", vec![item("a", ItemType::Text)], &["x", "y"])]);
    let first = world.query(json!({"limit": 4})).await;
    assert_eq!(first.rows().len(), 4);
    server.stop().unwrap();
    let reply = world.query(json!({})).await;
    assert_eq!((reply.status, reply.code().as_str()), (502, "source_unreachable"));
    server.start_again().unwrap();
    let second = world.query(json!({"limit": 4, "after": first.json()["next"]})).await;
    assert_eq!(second.rows()[0], [json!("v4")]);
    let third = world.query(json!({"after": second.json()["next"]})).await;
    assert_eq!((third.rows().len(), third.json()["next"].clone()), (2, json!(null)));
    server.execute("source", "ALTER TABLE t DROP COLUMN a").unwrap();
    assert_eq!(world.query(json!({})).await.code(), "source_changed");
    assert_eq!(world.query(json!({})).await.json()["params"]["what"], "a");
    let summary = world.plane.usage(&crate::world::grant_id(), 50).unwrap();
    assert!(summary.iter().all(|record| record.organisation == Some(requester())));
    // The session is read-only, whatever the role may do.
    let probe = world.plane.sources().probe(world.location()).await;
    assert_eq!(probe, Ok(()));
}
