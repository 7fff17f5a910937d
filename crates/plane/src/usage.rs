//! Usage records: every call leaves one, and no answer leaves before it (INVARIANT record-before-answer).
//!
//! `<data>/usage` holds `*.log` (the records, in segments), `hashes` (the nodes of the Merkle tree), `offsets` (where each
//! record begins), `checkpoint` (the last signed head) and `tally` (counts by grant). Only the log and the checkpoint are
//! evidence; the rest is made again from the log when it is missing or does not agree with it.

mod log;
mod record;
mod scan;
mod store;
mod tally;

pub(crate) use log::UsageLog;
pub use log::{LogHead, UsageError};
pub(crate) use record::NewUsage;
pub use record::{Authentication, Outcome, UsageRecord};
pub use store::LogLimits;
pub(crate) use store::Reader as UsageReader;
pub use tally::{UsageCounts, UsageSummary};
