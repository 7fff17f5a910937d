//! Cursors: where the page before ended. Sealed, because a key may be a value that only the provider should see.

use crate::{
    problem::{ProblemCode, Refused},
    source::{TypedCondition, TypedTest},
    value::Value,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use shuqiao_crypto::seal::SealKey;
use shuqiao_vocabulary::id::GrantId;

/// A cursor of another grant, or of other conditions, does not open.
pub(crate) fn context(grant: &GrantId, conditions: &[TypedCondition]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    let mut bytes = Vec::new();
    for condition in conditions {
        bytes.clear();
        bytes.extend_from_slice(&(condition.column as u64).to_be_bytes());
        match &condition.test {
            TypedTest::Equals(value) => write_all(&mut bytes, b'e', [value]),
            TypedTest::OneOf(values) => write_all(&mut bytes, b'o', values),
            TypedTest::Between { from, to } => {
                let ends = [from.as_ref().unwrap_or(&Value::Null), to.as_ref().unwrap_or(&Value::Null)];
                write_all(&mut bytes, b'b', ends);
            }
            TypedTest::StartsWith(prefix) => write_all(&mut bytes, b'p', [&Value::Text(prefix.clone())]),
        }
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(&bytes);
    }
    let mut context = b"shuqiao cursor v1 ".to_vec();
    context.extend_from_slice(grant.to_string().as_bytes());
    context.extend_from_slice(&hasher.finalize());
    context
}

/// The cursor after the row with this key.
pub(crate) fn seal(seal: &SealKey, context: &[u8], key: &[Value]) -> String {
    let mut bytes = Vec::new();
    write_all(&mut bytes, b'k', key);
    URL_SAFE_NO_PAD.encode(seal.seal(context, &bytes))
}

/// The key in a cursor, when it has this many columns.
///
/// # Errors
/// `cursor_invalid`, whatever is wrong with it.
pub(crate) fn open(seal: &SealKey, context: &[u8], cursor: &str, columns: usize) -> Result<Vec<Value>, Refused> {
    let invalid = || Refused::new(ProblemCode::CursorInvalid);
    let sealed = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
    let bytes = seal.open(context, &sealed).map_err(|_| invalid())?;
    let key = read_all(&bytes).ok_or_else(invalid)?;
    let sound = key.len() == columns && columns > 0 && key.iter().all(|value| !value.is_null());
    if sound { Ok(key) } else { Err(invalid()) }
}

fn write_all<'a>(bytes: &mut Vec<u8>, kind: u8, values: impl IntoIterator<Item = &'a Value>) {
    bytes.push(kind);
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

fn read_all(bytes: &[u8]) -> Option<Vec<Value>> {
    let mut rest = bytes.strip_prefix(b"k")?;
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
            4 => Value::Date(crate::value::date(text()?)?),
            5 => Value::DateTime(i64::from_be_bytes(body.try_into().ok()?)),
            6 => Value::Boolean(body == [1]),
            _ => return None,
        });
        rest = after;
    }
    Some(values)
}
