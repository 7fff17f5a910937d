//! Entries in workbooks: drafts out of a file, a file out of the catalogue, a file given back with remarks.

use crate::{
    App, AppError, Ctx, EntryFind,
    attempt::facts,
    port::{SheetCover, SheetEntry, SheetProblem, SheetRow},
    view::{ImportOutcome, ImportView, ImportedEntry},
};
use sha2::{Digest as _, Sha256};
use shuqiao_domain::{
    Problem, ProblemCode,
    catalogue::{self, EntryStateName},
    law,
};
use shuqiao_policy::{Action, Permit, Resource};
use shuqiao_store::EntryQuery;
use shuqiao_vocabulary::CatalogueEntryId;
use std::collections::BTreeMap;

/// Entries read at one time.
const PAGE: u32 = 100;

/// Names that the department already has, without what people vary, with the entry that has each.
type Names = BTreeMap<String, (CatalogueEntryId, String)>;

impl App {
    /// The largest file of entries, in bytes.
    pub fn import_bytes_max(&self) -> u64 {
        self.sheet_desk.bytes_max()
    }

    /// Reads a file of entries and drafts those that nothing speaks against, each in a commit of its own with its row and
    /// the file's digest on record; with `check`, only says what would be drafted.
    ///
    /// A file that comes twice drafts nothing twice: the second time the department has every entry already.
    pub async fn entry_import(
        &self,
        ctx: &Ctx,
        profile: &str,
        bytes: Vec<u8>,
        check: bool,
    ) -> Result<ImportView, AppError> {
        self.attempt(ctx, Action::CatalogueCreate, "node", async {
            let resource = own_draft(ctx);
            let permit = self.permit(ctx, Action::CatalogueCreate, &resource)?;
            let digest = shuqiao_crypto::digest::hex(&Sha256::digest(&bytes));
            let read = self.sheet_desk.read(profile, bytes).await?;
            // One import at a time: what one drafts, the next must find.
            let _turn = self.importing.lock().await;
            let mut names = self.own_names(ctx).await?;
            let mut problems = read.problems;
            let mut entries = Vec::with_capacity(read.entries.len());
            for entry in read.entries {
                let key = self.sheet_desk.name_key(&entry.content.name);
                let (id, row) = (ctx.edge.mint(), Row { profile, digest: &digest, entry: &entry });
                let taken = names.get(&key).filter(|_| !entry.refused);
                let outcome = if let Some((id, name)) = taken {
                    problems.push(duplicate(&entry, *id, name));
                    ImportOutcome::Refused
                } else if entry.refused {
                    ImportOutcome::Refused
                } else if check {
                    names.insert(key, (id, entry.content.name.clone()));
                    ImportOutcome::Ready
                } else {
                    self.entry_drafted(ctx, &permit, id, &row).await?;
                    names.insert(key, (id, entry.content.name.clone()));
                    ImportOutcome::Created(id)
                };
                entries.push(imported(ctx, id, entry, outcome));
            }
            let profile = profile.to_owned();
            Ok(ImportView { profile, digest, entries, problems, notes: read.notes })
        })
        .await
    }

    /// Drafts an entry of a file.
    async fn entry_drafted(
        &self,
        ctx: &Ctx,
        permit: &Permit,
        id: CatalogueEntryId,
        row: &Row<'_>,
    ) -> Result<(), AppError> {
        let (entry, event) = catalogue::draft(id, row.entry.content.clone(), &ctx.stamp());
        let mut tx = self.store.begin_write().await?;
        tx.entry_insert(&entry, permit).await?;
        let mut record = self.done(ctx, permit, event.name().as_str(), id);
        let SheetEntry { sheet, row: number, .. } = row.entry;
        record.facts = facts([("import", &row.digest), ("profile", &row.profile), ("sheet", sheet), ("row", number)]);
        tx.commit(record).await?;
        Ok(())
    }

    /// Names of every entry of the reader's department, whatever its state.
    async fn own_names(&self, ctx: &Ctx) -> Result<Names, AppError> {
        let mut names = Names::new();
        let mut query = EntryQuery {
            provider: Some(ctx.principal.organisation),
            states: EntryStateName::ALL.to_vec(),
            limit: PAGE,
            ..EntryQuery::default()
        };
        loop {
            let page = self.store.begin_read().await?.entry_list(&query).await?;
            for hit in page.items {
                let entry = hit.entry.value;
                let key = self.sheet_desk.name_key(&entry.content.name);
                names.entry(key).or_insert((entry.id, entry.content.name));
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(names),
            }
        }
    }

    /// The file with remarks beside its rows; for whoever may import it.
    pub async fn entry_import_remarked(
        &self,
        ctx: &Ctx,
        bytes: Vec<u8>,
        remarks: Vec<(String, u32, String)>,
    ) -> Result<Vec<u8>, AppError> {
        self.attempt(ctx, Action::CatalogueCreate, "node", async {
            let resource = own_draft(ctx);
            self.permit(ctx, Action::CatalogueCreate, &resource)?;
            Ok(self.sheet_desk.remarked(bytes, remarks).await?)
        })
        .await
    }

    /// What a search finds, as a workbook; entries that the reader may not see are not in it.
    pub async fn entry_export(&self, ctx: &Ctx, mut find: EntryFind) -> Result<Vec<u8>, AppError> {
        let max = self.sheet_desk.rows_max();
        let mut cover = SheetCover {
            node: self.node.name.clone(),
            day: ctx.now().date(),
            q: find.q.clone(),
            attribute: find.attribute,
            provider: None,
            more: false,
        };
        if let Some(provider) = find.provider {
            cover.provider = self.organisations().await?.get(&provider).map(|found| found.name.clone());
        }
        let mut rows = Vec::new();
        find.limit = PAGE;
        loop {
            let page = self.entry_list(ctx, find.clone()).await?;
            for hit in page.items {
                let entry = hit.entry.value;
                let number = entry.number().unwrap_or_default().to_owned();
                let mut content = entry.content;
                // Where a table is, is its own department's business.
                content.resource = content.resource.filter(|_| entry.provider == ctx.principal.organisation);
                rows.push(SheetRow { id: entry.id.to_string(), number, provider: hit.provider.name, content });
            }
            find.after = page.next;
            if find.after.is_none() || rows.len() >= max {
                break;
            }
        }
        cover.more = rows.len() > max || find.after.is_some();
        rows.truncate(max);
        Ok(self.sheet_desk.write(cover, rows).await?)
    }
}

/// A row of a file, as the record names it.
struct Row<'a> {
    profile: &'a str,
    digest: &'a str,
    entry: &'a SheetEntry,
}

/// The department has an entry of this name already.
fn duplicate(entry: &SheetEntry, id: CatalogueEntryId, name: &str) -> SheetProblem {
    let problem = Problem::new("name", ProblemCode::Duplicate, Some(law::CATALOGUE_CONTENT));
    let problem = problem.with("entry", id).with("name", name);
    SheetProblem { sheet: entry.sheet.clone(), row: entry.row, column: None, problem, fatal: true }
}

fn imported(ctx: &Ctx, id: CatalogueEntryId, entry: SheetEntry, outcome: ImportOutcome) -> ImportedEntry {
    let SheetEntry { sheet, row, content, .. } = entry;
    let (name, items) = (content.name.clone(), content.items.len());
    let (draft, _) = catalogue::draft(id, content, &ctx.stamp());
    let lacks = catalogue::problems(&draft, None).len();
    ImportedEntry { sheet, row, name, items, outcome, lacks }
}

/// A draft of the own department, before there is one.
fn own_draft(ctx: &Ctx) -> Resource {
    let who = &ctx.principal;
    Resource::CatalogueEntry {
        provider: who.organisation,
        authority_level: law::authority_level(who.level),
        authority_region: who.region.clone(),
        state: "draft",
        drafted_by: None,
    }
}
