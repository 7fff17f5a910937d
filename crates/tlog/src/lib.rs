//! The tamper-evident log: Merkle tree, tiles, checkpoints, proofs
