//! The book in memory. A snapshot is compiled beside the book in force; a change is compiled beside it too and then put in
//! place, so that calls wait for a few steps in a map and never for a copy of it.

use super::{CompiledGrant, shards::GrantMap};
use crate::{
    book::{Book, BookError, Change, GrantTerms, SourceSpec, SystemCredential},
    meter::{Meter, MeterClock, UsedOfDay},
    source::Location,
};
use shuqiao_crypto::{
    seal::SealKey,
    token::{Caller, Claims},
};
use shuqiao_vocabulary::id::{GatewayId, GrantId, OrganisationId, SourceId, SystemId};
use std::{
    collections::{BTreeSet, HashMap, HashSet, VecDeque},
    mem,
    sync::Arc,
};

/// Grants remembered after they have left the book, so that their holders hear "revoked" and not "missing".
const REMEMBERED_MAX: usize = 100_000;
/// Things remembered as changed, for gateways that follow; who is further behind takes a snapshot.
const CHANGED_MAX: usize = 100_000;

/// What the plane serves from at one moment.
pub(crate) struct CompiledBook {
    pub(crate) epoch: u64,
    /// Empty while there is no book.
    pub(crate) node: String,
    pub(crate) grants: GrantMap,
    pub(crate) systems: HashMap<SystemId, SystemCredential>,
    /// Grants that were in an earlier book, with who held them.
    pub(crate) gone: HashMap<GrantId, OrganisationId>,
    pub(crate) sources: HashMap<SourceId, KnownSource>,
    pub(crate) gateways: HashMap<GatewayId, OrganisationId>,
    changed: VecDeque<Changed>,
    /// Things in `changed`.
    remembered: usize,
}

/// A source as the book has it, and where it is, when the seal opens.
pub(crate) struct KnownSource {
    pub(crate) spec: SourceSpec,
    pub(crate) location: Option<Arc<Location>>,
}

/// One change that was applied.
struct Changed {
    from: u64,
    grants: Vec<(GrantId, OrganisationId)>,
    systems: Vec<SystemId>,
    sources: Vec<SourceId>,
}

impl Changed {
    /// Never 0, so that changes of nothing are not remembered without end.
    fn things(&self) -> usize {
        1 + self.grants.len() + self.systems.len() + self.sources.len()
    }
}

/// What changed since an epoch: grants with their providers, systems, sources; each once.
#[derive(Debug, Default)]
pub(crate) struct Since {
    pub(crate) grants: BTreeSet<(GrantId, OrganisationId)>,
    pub(crate) systems: BTreeSet<SystemId>,
    pub(crate) sources: BTreeSet<SourceId>,
}

/// Compiles grants.
pub(crate) struct Maker<'a> {
    pub(crate) seal: &'a SealKey,
    pub(crate) mask_master: &'a [u8; 32],
    pub(crate) clock: &'a MeterClock,
    pub(crate) used: &'a dyn Fn(&GrantId) -> UsedOfDay,
}

impl Maker<'_> {
    /// The grant compiled; one whose terms and source have not changed is taken over with its meter.
    fn grant(
        &self,
        terms: GrantTerms,
        location: Option<Arc<Location>>,
        previous: Option<&Arc<CompiledGrant>>,
        mask_key: Option<&[u8; 32]>,
    ) -> Arc<CompiledGrant> {
        let derived = || shuqiao_crypto::mask::grant_key(self.mask_master, &terms.id);
        let mask_key = mask_key.copied().unwrap_or_else(derived);
        let same =
            |old: &&Arc<CompiledGrant>| old.terms == terms && old.location == location && old.mask_key == mask_key;
        if let Some(kept) = previous.filter(same) {
            return kept.clone();
        }
        let calls = terms.calls_per_second;
        let meter = match previous {
            Some(old) => old.meter.renewed(calls, self.clock),
            None => Meter::new(calls, self.clock, (self.used)(&terms.id)),
        };
        Arc::new(CompiledGrant::new(terms, location, meter, mask_key))
    }

    fn source(&self, spec: SourceSpec) -> KnownSource {
        let location = Location::open(self.seal, &spec.sealed_location).ok().map(Arc::new);
        KnownSource { spec, location }
    }
}

/// A change that is ready to be put in place.
pub(crate) struct Prepared {
    to: u64,
    grants: Vec<Arc<CompiledGrant>>,
    grants_gone: Vec<GrantId>,
    systems: Vec<SystemCredential>,
    systems_gone: Vec<SystemId>,
    sources: Vec<KnownSource>,
    gateways: Vec<(GatewayId, OrganisationId)>,
    gateways_gone: Vec<GatewayId>,
    changed: Changed,
}

impl CompiledBook {
    /// An empty book that nothing is served from.
    pub(crate) fn empty() -> Self {
        Self {
            epoch: 0,
            node: String::new(),
            grants: GrantMap::new(),
            systems: HashMap::new(),
            gone: HashMap::new(),
            sources: HashMap::new(),
            gateways: HashMap::new(),
            changed: VecDeque::new(),
            remembered: 0,
        }
    }

    /// The systems that may use the national platform's call signature.
    pub(crate) fn national(&self) -> impl Iterator<Item = &SystemCredential> {
        self.systems.values().filter(|system| system.identity.national.is_some())
    }

    /// Whether the caller is still who they were when they proved it. Persons are not in the book.
    pub(crate) fn knows(&self, claims: &Claims) -> bool {
        match claims.caller {
            Caller::System(id) => {
                self.systems.get(&id).is_some_and(|system| system.organisation == claims.organisation)
            }
            Caller::Person(_) => true,
        }
    }

    /// Whether there is a book at all.
    pub(crate) fn is_there(&self) -> bool {
        !self.node.is_empty()
    }

    /// A book begun with the first part of a snapshot. Its grants follow by [`Self::more`].
    pub(crate) fn begin(book: &mut Book, previous: &Self) -> Result<Self, BookError> {
        if book.epoch < previous.epoch {
            return Err(BookError::Old { installed: previous.epoch, offered: book.epoch });
        }
        let systems = mem::take(&mut book.systems).into_iter().map(|system| (system.id, system)).collect();
        let gateways = book.gateways.iter().map(|gateway| (gateway.id, gateway.provider)).collect();
        Ok(Self { epoch: book.epoch, node: book.node.clone(), systems, gateways, ..Self::empty() })
    }

    /// Adds the sources and grants of a part.
    pub(crate) fn more(&mut self, book: Book, previous: &Self, maker: &Maker<'_>) {
        self.sources.extend(book.sources.into_iter().map(|spec| (spec.id, maker.source(spec))));
        let mask_keys: HashMap<GrantId, [u8; 32]> = book.mask_keys.into_iter().collect();
        for terms in book.grants {
            let location = self.sources.get(&terms.source).and_then(|source| source.location.clone());
            let (id, old) = (terms.id, previous.grants.get(&terms.id));
            self.grants.insert(maker.grant(terms, location, old, mask_keys.get(&id)));
        }
    }

    /// Remembers what was in the book before and is no longer in this one, which is complete now.
    pub(crate) fn complete(&mut self, previous: &Self) {
        self.gone.clone_from(&previous.gone);
        self.gone.extend(previous.grants.values().map(|grant| (grant.terms.id, grant.terms.requester)));
        let grants = &self.grants;
        self.gone.retain(|id, _| grants.get(id).is_none());
        if self.gone.len() > REMEMBERED_MAX {
            self.gone.clear();
        }
    }

    /// Compiles a change to this book, beside it.
    pub(crate) fn prepare(&self, change: Change, maker: &Maker<'_>) -> Result<Prepared, BookError> {
        if change.from != self.epoch || !self.is_there() {
            return Err(BookError::Gap { installed: self.epoch, from: change.from });
        }
        if change.node != self.node {
            return Err(BookError::Value(format!("a change of {}, and the book is of {}", change.node, self.node)));
        }
        let sources: Vec<KnownSource> = change.sources.into_iter().map(|spec| maker.source(spec)).collect();
        let moved: HashMap<SourceId, Option<Arc<Location>>> =
            sources.iter().map(|source| (source.spec.id, source.location.clone())).collect();
        let location = |id: &SourceId| match moved.get(id) {
            Some(location) => location.clone(),
            None => self.sources.get(id).and_then(|source| source.location.clone()),
        };
        let mask_keys: HashMap<GrantId, [u8; 32]> = change.mask_keys.into_iter().collect();
        let told: HashSet<GrantId> =
            change.grants.iter().map(|terms| terms.id).chain(change.grants_gone.iter().copied()).collect();
        // Grants that stay as they are and whose source lies elsewhere now: a rare case, and the only walk over all.
        let elsewhere = |grant: &&Arc<CompiledGrant>| {
            let source = moved.get(&grant.terms.source);
            source.is_some_and(|location| *location != grant.location) && !told.contains(&grant.terms.id)
        };
        let followed: Vec<&Arc<CompiledGrant>> =
            if moved.is_empty() { Vec::new() } else { self.grants.values().filter(elsewhere).collect() };
        let mut grants = Vec::with_capacity(change.grants.len() + followed.len());
        for old in followed {
            let place = location(&old.terms.source);
            grants.push(maker.grant(old.terms.clone(), place, Some(old), Some(&old.mask_key)));
        }
        for terms in change.grants {
            let (id, place) = (terms.id, location(&terms.source));
            grants.push(maker.grant(terms, place, self.grants.get(&id), mask_keys.get(&id)));
        }
        let gone = change.grants_gone.iter().filter_map(|id| self.grants.get(id));
        let changed = Changed {
            from: change.from,
            grants: grants.iter().chain(gone).map(|grant| (grant.terms.id, grant.terms.provider)).collect(),
            systems: change.systems.iter().map(|system| system.id).chain(change.systems_gone.iter().copied()).collect(),
            sources: moved.keys().copied().collect(),
        };
        Ok(Prepared {
            to: change.to,
            grants,
            grants_gone: change.grants_gone,
            systems: change.systems,
            systems_gone: change.systems_gone,
            sources,
            gateways: change.gateways.iter().map(|gateway| (gateway.id, gateway.provider)).collect(),
            gateways_gone: change.gateways_gone,
            changed,
        })
    }

    /// Puts a prepared change in place; answers what it has displaced, to be dropped when nobody waits any more.
    pub(crate) fn apply(&mut self, prepared: Prepared) -> Vec<Arc<CompiledGrant>> {
        let mut displaced = Vec::with_capacity(prepared.grants.len() + prepared.grants_gone.len());
        for grant in prepared.grants {
            self.gone.remove(&grant.terms.id);
            displaced.extend(self.grants.insert(grant));
        }
        for id in prepared.grants_gone {
            if let Some(grant) = self.grants.remove(&id) {
                if self.gone.len() >= REMEMBERED_MAX {
                    self.gone.clear();
                }
                self.gone.insert(id, grant.terms.requester);
                displaced.push(grant);
            }
        }
        self.systems.extend(prepared.systems.into_iter().map(|system| (system.id, system)));
        self.sources.extend(prepared.sources.into_iter().map(|source| (source.spec.id, source)));
        self.gateways.extend(prepared.gateways);
        for id in prepared.systems_gone {
            self.systems.remove(&id);
        }
        for id in prepared.gateways_gone {
            self.gateways.remove(&id);
        }
        self.epoch = prepared.to;
        self.remembered += prepared.changed.things();
        self.changed.push_back(prepared.changed);
        while self.remembered > CHANGED_MAX
            && let Some(oldest) = self.changed.pop_front()
        {
            self.remembered -= oldest.things();
        }
        displaced
    }

    /// What changed since this epoch, when that is still known.
    pub(crate) fn since(&self, epoch: u64) -> Option<Since> {
        let first = self.changed.iter().position(|changed| changed.from == epoch)?;
        let mut since = Since::default();
        for changed in self.changed.iter().skip(first) {
            since.grants.extend(changed.grants.iter().copied());
            since.systems.extend(changed.systems.iter().copied());
            since.sources.extend(changed.sources.iter().copied());
        }
        Some(since)
    }
}

#[cfg(test)]
mod tests;
