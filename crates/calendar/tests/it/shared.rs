//! Finding the shared test data beside the project.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// A file of `../shared`, or `None` with a word about it when the folder is not there. In CI it must be there.
#[expect(clippy::disallowed_methods, reason = "a test reads its data where the environment says it is")]
pub(crate) fn text(path: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let root = std::env::var_os("SHUQIAO_SHARED").map_or_else(beside, PathBuf::from);
    if !root.is_dir() {
        assert!(std::env::var_os("CI").is_none(), "{} is not there", root.display());
        eprintln!("skipped: ../shared is not there");
        return None;
    }
    Some(std::fs::read_to_string(root.join(path)).unwrap_or_else(|e| panic!("{path}: {e}")))
}

pub(crate) fn json(path: &str) -> Option<Value> {
    text(path).map(|text| serde_json::from_str(&text).unwrap())
}
