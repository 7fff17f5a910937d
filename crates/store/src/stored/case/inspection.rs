//! The stored form of an inspection.

use super::{Spelled, stored};
use crate::stored::{common::StoredArticle, stored_acts};
use shuqiao_domain::case::{FindingOutcome, Inspection, InspectionAct};
use shuqiao_vocabulary::{CaseId, Date, OrganisationId};

stored! {
    StoredInspection of Inspection {
        department: Spelled<OrganisationId>,
        subject: String,
        period_from: Spelled<Date>,
        period_until: Spelled<Date>,
        scope: String,
        lead: Option<Spelled<CaseId>>,
    }
}
stored_acts! {
    StoredAct of InspectionAct {
        Find {
            article: StoredArticle,
            text: String,
            records: Vec<u64>,
            cases: Vec<String>,
            outcome: Spelled<FindingOutcome>,
        },
        Notify { number: String, text: String, due: Spelled<Date> },
        Respond { text: String },
        Verify { accepted: bool, text: String, due: Option<Spelled<Date>> },
        Close { text: String },
        Circulate { number: String, text: String },
    }
}
