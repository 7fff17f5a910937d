//! The functions that a view may use. Everything on the list gives the same answer to the same rows, whoever asks and
//! when: paging and the record depend on it. Nothing on it reads a file, the clock, the session or chance, or makes much
//! out of little.

/// Names as they are written in SQL and, where it differs, as the engine calls the same function.
const ALLOWED: &[&str] = &[
    // Over groups of rows.
    "avg",
    "bool_and",
    "bool_or",
    "count",
    "max",
    "mean",
    "median",
    "min",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "sum",
    "var",
    "var_pop",
    "var_samp",
    "var_sample",
    "var_population",
    // Over windows of rows.
    "cume_dist",
    "dense_rank",
    "first_value",
    "lag",
    "last_value",
    "lead",
    "nth_value",
    "ntile",
    "percent_rank",
    "rank",
    "row_number",
    // On values.
    "coalesce",
    "greatest",
    "least",
    "nullif",
    "nvl",
    "nvl2",
    // On numbers.
    "abs",
    "ceil",
    "floor",
    "mod",
    "round",
    "sign",
    "signum",
    "trunc",
    // On text.
    "ascii",
    "bit_length",
    "btrim",
    "char_length",
    "character_length",
    "concat",
    "concat_ws",
    "contains",
    "ends_with",
    "initcap",
    "left",
    "length",
    "lower",
    "ltrim",
    "octet_length",
    "position",
    "replace",
    "reverse",
    "right",
    "rtrim",
    "split_part",
    "starts_with",
    "strpos",
    "substr",
    "substring",
    "translate",
    "trim",
    "upper",
    // On dates and moments.
    "date_part",
    "date_trunc",
    "datepart",
    "datetrunc",
    "extract",
];

/// Whether a view may use the function of this name.
pub(crate) fn allowed(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ALLOWED.contains(&name.as_str())
}
