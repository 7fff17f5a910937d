//! A map that names a place that is gone leads people astray: every path that a document names exists.

use super::Text;

/// A code span is taken for a path of ours when it starts like one.
const STARTS: &[&str] = &[
    "crates/", "console/", "docs/", "xtask/", "bench/", "tests/", ".ci/", "Cargo.", "clippy.", "rustfmt.", "openapi.",
];

pub(super) fn problems(text: &Text, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut problems = Vec::new();
    for span in code_spans(&text.text) {
        let path = span.split("::").next().unwrap_or(span);
        let named = STARTS.iter().any(|start| path.starts_with(start)) && !path.contains([' ', '<', '*', '{', '…']);
        if named && !exists(path.trim_end_matches('/')) {
            problems.push(format!("{}: names `{path}`, which is not there", text.path));
        }
    }
    problems
}

/// What stands between backticks outside of code blocks.
pub(super) fn code_spans(text: &str) -> Vec<&str> {
    let mut in_block = false;
    let mut spans = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            spans.extend(line.split('`').skip(1).step_by(2));
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn places_that_are_gone_are_found() {
        let map =
            text("MAP.md", "see `crates/a/src` and `crates/b::Thing`, `Type`, `crates/<room>`\n```\n`docs/c`\n```\n");
        assert_eq!(problems(&map, |_| true), Vec::<String>::new());
        assert_eq!(problems(&map, |path| path == "crates/a/src"), ["MAP.md: names `crates/b`, which is not there"]);
    }
}
