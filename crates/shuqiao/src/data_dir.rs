//! The folder of a node: one place for everything it must keep.

use anyhow::{Context, Result};
use std::{
    fs::{self, DirBuilder, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// The folder of a node. Nobody but its owner may look inside.
#[derive(Clone, Debug)]
pub(crate) struct DataDir(PathBuf);

impl DataDir {
    /// Opens the folder, or makes it.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .with_context(|| format!("the folder {} cannot be made", path.display()))?;
        let path = fs::canonicalize(path).with_context(|| format!("the folder {} cannot be opened", path.display()))?;
        // An empty folder is about to become the node's and can be closed; one with things in it may be somebody else's.
        let empty = fs::read_dir(&path).is_ok_and(|mut entries| entries.next().is_none());
        if empty {
            fs::set_permissions(&path, Permissions::from_mode(0o700))
                .with_context(|| format!("{} cannot be closed to others", path.display()))?;
        }
        let mode = fs::metadata(&path)
            .with_context(|| format!("{} cannot be looked at", path.display()))?
            .permissions()
            .mode();
        // Keys guard themselves; the database, the intake and the usage log rely on the folder.
        anyhow::ensure!(
            mode & 0o077 == 0,
            "others may look into the folder {} (mode {:03o}); make it its owner's alone: chmod 700",
            path.display(),
            mode & 0o777
        );
        let folder = Self(path);
        for inner in [folder.intake(), folder.usage(), folder.snapshots()] {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&inner)
                .with_context(|| format!("the folder {} cannot be made", inner.display()))?;
        }
        Ok(folder)
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Keys.
    pub(crate) fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }

    /// Files that organisations place, one folder each.
    pub(crate) fn intake(&self) -> PathBuf {
        self.0.join("intake")
    }

    /// Files that batch exchange hands over, one folder for each organisation, where no other folder is named.
    pub(crate) fn outbox(&self) -> PathBuf {
        self.0.join("outbox")
    }

    /// Files that have turned up, while they are searched for.
    pub(crate) fn leaks(&self) -> PathBuf {
        self.0.join("leaks")
    }

    /// The plane's usage log.
    pub(crate) fn usage(&self) -> PathBuf {
        self.0.join("usage")
    }

    /// Private snapshots of CSV files.
    pub(crate) fn snapshots(&self) -> PathBuf {
        self.0.join("snapshots")
    }

    /// What views put aside while they are read; empty when the node does not run.
    pub(crate) fn views(&self) -> PathBuf {
        self.0.join("views")
    }

    /// Removes what views had put aside when the program last ended. Serving matters more than leftovers that cannot be
    /// removed.
    pub(crate) fn forget_views(&self) {
        if let Err(error) = fs::remove_dir_all(self.views())
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::error!(%error, "what views had put aside cannot be removed");
        }
    }

    /// The seed as it was read at the first run: node's name, level, region.
    pub(crate) fn seed(&self) -> PathBuf {
        self.0.join("node.toml")
    }

    /// The address of the node's own database.
    pub(crate) fn database_url(&self) -> String {
        format!("sqlite://{}", self.0.join("node.db").display())
    }
}
