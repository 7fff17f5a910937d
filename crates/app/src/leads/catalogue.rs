//! What the catalogue shows: updates and reviews that are late (Art. 17), elements without a source department, data that
//! is collected although its source department shares it (Art. 19).

use super::PAGES_MAX;
use crate::{
    App, AppError,
    directory::Organisations,
    element::{Designations, designation_of},
    organisation::known,
};
use shuqiao_domain::{
    case::{About, Case, SourceDesignation},
    catalogue::{Entry, EntryState},
    element::{self, Repeat},
    lead::{CollectionFact, Duty, DutyKind, ElementFact, Evidence, EvidenceSort, LeadFacts},
    organisation::{self, Organisation},
};
use shuqiao_vocabulary::{CatalogueEntryId, Date, OrganisationId, SharingAttribute};
use std::collections::BTreeMap;

impl App {
    /// What the published entries show.
    pub(super) async fn catalogue_in_question(&self, known: &mut LeadFacts) -> Result<(), AppError> {
        let organisations = self.organisations().await?;
        let entries = self.published_entries(PAGES_MAX).await?;
        for entry in &entries {
            known.duties.extend(updates(entry));
            known.duties.extend(reviews(entry, &organisations)?);
        }
        let designations = self.designations().await?;
        let entries: BTreeMap<CatalogueEntryId, &Entry> = entries.iter().map(|entry| (entry.id, entry)).collect();
        for repeat in element::repeats(entries.values().copied()) {
            match designation_of(&repeat, &designations).and_then(|case| Some((case, case.source()?.0))) {
                Some((case, source)) => known.collections.extend(collected_again(&repeat, case, source, &entries)),
                None => known.elements.extend(without_source(&repeat, &designations, &entries, &organisations)),
            }
        }
        Ok(())
    }
}

/// The updates that changes ask of the department, by the clock of Art. 17(2); a consented extension is in the clock.
fn updates(entry: &Entry) -> Vec<Duty> {
    let changes = entry.changes.iter().enumerate();
    changes
        .map(|(index, change)| Duty {
            kind: DutyKind::CatalogueUpdate,
            organisation: entry.provider,
            about: About::entry(entry.id),
            subject: format!("{} {index}", entry.id),
            began: change.clock.started,
            due: change.clock.due,
            extended_until: None,
            done: change.stopped(),
            evidence: vec![
                Evidence::new(EvidenceSort::Entry, entry.id),
                Evidence::new(EvidenceSort::Name, change.kind).noting(&change.title),
            ],
        })
        .collect()
}

/// The reviews that updates ask of the authority, by the clock of Art. 17(3).
fn reviews(entry: &Entry, organisations: &Organisations) -> Result<Vec<Duty>, AppError> {
    let provider = known(organisations, entry.provider)?;
    let Some(authority) = organisation::authority_of(&provider, organisations.values()) else { return Ok(Vec::new()) };
    let reviews = entry.reviews.iter().map(|review| Duty {
        kind: DutyKind::CatalogueReview,
        organisation: authority.id,
        about: About::entry(entry.id),
        subject: entry.id.to_string(),
        began: review.clock.started,
        due: review.clock.due,
        extended_until: None,
        done: review.end.as_ref().map(|end| end.at),
        evidence: vec![Evidence::new(EvidenceSort::Entry, entry.id)],
    });
    Ok(reviews.collect())
}

fn published_on(entry: &Entry) -> Option<Date> {
    match &entry.state {
        EntryState::Published { published, .. } => Some(published.at.date()),
        _ => None,
    }
}

/// An element of several departments for which no source is designated, and the authority that would designate one: the
/// lowest that has all of them under it. Several departments whose authority this node does not have are nobody's lead.
fn without_source(
    repeat: &Repeat,
    designations: &Designations,
    entries: &BTreeMap<CatalogueEntryId, &Entry>,
    organisations: &Organisations,
) -> Option<ElementFact> {
    let mut first = BTreeMap::<OrganisationId, (Date, CatalogueEntryId)>::new();
    for carried in &repeat.carried {
        let published = published_on(entries.get(&carried.entry)?)?;
        let earliest = first.entry(carried.provider).or_insert((published, carried.entry));
        *earliest = (*earliest).min((published, carried.entry));
    }
    let providers: Vec<&Organisation> = first.keys().filter_map(|id| organisations.get(id)).collect();
    let authority = organisation::common_authority(&providers, organisations.values())?;
    let mut since: Vec<Date> = first.values().map(|(published, _)| *published).collect();
    since.sort_unstable();
    Some(ElementFact {
        authority: authority.id,
        name: repeat.key.clone(),
        since: *since.get(1)?,
        provided_by: first.iter().map(|(provider, (_, entry))| (*provider, entry.to_string())).collect(),
        designated: None,
        consulting: designations.contains_key(&repeat.key),
    })
}

/// Entries that carry an element beside its source department's shared one. The departments that were heard when the
/// source was designated go on by that designation; who began to collect later could have asked the source.
fn collected_again(
    repeat: &Repeat,
    case: &Case<SourceDesignation>,
    source: OrganisationId,
    entries: &BTreeMap<CatalogueEntryId, &Entry>,
) -> Vec<CollectionFact> {
    let shared = |id: &CatalogueEntryId| {
        entries.get(id).is_some_and(|entry| entry.content.sharing_attribute != Some(SharingAttribute::NotShared))
    };
    let of_the_source = repeat.carried.iter().filter(|carried| carried.provider == source);
    // The lowest id, so that the same lead is found whatever else the source publishes later.
    let Some(available) = of_the_source.map(|carried| carried.entry).filter(shared).min() else { return Vec::new() };
    let later = repeat.carried.iter().filter(|carried| carried.provider != source);
    let later = later.filter(|carried| !case.concerned.contains(&carried.provider));
    later
        .map(|carried| CollectionFact {
            organisation: carried.provider,
            about: About::entry(carried.entry),
            entry: carried.entry.to_string(),
            available_in: available.to_string(),
        })
        .collect()
}
