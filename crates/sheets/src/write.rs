//! Writing sheets: every cell is text, so that nothing in it is ever run.

use crate::{
    fault::{Fault, SheetFault},
    limits::CELL_CHARACTERS_MAX,
};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// Beginnings that a spreadsheet takes for a formula when a cell is edited, or a file saved as a table and opened again.
const FORMULA_STARTS: &[char] = &['=', '+', '-', '@', '\t', '\r'];

/// How cells look.
pub(crate) struct Looks {
    /// Words and values.
    plain: Format,
    /// Texts that begin as a formula does: marked as text by the apostrophe that a person would type.
    quoted: Format,
    /// Heads.
    pub(crate) head: Format,
    /// Long instructions.
    pub(crate) instruction: Format,
}

impl Looks {
    pub(crate) fn new() -> Self {
        Self {
            plain: Format::new(),
            quoted: Format::new().set_quote_prefix(),
            head: Format::new().set_bold().set_align(FormatAlign::Center),
            instruction: Format::new().set_text_wrap().set_align(FormatAlign::Top),
        }
    }
}

/// A sheet to be written row by row; rows only grow, so that a large file does not stand in memory.
pub(crate) fn sheet<'a>(workbook: &'a mut Workbook, name: &str) -> Result<&'a mut Worksheet, Fault> {
    let sheet = workbook.add_worksheet_with_constant_memory().map_err(|error| fault(&error))?;
    sheet.set_name(name).map_err(|error| fault(&error))
}

/// Writes a text, never a formula, a number or a link, whatever it looks like.
pub(crate) fn put(sheet: &mut Worksheet, row: u32, column: u16, text: &str, looks: &Looks) -> Result<(), Fault> {
    if text.is_empty() {
        return Ok(());
    }
    let format = if text.starts_with(FORMULA_STARTS) { &looks.quoted } else { &looks.plain };
    put_as(sheet, row, column, text, format)
}

/// Writes a text in a look of its own.
pub(crate) fn put_as(sheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<(), Fault> {
    sheet.write_string_with_format(row, column, clean(text), format).map_err(|error| fault(&error))?;
    Ok(())
}

/// A text that a cell can hold: without control characters but line breaks, and not too long.
pub(crate) fn clean(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_control() || *c == '\n').filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}'));
    kept.take(CELL_CHARACTERS_MAX).collect()
}

/// The file's bytes.
pub(crate) fn finished(mut workbook: Workbook) -> Result<Vec<u8>, Fault> {
    workbook.save_to_buffer().map_err(|error| fault(&error))
}

pub(crate) fn fault(error: &XlsxError) -> Fault {
    let what = match error {
        XlsxError::IoError(_) => "disk",
        XlsxError::SheetnameCannotBeBlank(_)
        | XlsxError::SheetnameLengthExceeded(_)
        | XlsxError::SheetnameReused(_)
        | XlsxError::SheetnameContainsInvalidCharacter(_)
        | XlsxError::SheetnameStartsOrEndsWithApostrophe(_) => "sheet",
        _ => "cell",
    };
    Fault::new(SheetFault::NotWritten).with("what", what)
}
