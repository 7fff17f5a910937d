//! Sources behind ODBC drivers that Debian has: of SQLite and of PostgreSQL. Only with the feature `odbc`.
//!
//! The file that `ODBCINI` names is written here; `cargo xtask test` sets it, since a test may not change its own
//! environment.

use crate::world::{Options, World, item, quick_folder, sqlite_file, terms};
use serde_json::json;
use shuqiao_plane::source::{Location, SourceError};
use shuqiao_testkit::postgres::PostgresServer;
use shuqiao_vocabulary::ItemType;
use std::{fmt::Write as _, fs, path::Path, sync::Mutex, time::Duration};

/// Adds a data source of this machine.
fn data_source(name: &str, attributes: &[(&str, &str)]) {
    static WRITING: Mutex<()> = Mutex::new(());
    let _writing = WRITING.lock().unwrap();
    #[expect(
        clippy::disallowed_methods,
        reason = "the driver manager reads its configuration from the environment alone"
    )]
    let file = std::env::var_os("ODBCINI");
    let file = file.unwrap_or_else(|| panic!("ODBCINI names no file that may be written; `cargo xtask test` sets it"));
    let mut text = fs::read_to_string(&file).unwrap_or_default();
    // What an earlier run has left under this name goes.
    let header = format!("[{name}]\n");
    if let Some(at) = text.find(&header) {
        let end = text[at + 1..].find("\n[").map_or(text.len(), |end| at + 1 + end + 1);
        text.replace_range(at..end, "");
    }
    text.push_str(&header);
    for (key, value) in attributes {
        writeln!(text, "{key} = {value}").unwrap();
    }
    // In one step: the driver manager may be reading it for another test at this moment.
    let next = Path::new(&file).with_extension("next");
    fs::write(&next, text).unwrap();
    fs::rename(&next, &file).unwrap();
}

fn location(dsn: &str) -> Location {
    Location::Odbc { dsn: dsn.to_owned(), user: String::new(), password: String::new() }
}

fn options(dsn: &str, milliseconds: u64) -> Options {
    let dsn = dsn.to_owned();
    Options {
        sources: Box::new(move |sources| {
            sources.odbc_sources = vec![dsn.clone()];
            sources.query_timeout = Duration::from_millis(milliseconds);
            sources.calls_max = 2;
        }),
        ..Options::default()
    }
}

/// A name that no other run has used: unixODBC remembers what it has read.
fn fresh(name: &str, folder: &Path) -> String {
    format!("{name}{}", folder.file_name().unwrap().to_string_lossy().replace(|c: char| !c.is_ascii_alphanumeric(), ""))
}

/// A plane over a SQLite file behind the driver.
pub(crate) async fn sqlite_world(statements: &str) -> (World, std::path::PathBuf, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.db");
    sqlite_file(&path, statements).await;
    let dsn = fresh("sqlite", folder.path());
    data_source(&dsn, &[("Driver", "SQLite3"), ("Database", path.to_str().unwrap())]);
    (World::at(quick_folder(), location(&dsn), &options(&dsn, 5_000)), path, folder)
}

/// A plane over a PostgreSQL server behind the driver.
pub(crate) async fn postgres_world(statements: &str, milliseconds: u64) -> (World, PostgresServer) {
    let server = PostgresServer::start().unwrap();
    server.create_database("source").unwrap();
    server.execute("source", statements).unwrap();
    let dsn = format!("postgres{}x{}", server.port(), std::process::id());
    server_source(&dsn, &server);
    (World::at(quick_folder(), location(&dsn), &options(&dsn, milliseconds)), server)
}

/// A data source that is this server.
fn server_source(dsn: &str, server: &PostgresServer) {
    let port = server.port().to_string();
    let attributes = [
        ("Driver", "PostgreSQL Unicode"),
        ("Servername", "127.0.0.1"),
        ("Port", port.as_str()),
        ("Database", "source"),
        ("Username", server.user()),
        ("Password", "any"),
    ];
    data_source(dsn, &attributes);
}

#[tokio::test]
async fn a_sqlite_file_behind_a_driver_is_read() {
    let (world, path, _folder) = sqlite_world(
        "CREATE TABLE \"人 口\" (\"编号\" INTEGER PRIMARY KEY, \"姓名\" TEXT NOT NULL, d DATE, b BOOLEAN, n DECIMAL(10,2));
         INSERT INTO \"人 口\" VALUES (1, '李娜', '2020-02-29', 1, 1.5), (2, '𠀀', NULL, 0, -2), (3, 'x', NULL, 7, 0);",
    )
    .await;
    let structure = world.plane.sources().describe(world.location()).await.unwrap();
    let table = structure.table("人 口").unwrap();
    assert_eq!(table.key, ["编号"]);
    let mut types = String::new();
    for column in &table.columns {
        write!(types, "{}:{}:{} ", column.name, column.item_type, column.nullable).unwrap();
    }
    assert_eq!(types, "编号:integer:true 姓名:text:false d:date:true b:boolean:true n:decimal:true ");
    let column = |name: &str, column: &str, item_type| {
        let mut item = item(name, item_type);
        item.column = column.to_owned();
        item
    };
    let items = vec![column("name", "姓名", ItemType::Text), column("n", "n", ItemType::Decimal)];
    world.install(vec![terms("人 口", items, &["编号"])]);
    let first = world.query(json!({"limit": 2})).await;
    assert_eq!(json!(first.rows()), json!([["李娜", "1.5"], ["𠀀", "-2"]]), "{:?}", first.json());
    let second = world.query(json!({"after": first.json()["next"]})).await;
    assert_eq!(json!(second.rows()), json!([["x", "0"]]));
    let found = world.query(json!({"conditions": [{"item": "name", "eq": "𠀀"}]})).await;
    assert_eq!(found.rows().len(), 1);
    world.install(vec![terms("人 口", vec![column("b", "b", ItemType::Boolean)], &["编号"])]);
    assert_eq!(world.query(json!({})).await.code(), "cell_type_mismatch");
    world.install(vec![terms("人 口", vec![column("d", "d", ItemType::Date)], &["编号"])]);
    assert_eq!(json!(world.query(json!({})).await.rows()), json!([["2020-02-29"], [null], [null]]));
    sqlite_file(&path, "ALTER TABLE \"人 口\" RENAME COLUMN d TO e").await;
    world.plane.sources().describe(world.location()).await.unwrap();
    let reply = world.query(json!({})).await;
    assert_eq!((reply.code().as_str(), &reply.json()["params"]["what"]), ("source_changed", &json!("d")));
}

#[tokio::test]
async fn a_postgres_table_behind_a_driver_is_read_and_outlives_a_restart() {
    let statements = "CREATE TABLE \"街道\" (x int, y text, \"名称\" text, t timestamptz, yes boolean, PRIMARY KEY (x, y));
        INSERT INTO \"街道\" SELECT n / 3, 'k' || n % 3, '桴㯊' || n, '2020-02-29 09:02:03.5+08', n % 2 = 0 FROM generate_series(0, 9) n;
        CREATE VIEW slow AS SELECT pg_sleep(60)::text AS a;";
    let (world, server) = postgres_world(statements, 10_000).await;
    let structure = world.plane.sources().describe(world.location()).await.unwrap();
    assert_eq!(structure.table("街道").unwrap().key, ["x", "y"]);
    let mut called = item("called", ItemType::Text);
    called.column = "名称".to_owned();
    let items = vec![called, item("t", ItemType::DateTime), item("yes", ItemType::Boolean)];
    world.install(vec![terms("街道", items, &["x", "y"])]);
    let first = world.query(json!({"limit": 4, "conditions": [{"item": "t", "eq": "2020-02-29T01:02:03.5Z"}]})).await;
    assert_eq!(first.rows().len(), 4, "{:?}", first.json());
    assert_eq!(json!(first.rows()[0]), json!(["桴㯊0", "2020-02-29T01:02:03.5Z", true]));
    let yes = world.query(json!({"items": ["yes"], "conditions": [{"item": "yes", "eq": false}]})).await;
    assert_eq!(yes.rows().len(), 5);
    server.stop().unwrap();
    let reply = world.query(json!({})).await;
    assert_eq!((reply.status, reply.code().as_str()), (502, "source_unreachable"));
    server.start_again().unwrap();
    assert_eq!(world.query(json!({})).await.rows().len(), 10);
    world.install(vec![terms("slow", vec![item("a", ItemType::Text)], &[])]);
    assert_eq!(world.query(json!({})).await.code(), "source_slow");
    server.execute("source", "DROP VIEW slow").unwrap();
    assert_eq!(world.query(json!({})).await.code(), "source_changed");
}

/// A driver manager that lets one call in at a time would let a slow source stop all others.
#[tokio::test]
async fn a_slow_source_behind_a_driver_harms_no_other() {
    let statements =
        "CREATE VIEW slow AS SELECT pg_sleep(60)::text AS a; CREATE TABLE t (a text); INSERT INTO t VALUES ('x')";
    let (slow_world, server) = postgres_world(statements, 4_000).await;
    let dsn = format!("beside{}x{}", server.port(), std::process::id());
    server_source(&dsn, &server);
    let quick_world = World::at(quick_folder(), location(&dsn), &options(&dsn, 4_000));
    slow_world.install(vec![terms("slow", vec![item("a", ItemType::Text)], &[])]);
    quick_world.install(vec![terms("t", vec![item("a", ItemType::Text)], &[])]);
    for world in [&slow_world, &quick_world] {
        world.plane.sources().describe(world.location()).await.unwrap();
    }
    let quick = async {
        for _ in 0..8 {
            assert_eq!(quick_world.query(json!({})).await.rows(), [[json!("x")]]);
        }
    };
    let answered_first = tokio::select! {
        biased;
        reply = slow_world.query(json!({})) => reply.code(),
        () = quick => "quick".to_owned(),
    };
    assert_eq!(answered_first, "quick");
}

#[tokio::test]
async fn only_listed_data_sources_are_opened() {
    let (world, path, _folder) = sqlite_world("CREATE TABLE t (a TEXT)").await;
    let known = match world.location() {
        Location::Odbc { dsn, .. } => dsn.clone(),
        _ => unreachable!(),
    };
    let path = path.display();
    for dsn in [
        "other".to_owned(),
        String::new(),
        format!("{known};Database=/etc/passwd"),
        format!("x;DRIVER=SQLite3;Database={path}"),
        known.to_uppercase() + " ",
    ] {
        let wrong = location(&dsn);
        assert_eq!(world.plane.sources().probe(&wrong).await.unwrap_err(), SourceError::NotAllowed, "{dsn}");
    }
    // What is written into a login stays a login: this driver does not know how a semicolon is quoted.
    for (user, password) in [(format!("u;Database={path}.other"), "p"), ("u".to_owned(), "p}{;Database=/tmp/other")] {
        let login = Location::Odbc { dsn: known.clone(), user, password: password.to_owned() };
        assert_eq!(world.plane.sources().describe(&login).await.unwrap_err(), SourceError::NotAllowed);
        assert!(!format!("{login:?}").contains(password));
    }
    let login = Location::Odbc { dsn: known, user: "u".to_owned(), password: "p=@,".to_owned() };
    assert_eq!(world.plane.sources().describe(&login).await.unwrap().tables.len(), 1);
}
