//! Whose copy leaked: what a search for the rows of a file has found.

use shuqiao_vocabulary::{GrantId, Moment, OrganisationId, SharingMethod, closed_list};
use std::collections::BTreeMap;

closed_list! {
    /// The form of a file that has turned up, by its name's ending. For ever (invariant 12).
    LeakForm {
        /// Delimited text in any encoding that sources may have.
        Csv = "csv",
        /// A workbook.
        Xlsx = "xlsx",
        /// A workbook of the old form.
        Xls = "xls",
        /// Parquet.
        Parquet = "parquet",
        /// One JSON object a line, or one array of objects.
        Json = "json",
    }
}

/// What a search has found.
#[derive(Clone, Debug, Default)]
pub struct LeakFound {
    /// Rows in the file.
    pub rows_in_file: u64,
    /// Rows that were compared: those that differ and hold something; of a large file a sample, evenly spaced.
    pub rows_compared: u64,
    /// Deliveries with fingerprints that were searched.
    pub searched: u64,
    /// Rows in them.
    pub searched_rows: u64,
    /// Recorded deliveries of rows without fingerprints: nothing can be said of them.
    pub without: u64,
    /// The first of them, by their place in the usage log.
    pub without_first: Vec<u64>,
    /// Files of the index that end before their time or hold what this node has not written.
    pub broken_files: Vec<String>,
    /// Deliveries that are named, the likeliest first.
    pub deliveries: Vec<LeakDelivery>,
    /// The same by grant.
    pub grants: Vec<LeakGrant>,
}

/// A delivery that contained rows of the file.
#[derive(Clone, Debug)]
pub struct LeakDelivery {
    /// Its place in the usage log.
    pub record: u64,
    /// When.
    pub at: Moment,
    /// Under which grant; `None` when the record names none.
    pub grant: Option<GrantId>,
    /// The system or person that called.
    pub caller: String,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// The way of sharing.
    pub method: SharingMethod,
    /// Rows of the file that were found in it.
    pub found: u64,
    /// Of these, those that no delivery under another grant matches as well.
    pub only_here: u64,
    /// Rows delivered.
    pub delivered: u64,
    /// Decimal logarithm of the probability that so many are found by chance.
    pub by_chance_log10: f64,
    /// The same, granted that the file came from the other grant that explains most; 0 when another explains all.
    pub apart_log10: f64,
}

/// A grant under which rows of the file were delivered.
#[derive(Clone, Debug)]
pub struct LeakGrant {
    /// The grant; `None` of records without one.
    pub grant: Option<GrantId>,
    /// Rows of the file found in all its deliveries together.
    pub found: u64,
    /// Deliveries of it that are named.
    pub deliveries: u64,
}

/// What is known of a grant that is named.
#[derive(Clone, Debug)]
pub struct LeakGrantNames {
    /// Its number.
    pub number: String,
    /// Who may use it.
    pub requester: String,
    /// Whose data it is.
    pub provider: String,
}

/// What a search has found, with names, as it was recorded.
#[derive(Clone, Debug)]
pub struct LeakTraceView {
    /// What was found; of the deliveries, the first of them.
    pub found: LeakFound,
    /// Deliveries that are named and not listed.
    pub more: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
    /// The grants that are named, where this node has them.
    pub grants: BTreeMap<GrantId, LeakGrantNames>,
    /// Names of callers, by their ids, where they are known.
    pub callers: BTreeMap<String, String>,
    /// Names of organisations.
    pub organisations: BTreeMap<OrganisationId, String>,
    /// Where the search stands in the record.
    pub record_index: u64,
}
