//! Every room opens with a page that says what it is, what it is not, and where to start.

use super::Text;

/// What a page says, each in one of its spellings.
const SAYS: &[&[&str]] = &[&["What it is:"], &["What it is not:", "What it deliberately is not:"], &["Where to start"]];

pub(super) fn problems(texts: &[Text]) -> Vec<String> {
    texts.iter().filter(|text| is_door(&text.path)).flat_map(page).collect()
}

/// `crates/<room>/src/lib.rs` or `main.rs`, and the same in `xtask`.
fn is_door(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), ["crates", _, "src", "lib.rs" | "main.rs"] | ["xtask", "src", "main.rs"])
}

fn page(text: &Text) -> Vec<String> {
    let page: String = text.text.lines().take_while(|line| line.starts_with("//!")).collect();
    if page.is_empty() {
        return vec![format!("{}: does not open with a `//!` page", text.path)];
    }
    let missing = SAYS.iter().filter(|ways| !ways.iter().any(|way| page.contains(way)));
    missing.map(|ways| format!("{}: its page does not say \"{}\"", text.path, ways.join("\" or \""))).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn a_room_without_its_page_is_found() {
        let good = "//! A room.\n//! What it is: x\n//! What it is not: y\n//! Where to start: z\n";
        assert_eq!(problems(&[text("crates/a/src/lib.rs", good), text("crates/a/src/b.rs", "")]), Vec::<String>::new());
        assert_eq!(
            problems(&[text("crates/a/src/main.rs", "fn main() {}")]),
            ["crates/a/src/main.rs: does not open with a `//!` page"]
        );
        assert_eq!(
            problems(&[text("crates/a/src/lib.rs", "//! What it is: x\n//! Where to start: z\nmod b;")]),
            ["crates/a/src/lib.rs: its page does not say \"What it is not:\" or \"What it deliberately is not:\""]
        );
    }
}
