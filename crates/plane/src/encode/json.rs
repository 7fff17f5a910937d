//! JSON: rows as lists, in the order of `items`.

use super::ANSWER_BYTES_MAX;
use crate::{
    mask::MaskedRows,
    value::{Value, date_time_text},
};

/// Up to here a whole number survives in every JSON reader; beyond it is written as text.
const EXACT_MAX: u64 = 1 << 53;

pub(super) fn encode(rows: &MaskedRows, next: Option<&str>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(256 + rows.rows.len() * rows.columns.len() * 16);
    out.extend_from_slice(b"{\"items\":[");
    for (at, column) in rows.columns.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"{\"name\":" } else { b",{\"name\":" });
        text(&mut out, column.name.as_str());
        out.extend_from_slice(b",\"type\":\"");
        out.extend_from_slice(column.item_type.as_str().as_bytes());
        out.extend_from_slice(if column.masked { b"\",\"masked\":true}" } else { b"\",\"masked\":false}" });
    }
    out.extend_from_slice(b"],\"rows\":[");
    for (at, row) in rows.rows.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"[" } else { b",[" });
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            cell(&mut out, value);
        }
        out.push(b']');
        if out.len() > ANSWER_BYTES_MAX {
            return None;
        }
    }
    out.extend_from_slice(b"],\"next\":");
    match next {
        Some(cursor) => text(&mut out, cursor),
        None => out.extend_from_slice(b"null"),
    }
    Some(out)
}

fn cell(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Boolean(yes) => out.extend_from_slice(if *yes { b"true" } else { b"false" }),
        Value::Integer(number) if number.unsigned_abs() <= EXACT_MAX => {
            out.extend_from_slice(number.to_string().as_bytes());
        }
        Value::Integer(number) => quoted(out, &number.to_string()),
        Value::Text(value) => text(out, value),
        Value::Decimal(value) => quoted(out, value),
        Value::Date(date) => quoted(out, &date.to_string()),
        Value::DateTime(microseconds) => quoted(out, &date_time_text(*microseconds)),
    }
}

/// Text that needs no escaping.
fn quoted(out: &mut Vec<u8>, plain: &str) {
    out.push(b'"');
    out.extend_from_slice(plain.as_bytes());
    out.push(b'"');
}

/// Any text.
pub(super) fn text(out: &mut Vec<u8>, value: &str) {
    if value.bytes().all(|b| b >= 0x20 && b != b'"' && b != b'\\') {
        quoted(out, value);
    } else {
        out.extend_from_slice(serde_json::Value::from(value).to_string().as_bytes());
    }
}
