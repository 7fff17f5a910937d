//! Fonts: where they are looked for, and which characters they have.

use crate::PaperError;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};
use typst::{foundations::Bytes, text::Font};

/// Where fonts are looked for when none is named, the best first: letters with feet, as official papers have them, before
/// those without. Places of Debian's packages `fonts-noto-cjk` and `fonts-wqy-zenhei`.
pub const FONT_PLACES: &[&str] = &[
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
];

/// Largest font file that is read.
const FONT_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// Most faces of one collection that are looked at.
const FACES_MAX: u32 = 64;

/// Fonts to print with: the first prints what it can, each further one what those before it lack.
#[derive(Debug)]
pub struct Fonts {
    loaded: Vec<Font>,
    /// Read only when a character is missing: they are large.
    waiting: Vec<PathBuf>,
}

impl Fonts {
    /// The named fonts, in this order; when none is named, those that are found in [`FONT_PLACES`].
    ///
    /// # Errors
    /// `FontUnreadable` for a named one that is no font, `FontMissing` when none was named and none is found.
    pub fn find(named: &[PathBuf]) -> Result<Self, PaperError> {
        if named.is_empty() {
            return Self::found_in(FONT_PLACES.iter().map(PathBuf::from).collect());
        }
        let loaded = named.iter().map(|path| load(path)).collect::<Result<_, _>>()?;
        Ok(Self { loaded, waiting: Vec::new() })
    }

    /// The fonts that are found in these places.
    ///
    /// # Errors
    /// `FontMissing` when there is none.
    pub fn found_in(places: Vec<PathBuf>) -> Result<Self, PaperError> {
        let mut fonts = Self { loaded: Vec::new(), waiting: places.clone() };
        fonts.waiting.reverse();
        if fonts.load_next() { Ok(fonts) } else { Err(PaperError::FontMissing { looked: places }) }
    }

    /// Makes sure that every character of these texts can be printed.
    pub(crate) fn cover<'a>(&mut self, texts: impl Iterator<Item = &'a str>) -> Result<(), PaperError> {
        let wanted: BTreeSet<char> = texts.flat_map(str::chars).filter(|c| *c != '\n').collect();
        for character in wanted {
            let codepoint = u32::from(character);
            if unseen(character) {
                return Err(PaperError::CharacterMissing { codepoint });
            }
            while !self.loaded.iter().any(|font| font.info().coverage.contains(codepoint)) {
                if !self.load_next() {
                    return Err(PaperError::CharacterMissing { codepoint });
                }
            }
        }
        Ok(())
    }

    /// The fonts that were read.
    pub(crate) fn loaded(&self) -> &[Font] {
        &self.loaded
    }

    /// Reads the next one that can be read; false when there is none left.
    fn load_next(&mut self) -> bool {
        while let Some(path) = self.waiting.pop() {
            if let Ok(font) = load(&path) {
                self.loaded.push(font);
                return true;
            }
        }
        false
    }
}

/// Characters that show nothing or turn the order of what is read: on paper they could only deceive.
fn unseen(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}' | '\u{e000}'..='\u{f8ff}'
            | '\u{e0000}'..='\u{e007f}' | '\u{f0000}'..='\u{10ffff}')
}

/// Reads a font; of a collection the face for simplified Chinese, when it has one, else the first.
fn load(path: &Path) -> Result<Font, PaperError> {
    let unreadable = || PaperError::FontUnreadable { path: path.to_path_buf() };
    let size = std::fs::metadata(path).map_err(|_| unreadable())?;
    if !size.is_file() || size.len() > FONT_BYTES_MAX {
        return Err(unreadable());
    }
    let data = Bytes::new(std::fs::read(path).map_err(|_| unreadable())?);
    let mut first = None;
    for index in 0..FACES_MAX {
        let Some(font) = Font::new(data.clone(), index) else { break };
        if font.info().family.ends_with(" SC") {
            return Ok(font);
        }
        first = first.or(Some(font));
    }
    first.ok_or_else(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_font_says_what_to_do() {
        let nowhere = PathBuf::from("nowhere/font.ttc");
        let missing = Fonts::found_in(vec![nowhere.clone()]).unwrap_err();
        assert_eq!(missing, PaperError::FontMissing { looked: vec![nowhere.clone()] });
        let text = missing.to_string();
        for word in ["fonts-wqy-zenhei", "fonts-noto-cjk", "--font", "SHUQIAO_FONT"] {
            assert!(text.contains(word), "{text}");
        }
        assert_eq!(
            Fonts::find(std::slice::from_ref(&nowhere)).unwrap_err(),
            PaperError::FontUnreadable { path: nowhere }
        );
        let no_font = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
        assert_eq!(
            Fonts::find(std::slice::from_ref(&no_font)).unwrap_err(),
            PaperError::FontUnreadable { path: no_font }
        );
    }

    #[test]
    fn what_cannot_be_seen_is_no_text_of_a_paper() {
        for character in ['\u{0}', '\t', '\u{202e}', '\u{200b}', '\u{feff}', '\u{e000}'] {
            assert!(unseen(character), "{character:?}");
        }
        for character in ['中', 'a', '\u{3000}', '《', '\u{20000}'] {
            assert!(!unseen(character), "{character:?}");
        }
    }
}
