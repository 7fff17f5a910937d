//! The record: the journal for those who may read it, and the log for everybody.

use crate::{
    App, AppError, Ctx, Edge,
    attempt::{facts, task_of},
    view::{CheckpointView, JournalView, LogKeys, Page, Statistics, beginning},
};
use shuqiao_policy::{Action, Permit, Resource};
use shuqiao_store::{CheckpointRow, Conn, JournalActor, JournalQuery, JournalRow};
use shuqiao_tlog::{
    Hash, NodeAt,
    checkpoint::Checkpoint,
    inclusion_nodes, inclusion_proof, leaf_hash,
    proof::Proof,
    root, root_nodes,
    tile::{self, TilePath},
};
use shuqiao_vocabulary::{Moment, OrganisationId, PersonId};
use std::collections::BTreeMap;

/// Which records are looked for.
#[derive(Clone, Debug, Default)]
pub struct JournalFind {
    /// What was done to, or what else is concerned.
    pub subject: Option<String>,
    /// Who did it.
    pub actor: Option<PersonId>,
    /// The event's name.
    pub event: Option<String>,
    /// At most so many, 1 to 100.
    pub limit: u32,
    /// Where the page begins.
    pub after: Option<String>,
}

/// The person and the organisation of a record, when it has them.
pub(crate) fn parties(actor: &JournalActor) -> (Option<PersonId>, Option<OrganisationId>) {
    match actor {
        JournalActor::Person { person, organisation } => (Some(*person), Some(*organisation)),
        JournalActor::Task(_) | JournalActor::Nobody => (None, None),
    }
}

/// A node of the tree that the store must have and does not.
fn lost(node: NodeAt) -> AppError {
    AppError::Fault(format!("the log lacks the node at level {} index {}", node.level, node.index))
}

/// Nodes of the tree, read in one go for a computation that asks for them one by one.
struct Nodes(BTreeMap<NodeAt, Hash>);

impl Nodes {
    async fn read(tx: &mut Conn, wanted: &[NodeAt]) -> Result<Self, AppError> {
        let hashes = tx.log_nodes(wanted).await?;
        Ok(Self(wanted.iter().copied().zip(hashes).collect()))
    }

    fn get(&self, node: NodeAt) -> Result<Hash, AppError> {
        self.0.get(&node).copied().ok_or_else(|| lost(node))
    }
}

async fn root_of(tx: &mut Conn, size: u64) -> Result<Hash, AppError> {
    let nodes = Nodes::read(tx, &root_nodes(size)).await?;
    root(size, &mut |node| nodes.get(node))
}

impl App {
    /// Signs the head of the log when it has grown; may run twice. Answers the newest checkpoint.
    pub async fn checkpoint_reconcile(&self, now: Moment) -> Result<CheckpointRow, AppError> {
        let _turn = self.checkpointing.lock().await;
        let mut read = self.store.begin_read().await?;
        let size = read.log_head().await?;
        let latest = read.checkpoint_latest().await?;
        if let Some(latest) = latest
            && latest.size == size
        {
            return Ok(latest);
        }
        let root = root_of(&mut read, size).await?;
        drop(read);
        let text = Checkpoint { origin: self.node.log_origin.clone(), size, root }.to_text();
        let note = self.log_signer.sign(&text).map_err(|e| AppError::Fault(e.to_string()))?;
        let row = CheckpointRow { size, root, note, at: now };
        let permit = Permit::system("checkpoint", "a checkpoint states what the record holds and decides nothing");
        let mut tx = self.store.begin_write().await?;
        tx.checkpoint_save(&row, &permit).await?;
        tx.commit_derived(&permit).await?;
        Ok(row)
    }

    /// Records the heads of the planes' own logs in the node's record when they have grown; may run twice.
    pub async fn usage_anchor(&self, edge: &Edge) -> Result<(), AppError> {
        for (origin, size, root) in self.usage.heads().await {
            self.head_anchor(edge, origin, size, root).await?;
        }
        Ok(())
    }

    async fn head_anchor(&self, edge: &Edge, origin: String, size: u64, root: Hash) -> Result<(), AppError> {
        let mut anchored = self.anchored_sizes.lock().await;
        if anchored.get(&origin) == Some(&size) {
            return Ok(());
        }
        let permit = Permit::system("usage_anchor", "the record contains the heads of the planes' logs");
        let mut record = self.happened(edge, task_of(&permit), "UsageLogAnchored", "node");
        let root = shuqiao_crypto::digest::hex(&root);
        record.facts = facts([("origin", &origin), ("size", &size), ("root", &root)]);
        self.store.begin_write().await?.commit(record).await?;
        anchored.insert(origin, size);
        Ok(())
    }

    /// Whether the log still is what its newest checkpoint says, and its newest leaves are what the journal says.
    /// Run at start; a difference stops the node, because a record that does not verify must not grow.
    pub async fn log_verify(&self) -> Result<u64, AppError> {
        const LEAVES_CHECKED: u64 = 1_000;
        let mut tx = self.store.begin_read().await?;
        let size = tx.log_head().await?;
        if let Some(checkpoint) = tx.checkpoint_latest().await? {
            if checkpoint.size > size {
                return Err(AppError::Fault(format!("the log has {size} leaves, its checkpoint {}", checkpoint.size)));
            }
            if root_of(&mut tx, checkpoint.size).await? != checkpoint.root {
                return Err(AppError::Fault(format!("the log's root at {} is not its checkpoint's", checkpoint.size)));
            }
        }
        let start = size.saturating_sub(LEAVES_CHECKED);
        let entries = tx.log_entries(start, LEAVES_CHECKED).await?;
        let leaves: Vec<NodeAt> = (start..size).map(|index| NodeAt { level: 0, index }).collect();
        let hashes = tx.log_nodes(&leaves).await?;
        for ((entry, hash), leaf) in entries.iter().zip(&hashes).zip(&leaves) {
            let row = tx.journal_fetch(leaf.index).await?;
            if leaf_hash(entry) != *hash || row.entry != *entry || !row.entry_is_of_body() {
                return Err(AppError::Fault(format!("record {} is not what the log says", leaf.index)));
            }
        }
        Ok(size)
    }

    /// The head of the log, signed; for everybody.
    pub async fn checkpoint(&self, now: Moment) -> Result<CheckpointView, AppError> {
        let row = self.checkpoint_reconcile(now).await?;
        Ok(CheckpointView {
            origin: self.node.log_origin.clone(),
            size: row.size,
            root: row.root,
            note: row.note,
            verifier_key: self.log_signer.verifier().to_string(),
        })
    }

    /// Keys of the node's two logs; for everybody.
    pub fn log_keys(&self) -> LogKeys {
        let (usage_origin, usage_verifier_key) = self.usage.verifier_key();
        LogKeys {
            origin: self.node.log_origin.clone(),
            verifier_key: self.log_signer.verifier().to_string(),
            usage_origin,
            usage_verifier_key,
        }
    }

    /// A tile of the log (C2SP tlog-tiles), by its path after `/tile/`; for everybody. `None` when there is none.
    pub async fn tile(&self, path: &str) -> Result<Option<Vec<u8>>, AppError> {
        let Ok(parsed) = TilePath::parse(&format!("tile/{path}")) else { return Ok(None) };
        let mut tx = self.store.begin_read().await?;
        // Only what a checkpoint covers is shown, so that no tile tells more than the log has signed.
        let size = tx.checkpoint_latest().await?.map_or(0, |checkpoint| checkpoint.size);
        match parsed {
            TilePath::Hashes(at) if at.is_within(size) => Ok(Some(tx.log_nodes(&at.nodes()).await?.concat())),
            TilePath::Entries(at) if at.is_within(size) => {
                let range = at.entries();
                let entries = tx.log_entries(range.start, range.end - range.start).await?;
                tile::encode_bundle(&entries).map(Some).map_err(|e| AppError::Fault(e.to_string()))
            }
            TilePath::Hashes(_) | TilePath::Entries(_) => Ok(None),
        }
    }

    /// The proof file of a record; whoever asks must already have been allowed to.
    pub(crate) async fn proof(&self, edge: &Edge, index: u64) -> Result<String, AppError> {
        let checkpoint = self.checkpoint_reconcile(edge.now).await?;
        if index >= checkpoint.size {
            return Err(AppError::NotFound);
        }
        let mut tx = self.store.begin_read().await?;
        let row = tx.journal_fetch(index).await?;
        let wanted = inclusion_nodes(index, checkpoint.size);
        let nodes = Nodes::read(&mut tx, &wanted).await?;
        let hashes = inclusion_proof(index, checkpoint.size, &mut |node| nodes.get(node))
            .map_err(|e| AppError::Fault(e.to_string()))?;
        Ok(Proof { extra: Some(row.entry), index, hashes, checkpoint_note: checkpoint.note }.to_string())
    }

    /// The journal, newest first.
    pub async fn journal_list(&self, ctx: &Ctx, find: JournalFind) -> Result<Page<JournalView>, AppError> {
        self.attempt(ctx, Action::JournalRead, "node", async {
            self.permit(ctx, Action::JournalRead, &Resource::Journal)?;
            let JournalFind { subject, actor, event, limit, after } = find;
            let after = beginning(after.as_deref())?;
            let query = JournalQuery { subject, actor, event, limit, after };
            let listed = self.store.begin_read().await?.journal_list(&query).await?;
            let mut items = Vec::with_capacity(listed.items.len());
            for row in listed.items {
                items.push(self.journal_view(row).await?);
            }
            Ok(Page::new(items, listed.next))
        })
        .await
    }

    /// One record.
    pub async fn journal_fetch(&self, ctx: &Ctx, index: u64) -> Result<JournalView, AppError> {
        self.attempt(ctx, Action::JournalRead, "node", async {
            self.permit(ctx, Action::JournalRead, &Resource::Journal)?;
            let row = self.store.begin_read().await?.journal_fetch(index).await?;
            self.journal_view(row).await
        })
        .await
    }

    async fn journal_view(&self, row: JournalRow) -> Result<JournalView, AppError> {
        let (person, organisation) = parties(&row.actor);
        let mut tx = self.store.begin_read().await?;
        let person_name = match person {
            Some(id) => Some(tx.person_fetch(id).await?.name),
            None => None,
        };
        let organisation_name = match organisation {
            Some(id) => Some(tx.organisation_fetch(id).await?.name),
            None => None,
        };
        Ok(JournalView { row, person_name, organisation_name })
    }

    /// The proof file of a record.
    pub async fn journal_proof(&self, ctx: &Ctx, index: u64) -> Result<String, AppError> {
        self.journal_fetch(ctx, index).await?;
        self.proof(&ctx.edge, index).await
    }

    /// The few numbers of the landing page.
    pub async fn statistics(&self, ctx: &Ctx) -> Result<Statistics, AppError> {
        self.attempt(ctx, Action::StatisticsRead, "node", async {
            self.permit(ctx, Action::StatisticsRead, &Resource::Node)?;
            let counts = self.store.begin_read().await?.statistics(ctx.now()).await?;
            let calls_today = self.usage.calls_today(ctx.now()).await;
            Ok(Statistics {
                entries_published: counts.entries_published,
                requests_open: counts.requests_open,
                grants_active: counts.grants_active,
                calls_today,
                overdue: counts.requests_overdue,
            })
        })
        .await
    }
}
