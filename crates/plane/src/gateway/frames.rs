//! How the sealed parts of an answer stand one behind the other, on the way and in the file that a gateway keeps: kind
//! (1 byte), length (4 bytes, big end first), sealed bytes.

use super::{BOOK_SEAL, FollowError};
use crate::book::{SignedBook, SignedChange};
use shuqiao_crypto::seal::SealKey;

const PART: u8 = 1;
const CHANGE: u8 = 2;

/// What a frame holds.
pub(super) enum Frame {
    /// A part of a snapshot.
    Part(SignedBook),
    /// A change.
    Change(SignedChange),
}

impl Frame {
    /// Adds the frame, sealed.
    pub(super) fn write(&self, seal: &SealKey, to: &mut Vec<u8>) {
        let (kind, plain) = match self {
            Self::Part(book) => (PART, book.as_bytes()),
            Self::Change(change) => (CHANGE, change.as_bytes()),
        };
        // The kind is sealed along: a change cannot be handed out as a part.
        let sealed = seal.seal(&[BOOK_SEAL, &[kind]].concat(), plain);
        to.push(kind);
        to.extend_from_slice(&(sealed.len() as u32).to_be_bytes());
        to.extend_from_slice(&sealed);
    }

    /// Takes the next frame off; `None` at the end. An error also when the bytes end in the middle of one.
    pub(super) fn next(seal: &SealKey, bytes: &mut &[u8]) -> Result<Option<Self>, FollowError> {
        let Some((kind, rest)) = bytes.split_first() else { return Ok(None) };
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(FollowError::Malformed)?;
        let (sealed, rest) =
            rest.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or(FollowError::Malformed)?;
        let plain = seal.open(&[BOOK_SEAL, &[*kind]].concat(), sealed).map_err(|_| FollowError::NotForUs)?;
        *bytes = rest;
        match *kind {
            PART => Ok(Some(Self::Part(SignedBook::from_bytes(plain)))),
            CHANGE => Ok(Some(Self::Change(SignedChange::from_bytes(plain)))),
            _ => Err(FollowError::Malformed),
        }
    }
}
