//! Papers (文书): printable documents made of what is recorded. Making one decides nothing; that it was made, with which
//! content and as which file, is recorded, so that anybody can find out whether a paper is genuine.

use crate::{
    Refusal, RefusalCode, Stamp,
    case::{
        AnyCase, Case, CorrectionState, Disposal, DisposalManner, DisposalState, Dispute, DisputeState,
        InspectionState, RectificationState,
    },
    catalogue::{Entry, EntryStateName},
    grant::GrantStateName,
    law,
    request::{DeliverySettled, Extension, RequestState},
    scorecard::{Period, PeriodPart},
};
use shuqiao_vocabulary::{
    CaseId, CatalogueEntryId, Date, GrantId, Moment, OrganisationId, PaperKind, SharingRequestId, closed_list,
};
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
    /// A case.
    Case(CaseId),
    /// A sharing authority's evaluation of its departments in a period: the authority's id and the period behind a prefix
    /// of their own, `sco_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5_2026-Q3`.
    Evaluation {
        /// Who evaluates.
        authority: OrganisationId,
        /// In which period.
        period: Period,
    },
}

/// What stands in front of the id of an authority and a period; for ever (invariant 12).
const EVALUATION: &str = "sco_";
/// What stands in front of the id of an organisation.
const ORGANISATION: &str = "org_";

impl fmt::Display for PaperSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(id) => id.fmt(f),
            Self::Grant(id) => id.fmt(f),
            Self::Entry(id) => id.fmt(f),
            Self::Case(id) => id.fmt(f),
            Self::Evaluation { authority, period } => write!(f, "{EVALUATION}{}_{period}", authority.uuid().simple()),
        }
    }
}

/// A text that is the id of nothing that papers speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a request, a grant, a catalogue entry or a case, and not an authority's evaluation")]
pub struct NoPaperSubject;

impl FromStr for PaperSubject {
    type Err = NoPaperSubject;
    fn from_str(text: &str) -> Result<Self, NoPaperSubject> {
        let request = || text.parse().map(Self::Request);
        let grant = || text.parse().map(Self::Grant);
        let entry = || text.parse().map(Self::Entry);
        let case = || text.parse().map(Self::Case);
        let id = request().or_else(|_| grant()).or_else(|_| entry()).or_else(|_| case());
        id.ok().or_else(|| evaluation(text)).ok_or(NoPaperSubject)
    }
}

fn evaluation(text: &str) -> Option<PaperSubject> {
    let (authority, period) = text.strip_prefix(EVALUATION)?.split_once('_')?;
    let authority = format!("{ORGANISATION}{authority}").parse().ok()?;
    Some(PaperSubject::Evaluation { authority, period: period.parse().ok()? })
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
pub fn kinds_of_request(state: &RequestState) -> Vec<PaperKind> {
    use PaperKind::{
        ApplicationForm, DeliveryConfirmation, ExtensionApproval, ReceiptNotice, RefusalNotice, ReviewOpinion,
    };
    let mut kinds = match state {
        RequestState::Draft { .. } | RequestState::Withdrawn { reception: None, .. } => vec![],
        // The form goes to the head of the office for signature.
        RequestState::AwaitingConsent { .. } => vec![ApplicationForm],
        RequestState::Received { .. }
        | RequestState::SupplementAsked { .. }
        | RequestState::Proposed { .. }
        | RequestState::Withdrawn { reception: Some(_), .. } => vec![ApplicationForm, ReceiptNotice],
        RequestState::Agreed { .. } => vec![ApplicationForm, ReceiptNotice, ReviewOpinion],
        RequestState::Refused { .. } => vec![ApplicationForm, ReceiptNotice, ReviewOpinion, RefusalNotice],
    };
    let extension = state.reception().and_then(|reception| reception.extension.as_ref());
    if extension.and_then(Extension::decided_by).is_some() {
        kinds.push(ExtensionApproval);
    }
    // Where the grant ended before anything was found usable, nothing was delivered that could be confirmed.
    let settled = state.delivery().and_then(|delivery| delivery.settled.as_ref());
    if matches!(settled, Some(DeliverySettled::Confirmed(_) | DeliverySettled::Presumed { .. })) {
        kinds.push(DeliveryConfirmation);
    }
    kinds
}

/// The kinds of paper that a grant has in this state. What has ended authorises nothing.
pub fn kinds_of_grant(state: GrantStateName) -> Vec<PaperKind> {
    match state {
        GrantStateName::Active => {
            vec![PaperKind::Authorisation, PaperKind::SharingAgreement, PaperKind::SecurityCommitment]
        }
        _ => vec![],
    }
}

/// The kinds of paper that a catalogue entry has as it stands.
pub fn kinds_of_entry(entry: &Entry) -> Vec<PaperKind> {
    let mut kinds = match entry.state_name() {
        EntryStateName::Filed | EntryStateName::Published => vec![PaperKind::CatalogueReview],
        _ => vec![],
    };
    let decided = |extension: &crate::catalogue::Extension| extension.decision.is_some();
    if entry.changes.iter().any(|change| change.extension.as_ref().is_some_and(decided)) {
        kinds.push(PaperKind::ExtensionApproval);
    }
    kinds
}

/// The kinds of paper that a case has as it stands. An order or an opinion that no longer holds is not printed anew;
/// what was printed while it held stays.
pub fn kinds_of_case(case: &AnyCase) -> Vec<PaperKind> {
    let kind = match case {
        // Before the answer it is the form that the provider fills in.
        AnyCase::Correction(case) if case.state != CorrectionState::Withdrawn => PaperKind::CorrectionSheet,
        AnyCase::Dispute(case) if has_opinion(case) => PaperKind::DisputeOpinion,
        AnyCase::Rectification(case) if is_order(case.state) => PaperKind::RectificationNotice,
        AnyCase::Inspection(case) if matches!(case.state, InspectionState::Noticed | InspectionState::Responded) => {
            PaperKind::RectificationNotice
        }
        AnyCase::UsageRecord(_) => PaperKind::UsageReport,
        AnyCase::Disposal(case) if is_destroyed(case) => PaperKind::DestructionCertificate,
        _ => return vec![],
    };
    vec![kind]
}

/// Whether an authority's proposal is before the parties or was accepted, or the people's government has decided.
fn has_opinion(case: &Case<Dispute>) -> bool {
    match case.state {
        DisputeState::MediationProposed | DisputeState::Settled => case.proposal().is_some(),
        DisputeState::DecidedFor | DisputeState::DecidedAgainst => true,
        _ => false,
    }
}

/// Whether the order to put things right holds.
const fn is_order(state: RectificationState) -> bool {
    matches!(state, RectificationState::Ordered | RectificationState::Reported | RectificationState::Failed)
}

/// Whether the provider verified that the data is gone. Data that was given back, anonymised or kept is not destroyed.
fn is_destroyed(case: &Case<Disposal>) -> bool {
    case.state == DisposalState::Verified
        && case.instruction().is_some_and(|instruction| instruction.manner == DisposalManner::Delete)
}

/// Refuses a period of which there is no circular: a month, or one that is not over on this day, whose numbers would still
/// change by themselves.
///
/// # Errors
/// `PeriodNotEvaluated` with the period and its last day.
pub fn check_evaluated(period: &Period, today: Date) -> Result<(), Refusal> {
    if matches!(period.part(), PeriodPart::Quarter(_) | PeriodPart::Year) && period.last() < today {
        return Ok(());
    }
    let refusal = Refusal::new(RefusalCode::PeriodNotEvaluated, Some(law::SUPERVISION));
    Err(refusal.with("period", period).with("last", period.last()))
}

/// The kinds of paper that an evaluation of this period has on this day.
pub fn kinds_of_evaluation(period: &Period, today: Date) -> Vec<PaperKind> {
    match check_evaluated(period, today) {
        Ok(()) => vec![PaperKind::EvaluationCircular],
        Err(_) => vec![],
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
        for prefix in ["req", "grt", "cat", "cas"] {
            let text = format!("{prefix}_{zeros}");
            assert_eq!(text.parse::<PaperSubject>().unwrap().to_string(), text);
        }
        for period in ["2026", "2026-Q3", "2026-11"] {
            let text = format!("sco_{zeros}_{period}");
            assert_eq!(text.parse::<PaperSubject>().unwrap().to_string(), text);
        }
        let wrong =
            ["", &format!("per_{zeros}"), &format!("sco_{zeros}"), &format!("sco_{zeros}_2026-Q5"), "sco_0_2026"];
        for wrong in wrong {
            assert!(wrong.parse::<PaperSubject>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_quarter_or_a_year_that_is_over_is_evaluated() {
        let on = |period: &str, today: &str| check_evaluated(&period.parse().unwrap(), today.parse().unwrap());
        for (period, today) in [("2026-Q1", "2026-04-01"), ("2025", "2026-01-01"), ("2025-Q2", "2026-11-23")] {
            assert!(on(period, today).is_ok(), "{period} on {today}");
        }
        for (period, today) in
            [("2026-Q1", "2026-03-31"), ("2026", "2026-12-31"), ("2026-03", "2026-11-23"), ("2027", "2026-11-23")]
        {
            let refusal = on(period, today).unwrap_err();
            assert_eq!(refusal.code, RefusalCode::PeriodNotEvaluated, "{period} on {today}");
            assert_eq!(kinds_of_evaluation(&period.parse().unwrap(), today.parse().unwrap()), []);
        }
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
        let refused = fitting(PaperKind::Authorisation, &kinds_of_grant(GrantStateName::Expired), "expired");
        assert_eq!(refused.unwrap_err().code, RefusalCode::PaperNotFitting);
        assert!(fitting(PaperKind::Authorisation, &kinds_of_grant(GrantStateName::Active), "active").is_ok());
    }
}
