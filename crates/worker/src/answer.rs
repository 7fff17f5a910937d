//! The answer: one line of JSON, then the bytes that it announces.

use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{Result, Write as _},
};

/// Version of the protocol.
pub(crate) const VERSION: u32 = 1;

/// Why there are no bytes. Codes are for ever.
#[derive(Debug)]
pub(crate) struct Failure {
    code: &'static str,
    params: BTreeMap<&'static str, String>,
}

impl Failure {
    /// A failure whose text needs nothing.
    pub(crate) const fn plain(code: &'static str) -> Self {
        Self { code, params: BTreeMap::new() }
    }

    /// With one more value for the text.
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.insert(name, value.to_string());
        self
    }
}

#[derive(Serialize)]
struct Done {
    v: u32,
    ok: bool,
    bytes: usize,
}

#[derive(Serialize)]
struct Failed {
    v: u32,
    ok: bool,
    code: &'static str,
    params: BTreeMap<&'static str, String>,
}

/// Writes the answer to standard output.
pub(crate) fn write(answer: std::result::Result<Vec<u8>, Failure>) -> Result<()> {
    let (line, bytes) = match answer {
        Ok(bytes) => (serde_json::to_vec(&Done { v: VERSION, ok: true, bytes: bytes.len() })?, bytes),
        Err(Failure { code, params }) => {
            (serde_json::to_vec(&Failed { v: VERSION, ok: false, code, params })?, Vec::new())
        }
    };
    let mut out = std::io::stdout().lock();
    out.write_all(&line)?;
    out.write_all(b"\n")?;
    out.write_all(&bytes)?;
    out.flush()
}
