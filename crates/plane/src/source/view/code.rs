//! Why views are refused: codes for ever.

use std::{fmt, str::FromStr};

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $code:literal),+ $(,)?) => {
        /// Why a view cannot be taken or read. Codes are for ever.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ViewCode { $($(#[$meta])* $variant),+ }

        impl ViewCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as it is written.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
        }
    };
}

codes! {
    /// This node has no engine, or its helper program is not there.
    EngineMissing = "view_engine_missing",
    /// The SQL cannot be read.
    Syntax = "view_syntax",
    /// Something else than one SELECT.
    NotSelect = "view_not_select",
    /// Longer or more deeply built than a view may be.
    TooComplex = "view_too_complex",
    /// A function that is not on the list.
    Function = "view_function",
    /// A construct that views do not have.
    Construct = "view_construct",
    /// A table that is not among the inputs.
    TableUnknown = "view_table_unknown",
    /// A column that the inputs do not have, or that several have.
    ColumnUnknown = "view_column_unknown",
    /// Two columns of the view have one name.
    ColumnTwice = "view_column_twice",
    /// A column of a type that nothing can be published as.
    ColumnType = "view_column_type",
    /// The SQL makes no sense, though it can be read.
    Meaning = "view_meaning",
    /// An input cannot be named so, is named twice, or there are too many.
    Input = "view_input",
    /// An input cannot be read; `reason` says why.
    InputFailed = "view_input_failed",
    /// A column of the key is not one of the view.
    KeyUnknown = "view_key_unknown",
    /// The key is empty in a row, or names more than one row.
    KeyNotUnique = "view_key_not_unique",
    /// A join of everything with everything, neither side being small.
    JoinUnbounded = "view_join_unbounded",
    /// A function or construct that may not stand in a sum under a threshold of subjects.
    ThresholdFunction = "view_threshold_function",
    /// A threshold of subjects that is too low or too high.
    ThresholdMinimum = "view_threshold_minimum",
    /// A threshold of subjects on a view that sums nothing up.
    ThresholdNotAggregate = "view_threshold_not_aggregate",
    /// A threshold of subjects on a view that is more than one grouping.
    ThresholdShape = "view_threshold_shape",
    /// The subject's column is not there, does not reach the grouping, or its table is read more than once.
    ThresholdSubject = "view_threshold_subject",
    /// It takes more time than one call may.
    TooDear = "view_too_dear",
    /// It takes more memory or temporary space than one call may.
    OutOfMemory = "view_out_of_memory",
    /// The rows weigh more than one answer may.
    TooLarge = "view_too_large",
    /// A value cannot be computed or held exactly: a division by zero, an overflow, a text that is no number.
    Value = "view_value",
    /// A number in a condition has more digits than can be compared exactly.
    LiteralTooFine = "view_literal_too_fine",
    /// All helpers are busy.
    Busy = "view_busy",
    /// The view is no longer what it was described as.
    Changed = "view_changed",
    /// The engine failed, or its answer was torn.
    Failed = "view_failed",
}

impl fmt::Display for ViewCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not one of the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a code of a view's refusal")]
pub struct UnknownViewCode;

impl FromStr for ViewCode {
    type Err = UnknownViewCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text).ok_or(UnknownViewCode)
    }
}
