//! Every statutory number and legal list, once, each with its article (invariant 6).
//!
//! INVARIANT (law-once): no other module writes a day count or a legal list.

use crate::rules::ClockId;
use shuqiao_vocabulary::{Article, BasisRank, Level, SharingAttribute};

/// A statutory term in working days (工作日) and the article that sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Working days; the day it starts is not counted.
    pub days: u16,
    /// Where the law says so.
    pub article: Article,
}

/// Reply to a request for unconditionally shared data: 1 working day from receipt (Art. 21(1)).
pub const REPLY_UNCONDITIONAL: Term = Term { days: 1, article: Article::paragraph(21, 1) };
/// Reply to a request for conditionally shared data: 10 working days from receipt (Art. 21(1)).
pub const REPLY_CONDITIONAL: Term = Term { days: 10, article: Article::paragraph(21, 1) };
/// More time to reply: at most 10 working days, with the authority's consent and notice to the requester (Art. 21(1)).
pub const REPLY_EXTENSION: Term = Term { days: 10, article: Article::paragraph(21, 1) };
/// Delivery: 20 working days from the agreeing reply (Art. 22(1)).
pub const DELIVERY: Term = Term { days: 20, article: Article::paragraph(22, 1) };

/// Update of the catalogue: 10 working days from the change of law, State Council decision or duty (Art. 17(2)).
pub const CATALOGUE_UPDATE: Term = Term { days: 10, article: Article::paragraph(17, 2) };
/// Its extension, once, for special reasons and with the consent of the authority of the same level: 5 working days more
/// (Art. 17(2)).
pub const CATALOGUE_UPDATE_EXTENSION: Term = Term { days: 5, article: Article::paragraph(17, 2) };
/// The authority reviews and publishes an updated catalogue: 2 working days from receipt (Art. 17(3)). For a first filing
/// (Art. 16) the law gives no number.
pub const CATALOGUE_REVIEW: Term = Term { days: 2, article: Article::paragraph(17, 3) };
/// Impact assessments are kept for at least so many years (Personal Information Protection Law, Art. 56(2)).
pub const IMPACT_ASSESSMENT_KEPT_YEARS: u8 = 3;
/// A doubted value is verified, corrected and answered: 10 working days from receipt (Art. 26(2)).
pub const CORRECTION: Term = Term { days: 10, article: Article::paragraph(26, 2) };
/// Levels and regions have their sharing authority (政务数据共享主管部门, Art. 8).
pub const AUTHORITIES: Article = Article::of(8);
/// Departments are encouraged to answer and deliver in less time (Art. 23); rule sets may shorten, never lengthen.
pub const SHORTER_TERMS: Article = Article::of(23);

/// What is missing is told once, all of it (一次性告知, Art. 21(2)).
pub const SUPPLEMENT_NOTICES_MAX: usize = 1;
/// The rule of the one notice.
pub const SUPPLEMENT_ONCE: Article = Article::paragraph(21, 2);
/// A refusal gives its reasons (Art. 21(2)).
pub const REFUSAL_REASONS: Article = Article::paragraph(21, 2);

/// What a catalogue entry must state, and the assessments before filing (Art. 13).
pub const CATALOGUE_CONTENT: Article = Article::of(13);
/// State secrets and work secrets never enter (Art. 3).
pub const NO_SECRETS: Article = Article::of(3);
/// Sharing is the use of *another* department's data (Art. 3(2)).
pub const BETWEEN_DEPARTMENTS: Article = Article::paragraph(3, 2);
/// The three sharing attributes (Art. 14).
pub const SHARING_ATTRIBUTES: Article = Article::of(14);
/// Conditions are listed in the entry; none are made up to obstruct (Art. 15).
pub const CONDITIONS_LISTED: Article = Article::of(15);
/// The authority approves and announces (Art. 16).
pub const PUBLICATION: Article = Article::of(16);
/// Data is collected within legal powers and by legal procedure (Art. 19(1)).
pub const COLLECTION_BASIS: Article = Article::paragraph(19, 1);
/// What a request must state, and the office head's consent (Art. 20(2)).
pub const REQUEST_CONTENT: Article = Article::paragraph(20, 2);
/// The reply needs the office head's consent (Art. 20(3)).
pub const REPLY_CONSENT: Article = Article::paragraph(20, 3);
/// Who lacks data says so, and the authority brings need and supply together (供需对接, Art. 20(1)).
pub const DEMAND: Article = Article::paragraph(20, 1);
/// Of data that several departments collect, one is the source (数源部门, Art. 19(2)).
pub const SOURCE_DEPARTMENT: Article = Article::paragraph(19, 2);
/// Not cooperating with the source department to update is an offence of a provider (Art. 39(3)).
pub const COOPERATION: Article = Article::item(39, 1, 3);
/// Data of the lower region flows back to it, timely, complete, without further conditions (数据回流, Art. 24(1)).
pub const RETURN_FLOW: Article = Article::paragraph(24, 1);
/// Disputes: negotiation, then the authority, then its people's government (争议解决, Art. 28(2)).
pub const DISPUTE: Article = Article::paragraph(28, 2);
/// Ways of sharing (Art. 22(2)).
pub const SHARING_METHODS: Article = Article::paragraph(22, 2);
/// No widening of scope, no other purpose, no third party (Art. 25(1)).
pub const NO_WIDENING: Article = Article::paragraph(25, 1);
/// Data whose purpose is fulfilled, impossible or no longer needed is disposed of as the provider asks (Art. 27(1)).
pub const PURPOSE_ENDED: Article = Article::paragraph(27, 1);
/// Misuse suspends the right of sharing; if it is not put right, sharing may end (Art. 27(2)).
pub const MISUSE: Article = Article::paragraph(27, 2);
/// A service ends only after negotiation and filing (Art. 27(3)).
pub const SERVICE_END_FILED: Article = Article::paragraph(27, 3);
/// How long records are kept at least, in years, and the article that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Years.
    pub years: u8,
    /// Where the law says so.
    pub article: Article,
}

/// Records of use are kept for at least 3 years (使用记录, Art. 29(2)).
pub const USAGE_RETENTION: Retention = Retention { years: 3, article: Article::paragraph(29, 2) };
/// Who uses the data answers for its safety; a responsible subject for each link (谁使用谁负责, Art. 34).
pub const RESPONSIBLE_USE: Article = Article::of(34);
/// Data is managed by class and grade (分类分级管理, Art. 35(1)).
pub const GRADED_MANAGEMENT: Article = Article::paragraph(35, 1);
/// The sharing authority inspects, and may circulate a notice of criticism (监督检查、通报, Art. 29(1)).
pub const INSPECTION: Article = Article::paragraph(29, 1);
/// The sharing authority supervises timeliness and quality, use and security (监督, Art. 38(2)).
pub const SUPERVISION: Article = Article::paragraph(38, 2);
/// For each link of sharing there is a subject that answers for it (各环节安全责任主体, Art. 34(1)).
pub const RESPONSIBLE_LINKS: Article = Article::paragraph(34, 1);
/// An incident is acted on at once and reported as prescribed (安全事件, Art. 35(3)).
pub const INCIDENT: Article = Article::paragraph(35, 3);
/// Work is given to others by an approved procedure, with norms, under supervision; who gets it touches no data
/// without permission (委托, Art. 36(1)).
pub const OUTSOURCING: Article = Article::paragraph(36, 1);
/// Citizens and organisations may complain; who receives it handles it in time, in no number of days (投诉举报,
/// Art. 37(2)).
pub const COMPLAINT: Article = Article::paragraph(37, 2);
/// Personal information follows its own law (Art. 37).
pub const PERSONAL_INFORMATION: Article = Article::of(37);

/// Only these ranks of norm may forbid sharing (Art. 14); a local rule may not.
pub const RANKS_THAT_FORBID_SHARING: &[BasisRank] =
    &[BasisRank::Law, BasisRank::AdministrativeRegulation, BasisRank::StateCouncilDecision];

/// What the Decree itself says of a clock.
pub const fn term(clock: ClockId) -> Term {
    match clock {
        ClockId::ReplyUnconditional => REPLY_UNCONDITIONAL,
        ClockId::ReplyConditional => REPLY_CONDITIONAL,
        ClockId::ReplyExtension => REPLY_EXTENSION,
        ClockId::Delivery => DELIVERY,
        ClockId::CatalogueUpdate => CATALOGUE_UPDATE,
        ClockId::CatalogueUpdateExtension => CATALOGUE_UPDATE_EXTENSION,
        ClockId::CatalogueReview => CATALOGUE_REVIEW,
        ClockId::Correction => CORRECTION,
    }
}

/// The reply clock of an attribute; `None` for data that is not shared, for which no request can be received.
pub const fn reply_clock(attribute: SharingAttribute) -> Option<ClockId> {
    match attribute {
        SharingAttribute::Unconditional => Some(ClockId::ReplyUnconditional),
        SharingAttribute::Conditional => Some(ClockId::ReplyConditional),
        SharingAttribute::NotShared => None,
    }
}

/// The reply term of an attribute; `None` for data that is not shared, for which no request can be received.
pub const fn reply_term(attribute: SharingAttribute) -> Option<Term> {
    match reply_clock(attribute) {
        Some(clock) => Some(term(clock)),
        None => None,
    }
}

/// The level of the sharing authority that is a department's own (同级政务数据共享主管部门, Art. 8): a ministry's is the State
/// Council's; below the county there is none, so a township's is the county's.
pub const fn authority_level(level: Level) -> Level {
    match level {
        Level::Nation | Level::Ministry => Level::Nation,
        Level::Province => Level::Province,
        Level::City => Level::City,
        Level::County | Level::Township => Level::County,
    }
}
