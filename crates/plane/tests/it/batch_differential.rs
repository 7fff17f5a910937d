//! A table brought over in batch and read back, against a naive reading of the same grant over the same rows: any table,
//! any grant, any filter, any masks.

use crate::{
    batch::{postgres, result, server, settings, task, texts},
    differential::{Case, Database, run},
    world::{World, quick_world, sqlite_file},
};
use shuqiao_plane::{
    book::GrantTerms,
    delivery::batch::{Batch, task::BatchMode},
};
use shuqiao_vocabulary::{ItemType, SharingMethod};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// How a cell is read back as text.
fn form(item: &str, item_type: ItemType) -> String {
    match item_type {
        ItemType::Decimal => format!("trim_scale({item})::text"),
        // With the decimals of a second as far as there are any.
        ItemType::DateTime => format!(
            r#"rtrim(rtrim(to_char({item} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z'"#
        ),
        _ => format!("{item}::text"),
    }
}

async fn read_back(database: &str, grant: &GrantTerms) -> Vec<Vec<Option<String>>> {
    let forms: Vec<String> = grant
        .items
        .iter()
        .map(|item| form(item.name.as_str(), if item.mask.is_some() { ItemType::Text } else { item.item_type }))
        .collect();
    let mut connection = PgConnection::connect(&server().url(database)).await.unwrap();
    let sql = format!("SELECT ARRAY[{}] FROM received", forms.join(", "));
    let rows = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows
}

async fn agree(world: &World, batch: &Batch, database: &str, case: &Case, number: u32) {
    sqlite_file(&world.intake("people.db"), &case.statements(Database::Sqlite)).await;
    world.plane.sources().describe(world.location()).await.unwrap();
    let (mut grant, mut expected) = case.whole();
    grant.methods = vec![SharingMethod::BatchExchange];
    world.install(vec![grant.clone()]);
    server().execute(database, "DROP TABLE IF EXISTS received").unwrap();
    let mut task = task(&postgres(server(), database), BatchMode::Full);
    task.id = crate::world::id("bat", 100 + number);
    let run = batch.begin(&task).await.unwrap();
    let report = batch.attempt(run).await.unwrap();
    assert_eq!((result(&report).rows, report.bad), (expected.len() as u64, 0), "{case:?}");
    let mut found = read_back(database, &grant).await;
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{case:?}");
}

#[test]
fn what_arrives_is_what_a_naive_reader_would_have_been_given() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(quick_world("CREATE TABLE t (k INTEGER PRIMARY KEY)"));
    let database = crate::batch::database();
    let mut settings = settings(&world);
    settings.rows_per_chunk = 5;
    let batch = Batch::open(world.plane.clone(), settings).unwrap();
    let count = std::sync::atomic::AtomicU32::new(0);
    run(32, |case| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        runtime.block_on(agree(&world, &batch, &database, &case, number));
    });
    let left = "SELECT relname::text FROM pg_class WHERE relname LIKE 'shuqiao_stage%'";
    assert!(runtime.block_on(texts(server(), &database, left)).is_empty());
}
