//! A snapshot and changes come to the book that is compiled anew.

use super::*;
use crate::book::{GatewayCredential, GrantedItem, SystemIdentity};
use proptest::{collection::vec, prelude::*};
use shuqiao_vocabulary::{
    Grade, ItemType, Mask, Moment, RowFilter, SharingMethod, SourceType,
    id::{Id, Kind},
};
use std::{collections::BTreeMap, path::PathBuf};

fn id<K: Kind>(number: u8) -> Id<K> {
    format!("{}_{number:032x}", K::PREFIX).parse().unwrap()
}

fn terms(number: u8, variant: u8) -> GrantTerms {
    let item = GrantedItem {
        name: "a".parse().unwrap(),
        column: "a".to_owned(),
        item_type: ItemType::Text,
        grade: Grade::L2,
        mask: variant.is_multiple_of(2).then_some(Mask::KeyedHash),
    };
    GrantTerms {
        id: id(number),
        requester: id(variant % 3),
        provider: id(number % 2),
        provider_name: "数据局".to_owned(),
        entry_name: "人口".to_owned(),
        signature_required: false,
        systems: vec![id(variant)],
        purpose: format!("p{variant}"),
        methods: vec![SharingMethod::ServiceInterface],
        source: id(variant % 4),
        table: "t".to_owned(),
        items: vec![item],
        filter_columns: Vec::new(),
        rows: RowFilter::everything(),
        key: vec!["id".to_owned()],
        calls_per_second: u32::from(variant) + 1,
        rows_per_call: 1,
        rows_per_day: 1,
        valid_from: Moment::from_microseconds(0),
        valid_until: Moment::from_microseconds(1),
        request_url: String::new(),
    }
}

/// What the node says: by number, and what is not there is not in force.
#[derive(Clone, Default)]
struct Model {
    grants: BTreeMap<u8, GrantTerms>,
    systems: BTreeMap<u8, SystemCredential>,
    sources: BTreeMap<u8, SourceSpec>,
    gateways: BTreeMap<u8, GatewayCredential>,
}

/// Everything that is served from, in an order.
#[derive(Debug, PartialEq)]
struct View {
    epoch: u64,
    grants: BTreeMap<GrantId, (GrantTerms, Option<PathBuf>, [u8; 32], bool)>,
    systems: BTreeMap<SystemId, Vec<[u8; 32]>>,
    sources: BTreeMap<SourceId, Vec<u8>>,
    gateways: BTreeMap<GatewayId, OrganisationId>,
}

fn view(book: &CompiledBook) -> View {
    let path = |location: &Location| match location {
        Location::Sqlite { path } => path.clone(),
        _ => PathBuf::new(),
    };
    let grant = |grant: &Arc<CompiledGrant>| {
        let location = grant.location.as_deref().map(path);
        (grant.terms.id, (grant.terms.clone(), location, grant.mask_key, grant.filter.is_some()))
    };
    View {
        epoch: book.epoch,
        grants: book.grants.values().map(grant).collect(),
        systems: book.systems.iter().map(|(id, system)| (*id, system.secret_digests.clone())).collect(),
        sources: book.sources.iter().map(|(id, source)| (*id, source.spec.sealed_location.clone())).collect(),
        gateways: book.gateways.iter().map(|(id, provider)| (*id, *provider)).collect(),
    }
}

fn whole(model: &Model, epoch: u64, maker: &Maker<'_>) -> CompiledBook {
    let mut book = Book {
        epoch,
        node: "n".to_owned(),
        grants: model.grants.values().cloned().collect(),
        systems: model.systems.values().cloned().collect(),
        sources: model.sources.values().cloned().collect(),
        gateways: model.gateways.values().copied().collect(),
        ..Book::default()
    };
    let none = CompiledBook::empty();
    let mut compiled = CompiledBook::begin(&mut book, &none).unwrap();
    compiled.more(book, &none, maker);
    compiled.complete(&none);
    compiled
}

/// One step of the model, and the change that tells it.
fn step(model: &mut Model, change: &mut Change, (kind, number, variant): (u8, u8, u8), seal: &SealKey) {
    match (kind, variant) {
        (0, 0) => {
            model.grants.remove(&number);
            change.grants.retain(|terms| terms.id != id(number));
            change.grants_gone.push(id(number));
        }
        (0, _) => {
            model.grants.insert(number, terms(number, variant));
            change.grants_gone.retain(|gone| *gone != id(number));
            change.grants.retain(|told| told.id != id(number));
            change.grants.push(terms(number, variant));
        }
        (1, 0) => {
            model.systems.remove(&number);
            change.systems.retain(|told| told.id != id(number));
            change.systems_gone.push(id(number));
        }
        (1, _) => {
            let system = SystemCredential {
                id: id(number),
                organisation: id(1),
                secret_digests: vec![[variant; 32]],
                identity: SystemIdentity::default(),
            };
            model.systems.insert(number, system.clone());
            change.systems_gone.retain(|gone| *gone != id(number));
            change.systems.push(system);
        }
        (2, _) => {
            let sealed_location = Location::Sqlite { path: PathBuf::from(format!("/{variant}")) }.seal(seal);
            let spec = SourceSpec { id: id(number % 4), kind: SourceType::Sqlite, sealed_location };
            model.sources.insert(number % 4, spec.clone());
            change.sources.retain(|told| told.id != spec.id);
            change.sources.push(spec);
        }
        (_, 0) => {
            model.gateways.remove(&number);
            change.gateways.retain(|told| told.id != id(number));
            change.gateways_gone.push(id(number));
        }
        (_, _) => {
            let gateway = GatewayCredential { id: id(number), provider: id(variant) };
            model.gateways.insert(number, gateway);
            change.gateways_gone.retain(|gone| *gone != id(number));
            change.gateways.push(gateway);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_snapshot_and_changes_are_the_book_compiled_anew(
        before in vec((0_u8..4, 0_u8..12, 0_u8..6), 0..30),
        changes in vec(vec((0_u8..4, 0_u8..12, 0_u8..6), 0..6), 0..12),
    ) {
        let (seal, clock) = (SealKey::from_bytes([1; 32]), MeterClock::steady());
        let used = |_: &GrantId| UsedOfDay::default();
        let maker = Maker { seal: &seal, mask_master: &[2; 32], clock: &clock, used: &used };
        let mut model = Model::default();
        for told in before {
            step(&mut model, &mut Change::default(), told, &seal);
        }
        let mut book = whole(&model, 1, &maker);
        let mut last = model.clone();
        for (from, steps) in (1..).zip(changes) {
            let mut change = Change { node: "n".to_owned(), from, to: from + 1, ..Change::default() };
            for told in steps {
                step(&mut model, &mut change, told, &seal);
            }
            let prepared = book.prepare(change, &maker).unwrap();
            book.apply(prepared);
            let anew = whole(&model, from + 1, &maker);
            prop_assert_eq!(view(&book), view(&anew));
            for gone in last.grants.keys().filter(|number| !model.grants.contains_key(number)) {
                prop_assert!(book.gone.contains_key(&id(*gone)));
            }
            for there in model.grants.keys() {
                prop_assert!(!book.gone.contains_key(&id(*there)));
            }
            // What changed since each epoch holds every grant that is another one now.
            let since = book.since(from).unwrap();
            for number in 0..12 {
                let differs = last.grants.get(&number) != model.grants.get(&number);
                prop_assert!(!differs || since.grants.iter().any(|(grant, _)| *grant == id(number)), "{}", number);
            }
            last = model.clone();
        }
        prop_assert!(book.since(0).is_none() && book.since(10_000).is_none());
    }
}
