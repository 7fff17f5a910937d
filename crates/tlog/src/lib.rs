//! The tamper-evident log as arithmetic: tree, proofs, tiles, checkpoints, proof files.
//!
//! What it is: the Merkle tree of RFC 6962 with SHA-256, and the texts that other tools read: the checkpoint body
//! (`c2sp.org/tlog-checkpoint`), tiles and entry bundles (`c2sp.org/tlog-tiles`), and `.tlog-proof` files
//! (`c2sp.org/tlog-proof@v1`).
//!
//! What it is not: it stores nothing, signs nothing and asks nobody. Nodes are read through a function that the caller
//! hands in, so the same arithmetic works over a SQL table, over a file of hashes and over fetched tiles. Signatures
//! are in `crypto`. It has no clock and no randomness, does not wait, and does not panic: whatever it parses is bounded.
//!
//! Where to start: [`append`] makes the nodes that a new entry completes, [`inclusion_proof`] and [`consistency_proof`]
//! make proofs, [`verify_inclusion`] and [`verify_consistency`] judge them; then [`proof`] for the files handed out.
//!
//! The words: an *entry* is what is logged, at most [`ENTRY_BYTES_MAX`] bytes. Its *leaf* is its hash. A *node* is the
//! hash of a complete subtree ([`NodeAt`]); once made it never changes, which is why only nodes need storing. The
//! *root* is the hash of the whole tree at one *size*.

// INVARIANT (pure-core)
#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice))]

pub mod checkpoint;
mod encoding;
pub mod proof;
pub mod tile;
mod tree;
mod verify;

pub use tree::{
    BuildError, NodeAt, append, append_nodes, consistency_nodes, consistency_proof, inclusion_nodes, inclusion_proof,
    leaf_hash, node_count, node_hash, root, root_nodes,
};
pub use verify::{ProofError, verify_consistency, verify_inclusion};

/// A SHA-256 hash, of a leaf, a node or a root.
pub type Hash = [u8; 32];

/// The longest entry, in bytes: an entry bundle states lengths in 16 bits (`c2sp.org/tlog-tiles`).
pub const ENTRY_BYTES_MAX: usize = 65_535;

/// The largest tree, in entries: what other implementations, which count in signed 64 bits, can read.
pub const SIZE_MAX: u64 = i64::MAX as u64;

/// The longest proof, in hashes. No proof in a tree of [`SIZE_MAX`] entries needs more.
pub const PROOF_HASHES_MAX: usize = 64;

/// The longest signed note, in bytes: room for the sixteen signatures that a reader must accept, also for those of
/// post-quantum keys (`c2sp.org/signed-note`).
pub const NOTE_BYTES_MAX: usize = 131_072;
