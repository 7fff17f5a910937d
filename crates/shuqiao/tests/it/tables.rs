//! The slice on real tables: what the grants deliver, page by page, is what the tables hold, row by row.

use crate::world::{World, postgres, scenario};
use serde_json::{Value, json};
use shuqiao_testkit::{mariadb::MariadbServer, postgres::PostgresServer, scenario::Player, shared::shared};
use std::{collections::HashSet, fs, path::Path};

const ENTERPRISES: &str = "enterprises_guizhou_2019.csv";
const STREETS: &str = "derived_streets_gb18030.csv";

/// A row of text, as the file holds it.
type Row = Vec<String>;

#[tokio::test]
async fn real_tables_are_delivered_row_by_row() {
    let Some(shared) = shared() else { return };
    real_tables(&shared, &streets_in_postgres(&shared, "streets"), &[]).await;
}

#[tokio::test]
async fn real_tables_are_delivered_row_by_row_from_mysql() {
    let Some(shared) = shared() else { return };
    let server = MariadbServer::start().unwrap();
    let password = format!("SET PASSWORD FOR '{}'@'127.0.0.1' = PASSWORD('hunter22')", server.user());
    server.execute("mysql", &password).unwrap();
    server.create_database("streets").unwrap();
    // The character set of many a table that has been there for long.
    server.execute("streets", "ALTER DATABASE streets CHARACTER SET gbk").unwrap();
    let create =
        STREETS_TABLE.replace("code text", "code varchar(12)").replace("name text", "name text CHARACTER SET utf8mb4");
    server.execute("streets", &statements(&create, &rows(&shared.join("data/tables_cn").join(STREETS)))).unwrap();
    let user = server.user().to_owned();
    let streets = Streets { kind: "mysql", port: server.port(), database: "streets".to_owned(), user };
    real_tables(&shared, &streets, &[]).await;
}

#[tokio::test]
async fn real_tables_are_delivered_row_by_row_by_a_node_on_postgresql() {
    let Some(shared) = shared() else { return };
    let url = postgres().create_database("node_of_tables").unwrap();
    real_tables(&shared, &streets_in_postgres(&shared, "streets_beside_node"), &["--database", &url]).await;
}

/// Where the streets are.
struct Streets {
    kind: &'static str,
    port: u16,
    database: String,
    user: String,
}

/// Plays the story on a node told `more`, with the streets in this database.
async fn real_tables(shared: &Path, database: &Streets, more: &[&str]) {
    let tables = shared.join("data/tables_cn");
    let port = database.port.to_string();
    let world = World::new(&[&["--source-host", &format!("127.0.0.1:{port}")], more].concat());
    for name in [ENTERPRISES, STREETS] {
        fs::copy(tables.join(name), world.files.join(name)).unwrap();
    }
    let streets = rows(&tables.join(STREETS));
    let mut player = world.player(&[
        ("kind", database.kind),
        ("host", "127.0.0.1"),
        ("port", port.as_str()),
        ("database", database.database.as_str()),
        ("user", database.user.as_str()),
    ]);
    player.play(&scenario("real-tables.toml")).await.unwrap();

    let expected: Vec<Value> = rows(&tables.join(ENTERPRISES))
        .iter()
        .filter(|row| row[8] == "遵义")
        .map(|row| json!([row[1], row[0], row[2], masked(&row[4]), row[5], row[6]]))
        .collect();
    assert_eq!(expected.len(), 341);
    same(&delivered(&mut player, "enterprises", 100).await, &expected);

    let expected: Vec<Value> =
        streets.iter().filter(|row| row[2].starts_with("52")).map(|row| json!([row[0], row[1]])).collect();
    assert!(expected.contains(&json!(["520324116", "桴㯊镇"])), "a character of four bytes in GB18030");
    same(&delivered(&mut player, "streets", 7).await, &expected);

    let mut chosen: Vec<&Row> = streets.iter().filter(|row| ["52", "36"].contains(&row[3].as_str())).collect();
    chosen.sort_by(|one, other| one[0].cmp(&other[0]));
    let expected: Vec<Value> =
        chosen.iter().map(|row| json!([row[1], row[0], "2019-04-30", format!("1{}.50", &row[0][6..])])).collect();
    assert!(expected.iter().any(|row| row[0] == "麦㙦镇"));
    same(&delivered(&mut player, "database", 37).await, &expected);
}

/// Every row of the grant of this name, page by page; each page but the last is full.
async fn delivered(player: &mut Player<'_>, name: &str, page: usize) -> Vec<Value> {
    let [grant, purpose] = ["grant", "purpose"].map(|what| player.saved(&format!("{name}_{what}")).unwrap().to_owned());
    let system = player.client("system:sys").await.unwrap();
    let path = format!("/data/v1/grants/{grant}/query");
    let (mut all, mut cursors, mut query) = (Vec::new(), HashSet::new(), json!({"purpose": purpose}));
    loop {
        let answer = system.json("POST", &path, &[], Some(&query)).await.unwrap();
        assert_eq!(answer.status, 200, "{name}: {}", answer.text);
        let answer = answer.json();
        let rows = answer["rows"].as_array().unwrap();
        all.extend(rows.iter().cloned());
        let Some(next) = answer["next"].as_str() else { return all };
        assert_eq!(rows.len(), page, "{name}");
        assert!(cursors.insert(next.to_owned()), "{name}: the same page again");
        query["after"] = json!(next);
    }
}

/// The rows are the same, and the first that differs is told.
#[track_caller]
fn same(found: &[Value], expected: &[Value]) {
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_eq!(found, expected, "row {at}");
    }
    assert_eq!(found.len(), expected.len());
}

/// Rows of a file in UTF-8 or GB18030, without its header.
fn rows(path: &Path) -> Vec<Row> {
    let bytes = fs::read(path).unwrap();
    let text = String::from_utf8(bytes).unwrap_or_else(|not_utf8| {
        let (text, _, damaged) = encoding_rs::GB18030.decode(not_utf8.as_bytes());
        assert!(!damaged, "{}", path.display());
        text.into_owned()
    });
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize::<Row>().map(Result::unwrap).collect()
}

/// The first character, and a star for each of the others; a single character is hidden too.
fn masked(text: &str) -> String {
    let length = text.chars().count();
    text.chars().enumerate().map(|(at, c)| if at == 0 && length > 1 { c } else { '*' }).collect()
}

/// The streets as a table of a database, with types that a CSV file does not have.
const STREETS_TABLE: &str = "CREATE TABLE streets (code text PRIMARY KEY, name text NOT NULL, province_code bigint NOT NULL, \
    entered_on date NOT NULL, area numeric(8,2) NOT NULL);\n";

fn streets_in_postgres(shared: &Path, database: &str) -> Streets {
    let server = postgres();
    server.create_database(database).unwrap();
    server.execute(database, &statements(STREETS_TABLE, &rows(&shared.join("data/tables_cn").join(STREETS)))).unwrap();
    Streets { kind: "postgres", port: server.port(), database: database.to_owned(), user: server.user().to_owned() }
}

fn statements(create: &str, streets: &[Row]) -> String {
    let mut sql = format!("{create}BEGIN;\n");
    for row in streets {
        assert!(row.iter().all(|cell| !cell.contains('\'')));
        let (code, name, province, area) = (&row[0], &row[1], &row[3], &row[0][6..]);
        sql += &format!("INSERT INTO streets VALUES ('{code}', '{name}', {province}, '2019-04-30', 1{area}.5);\n");
    }
    sql + "COMMIT;\n"
}
