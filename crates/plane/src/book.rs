//! The grant book: what this plane may serve, signed by the node: a snapshot, in parts when it is large, and then the
//! changes from epoch to epoch.
//!
//! The book carries no decision of its own and no reason for one: the workflow decides, the plane serves from the book.

use shuqiao_crypto::note::{self, SignerKey, VerifierKey};
use shuqiao_vocabulary::{
    Grade, ItemName, ItemType, Mask, Moment, RowFilter, SharingMethod, SourceType,
    id::{GatewayId, GrantId, OrganisationId, SourceId, SystemId},
};

mod change;
mod form;
mod identity;

pub use identity::{NationalCredential, SystemIdentity, SystemKey};

pub use change::{Change, SignedChange};

/// A book older than this denies every call: a plane cut off from its node must not go on serving revoked grants.
pub const BOOK_STALE_SECONDS: i64 = 5;

/// Everything a plane serves from; or a part of it, when it is large. Systems and gateways are in the
/// first part, a source in that of the first grant on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Counts the editions; a lower one is never installed over a higher one.
    pub epoch: u64,
    /// The node's name; also the first half of the usage log's name.
    pub node: String,
    /// The grants in force.
    pub grants: Vec<GrantTerms>,
    /// The department systems that may ask for tokens.
    pub systems: Vec<SystemCredential>,
    /// The sources that grants point to.
    pub sources: Vec<SourceSpec>,
    /// The gateways that may follow this book.
    pub gateways: Vec<GatewayCredential>,
    /// Mask keys of grants, for a gateway; a plane that has the master key derives them itself.
    pub mask_keys: Vec<(GrantId, [u8; 32])>,
    /// Which part this is, from 0 on.
    pub part: u32,
    /// Whether another part follows; nothing is served from a book before its last part.
    pub more: bool,
}

/// The terms of one grant, as far as a delivery needs them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantTerms {
    /// The grant.
    pub id: GrantId,
    /// The department that may use it.
    pub requester: OrganisationId,
    /// The department whose data it is.
    pub provider: OrganisationId,
    /// Its name, by which Delta Sharing clients find the table.
    pub provider_name: String,
    /// The entry's name.
    pub entry_name: String,
    /// The requester's systems that may call.
    pub systems: Vec<SystemId>,
    /// The purpose a caller must repeat: the number of the request.
    pub purpose: String,
    /// The ways of sharing that were granted.
    pub methods: Vec<SharingMethod>,
    /// Where the data lie.
    pub source: SourceId,
    /// The table in the source, by its described name.
    pub table: String,
    /// The granted items, in order.
    pub items: Vec<GrantedItem>,
    /// Item, column and type of everything the row filter speaks of, also of items that are not granted.
    pub filter_columns: Vec<(ItemName, String, ItemType)>,
    /// The rows granted.
    pub rows: RowFilter,
    /// The columns that order and page the rows; unique together.
    pub key: Vec<String>,
    /// Calls a second.
    pub calls_per_second: u32,
    /// Rows in one call.
    pub rows_per_call: u32,
    /// Rows in one legal day.
    pub rows_per_day: u64,
    /// In force from this moment.
    pub valid_from: Moment,
    /// In force until this moment, which is still included.
    pub valid_until: Moment,
    /// Whether a system's call must carry a message signature: conditional sharing at grade 3 and above.
    pub signature_required: bool,
    /// Where to ask for more.
    pub request_url: String,
}

/// One granted item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantedItem {
    /// The name callers use.
    pub name: ItemName,
    /// The column in the source.
    pub column: String,
    /// The type it was published with.
    pub item_type: ItemType,
    /// Its grade.
    pub grade: Grade,
    /// How it is hidden, if it is.
    pub mask: Option<Mask>,
}

/// What a department system proves itself with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemCredential {
    /// The system; its id is the OAuth2 client id.
    pub id: SystemId,
    /// The department it belongs to.
    pub organisation: OrganisationId,
    /// SHA-256 of each secret that is good now (two while one is being rotated).
    pub secret_digests: Vec<[u8; 32]>,
    /// Keys, addresses and what else it proves itself with.
    pub identity: SystemIdentity,
}

/// A gateway that may follow. What it proves itself with is derived: see [`shuqiao_crypto::gateway`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GatewayCredential {
    /// The gateway.
    pub id: GatewayId,
    /// The department whose grants it is told, and no others.
    pub provider: OrganisationId,
}

/// Where a source is; the location is sealed, the book may lie about on disks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSpec {
    /// The source.
    pub id: SourceId,
    /// Its kind.
    pub kind: SourceType,
    /// A [`crate::source::Location`], sealed with [`crate::source::Location::seal`].
    pub sealed_location: Vec<u8>,
}

/// Why a book was not taken.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The bytes are not a signed book.
    #[error("not a signed grant book: {0}")]
    Malformed(&'static str),
    /// The signature does not hold.
    #[error("the grant book's signature does not hold")]
    Signature,
    /// A stored value is not what it should be.
    #[error("the grant book holds a wrong value: {0}")]
    Value(String),
    /// An older edition than the one in force.
    #[error("the grant book of epoch {offered} is older than the one in force ({installed})")]
    Old {
        /// Epoch in force.
        installed: u64,
        /// Epoch of the refused book.
        offered: u64,
    },
    /// A change that does not begin where this plane is: a snapshot is needed.
    #[error("the change of the grant book begins at epoch {from}, and epoch {installed} is in force")]
    Gap {
        /// Epoch in force.
        installed: u64,
        /// Epoch at which the change begins.
        from: u64,
    },
    /// A part of another book than the one before, or not the next one.
    #[error("part {part} of the grant book of epoch {epoch} is not the one that was expected")]
    Part {
        /// Epoch of the refused part.
        epoch: u64,
        /// Its number.
        part: u32,
    },
}

/// A book with its signature, as bytes: length of the note (4 bytes, big end first), the note, the book. The note names
/// node, epoch and SHA-256 of the book, so that one short signature covers a book of any size.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedBook(Vec<u8>);

const NOTE_HEADER: &str = "shuqiao grant book v1";

impl Book {
    /// Signs the book.
    ///
    /// # Errors
    /// `Malformed` when the node's name cannot stand in a note.
    pub fn sign(&self, signer: &SignerKey) -> Result<SignedBook, BookError> {
        let body = form::to_bytes(self);
        signed(&note_text(&self.node, self.epoch, &body), &body, signer).map(SignedBook)
    }
}

impl SignedBook {
    /// Bytes received from elsewhere; nothing is believed before [`SignedBook::open`].
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The book, when the signature holds.
    ///
    /// # Errors
    /// `Malformed`, `Signature`, `Value`.
    pub fn open(&self, verifier: &VerifierKey) -> Result<Book, BookError> {
        let (text, body) = unsigned(&self.0, verifier)?;
        let book = form::from_bytes(body)?;
        if text == note_text(&book.node, book.epoch, body) { Ok(book) } else { Err(BookError::Signature) }
    }
}

fn note_text(node: &str, epoch: u64, body: &[u8]) -> String {
    format!("{NOTE_HEADER}\n{node}\n{epoch}\n{}\n", shuqiao_crypto::digest::sha256_hex(body))
}

/// Length of the note (4 bytes, big end first), the signed note, the body.
fn signed(text: &str, body: &[u8], signer: &SignerKey) -> Result<Vec<u8>, BookError> {
    let note = signer.sign(text).map_err(|_| BookError::Malformed("the node's name cannot be signed"))?;
    let mut bytes = (note.len() as u32).to_be_bytes().to_vec();
    bytes.extend_from_slice(note.as_bytes());
    bytes.extend_from_slice(body);
    Ok(bytes)
}

/// The text of the note, which has been signed, and the body, which the text must be of.
fn unsigned<'a>(bytes: &'a [u8], verifier: &VerifierKey) -> Result<(String, &'a [u8]), BookError> {
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or(BookError::Malformed("too short"))?;
    let (note, body) =
        rest.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or(BookError::Malformed("too short"))?;
    let note = std::str::from_utf8(note).map_err(|_| BookError::Malformed("the note is not text"))?;
    let text = note::verify(note, std::slice::from_ref(verifier)).map_err(|_| BookError::Signature)?;
    Ok((text, body))
}
