//! INVARIANT (codes-are-forever): what others rely on for ever may grow but never lose a line: error codes, events,
//! id prefixes, spellings, and migrations that have run somewhere.

use super::Text;
use std::{path::Path, process::Command};

/// Files whose lines are for ever, by the start and the end of their path.
const FOR_EVER: &[(&str, &str)] = &[("crates/", ".forever.txt"), ("crates/store/migrations/", ".sql")];

pub(super) fn problems(texts: &[Text], committed: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let mut problems = Vec::new();
    for text in texts.iter().filter(|text| is_for_ever(&text.path)) {
        for before in committed(&text.path) {
            let now: Vec<&str> = text.text.lines().collect();
            let lost = before.lines().filter(|line| !now.contains(line));
            problems.extend(lost.map(|line| format!("{}: lost the line `{line}`, which is for ever", text.path)));
        }
    }
    problems.dedup();
    problems
}

fn is_for_ever(path: &str) -> bool {
    FOR_EVER.iter().any(|(start, end)| path.starts_with(start) && path.ends_with(end))
}

/// The file as it was committed last, and as the main line has it. Nothing when there is no git or no such commit.
pub(super) fn committed(root: &Path, path: &str) -> Vec<String> {
    let show = |revision: &str| {
        let shown =
            Command::new("git").arg("show").arg(format!("{revision}:{path}")).current_dir(root).output().ok()?;
        if shown.status.success() { String::from_utf8(shown.stdout).ok() } else { None }
    };
    ["HEAD", "origin/main"].iter().filter_map(|revision| show(revision)).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn lines_that_are_for_ever_may_grow_but_not_go() {
        let file = [text("crates/domain/codes.forever.txt", "a\nb\nc\n")];
        assert_eq!(problems(&file, |_| vec!["a\nc\n".to_owned()]), Vec::<String>::new());
        assert_eq!(
            problems(&file, |_| vec!["a\nx\n".to_owned()]),
            ["crates/domain/codes.forever.txt: lost the line `x`, which is for ever"]
        );
        assert_eq!(problems(&[text("crates/domain/other.txt", "")], |_| vec!["a\n".to_owned()]), Vec::<String>::new());
    }
}
