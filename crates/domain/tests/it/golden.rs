//! Files that are compared word for word, and rewritten with `UPDATE_GOLDEN=1`.

use std::{fs, path::PathBuf};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn updating() -> bool {
    #[expect(clippy::disallowed_methods, reason = "the person who runs the test says so by the environment")]
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

/// The file says exactly this.
pub(crate) fn check(name: &str, found: &str) {
    if updating() {
        fs::write(path(name), found).expect("the golden file can be written");
        return;
    }
    let expected = fs::read_to_string(path(name)).unwrap_or_default();
    assert!(expected == found, "tests/golden/{name} differs; with UPDATE_GOLDEN=1 it is rewritten to:\n{found}");
}

/// The file lists these spellings. Spellings are for ever: one that stands in the file must still be used, in its
/// place, even when the file is rewritten; new ones come after it in their part.
pub(crate) fn check_append_only(name: &str, heading: &str, parts: &[(&str, Vec<&'static str>)]) {
    let expected = fs::read_to_string(path(name)).unwrap_or_default();
    for (part, spelling) in listed(&expected) {
        let now = parts.iter().find(|(title, _)| *title == part).map_or(&[][..], |(_, spellings)| spellings);
        assert!(
            now.contains(&spelling.as_str()),
            "tests/golden/{name}: `{spelling}` of {part} is for ever, but is gone"
        );
    }
    let mut text = heading.to_owned();
    for (part, spellings) in parts {
        text.push_str(&format!("\n[{part}]\n"));
        // What was listed keeps its line; what is new is appended.
        let old: Vec<String> = listed(&expected).into_iter().filter(|(p, _)| p == part).map(|(_, s)| s).collect();
        let new = spellings.iter().filter(|s| !old.iter().any(|o| o == *s)).map(|s| (*s).to_owned());
        for spelling in old.iter().cloned().chain(new) {
            text.push_str(&spelling);
            text.push('\n');
        }
    }
    check(name, &text);
}

/// Part and spelling of every line of a list.
fn listed(text: &str) -> Vec<(String, String)> {
    let mut part = String::new();
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(title) => part = title.to_owned(),
            None => found.push((part.clone(), line.to_owned())),
        }
    }
    found
}

/// Columns of equal width on a terminal, where a Chinese character takes two places. An empty row is an empty line.
pub(crate) fn columns(rows: &[Vec<String>]) -> String {
    let width = |text: &str| text.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum::<usize>();
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> =
        (0..count).map(|at| rows.iter().filter_map(|row| row.get(at)).map(|t| width(t)).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, full) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(full - width(cell) + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
