//! A log in memory with a key of its own: the least that hands out what the node hands out.

use shuqiao_crypto::note::SignerKey;
use shuqiao_tlog::{
    Hash, NodeAt, append, checkpoint::Checkpoint, consistency_proof, inclusion_proof, leaf_hash, proof::Proof, root,
    tile::TileAt,
};
use std::collections::BTreeMap;

pub(crate) struct Log {
    pub(crate) key: SignerKey,
    nodes: BTreeMap<NodeAt, Hash>,
}

/// The entry at an index, in every log of these tests.
pub(crate) fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

impl Log {
    pub(crate) fn of(size: u64, origin: &str) -> Self {
        let mut log = Self { key: SignerKey::generate(origin, [7; 32]).unwrap(), nodes: BTreeMap::new() };
        for index in 0..size {
            let made = append(index, leaf_hash(&entry(index)), &mut |at| log.read(at)).unwrap();
            log.nodes.extend(made);
        }
        log
    }

    pub(crate) fn read(&self, at: NodeAt) -> Result<Hash, NodeAt> {
        self.nodes.get(&at).copied().ok_or(at)
    }

    pub(crate) fn checkpoint(&self, size: u64) -> String {
        let root = root(size, &mut |at| self.read(at)).unwrap();
        self.key.sign(&Checkpoint { origin: self.key.name().to_owned(), size, root }.to_text()).unwrap()
    }

    pub(crate) fn proof(&self, index: u64, size: u64) -> Proof {
        let hashes = inclusion_proof(index, size, &mut |at| self.read(at)).unwrap();
        Proof { extra: Some(entry(index)), index, hashes, checkpoint_note: self.checkpoint(size) }
    }

    pub(crate) fn consistency(&self, old: u64, new: u64) -> Vec<Hash> {
        consistency_proof(old, new, &mut |at| self.read(at)).unwrap()
    }

    /// All tiles of the tree of this size, with their bytes.
    pub(crate) fn tiles(&self, size: u64) -> Vec<(TileAt, Vec<u8>)> {
        let mut tiles = Vec::new();
        for level in 0_u8..8 {
            let hashes = size >> (8 * level);
            for index in 0..hashes.div_ceil(256) {
                let width = u16::try_from((hashes - index * 256).min(256)).unwrap();
                let tile = TileAt { level, index, width };
                let bytes = tile.nodes().into_iter().flat_map(|at| self.read(at).unwrap()).collect();
                tiles.push((tile, bytes));
            }
        }
        tiles
    }
}
