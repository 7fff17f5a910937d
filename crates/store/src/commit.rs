//! The only ways a write transaction ends well.

use crate::{
    conn::{Conn, integer},
    error::{Result, StoreError},
    record::{Record, RecordActor, prepare},
    select::Select,
    tx::Tx,
};
use shuqiao_policy::Permit;
use shuqiao_tlog::{Hash, NodeAt, append, append_nodes, leaf_hash};
use std::collections::{BTreeMap, BTreeSet};

/// Most things one record can concern.
const RELATED_MAX: usize = 100;

impl Tx {
    /// Commits what was written together with its record: state rows, journal row, log leaf and log nodes, or nothing.
    /// Answers the record's index in the journal, which is its index in the log. When it returns, the disk has it.
    ///
    /// INVARIANT (no-commit-without-record): this and [`Tx::commit_all`] are the only commits of a decision.
    /// INVARIANT (record-before-answer): it returns after the database's own commit, which waits for the disk.
    ///
    /// # Errors
    /// `Taken` when the record's idempotency key was used in between; `Full`, `Unavailable`. Nothing is written then -
    /// except that after `Unavailable` from the very commit nobody can tell, as with any database.
    pub async fn commit(self, record: Record) -> Result<u64> {
        let indexes = self.commit_all(vec![record]).await?;
        indexes.first().copied().ok_or(StoreError::NoRecord)
    }

    /// As [`Tx::commit`], for a transaction in which several things happened, in this order. Answers their indexes.
    ///
    /// # Errors
    /// As [`Tx::commit`]; `NoRecord` when the list is empty.
    pub async fn commit_all(mut self, records: Vec<Record>) -> Result<Vec<u64>> {
        if records.is_empty() {
            return Err(StoreError::NoRecord);
        }
        self.epoch_moved().await?;
        let count = u64::try_from(records.len()).unwrap_or(u64::MAX);
        // The head is taken last, and its row is locked from here to the commit: the log is one line of entries.
        let first = self.conn.log_grown(count).await?;
        let mut nodes = BTreeMap::new();
        let mut indexes = Vec::with_capacity(records.len());
        for (index, record) in (first..).zip(&records) {
            self.conn.recorded(index, record, &mut nodes).await?;
            indexes.push(index);
        }
        self.conn.nodes_insert(&nodes).await?;
        self.finish().await?;
        Ok(indexes)
    }

    /// Commits what only follows from the record and decides nothing: checkpoints, and the removal of what has expired.
    ///
    /// The one exception to INVARIANT (no-commit-without-record): such facts can be computed again from the record.
    ///
    /// # Errors
    /// `NoRecord` when anything else was written.
    pub async fn commit_derived(self, _permit: &Permit) -> Result<()> {
        if self.decided {
            return Err(StoreError::NoRecord);
        }
        self.finish().await
    }

    async fn finish(self) -> Result<()> {
        if self.conn.failed {
            return Err(StoreError::unavailable("an earlier statement of this transaction failed"));
        }
        Ok(self.conn.transaction.commit().await?)
    }
}

impl Conn {
    /// Lengthens the log; answers the index of the first new leaf.
    async fn log_grown(&mut self, count: u64) -> Result<u64> {
        let grow = sqlx::query("update log_head set size = size + $1 where id = 1 returning size").bind(integer(count));
        let size = self.one(grow).await?.number(0)?;
        size.checked_sub(count).ok_or_else(|| StoreError::corrupt("log_head: the log is shorter than it grew"))
    }

    async fn recorded(&mut self, index: u64, record: &Record, nodes: &mut BTreeMap<u64, Hash>) -> Result<()> {
        let prepared = prepare(record, index)?;
        self.leaf_added(index, leaf_hash(&prepared.entry), nodes).await?;
        let actor = match &record.actor {
            RecordActor::Person { person, .. } => Some(person.to_string()),
            RecordActor::Task(_) | RecordActor::Nobody => None,
        };
        let row = sqlx::query(
            "insert into journal (log_index, at, event, actor, subject, salt, body) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(integer(index))
        .bind(record.at.microseconds())
        .bind(record.event.clone())
        .bind(actor)
        .bind(record.subject.clone())
        .bind(record.salt.to_vec())
        .bind(prepared.body);
        self.write(row, "journal").await?;
        let leaf = sqlx::query("insert into log_leaf (log_index, entry) values ($1, $2)")
            .bind(integer(index))
            .bind(prepared.entry);
        self.write(leaf, "log_leaf").await?;
        self.related_insert(index, record).await?;
        match &record.idempotency {
            Some(row) => self.idempotency_insert(row, record.at).await,
            None => Ok(()),
        }
    }

    /// Adds to `nodes` those that the new leaf completes.
    async fn leaf_added(&mut self, index: u64, leaf: Hash, nodes: &mut BTreeMap<u64, Hash>) -> Result<()> {
        let needed: Vec<NodeAt> =
            append_nodes(index).into_iter().filter(|node| !nodes.contains_key(&node.place())).collect();
        let mut known: BTreeMap<u64, Hash> = nodes.clone();
        known.extend(needed.iter().map(|node| node.place()).zip(self.log_nodes(&needed).await?));
        let missing = || StoreError::corrupt("log_node: a node that must be there was not asked for");
        let made = append(index, leaf, &mut |node| known.get(&node.place()).copied().ok_or_else(missing))?;
        nodes.extend(made.into_iter().map(|(node, hash)| (node.place(), hash)));
        Ok(())
    }

    async fn related_insert(&mut self, index: u64, record: &Record) -> Result<()> {
        let subjects: BTreeSet<&String> = record.related.iter().chain([&record.subject]).collect();
        if subjects.len() > RELATED_MAX {
            return Err(StoreError::corrupt(format!(
                "a record about {} things: {RELATED_MAX} is the most",
                subjects.len()
            )));
        }
        let mut insert = Select::new("insert into journal_related (subject, log_index) values ");
        for (position, subject) in subjects.into_iter().enumerate() {
            insert.push(if position > 0 { ", (" } else { "(" });
            insert.bind(subject.clone()).push(", ").bind(integer(index)).push(")");
        }
        self.write(insert.query(), "journal_related").await?;
        Ok(())
    }

    async fn nodes_insert(&mut self, nodes: &BTreeMap<u64, Hash>) -> Result<()> {
        let rows: Vec<(&u64, &Hash)> = nodes.iter().collect();
        for chunk in rows.chunks(crate::select::PARAMETERS_MAX) {
            let mut insert = Select::new("insert into log_node (place, hash) values ");
            for (position, (place, hash)) in chunk.iter().enumerate() {
                insert.push(if position > 0 { ", (" } else { "(" });
                insert.bind(integer(**place)).push(", ").bind(hash.to_vec()).push(")");
            }
            self.write(insert.query(), "log_node").await?;
        }
        Ok(())
    }
}
