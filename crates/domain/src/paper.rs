//! Papers (文书): printable documents made of what is recorded. Making one decides nothing; that it was made, with which
//! content and as which file, is recorded, so that anybody can find out whether a paper is genuine.

use crate::{Refusal, RefusalCode, Stamp, catalogue::EntryStateName, grant::GrantStateName, request::RequestState};
use shuqiao_vocabulary::{CatalogueEntryId, GrantId, Moment, OrganisationId, PaperKind, SharingRequestId, closed_list};
use std::{fmt, str::FromStr};

/// What a paper speaks of. Its text is the id, whose prefix says which kind of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaperSubject {
    /// A sharing request.
    Request(SharingRequestId),
    /// A grant.
    Grant(GrantId),
    /// A catalogue entry.
    Entry(CatalogueEntryId),
}

impl fmt::Display for PaperSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(id) => id.fmt(f),
            Self::Grant(id) => id.fmt(f),
            Self::Entry(id) => id.fmt(f),
        }
    }
}

/// A text that is the id of nothing that papers speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a request, a grant or a catalogue entry")]
pub struct NoPaperSubject;

impl FromStr for PaperSubject {
    type Err = NoPaperSubject;
    fn from_str(text: &str) -> Result<Self, NoPaperSubject> {
        let request = || text.parse().map(Self::Request);
        let grant = || text.parse().map(Self::Grant);
        let entry = || text.parse().map(Self::Entry);
        request().or_else(|_| grant()).or_else(|_| entry()).map_err(|_| NoPaperSubject)
    }
}

/// A paper that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Its number: the kind's prefix, the year, a running number in it.
    pub number: String,
    /// Which kind.
    pub kind: PaperKind,
    /// What it speaks of.
    pub subject: PaperSubject,
    /// The revision of it that the paper shows.
    pub subject_revision: u64,
    /// In whose name it is: whose decision or duty it shows.
    pub issuer: OrganisationId,
    /// Who had it made, and when.
    pub issued: Stamp,
    /// SM3 of its content under its number.
    pub content_digest: [u8; 32],
    /// SM3 of the file.
    pub file_digest: [u8; 32],
    /// SHA-256 of the file, which every browser can compute.
    pub file_sha256: [u8; 32],
}

closed_list! {
    /// Names of a paper's events; for ever (invariant 12).
    PaperEventName {
        /// It was made.
        Issued = "PaperIssued",
    }
}

/// `SLTZ-2026-000001`: the kind's prefix, the legal year, a running number in it.
pub fn number(kind: PaperKind, at: Moment, running: u64) -> String {
    format!("{}-{}-{running:06}", kind.prefix(), at.date().year())
}

/// The kinds of paper that a request has in this state.
pub const fn kinds_of_request(state: &RequestState) -> &'static [PaperKind] {
    use PaperKind::{ApplicationForm, ReceiptNotice, RefusalNotice, ReviewOpinion};
    match state {
        RequestState::Draft { .. } | RequestState::Withdrawn { reception: None, .. } => &[],
        // The form goes to the head of the office for signature.
        RequestState::AwaitingConsent { .. } => &[ApplicationForm],
        RequestState::Received { .. }
        | RequestState::SupplementAsked { .. }
        | RequestState::Proposed { .. }
        | RequestState::Withdrawn { reception: Some(_), .. } => &[ApplicationForm, ReceiptNotice],
        RequestState::Agreed { .. } => &[ApplicationForm, ReceiptNotice, ReviewOpinion],
        RequestState::Refused { .. } => &[ApplicationForm, ReceiptNotice, ReviewOpinion, RefusalNotice],
    }
}

/// The kinds of paper that a grant has in this state. What has ended authorises nothing.
pub const fn kinds_of_grant(state: GrantStateName) -> &'static [PaperKind] {
    match state {
        GrantStateName::Active => &[PaperKind::Authorisation, PaperKind::SecurityCommitment],
        _ => &[],
    }
}

/// The kinds of paper that a catalogue entry has in this state.
pub const fn kinds_of_entry(state: EntryStateName) -> &'static [PaperKind] {
    match state {
        EntryStateName::Filed | EntryStateName::Published => &[PaperKind::CatalogueReview],
        _ => &[],
    }
}

/// Refuses a kind that is not among those that the thing has in its state.
pub fn fitting(kind: PaperKind, kinds: &[PaperKind], state: &'static str) -> Result<(), Refusal> {
    if kinds.contains(&kind) {
        return Ok(());
    }
    Err(Refusal::new(RefusalCode::PaperNotFitting, None).with("kind", kind).with("state", state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_its_id() {
        let zeros = "0".repeat(32);
        for prefix in ["req", "grt", "cat"] {
            let text = format!("{prefix}_{zeros}");
            assert_eq!(text.parse::<PaperSubject>().unwrap().to_string(), text);
        }
        assert!(format!("per_{zeros}").parse::<PaperSubject>().is_err());
        assert!("".parse::<PaperSubject>().is_err());
    }

    #[test]
    fn numbers_name_kind_and_legal_year() {
        // 2025-12-31T16:00:00Z is the first second of 2026 in Asia/Shanghai.
        let new_year = Moment::from_microseconds(1_767_196_800_000_000);
        assert_eq!(number(PaperKind::ReceiptNotice, new_year, 7), "SLTZ-2026-000007");
        assert_eq!(number(PaperKind::ReceiptNotice, new_year.plus_seconds(-1), 1_234_567), "SLTZ-2025-1234567");
    }

    #[test]
    fn what_has_ended_authorises_nothing() {
        assert_eq!(kinds_of_grant(GrantStateName::Revoked), []);
        let refused = fitting(PaperKind::Authorisation, kinds_of_grant(GrantStateName::Expired), "expired");
        assert_eq!(refused.unwrap_err().code, RefusalCode::PaperNotFitting);
        assert!(fitting(PaperKind::Authorisation, kinds_of_grant(GrantStateName::Active), "active").is_ok());
        assert_eq!(kinds_of_entry(EntryStateName::Draft), []);
    }
}
