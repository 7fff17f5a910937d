//! Judging proofs: what a stranger does with a proof, a leaf and two roots (RFC 9162, sections 2.1.3.2 and 2.1.4.2).

use crate::{Hash, PROOF_HASHES_MAX, node_hash, tree};
use sha2::{Digest, Sha256};

/// Why a proof proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The index is not below the size.
    #[error("entry {index} is not among the {size} entries of the checkpoint")]
    IndexOutside {
        /// The entry that the proof speaks of, from 0.
        index: u64,
        /// The size that the checkpoint states, in entries.
        size: u64,
    },
    /// The older size is larger than the newer one.
    #[error("a log of {new} entries cannot continue one of {old}")]
    SizesReversed {
        /// The size said to be older.
        old: u64,
        /// The size said to be newer.
        new: u64,
    },
    /// More or fewer hashes than these sizes need.
    #[error("the proof has {found} hashes where {expected} are needed")]
    WrongLength {
        /// How many hashes the proof must have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// The hashes lead somewhere else: another entry, another place or another tree.
    #[error("the proof does not lead to the checkpoint's root")]
    RootMismatch,
    /// The hashes do not lead to the older root.
    #[error("the proof does not lead to the older checkpoint's root: the log did not only grow")]
    OldRootMismatch,
}

/// Whether `proof` shows that the entry with hash `leaf` stands at `index` in the tree with this size and root.
///
/// # Errors
/// A [`ProofError`] that names what is wrong; then nothing is shown.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::IndexOutside { index, size });
    }
    check_length(tree::inclusion_spans(index, size).len(), proof.len())?;
    let (mut here, mut last) = (index, size.saturating_sub(1));
    let mut hash = *leaf;
    for beside in proof {
        if last == 0 {
            return Err(ProofError::RootMismatch);
        }
        if here & 1 == 1 || here == last {
            hash = node_hash(beside, &hash);
            (here, last) = skip_missing_siblings(here, last);
        } else {
            hash = node_hash(&hash, beside);
        }
        (here, last) = (here >> 1, last >> 1);
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(ProofError::RootMismatch) }
}

/// Whether `proof` shows that the tree with the new size and root continues the tree with the old size and root: same
/// entries in the same places, and perhaps more. Every tree continues the empty one.
///
/// # Errors
/// A [`ProofError`] that names what is wrong; then nothing is shown.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::SizesReversed { old: old_size, new: new_size });
    }
    check_length(tree::consistency_spans(old_size, new_size).len(), proof.len())?;
    if old_size == 0 && *old_root != Hash::from(Sha256::digest([])) {
        return Err(ProofError::OldRootMismatch);
    }
    if old_size == new_size {
        return if old_root == new_root { Ok(()) } else { Err(ProofError::OldRootMismatch) };
    }
    if old_size == 0 {
        return Ok(());
    }
    let (mut here, mut last) = (old_size.saturating_sub(1), new_size.saturating_sub(1));
    let shared = here.trailing_ones();
    (here, last) = (here >> shared.min(63), last >> shared.min(63));
    // An older tree of 2^n entries is a node of the newer one, so the proof leaves it out.
    let (start, rest) = match proof.split_first() {
        Some((first, rest)) if !old_size.is_power_of_two() => (*first, rest),
        _ => (*old_root, proof),
    };
    let (mut old_hash, mut new_hash) = (start, start);
    for beside in rest {
        if last == 0 {
            return Err(ProofError::RootMismatch);
        }
        if here & 1 == 1 || here == last {
            old_hash = node_hash(beside, &old_hash);
            new_hash = node_hash(beside, &new_hash);
            (here, last) = skip_missing_siblings(here, last);
        } else {
            new_hash = node_hash(&new_hash, beside);
        }
        (here, last) = (here >> 1, last >> 1);
    }
    if old_hash != *old_root {
        return Err(ProofError::OldRootMismatch);
    }
    if last == 0 && new_hash == *new_root { Ok(()) } else { Err(ProofError::RootMismatch) }
}

/// On the right edge a node may have no sibling on several levels; the proof has no hash for those.
fn skip_missing_siblings(here: u64, last: u64) -> (u64, u64) {
    if here == 0 {
        return (0, last);
    }
    let levels = here.trailing_zeros();
    (here >> levels, last >> levels)
}

fn check_length(expected: usize, found: usize) -> Result<(), ProofError> {
    if expected == found && found <= PROOF_HASHES_MAX {
        Ok(())
    } else {
        Err(ProofError::WrongLength { expected, found })
    }
}
