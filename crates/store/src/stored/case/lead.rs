//! The stored form of a lead.

use super::{Spelled, stored};
use crate::stored::stored_acts;
use shuqiao_domain::{
    case::{Lead, LeadAct},
    lead::{Evidence, EvidenceSort, LeadRule},
};
use shuqiao_vocabulary::{CaseId, CatalogueEntryId, Date, GrantId, OrganisationId, SharingRequestId};

stored! {
    StoredEvidence of Evidence { sort: Spelled<EvidenceSort>, reference: String, note: String }
}
stored! {
    StoredLead of Lead {
        rule: Spelled<LeadRule>,
        organisation: Spelled<OrganisationId>,
        period: String,
        evidence: Vec<StoredEvidence>,
        entry: Option<Spelled<CatalogueEntryId>>,
        request: Option<Spelled<SharingRequestId>>,
        grant: Option<Spelled<GrantId>>,
        case: Option<Spelled<CaseId>>,
    }
}
stored_acts! {
    StoredAct of LeadAct {
        Take,
        Dismiss { reason: String },
        Pursue {
            subject: String,
            scope: String,
            period_from: Spelled<Date>,
            period_until: Spelled<Date>,
        },
        Refer { to: String, number: String },
    }
}
