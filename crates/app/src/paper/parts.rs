//! Parts that several papers have.

use super::words;
use crate::view::People;
use shuqiao_domain::Stamp;
use shuqiao_vocabulary::paper::{Bilingual, Block, Signature, both};

/// A line of a table of facts; a dash stands where nothing was entered.
pub(super) fn fact(zh: &str, en: &str, value: impl AsRef<str>) -> (Bilingual, String) {
    (both(zh, en), words::or_dash(value.as_ref()))
}

/// A paragraph in Chinese, with what it means in English.
pub(super) fn paragraph(zh: impl Into<String>, en: impl Into<String>) -> Block {
    Block::Paragraph(both(zh, en))
}

/// A heading.
pub(super) fn heading(zh: &str, en: &str) -> Block {
    Block::Heading(both(zh, en))
}

/// The signature of somebody whose decision is recorded.
pub(super) fn signed(zh: &str, en: &str, organisation: &str, stamp: &Stamp, people: &People) -> Signature {
    Signature {
        role: both(zh, en),
        organisation: organisation.to_owned(),
        person: words::printable(people.get(&stamp.person).map_or("", String::as_str)),
        date: Some(stamp.at.date()),
    }
}

/// A place for a pen and a seal.
pub(super) fn unsigned(zh: &str, en: &str, organisation: &str) -> Signature {
    Signature { role: both(zh, en), organisation: organisation.to_owned(), person: String::new(), date: None }
}
