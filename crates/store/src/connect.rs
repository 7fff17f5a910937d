//! Opening the database: files, pools, and what every connection is told first.

use crate::{
    conn::Dialect,
    error::{Result, StoreError},
    migrations,
};
use sqlx::{
    Any, ConnectOptions as _, Connection as _, Executor as _, Pool,
    any::{AnyConnectOptions, AnyPoolOptions},
    pool::PoolOptions,
    sqlite::SqliteConnectOptions,
};
use std::{str::FromStr as _, time::Duration};

/// Longest wait for a connection: what cannot begin within it is refused, not queued for ever.
const ACQUIRE_WAIT: Duration = Duration::from_secs(5);
/// Readers of a SQLite file; each is a thread.
const SQLITE_READERS_MAX: u32 = 6;
/// Connections to PostgreSQL for writing, and as many again for reading.
const POSTGRES_CONNECTIONS_MAX: u32 = 12;

/// INVARIANT (record-before-answer): `synchronous = full` makes every commit in the write-ahead log wait for the disk.
const SQLITE_WRITER: &str = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; \
                             pragma busy_timeout = 5000; pragma recursive_triggers = on;";
const SQLITE_READER: &str = "pragma busy_timeout = 5000; pragma query_only = on;";

/// INVARIANT (record-before-answer): a commit waits for the disk, whatever the server's default is. A server that waits
/// for its standby too goes on doing so. No statement waits for a lock, and no transaction for its program, for ever.
const POSTGRES: &str = "select set_config('synchronous_commit', 'on', false) \
                        where current_setting('synchronous_commit') = 'off'; \
                        set lock_timeout = '5s'; set idle_in_transaction_session_timeout = '60s';";

/// The two ways in.
#[derive(Clone, Debug)]
pub(crate) struct Pools {
    pub(crate) dialect: Dialect,
    pub(crate) writer: Pool<Any>,
    pub(crate) readers: Pool<Any>,
}

/// Opens the database at this URL, brings its tables up to date, and hands back the pools.
pub(crate) async fn open(url: &str) -> Result<Pools> {
    sqlx::any::install_default_drivers();
    if url.starts_with("sqlite:") { open_sqlite(url).await } else { open_postgres(url).await }
}

async fn open_sqlite(url: &str) -> Result<Pools> {
    let options = connect_options(url)?;
    make_private(&options)?;
    migrate(Dialect::Sqlite, SQLITE_WRITER, &options).await?;
    // One writer connection: SQLite has one writer anyway, and waiting here is fairer than its busy loop.
    let writer = pool(1, SQLITE_WRITER).connect_with(options.clone()).await?;
    let readers = pool(SQLITE_READERS_MAX, SQLITE_READER).connect_with(options).await?;
    Ok(Pools { dialect: Dialect::Sqlite, writer, readers })
}

async fn open_postgres(url: &str) -> Result<Pools> {
    let options = connect_options(url)?;
    migrate(Dialect::Postgres, POSTGRES, &options).await?;
    let writer = pool(POSTGRES_CONNECTIONS_MAX, POSTGRES).connect_with(options.clone()).await?;
    let readers = pool(POSTGRES_CONNECTIONS_MAX, POSTGRES).connect_with(options).await?;
    Ok(Pools { dialect: Dialect::Postgres, writer, readers })
}

/// Makes the file, if there is none, for its owner alone: it holds the hashes of passwords. SQLite gives the files that
/// it makes beside it the same permissions.
fn make_private(options: &AnyConnectOptions) -> Result<()> {
    let options = SqliteConnectOptions::from_url(&options.database_url)?;
    let mut open = std::fs::OpenOptions::new();
    open.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    match open.open(options.get_filename()) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(StoreError::unavailable(error)),
        _ => Ok(()),
    }
}

/// Brings the tables up to date, over a connection of its own: a server that is not there is told at once, while a pool
/// would go on trying, and a migration that fails takes its locks with it.
async fn migrate(dialect: Dialect, first: &'static str, options: &AnyConnectOptions) -> Result<()> {
    let connecting = tokio::time::timeout(ACQUIRE_WAIT, options.connect()).await;
    let mut connection = connecting.map_err(StoreError::unavailable)??;
    connection.execute(sqlx::raw_sql(first)).await?;
    migrations::run(dialect, &mut connection).await?;
    connection.close().await?;
    Ok(())
}

fn connect_options(url: &str) -> Result<AnyConnectOptions> {
    // The library's own error would repeat the URL, and with it the password.
    AnyConnectOptions::from_str(url).map_err(|_| StoreError::unavailable("the database's URL is not one"))
}

fn pool(connections: u32, first: &'static str) -> PoolOptions<Any> {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_WAIT)
        .max_lifetime(None)
        .idle_timeout(None)
        // A commit that met a full disk is undone by SQLite itself; the library then takes its own undoing for failed, and
        // the connection for being within a transaction for ever. Such a connection is closed, not used again. The pool
        // asks after a ping, by when an undoing under way is over.
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                // Several statements at once, without values: not prepared.
                connection.execute(sqlx::raw_sql(first)).await?;
                Ok(())
            })
        })
}
