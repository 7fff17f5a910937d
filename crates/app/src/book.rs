//! The reconciler of the grant book: the planes serve from what the store says, and from nothing else.

use crate::{
    App, AppError,
    book_signatures::signed_grants,
    port::{BookChange, BookContents},
};
use shuqiao_domain::{grant::Grant, source::Source};
use shuqiao_store::{BookThing, Conn, StoreError};
use shuqiao_vocabulary::{GrantId, Moment, OrganisationId, SourceId, SystemId};
use std::collections::{BTreeMap, BTreeSet};

/// Grants in one part of a book.
const PART_GRANTS: u32 = 2_000;

impl App {
    /// Publishes the book after something that is done and recorded. A failure does not undo it, so the caller is not told
    /// one: the reconciler's next turn tries again, and until then a book that nobody confirms denies within five seconds.
    pub(crate) async fn book_refresh(&self, now: Moment) {
        if let Err(error) = self.book_reconcile(now).await {
            tracing::error!(error = %error, "the book of grants could not be published after a change");
        }
    }

    /// Confirms the book when its epoch is still the newest; else publishes what has changed since, and the whole of it at the
    /// start and after an error. Runs every second and after each change of a grant, a system, a source or a gateway; may
    /// run twice.
    pub async fn book_reconcile(&self, now: Moment) -> Result<(), AppError> {
        let mut published = self.published_epoch.lock().await;
        let mut tx = self.store.begin_read().await?;
        let epoch = tx.grant_epoch().await?;
        if *published == Some(epoch) {
            drop(tx);
            self.book.confirm(epoch, now).await;
            return Ok(());
        }
        // Until this ends well, nobody knows what the plane has: the next turn gives it the whole book.
        if let Some(from) = published.take()
            && let Some(things) = tx.book_changes(from).await?
        {
            let change = book_change(&mut tx, (from, epoch), things, now).await?;
            drop(tx);
            self.book.change(change, now).await.map_err(AppError::Fault)?;
        } else {
            self.book_publish(&mut tx, epoch, now).await?;
        }
        *published = Some(epoch);
        Ok(())
    }

    /// The whole book, part by part, from one snapshot of the store.
    async fn book_publish(&self, tx: &mut Conn, epoch: u64, now: Moment) -> Result<(), AppError> {
        let mut contents = BookContents {
            epoch,
            systems: tx.system_list(None).await?.into_iter().filter(|system| system.active).collect(),
            gateways: tx.gateway_list(None).await?,
            ..BookContents::default()
        };
        let (mut known, mut after) = (BTreeMap::new(), None);
        loop {
            contents.grants = tx.grant_live_page(now, None, after, PART_GRANTS).await?;
            contents.more = contents.grants.len() >= usize::try_from(PART_GRANTS).unwrap_or(usize::MAX);
            contents.sources = sources_of(tx, &contents.grants, &mut known).await?;
            contents.providers = providers_of(tx, &contents.grants).await?;
            contents.signed = signed_grants(tx, &contents.grants).await?;
            after = contents.grants.last().map(|grant| grant.id);
            let (more, part) = (contents.more, contents.part);
            self.book.publish(contents, now).await.map_err(AppError::Fault)?;
            if !more {
                return Ok(());
            }
            contents = BookContents { epoch, part: part.saturating_add(1), ..BookContents::default() };
        }
    }
}

/// What a plane is told of these things.
async fn book_change(
    tx: &mut Conn,
    (from, to): (u64, u64),
    things: BTreeSet<BookThing>,
    now: Moment,
) -> Result<BookChange, AppError> {
    let mut change = BookChange { from, to, ..BookChange::default() };
    let (mut grants, mut systems) = (Vec::<GrantId>::new(), Vec::<SystemId>::new());
    let (mut known, mut live) = (BTreeMap::new(), BTreeMap::new());
    for thing in things {
        match thing {
            BookThing::Grant(id) => grants.push(id),
            BookThing::System(id) => systems.push(id),
            BookThing::Source(id) => {
                let source = tx.source_fetch(id).await?.value;
                on_source(tx, &source, now, &mut live).await?;
                known.insert(id, source);
            }
            BookThing::Gateway(id) => match tx.gateway_fetch(id).await?.value {
                gateway if gateway.removed.is_none() => change.gateways.push(gateway),
                _ => change.gateways_gone.push(id),
            },
        }
    }
    live.extend(tx.grant_live_among(&grants, now).await?.into_iter().map(|grant| (grant.id, grant)));
    change.grants_gone = grants.into_iter().filter(|id| !live.contains_key(id)).collect();
    change.grants = live.into_values().collect();
    let found = tx.system_list_by_ids(&systems).await?;
    change.systems = found.into_iter().filter(|system| system.active).collect();
    let active: BTreeSet<SystemId> = change.systems.iter().map(|system| system.id).collect();
    change.systems_gone = systems.into_iter().filter(|id| !active.contains(id)).collect();
    sources_of(tx, &change.grants, &mut known).await?;
    change.sources = known.into_values().collect();
    change.providers = providers_of(tx, &change.grants).await?;
    change.signed = signed_grants(tx, &change.grants).await?;
    Ok(change)
}

/// Live grants on a source: what they deliver follows its structure.
async fn on_source(
    tx: &mut Conn,
    source: &Source,
    now: Moment,
    live: &mut BTreeMap<GrantId, Grant>,
) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let page = tx.grant_live_page(now, Some(source.provider), after, PART_GRANTS).await?;
        let Some(last) = page.last().map(|grant| grant.id) else { return Ok(()) };
        after = Some(last);
        let on_it = page.into_iter().filter(|grant| grant.terms.resource.source == source.id);
        live.extend(on_it.map(|grant| (grant.id, grant)));
    }
}

/// The sources of these grants. Those that are known already are not read again.
async fn sources_of(
    tx: &mut Conn,
    grants: &[Grant],
    known: &mut BTreeMap<SourceId, Source>,
) -> Result<Vec<Source>, StoreError> {
    let wanted: BTreeSet<SourceId> = grants.iter().map(|grant| grant.terms.resource.source).collect();
    let mut sources = Vec::with_capacity(wanted.len());
    for id in wanted {
        if let std::collections::btree_map::Entry::Vacant(place) = known.entry(id) {
            place.insert(tx.source_fetch(id).await?.value);
        }
        sources.extend(known.get(&id).cloned());
    }
    Ok(sources)
}

/// The names of the providers of these grants.
async fn providers_of(tx: &mut Conn, grants: &[Grant]) -> Result<BTreeMap<OrganisationId, String>, StoreError> {
    let wanted: BTreeSet<OrganisationId> = grants.iter().map(|grant| grant.provider).collect();
    let mut names = BTreeMap::new();
    for id in wanted {
        names.insert(id, tx.organisation_fetch(id).await?.name);
    }
    Ok(names)
}
