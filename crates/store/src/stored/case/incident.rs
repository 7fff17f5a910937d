//! The stored form of an incident.

use super::{Spelled, stored};
use crate::stored::stored_acts;
use shuqiao_domain::case::{Incident, IncidentAct, IncidentKind, Misuse};
use shuqiao_vocabulary::{CatalogueEntryId, Date, GrantId, OrganisationId};

stored! {
    StoredIncident of Incident {
        organisation: Spelled<OrganisationId>,
        what: Spelled<IncidentKind>,
        grant: Option<Spelled<GrantId>>,
        entry: Option<Spelled<CatalogueEntryId>>,
        also: Vec<String>,
        found_on: Spelled<Date>,
        account: String,
    }
}
stored_acts! {
    StoredAct of IncidentAct {
        Measure { text: String },
        Report { to: String, on: Spelled<Date>, reference: String },
        Contain { text: String },
        Close { lessons: String },
        OrderRectification { misuse: Spelled<Misuse>, text: String, evidence: String, demand: String, due: Spelled<Date> },
    }
}
