//! What differs between databases in how a statement is written, whatever it asks for.

/// How statements are written, as far as databases differ in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Values are called `$1`, `$2` and may be used twice; else each is a `?` in its turn.
    pub(crate) numbered: bool,
    /// `(a, b) > (x, y)` is understood, and served by an index.
    pub(crate) row_values: bool,
    /// How the number of rows is bounded.
    pub(crate) limit: RowLimit,
}

/// How the number of rows is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowLimit {
    /// `LIMIT ?` at the end.
    Limit,
    /// `FETCH FIRST … ROWS ONLY` at the end, as the standard has it.
    #[cfg(feature = "odbc")]
    FetchFirst,
    /// `TOP …` in front, as SQL Server has it.
    #[cfg(feature = "odbc")]
    Top,
}

impl Dialect {
    /// PostgreSQL; SQLite reads it too.
    pub(crate) const NUMBERED: Self = Self { numbered: true, row_values: true, limit: RowLimit::Limit };
    /// MySQL, which understands `(a, b) > (x, y)` but reads the whole table for it.
    pub(crate) const POSITIONAL: Self = Self { numbered: false, row_values: false, limit: RowLimit::Limit };
}
