//! Every size up to 600 against the reference; then what a liar could change.

use crate::reference::{self, Log};
use proptest::{prelude::*, sample::Index};
use shuqiao_tlog::{
    Hash, ProofError, consistency_nodes, consistency_proof, inclusion_nodes, inclusion_proof, root, root_nodes,
    verify_consistency, verify_inclusion,
};
use std::{cell::RefCell, sync::LazyLock};

const SIZE_TESTED_MAX: u64 = 600;

static LOG: LazyLock<Log> = LazyLock::new(|| Log::of(SIZE_TESTED_MAX));

fn root_of(size: u64) -> Hash {
    root(size, &mut |at| LOG.read(at)).unwrap()
}

fn inclusion(index: u64, size: u64) -> Vec<Hash> {
    inclusion_proof(index, size, &mut |at| LOG.read(at)).unwrap()
}

fn consistency(old: u64, new: u64) -> Vec<Hash> {
    consistency_proof(old, new, &mut |at| LOG.read(at)).unwrap()
}

fn leaves(size: u64) -> &'static [Hash] {
    &LOG.leaves[..size as usize]
}

#[test]
fn every_root_is_that_of_the_reference() {
    for size in 0..=SIZE_TESTED_MAX {
        assert_eq!(root_of(size), reference::root(leaves(size)), "{size}");
    }
}

#[test]
fn every_inclusion_proof_holds() {
    for size in 1..=SIZE_TESTED_MAX {
        let root = root_of(size);
        for index in 0..size {
            let proof = inclusion(index, size);
            assert_eq!(verify_inclusion(&LOG.leaves[index as usize], index, size, &root, &proof), Ok(()));
        }
    }
}

#[test]
fn every_consistency_proof_holds() {
    let roots: Vec<Hash> = (0..=SIZE_TESTED_MAX).map(root_of).collect();
    for new in 0..=SIZE_TESTED_MAX {
        for old in 0..=new {
            let proof = consistency(old, new);
            let (old_root, new_root) = (&roots[old as usize], &roots[new as usize]);
            assert_eq!(verify_consistency(old, old_root, new, new_root, &proof), Ok(()), "{old} {new}");
        }
    }
}

#[test]
fn readers_are_asked_for_the_listed_nodes_and_nothing_else() {
    let seen = RefCell::new(Vec::new());
    let mut read = |at| {
        seen.borrow_mut().push(at);
        LOG.read(at)
    };
    for size in (0..=130).chain([255, 256, 257, 511, 512, 513, 600]) {
        root(size, &mut read).unwrap();
        assert_eq!(seen.take(), root_nodes(size));
        for other in 0..size {
            inclusion_proof(other, size, &mut read).unwrap();
            assert_eq!(seen.take(), inclusion_nodes(other, size));
            consistency_proof(other, size, &mut read).unwrap();
            assert_eq!(seen.take(), consistency_nodes(other, size));
        }
    }
}

#[test]
fn another_empty_tree_or_another_equal_tree_is_refused() {
    assert_eq!(verify_consistency(0, &root_of(0), 5, &root_of(5), &[]), Ok(()));
    assert_eq!(verify_consistency(0, &root_of(1), 5, &root_of(5), &[]), Err(ProofError::OldRootMismatch));
    assert_eq!(verify_consistency(5, &root_of(5), 5, &root_of(4), &[]), Err(ProofError::OldRootMismatch));
    let reversed = verify_consistency(5, &root_of(5), 4, &root_of(4), &[]);
    assert_eq!(reversed, Err(ProofError::SizesReversed { old: 5, new: 4 }));
    let outside = verify_inclusion(&root_of(1), 1, 1, &root_of(1), &[]);
    assert_eq!(outside, Err(ProofError::IndexOutside { index: 1, size: 1 }));
}

/// A size and an index below it.
fn size_and_index() -> impl Strategy<Value = (u64, u64)> {
    (1..=SIZE_TESTED_MAX).prop_flat_map(|size| (Just(size), 0..size))
}

fn flipped(hash: &Hash, bit: u8) -> Hash {
    let mut hash = *hash;
    hash[usize::from(bit / 8)] ^= 1 << (bit % 8);
    hash
}

proptest! {
    #[test]
    fn proofs_are_those_of_the_reference((size, index) in size_and_index()) {
        prop_assert_eq!(inclusion(index, size), reference::path(index as usize, leaves(size)));
        let old = index + 1;
        prop_assert_eq!(consistency(old, size), reference::subproof(old as usize, leaves(size), true));
    }

    #[test]
    fn a_bent_inclusion_proof_is_refused((size, index) in size_and_index(), at in any::<Index>(), bit: u8) {
        let (root, proof, leaf) = (root_of(size), inclusion(index, size), LOG.leaves[index as usize]);
        let holds = |leaf: &Hash, root: &Hash, proof: &[Hash]| verify_inclusion(leaf, index, size, root, proof).is_ok();
        prop_assert!(holds(&leaf, &root, &proof));
        prop_assert!(!holds(&flipped(&leaf, bit), &root, &proof));
        prop_assert!(!holds(&leaf, &flipped(&root, bit), &proof));
        prop_assert!(!holds(&leaf, &root, &[proof.as_slice(), &[leaf]].concat()));
        if !proof.is_empty() {
            let at = at.index(proof.len());
            let (mut bent, mut shorter) = (proof.clone(), proof.clone());
            bent[at] = flipped(&bent[at], bit);
            shorter.remove(at);
            prop_assert!(!holds(&leaf, &root, &bent));
            prop_assert!(!holds(&leaf, &root, &shorter));
        }
    }

    #[test]
    fn another_place_or_another_root_is_refused((size, index) in size_and_index(), other in 0..=SIZE_TESTED_MAX) {
        let (root, proof, leaf) = (root_of(size), inclusion(index, size), LOG.leaves[index as usize]);
        if other != index {
            prop_assert!(verify_inclusion(&leaf, other, size, &root, &proof).is_err());
        }
        if other != size {
            // The size alone does not enter the hashes, so the root of the other size must come with it, as in a
            // checkpoint it does.
            prop_assert!(verify_inclusion(&leaf, index, other, &root_of(other), &proof).is_err());
        }
    }

    #[test]
    fn a_bent_consistency_proof_is_refused((size, index) in size_and_index(), at in any::<Index>(), bit: u8) {
        let (old, new) = (index + 1, size);
        let (old_root, new_root, proof) = (root_of(old), root_of(new), consistency(old, new));
        let holds = |old_root: &Hash, new_root: &Hash, proof: &[Hash]| {
            verify_consistency(old, old_root, new, new_root, proof).is_ok()
        };
        prop_assert!(holds(&old_root, &new_root, &proof));
        prop_assert!(!holds(&flipped(&old_root, bit), &new_root, &proof));
        prop_assert!(!holds(&old_root, &flipped(&new_root, bit), &proof));
        prop_assert!(!holds(&old_root, &new_root, &[proof.as_slice(), &[old_root]].concat()));
        if !proof.is_empty() {
            let at = at.index(proof.len());
            let (mut bent, mut shorter) = (proof.clone(), proof.clone());
            bent[at] = flipped(&bent[at], bit);
            shorter.remove(at);
            prop_assert!(!holds(&old_root, &new_root, &bent));
            prop_assert!(!holds(&old_root, &new_root, &shorter));
        }
    }

    #[test]
    fn nothing_said_by_a_stranger_stops_the_verifier(
        index: u64, size: u64, hashes in proptest::collection::vec(any::<Hash>(), 0..70),
    ) {
        let _ = verify_inclusion(&[0; 32], index, size, &[1; 32], &hashes);
        let _ = verify_consistency(index, &[0; 32], size, &[1; 32], &hashes);
        let _ = verify_consistency(u64::MAX - 1, &[0; 32], u64::MAX, &[1; 32], &hashes);
    }
}
