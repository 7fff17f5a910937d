//! No file longer than 500 lines. The list of exceptions is a ratchet: it may only shrink.

use super::Text;

const LINES_MAX: usize = 500;

/// Today's offenders with their length; the length may fall, and the entry goes when it is no longer needed.
const LONG: &[(&str, usize)] = &[];

/// Written by a generator; nobody reads or edits them by hand.
const GENERATED: &[&str] = &["console/src/api/schema.d.ts"];

pub(super) fn problems(texts: &[Text]) -> Vec<String> {
    check(texts, LONG)
}

fn check(texts: &[Text], long: &[(&str, usize)]) -> Vec<String> {
    let mut problems = Vec::new();
    for text in texts.iter().filter(|text| is_code(&text.path)) {
        let lines = text.text.lines().count();
        let allowed = long.iter().find(|(path, _)| *path == text.path).map(|(_, lines)| *lines);
        match allowed {
            None if lines > LINES_MAX => {
                problems.push(format!("{}: {lines} lines, {LINES_MAX} at most: split it by what it does", text.path));
            }
            Some(_) if lines <= LINES_MAX => {
                problems.push(format!("{}: short enough now: take it off the list in sizes.rs", text.path));
            }
            Some(allowed) if lines > allowed => {
                problems.push(format!("{}: {lines} lines, it may only shrink from {allowed}", text.path));
            }
            None | Some(_) => {}
        }
    }
    problems
}

fn is_code(path: &str) -> bool {
    [".rs", ".ts", ".tsx", ".mjs"].iter().any(|end| path.ends_with(end)) && !GENERATED.contains(&path)
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn long_files_are_found_and_the_list_only_shrinks() {
        let long = "x\n".repeat(501);
        assert_eq!(check(&[text("a.rs", &"x\n".repeat(500)), text("a.md", &long)], &[]), Vec::<String>::new());
        assert_eq!(check(&[text("a.tsx", &long)], &[]), ["a.tsx: 501 lines, 500 at most: split it by what it does"]);
        assert_eq!(check(&[text("a.rs", &long)], &[("a.rs", 501)]), Vec::<String>::new());
        assert_eq!(check(&[text("a.rs", &long)], &[("a.rs", 500)]), ["a.rs: 501 lines, it may only shrink from 500"]);
        assert_eq!(
            check(&[text("a.rs", "x")], &[("a.rs", 600)]),
            ["a.rs: short enough now: take it off the list in sizes.rs"]
        );
    }
}
