//! What an engine in another process answers: frames, the last of which says how it ended. An answer without one is torn.
//!
//! A frame is a kind (1 byte), the length of its body (4 bytes, big end first) and the body.

use super::{ViewCode, ViewRefusal, ViewStructure};
use crate::value::{self, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Bytes of a frame's body.
pub const FRAME_BYTES_MAX: usize = 80 * 1024 * 1024;

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// What the view is.
    Structure(ViewStructure),
    /// Rows, all of the width that was asked for.
    Rows(Vec<Vec<Value>>),
    /// The end: all is said.
    Done,
    /// The end: why not.
    Refused(ViewRefusal),
}

/// Bytes that are no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a frame of a view's answer")]
pub struct FrameError;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusalForm {
    code: String,
    params: BTreeMap<String, String>,
}

impl Frame {
    /// The frame as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (kind, body) = match self {
            Self::Structure(structure) => (b'S', serde_json::to_vec(structure).unwrap_or_default()),
            Self::Rows(rows) => {
                let mut body = Vec::new();
                rows.iter().for_each(|row| value::bytes::write(&mut body, row));
                (b'R', body)
            }
            Self::Done => (b'D', Vec::new()),
            Self::Refused(refusal) => {
                let form = RefusalForm { code: refusal.code.as_str().to_owned(), params: refusal.params.clone() };
                (b'X', serde_json::to_vec(&form).unwrap_or_default())
            }
        };
        let mut bytes = Vec::with_capacity(body.len() + 5);
        bytes.push(kind);
        bytes.extend_from_slice(&(body.len() as u32).to_be_bytes());
        bytes.extend_from_slice(&body);
        bytes
    }
}

/// The frame with this kind and body; rows are of this width.
///
/// # Errors
/// When it is none.
pub fn frame_of(kind: u8, body: &[u8], width: usize) -> Result<Frame, FrameError> {
    match kind {
        b'S' => serde_json::from_slice(body).map(Frame::Structure).map_err(|_| FrameError),
        b'R' => {
            let values = value::bytes::read(body).ok_or(FrameError)?;
            if width == 0 || values.len() % width != 0 {
                return Err(FrameError);
            }
            let mut rows = Vec::with_capacity(values.len() / width);
            let mut values = values.into_iter();
            while values.len() > 0 {
                rows.push(values.by_ref().take(width).collect());
            }
            Ok(Frame::Rows(rows))
        }
        b'D' if body.is_empty() => Ok(Frame::Done),
        b'X' => {
            let RefusalForm { code, params } = serde_json::from_slice(body).map_err(|_| FrameError)?;
            let code: ViewCode = code.parse().map_err(|_| FrameError)?;
            Ok(Frame::Refused(ViewRefusal { code, params }))
        }
        _ => Err(FrameError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::view::ViewColumn;
    use shuqiao_vocabulary::ItemType;

    #[test]
    fn frames_read_back_as_they_were_written() {
        let column =
            ViewColumn { name: "a".into(), item_type: ItemType::Text, nullable: true, native_type: "Utf8".into() };
        let rows = vec![
            vec![Value::Text("贵阳".into()), Value::Null],
            vec![Value::Decimal("1.50".into()), Value::Boolean(false)],
            vec![Value::Date("2019-01-02".parse().unwrap()), Value::DateTime(-1)],
        ];
        for frame in [
            Frame::Structure(ViewStructure { columns: vec![column], rows: Some(7) }),
            Frame::Rows(rows),
            Frame::Rows(Vec::new()),
            Frame::Done,
            Frame::Refused(ViewRefusal::new(ViewCode::Function).with("name", "random").at(1, 8)),
        ] {
            let bytes = frame.to_bytes();
            assert_eq!(u32::from_be_bytes(bytes[1..5].try_into().unwrap()) as usize, bytes.len() - 5);
            assert_eq!(frame_of(bytes[0], &bytes[5..], 2), Ok(frame));
        }
        for (kind, body, width) in
            [(b'R', vec![0, 0, 0, 0, 0], 2), (b'R', vec![9, 0, 0, 0, 0], 1), (b'D', vec![1], 1), (b'?', vec![], 1)]
        {
            assert_eq!(frame_of(kind, &body, width), Err(FrameError), "{kind}");
        }
    }
}
