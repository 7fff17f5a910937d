//! Checking a proof file with nothing at hand but a public key: what an inspector does on a machine without a network.
//!
//! It reads no file and asks nobody: bytes in, a judgement out.

use crate::note::{self, KeyError, NoteError, VerifierKey};
use shuqiao_tlog::{
    ENTRY_BYTES_MAX, Hash, ProofError,
    checkpoint::{Checkpoint, CheckpointError},
    leaf_hash,
    proof::{Proof, ProofTextError},
    verify_inclusion,
};

/// The longest file of keys that is read, in bytes.
pub const KEY_FILE_BYTES_MAX: usize = 65_536;

/// What a proof has shown: at this place of this log stands this entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The log, by its origin; the signing key has the same name.
    pub origin: String,
    /// The place of the entry, from 0.
    pub index: u64,
    /// How many entries the log had when the checkpoint was signed.
    pub size: u64,
    /// The root that was signed.
    pub root: Hash,
    /// The exact bytes of the entry.
    pub entry: Vec<u8>,
}

/// Why a proof file shows nothing. The text says what is wrong to somebody who sees such a file for the first time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The proof file cannot be read.
    #[error(transparent)]
    Form(#[from] ProofTextError),
    /// The file of keys is too long.
    #[error("the key file is longer than {KEY_FILE_BYTES_MAX} bytes")]
    KeysTooLong,
    /// A line in the file of keys is not a key.
    #[error("line {line} of the key file: {error}")]
    Key {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        error: KeyError,
    },
    /// There is no key that could verify.
    #[error("the key file holds no key that can verify: a line `<name>+<8 hexadecimal digits>+<base64>` is expected")]
    NoKey,
    /// Neither given nor in the file.
    #[error("there is no entry to check: the proof file carries none (no `extra` line), so it must be given beside it")]
    NoEntry,
    /// Longer than a log takes.
    #[error("the entry is longer than the {ENTRY_BYTES_MAX} bytes that a log takes")]
    EntryTooLong,
    /// The checkpoint is not signed, or wrongly.
    #[error("the checkpoint in the proof file is not to be trusted: {0}")]
    Signature(NoteError),
    /// What is signed is not a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A known key has signed the checkpoint of a log that is not its own.
    #[error("the checkpoint is of the log `{origin}`, but it is signed by the key of `{signers}`")]
    OtherLog {
        /// The origin in the checkpoint.
        origin: String,
        /// The names of the keys that have signed.
        signers: String,
    },
    /// The entry does not stand there.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// Checks a proof file against the keys of a key file. The entry is the given one, else the one that the proof file
/// carries in its `extra` line.
///
/// A key file has one public key a line; empty lines, lines that begin with `#` and keys of algorithms that are not
/// known here are passed over.
///
/// # Errors
/// A [`VerifyError`] that names the first thing that is wrong.
pub fn verify_proof(proof_text: &str, key_text: &str, entry: Option<&[u8]>) -> Result<Proven, VerifyError> {
    let proof = Proof::parse(proof_text)?;
    let keys = read_keys(key_text)?;
    let entry = entry.or(proof.extra.as_deref()).ok_or(VerifyError::NoEntry)?;
    if entry.len() > ENTRY_BYTES_MAX {
        return Err(VerifyError::EntryTooLong);
    }
    let opened = note::open(&proof.checkpoint_note, &keys).map_err(VerifyError::Signature)?;
    let Checkpoint { origin, size, root } = Checkpoint::parse(&opened.text)?;
    // A node has several logs, each with a key of its own: a key must not vouch for another log.
    if !opened.signers.contains(&origin) {
        return Err(VerifyError::OtherLog { origin, signers: opened.signers.join("`, `") });
    }
    verify_inclusion(&leaf_hash(entry), proof.index, size, &root, &proof.hashes)?;
    Ok(Proven { origin, index: proof.index, size, root, entry: entry.to_vec() })
}

fn read_keys(text: &str) -> Result<Vec<VerifierKey>, VerifyError> {
    if text.len() > KEY_FILE_BYTES_MAX {
        return Err(VerifyError::KeysTooLong);
    }
    let mut keys: Vec<VerifierKey> = Vec::new();
    // Editors put a mark in front and carriage returns behind.
    let text = text.trim_start_matches('\u{feff}');
    for (line, text) in (1..).zip(text.lines().map(str::trim)) {
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match text.parse::<VerifierKey>() {
            Ok(key) if keys.contains(&key) => {}
            Ok(key) => keys.push(key),
            Err(KeyError::Algorithm) => {}
            Err(error) => return Err(VerifyError::Key { line, error }),
        }
    }
    if keys.is_empty() { Err(VerifyError::NoKey) } else { Ok(keys) }
}
