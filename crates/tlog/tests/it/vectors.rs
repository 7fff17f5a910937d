//! The vectors that the Certificate Transparency projects test with: eight entries, their roots and proofs.

use crate::reference::{from_hex, hash};
use shuqiao_tlog::{
    Hash, NodeAt, append, consistency_proof, inclusion_proof, leaf_hash, root, verify_consistency, verify_inclusion,
};
use std::collections::BTreeMap;

const ENTRIES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn nodes() -> BTreeMap<NodeAt, Hash> {
    let mut nodes = BTreeMap::new();
    for (size, entry) in (0..).zip(ENTRIES) {
        let made = append(size, leaf_hash(&from_hex(entry)), &mut |at| nodes.get(&at).copied().ok_or(at)).unwrap();
        nodes.extend(made);
    }
    nodes
}

#[test]
fn roots() {
    let nodes = nodes();
    let mut read = |at| nodes.get(&at).copied().ok_or(at);
    assert_eq!(root(0, &mut read), Ok(hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")));
    for (size, expected) in (1..).zip(ROOTS) {
        assert_eq!(root(size, &mut read), Ok(hash(expected)), "{size}");
    }
}

#[test]
fn inclusion() {
    let nodes = nodes();
    let mut read = |at| nodes.get(&at).copied().ok_or(at);
    let cases: [(u64, u64, &[&str]); 3] = [
        (0, 1, &[]),
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
    ];
    for (index, size, expected) in cases {
        let expected: Vec<Hash> = expected.iter().map(|h| hash(h)).collect();
        assert_eq!(inclusion_proof(index, size, &mut read), Ok(expected.clone()));
        let (leaf, root) = (leaf_hash(&from_hex(ENTRIES[index as usize])), hash(ROOTS[size as usize - 1]));
        assert_eq!(verify_inclusion(&leaf, index, size, &root, &expected), Ok(()));
    }
}

#[test]
fn consistency() {
    let nodes = nodes();
    let mut read = |at| nodes.get(&at).copied().ok_or(at);
    let cases: [(u64, u64, &[&str]); 3] = [
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (old, new, expected) in cases {
        let expected: Vec<Hash> = expected.iter().map(|h| hash(h)).collect();
        assert_eq!(consistency_proof(old, new, &mut read), Ok(expected.clone()));
        let (old_root, new_root) = (hash(ROOTS[old as usize - 1]), hash(ROOTS[new as usize - 1]));
        assert_eq!(verify_consistency(old, &old_root, new, &new_root, &expected), Ok(()));
    }
}
