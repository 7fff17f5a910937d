//! Data elements (数据元): which department is the source of what, and what several departments collect (Art. 19).

use crate::{App, AppError, Ctx, directory::Organisations, organisation::known};
use shuqiao_domain::{
    case::{AnyCase, Carrier, Case, CaseKind, SourceDesignation, SourceDesignationState},
    catalogue::{Entry, EntryStateName},
    element::{self, Carried},
    organisation::Organisation,
};
use shuqiao_policy::{Action, Resource};
use shuqiao_store::{CaseQuery, EntryQuery, LIST_MAX};
use shuqiao_vocabulary::{CaseId, Moment, OrganisationId};
use std::collections::{BTreeMap, BTreeSet};

/// Of each element, by the key of its name, the case that counts.
pub(crate) type Designations = BTreeMap<String, Case<SourceDesignation>>;

/// Pages of [`LIST_MAX`] entries that one look at the elements goes through.
const PAGES_MAX: usize = 50;

/// A data element with its collectors and its source department, if one is designated.
#[derive(Clone, Debug)]
pub struct ElementView {
    /// Its name.
    pub element: String,
    /// What it is.
    pub definition: String,
    /// The case in which it is designated.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// The collecting departments.
    pub collectors: Vec<Organisation>,
    /// Where it stands in the catalogue.
    pub carriers: Vec<Carrier>,
    /// The designated source department.
    pub source: Option<Organisation>,
    /// When it was designated.
    pub designated_at: Option<Moment>,
    /// Collectors that the source department says do not cooperate.
    pub not_cooperating: Vec<Organisation>,
}

/// One item that carries an element that several departments collect.
#[derive(Clone, Debug)]
pub struct RepeatedItem {
    /// Where it stands.
    pub carried: Carried,
    /// Whose entry it is.
    pub provider: Organisation,
}

/// An element that several departments state they collect: a lead, never a verdict.
#[derive(Clone, Debug)]
pub struct RepeatView {
    /// Its name without what writers do differently.
    pub key: String,
    /// Where it stands.
    pub items: Vec<RepeatedItem>,
    /// The designated source department.
    pub source: Option<Organisation>,
}

impl App {
    /// The data elements about which there is a designation, by name.
    pub async fn element_list(&self, ctx: &Ctx) -> Result<Vec<ElementView>, AppError> {
        self.attempt(ctx, Action::DataElementRead, "node", async {
            self.permit(ctx, Action::DataElementRead, &Resource::Node)?;
            let organisations = self.organisations().await?;
            let designations = self.designations().await?;
            designations.values().map(|case| element_view(case, &organisations)).collect()
        })
        .await
    }

    /// What several departments state they collect, with the source department where one is designated: leads.
    pub async fn element_repeats(&self, ctx: &Ctx) -> Result<Vec<RepeatView>, AppError> {
        self.attempt(ctx, Action::DataElementRead, "node", async {
            self.permit(ctx, Action::DataElementRead, &Resource::Node)?;
            let organisations = self.organisations().await?;
            let designations = self.designations().await?;
            let entries = self.published_entries(PAGES_MAX).await?;
            let repeats = element::repeats(entries.iter());
            repeats.into_iter().map(|repeat| repeat_view(repeat, &designations, &organisations)).collect()
        })
        .await
    }

    /// Of each element the case that counts: the one with the latest designation, else the newest.
    pub(crate) async fn designations(&self) -> Result<Designations, AppError> {
        let mut found = Designations::new();
        let mut query = CaseQuery { kinds: vec![CaseKind::SourceDesignation], limit: LIST_MAX, ..CaseQuery::default() };
        loop {
            let page = self.store.begin_read().await?.case_list(&query).await?;
            for case in page.items {
                let AnyCase::SourceDesignation(case) = case.value else { continue };
                if case.state == SourceDesignationState::Closed {
                    continue;
                }
                let key = element::key(&case.matter.element);
                if found.get(&key).is_none_or(|other| counts(other) < counts(&case)) {
                    found.insert(key, case);
                }
            }
            query.after = page.next;
            if query.after.is_none() {
                return Ok(found);
            }
        }
    }

    /// Entries of which a version holds, also while a next one or a retirement is under way; so many pages at most.
    pub(crate) async fn published_entries(&self, pages: usize) -> Result<Vec<Entry>, AppError> {
        let mut found = Vec::new();
        let states = EntryStateName::HOLDING.to_vec();
        let mut query = EntryQuery { states, limit: LIST_MAX, ..EntryQuery::default() };
        for _ in 0..pages {
            let page = self.store.begin_read().await?.entry_list(&query).await?;
            found.extend(page.items.into_iter().map(|hit| hit.entry.value));
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        Ok(found)
    }
}

/// By what one case about an element comes before another.
fn counts(case: &Case<SourceDesignation>) -> (Option<Moment>, Moment) {
    (case.source().map(|(_, by)| by.at), case.opened.at())
}

fn element_view(case: &Case<SourceDesignation>, organisations: &Organisations) -> Result<ElementView, AppError> {
    let named = |ids: BTreeSet<OrganisationId>| -> Result<Vec<Organisation>, AppError> {
        ids.into_iter().map(|id| known(organisations, id)).collect()
    };
    let source = case.source();
    Ok(ElementView {
        element: case.matter.element.clone(),
        definition: case.matter.definition.clone(),
        case: case.id,
        number: case.number.clone(),
        collectors: named(case.concerned.iter().copied().collect())?,
        carriers: case.matter.carriers.clone(),
        source: source.map(|(id, _)| known(organisations, id)).transpose()?,
        designated_at: source.map(|(_, by)| by.at),
        not_cooperating: named(case.not_cooperating())?,
    })
}

/// The case in which the source of an element is designated: under its own name, or under another name with one of these
/// very items.
pub(crate) fn designation_of<'a>(
    repeat: &element::Repeat,
    designations: &'a Designations,
) -> Option<&'a Case<SourceDesignation>> {
    let of_an_item = |case: &&Case<SourceDesignation>| {
        let carriers = &case.matter.carriers;
        repeat.carried.iter().any(|one| carriers.iter().any(|c| (c.entry, &c.item) == (one.entry, &one.item)))
    };
    let by_name = designations.get(&repeat.key).filter(|case| case.source().is_some());
    by_name.or_else(|| designations.values().filter(|case| case.source().is_some()).find(of_an_item))
}

fn repeat_view(
    repeat: element::Repeat,
    designations: &Designations,
    organisations: &Organisations,
) -> Result<RepeatView, AppError> {
    let source = designation_of(&repeat, designations).and_then(Case::<SourceDesignation>::source);
    let items = repeat
        .carried
        .into_iter()
        .map(|carried| Ok(RepeatedItem { provider: known(organisations, carried.provider)?, carried }));
    Ok(RepeatView {
        items: items.collect::<Result<_, AppError>>()?,
        key: repeat.key,
        source: source.map(|(id, _)| known(organisations, id)).transpose()?,
    })
}
