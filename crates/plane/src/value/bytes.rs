//! Values as bytes: a tag, the length of the body (4 bytes, big end first), the body. Cursors and the frames of views
//! are made of them.

use super::{Value, date};

/// Appends values.
pub(crate) fn write<'a>(bytes: &mut Vec<u8>, values: impl IntoIterator<Item = &'a Value>) {
    for value in values {
        let (tag, body) = match value {
            Value::Null => (0, Vec::new()),
            Value::Text(text) => (1, text.as_bytes().to_vec()),
            Value::Integer(number) => (2, number.to_be_bytes().to_vec()),
            Value::Decimal(text) => (3, text.as_bytes().to_vec()),
            Value::Date(date) => (4, date.to_string().into_bytes()),
            Value::DateTime(microseconds) => (5, microseconds.to_be_bytes().to_vec()),
            Value::Boolean(yes) => (6, vec![u8::from(*yes)]),
        };
        bytes.push(tag);
        bytes.extend_from_slice(&(body.len() as u32).to_be_bytes());
        bytes.extend_from_slice(&body);
    }
}

/// All values that the bytes are made of; `None` when they are not made of values.
pub(crate) fn read(bytes: &[u8]) -> Option<Vec<Value>> {
    let mut rest = bytes;
    let mut values = Vec::new();
    while let Some((tag, after)) = rest.split_first() {
        let (length, after) = after.split_first_chunk::<4>()?;
        let (body, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        let text = || std::str::from_utf8(body).ok();
        values.push(match tag {
            0 => Value::Null,
            1 => Value::Text(text()?.to_owned()),
            2 => Value::Integer(i64::from_be_bytes(body.try_into().ok()?)),
            3 => Value::Decimal(text()?.to_owned()),
            4 => Value::Date(date(text()?)?),
            5 => Value::DateTime(i64::from_be_bytes(body.try_into().ok()?)),
            6 => Value::Boolean(body == [1]),
            _ => return None,
        });
        rest = after;
    }
    Some(values)
}
