//! Documents that a case rests on: what they are called and which file exactly, never the file itself.

use crate::{Problem, ProblemCode};
use shuqiao_vocabulary::Sha256;

/// A document kept elsewhere (文书).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// Its number (文号), where it has one.
    pub number: String,
    /// Digest of its file, so that the very file can be recognised.
    pub sha256: Sha256,
}

/// Documents in one list.
const DOCUMENTS_MAX: usize = 20;
/// Characters of a title or a number.
const NAME_MAX: usize = 200;

/// What is wrong with a list of documents of which at least `least` must be there.
pub(super) fn problems(field: &str, documents: &[Document], least: usize) -> Vec<Problem> {
    let mut found = Vec::new();
    if documents.len() < least {
        found.push(Problem::new(field, ProblemCode::Required, None));
    } else if documents.len() > DOCUMENTS_MAX {
        found.push(Problem::new(field, ProblemCode::TooLong, None).with("max", DOCUMENTS_MAX));
    }
    for (position, document) in documents.iter().enumerate().take(DOCUMENTS_MAX) {
        if document.title.trim().is_empty() {
            found.push(Problem::new(format!("{field}[{position}].title"), ProblemCode::Required, None));
        }
        for (part, text) in [("title", &document.title), ("number", &document.number)] {
            if text.chars().count() > NAME_MAX {
                let path = format!("{field}[{position}].{part}");
                found.push(Problem::new(path, ProblemCode::TooLong, None).with("max", NAME_MAX));
            }
        }
        if documents.iter().take(position).any(|earlier| earlier.sha256 == document.sha256) {
            found.push(Problem::new(format!("{field}[{position}].sha256"), ProblemCode::Duplicate, None));
        }
    }
    found
}
