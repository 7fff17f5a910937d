//! Rows as lines: CSV by RFC 4180 in its exact form. Every text is quoted and nothing else is, so that an empty value
//! (nothing between the commas) and an empty text (`""`) stay two things, and no text is changed; this is also what
//! `COPY … (FORMAT csv)` reads. It is meant for loading, not for spreadsheets: there is no guard against formulas here.

use crate::value::Value;

/// The rows as lines, each ended by a line feed.
pub(super) fn encode(rows: &[Vec<Value>]) -> Vec<u8> {
    let cells = rows.first().map_or(0, Vec::len);
    let mut out = Vec::with_capacity(rows.len() * cells * 16);
    for row in rows {
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            match value {
                Value::Text(text) => quote(&mut out, text),
                other => _ = other.write_to(&mut out),
            }
        }
        out.push(b'\n');
    }
    out
}

/// A line of names.
pub(super) fn head<'a>(names: impl Iterator<Item = &'a str>) -> Vec<u8> {
    encode(&[names.map(|name| Value::Text(name.to_owned())).collect()])
}

fn quote(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    if text.contains('"') {
        out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    } else {
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
}

/// The rows in lines that [`encode`] made, every cell in its written form; `None` when they are not that.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<Vec<Value>>> {
    let mut rest = std::str::from_utf8(bytes).ok()?;
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    while !rest.is_empty() {
        let value;
        (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => decode_text(quoted)?,
            None => {
                let end = rest.find([',', '\n'])?;
                let plain = &rest[..end];
                (if plain.is_empty() { Value::Null } else { Value::Text(plain.to_owned()) }, &rest[end..])
            }
        };
        row.push(value);
        match rest.as_bytes().first()? {
            b',' => {}
            b'\n' => rows.push(std::mem::take(&mut row)),
            _ => return None,
        }
        rest = &rest[1..];
    }
    row.is_empty().then_some(rows)
}

fn decode_text(mut rest: &str) -> Option<(Value, &str)> {
    let mut text = String::new();
    loop {
        let end = rest.find('"')?;
        text.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                text.push('"');
                rest = after;
            }
            None => return Some((Value::Text(text), rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let text = |value: &str| Value::Text(value.to_owned());
        let rows = vec![
            vec![Value::Null, text(""), text("a,b\r\n\"c\""), Value::Integer(-5)],
            vec![text("=1+1"), text("\\."), Value::Boolean(true), Value::Null],
        ];
        let bytes = encode(&rows);
        assert_eq!(bytes, b",\"\",\"a,b\r\n\"\"c\"\"\",-5\n\"=1+1\",\"\\.\",true,\n");
        let written = |row: &Vec<Value>| row.iter().map(Value::written).collect::<Vec<_>>();
        let back = decode(&bytes).unwrap();
        assert_eq!(back.iter().map(written).collect::<Vec<_>>(), rows.iter().map(written).collect::<Vec<_>>());
        assert_eq!(decode(b"\n\"x\"\n"), Some(vec![vec![Value::Null], vec![text("x")]]));
        for torn in ["\"a", "a,b", "\"a\"b\n", "a,\n\"", "x,"] {
            assert_eq!(decode(torn.as_bytes()), None, "{torn}");
        }
    }
}
