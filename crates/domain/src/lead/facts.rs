//! What detectors look at. The application fills in what it knows; what it does not know yet stays empty.

use super::Evidence;
use crate::case::About;
use shuqiao_vocabulary::{Date, Moment, OrganisationId};

/// A duty with a last moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DutyKind {
    /// To update the catalogue after a change (Art. 17(2)).
    CatalogueUpdate,
    /// To review and publish an updated catalogue (Art. 17(3)); the authority's.
    CatalogueReview,
    /// To help the designated source department (Art. 19(2)).
    Cooperation,
    /// To reply to a request (Art. 21(1)).
    Reply,
    /// To deliver what was agreed (Art. 22(1)).
    Delivery,
    /// To return data of a lower region (Art. 24).
    ReturnFlow,
    /// To verify and correct (Art. 26(2)).
    Correction,
    /// To dispose of data (Art. 27(1)).
    Disposal,
    /// To keep the usage record of a period (Art. 29(2)).
    UsageRecord,
}

/// A duty of an organisation that is due at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// What kind.
    pub kind: DutyKind,
    /// Whose.
    pub organisation: OrganisationId,
    /// What it is about.
    pub about: About,
    /// A name of it that does not change.
    pub subject: String,
    /// Since when. Together with the subject this says which duty it is: the moment when it is due may move, by an
    /// extension or a late notice of the calendar, and the duty stays the same one.
    pub began: Moment,
    /// When it was due by the clock.
    pub due: Moment,
    /// Until when it was extended, where the extension was accepted.
    pub extended_until: Option<Moment>,
    /// When it was done; `None` while it is not.
    pub done: Option<Moment>,
    /// What shows it.
    pub evidence: Vec<Evidence>,
}

/// A refusal of a request, with what it relies on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalFact {
    /// The provider.
    pub organisation: OrganisationId,
    /// Request and entry.
    pub about: About,
    /// The request's number.
    pub number: String,
    /// Conditions that its reasons rely on.
    pub relied_on: Vec<String>,
    /// Conditions that the published entry has.
    pub published: Vec<String>,
    /// How often papers were asked for.
    pub supplements: usize,
}

/// What happened to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceChange {
    /// Its source could not be reached.
    Unreachable,
    /// Its source's structure changed.
    StructureChanged,
}

/// Calls on one day that a provider's source could not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceFact {
    /// The provider.
    pub organisation: OrganisationId,
    /// The grant.
    pub about: About,
    /// The grant's number.
    pub number: String,
    /// What happened.
    pub change: ServiceChange,
    /// On which day.
    pub day: Date,
    /// Whether the change was negotiated and filed (Art. 27(3)).
    pub filed: bool,
    /// Indexes of the usage records.
    pub usage_records: Vec<u64>,
}

/// An entry whose data another department already shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectionFact {
    /// Who collects again.
    pub organisation: OrganisationId,
    /// The entry.
    pub about: About,
    /// Its id.
    pub entry: String,
    /// The published entry that has the data already.
    pub available_in: String,
}

/// Calls of one day under a grant that were refused because of their purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseFact {
    /// The requester.
    pub organisation: OrganisationId,
    /// The grant.
    pub about: About,
    /// The grant's number.
    pub number: String,
    /// On which day.
    pub day: Date,
    /// Indexes of the usage records.
    pub usage_records: Vec<u64>,
}

/// An incident in which data of a grant is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentFact {
    /// Where it happened.
    pub organisation: OrganisationId,
    /// Who uses the data.
    pub requester: OrganisationId,
    /// The incident's case, its grant.
    pub about: About,
    /// The case's number.
    pub number: String,
    /// When it was found.
    pub found_on: Date,
}

/// A data element and who provides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementFact {
    /// The authority that would designate its source.
    pub authority: OrganisationId,
    /// Its name.
    pub name: String,
    /// Since when several provide it: the day on which the second of them published.
    pub since: Date,
    /// Its providers' entries, one for each provider.
    pub provided_by: Vec<(OrganisationId, String)>,
    /// The designated source.
    pub designated: Option<OrganisationId>,
    /// Whether the authority is hearing the departments about it.
    pub consulting: bool,
}

/// A dispute before an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeFact {
    /// The authority.
    pub authority: OrganisationId,
    /// The case.
    pub about: About,
    /// Its number.
    pub number: String,
    /// Since when it is with the authority.
    pub since: Date,
    /// Whether it is settled.
    pub settled: bool,
}

/// All that the detectors look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadFacts {
    /// Now.
    pub now: Moment,
    /// Duties with a last moment.
    pub duties: Vec<Duty>,
    /// Refusals of requests.
    pub refusals: Vec<RefusalFact>,
    /// Services that could not answer.
    pub services: Vec<ServiceFact>,
    /// Data that is collected again.
    pub collections: Vec<CollectionFact>,
    /// Calls for another purpose.
    pub uses: Vec<UseFact>,
    /// Incidents.
    pub incidents: Vec<IncidentFact>,
    /// Data elements.
    pub elements: Vec<ElementFact>,
    /// Disputes.
    pub disputes: Vec<DisputeFact>,
}

impl LeadFacts {
    /// Nothing is known yet.
    pub const fn at(now: Moment) -> Self {
        Self {
            now,
            duties: Vec::new(),
            refusals: Vec::new(),
            services: Vec::new(),
            collections: Vec::new(),
            uses: Vec::new(),
            incidents: Vec::new(),
            elements: Vec::new(),
            disputes: Vec::new(),
        }
    }
}
