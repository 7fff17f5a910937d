//! INVARIANT (law-once): the map from article to code, policy, test and page points to things that exist.
//!
//! A row's cells name things as `path::name`: the file must exist and contain the name. A path alone must exist. The
//! first cell is the article; a row must name at least one symbol and one test.

use super::{Text, has_word, paths::code_spans};

/// Columns of the table: article, what it asks, symbol, policy, test, page.
const COLUMNS: usize = 6;
const SYMBOL: usize = 2;
const TEST: usize = 4;

pub(super) fn problems<'a>(map: &Text, read: impl Fn(&str) -> Option<&'a str>) -> Vec<String> {
    let mut problems = Vec::new();
    let mut rows = 0;
    for line in map.text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let article = cells.first().copied().unwrap_or_default();
        if !article.starts_with(|c: char| c.is_ascii_digit()) {
            continue; // the head of the table
        }
        rows += 1;
        if cells.len() != COLUMNS {
            problems.push(format!("{}: article {article}: {} cells, not {COLUMNS}", map.path, cells.len()));
            continue;
        }
        for (column, word) in [(SYMBOL, "symbol"), (TEST, "test")] {
            if code_spans(cells[column]).is_empty() {
                problems.push(format!("{}: article {article}: names no {word}", map.path));
            }
        }
        for span in cells.iter().skip(SYMBOL).flat_map(|cell| code_spans(cell)) {
            problems.extend(missing(span, &read).map(|what| format!("{}: article {article}: {what}", map.path)));
        }
    }
    if rows == 0 {
        problems.push(format!("{}: has no rows", map.path));
    }
    problems
}

fn missing<'a>(span: &str, read: &impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    let (path, name) = span.split_once("::").map_or((span, None), |(path, name)| (path, Some(name)));
    match (read(path), name) {
        (None, _) => Some(format!("`{path}` is not there")),
        (Some(text), Some(name)) if !has_word(text, name) => Some(format!("`{path}` has no `{name}`")),
        (Some(_), _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    fn check(row: &str, expected: &[&str]) {
        let map = text(
            "map.md",
            &format!("| Article | Asks | Symbol | Policy | Test | Page |\n|---|---|---|---|---|---|\n{row}"),
        );
        let found = problems(&map, |path| match path {
            "law.rs" => Some("pub const REPLY: u8 = 10;"),
            "page.tsx" => Some(""),
            _ => None,
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn rows_that_point_to_nothing_are_found() {
        check("| 21(1) | 10 days | `law.rs::REPLY` | – | `law.rs::REPLY` | `page.tsx` |", &[]);
        check(
            "| 21(1) | 10 days | `law.rs::ANSWER` | – | `test.rs::t` | – |",
            &["map.md: article 21(1): `law.rs` has no `ANSWER`", "map.md: article 21(1): `test.rs` is not there"],
        );
        check("| 21(1) | 10 days | `law.rs::REPLY` | – | – | – |", &["map.md: article 21(1): names no test"]);
        check("| 21(1) | too few |", &["map.md: article 21(1): 2 cells, not 6"]);
        check("", &["map.md: has no rows"]);
    }
}
