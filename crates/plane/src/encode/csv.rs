//! CSV by RFC 4180, safe to open in a spreadsheet: text that a spreadsheet would run as a formula gets a `'` in front.
//! An empty value is an empty field, an empty text is
//! `""`; in a table of one column both are `""`, because readers pass over empty lines.

use super::ANSWER_BYTES_MAX;
use crate::{
    mask::{AnswerColumn, MaskedRows},
    value::Value,
};

pub(super) fn encode(rows: &MaskedRows) -> Option<Vec<u8>> {
    let mut out = header(&rows.columns);
    out.reserve(rows.rows.len() * rows.columns.len() * 16);
    for row in &rows.rows {
        line(&mut out, row);
        if out.len() > ANSWER_BYTES_MAX {
            return None;
        }
    }
    Some(out)
}

pub(super) fn header(columns: &[AnswerColumn]) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    for (at, column) in columns.iter().enumerate() {
        separate(&mut out, at);
        out.extend_from_slice(column.name.as_str().as_bytes());
    }
    out.extend_from_slice(b"\r\n");
    out
}

pub(super) fn line(out: &mut Vec<u8>, row: &[Value]) {
    for (at, value) in row.iter().enumerate() {
        separate(out, at);
        cell(out, value);
    }
    if let [Value::Null] = row {
        // An empty line is no row to most readers.
        out.extend_from_slice(b"\"\"");
    }
    out.extend_from_slice(b"\r\n");
}

fn separate(out: &mut Vec<u8>, at: usize) {
    if at > 0 {
        out.push(b',');
    }
}

fn cell(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Text(text) => field(out, text),
        // Numbers and dates are of a checked form; a minus in front of a number is a minus.
        other => out.extend_from_slice(other.written().unwrap_or_default().as_bytes()),
    }
}

fn field(out: &mut Vec<u8>, text: &str) {
    let runs_as_formula = text
        .trim_start_matches([' ', '\u{3000}', '\u{feff}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let quoted = text.is_empty() || runs_as_formula || text.contains([',', '"', '\r', '\n', ';', '\t', ' ']);
    if !quoted {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    if runs_as_formula {
        out.push(b'\'');
    }
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_safe() {
        let text = |value: &str| Value::Text(value.to_owned());
        let cases = [
            (text("plain"), "plain"),
            (text(""), "\"\""),
            (Value::Null, ""),
            (text("a,b"), "\"a,b\""),
            (text("say \"hi\""), "\"say \"\"hi\"\"\""),
            (text("=cmd|' /C calc'!A0"), "\"'=cmd|' /C calc'!A0\""),
            (text("  =1+1"), "\"'  =1+1\""),
            (text("＝1+1"), "\"'＝1+1\""),
            (text("-5"), "\"'-5\""),
            (text("\tx"), "\"'\tx\""),
            (Value::Integer(-5), "-5"),
            (Value::Decimal("-1.50".to_owned()), "-1.50"),
            (Value::Boolean(true), "true"),
        ];
        for (value, expected) in cases {
            let mut out = Vec::new();
            cell(&mut out, &value);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
