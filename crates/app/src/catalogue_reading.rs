//! Reading the catalogue: search, one entry as its reader may see it, its versions, the announcements.

use crate::{
    App, AppError, Ctx,
    catalogue::{action_of, of_entry, structure_behind},
    organisation::known,
    record::parties,
    view::{AnnouncementView, ClockView, EntryHit, EntryView, HistoryLine, Page, VersionView, beginning},
};
use shuqiao_domain::{
    catalogue::{self, Access, Entry, EntryContent, EntryEventName, EntryState, EntryStateName, EntryVerb, Work},
    organisation::Organisation,
};
use shuqiao_policy::{Action, Resource};
use shuqiao_store::{EntryQuery, JournalRow, Outcome, Revised};
use shuqiao_vocabulary::{CatalogueEntryId, Moment, OrganisationId, SharingAttribute};
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

/// What everybody may know of an entry's history: its publications and its end.
const PUBLIC_EVENTS: [EntryEventName; 2] = [EntryEventName::Published, EntryEventName::Retired];

impl App {
    /// Finds entries.
    pub async fn entry_list(&self, ctx: &Ctx, find: EntryFind) -> Result<Page<EntryHit>, AppError> {
        let own = ctx.principal.organisation;
        let words: Vec<String> = find.q.to_lowercase().split_whitespace().take(WORDS_MAX).map(str::to_owned).collect();
        let (provider, states) = match find.scope {
            Scope::Published => (find.provider, EntryStateName::HOLDING.to_vec()),
            Scope::Mine => (Some(own), EntryStateName::ALL.to_vec()),
            Scope::Review => (find.provider, EntryStateName::WITH_AUTHORITY.to_vec()),
        };
        // Everybody may read what holds; what is filed with an authority is that authority's.
        let reads = match find.scope {
            Scope::Review => Action::CatalogueWorkRead,
            Scope::Published | Scope::Mine => Action::CatalogueRead,
        };
        let query = EntryQuery {
            terms: words.clone(),
            provider,
            attribute: find.attribute,
            states,
            clock_runs: false,
            limit: find.limit,
            after: beginning(find.after.as_deref())?,
        };
        let listed = self.store.begin_read().await?.entry_list(&query).await?;
        let organisations = self.organisations().await?;
        let granted = self.granted_entries(ctx).await?;
        let mut items = Vec::with_capacity(listed.items.len());
        for shuqiao_store::EntryHit { entry, .. } in listed.items {
            let provider = known(&organisations, entry.value.provider)?;
            let resource = of_entry(&entry.value, &provider);
            if !self.policies.may(&ctx.principal, reads, &resource) {
                continue;
            }
            let (entry, follows) = self.as_seen(ctx, entry, &resource);
            let access =
                Access::of(own, provider.id, entry.value.content.sharing_attribute, granted.contains(&entry.value.id));
            let clock = follows.then(|| self.entry_clock(&entry.value, ctx.now())).flatten();
            let matched = matched(&entry.value.content, &words);
            items.push(EntryHit { entry, provider, access, matched, clock });
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
            let provider = tx.organisation_fetch(entry.value.provider).await?;
            drop(tx);
            self.permit(ctx, Action::CatalogueRead, &of_entry(&entry.value, &provider))?;
            self.entry_view(ctx, entry).await
        })
        .await
    }

    /// What the reader may see of an entry: work under way is for the department and the authority that reviews it,
    /// changes and clocks for the department and its authority. Also answers whether the reader sees the latter.
    pub(crate) fn as_seen(&self, ctx: &Ctx, mut entry: Revised<Entry>, resource: &Resource) -> (Revised<Entry>, bool) {
        let may = |action| self.policies.may(&ctx.principal, action, resource);
        let works = may(Action::CatalogueWorkRead);
        let follows = works || may(Action::CatalogueRecordChange);
        if !works {
            entry.value.work = None;
        }
        if !follows {
            entry.value.changes.clear();
            entry.value.reviews.clear();
        }
        (entry, follows)
    }

    pub(crate) async fn entry_view(&self, ctx: &Ctx, entry: Revised<Entry>) -> Result<EntryView, AppError> {
        let organisations = self.organisations().await?;
        let provider = known(&organisations, entry.value.provider)?;
        let granted = self.granted_entries(ctx).await?.contains(&entry.value.id);
        let attribute = entry.value.content.sharing_attribute;
        let access = Access::of(ctx.principal.organisation, entry.value.provider, attribute, granted);
        let allowed = self.entry_allowed(ctx, &entry.value, &provider);
        let may_request = access != Access::Own
            && matches!(entry.value.state, EntryState::Published { .. })
            && attribute.is_some_and(|a| a != SharingAttribute::NotShared)
            && self.policies.may(&ctx.principal, Action::RequestCreate, &Resource::Node);
        let resource = of_entry(&entry.value, &provider);
        let (entry, follows) = self.as_seen(ctx, entry, &resource);
        let value = &entry.value;
        let mut tx = self.store.begin_read().await?;
        let structure = structure_behind(&mut tx, value).await?;
        drop(tx);
        let problems = catalogue::problems(value, structure.as_ref());
        let subjects_min = structure.and_then(|structure| structure.threshold).map(|threshold| threshold.minimum);
        let mut history = self.history(&value.id.to_string()).await?;
        if !follows && value.provider != ctx.principal.organisation {
            history.retain(|line| PUBLIC_EVENTS.iter().any(|event| event.as_str() == line.event));
        }
        let differences = match &value.work {
            Some(Work::Update { content, .. }) => catalogue::differences(&value.content, content),
            Some(Work::Retirement { .. }) | None => Vec::new(),
        };
        let now = ctx.now();
        let changes = value.changes.iter().map(|c| self.timed(&c.clock, c.stopped(), now, &[])).collect();
        let ended = |review: &catalogue::Review| review.end.as_ref().map(|end| end.at);
        let reviews = value.reviews.iter().map(|r| self.timed(&r.clock, ended(r), now, &[])).collect();
        let people = self.people().await?;
        let organisations = organisations.values().map(|o| (o.id, o.name.clone())).collect();
        Ok(EntryView {
            entry,
            provider,
            access,
            allowed,
            may_request,
            problems,
            history,
            people,
            organisations,
            differences,
            changes,
            reviews,
            subjects_min,
        })
    }

    /// What the reader may do to an entry now: what the state admits, the policy permits, and there is something for.
    pub(crate) fn entry_allowed(&self, ctx: &Ctx, entry: &Entry, provider: &Organisation) -> Vec<EntryVerb> {
        let (state, resource, now) = (entry.state_name(), of_entry(entry, provider), ctx.now());
        let has_matter = |verb: EntryVerb| match verb {
            EntryVerb::AskExtension => entry.changes.iter().any(|change| change.extendable(now)),
            EntryVerb::DecideExtension => entry.changes.iter().any(catalogue::Change::extension_pending),
            _ => true,
        };
        let admitted = |verb: &EntryVerb| {
            catalogue::admits(state, *verb)
                && has_matter(*verb)
                && self.policies.may(&ctx.principal, action_of(*verb), &resource)
        };
        EntryVerb::ALL.iter().copied().filter(admitted).collect()
    }

    /// The clock of an entry that is due first, as it stands now.
    pub(crate) fn entry_clock(&self, entry: &Entry, now: Moment) -> Option<ClockView> {
        let first = entry.running_clocks().min_by_key(|clock| clock.due)?;
        Some(self.timed(first, None, now, &[]))
    }

    /// Every version of an entry that was published, the oldest first, each with what it says differently.
    pub async fn entry_versions(&self, ctx: &Ctx, id: CatalogueEntryId) -> Result<Vec<VersionView>, AppError> {
        self.attempt(ctx, Action::CatalogueRead, id, async {
            let mut tx = self.store.begin_read().await?;
            let entry = tx.entry_fetch(id).await?.value;
            let provider = tx.organisation_fetch(entry.provider).await?;
            self.permit(ctx, Action::CatalogueRead, &of_entry(&entry, &provider))?;
            let mut versions = tx.version_list(id).await?;
            drop(tx);
            let holds = entry.version();
            let current = holds.as_ref().map(|version| version.version);
            versions.extend(holds);
            let people = self.people().await?;
            let mut views: Vec<VersionView> = Vec::with_capacity(versions.len());
            for version in versions {
                let before = views.last().map(|view| &view.version.content);
                let differences = before.map(|before| catalogue::differences(before, &version.content));
                views.push(VersionView {
                    current: current == Some(version.version),
                    differences: differences.unwrap_or_default(),
                    people: people.clone(),
                    version,
                });
            }
            Ok(views)
        })
        .await
    }

    /// One version of an entry, as it was published.
    pub async fn entry_version(&self, ctx: &Ctx, id: CatalogueEntryId, version: u32) -> Result<VersionView, AppError> {
        let versions = self.entry_versions(ctx, id).await?;
        versions.into_iter().find(|view| view.version.version == version).ok_or(AppError::NotFound)
    }

    /// Announcements of the catalogue (通告, Art. 16), the newest first.
    pub async fn announcement_list(
        &self,
        ctx: &Ctx,
        limit: u32,
        after: Option<String>,
    ) -> Result<Page<AnnouncementView>, AppError> {
        self.attempt(ctx, Action::AnnouncementRead, "node", async {
            self.permit(ctx, Action::AnnouncementRead, &Resource::Node)?;
            let after = beginning(after.as_deref())?;
            let listed = self.store.begin_read().await?.announcement_list(limit, after.as_ref()).await?;
            let organisations = self.organisations().await?;
            let mut items = Vec::with_capacity(listed.items.len());
            for announcement in listed.items {
                let (provider, authority) = (announcement.provider, announcement.by.organisation);
                let (provider, authority) = (known(&organisations, provider)?, known(&organisations, authority)?);
                items.push(AnnouncementView { announcement, provider, authority });
            }
            Ok(Page::new(items, listed.next))
        })
        .await
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
