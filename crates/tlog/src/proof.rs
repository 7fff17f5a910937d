//! Proof files, `.tlog-proof`: an entry's proof of inclusion with the signed checkpoint it leads to, in one text that
//! can be checked without the log (`c2sp.org/tlog-proof@v1`).

use crate::{ENTRY_BYTES_MAX, Hash, NOTE_BYTES_MAX, PROOF_HASHES_MAX, SIZE_MAX, encoding};
use std::fmt::{self, Write};

/// The first line of a proof file.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The longest proof file, in bytes: the checkpoint, the longest entry in base64, the hashes and the words around.
pub const PROOF_BYTES_MAX: usize = NOTE_BYTES_MAX + ENTRY_BYTES_MAX.div_ceil(3) * 4 + PROOF_HASHES_MAX * 45 + 128;

/// What a proof file says. It is not trusted until the signature on the checkpoint and the proof are verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Data beside the proof that nothing authenticates by itself. This system puts the exact entry here.
    pub extra: Option<Vec<u8>>,
    /// The place of the entry in the log, from 0.
    pub index: u64,
    /// The inclusion proof, from the leaf's sibling to the root's child.
    pub hashes: Vec<Hash>,
    /// The checkpoint as a signed note, verbatim.
    pub checkpoint_note: String,
}

/// Text that is not a proof file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofTextError {
    /// Larger than any proof can be.
    #[error("the proof file is longer than {PROOF_BYTES_MAX} bytes")]
    TooLong,
    /// Not a proof file at all.
    #[error("this is not a proof file: the first line is not `{HEADER}`")]
    Header,
    /// The extra data are not base64 or longer than an entry can be.
    #[error("the `extra` line of the proof file is not base64 of at most {ENTRY_BYTES_MAX} bytes")]
    Extra,
    /// There is no index where one must be.
    #[error("the proof file has no line `index <number>` where it must be")]
    Index,
    /// A line of the inclusion proof is not a hash.
    #[error("line {line} of the proof file is not a hash: 32 bytes in base64 are expected")]
    Hash {
        /// The line, from 1.
        line: usize,
    },
    /// More hashes than any proof has.
    #[error("the proof file has more than {PROOF_HASHES_MAX} hashes")]
    TooManyHashes,
    /// Nothing after the proof, or too much of it.
    #[error("the proof file has no checkpoint after an empty line, or one longer than {NOTE_BYTES_MAX} bytes")]
    Checkpoint,
}

impl Proof {
    /// Reads a proof file. This checks its form and nothing else.
    ///
    /// # Errors
    /// When it is not a proof file.
    pub fn parse(text: &str) -> Result<Self, ProofTextError> {
        if text.len() > PROOF_BYTES_MAX {
            return Err(ProofTextError::TooLong);
        }
        let (head, note) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = (1_usize..).zip(head.split('\n')).peekable();
        if lines.next().is_none_or(|(_, line)| line != HEADER) {
            return Err(ProofTextError::Header);
        }
        let extra = lines.next_if(|(_, line)| line.starts_with("extra "));
        let extra = extra.map(|(_, line)| extra_data(line)).transpose()?;
        let index = lines.next().and_then(|(_, line)| line.strip_prefix("index "));
        let index = index.and_then(encoding::decimal).filter(|n| *n < SIZE_MAX).ok_or(ProofTextError::Index)?;
        let mut hashes = Vec::new();
        for (line, hash) in lines {
            if hashes.len() == PROOF_HASHES_MAX {
                return Err(ProofTextError::TooManyHashes);
            }
            hashes.push(encoding::hash_from_base64(hash).ok_or(ProofTextError::Hash { line })?);
        }
        if note.is_empty() || note.len() > NOTE_BYTES_MAX {
            return Err(ProofTextError::Checkpoint);
        }
        Ok(Self { extra, index, hashes, checkpoint_note: note.to_owned() })
    }
}

/// The proof file.
impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", encoding::base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{}", encoding::base64(hash))?;
        }
        f.write_char('\n')?;
        f.write_str(&self.checkpoint_note)
    }
}

fn extra_data(line: &str) -> Result<Vec<u8>, ProofTextError> {
    let data = line.strip_prefix("extra ").and_then(encoding::from_base64);
    data.filter(|data| data.len() <= ENTRY_BYTES_MAX).ok_or(ProofTextError::Extra)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=";
    const NOTE: &str = "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u{2014} a AAAAAAA=\n";

    #[test]
    fn proof_files_round_trip() {
        let texts = [
            format!("{HEADER}\nindex 0\n\n{NOTE}"),
            format!("{HEADER}\nextra \nindex 0\n\n{NOTE}"),
            format!("{HEADER}\nextra AAE=\nindex 73894\n{HASH}\n{HASH}\n\n{NOTE}"),
        ];
        for text in texts {
            let proof = Proof::parse(&text).expect("a proof file");
            assert_eq!(proof.to_string(), text);
            assert_eq!(proof.checkpoint_note, NOTE);
        }
    }

    #[test]
    fn the_largest_proof_file_is_accepted() {
        let proof = Proof {
            extra: Some(vec![1; ENTRY_BYTES_MAX]),
            index: SIZE_MAX - 1,
            hashes: vec![[9; 32]; PROOF_HASHES_MAX],
            checkpoint_note: "x".repeat(NOTE_BYTES_MAX),
        };
        assert_eq!(Proof::parse(&proof.to_string()), Ok(proof));
    }

    #[test]
    fn anything_else_is_named() {
        let many = format!("{HASH}\n").repeat(PROOF_HASHES_MAX + 1);
        let long = encoding::base64(&vec![0; ENTRY_BYTES_MAX + 1]);
        let cases = [
            (String::new(), ProofTextError::Header),
            (format!("{HEADER}\r\nindex 0\n\n{NOTE}"), ProofTextError::Header),
            (format!("c2sp.org/tlog-proof@v2\nindex 0\n\n{NOTE}"), ProofTextError::Header),
            (format!("{HEADER}\n\n{NOTE}"), ProofTextError::Index),
            (format!("{HEADER}\nindex 00\n\n{NOTE}"), ProofTextError::Index),
            (format!("{HEADER}\nindex -1\n\n{NOTE}"), ProofTextError::Index),
            (format!("{HEADER}\nindex 9223372036854775807\n\n{NOTE}"), ProofTextError::Index),
            (format!("{HEADER}\nindex 0\nextra AAE=\n\n{NOTE}"), ProofTextError::Hash { line: 3 }),
            (format!("{HEADER}\nextra A\nindex 0\n\n{NOTE}"), ProofTextError::Extra),
            (format!("{HEADER}\nextra {long}\nindex 0\n\n{NOTE}"), ProofTextError::Extra),
            (format!("{HEADER}\nextra AAE=\nindex 0\n{HASH}\nx\n\n{NOTE}"), ProofTextError::Hash { line: 5 }),
            (format!("{HEADER}\nindex 0\n{many}\n{NOTE}"), ProofTextError::TooManyHashes),
            (format!("{HEADER}\nindex 0\n{HASH}"), ProofTextError::Checkpoint),
            (format!("{HEADER}\nindex 0\n{HASH}\n\n"), ProofTextError::Checkpoint),
            ("x".repeat(PROOF_BYTES_MAX + 1), ProofTextError::TooLong),
        ];
        for (text, error) in cases {
            assert_eq!(Proof::parse(&text), Err(error), "{text:.60}");
        }
    }
}
