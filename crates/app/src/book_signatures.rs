//! Which grants' calls must be signed: conditional sharing at grade 3 and above.
//!
//! What was granted under signatures stays so, and what has become stricter since is asked for from the next epoch on: an
//! entry that is loosened later says what the next request may have, and does not change the terms of the last one; one
//! that is tightened says that its data are in more danger than was thought, by whatever grant they flow.

use crate::AppError;
use shuqiao_domain::{
    catalogue::{Entry, EntryContent},
    grant::Grant,
};
use shuqiao_store::Conn;
use shuqiao_vocabulary::{CatalogueEntryId, Grade, GrantId, ItemName, Moment, SharingAttribute};
use std::collections::{BTreeMap, BTreeSet};

/// From this grade on a token alone does not do: it proves who calls, not what was asked.
const SIGNED_FROM: Grade = Grade::L3;

/// What of an entry decides about its grants.
struct Known {
    conditional: bool,
    /// The items of grade 3 and above, as they stand now.
    graded: BTreeSet<ItemName>,
    /// Each published version before: from when on it held, and whether sharing was conditional. Read when it matters.
    before: Option<Vec<(Moment, bool)>>,
    /// From when on what holds now does.
    since: Option<Moment>,
}

fn is_conditional(content: &EntryContent) -> bool {
    content.sharing_attribute == Some(SharingAttribute::Conditional)
}

fn graded(content: &EntryContent) -> BTreeSet<ItemName> {
    let high = content.items.iter().filter(|item| item.grade.is_some_and(|grade| grade >= SIGNED_FROM));
    high.map(|item| item.name.clone()).collect()
}

/// Whether another version of an entry may change which of its grants' calls must be signed.
pub(crate) fn signing_differs(before: &EntryContent, after: &EntryContent) -> bool {
    is_conditional(before) != is_conditional(after) || graded(before) != graded(after)
}

/// The grants of which each call must be signed.
pub(crate) async fn signed_grants(conn: &mut Conn, grants: &[Grant]) -> Result<BTreeSet<GrantId>, AppError> {
    let (mut signed, mut entries) = (BTreeSet::new(), BTreeMap::<CatalogueEntryId, Known>::new());
    for grant in grants {
        if let std::collections::btree_map::Entry::Vacant(place) = entries.entry(grant.entry) {
            place.insert(known(&conn.entry_fetch(grant.entry).await?.value));
        }
        let Some(entry) = entries.get_mut(&grant.entry) else { continue };
        let high =
            |item: &shuqiao_domain::grant::TermsItem| item.grade >= SIGNED_FROM || entry.graded.contains(&item.name);
        if grant.terms.items.iter().any(high) && (entry.conditional || granted_so(conn, grant, entry).await?) {
            signed.insert(grant.id);
        }
    }
    Ok(signed)
}

fn known(entry: &Entry) -> Known {
    Known {
        conditional: is_conditional(&entry.content),
        graded: graded(&entry.content),
        before: None,
        since: entry.version().map(|version| version.published.at),
    }
}

/// Whether sharing was conditional when the grant was agreed to.
async fn granted_so(conn: &mut Conn, grant: &Grant, entry: &mut Known) -> Result<bool, AppError> {
    let agreed = grant.agreed.at;
    if entry.since.is_none_or(|since| since <= agreed) {
        return Ok(entry.conditional);
    }
    if entry.before.is_none() {
        let versions = conn.version_list(grant.entry).await?;
        entry.before = Some(versions.iter().map(|v| (v.published.at, is_conditional(&v.content))).collect());
    }
    let held = entry.before.iter().flatten().filter(|(from, _)| *from <= agreed).max_by_key(|(from, _)| *from);
    Ok(held.is_some_and(|(_, conditional)| *conditional))
}
