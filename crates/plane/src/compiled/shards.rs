//! A map from grants to what is compiled of them, in shards: when it grows beyond its room, only a small part of it moves,
//! so that a million grants are never moved while calls wait.

use super::CompiledGrant;
use shuqiao_vocabulary::id::GrantId;
use std::{collections::HashMap, sync::Arc};

const SHARDS: usize = 256;

pub(crate) struct GrantMap(Vec<HashMap<GrantId, Arc<CompiledGrant>>>);

impl GrantMap {
    pub(crate) fn new() -> Self {
        Self((0..SHARDS).map(|_| HashMap::new()).collect())
    }

    /// The last byte of an id is chance.
    fn shard(id: &GrantId) -> usize {
        id.uuid().as_bytes().last().copied().map_or(0, usize::from)
    }

    pub(crate) fn get(&self, id: &GrantId) -> Option<&Arc<CompiledGrant>> {
        self.0.get(Self::shard(id))?.get(id)
    }

    /// Puts a grant in; answers the one that was there.
    pub(crate) fn insert(&mut self, grant: Arc<CompiledGrant>) -> Option<Arc<CompiledGrant>> {
        let id = grant.terms.id;
        self.0.get_mut(Self::shard(&id))?.insert(id, grant)
    }

    pub(crate) fn remove(&mut self, id: &GrantId) -> Option<Arc<CompiledGrant>> {
        self.0.get_mut(Self::shard(id))?.remove(id)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Arc<CompiledGrant>> {
        self.0.iter().flat_map(HashMap::values)
    }
}
