//! Whether the node can do its work: the store answers, and there is room for what must be written.

use crate::{App, AppError};
use shuqiao_vocabulary::Moment;
use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};
use tokio::task::spawn_blocking;

/// Room that the largest record needs, with the pages and nodes that change with it: a disk without it is full.
const ROOM_BYTES: usize = 64 * 1024;
/// The disk is written to for this no more often, for everybody may ask for the node's health.
const ROOM_FOUND_FOR_MICROSECONDS: i64 = 5_000_000;

impl App {
    /// Whether the node can do its work: the store takes a writer, and the disk of the node's folder takes bytes.
    ///
    /// A record that says only that somebody asked would grow the record for nothing, so the disk is tried beside it:
    /// with a small file that is made durable and goes at once. In that folder are the usage log and, with SQLite, the
    /// record. Whether the disk of a PostgreSQL server has room is not found out here.
    pub async fn health(&self, now: Moment) -> Result<(), AppError> {
        drop(self.store.begin_write().await?);
        let mut found = self.room_found.lock().await;
        let fresh = |at: Moment| (now.microseconds() - at.microseconds()).abs() < ROOM_FOUND_FOR_MICROSECONDS;
        if !found.is_some_and(fresh) {
            // Not the name of a folder of an organisation, and hidden as their unfinished files are.
            let trial = self.intake.join(".room.partial");
            *found = None;
            let written = spawn_blocking(move || room(&trial)).await.map_err(|e| AppError::Fault(e.to_string()))?;
            if let Err(error) = written {
                tracing::error!(error = %error, "the disk of the node's folder cannot be written");
                return Err(AppError::Unavailable);
            }
            *found = Some(now);
        }
        Ok(())
    }
}

/// Writes a file as large as the room that is needed, durably, and removes it whether there was room or not.
fn room(trial: &Path) -> io::Result<()> {
    let write = || {
        let mut file = File::create(trial)?;
        file.write_all(&[0; ROOM_BYTES])?;
        file.sync_all()
    };
    let written = write();
    let removed = fs::remove_file(trial);
    written.and(removed)
}

#[cfg(test)]
mod tests {
    use super::room;
    use std::{fs, io::ErrorKind, os::unix::fs::symlink};

    #[test]
    fn a_full_disk_is_found_out_and_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let trial = folder.path().join("trial");
        assert!(room(&trial).is_ok());
        symlink("/dev/full", &trial).unwrap();
        assert_eq!(room(&trial).unwrap_err().kind(), ErrorKind::StorageFull);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(room(&folder.path().join("absent/trial")).is_err());
    }
}
