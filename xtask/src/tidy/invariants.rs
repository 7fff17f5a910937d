//! Every invariant that the map names is named where it is upheld, and the code names no other.

use super::Text;
use std::collections::BTreeSet;

/// How code names an invariant. In two parts, so that this file names none.
const MARK: &str = concat!("INVAR", "IANT ");

pub(super) fn problems(map: &Text, texts: &[Text]) -> Vec<String> {
    let listed = listed(&map.text);
    let mut upheld = BTreeSet::new();
    let mut problems = Vec::new();
    for text in texts.iter().filter(|text| is_code(&text.path)) {
        for name in named(&text.text) {
            if !listed.contains(name) {
                problems.push(format!("{}: names the invariant `{name}`, which is not on the map", text.path));
            }
            upheld.insert(name);
        }
    }
    let missing = listed.iter().filter(|name| !upheld.contains(**name));
    problems.extend(missing.map(|name| format!("{}: no code names the invariant `{name}`", map.path)));
    problems
}

/// The names in the map's numbered list: `1. **pure-core** - …`.
fn listed(map: &str) -> BTreeSet<&str> {
    map.lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
        .filter_map(|line| line.split_once(". **")?.1.split_once("**"))
        .map(|(name, _)| name)
        .collect()
}

/// The names after the mark, with or without a bracket.
fn named(text: &str) -> Vec<&str> {
    let after = text.match_indices(MARK).filter_map(|(at, _)| text.get(at + MARK.len()..));
    after
        .filter_map(|rest| rest.trim_start_matches('(').split(|c: char| !c.is_ascii_lowercase() && c != '-').next())
        .filter(|name| name.contains('-'))
        .collect()
}

fn is_code(path: &str) -> bool {
    let folder = ["crates/", "xtask/", "console/"].iter().any(|start| path.starts_with(start));
    folder || path == "clippy.toml"
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn invariants_are_on_the_map_and_in_the_code() {
        let map = text("MAP.md", "1. **pure-core** - no I/O\n12. **one-door** - SQL only in `store`\n");
        let code = |line: &str| [text("crates/a/src/lib.rs", &line.replace('@', MARK))];
        assert_eq!(problems(&map, &code("// @(pure-core): x\n//! (@one-door) y")), Vec::<String>::new());
        assert_eq!(problems(&map, &code("// @(pure-core)")), ["MAP.md: no code names the invariant `one-door`"]);
        assert_eq!(
            problems(&map, &code("// @(pure-core) @(one-door) @(two-doors)")),
            ["crates/a/src/lib.rs: names the invariant `two-doors`, which is not on the map"]
        );
    }
}
