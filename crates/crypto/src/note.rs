//! Signed notes (`c2sp.org/signed-note`): a text and the signatures of named keys, readable by people and by the tools
//! of others. Keys are written as in Go's `golang.org/x/mod/sumdb/note`, so those tools read ours and we read theirs.
//!
//! Only Ed25519 signs here. Signature lines of other kinds, of witnesses or in other algorithms, are passed over when
//! their key is not known, as the specification demands.

use crate::encoding;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use shuqiao_tlog::NOTE_BYTES_MAX;
use std::{collections::BTreeSet, fmt, str::FromStr};
use zeroize::Zeroizing;

/// The most signature lines a note may have.
pub const SIGNATURES_MAX: usize = 100;

/// The longest name of a key, in bytes.
pub const KEY_NAME_BYTES_MAX: usize = 256;

/// The longest text of a key, in bytes.
const KEY_BYTES_MAX: usize = 1_024;

/// The signature type of Ed25519.
const ED25519: u8 = 0x01;

/// Begins every signature line: em dash, space.
const SIGNATURE_PREFIX: &str = "\u{2014} ";

/// Text that is not a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The name is empty, too long, or has spaces, control characters or `+` in it.
    #[error("a key's name is 1 to {KEY_NAME_BYTES_MAX} bytes without spaces, control characters or `+`")]
    Name,
    /// Not `name+hash+key`.
    #[error("this is not a public key: `<name>+<8 hexadecimal digits>+<base64>` is expected")]
    PublicForm,
    /// Not `PRIVATE+KEY+name+hash+key`.
    #[error("this is not a private key: `PRIVATE+KEY+<name>+<8 hexadecimal digits>+<base64>` is expected")]
    PrivateForm,
    /// A key of another algorithm.
    #[error("the key is of an algorithm that is not known here: only Ed25519 is")]
    Algorithm,
    /// The digits do not belong to name and key: something was mistyped or cut off.
    #[error("the key does not match its own check digits: it was mistyped, cut off or put together from two")]
    Hash,
    /// The key would accept signatures that nobody made.
    #[error("the public key is not a sound Ed25519 key")]
    Unsound,
}

/// Why a note is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Larger than any note need be.
    #[error("the signed note is longer than {NOTE_BYTES_MAX} bytes")]
    TooLong,
    /// Not a note at all.
    #[error("this is not a signed note: a text, an empty line and signature lines are expected")]
    Malformed,
    /// A text that cannot be signed as a note.
    #[error("a note's text must end with a newline and have no other control characters")]
    Text,
    /// Two different keys with one name and one hash were given.
    #[error("two keys were given for `{0}`: which of them counts cannot be told")]
    AmbiguousKey(String),
    /// A known key is named, but it did not sign this text.
    #[error("the signature of `{0}` is wrong: the text or the signature was changed")]
    WrongSignature(String),
    /// Nobody known has signed.
    #[error("none of the given keys has signed this note")]
    NotSigned,
}

/// A private key that signs notes.
pub struct SignerKey {
    name: String,
    key: SigningKey,
}

impl SignerKey {
    /// The key with this name made of 32 bytes of chance.
    ///
    /// # Errors
    /// When the name cannot name a key.
    pub fn generate(name: &str, entropy: [u8; 32]) -> Result<Self, KeyError> {
        let entropy = Zeroizing::new(entropy);
        if is_name(name) {
            Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(&entropy) })
        } else {
            Err(KeyError::Name)
        }
    }

    /// The name that stands in its signature lines.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public key that verifies what this key signs.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The private key as text, `PRIVATE+KEY+<name>+<hash>+<base64>`, as Go writes it. Whoever reads it can sign.
    pub fn to_private_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(vec![ED25519]);
        bytes.extend_from_slice(self.key.as_bytes());
        let key = Zeroizing::new(encoding::base64(&bytes));
        let hash = self.verifier().key_hash();
        Zeroizing::new(format!("PRIVATE+KEY+{}+{hash:08x}+{}", self.name, *key))
    }

    /// The note: the text, an empty line, and this key's signature line.
    ///
    /// # Errors
    /// When the text does not end with a newline, has other control characters, or is too long.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        if !text.ends_with('\n') || has_control_characters(text) {
            return Err(NoteError::Text);
        }
        let mut signature = self.verifier().key_hash().to_be_bytes().to_vec();
        signature.extend(self.key.sign(text.as_bytes()).to_bytes());
        let note = format!("{text}\n{SIGNATURE_PREFIX}{} {}\n", self.name, encoding::base64(&signature));
        if note.len() > NOTE_BYTES_MAX { Err(NoteError::TooLong) } else { Ok(note) }
    }
}

/// Reads `PRIVATE+KEY+<name>+<hash>+<base64>`.
impl FromStr for SignerKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let rest = text.strip_prefix("PRIVATE+KEY+").ok_or(KeyError::PrivateForm)?;
        let (name, hash, algorithm, key) = key_parts(rest).ok_or(KeyError::PrivateForm)?;
        if algorithm != ED25519 {
            return Err(KeyError::Algorithm);
        }
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(key.as_slice().try_into().map_err(|_| KeyError::PrivateForm)?);
        let key = Self { name: name.to_owned(), key: SigningKey::from_bytes(&seed) };
        if key.verifier().key_hash() == hash { Ok(key) } else { Err(KeyError::Hash) }
    }
}

/// Prints the name, not the key.
impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignerKey({}, …)", self.name)
    }
}

/// A public key that verifies notes.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

impl VerifierKey {
    /// The name that stands in the signature lines of its private key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number that stands in front of its signatures: the first four bytes of
    /// SHA-256(name ‖ newline ‖ algorithm ‖ key).
    pub fn key_hash(&self) -> u32 {
        key_hash(&self.name, ED25519, self.key.as_bytes())
    }
}

/// `<name>+<hash>+<base64>`, as Go writes it: what the node publishes and an inspector keeps.
impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![ED25519];
        bytes.extend(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.key_hash(), encoding::base64(&bytes))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

/// Reads `<name>+<hash>+<base64>`.
impl FromStr for VerifierKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, hash, algorithm, key) = key_parts(text).ok_or(KeyError::PublicForm)?;
        if key_hash(name, algorithm, &key) != hash {
            return Err(KeyError::Hash);
        }
        if algorithm != ED25519 {
            return Err(KeyError::Algorithm);
        }
        let key: [u8; 32] = key.as_slice().try_into().map_err(|_| KeyError::PublicForm)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| KeyError::Unsound)?;
        if key.is_weak() { Err(KeyError::Unsound) } else { Ok(Self { name: name.to_owned(), key }) }
    }
}

/// A note of which at least one signature is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The text that was signed, with its newline at the end.
    pub text: String,
    /// The names of the given keys that have signed it, each once.
    pub signers: Vec<String>,
}

/// The text of the note, if one of these keys has signed it and none of them is named wrongly.
///
/// # Errors
/// As [`open`].
pub fn verify(note: &str, keys: &[VerifierKey]) -> Result<String, NoteError> {
    open(note, keys).map(|opened| opened.text)
}

/// The text of the note and who has signed it, by the rules of Go's `note.Open`: signatures of unknown keys are passed
/// over, of a known key the first counts, and a wrong one by a known key spoils the note.
///
/// # Errors
/// When it is not a note, none of the keys has signed it, or one of them is said to have and has not.
pub fn open(note: &str, keys: &[VerifierKey]) -> Result<Opened, NoteError> {
    if note.len() > NOTE_BYTES_MAX {
        return Err(NoteError::TooLong);
    }
    if has_control_characters(note) {
        return Err(NoteError::Malformed);
    }
    // The last empty line separates; the text keeps its newline.
    let split = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
    let (text, rest) = note.split_at_checked(split.saturating_add(1)).ok_or(NoteError::Malformed)?;
    let signatures = rest.strip_prefix('\n').and_then(|rest| rest.strip_suffix('\n')).ok_or(NoteError::Malformed)?;
    let mut seen = BTreeSet::new();
    let mut signers = Vec::new();
    for (count, line) in signatures.split('\n').enumerate() {
        if count == SIGNATURES_MAX {
            return Err(NoteError::Malformed);
        }
        let (name, hash, signature) = signature_parts(line).ok_or(NoteError::Malformed)?;
        let Some(key) = find_key(keys, name, hash)? else { continue };
        if !seen.insert((name, hash)) {
            continue;
        }
        let signed = Signature::from_slice(&signature).and_then(|s| key.key.verify_strict(text.as_bytes(), &s));
        signed.map_err(|_| NoteError::WrongSignature(name.to_owned()))?;
        // One name may stand for two keys while a key is being changed.
        if !signers.iter().any(|signer| signer == name) {
            signers.push(name.to_owned());
        }
    }
    if signers.is_empty() { Err(NoteError::NotSigned) } else { Ok(Opened { text: text.to_owned(), signers }) }
}

/// The one key with this name and hash; name and hash together say which key is meant.
fn find_key<'a>(keys: &'a [VerifierKey], name: &str, hash: u32) -> Result<Option<&'a VerifierKey>, NoteError> {
    let mut found = keys.iter().filter(|key| key.name == name && key.key_hash() == hash);
    match (found.next(), found.next()) {
        (key, None) => Ok(key),
        (_, Some(_)) => Err(NoteError::AmbiguousKey(name.to_owned())),
    }
}

/// Name, key hash and signature of one line.
fn signature_parts(line: &str) -> Option<(&str, u32, Vec<u8>)> {
    let (name, base64) = line.strip_prefix(SIGNATURE_PREFIX)?.split_once(' ')?;
    let bytes = encoding::from_base64(base64)?;
    let (hash, signature) = bytes.split_first_chunk::<4>()?;
    let sound = is_name(name) && !signature.is_empty();
    sound.then(|| (name, u32::from_be_bytes(*hash), signature.to_vec()))
}

/// Name, hash, algorithm and key bytes of `<name>+<hash>+<base64>`.
fn key_parts(text: &str) -> Option<(&str, u32, u8, Zeroizing<Vec<u8>>)> {
    if text.len() > KEY_BYTES_MAX {
        return None;
    }
    let (name, rest) = text.split_once('+')?;
    let (hash, base64) = rest.split_once('+')?;
    if !is_name(name) || hash.len() != 8 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let hash = u32::from_str_radix(hash, 16).ok()?;
    let bytes = Zeroizing::new(encoding::from_base64(base64)?);
    let (algorithm, key) = bytes.split_first()?;
    Some((name, hash, *algorithm, Zeroizing::new(key.to_vec())))
}

fn key_hash(name: &str, algorithm: u8, key: &[u8]) -> u32 {
    let digest: [u8; 32] =
        Sha256::new().chain_update(name).chain_update([b'\n', algorithm]).chain_update(key).finalize().into();
    digest.first_chunk().map_or(0, |first| u32::from_be_bytes(*first))
}

fn is_name(name: &str) -> bool {
    let sound = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
    !name.is_empty() && name.len() <= KEY_NAME_BYTES_MAX && name.chars().all(sound)
}

/// ASCII control characters other than newline have no place in a note.
fn has_control_characters(text: &str) -> bool {
    text.bytes().any(|byte| byte < 0x20 && byte != b'\n')
}

#[cfg(test)]
mod tests;
