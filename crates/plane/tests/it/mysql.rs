//! MySQL sources, on a private MariaDB: its own types, a change, a restart, a slow view, what the session may do.

use crate::world::{Options, World, item, name, quick_folder, terms};
use serde_json::json;
use shuqiao_plane::source::{Location, SourceError, TableStructure};
use shuqiao_testkit::mariadb::MariadbServer;
use shuqiao_vocabulary::{Condition, ItemType, Literal, RowFilter, Test};
use std::{fmt::Write, time::Duration};

/// A plane over a database `source` of a server of its own, made by these statements.
pub(crate) async fn mysql_world(statements: &str, options: &Options) -> (World, MariadbServer) {
    let server = MariadbServer::start().unwrap();
    server.create_database("source").unwrap();
    server.execute("source", statements).unwrap();
    (World::at(quick_folder(), location(&server), options), server)
}

fn location(server: &MariadbServer) -> Location {
    Location::Mysql {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        database: "source".to_owned(),
        user: server.user().to_owned(),
        password: server.password().to_owned(),
        tls: false,
    }
}

fn patience(milliseconds: u64) -> Options {
    Options {
        sources: Box::new(move |sources| sources.query_timeout = Duration::from_millis(milliseconds)),
        ..Options::default()
    }
}

const EVERY_TYPE: &str = "
    CREATE TABLE `odd `` name` (`a `` \" column` varchar(20) PRIMARY KEY);
    INSERT INTO `odd `` name` VALUES ('there');
    CREATE TABLE keyless (a text);
    CREATE TABLE uniquely (a varchar(9) NOT NULL, b varchar(9), c text NOT NULL, UNIQUE (b), UNIQUE (c(3)), UNIQUE z (a));
    CREATE TABLE hidden_elsewhere (a int PRIMARY KEY, b int) PARTITION BY HASH (a);
    CREATE VIEW seen AS SELECT a FROM keyless;
    CREATE TABLE every (
        id int PRIMARY KEY, padded char(6), varied varchar(10), old varchar(10) CHARACTER SET gbk, bin varbinary(10),
        small smallint, zeros int(8) unsigned ZEROFILL, large bigint unsigned, yes boolean, bit1 bit(1), bits bit(12),
        exact decimal(40,2), single float, dbl double, born year, day date, local datetime(6), stamped timestamp NULL,
        clock time, chosen enum('b', 'a'), some set('x', 'y'), doc json);
    SET time_zone = '+08:00', sql_mode = '';
    INSERT INTO every VALUES
        (1, '5203', 'Ab', '北京', 'raw', 1, 42, 9007199254740993, true, b'1', b'101', 1.10, 0.1, 0.1, 1970, '2020-02-29',
         '2020-02-29 01:02:03.000004', '2020-02-29 09:02:03', '01:02:03', 'b', 'x,y', '{\"a\": 1}'),
        (2, '52', 'ab', 'a', 'Raw', -1, 7, 5, false, b'0', b'0', 100000000000000000000.01, 16777216, 1e300, 2020, '1999-12-31',
         '1999-12-31 23:59:59', '2000-01-01 07:59:59', '-10:00:00', 'a', '', NULL),
        (3, NULL, 'ab ', NULL, x'ff', NULL, NULL, 18446744073709551615, 7, NULL, NULL, NULL, NULL, NULL, 0,
         '0000-00-00', '2020-00-00', NULL, NULL, NULL, NULL, NULL);";

#[tokio::test]
async fn mysql_types_come_out_as_they_are() {
    let (world, _server) = mysql_world(EVERY_TYPE, &Options::default()).await;
    let structure = world.plane.sources().describe(world.location()).await.unwrap();
    let names: Vec<&str> = structure.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["every", "hidden_elsewhere", "keyless", "odd ` name", "seen", "uniquely"]);
    let key = |table: &str| structure.table(table).unwrap().key.clone();
    assert_eq!((key("every"), key("uniquely")), (vec!["id".to_owned()], vec!["a".to_owned()]));
    assert_eq!((key("keyless"), key("seen")), (vec![], vec![]));
    let every = structure.table("every").unwrap();
    let mut types = String::new();
    for column in &every.columns {
        write!(types, "{}:{} ", column.name, column.item_type).unwrap();
    }
    assert_eq!(
        types,
        "id:integer padded:text varied:text old:text bin:text small:integer zeros:integer large:integer yes:boolean \
         bit1:boolean bits:integer exact:decimal single:decimal dbl:decimal born:integer day:date local:date_time \
         stamped:date_time clock:text chosen:text some:text doc:text "
    );
    assert_eq!(every.columns[3].native_type, "varchar(10) collate gbk_chinese_ci");
    let items = every.columns.iter().map(|column| item(&column.name, column.item_type)).collect::<Vec<_>>();
    let mut grant = terms("every", items, &["id"]);
    grant.rows_per_call = 2;
    grant.filter_columns = vec![(name("small"), "small".to_owned(), ItemType::Integer)];
    let test = Test::Between { from: Some(Literal::Integer(-9)), to: None };
    grant.rows = RowFilter(vec![Condition { item: name("small"), test }]);
    world.install(vec![grant]);
    let rows = world.query(json!({})).await.rows();
    let first = json!([
        1,
        "5203",
        "Ab",
        "北京",
        "raw",
        1,
        42,
        "9007199254740993",
        true,
        true,
        5,
        "1.10",
        "0.1",
        "0.1",
        1970,
        "2020-02-29",
        "2020-02-29T01:02:03.000004Z",
        "2020-02-29T01:02:03Z",
        "01:02:03",
        "b",
        "x,y",
        "{\"a\": 1}"
    ]);
    let second = json!([
        2,
        "52",
        "ab",
        "a",
        "Raw",
        -1,
        7,
        5,
        false,
        false,
        0,
        "100000000000000000000.01",
        "16777216",
        format!("1{}", "0".repeat(300)),
        2020,
        "1999-12-31",
        "1999-12-31T23:59:59Z",
        "1999-12-31T23:59:59Z",
        "-10:00:00",
        "a",
        "",
        null
    ]);
    assert_eq!(json!(rows), json!([first, second]));
    conditions_find_their_rows(&world).await;
    what_no_item_can_hold_is_refused(&world, every).await;
}

async fn conditions_find_their_rows(world: &World) {
    for (condition, found) in [
        (json!({"item": "padded", "eq": "52"}), 1),
        (json!({"item": "padded", "eq": "52 "}), 0),
        (json!({"item": "padded", "prefix": "52"}), 2),
        (json!({"item": "varied", "eq": "ab"}), 1),
        (json!({"item": "varied", "in": ["AB", "ab "]}), 0),
        (json!({"item": "varied", "range": {"from": "B", "to": "b"}}), 1),
        (json!({"item": "old", "eq": "北京"}), 1),
        (json!({"item": "old", "eq": "𠀀"}), 0),
        (json!({"item": "old", "prefix": "北"}), 1),
        (json!({"item": "bin", "eq": "raw"}), 1),
        (json!({"item": "zeros", "eq": 42}), 1),
        (json!({"item": "large", "eq": "9007199254740993"}), 1),
        (json!({"item": "large", "range": {"from": -1, "to": 5}}), 1),
        (json!({"item": "yes", "eq": false}), 1),
        (json!({"item": "bit1", "eq": true}), 1),
        (json!({"item": "bits", "in": [4, 5]}), 1),
        (json!({"item": "exact", "range": {"from": "100000000000000000000.005"}}), 1),
        (json!({"item": "exact", "eq": "11e-1"}), 1),
        (json!({"item": "single", "eq": "0.1"}), 1),
        (json!({"item": "single", "range": {"from": "16777216"}}), 0),
        (json!({"item": "dbl", "eq": 0.1}), 1),
        (json!({"item": "born", "eq": 70}), 0),
        (json!({"item": "born", "eq": 1970}), 1),
        (json!({"item": "day", "range": {"to": "2000-01-01"}}), 1),
        (json!({"item": "local", "eq": "2020-02-29T01:02:03.000004Z"}), 1),
        (json!({"item": "stamped", "eq": "2020-02-29T01:02:03Z"}), 1),
        (json!({"item": "clock", "eq": "01:02:03"}), 1),
        (json!({"item": "chosen", "range": {"from": "a", "to": "a"}}), 1),
        (json!({"item": "some", "eq": "x,y"}), 1),
        (json!({"item": "doc", "prefix": "{\"a"}), 1),
    ] {
        let reply = world.query(json!({"items": ["id"], "conditions": [condition]})).await;
        if condition["item"] == "single" && condition["range"].is_object() {
            // Eight digits are more than a `float` can be held against.
            assert_eq!(reply.code(), "condition_type_mismatch", "{condition}");
            continue;
        }
        assert_eq!(reply.status, 200, "{condition} {:?}", reply.json());
        assert_eq!(reply.rows().len(), found, "{condition}");
    }
}

async fn what_no_item_can_hold_is_refused(world: &World, every: &TableStructure) {
    for column in ["bin", "large", "yes", "day", "local"] {
        let item_type = every.columns.iter().find(|known| known.name == column).unwrap().item_type;
        world.install(vec![terms("every", vec![item(column, item_type)], &["id"])]);
        assert_eq!(world.query(json!({})).await.code(), "cell_type_mismatch", "{column} holds what no item can");
    }
    // The same column as integers, as which it was perhaps meant.
    world.install(vec![terms("every", vec![item("yes", ItemType::Integer)], &["id"])]);
    assert_eq!(world.query(json!({})).await.rows(), [[json!(1)], [json!(0)], [json!(7)]]);
    let mut odd = item("odd", ItemType::Text);
    odd.column = "a ` \" column".to_owned();
    world.install(vec![terms("odd ` name", vec![odd], &["a ` \" column"])]);
    assert_eq!(world.query(json!({"conditions": [{"item": "odd", "eq": "there"}]})).await.rows().len(), 1);
}

#[tokio::test]
async fn what_a_collation_takes_for_equal_is_neither_given_away_nor_lost() {
    let statements = "CREATE TABLE t (a varchar(9), b int) COLLATE utf8mb4_general_ci;
        INSERT INTO t VALUES ('A', 1), ('a', 2), ('á', 3), ('a ', 4), ('b', 5), ('B', 6);
        CREATE TABLE u (a varchar(9), b varchar(9), c int, PRIMARY KEY (a, b)) COLLATE utf8mb4_general_ci;
        INSERT INTO u SELECT a, b, b FROM t;
        CREATE TABLE e (k enum('z', 'y', 'x') PRIMARY KEY); INSERT INTO e VALUES ('x'), ('y'), ('z');";
    let (world, _server) = mysql_world(statements, &Options::default()).await;
    for (table, number, key) in [("t", "b", vec!["a"]), ("u", "c", vec!["a", "b"]), ("u", "c", vec!["a", "b", "c"])] {
        let items = vec![item("a", ItemType::Text), item(number, ItemType::Integer)];
        world.install(vec![terms(table, items, &key)]);
        let (mut found, mut after) = (Vec::new(), json!(null));
        loop {
            let mut body = json!({"limit": 1});
            if !after.is_null() {
                body["after"] = after;
            }
            let reply = world.query(body).await;
            found.extend(reply.rows().into_iter().map(|row| row[1].as_i64().unwrap()));
            after = reply.json()["next"].clone();
            if after.is_null() {
                break;
            }
        }
        found.sort_unstable();
        assert_eq!(found, [1, 2, 3, 4, 5, 6], "{table} by {key:?}");
    }
    world.install(vec![terms("t", vec![item("a", ItemType::Text), item("b", ItemType::Integer)], &["b"])]);
    for (condition, numbers) in [
        (json!({"item": "a", "eq": "a"}), vec![2]),
        (json!({"item": "a", "in": ["a", "B", "b "]}), vec![2, 6]),
        (json!({"item": "a", "prefix": "a"}), vec![2, 4]),
        (json!({"item": "a", "range": {"from": "A", "to": "B"}}), vec![1, 6]),
    ] {
        let rows = world.query(json!({"items": ["b"], "conditions": [condition]})).await.rows();
        assert_eq!(json!(rows), json!(numbers.iter().map(|n| [n]).collect::<Vec<_>>()), "{condition}");
    }
    world.install(vec![terms("e", vec![item("k", ItemType::Text)], &["k"])]);
    let first = world.query(json!({"limit": 2})).await;
    assert_eq!(first.rows(), [[json!("x")], [json!("y")]]);
    assert_eq!(world.query(json!({"after": first.json()["next"]})).await.rows(), [[json!("z")]]);
}

#[tokio::test]
async fn mysql_pages_survive_a_restart_and_notice_a_change() {
    let statements = "CREATE TABLE t (x int, y varchar(9), a text, PRIMARY KEY (x, y));
        INSERT INTO t SELECT seq DIV 3, CONCAT('k', seq MOD 3), CONCAT('v', seq) FROM seq_0_to_9;";
    let (world, server) = mysql_world(statements, &Options::default()).await;
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
    let before = world.plane.sources().describe(world.location()).await.unwrap();
    server.execute("source", "ALTER TABLE t MODIFY a text CHARACTER SET gbk").unwrap();
    let after = world.plane.sources().describe(world.location()).await.unwrap();
    assert_ne!(before.digest, after.digest);
    server.execute("source", "ALTER TABLE t DROP COLUMN a").unwrap();
    assert_eq!(world.query(json!({})).await.code(), "source_changed");
    assert_eq!(world.query(json!({})).await.json()["params"]["what"], "a");
}

#[tokio::test]
async fn a_slow_mysql_view_is_given_up_and_harms_no_other() {
    let statements = "CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'x');
        CREATE VIEW slow AS SELECT concat(a.seq, '') AS a FROM seq_1_to_1000000 a, seq_1_to_1000000 b WHERE a.seq + b.seq < 0;";
    let (world, _server) = mysql_world(statements, &patience(500)).await;
    world.install(vec![terms("slow", vec![item("a", ItemType::Text)], &[])]);
    let reply = world.query(json!({})).await;
    assert_eq!((reply.status, reply.code().as_str()), (504, "source_slow"));
    world.install(vec![terms("t", vec![item("a", ItemType::Text)], &["id"])]);
    assert_eq!(world.query(json!({})).await.status, 200);
    let Location::Mysql { host, port, database, user, tls, .. } = world.location().clone() else { unreachable!() };
    let wrong = Location::Mysql { host, port, database, user, password: "guessed".to_owned(), tls };
    assert_eq!(world.plane.sources().describe(&wrong).await.unwrap_err(), SourceError::Unreachable);
}

#[tokio::test]
async fn only_listed_mysql_servers_are_asked() {
    let world = World::sqlite("CREATE TABLE t (a TEXT)").await;
    for host in ["127.0.0.2", "localhost", "", "/run/mysqld/mysqld.sock"] {
        let location = Location::Mysql {
            host: host.to_owned(),
            port: 3306,
            database: "d".to_owned(),
            user: "u".to_owned(),
            password: "the password".to_owned(),
            tls: false,
        };
        assert_eq!(world.plane.sources().probe(&location).await.unwrap_err(), SourceError::NotAllowed, "{host}");
        assert!(!format!("{location:?}").contains("password"));
    }
}
