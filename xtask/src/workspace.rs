//! Where things are: the root, the target folder, and what `cargo metadata` says of the rooms.

use anyhow::{Context as _, Result};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The workspace as cargo sees it.
pub(crate) struct Workspace {
    /// The folder of the root manifest.
    pub(crate) root: PathBuf,
    /// Where cargo builds.
    pub(crate) target: PathBuf,
    /// The whole answer of `cargo metadata --no-deps`.
    pub(crate) metadata: Value,
}

impl Workspace {
    /// Asks cargo. No network is needed: only our own manifests are read.
    pub(crate) fn find() -> Result<Self> {
        let output = Command::new("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .output()
            .context("cargo metadata")?;
        anyhow::ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).context("the answer of cargo metadata")?;
        let folder = |key: &str| {
            metadata[key].as_str().map(PathBuf::from).with_context(|| format!("cargo metadata has no `{key}`"))
        };
        Ok(Self { root: folder("workspace_root")?, target: folder("target_directory")?, metadata })
    }

    /// A path under the root.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The folder of shared test data beside the checkout, when it is there.
    pub(crate) fn shared(&self) -> Option<PathBuf> {
        self.root.parent().map(|above| above.join("shared")).filter(|shared| shared.join("data").is_dir())
    }
}

/// Every file that belongs to the project: what git tracks or would track, else what a walk finds. Relative, sorted.
pub(crate) fn files(root: &Path) -> Result<Vec<String>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output();
    let mut found: Vec<String> = match listed {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout)
            .split('\0')
            .filter(|name| !name.is_empty() && root.join(name).is_file())
            .map(str::to_owned)
            .collect(),
        _ => walk(root, root)?,
    };
    found.sort();
    found.dedup();
    Ok(found)
}

/// All files below a folder but those that builds make. For a checkout without git (an archive).
pub(crate) fn walk(root: &Path, folder: &Path) -> Result<Vec<String>> {
    const MADE: &[&str] = &[".git", "target", "node_modules", "dist", "__pycache__", "demo-data"];
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let made = path.file_name().and_then(|n| n.to_str()).is_none_or(|name| MADE.contains(&name));
        if path.is_dir() && !made {
            found.extend(walk(root, &path)?);
        } else if path.is_file() {
            found.extend(path.strip_prefix(root).ok().and_then(Path::to_str).map(str::to_owned));
        }
    }
    Ok(found)
}
