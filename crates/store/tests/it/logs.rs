//! The stored log is the log of the arithmetic: same nodes, same roots, proofs that verify.

use crate::{
    databases::{Database, on_both},
    samples::record,
};
use shuqiao_store::StoreError;
use shuqiao_tlog::{
    Hash, NodeAt, append, consistency_nodes, consistency_proof, inclusion_nodes, inclusion_proof, leaf_hash, root,
    root_nodes, verify_consistency, verify_inclusion,
};
use std::collections::{BTreeMap, HashMap};

on_both!(stored_nodes_are_those_of_the_arithmetic, proofs_from_stored_nodes_verify, unknown_nodes_are_not_found);

/// Leaves in uneven commits.
async fn fill(db: &Database) -> u64 {
    for count in [1, 2, 1, 7, 16, 3, 1, 33] {
        let records = (0..count).map(|n| record(&format!("E{n}"), "node")).collect();
        db.store.begin_write().await.unwrap().commit_all(records).await.unwrap();
    }
    64
}

async fn stored_nodes_are_those_of_the_arithmetic(db: Database) {
    let size = fill(&db).await;
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.log_head().await.unwrap(), size);
    let entries = reader.log_entries(0, u64::MAX).await.unwrap();
    assert_eq!(entries.len() as u64, size);
    assert_eq!(reader.log_entries(60, 2).await.unwrap(), entries[60..62]);

    let mut expected: BTreeMap<NodeAt, Hash> = BTreeMap::new();
    for (index, entry) in (0..).zip(&entries) {
        let made = append(index, leaf_hash(entry), &mut |node| expected.get(&node).copied().ok_or(())).unwrap();
        expected.extend(made);
    }
    let wanted: Vec<NodeAt> = expected.keys().rev().copied().collect();
    let hashes: Vec<Hash> = expected.values().rev().copied().collect();
    assert_eq!(wanted.len(), 127);
    assert_eq!(reader.log_nodes(&wanted).await.unwrap(), hashes, "in the order asked for");
}

async fn proofs_from_stored_nodes_verify(db: Database) {
    let size = fill(&db).await;
    let mut reader = db.store.begin_read().await.unwrap();
    let entries = reader.log_entries(0, size).await.unwrap();
    let mut roots = HashMap::new();
    for old in [1, 5, 31, 64] {
        let known = known(&mut reader, root_nodes(old)).await;
        roots.insert(old, root(old, &mut |node| known.get(&node).copied().ok_or(())).unwrap());
    }
    let top = roots[&size];
    for index in [0, 1, 30, 63] {
        let known = known(&mut reader, inclusion_nodes(index, size)).await;
        let proof = inclusion_proof(index, size, &mut |node| known.get(&node).copied().ok_or(())).unwrap();
        let leaf = leaf_hash(&entries[usize::try_from(index).unwrap()]);
        verify_inclusion(&leaf, index, size, &top, &proof).unwrap();
    }
    for old in [1, 5, 31] {
        let known = known(&mut reader, consistency_nodes(old, size)).await;
        let proof = consistency_proof(old, size, &mut |node| known.get(&node).copied().ok_or(())).unwrap();
        verify_consistency(old, &roots[&old], size, &top, &proof).unwrap();
    }
}

async fn known(reader: &mut shuqiao_store::ReadTx, nodes: Vec<NodeAt>) -> HashMap<NodeAt, Hash> {
    let hashes = reader.log_nodes(&nodes).await.unwrap();
    nodes.into_iter().zip(hashes).collect()
}

async fn unknown_nodes_are_not_found(db: Database) {
    fill(&db).await;
    let mut reader = db.store.begin_read().await.unwrap();
    let wanted = [NodeAt { level: 0, index: 0 }, NodeAt { level: 0, index: 64 }];
    assert!(matches!(reader.log_nodes(&wanted).await, Err(StoreError::NotFound)));
    assert!(reader.log_nodes(&[]).await.unwrap().is_empty());
    assert!(reader.log_entries(64, 10).await.unwrap().is_empty());
}
