//! What changed in the book from one epoch to another.

use super::{BookError, GatewayCredential, GrantTerms, SourceSpec, SystemCredential, form, signed, unsigned};
use shuqiao_crypto::note::{SignerKey, VerifierKey};
use shuqiao_vocabulary::id::{GatewayId, GrantId, SystemId};

const NOTE_HEADER: &str = "shuqiao grant book change v1";

/// What changed. It applies to a book of exactly the epoch `from`, which it makes one of the epoch `to`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The node's name.
    pub node: String,
    /// The epoch it applies to.
    pub from: u64,
    /// The epoch it leads to; larger than `from`.
    pub to: u64,
    /// Grants that are new or have other terms.
    pub grants: Vec<GrantTerms>,
    /// Grants that are no longer in force.
    pub grants_gone: Vec<GrantId>,
    /// Systems that are new or have other secrets.
    pub systems: Vec<SystemCredential>,
    /// Systems that may call no longer.
    pub systems_gone: Vec<SystemId>,
    /// Sources that are new or lie elsewhere. A source that nothing points to does no harm, so none ever goes.
    pub sources: Vec<SourceSpec>,
    /// Gateways that are new.
    pub gateways: Vec<GatewayCredential>,
    /// Gateways that were removed.
    pub gateways_gone: Vec<GatewayId>,
    /// Mask keys of the grants here, for a gateway.
    pub mask_keys: Vec<(GrantId, [u8; 32])>,
}

/// A change with its signature, as bytes: length of the note (4 bytes, big end first), the note, the change. The note names
/// the node, both epochs and SHA-256 of the change, so that none can be taken for another or put in another's place.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedChange(Vec<u8>);

impl Change {
    /// Signs the change.
    ///
    /// # Errors
    /// `Malformed` when the node's name cannot stand in a note.
    pub fn sign(&self, signer: &SignerKey) -> Result<SignedChange, BookError> {
        let body = form::change_to_bytes(self);
        signed(&note_text(self, &body), &body, signer).map(SignedChange)
    }
}

impl SignedChange {
    /// Bytes received from elsewhere; nothing is believed before [`SignedChange::open`].
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The change, when the signature holds.
    ///
    /// # Errors
    /// `Malformed`, `Signature`, `Value`.
    pub fn open(&self, verifier: &VerifierKey) -> Result<Change, BookError> {
        let (text, body) = unsigned(&self.0, verifier)?;
        let change = form::change_from_bytes(body)?;
        if text != note_text(&change, body) {
            return Err(BookError::Signature);
        }
        if change.to > change.from { Ok(change) } else { Err(BookError::Malformed("a change that goes nowhere")) }
    }
}

fn note_text(change: &Change, body: &[u8]) -> String {
    let Change { node, from, to, .. } = change;
    format!("{NOTE_HEADER}\n{node}\n{from}\n{to}\n{}\n", shuqiao_crypto::digest::sha256_hex(body))
}
