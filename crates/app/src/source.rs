//! Sources: what a provider connects, and the data items proposed from it.

use crate::{
    App, AppError, Ctx,
    attempt::facts,
    port::{Described, NewLocation, SourceFailure},
    structure_hold::held,
    view::SourceView,
};
use shuqiao_domain::{
    Refusal, RefusalCode,
    organisation::checked_name,
    source::{ProposedItem, Source, Structure, propose_items},
};
use shuqiao_policy::{Action, Resource};
use shuqiao_vocabulary::{SourceId, SourceType};
use std::collections::BTreeMap;

/// Tables that a view may read.
const VIEW_INPUTS_MAX: usize = 32;

/// A source to be connected.
#[derive(Clone, Debug)]
pub struct NewSource {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub location: NewLocation,
}

impl From<SourceFailure> for AppError {
    fn from(SourceFailure { code, params }: SourceFailure) -> Self {
        Self::SourceFailed { code, params }
    }
}

fn of_source(source: &Source) -> Resource {
    Resource::Source { provider: source.provider }
}

impl App {
    /// The sources of the reader's organisation.
    pub async fn source_list(&self, ctx: &Ctx) -> Result<Vec<SourceView>, AppError> {
        self.attempt(ctx, Action::SourceRead, "node", async {
            let provider = ctx.principal.organisation;
            self.permit(ctx, Action::SourceRead, &Resource::Source { provider })?;
            Ok(self.store.begin_read().await?.source_list(provider).await?)
        })
        .await
    }

    /// One source with its structure.
    pub async fn source_fetch(&self, ctx: &Ctx, id: SourceId) -> Result<SourceView, AppError> {
        self.attempt(ctx, Action::SourceRead, id, async {
            let source = self.store.begin_read().await?.source_fetch(id).await?;
            self.permit(ctx, Action::SourceRead, &of_source(&source.value))?;
            Ok(source)
        })
        .await
    }

    /// Connects a source and reads its structure at once.
    pub async fn source_create(&self, ctx: &Ctx, new: NewSource) -> Result<SourceView, AppError> {
        if let Some(id) = self.replayed_id(ctx).await? {
            return self.source_fetch(ctx, id).await;
        }
        let provider = ctx.principal.organisation;
        self.attempt(ctx, Action::SourceCreate, "node", async {
            let permit = self.permit(ctx, Action::SourceCreate, &Resource::Source { provider })?;
            let name = checked_name("name", &new.name)?;
            // Outside any transaction: a source may be slow, and others must be able to write meanwhile.
            let reads = self.view_reads(ctx, &new.location).await?;
            let Described { structure, place, sealed_location } =
                self.source_desk.describe(provider, &new.location, &reads).await?;
            let source_type = new.location.source_type();
            let described_at = ctx.now();
            let id = ctx.edge.mint();
            let source =
                Source { id, provider, name, source_type, place, sealed_location, structure, described_at, held: None };
            let mut tx = self.store.begin_write().await?;
            let saved = tx.source_insert(&source, &permit).await?;
            let mut record = self.done(ctx, &permit, "SourceConnected", id);
            record.facts = facts([("type", &source_type), ("tables", &source.structure.tables.len())]);
            if let Some(threshold) = &source.structure.threshold {
                record.facts.insert("subjects_min".to_owned(), threshold.minimum.to_string());
            }
            tx.commit(record).await?;
            self.book_refresh(ctx.now()).await;
            Ok(saved)
        })
        .await
    }

    /// Reads the structure of what would be connected, and keeps nothing: an officer who writes a view looks before
    /// connecting it.
    pub async fn source_check(&self, ctx: &Ctx, location: &NewLocation) -> Result<Structure, AppError> {
        let provider = ctx.principal.organisation;
        self.attempt(ctx, Action::SourceCreate, "node", async {
            self.permit(ctx, Action::SourceCreate, &Resource::Source { provider })?;
            let reads = self.view_reads(ctx, location).await?;
            Ok(self.source_desk.describe(provider, location, &reads).await?.structure)
        })
        .await
    }

    /// The sources that a view reads, one for each of its inputs; none for anything else. All are the reader's own.
    async fn view_reads(&self, ctx: &Ctx, location: &NewLocation) -> Result<Vec<Source>, AppError> {
        let NewLocation::View { inputs, .. } = location else {
            return Ok(Vec::new());
        };
        let refused = |name: &str| SourceFailure {
            code: "view_input".to_owned(),
            params: BTreeMap::from([("name".to_owned(), name.to_owned())]),
        };
        if inputs.len() > VIEW_INPUTS_MAX {
            return Err(refused("").into());
        }
        let mut reads = Vec::with_capacity(inputs.len());
        let mut conn = self.store.begin_read().await?;
        for input in inputs {
            let source = conn.source_fetch(input.source).await?.value;
            self.permit(ctx, Action::SourceRead, &of_source(&source))?;
            // A view of a view would be an engine that waits for an engine.
            if source.source_type == SourceType::View || source.structure.table(&input.table).is_none() {
                return Err(refused(&input.alias).into());
            }
            reads.push(source);
        }
        Ok(reads)
    }

    /// Reads the structure of a source again. A structure that would break what live grants deliver is not adopted: the
    /// source is marked, and the answer names the grants (Art. 27(3)).
    pub async fn source_describe(&self, ctx: &Ctx, id: SourceId, seen: u64) -> Result<SourceView, AppError> {
        self.attempt(ctx, Action::SourceDescribe, id, async {
            let source = self.store.begin_read().await?.source_fetch(id).await?.value;
            let permit = self.permit(ctx, Action::SourceDescribe, &of_source(&source))?;
            let structure = self.source_desk.describe_again(&source).await?;
            let changed = structure.digest != source.structure.digest;
            let mut tx = self.store.begin_write().await?;
            let holding = self.grants_holding(&mut tx, &source, &structure, ctx.now()).await?;
            let (event, source) = if holding.is_empty() {
                ("SourceDescribed", Source { structure, described_at: ctx.now(), held: None, ..source })
            } else {
                ("SourceStructureHeld", Source { held: source.held.or(Some(ctx.now())), ..source })
            };
            let saved = tx.source_save(&source, seen, &permit).await?;
            let mut record = self.done(ctx, &permit, event, id);
            record.facts = facts([("changed", &changed), ("grants", &holding.join(" "))]);
            tx.commit(record).await?;
            self.book_refresh(ctx.now()).await;
            if holding.is_empty() { Ok(saved) } else { Err(held(&holding).into()) }
        })
        .await
    }

    /// Data items proposed from a table.
    pub async fn source_proposal(&self, ctx: &Ctx, id: SourceId, table: &str) -> Result<Vec<ProposedItem>, AppError> {
        let source = self.source_fetch(ctx, id).await?.value;
        let table = source.structure.table(table).ok_or_else(|| {
            Refusal::new(RefusalCode::StructureMismatch, None)
                .with("table", table.chars().take(120).collect::<String>())
        })?;
        Ok(propose_items(table))
    }
}
