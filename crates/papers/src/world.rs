//! The typesetter's world: one layout, the given fonts, the given values; no other file, no network, no time.

use crate::{Fonts, Paper, PaperError, data};
use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Dict, Duration, Smart},
    syntax::{FileId, Source},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// The one layout.
const LAYOUT: &str = include_str!("paper.typ");

/// Most pages of a paper.
const PAGES_MAX: usize = 500;

struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    layout: Source,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.layout.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.layout.id() { Ok(self.layout.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _id: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Checks the paper and reads the fonts that it needs: after this, [`render`] opens no file.
///
/// # Errors
/// `CharacterMissing`, `TooLarge`, `TableUneven`.
pub fn prepare(paper: &Paper, fonts: &mut Fonts) -> Result<(), PaperError> {
    paper.check()?;
    fonts.cover(paper.texts().into_iter())?;
    fonts.cover(data::words())
}

/// The paper as PDF/A-2u. Equal papers and equal fonts give equal bytes.
///
/// # Errors
/// `CharacterMissing`, `TooLarge`, `TableUneven`; `Layout` for a mistake of ours.
pub fn render(paper: &Paper, fonts: &mut Fonts) -> Result<Vec<u8>, PaperError> {
    prepare(paper, fonts)?;
    let desk = desk(data::inputs(paper, fonts.loaded())?, fonts);
    let document: PagedDocument = typst::compile(&desk).output.map_err(|found| failed(found.iter()))?;
    if document.pages().len() > PAGES_MAX {
        return Err(PaperError::TooLarge { what: "pages", max: PAGES_MAX });
    }
    let standards = PdfStandards::new(&[PdfStandard::A_2u])
        .map_err(|error| PaperError::Layout { reason: error.message().to_string() })?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {}", paper.number, paper.digest)),
        creator: Smart::Custom(Some("Shuqiao".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|found| failed(found.iter()))
}

fn desk(inputs: Dict, fonts: &Fonts) -> Desk {
    Desk {
        library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
        book: LazyHash::new(FontBook::from_fonts(fonts.loaded())),
        fonts: fonts.loaded().to_vec(),
        layout: Source::detached(LAYOUT),
    }
}

/// What the typesetter says. Its messages name places of the layout; values are not in them.
fn failed<'a>(found: impl Iterator<Item = &'a SourceDiagnostic>) -> PaperError {
    let said: Vec<&str> = found.map(|one| one.message.as_str()).collect();
    PaperError::Layout { reason: said.join("; ") }
}
