//! What a file may cost (INVARIANT everything-has-a-limit). A workbook is a compressed archive: its size says nothing
//! about what it becomes in memory, so both are limited.

/// The largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The most bytes that a workbook may have once it is unpacked.
pub const UNPACKED_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// The most files inside a workbook.
pub const PARTS_MAX: usize = 500;
/// The most sheets.
pub const SHEETS_MAX: usize = 30;
/// The last row that may hold something, as a spreadsheet counts them.
pub const ROWS_MAX: u32 = 20_000;
/// The last column that may hold something.
pub const COLUMNS_MAX: u32 = 200;
/// The most cells that hold something, over all sheets.
pub const CELLS_MAX: usize = 600_000;
/// The most characters of a cell; a spreadsheet admits no more either.
pub const CELL_CHARACTERS_MAX: usize = 32_767;
/// The most problems that are named; a file with more is told so.
pub const PROBLEMS_MAX: usize = 5_000;
/// The most entries that are written into one file.
pub const EXPORT_ENTRIES_MAX: usize = 2_000;
/// Rows from the top in which the heads of the columns are looked for.
pub const HEAD_ROWS_MAX: u32 = 20;
