//! Why a file as a whole cannot be read.

use shuqiao_vocabulary::closed_list;
use std::{collections::BTreeMap, fmt::Display};

closed_list! {
    /// Why a file cannot be read. Codes are for ever (invariant 12).
    SheetFault {
        /// It is no workbook (.xlsx) and no table (.csv).
        NotAWorkbook = "sheet_not_a_workbook",
        /// It is a workbook of the old form (.xls), or protected by a password.
        OldFormat = "sheet_old_format",
        /// It is a workbook, but not a whole one.
        Damaged = "sheet_damaged",
        /// It is larger than its limit.
        FileTooLarge = "sheet_file_too_large",
        /// Unpacked, it is larger than its limit.
        ExpandsTooFar = "sheet_expands_too_far",
        /// It has more rows, columns, cells or sheets than are read, or a cell with too much text.
        TooMany = "sheet_too_many",
        /// Its characters are neither UTF-8 nor GB18030.
        Encoding = "sheet_encoding",
        /// It lacks a sheet that the profile asks for.
        SheetMissing = "sheet_missing",
        /// A sheet lacks the head of a column that the profile asks for: it is another form.
        HeadMissing = "sheet_head_missing",
        /// There is no profile of this name.
        ProfileUnknown = "sheet_profile_unknown",
        /// The file that was to be written could not be.
        NotWritten = "sheet_not_written",
    }
}

/// A file cannot be read; carries no cell of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}")]
pub struct Fault {
    /// Why.
    pub code: SheetFault,
    /// What the text needs, by name.
    pub params: BTreeMap<&'static str, String>,
}

impl Fault {
    /// A fault.
    pub fn new(code: SheetFault) -> Self {
        Self { code, params: BTreeMap::new() }
    }

    /// With one more parameter for the text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.params.insert(name, value.to_string());
        self
    }

    /// There are more of something than are read.
    pub(crate) fn too_many(what: &'static str, max: impl Display) -> Self {
        Self::new(SheetFault::TooMany).with("what", what).with("max", max)
    }
}
