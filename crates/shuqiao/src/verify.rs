//! `shuqiao verify`: a proof file, checked without the node.

use crate::cli::VerifyArguments;
use anyhow::{Context, Result};
use shuqiao_crypto::{digest, offline};
use std::{fs::File, io::Read, path::Path};

/// Nothing that is verified is larger.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// What was proved and `true`, or why not and `false`.
pub(crate) fn answer(told: &VerifyArguments) -> Result<(String, bool)> {
    let proof = read_text(&told.proof_file)?;
    let key = read_text(&told.key)?;
    let entry = told.entry.as_deref().map(read).transpose()?;
    match offline::verify_proof(&proof, &key, entry.as_deref()) {
        Ok(proven) => {
            let entry = String::from_utf8_lossy(&proven.entry).into_owned();
            let root = digest::hex(&proven.root);
            if told.json {
                let answer = serde_json::json!({
                    "proved": true, "origin": proven.origin, "index": proven.index, "size": proven.size,
                    "root": root, "entry": entry,
                });
                return Ok((answer.to_string(), true));
            }
            let text = format!(
                "proved: entry {} stands in the log {}, whose head of {} entries is signed\nroot: {root}\nentry:\n{}",
                proven.index,
                proven.origin,
                proven.size,
                entry.trim_end()
            );
            Ok((text, true))
        }
        Err(error) if told.json => {
            Ok((serde_json::json!({"proved": false, "reason": error.to_string()}).to_string(), false))
        }
        Err(error) => Ok((format!("not proved: {error}"), false)),
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    file.take(FILE_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    anyhow::ensure!(bytes.len() as u64 <= FILE_BYTES_MAX, "{} is larger than {FILE_BYTES_MAX} bytes", path.display());
    Ok(bytes)
}

fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).with_context(|| format!("{} is not text", path.display()))
}
