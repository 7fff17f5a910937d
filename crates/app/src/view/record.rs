//! The record: what happened, and how it is proved.

use shuqiao_store::JournalRow;

/// A record of the journal.
#[derive(Clone, Debug)]
pub struct JournalView {
    /// The record.
    pub row: JournalRow,
    /// Who.
    pub person_name: Option<String>,
    /// For whom.
    pub organisation_name: Option<String>,
}

/// The head of the log, signed.
#[derive(Clone, Debug)]
pub struct CheckpointView {
    /// Origin of the log.
    pub origin: String,
    /// Its size.
    pub size: u64,
    /// Its root hash.
    pub root: [u8; 32],
    /// The signed note.
    pub note: String,
    /// The key to verify it with.
    pub verifier_key: String,
}

/// Keys of the node's two logs.
#[derive(Clone, Debug)]
pub struct LogKeys {
    /// Origin of the record.
    pub origin: String,
    /// Its verifier key.
    pub verifier_key: String,
    /// Origin of the plane's usage log.
    pub usage_origin: String,
    /// Its verifier key.
    pub usage_verifier_key: String,
}
