//! The application for several entries (合并申请): one parent, and under it one request per entry, grouped by provider. The
//! parent decides nothing; each request has its own consent, clock and reply.

use crate::{Refusal, RefusalCode, law};
use shuqiao_vocabulary::{CartId, CatalogueEntryId, Moment, OrganisationId, PersonId};

/// The parent of requests that were made together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cart {
    /// Its id.
    pub id: CartId,
    /// Its number, `2026-A00001`.
    pub number: String,
    /// The department that asks.
    pub requester: OrganisationId,
    /// Who put it together.
    pub drafted_by: PersonId,
    /// When.
    pub at: Moment,
}

/// Most entries of one application.
pub const CART_ENTRIES_MAX: usize = 50;

/// At least one entry, none twice, not too many.
///
/// # Errors
/// `CartEntries` with the most that are taken.
pub fn cart_entries(entries: &[CatalogueEntryId]) -> Result<(), Refusal> {
    let twice = entries.iter().enumerate().any(|(at, entry)| entries[..at].contains(entry));
    if entries.is_empty() || entries.len() > CART_ENTRIES_MAX || twice {
        return Err(Refusal::new(RefusalCode::CartEntries, Some(law::REQUEST_CONTENT)).with("max", CART_ENTRIES_MAX));
    }
    Ok(())
}
