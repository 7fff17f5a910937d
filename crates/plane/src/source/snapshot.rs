//! Private snapshots of files: what a [`super::tabular`] reader found, in a SQLite file of the plane's own, kept by path,
//! size and time of change.
//!
//! A row that is not what it should be fails the whole file, by its place: half a table is worse than none. Every call
//! then runs on the snapshot with the same SQL, limits and checks as on any other source.

use super::{
    SourceError, SourceSettings,
    describe::FileIdentity,
    sql::quote,
    tabular::{FileTable, Form, Row, TabularFile},
};
use futures_util::FutureExt;
use shuqiao_crypto::{digest, secret};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::{
    fs::{self, DirBuilder, File},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::mpsc;

/// Rows on their way from the reading thread to the snapshot, in batches.
const BATCHES_WAITING: usize = 4;
/// Values bound in one statement; SQLite takes 32,766.
const VALUES_PER_STATEMENT: usize = 16_000;
/// Counts the ways in which snapshots were made: one that an earlier program made in another way is not used.
const MADE: &str = "v2";
/// In place of an encoding, for files that have none.
const NO_ENCODING: &str = "none";

/// The snapshot of a file.
pub(crate) struct Snapshot {
    /// The SQLite file.
    pub(crate) path: PathBuf,
    /// The encoding that was found, for files that have one.
    pub(crate) encoding: Option<String>,
}

/// The snapshot of this edition of the file, made if there is none yet.
///
/// # Errors
/// What is wrong with the file, by place; that it is too large; that it was written to meanwhile.
pub(crate) async fn snapshot(
    settings: &Arc<SourceSettings>,
    form: Form,
    identity: &FileIdentity,
) -> Result<Snapshot, SourceError> {
    let limit = form.bytes_max(settings);
    if identity.size > limit {
        return Err(SourceError::FileTooLarge { found: identity.size, limit });
    }
    let file_name = digest::sha256_hex(identity.path.as_os_str().as_encoded_bytes());
    let family = format!("{}-{}-", &file_name[..24], form.as_str());
    let stem = format!("{family}{:x}-{:x}-{MADE}-", identity.size, identity.modified);
    if let Some(made) = made_before(&settings.snapshots, &stem) {
        return Ok(made);
    }
    DirBuilder::new().recursive(true).mode(0o700).create(&settings.snapshots).map_err(|_| SourceError::Failed)?;
    let (path, patience) = (identity.path.clone(), settings.clone());
    let file: Arc<dyn TabularFile> = blocking(move || form.read(&path, &patience)).await?.into();
    let unfinished = settings.snapshots.join(format!("{stem}{}.unfinished", secret::random_text(9)));
    let filled = fill(&unfinished, &identity.path, &file).await;
    let unchanged = FileIdentity::of(&identity.path).is_ok_and(|now| now == *identity);
    let finished = match filled {
        Ok(()) if unchanged => {
            let path = settings.snapshots.join(format!("{stem}{}.sqlite", file.encoding().unwrap_or(NO_ENCODING)));
            finish(&unfinished, &path).map(|()| path)
        }
        Ok(()) => Err(SourceError::Changed { what: "the file was written to while it was read".to_owned() }),
        Err(error) => Err(error),
    };
    match finished {
        Ok(path) => {
            remove_older(&settings.snapshots, &family, &path);
            Ok(Snapshot { path, encoding: file.encoding().map(str::to_owned) })
        }
        Err(error) => {
            let _ = fs::remove_file(&unfinished);
            Err(error)
        }
    }
}

/// The snapshot that was made of this edition before; its name ends with the encoding.
fn made_before(folder: &Path, stem: &str) -> Option<Snapshot> {
    fs::read_dir(folder).ok()?.flatten().find_map(|file| {
        let name = file.file_name();
        let encoding = name.to_str()?.strip_prefix(stem)?.strip_suffix(".sqlite")?;
        let encoding = (encoding != NO_ENCODING).then(|| encoding.to_owned());
        Some(Snapshot { path: file.path(), encoding })
    })
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SourceError> + Send + 'static,
) -> Result<T, SourceError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(SourceError::Failed))
}

fn finish(unfinished: &Path, path: &Path) -> Result<(), SourceError> {
    let flushed = File::open(unfinished).and_then(|file| file.sync_all());
    flushed.and_then(|()| fs::rename(unfinished, path)).map_err(|_| SourceError::Failed)
}

/// Snapshots of earlier editions; whoever still reads one keeps it open.
fn remove_older(folder: &Path, family: &str, current: &Path) {
    let Ok(files) = fs::read_dir(folder) else {
        return;
    };
    for file in files.flatten() {
        let is_older =
            file.file_name().to_str().is_some_and(|name| name.starts_with(family) && name.ends_with(".sqlite"));
        if is_older && file.path() != current {
            let _ = fs::remove_file(file.path());
        }
    }
}

/// Makes the snapshot, with the file's tables.
async fn fill(snapshot: &Path, path: &Path, file: &Arc<dyn TabularFile>) -> Result<(), SourceError> {
    // A power cut leaves an unfinished file, never a finished one that is wrong: it is flushed before it gets its name.
    let options = SqliteConnectOptions::new()
        .filename(snapshot)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .disable_statement_logging();
    let mut connection = options.connect().await.map_err(|_| SourceError::Failed)?;
    let failure = super::sqlite::failure;
    sqlx::query("BEGIN").execute(&mut connection).await.map_err(failure)?;
    for (at, table) in file.tables().iter().enumerate() {
        let name = quote(&table_name(table.name.as_deref(), path));
        let columns = table.columns.iter().map(|column| format!("{} {}", quote(&column.name), column.declared()));
        let create = format!("CREATE TABLE {name} ({})", columns.collect::<Vec<_>>().join(", "));
        sqlx::query(AssertSqlSafe(create)).execute(&mut connection).await.map_err(failure)?;
        fill_table(&mut connection, &name, file, at).await?;
    }
    sqlx::query("COMMIT").execute(&mut connection).await.map_err(failure)?;
    connection.close().await.map_err(failure)
}

async fn fill_table(
    connection: &mut SqliteConnection,
    name: &str,
    file: &Arc<dyn TabularFile>,
    at: usize,
) -> Result<(), SourceError> {
    let table = file.tables().get(at).ok_or(SourceError::Failed)?;
    let rows_per_batch = (VALUES_PER_STATEMENT / table.columns.len().max(1)).clamp(1, 500);
    let (sender, mut receiver) = mpsc::channel::<Vec<Row>>(BATCHES_WAITING);
    let reading = file.clone();
    let read = blocking(move || {
        let mut batch = Vec::with_capacity(rows_per_batch);
        reading.each_row(at, &mut |row| {
            batch.push(row);
            if batch.len() < rows_per_batch {
                return Ok(());
            }
            sender.blocking_send(std::mem::take(&mut batch)).map_err(|_| SourceError::Failed)
        })?;
        sender.blocking_send(batch).map_err(|_| SourceError::Failed)
    })
    .fuse();
    let written = async {
        while let Some(batch) = receiver.recv().await {
            insert(connection, name, table, batch).await?;
        }
        Ok(())
    };
    let (read, written) = futures_util::join!(read, written);
    read.and(written)
}

/// The table's own name, or the file's without its ending; names that begin with `sqlite_` are SQLite's own.
fn table_name(own: Option<&str>, file: &Path) -> String {
    let stem = || file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = own.map_or_else(stem, str::to_owned);
    let name: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
    if name.is_empty() || name.to_ascii_lowercase().starts_with("sqlite_") { format!("t_{name}") } else { name }
}

async fn insert(
    connection: &mut SqliteConnection,
    name: &str,
    table: &FileTable,
    rows: Vec<Row>,
) -> Result<(), SourceError> {
    if rows.is_empty() {
        return Ok(());
    }
    let row = format!("({})", vec!["?"; table.columns.len()].join(", "));
    let statement = format!("INSERT INTO {name} VALUES {}", vec![row.as_str(); rows.len()].join(", "));
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for row in rows {
        for (column, cell) in table.columns.iter().zip(row) {
            query = query.bind(cell.map(|cell| column.kept(cell)));
        }
    }
    query.execute(connection).await.map(|_| ()).map_err(super::sqlite::failure)
}
