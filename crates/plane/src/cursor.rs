//! Cursors: where the page before ended. Sealed, because a key may be a value that only the provider should see.

use crate::{
    problem::{ProblemCode, Refused},
    source::{TypedCondition, TypedTest},
    value::{self, Value},
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
    value::bytes::write(bytes, values);
}

fn read_all(bytes: &[u8]) -> Option<Vec<Value>> {
    value::bytes::read(bytes.strip_prefix(b"k")?)
}
