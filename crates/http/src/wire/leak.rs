//! Whose copy leaked: what a search for the rows of a file has found.

use super::{
    list::SharingMethod,
    text::{GrantId, MomentText, OrganisationId},
};
use serde::Serialize;
use shuqiao_app::view::{self, LeakGrantNames};
use utoipa::ToSchema;

/// A delivery that contained rows of the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeakDelivery {
    /// Its index in the usage log.
    pub record: u64,
    /// When.
    pub at: MomentText,
    /// Under which grant.
    #[schema(required)]
    pub grant: Option<GrantId>,
    /// The system or person that called.
    pub caller: String,
    /// Its name, where it is known.
    #[schema(required)]
    pub caller_name: Option<String>,
    /// For which organisation.
    #[schema(required)]
    pub organisation: Option<OrganisationId>,
    /// Its name.
    #[schema(required)]
    pub organisation_name: Option<String>,
    /// The way of sharing.
    pub method: SharingMethod,
    /// Rows of the file that were found in it.
    pub rows_found: u64,
    /// Of these, those that no delivery under another grant matches as well.
    pub rows_only_here: u64,
    /// Rows delivered.
    pub rows_delivered: u64,
    /// Decimal logarithm of the probability that so many rows are found here or in any other delivery by chance.
    pub by_chance_log10: f64,
    /// The same, granted that the file came from the other grant that explains most; 0 when another explains all.
    pub apart_log10: f64,
}

/// A grant under which rows of the file were delivered.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeakGrant {
    /// The grant.
    #[schema(required)]
    pub grant: Option<GrantId>,
    /// Its number, where this node has it.
    #[schema(required)]
    pub number: Option<String>,
    /// Who may use it.
    #[schema(required)]
    pub requester: Option<String>,
    /// Whose data it is.
    #[schema(required)]
    pub provider: Option<String>,
    /// Rows of the file found in all its deliveries together.
    pub rows_found: u64,
    /// Deliveries of it that are named.
    pub deliveries: u64,
}

/// What a search has found. A lead, not evidence: who holds delivered rows can pass them on as another's.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeakTrace {
    /// SHA-256 of the file, in hexadecimal, as the record names it.
    pub digest: String,
    /// Where the search stands in the record.
    pub record_index: u64,
    /// Rows in the file.
    pub rows_in_file: u64,
    /// Rows that were compared: those that differ and hold something; of a large file a sample, evenly spaced.
    pub rows_compared: u64,
    /// Deliveries that were searched.
    pub deliveries_searched: u64,
    /// Rows in them.
    pub rows_searched: u64,
    /// Recorded deliveries of rows without fingerprints: nothing can be said of them.
    pub deliveries_without_fingerprints: u64,
    /// The first of them, by their index in the usage log.
    pub records_without_fingerprints: Vec<u64>,
    /// Files of the index that end before their time or hold what this node has not written.
    pub broken_files: Vec<String>,
    /// Deliveries that are named, the likeliest first.
    pub deliveries: Vec<LeakDelivery>,
    /// Deliveries that are named and not listed.
    pub deliveries_more: u64,
    /// The same by grant.
    pub grants: Vec<LeakGrant>,
}

impl From<view::LeakTraceView> for LeakTrace {
    fn from(view: view::LeakTraceView) -> Self {
        let view::LeakTraceView { found, more, digest, mut grants, callers, organisations, record_index } = view;
        let delivery = |of: view::LeakDelivery| LeakDelivery {
            record: of.record,
            at: of.at.into(),
            grant: of.grant.map(Into::into),
            caller_name: callers.get(&of.caller).cloned(),
            caller: of.caller,
            organisation: of.organisation.map(Into::into),
            organisation_name: of.organisation.and_then(|id| organisations.get(&id).cloned()),
            method: of.method.into(),
            rows_found: of.found,
            rows_only_here: of.only_here,
            rows_delivered: of.delivered,
            by_chance_log10: of.by_chance_log10,
            apart_log10: of.apart_log10,
        };
        let mut grant = |of: view::LeakGrant| {
            let names = of.grant.and_then(|id| grants.remove(&id));
            let (number, requester, provider) = match names {
                Some(LeakGrantNames { number, requester, provider }) => (Some(number), Some(requester), Some(provider)),
                None => (None, None, None),
            };
            let (rows_found, deliveries) = (of.found, of.deliveries);
            LeakGrant { grant: of.grant.map(Into::into), number, requester, provider, rows_found, deliveries }
        };
        Self {
            digest,
            record_index,
            rows_in_file: found.rows_in_file,
            rows_compared: found.rows_compared,
            deliveries_searched: found.searched,
            rows_searched: found.searched_rows,
            deliveries_without_fingerprints: found.without,
            records_without_fingerprints: found.without_first,
            broken_files: found.broken_files,
            deliveries: found.deliveries.into_iter().map(delivery).collect(),
            deliveries_more: more,
            grants: found.grants.into_iter().map(&mut grant).collect(),
        }
    }
}
