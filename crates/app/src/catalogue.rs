//! The catalogue: drafting, the head's approval, the authority's publication.

use crate::{App, AppError, Ctx, attempt::facts, book_signatures::signing_differs, view::EntryView};
use shuqiao_domain::{
    Refusal, Stamp, Timing,
    catalogue::{self, Entry, EntryContent, EntryEvent, EntryStateName, EntryVerb, Version},
    organisation::Organisation,
    source::Structure,
};
use shuqiao_policy::{Action, Permit, Resource};
use shuqiao_store::{Conn, StoreError, Tx};
use shuqiao_vocabulary::{CatalogueEntryId, Moment};

pub(crate) fn of_entry(entry: &Entry, provider: &Organisation) -> Resource {
    resource(provider, entry.state_name().as_str(), Some(entry.drafter()))
}

fn resource(
    provider: &Organisation,
    state: &'static str,
    drafted_by: Option<shuqiao_vocabulary::PersonId>,
) -> Resource {
    let (authority_level, authority_region) = provider.authority_place();
    Resource::CatalogueEntry { provider: provider.id, authority_level, authority_region, state, drafted_by }
}

/// The same entry in another state.
fn in_state(entry: &Resource, name: &'static str) -> Resource {
    let mut other = entry.clone();
    if let Resource::CatalogueEntry { state, .. } = &mut other {
        *state = name;
    }
    other
}

pub(crate) const fn action_of(verb: EntryVerb) -> Action {
    match verb {
        EntryVerb::Edit => Action::CatalogueEdit,
        EntryVerb::Submit => Action::CatalogueSubmit,
        EntryVerb::Approve => Action::CatalogueApprove,
        EntryVerb::Return => Action::CatalogueReturn,
        EntryVerb::Publish => Action::CataloguePublish,
        EntryVerb::Update => Action::CatalogueUpdate,
        EntryVerb::Discard => Action::CatalogueDiscard,
        EntryVerb::ProposeRetirement => Action::CatalogueProposeRetirement,
        EntryVerb::Retire => Action::CatalogueRetire,
        EntryVerb::RecordChange => Action::CatalogueRecordChange,
        EntryVerb::AskExtension => Action::CatalogueAskExtension,
        EntryVerb::DecideExtension => Action::CatalogueDecideExtension,
    }
}

impl App {
    /// Begins an entry.
    pub async fn entry_create(&self, ctx: &Ctx, content: EntryContent) -> Result<EntryView, AppError> {
        if let Some(id) = self.replayed_id(ctx).await? {
            return self.entry_fetch(ctx, id).await;
        }
        let created = self
            .attempt(ctx, Action::CatalogueCreate, "node", async {
                let mut tx = self.store.begin_write().await?;
                let own = tx.organisation_fetch(ctx.principal.organisation).await?;
                let permit = self.permit(ctx, Action::CatalogueCreate, &resource(&own, "draft", None))?;
                let (entry, event) = catalogue::draft(ctx.edge.mint(), content, &ctx.stamp());
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
            let event = catalogue::approve(&entry, facts.timing, facts.by)?;
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
            let event = catalogue::publish(&entry, facts.structure, facts.number, facts.announcement, facts.by)?;
            Ok((entry.apply(&event), event))
        };
        self.entry_change(ctx, id, seen, EntryVerb::Publish, decide).await
    }

    /// The shape of every verb of an entry: fetch, permit, decide, save, record.
    pub(crate) async fn entry_change(
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
                let provider = tx.organisation_fetch(found.value.provider).await?;
                let resource = of_entry(&found.value, &provider);
                let elsewhere = EntryStateName::ALL.iter().map(|other| in_state(&resource, other.as_str()));
                let permit = self.permit_seen(ctx, action, &resource, elsewhere, (found.revision, seen))?;
                let structure = structure_behind(&mut tx, &found.value).await?;
                let numbers = self.numbers_for(&mut tx, verb, found.value.state_name(), ctx.now()).await?;
                let live_grants = tx.grant_live_count(id, ctx.now()).await?;
                let desk = self.desk_of(Some(&provider));
                let facts_for = Decided {
                    structure: structure.as_ref(),
                    number: numbers.entry,
                    announcement: numbers.announcement,
                    live_grants,
                    timing: desk.timing(),
                    by: ctx.stamp(),
                };
                let held = found.value.version();
                let (entry, event) = decide(found.value, facts_for)?;
                let saved = tx.entry_save(&entry, seen, &permit).await?;
                let signing = held.as_ref().is_some_and(|held| signing_differs(&held.content, &entry.content));
                if signing {
                    tx.book_entry_changed(id, ctx.now(), &permit).await?;
                }
                if let Some(place) = numbers.place {
                    made_known(&mut tx, &entry, held, place, &permit).await?;
                }
                let mut record = self.done(ctx, &permit, event.name().as_str(), id);
                record.facts = entry_facts(&saved.value, &event, saved.revision);
                tx.commit(record).await?;
                if signing {
                    self.book_refresh(ctx.now()).await;
                }
                Ok(saved)
            })
            .await?;
        self.entry_view(ctx, saved).await
    }

    /// The next numbers of this node, as far as the verb needs them: the entry's (region and a running number) once, and
    /// the announcement's.
    async fn numbers_for(
        &self,
        tx: &mut Tx,
        verb: EntryVerb,
        state: EntryStateName,
        now: Moment,
    ) -> Result<Numbers, AppError> {
        let mut numbers = Numbers { entry: String::new(), announcement: String::new(), place: None };
        if verb == EntryVerb::Publish && state == EntryStateName::Filed {
            let running = tx.counter_next("catalogue").await?;
            numbers.entry = format!("{}-{running:06}", self.node.region);
        }
        if matches!(verb, EntryVerb::Publish | EntryVerb::Retire) {
            let running = tx.counter_next("announcement").await?;
            numbers.announcement = format!("TG-{}-{}-{running:06}", self.node.region, now.date().year());
            numbers.place = Some(running);
        }
        Ok(numbers)
    }
}

/// What a decision on an entry needs beside the entry.
pub(crate) struct Decided<'a> {
    pub(crate) structure: Option<&'a Structure>,
    pub(crate) number: String,
    pub(crate) announcement: String,
    pub(crate) live_grants: u64,
    pub(crate) timing: Timing<'a>,
    pub(crate) by: Stamp,
}

/// Numbers that a verb gives out; empty where it gives none.
struct Numbers {
    entry: String,
    announcement: String,
    /// The running number of the announcement.
    place: Option<u64>,
}

/// Keeps the version that holds no longer, and announces what holds now.
async fn made_known(
    tx: &mut Tx,
    entry: &Entry,
    held: Option<Version>,
    place: u64,
    permit: &Permit,
) -> Result<(), AppError> {
    if let Some(held) = held {
        tx.version_insert(entry.id, &held, permit).await?;
    }
    if let Some(announcement) = entry.announcement() {
        tx.announcement_insert(place, &announcement, permit).await?;
    }
    Ok(())
}

/// The structure of a source that is gone or of somebody else: no table at all, so that the entry is told so.
fn no_structure() -> Structure {
    Structure { tables: Vec::new(), encoding: None, threshold: None, digest: [0; 32] }
}

pub(crate) async fn structure_behind(tx: &mut Conn, entry: &Entry) -> Result<Option<Structure>, AppError> {
    let Some(resource) = &entry.content_in_work().resource else { return Ok(None) };
    match tx.source_fetch(resource.source).await {
        Ok(source) if source.value.provider == entry.provider => Ok(Some(source.value.structure)),
        Ok(_) | Err(StoreError::NotFound) => Ok(Some(no_structure())),
        Err(error) => Err(error.into()),
    }
}

fn entry_facts(entry: &Entry, event: &EntryEvent, revision: u64) -> std::collections::BTreeMap<String, String> {
    let mut found = facts([("revision", &revision)]);
    let mut put = |name: &str, value: String| {
        found.insert(name.to_owned(), value);
    };
    match event {
        EntryEvent::ReturnedByHead(returned) | EntryEvent::ReturnedByAuthority(returned) => {
            put("note", returned.reason.clone());
        }
        EntryEvent::ApprovedByHead { review: Some(clock), .. } => put("due", clock.due.to_string()),
        EntryEvent::Published { number, announcement, .. } => {
            if !number.is_empty() {
                put("number", number.clone());
            }
            put("announcement", announcement.clone());
        }
        EntryEvent::ChangeRecorded(change) => {
            put("note", change.title.clone());
            put("kind", change.kind.to_string());
            put("occurred", change.occurred.to_string());
            put("started", change.clock.started.to_string());
            put("due", change.clock.due.to_string());
            // Scorecards are computed from the record alone: whose duty it is, what ends it, how the entry is called.
            put("stops_with", change.stops_with.to_string());
            put("provider", entry.provider.to_string());
            put("number", entry.number().unwrap_or_default().to_owned());
        }
        EntryEvent::ExtensionAsked { change, reason, .. } => {
            put("change", change.to_string());
            put("note", reason.clone());
        }
        EntryEvent::ExtensionConsented { change, opinion, clock, .. } => {
            put("change", change.to_string());
            put("note", opinion.clone());
            put("due", clock.due.to_string());
        }
        EntryEvent::ExtensionRefused { change, opinion, .. } => {
            put("change", change.to_string());
            put("note", opinion.clone());
        }
        EntryEvent::RetirementProposed { reason, .. } => put("note", reason.clone()),
        EntryEvent::Retired { announcement, .. } => put("announcement", announcement.clone()),
        EntryEvent::Drafted
        | EntryEvent::Revised
        | EntryEvent::Submitted(_)
        | EntryEvent::ApprovedByHead { review: None, .. }
        | EntryEvent::VersionBegun(_)
        | EntryEvent::VersionDiscarded(_) => {}
    }
    found
}
