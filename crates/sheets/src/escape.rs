//! Several texts in one cell: one per line, and a line break inside of a text is written `\n`.

/// Texts as one cell.
pub(crate) fn joined(texts: &[String]) -> String {
    let escaped = |text: &String| text.replace('\\', "\\\\").replace('\n', "\\n");
    texts.iter().map(escaped).collect::<Vec<_>>().join("\n")
}

/// The texts of a cell.
pub(crate) fn split(cell: &str) -> Vec<String> {
    cell.lines().map(unescaped).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

fn unescaped(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('n') => text.push('\n'),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_were() {
        for texts in [vec![], vec!["一"], vec!["a\\nb", "c\nd", "\\", "e；f"]] {
            let texts: Vec<String> = texts.into_iter().map(str::to_owned).collect();
            assert_eq!(split(&joined(&texts)), texts);
        }
    }
}
