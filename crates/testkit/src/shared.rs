//! The shared test data that stands beside the checkout, not in it.

use std::path::{Path, PathBuf};

/// The folder of shared test data: `SHUQIAO_SHARED` when set, else `../shared` seen from the project's root.
///
/// When it is not there, a test that needs it says so and returns; under CI (`CI` is set) it fails, since there the
/// data must be present and a test that was left out must not look like one that passed.
///
/// ```no_run
/// # fn test() {
/// let Some(shared) = shuqiao_testkit::shared::shared() else { return };
/// let table = shared.join("data/tables_cn/enterprises_guizhou_2019.csv");
/// # }
/// ```
pub fn shared() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but the environment")]
    let (named, ci) = (std::env::var_os("SHUQIAO_SHARED"), std::env::var_os("CI").is_some());
    let folder = named.map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let found = look(&folder);
    assert!(found.is_some() || !ci, "the shared test data is not there: {}", folder.display());
    if found.is_none() {
        eprintln!("skipped: ../shared is not there");
    }
    found
}

/// The folder, in its shortest form, when it holds data.
fn look(folder: &Path) -> Option<PathBuf> {
    folder.canonicalize().ok().filter(|folder| folder.join("data").is_dir())
}

#[cfg(test)]
mod tests {
    use super::look;

    #[test]
    fn a_folder_without_data_is_not_the_shared_one() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(look(folder.path()), None);
        assert_eq!(look(&folder.path().join("absent")), None);
        std::fs::create_dir(folder.path().join("data")).unwrap();
        assert!(look(folder.path()).is_some());
    }
}
