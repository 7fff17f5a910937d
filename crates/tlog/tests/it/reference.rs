//! RFC 6962 written down as it reads there: recursive, slow, over all the leaves.

use shuqiao_tlog::{Hash, NodeAt, append, leaf_hash, node_hash};
use std::collections::BTreeMap;

/// MTH(D[n]).
pub(crate) fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&root(left), &root(right))
        }
    }
}

/// PATH(m, D[n]).
pub(crate) fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, beside) = if m < k { (path(m, left), right) } else { (path(m - k, right), left) };
    proof.push(root(beside));
    proof
}

/// SUBPROOF(m, D[n], b).
pub(crate) fn subproof(m: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if known { Vec::new() } else { vec![root(leaves)] };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, beside) =
        if m <= k { (subproof(m, left, known), right) } else { (subproof(m - k, right, false), left) };
    proof.push(root(beside));
    proof
}

/// The largest power of two below `n`, for `n` of at least 2.
fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// A log in memory: what a store does.
pub(crate) struct Log {
    pub(crate) leaves: Vec<Hash>,
    nodes: BTreeMap<NodeAt, Hash>,
}

impl Log {
    pub(crate) fn of(size: u64) -> Self {
        let mut log = Self { leaves: Vec::new(), nodes: BTreeMap::new() };
        for index in 0..size {
            let leaf = leaf_hash(format!("entry {index}").as_bytes());
            let made = append(index, leaf, &mut |at| log.read(at)).unwrap();
            log.leaves.push(leaf);
            log.nodes.extend(made);
        }
        log
    }

    pub(crate) fn read(&self, at: NodeAt) -> Result<Hash, NodeAt> {
        self.nodes.get(&at).copied().ok_or(at)
    }
}

/// 64 hexadecimal digits as a hash.
pub(crate) fn hash(digits: &str) -> Hash {
    from_hex(digits).try_into().unwrap()
}

/// Hexadecimal digits as bytes.
pub(crate) fn from_hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.chars().map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
