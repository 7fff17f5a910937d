//! What can go wrong when a paper is made.

use std::path::PathBuf;

/// Why there is no paper. No variant carries more of the paper than one character.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// No Chinese font is where one is looked for.
    #[error(
        "no Chinese font was found; install fonts-wqy-zenhei or fonts-noto-cjk, or name one with --font (SHUQIAO_FONT)"
    )]
    FontMissing {
        /// Where it was looked for.
        looked: Vec<PathBuf>,
    },
    /// A font that was named is missing or is none.
    #[error("{} is not a font that can be read", path.display())]
    FontUnreadable {
        /// Which file.
        path: PathBuf,
    },
    /// No font has this character. A paper never shows a box in its place: a name would be wrong without a word.
    #[error("no font has the character U+{codepoint:04X}; name one that has it with --font (SHUQIAO_FONT)")]
    CharacterMissing {
        /// The character's number in Unicode.
        codepoint: u32,
    },
    /// Longer than a paper may be.
    #[error("the paper is too large: {what} is at most {max}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much there may be.
        max: usize,
    },
    /// A row of a table is not as wide as its headings, or a table has none.
    #[error("a table's row has another width than its headings")]
    TableUneven,
    /// The layout failed: a mistake of ours.
    #[error("the layout failed: {reason}")]
    Layout {
        /// What the typesetter says; it speaks of the layout, not of the values.
        reason: String,
    },
}

impl PaperError {
    /// The spelling in the answer of the helper program; for ever.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::FontMissing { .. } => "font_missing",
            Self::FontUnreadable { .. } => "font_unreadable",
            Self::CharacterMissing { .. } => "character_missing",
            Self::TooLarge { .. } => "paper_too_large",
            Self::TableUneven => "table_uneven",
            Self::Layout { .. } => "layout_failed",
        }
    }
}
