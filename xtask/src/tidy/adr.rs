//! Decision records: each with its four parts, numbered without gaps.

use super::Text;

const HEADINGS: &[&str] = &["## Context", "## Decision", "## Rejected", "## Consequences"];

pub(super) fn problems(texts: &[Text]) -> Vec<String> {
    let mut problems = Vec::new();
    let records = texts.iter().filter(|text| text.path.starts_with("docs/adr/"));
    for (at, record) in records.enumerate() {
        let number = format!("{:04}", at + 1);
        let expected = format!("docs/adr/{number}-");
        if !record.path.starts_with(&expected) || !record.path.ends_with(".md") {
            problems.push(format!("{}: decision records are numbered without gaps: {expected}….md", record.path));
        }
        if !record.text.starts_with(&format!("# {number} ")) {
            problems.push(format!("{}: does not open with `# {number} ` and a title", record.path));
        }
        let missing = HEADINGS.iter().filter(|heading| !record.text.lines().any(|line| line == **heading));
        problems.extend(missing.map(|heading| format!("{}: has no part `{heading}`", record.path)));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    const GOOD: &str = "# 0001 A title\n\n## Context\n\n## Decision\n\n## Rejected\n\n## Consequences\n";

    #[test]
    fn records_have_their_parts_and_numbers() {
        assert_eq!(problems(&[text("docs/adr/0001-a.md", GOOD)]), Vec::<String>::new());
        assert_eq!(
            problems(&[text("docs/adr/0001-a.md", &GOOD.replace("## Rejected", ""))]),
            ["docs/adr/0001-a.md: has no part `## Rejected`"]
        );
        assert_eq!(
            problems(&[text("docs/adr/0002-a.md", GOOD)]),
            ["docs/adr/0002-a.md: decision records are numbered without gaps: docs/adr/0001-….md"]
        );
    }
}
