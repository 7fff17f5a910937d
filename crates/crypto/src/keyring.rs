//! The files a node's keys live in.
//!
//! A key file holds one line of text: a signing key as Go's note package writes it, or
//! `SECRET+KEY+<purpose>+<check>+<base64>`, so that a file that was cut short or put in another's place is noticed.
//!
//! All keys are made together, in a folder beside, which is then given its name in one step. So a folder of keys is
//! either complete, or it has been damaged since; a missing key is never made anew, for what was sealed or signed with
//! the old one would be lost without a word.

use crate::{
    encoding,
    note::{KeyError, SignerKey},
    seal::SealKey,
    secret,
    token::TokenKey,
};
use sha2::{Digest, Sha256};
use std::{
    fmt, fs,
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// The longest key file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 4_096;

/// Nobody but the owner may read a key.
const FILE_MODE: u32 = 0o600;

/// The keys of a node.
pub struct Keyring {
    /// Signs the checkpoints of the node's record; its name, and the log's origin, is `<node>/record`.
    pub log_signer: SignerKey,
    /// Signs the checkpoints of the plane's usage log; its name, and the log's origin, is `<node>/usage`.
    pub usage_signer: SignerKey,
    /// Signs the grant book for the plane; its name is `<node>/book`.
    pub book_signer: SignerKey,
    /// Seals what is stored or handed out closed: locations of sources, cursors.
    pub seal: SealKey,
    /// Makes and checks access tokens.
    pub token: TokenKey,
    /// From which each grant's mask key is derived.
    pub mask_master: Zeroizing<[u8; 32]>,
}

/// Why a node has no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The node's name cannot name a key.
    #[error("the node's name `{node}` cannot name its keys")]
    Node {
        /// The name.
        node: String,
        /// What is wrong with it.
        source: KeyError,
    },
    /// The operating system refused.
    #[error("the key file or folder {} cannot be {doing}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Others may read the file or write the folder.
    #[error("{} is open to other accounts (mode {mode:03o}): take their rights away with chmod {wanted:03o}", path.display())]
    Exposed {
        /// The file or folder.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
        /// What they should be.
        wanted: u32,
    },
    /// A key is gone.
    #[error("the key file {} is missing while the folder is there: restore it from the backup", .0.display())]
    Missing(PathBuf),
    /// A key file is not what was written.
    #[error("the key file {} is cut short, damaged or another key's: restore it from the backup", .0.display())]
    Damaged(PathBuf),
    /// The keys are another node's, or the node was renamed.
    #[error("the key file {} is of `{found}`, but this node's key is `{wanted}`: a node keeps its name", path.display())]
    OtherNode {
        /// The key file.
        path: PathBuf,
        /// The name in it.
        found: String,
        /// The name that this node's key has.
        wanted: String,
    },
}

impl Keyring {
    /// The keys in the folder `dir`, for the node with this name. When there is no such folder, or an empty one, new
    /// keys are made.
    ///
    /// # Errors
    /// When a key is missing, damaged, another node's or readable by others, or the file system refuses.
    pub fn open_or_create(dir: &Path, node: &str) -> Result<Self, KeyringError> {
        if is_absent_or_empty(dir)? {
            create(dir, node)?;
        }
        check_mode(dir, &fs::metadata(dir).map_err(io_error("read", dir))?, 0o022, 0o700)?;
        Ok(Self {
            log_signer: read_signer(dir, node, "record")?,
            usage_signer: read_signer(dir, node, "usage")?,
            book_signer: read_signer(dir, node, "book")?,
            seal: SealKey::from_bytes(*read_secret(dir, "seal")?),
            token: TokenKey::from_bytes(*read_secret(dir, "token")?),
            mask_master: read_secret(dir, "mask")?,
        })
    }
}

/// The master key for masks of the folder `dir` alone, for programs that only read what a node or a gateway has left, of
/// whatever name. Never makes one.
///
/// # Errors
/// When the key is missing, damaged or readable by others, or the file system refuses.
pub fn mask_master(dir: &Path) -> Result<Zeroizing<[u8; 32]>, KeyringError> {
    read_secret(dir, "mask")
}

/// Prints the names, not the keys.
impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({:?}, {:?}, {:?}, …)", self.log_signer, self.usage_signer, self.book_signer)
    }
}

fn is_absent_or_empty(dir: &Path) -> Result<bool, KeyringError> {
    match fs::read_dir(dir) {
        Ok(mut files) => Ok(files.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(source) => Err(KeyringError::Io { doing: "read", path: dir.to_owned(), source }),
    }
}

/// Makes all keys in a folder beside `dir` and gives it the name `dir`. When another process was faster, its keys stay.
fn create(dir: &Path, node: &str) -> Result<(), KeyringError> {
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(io_error("created", parent))?;
    let mut made = dir.as_os_str().to_owned();
    made.push(format!(".new-{}", secret::random_text(9)));
    let made = PathBuf::from(made);
    let result = fill(&made, node).and_then(|()| match fs::rename(&made, dir) {
        Ok(()) => sync(parent),
        Err(error) if was_faster(&error) => Ok(()),
        Err(source) => Err(KeyringError::Io { doing: "put in place", path: dir.to_owned(), source }),
    });
    // What is left over here was never used: after success there is nothing, so a failure to remove says nothing.
    let _ = fs::remove_dir_all(&made);
    result
}

/// Whether a folder with keys was there already; which of the two errors it is depends on the file system.
fn was_faster(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists)
}

fn fill(dir: &Path, node: &str) -> Result<(), KeyringError> {
    fs::DirBuilder::new().mode(0o700).create(dir).map_err(io_error("created", dir))?;
    for purpose in ["record", "usage", "book"] {
        let signer = SignerKey::generate(&format!("{node}/{purpose}"), secret::random_bytes());
        let signer = signer.map_err(|source| KeyringError::Node { node: node.to_owned(), source })?;
        write(&file(dir, purpose), &signer.to_private_text())?;
    }
    for purpose in ["seal", "token", "mask"] {
        write(&file(dir, purpose), &secret_text(purpose, &Zeroizing::new(secret::random_bytes())))?;
    }
    sync(dir)
}

fn file(dir: &Path, purpose: &str) -> PathBuf {
    dir.join(format!("{purpose}.key"))
}

fn write(path: &Path, text: &str) -> Result<(), KeyringError> {
    let open = fs::OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path);
    let mut file = open.map_err(io_error("created", path))?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).and_then(|()| file.sync_all());
    written.map_err(io_error("written", path))
}

/// Makes the names in a folder durable.
fn sync(dir: &Path) -> Result<(), KeyringError> {
    fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(io_error("written", dir))
}

/// The one line of a key file.
fn read(path: &Path) -> Result<Zeroizing<String>, KeyringError> {
    let file = fs::File::open(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => KeyringError::Missing(path.to_owned()),
        _ => KeyringError::Io { doing: "read", path: path.to_owned(), source },
    })?;
    // Of the open file, not of the path: what is checked is what is read.
    let metadata = file.metadata().map_err(io_error("read", path))?;
    check_mode(path, &metadata, 0o077, FILE_MODE)?;
    if !metadata.is_file() || metadata.len() > FILE_BYTES_MAX {
        return Err(KeyringError::Damaged(path.to_owned()));
    }
    // Large enough from the start: a text that grows leaves copies of itself behind.
    let mut text = Zeroizing::new(String::with_capacity(4_096));
    let read = file.take(FILE_BYTES_MAX).read_to_string(&mut text);
    read.map_err(|source| match source.kind() {
        io::ErrorKind::InvalidData => KeyringError::Damaged(path.to_owned()),
        _ => KeyringError::Io { doing: "read", path: path.to_owned(), source },
    })?;
    Ok(text)
}

fn check_mode(path: &Path, metadata: &fs::Metadata, refused: u32, wanted: u32) -> Result<(), KeyringError> {
    let mode = metadata.mode() & 0o777;
    if mode & refused == 0 { Ok(()) } else { Err(KeyringError::Exposed { path: path.to_owned(), mode, wanted }) }
}

fn read_signer(dir: &Path, node: &str, purpose: &str) -> Result<SignerKey, KeyringError> {
    let path = file(dir, purpose);
    let text = read(&path)?;
    let signer: SignerKey = text.trim_end().parse().map_err(|_| KeyringError::Damaged(path.clone()))?;
    let wanted = format!("{node}/{purpose}");
    if signer.name() == wanted {
        Ok(signer)
    } else {
        Err(KeyringError::OtherNode { path, found: signer.name().to_owned(), wanted })
    }
}

fn read_secret(dir: &Path, purpose: &str) -> Result<Zeroizing<[u8; 32]>, KeyringError> {
    let path = file(dir, purpose);
    let text = read(&path)?;
    // The fourth plus ends the check digits; in base64 there may be more.
    let bytes = text.trim_end().splitn(5, '+').nth(4).and_then(encoding::from_base64).map(Zeroizing::new);
    let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok()).map(Zeroizing::new);
    // Written again it must be the same: the purpose, the check digits and the key are all as they were.
    bytes.filter(|bytes| *secret_text(purpose, bytes) == text.trim_end()).ok_or(KeyringError::Damaged(path))
}

/// `SECRET+KEY+<purpose>+<check>+<base64>`; the check is of purpose and key.
fn secret_text(purpose: &str, key: &[u8; 32]) -> Zeroizing<String> {
    let check = Sha256::new().chain_update(purpose).chain_update(b"\n").chain_update(key).finalize();
    let check: String = encoding::hex(&check).chars().take(8).collect();
    let key = Zeroizing::new(encoding::base64(key));
    Zeroizing::new(format!("SECRET+KEY+{purpose}+{check}+{}", *key))
}

fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> KeyringError {
    let path = path.to_owned();
    move |source| KeyringError::Io { doing, path, source }
}

#[cfg(test)]
mod tests;
