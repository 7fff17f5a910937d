//! The databases that receive: private servers of each kind, asked and changed in SQL that both read as far as it goes.

use shuqiao_plane::delivery::batch::target::TargetLocation;
use shuqiao_testkit::{mariadb::MariadbServer, postgres::PostgresServer};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, MySqlConnection, PgConnection, Row, mysql::MySqlConnectOptions};
use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Postgres,
    Mysql,
}

/// Each of these, which take a [`Kind`], as a test over each kind of database.
macro_rules! over_each_kind {
    ($($name:ident),+ $(,)?) => {
        mod postgres {
            $(#[tokio::test] async fn $name() { super::$name(crate::receiving::Kind::Postgres).await; })+
        }
        mod mysql {
            $(#[tokio::test] async fn $name() { super::$name(crate::receiving::Kind::Mysql).await; })+
        }
    };
}
pub(crate) use over_each_kind;

/// A server.
#[derive(Debug)]
pub(crate) enum Server {
    Postgres(PostgresServer),
    Mysql(MariadbServer),
}

/// What the receiver is given in its database, as `docs/batch-targets.md` says: what runs need and no more.
pub(crate) const MYSQL_RIGHTS: &str = "SELECT, INSERT, UPDATE, CREATE, ALTER, DROP, TRIGGER, CREATE TEMPORARY TABLES";

impl Server {
    /// A server of its own, which may be stopped.
    pub(crate) fn start(kind: Kind) -> Self {
        match kind {
            Kind::Postgres => Self::Postgres(PostgresServer::start().unwrap()),
            Kind::Mysql => Self::Mysql(MariadbServer::start().unwrap()),
        }
    }

    /// The one for the tests that leave it running, each with a database of its own.
    pub(crate) fn shared(kind: Kind) -> &'static Self {
        static SERVERS: [OnceLock<Server>; 2] = [OnceLock::new(), OnceLock::new()];
        SERVERS[kind as usize].get_or_init(|| Self::start(kind))
    }

    pub(crate) fn create_database(&self, name: &str) {
        match self {
            Self::Postgres(server) => _ = server.create_database(name).unwrap(),
            Self::Mysql(server) => server.create_receiving_database(name, MYSQL_RIGHTS).unwrap(),
        }
    }

    pub(crate) fn stop(&self) {
        match self {
            Self::Postgres(server) => server.stop().unwrap(),
            Self::Mysql(server) => server.stop().unwrap(),
        }
    }

    pub(crate) fn start_again(&self) {
        match self {
            Self::Postgres(server) => server.start_again().unwrap(),
            Self::Mysql(server) => server.start_again().unwrap(),
        }
    }

    /// A database of this server as a target.
    pub(crate) fn target(&self, database: &str) -> TargetLocation {
        let (host, database) = ("127.0.0.1".to_owned(), database.to_owned());
        match self {
            Self::Postgres(server) => TargetLocation::Postgres {
                host,
                port: server.port(),
                database,
                user: server.user().to_owned(),
                password: "any".to_owned(),
                tls: false,
            },
            Self::Mysql(server) => TargetLocation::Mysql {
                host,
                port: server.port(),
                database,
                user: server.receiver().to_owned(),
                password: server.password().to_owned(),
                tls: false,
            },
        }
    }

    /// The first column of what is found, as text.
    pub(crate) async fn texts(&self, database: &str, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Postgres(server) => {
                let mut connection = PgConnection::connect(&server.url(database)).await.unwrap();
                let found = sqlx::query_scalar(sql).fetch_all(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                found
            }
            Self::Mysql(server) => {
                let mut connection = administrator(server, database).await;
                let found = sqlx::raw_sql(sql).fetch_all(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                let text = |row: &sqlx::mysql::MySqlRow| row.try_get_unchecked::<&[u8], _>(0).unwrap().to_vec();
                found.iter().map(|row| String::from_utf8(text(row)).unwrap()).collect()
            }
        }
    }
}

/// A connection that may do anything.
pub(crate) async fn administrator(server: &MariadbServer, database: &str) -> MySqlConnection {
    let options = MySqlConnectOptions::new().socket(server.socket());
    options.username(server.administrator()).database(database).charset("utf8mb4").connect().await.unwrap()
}

/// A database on a shared server.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) kind: Kind,
    pub(crate) name: String,
}

impl Database {
    /// A new one.
    pub(crate) fn of(kind: Kind) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("batch{}", COUNT.fetch_add(1, Ordering::SeqCst));
        Server::shared(kind).create_database(&name);
        Self { kind, name }
    }

    pub(crate) fn server(&self) -> &'static Server {
        Server::shared(self.kind)
    }

    pub(crate) fn target(&self) -> TargetLocation {
        self.server().target(&self.name)
    }

    pub(crate) fn execute(&self, sql: &str) {
        match self.server() {
            Server::Postgres(server) => server.execute(&self.name, sql).unwrap(),
            Server::Mysql(server) => server.execute(&self.name, sql).unwrap(),
        }
    }

    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        self.server().texts(&self.name, sql).await
    }

    /// What is found, in one line.
    pub(crate) async fn one(&self, sql: &str) -> String {
        self.texts(sql).await.join("|")
    }

    /// The tables there are beside the ledger.
    pub(crate) async fn tables(&self) -> String {
        let all = match self.kind {
            Kind::Postgres => {
                "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            }
            Kind::Mysql => "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
        };
        let mut tables = self.texts(all).await;
        tables.retain(|table| table != "shuqiao_batch_ledger");
        tables.sort();
        tables.join("|")
    }

    /// Names of a table's columns, and its rows as written cells.
    pub(crate) async fn written(&self, table: &str) -> (Vec<String>, Vec<Vec<Option<String>>>) {
        let columns = self.columns(table).await;
        let forms: Vec<String> = columns.iter().map(|(name, kind)| written(name, kind)).collect();
        let rows = self.cells(table, &forms).await;
        (columns.into_iter().map(|(name, _)| name).collect(), rows)
    }

    /// Names of a table's columns, with their types.
    async fn columns(&self, table: &str) -> Vec<(String, String)> {
        let sql = match self.kind {
            Kind::Postgres => {
                "SELECT concat(attname, '|', atttypid::regtype) FROM pg_attribute
                WHERE attrelid = '$'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
            }
            Kind::Mysql => {
                "SELECT concat(COLUMN_NAME, '|', DATA_TYPE) FROM information_schema.COLUMNS
                WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '$' ORDER BY ORDINAL_POSITION"
            }
        };
        let told = self.texts(&sql.replace('$', table)).await;
        let pair = |line: &String| line.split_once('|').map(|(name, kind)| (name.to_owned(), kind.to_owned())).unwrap();
        told.iter().map(pair).collect()
    }

    /// Of each row what these say, each of which gives text or nothing.
    async fn cells(&self, table: &str, forms: &[String]) -> Vec<Vec<Option<String>>> {
        let sql = AssertSqlSafe(format!("SELECT {} FROM {table}", forms.join(", ")));
        match self.server() {
            Server::Postgres(server) => {
                let mut connection = PgConnection::connect(&server.url(&self.name)).await.unwrap();
                let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
                rows.iter().map(|row| (0..forms.len()).map(|at| row.try_get(at).unwrap()).collect()).collect()
            }
            Server::Mysql(server) => {
                let mut connection = administrator(server, &self.name).await;
                let rows = sqlx::raw_sql(sql).fetch_all(&mut connection).await.unwrap();
                let bytes = |row: &sqlx::mysql::MySqlRow, at| row.try_get_unchecked::<Option<Vec<u8>>, _>(at).unwrap();
                let text = |bytes: Option<Vec<u8>>| bytes.map(|bytes| String::from_utf8(bytes).unwrap());
                rows.iter().map(|row| (0..forms.len()).map(|at| text(bytes(row, at))).collect()).collect()
            }
        }
    }

    /// The type of a column of moments.
    pub(crate) fn moment(&self) -> &'static str {
        match self.kind {
            Kind::Postgres => "timestamptz",
            Kind::Mysql => "datetime(6)",
        }
    }
}

/// How a cell of a column of this type is read back as written text.
fn written(column: &str, kind: &str) -> String {
    match kind {
        "numeric" => format!("trim_scale({column})::text"),
        // With the decimals of a second as far as there are any.
        "timestamp with time zone" => format!(
            r#"rtrim(rtrim(to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z'"#
        ),
        "datetime" => format!(
            "concat(trim(TRAILING '.' FROM trim(TRAILING '0' FROM date_format({column}, '%Y-%m-%dT%H:%i:%s.%f'))), 'Z')"
        ),
        // Thirty digits behind the point, whatever was sent.
        "decimal" => format!("trim(TRAILING '.' FROM trim(TRAILING '0' FROM {column}))"),
        "tinyint" => format!("CASE {column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"),
        "text" | "longtext" | "varchar" => column.to_owned(),
        "boolean" => format!("{column}::text"),
        // Longer than any number or date, and both databases know it.
        _ => format!("trim(CAST({column} AS char(40)))"),
    }
}
