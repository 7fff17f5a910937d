//! The book made ready to serve from: one compiled grant per grant, found by its id in one step however many there are.

use crate::{
    book::{Book, BookError, GrantTerms, SystemCredential},
    mask,
    meter::{Meter, MeterClock, RowsOfDay},
    source::{Location, OpenSource, SourceError, Sources, TablePlan, TypedCondition, TypedTest},
    value::Value,
};
use shuqiao_crypto::seal::SealKey;
use shuqiao_vocabulary::{
    Condition, ItemName, ItemType, Literal, Test,
    id::{GrantId, OrganisationId, SourceId, SystemId},
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

/// Grants remembered after they have left the book, so that their holders hear "revoked" and not "missing".
const REMEMBERED_MAX: usize = 100_000;

/// What the plane serves from at one moment.
pub(crate) struct CompiledBook {
    pub(crate) epoch: u64,
    pub(crate) grants: HashMap<GrantId, Arc<CompiledGrant>>,
    pub(crate) systems: HashMap<SystemId, SystemCredential>,
    /// The systems that may use the national platform's call signature.
    pub(crate) national: Vec<SystemId>,
    /// Grants that were in an earlier book, with who held them.
    pub(crate) gone: HashMap<GrantId, OrganisationId>,
}

/// One grant, ready to serve from.
pub(crate) struct CompiledGrant {
    pub(crate) terms: GrantTerms,
    items: HashMap<ItemName, usize>,
    /// The columns the grant can touch, each with the type it is read as.
    pub(crate) columns: Vec<(String, ItemType)>,
    /// For each granted item the position of its column.
    pub(crate) item_columns: Vec<usize>,
    /// The grant's own row filter; `None` when it makes no sense and the grant cannot be served.
    pub(crate) filter: Option<Vec<TypedCondition>>,
    pub(crate) mask_key: [u8; 32],
    pub(crate) meter: Meter,
    location: Option<Location>,
    source: OnceLock<Arc<OpenSource>>,
    plan: RwLock<Option<Arc<TablePlan>>>,
}

impl CompiledBook {
    /// An empty book that nothing is served from.
    pub(crate) fn empty() -> Self {
        Self { epoch: 0, grants: HashMap::new(), systems: HashMap::new(), national: Vec::new(), gone: HashMap::new() }
    }

    /// Compiles a book; grants whose terms and source have not changed are taken over with their meters.
    pub(crate) fn compile(
        book: Book,
        previous: &Self,
        seal: &SealKey,
        mask_master: &[u8; 32],
        clock: &MeterClock,
        used: &dyn Fn(&GrantId) -> RowsOfDay,
    ) -> Result<Self, BookError> {
        if book.epoch < previous.epoch {
            return Err(BookError::Old { installed: previous.epoch, offered: book.epoch });
        }
        let locations: HashMap<SourceId, Location> = book
            .sources
            .iter()
            .filter_map(|source| Some((source.id, Location::open(seal, &source.sealed_location).ok()?)))
            .collect();
        let mut grants = HashMap::with_capacity(book.grants.len());
        for terms in book.grants {
            let location = locations.get(&terms.source).cloned();
            let kept = previous.grants.get(&terms.id).filter(|old| old.terms == terms && old.location == location);
            let grant = match kept {
                Some(old) => old.clone(),
                None => {
                    let calls = terms.calls_per_second;
                    let meter = match previous.grants.get(&terms.id) {
                        Some(old) => old.meter.renewed(calls, clock),
                        None => Meter::new(calls, clock, used(&terms.id)),
                    };
                    Arc::new(CompiledGrant::new(terms, location, meter, mask_master))
                }
            };
            grants.insert(grant.terms.id, grant);
        }
        let mut gone = previous.gone.clone();
        gone.extend(previous.grants.values().map(|grant| (grant.terms.id, grant.terms.requester)));
        gone.retain(|id, _| !grants.contains_key(id));
        if gone.len() > REMEMBERED_MAX {
            gone.clear();
        }
        let has_national = |system: &&SystemCredential| system.identity.national.is_some();
        let national = book.systems.iter().filter(has_national).map(|system| system.id).collect();
        let systems = book.systems.into_iter().map(|system| (system.id, system)).collect();
        Ok(Self { epoch: book.epoch, grants, systems, national, gone })
    }
}

impl CompiledGrant {
    fn new(terms: GrantTerms, location: Option<Location>, meter: Meter, mask_master: &[u8; 32]) -> Self {
        let mut columns: Vec<(String, ItemType)> = Vec::new();
        let mut place = |name: &str, item_type: ItemType| {
            let wanted = (name.to_owned(), item_type);
            columns.iter().position(|column| *column == wanted).unwrap_or_else(|| {
                columns.push(wanted);
                columns.len() - 1
            })
        };
        let item_columns = terms.items.iter().map(|item| place(&item.column, item.item_type)).collect();
        let filter_columns: HashMap<&ItemName, (usize, ItemType)> = terms
            .filter_columns
            .iter()
            .map(|(name, column, item_type)| (name, (place(column, *item_type), *item_type)))
            .collect();
        let filter = terms
            .rows
            .0
            .iter()
            .map(|condition| {
                let (column, item_type) = filter_columns.get(&condition.item)?;
                Some(TypedCondition { column: *column, test: typed(condition, *item_type)? })
            })
            .collect::<Option<Vec<_>>>();
        let names: HashSet<&ItemName> = terms.items.iter().map(|item| &item.name).collect();
        let sound = names.len() == terms.items.len() && !terms.items.is_empty();
        let masks = terms.items.iter().all(|item| item.mask.as_ref().is_none_or(|m| mask::can_hide(m, item.item_type)));
        Self {
            items: terms.items.iter().enumerate().map(|(at, item)| (item.name.clone(), at)).collect(),
            columns,
            item_columns,
            filter: filter.filter(|_| sound && masks && location.is_some()),
            mask_key: shuqiao_crypto::mask::grant_key(mask_master, &terms.id),
            meter,
            location,
            source: OnceLock::new(),
            plan: RwLock::new(None),
            terms,
        }
    }

    /// The position of a granted item.
    pub(crate) fn item(&self, name: &ItemName) -> Option<usize> {
        self.items.get(name).copied()
    }

    /// The source and the plan for the table as it is structured now. A table that no longer fits is not served.
    pub(crate) async fn plan(&self, sources: &Sources) -> Result<(Arc<OpenSource>, Arc<TablePlan>), SourceError> {
        let source = match self.source.get() {
            Some(source) => source.clone(),
            None => {
                let source = sources.open(self.location.as_ref().ok_or(SourceError::Unreachable)?)?;
                self.source.get_or_init(|| source).clone()
            }
        };
        let described = source.current_soon().await?;
        let known = self.plan.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(plan) = known.filter(|plan| plan.is_of(&described)) {
            return Ok((source, plan));
        }
        let plan = Arc::new(TablePlan::of(&described, &self.terms.table, &self.columns, &self.terms.key)?);
        *self.plan.write().unwrap_or_else(PoisonError::into_inner) = Some(plan.clone());
        Ok((source, plan))
    }
}

/// The condition's test with its values typed as the item is; `None` when a value does not fit or the test makes no
/// sense for the type.
pub(crate) fn typed(condition: &Condition, item_type: ItemType) -> Option<TypedTest> {
    let value = |literal: &Literal| Value::of_literal(literal, item_type);
    Some(match &condition.test {
        Test::Equals(literal) => TypedTest::Equals(value(literal)?),
        Test::OneOf(literals) if !literals.is_empty() => {
            TypedTest::OneOf(literals.iter().map(value).collect::<Option<_>>()?)
        }
        Test::Between { from, to } if item_type != ItemType::Boolean => {
            let end = |literal: &Option<Literal>| match literal {
                None => Some(None),
                Some(literal) => value(literal).map(Some),
            };
            TypedTest::Between { from: end(from)?, to: end(to)? }
        }
        Test::StartsWith(prefix) if item_type == ItemType::Text => TypedTest::StartsWith(prefix.clone()),
        Test::OneOf(_) | Test::Between { .. } | Test::StartsWith(_) => return None,
    })
}
