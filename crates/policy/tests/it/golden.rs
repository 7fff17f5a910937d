//! Golden files: compared, or written anew when `UPDATE_GOLDEN` is set. The difference is read in review.

use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "the tester says in the environment that a change is meant")]
pub(crate) fn check(file: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some((line, (old, new))) = expected.lines().zip(found.lines()).enumerate().find(|(_, (a, b))| a != b) {
        let number = line + 1;
        assert_eq!(old, new, "{file}, line {number}; if this is meant, run with UPDATE_GOLDEN=1");
    }
    assert_eq!(expected, found, "{file} has another length; if this is meant, run with UPDATE_GOLDEN=1");
}
