//! Encoders: masked rows in the form the caller accepts. They know no grant and no source.

use crate::{
    mask::{AnswerColumn, MaskedRows},
    problem::{ProblemCode, Refused},
    value::Value,
};
use ::arrow::{datatypes::Schema, record_batch::RecordBatch};
use std::sync::Arc;

mod arrow;
mod csv;
mod json;
pub(crate) mod parquet;

/// Bytes of one answer.
pub const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `application/json`.
    Json,
    /// `text/csv`, RFC 4180.
    Csv,
    /// `application/vnd.apache.arrow.stream`.
    Arrow,
}

impl Format {
    /// The form an `Accept` header asks for; JSON when it says nothing. `None` when it wants none of them.
    pub fn accepted(accept: Option<&str>) -> Option<Self> {
        let Some(accept) = accept.map(str::trim).filter(|accept| !accept.is_empty()) else {
            return Some(Self::Json);
        };
        let mut best: Option<(f32, Self)> = None;
        for part in accept.split(',').take(32) {
            let mut fields = part.split(';').map(str::trim);
            let format = match fields.next().unwrap_or("").to_ascii_lowercase().as_str() {
                "application/json" | "application/*" | "*/*" => Self::Json,
                "text/csv" | "text/*" => Self::Csv,
                "application/vnd.apache.arrow.stream" => Self::Arrow,
                _ => continue,
            };
            let weight = fields.find_map(|field| field.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            if weight > 0.0 && best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, format));
            }
        }
        best.map(|(_, format)| format)
    }

    /// The media type of the answer.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Arrow => "application/vnd.apache.arrow.stream",
        }
    }
}

impl MaskedRows {
    /// The answer's bytes. Of JSON the closing brace is left out: the index of the record comes before it, and is known
    /// only after the rest has been digested and recorded.
    ///
    /// # Errors
    /// `answer_too_large`.
    pub(crate) fn encode(&self, format: Format, next: Option<&str>) -> Result<Vec<u8>, Refused> {
        let bytes = match format {
            Format::Json => json::encode(self, next),
            Format::Csv => csv::encode(self),
            Format::Arrow => arrow::encode(self),
        };
        bytes
            .filter(|bytes| bytes.len() <= ANSWER_BYTES_MAX)
            .ok_or_else(|| Refused::new(ProblemCode::AnswerTooLarge).with("limit_bytes", ANSWER_BYTES_MAX))
    }
}

/// The Arrow schema of rows with these columns.
pub(crate) fn arrow_schema(columns: &[AnswerColumn]) -> Arc<Schema> {
    arrow::schema(columns)
}

/// The rows as one Arrow batch; `None` only if they do not fit their columns, which the check before has excluded.
pub(crate) fn arrow_batch(rows: &MaskedRows) -> Option<RecordBatch> {
    arrow::batch(rows)
}

/// The header line of a CSV file.
pub(crate) fn csv_header(columns: &[AnswerColumn]) -> Vec<u8> {
    csv::header(columns)
}

/// Rows as lines of a CSV file.
pub(crate) fn csv_rows(rows: &[Vec<Value>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() * 64);
    rows.iter().for_each(|row| csv::line(&mut out, row));
    out
}

/// Closes a JSON answer with the place of its record.
pub(crate) fn close_json(bytes: &mut Vec<u8>, index: u64, log: &str) {
    bytes.extend_from_slice(b",\"record\":{\"index\":");
    bytes.extend_from_slice(index.to_string().as_bytes());
    bytes.extend_from_slice(b",\"log\":");
    json::text(bytes, log);
    bytes.extend_from_slice(b"}}");
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn the_accepted_form_is_chosen() {
        let cases = [
            (None, Some(Format::Json)),
            (Some("*/*"), Some(Format::Json)),
            (Some("text/csv"), Some(Format::Csv)),
            (Some("text/html, application/vnd.apache.arrow.stream;q=0.9, */*;q=0.1"), Some(Format::Arrow)),
            (Some("text/html"), None),
            (Some("application/json;q=0, text/csv"), Some(Format::Csv)),
        ];
        for (accept, format) in cases {
            assert_eq!(Format::accepted(accept), format, "{accept:?}");
        }
    }
}
