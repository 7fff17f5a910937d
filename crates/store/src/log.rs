//! The log's leaves, nodes and checkpoints, for proofs and tiles.

use crate::{
    conn::{Conn, integer},
    error::{Result, StoreError},
    select::{PARAMETERS_MAX, Select},
    tx::Tx,
};
use shuqiao_policy::Permit;
use shuqiao_tlog::{Hash, NodeAt};
use shuqiao_vocabulary::Moment;
use std::collections::BTreeMap;

/// Most leaves that are read at once: four full tiles.
const ENTRIES_MAX: u64 = 1_024;

/// A signed checkpoint of the node's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointRow {
    /// Leaves of the log then.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
    /// The signed note.
    pub note: String,
    /// When it was signed.
    pub at: Moment,
}

impl Conn {
    /// The size of the log: how many leaves it has.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn log_head(&mut self) -> Result<u64> {
        self.one(sqlx::query("select size from log_head where id = 1")).await?.number(0)
    }

    /// The hashes of these nodes, in their order.
    ///
    /// # Errors
    /// `NotFound` when a node is not complete yet.
    pub async fn log_nodes(&mut self, nodes: &[NodeAt]) -> Result<Vec<Hash>> {
        let mut found = BTreeMap::new();
        for chunk in nodes.chunks(PARAMETERS_MAX) {
            let mut select = Select::new("select place, hash from log_node where place in ");
            select.list("(", chunk.iter().map(|node| integer(node.place())), ")");
            for row in self.all(select.query()).await? {
                found.insert(row.number(0)?, row.array(1)?);
            }
        }
        nodes.iter().map(|node| found.get(&node.place()).copied().ok_or(StoreError::NotFound)).collect()
    }

    /// The bytes of leaves from `start` on, at most `count` and never more than 1,024; fewer at the end of the log.
    ///
    /// # Errors
    /// `Corrupt` when one is missing in between.
    pub async fn log_entries(&mut self, start: u64, count: u64) -> Result<Vec<Vec<u8>>> {
        let end = start.saturating_add(count.min(ENTRIES_MAX));
        let select = sqlx::query(
            "select log_index, entry from log_leaf where log_index >= $1 and log_index < $2 order by log_index",
        )
        .bind(integer(start))
        .bind(integer(end));
        let rows = self.all(select).await?;
        let mut entries = Vec::with_capacity(rows.len());
        for (expected, row) in (start..).zip(rows) {
            if row.number(0)? != expected {
                return Err(StoreError::corrupt(format!("log_leaf {expected}: missing")));
            }
            entries.push(row.bytes(1)?);
        }
        Ok(entries)
    }

    /// The checkpoint over the most leaves.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn checkpoint_latest(&mut self) -> Result<Option<CheckpointRow>> {
        let select = sqlx::query("select size, root, note, at from checkpoint order by size desc limit 1");
        let Some(row) = self.optional(select).await? else { return Ok(None) };
        Ok(Some(CheckpointRow { size: row.number(0)?, root: row.array(1)?, note: row.text(2)?, at: row.moment(3)? }))
    }
}

impl Tx {
    /// Keeps a checkpoint. One is kept for each size: the first. Commit with [`Tx::commit_derived`].
    ///
    /// # Errors
    /// `Full`, `Unavailable`.
    pub async fn checkpoint_save(&mut self, checkpoint: &CheckpointRow, _permit: &Permit) -> Result<()> {
        let insert = sqlx::query(
            "insert into checkpoint (size, root, note, at) values ($1, $2, $3, $4) on conflict (size) do nothing",
        )
        .bind(integer(checkpoint.size))
        .bind(checkpoint.root.to_vec())
        .bind(checkpoint.note.clone())
        .bind(checkpoint.at.microseconds());
        // Derived from the record, so it does not count as a decision.
        self.conn.write(insert, "checkpoint").await?;
        Ok(())
    }
}
