//! The registers as a department holds them: tables in an SQLite file.

use super::{
    enterprises::{Enterprise, Enterprises},
    people::{People, Person},
};
use crate::regions::Regions;
use anyhow::{Context as _, Result};
use sqlx::{
    Connection as _, QueryBuilder, Sqlite, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::{ffi::OsString, path::Path};

/// The demo's seed and sizes.
pub(crate) const SEED: u64 = 809;

/// Rows in one statement: far below what SQLite allows in bound values.
const ROWS_PER_STATEMENT: u32 = 500;
/// After so many rows the person who waits is told.
const ROWS_PER_WORD: u32 = 20_000;

const PERSONS_TABLE: &str = "CREATE TABLE persons (
    id_number TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    sex TEXT NOT NULL,
    birth_date DATE NOT NULL,
    ethnic_group TEXT NOT NULL,
    county_code TEXT NOT NULL,
    county_name TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT,
    marital_status TEXT NOT NULL,
    registered_on DATE NOT NULL,
    synthetic TEXT NOT NULL
)";

const ENTERPRISES_TABLE: &str = "CREATE TABLE enterprises (
    credit_code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    legal_representative TEXT NOT NULL,
    registered_capital DECIMAL(18,2) NOT NULL,
    employees INTEGER,
    established_on DATE NOT NULL,
    status TEXT NOT NULL,
    industry_code TEXT NOT NULL,
    industry_name TEXT NOT NULL,
    county_code TEXT NOT NULL,
    county_name TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT,
    synthetic TEXT NOT NULL
)";

/// Writes so many people and enterprises into a new SQLite file; a table of nobody is left out, so that two
/// departments can hold one register each.
///
/// The file appears whole or not at all: a demo that is ended while it generates begins anew.
pub(crate) async fn generate(
    path: &Path,
    persons: u32,
    enterprises: u32,
    seed: u64,
    progress: &mut dyn FnMut(&str),
) -> Result<()> {
    let mut unfinished = OsString::from(path);
    unfinished.push(".unfinished");
    if Path::new(&unfinished).exists() {
        std::fs::remove_file(&unfinished).context("what an earlier run left")?;
    }
    // No journal: an unfinished file is thrown away anyway.
    let options = SqliteConnectOptions::new()
        .filename(&unfinished)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off);
    let mut connection = SqliteConnection::connect_with(&options).await.context("a file for the registers")?;
    let regions = Regions::load()?;
    if persons > 0 {
        write_persons(&mut connection, &regions, persons, seed, progress).await?;
    }
    if enterprises > 0 {
        write_enterprises(&mut connection, &regions, enterprises, seed, progress).await?;
    }
    connection.close().await.context("the registers' file")?;
    std::fs::File::open(&unfinished).and_then(|file| file.sync_all()).context("the registers' file")?;
    std::fs::rename(&unfinished, path).with_context(|| path.display().to_string())
}

async fn write_persons(
    connection: &mut SqliteConnection,
    regions: &Regions,
    count: u32,
    seed: u64,
    progress: &mut dyn FnMut(&str),
) -> Result<()> {
    let mut people = People::new(regions, seed);
    let mut transaction = connection.begin().await?;
    sqlx::query(PERSONS_TABLE).execute(&mut *transaction).await.context("the table of people")?;
    let mut made = 0;
    while made < count {
        let rows = (count - made).min(ROWS_PER_STATEMENT);
        let batch = (0..rows).map(|_| people.make()).collect::<Result<Vec<_>>>()?;
        insert_persons(batch).build().persistent(false).execute(&mut *transaction).await.context("rows of people")?;
        made += rows;
        if made % ROWS_PER_WORD == 0 || made == count {
            progress(&format!("{made} of {count} synthetic people"));
        }
    }
    let index = sqlx::query("CREATE INDEX persons_county ON persons (county_code)");
    index.execute(&mut *transaction).await.context("the index of people")?;
    transaction.commit().await.context("the table of people")
}

fn insert_persons(batch: Vec<Person>) -> QueryBuilder<Sqlite> {
    let mut insert = QueryBuilder::new("INSERT INTO persons ");
    insert.push_values(batch, |mut row, person| {
        row.push_bind(person.id_number)
            .push_bind(person.name)
            .push_bind(person.sex)
            .push_bind(person.birth_date)
            .push_bind(person.ethnic_group)
            .push_bind(person.county_code)
            .push_bind(person.county_name)
            .push_bind(person.address)
            .push_bind(person.phone)
            .push_bind(person.marital_status)
            .push_bind(person.registered_on)
            .push("'是'");
    });
    insert
}

async fn write_enterprises(
    connection: &mut SqliteConnection,
    regions: &Regions,
    count: u32,
    seed: u64,
    progress: &mut dyn FnMut(&str),
) -> Result<()> {
    let enterprises = Enterprises::new(regions, seed);
    let mut transaction = connection.begin().await?;
    sqlx::query(ENTERPRISES_TABLE).execute(&mut *transaction).await.context("the table of enterprises")?;
    let mut made = 0;
    while made < count {
        let rows = (count - made).min(ROWS_PER_STATEMENT);
        let batch = (made..made + rows).map(|number| enterprises.get(number)).collect::<Result<Vec<_>>>()?;
        let mut insert = insert_enterprises(batch);
        insert.build().persistent(false).execute(&mut *transaction).await.context("rows of enterprises")?;
        made += rows;
        if made % ROWS_PER_WORD == 0 || made == count {
            progress(&format!("{made} of {count} synthetic enterprises"));
        }
    }
    let index = sqlx::query("CREATE INDEX enterprises_county ON enterprises (county_code)");
    index.execute(&mut *transaction).await.context("the index of enterprises")?;
    transaction.commit().await.context("the table of enterprises")
}

fn insert_enterprises(batch: Vec<Enterprise>) -> QueryBuilder<Sqlite> {
    let mut insert = QueryBuilder::new("INSERT INTO enterprises ");
    insert.push_values(batch, |mut row, enterprise| {
        row.push_bind(enterprise.credit_code)
            .push_bind(enterprise.name)
            .push_bind(enterprise.legal_representative)
            .push_bind(enterprise.registered_capital)
            .push_bind(i64::from(enterprise.employees))
            .push_bind(enterprise.established_on)
            .push_bind(enterprise.status)
            .push_bind(enterprise.industry_code)
            .push_bind(enterprise.industry_name)
            .push_bind(enterprise.county_code)
            .push_bind(enterprise.county_name)
            .push_bind(enterprise.address)
            .push_bind(enterprise.phone)
            .push("'是'");
    });
    insert
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Row as _;

    async fn rows(path: &Path, sql: &'static str) -> Vec<String> {
        let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await.unwrap();
        let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
        rows.iter().map(|row| row.get::<String, _>(0)).collect()
    }

    #[tokio::test]
    async fn the_registers_are_written_whole_and_marked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registers.db");
        let mut said = Vec::new();
        generate(&path, 1_200, 700, SEED, &mut |word| said.push(word.to_owned())).await.unwrap();
        assert_eq!(said, ["1200 of 1200 synthetic people", "700 of 700 synthetic enterprises"]);
        let counts = "SELECT count(*) || ' ' || synthetic FROM persons GROUP BY synthetic UNION ALL \
                      SELECT count(*) || ' ' || synthetic FROM enterprises GROUP BY synthetic";
        assert_eq!(rows(&path, counts).await, ["1200 是", "700 是"]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing unfinished stays behind");
    }

    /// The first rows are for ever: pictures, guides and tests speak of them.
    #[tokio::test]
    async fn the_first_rows_are_the_same_on_every_machine() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registers.db");
        generate(&path, 2, 2, SEED, &mut |_| ()).await.unwrap();
        let persons = "SELECT id_number || ' ' || name || ' ' || sex || ' ' || birth_date || ' ' || county_name || ' ' || \
                       address || ' ' || marital_status FROM persons ORDER BY id_number";
        let enterprises = "SELECT credit_code || ' ' || name || ' ' || legal_representative || ' ' || \
                           registered_capital || ' ' || status FROM enterprises ORDER BY credit_code";
        let found = [rows(&path, persons).await, rows(&path, enterprises).await].concat();
        assert_eq!(
            found,
            [
                "520303196003184701 余燕 女 1960-03-18 汇川区 贵州省遵义市汇川区凤凰路110号10栋2906室 已婚",
                "520323201611244842 罗芳 女 2016-11-24 绥阳县 贵州省遵义市绥阳县上海路355号7栋2305室 未婚",
                "91520302YY0000001F 遵义恒达健康服务有限公司 蒋刚 150 注销",
                "91520325YY000001XH 遵义佳禾企业管理有限公司 罗帆 27 存续",
            ]
        );
    }

    #[tokio::test]
    async fn a_register_of_nobody_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("enterprises.db");
        generate(&path, 0, 1, SEED, &mut |_| ()).await.unwrap();
        assert_eq!(rows(&path, "SELECT name FROM sqlite_schema WHERE type = 'table'").await, ["enterprises"]);
    }
}
