//! Words that must not stand in the project's files.

use super::Text;

/// A word, where it is looked for, and why it must not stand there. Written in two parts, so that this file does not
/// contain what it looks for.
const BANNED: &[(&str, &[&str], &str)] = &[
    (concat!("/wo", "rk/"), &[], "a path of one machine"),
    (concat!("/ro", "ot/"), &[], "a path of one machine"),
    (concat!("/ho", "me/"), &[], "a path of one machine"),
    (concat!("crates", ".io"), &[], "the host of a registry"),
    (concat!("npmjs", ".org"), &[], "the host of a registry"),
    (concat!("npmjs", ".com"), &[], "the host of a registry"),
    (concat!("npmmirror", ".com"), &[], "the host of a registry"),
    (concat!("pypi", ".org"), &[], "the host of a registry"),
    (concat!("pythonhosted", ".org"), &[], "the host of a registry"),
    (concat!("proxy.golang", ".org"), &[], "the host of a registry"),
    (concat!("deb.debian", ".org"), &[], "the host of a registry"),
    (concat!("todo", "!("), &[".rs"], "unfinished work does not land"),
    (concat!("unimple", "mented!("), &[".rs"], "unfinished work does not land"),
    (concat!("#[ig", "nore"), &[".rs"], "a test that does not run is no test"),
    (concat!("thread::", "sleep("), &[".rs"], "wait for the event, not for time"),
    (concat!("test.", "skip("), &[".ts", ".tsx", ".mjs"], "a test that does not run is no test"),
    (concat!("it.", "skip("), &[".ts", ".tsx", ".mjs"], "a test that does not run is no test"),
    (concat!("it.", "only("), &[".ts", ".tsx", ".mjs"], "leaves the other tests out"),
    (concat!("debug", "ger;"), &[".ts", ".tsx", ".mjs"], "left over from a search for a fault"),
];

/// A lock file's format names the registry; cargo offers no way around it.
const LOCK_FILES: &[&str] = &["Cargo.lock"];

pub(super) fn problems(texts: &[Text]) -> Vec<String> {
    let mut problems = Vec::new();
    for text in texts.iter().filter(|text| !LOCK_FILES.contains(&text.path.as_str())) {
        for (word, ends, why) in BANNED {
            if ends.is_empty() || ends.iter().any(|end| text.path.ends_with(end)) {
                let lines = text.text.lines().enumerate().filter(|(_, line)| stands_alone(line, word));
                problems.extend(lines.map(|(at, _)| format!("{}:{}: `{word}`: {why}", text.path, at + 1)));
            }
        }
    }
    problems
}

/// A path of a machine starts a word; the same letters inside a longer path (`tile/root/x`) are something else.
fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !word.starts_with('/') || !before.is_some_and(|c| c.is_alphanumeric() || "._-}*/".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn every_banned_word_is_found() {
        for (word, ends, why) in BANNED {
            let path = format!("a{}", ends.first().unwrap_or(&".md"));
            let found = problems(&[text(&path, &format!("fine\nsee {word}x"))]);
            assert_eq!(found, [format!("{path}:2: `{word}`: {why}")]);
        }
    }

    #[test]
    fn other_texts_may_stand() {
        let inside = concat!("tile/ro", "ot/1 frame", "wo", "rk/");
        assert_eq!(problems(&[text("a.md", inside)]), Vec::<String>::new());
        assert_eq!(problems(&[text("a.md", concat!("todo", "!("))]), Vec::<String>::new());
        assert_eq!(problems(&[text("Cargo.lock", concat!("crates", ".io"))]), Vec::<String>::new());
    }
}
