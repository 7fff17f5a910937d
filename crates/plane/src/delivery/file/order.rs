//! An order for a file: a typed query without limit and cursor, and the form of the file.

use super::FileFormat;
use crate::{
    book::GrantTerms,
    problem::{ProblemCode, Refused},
    query::TypedQuery,
};
use serde_json::{Map, Value as Json};
use shuqiao_crypto::{digest, token::Claims};
use shuqiao_vocabulary::id::GrantId;

/// What is to be made into a file, for whom.
#[derive(Clone, Debug)]
pub(crate) struct FileOrder {
    /// Under which grant.
    pub(crate) grant: GrantId,
    /// For whom.
    pub(crate) caller: Claims,
    /// What of it.
    pub(crate) query: TypedQuery,
    /// In which form.
    pub(crate) format: FileFormat,
}

/// SHA-256 over what a grant gives: items with their masks, rows, and where they come from. A file that was made under
/// another scope holds what the grant may no longer give.
pub(super) fn scope(terms: &GrantTerms) -> String {
    let given = (&terms.items, &terms.filter_columns, &terms.rows, &terms.source, &terms.table, &terms.key);
    digest::sha256_hex(format!("{given:?}").as_bytes())
}

/// The body of an order: a query's members and `format`.
///
/// # Errors
/// `query_malformed`, naming the member at fault.
pub(crate) fn parse(body: &[u8]) -> Result<(TypedQuery, FileFormat), Refused> {
    let malformed = |field: &str| Refused::new(ProblemCode::QueryMalformed).with("field", field);
    let mut form: Map<String, Json> = serde_json::from_slice(body)
        .map_err(|error| malformed("body").with("line", error.line()).with("column", error.column()))?;
    let format = match form.remove("format") {
        None => FileFormat::Parquet,
        Some(Json::String(format)) => format.parse().map_err(|()| malformed("format"))?,
        Some(_) => return Err(malformed("format")),
    };
    for of_calls_only in ["limit", "after"] {
        if form.contains_key(of_calls_only) {
            return Err(malformed(of_calls_only));
        }
    }
    let query = TypedQuery::parse(Json::Object(form).to_string().as_bytes())?;
    Ok((query, format))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_read() {
        let (query, format) = parse(br#"{"purpose":"2026-000001","items":["name"],"format":"csv"}"#).unwrap();
        assert_eq!((query.items.len(), format), (1, FileFormat::Csv));
        assert_eq!(parse(br#"{"purpose":"p"}"#).unwrap().1, FileFormat::Parquet);
        for (bad, field) in [
            (r#"{"purpose":"p","format":"pdf"}"#, "format"),
            (r#"{"purpose":"p","format":7}"#, "format"),
            (r#"{"purpose":"p","limit":7}"#, "limit"),
            (r#"{"purpose":"p","after":"x"}"#, "after"),
            (r#"["purpose"]"#, "body"),
        ] {
            let refused = parse(bad.as_bytes()).unwrap_err();
            assert_eq!(
                (refused.code, refused.params["field"].as_str()),
                (ProblemCode::QueryMalformed, Some(field)),
                "{bad}"
            );
        }
    }
}
