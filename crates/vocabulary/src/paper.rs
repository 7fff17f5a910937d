//! The words of printable documents (文书): their kinds, and what stands on them. Plain values: the application fills
//! them, the helper program prints them, and both mean the same.

use crate::{Date, closed_list};

closed_list! {
    /// Kinds of paper. The spellings and the prefixes of their numbers are for ever (invariant 12).
    PaperKind {
        /// Application for sharing (政务数据共享申请表).
        ApplicationForm = "application_form",
        /// Notice of receipt (受理通知).
        ReceiptNotice = "receipt_notice",
        /// Review opinion (审核意见书).
        ReviewOpinion = "review_opinion",
        /// Notice that data is not shared, with reasons and legal ground (不予共享告知书).
        RefusalNotice = "refusal_notice",
        /// Authorisation: purpose, scope, items, period, no onward use (授权书).
        Authorisation = "authorisation",
        /// Agreement on sharing and use (数据共享协议).
        SharingAgreement = "sharing_agreement",
        /// Security commitment (安全责任书).
        SecurityCommitment = "security_commitment",
        /// Approval of an extension (延期审批单).
        ExtensionApproval = "extension_approval",
        /// Confirmation of delivery (交付确认单).
        DeliveryConfirmation = "delivery_confirmation",
        /// Verification and correction (校核纠错单).
        CorrectionSheet = "correction_sheet",
        /// Opinion on a dispute (争议协调意见).
        DisputeOpinion = "dispute_opinion",
        /// Order to rectify (整改通知书).
        RectificationNotice = "rectification_notice",
        /// Report of use (使用情况报告).
        UsageReport = "usage_report",
        /// Certificate of destruction (数据销毁证明).
        DestructionCertificate = "destruction_certificate",
        /// Review form of a catalogue entry (目录审核表).
        CatalogueReview = "catalogue_review",
        /// Circular of an evaluation (评价通报).
        EvaluationCircular = "evaluation_circular",
    }
}

impl PaperKind {
    /// What its numbers begin with: the first sounds of its Chinese name; for ever.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::ApplicationForm => "GXSQ",
            Self::ReceiptNotice => "SLTZ",
            Self::ReviewOpinion => "SHYJ",
            Self::RefusalNotice => "BYGX",
            Self::Authorisation => "GXSS",
            Self::SharingAgreement => "GXXY",
            Self::SecurityCommitment => "AQZR",
            Self::ExtensionApproval => "YQSP",
            Self::DeliveryConfirmation => "JFQR",
            Self::CorrectionSheet => "JHJC",
            Self::DisputeOpinion => "ZYXT",
            Self::RectificationNotice => "ZGTZ",
            Self::UsageReport => "SYBG",
            Self::DestructionCertificate => "XHZM",
            Self::CatalogueReview => "MLSH",
            Self::EvaluationCircular => "PJTB",
        }
    }

    /// Its title in both languages.
    pub fn title(self) -> Bilingual {
        match self {
            Self::ApplicationForm => both("政务数据共享申请表", "Application for Sharing of Government Data"),
            Self::ReceiptNotice => both("政务数据共享申请受理通知", "Notice of Receipt"),
            Self::ReviewOpinion => both("政务数据共享审核意见书", "Review Opinion"),
            Self::RefusalNotice => both("政务数据不予共享告知书", "Notice of Refusal"),
            Self::Authorisation => both("政务数据共享授权书", "Authorisation"),
            Self::SharingAgreement => both("政务数据共享协议", "Sharing Agreement"),
            Self::SecurityCommitment => both("政务数据共享安全责任书", "Security Commitment"),
            Self::ExtensionApproval => both("延期审批单", "Approval of an Extension"),
            Self::DeliveryConfirmation => both("政务数据交付确认单", "Confirmation of Delivery"),
            Self::CorrectionSheet => both("政务数据校核纠错单", "Verification and Correction"),
            Self::DisputeOpinion => both("政务数据共享争议协调意见", "Opinion on a Dispute"),
            Self::RectificationNotice => both("整改通知书", "Order to Rectify"),
            Self::UsageReport => both("政务数据使用情况报告", "Report of Use"),
            Self::DestructionCertificate => both("数据销毁证明", "Certificate of Destruction"),
            Self::CatalogueReview => both("政务数据目录审核表", "Review of a Catalogue Entry"),
            Self::EvaluationCircular => both("政务数据共享评价通报", "Circular of an Evaluation"),
        }
    }
}

/// A text in both languages of the product. The Chinese one counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English; may be empty.
    pub en: String,
}

/// A text in both languages.
pub fn both(zh: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual { zh: zh.into(), en: en.into() }
}

/// A place for a signature and a seal (签章处).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// In what quality.
    pub role: Bilingual,
    /// For which organisation.
    pub organisation: String,
    /// Who, when it is recorded; empty leaves the place to a pen.
    pub person: String,
    /// When; `None` leaves the place to a pen.
    pub date: Option<Date>,
}

/// A part of a paper's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(Bilingual),
    /// A paragraph.
    Paragraph(Bilingual),
    /// A table of labels and values.
    Facts(Vec<(Bilingual, String)>),
    /// A numbered list.
    List(Vec<String>),
    /// A table with a heading row that repeats on each page.
    Table {
        /// The headings.
        columns: Vec<Bilingual>,
        /// The rows, each as wide as the headings.
        rows: Vec<Vec<String>>,
    },
    /// Signatures.
    Signatures(Vec<Signature>),
}

/// What a paper says: everything but its number and its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperContent {
    /// Which kind.
    pub kind: PaperKind,
    /// Name of the organisation in whose name it is.
    pub issuer: String,
    /// Whom it is for; `None` for forms that go to nobody in particular.
    pub addressee: Option<String>,
    /// The day on it.
    pub date: Date,
    /// The body.
    pub blocks: Vec<Block>,
}

impl PaperContent {
    /// The content under its number as one text that no other content has: what a paper's digest is taken of. The form
    /// is for ever; a change of it begins with another first line.
    pub fn canonical(&self, number: &str) -> String {
        let mut out = Canonical("shuqiao-paper/1\n".to_owned());
        out.text(number);
        out.text(self.kind.as_str());
        out.text(&self.issuer);
        out.list(self.addressee.iter(), |out, addressee| out.text(addressee));
        out.text(&self.date.to_string());
        out.list(self.blocks.iter(), Canonical::block);
        out.0
    }
}

/// Writes each text behind its length in bytes and each list behind its length, so that nothing can be read two ways.
struct Canonical(String);

impl Canonical {
    fn text(&mut self, text: &str) {
        self.0.push_str(&format!("{}:{text}\n", text.len()));
    }

    fn both(&mut self, both: &Bilingual) {
        self.text(&both.zh);
        self.text(&both.en);
    }

    fn list<T>(&mut self, items: impl ExactSizeIterator<Item = T>, mut each: impl FnMut(&mut Self, T)) {
        self.0.push_str(&format!("[{}\n", items.len()));
        for item in items {
            each(self, item);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(heading) => {
                self.text("heading");
                self.both(heading);
            }
            Block::Paragraph(paragraph) => {
                self.text("paragraph");
                self.both(paragraph);
            }
            Block::Facts(rows) => {
                self.text("facts");
                self.list(rows.iter(), |out, (label, value)| {
                    out.both(label);
                    out.text(value);
                });
            }
            Block::List(items) => {
                self.text("list");
                self.list(items.iter(), |out, item| out.text(item));
            }
            Block::Table { columns, rows } => {
                self.text("table");
                self.list(columns.iter(), Self::both);
                self.list(rows.iter(), |out, row| out.list(row.iter(), |out, cell| out.text(cell)));
            }
            Block::Signatures(signatures) => {
                self.text("signatures");
                self.list(signatures.iter(), |out, signature| {
                    out.both(&signature.role);
                    out.text(&signature.organisation);
                    out.text(&signature.person);
                    out.list(signature.date.iter(), |out, date| out.text(&date.to_string()));
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn content(blocks: Vec<Block>) -> PaperContent {
        PaperContent {
            kind: PaperKind::ReceiptNotice,
            issuer: "甲局".to_owned(),
            addressee: None,
            date: "2026-01-05".parse().unwrap(),
            blocks,
        }
    }

    #[test]
    fn every_kind_has_a_prefix_of_its_own_and_titles() {
        let prefixes: BTreeSet<&str> = PaperKind::ALL.iter().map(|kind| kind.prefix()).collect();
        assert_eq!(prefixes.len(), PaperKind::ALL.len());
        assert_eq!(PaperKind::ALL.len(), 16, "the papers of the product's plan");
        for kind in PaperKind::ALL {
            let title = kind.title();
            assert!(!title.zh.is_empty() && title.en.is_ascii(), "{kind}");
        }
    }

    #[test]
    fn no_two_contents_have_one_text() {
        let cell = |text: &str| text.to_owned();
        let list = |items: &[&str]| Block::List(items.iter().map(|item| cell(item)).collect());
        let samples = [
            content(vec![]),
            content(vec![list(&["a", "b"])]),
            content(vec![list(&["a\n1:b"])]),
            content(vec![list(&["a"]), list(&["b"])]),
            content(vec![list(&["a1:b"])]),
            content(vec![Block::Paragraph(both("a", "b"))]),
            content(vec![Block::Heading(both("a", "b"))]),
            content(vec![Block::Facts(vec![(both("a", "b"), cell("c"))])]),
            content(vec![Block::Table { columns: vec![both("a", "")], rows: vec![vec![cell("b")], vec![cell("c")]] }]),
            content(vec![Block::Table { columns: vec![both("a", "")], rows: vec![vec![cell("b"), cell("c")]] }]),
            PaperContent { addressee: Some(String::new()), ..content(vec![]) },
        ];
        let texts: BTreeSet<String> = samples.iter().map(|content| content.canonical("SLTZ-2026-000001")).collect();
        assert_eq!(texts.len(), samples.len());
        assert_ne!(samples[0].canonical("1"), samples[0].canonical("2"));
    }

    #[test]
    fn the_canonical_text_is_for_ever() {
        let date = Some("2026-01-06".parse().unwrap());
        let signature = Signature { role: both("负责人", ""), organisation: cell("甲局"), person: cell(""), date };
        let text = content(vec![Block::List(vec![cell("一")]), Block::Signatures(vec![signature])]).canonical("N");
        let expected = "shuqiao-paper/1\n1:N\n14:receipt_notice\n6:甲局\n[0\n10:2026-01-05\n[2\n4:list\n[1\n3:一\n\
                        10:signatures\n[1\n9:负责人\n0:\n6:甲局\n0:\n[1\n10:2026-01-06\n";
        assert_eq!(text, expected);
    }

    fn cell(text: &str) -> String {
        text.to_owned()
    }
}
