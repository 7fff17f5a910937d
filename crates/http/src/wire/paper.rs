//! Papers (文书).

use super::{
    hex,
    list::PaperKind,
    shared::OrganisationName,
    text::{MomentText, PaperSubject},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::view;
use utoipa::ToSchema;

/// A paper to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperNew {
    /// Which kind.
    pub kind: PaperKind,
    /// What it speaks of.
    pub subject: PaperSubject,
}

/// A text in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Title {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// By what a paper is recognised: lower-case hexadecimal.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperDigests {
    /// SM3 of its content under its number; printed on it and carried by its code.
    pub content_sm3: String,
    /// SM3 of the file.
    pub file_sm3: String,
    /// SHA-256 of the file.
    pub file_sha256: String,
}

/// A paper that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paper {
    /// Its number.
    pub number: String,
    /// Which kind.
    pub kind: PaperKind,
    /// Its title.
    pub title: Title,
    /// What it speaks of.
    pub subject: PaperSubject,
    /// The revision of it that the paper shows.
    pub subject_revision: u64,
    /// In whose name it is.
    pub issuer: OrganisationName,
    /// When it was made.
    pub issued_at: MomentText,
    /// By what it is recognised.
    pub digests: PaperDigests,
    /// Index of its making in the record.
    #[schema(required)]
    pub record_index: Option<u64>,
}

/// The papers of a thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Papers {
    /// Those that were made, the newest first.
    pub items: Vec<Paper>,
    /// Kinds that the reader can have made of it as it stands.
    pub kinds: Vec<PaperKind>,
}

/// What everybody may know of a paper. Whoever holds it compares; nothing is told about anybody.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperVerification {
    /// Its number.
    pub number: String,
    /// Which kind.
    pub kind: PaperKind,
    /// Its title.
    pub title: Title,
    /// Name of the organisation in whose name it is.
    pub issuer_name: String,
    /// When it was made.
    pub issued_at: MomentText,
    /// By what it is recognised.
    pub digests: PaperDigests,
    /// Index of its making in the record, whose tiles everybody may read.
    #[schema(required)]
    pub record_index: Option<u64>,
}

fn title(kind: shuqiao_vocabulary::PaperKind) -> Title {
    let title = kind.title();
    Title { zh: title.zh, en: title.en }
}

fn digests(paper: &shuqiao_domain::paper::Paper) -> PaperDigests {
    PaperDigests {
        content_sm3: hex(&paper.content_digest),
        file_sm3: hex(&paper.file_digest),
        file_sha256: hex(&paper.file_sha256),
    }
}

impl From<view::PaperView> for Paper {
    fn from(view: view::PaperView) -> Self {
        let view::PaperView { paper, issuer_name, record_index } = view;
        Self {
            digests: digests(&paper),
            title: title(paper.kind),
            kind: PaperKind(paper.kind),
            subject: PaperSubject(paper.subject),
            subject_revision: paper.subject_revision,
            issuer: OrganisationName { id: paper.issuer.into(), name: issuer_name },
            issued_at: MomentText(paper.issued.at),
            record_index,
            number: paper.number,
        }
    }
}

impl From<view::Papers> for Papers {
    fn from(view: view::Papers) -> Self {
        Self {
            items: view.papers.into_iter().map(Paper::from).collect(),
            kinds: view.kinds.into_iter().map(PaperKind).collect(),
        }
    }
}

impl From<view::PaperView> for PaperVerification {
    fn from(view: view::PaperView) -> Self {
        let view::PaperView { paper, issuer_name, record_index } = view;
        Self {
            digests: digests(&paper),
            title: title(paper.kind),
            kind: PaperKind(paper.kind),
            issuer_name,
            issued_at: MomentText(paper.issued.at),
            record_index,
            number: paper.number,
        }
    }
}
