//! The tests of the house itself. Each check is a function from what it looks at to the problems it sees, so that its
//! own tests can show that it fails when it should.

mod adr;
mod append_only;
mod edges;
mod invariants;
mod law_map;
mod migrations;
mod pages;
mod paths;
mod sizes;
mod words;

use crate::{
    step::step,
    workspace::{Workspace, files},
};
use anyhow::{Context as _, Result, bail};
use std::path::Path;

/// `cargo xtask tidy`.
pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::find()?;
    step("tidy: the house itself, as the map and the law say it is", || check(&workspace))
}

/// A text file of the project.
struct Text {
    /// From the root, with `/`.
    path: String,
    text: String,
}

/// Runs every check and names every problem at once.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let names = files(&workspace.root)?;
    let texts = read_texts(&workspace.root, &names)?;
    let exists = |path: &str| workspace.root.join(path).exists();
    let find = |path: &str| texts.iter().find(|text| text.path == path);

    let mut problems = edges::problems(&edges::rooms(&workspace.metadata)?);
    problems.extend(pages::problems(&texts));
    problems.extend(sizes::problems(&texts));
    problems.extend(words::problems(&texts));
    problems.extend(adr::problems(&texts));
    problems.extend(migrations::problems(&names));
    problems.extend(append_only::problems(&texts, |path| append_only::committed(&workspace.root, path)));
    for map in ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "README.zh-CN.md"] {
        match find(map) {
            Some(text) => problems.extend(paths::problems(text, exists)),
            None => problems.push(format!("{map}: is missing")),
        }
    }
    if let Some(map) = find("ARCHITECTURE.md") {
        problems.extend(invariants::problems(map, &texts));
    }
    match find("docs/law-map.md") {
        Some(map) => problems.extend(law_map::problems(map, |path| find(path).map(|text| text.text.as_str()))),
        None => problems.push("docs/law-map.md: is missing".to_owned()),
    }
    if problems.is_empty() {
        return Ok(());
    }
    for problem in &problems {
        println!("    {problem}");
    }
    bail!("{} problem(s) of the house itself", problems.len())
}

/// Reads what is text. What is not UTF-8 (a picture, a table in GB18030) is none of these checks' business.
fn read_texts(root: &Path, names: &[String]) -> Result<Vec<Text>> {
    let mut texts = Vec::new();
    for name in names {
        let bytes = std::fs::read(root.join(name)).with_context(|| name.clone())?;
        if let Ok(text) = String::from_utf8(bytes) {
            texts.push(Text { path: name.clone(), text });
        }
    }
    Ok(texts)
}

/// Whether a name stands in a text as a whole word.
fn has_word(text: &str, word: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(part_of_name) && !after.is_some_and(part_of_name)
    })
}

#[cfg(test)]
fn text(path: &str, text: &str) -> Text {
    Text { path: path.to_owned(), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::has_word;

    #[test]
    fn words_are_whole_names() {
        assert!(has_word("pub const REPLY: u8", "REPLY"));
        assert!(has_word("REPLY", "REPLY"));
        assert!(!has_word("REPLY_CONDITIONAL NOREPLY", "REPLY"));
    }
}
