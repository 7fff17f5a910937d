//! The catalogue: drafting, the head's approval, the authority's publication, search.

use crate::{
    App, AppError, Ctx,
    attempt::facts,
    organisation::known,
    record::parties,
    view::{EntryHit, EntryView, HistoryLine, Page, beginning},
};
use shuqiao_domain::{
    Problem, Refusal, Stamp,
    catalogue::{self, Access, Entry, EntryContent, EntryEvent, EntryState, EntryStateName, EntryVerb},
    source::Structure,
};
use shuqiao_policy::{Action, Resource};
use shuqiao_store::{Conn, EntryQuery, JournalRow, Outcome, Revised, StoreError, Tx};
use shuqiao_vocabulary::{CatalogueEntryId, OrganisationId, SharingAttribute};
use std::collections::BTreeSet;

/// Which entries a search looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Published ones, of everybody.
    Published,
    /// All of the reader's own department.
    Mine,
    /// Those that wait for the authority.
    Review,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct EntryFind {
    /// Words; each must be found.
    pub q: String,
    /// Only this attribute.
    pub attribute: Option<SharingAttribute>,
    /// Only this provider.
    pub provider: Option<OrganisationId>,
    /// Which entries.
    pub scope: Scope,
    /// At most so many, 1 to 100.
    pub limit: u32,
    /// Where the page begins.
    pub after: Option<String>,
}

/// Words of a search, at most.
const WORDS_MAX: usize = 8;

pub(crate) fn of_entry(entry: &Entry) -> Resource {
    let provider = entry.provider;
    Resource::CatalogueEntry { provider, state: entry.state.name().as_str(), drafted_by: Some(entry.drafted_by) }
}

/// The same entry in another state.
fn in_state(entry: &Resource, name: &'static str) -> Resource {
    let mut other = entry.clone();
    if let Resource::CatalogueEntry { state, .. } = &mut other {
        *state = name;
    }
    other
}

const fn action_of(verb: EntryVerb) -> Action {
    match verb {
        EntryVerb::Edit => Action::CatalogueEdit,
        EntryVerb::Submit => Action::CatalogueSubmit,
        EntryVerb::Approve => Action::CatalogueApprove,
        EntryVerb::Return => Action::CatalogueReturn,
        EntryVerb::Publish => Action::CataloguePublish,
    }
}

/// Where the words were found, for the search to say why.
fn matched(content: &EntryContent, words: &[String]) -> Vec<&'static str> {
    let has = |text: &str| {
        let text = text.to_lowercase();
        words.iter().any(|word| text.contains(word))
    };
    let item = |i: &catalogue::Item| has(&i.title) || has(i.name.as_str());
    let places = [
        ("name", has(&content.name)),
        ("summary", has(&content.summary)),
        ("category", has(&content.category)),
        ("items", content.items.iter().any(item)),
    ];
    places.into_iter().filter_map(|(place, found)| found.then_some(place)).collect()
}

impl App {
    /// Finds entries.
    pub async fn entry_list(&self, ctx: &Ctx, find: EntryFind) -> Result<Page<EntryHit>, AppError> {
        let own = ctx.principal.organisation;
        let words: Vec<String> = find.q.to_lowercase().split_whitespace().take(WORDS_MAX).map(str::to_owned).collect();
        let (provider, states) = match find.scope {
            Scope::Published => (find.provider, vec![EntryStateName::Published]),
            Scope::Mine => (Some(own), EntryStateName::ALL.to_vec()),
            Scope::Review => (find.provider, vec![EntryStateName::Filed]),
        };
        let query = EntryQuery {
            terms: words.clone(),
            provider,
            attribute: find.attribute,
            states,
            limit: find.limit,
            after: beginning(find.after.as_deref())?,
        };
        let listed = self.store.begin_read().await?.entry_list(&query).await?;
        let organisations = self.organisations().await?;
        let granted = self.granted_entries(ctx).await?;
        let mut items = Vec::with_capacity(listed.items.len());
        for shuqiao_store::EntryHit { entry, .. } in listed.items {
            let visible = self.policies.may(&ctx.principal, Action::CatalogueRead, &of_entry(&entry.value));
            if !visible {
                continue;
            }
            let Entry { id, provider, content, .. } = &entry.value;
            let access = Access::of(own, *provider, content.sharing_attribute, granted.contains(id));
            let (provider, matched) = (known(&organisations, *provider)?, matched(content, &words));
            items.push(EntryHit { entry, provider, access, matched });
        }
        Ok(Page::new(items, listed.next))
    }

    /// Entries on which the reader's department holds a grant in force.
    async fn granted_entries(&self, ctx: &Ctx) -> Result<BTreeSet<CatalogueEntryId>, AppError> {
        let mut tx = self.store.begin_read().await?;
        Ok(tx.grant_entries_live(ctx.principal.organisation, ctx.now()).await?)
    }

    /// One entry, as the reader may see it.
    pub async fn entry_fetch(&self, ctx: &Ctx, id: CatalogueEntryId) -> Result<EntryView, AppError> {
        self.attempt(ctx, Action::CatalogueRead, id, async {
            let mut tx = self.store.begin_read().await?;
            let entry = tx.entry_fetch(id).await?;
            drop(tx);
            self.permit(ctx, Action::CatalogueRead, &of_entry(&entry.value))?;
            self.entry_view(ctx, entry).await
        })
        .await
    }

    pub(crate) async fn entry_view(&self, ctx: &Ctx, entry: Revised<Entry>) -> Result<EntryView, AppError> {
        let organisations = self.organisations().await?;
        let provider = known(&organisations, entry.value.provider)?;
        let granted = self.granted_entries(ctx).await?.contains(&entry.value.id);
        let attribute = entry.value.content.sharing_attribute;
        let access = Access::of(ctx.principal.organisation, entry.value.provider, attribute, granted);
        let resource = of_entry(&entry.value);
        let state = entry.value.state.name();
        let admitted = |verb: &EntryVerb| {
            catalogue::admits(state, *verb) && self.policies.may(&ctx.principal, action_of(*verb), &resource)
        };
        let allowed = EntryVerb::ALL.iter().copied().filter(admitted).collect();
        let may_request = access != Access::Own
            && matches!(entry.value.state, EntryState::Published { .. })
            && attribute.is_some_and(|a| a != SharingAttribute::NotShared)
            && self.policies.may(&ctx.principal, Action::RequestCreate, &Resource::Node);
        let problems = self.entry_problems(&entry.value).await?;
        let history = self.history(&entry.value.id.to_string()).await?;
        let people = self.people().await?;
        Ok(EntryView { entry, provider, access, allowed, may_request, problems, history, people })
    }

    async fn entry_problems(&self, entry: &Entry) -> Result<Vec<Problem>, AppError> {
        let mut tx = self.store.begin_read().await?;
        let structure = structure_behind(&mut tx, entry).await?;
        Ok(catalogue::problems(entry, structure.as_ref()))
    }

    /// Begins an entry.
    pub async fn entry_create(&self, ctx: &Ctx, content: EntryContent) -> Result<EntryView, AppError> {
        if let Some(id) = self.replayed_id(ctx).await? {
            return self.entry_fetch(ctx, id).await;
        }
        let created = self
            .attempt(ctx, Action::CatalogueCreate, "node", async {
                let own = ctx.principal.organisation;
                let resource = Resource::CatalogueEntry { provider: own, state: "draft", drafted_by: None };
                let permit = self.permit(ctx, Action::CatalogueCreate, &resource)?;
                let (entry, event) = catalogue::draft(ctx.edge.mint(), content, &ctx.stamp());
                let mut tx = self.store.begin_write().await?;
                let saved = tx.entry_insert(&entry, &permit).await?;
                tx.commit(self.done(ctx, &permit, event.name().as_str(), entry.id)).await?;
                Ok(saved)
            })
            .await?;
        self.entry_view(ctx, created).await
    }

    /// The draft says something else.
    pub async fn entry_revise(
        &self,
        ctx: &Ctx,
        id: CatalogueEntryId,
        seen: u64,
        content: EntryContent,
    ) -> Result<EntryView, AppError> {
        let decide = |entry: Entry, _: Decided<'_>| catalogue::revise(entry, content);
        self.entry_change(ctx, id, seen, EntryVerb::Edit, decide).await
    }

    /// Submits to the department's head.
    pub async fn entry_submit(&self, ctx: &Ctx, id: CatalogueEntryId, seen: u64) -> Result<EntryView, AppError> {
        let decide = |entry: Entry, facts: Decided<'_>| {
            let event = catalogue::submit(&entry, facts.structure, facts.by)?;
            Ok((entry.apply(&event), event))
        };
        self.entry_change(ctx, id, seen, EntryVerb::Submit, decide).await
    }

    /// The department's head approves.
    pub async fn entry_approve(&self, ctx: &Ctx, id: CatalogueEntryId, seen: u64) -> Result<EntryView, AppError> {
        let decide = |entry: Entry, facts: Decided<'_>| {
            let event = catalogue::approve(&entry, facts.by)?;
            Ok((entry.apply(&event), event))
        };
        self.entry_change(ctx, id, seen, EntryVerb::Approve, decide).await
    }

    /// The head or the authority sends it back.
    pub async fn entry_return(
        &self,
        ctx: &Ctx,
        id: CatalogueEntryId,
        seen: u64,
        reason: &str,
    ) -> Result<EntryView, AppError> {
        let decide = |entry: Entry, facts: Decided<'_>| {
            let event = catalogue::send_back(&entry, reason, facts.by)?;
            Ok((entry.apply(&event), event))
        };
        self.entry_change(ctx, id, seen, EntryVerb::Return, decide).await
    }

    /// The authority publishes.
    pub async fn entry_publish(&self, ctx: &Ctx, id: CatalogueEntryId, seen: u64) -> Result<EntryView, AppError> {
        let decide = |entry: Entry, facts: Decided<'_>| {
            let event = catalogue::publish(&entry, facts.structure, facts.number, facts.by)?;
            Ok((entry.apply(&event), event))
        };
        self.entry_change(ctx, id, seen, EntryVerb::Publish, decide).await
    }

    /// The shape of every verb of an entry: fetch, permit, decide, save, record.
    async fn entry_change(
        &self,
        ctx: &Ctx,
        id: CatalogueEntryId,
        seen: u64,
        verb: EntryVerb,
        decide: impl FnOnce(Entry, Decided<'_>) -> Result<(Entry, EntryEvent), Refusal>,
    ) -> Result<EntryView, AppError> {
        if self.replayed(ctx).await?.is_some() {
            return self.entry_fetch(ctx, id).await;
        }
        let action = action_of(verb);
        let saved = self
            .attempt(ctx, action, id, async {
                let mut tx = self.store.begin_write().await?;
                let found = tx.entry_fetch(id).await?;
                let resource = of_entry(&found.value);
                let elsewhere = EntryStateName::ALL.iter().map(|other| in_state(&resource, other.as_str()));
                let permit = self.permit_seen(ctx, action, &resource, elsewhere, (found.revision, seen))?;
                let structure = structure_behind(&mut tx, &found.value).await?;
                let number = match verb {
                    EntryVerb::Publish => self.catalogue_number(&mut tx).await?,
                    _ => String::new(),
                };
                let facts_for = Decided { structure: structure.as_ref(), number, by: ctx.stamp() };
                let (entry, event) = decide(found.value, facts_for)?;
                let saved = tx.entry_save(&entry, seen, &permit).await?;
                let mut record = self.done(ctx, &permit, event.name().as_str(), id);
                record.facts = entry_facts(&event, saved.revision);
                tx.commit(record).await?;
                Ok(saved)
            })
            .await?;
        self.entry_view(ctx, saved).await
    }

    /// The next catalogue number of this node: region and a running number.
    async fn catalogue_number(&self, tx: &mut Tx) -> Result<String, AppError> {
        let running = tx.counter_next("catalogue").await?;
        Ok(format!("{}-{running:06}", self.node.region))
    }

    /// What happened to a thing, oldest first.
    pub(crate) async fn history(&self, subject: &str) -> Result<Vec<HistoryLine>, AppError> {
        let rows = self.store.begin_read().await?.history(subject).await?;
        let (people, organisations) = (self.people().await?, self.organisations().await?);
        let line = |row: JournalRow| {
            let (person, organisation) = parties(&row.actor);
            HistoryLine {
                index: row.index,
                at: row.at,
                event: row.event,
                person_name: person.and_then(|id| people.get(&id).cloned()),
                organisation_name: organisation.and_then(|id| organisations.get(&id).map(|o| o.name.clone())),
                note: row.facts.get("note").cloned(),
            }
        };
        // Denied and refused attempts are for the auditor's eyes, not part of the thing's own story.
        let done = rows.into_iter().filter(|row| row.outcome == Outcome::Done);
        Ok(done.map(line).collect())
    }
}

/// What a decision on an entry needs beside the entry.
struct Decided<'a> {
    structure: Option<&'a Structure>,
    number: String,
    by: Stamp,
}

/// The structure of a source that is gone or of somebody else: no table at all, so that the entry is told so.
fn no_structure() -> Structure {
    Structure { tables: Vec::new(), encoding: None, digest: [0; 32] }
}

async fn structure_behind(tx: &mut Conn, entry: &Entry) -> Result<Option<Structure>, AppError> {
    let Some(resource) = &entry.content.resource else { return Ok(None) };
    match tx.source_fetch(resource.source).await {
        Ok(source) if source.value.provider == entry.provider => Ok(Some(source.value.structure)),
        Ok(_) | Err(StoreError::NotFound) => Ok(Some(no_structure())),
        Err(error) => Err(error.into()),
    }
}

fn entry_facts(event: &EntryEvent, revision: u64) -> std::collections::BTreeMap<String, String> {
    let mut found = facts([("revision", &revision)]);
    match event {
        EntryEvent::ReturnedByHead(returned) | EntryEvent::ReturnedByAuthority(returned) => {
            found.insert("note".to_owned(), returned.reason.clone());
        }
        EntryEvent::Published { number, .. } => {
            found.insert("number".to_owned(), number.clone());
        }
        EntryEvent::Drafted | EntryEvent::Revised | EntryEvent::Submitted(_) | EntryEvent::ApprovedByHead(_) => {}
    }
    found
}
