//! Comma-separated tables (.csv) in UTF-8 or GB18030.

use crate::{
    cell::Cell,
    fault::{Fault, SheetFault},
    grid::Grid,
    limits::{CELL_CHARACTERS_MAX, CELLS_MAX, COLUMNS_MAX, ROWS_MAX},
};
use std::borrow::Cow;

/// The name under which problems of a table without sheets are told.
pub(crate) const TABLE: &str = "csv";

/// The one sheet of a table. A row is a record, as a spreadsheet counts them, even where a cell has several lines.
pub(crate) fn read(bytes: &[u8]) -> Result<Grid, Fault> {
    let text = decoded(bytes)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut grid = Grid { name: TABLE.to_owned(), ..Grid::default() };
    let mut cells = 0_usize;
    for (position, record) in reader.records().enumerate() {
        let row = u32::try_from(position).unwrap_or(u32::MAX).saturating_add(1);
        let record = record.map_err(|_| Fault::new(SheetFault::Damaged).with("row", row))?;
        if row > ROWS_MAX {
            return Err(Fault::too_many("rows", ROWS_MAX));
        }
        for (column, value) in record.iter().enumerate() {
            if value.trim().is_empty() {
                continue;
            }
            let column = u32::try_from(column).unwrap_or(u32::MAX);
            cells += 1;
            if column >= COLUMNS_MAX {
                return Err(Fault::too_many("columns", COLUMNS_MAX));
            }
            if cells > CELLS_MAX {
                return Err(Fault::too_many("cells", CELLS_MAX));
            }
            if value.chars().count() > CELL_CHARACTERS_MAX {
                return Err(Fault::too_many("characters", CELL_CHARACTERS_MAX).with("row", row));
            }
            grid.rows.entry(row).or_default().insert(column, Cell::Text(value.to_owned()));
        }
    }
    Ok(grid)
}

/// The text, when it is UTF-8 or GB18030: one character that is neither makes it another encoding, and nothing is put
/// in its place.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(Fault::new(SheetFault::NotAWorkbook));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| Fault::new(SheetFault::Encoding))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Result<&str, SheetFault>) {
        let found = read(bytes).map_err(|fault| fault.code);
        let found = found.map(|grid| grid.cell(1, 0).map(Cell::text).unwrap_or_default());
        assert_eq!(found.as_deref().map_err(|code| *code), expected.as_ref().map(|text| *text).map_err(|code| *code));
    }

    #[test]
    fn tables_are_utf_8_or_gb18030() {
        check("名称,代码\n一,1\n".as_bytes(), Ok("名称"));
        check("\u{feff}名称\n".as_bytes(), Ok("名称"));
        let (bytes, _, _) = encoding_rs::GB18030.encode("名称,㳇䃥\r\n");
        check(&bytes, Ok("名称"));
        check(b"\xff\xfe\xff\xff\x80", Err(SheetFault::Encoding));
        check(b"a\0b", Err(SheetFault::NotAWorkbook));
    }

    #[test]
    fn a_row_is_a_record_and_not_a_line() {
        let grid = read("a,\"one\ntwo\"\nb,c\n".as_bytes()).unwrap();
        assert_eq!(grid.cell(2, 0), Some(&Cell::Text("b".into())));
    }

    #[test]
    fn tables_have_limits() {
        let rows = "a\n".repeat(ROWS_MAX as usize + 1);
        check(rows.as_bytes(), Err(SheetFault::TooMany));
        let columns = "a,".repeat(COLUMNS_MAX as usize + 1);
        check(columns.as_bytes(), Err(SheetFault::TooMany));
        check("x".repeat(CELL_CHARACTERS_MAX + 1).as_bytes(), Err(SheetFault::TooMany));
    }
}
