//! Codes of views that cannot be taken or read.

use shuqiao_vocabulary::closed_list;

closed_list! {
    /// Codes of views that cannot be taken or read. They come from the room that reads sources; a test of the program
    /// holds both lists together. For ever (invariant 12).
    ViewCode {
        /// All helpers are busy.
        Busy = "view_busy",
        /// The view is no longer what it was described as.
        Changed = "view_changed",
        /// Two columns of the view have one name.
        ColumnTwice = "view_column_twice",
        /// A column of a type that nothing can be published as.
        ColumnType = "view_column_type",
        /// A column that the inputs do not have, or that several have.
        ColumnUnknown = "view_column_unknown",
        /// A construct that views do not have.
        Construct = "view_construct",
        /// This node has no engine for views.
        EngineMissing = "view_engine_missing",
        /// The engine failed.
        Failed = "view_failed",
        /// A function that is not on the list.
        Function = "view_function",
        /// An input cannot be named so, is named twice, is a view itself, or there are too many.
        Input = "view_input",
        /// An input cannot be read.
        InputFailed = "view_input_failed",
        /// A join of everything with everything, neither side being small.
        JoinUnbounded = "view_join_unbounded",
        /// The key is empty in a row, or names more than one row.
        KeyNotUnique = "view_key_not_unique",
        /// A column of the key is not one of the view.
        KeyUnknown = "view_key_unknown",
        /// A number in a condition has more digits than can be compared exactly.
        LiteralTooFine = "view_literal_too_fine",
        /// The SQL makes no sense, though it can be read.
        Meaning = "view_meaning",
        /// Something else than one SELECT.
        NotSelect = "view_not_select",
        /// It takes more memory or temporary space than one call may.
        OutOfMemory = "view_out_of_memory",
        /// The SQL cannot be read.
        Syntax = "view_syntax",
        /// A table that is not among the inputs.
        TableUnknown = "view_table_unknown",
        /// Longer or more deeply built than a view may be.
        TooComplex = "view_too_complex",
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
        /// The rows weigh more than one answer may.
        TooLarge = "view_too_large",
        /// A value cannot be computed or held exactly.
        Value = "view_value",
    }
}
