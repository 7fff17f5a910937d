//! INVARIANT (codes-are-forever): what others rely on for ever may grow but never lose a line: error codes, events,
//! id prefixes, spellings, and migrations that have run somewhere.

use super::Text;
use std::{path::Path, process::Command};

/// Where such files are, by the start and the end of their path. A golden file elsewhere says so in its first line.
const FOR_EVER: &[(&str, &str)] =
    &[("crates/policy/tests/golden/", "/actions.txt"), ("crates/store/migrations/", ".sql")];

pub(super) fn problems(texts: &[Text], committed: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let mut problems = Vec::new();
    for text in texts.iter().filter(|text| is_for_ever(text)) {
        for before in committed(&text.path) {
            let now: Vec<&str> = text.text.lines().collect();
            let lost = before.lines().filter(|line| !now.contains(line));
            problems.extend(lost.map(|line| format!("{}: lost the line `{line}`, which is for ever", text.path)));
        }
    }
    problems.dedup();
    problems
}

fn is_for_ever(text: &Text) -> bool {
    let listed = FOR_EVER.iter().any(|(start, end)| text.path.starts_with(start) && text.path.ends_with(end));
    let says_so = text.path.contains("/golden/") && text.text.lines().next().is_some_and(|l| l.contains("append only"));
    listed || says_so
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
        let file = [text("crates/a/tests/golden/codes.txt", "# codes: append only\na\nb\nc\n")];
        assert_eq!(problems(&file, |_| vec!["a\nc\n".to_owned()]), Vec::<String>::new());
        assert_eq!(
            problems(&file, |_| vec!["a\nx\n".to_owned()]),
            ["crates/a/tests/golden/codes.txt: lost the line `x`, which is for ever"]
        );
        let step = [text("crates/store/migrations/sqlite/0001_a.sql", "create table a;")];
        assert_eq!(problems(&step, |_| vec!["drop table a;".to_owned()]).len(), 1);
        let other = [text("crates/a/tests/golden/table.txt", "changes freely")];
        assert_eq!(problems(&other, |_| vec!["a\n".to_owned()]), Vec::<String>::new());
    }
}
