//! The tables' history. Migrations are compiled in, run once each, and never change after they were released.

use crate::{
    conn::Dialect,
    error::{Result, StoreError},
};
use sqlx::{
    AnyConnection, SqlSafeStr as _,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

/// Number, name, text for SQLite, text for PostgreSQL.
const MIGRATIONS: &[(i64, &str, &str, &str)] = &[
    (
        1,
        "tables",
        include_str!("../migrations/sqlite/0001_tables.sql"),
        include_str!("../migrations/postgres/0001_tables.sql"),
    ),
    (
        2,
        "append_only",
        include_str!("../migrations/sqlite/0002_append_only.sql"),
        include_str!("../migrations/postgres/0002_append_only.sql"),
    ),
    (
        3,
        "rules_and_reminders",
        include_str!("../migrations/sqlite/0003_rules_and_reminders.sql"),
        include_str!("../migrations/postgres/0003_rules_and_reminders.sql"),
    ),
    (
        4,
        "catalogue_versions",
        include_str!("../migrations/sqlite/0004_catalogue_versions.sql"),
        include_str!("../migrations/postgres/0004_catalogue_versions.sql"),
    ),
    (
        5,
        "papers",
        include_str!("../migrations/sqlite/0005_papers.sql"),
        include_str!("../migrations/postgres/0005_papers.sql"),
    ),
    (
        6,
        "request_delivery",
        include_str!("../migrations/sqlite/0006_request_delivery.sql"),
        include_str!("../migrations/postgres/0006_request_delivery.sql"),
    ),
    (
        7,
        "cases",
        include_str!("../migrations/sqlite/0007_cases.sql"),
        include_str!("../migrations/postgres/0007_cases.sql"),
    ),
    (
        8,
        "case_rows_stay",
        include_str!("../migrations/sqlite/0008_case_rows_stay.sql"),
        include_str!("../migrations/postgres/0008_case_rows_stay.sql"),
    ),
    (
        9,
        "clocks_of_entries",
        include_str!("../migrations/sqlite/0009_clocks_of_entries.sql"),
        include_str!("../migrations/postgres/0009_clocks_of_entries.sql"),
    ),
    (
        10,
        "one_authority",
        include_str!("../migrations/sqlite/0010_one_authority.sql"),
        include_str!("../migrations/postgres/0010_one_authority.sql"),
    ),
    (
        11,
        "book_changes",
        include_str!("../migrations/sqlite/0011_book_changes.sql"),
        include_str!("../migrations/postgres/0011_book_changes.sql"),
    ),
    (
        12,
        "system_identity",
        include_str!("../migrations/sqlite/0012_system_identity.sql"),
        include_str!("../migrations/postgres/0012_system_identity.sql"),
    ),
    (
        13,
        "batch_tasks",
        include_str!("../migrations/sqlite/0013_batch_tasks.sql"),
        include_str!("../migrations/postgres/0013_batch_tasks.sql"),
    ),
];

/// Brings the tables up to date.
pub(crate) async fn run(dialect: Dialect, connection: &mut AnyConnection) -> Result<()> {
    let migrations = MIGRATIONS
        .iter()
        .map(|(number, name, sqlite, postgres)| {
            let text = match dialect {
                Dialect::Sqlite => *sqlite,
                Dialect::Postgres => *postgres,
            };
            Migration::new(*number, (*name).into(), MigrationType::Simple, text.into_sql_str(), false)
        })
        .collect();
    let mut migrator = Migrator::with_migrations(migrations);
    // The name is ours from the first migration on, so nothing can be lost by setting it.
    migrator.dangerous_set_table_name("schema_migration");
    migrator.run(connection).await.map_err(explained)
}

fn explained(error: MigrateError) -> StoreError {
    let number = |version: i64| u64::try_from(version).unwrap_or(0);
    let known = MIGRATIONS.iter().map(|(version, ..)| number(*version)).max().unwrap_or(0);
    match error {
        MigrateError::VersionMissing(found) => StoreError::TooNew { found: number(found), known },
        MigrateError::VersionMismatch(found) => {
            StoreError::corrupt(format!("migration {found} is not the one that this program has"))
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => StoreError::from(error),
        other => StoreError::unavailable(other),
    }
}

#[cfg(test)]
mod tests {
    use super::MIGRATIONS;

    #[test]
    fn the_tables_are_the_same_on_both_databases() {
        let (_, _, sqlite, postgres) = MIGRATIONS[0];
        let tables = |text: &str| text[text.find("create table").unwrap_or(0)..].replace(" blob", " bytea");
        assert_eq!(tables(sqlite), tables(postgres));
    }
}
