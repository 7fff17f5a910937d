//! What can go wrong, in three families that are never mixed: refusals by the rules, denials by the policy, faults.

use crate::port::{BatchFailure, PressFailure, SheetFailure};
use shuqiao_domain::{Refusal, RefusalCode};
use shuqiao_policy::Denied;
use shuqiao_store::StoreError;
use shuqiao_vocabulary::Moment;
use std::collections::BTreeMap;

/// Why an operation has no result.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The policy says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// Somebody else was faster: the caller saw an older revision.
    #[error("revision {found} is newer than what was seen")]
    Stale {
        /// The revision it has now.
        found: u64,
    },
    /// Unknown login, wrong password or closed account: which of them is not told.
    #[error("login failed")]
    LoginFailed,
    /// Too many failures.
    #[error("login locked")]
    LoginLocked {
        /// Until when.
        until: Moment,
    },
    /// Nobody is logged in.
    #[error("not logged in")]
    Unauthenticated,
    /// The one-time link is unknown, used or too old.
    #[error("the one-time link is not good")]
    LinkInvalid,
    /// The place where a page begins is not one that a list gave out.
    #[error("the page's beginning is not one that a list gave out")]
    CursorInvalid,
    /// The idempotency key was used for something else.
    #[error("the idempotency key was used for something else")]
    IdempotencyMismatch,
    /// The write with this idempotency key is done; what it showed once is not shown again.
    #[error("already done")]
    AlreadyDone {
        /// What it was done to.
        subject: String,
    },
    /// A source does not do what is asked.
    #[error("the source failed: {code}")]
    SourceFailed {
        /// Which failure.
        code: String,
        /// What the text needs, by name; never a data value or a credential.
        params: BTreeMap<String, String>,
    },
    /// A task of batch exchange cannot work, or its run cannot begin.
    #[error("batch exchange failed: {}", .0.code)]
    BatchFailed(Box<BatchFailure>),
    /// A workbook or table cannot be read or written.
    #[error("the workbook failed: {code}")]
    SheetFailed {
        /// Which failure.
        code: String,
        /// What the text needs, by name; never a cell.
        params: BTreeMap<String, String>,
    },
    /// A paper could not be printed; nothing was recorded as made.
    #[error("the paper could not be printed: {0}")]
    PressFailed(PressFailure),
    /// A file is larger than the limit.
    #[error("the file is larger than {max} bytes")]
    FileTooLarge {
        /// The limit in bytes.
        max: u64,
    },
    /// The record or the state cannot be written now: nothing was done.
    #[error("the record cannot be written")]
    Unavailable,
    /// A mistake of ours; told to the caller only by its request id.
    #[error("fault: {0}")]
    Fault(String),
}

impl From<SheetFailure> for AppError {
    fn from(failure: SheetFailure) -> Self {
        Self::SheetFailed { code: failure.code, params: failure.params }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Stale { found, .. } => Self::Stale { found },
            // Two of the same at once: the other has done it.
            StoreError::Taken { what: "idempotency_key" } => Self::AlreadyDone { subject: String::new() },
            StoreError::Taken { what } => Refusal::new(RefusalCode::NameRefused, None).with("field", what).into(),
            StoreError::Full => {
                tracing::error!(error = %error, "the record cannot be written: the disk is full");
                Self::Unavailable
            }
            StoreError::Unavailable(ref cause) => {
                tracing::error!(%cause, "the store cannot be reached");
                Self::Unavailable
            }
            other => Self::Fault(other.to_string()),
        }
    }
}
