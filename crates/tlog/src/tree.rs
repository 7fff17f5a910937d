//! The tree of RFC 6962, section 2.1, over stored nodes: growing it, its root, and the making of proofs.
//!
//! Everything rests on one observation: a range `D[lo:hi]` of the recursion in the RFC, seen from its left end, is a
//! row of complete subtrees of falling size. So every hash of a proof is a fold over stored nodes, and the nodes can be
//! listed before any is read.

use crate::Hash;
use sha2::{Digest, Sha256};

/// The hash of an entry: SHA-256(0x00 ‖ entry).
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0x00]).chain_update(entry).finalize().into()
}

/// The hash over two children: SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([0x01]).chain_update(left).chain_update(right).finalize().into()
}

/// The place of a complete subtree: the `index`-th, from 0, of those with 2^`level` leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeAt {
    /// Height above the leaves; 0 is a leaf.
    pub level: u8,
    /// Number within the level, from 0.
    pub index: u64,
}

impl NodeAt {
    /// How many nodes are complete before this one, when nodes are counted in the order in which [`append`] makes them.
    /// A file that holds nothing but hashes in that order has this node at 32 times this offset, in bytes.
    pub fn place(self) -> u64 {
        // The leaf that completes the node, and the nodes that this leaf completes below it.
        let last_leaf = last_leaf(self);
        node_count(last_leaf).saturating_add(u64::from(self.level))
    }

    /// Whether the node is complete in a tree of `size` entries.
    pub fn is_within(self, size: u64) -> bool {
        self.level < 64 && self.index < size >> self.level
    }
}

/// The number of nodes, leaves included, of a tree of `size` entries: those that [`append`] has made until then.
pub fn node_count(size: u64) -> u64 {
    size.saturating_mul(2).saturating_sub(u64::from(size.count_ones()))
}

/// The index of the last leaf under a node.
fn last_leaf(node: NodeAt) -> u64 {
    let next = u128::from(node.index).saturating_add(1).checked_shl(u32::from(node.level)).unwrap_or(u128::MAX);
    u64::try_from(next.saturating_sub(1)).unwrap_or(u64::MAX)
}

/// Why a proof could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError<E> {
    /// The entry is not in the tree of that size.
    #[error("entry {index} is not among the {size} entries of the log")]
    IndexOutside {
        /// The wanted entry, from 0.
        index: u64,
        /// The size of the tree, in entries.
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
    /// A node could not be read.
    #[error("a node of the log could not be read")]
    Read(#[source] E),
}

/// The nodes that the new leaf at index `size` completes, in order: the leaf itself first, then upwards. `read` is asked
/// for the nodes of [`append_nodes`], all of them complete before.
///
/// # Errors
/// What `read` answers.
pub fn append<E>(
    size: u64,
    leaf: Hash,
    read: &mut dyn FnMut(NodeAt) -> Result<Hash, E>,
) -> Result<Vec<(NodeAt, Hash)>, E> {
    let mut made = vec![(NodeAt { level: 0, index: size }, leaf)];
    let mut hash = leaf;
    for left in append_nodes(size) {
        hash = node_hash(&read(left)?, &hash);
        made.push((NodeAt { level: left.level.saturating_add(1), index: left.index >> 1 }, hash));
    }
    Ok(made)
}

/// The nodes that [`append`] reads at this size.
pub fn append_nodes(size: u64) -> Vec<NodeAt> {
    // Each low bit that is set is a left sibling that waits for its right one.
    let waiting = size.trailing_ones().min(63);
    (0_u8..64).zip(0..waiting).map(|(level, _)| NodeAt { level, index: (size >> level).saturating_sub(1) }).collect()
}

/// The root of the tree of `size` entries; of the empty tree, SHA-256 of nothing. `read` is asked for the nodes of
/// [`root_nodes`].
///
/// # Errors
/// What `read` answers.
pub fn root<E>(size: u64, read: &mut dyn FnMut(NodeAt) -> Result<Hash, E>) -> Result<Hash, E> {
    Span { from: 0, to: size }.hash(read)
}

/// The nodes that [`root`] reads.
pub fn root_nodes(size: u64) -> Vec<NodeAt> {
    Span { from: 0, to: size }.nodes()
}

/// The proof that the entry at `index` is in the tree of `size` entries: from the leaf's sibling to the root's child
/// (RFC 6962, section 2.1.1). `read` is asked for the nodes of [`inclusion_nodes`].
///
/// # Errors
/// When the index is not below the size, and what `read` answers.
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    read: &mut dyn FnMut(NodeAt) -> Result<Hash, E>,
) -> Result<Vec<Hash>, BuildError<E>> {
    if index >= size {
        return Err(BuildError::IndexOutside { index, size });
    }
    hashes(&inclusion_spans(index, size), read)
}

/// The nodes that [`inclusion_proof`] reads; none when the index is not below the size.
pub fn inclusion_nodes(index: u64, size: u64) -> Vec<NodeAt> {
    inclusion_spans(index, size).iter().flat_map(|span| span.nodes()).collect()
}

/// The proof that the tree of `new` entries continues the tree of `old` entries (RFC 6962, section 2.1.2). Empty when
/// the sizes are equal and when the older tree is empty. `read` is asked for the nodes of [`consistency_nodes`].
///
/// # Errors
/// When `old` is larger than `new`, and what `read` answers.
pub fn consistency_proof<E>(
    old: u64,
    new: u64,
    read: &mut dyn FnMut(NodeAt) -> Result<Hash, E>,
) -> Result<Vec<Hash>, BuildError<E>> {
    if old > new {
        return Err(BuildError::SizesReversed { old, new });
    }
    hashes(&consistency_spans(old, new), read)
}

/// The nodes that [`consistency_proof`] reads; none when `old` is larger than `new`.
pub fn consistency_nodes(old: u64, new: u64) -> Vec<NodeAt> {
    consistency_spans(old, new).iter().flat_map(|span| span.nodes()).collect()
}

fn hashes<E>(spans: &[Span], read: &mut dyn FnMut(NodeAt) -> Result<Hash, E>) -> Result<Vec<Hash>, BuildError<E>> {
    spans.iter().map(|span| span.hash(read).map_err(BuildError::Read)).collect()
}

/// A range of entries that the recursion of the RFC visits: `from` is a multiple of every subtree size that fits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    from: u64,
    to: u64,
}

impl Span {
    fn len(self) -> u64 {
        self.to.saturating_sub(self.from)
    }

    /// Where the recursion splits it: at the largest power of two below its length. `None` for fewer than two entries.
    fn split(self) -> Option<u64> {
        let level = self.len().checked_sub(1)?.checked_ilog2()?;
        self.from.checked_add(1 << level)
    }

    /// The complete subtrees it consists of, from the left, each smaller than the one before.
    fn nodes(self) -> Vec<NodeAt> {
        let mut nodes = Vec::new();
        let mut from = self.from;
        for level in (0_u8..64).rev() {
            if self.len() >> level & 1 == 1 {
                nodes.push(NodeAt { level, index: from >> level });
                from = from.saturating_add(1 << level);
            }
        }
        nodes
    }

    /// Its hash, MTH(D[from:to]) of the RFC.
    fn hash<E>(self, read: &mut dyn FnMut(NodeAt) -> Result<Hash, E>) -> Result<Hash, E> {
        let mut parts = Vec::new();
        for node in self.nodes() {
            parts.push(read(node)?);
        }
        let folded = parts.into_iter().rev().reduce(|right, left| node_hash(&left, &right));
        Ok(folded.unwrap_or_else(|| Sha256::digest([]).into()))
    }
}

/// The spans whose hashes are the inclusion proof, from the leaf to the root: PATH(m, D[n]) of the RFC.
pub(crate) fn inclusion_spans(index: u64, size: u64) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut here = Span { from: 0, to: size };
    if index >= size {
        return spans;
    }
    while let Some(middle) = here.split() {
        let (left, right) = (Span { to: middle, ..here }, Span { from: middle, ..here });
        let (inside, beside) = if index < middle { (left, right) } else { (right, left) };
        spans.push(beside);
        here = inside;
    }
    spans.reverse();
    spans
}

/// The spans whose hashes are the consistency proof: PROOF(m, D[n]) of the RFC.
pub(crate) fn consistency_spans(old: u64, new: u64) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut here = Span { from: 0, to: new };
    if old == 0 || old >= new {
        return spans;
    }
    while here.to != old {
        let Some(middle) = here.split() else { break };
        let (left, right) = (Span { to: middle, ..here }, Span { from: middle, ..here });
        let (inside, beside) = if old <= middle { (left, right) } else { (right, left) };
        spans.push(beside);
        here = inside;
    }
    // A subtree that starts at the first entry is the older tree itself, which the verifier has.
    if here.from != 0 {
        spans.push(here);
    }
    spans.reverse();
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_follow_the_order_of_making() {
        let mut count = 0;
        for size in 0..2_000_u64 {
            assert_eq!(node_count(size), count, "{size}");
            let made = append(size, [0; 32], &mut |at| {
                assert!(at.is_within(size) && at.place() < count, "{at:?} is complete before {size}");
                Ok::<_, ()>([0; 32])
            });
            for (at, _) in made.unwrap_or_default() {
                assert_eq!(at.place(), count, "{at:?}");
                assert!(at.is_within(size + 1) && !at.is_within(size), "{at:?}");
                count += 1;
            }
        }
    }

    #[test]
    fn the_largest_numbers_do_no_harm() {
        for size in [u64::MAX, u64::MAX - 1, crate::SIZE_MAX, 1 << 63, 1 << 62] {
            assert!(root_nodes(size).len() <= 64);
            assert!(append_nodes(size).len() <= 63);
            for index in [0, 1, size / 2, size - 1, size] {
                assert!(inclusion_spans(index, size).len() <= crate::PROOF_HASHES_MAX);
                assert!(consistency_spans(index, size).len() <= crate::PROOF_HASHES_MAX + 1);
            }
        }
        assert_eq!(NodeAt { level: 255, index: u64::MAX }.place(), u64::MAX);
        assert!(!NodeAt { level: 255, index: 0 }.is_within(u64::MAX));
    }

    #[test]
    fn what_is_not_in_the_tree_has_no_proof() {
        let read = &mut |_: NodeAt| Ok::<_, ()>([0; 32]);
        assert_eq!(inclusion_proof(3, 3, read), Err(BuildError::IndexOutside { index: 3, size: 3 }));
        assert_eq!(consistency_proof(4, 3, read), Err(BuildError::SizesReversed { old: 4, new: 3 }));
        assert_eq!(inclusion_proof(0, 2, &mut |_| Err("gone")), Err(BuildError::Read("gone")));
        assert!(inclusion_nodes(3, 3).is_empty() && consistency_nodes(4, 3).is_empty());
    }
}
