//! Data elements (数据元): the same thing under the items of several departments' entries. What the node finds by itself
//! is a lead for a human, never a verdict.

use crate::catalogue::{Entry, EntryState, LegalBasis};
use shuqiao_vocabulary::{CatalogueEntryId, ItemName, OrganisationId};
use std::collections::{BTreeMap, BTreeSet};

/// The name of an element without what writers do differently: width, case, spaces, punctuation.
pub fn key(title: &str) -> String {
    let narrow = |letter: char| match u32::from(letter) {
        // The full-width forms of ASCII stand at a fixed distance from it.
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(letter),
        _ => letter,
    };
    title.chars().map(narrow).filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// One item of one entry that carries an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The entry.
    pub entry: CatalogueEntryId,
    /// Its name.
    pub entry_name: String,
    /// Whose it is.
    pub provider: OrganisationId,
    /// The item's name in calls.
    pub item: ItemName,
    /// Its title.
    pub title: String,
    /// It is personal information, so it comes from citizens in the end.
    pub personal: bool,
    /// The basis on which the department says that it collects.
    pub basis: LegalBasis,
}

/// An element that several departments state they collect (疑似重复收集).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// Its name without what writers do differently.
    pub key: String,
    /// Where it stands.
    pub carried: Vec<Carried>,
}

/// The elements of the published entries that more than one department collects, those of most departments first.
///
/// An item stands for an element by its title, or by its name where it has no title: names in calls are often as general
/// as `name` or `code` and would make leads of things that have nothing to do with each other. Only entries that state a
/// basis of collection count (Art. 19(1)); the catalogue does not say from whom a department collects, so whether it is
/// a repeat is for a human to say.
pub fn repeats<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<Repeat> {
    let mut by_key: BTreeMap<String, Vec<Carried>> = BTreeMap::new();
    for entry in entries.filter(|entry| matches!(entry.state, EntryState::Published { .. })) {
        let Some(basis) = &entry.content.collection_basis else { continue };
        for item in &entry.content.items {
            let titled = key(&item.title);
            let key = if titled.is_empty() { key(item.name.as_str()) } else { titled };
            by_key.entry(key).or_default().push(Carried {
                entry: entry.id,
                entry_name: entry.content.name.clone(),
                provider: entry.provider,
                item: item.name.clone(),
                title: item.title.clone(),
                personal: item.personal,
                basis: basis.clone(),
            });
        }
    }
    let providers = |carried: &[Carried]| carried.iter().map(|one| one.provider).collect::<BTreeSet<_>>().len();
    let mut found: Vec<Repeat> = by_key
        .into_iter()
        .filter(|(_, carried)| providers(carried) > 1)
        .map(|(key, carried)| Repeat { key, carried })
        .collect();
    found.sort_by_key(|repeat| std::cmp::Reverse(providers(&repeat.carried)));
    found
}
