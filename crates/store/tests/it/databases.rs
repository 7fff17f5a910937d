//! A fresh database per case, of either kind.

use shuqiao_store::{Store, StoreError};
use shuqiao_testkit::postgres::PostgresServer;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _, raw_sql};
use std::{future::Future, path::Path};

/// Which database a case runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// A fresh database.
pub(crate) struct Database {
    pub(crate) store: Store,
    pub(crate) kind: Kind,
    pub(crate) url: String,
}

impl Database {
    async fn open(kind: Kind, url: String) -> Self {
        Self { store: Store::open(&url).await.unwrap(), kind, url }
    }

    /// Another program on the same database.
    pub(crate) async fn open_again(&self) -> Result<Store, StoreError> {
        Store::open(&self.url).await
    }

    /// Runs statements past the store, as somebody with the database's password could.
    pub(crate) async fn tamper(&self, sql: &str) -> Result<(), sqlx::Error> {
        let mut connection = AnyConnection::connect(&self.url).await?;
        connection.execute(raw_sql(AssertSqlSafe(sql))).await?;
        connection.close().await
    }
}

/// Runs a case on a new SQLite file.
pub(crate) fn on_sqlite<F: Future<Output = ()>>(case: impl FnOnce(Database) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(&folder.path().join("node.db"));
    run(async { case(Database::open(Kind::Sqlite, url).await).await });
}

/// Runs a case in a new database of this server.
pub(crate) fn on_postgres<F: Future<Output = ()>>(
    server: &PostgresServer,
    name: &str,
    case: impl FnOnce(Database) -> F,
) {
    eprintln!("{name} on PostgreSQL");
    let url = server.create_database(name).unwrap();
    run(async { case(Database::open(Kind::Postgres, url).await).await });
}

pub(crate) fn sqlite_url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

fn run(case: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(case);
}

/// Declares the cases of a module: on SQLite each is a test; on PostgreSQL they are one, since each test may be a
/// process of its own and a server takes a second to make.
macro_rules! on_both {
    ($($case:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $case() { $crate::databases::on_sqlite(super::$case); })+
        }
        #[test]
        fn on_postgres() {
            let server = shuqiao_testkit::postgres::PostgresServer::start().unwrap();
            $($crate::databases::on_postgres(&server, stringify!($case), $case);)+
        }
    };
}
pub(crate) use on_both;
