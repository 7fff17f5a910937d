//! CSV files: read in once into a private SQLite snapshot, kept by path, size and time of change.
//!
//! The file is read twice as a stream, first to find encoding, delimiter and types, then to fill the snapshot; memory
//! does not grow with it. A line that is not what it should be fails the whole file, by its number: half a table is
//! worse than none.

use super::{SourceError, SourceSettings, describe::FileIdentity, sql::quote};
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
};
use tokio::sync::mpsc;

mod infer;
mod text;

use infer::Layout;

/// Rows on their way from the reading thread to the snapshot, in batches.
const BATCHES_WAITING: usize = 4;
/// Values bound in one statement; SQLite takes 32,766.
const VALUES_PER_STATEMENT: usize = 16_000;

/// The snapshot of a file.
pub(crate) struct Snapshot {
    /// The SQLite file.
    pub(crate) path: PathBuf,
    /// The encoding that was found.
    pub(crate) encoding: &'static str,
}

/// The snapshot of this edition of the file, made if there is none yet.
pub(crate) async fn snapshot(settings: &SourceSettings, identity: &FileIdentity) -> Result<Snapshot, SourceError> {
    if identity.size > settings.csv_bytes_max {
        return Err(SourceError::FileTooLarge { found: identity.size, limit: settings.csv_bytes_max });
    }
    let file_name = digest::sha256_hex(identity.path.as_os_str().as_encoded_bytes());
    let family = format!("{}-", &file_name[..24]);
    let stem = format!("{family}{:x}-{:x}-v1", identity.size, identity.modified);
    for encoding in text::ENCODINGS {
        let path = settings.snapshots.join(format!("{stem}-{encoding}.sqlite"));
        if path.is_file() {
            return Ok(Snapshot { path, encoding });
        }
    }
    DirBuilder::new().recursive(true).mode(0o700).create(&settings.snapshots).map_err(|_| SourceError::Failed)?;
    let path = identity.path.clone();
    let layout = blocking(move || Layout::of(&path)).await?;
    let unfinished = settings.snapshots.join(format!("{stem}-{}.unfinished", secret::random_text(9)));
    let filled = fill(&unfinished, &identity.path, &layout).await;
    let unchanged = FileIdentity::of(&identity.path).is_ok_and(|now| now == *identity);
    let finished = match filled {
        Ok(()) if unchanged => {
            let path = settings.snapshots.join(format!("{stem}-{}.sqlite", layout.encoding));
            finish(&unfinished, &path).map(|()| path)
        }
        Ok(()) => Err(SourceError::Changed { what: "the file was written to while it was read".to_owned() }),
        Err(error) => Err(error),
    };
    let Ok(path) = &finished else {
        let _ = fs::remove_file(&unfinished);
        return finished.map(|path| Snapshot { path, encoding: layout.encoding });
    };
    remove_older(&settings.snapshots, &family, path);
    Ok(Snapshot { path: path.clone(), encoding: layout.encoding })
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

/// Makes the snapshot: one table, named after the file.
async fn fill(snapshot: &Path, file: &Path, layout: &Layout) -> Result<(), SourceError> {
    // A power cut leaves an unfinished file, never a finished one that is wrong: it is flushed before it gets its name.
    let options = SqliteConnectOptions::new()
        .filename(snapshot)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .disable_statement_logging();
    let mut connection = options.connect().await.map_err(|_| SourceError::Failed)?;
    let table = quote(&table_name(file));
    let columns = layout.columns.iter().map(|column| format!("{} {}", quote(&column.name), column.declared()));
    let create = format!("CREATE TABLE {table} ({})", columns.collect::<Vec<_>>().join(", "));
    sqlx::query(AssertSqlSafe(create)).execute(&mut connection).await.map_err(super::sqlite::failure)?;
    sqlx::query("BEGIN").execute(&mut connection).await.map_err(super::sqlite::failure)?;
    let (sender, mut receiver) = mpsc::channel::<Vec<Vec<Option<String>>>>(BATCHES_WAITING);
    let (path, reading) = (file.to_owned(), layout.clone());
    let rows_per_batch = (VALUES_PER_STATEMENT / layout.columns.len().max(1)).clamp(1, 500);
    let read = blocking(move || {
        let mut batch = Vec::with_capacity(rows_per_batch);
        reading.each_row(&path, &mut |row| {
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
            insert(&mut connection, &table, layout, batch).await?;
        }
        sqlx::query("COMMIT").execute(&mut connection).await.map(|_| ()).map_err(super::sqlite::failure)
    };
    let (read, written) = futures_util::join!(read, written);
    read.and(written)?;
    connection.close().await.map_err(super::sqlite::failure)
}

/// The file's name without its ending; names that begin with `sqlite_` are SQLite's own.
fn table_name(file: &Path) -> String {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let stem: String = stem.chars().filter(|c| !c.is_control()).take(64).collect();
    if stem.is_empty() || stem.to_ascii_lowercase().starts_with("sqlite_") { format!("t_{stem}") } else { stem }
}

async fn insert(
    connection: &mut SqliteConnection,
    table: &str,
    layout: &Layout,
    rows: Vec<Vec<Option<String>>>,
) -> Result<(), SourceError> {
    if rows.is_empty() {
        return Ok(());
    }
    let row = format!("({})", vec!["?"; layout.columns.len()].join(", "));
    let statement = format!("INSERT INTO {table} VALUES {}", vec![row.as_str(); rows.len()].join(", "));
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for row in rows {
        // Integers go in as text; the column's affinity makes them integers again.
        for cell in row {
            query = query.bind(cell);
        }
    }
    query.execute(connection).await.map(|_| ()).map_err(super::sqlite::failure)
}
