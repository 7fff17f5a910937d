//! The stored form of an engagement.

use super::{Spelled, stored};
use crate::stored::stored_acts;
use shuqiao_domain::case::{Engagement, EngagementAct, Handover};
use shuqiao_vocabulary::{Date, OrganisationCode, PersonId};

stored! {
    StoredEngagement of Engagement {
        contractor: String,
        code: Spelled<OrganisationCode>,
        project: String,
        approval: String,
        norms: String,
        confidentiality: String,
        from: Spelled<Date>,
        until: Spelled<Date>,
        people: Vec<Spelled<PersonId>>,
    }
}
stored_acts! {
    StoredAct of EngagementAct {
        Approve { opinion: String },
        Return { reason: String },
        Extend { until: Spelled<Date>, reason: String },
        End { handover: Spelled<Handover>, statement: String },
    }
}
