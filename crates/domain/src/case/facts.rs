//! What a case needs from elsewhere: handed in as values, so that a procedure stays a function of values.

use super::AnyCase;
use crate::{
    Clock, ClockId, Refusal, RefusalCode, RuleBook, Timing, account::Person, catalogue::Entry, grant::Grant,
    organisation::Organisation, request::Request,
};
use shuqiao_calendar::WorkCalendar;
use shuqiao_vocabulary::{CaseId, CatalogueEntryId, GrantId, Moment, OrganisationId, PersonId, SharingRequestId};
use std::collections::BTreeMap;

/// What a matter is about: at most one thing of each sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// A catalogue entry.
    pub entry: Option<CatalogueEntryId>,
    /// A sharing request.
    pub request: Option<SharingRequestId>,
    /// A grant.
    pub grant: Option<GrantId>,
    /// Another case.
    pub case: Option<CaseId>,
}

impl About {
    /// About nothing that this node has.
    pub const NOTHING: Self = Self { entry: None, request: None, grant: None, case: None };

    /// About a grant.
    pub const fn grant(id: GrantId) -> Self {
        Self { grant: Some(id), ..Self::NOTHING }
    }

    /// About a catalogue entry.
    pub const fn entry(id: CatalogueEntryId) -> Self {
        Self { entry: Some(id), ..Self::NOTHING }
    }

    /// About a request.
    pub const fn request(id: SharingRequestId) -> Self {
        Self { request: Some(id), ..Self::NOTHING }
    }

    /// About another case.
    pub const fn case(id: CaseId) -> Self {
        Self { case: Some(id), ..Self::NOTHING }
    }
}

/// What the application fetched for a case: the calendar, the rule sets, the organisations, and what [`About`] names.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Working days of the nation; what a region arranges otherwise is asked of it.
    pub calendar: &'a WorkCalendar,
    /// The rule sets of the node.
    pub rules: &'a RuleBook,
    /// Every organisation of the node.
    pub organisations: &'a BTreeMap<OrganisationId, Organisation>,
    /// The entry it is about; of a request or a grant, their entry.
    pub entry: Option<&'a Entry>,
    /// The request it is about.
    pub request: Option<&'a Request>,
    /// The grant it is about.
    pub grant: Option<&'a Grant>,
    /// The other case it is about.
    pub case: Option<&'a AnyCase>,
    /// People whose accounts the matter names.
    pub people: &'a BTreeMap<PersonId, Person>,
    /// Further entries that the matter or the act names.
    pub entries: &'a [Entry],
    /// Departments that hold, or held, grants on the entry and received rows under them.
    pub receivers: &'a [OrganisationId],
    /// Other cases about the same grant.
    pub others: &'a [AnyCase],
}

impl<'a> Facts<'a> {
    /// The grant.
    ///
    /// # Errors
    /// `CaseSubjectMissing` when the application did not fetch one.
    pub fn grant(&self) -> Result<&'a Grant, Refusal> {
        self.grant.ok_or_else(|| missing("grant"))
    }

    /// The request.
    ///
    /// # Errors
    /// `CaseSubjectMissing`.
    pub fn request(&self) -> Result<&'a Request, Refusal> {
        self.request.ok_or_else(|| missing("request"))
    }

    /// The entry.
    ///
    /// # Errors
    /// `CaseSubjectMissing`.
    pub fn entry(&self) -> Result<&'a Entry, Refusal> {
        self.entry.ok_or_else(|| missing("entry"))
    }

    /// A further entry that the matter or the act names.
    ///
    /// # Errors
    /// `CaseSubjectMissing` when the application did not fetch it.
    pub fn entry_named(&self, id: CatalogueEntryId) -> Result<&'a Entry, Refusal> {
        self.entries.iter().find(|entry| entry.id == id).ok_or_else(|| missing("entry"))
    }

    /// The other case.
    ///
    /// # Errors
    /// `CaseSubjectMissing`.
    pub fn case(&self) -> Result<&'a AnyCase, Refusal> {
        self.case.ok_or_else(|| missing("case"))
    }

    /// An organisation of this node.
    ///
    /// # Errors
    /// `CaseSubjectMissing`.
    pub fn organisation(&self, id: OrganisationId) -> Result<&'a Organisation, Refusal> {
        self.organisations.get(&id).ok_or_else(|| missing("organisation"))
    }

    /// The same-level sharing authority (同级主管部门) of an organisation.
    pub fn authority_of(&self, id: OrganisationId) -> Option<OrganisationId> {
        let organisation = self.organisations.get(&id)?;
        crate::organisation::authority_of(organisation, self.organisations.values()).map(|authority| authority.id)
    }
}

impl Facts<'_> {
    /// A clock of an organisation that starts now: as long as the rules of its level and region say, by the calendar
    /// there. A term of the law is started here and nowhere else in a case, so that a shorter one of a city holds.
    ///
    /// # Errors
    /// `CaseSubjectMissing` without such an organisation; `DeadlineOutOfRange`.
    pub fn clock_of(&self, organisation: OrganisationId, clock: ClockId, started: Moment) -> Result<Clock, Refusal> {
        let organisation = self.organisation(organisation)?;
        let region = &organisation.region;
        let local = self.calendar.differs_in(region).then(|| self.calendar.for_region(region));
        let calendar = local.as_ref().unwrap_or(self.calendar);
        Timing::at(calendar, self.rules, organisation.level, region).start(clock, started)
    }
}

fn missing(what: &'static str) -> Refusal {
    Refusal::new(RefusalCode::CaseSubjectMissing, None).with("what", what)
}
