//! Papers of cases. Each kind of case that has one prints it from its matter and its steps, in its own file.

mod correction;
mod disposal;
mod dispute;
mod inspection;
mod rectification;
mod usage_record;

use crate::{directory::Organisations, view::CaseView};
use shuqiao_domain::{case::AnyCase, grant::Grant, request::Request};
use shuqiao_vocabulary::{Date, OrganisationId, PaperKind, paper::PaperContent};

/// A case with the things that its papers name.
pub(super) struct CaseBeside {
    /// The case, its parties and the names of people.
    pub(super) view: CaseView,
    /// The grant it is about.
    pub(super) grant: Option<Grant>,
    /// The request it is about.
    pub(super) request: Option<Request>,
    /// Every organisation of the node.
    pub(super) organisations: Organisations,
}

impl CaseBeside {
    /// Full name of whoever opened it.
    fn opener(&self) -> &str {
        &self.view.hit.opener.name
    }

    /// Full name of who is asked or held to something.
    fn respondent(&self) -> Option<&str> {
        self.view.hit.respondent.as_ref().map(|organisation| organisation.name.as_str())
    }

    /// Full name of the competent authority.
    fn authority(&self) -> Option<&str> {
        self.view.hit.authority.as_ref().map(|organisation| organisation.name.as_str())
    }

    /// Full name of an organisation that acted in it.
    fn name(&self, id: OrganisationId) -> &str {
        self.organisations.get(&id).map_or("", |organisation| organisation.name.as_str())
    }
}

/// The paper of this kind as of this day; `None` when the case has none as it stands.
pub(super) fn content(kind: PaperKind, beside: &CaseBeside, date: Date) -> Option<PaperContent> {
    match (kind, &beside.view.hit.case.value) {
        (PaperKind::CorrectionSheet, AnyCase::Correction(case)) => correction::sheet(case, beside, date),
        (PaperKind::DisputeOpinion, AnyCase::Dispute(case)) => dispute::opinion(case, beside, date),
        (PaperKind::RectificationNotice, AnyCase::Rectification(case)) => rectification::notice(case, beside, date),
        (PaperKind::RectificationNotice, AnyCase::Inspection(case)) => inspection::notice(case, beside, date),
        (PaperKind::UsageReport, AnyCase::UsageRecord(case)) => usage_record::report(case, beside, date),
        (PaperKind::DestructionCertificate, AnyCase::Disposal(case)) => disposal::certificate(case, beside, date),
        _ => None,
    }
}
