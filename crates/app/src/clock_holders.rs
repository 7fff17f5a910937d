//! Who holds clocks. Whatever looks at all open clocks - the reconciler after a late notice, the reminders - goes by this
//! list, so that another kind of case is one more line in it.

use crate::request::waits_for;
use async_trait::async_trait;
use shuqiao_domain::{
    Clock,
    case::AnyCase,
    catalogue::Entry,
    organisation::{Organisation, authority_of},
    request::Request,
};
use shuqiao_policy::Permit;
use shuqiao_store::{Conn, Revised, StoreError, Tx};
use shuqiao_vocabulary::{CaseId, CatalogueEntryId, Moment, OrganisationId, Role, SharingRequestId};

/// A clock that runs, and whose it is.
#[derive(Clone, Debug)]
pub(crate) struct OpenClock {
    /// What it is a clock of, as reminders name it; two clocks of one case are told apart by it.
    pub(crate) kind: &'static str,
    /// The case's id.
    pub(crate) subject: String,
    /// The case's number.
    pub(crate) number: String,
    /// The case's revision.
    pub(crate) revision: u64,
    /// The clock.
    pub(crate) clock: Clock,
    /// The organisation whose clock it is.
    pub(crate) organisation: OrganisationId,
    /// Whose step is next.
    pub(crate) next: Role,
    /// Who answers for it when it is over.
    pub(crate) late: Role,
}

/// A kind of case that holds clocks.
#[async_trait]
pub(crate) trait ClockHolder: Send + Sync {
    /// Cases whose clock runs and is due by a moment, by id after that one.
    async fn open_clocks(
        &self,
        conn: &mut Conn,
        due_by: Moment,
        after: &str,
        limit: u32,
    ) -> Result<Vec<OpenClock>, StoreError>;
    /// Gives a case that was seen another clock.
    async fn save_clock(&self, tx: &mut Tx, open: &OpenClock, clock: Clock, permit: &Permit) -> Result<(), StoreError>;
}

/// Every kind of case that holds clocks; their order is the order in which they are looked at.
pub(crate) const HOLDERS: &[&dyn ClockHolder] = &[&SharingRequests, &Deliveries, &Entries, &Cases];

struct SharingRequests;

#[async_trait]
impl ClockHolder for SharingRequests {
    async fn open_clocks(
        &self,
        conn: &mut Conn,
        due_by: Moment,
        after: &str,
        limit: u32,
    ) -> Result<Vec<OpenClock>, StoreError> {
        let open = conn.request_open(due_by, after, limit).await?;
        Ok(open.into_iter().filter_map(of_request).collect())
    }

    async fn save_clock(&self, tx: &mut Tx, open: &OpenClock, clock: Clock, permit: &Permit) -> Result<(), StoreError> {
        let id: SharingRequestId = open.subject.parse().map_err(|_| StoreError::NotFound)?;
        let Revised { value, .. } = tx.request_fetch(id).await?;
        let state = value.state.with_clock(clock).ok_or(StoreError::NotFound)?;
        tx.request_save(&Request { state, ..value }, open.revision, permit).await.map(|_| ())
    }
}

/// The clock of delivery of agreed requests (Art. 22(1)).
struct Deliveries;

#[async_trait]
impl ClockHolder for Deliveries {
    async fn open_clocks(
        &self,
        conn: &mut Conn,
        due_by: Moment,
        after: &str,
        limit: u32,
    ) -> Result<Vec<OpenClock>, StoreError> {
        let open = conn.request_delivery_open(due_by, after, limit).await?;
        Ok(open.into_iter().filter_map(of_delivery).collect())
    }

    async fn save_clock(&self, tx: &mut Tx, open: &OpenClock, clock: Clock, permit: &Permit) -> Result<(), StoreError> {
        let id: SharingRequestId = open.subject.parse().map_err(|_| StoreError::NotFound)?;
        let Revised { value, .. } = tx.request_fetch(id).await?;
        let state = value.state.with_delivery_clock(clock).ok_or(StoreError::NotFound)?;
        tx.request_save(&Request { state, ..value }, open.revision, permit).await.map(|_| ())
    }
}

fn of_delivery(found: Revised<Request>) -> Option<OpenClock> {
    let Revised { value, revision } = found;
    Some(OpenClock {
        kind: "delivery",
        subject: value.id.to_string(),
        revision,
        clock: value.state.delivery()?.clock.clone(),
        organisation: value.provider,
        next: Role::DataOfficer,
        late: Role::OfficeHead,
        number: value.number,
    })
}

/// Catalogue entries (Art. 17(2), (3)): the department's clock of each change that the entry must follow, and the
/// authority's of its review. One entry can hold several.
struct Entries;

/// The department's clock.
const CHANGE: &str = "catalogue";
/// The authority's clock.
const REVIEW: &str = "catalogue_review";

#[async_trait]
impl ClockHolder for Entries {
    async fn open_clocks(
        &self,
        conn: &mut Conn,
        due_by: Moment,
        after: &str,
        limit: u32,
    ) -> Result<Vec<OpenClock>, StoreError> {
        let open = conn.entry_open(due_by, after, limit).await?;
        let organisations = conn.organisation_list().await?;
        Ok(open.into_iter().flat_map(|entry| of_entry(&entry, &organisations)).collect())
    }

    async fn save_clock(&self, tx: &mut Tx, open: &OpenClock, clock: Clock, permit: &Permit) -> Result<(), StoreError> {
        let id: CatalogueEntryId = open.subject.parse().map_err(|_| StoreError::NotFound)?;
        let Revised { value, revision } = tx.entry_fetch(id).await?;
        // The revision of the moment, for the clock before this one may have been saved in this transaction: what must be
        // as it was seen is the clock itself.
        let moved = match open.kind {
            REVIEW => value.with_review_clock(&open.clock, clock),
            _ => value.with_change_clock(&open.clock, clock),
        };
        tx.entry_save(&moved.ok_or(StoreError::NotFound)?, revision, permit).await.map(|_| ())
    }
}

fn of_entry(found: &Revised<Entry>, organisations: &[Organisation]) -> Vec<OpenClock> {
    let Revised { value: entry, revision } = found;
    let provider = organisations.iter().find(|own| own.id == entry.provider);
    let authority = provider.and_then(|own| authority_of(own, organisations.iter()));
    let open = |kind, clock: &Clock, organisation, (next, late)| OpenClock {
        kind,
        subject: entry.id.to_string(),
        number: entry.number().unwrap_or_default().to_owned(),
        revision: *revision,
        clock: clock.clone(),
        organisation,
        next,
        late,
    };
    let officers = (Role::DataOfficer, Role::OfficeHead);
    let changes = entry.change_clocks().map(|clock| open(CHANGE, clock, entry.provider, officers));
    // A node without the authority holds its clock all the same; the department is told, who else could be.
    let (reviewer, roles) = authority.map_or((entry.provider, officers), |authority| {
        (authority.id, (Role::AuthorityOfficer, Role::AuthorityOfficer))
    });
    let reviews = entry.review_clocks().map(|clock| open(REVIEW, clock, reviewer, roles));
    changes.chain(reviews).collect()
}

/// Cases of every kind.
struct Cases;

#[async_trait]
impl ClockHolder for Cases {
    async fn open_clocks(
        &self,
        conn: &mut Conn,
        due_by: Moment,
        after: &str,
        limit: u32,
    ) -> Result<Vec<OpenClock>, StoreError> {
        let open = conn.case_open(due_by, after, limit).await?;
        Ok(open.into_iter().filter_map(of_case).collect())
    }

    async fn save_clock(&self, tx: &mut Tx, open: &OpenClock, clock: Clock, permit: &Permit) -> Result<(), StoreError> {
        let id: CaseId = open.subject.parse().map_err(|_| StoreError::NotFound)?;
        let mut case = tx.case_fetch(id).await?.value;
        let running = case.clocks_mut().last_mut().filter(|current| current.stopped.is_none());
        running.ok_or(StoreError::NotFound)?.clock = clock;
        tx.case_save(&case, open.revision, permit).await.map(|_| ())
    }
}

/// Most clocks of cases are the respondent's: it is asked to answer, to put right, to hand over.
fn of_case(found: Revised<AnyCase>) -> Option<OpenClock> {
    let Revised { value, revision } = found;
    Some(OpenClock {
        kind: "case",
        subject: value.id().to_string(),
        number: value.number().to_owned(),
        revision,
        clock: value.running()?.clone(),
        organisation: value.respondent().unwrap_or(value.opener()),
        next: Role::DataOfficer,
        late: Role::OfficeHead,
    })
}

fn of_request(found: Revised<Request>) -> Option<OpenClock> {
    let Revised { value, revision } = found;
    let clock = value.state.reception()?.running().clone();
    let next = waits_for(value.state.name());
    Some(OpenClock {
        kind: "request",
        subject: value.id.to_string(),
        number: value.number,
        revision,
        clock,
        organisation: value.provider,
        next,
        late: Role::OfficeHead,
    })
}
